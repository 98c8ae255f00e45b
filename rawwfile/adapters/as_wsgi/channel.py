"""A WSGI host as the connection of an exchange."""

from __future__ import annotations

import itertools
import select
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from rawwfile.adapters.as_wsgi.handover import Handover
from rawwfile.errors import ClientDisconnected, ClientGone, RemoteProtocolError
from rawwfile.exchange.channel import ENDED, GONE, OPEN, Handle
from rawwfile.http.events import RequestHead
from rawwfile.http.limits import Limits
from rawwfile.http.reader import RequestReader

BLOCK = 65536
"""Most bytes read from wsgi.input at a time."""
LOOK = 0.25
"""Seconds between two looks for the client, where the host cannot call back."""

_LEFT = select.POLLERR | select.POLLHUP | select.POLLNVAL
_RDHUP: int = getattr(select, "POLLRDHUP", 0)
_numbers = itertools.count(1)

_HOSTS_OWN = frozenset(("HTTP_CONTENT_LENGTH", "HTTP_CONTENT_TYPE", "HTTP_EXPECT", "HTTP_TE", "HTTP_TRANSFER_ENCODING"))
"""Fields that are between the client and the host: framing, 100-continue, trailers."""


class HostChannel:
    """See `rawwfile.exchange.channel.Channel`. Made for one request.

    tail: what the engine gave as the end of a response: bytes, and after them perhaps a FileSlice.
    """

    stopping = False
    streams_over = False

    def __init__(self, environ: dict[str, Any], handover: Handover, limits: Limits) -> None:
        self._environ = environ
        self._input = environ["wsgi.input"]
        self._left = _content_length(environ)
        self._chunked = _is_chunked(environ)
        self._handover = handover
        self._limits = limits
        self.reader = RequestReader(limits)
        self.scheme: str = environ["wsgi.url_scheme"]
        self.number = next(_numbers)
        self.tail: list[Any] = []

    def read_head(self) -> RequestHead:
        """The request of the environ. Raises RemoteProtocolError for one that breaks HTTP."""
        self.reader.receive_data(_head_of(self._environ, self._left, self._chunked))
        head = self.reader.next_event()
        if not isinstance(head, RequestHead):
            raise RemoteProtocolError("the WSGI host's environ is no request")
        return head

    # -- bytes

    def receive(self, timeout: float | None) -> bytes:
        """See Channel; the time-out is the host's."""
        try:
            if self._chunked:
                # The host has removed the coding; the reader is told of it again.
                data: bytes = self._input.read(BLOCK)
                self._chunked = bool(data)
                return b"%x\r\n%b\r\n" % (len(data), data) if data else b"0\r\n\r\n"
            data = self._input.read(min(BLOCK, self._left)) if self._left else b""
        except OSError as error:
            raise ClientDisconnected(f"the host cannot read the request's content: {error}") from error
        self._left -= len(data)
        return data

    def send(self, data: bytes) -> None:
        """See Channel. Raises CannotHandOver."""
        self._handover.push(data)

    def send_last(self, data: bytes, rest: Any = None) -> bool:
        """See Channel: it becomes the iterable that the host is given. Raises CannotHandOver."""
        self.tail += self._handover.content_of(data)
        if rest is not None:
            self._handover.skip(len(rest) if isinstance(rest, memoryview) else rest.length)
            self.tail.append(rest)
        return True

    def try_send(self, data: bytes) -> int:
        """See Channel: a host takes bytes only from the thread that it called."""
        return 0

    # -- who is there

    def peer(self) -> tuple[str, int]:
        """See Channel."""
        return self._environ.get("REMOTE_ADDR") or "", _port(self._environ.get("REMOTE_PORT"))

    def local(self) -> tuple[str, int]:
        """See Channel."""
        return self._environ["SERVER_NAME"].strip("[]"), _port(self._environ["SERVER_PORT"])

    def tls(self) -> Any:
        """See Channel: hosts do not tell."""
        return None

    def client_state(self) -> int:
        """See Channel; OPEN where the host has no way to tell."""
        for key in ("rawwfile.client_disconnected", "waitress.client_disconnected"):
            ask = self._environ.get(key)
            if ask is not None:
                return GONE if ask() else OPEN
        events = self._events(_RDHUP, 0)
        return OPEN if not events else GONE if events & _LEFT else ENDED

    def await_reset(self, seconds: float) -> bool:
        """See Channel."""
        return bool(self._events(0, seconds))

    def _events(self, mask: int, seconds: float) -> int:
        sock = self._environ.get("gunicorn.socket") or self._environ.get("werkzeug.socket")
        if sock is None or sock.fileno() < 0:
            return 0
        poll = select.poll()
        poll.register(sock.fileno(), mask)
        return sum(events for _, events in poll.poll(seconds * 1000))

    # -- waiting

    def wait(self, timeout: float | None, readable: Iterable[int], mind_end: bool) -> list[int]:
        """See Channel."""
        poll = select.poll()
        for fd in readable:
            poll.register(fd, select.POLLIN)
        ends_at = None if timeout is None else time.monotonic() + timeout
        while True:
            left = LOOK if ends_at is None else min(LOOK, max(0.0, ends_at - time.monotonic()))
            found = poll.poll(left * 1000)
            if found or left < LOOK:
                return [fd for fd, _ in found]
            state = self.client_state()
            if state == GONE or (state == ENDED and mind_end):
                raise ClientGone("the client is gone")

    def watch(self, callback: Callable[[bool], Any]) -> Handle:
        """See Channel."""
        register = self._environ.get("rawwfile.on_disconnect")
        if register is not None:
            handle: Handle = register(lambda: callback(True))
            return handle
        return _Watch(self, callback)

    def call_at(self, when: float, callback: Callable[[], Any]) -> Handle:
        """See Channel."""
        timer = threading.Timer(max(0.0, when - time.monotonic()), callback)
        timer.daemon = True
        timer.start()
        return timer

    # -- threads are the host's

    def begin_stream(self) -> bool:
        """See Channel."""
        return True

    def hand_over(self) -> None:
        """See Channel."""

    def announce(self, handler: Any) -> None:
        """See Channel."""


class _Watch:
    """Looks for the client from time to time, in a thread of its own."""

    def __init__(self, channel: HostChannel, callback: Callable[[bool], Any]) -> None:
        self._over = threading.Event()
        self._channel, self._callback = channel, callback
        threading.Thread(target=self._look, name="rawwfile-watch", daemon=True).start()

    def cancel(self) -> None:
        """Look no more."""
        self._over.set()

    def _look(self) -> None:
        ended = False
        while not self._over.wait(LOOK):
            state = self._channel.client_state()
            if state == GONE or (state == ENDED and not ended):
                ended = True
                self._callback(state == GONE)
            if state == GONE:
                return


def _head_of(environ: dict[str, Any], length: int, chunked: bool) -> bytes:
    """The request line and fields that `environ` was made of, near enough."""
    minor = 0 if environ.get("SERVER_PROTOCOL") == "HTTP/1.0" else 1
    lines = [f"{environ['REQUEST_METHOD']} {_target_of(environ)} HTTP/1.{minor}"]
    for key, value in environ.items():
        if key.startswith("HTTP_") and key not in _HOSTS_OWN and isinstance(value, str):
            lines.append(f"{key[5:].replace('_', '-').title()}: {value}")
    if "HTTP_HOST" not in environ:
        lines.append(f"Host: {environ['SERVER_NAME']}:{environ['SERVER_PORT']}")
    if environ.get("CONTENT_TYPE"):
        lines.append(f"Content-Type: {environ['CONTENT_TYPE']}")
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif length:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _target_of(environ: dict[str, Any]) -> str:
    """The target as it was sent, if the host tells and nobody has rewritten the path since."""
    path: str = environ.get("PATH_INFO") or ""
    query = environ.get("QUERY_STRING") or ""
    for key in ("RAW_URI", "REQUEST_URI"):
        raw = (environ.get(key) or "").partition("?")[0]
        if raw.startswith("/") and raw.isascii() and unquote_to_bytes(raw).decode("latin-1") == path:
            return f"{raw}?{query}" if query else raw
    if not path.startswith("/"):
        path = "/" + path
    quoted = quote(path.encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
    return f"{quoted}?{query}" if query else quoted


def _content_length(environ: dict[str, Any]) -> int:
    value = environ.get("CONTENT_LENGTH") or "0"
    return int(value) if value.isascii() and value.isdigit() else 0


def _is_chunked(environ: dict[str, Any]) -> bool:
    """The content has no length, and the host says where it ends."""
    stated = bool(environ.get("CONTENT_LENGTH"))
    return not stated and "HTTP_TRANSFER_ENCODING" in environ and bool(environ.get("wsgi.input_terminated"))


def _port(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() else 0
