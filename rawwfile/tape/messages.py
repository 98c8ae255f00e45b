"""A recorded message taken apart by its spans: start line, fields, content. For those who export or compare.

The spans are those of the reader that served, so that an export tells the same story as the recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rawwfile.http.spans import Span
from rawwfile.tape.masks import masked
from rawwfile.tape.model import Stream

START = frozenset(["method", "version"])
CONTENT = frozenset(["content", "chunk-data"])
LINE_END = frozenset(["crlf", "bare-lf"])


@dataclass(slots=True)
class Message:
    """One request or response as the reader understood it.

    words: the parts of the start line by their kind of span ("method", "target", "version",
    "status-code", "reason"). fields, trailers: as sent, in order. content: without chunk framing.
    head_size, size: bytes of the head with its empty line, and of the whole message, on the wire.
    interim: the 1xx responses before it. rest: bytes that belong to no message (excess, faults).
    """

    words: dict[str, bytes] = field(default_factory=dict)
    fields: list[tuple[bytes, bytes]] = field(default_factory=list)
    trailers: list[tuple[bytes, bytes]] = field(default_factory=list)
    content: bytes = b""
    head: bytes = b""
    size: int = 0
    interim: list[Message] = field(default_factory=list)
    rest: bytes = b""
    switched: bytes = b""
    whole_head: bool = False

    @property
    def head_size(self) -> int:
        """Bytes of the head with its empty line."""
        return len(self.head)

    def text(self, word: str) -> str:
        """A part of the start line; "" if it is not there."""
        return self.words.get(word, b"").decode("latin-1")

    def values(self, name: bytes) -> list[bytes]:
        """The values of the fields of this name (in lower case)."""
        return [value for known, value in self.fields if known.lower() == name]


def message_of(stream: Stream, start: int, stop: int, *, secrets: bool = True) -> Message:
    """The last message in [start, stop) of a plain stream: of a response, the final one.

    secrets: False hides what `masks` hides, as asterisks.
    """
    if stream.trail is None:
        return Message(rest=stream.read(start, stop), size=max(0, stop - start))
    spans = stream.trail.tiled(start, stop)
    data = stream.read(start, stop)
    if not secrets:
        data = masked(stream.direction, spans, data)
    reader = _Taking(spans, data, max(start, stream.first))
    return reader.take()


class _Taking:
    def __init__(self, spans: Sequence[Span], data: bytes, base: int) -> None:
        self.spans, self.data, self.base = spans, data, base
        self.message = Message()
        self.parts: list[bytes] = []
        self.rest: list[bytes] = []
        self.switched: list[bytes] = []
        self.head: list[bytes] = []
        self.words: dict[str, list[bytes]] = {}
        self.fields: list[tuple[bytes, bytes]] = []
        """The fields or trailers of which the last is being read, and what its value has so far."""
        self.value: list[bytes] = []
        self.fresh = True

    def take(self) -> Message:
        """Go through the spans."""
        for span in self.spans:
            data = self.data[max(0, span.start - self.base) : span.end - self.base]
            if span.kind in START and self.fresh:
                self._begin()
            self.fresh = span.kind in LINE_END or span.kind in ("blank-line", "empty-line")
            self.message.size += len(data)
            self._one(span.kind, data)
        self._end_field()
        self._end_words()
        message = self.message
        message.head = message.head or b"".join(self.head)
        message.content, message.rest = b"".join(self.parts), b"".join(self.rest)
        message.switched = b"".join(self.switched)
        return message

    def _begin(self) -> None:
        if self.message.whole_head:
            self._end_words()
            interim, self.message.interim = self.message.interim, []
            interim.append(self.message)
            self.message = Message(interim=interim)

    def _one(self, kind: str, data: bytes) -> None:
        message = self.message
        if kind in CONTENT:
            self.parts.append(data)
        elif kind in ("excess", "fault", "unread", "unfinished"):
            self.rest.append(data)
        elif kind == "switched":
            self.switched.append(data)
        elif not message.whole_head:
            self.head.append(data)
            if kind == "blank-line":
                message.head, message.whole_head = b"".join(self.head), True
                self.head.clear()
        if kind in ("method", "target", "version", "status-code", "reason"):
            self.words.setdefault(kind, []).append(data)
        elif kind == "field-name":
            self._end_field()
            self.fields = self._fields()
            self.fields.append((data, b""))
        elif kind in ("field-value", "obs-fold", "bare-cr"):
            if self.fields is self._fields():
                self.value.append(b" " if kind == "obs-fold" else data)

    def _end_field(self) -> None:
        """The value of the last field is whole: its pieces may be many."""
        if self.fields and self.value:
            self.fields[-1] = self.fields[-1][0], b"".join(self.value)
        self.value.clear()

    def _end_words(self) -> None:
        for kind, parts in self.words.items():
            self.message.words[kind] = b"".join(parts)
        self.words.clear()

    def _fields(self) -> list[tuple[bytes, bytes]]:
        return self.message.trailers if self.message.whole_head else self.message.fields
