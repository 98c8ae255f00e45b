"""Finer spans where the reader that served stops: event streams, parts of multipart content, WebSocket frames.

They are made when somebody looks, from the first byte of the content on, and kept for who looks again.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from rawwfile.http.refine import REFINED, content_spans, refine_message
from rawwfile.http.spans import Span
from rawwfile.tape.model import IN, ConnectionTape, ExchangeRecord, Stream

MAX_SIZE = 256 << 10
"""Bytes of the message that are looked at; one that is longer is shown as the reader left it."""
MAX_SPANS = 20_000
MAX_HEAD = 1 << 17
MAX_KEPT = 16
"""Messages of which the finer spans are kept."""


class Finer:
    """Refines spans of plain streams. Call it with the tape's lock held."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[int, str, int, int], list[Span]] = OrderedDict()

    def refined(self, connection: ConnectionTape, stream: Stream, spans: list[Span]) -> list[Span]:
        """`spans`, a range of the stream without a gap, with what is in content split further."""
        if not any(span.kind in REFINED for span in spans):
            return spans
        start, stop = spans[0].start, spans[-1].end
        found = list(spans)
        for record in connection.exchanges:
            low, high = record.request if stream.direction == IN else record.response
            if record is connection.exchanges[-1]:
                # What follows a switch of protocols belongs to the exchange that made it.
                high = stream.end
            if low >= stop or high <= start or high - low > MAX_SIZE:
                continue
            finer = self._message(connection, stream, record, low, high)
            if finer is not None:
                found = _laid_over(found, finer)
        return found

    def _message(
        self, connection: ConnectionTape, stream: Stream, record: ExchangeRecord, low: int, high: int
    ) -> list[Span] | None:
        key = (record.id, stream.direction, low, high)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if stream.trail is None or low < stream.first:
            return None
        spans = stream.trail.between(low, high, clip=True, most=MAX_SPANS)
        if len(spans) >= MAX_SPANS:
            return None
        kind = next((span.kind for span in spans if span.kind in REFINED), None)
        if kind is None:
            return None
        if kind == "switched":
            media_type = "websocket" if _upgrade(connection, record) else ""
        else:
            fields = _fields(stream, spans)
            media_type = "" if b"content-encoding" in fields else fields.get(b"content-type", b"").decode("latin-1")
        if not media_type or content_spans(kind, media_type) is None:
            return None
        finer = refine_message(spans, media_type, stream.read(low, high), low)
        with self._lock:
            self._kept[key] = finer
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return finer


def _fields(stream: Stream, spans: list[Span]) -> dict[bytes, bytes]:
    """The fields of the message's last head, by name in lower case."""
    fields: dict[bytes, bytes] = {}
    name = b""
    for span in spans:
        if span.kind in REFINED:
            break
        if span.kind == "field-name":
            name = stream.read(span.start, span.end).lower()
        elif span.kind == "field-value" and name:
            fields[name] = stream.read(span.start, span.end)
    return fields


def _upgrade(connection: ConnectionTape, record: ExchangeRecord) -> bool:
    """Whether the exchange has switched to WebSocket."""
    request = connection.stream(IN)
    if request.trail is None or record.status != 101:
        return False
    spans = request.trail.between(record.request[0], record.request[0] + MAX_HEAD, most=2000)
    return _fields(request, spans).get(b"upgrade", b"").strip().lower() == b"websocket"


def _laid_over(spans: list[Span], finer: list[Span]) -> list[Span]:
    """`spans` with the range of `finer` taken from there, cut where the range of `spans` ends."""
    start, stop = finer[0].start, finer[-1].end
    low, high = spans[0].start, spans[-1].end
    before = [span for span in spans if span.start < start]
    after = [span for span in spans if span.end > stop]
    if before and before[-1].end > start:
        before[-1] = before[-1]._replace(end=start)
    if after and after[0].start < stop:
        after[0] = after[0]._replace(start=stop)
    inside = [
        span._replace(start=max(span.start, low), end=min(span.end, high))
        for span in finer
        if span.end > low and span.start < high
    ]
    return [*before, *inside, *after]
