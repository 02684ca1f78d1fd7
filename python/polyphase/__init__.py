"""What a trial of a polyphase experiment imports: see :mod:`polyphase.trial`."""

from .errors import (
    EnvironmentVariableError,
    ManagerUnreachableError,
    PolyphaseError,
    RefusedError,
    UnsupportedValueError,
    WrongOrderError,
)
from .trial import (
    get_current_parameter,
    get_experiment_id,
    get_next_parameter,
    get_sequence_id,
    get_trial_id,
    is_stopped,
    log,
    phases,
    report_final_result,
    report_intermediate_result,
)

__version__ = "0.1.0"

__all__ = [
    "EnvironmentVariableError",
    "ManagerUnreachableError",
    "PolyphaseError",
    "RefusedError",
    "UnsupportedValueError",
    "WrongOrderError",
    "get_current_parameter",
    "get_experiment_id",
    "get_next_parameter",
    "get_sequence_id",
    "get_trial_id",
    "is_stopped",
    "log",
    "phases",
    "report_final_result",
    "report_intermediate_result",
]
