"""A trial without a manager, for trying it out: no parameters, and results are printed."""

from __future__ import annotations

from .notice import warn
from .values import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class StandaloneTrial:
    standalone = True

    def __init__(self) -> None:
        self._warned = False

    def forked(self) -> StandaloneTrial:
        return self

    def get_next_parameter(self) -> dict[str, Any]:
        if not self._warned:
            self._warned = True
            warn("no manager started this process: running standalone, the parameters are {}")
        return {}

    def get_current_parameter(self, tag: str | None) -> Any:
        return {} if tag is None else None

    def report_intermediate_result(self, value: Any) -> None:
        print(f"Intermediate result: {encode(value)}", flush=True)

    def report_final_result(self, value: Any) -> None:
        print(f"Final result: {encode(value)}", flush=True)

    def is_stopped(self) -> bool:
        return False

    def log(self, text: str) -> None:
        print(text, flush=True)
