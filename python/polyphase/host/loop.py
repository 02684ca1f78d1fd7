"""From the first line to the last: a thread reads what the manager says, the main thread makes the calls."""

from __future__ import annotations

import os
import time
import traceback
from contextlib import suppress
from queue import Empty, Queue
from threading import Event, Thread

from .advisor import AdvisorAdapter
from .assessor import AssessorAdapter
from .calls import Calls
from .checkpoint import Checkpoint
from .failure import Failure, UserCode
from .load_class import construct, load_class
from .threads import tell_of_ends
from .tuner import TunerAdapter
from .works import Gathered, OneByOne, ThreadPerCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .channel import Channel

_GONE = {"kind": "gone"}
_IDLE = {"kind": "idle"}  # the last of several calls that were at work at once is over
_SETTLE_SECONDS = 5.0  # for what is being told, under multiThread, when the manager closes
_GONE_SECONDS = 30.0  # for everything, once the manager has gone away; a tuner may be busy for ever


class Host:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._inbox: Queue[Any] = Queue()  # messages, and failures of threads
        self._closing = Event()
        self._user: UserCode | None = None
        self._calls: Calls | None = None
        self._object: Any = None

    def run(self) -> int:
        """The exit code."""
        Thread(target=self._read, daemon=True).start()
        try:
            start = self._inbox.get()
            if isinstance(start, BaseException):
                raise start
            if start["kind"] != "start":
                return 0
            self._begin(start)
            self._channel.send({"kind": "ready"})
            self._end(self._work())
            return 0
        except BaseException as error:
            self._fail(error if isinstance(error, Failure) else self._outside_of_calls(error), error)
            return 1

    def _outside_of_calls(self, error: BaseException) -> Failure:
        """From a signal handler of the user's, say, while no method of his was at work."""
        return self._user.failure(error, None) if self._user else Failure(repr(error), None)

    # ---- the reading thread ------------------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            self._read_messages()
        except BaseException as error:  # nested too deeply, or too large for the memory
            self._inbox.put(error)
            return
        self._closing.set()
        self._inbox.put(_GONE)
        time.sleep(_GONE_SECONDS)
        self._channel.leave(1)

    def _read_messages(self) -> None:
        for message in self._channel.messages():
            if message["kind"] == "where":
                self._say_where(message["id"])
                continue
            if message["kind"] == "close":
                self._closing.set()
            self._inbox.put(message)

    def _say_where(self, id: Any) -> None:
        call, method = self._calls.where() if self._calls else (0, None)
        self._channel.send({"kind": "at", "id": id, "call": call, "method": method})

    # ---- the main thread ---------------------------------------------------------------------------------------------

    def _begin(self, start: dict[str, Any]) -> None:
        from nni import protocol

        self._user = user = UserCode(start["codeDir"])
        self._calls = calls = Calls(user)
        tell_of_ends(user, lambda text: self._channel.log("warning", text))
        found = load_class(start, user)
        self._object = construct(found, start, calls)
        # Assessors and advisors are told their whole history again: what they judged and sent is no part of a checkpoint.
        folder = os.environ.get("NNI_CHECKPOINT_DIRECTORY") if start["role"] == "tuner" else None
        self._checkpoint = Checkpoint(self._object, calls, folder, time.monotonic)
        self._checkpoint.begin(start["resumed"])
        self._works: Any = OneByOne()
        if start["role"] == "assessor":
            self._adapter: Any = AssessorAdapter(self._object, calls, self._channel)
        elif start["role"] == "advisor":
            self._adapter = AdvisorAdapter(self._object, calls, self._channel)
            protocol.deliver_to(self._adapter.receive)
        else:
            self._adapter = TunerAdapter(self._object, calls, self._channel, self._checkpoint, start)
            if start["multiThread"]:
                self._works = ThreadPerCall(self._inbox.put, lambda: self._inbox.put(_IDLE))

    def _work(self) -> dict[str, Any]:
        """Until the manager closes, or is gone: gives the message that says so."""
        while True:
            message = self._next()
            if isinstance(message, BaseException):
                raise message
            if message["kind"] in ("close", "gone"):
                return message
            if message["kind"] == "tell":
                self._tell(message["messages"])
            elif not self._closing.is_set():  # nobody waits for answers any more
                self._answer(message)

    def _next(self) -> Any:
        """The next message. While none comes the tuner may save a checkpoint."""
        while True:
            try:
                message = self._inbox.get(timeout=self._checkpoint.due() if self._works.idle else None)
                if message is not _IDLE:
                    return message
            except Empty:
                self._checkpoint.save()

    def _tell(self, messages: list[dict[str, Any]]) -> None:
        for message in _one_by_one(messages) if isinstance(self._works, ThreadPerCall) else messages:
            self._works.add(_trial_jobs(message), lambda message=message: self._adapter.tell(message), message["kind"])

    def _answer(self, message: dict[str, Any]) -> None:
        id = message["id"]
        if message["kind"] == "assess":
            self._channel.send({"kind": "verdict", "id": id, "good": self._adapter.assess(message)})
        elif isinstance(self._works, ThreadPerCall):
            self._ask_each(id, message["requests"])
        else:
            self._send_proposals(id, self._adapter.ask(message["requests"]))

    def _ask_each(self, id: Any, requests: list[dict[str, Any]]) -> None:
        gathered = Gathered(len(requests), lambda proposals: self._send_proposals(id, proposals))
        for place, request in enumerate(requests):
            ask = lambda place=place, request=request: gathered.put(
                place, self._adapter.ask([request])[0]
            )  # noqa: E731
            self._works.add([request["trialJobId"]], ask, "ask")

    def _send_proposals(self, id: Any, proposals: list[dict[str, Any]]) -> None:
        self._channel.send({"kind": "proposals", "id": id, "proposals": proposals})

    def _end(self, last: dict[str, Any]) -> None:
        self._works.settle(_SETTLE_SECONDS)
        if last["kind"] == "close" and self._works.idle:
            # Not where the manager is gone: the next one may have started another host on the same checkpoint.
            self._checkpoint.save()
        if self._calls and hasattr(self._object, "_on_exit"):
            self._calls.offer(self._object, "_on_exit")

    def _fail(self, failure: Failure, error: BaseException) -> None:
        with suppress(Exception):  # the user's code may have closed the log
            traceback.print_exception(type(error), error, error.__traceback__)
        self._channel.send({"kind": "failed", "message": failure.message, "method": failure.method})
        if self._calls and hasattr(self._object, "_on_error"):
            try:
                self._calls.offer(self._object, "_on_error")
            except Failure:
                with suppress(Exception):
                    traceback.print_exc()


def _one_by_one(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Proposals that are asked for again are calls of their own, as they were in their first life."""
    apart: list[dict[str, Any]] = []
    for message in messages:
        if message["kind"] == "replay":
            apart += [{"kind": "replay", "proposals": [proposal]} for proposal in message["proposals"]]
        else:
            apart.append(message)
    return apart


def _trial_jobs(message: dict[str, Any]) -> list[str]:
    if message["kind"] == "phase-ended":
        return [message["result"]["trialJobId"]]
    if message["kind"] == "replay":
        return [proposal["trialJobId"] for proposal in message["proposals"]]
    return []
