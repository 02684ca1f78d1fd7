"""``st_callback``: by it a tuner may answer a request for parameters later than in the call that asked."""

from __future__ import annotations

import weakref
from threading import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class Callback:
    """What the tuner gets: called with a parameter id and the parameters for it, from any thread, whenever it likes."""

    def __init__(self, answer: Callable[[int, Any], None]) -> None:
        self._answer = answer

    def __call__(self, parameter_id: int, params: Any, *_: Any) -> None:
        self._answer(parameter_id, params)


class LateAnswers:
    """
    A request that the tuner left open while it kept the callback is *owed*: the tuner answers it by a callback, and is
    not asked again, as long as it keeps any of its callbacks.
    """

    def __init__(self, on_news: Callable[[], None], warn: Callable[[str], None]) -> None:
        self._on_news = on_news
        self._warn = warn
        self._callbacks: weakref.WeakSet[Callback] = weakref.WeakSet()
        self._asking: set[int] = set()  # the calls that ask for these are still at work
        self._open: set[int] = set()  # those calls are over, and gave no parameters
        self._owed: set[int] = set()  # some of the open ones
        self._settled: set[int] = set()  # asked again after a restart: their answers are known
        self._answers: dict[int, Any] = {}
        self._lock = Lock()

    def begin(self, parameter_ids: list[int]) -> Callback:
        callback = Callback(self._answer)
        with self._lock:
            self._callbacks.add(callback)
            self._asking.update(parameter_ids)
            self._open.difference_update(parameter_ids)
        return callback

    def end(self, parameter_ids: list[int], open_ids: list[int], owed_ids: list[int]) -> dict[int, Any]:
        """The call is over: of its ids, ``open_ids`` were left without parameters. Gives what came by the callback."""
        with self._lock:
            answers = {id: self._answers.pop(id) for id in parameter_ids if id in self._answers}
            self._asking.difference_update(parameter_ids)
            self._open.update(set(open_ids) - set(answers))
            self._owed.update(set(owed_ids) - set(answers))
            return answers

    def settle(self, parameter_ids: list[int]) -> None:
        """Whatever comes for these by a callback is known already."""
        with self._lock:
            self._settled.update(self._open.intersection(parameter_ids))
            self._open.difference_update(parameter_ids)
            self._owed.difference_update(parameter_ids)
            for parameter_id in parameter_ids:
                self._answers.pop(parameter_id, None)

    def owed(self, parameter_id: int) -> bool:
        with self._lock:
            return parameter_id in self._owed and len(self._callbacks) > 0

    def take(self, parameter_id: int) -> list[Any]:
        """The answer that came by a callback since the tuner was asked: a list of one, or of none."""
        with self._lock:
            return [self._answers.pop(parameter_id)] if parameter_id in self._answers else []

    def _answer(self, parameter_id: int, params: Any) -> None:
        with self._lock:
            late = parameter_id in self._open
            expected = late or (parameter_id in self._asking and parameter_id not in self._answers)
            settled = parameter_id in self._settled
            for waiting in (self._open, self._owed, self._settled):
                waiting.discard(parameter_id)
            if expected:
                self._answers[parameter_id] = params
        if late:
            self._on_news()
        elif not expected and not settled:
            self._warn(f"st_callback was called for parameter id {parameter_id}, which nobody asked for: not used")
