"""A built-in tuner, served by a Node.js process: one JSON value per line, as :mod:`polyphase.host` spells them.

::

    ▶ {"kind":"start","tuner":"TPE","optimizeMode":"maximize","seed":7,"classArgs":{}}          ◀ {"kind":"ready"}
    ▶ {"kind":"tell","messages":[...]}
    ▶ {"kind":"ask","id":1,"requests":[...]}                            ◀ {"kind":"proposals","id":1,"proposals":[...]}
    ▶ {"kind":"close"}, or the end of the stream
    ◀ {"kind":"failed","message","hint"}                                                                and it ends
"""

from __future__ import annotations

import os
import subprocess
import weakref
from threading import Lock

from .values import decode, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PYTHON_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_MODULE = os.path.join(os.path.dirname(_PYTHON_ROOT), "dist", "manager", "serve-builtin-tuner.js")


class ServedTuner:
    """From any thread, one call at a time. Its process ends with it, and with this one."""

    def __init__(self, tuner: str, optimize_mode: str, seed: int, class_args: dict[str, Any]) -> None:
        self._name = tuner
        self._process = _start()
        self._end = weakref.finalize(self, _end, self._process)
        self._asks = 0
        self._lock = Lock()
        with self._lock:
            self._say(
                {"kind": "start", "tuner": tuner, "optimizeMode": optimize_mode, "seed": seed, "classArgs": class_args}
            )
            self._hear("ready")

    def tell(self, *messages: dict[str, Any]) -> None:
        with self._lock:
            self._say({"kind": "tell", "messages": messages})

    def ask(self, *requests: dict[str, Any]) -> list[dict[str, Any]]:
        """The proposals for the requests: of kind ``parameters``, ``wait`` or ``no-more``."""
        with self._lock:
            self._asks += 1
            self._say({"kind": "ask", "id": self._asks, "requests": requests})
            return self._hear("proposals")["proposals"]

    def close(self) -> None:
        self._end()

    def _say(self, message: dict[str, Any]) -> None:
        try:
            self._process.stdin.write((encode(message) + "\n").encode("ascii"))
            self._process.stdin.flush()
        except (OSError, ValueError):
            self._hear("nothing")  # it has ended: why?

    def _hear(self, kind: str) -> dict[str, Any]:
        line = b"" if self._process.stdout.closed else self._process.stdout.readline()
        answer = decode(line.decode("utf-8")) if line.strip() else {}
        if answer.get("kind") == kind:
            return answer
        self._end()
        if answer.get("kind") == "failed":
            raise RuntimeError(answer["message"] + (f"\n  {answer['hint']}" if answer.get("hint") else ""))
        raise RuntimeError(
            f"the process of the built-in tuner {self._name} has ended with code {self._process.returncode}"
        )


def _start() -> subprocess.Popen[bytes]:
    node = os.environ.get("POLYPHASE_NODE") or "node"
    module = os.environ.get("POLYPHASE_BUILTIN_TUNER") or _MODULE
    if not os.path.exists(module):
        raise RuntimeError(
            f"the built-in tuners are part of the npm package polyphase, and {module} is not there: "
            "put the package's python folder on PYTHONPATH, or name the file in POLYPHASE_BUILTIN_TUNER"
        )
    try:
        return subprocess.Popen([node, module], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except FileNotFoundError:
        raise RuntimeError(
            f"the built-in tuners need Node.js, and there is no {node}: install it, or name it in POLYPHASE_NODE"
        ) from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """The end of its stream is what it ends at."""
    try:
        process.stdin.close()
    except OSError:
        pass
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
