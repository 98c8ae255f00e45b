"""The reader of requests that also leaves a trail of spans: the very object that serves.

    reader = SpanReader(limits)        instead of RequestReader(limits)
    reader.trail                       what each byte was read as, so far
    reader.finish()                    when nothing more will come: what is held is "unfinished"

Events and errors are those of `RequestReader`; the trail is the same however the bytes are split.
A head is marked when it is whole: by what the grammar matched. One that is refused is marked by
the lines that were accepted, then a "fault" where the error is. Nothing behind a fault is marked,
nor content that nobody read: the trail ends before it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from functools import wraps

from rawwfile.errors import ProtocolError
from rawwfile.http import grammar
from rawwfile.http.chunked import HEX, ChunkedBody
from rawwfile.http.events import PEER_CLOSED, BodyEnd, BodyPart, RequestHead, Signal
from rawwfile.http.head_spans import (
    mark_empty_lines,
    mark_field,
    mark_fields,
    mark_line_end,
    mark_odd_lines,
    mark_request_line,
)
from rawwfile.http.lenient import LenientReader, odd_in_target
from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from rawwfile.http.lines import LineScanner
from rawwfile.http.reader import Event, RequestReader, State
from rawwfile.http.spans import SpanTrail

log = logging.getLogger("rawwfile")

_not_empty = re.compile(rb"[^\r\n]")


class _Deaf(SpanTrail):
    """Takes the place of a trail that could not be marked: what comes is read, and not marked."""

    __slots__ = ()

    def mark(self, end: int, kind: str) -> None:
        """Nothing."""

    def mark_each(self, ends: Sequence[int], kinds: bytes, offset: int) -> None:
        """Nothing."""


def _harmless(mark: Callable[..., None]) -> Callable[..., None]:
    """A fault in marking costs the trail, never a request: it is logged, and nothing more is marked."""

    @wraps(mark)
    def call(self: _Spanning, *values: object) -> None:
        try:
            mark(self, *values)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, reading goes on
            log.exception("the bytes from %d on could not be marked; please report it", self.trail.end)
            self.trail = _Deaf(self.trail.end)  # type: ignore[misc]

    return call


class _Spanning(RequestReader):
    """What a reader with a trail does in addition; to be put before the reader's class."""

    __slots__ = ()
    trail: SpanTrail

    def next_event(self) -> Event:
        """See RequestReader."""
        try:
            event = super().next_event()
        except ProtocolError as error:
            self._mark_fault(error)
            raise
        if event is PEER_CLOSED and self._scanner is not None:
            # At the end there were only empty lines.
            mark_empty_lines(self.trail, self._unmarked())
        return event

    def take_rest(self) -> bytes:
        """See RequestReader. What comes after it does not pass here: who reads it must mark it."""
        rest = super().take_rest()
        self.trail.mark(self._base, "switched")
        return rest

    @_harmless
    def finish(self) -> None:
        """Nothing more will come, and nobody will read on: mark what is held of an unfinished line."""
        scanner = self._scanner
        if self._chunked is not None and self.state is State.CHUNKED:
            # Without its LF, unless it is content that nobody asked for.
            if not self._chunked.left and self._buffer.find(b"\n", self._position) < 0:
                self.trail.mark(self._base + len(self._buffer), "unfinished")
        elif scanner is not None and self.state in (State.IDLE, State.TRAILERS):
            self._mark_accepted(scanner, scanner.line_start)
            self.trail.mark(self._base + len(self._buffer), "unfinished")

    # -- heads

    def _read_plain_head(self, match: re.Match[bytes]) -> RequestHead | None:
        head = super()._read_plain_head(match)
        if head is not None:
            self._mark_head(head.method, head.target, match[4], match.start())
        return head

    def _make_head(self, method: bytes, target: bytes, minor: bytes, block: bytes, start: int, end: int) -> RequestHead:
        # Well formed, whatever it means: it is marked whether it is refused or not.
        self._mark_head(method, target, bytes(block), start)
        return super()._make_head(method, target, minor, block, start, end)

    @_harmless
    def _mark_head(self, method: bytes, target: bytes, block: bytes, start: int) -> None:
        trail = self.trail
        if trail.end < self._base + start:
            mark_empty_lines(trail, bytes(self._buffer[trail.end - self._base : start]))
        mark_request_line(trail, method, target)
        mark_fields(trail, block)
        trail.mark(trail.end + 2, "blank-line")

    # -- content

    def _start_body(self, head: RequestHead) -> None:
        super()._start_body(head)
        if self._chunked is not None:
            self._chunked = _SpanChunkedBody(self.limits, self._position, self.trail)

    def _read_length(self) -> BodyPart | BodyEnd | Signal:
        event = super()._read_length()
        self.trail.mark(self._base + self._position, "content")
        return event

    def _read_trailers(self) -> BodyEnd | Signal:
        start = self._position
        event = super()._read_trailers()
        if type(event) is BodyEnd:
            mark_fields(self.trail, bytes(self._buffer[start : self._position - 2]))
            self.trail.mark(self._base + self._position, "blank-line")
        return event

    # -- what went wrong

    def _unmarked(self) -> bytes:
        return bytes(self._buffer[self.trail.end - self._base :])

    @_harmless
    def _mark_fault(self, error: ProtocolError) -> None:
        """Mark up to the fault and the fault itself, unless that is done."""
        trail, offset, scanner = self.trail, error.offset, self._scanner
        if offset is None or offset < trail.end or self._base + len(self._buffer) == trail.end:
            return
        if scanner is None:
            # In content: what is there belongs to a line that was cut off.
            trail.mark(offset, "unfinished")
            return
        place = offset - self._base
        start = self._buffer.rfind(b"\n", trail.end - self._base, place) + 1
        self._mark_accepted(scanner, max(start, trail.end - self._base))
        if place == len(self._buffer):
            # The connection ended here.
            trail.mark(offset, "unfinished")
            return
        self._mark_begun(scanner, bytes(self._buffer[trail.end - self._base : place]))
        if scanner.line_start <= place:
            trail.mark(offset + 1, "fault")
            return
        # The line was judged as a whole.
        end = self._base + scanner.line_start
        trail.mark(end - 2 if end - 2 > offset else end, "fault")
        trail.mark(end, "crlf")

    def _mark_accepted(self, scanner: LineScanner, stop: int) -> None:
        """Lines that were found to be well formed, up to index `stop` of the buffer."""
        trail = self.trail
        lines = bytes(self._buffer[trail.end - self._base : stop])
        if scanner.check_start is not None:
            first = _not_empty.search(lines)
            empty = first.start() if first else len(lines)
            mark_empty_lines(trail, lines[:empty])
            lines = lines[empty:]
            match = grammar.request_line.match(lines)
            if match is None:
                return
            mark_request_line(trail, match[1], match[2])
            lines = lines[match.end() + 2 :]
        mark_fields(trail, lines)

    def _mark_begun(self, scanner: LineScanner, part: bytes) -> None:
        """What stands in a line before the byte that is wrong."""
        end = self.trail.end + len(part)
        if scanner.in_start:
            match = grammar.request_line.fullmatch(part)
            if match is not None:
                mark_request_line(self.trail, match[1], match[2], crlf=False)
        elif grammar.field_line.fullmatch(part):
            mark_field(self.trail, part)
        self.trail.mark(end, "unfinished")


class SpanReader(_Spanning):
    """A RequestReader that leaves a trail: `trail` holds the spans of what was read."""

    __slots__ = ("trail",)

    def __init__(self, limits: Limits = DEFAULT_LIMITS, trail: SpanTrail | None = None) -> None:
        super().__init__(limits)
        self.trail = SpanTrail() if trail is None else trail


class LenientSpanReader(_Spanning, LenientReader):
    """A LenientReader that leaves a trail, of the bytes as they came: not as they were mended."""

    __slots__ = ("trail", "_came")

    def __init__(self, limits: Limits = DEFAULT_LIMITS, trail: SpanTrail | None = None) -> None:
        super().__init__(limits)
        self.trail = SpanTrail() if trail is None else trail
        self._came: bytes | None = None

    def finish(self) -> None:
        """See SpanReader."""
        super().finish()
        if self.state is State.IDLE and self.in_head:
            held = self._unmarked()
            self._mark_as_it_came(held[: held.rfind(b"\n") + 1])
            self.trail.mark(self._base + len(self._buffer), "unfinished")

    def _replace(self, start: int, stop: int) -> None:
        head = bytes(self._buffer[start:stop])
        before = bytes(self._buffer[self.trail.end - self._base : start])
        super()._replace(start, stop)
        if self._grown is not None:
            mark_empty_lines(self.trail, before)
            self._came = head

    @_harmless
    def _mark_head(self, method: bytes, target: bytes, block: bytes, start: int) -> None:
        if self._came is None:
            super()._mark_head(method, target, block, start)
        else:
            self._mark_as_it_came(self._came)
            self._came = None

    @_harmless
    def _mark_fault(self, error: ProtocolError) -> None:
        if self._came is None:
            super()._mark_fault(error)
        else:
            # Too large as it was mended.
            self._mark_as_it_came(self._came)
            self._came = None

    def _mark_as_it_came(self, lines: bytes) -> None:
        """Whole lines: empty ones, a request line, field lines."""
        trail = self.trail
        first = _not_empty.search(lines)
        begin = first.start() if first else len(lines)
        mark_empty_lines(trail, lines[:begin])
        stop = lines.find(b"\n", begin) + 1
        line = lines[begin:stop].rstrip(b"\r\n")
        match = grammar.request_line.fullmatch(odd_in_target.sub(b"_", line))
        if match is not None:
            mark_request_line(trail, match[1], match[2], crlf=False)
            mark_line_end(trail, lines[begin:stop], line)
            mark_odd_lines(trail, lines[stop:])


class _SpanChunkedBody(ChunkedBody):
    """A ChunkedBody that marks what it passes."""

    __slots__ = ("trail",)

    def __init__(self, limits: Limits, position: int, trail: SpanTrail) -> None:
        super().__init__(limits, position)
        self.trail = trail

    def next_data(self, buffer: bytes | bytearray, base: int) -> tuple[int, int] | tuple[()] | None:
        """See ChunkedBody."""
        found = super().next_data(buffer, base)
        if found:
            self.trail.mark(base + found[1], "chunk-data")
        return found

    def _pass_crlf(self, buffer: bytes | bytearray, base: int) -> bool:
        try:
            passed = super()._pass_crlf(buffer, base)
        except ProtocolError as error:
            self._mark_fault(error)
            raise
        if passed:
            self.trail.mark(base + self.position, "crlf")
        return passed

    def _read_size(self, buffer: bytes | bytearray, base: int) -> int | None:
        start = self.position
        try:
            size = super()._read_size(buffer, base)
        except ProtocolError as error:
            assert error.offset is not None
            if error.offset == start + base and buffer[start] in HEX and self.limits.chunk_line:
                # The line was judged as a whole.
                newline = buffer.find(b"\n", start)
                self.trail.mark(base + newline - 1, "fault")
                self.trail.mark(base + newline + 1, "crlf")
            else:
                self._mark_fault(error)
            raise
        match = None if size is None else grammar.chunk_line.match(buffer, start)
        if match is not None:
            mark, (stop, end) = self.trail.mark, match.span(2)
            mark(base + stop, "chunk-size")
            mark(base + end - len(match[2].lstrip(b" \t")), "ows")
            mark(base + end, "chunk-extension")
            mark(base + end + 2, "crlf")
        return size

    def _mark_fault(self, error: ProtocolError) -> None:
        """The one byte that is wrong, and what stands before it in its line."""
        if error.offset is not None:
            self.trail.mark(error.offset, "unfinished")
            self.trail.mark(error.offset + 1, "fault")
