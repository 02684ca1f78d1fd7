"""Switches of the experiment, and logging."""

from __future__ import annotations

import logging
import os

from .trial_log import LINE_FORMAT

_LEVELS = {
    "trace": logging.DEBUG,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
    "fatal": logging.CRITICAL,
}


def multi_phase_enabled() -> bool:
    return _is_true("MULTI_PHASE")


def multi_thread_enabled() -> bool:
    return _is_true("MULTI_THREAD")


def enable_multi_thread() -> None:
    os.environ["MULTI_THREAD"] = "True"


def enable_multi_phase() -> None:
    os.environ["MULTI_PHASE"] = "True"


def init_logger(logger_file_path: str | None, log_level_name: str = "info") -> None:
    """Log lines go to a file, or to stderr where that is None. A file in no folder lies in NNI_LOG_DIRECTORY."""
    if logger_file_path and not os.path.dirname(logger_file_path):
        logger_file_path = os.path.join(os.environ.get("NNI_LOG_DIRECTORY") or ".", logger_file_path)
    root = logging.getLogger()
    if logger_file_path or not root.handlers:  # no line comes to stderr twice
        handler = logging.FileHandler(logger_file_path) if logger_file_path else logging.StreamHandler()
        handler.setFormatter(logging.Formatter(LINE_FORMAT))
        root.addHandler(handler)
    root.setLevel(_LEVELS.get(log_level_name.lower(), logging.INFO))


def _is_true(name: str) -> bool:
    return os.environ.get(name) in ("true", "True")
