"""socket, SocketServer, BaseHTTPServer and its kin: text of bytes over connections."""

from __future__ import annotations

import http.server
import io
import socket
import socketserver
from typing import Any

from rawwfile.cpy.python2.modules.data import to_bytes, to_text
from rawwfile.cpy.python2.modules.urls import headers_of


class SocketFile:
    """What makefile() gives: lines and text of a connection; written at once where bufsize is 0."""

    softspace = 0

    def __init__(self, connection: Any, mode: str = "rb", bufsize: int = -1) -> None:
        self.mode = mode
        self._inner = connection
        self._reader = socket.socket.makefile(connection, "rb")
        self._waiting: list[bytes] = []
        self._bufsize = bufsize if bufsize >= 0 else io.DEFAULT_BUFFER_SIZE
        self.closed = False

    def read(self, size: int = -1) -> str:
        return to_text(self._reader.read(size))

    def readline(self, size: int = -1) -> str:
        return to_text(self._reader.readline(size))

    def readlines(self, hint: int = 0) -> list[str]:
        return [to_text(line) for line in self._reader.readlines(hint or -1)]

    def __iter__(self) -> Any:
        return map(to_text, self._reader)

    def write(self, text: Any) -> None:
        self._waiting.append(to_bytes(text))
        if sum(map(len, self._waiting)) >= self._bufsize:
            self.flush()

    def writelines(self, texts: Any) -> None:
        for text in texts:
            self.write(text)

    def flush(self) -> None:
        data, self._waiting = b"".join(self._waiting), []
        if data:
            socket.socket.sendall(self._inner, data)

    def fileno(self) -> int:
        return int(self._inner.fileno())

    def close(self) -> None:
        if not self.closed:
            self.flush()
            self._reader.close()
            self.closed = True


class Socket(socket.socket):
    """socket.socket of 2.x."""

    @classmethod
    def of(cls, inner: socket.socket) -> Socket:
        """Return a socket of 2.x in place of today's."""
        timeout = inner.gettimeout()
        made = cls(inner.family, inner.type, inner.proto, fileno=inner.detach())
        made.settimeout(timeout)
        return made

    def accept(self) -> tuple[Socket, Any]:
        inner, address = super().accept()
        return Socket.of(inner), address

    def dup(self) -> Socket:
        return Socket.of(super().dup())

    def send(self, data: Any, *flags: int) -> int:
        return super().send(to_bytes(data), *flags)

    def sendall(self, data: Any, *flags: int) -> None:
        super().sendall(to_bytes(data), *flags)

    def sendto(self, data: Any, *rest: Any) -> int:
        return super().sendto(to_bytes(data), *rest)

    def recv(self, size: int, *flags: int) -> Any:
        return to_text(super().recv(size, *flags))

    def recvfrom(self, size: int, *flags: int) -> Any:
        data, address = super().recvfrom(size, *flags)
        return to_text(data), address

    def makefile(self, mode: str = "r", bufsize: int = -1) -> Any:  # type: ignore[override]
        return SocketFile(self, mode, bufsize)


def socket_names(_: Any) -> dict[str, Any]:
    """Return the names of socket."""

    def create_connection(*arguments: Any, **named: Any) -> Socket:
        return Socket.of(socket.create_connection(*arguments, **named))

    def socketpair(*arguments: Any) -> tuple[Socket, ...]:
        return tuple(map(Socket.of, socket.socketpair(*arguments)))

    def fromfd(*arguments: Any) -> Socket:
        return Socket.of(socket.fromfd(*arguments))

    return {"socket": Socket, "SocketType": Socket, "create_connection": create_connection, "socketpair": socketpair,
            "fromfd": fromfd, "_fileobject": SocketFile,
            "inet_aton": lambda text: to_text(socket.inet_aton(text)),
            "inet_ntoa": lambda packed: socket.inet_ntoa(to_bytes(packed)),
            "inet_pton": lambda family, text: to_text(socket.inet_pton(family, text)),
            "inet_ntop": lambda family, packed: socket.inet_ntop(family, to_bytes(packed))}  # fmt: skip


class StreamRequestHandler(socketserver.StreamRequestHandler):
    """A handler whose files hold text of bytes."""

    def setup(self) -> None:
        super().setup()
        if isinstance(self.request, socket.socket) and not isinstance(self.request, Socket):
            # The server closes today's socket; the handler speaks through the same connection.
            self.connection = self.request
        self.rfile = TextReader(self.rfile)  # type: ignore[assignment]
        self.wfile = TextWriter(self.wfile)  # type: ignore[assignment]


class TextReader:
    """A file of bytes, read as text."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def read(self, *size: int) -> str:
        return to_text(self.inner.read(*size))

    def readline(self, *size: int) -> str:
        return to_text(self.inner.readline(*size))

    def readlines(self, *hint: int) -> list[str]:
        return [to_text(line) for line in self.inner.readlines(*hint)]

    def __iter__(self) -> Any:
        return map(to_text, self.inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class TextWriter:
    """A file of bytes that text is written to; bytes may be too."""

    softspace = 0

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def write(self, text: Any) -> None:
        self.inner.write(to_bytes(text))

    def writelines(self, texts: Any) -> None:
        for text in texts:
            self.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class _HttpMixin:
    """Reads requests as today's handlers do, and hands their methods text and old headers."""

    def setup(self: Any) -> None:
        super().setup()  # type: ignore[misc]
        self.wfile = TextWriter(self.wfile)
        self._bytes = self.rfile

    def handle_one_request(self: Any) -> None:
        self.rfile = self._bytes
        super().handle_one_request()  # type: ignore[misc]

    def parse_request(self: Any) -> bool:
        done = super().parse_request()  # type: ignore[misc]
        if done:
            self.headers = headers_of(self.headers)
            self.rfile = TextReader(self._bytes)
            self.raw_requestline = to_text(self.raw_requestline)
        return bool(done)


class BaseHTTPRequestHandler(_HttpMixin, http.server.BaseHTTPRequestHandler):  # type: ignore[misc]
    """BaseHTTPServer's handler."""


class SimpleHTTPRequestHandler(_HttpMixin, http.server.SimpleHTTPRequestHandler):  # type: ignore[misc]
    """SimpleHTTPServer's handler."""


def base_http_names(_: Any) -> dict[str, Any]:
    """Return the names of BaseHTTPServer and its kin."""
    return {"BaseHTTPRequestHandler": BaseHTTPRequestHandler, "SimpleHTTPRequestHandler": SimpleHTTPRequestHandler,
            "HTTPServer": http.server.HTTPServer}  # fmt: skip


MODULES: dict[str, tuple[str, Any]] = {
    "socket": ("socket", socket_names),
    "SocketServer": ("socketserver", lambda _: {"StreamRequestHandler": StreamRequestHandler}),
    "BaseHTTPServer": ("http.server", base_http_names),
    "SimpleHTTPServer": ("http.server", base_http_names),
    "CGIHTTPServer": ("http.server", base_http_names),
}
