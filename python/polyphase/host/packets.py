"""What an advisor hands to ``nni.protocol.send``, read and checked: what is wrong is said where it is sent."""

from __future__ import annotations

import json

from .failure import shortened
from .rounded import rounded, rounding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def packet_of(command: Any, text: Any) -> Any:
    from nni.protocol import CommandType

    if command is CommandType.NewTrialJob:
        return _parameters(command, text)
    if command is CommandType.SendTrialJobParameter:
        return _parameters(command, text, "trial_job_id", "parameter_index")
    if command is CommandType.KillTrialJob:
        trial_job_id = _json(command, text)
        if not isinstance(trial_job_id, str):
            raise _wrong(command, "the id of a trial job as JSON text", text)
        return trial_job_id
    return None


def _parameters(command: Any, text: Any, *needed: str) -> dict[str, Any]:
    packet = _json(command, text)
    if not isinstance(packet, dict) or any(name not in packet for name in ["parameters", *needed]):
        names = ", ".join(["parameter_id", "parameters", *needed])
        raise _wrong(command, f"a JSON object with {names}", text)
    for number in rounded(packet["parameters"]):
        raise ValueError(rounding(number))
    return packet


def _json(command: Any, text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise _wrong(command, "JSON text", text) from None


def _wrong(command: Any, expected: str, text: Any) -> ValueError:
    return ValueError(f"send({command}): expected {expected}, got {shortened(repr(text))}")
