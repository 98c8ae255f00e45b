"""From the spans of a stream to the lines that a person reads: one head line, or one piece of content.

Nothing is parsed here: the spans are those of the reader that served, and a line ends where one of
them is a line end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rawwfile.http.spans import SPAN_KINDS, Span
from rawwfile.tape import meanings
from rawwfile.tape.meanings import Meaning
from rawwfile.tape.model import Entry, Stream

LINE_ENDS = frozenset(["crlf", "bare-lf", "blank-line", "empty-line"])
HEAD_KINDS = LINE_ENDS | frozenset([
    "method", "target", "version", "status-code", "reason", "sp", "field-name", "colon", "ows",
    "field-value", "obs-fold", "chunk-size", "chunk-extension", "bare-cr", "stray-space",
])  # fmt: skip
"""Kinds that make up lines; every other kind is content, or bytes that were not understood."""

CONTENT_MEANINGS = {
    "content": Meaning("content", "RFC 9110 section 6.4"),
    "chunk-data": Meaning("chunk", "RFC 9112 section 7.1"),
    "excess": Meaning("more than the message has", "RFC 9112 section 6.3"),
    "fault": Meaning("not understood, refused", ""),
    "unread": Meaning("received, not read", ""),
    "unfinished": Meaning("the line never ended", "RFC 9112 section 2.1"),
    "switched": Meaning("no longer HTTP", "RFC 9110 section 7.8"),
}
LEFT_KINDS = frozenset(["content", "chunk-data", "excess", "switched"])
FRAMING = frozenset(["chunk-extension", "crlf", "bare-lf", "ows", "bare-cr", "stray-space"])
"""What stands between the size of a chunk and its data, and behind them."""
CHUNK_END = Meaning("end of the chunk", "RFC 9112 section 7.1")


@dataclass(slots=True)
class Line:
    """Bytes [start, end) of one direction that are shown together.

    kind: "head" (a line of a head or of trailers, the last chunk), "framing" (of a chunk) or "content".
    spans: what they are.
    data: the bytes, unmasked. entries: the reads or writes that carried them, at least one unless
    they were not kept. meaning: what they are for, and the rule. pieces: how many lines they would be,
    where those of one read or write that nobody looks at are put together.
    """

    direction: str
    start: int
    end: int
    kind: str
    spans: list[Span]
    data: bytes
    entries: list[Entry]
    meaning: Meaning
    pieces: int = 1

    @property
    def time(self) -> float:
        """When its first byte crossed, in seconds of the tape."""
        return self.entries[0].time if self.entries else 0.0

    @property
    def last_time(self) -> float:
        """When its last byte crossed."""
        return self.entries[-1].time if self.entries else 0.0

    @property
    def sequence(self) -> int:
        """The place of its first byte among the reads and writes of the connection."""
        return self.entries[0].sequence if self.entries else 0


@dataclass(slots=True)
class LineMaker:
    """Makes lines of one stream as its spans come; each byte is in one line.

    position: the offset up to which lines were made. most: lines of the content of one message that are
    wanted; what follows them in one read or write is one line, whatever it is made of.
    """

    stream: Stream
    position: int = 0
    most: int = 1 << 60
    _open: list[Span] = field(default_factory=list)
    _ended: bool = False
    _index: int = 0
    _mass: str = ""
    _trailers: bool = False
    _given: int = 0
    _left: Line | None = None
    _last_line_end: tuple[Entry | None, int] = (None, -1)

    def ready(self, *, final: bool = False) -> Iterator[Line]:
        """The lines that are whole, as the spans stand now. final: also what no line end follows."""
        stream = self.stream
        stop = stream.end
        begin = max(self.position, stream.first)
        if begin != self.position:
            # The oldest bytes were dropped while nobody looked.
            self._open, self._ended, self.position = [], False, begin
        spans = [] if stream.trail is None or begin >= stop else stream.trail.between(begin, stop, clip=True)
        index, count = 0, len(spans)
        while index < count:
            span = spans[index]
            index += 1
            if self._ended and (span.kind != "obs-fold" or not self._open):
                yield from self._flush()
            if self._given >= self.most and not self._open and (entry := self._left_in(span)) is not None:
                if self._left is not None and self._left.entries[0] is not entry:
                    yield from self._give_left()
                self._leave(span, entry)
                index += self._leave_more(spans, index, entry)
                continue
            yield from self._give_left()
            yield from self._take(span)
        yield from self._give_left()
        if self._ended and self._open[0].kind != "field-name":
            yield from self._flush()
        if final:
            yield from self._flush()
            if self.position < stop:
                yield from self._take(Span(self.position, stop, "unread"))

    def _left_in(self, span: Span) -> Entry | None:
        """The read or write that carried this span, if it is content that nobody looks at, or its framing."""
        kind = span.kind
        if kind not in LEFT_KINDS and kind != "chunk-size" and kind not in FRAMING:
            return None
        entries = self.stream.entries
        for index in (self._index, self._index + 1):
            if index < len(entries) and entries[index].offset <= span.start and span.end <= entries[index].end:
                self._index, entry = index, entries[index]
                at = span.start - entry.offset
                # The last chunk has a line of its own, and so has a size whose line goes on in the next entry.
                if kind == "chunk-size" and (entry.data[at] == 48 or entry.data.find(b"\n", at) < 0):
                    return None
                if kind in FRAMING and (self._left is None or self._left.entries[0] is not entry):
                    return None
                return entry
        return None

    def _leave(self, span: Span, entry: Entry) -> None:
        self.position, kind = span.end, span.kind
        if kind in LEFT_KINDS or kind == "chunk-size":
            self._mass = kind
        left = self._left
        if left is None:
            meaning = CONTENT_MEANINGS["chunk-data" if kind == "chunk-size" else kind]
            span = Span(span.start, span.end, "chunk-data" if kind == "chunk-size" else kind)
            left = Line(self.stream.direction, span.start, span.end, "content", [span], b"", [entry], meaning, 0)
            self._left = left
        left.end = span.end
        left.pieces += kind in LEFT_KINDS or kind in LINE_ENDS

    def _leave_more(self, spans: list[Span], index: int, entry: Entry) -> int:
        """What follows in the same read or write, in one go: as `_left_in` and `_leave`; how many spans."""
        left, data, offset, end = self._left, entry.data, entry.offset, entry.end
        assert left is not None
        if self._last_line_end[0] is not entry:
            self._last_line_end = entry, data.rfind(b"\n")
        first, pieces, last_line_end = index, 0, self._last_line_end[1]
        for index in range(first, len(spans)):
            start, stop, kind = spans[index]
            if stop > end:
                break
            if kind in LEFT_KINDS:
                self._mass = kind
                pieces += 1
            elif kind == "chunk-size":
                if data[start - offset] == 48 or start - offset > last_line_end:
                    break
                self._mass = kind
            elif kind in FRAMING:
                pieces += kind in LINE_ENDS
            else:
                break
            left.end = self.position = stop
        else:
            index = len(spans)
        left.pieces += pieces
        return index - first

    def _give_left(self) -> Iterator[Line]:
        line, self._left = self._left, None
        if line is not None:
            entry = line.entries[0]
            line.data = entry.data[line.start - entry.offset : line.end - entry.offset]
            line.spans = [Span(line.start, line.end, line.spans[0].kind)]
            yield line

    def _take(self, span: Span) -> Iterator[Line]:
        self.position = span.end
        if span.kind in HEAD_KINDS or (span.kind == "fault" and self._open):
            self._open.append(span)
            # A field waits for what follows it: what is folded to it belongs to it, and is masked with it.
            self._ended = span.kind in LINE_ENDS
            return
        yield from self._flush()
        self._mass = span.kind
        yield from self._content(span)

    def _flush(self) -> Iterator[Line]:
        spans, self._open, self._ended = self._open, [], False
        if spans:
            start, end = spans[0].start, spans[-1].end
            data, entries = self._bytes(start, end)
            meaning = self._head_meaning(spans, data)
            kind = "framing" if meaning is CHUNK_END or meaning.text.startswith("a chunk of") else "head"
            self._given += kind == "framing"
            yield Line(self.stream.direction, start, end, kind, spans, data, entries, meaning)

    def _content(self, span: Span) -> Iterator[Line]:
        meaning = CONTENT_MEANINGS.get(span.kind)
        if meaning is None:
            kind = SPAN_KINDS.get(span.kind)
            meaning = Meaning(kind.title, kind.rule) if kind else Meaning(span.kind, "")
        data, entries = self._bytes(span.start, span.end, most=1)
        self._given += 1
        if len(entries) == 1:
            yield Line(self.stream.direction, span.start, span.end, "content", [span], data, entries, meaning)
            return
        for entry in self.stream.entries_between(span.start, span.end):
            start, end = max(span.start, entry.offset), min(span.end, entry.end)
            data = entry.data[start - entry.offset : end - entry.offset]
            piece = [Span(start, end, span.kind)]
            yield Line(self.stream.direction, start, end, "content", piece, data, [entry], meaning)

    def _bytes(self, start: int, end: int, most: int = 1 << 30) -> tuple[bytes, list[Entry]]:
        """The bytes and what carried them; nothing where more than `most` entries did."""
        entries = self.stream.entries
        # Lines follow one another, so the entry is most often that of the line before, or the next.
        for index in (self._index, self._index + 1):
            if index < len(entries) and entries[index].offset <= start and end <= entries[index].end:
                self._index, entry = index, entries[index]
                return entry.data[start - entry.offset : end - entry.offset], [entry]
        found = self.stream.entries_between(start, end)
        if found:
            self._index = bisect_right(entries, start, key=_offset_of) - 1
        if len(found) > most:
            return b"", []
        return self.stream.read(start, end), found

    def _head_meaning(self, spans: Sequence[Span], data: bytes) -> Meaning:
        """What a line of a head is, by its first span; remembers where trailers begin."""
        first = spans[0].kind
        if first == "method":
            self._mass, self._given = "", 0
            self._trailers = False
            return meanings.REQUEST_LINE
        if first == "version":
            self._mass, self._given = "", 0
            self._trailers = False
            return meanings.STATUS_LINE
        if first == "chunk-size":
            return self._chunk_meaning(spans, data)
        if first == "field-name":
            if self._trailers:
                return meanings.TRAILER
            return meanings.meaning_of_field(data[: spans[0].end - spans[0].start])
        if first == "blank-line":
            ended, self._trailers = self._trailers, False
            return meanings.END_OF_TRAILERS if ended else meanings.END_OF_FIELDS
        if first == "empty-line":
            return meanings.EMPTY_LINE
        if first == "obs-fold":
            return meanings.FOLDED
        if first in ("crlf", "bare-lf") and self._mass == "chunk-data":
            return CHUNK_END
        kind = SPAN_KINDS.get(first)
        return Meaning(kind.title, kind.rule) if kind else Meaning(first, "")

    def _chunk_meaning(self, spans: Sequence[Span], data: bytes) -> Meaning:
        digits = data[: spans[0].end - spans[0].start].strip(b" \t")
        try:
            size = int(digits[:17], 16) if digits.isalnum() else None
        except ValueError:
            size = None
        if size == 0:
            self._trailers = True
            return Meaning("the last chunk", "RFC 9112 section 7.1")
        self._mass = "chunk-size"
        text = "chunk size" if size is None else f"a chunk of {size}"
        return Meaning(text, "RFC 9112 section 7.1")


def _offset_of(entry: Entry) -> int:
    return entry.offset
