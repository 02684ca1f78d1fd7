"""Python values to JSON text and back.

Strict JSON, with one addition: the floats that JSON cannot hold are spelled ``{"$number": "NaN"}``, ``"Infinity"`` and
``"-Infinity"``. Arrays, scalars, tensors and data frames of other libraries are taken by their methods; no library is
imported.
"""

from __future__ import annotations

from json import JSONDecoder, JSONEncoder

from .errors import UnsupportedValueError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NUMBER = "$number"
#: The key under which a data frame of pandas stands, so that a tuner can make it again: see polyphase.host.frames.
FRAME = "$frame"
_SPELLED = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
_UNWRAPPERS = ("tolist", "item", "numpy")  # numpy, torch and jax; then scalars of others; then TensorFlow


def encode(value: Any) -> str:
    """Compact JSON text (ASCII only) of a value. Raises UnsupportedValueError, naming the faulty part."""
    try:
        return _encode(value)
    except (TypeError, ValueError, RecursionError):
        pass  # a NaN, an array, or something unacceptable: the slower walk finds out which
    try:
        return _encode(_plain(value, "value"))
    except RecursionError:
        trouble = "nested without end"
    except ValueError as error:  # an integer with more digits than Python writes down
        trouble = f"that cannot be written: {error}"
    raise UnsupportedValueError(
        "unsupported-value",
        f"expected a JSON value, got one {trouble}",
        "report numbers, or dicts and lists of numbers",
    )


def decode(text: str) -> Any:
    """The value of a JSON text, spelled numbers included. Raises ValueError on malformed text."""
    return _decode_spelled(text) if _NUMBER in text else _decode(text)


def _plain(value: Any, where: str) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else {_NUMBER: _spell(value)}
    if isinstance(value, dict):
        return {_plain_key(key, where): _plain(part, f"{where}[{key!r}]") for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part, f"{where}[{place}]") for place, part in enumerate(value)]
    return _plain(_unwrap(value, where), where)


def _spell(number: float) -> str:
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"


def _plain_key(key: Any, where: str) -> Any:
    if isinstance(key, float) and key - key != 0:
        return _spell(key)
    if key is None or isinstance(key, (str, int, float)):
        return key
    plain = _unwrap(key, f"a key of {where}") if hasattr(key, "item") else key
    if plain is None or isinstance(plain, (str, int, float)):
        return _plain_key(plain, where)
    raise UnsupportedValueError(
        "unsupported-value",
        f"expected text or a number as key, got {type(key).__name__} in {where}",
        "use text as keys of the dicts that you report",
    )


def _unwrap(value: Any, where: str) -> Any:
    """One step from an object to plain Python: members of a set, what ``tolist()`` and its like give, or a float."""
    if isinstance(value, (set, frozenset)):
        return _in_order(value)
    if not isinstance(value, (bytes, bytearray, memoryview)):
        for name in _UNWRAPPERS:
            method = getattr(value, name, None)
            if callable(method):
                return method()
        if hasattr(type(value), "iloc") and hasattr(value, "columns"):
            return {FRAME: _columns(value)}
        if hasattr(type(value), "__float__"):  # Decimal and Fraction, say
            try:
                return float(value)
            except (TypeError, ValueError, OverflowError):
                pass  # it has no float after all
    raise UnsupportedValueError(
        "unsupported-value",
        f"expected numbers, text, lists, dicts, arrays or tensors, got {type(value).__name__} as {where}",
        "convert it first, for example with float(...) or .decode()",
    )


def _columns(frame: Any) -> dict[str, Any]:
    """By place, since names may be numbers, and may occur twice."""
    return {
        "columns": list(frame.columns),
        "types": [str(type) for type in frame.dtypes],
        "index": list(frame.index),
        "names": list(frame.index.names),
        "data": [list(frame.iloc[:, place]) for place in range(len(frame.columns))],
    }


def _in_order(members: Any) -> Any:
    """Members of a set in the same order in every process, so that a repeated report is the same report."""
    try:
        return sorted(members)
    except TypeError:
        return sorted(members, key=repr)


def _respell(part: Any) -> Any:
    spelled = part.get(_NUMBER) if len(part) == 1 else None
    return _SPELLED.get(spelled, part) if isinstance(spelled, str) else part


_encode = JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_decode = JSONDecoder().decode
_decode_spelled = JSONDecoder(object_hook=_respell).decode
