"""What the manager tells a trial process by its environment variables."""

from __future__ import annotations

import os

from .errors import EnvironmentVariableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, TypeVar

    Number = TypeVar("Number", int, float)


#: What the manager said when this module was imported. A program that empties its environment later keeps its manager.
_ON_IMPORT = {
    name: value
    for name, value in os.environ.items()
    if name == "MULTI_PHASE" or name.startswith(("POLYPHASE_", "NNI_"))
}


class Settings:
    """The environment as it is now, with what was taken out of it since the import.

    ``url`` is None when nobody manages this process: standalone mode.
    """

    def __init__(self) -> None:
        self.endpoint_file: str | None = _get("POLYPHASE_ENDPOINT_FILE") or None
        self.url: str | None = _get("POLYPHASE_URL") or None
        self.token: str = _get("POLYPHASE_TOKEN") or ""
        self.multi_phase: bool = (_get("MULTI_PHASE") or "").lower() == "true"
        self.first_index: int = _number("POLYPHASE_PARAMETER_INDEX", int, 0)
        #: How long to look for a manager that is away, in seconds.
        self.retry_seconds: float = _number("POLYPHASE_RETRY_SECONDS", float, float("inf"))
        if self.url and not self.token:
            raise EnvironmentVariableError(
                "bad-environment",
                "POLYPHASE_URL is set but POLYPHASE_TOKEN is not",
                "let the manager start this process, or unset POLYPHASE_URL to run without one",
            )


def experiment_id() -> str:
    return _get("POLYPHASE_EXPERIMENT_ID") or _get("NNI_EXP_ID") or "STANDALONE"


def trial_job_id() -> str:
    return _get("POLYPHASE_TRIAL_JOB_ID") or _get("NNI_TRIAL_JOB_ID") or "STANDALONE"


def trial_job_number() -> int:
    name = "POLYPHASE_TRIAL_JOB_NUMBER" if _get("POLYPHASE_TRIAL_JOB_NUMBER") else "NNI_TRIAL_SEQ_ID"
    return _number(name, int, 0)


def _number(name: str, parse: Callable[[str], Number], default: Number) -> Number:
    """A number from 0, or ``default`` where the variable is absent or empty."""
    text = _get(name)
    if not text:
        return default
    try:
        number = parse(text)
    except ValueError:
        number = None
    if number is None or not number >= 0:
        raise EnvironmentVariableError("bad-environment", f"{name}: expected a number from 0, got {text!r}")
    return number


def _get(name: str) -> str | None:
    return os.environ.get(name, _ON_IMPORT.get(name))
