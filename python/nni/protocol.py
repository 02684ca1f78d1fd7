"""What an advisor sends, by NNI's names. No frames and no pipes are behind it: a packet goes straight to the host."""

from __future__ import annotations

from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


class CommandType(Enum):
    Initialize = b"IN"
    RequestTrialJobs = b"GE"
    ReportMetricData = b"ME"
    UpdateSearchSpace = b"SS"
    ImportData = b"FD"
    AddCustomizedTrialJob = b"AD"
    TrialEnd = b"EN"
    Terminate = b"TE"
    Ping = b"PI"

    Initialized = b"ID"
    NewTrialJob = b"TR"
    SendTrialJobParameter = b"SP"
    NoMoreTrialJobs = b"NO"
    KillTrialJob = b"KI"


_receiver: Callable[[CommandType, str], None] | None = None


def deliver_to(receiver: Callable[[CommandType, str], None] | None) -> None:
    """Where packets go from now on."""
    global _receiver
    _receiver = receiver


def send(command: CommandType, data: str) -> None:
    if _receiver is None:
        raise RuntimeError("nni.protocol.send: only an advisor that runs in an experiment can send")
    _receiver(command, data)


def receive() -> Any:
    raise RuntimeError("nni.protocol.receive: the host of polyphase receives, and calls the handlers of the advisor")
