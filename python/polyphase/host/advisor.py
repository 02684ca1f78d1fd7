"""What the manager says, as calls of an advisor's handlers in the form of NNI 1.4, and what it sends, as answers.

The advisor numbers its packets as it likes: its ids are kept beside ours. A request stays open until its packet comes,
in the call that asked or later::

    ask ──▶ handler ──▶ TR / SP within the call     answered at once
                   └──▶ nothing                     "wait"; its packet is owed, and makes news
                   └──▶ NO (first requests)         "wait"; the advisor is asked again
"""

from __future__ import annotations

import json
from threading import RLock

from .packets import packet_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .calls import Calls
    from .channel import Channel


class _Request:
    def __init__(self, request: dict[str, Any], replayed: bool) -> None:
        self.parameter_id: int = request["parameterId"]
        self.trial_job_id: str = request["trialJobId"]
        self.parameter_index: int = request["parameterIndex"]
        #: Asked and answered in an earlier life: these parameters count, not the ones that come now.
        self.recorded = request if replayed else None


class AdvisorAdapter:
    def __init__(self, advisor: Any, calls: Calls, channel: Channel) -> None:
        self._advisor = advisor
        self._calls = calls
        self._channel = channel
        self._lock = RLock()  # packets may come from threads of the advisor
        self._initialized = False
        self._first: list[_Request] = []  # open, the oldest first
        self._refused: list[_Request] = []  # first requests that were answered by NO
        self._later: dict[tuple[str, int], _Request] = {}  # open
        self._spare: list[dict[str, Any]] = []  # packets for first requests that nobody has made yet
        self._answers: dict[int, dict[str, Any]] = {}  # proposals that wait to be asked for
        self._being_asked: set[int] = set()
        self._packet_ids: dict[int, Any] = {}  # the advisor's id, by ours
        self._current: dict[str, int] = {}  # by trial job: our id of its current phase
        self._last_packets: dict[str, dict[str, Any]] = {}  # by trial job

    # ---- asking ------------------------------------------------------------------------------------------------------

    def ask(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._request(requests, replayed=False)
        with self._lock:
            refused = [request.parameter_id for request in self._refused]
            return [
                self._answers.pop(id, {"kind": "wait"} if id in refused else {"kind": "wait", "owed": True})
                for id in (request["parameterId"] for request in requests)
            ]

    def _request(self, requests: list[dict[str, Any]], replayed: bool) -> None:
        with self._lock:
            self._being_asked = {request["parameterId"] for request in requests}
            new = [_Request(request, replayed) for request in requests if not self._is_known(request["parameterId"])]
            first = [request for request in new if request.parameter_index == 0]
            while first and self._spare:
                self._answer(first.pop(0), self._spare.pop(0))
            self._first += first
            later = [request for request in new if request.parameter_index != 0]
            self._later.update({(request.trial_job_id, request.parameter_index): request for request in later})
        if first:
            self._call("handle_request_trial_jobs", len(first))
        for request in later:
            self._call("handle_report_metric_data", _asking(request))
        with self._lock:
            self._being_asked = set()

    def _is_known(self, parameter_id: int) -> bool:
        """Answered by now, or open: the advisor knows of it. One that it refused is asked anew."""
        self._refused = [request for request in self._refused if request.parameter_id != parameter_id]
        open_ids = [request.parameter_id for request in [*self._first, *self._later.values()]]
        return parameter_id in self._answers or parameter_id in open_ids

    # ---- what the advisor sends --------------------------------------------------------------------------------------

    def receive(self, command: Any, text: str) -> None:
        """nni.protocol.send ends here."""
        from nni.protocol import CommandType

        if command is CommandType.Initialized:  # with any text
            self._initialized = True
            return
        packet = packet_of(command, text)
        with self._lock:
            if command is CommandType.NewTrialJob:
                self._new_trial_job(packet)
            elif command is CommandType.SendTrialJobParameter:
                self._send_parameter(packet)
            elif command is CommandType.NoMoreTrialJobs:
                self._no_more()
            elif command is CommandType.KillTrialJob:
                self._kill(packet)
            else:
                raise ValueError(f"an advisor cannot send {command}")

    def _new_trial_job(self, packet: dict[str, Any]) -> None:
        waiting = self._first or self._refused
        if waiting:
            self._answer(waiting.pop(0), packet)
        else:
            self._spare.append(packet)

    def _send_parameter(self, packet: dict[str, Any]) -> None:
        job, index = packet["trial_job_id"], packet["parameter_index"]
        request = self._later.pop((job, index), None)
        if request is None:
            self._channel.log(
                "warning", f"SP for trial job {job}, parameter_index {index}: nobody asked for it, not used"
            )
        else:
            self._answer(request, packet)

    def _no_more(self) -> None:
        """The first requests of this call are refused. Elsewhere NO says nothing new: a later request stays open."""
        asked = [request for request in self._first if request.parameter_id in self._being_asked]
        self._first = [request for request in self._first if request not in asked]
        self._refused += asked

    def _kill(self, trial_job_id: str) -> None:
        if trial_job_id in self._current:
            phase = {"trialJobId": trial_job_id, "parameterId": self._current[trial_job_id]}
            self._channel.send({"kind": "stop-phase", **phase})

    def _answer(self, request: _Request, packet: dict[str, Any]) -> None:
        parameter_id = request.parameter_id
        if packet.get("parameters") is not None:
            self._begin_phase(request, packet)
        if request.recorded is not None:
            return
        self._answers[parameter_id] = _proposal(packet)
        if parameter_id not in self._being_asked:
            self._channel.send({"kind": "news"})

    def _begin_phase(self, request: _Request, packet: dict[str, Any]) -> None:
        if request.recorded is not None:
            packet = {**packet, "parameters": request.recorded["parameters"]}
        self._packet_ids[request.parameter_id] = packet.get("parameter_id")
        self._current[request.trial_job_id] = request.parameter_id
        self._last_packets[request.trial_job_id] = packet

    # ---- telling -----------------------------------------------------------------------------------------------------

    def tell(self, message: dict[str, Any]) -> None:
        kind = message["kind"]
        if kind == "search-space":
            self._search_space(message["space"])
        elif kind == "phase-ended":
            self._phase_ended(message["result"], message["customized"])
        elif kind == "intermediate-result":
            if message["parameterId"] in self._packet_ids:  # and not a person's
                self._metric("PERIODICAL", self._packet_ids[message["parameterId"]], message)
        elif kind == "import":
            rows = [{"parameter": row["parameters"], "value": json.dumps(row["value"])} for row in message["rows"]]
            self._call("handle_import_data", rows)
        elif kind == "replay":
            self._request(message["proposals"], replayed=True)
        elif kind == "trial-job-ended":
            self._trial_job_ended(message["trialJobId"], message["status"])

    def _search_space(self, space: Any) -> None:
        if self._initialized:
            self._call("handle_update_search_space", space)
            return
        self._call("handle_initialize", space)
        if not self._initialized:
            self._channel.log(
                "warning", "handle_initialize did not send CommandType.Initialized; going on as if it had"
            )
            self._initialized = True

    def _phase_ended(self, result: dict[str, Any], customized: bool) -> None:
        parameter_id = result["parameterId"]
        known = customized or parameter_id in self._packet_ids
        packet_id = self._packet_ids.pop(parameter_id, None)
        if result["outcome"] != "succeeded":
            return
        if known:
            self._metric("FINAL", None if customized else packet_id, {**result, "sequence": 0})
        else:
            # Asked again after a restart, it has not yet come up with these parameters.
            self._channel.log("warning", f"the advisor does not know of phase {parameter_id}: its result is not told")

    def _metric(self, type: str, packet_id: Any, metric: dict[str, Any]) -> None:
        told = {"parameter_id": packet_id, "trial_job_id": metric["trialJobId"], "type": type}
        told.update(sequence=metric["sequence"], value=json.dumps(metric["value"]))
        self._call("handle_report_metric_data", told)

    def _trial_job_ended(self, trial_job_id: str, status: str) -> None:
        with self._lock:
            self._forget_requests_of(trial_job_id)
            self._current.pop(trial_job_id, None)
            packet = self._last_packets.pop(trial_job_id, None)
        if packet is not None:
            ended = {"trial_job_id": trial_job_id, "event": status, "hyper_params": json.dumps(packet)}
            self._call("handle_trial_end", ended)

    def _forget_requests_of(self, trial_job_id: str) -> None:
        """What comes for a first request of a job that is gone is for the next one that asks."""
        self._first = [request for request in self._first if request.trial_job_id != trial_job_id]
        self._refused = [request for request in self._refused if request.trial_job_id != trial_job_id]
        self._later = {key: request for key, request in self._later.items() if key[0] != trial_job_id}

    def _call(self, handler: str, data: Any) -> None:
        self._calls.offer(self._advisor, handler, data)


def _asking(request: _Request) -> dict[str, Any]:
    asking = {"trial_job_id": request.trial_job_id, "type": "REQUEST_PARAMETER", "sequence": 0}
    return {**asking, "parameter_index": request.parameter_index}


def _proposal(packet: dict[str, Any]) -> dict[str, Any]:
    parameters = packet.get("parameters")
    if parameters is None:
        return {"kind": "no-more"}
    return {"kind": "parameters", "parameters": parameters}
