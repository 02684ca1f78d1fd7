"""Weights of fewer bits: uniform and symmetric around zero, with one scale for each layer."""

from __future__ import annotations

from typing import List, Sequence

Layer = List[List[float]]

#: The width of the weights as trained.
FLOAT_BITS = 32


def quantized(layer: Layer, bits: int) -> Layer:
    """The layer with each weight moved to the nearest of the 2^bits - 1 levels -k*step ... 0 ... k*step."""
    if bits >= FLOAT_BITS:
        return layer
    largest = max(abs(weight) for row in layer for weight in row)
    step = largest / (2 ** (bits - 1) - 1)
    return [[round(weight / step) * step for weight in row] for row in layer]


def mean_bits(layers: Sequence[Layer], widths: Sequence[int]) -> float:
    """Bits per weight of the whole network."""
    counts = [sum(len(row) for row in layer) for layer in layers]
    return sum(count * width for count, width in zip(counts, widths)) / sum(counts)
