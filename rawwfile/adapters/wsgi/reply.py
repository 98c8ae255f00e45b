"""What one call of a WSGI application says: start_response, write(), and the extras of rawwfile."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rawwfile.exchange.flushing import FLUSH, flush_policy
from rawwfile.exchange.headers import ResponseHeaders
from rawwfile.exchange.stream import Encoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from rawwfile.adapters.wsgi.application import WsgiApplication

log = logging.getLogger("rawwfile")

_STATUS = re.compile(r"[2-9][0-9]{2}(?: [^\r\n\0]*)?")
_CHARSET = re.compile(r'charset\s*=\s*"?([^\s";]+)', re.IGNORECASE)


class Reply:
    """What the application has said so far.

    fixed: status and fields are the response's now, and stay. lenient: chunks may be str
    (`--lenient-str`).
    """

    __slots__ = ("_application", "_encoder", "_exchange", "_fields", "_status", "fixed", "lenient", "written")

    def __init__(self, exchange: Any, application: WsgiApplication) -> None:
        self._exchange = exchange
        self._application = application
        self._status: str | None = None
        self._fields: list[tuple[str, str]] = []
        self._encoder: Encoder | None = None
        self.fixed = False
        self.lenient = bool(getattr(exchange.settings, "lenient_str", False))
        self.written = False

    # -- what the application calls

    def start_response(
        self, status: str, fields: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        """PEP 3333's start_response: stores, or with exc_info replaces what was stored.

        Raises AssertionError for a second call without exc_info; the exception in exc_info if it
        is too late for another status; ValueError or TypeError for a status that is none.
        """
        try:
            if exc_info is not None and self.fixed:
                raise exc_info[1].with_traceback(exc_info[2])
            if exc_info is None and self._status is not None:
                raise AssertionError("start_response was called again without exc_info (PEP 3333 allows it once)")
        finally:
            exc_info = None  # breaks the cycle of traceback and frame
        if not isinstance(status, str):
            raise TypeError(f'status must be a str like "200 OK", not {type(status).__name__}')
        if not _STATUS.fullmatch(status):
            raise ValueError(f'status must be like "200 OK", from 200 up, not {status[:60]!r}')
        self._status = status
        self._fields = list(fields)
        return self.write

    def write(self, data: bytes) -> None:
        """Send now (PEP 3333's write()); nothing for b"". Raises ClientDisconnected."""
        data = self.encode(data)
        if data:
            if not self.written:
                self.written = True
                self._exchange.response.stream = True
                self.fix(None)
            self._exchange.write(data)

    # -- extras, by environ key

    def extras(self) -> dict[str, Any]:
        """The keys of environ that go beyond PEP 3333 (streaming contract, section 6, point 15)."""
        exchange = self._exchange
        return {
            "rawwfile.response": exchange.response,
            "rawwfile.client_disconnected": exchange.client_gone,
            "rawwfile.on_disconnect": exchange.on_disconnect,
            "rawwfile.on_end": exchange.on_end,
            "rawwfile.trailers": self.add_trailers,
            "rawwfile.flush": self.flush,
            "wsgi.early_hints": self.send_early_hints,
        }

    def add_trailers(self, trailers: Mapping[str, str]) -> None:
        """`rawwfile.trailers`: fields to send after the content, set at any time before its end.

        Those that are set before the first chunk are announced. They are sent with chunked framing
        to a client that said `TE: trailers`; else they are dropped, and the log says so. Raises
        ValueError for what cannot stand in a field line.
        """
        self._exchange.response.trailers.update(trailers)

    def flush(self, policy: Any = None) -> None:
        """`rawwfile.flush`: with a policy, when chunks go out (see `rawwfile.exchange.flushing`).

        The policy counts if it is set before the first chunk. Without one: send what waits now.
        Raises ValueError for what is no policy, ClientDisconnected.
        """
        if policy is not None:
            flush_policy(policy)
            self._exchange.response.flush = policy
        elif self._exchange.stream is not None:
            self._exchange.stream.send(FLUSH)

    def send_early_hints(self, fields: Iterable[tuple[str, str]]) -> None:
        """`wsgi.early_hints`: send a 103 (RFC 8297) with these fields, before the response.

        Nothing to a client of HTTP/1.0, and nothing once the response has begun. Raises ValueError
        for what cannot stand in a field line, ClientDisconnected.
        """
        headers = ResponseHeaders(_Interim())
        for name, value in fields:
            headers.add(_as_str(name), _as_str(value))
        exchange = self._exchange
        if exchange.head.minor < 1 or exchange.response.head_sent or wrote_raw(exchange):
            return
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.lines())
        exchange.channel.send(f"HTTP/1.1 103 Early Hints\r\n{lines}\r\n".encode("latin-1"))

    # -- for the body

    def encode(self, chunk: Any) -> bytes:
        """A chunk as bytes. Raises TypeError for what is none; with --lenient-str a str is encoded."""
        if isinstance(chunk, bytes):
            return chunk
        if not (self.lenient and isinstance(chunk, str)):
            raise TypeError(
                f"{self._application.name} must give bytes, not {type(chunk).__name__}: {chunk!r:.60} (PEP 3333"
                + ("; --lenient-str takes str)" if isinstance(chunk, str) else ")")
            )
        if self._encoder is None:
            self._encoder = Encoder(self._charset())
        return self._encoder(chunk)

    def rest(self) -> bytes:
        """What a stateful charset has to say at the end of text."""
        return b"" if self._encoder is None else self._encoder.rest()

    @property
    def wrote_raw(self) -> bool:
        """The response is written by hand."""
        return wrote_raw(self._exchange)

    @property
    def by_hand(self) -> bool:
        """The application wrote its response on `rawwfile.response`; there is no head to fix."""
        by_hand: bool = self._exchange.wrote_by_hand
        return by_hand

    @property
    def content_length(self) -> int | None:
        """The Content-Length that the application states; None without a good one."""
        for name, value in self._fields:
            if name.lower() == "content-length" and isinstance(value, str) and value.isascii() and value.isdigit():
                return int(value)
        return None

    def fix(self, length: int | None) -> None:
        """Make status and fields those of the response: from here on they stay.

        length: of the whole content, where it is known, for a response that does not state it.
        """
        if self._status is None:
            raise RuntimeError(
                f"{self._application.name} gave its answer without calling start_response(status, headers) "
                "first (PEP 3333)"
            )
        response = self._exchange.response
        headers = response.headers
        headers.clear()
        for name, value in self._fields:
            if not (isinstance(name, str) and isinstance(value, str)):
                raise TypeError(f"field names and values must be str, not {name!r}: {value!r}")
            if not self._application.server_owns(name):
                headers.add(name, value)
        response.status = self._status
        # On HEAD the length to state is that of the answer to GET, which an empty body does not tell.
        bodiless = response.status_code in (204, 304) or (not length and self._exchange.request.method == "HEAD")
        if length is not None and not bodiless and "Content-Length" not in headers:
            headers["Content-Length"] = str(length)
        self.fixed = True

    def _charset(self) -> str:
        for name, value in self._fields:
            found = _CHARSET.search(value) if name.lower() == "content-type" else None
            if found is not None:
                try:
                    return codecs.lookup(found[1]).name
                except LookupError:
                    break
        charset: str = self._exchange.response.charset
        return charset


class _Interim:
    """Stands for the response that the fields of a 103 belong to."""

    head_sent = False
    status = 103


def wrote_raw(exchange: Any) -> bool:
    """The application has written its response by hand, on `rawwfile.response`, or says that it has."""
    response = exchange.response
    writer = response.__dict__.get("wfile")
    begun = writer is not None and writer.observer.verdict not in ("untouched", "interim")
    return begun or not response.sendResponse


def _as_str(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
