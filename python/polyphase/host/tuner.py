"""What the manager says, as calls of a tuner in the form of NNI 1.4."""

from __future__ import annotations

import weakref

from polyphase.errors import UnsupportedValueError
from polyphase.values import decode, encode

from .callbacks import LateAnswers
from .calls import overrides
from .failure import Failure, definition
from .frames import with_frames
from .rounded import rounded, rounding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .calls import Calls
    from .channel import Channel
    from .checkpoint import Checkpoint

WAIT = {"kind": "wait"}
#: It kept the callback, and answers by it, whatever else happens.
WAIT_OWED = {"kind": "wait", "owed": True}
#: The tuner itself said that it waits (TunerWaiting): it is asked again, whether or not it kept the callback.
WAIT_ASKING_AGAIN = {"kind": "wait"}
NO_MORE = {"kind": "no-more"}


class TunerAdapter:
    """Its methods may be called from several threads. No lock is held while the tuner is at work."""

    def __init__(
        self, tuner: Any, calls: Calls, channel: Channel, checkpoint: Checkpoint, start: dict[str, Any]
    ) -> None:
        from nni.tuner import Tuner

        self._tuner = tuner
        self._calls = calls
        self._channel = channel
        self._checkpoint = checkpoint
        self._one_by_one = start["multiPhase"] or start["multiThread"]
        self._include_intermediate_results = start["includeIntermediateResults"]
        self._asks_in_groups = overrides(tuner, "generate_multiple_parameters", Tuner)
        self._asks_only_in_groups = not overrides(tuner, "generate_parameters", Tuner)
        self._late = LateAnswers(
            on_news=lambda: channel.send({"kind": "news"}), warn=lambda text: channel.log("warning", text)
        )
        self._proposed: dict[int, Any] = {}  # by parameter id, the tuner's own objects, until the phase has ended
        self._spaces_told = 0
        self._rows_told = 0

    # ---- asking ------------------------------------------------------------------------------------------------------

    def ask(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers, in the order of the requests."""
        answers = {}
        asked = []
        for request in requests:
            parameter_id = request["parameterId"]
            late = self._late.take(parameter_id)
            if late:
                answers[parameter_id] = self._proposal(parameter_id, late[0])
            elif self._late.owed(parameter_id):
                answers[parameter_id] = WAIT_OWED
            else:
                asked.append(request)
        for group in self._groups(asked):
            answers.update(self._ask_group(group))
        return [answers[request["parameterId"]] for request in requests]

    def replay(self, proposals: list[dict[str, Any]]) -> None:
        """Asks again what was asked in an earlier life. What was answered then counts."""
        known = self._checkpoint.before.generated
        for group in self._groups([proposal for proposal in proposals if proposal["parameterId"] not in known]):
            self._ask_group(group)
        self._late.settle([proposal["parameterId"] for proposal in proposals])
        for proposal in proposals:
            self._remember(proposal["parameterId"], proposal["parameters"])

    def _groups(self, requests: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
        """What is asked in one call. With multiPhase each request is one, so that the tuner knows exactly who asks."""
        if self._one_by_one:
            return [[request] for request in requests]
        first = [request for request in requests if request["parameterIndex"] == 0]
        later = [[request] for request in requests if request["parameterIndex"] != 0]
        return ([first] if first else []) + later

    def _ask_group(self, group: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        ids = [request["parameterId"] for request in group]
        self._checkpoint.note(generated=ids)
        if group[0]["parameterIndex"] == 0 or self._asks_only_in_groups:
            answers = self._ask_first(group, ids)
        else:
            answers = {ids[0]: self._generate(group[0])}
        self._checkpoint.note(not_generated=[id for id in ids if answers[id]["kind"] != "parameters"])
        return answers

    def _ask_first(self, group: list[dict[str, Any]], ids: list[int]) -> dict[int, dict[str, Any]]:
        callback = self._late.begin(ids)
        kept = weakref.ref(callback)
        ask = self._generate_multiple if self._asks_in_groups else self._generate_each
        answers = ask(group, callback)
        del callback
        left = [id for id in ids if answers[id]["kind"] != "parameters"]
        owed = [id for id in left if answers[id] is not WAIT_ASKING_AGAIN and kept() is not None]
        answers.update({id: WAIT_OWED for id in owed})
        for parameter_id, parameters in self._late.end(ids, left, owed).items():
            answers[parameter_id] = self._proposal(parameter_id, parameters)
        return answers

    def _generate_multiple(self, group: list[dict[str, Any]], callback: Any) -> dict[int, dict[str, Any]]:
        from nni.exceptions import NoMoreTrialError, TunerWaiting
        from nni.tuner import Exhausted

        method = "generate_multiple_parameters"
        ids = [request["parameterId"] for request in group]
        jobs = [request["trialJobId"] for request in group]
        rest = WAIT
        try:
            given = self._calls.offer(
                self._tuner, method, list(ids), trial_job_id=jobs if len(jobs) > 1 else jobs[0], st_callback=callback
            )
        except NoMoreTrialError:
            given, rest = [], NO_MORE
        except TunerWaiting:
            given, rest = [], WAIT_ASKING_AGAIN
        if hasattr(given, "tolist"):  # an array with a row for each
            given = list(given)
        if not isinstance(given, (list, tuple)):
            raise self._wrong(method, f"expected a list of parameters, got {type(given).__name__}")
        if isinstance(given, Exhausted):
            rest = WAIT_ASKING_AGAIN if given.waiting else NO_MORE
        if len(given) > len(ids):
            self._channel.log(
                "warning", f"{method} gave {len(given)} where {len(ids)} were asked for: the rest is not used"
            )
        answers = {id: self._proposal(id, parameters, method) for id, parameters in zip(ids, given)}
        return {id: answers.get(id, rest) for id in ids}

    def _generate_each(self, group: list[dict[str, Any]], callback: Any) -> dict[int, dict[str, Any]]:
        """As the method that the tuner inherits does: one after the other, up to the first that there is not."""
        answers: dict[int, dict[str, Any]] = {}
        exhausted = False
        for request in group:
            answer = NO_MORE if exhausted else self._generate(request, st_callback=callback)
            exhausted = answer is NO_MORE
            answers[request["parameterId"]] = answer
        return answers

    def _generate(self, request: dict[str, Any], **offered: Any) -> dict[str, Any]:
        from nni.exceptions import NoMoreTrialError, TunerWaiting

        parameter_id = request["parameterId"]
        offered["trial_job_id"] = request["trialJobId"]
        offered["parameter_index"] = request["parameterIndex"]
        try:
            given = self._calls.offer(self._tuner, "generate_parameters", parameter_id, **offered)
        except NoMoreTrialError:
            return NO_MORE
        except TunerWaiting:
            return WAIT_ASKING_AGAIN
        return self._proposal(parameter_id, given)

    def _proposal(self, parameter_id: int, parameters: Any, method: str = "generate_parameters") -> dict[str, Any]:
        if parameters is None:
            self._channel.log("warning", f"{method} gave None for parameter id {parameter_id}: taken as 'no more'")
            return NO_MORE
        try:
            plain = decode(encode(parameters))
        except UnsupportedValueError as error:
            raise self._wrong(method, f"the parameters: {error.message}") from None
        for number in rounded(plain):
            raise self._wrong(method, rounding(number))
        self._remember(parameter_id, parameters)
        return {"kind": "parameters", "parameters": plain}

    def _remember(self, parameter_id: int, parameters: Any) -> None:
        self._proposed[parameter_id] = parameters
        self._checkpoint.note(generated=[parameter_id])

    def _wrong(self, method: str, what: str) -> Failure:
        return Failure(f"{what} ({definition(getattr(self._tuner, method))})", method)

    # ---- telling -----------------------------------------------------------------------------------------------------

    def tell(self, message: dict[str, Any]) -> None:
        kind = message["kind"]
        if kind == "search-space":
            self._search_space(message["space"])
        elif kind == "phase-ended":
            self._phase_ended(message["result"], message["customized"])
        elif kind == "import":
            self._import(message["rows"])
        elif kind == "replay":
            self.replay(message["proposals"])

    def _search_space(self, space: Any) -> None:
        self._spaces_told += 1
        if self._spaces_told < self._checkpoint.before.spaces:
            return
        if self._spaces_told > self._checkpoint.before.spaces:
            self._checkpoint.note(spaces=1)
        self._calls.offer(self._tuner, "update_search_space", space)

    def _import(self, rows: list[dict[str, Any]]) -> None:
        known = max(0, self._checkpoint.before.imported - self._rows_told)
        self._rows_told += len(rows)
        data = [{"parameter": row["parameters"], "value": with_frames(row["value"])} for row in rows[known:]]
        self._checkpoint.note(imported=len(data))
        if data and hasattr(self._tuner, "import_data"):
            self._calls.offer(self._tuner, "import_data", data)

    def _phase_ended(self, result: dict[str, Any], customized: bool) -> None:
        parameter_id, outcome = result["parameterId"], result["outcome"]
        parameters = self._proposed.pop(parameter_id, result["parameters"])
        if parameter_id in self._checkpoint.before.ended:
            return
        self._checkpoint.note(ended=[parameter_id])
        value = with_frames(result["value"])
        stopped_with_value = outcome == "stopped" and self._include_intermediate_results and value is not None
        if outcome == "succeeded" or stopped_with_value:
            self._receive(parameter_id, parameters, value, customized, result["trialJobId"])
        if hasattr(self._tuner, "trial_end"):
            job = {"trial_job_id": result["trialJobId"]}
            self._calls.offer(self._tuner, "trial_end", parameter_id, outcome == "succeeded", **job)

    def _receive(self, parameter_id: int, parameters: Any, value: Any, customized: bool, trial_job_id: str) -> None:
        method = "receive_trial_result"
        if customized and hasattr(self._tuner, "receive_customized_trial_result"):
            method = "receive_customized_trial_result"
        elif customized and not getattr(self._tuner, "_accept_customized", False):
            return
        offered = {"customized": customized, "trial_job_id": trial_job_id}
        self._calls.offer(self._tuner, method, parameter_id, parameters, value, **offered)
