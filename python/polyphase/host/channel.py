"""The two pipes to the manager, out of reach of what the user's code reads and prints."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress
from threading import Lock

from polyphase.values import decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator


class Channel:
    def __init__(self, incoming: int, outgoing: int) -> None:
        self._reader = os.fdopen(incoming, "rb")
        self._outgoing = outgoing
        self._lock = Lock()
        self._manager_is_gone = False
        if hasattr(os, "register_at_fork"):
            # A forked child that outlives the host must not keep the manager waiting for the end of the stream.
            os.register_at_fork(after_in_child=lambda: _close(incoming, outgoing))

    def messages(self) -> Iterator[Any]:
        """One after the other, until the manager has closed the stream."""
        for line in self._reader:
            yield decode(line.decode("utf-8"))
        self._manager_is_gone = True

    def send(self, message: dict[str, Any]) -> None:
        """From any thread. A manager that is gone is not an error here: the end of its stream says so."""
        line = (encode(message) + "\n").encode("ascii")
        with self._lock:
            try:
                while line:
                    line = line[os.write(self._outgoing, line) :]
            except OSError as error:
                if error.errno == errno.EBADF:  # the user's code has closed all files, and the manager waits in vain
                    os._exit(1)

    def leave(self, code: int) -> None:
        """Ends the process. Where there is no manager any more to do it, with the programs that it has started."""
        if self._manager_is_gone and hasattr(os, "getpgrp") and os.getpgrp() == os.getpid():
            with suppress(OSError):
                os.killpg(os.getpid(), signal.SIGKILL)
        os._exit(code)

    def log(self, level: str, message: str) -> None:
        """A line for people in the manager's log."""
        self.send({"kind": "log", "level": level, "message": message})


def take_pipes() -> Channel:
    """Takes stdin and stdout away from everybody else: reading gives nothing, and prints go where stderr goes."""
    incoming, outgoing = os.dup(0), os.dup(1)  # not inherited by programs that the user's code starts
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(line_buffering=True)  # so that the log keeps the order of prints and log lines
    return Channel(incoming, outgoing)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        try:
            os.close(descriptor)
        except OSError:
            pass
