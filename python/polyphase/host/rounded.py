"""Integers that would come to the trial as others: on the way there numbers are 64-bit floats."""

from __future__ import annotations

from decimal import Decimal

from .failure import shortened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

_EXACT = 2**53
_FIRST_WITH_EXPONENT = 10**21  # from here on JavaScript writes them so, and Python reads floats again


def rounded(plain: Any) -> Iterator[int]:
    """Those in parameters of plain values."""
    if isinstance(plain, int):
        if not -_EXACT <= plain <= _EXACT and _arrives(plain) != plain:
            yield plain
    elif isinstance(plain, (dict, list)):
        for part in plain.values() if isinstance(plain, dict) else plain:
            yield from rounded(part)


def _arrives(number: int) -> float | int | None:
    """As what: of a float no more digits are written than tell it from its neighbours, so that 2**60 ends in three zeros."""
    try:
        near = float(number)
    except OverflowError:
        return None
    return near if abs(near) >= _FIRST_WITH_EXPONENT else int(Decimal(repr(near)))


def rounding(number: int) -> str:
    expected = "expected integers that go through a 64-bit float unchanged, as those up to 2**53"
    return f"the parameters: {expected}, got {shortened(str(number))}; give it as text"
