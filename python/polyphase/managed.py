"""A trial job under a manager: which phase it is in, and what that allows."""

from __future__ import annotations

from threading import RLock

from .errors import RefusedError, WrongOrderError
from .notice import shortened, warn
from .values import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .manager import Manager
    from .settings import Settings

_WAIT_MS = 25_000  # how long the manager may hold a request for parameters; see connection.HELD_REQUEST
_LONGEST_LOG_LINE = 65_536
_LOG_LINES = 1_000


class _Phase:
    """The phase that is open, or the last one."""

    def __init__(self, index: int, parameters: Any) -> None:
        self.index = index
        self.parameters = parameters
        self.sequence = 0  # of the next intermediate result
        self.stopped = False
        self.ended = False  # known to take no more intermediate results


class ManagedTrial:
    """
    ::

        no phase ──parameters──▶ phase k ──parameters──▶ phase k+1 ...     reports belong to the phase that is open
           ▲                        │
           └────────no more─────────┘
    """

    standalone = False

    def __init__(self, settings: Settings, manager: Manager) -> None:
        self._settings = settings
        self._manager = manager
        self._next_index = settings.first_index
        self._phase: _Phase | None = None
        self._no_more = False
        # Reports keep their order. Reentrant, so that a signal handler may report while a request is held.
        self._lock = RLock()

    def forked(self) -> ManagedTrial:
        child = ManagedTrial(self._settings, self._manager.forked())
        child._next_index, child._phase, child._no_more = self._next_index, self._phase, self._no_more
        return child

    def get_next_parameter(self) -> Any:
        with self._lock:
            if self._phase is not None and not self._settings.multi_phase:
                return None
            answer = self._ask(self._next_index)
            self._no_more = answer["kind"] == "no-more"
            if self._no_more:
                self._phase = None
                return None
            self._phase = _Phase(answer["parameterIndex"], answer["parameters"])
            self._next_index = self._phase.index + 1
            return self._phase.parameters

    def get_current_parameter(self, tag: str | None) -> Any:
        phase = self._phase
        if phase is None:
            return None
        return phase.parameters if tag is None else phase.parameters[tag]

    def report_intermediate_result(self, value: Any) -> None:
        with self._lock:
            phase = self._open_phase("report_intermediate_result")
            text = encode(value)
            taken = False
            while not taken and not phase.stopped and not phase.ended:
                sequence = phase.sequence
                body = f'{{"parameterIndex":{phase.index},"sequence":{sequence},"value":{text}}}'
                try:
                    self._report(phase, "intermediate-results", body)
                    taken = True
                except RefusedError as error:
                    if error.code == "phase-ended":
                        phase.ended = True
                        _warn_of(f"{error.message}; this intermediate result and further ones are ignored", text)
                        return
                    if error.code != "result-conflict":
                        raise
                    # Another process of this job took this place, or a signal handler; ours is further back.
                phase.sequence = max(phase.sequence, sequence + 1)  # a signal handler may have gone further meanwhile

    def report_final_result(self, value: Any) -> None:
        with self._lock:
            phase = self._open_phase("report_final_result")
            text = encode(value)
            if phase.stopped:
                return
            try:
                self._report(phase, "final-result", f'{{"parameterIndex":{phase.index},"value":{text}}}')
            except RefusedError as error:
                if error.code == "phase-ended":
                    _warn_of(f"{error.message}; this final result is ignored", text)
                elif error.code == "result-conflict":
                    _warn_of(f"phase {phase.index} already has a final result, which counts; this one is ignored", text)
                else:
                    raise

    def is_stopped(self) -> bool:
        return self._phase is not None and (self._phase.stopped or self._phase.ended)

    def log(self, text: str) -> None:
        lines = [
            line[start : start + _LONGEST_LOG_LINE]
            for line in text.split("\n")
            for start in range(0, len(line) or 1, _LONGEST_LOG_LINE)
        ]
        for start in range(0, len(lines), _LOG_LINES):
            self._manager.post("log", f'{{"lines":{encode(lines[start : start + _LOG_LINES])}}}')

    def _ask(self, index: int) -> Any:
        """The answer for a parameter index, once there is one."""
        body = f'{{"parameterIndex":{index},"waitMs":{_WAIT_MS}}}'
        answer = self._manager.post("parameters", body, "kind")
        while answer["kind"] == "wait":
            answer = self._manager.post("parameters", body, "kind")
        return answer

    def _report(self, phase: _Phase, route: str, body: str) -> None:
        phase.stopped = self._manager.post(route, body, "phase")["phase"] == "stopped"

    def _open_phase(self, call: str) -> _Phase:
        if self._phase is not None:
            return self._phase
        if self._no_more:
            raise WrongOrderError(
                "no-such-phase",
                f"{call}() was called after get_next_parameter() gave None: there are no more phases to report to",
                "leave the loop when get_next_parameter() gives None, and report each result before asking again",
            )
        raise WrongOrderError(
            "no-such-phase",
            f"{call}() was called before get_next_parameter(): there is no phase to report to",
            "call get_next_parameter() first; the result then belongs to those parameters",
        )


def _warn_of(what: str, result: str) -> None:
    warn(f"{what}: {shortened(result, 200)}")
