"""A small neural network on plain lists: ReLU layers, a softmax on top, trained by gradient descent with momentum."""

from __future__ import annotations

from copy import copy
from math import exp, sqrt
from operator import mul
from random import Random
from typing import List, Sequence

from digits import Example

Vector = List[float]
#: One row of weights for each neuron; the last weight of a row is its bias.
Layer = List[Vector]


class Network:
    def __init__(self, sizes: Sequence[int], random: Random) -> None:
        """`sizes`: how many inputs, how many neurons in each layer. `[64, 10]` is plain softmax regression."""
        self.random = random
        self.layers: List[Layer] = [
            [[random.gauss(0, sqrt(2 / inputs)) for _ in range(inputs)] + [0.0] for _ in range(neurons)]
            for inputs, neurons in zip(sizes, sizes[1:])
        ]
        self.velocity = self._zeros()

    def with_layers(self, layers: List[Layer]) -> Network:
        """The network with other weights of the same shapes."""
        other = copy(self)
        other.layers = layers
        return other

    def train_epoch(self, examples: Sequence[Example], learning_rate: float, momentum: float, batch_size: int) -> None:
        """Shows every example once, in a new order."""
        order = self.random.sample(range(len(examples)), len(examples))
        for start in range(0, len(order), batch_size):
            batch = [examples[i] for i in order[start : start + batch_size]]
            gradient = self._zeros()
            for inputs, label in batch:
                self._add_gradient(gradient, inputs, label)
            self._descend(gradient, learning_rate / len(batch), momentum)

    def accuracy(self, examples: Sequence[Example]) -> float:
        """Share of the examples that are recognised, from 0 to 1."""
        right = 0
        for inputs, label in examples:
            scores = self._activations(inputs)[-1]
            right += scores.index(max(scores)) == label
        return right / len(examples)

    def _activations(self, inputs: Vector) -> List[Vector]:
        """What goes into each layer, and last what comes out on top, before the softmax."""
        activations = [inputs]
        for layer in self.layers[:-1]:
            sums = [sum(map(mul, row, activations[-1])) for row in layer]
            activations.append([x if x > 0 else 0.0 for x in sums] + [1.0])
        activations.append([sum(map(mul, row, activations[-1])) for row in self.layers[-1]])
        return activations

    def _add_gradient(self, gradient: List[Layer], inputs: Vector, label: int) -> None:
        """Backpropagation of the cross entropy of one example."""
        *below, scores = self._activations(inputs)
        errors = softmax(scores)
        errors[label] -= 1.0
        for depth in reversed(range(len(self.layers))):
            x, rows = below[depth], gradient[depth]
            passed_on = [0.0] * len(x)
            for neuron, error in enumerate(errors):
                if error == 0.0:
                    continue
                rows[neuron] = [g + error * value for g, value in zip(rows[neuron], x)]
                if depth > 0:
                    weights = self.layers[depth][neuron]
                    passed_on = [e + error * weight for e, weight in zip(passed_on, weights)]
            errors = [e if value > 0 else 0.0 for e, value in zip(passed_on[:-1], x)]

    def _descend(self, gradient: List[Layer], step: float, momentum: float) -> None:
        for layer, velocity, slope in zip(self.layers, self.velocity, gradient):
            for i, row in enumerate(layer):
                velocity[i] = [momentum * v - step * g for v, g in zip(velocity[i], slope[i])]
                layer[i] = [weight + v for weight, v in zip(row, velocity[i])]

    def _zeros(self) -> List[Layer]:
        return [[[0.0] * len(row) for row in layer] for layer in self.layers]


def softmax(scores: Vector) -> Vector:
    highest = max(scores)
    powers = [exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
