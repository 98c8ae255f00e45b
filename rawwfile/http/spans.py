"""What each byte of a stream is: spans with a kind, and the trail of them that a reader leaves behind.

    trail = SpanTrail()
    trail.mark(3, "method")            the bytes from the trail's end up to 3
    trail.mark(4, "sp")
    list(trail)                        [Span(0, 3, "method"), Span(3, 4, "sp")]
    trail.tiled(0, 10)                 the same, and Span(4, 10, "unread")

A stream is one direction of one connection; offsets count from its first byte. The spans of a trail
tile it: each begins where the one before ends. Bytes behind the trail's end were not read (yet).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple


class Span(NamedTuple):
    """The bytes from `start` up to `end` (offsets in the stream) are of one kind, a key of `SPAN_KINDS`."""

    start: int
    end: int
    kind: str


class SpanKind(NamedTuple):
    """What a kind of span is called, and the rule that says what stands there ("" if none does)."""

    name: str
    title: str
    rule: str


_ROWS = (
    # The start line.
    ("method", "method", "RFC 9112 section 3.1"),
    ("target", "request target", "RFC 9112 section 3.2"),
    ("version", "HTTP version", "RFC 9112 section 2.3"),
    ("status-code", "status code", "RFC 9112 section 4"),
    ("reason", "reason phrase", "RFC 9112 section 4"),
    ("sp", "space", "RFC 9112 section 3"),
    # Line ends.
    ("crlf", "line end", "RFC 9112 section 2.2"),
    ("bare-lf", "line end of LF alone", "RFC 9112 section 2.2"),
    ("bare-cr", "CR without LF", "RFC 9112 section 2.2"),
    ("blank-line", "empty line: end of the fields", "RFC 9112 section 2.1"),
    ("empty-line", "empty line before a request", "RFC 9112 section 2.2"),
    # Field lines.
    ("field-name", "field name", "RFC 9112 section 5"),
    ("stray-space", "space where none may stand", "RFC 9112 section 5.1"),
    ("colon", "colon", "RFC 9112 section 5"),
    ("ows", "optional space", "RFC 9110 section 5.6.3"),
    ("field-value", "field value", "RFC 9112 section 5"),
    ("obs-fold", "line fold (obsolete)", "RFC 9112 section 5.2"),
    # Content.
    ("content", "content", "RFC 9112 section 6"),
    ("chunk-size", "chunk size (hexadecimal)", "RFC 9112 section 7.1"),
    ("chunk-extension", "chunk extension", "RFC 9112 section 7.1.1"),
    ("chunk-data", "chunk data", "RFC 9112 section 7.1"),
    ("excess", "beyond the end of the message", "RFC 9112 section 6.3"),
    ("fault", "refused, or makes the message unreadable", "RFC 9112 section 2.2"),
    ("unread", "not read", ""),
    ("unfinished", "part of a line that never ended", "RFC 9112 section 8"),
    ("switched", "another protocol", "RFC 9110 section 7.8"),
    # Inside content and after a switch of protocols: see `refine`.
    ("sse-field", "event stream: field name", "WHATWG HTML section 9.2"),
    ("sse-colon", "event stream: colon", "WHATWG HTML section 9.2"),
    ("sse-value", "event stream: value", "WHATWG HTML section 9.2"),
    ("sse-comment", "event stream: comment", "WHATWG HTML section 9.2"),
    ("sse-line-end", "event stream: line end", "WHATWG HTML section 9.2"),
    ("sse-blank", "event stream: end of the event", "WHATWG HTML section 9.2"),
    ("part-boundary", "boundary between parts", "RFC 2046 section 5.1.1"),
    ("part-head", "fields of a part", "RFC 2046 section 5.1"),
    ("part-content", "content of a part", "RFC 2046 section 5.1"),
    ("part-outside", "before the first part or after the last", "RFC 2046 section 5.1.1"),
    ("ws-header", "WebSocket frame header", "RFC 6455 section 5.2"),
    ("ws-mask", "WebSocket masking key", "RFC 6455 section 5.3"),
    ("ws-text", "WebSocket text", "RFC 6455 section 5.6"),
    ("ws-binary", "WebSocket binary data", "RFC 6455 section 5.6"),
    ("ws-continuation", "WebSocket message continued", "RFC 6455 section 5.4"),
    ("ws-close", "WebSocket close code and reason", "RFC 6455 section 5.5.1"),
    ("ws-ping", "WebSocket ping", "RFC 6455 section 5.5.2"),
    ("ws-pong", "WebSocket pong", "RFC 6455 section 5.5.3"),
    ("ws-payload", "WebSocket payload of an unknown frame", "RFC 6455 section 5.2"),
    # The cipher side of a TLS connection.
    ("tls-record-header", "TLS record header", "RFC 8446 section 5.1"),
    ("tls-record", "TLS record", "RFC 8446 section 5.1"),
)

SPAN_KINDS: dict[str, SpanKind] = {row[0]: SpanKind(*row) for row in _ROWS}
"""Every kind of span by its name. Names are kept for ever: tools and `.wire` files hold them."""

MASS_KINDS = frozenset(
    (
        "content", "chunk-data", "excess", "switched", "fault", "unread", "unfinished", "tls-record",
        "part-outside", "part-content", "sse-field", "sse-value", "sse-comment",
        "ws-mask", "ws-text", "ws-binary", "ws-continuation", "ws-close", "ws-ping", "ws-pong", "ws-payload",
    )
)  # fmt: skip
"""Kinds of which two neighbours are one span: how the bytes were cut says nothing about them."""

_NAMES = tuple(SPAN_KINDS)
CODES = {name: code for code, name in enumerate(_NAMES)}
"""The number that stands for a kind in a trail's memory."""
_MERGES = frozenset(CODES[name] for name in MASS_KINDS)

_new = tuple.__new__
_BLOCK = 4096
"""Spans looked at in one go; a trail that has forgotten is made smaller once in so many marks."""


class SpanTrail:
    """The spans of one stream, in order and without a gap from `first` up to `end`; nine bytes for each.

    One thread marks; others may look and may call `forget_before` meanwhile, without a lock.
    """

    __slots__ = ("first", "end", "_kept", "_last", "_room")

    def __init__(self, first: int = 0) -> None:
        """first: offset of the first byte that will be marked."""
        self.first = first
        """Offset of the first byte that is remembered."""
        self.end = first
        """Offset of the first byte that is not marked."""
        # Where the first span starts, the ends of all, their kinds: replaced as a whole.
        self._kept: tuple[int, array[int], bytearray] = (first, array("Q"), bytearray())
        self._last = -1
        self._room = _BLOCK

    def mark(self, end: int, kind: str) -> None:
        """The bytes from the trail's end up to offset `end` are of `kind`.

        Nothing happens if there are none. Raises KeyError for a kind that is not in `SPAN_KINDS`.
        """
        if end > self.end:
            code = CODES[kind]
            _start, ends, kinds = self._kept
            if code == self._last and code in _MERGES:
                ends[-1] = end
            else:
                # In this order, so that who looks finds a kind for every end.
                kinds.append(code)
                ends.append(end)
                self._last = code
                self._tidy(1)
            self.end = end

    def mark_each(self, ends: Sequence[int], kinds: bytes, offset: int) -> None:
        """Many spans at once: where each ends, counted from `offset`, and its code (see `CODES`).

        The ends must rise, the first one past the trail's end; none is merged with its neighbour.
        """
        if ends:
            _start, all_ends, all_kinds = self._kept
            all_kinds += kinds
            all_ends.extend([end + offset for end in ends])
            self.end = all_ends[-1]
            self._last = kinds[-1]
            self._tidy(len(ends))

    def forget_before(self, offset: int) -> None:
        """The spans before `offset` are no longer wanted; one that it falls into begins there."""
        self.first = max(self.first, min(offset, self.end))

    def between(
        self, start: int, stop: int | None = None, *, clip: bool = False, most: int | None = None
    ) -> list[Span]:
        """The spans that have a byte in start..stop (None: to the end), in order, at most `most`.

        clip: the first and the last are cut at start and stop.
        """
        first, (before, ends, kinds) = self.first, self._kept
        begin, stop = max(start, first), self.end if stop is None else stop
        if most == 0 or stop <= begin:
            return []
        low = bisect_right(ends, begin)
        high = bisect_left(ends, stop, low) + 1
        if most is not None:
            high = min(high, low + most)
        if low:
            before = ends[low - 1]
        block = ends[low:high]
        starts = chain((before if before > first else first,), block)
        names = map(_NAMES.__getitem__, kinds[low : low + len(block)])
        # There may be a million of them.
        found = [_new(Span, row) for row in zip(starts, block, names, strict=False)]
        if found and clip:
            found[0] = found[0]._replace(start=max(found[0].start, begin))
            found[-1] = found[-1]._replace(end=min(found[-1].end, stop))
        return found

    def since(self, offset: int) -> Iterator[Span]:
        """The span that holds the byte at `offset`, if there is one, and those behind it, for who needs only some."""
        return self._from(bisect_right(self._kept[1], max(offset, self.first)))

    def kinds(self, start: int, stop: int) -> tuple[int, Sequence[int], bytes]:
        """The spans that have a byte in start..stop, for who looks at many: where the first begins, ends, codes."""
        first, (before, ends, kinds) = self.first, self._kept
        low = bisect_right(ends, max(start, first))
        high = bisect_left(ends, stop, low) + 1
        before = ends[low - 1] if low else before
        block = ends[low:high]
        return max(before, first), block, bytes(kinds[low : low + len(block)])

    def tiled(self, start: int, stop: int, *, most: int | None = None) -> list[Span]:
        """What start..stop is made of, cut at both ends; what nobody read, or what is forgotten, is "unread"."""
        spans = self.between(start, stop, clip=True, most=most)
        first, end = (spans[0].start, spans[-1].end) if spans else (stop, stop)
        if start < first:
            spans.insert(0, Span(start, first, "unread"))
        if end < stop and (most is None or len(spans) < most):
            spans.append(Span(end, stop, "unread"))
        return spans

    def at(self, offset: int) -> Span | None:
        """The span that holds the byte at `offset`; None if nobody read it."""
        found = self.between(offset, offset + 1)
        return found[0] if found else None

    def __iter__(self) -> Iterator[Span]:
        return self._from(bisect_right(self._kept[1], self.first))

    def __len__(self) -> int:
        ends = self._kept[1]
        return len(ends) - bisect_right(ends, self.first)

    def __repr__(self) -> str:
        return f"<SpanTrail {self.first}..{self.end}, {len(self)} spans>"

    def _from(self, index: int) -> Iterator[Span]:
        """The spans from the one with this index on, as far as there are some when it is called."""
        first, (start, ends, kinds) = self.first, self._kept
        count = len(ends)
        before = ends[index - 1] if index else start
        while index < count:
            block = ends[index : min(count, index + _BLOCK)]
            for end, code in zip(block, kinds[index : index + len(block)], strict=False):
                yield Span(before if before > first else first, end, _NAMES[code])
                before = end
            index += len(block)

    def _tidy(self, count: int) -> None:
        """After `count` marks: give back the memory of what is forgotten, now and then."""
        self._room -= count
        if self._room > 0:
            return
        first, (start, ends, kinds) = self.first, self._kept
        gone = bisect_right(ends, first)
        if gone > len(ends) // 2:
            # A new object for who looks at the old one; the last span stays, for it may grow.
            gone = min(gone, len(ends) - 1)
            start = ends[gone - 1] if gone else start
            self._kept = (start, ends[gone:], kinds[gone:])
        self._room = max(_BLOCK, len(self._kept[1]) // 2)
