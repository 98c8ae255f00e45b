"""Finer spans inside content and after a switch of protocols, made when somebody asks for them.

    refine("content", 'multipart/x-mixed-replace; boundary="x"', data, offset)
    refine("switched", "websocket", data, offset)
    refine_message(spans, media_type, data, offset)      content that is cut into chunks

The parser that serves does not look into content; these readers do, sans-I/O, for who shows it.
Content must be given from its first byte and without a content coding (gzip is shown as it is).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from rawwfile.http.forms import parse_parameters
from rawwfile.http.multipart_spans import MultipartSpans
from rawwfile.http.spans import MASS_KINDS, Span
from rawwfile.http.sse_spans import EventStreamSpans
from rawwfile.http.websocket_spans import WebSocketSpans

REFINED = frozenset(("content", "chunk-data", "switched"))
"""Kinds of spans that may be split further."""


class ContentSpans(Protocol):
    """A reader of one content: spans with offsets from its first byte; all its bytes, in order."""

    def feed(self, data: bytes) -> list[Span]:
        """The spans of the next bytes; some bytes may be held back."""

    def finish(self) -> list[Span]:
        """The spans of what was held back."""


def content_spans(kind: str, media_type: str) -> ContentSpans | None:
    """A new reader of what is in spans of `kind`, or None if there is none for it.

    media_type: the Content-Type field's value; of "switched" the Upgrade field's value ("websocket").
    """
    name, parameters = parse_parameters(media_type)
    if kind == "switched":
        return WebSocketSpans() if name == "websocket" else None
    if name == "text/event-stream":
        return EventStreamSpans()
    if name.startswith("multipart/") and 0 < len(parameters.get("boundary", "")) <= 200:
        return MultipartSpans(parameters["boundary"].encode("latin-1", "replace"))
    return None


def refine(kind: str, media_type: str, data: bytes, offset: int) -> list[Span]:
    """The spans of `data`, a range of this kind from its first byte on, which stands at `offset`.

    They tile it; it is one span of its own kind if there is nothing finer to say.
    """
    return refine_message([Span(offset, offset + len(data), kind)], media_type, data, offset)


def refine_message(spans: Iterable[Span], media_type: str, data: bytes, offset: int) -> list[Span]:
    """The spans of one message with its content split; `data` are its bytes from `offset` on.

    Content may be in several chunks: it is read as one. Spans beyond `data` are left as they are.
    """
    refined: list[Span] = []
    pieces: list[Span] = []
    finer: list[Span] = []
    reader: ContentSpans | None = None
    spans = list(spans)
    for span in spans:
        if span.kind in REFINED and offset <= span.start and span.end <= offset + len(data):
            if reader is None and (reader := content_spans(span.kind, media_type)) is None:
                return spans
            pieces.append(span)
            finer += reader.feed(data[span.start - offset : span.end - offset])
    if reader is None:
        return spans
    finer += reader.finish()
    placed = iter(_place(finer, pieces))
    following = next(placed, None)
    within = set(pieces)
    for span in spans:
        if span not in within:
            refined.append(span)
        while following is not None and following.start < span.end:
            refined.append(following)
            following = next(placed, None)
    return refined


def _place(finer: Iterable[Span], pieces: Iterable[Span]) -> Iterable[Span]:
    """Spans of the content, put where its pieces stand; one that reaches over a gap becomes two."""
    source = iter(pieces)
    piece = next(source, None)
    before = 0
    for start, end, kind in _merged(finer):
        while piece is not None and start < end:
            stop = min(end, before + piece.end - piece.start)
            shift = piece.start - before
            if start < stop:
                yield Span(start + shift, stop + shift, kind)
            start = stop
            if stop == before + piece.end - piece.start:
                before = stop
                piece = next(source, None)


def _merged(spans: Iterable[Span]) -> Iterable[Span]:
    """Neighbours of one mass kind as one."""
    last: Span | None = None
    for span in spans:
        if last is not None and span.kind == last.kind and span.kind in MASS_KINDS:
            last = Span(last.start, span.end, span.kind)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
