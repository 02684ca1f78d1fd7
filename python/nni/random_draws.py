"""What samplers draw where there is no manager, to try a trial out."""

from __future__ import annotations

import math
import random

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def one_of(table: dict[Any, Any]) -> Any:
    return random.choice(list(table.values()))


def some_of(names: list[str], size: int | list[int]) -> list[str]:
    least, most = size if isinstance(size, list) else (size, size)
    return random.sample(names, random.randint(least, most))


def randint(lower: int, upper: int) -> int:
    return random.randrange(int(lower), int(upper))


def uniform(low: float, high: float) -> float:
    return random.uniform(low, high)


def quniform(low: float, high: float, q: float) -> float:
    return _clip(_step(uniform(low, high), q), low, high)


def loguniform(low: float, high: float) -> float:
    return _clip(math.exp(uniform(math.log(low), math.log(high))), low, high)


def qloguniform(low: float, high: float, q: float) -> float:
    return _clip(_step(loguniform(low, high), q), low, high)


def normal(mu: float, sigma: float) -> float:
    return random.gauss(mu, sigma)


def qnormal(mu: float, sigma: float, q: float) -> float:
    return _step(normal(mu, sigma), q)


def lognormal(mu: float, sigma: float) -> float:
    return math.exp(normal(mu, sigma))


def qlognormal(mu: float, sigma: float, q: float) -> float:
    return _step(lognormal(mu, sigma), q)


def _step(number: float, q: float) -> float:
    """Halves go to the even multiple."""
    return round(number / q) * q


def _clip(number: float, low: float, high: float) -> float:
    return min(max(number, low), high)
