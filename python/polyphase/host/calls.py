"""Calls into the user's code: with the keyword arguments that a method takes, counted, and watched by the manager."""

from __future__ import annotations

import inspect
import itertools
from threading import Lock

from .failure import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .failure import UserCode

#: Not part of NNI's interface, so that a ``**kwargs`` which is passed on to somebody else does not get it.
_ONLY_BY_NAME = ("parameter_index",)


class Calls:
    def __init__(self, user: UserCode) -> None:
        self._user = user
        self._numbers = itertools.count(1)
        self._begun = 0
        self._at_work: dict[int, str] = {}  # by number, the oldest first
        self._lock = Lock()

    def make(self, method: str, function: Callable[..., Any], /, *given: Any, **offered: Any) -> Any:
        """What ``function`` answers, whatever its arguments are called. Every error becomes a Failure, but for the two that are answers."""
        number = self._begin(method)
        try:
            return function(*given, **offered)
        except BaseException as error:  # SystemExit, too: a tuner that ends the process has failed
            if isinstance(error, Failure) or (method.startswith("generate") and isinstance(error, _answers())):
                raise
            raise self._user.failure(error, method, function) from error
        finally:
            with self._lock:
                del self._at_work[number]

    def offer(self, owner: Any, method: str, *given: Any, **offered: Any) -> Any:
        """As :meth:`make`, with those of the ``offered`` keyword arguments that the method takes."""
        function = getattr(owner, method)
        return self.make(method, function, *given, **fitting(function, len(given), offered))

    def where(self) -> tuple[int, str | None]:
        """How many calls have begun, and which is at work: the oldest of several."""
        with self._lock:
            return self._begun, next(iter(self._at_work.values()), None)

    def _begin(self, method: str) -> int:
        with self._lock:
            self._begun = number = next(self._numbers)
            self._at_work[number] = method
        return number


def fitting(function: Callable[..., Any], given: int, offered: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments that ``function`` takes beside ``given`` positional ones.

    An argument that is required and unknown by name gets the trial job's id: it was the last positional one in the days
    of MultiPhaseTuner.
    """
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a callable without a signature that Python knows
        return offered
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)
    rest = [parameter for parameter in parameters[given:] if parameter.kind in _BY_NAME]
    names = {parameter.name for parameter in rest}
    taken = {
        name: value for name, value in offered.items() if name in names or (takes_any and name not in _ONLY_BY_NAME)
    }
    unknown = [
        p.name for p in rest if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD and p.name not in taken
    ]
    if len(unknown) == 1 and "trial_job_id" in offered and "trial_job_id" not in names:
        taken.pop("trial_job_id", None)
        taken[unknown[0]] = offered["trial_job_id"]
    return taken


_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def _answers() -> tuple[type, ...]:
    from nni.exceptions import NoMoreTrialError, TunerWaiting

    return NoMoreTrialError, TunerWaiting


def overrides(owner: Any, method: str, *bases: type) -> bool:
    """Whether the class of ``owner`` has a ``method`` of its own, and not merely that of one of ``bases``."""
    own = getattr(type(owner), method, None)
    return own is not None and all(own is not getattr(base, method, None) for base in bases)
