"""The trial client: what a trial process calls to get parameters and to report results.

One trial job runs through many phases; each is one round of this loop::

    import polyphase

    for parameters in polyphase.phases():
        polyphase.report_final_result(evaluate(parameters))

Nothing happens on import. The first call reads the environment: with a manager (POLYPHASE_URL) the calls go to it,
without one the trial runs standalone, for trying it out. All calls may come from any thread and from forked children.
"""

from __future__ import annotations

import os

from .settings import Settings, experiment_id, trial_job_id, trial_job_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, Union

    from .managed import ManagedTrial
    from .standalone import StandaloneTrial

    Trial = Union[ManagedTrial, StandaloneTrial]


def get_next_parameter() -> Any:
    """Starts the next phase and gives its parameters; None when there are no more.

    Waits as long as the tuner needs, and as long as the manager is away. A phase that was left without a final result
    is abandoned. In an experiment without ``multiPhase`` there is one phase: the second and later calls give None, and
    the phase stays open. Standalone: ``{}`` every time.
    """
    return _trial().get_next_parameter()


def get_current_parameter(tag: str | None = None) -> Any:
    """The parameters of the current phase, or the one called ``tag``; None outside of a phase. Asks nobody."""
    return _trial().get_current_parameter(tag)


def report_intermediate_result(value: Any) -> None:
    """Reports one of the phase's intermediate results, so that it can be watched and stopped early.

    ``value`` is anything with a JSON form; arrays, tensors, tuples and sets are accepted, as are NaN and infinities.
    Raises WrongOrderError outside of a phase, UnsupportedValueError, RefusedError.
    """
    _trial().report_intermediate_result(value)


def report_final_result(value: Any) -> None:
    """Reports the phase's result and ends the phase. Durable once this returns.

    ``value`` as in :func:`report_intermediate_result`; built-in tuners want a number or a dict with a number as
    ``default``. The first final result of a phase counts: another one is only warned about, as is that of a phase that
    ran into its time limit. Nothing happens in a phase that was stopped. Raises WrongOrderError outside of a phase,
    UnsupportedValueError, RefusedError.
    """
    _trial().report_final_result(value)


def is_stopped() -> bool:
    """Whether the current phase is over, as of the last intermediate result. If so, go on with the next one."""
    return _trial().is_stopped()


def phases() -> Iterator[Any]:
    """The parameters of one phase after the other, until there are no more. Standalone: ``{}``, once."""
    trial = _trial()
    if trial.standalone:
        yield trial.get_next_parameter()
        return
    parameters = get_next_parameter()
    while parameters is not None:
        yield parameters
        parameters = get_next_parameter()


def log(*values: Any) -> None:
    """Writes a line to the log of the trial job, like ``print``. Standalone: to stdout."""
    _trial().log(" ".join(map(str, values)))


def get_experiment_id() -> str:
    """``'STANDALONE'`` without a manager."""
    return experiment_id()


def get_trial_id() -> str:
    """The id of the trial job, the same in all its phases. ``'STANDALONE'`` without a manager."""
    return trial_job_id()


def get_sequence_id() -> int:
    """The number of the trial job in its experiment, from 0, the same in all its phases. 0 without a manager."""
    return trial_job_number()


#: By process id, ancestors first: a forked child inherits what its parent knew, but not its locks and connections.
_trials: dict[int, Trial] = {}


def _trial() -> Trial:
    pid = os.getpid()
    trial = _trials.get(pid)
    if trial is None:
        parent = next(reversed(list(_trials.values())), None)
        # Of two threads that come here at once, the first one's counts.
        trial = _trials.setdefault(pid, _start() if parent is None else parent.forked())
    return trial


def _start() -> Trial:
    settings = Settings()
    if settings.url is None:
        from .standalone import StandaloneTrial

        return StandaloneTrial()
    from .managed import ManagedTrial
    from .manager import Manager  # loads sockets, so not before they are needed

    return ManagedTrial(settings, Manager(settings, settings.url))
