"""A trial job that trains classifiers of digits and reports two objectives: how accurate each is, and how large."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import polyphase  # or `import nni`: the same functions

sys.path.append(str(Path(__file__).resolve().parent.parent / "digits-python"))

from digits import load_digits  # noqa: E402
from network import Network  # noqa: E402

EPOCHS = 8
MOMENTUM = 0.9
BATCH_SIZE = 16
DEFAULTS = {"cell": 1, "model": {"_name": "mlp", "hidden": 16}, "learning_rate": 0.05}


def main() -> None:
    training, validation = load_digits(training=400, validation=400)  # once
    for parameters in polyphase.phases():
        polyphase.report_final_result(evaluate({**DEFAULTS, **parameters}, training, validation))


def evaluate(parameters, training, validation):
    """Trains one network; its accuracy on the validation digits, and how many weights it has."""
    cell = parameters["cell"]
    training, validation = shrunk(training, cell), shrunk(validation, cell)
    network = Network(layer_sizes(cell, parameters["model"]), Random(1))
    for _ in range(EPOCHS):
        network.train_epoch(training, parameters["learning_rate"], MOMENTUM, BATCH_SIZE)
    weights = sum(len(row) for layer in network.layers for row in layer)
    return {"accuracy": network.accuracy(validation), "weights": weights}


def layer_sizes(cell: int, model) -> list[int]:
    hidden = [model["hidden"]] if model["_name"] == "mlp" else []
    return [(8 // cell) ** 2, *hidden, 10]


def shrunk(examples, cell: int):
    """The images with squares of `cell` x `cell` pixels in one."""
    side = 8 // cell
    squares = [
        [8 * (row * cell + i) + column * cell + j for i in range(cell) for j in range(cell)]
        for row in range(side)
        for column in range(side)
    ]
    return [
        ([sum(inputs[pixel] for pixel in square) / len(square) for square in squares] + [1.0], label)
        for inputs, label in examples
    ]


if __name__ == "__main__":
    main()
