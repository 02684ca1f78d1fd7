"""``import nni`` in an unchanged trial: the same calls, answered by :mod:`polyphase`.

Beside it stands, module by module, what NNI's custom tuners, assessors and advisors import; nothing of that is loaded
here. In a trial job, log lines come to its log as they did with NNI.
"""

import os

from polyphase import *  # noqa: F403
from polyphase import __all__, __version__  # noqa: F401

from . import trial  # noqa: F401
from .exceptions import NoMoreTrialError, TunerWaiting  # noqa: F401
from .smartparam import *  # noqa: F403
from .trial import *  # noqa: F403

if "POLYPHASE_TRIAL_JOB_ID" in os.environ:
    from .trial_log import begin_trial_log

    begin_trial_log()


#: Modules that trials and classes use as ``nni.utils`` after no more than ``import nni``.
_ALSO = (
    "assessor",
    "common",
    "constants",
    "env_vars",
    "msg_dispatcher_base",
    "parameter_expressions",
    "protocol",
    "recoverable",
    "tuner",
    "utils",
)


def __getattr__(name: str) -> object:
    if name not in _ALSO and name != "ClassArgsValidator":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "ClassArgsValidator":  # later versions of NNI 1 had it here
        return import_module(f"{__name__}.class_args_validator").ClassArgsValidator
    return import_module(f"{__name__}.{name}")
