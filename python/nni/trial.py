"""The trial calls under the module name that NNI trials import them from."""

from __future__ import annotations

from polyphase import trial as _client
from polyphase.trial import (
    get_current_parameter,
    get_experiment_id,
    get_next_parameter,
    get_sequence_id,
    get_trial_id,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "get_current_parameter",
    "get_experiment_id",
    "get_next_parameter",
    "get_sequence_id",
    "get_trial_id",
    "report_final_result",
    "report_intermediate_result",
]


def report_intermediate_result(metric: Any) -> None:
    """:func:`polyphase.report_intermediate_result`, whose argument NNI calls ``metric``."""
    _client.report_intermediate_result(metric)


def report_final_result(metric: Any) -> None:
    """:func:`polyphase.report_final_result`, whose argument NNI calls ``metric``."""
    _client.report_final_result(metric)
