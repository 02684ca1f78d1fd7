"""What the arguments of a sampler must be: the rules of the search space, said where the sampler stands."""

from __future__ import annotations

import math

#: The numbers of each numeric sampler, in order.
NUMBERS = {
    "randint": ("lower", "upper"),
    "uniform": ("low", "high"),
    "quniform": ("low", "high", "q"),
    "loguniform": ("low", "high"),
    "qloguniform": ("low", "high", "q"),
    "normal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
    "lognormal": ("mu", "sigma"),
    "qlognormal": ("mu", "sigma", "q"),
}
SAMPLERS = ("choice", *NUMBERS)

_MOST = 2**53 - 1  # the largest integer up to which JSON numbers are exact
_REACH = 9  # no draw lies further from mu than this many sigma


def number_faults(sampler: str, numbers: list[float]) -> list[str]:
    """What is wrong with ``[low, high, q]`` and the like; empty where it is valid."""
    form = NUMBERS[sampler]
    written = ", ".join(form)
    if len(numbers) != len(form):
        return [f"expected {len(form)} numbers ({written}), got {len(numbers)}"]
    if not all(math.isfinite(number) for number in numbers):
        return [f"expected finite numbers ({written})"]
    first, second = numbers[0], numbers[1]
    if sampler == "randint":
        return _integer_faults(first, second)
    check = _range_faults if sampler.endswith("uniform") else _normal_faults
    found = check(sampler, first, second)
    return found or (_step_faults(sampler, first, second, numbers[2]) if len(form) == 3 else [])


def _integer_faults(lower: float, upper: float) -> list[str]:
    for name, bound in (("lower", lower), ("upper", upper)):
        if bound != int(bound) or abs(bound) > _MOST:
            return [f"expected {name} to be an integer, got {bound}"]
    if lower >= upper:
        return [f"expected lower < upper (upper itself never comes), got ({lower}, {upper})"]
    return [f"expected at most 2^53 - 1 integers, got ({lower}, {upper})"] if upper - lower > _MOST else []


def _range_faults(sampler: str, low: float, high: float) -> list[str]:
    if "log" in sampler and low <= 0:
        return [f"expected low > 0, because of the logarithm, got {low}"]
    if low > high:
        return [f"expected low <= high, got ({low}, {high})"]
    return [] if math.isfinite(high - low) else [f"expected high - low to be a finite number, got ({low}, {high})"]


def _normal_faults(sampler: str, mu: float, sigma: float) -> list[str]:
    if sigma <= 0:
        return [f"expected sigma > 0, got {sigma}"]
    if not math.isfinite(abs(mu) + _REACH * sigma):
        return [f"expected mu and sigma that leave numbers finite, got ({mu}, {sigma})"]
    if "log" in sampler and mu + _REACH * sigma > math.log(1.7976931348623157e308):
        return [f"expected mu and sigma of the logarithm, so that exp(mu + 9 sigma) is finite, got ({mu}, {sigma})"]
    return []


def _step_faults(sampler: str, first: float, second: float, q: float) -> list[str]:
    if q <= 0:
        return [f"expected q > 0, got {q}"]
    if sampler.endswith("uniform"):
        farthest = max(abs(first), abs(second))
    elif sampler == "qlognormal":
        farthest = math.exp(first + _REACH * second)
    else:
        farthest = abs(first) + _REACH * second
    return [f"expected q large enough to number the steps (up to 2^53), got {q}"] if farthest / q > _MOST else []
