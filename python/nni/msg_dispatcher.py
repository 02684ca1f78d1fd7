"""Names of NNI's own dispatcher that custom code imports. The dispatcher itself is :mod:`polyphase.host`."""

from __future__ import annotations

import itertools

from .msg_dispatcher_base import MsgDispatcherBase
from .utils import to_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_parameter_ids = itertools.count()
_trial_params: dict[Any, Any] = {}
_customized_parameter_ids: set[Any] = set()


def _create_parameter_id() -> int:
    return next(_parameter_ids)


def _pack_parameter(
    parameter_id: Any,
    params: Any,
    customized: bool = False,
    trial_job_id: str | None = None,
    parameter_index: int | None = None,
) -> str:
    """The text of a packet for NewTrialJob or SendTrialJobParameter."""
    _trial_params[parameter_id] = params
    source = "customized" if customized else "algorithm"
    packet = {"parameter_id": parameter_id, "parameter_source": source, "parameters": params}
    if trial_job_id is not None:
        packet["trial_job_id"] = trial_job_id
    packet["parameter_index"] = 0 if parameter_index is None else parameter_index
    return to_json(packet)


class MsgDispatcher(MsgDispatcherBase):
    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError(
            "nni.msg_dispatcher.MsgDispatcher: polyphase calls tuners and assessors itself; name the tuner and the "
            "assessor in the experiment's config, or extend nni.msg_dispatcher_base.MsgDispatcherBase"
        )
