"""A live server for the integration tests, and a client that says what it saw, byte for byte.

    live = Live("http")
    @live.page
    def hello(): return "hi"
    client = live.connect()
    client.send(b"GET /hello HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
    assert client.response().body == b"hi"

Nothing here sleeps: tests wait for bytes, for the end of a connection, for a log line or an event.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import socket
import ssl
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rawwfile import NotFound, RawHTTPServer, Settings
from rawwfile.server.tls import make_context

PATIENCE = 30.0
"""Seconds after which a test that waits has failed; far more than anything takes."""

RESET = struct.pack("ii", 1, 0)
"""SO_LINGER value with which close() resets the connection."""


class LogBook(logging.Handler):
    """Keeps what the logger 'rawwfile' and its access log say; tests can wait for a line."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[logging.LogRecord] = []
        self.entries: list[Any] = []
        self._news = threading.Condition()
        self._logger = logging.getLogger("rawwfile")

    def __enter__(self) -> LogBook:
        self._level = self._logger.level
        self._logger.setLevel(logging.INFO)
        self._logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self._logger.removeHandler(self)
        self._logger.setLevel(self._level)

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging, in any thread."""
        with self._news:
            entry = getattr(record, "entry", None)
            if entry is None:
                self.records.append(record)
            else:
                self.entries.append(entry)
            self._news.notify_all()

    @property
    def messages(self) -> list[str]:
        """Every line so far, access log apart."""
        return [record.getMessage() for record in self.records]

    def wait_for(self, pattern: str) -> logging.LogRecord:
        """The first record whose message matches somewhere; waits for it."""

        def find() -> logging.LogRecord | None:
            return next((r for r in self.records if re.search(pattern, r.getMessage())), None)

        with self._news:
            found = self._news.wait_for(find, PATIENCE)
        assert found, f"no log line matches {pattern!r} among {self.messages}"
        return found

    def wait_entries(self, count: int) -> list[Any]:
        """The access log's entries, once there are `count`: those exchanges are over."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.entries) >= count, PATIENCE), self.entries
            return list(self.entries)


@dataclass(slots=True)
class WireResponse:
    """One response as it stood on the wire."""

    line: bytes
    fields: list[tuple[bytes, bytes]]
    body: bytes
    raw: bytes
    trailers: bytes = b""

    @property
    def status(self) -> int:
        """The three digits."""
        return int(self.line.split()[1])

    def get(self, name: bytes) -> bytes | None:
        """The values of a field, joined; None without one."""
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        return b", ".join(values) if values else None


class TlsSocket:
    """TLS over a socket by way of memory, for what SSLSocket cannot: end the sending and go on reading."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, name: str) -> None:
        self.sock = sock
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        self.shutdown, self.setsockopt, self.close = sock.shutdown, sock.setsockopt, sock.close
        self._until_done(self.tls.do_handshake)
        self.flush()

    def flush(self) -> None:
        """Send the cipher text that has been made."""
        if self._outgoing.pending:
            self.sock.sendall(self._outgoing.read())

    def _until_done(self, step: Callable[[], Any]) -> Any:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                self.flush()
                data = self.sock.recv(1 << 18)
                self._incoming.write(data) if data else self._incoming.write_eof()

    def sendall(self, data: bytes) -> None:
        """Send `data` in one piece of cipher text."""
        self.tls.write(data)
        self.flush()

    def recv(self, size: int) -> bytes:
        """Up to `size` bytes; b"" after a close_notify. Raises SSLEOFError for an end without one."""
        try:
            return self._until_done(lambda: self.tls.read(size))
        except ssl.SSLZeroReturnError:
            return b""

    def say_end(self) -> None:
        """Send close_notify."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        self.flush()


class Client:
    """A connection that sends any bytes and reads until a condition, or to the end.

    ending: None while it is open; "end" after a clean end (FIN, with TLS a close_notify before),
    "cut" after a FIN without close_notify, "reset" after a reset.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock: socket.socket | TlsSocket = sock
        self.buffer = b""
        self.ending: str | None = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, data: bytes) -> None:
        """Send all of `data`."""
        self.sock.sendall(data)

    def send_while_it_lasts(self, data: bytes) -> None:
        """Send `data`; that the server closes meanwhile is no fault."""
        with contextlib.suppress(OSError):
            self.sock.sendall(data)

    def get(self, path: str = "/", fields: str = "", method: str = "GET", body: bytes = b"") -> None:
        """Send an HTTP/1.1 request."""
        if body:
            fields += f"Content-Length: {len(body)}\r\n"
        self.send(f"{method} {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode("latin-1") + body)

    def fetch(self, path: str = "/", fields: str = "", method: str = "GET", body: bytes = b"") -> WireResponse:
        """Send a request and read its response."""
        self.get(path, fields, method, body)
        return self.response(method)

    def receive(self) -> bool:
        """Wait for bytes and keep them; False at the end."""
        if self.ending is not None:
            return False
        try:
            data = self.sock.recv(1 << 18)
        except ssl.SSLEOFError:
            self.ending = "cut"
        except ConnectionResetError:
            self.ending = "reset"
        else:
            self.buffer += data
            if not data:
                self.ending = "end"
        return self.ending is None

    def take(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        while len(self.buffer) < count:
            assert self.receive(), f"{self.ending} after {self.buffer[-300:]!r}, {count} bytes wanted"
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def until(self, marker: bytes) -> bytes:
        """Everything up to and with `marker`."""
        while marker not in self.buffer:
            assert self.receive(), f"{self.ending} after {self.buffer[-300:]!r}, {marker!r} wanted"
        return self.take(self.buffer.index(marker) + len(marker))

    def rest(self) -> bytes:
        """Everything to the end of the connection."""
        parts = [self.buffer]
        self.buffer = b""
        while self.receive():
            parts.append(self.buffer)
            self.buffer = b""
        return b"".join(parts)

    def response(self, method: str = "GET") -> WireResponse:
        """The next response, framed as RFC 9112 section 6.3 says."""
        head = self.until(b"\r\n\r\n")
        line, *lines = head[:-4].split(b"\r\n")
        fields = [(name, value.strip()) for name, _, value in (each.partition(b":") for each in lines)]
        found = WireResponse(line, fields, b"", head)
        if method == "HEAD" or found.status in (204, 304) or found.status < 200:
            return found
        if found.get(b"Transfer-Encoding") is not None:
            self._read_chunks(found)
            return found
        length = found.get(b"Content-Length")
        found.body = self.rest() if length is None else self.take(int(length))
        found.raw += found.body
        return found

    def _read_chunks(self, found: WireResponse) -> None:
        while True:
            line = self.until(b"\r\n")
            size = int(line.split(b";")[0], 16)
            found.raw += line
            if not size:
                break
            data = self.take(size + 2)
            assert data[-2:] == b"\r\n", data[-60:]
            found.body += data[:-2]
            found.raw += data
        while (trailer := self.until(b"\r\n")) != b"\r\n":
            found.trailers += trailer
        found.raw += found.trailers + b"\r\n"

    def finish_sending(self) -> None:
        """Say that no more will be sent (FIN, after a close_notify with TLS), and go on reading."""
        if isinstance(self.sock, TlsSocket):
            self.sock.say_end()
        self.sock.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Close with a reset, as a program that is killed may."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()


class Pages:
    """The application of a Live: the function for the path's first segment; what it returns is the body."""

    rawwfile_application = True

    def __init__(self) -> None:
        self.pages: dict[str, Callable[[], Any]] = {}

    def __call__(self, exchange: Any) -> None:
        name = exchange.request.raw_path[1:].partition("/")[0]
        handler = self.pages.get(name)
        if handler is None:
            raise NotFound(f"no page /{name}")
        exchange.announce(handler)
        exchange.response.body = handler()


@dataclass(slots=True)
class Authority:
    """Certificates for the tests: the server's files, and what a client believes."""

    cert_file: str
    ca_file: str
    ca: Any
    usual: ssl.SSLContext | None = None

    def client_context(self) -> ssl.SSLContext:
        """For clients of the server. It offers http/1.1 and notices an end without close_notify."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.set_alpn_protocols(["http/1.1"])
        return context


@dataclass(slots=True)
class Live:
    """A RawHTTPServer on a free port, in a thread of its own.

    options: for Settings. application: instead of the pages that `page` adds. tape: records it.
    """

    scheme: str = "http"
    authority: Authority | None = None
    options: dict[str, Any] = field(default_factory=dict)
    application: Any = None
    address: Any = ("127.0.0.1", 0)
    tape: Any = None
    book: LogBook = field(default_factory=LogBook)
    server: RawHTTPServer = field(init=False)
    pages: Pages = field(default_factory=Pages)
    thread: threading.Thread = field(init=False)
    _clients: list[Client] = field(default_factory=list)

    def start(self) -> Live:
        """Serve from now on; `stop` ends it."""
        self.book.__enter__()
        tls = None
        if self.scheme == "https":
            assert self.authority is not None
            tls = make_context(Settings(tls_cert=self.authority.cert_file, **self.options))
        settings = Settings(**self.options)
        self.server = RawHTTPServer(
            self.address, self.application or self.pages, settings=settings, tls=tls, tape=self.tape
        )
        self.thread = threading.Thread(target=self.server.serve_forever, name="serve_forever")
        self.thread.start()
        return self

    def page(self, handler: Callable[[], Any]) -> Callable[[], Any]:
        """Decorator: serve `handler` at /<its name>; "index" is "/"."""
        name = handler.__name__
        self.pages.pages["" if name == "index" else name] = handler
        return handler

    @property
    def port(self) -> int:
        """The TCP port."""
        return int(self.server.server_address[1])

    def url(self, path: str) -> str:
        """The address of a page; the certificate is for localhost."""
        return f"{self.scheme}://localhost:{self.port}{path}"

    def connect_plain(self, receive_buffer: int = 0) -> Client:
        """A connection without TLS, whatever the server speaks. receive_buffer: SO_RCVBUF, if not 0."""
        if isinstance(self.server.server_address, str):
            sock = socket.socket(socket.AF_UNIX)
            sock.settimeout(PATIENCE)
            sock.connect(self.server.server_address)
        else:
            sock = socket.socket(self.server.address_family)
            sock.settimeout(PATIENCE)
            if receive_buffer:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            sock.connect(self.server.server_address[:2])
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(sock)
        self._clients.append(client)
        return client

    def connect(
        self, context: ssl.SSLContext | None = None, name: str = "localhost", receive_buffer: int = 0
    ) -> Client:
        """A connection, with TLS if the server speaks it."""
        client = self.connect_plain(receive_buffer)
        if self.scheme == "https":
            assert self.authority is not None
            if self.authority.usual is None:
                self.authority.usual = self.authority.client_context()
            client.sock = TlsSocket(client.sock, context or self.authority.usual, name)
        return client

    def fetch(self, path: str = "/", fields: str = "", method: str = "GET", body: bytes = b"") -> WireResponse:
        """One request on a connection of its own."""
        with self.connect() as client:
            return client.fetch(path, fields, method, body)

    def stop(self, grace: float = 3.0) -> None:
        """End the server, and see that it never found a fault in itself."""
        for client in self._clients:
            client.close()
        self.server.shutdown(grace)
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "serve_forever did not return"
        self.server.server_close()
        self.book.__exit__()
        faults = [line for line in self.book.messages if "fault in the server" in line]
        assert not faults, [str(record.exc_info) for record in self.book.records if record.exc_info]


@contextlib.contextmanager
def server_process(code: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a server in a process of its own: `code` must print its port as its first line."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            line = process.stdout.readline()
            if not line.strip().isdigit():
                process.kill()
                raise AssertionError(f"the server did not start: {line}{process.stderr.read()}")
            yield process, int(line)
        except BaseException:
            process.kill()
            print(process.stderr.read(), file=sys.stderr)
            raise
        finally:
            process.kill()
