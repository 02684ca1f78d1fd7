"""Checks of class args in the form that NNI's later tuners have them: a schema made of the parts that are given here."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable


class ClassArgsValidator:
    """To be extended. What the methods give is for the library ``schema``, which the class that extends this imports."""

    def validate_class_args(self, **kwargs: Any) -> None:
        """Raises where the class args are not right."""

    def choices(self, key: str, *args: Any) -> Any:
        return _schema(lambda value: value in args, f"{key}: expected {_listed(args)}")

    def range(self, key: str, keyType: Any, start: Any, end: Any) -> Any:
        """``start`` and ``end`` are themselves in the range. ``keyType`` may be a tuple of types."""
        types = keyType if isinstance(keyType, tuple) else (keyType,)
        expected = f"{_listed([type.__name__ for type in types])} from {start} to {end}"
        return _schema(lambda value: isinstance(value, types) and start <= value <= end, f"{key}: expected {expected}")

    def path(self, key: str) -> Any:
        return _schema(lambda value: os.path.exists(value), f"{key}: expected a path of something that is there")


def _schema(holds: Any, error: str) -> Any:
    from schema import Schema

    return Schema(holds, error=error)


def _listed(words: Iterable[Any]) -> str:
    return " or ".join(map(str, words))
