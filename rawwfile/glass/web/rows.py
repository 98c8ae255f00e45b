"""The tape as plain values for JSON: rows of lists, details, entries, bytes and spans of a range.

Every answer is bounded. Call these with the tape's lock held; they wait for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rawwfile.http.notes.base import LEVELS, Note
from rawwfile.http.spans import Span, SpanTrail
from rawwfile.tape.model import ConnectionTape, Entry, Event, ExchangeRecord, Stream

MAX_TEXT = 2000
"""Characters of a target, or of another text that a client can make long, in a row."""
MAX_ENTRIES = 20_000
MAX_EXCHANGES = 5000
MAX_EVENTS = 5000
"""Most entries, exchanges and events in one answer about a connection."""
MAX_NOTES = 1000
MAX_BYTES = 1 << 20
"""Most bytes of a stream in one answer."""
MAX_SPANS = 20_000

_RANK = {level: rank for rank, level in enumerate(LEVELS)}


def worst(notes: Iterable[Note]) -> str | None:
    """The worst level among our own notes (a second opinion does not count); None where there are none."""
    rank = max((_RANK.get(note.level, 0) for note in notes if note.source == "rawwfile"), default=None)
    return None if rank is None else LEVELS[rank]


def exchange_row(record: ExchangeRecord) -> dict[str, Any]:
    """An exchange as it stands in the list."""
    return {
        "id": record.id, "connection": record.connection, "number": record.number,
        "method": record.method[:MAX_TEXT], "target": record.target[:MAX_TEXT],
        "status": record.status, "verdict": record.verdict, "level": worst(record.notes), "raw": record.raw,
        "began": record.began, "duration": record.duration, "first_byte": record.first_byte,
        "in": record.request[1] - record.request[0], "out": record.response[1] - record.response[0],
        "open": record.open,
    }  # fmt: skip


def exchange_ranges(record: ExchangeRecord) -> dict[str, Any]:
    """The row, and where the exchange lies in the streams."""
    return {**exchange_row(record), "request": list(record.request), "response": list(record.response)}


def exchange_detail(record: ExchangeRecord, connection: ConnectionTape | None) -> dict[str, Any]:
    """All about an exchange but its bytes; what belongs to the connection as a whole stands there."""
    events = [] if connection is None else [each for each in connection.events if each.exchange == record.id]
    return {
        **exchange_ranges(record),
        "version": record.version, "reason": record.reason[:MAX_TEXT], "handler": record.handler, "end": record.end,
        "keep": record.keep, "refused": record.refused, "explain": record.explain, "ended": record.ended,
        "events": [event_value(event) for event in events[:MAX_EVENTS]],
        "notes": [note.as_dict() for note in record.notes[:MAX_NOTES]],
    }  # fmt: skip


def event_value(event: Event) -> dict[str, Any]:
    """A point of the timeline."""
    return {"time": event.time, "kind": event.kind, "text": event.text[:MAX_TEXT], "exchange": event.exchange}


def connection_row(connection: ConnectionTape) -> dict[str, Any]:
    """A connection as it stands in the list."""
    return {
        "number": connection.number, "scheme": connection.scheme, "peer": connection.peer,
        "opened": connection.opened, "closed": connection.closed, "closed_by": connection.closed_by,
        "why": connection.why, "exchanges": [each.id for each in connection.exchanges[-MAX_EXCHANGES:]],
        "in": connection.stream("in").end, "out": connection.stream("out").end,
    }  # fmt: skip


def connection_detail(connection: ConnectionTape, entries_from: int, exchanges_from: int) -> dict[str, Any]:
    """All about a connection but its bytes: its streams, entries, exchanges, events.

    entries_from: the first entry's sequence. exchanges_from: the first exchange's number; 0: the last ones.
    "more" says which of the two lists go on.
    """
    every = connection.entries
    entries = [each for each in every if each.sequence >= entries_from] if entries_from else every
    exchanges = [each for each in connection.exchanges if each.number >= exchanges_from]
    if not exchanges_from:
        exchanges = exchanges[-MAX_EXCHANGES:]
    more = []
    if len(entries) > MAX_ENTRIES:
        more.append("entries")
    if len(exchanges) > MAX_EXCHANGES:
        more.append("exchanges")
    return {
        **connection_row(connection),
        "local": connection.local,
        "streams": [stream_value(stream) for stream in connection.streams.values()],
        "entries": [entry_list(entry) for entry in entries[:MAX_ENTRIES]],
        "exchanges": [exchange_ranges(each) for each in exchanges[:MAX_EXCHANGES]],
        "events": [event_value(event) for event in connection.events[:MAX_EVENTS]],
        "notes": [note.as_dict() for note in connection.notes[:MAX_NOTES]],
        "tls": plain_value(connection.tls),
        "lost": connection.lost,
        "more": more,
    }


def stream_value(stream: Stream) -> dict[str, Any]:
    """A stream: which bytes are kept, and when its end was said."""
    return {"direction": stream.direction, "side": stream.side, "first": stream.first, "end": stream.end,
            "ended": stream.ended}  # fmt: skip


def entry_list(entry: Entry) -> list[Any]:
    """[sequence, direction, side, offset, size, time, by]: there may be thousands."""
    size = len(entry.data)
    return [entry.sequence, entry.direction, entry.side, entry.offset, size, entry.time, entry.by]


def entry_value(entry: Entry) -> dict[str, Any]:
    """An entry by itself, for a live event."""
    return {"connection": entry.connection, "sequence": entry.sequence, "direction": entry.direction,
            "side": entry.side, "offset": entry.offset, "size": len(entry.data), "time": entry.time,
            "by": entry.by}  # fmt: skip


def plain_value(value: Any, depth: int = 8) -> Any:
    """What a handshake agreed on, or the like, as JSON can say it; unknown things by their text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if depth and isinstance(value, dict):
        return {str(key): plain_value(each, depth - 1) for key, each in value.items()}
    if depth and isinstance(value, (list, tuple)):
        return [plain_value(each, depth - 1) for each in value]
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    return str(value)[:100_000]


def spans_of(
    stream: Stream, start: int, stop: int, *, trail: SpanTrail | None, whole: bool = False, most: int = MAX_SPANS
) -> list[Span]:
    """The spans of a range, cut at its ends; "unread" where nobody read. whole: the outer ones are not cut."""
    start, stop = max(start, stream.first), min(stop, stream.end)
    if start >= stop:
        return []
    if trail is None:
        return [Span(start, stop, "unread")]
    spans = list(trail.tiled(start, stop, most=most))
    if whole and spans:
        first, last = trail.at(spans[0].start), trail.at(spans[-1].end - 1)
        if first is not None:
            spans[0] = spans[0]._replace(start=first.start)
        if last is not None:
            spans[-1] = spans[-1]._replace(end=last.end)
    return spans


def matches(record: ExchangeRecord, text: str, level: str, verdict: str) -> bool:
    """Whether the list shows this exchange: text in method, target or status, a level or worse, a verdict."""
    if verdict and record.verdict != verdict:
        return False
    if level and _RANK.get(worst(record.notes) or "", -1) < _RANK.get(level, 0):
        return False
    if not text:
        return True
    about = f"#{record.id} {record.method} {record.target} {record.status or ''} {record.reason}".lower()
    return all(word in about for word in text.lower().split())
