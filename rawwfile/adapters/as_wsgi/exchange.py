"""An exchange whose response a WSGI host takes: written pieces by write(), streams by iteration."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from rawwfile.adapters.as_wsgi.channel import HostChannel
from rawwfile.errors import ClientDisconnected, ClientGone, StreamEnd
from rawwfile.exchange import errorpage, settle
from rawwfile.exchange.body import FileSlice
from rawwfile.exchange.exchange import Exchange
from rawwfile.exchange.flushing import FLUSH
from rawwfile.exchange.head import declared_length, has_no_content
from rawwfile.exchange.stream import Encoder, close

_WHOLE = (str, bytes, bytearray, memoryview, FileSlice, Mapping, AbstractSet)
"""Bodies that are iterable, and no streams."""


class HostedExchange(Exchange):
    """An exchange that leaves its streams, and its end, to who iterates.

    pieces: the body that the host is to iterate, primed; None for any other response.
    """

    channel: HostChannel
    pieces: Pieces | None = None

    def _answer(self) -> None:
        body = self.response.body
        if not self._is_stream(body) or not settle.leaves_answer_to_us(self, self.response.__dict__.get("wfile")):
            super()._answer()
            return
        if hasattr(body, "__aiter__"):
            from rawwfile.exchange.asynchronous import AsyncPieces

            body = AsyncPieces(self, body.__aiter__())
        pieces = Pieces(self, body)
        pieces.prime()
        self.pieces = pieces

    def _is_stream(self, body: Any) -> bool:
        if self.stream is not None or not self.response.stream or isinstance(body, _WHOLE) or hasattr(body, "read"):
            return False
        return hasattr(body, "__iter__") or hasattr(body, "__aiter__")

    def _finish(self) -> None:
        """Not yet: the host has the response still before it."""

    def conclude(self) -> None:
        """The host is done: run the end hooks, in the context of the exchange."""
        self.context.run(super()._finish)

    def wrote_raw(self) -> bool:
        """The handler wrote the response by hand, or says that it has."""
        return not settle.leaves_answer_to_us(self, self.response.__dict__.get("wfile"))


class Pieces:
    """A streamed body as the host's iterable, with its promises as far as a WSGI host can keep them.

    The first piece is there before start_response is called, so that an error until then is a
    page. Each next() asks for one more; all of them, and close(), run in the exchange's context.
    """

    def __init__(self, exchange: HostedExchange, body: Any) -> None:
        self._exchange = exchange
        self._body = body
        self._pieces: Iterator[Any] = iter(body)
        self._encode = Encoder(exchange.response.charset)
        self._first = b""
        self._left: int | None = None
        self._ended = False
        self._over = False
        self._closed = False

    def prime(self) -> None:
        """Advance to the first piece that is not empty. Raises what the body raises, closed then."""
        try:
            self._first = self._next_piece()
            if not has_no_content(self._exchange):
                self._left = declared_length(self._exchange)
                self._check_length(self._first)
        except BaseException:
            close(self._exchange, self._body)
            raise

    def begin(self, start_response: Callable[..., Any], own_fields: Callable[[str], bool]) -> None:
        """Give the host status and fields; own_fields says which of them are the server's."""
        exchange = self._exchange
        response = exchange.response
        code = response.status_code
        fields = []
        for line in response.field_lines():
            name, _, value = line.partition(": ")
            lower = name.lower()
            if own_fields(lower) or (code in (204, 304) and lower == "content-type"):
                continue
            fields.append((name, value))
        response.head_sent = True
        exchange.mark_first_byte()
        start_response(f"{code} {response.reason}", fields)
        if has_no_content(exchange):
            self._first, self._over = b"", True

    def __iter__(self) -> Pieces:
        return self

    def __next__(self) -> bytes:
        exchange = self._exchange
        if self._first:
            data, self._first = self._first, b""
        elif self._over:
            raise StopIteration
        else:
            data = exchange.context.run(self._next)
            if not data:
                raise StopIteration
        exchange.content_bytes += len(data)
        return data

    def _next(self) -> bytes:
        exchange = self._exchange
        try:
            data = b"" if self._ended else self._next_piece()
            self._check_length(data)
            if not data:
                exchange.run_before_end()
                self._over = True
            return data
        except ClientDisconnected:
            exchange.end = "client-gone"
            raise
        except StreamEnd as error:
            exchange.end = "client-gone" if isinstance(error, ClientGone) else "shutdown"
            raise ClientDisconnected(errno.EPIPE, f"the stream was ended: {error}") from error
        except BaseException as error:
            exchange.end, exchange.error = "error", error
            errorpage.log_failure(exchange, error, "; the response is cut short")
            raise

    def _next_piece(self) -> bytes:
        """The next piece that is not empty; b"" at the end."""
        for piece in self._pieces:
            data = self._encode(piece) if piece is not FLUSH else b""
            if data:
                return data
            if self._exchange.client_gone():
                raise ClientDisconnected(errno.EPIPE, "the client is gone, and there is nothing to send to it")
        self._ended = True
        return self._encode.rest()

    def _check_length(self, data: bytes) -> None:
        """Hold a piece, or b"" for the end, against the handler's Content-Length. Raises ValueError."""
        if self._left is None:
            return
        self._left -= len(data)
        if self._left < 0:
            raise ValueError(f"the handler made {-self._left} bytes more than its Content-Length")
        if self._ended and self._left:
            raise ValueError(f"the handler made {self._left} bytes less than its Content-Length")

    def close(self) -> None:
        """For the host, when it is done: close the body and end the exchange, once."""
        if self._closed:
            return
        self._closed = True
        exchange = self._exchange
        if not self._over and exchange.end == "complete":
            exchange.end = "client-gone"
        try:
            exchange.context.run(close, exchange, self._body)
        finally:
            exchange.conclude()
