"""The manager as a trial process sees it: requests that are answered sooner or later, wherever it listens by then.

Every request of the trial API may be repeated safely, so whatever goes wrong on the way is answered by asking again.
"""

from __future__ import annotations

import time

from .connection import Connection, Endpoint
from .errors import ManagerUnreachableError, RefusedError
from .notice import warn
from .values import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .settings import Settings

_FIRST_PAUSE = 0.05  # seconds, doubled up to the longest
_LONGEST_PAUSE = 2.0

#: Too slow, too many, or a manager (or a proxy before it) that is not ready: ask again.
_COME_AGAIN = frozenset((408, 429, 502, 503, 504))


class Manager:
    """Safe to use from several threads, and from a signal handler: each request under way has its own connection."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings = settings
        self._endpoint = Endpoint(url)
        self._idle: list[Connection] = []
        self._heads: dict[str, bytes] = {}

    def forked(self) -> Manager:
        """The same manager for a child process, which must not share the connections of its parent."""
        self._hang_up()
        return Manager(self._settings, self._endpoint.url)

    def post(self, route: str, body: str, field: str | None = None) -> Any:
        """The decoded answer, an object that has ``field`` where one is named.

        Raises RefusedError for a refusal, ManagerUnreachableError after POLYPHASE_RETRY_SECONDS.
        """
        content = body.encode("ascii")
        outage: _Outage | None = None
        while True:
            try:
                status, answer = self._exchange(route, content)
                trouble = f"HTTP {status}"
            except OSError as error:
                status, answer, trouble = 503, b"", str(error) or type(error).__name__
            if status < 300:
                return _value(status, answer, field)
            if self._moved():
                continue
            if status not in _COME_AGAIN:
                raise _refusal(status, answer)
            outage = outage or _Outage(self._settings.retry_seconds)
            outage.wait(self._endpoint.url, trouble)

    def _exchange(self, route: str, content: bytes) -> tuple[int, bytes]:
        head = self._head(route) + b"%d\r\n\r\n" % len(content)
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._exchange_over(Connection(self._endpoint), head, content)
        try:
            return self._exchange_over(connection, head, content)
        except OSError:
            self._hang_up()  # closed while it was idle, as servers do; the others will be no better
            return self._exchange_over(Connection(self._endpoint), head, content)

    def _exchange_over(self, connection: Connection, head: bytes, content: bytes) -> tuple[int, bytes]:
        try:
            answer = connection.exchange(head, content)
        except BaseException:  # also when interrupted: the answer may still come, and nobody may take it for another
            connection.close()
            raise
        if connection.reusable:
            self._idle.append(connection)
        else:
            connection.close()
        return answer

    def _head(self, route: str) -> bytes:
        """The unchanging start of a request, up to the length of its body."""
        head = self._heads.get(route)
        if head is None:
            endpoint = self._endpoint
            head = self._heads[route] = (
                f"POST {endpoint.base}/api/v1/trial/{route} HTTP/1.1\r\nHost: {endpoint.authority}\r\n"
                f"Authorization: Bearer {self._settings.token}\r\nUser-Agent: polyphase-python\r\n"
                "Content-Type: application/json\r\nContent-Length: "
            ).encode("latin-1")
        return head

    def _moved(self) -> bool:
        """Whether the endpoint file names another place than the one that we know. If so, it is used from now on."""
        try:
            with open(self._settings.endpoint_file or "", encoding="utf-8") as file:
                endpoint = Endpoint(str(decode(file.read())["url"]))
        except (OSError, ValueError, LookupError, TypeError):
            return False  # not there, or just being written
        if endpoint.url == self._endpoint.url:
            return False
        self._endpoint = endpoint
        self._heads = {}
        self._hang_up()
        return True

    def _hang_up(self) -> None:
        while self._idle:
            self._idle.pop().close()


class _Outage:
    """The time from the first failure of a request on."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._since = time.monotonic()
        self._pause = 0.0

    def wait(self, url: str, trouble: str) -> None:
        """Pauses before the next attempt; says so once. Raises ManagerUnreachableError when patience is at its end."""
        left = self._limit - (time.monotonic() - self._since)
        if left <= 0:
            raise ManagerUnreachableError(
                "manager-unreachable",
                f"the manager at {url} did not answer within {self._limit:g} s ({trouble})",
                "is the experiment still running? POLYPHASE_RETRY_SECONDS says how long to wait; unset, for ever",
            )
        if not self._pause:
            warn(f"the manager at {url} cannot be reached ({trouble}); trying again until it is back")
        self._pause = min(self._pause * 2 or _FIRST_PAUSE, _LONGEST_PAUSE)
        time.sleep(min(self._pause, left))


def _value(status: int, answer: bytes, field: str | None) -> Any:
    try:
        value = decode(answer.decode("utf-8")) if answer else None
    except ValueError:
        raise _unexpected(status, answer) from None
    if field is not None and not (isinstance(value, dict) and field in value):
        raise _unexpected(status, answer)
    return value


def _refusal(status: int, answer: bytes) -> RefusedError:
    try:
        error = decode(answer.decode("utf-8"))["error"]
        return RefusedError(error["code"], error["message"], error.get("hint"), status)
    except (ValueError, LookupError, TypeError, AttributeError):
        return _unexpected(status, answer)


def _unexpected(status: int, answer: bytes) -> RefusedError:
    text = answer[:500].decode("utf-8", "replace")
    return RefusedError(
        "unexpected-answer",
        f"the manager answered HTTP {status}: {text!r}",
        "does POLYPHASE_URL name a polyphase manager of this version?",
        status,
    )
