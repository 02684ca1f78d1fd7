"""The handwritten digits of ../data as lists of floats."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random
from typing import List, Tuple

#: Inputs and the digit they show. The inputs are 64 pixels from 0 (paper) to 1 (ink), then a constant 1 for the bias.
Example = Tuple[List[float], int]

DIGITS_CSV = Path(__file__).resolve().parent.parent / "data" / "digits.csv"


def load_digits(training: int, validation: int) -> Tuple[List[Example], List[Example]]:
    """So many examples to learn from and so many others to be judged by: the same ones in every process."""
    with open(DIGITS_CSV, newline="") as file:
        rows = list(csv.reader(file))[1:]
    examples = [([int(pixel) / 16 for pixel in pixels] + [1.0], int(label)) for label, *pixels in rows]
    Random(0).shuffle(examples)
    return examples[:training], examples[training : training + validation]
