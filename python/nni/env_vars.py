"""Environment variables of trials and of the dispatcher, by attribute; None where one is not set."""

from __future__ import annotations

import os
from collections import namedtuple

_TRIAL = (
    "NNI_PLATFORM",
    "NNI_EXP_ID",
    "NNI_TRIAL_JOB_ID",
    "NNI_SYS_DIR",
    "NNI_OUTPUT_DIR",
    "NNI_TRIAL_SEQ_ID",
    "MULTI_PHASE",
)
_DISPATCHER = (
    "SDK_PROCESS",
    "NNI_MODE",
    "NNI_CHECKPOINT_DIRECTORY",
    "NNI_LOG_DIRECTORY",
    "NNI_LOG_LEVEL",
    "NNI_INCLUDE_INTERMEDIATE_RESULTS",
)


def _load(kind: str, names: tuple[str, ...]) -> tuple[str | None, ...]:
    return namedtuple(kind, names)(*map(os.environ.get, names))


trial_env_vars = _load("TrialEnvVars", _TRIAL)
dispatcher_env_vars = _load("DispatcherEnvVars", _DISPATCHER)
