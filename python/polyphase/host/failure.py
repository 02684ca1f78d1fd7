"""What went wrong in the user's code, and where."""

from __future__ import annotations

import os
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_OURS = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # polyphase and nni lie here


_LONGEST_TEXT = 2_000  # of what an exception says; the log has all of it


class Failure(Exception):
    """
    Ends the host. ``message`` is for the user; the traceback, where there is one, is for the log. ``method`` is None
    where none of the user's was at work.
    """

    def __init__(self, message: str, method: str | None) -> None:
        super().__init__(message)
        self.message = message
        self.method = method


class UserCode:
    """The folder that the user's class was loaded from."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(os.path.realpath(folder), "")

    def failure(self, error: BaseException, method: str | None, called: Callable[..., Any] | None = None) -> Failure:
        """``error`` came out of ``method``; ``called`` is what was called, for where none of its lines was reached."""
        text = shortened("".join(traceback.format_exception_only(type(error), error)[-1:]).strip())
        place = self._place(error) or (definition(called) if called is not None else "")
        return Failure(f"{text} ({place})" if place else text, method)

    def _place(self, error: BaseException) -> str:
        if isinstance(error, SyntaxError) and error.filename:
            return f"{error.filename}:{error.lineno}"
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_ours(frame.filename)]
        of_user = [frame for frame in frames if self._holds(frame.filename)]
        innermost = (of_user or frames)[-1:]
        return "".join(f"{frame.filename}:{frame.lineno}, in {frame.name}" for frame in innermost)

    def _holds(self, path: str) -> bool:
        path = _real(path)
        return path.startswith(self._folder) and "site-packages" not in path


def definition(function: Callable[..., Any]) -> str:
    """Where a function is written: ``/abs/my.py:12, in generate_parameters``; nothing for a built-in one."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return f"{code.co_filename}:{code.co_firstlineno}, in {code.co_name}" if code else ""


def _is_ours(path: str) -> bool:
    ours = any(path.startswith(os.path.join(_OURS, name, "")) for name in ("polyphase", "nni"))
    return ours or path.startswith("<frozen")


def _real(path: str) -> str:
    try:
        return os.path.realpath(path)
    except OSError:  # a relative one, such as <string>, in a working directory that is gone
        return path


def shortened(text: str) -> str:
    if len(text) <= _LONGEST_TEXT:
        return text
    half = _LONGEST_TEXT // 2
    return f"{text[:half]} ... ({len(text) - _LONGEST_TEXT} more) ... {text[-half:]}"
