"""A trial job that trains one network, then tries how few bits its weights can do with: one phase for each set of bit widths."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import polyphase  # or `import nni`: the same functions

sys.path.append(str(Path(__file__).resolve().parent.parent / "digits-python"))

from digits import load_digits  # noqa: E402
from network import Network  # noqa: E402
from quantize import FLOAT_BITS, mean_bits, quantized  # noqa: E402

EPOCHS = 16
#: What a bit per weight costs, in accuracy.
PRICE_OF_A_BIT = 0.005


def main() -> None:
    training, validation = load_digits(training=800, validation=600)
    network = train(training)
    for bits in polyphase.phases():
        polyphase.report_final_result(evaluate(network, bits, validation))


def train(training) -> Network:
    """The same network in every trial job."""
    network = Network([64, 24, 16, 10], Random(1))
    for epoch in range(EPOCHS):
        network.train_epoch(training, learning_rate=0.05 * 0.85**epoch, momentum=0.9, batch_size=16)
    return network


def evaluate(network: Network, bits, validation):
    """What the tuner learns: `accuracy` and mean `bits` per weight, and as `default` what both are worth."""
    widths = [bits.get(f"layer{depth}", FLOAT_BITS) for depth in range(len(network.layers))]
    smaller = [quantized(layer, width) for layer, width in zip(network.layers, widths)]
    accuracy = network.with_layers(smaller).accuracy(validation)
    mean = mean_bits(network.layers, widths)
    return {"default": accuracy - PRICE_OF_A_BIT * mean, "accuracy": accuracy, "bits": mean}


if __name__ == "__main__":
    main()
