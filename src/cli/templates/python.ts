import type { Example } from "./example.ts";
import { configText, searchSpaceText } from "./example.ts";

export function pythonExample(): Example {
  return {
    files: {
      "config.yml": configText("python3 trial.py"),
      "search_space.json": searchSpaceText,
      "trial.py": trial,
    },
    needsPackage: false,
  };
}

const trial = `"""Trains a small neural network to tell two interleaved half circles apart.

The data is made once; then this one process evaluates one configuration after the other, as the tuner proposes them.
The manager puts the module \`polyphase\` on the trial's path: nothing has to be installed.
"""

import math
import random

import polyphase

DEFAULTS = {"hidden_units": 4, "learning_rate": 0.01, "momentum": 0.5}
EPOCHS = 15


def main():
    train, test = half_circles(200, seed=1), half_circles(200, seed=2)
    for parameters in polyphase.phases():
        parameters = {**DEFAULTS, **parameters}
        network = Network(parameters["hidden_units"])
        for _ in range(EPOCHS):
            network.train(train, parameters["learning_rate"], parameters["momentum"])
            polyphase.report_intermediate_result(network.accuracy(test))
        polyphase.report_final_result(network.accuracy(test))


def half_circles(size, seed):
    """Points (x, y) with the label 1 or -1."""
    dice = random.Random(seed)
    points = []
    for number in range(size):
        angle, label = dice.uniform(0, math.pi), 1 if number % 2 else -1
        x, y = math.cos(angle) + (label < 0), label * (math.sin(angle) - 0.25)
        points.append((x + dice.gauss(0, 0.2), y + dice.gauss(0, 0.2), label))
    return points


class Network:
    """One hidden layer; per unit: weight of x, weight of y, bias, weight of the unit's output."""

    def __init__(self, hidden_units):
        dice = random.Random(0)
        self.units = [[dice.gauss(0, 1) for _ in range(4)] for _ in range(hidden_units)]
        self.speeds = [[0.0] * 4 for _ in range(hidden_units)]

    def train(self, points, learning_rate, momentum):
        for x, y, label in points:
            outputs = [math.tanh(a * x + b * y + c) for a, b, c, _ in self.units]
            error = math.tanh(sum(unit[3] * output for unit, output in zip(self.units, outputs))) - label
            for unit, speed, output in zip(self.units, self.speeds, outputs):
                inner = error * unit[3] * (1 - output * output)
                for place, slope in enumerate((inner * x, inner * y, inner, error * output)):
                    speed[place] = momentum * speed[place] - learning_rate * slope
                    unit[place] += speed[place]

    def accuracy(self, points):
        return sum(label * self.score(x, y) > 0 for x, y, label in points) / len(points)

    def score(self, x, y):
        return sum(d * math.tanh(a * x + b * y + c) for a, b, c, d in self.units)


if __name__ == "__main__":
    main()
`;
