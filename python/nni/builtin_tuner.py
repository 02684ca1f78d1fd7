"""What NNI's built-in tuners are here: the tuner of polyphase by that name, in a process of its own.

They run in a custom tuner that extends one of them as well as in a plain script. What is inside of NNI's classes, such
as ``total_data``, is not there.
"""

from __future__ import annotations

import os
import zlib
from collections import Counter
from threading import Lock

from .exceptions import NoMoreTrialError, TunerWaiting
from .tuner import Tuner
from .utils import OptimizeMode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from polyphase.served_tuner import ServedTuner


class BuiltinTuner(Tuner):
    def __init__(self, name: str, optimize_mode: str, seed: int | None = None, **class_args: Any) -> None:
        self.optimize_mode = OptimizeMode(optimize_mode)
        self._name = name
        self._seed = _seed() if seed is None else seed
        self._class_args = class_args
        self._served: ServedTuner | None = None
        self._phases: Counter[str] = Counter()  # by trial job, how many it has asked for
        self._received: set[int] = set()  # parameter ids with a result
        self._lock = Lock()

    def update_search_space(self, search_space: Any) -> None:
        self._tuner().tell({"kind": "search-space", "space": search_space})
        self._tuner().ask()  # for nothing: a space that it cannot search fails here

    def generate_parameters(self, parameter_id: int, **kwargs: Any) -> Any:
        job = kwargs.get("trial_job_id") or f"job-{parameter_id}"
        request = {"parameterId": parameter_id, "trialJobId": job, "parameterIndex": self._phases[job]}
        proposal = self._tuner().ask(request)[0]
        if proposal["kind"] == "wait":
            raise TunerWaiting()
        if proposal["kind"] == "no-more":
            raise NoMoreTrialError()
        self._phases[job] += 1
        return proposal["parameters"]

    def receive_trial_result(self, parameter_id: int, parameters: Any, value: Any, **kwargs: Any) -> None:
        self._received.add(parameter_id)
        self._tell_end(parameter_id, "succeeded", parameters, value, **kwargs)

    def trial_end(self, parameter_id: int, success: bool, **kwargs: Any) -> None:
        if parameter_id in self._received:
            self._received.discard(parameter_id)
        elif not success:
            self._tell_end(parameter_id, "failed", None, None, **kwargs)

    def import_data(self, data: list[dict[str, Any]]) -> None:
        rows = [{"parameters": row["parameter"], "value": row["value"]} for row in data]
        self._tuner().tell({"kind": "import", "rows": rows})

    def _tell_end(self, parameter_id: int, outcome: str, parameters: Any, value: Any, **kwargs: Any) -> None:
        result = {"parameterId": parameter_id, "trialJobId": kwargs.get("trial_job_id") or f"job-{parameter_id}"}
        result.update(outcome=outcome, value=value, parameters=parameters)
        customized = bool(kwargs.get("customized"))
        self._tuner().tell({"kind": "phase-ended", "customized": customized, "result": result})

    def _tuner(self) -> ServedTuner:
        """Started when it is first needed."""
        with self._lock:
            if self._served is None:
                from polyphase.served_tuner import ServedTuner

                self._served = ServedTuner(self._name, self.optimize_mode.value, self._seed, self._class_args)
            return self._served


def _seed() -> int:
    """The same one whenever an experiment is resumed; a fresh one in a plain script."""
    experiment = os.environ.get("NNI_EXP_ID")
    return zlib.crc32(experiment.encode("utf-8")) if experiment else int.from_bytes(os.urandom(4), "big")
