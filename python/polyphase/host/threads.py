"""Threads that the user's code starts by itself."""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    from .failure import UserCode


def tell_of_ends(user: UserCode, say: Callable[[str], None]) -> None:
    """An exception that ends such a thread reaches no call of ours: it is said all the same, beside its traceback."""
    usual = threading.excepthook

    def hook(ended: Any) -> None:
        usual(ended)
        if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
            say(f"a thread of its own has ended: {user.failure(ended.exc_value, None).message}")

    threading.excepthook = hook
