"""The server's side of reading a connection: bytes in, events out.

    reader = RequestReader()
    reader.receive_data(bytes)         b"" says that the peer closed its side
    reader.next_event()                RequestHead, BodyPart, BodyEnd, or a Signal; may raise
    reader.start_next()                after BodyEnd: go on to the next request

    IDLE -> head -> NO_BODY ------------------> DONE -> (start_next) IDLE or CLOSED
                    LENGTH  ------------------> DONE
                    CHUNKED -> TRAILERS ------> DONE
    take_rest() from anywhere -> SWITCHED     any fault -> ERROR, for good

Any bytes, in any split, give the same events and at most one ProtocolError.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NoReturn

from rawwfile.errors import FramingError, LimitError, ProtocolError, RemoteProtocolError
from rawwfile.http import fields as _fields
from rawwfile.http import grammar
from rawwfile.http.chunked import ChunkedBody
from rawwfile.http.events import (
    NEED_DATA,
    NO_TRAILERS,
    PAUSED,
    PEER_CLOSED,
    BodyEnd,
    BodyPart,
    RequestHead,
    Signal,
)
from rawwfile.http.fields import FieldBlock
from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from rawwfile.http.lines import LineScanner, check_request_line
from rawwfile.http.target import parse_target

Event = RequestHead | BodyPart | BodyEnd | Signal


class State(Enum):
    """Where a RequestReader is; see the drawing in the module's docstring."""

    IDLE = "idle"
    NO_BODY = "no body"
    LENGTH = "length"
    CHUNKED = "chunked"
    TRAILERS = "trailers"
    DONE = "done"
    CLOSED = "closed"
    SWITCHED = "switched"
    ERROR = "error"


# Looking up a member of an Enum costs as much as a regular expression does on a short line.
_IDLE, _NO_BODY, _DONE, _LENGTH = State.IDLE, State.NO_BODY, State.DONE, State.LENGTH
_CHUNKED, _TRAILERS, _CLOSED, _ERROR = State.CHUNKED, State.TRAILERS, State.CLOSED, State.ERROR

_match_head = grammar.request_head.match
_remembered = _fields.memo.blocks.get
SLASH = ord("/")


class RequestReader:
    """Reads the requests of one connection, strictly by RFC 9112.

    limits: what a request may be at most. Not for use by two threads at once.
    """

    __slots__ = (
        "limits", "state", "_buffer", "_position", "_base", "_eof",
        "_scanner", "_left", "_chunked", "_head", "_error", "_plain_size",
    )  # fmt: skip

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._plain_size = min(limits.request_line, limits.header_size)
        self.state = _IDLE
        self._buffer: bytes | bytearray = b""
        self._position = 0
        self._base = 0
        self._eof = False
        self._scanner: LineScanner | None = None
        self._left = 0
        self._chunked: ChunkedBody | None = None
        self._head: RequestHead | None = None
        self._error: ProtocolError | None = None

    def __repr__(self) -> str:
        return f"<RequestReader {self.state.value}, {self.buffered} bytes unread>"

    @property
    def buffered(self) -> int:
        """How many received bytes have not been read yet."""
        return len(self._buffer) - self._position

    @property
    def in_head(self) -> bool:
        """A request head has begun and is not whole."""
        return self.state is _IDLE and len(self._buffer) > self._position

    @property
    def body_left(self) -> int | None:
        """Bytes of content still to be read; None while a chunked body is not at its end."""
        state = self.state
        if state is _LENGTH:
            return self._left
        return None if state is _CHUNKED or state is _TRAILERS else 0

    @property
    def eof(self) -> bool:
        """The peer has closed its side."""
        return self._eof

    def receive_data(self, data: bytes) -> None:
        """Take bytes from the peer; b"" says that no more will come."""
        if not data:
            self._eof = True
        elif self._position == len(self._buffer):
            # Nothing is kept, so the new bytes are the buffer: no copy on the ordinary path.
            if self._chunked is not None or self._scanner is not None:
                self._drop_read()
            self._base += self._position
            self._position = 0
            self._buffer = data
        else:
            self._keep_growing().extend(data)

    def next_event(self) -> Event:
        """The next event. Raises RemoteProtocolError, and the same again when asked again."""
        state = self.state
        try:
            if state is _IDLE:
                if self._scanner is not None:
                    # It goes on where it stopped; matching from the start for each drop would be quadratic.
                    return self._read_unusual_head()
                match = _match_head(self._buffer, self._position)
                if match is None:
                    return self._read_unusual_head()
                return self._read_plain_head(match) or self._read_head(match)
            if state is _NO_BODY:
                self.state = _DONE
                return NO_TRAILERS
            if state is _LENGTH:
                return self._read_length()
            if state is _CHUNKED:
                return self._read_chunked()
            if state is _TRAILERS:
                return self._read_trailers()
        except ProtocolError as error:
            self.state, self._error = _ERROR, error
            raise
        if state is _DONE:
            return PAUSED
        if state is _ERROR:
            assert self._error is not None
            raise self._error
        return PEER_CLOSED

    def start_next(self) -> bool:
        """Go on to the next request; after one that ends the connection, to CLOSED.

        True if bytes of it have been received already, or the peer has closed: `next_event` then
        has something to say. Raises RuntimeError while the content of the present request is not read.
        """
        if self.state is not _DONE and self.state is not _NO_BODY:
            raise RuntimeError(f"the present request is not at its end: {self!r}")
        assert self._head is not None
        self.state = _IDLE if self._head.keep_alive else _CLOSED
        self._head = None
        return self._eof or len(self._buffer) > self._position

    def take_rest(self) -> bytes:
        """Everything received and not read; the connection is no longer HTTP (RFC 9110 7.8)."""
        rest = bytes(self._buffer[self._position :])
        self._position = len(self._buffer)
        self._drop_read()
        self.state = State.SWITCHED
        return rest

    def _drop_read(self) -> None:
        self._buffer = b""
        self._shift()

    def _shift(self) -> None:
        """The part that was read is no longer in the buffer."""
        count = self._position
        self._base += count
        self._position = 0
        if self._chunked is not None:
            self._chunked.shift(count)
        if self._scanner is not None:
            self._scanner.shift(count)

    def _keep_growing(self) -> bytearray:
        """The buffer as a bytearray, so that a dripping peer costs no copy for each drop."""
        buffer = self._buffer
        if not isinstance(buffer, bytearray):
            self._buffer = buffer = bytearray(buffer[self._position :])
            self._shift()
        elif self._position > 65536:
            del buffer[: self._position]
            self._shift()
        return buffer

    def _read_plain_head(self, match: re.Match[bytes]) -> RequestHead | None:
        """The ordinary request in the fewest steps; None for every other.

        Whole, far from every limit, HTTP/1.1, a path, fields seen before that ask for nothing
        special. `_read_head` would say the same of it.
        """
        buffer, position = self._buffer, self._position
        if type(buffer) is not bytes:
            return None
        method, target, minor, block = match.groups()
        end = match.end()
        fields = _remembered(block)
        if (
            fields is None
            or not fields.plain
            or minor != b"1"
            or target[0] != SLASH
            or method == b"CONNECT"
            or end - position > self._plain_size
            or block.count(b"\n") > self.limits.header_count
        ):
            return None
        raw = buffer if end == len(buffer) and not position else buffer[position:end]
        self._head = head = RequestHead(method, target, 1, fields, True, raw, self._base + position)
        self._position = end
        self.state = _NO_BODY
        return head

    def _read_head(self, match: re.Match[bytes]) -> RequestHead | Signal:
        limits, position = self.limits, self._position
        method, target, minor, block = match.groups()
        start, stop = match.start(4), match.end(4)
        size = stop - start
        if (
            size > limits.header_size
            or start - 2 - position > limits.request_line
            # The shortest field line, "a:" CR LF, has four bytes.
            or (size > 4 * limits.header_count and block.count(b"\n") > limits.header_count)
        ):
            return self._read_unusual_head()
        end = match.end()
        return self._make_head(method, target, minor, block, position, end)

    def _read_unusual_head(self) -> RequestHead | Signal:
        """A head that is incomplete, has empty lines before it, passes a limit or is wrong."""
        if self._position == len(self._buffer):
            if self._eof:
                self.state = _CLOSED
                return PEER_CLOSED
            return NEED_DATA
        scanner = self._scanner
        if scanner is None:
            scanner = self._scanner = LineScanner(self.limits, self._position, check_request_line)
        if not scanner.scan(self._buffer, self._base):
            if not self._eof:
                return NEED_DATA
            if scanner.in_start and scanner.line_start == len(self._buffer):
                # Only the empty lines that some clients send after a body (RFC 9112 section 2.2).
                self.state = _CLOSED
                return PEER_CLOSED
            raise RemoteProtocolError(
                "the connection ended in the middle of a request head",
                rule="RFC 9112 8",
                note="request-head-unfinished",
                offset=self._base + len(self._buffer),
            )
        first = scanner.first_line
        self._scanner = None
        match = _match_head(self._buffer, first)
        assert match is not None
        method, target, minor, block = match.groups()
        return self._make_head(method, target, minor, block, first, match.end())

    def _make_head(self, method: bytes, target: bytes, minor: bytes, block: bytes, start: int, end: int) -> RequestHead:
        buffer = self._buffer
        if isinstance(buffer, bytearray):
            method, target, minor, block = bytes(method), bytes(target), bytes(minor), bytes(block)
        offset = self._base + start
        try:
            parsed = _fields.memo.parse(block)
            if target[:1] != b"/" or method == b"CONNECT":
                parse_target(method, target)
            keep_alive = True
            if minor == b"0":
                keep_alive = self._check_old_version(parsed)
            elif parsed.host is None:
                raise RemoteProtocolError(
                    "an HTTP/1.1 request must have a Host field", rule="RFC 9112 3.2", note="host-missing"
                )
            if parsed.connection and b"close" in parsed.connection:
                keep_alive = False
            if method == b"CONNECT":
                keep_alive = False
        except ProtocolError as error:
            error.offset = offset
            raise
        raw = buffer if end - start == len(buffer) else buffer[start:end]
        head = RequestHead(method, target, 0 if minor == b"0" else int(minor), parsed, keep_alive, bytes(raw), offset)
        self._position = end
        self._head = head
        if head.kind == "none":
            self.state = _NO_BODY
        else:
            self._start_body(head)
        return head

    def _check_old_version(self, parsed: FieldBlock) -> bool:
        """HTTP/1.0: no transfer coding, and persistence only when asked for. True if it was."""
        if parsed.kind == "chunked":
            raise FramingError(
                "Transfer-Encoding in an HTTP/1.0 request", rule="RFC 9112 6.1", note="coding-in-old-request"
            )
        return b"keep-alive" in parsed.connection

    def _start_body(self, head: RequestHead) -> None:
        if head.kind == "chunked":
            self.state = _CHUNKED
            self._chunked = ChunkedBody(self.limits, self._position)
            return
        assert head.length is not None
        if self.limits.body is not None and head.length > self.limits.body:
            # The head is told first, so that the answer can fit the request.
            self._error = LimitError(
                f"content of {head.length} bytes is more than {self.limits.body} (--limit-body)",
                status_hint=413,
                rule="RFC 9110 15.5.14",
                note="content-too-large",
                offset=head.offset,
            )
            self.state = _ERROR
            return
        self.state = _LENGTH
        self._left = head.length

    def _read_length(self) -> BodyPart | BodyEnd | Signal:
        left = self._left
        if not left:
            self.state = _DONE
            return NO_TRAILERS
        buffer, position = self._buffer, self._position
        have = len(buffer) - position
        if not have:
            return self._wait_for_body(f"{left} bytes of the content are missing")
        stop = position + min(left, have)
        data = buffer if position == 0 and stop == len(buffer) else buffer[position:stop]
        self._position = stop
        self._left = left - (stop - position)
        return BodyPart(bytes(data))

    def _read_chunked(self) -> BodyPart | BodyEnd | Signal:
        chunked = self._chunked
        assert chunked is not None
        found = chunked.next_data(self._buffer, self._base)
        self._position = chunked.position
        if found is None:
            if self._position == len(self._buffer):
                self._drop_read()
            return self._wait_for_body("the last chunk is missing")
        if found:
            start, stop = found
            part = BodyPart(bytes(self._buffer[start:stop]))
            if stop == len(self._buffer):
                self._drop_read()
            return part
        self._chunked = None
        self._scanner = LineScanner(self.limits, self._position, None)
        self.state = _TRAILERS
        return self._read_trailers()

    def _read_trailers(self) -> BodyEnd | Signal:
        scanner = self._scanner
        assert scanner is not None
        start = self._position
        if not scanner.scan(self._buffer, self._base):
            return self._wait_for_body("the trailer section is not finished")
        block = bytes(self._buffer[start : scanner.line_start - 2])
        self._position = scanner.line_start
        self._scanner = None
        self.state = _DONE
        if not block:
            return NO_TRAILERS
        pairs = grammar.split_field.findall(block)
        return BodyEnd(tuple((name, value.rstrip(b" \t")) for name, value in pairs))

    def _wait_for_body(self, what: str) -> Signal:
        if self._eof:
            self._fail(what)
        return NEED_DATA

    def _fail(self, what: str) -> NoReturn:
        raise FramingError(
            f"the connection ended in the middle of a request body: {what}",
            rule="RFC 9112 8",
            offset=self._base + len(self._buffer),
            note="request-content-short",
        )
