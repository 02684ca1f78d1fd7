"""A trial job that lives long: it loads the digits once, then trains one network after the other."""

from __future__ import annotations

from random import Random

import polyphase  # or `import nni`: the same functions

from digits import load_digits
from network import Network

EPOCHS = 8
DEFAULTS = {"model": {"_name": "mlp", "hidden": 16}, "learning_rate": 0.05, "momentum": 0.9, "batch_size": 16}


def main() -> None:
    training, validation = load_digits(training=800, validation=400)
    while True:
        parameters = polyphase.get_next_parameter()
        if parameters is None:
            break
        polyphase.report_final_result(evaluate({**DEFAULTS, **parameters}, training, validation))


def evaluate(parameters, training, validation) -> float:
    """Trains one network and gives its best validation accuracy. The same parameters always give the same result."""
    network = Network(layer_sizes(parameters["model"]), Random(1))
    best = 0.0
    for _ in range(EPOCHS):
        network.train_epoch(training, parameters["learning_rate"], parameters["momentum"], parameters["batch_size"])
        accuracy = network.accuracy(validation)
        polyphase.report_intermediate_result(accuracy)
        best = max(best, accuracy)
    return best


def layer_sizes(model) -> list[int]:
    hidden = [model["hidden"]] if model["_name"] == "mlp" else []
    return [64, *hidden, 10]


if __name__ == "__main__":
    main()
