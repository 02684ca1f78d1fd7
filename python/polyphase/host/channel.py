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

_HIGH = 200  # low enough for every limit of open files that is usual


class Channel:
    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._reader = os.fdopen(incoming, "rb")
        self._outgoing = outgoing
        self._lock = Lock()
        self._manager_is_gone = False
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._let_go)

    def _let_go(self) -> None:
        """A forked child that outlives the host must not keep the manager waiting, nor write to what it opens in their place."""
        _close(self._incoming, self._outgoing)
        self._outgoing = -1

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
    incoming, outgoing = _out_of_the_way(0), _out_of_the_way(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if hasattr(sys.stdout, "reconfigure"):
        # Lines, so that the log keeps the order of prints and log lines; and no print fails for its letters.
        sys.stdout.reconfigure(line_buffering=True, errors="backslashreplace")
    return Channel(incoming, outgoing)


def _out_of_the_way(descriptor: int) -> int:
    """A copy of a descriptor, not inherited by programs that the user's code starts. Its number is none that files get which
    are opened once the user's code has closed all of them: what the host writes then must not end up in there."""
    with suppress(ImportError, OSError, ValueError):
        import fcntl

        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    return os.dup(descriptor)


def _close(*descriptors: int) -> None:
    for descriptor in descriptors:
        try:
            os.close(descriptor)
        except OSError:
            pass
