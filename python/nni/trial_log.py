"""What a trial logs comes into its ``trial.log``, as with NNI, which set up logging when it was imported."""

from __future__ import annotations

import logging
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

LINE_FORMAT = "[%(asctime)s] %(levelname)s (%(name)s/%(threadName)s) %(message)s"


def begin_trial_log() -> None:
    """Lines of every logger go to ``trial.log``, from INFO on. Who has set up logging before keeps that.

    Errors go to stderr as well, whose last line is the reason of a failure.
    """
    root = logging.getLogger()
    if root.handlers:
        return
    lines = logging.StreamHandler(_trial_log())
    lines.setFormatter(logging.Formatter(LINE_FORMAT))
    errors = logging.StreamHandler(sys.__stderr__)
    errors.setLevel(logging.ERROR)
    root.addHandler(lines)
    root.addHandler(errors)
    root.setLevel(logging.INFO)


def _trial_log() -> TextIO:
    """Standard output, which leads there; the file itself where it does not: in a child whose output is read, say."""
    path = os.path.join(os.environ.get("NNI_OUTPUT_DIR", ""), "trial.log")
    printed = sys.__stdout__  # not what sys.stdout may be by then: something that logs
    if not os.path.isfile(path) or _leads_to(path, printed):
        return printed
    try:
        return open(path, "a", encoding="utf-8", errors="backslashreplace")
    except OSError:  # no import fails for a log
        return printed


def _leads_to(path: str, printed: TextIO | None) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(printed.fileno()))
    except (OSError, ValueError, AttributeError):  # it was closed, before the trial began or by it
        return False
