"""What the manager says, as calls of an assessor in the form of NNI 1.4. A curve is that of one phase."""

from __future__ import annotations

from .failure import Failure, definition, shortened
from .frames import with_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .calls import Calls
    from .channel import Channel


class _Curve:
    def __init__(self, parameter_id: int) -> None:
        self.parameter_id = parameter_id
        self.values: list[Any] = []


class AssessorAdapter:
    def __init__(self, assessor: Any, calls: Calls, channel: Channel) -> None:
        self._assessor = assessor
        self._calls = calls
        self._channel = channel
        self._curves: dict[str, _Curve] = {}  # by trial job, that of its current phase

    def tell(self, message: dict[str, Any]) -> None:
        if message["kind"] != "trial-job-ended":
            return
        job = message["trialJobId"]
        if self._curves.pop(job, None) is not None and hasattr(self._assessor, "trial_end"):
            self._calls.offer(self._assessor, "trial_end", job, message["status"] == "SUCCEEDED")

    def assess(self, message: dict[str, Any]) -> bool:
        """Whether the phase is good enough to go on."""
        job, sequence = message["trialJobId"], message["sequence"]
        curve = self._curves.get(job)
        if curve is None or curve.parameter_id != message["parameterId"]:
            curve = self._curves[job] = _Curve(message["parameterId"])
        if sequence > len(curve.values):
            self._channel.log("warning", f"trial job {job}: the curve begins at {sequence}, so it cannot be assessed")
            return True
        del curve.values[sequence:]
        curve.values.append(with_frames(message["value"]))
        answer = self._calls.offer(self._assessor, "assess_trial", job, list(curve.values))
        return self._verdict(answer)

    def _verdict(self, answer: Any) -> bool:
        from nni.assessor import AssessResult

        if isinstance(answer, AssessResult):
            return bool(answer.value)
        if isinstance(answer, bool) or type(answer).__name__ in ("bool_", "bool"):  # numpy's
            return bool(answer)
        place = definition(self._assessor.assess_trial)
        expected = "expected AssessResult.Good, AssessResult.Bad or a bool"
        raise Failure(f"{expected}, got {shortened(repr(answer))} ({place})", "assess_trial")
