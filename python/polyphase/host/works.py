"""In which order calls are made, and on which threads."""

from __future__ import annotations

from threading import Event, Lock, Thread
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Sequence


class OneByOne:
    """Each call in its turn, on the thread that hands it in."""

    idle = True  # whenever the main thread is, which makes the calls

    def add(self, trial_job_ids: Sequence[str], action: Callable[[], None], kind: str) -> None:
        action()

    def settle(self, seconds: float) -> None:
        pass


class ThreadPerCall:
    """
    A thread for each call, so that one may wait for what another one brings. Calls for one trial job keep their order,
    and those that bring a search space or results from elsewhere are over before later ones begin.
    """

    def __init__(self, on_failure: Callable[[BaseException], None], on_idle: Callable[[], None]) -> None:
        self._on_failure = on_failure
        self._on_idle = on_idle
        self._last: dict[str, Event] = {}  # by trial job, the end of its last call
        self._first = Event()
        self._first.set()
        self._threads: set[Thread] = set()
        self._telling: set[Thread] = set()  # those among them that bring something
        self._lock = Lock()

    @property
    def idle(self) -> bool:
        return not self._threads

    def add(self, trial_job_ids: Sequence[str], action: Callable[[], None], kind: str) -> None:
        """``kind`` is that of the message that the call stands for."""
        done = Event()
        before = [self._first, *(self._last[job] for job in trial_job_ids if job in self._last)]
        self._last.update(dict.fromkeys(trial_job_ids, done))
        if kind in ("search-space", "import"):
            self._first = done
        thread = Thread(target=lambda: self._run(thread, before, action, done), daemon=True)
        with self._lock:
            self._threads.add(thread)
            if kind != "ask":
                self._telling.add(thread)
        thread.start()
        self._last = {job: end for job, end in self._last.items() if not end.is_set()}

    def settle(self, seconds: float) -> None:
        """Gives the calls that bring something time to end. Those that ask may wait for ever, and nobody for them."""
        end = monotonic() + seconds
        for thread in list(self._telling):
            thread.join(max(0.0, end - monotonic()))

    def _run(self, thread: Thread, before: list[Event], action: Callable[[], None], done: Event) -> None:
        for event in before:
            event.wait()
        try:
            action()
        except BaseException as error:
            self._on_failure(error)
        finally:
            done.set()
            with self._lock:
                self._threads.discard(thread)
                self._telling.discard(thread)
            if self.idle:
                self._on_idle()


class Gathered:
    """The answers to one line, which come one by one; ``send`` gets them all, in order, once the last one is there."""

    def __init__(self, count: int, send: Callable[[list[Any]], None]) -> None:
        self._answers: list[Any] = [None] * count
        self._missing = count
        self._send = send
        self._lock = Lock()

    def put(self, place: int, answer: Any) -> None:
        with self._lock:
            self._answers[place] = answer
            self._missing -= 1
            complete = self._missing == 0
        if complete:
            self._send(self._answers)
