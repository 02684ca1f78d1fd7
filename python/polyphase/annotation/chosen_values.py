"""The values that one phase had, as the code asks for them."""

from __future__ import annotations

from .faults import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Chosen:
    """The parameters of a phase, and which of them the code has."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._used: set[str] = set()

    def value(self, path: str, line: int, key: str) -> Any:
        if key not in self._parameters:
            raise Fault(path, line, f"this trial had no parameter {key}: the code is another one now")
        self._used.add(key)
        return self._parameters[key]

    def unused(self) -> list[str]:
        return [key for key in self._parameters if key not in self._used]
