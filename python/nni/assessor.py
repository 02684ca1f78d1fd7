"""The class that custom assessors extend."""

from __future__ import annotations

from enum import Enum

from .recoverable import Recoverable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class AssessResult(Enum):
    Good = True
    Bad = False


class Assessor(Recoverable):
    """Looks at the intermediate results of one phase and may stop that phase; the trial job goes on with its next."""

    def assess_trial(self, trial_job_id: str, trial_history: list[Any]) -> AssessResult:
        """``trial_history``: the intermediate results of the job's current phase, from its first one."""
        raise NotImplementedError("Assessor: assess_trial is not implemented")

    def trial_end(self, trial_job_id: str, success: bool) -> None:
        """A trial job that reported intermediate results has ended."""

    def _on_exit(self) -> None:
        pass

    def _on_error(self) -> None:
        pass
