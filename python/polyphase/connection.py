"""One keep-alive HTTP/1.1 connection: whole requests out, whole answers in.

Written for short answers on the loopback: one ``send`` per request, one ``recv`` for a usual answer, no header objects.
"""

from __future__ import annotations

import socket

from .errors import EnvironmentVariableError, ManagerUnreachableError

#: In seconds. An answer takes as long as a held request may take, and then some.
CONNECT_TIMEOUT = 10.0
HELD_REQUEST = 25.0
ANSWER_TIMEOUT = HELD_REQUEST + 15.0

_LONGEST_LINE = 65_536
_BIG_BODY = 65_536


class BrokenAnswerError(OSError):
    """The connection ended within an answer, or what came is not HTTP."""


class Endpoint:
    """Where the manager listens: ``http://host:port/base`` taken apart."""

    def __init__(self, url: str) -> None:
        scheme, separator, rest = url.partition("://")
        authority, slash, base = rest.partition("/")
        host, colon, port = authority.rpartition(":")
        if not colon or port.endswith("]"):
            host, port = authority, "443" if scheme == "https" else "80"
        if scheme not in ("http", "https") or not separator or not host or not port.isdigit():
            raise EnvironmentVariableError(
                "bad-environment", f"POLYPHASE_URL: expected http://host:port or https://host:port, got {url!r}"
            )
        self.url = url
        self.secure = scheme == "https"
        self.authority = authority
        self.host = host.strip("[]")
        self.port = int(port)
        self.base = (slash + base).rstrip("/")


class Connection:
    """Not for two threads at once. After any error it must be closed."""

    def __init__(self, endpoint: Endpoint) -> None:
        plain = socket.create_connection((endpoint.host, endpoint.port), CONNECT_TIMEOUT)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = _secure(plain, endpoint) if endpoint.secure else plain
        except BaseException:
            plain.close()
            raise
        self._socket.settimeout(ANSWER_TIMEOUT)
        self._reader = self._socket.makefile("rb")
        #: How many requests it has served. One that has served some may have been closed meanwhile for being idle.
        self.served = 0
        #: False once the manager said that this was its last answer here.
        self.reusable = True

    def exchange(self, head: bytes, body: bytes) -> tuple[int, bytes]:
        """Sends one request and gives status and body of the answer. Raises OSError when the connection fails."""
        try:
            self._send(head, body)
        except OSError:
            # A refused upload: the manager may have answered and hung up while we were still sending.
            status, answer = self._read_answer()
            self.reusable = False
            if status < 400:
                raise
        else:
            status, answer = self._read_answer()
        self.served += 1
        return status, answer

    def close(self) -> None:
        self._reader.close()
        self._socket.close()

    def _send(self, head: bytes, body: bytes) -> None:
        if len(body) < _BIG_BODY:
            self._socket.sendall(head + body)
        else:
            self._socket.sendall(head)
            self._socket.sendall(body)

    def _read_answer(self) -> tuple[int, bytes]:
        status = 100
        while status < 200:  # 1xx only announces the answer
            status, version = self._read_status()
            headers = self._read_headers()
        wish = headers.get(b"connection", b"").lower()
        if b"close" in wish or (version == b"HTTP/1.0" and b"keep-alive" not in wish):
            self.reusable = False
        if status in (204, 304):
            return status, b""
        if b"chunked" in headers.get(b"transfer-encoding", b"").lower():
            return status, self._read_chunks()
        if b"content-length" in headers:
            return status, self._read_exactly(_integer(headers[b"content-length"], 10))
        self.reusable = False
        return status, self._reader.read()

    def _read_status(self) -> tuple[int, bytes]:
        line = self._read_line()
        version, _, rest = line.partition(b" ")
        if not version.startswith(b"HTTP/1.") or not rest[:3].isdigit():
            raise BrokenAnswerError(f"the answer is not HTTP: {line[:60]!r}")
        return int(rest[:3]), version

    def _read_headers(self) -> dict[bytes, bytes]:
        headers = {}
        line = self._read_line()
        while line:
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
            line = self._read_line()
        return headers

    def _read_chunks(self) -> bytes:
        chunks = []
        size = 1
        while size:
            size = _integer(self._read_line().partition(b";")[0], 16)
            if size:
                chunks.append(self._read_exactly(size))
                self._read_line()
        self._read_headers()  # trailers
        return b"".join(chunks)

    def _read_line(self) -> bytes:
        line = self._reader.readline(_LONGEST_LINE)
        if line[-1:] != b"\n":
            raise BrokenAnswerError("the connection was closed before the answer was complete")
        return line.rstrip(b"\r\n")

    def _read_exactly(self, size: int) -> bytes:
        body = self._reader.read(size)
        if len(body) < size:
            raise BrokenAnswerError("the connection was closed before the answer was complete")
        return body


def _integer(digits: bytes, base: int) -> int:
    try:
        length = int(digits, base)
    except ValueError:
        length = -1
    if length < 0:
        raise BrokenAnswerError(f"the answer is not HTTP: {digits[:60]!r} for a length")
    return length


def _secure(plain: socket.socket, endpoint: Endpoint) -> socket.socket:
    import ssl  # slow to load, and local trials never need it

    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=endpoint.host)
    except ssl.SSLCertVerificationError as error:
        raise ManagerUnreachableError(
            "certificate-refused",
            f"the certificate of {endpoint.url} cannot be trusted: {error.verify_message}",
            "name the file of the authority that signed it in SSL_CERT_FILE",
        ) from error
