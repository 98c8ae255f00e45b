"""`request.rfile`: the content of the request as a binary file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rawwfile.errors import ClientDisconnected, ProtocolError, RequestBodyError
from rawwfile.http.events import NEED_DATA, BodyEnd, BodyPart
from rawwfile.http.reader import State

if TYPE_CHECKING:
    from collections.abc import Buffer  # type: ignore[attr-defined]

    from rawwfile.exchange.exchange import Exchange


class IncompleteBody(RequestBodyError, ClientDisconnected):
    """The client closed its side in the middle of the content: a 400 if it can still read one."""


class BodyFile(io.BufferedIOBase):
    """Reads exactly the content of one request, then end of file; chunked coding is removed.

    The first read answers `Expect: 100-continue`. After 101 (Switching Protocols), or 2xx to
    CONNECT, it reads what the client sends, until it closes. Reads block; without a byte for
    `--timeout-body` seconds they raise RequestBodyError (408). A broken body raises it with 400,
    one past `--limit-body` with 413, a lost client raises ClientDisconnected: never a short body.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._held = b""
        self._position = 0
        self._ended = False
        self._switched = False

    def readable(self) -> bool:
        """True until it is closed."""
        return not self.closed

    def read(self, size: int | None = -1) -> bytes:
        """Up to `size` bytes, waiting for them; all the rest for None or a negative size."""
        if size is None or size < 0:
            parts = []
            while data := self.read1():
                parts.append(data)
            return b"".join(parts)
        if size <= len(self._held) - self._position:
            return self._take(size)
        parts = []
        while size and (data := self.read1(size)):
            parts.append(data)
            size -= len(data)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read1(self, size: int = -1) -> bytes:
        """What has come, at most `size` bytes; waits only while there is nothing."""
        if self.closed:
            raise ValueError("request.rfile is closed: the handler has returned")
        if size == 0 or not self._fill():
            return b""
        have = len(self._held) - self._position
        return self._take(have if size < 0 else min(size, have))

    def readinto(self, buffer: Buffer) -> int:
        """Fill `buffer`; fewer bytes only at the end."""
        view = memoryview(buffer).cast("B")
        done = 0
        while done < len(view) and (data := self.read1(len(view) - done)):
            view[done : done + len(data)] = data
            done += len(data)
        return done

    def readinto1(self, buffer: Buffer) -> int:
        """Copy what has come into `buffer`."""
        view = memoryview(buffer).cast("B")
        data = self.read1(len(view))
        view[: len(data)] = data
        return len(data)

    def readline(self, size: int | None = -1) -> bytes:  # type: ignore[override]
        """To the next LF, the end, or `size` bytes, whichever is first."""
        limit = -1 if size is None else size
        parts: list[bytes] = []
        while limit and self._fill():
            newline = self._held.find(b"\n", self._position)
            stop = len(self._held) if newline < 0 else newline + 1
            count = stop - self._position
            if 0 <= limit < count:
                count, newline = limit, -1
            parts.append(self._take(count))
            limit -= count if limit > 0 else 0
            if newline >= 0:
                break
        return b"".join(parts)

    def _take(self, count: int) -> bytes:
        start = self._position
        stop = start + count
        if start == 0 and stop == len(self._held):
            data, self._held, self._position = self._held, b"", 0
            return data
        self._position = stop
        return self._held[start:stop]

    def _fill(self) -> bool:
        """Have at least one byte; False at the end."""
        if self.closed:
            raise ValueError("request.rfile is closed: the handler has returned")
        while self._position == len(self._held):
            if self._ended and (self._switched or not self._exchange.upgraded):
                return False
            self._held, self._position = self._next_piece(), 0
            self._ended = not self._held
        return True

    def _next_piece(self) -> bytes:
        exchange = self._exchange
        if self._switched or exchange.upgraded:
            return self._next_of_connection()
        channel = exchange.channel
        reader = channel.reader
        while True:
            try:
                event = reader.next_event()
            except ProtocolError as error:
                lost = reader.eof and error.status_hint == 400
                raise (IncompleteBody if lost else RequestBodyError)(error.status_hint, str(error)) from None
            if isinstance(event, BodyPart):
                return event.data
            if isinstance(event, BodyEnd):
                exchange.request.set_trailers(event.trailers)
                return b""
            if event is not NEED_DATA:
                return b""
            exchange.send_continue()
            timeout = exchange.settings.timeouts.body
            try:
                data = channel.receive(timeout)
            except TimeoutError:
                raise RequestBodyError(
                    408, f"no byte of the request content came for {timeout:g} s (--timeout-body)"
                ) from None
            reader.receive_data(data)

    def _next_of_connection(self) -> bytes:
        reader = self._exchange.channel.reader
        if not self._switched:
            self._switched = True
            if reader.state is not State.SWITCHED and (rest := reader.take_rest()):
                return rest
        if reader.eof:
            return b""
        return self._exchange.channel.receive(None)
