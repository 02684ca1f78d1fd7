"""A multi-phase trial in the form that NNI 1.x asked for: the digits are loaded once, then there is a network for each phase."""

import sys
from pathlib import Path
from random import Random

import nni

sys.path.append(str(Path(__file__).resolve().parent.parent / "digits-python"))

from digits import load_digits  # noqa: E402
from network import Network  # noqa: E402

EPOCHS = 6


def main():
    training, validation = load_digits(training=600, validation=400)
    while True:
        parameters = nni.get_next_parameter()
        if parameters is None:
            break
        nni.report_final_result(train(parameters, training, validation))


def train(parameters, training, validation):
    network = Network([64, parameters["hidden"], 10], Random(1))
    accuracy = 0.0
    for _ in range(EPOCHS):
        network.train_epoch(training, parameters["learning_rate"], momentum=0.9, batch_size=16)
        accuracy = network.accuracy(validation)
        nni.report_intermediate_result(accuracy)
    return accuracy


if __name__ == "__main__":
    main()
