"""One draw of each type of a search space.

``random_state`` is numpy's RandomState or Generator, or ``random.Random``: whatever has their methods.
"""

from __future__ import annotations

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Sequence


def choice(options: Sequence[Any], random_state: Any) -> Any:
    return options[_whole(0, len(options), random_state)]


def randint(lower: int, upper: int, random_state: Any) -> int:
    """A whole number from ``lower`` up to, but without, ``upper``."""
    return _whole(lower, upper, random_state)


def uniform(low: float, high: float, random_state: Any) -> float:
    if high < low:
        raise ValueError(f"uniform: expected low <= high, got {low} and {high}")
    return random_state.uniform(low, high)


def quniform(low: float, high: float, q: float, random_state: Any) -> float:
    return _clip(_stepped(uniform(low, high, random_state), q), low, high)


def loguniform(low: float, high: float, random_state: Any) -> float:
    if low <= 0:
        raise ValueError(f"loguniform: expected low > 0, got {low}")
    return math.exp(uniform(math.log(low), math.log(high), random_state))


def qloguniform(low: float, high: float, q: float, random_state: Any) -> float:
    return _clip(_stepped(loguniform(low, high, random_state), q), low, high)


def normal(mu: float, sigma: float, random_state: Any) -> float:
    draw = getattr(random_state, "normal", None) or random_state.gauss
    return draw(mu, sigma)


def qnormal(mu: float, sigma: float, q: float, random_state: Any) -> float:
    return _stepped(normal(mu, sigma, random_state), q)


def lognormal(mu: float, sigma: float, random_state: Any) -> float:
    return math.exp(normal(mu, sigma, random_state))


def qlognormal(mu: float, sigma: float, q: float, random_state: Any) -> float:
    return _stepped(lognormal(mu, sigma, random_state), q)


def _whole(lower: int, upper: int, random_state: Any) -> int:
    """``randint`` of ``random.Random`` has its upper bound among the draws, that of numpy does not."""
    for name in ("randrange", "integers", "randint"):
        draw = getattr(random_state, name, None)
        if draw is not None:
            return int(draw(lower, upper))
    raise TypeError(f"random_state: expected numpy's RandomState or random.Random, got {type(random_state).__name__}")


def _stepped(value: float, q: float) -> float:
    return float(round(value / q) * q)


def _clip(value: float, low: float, high: float) -> float:
    return float(min(max(value, low), high))
