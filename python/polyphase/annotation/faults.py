"""What is wrong with annotated code. All of it is found before anybody is told."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Fault(Exception):
    """``file`` from the code directory; ``line`` from 1, None where the fault has no place."""

    def __init__(self, file: str, line: int | None, message: str) -> None:
        super().__init__(file, line, message)
        self.file = file
        self.line = line
        self.message = message


class Faults:
    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.found.append(fault)

    def in_order(self) -> list[dict[str, Any]]:
        """By file and line, each once: an annotation that is read twice is at fault once."""
        found = {(fault.file, fault.line or 0, fault.message): fault for fault in self.found}
        return [
            {"file": fault.file, "line": fault.line, "message": fault.message} for _, fault in sorted(found.items())
        ]
