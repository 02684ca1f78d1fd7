"""The median stopping rule of Google Vizier (Golovin et al., KDD 2017, section 3.2.2)."""

from __future__ import annotations

from statistics import median

from nni.assessor import Assessor, AssessResult
from nni.utils import OptimizeMode, extract_scalar_history

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class MedianstopAssessor(Assessor):
    """Bad: the best value so far is worse than the median of what completed trial jobs had on average at that step."""

    def __init__(self, optimize_mode: str = "maximize", start_step: int = 0) -> None:
        if start_step < 0:
            raise ValueError(f"start_step: expected a number from 0, got {start_step}")
        self.optimize_mode = OptimizeMode(optimize_mode)
        self.start_step = start_step
        self._running: dict[str, list[float]] = {}  # by trial job, the history that was seen last
        self._averages: dict[str, list[float]] = {}  # by completed trial job, of its first 1, 2, 3 ... values

    def assess_trial(self, trial_job_id: str, trial_history: list[Any]) -> AssessResult:
        step = len(trial_history)
        if step < self.start_step:
            return AssessResult.Good
        history = self._running[trial_job_id] = [float(value) for value in extract_scalar_history(trial_history)]
        at_this_step = [averages[step - 1] for averages in self._averages.values() if len(averages) >= step]
        if not at_this_step:
            return AssessResult.Good
        if self.optimize_mode is OptimizeMode.Maximize:
            return AssessResult(not max(history) < median(at_this_step))
        return AssessResult(not min(history) > median(at_this_step))

    def trial_end(self, trial_job_id: str, success: bool) -> None:
        history = self._running.pop(trial_job_id, None)
        if history and success:
            self._averages[trial_job_id] = [sum(history[:count]) / count for count in range(1, len(history) + 1)]
