from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class FoundParameter:
    """One use of a parameter in the code; several uses may share a key if they say the same."""

    def __init__(self, key: str, spec: dict[str, Any], line: int) -> None:
        self.key = key
        self.spec = spec
        self.line = line


def module_of(path: str) -> str:
    """``dir/simple.py`` is ``dir.simple``: keys begin with it."""
    return path[: -len(".py")].replace("/", ".")
