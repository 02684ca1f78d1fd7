"""What can go wrong, told apart by class or by ``code``."""

from __future__ import annotations


class PolyphaseError(Exception):
    """Every error of this package.

    ``code`` is stable across versions, ``message`` says what was expected and what came, ``hint`` what to do about it.
    """

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(code, message, hint)  # all of them, so that the error survives pickling
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        # One line: the last one of a traceback is what people are shown as the reason of a failure.
        return f"{self.message} ({self.hint}) [{self.code}]" if self.hint else f"{self.message} [{self.code}]"


class WrongOrderError(PolyphaseError):
    """A result was reported while no phase was open: before the first parameters, or after the last ones."""


class UnsupportedValueError(PolyphaseError, TypeError):
    """A result holds something that is no JSON and has no clear meaning as such, bytes for example."""


class EnvironmentVariableError(PolyphaseError, ValueError):
    """The environment that the manager should have set for this process is incomplete or malformed."""


class ManagerUnreachableError(PolyphaseError):
    """The manager stayed away longer than POLYPHASE_RETRY_SECONDS, or can never be trusted (its TLS certificate)."""


class RefusedError(PolyphaseError):
    """The manager understood the request and said no, or gave an answer that makes no sense (``unexpected-answer``)."""

    def __init__(self, code: str, message: str, hint: str | None = None, status: int = 0) -> None:
        super().__init__(code, message, hint)
        self.args = (code, message, hint, status)
        self.status = status
