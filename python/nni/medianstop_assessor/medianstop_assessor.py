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
        # These names are NNI's: assessors that extend this one read them.
        self.high_better = self.optimize_mode is OptimizeMode.Maximize
        self.running_history: dict[str, list[float]] = {}  # by trial job, what was seen last
        self.completed_avg_history: dict[str, list[float]] = {}  # by completed job, of its first 1, 2, 3 ... values

    def assess_trial(self, trial_job_id: str, trial_history: list[Any]) -> AssessResult:
        step = len(trial_history)
        if step < self.start_step:
            return AssessResult.Good
        self._update_data(trial_job_id, extract_scalar_history(trial_history))
        history = self.running_history[trial_job_id]
        completed = self.completed_avg_history.values()
        at_this_step = [averages[step - 1] for averages in completed if len(averages) >= step]
        if not at_this_step:
            return AssessResult.Good
        if self.high_better:
            return AssessResult(not max(history) < median(at_this_step))
        return AssessResult(not min(history) > median(at_this_step))

    def trial_end(self, trial_job_id: str, success: bool) -> None:
        history = self.running_history.pop(trial_job_id, None)
        if history and success:
            averages = [sum(history[:count]) / count for count in range(1, len(history) + 1)]
            self.completed_avg_history[trial_job_id] = averages

    def _update_data(self, trial_job_id: str, trial_history: list[Any]) -> None:
        self.running_history[trial_job_id] = [float(value) for value in trial_history]
