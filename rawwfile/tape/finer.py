"""Finer spans of content and of WebSocket frames, with what they say, for who wants every span.

The reader that serves does not look into content; `http.refine` does, when somebody asks.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from rawwfile.http.refine import refine_message
from rawwfile.http.spans import Span
from rawwfile.http.websocket_spans import describe_header, unmasked
from rawwfile.tape.messages import message_of
from rawwfile.tape.model import IN, OUT, PLAIN, ConnectionTape, ExchangeRecord, Stream

MOST = 1 << 20
"""Bytes of one message that are looked into."""


class FinerSpans:
    """The finer spans of one direction of an exchange, and words for those that have some."""

    def __init__(self, connection: ConnectionTape, exchange: ExchangeRecord, direction: str) -> None:
        stream = connection.stream(direction)
        start, stop = exchange.request if direction == IN else exchange.response
        if connection.exchanges and connection.exchanges[-1] is exchange:
            # After a change of protocol nothing tells where a request ends.
            stop = stream.end
        self._stream, self._spans = stream, self._refined(connection, exchange, stream, start, min(stop, start + MOST))
        self._starts = [span.start for span in self._spans]

    def between(self, start: int, stop: int) -> Iterator[Span]:
        """The spans that begin in [start, stop), and the one that lies at start; cut to it."""
        index = max(0, bisect_right(self._starts, start) - 1)
        for place in range(index, len(self._spans)):
            span = self._spans[place]
            if span.start >= stop:
                return
            if span.end > start:
                yield Span(max(span.start, start), min(span.end, stop), span.kind)

    def words(self, span: Span) -> str:
        """What is in a WebSocket frame's header, or in its masked content; "" for other spans."""
        data = self._stream.read(span.start, span.end)
        if span.kind == "ws-header":
            return describe_header(data)
        index = bisect_right(self._starts, span.start) - 1
        before = self._spans[index - 1] if index > 0 else span
        if before.kind != "ws-mask" or not span.kind.startswith("ws-"):
            return ""
        key, skip = self._stream.read(before.start, before.end), span.start - self._spans[index].start
        return f"unmasked: {unmasked(key, data, skip)!r}"

    def _refined(
        self, connection: ConnectionTape, exchange: ExchangeRecord, stream: Stream, start: int, stop: int
    ) -> list[Span]:
        trail = stream.trail
        if trail is None or stream.first > start or stream.side != PLAIN:
            return []
        spans = trail.between(start, stop, clip=True)
        message = message_of(stream, start, stop)
        if any(span.kind == "switched" for span in spans):
            answer = message_of(connection.stream(OUT), *exchange.response)
            names = answer.values(b"upgrade")
            media = names[0].decode("latin-1").lower() if names else ""
        elif message.values(b"content-encoding"):
            return []
        else:
            media = b", ".join(message.values(b"content-type")).decode("latin-1")
        return refine_message(spans, media, stream.read(start, stop), start)
