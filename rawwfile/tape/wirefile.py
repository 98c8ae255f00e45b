"""`.wire` files: a tape as lines of JSON, to be kept, compared, sent to somebody and opened again.

    {"wire": 1, "by": "rawwfile 0.1.0", "started": "2026-11-21T21:50:00.000000Z", "masked": true}
    {"type": "connection", "connection": 1, "scheme": "http", "peer": "127.0.0.1:40312", ...}
    {"type": "entry", "connection": 1, "sequence": 1, "direction": "in", ..., "data": "R0VUIC8g..."}

`write_wire` writes them; `wirereader.read_wire` opens them; `wirewriter.WireWriter` follows a live tape.

One object a line, keys in one order, times in seconds from `started`, bytes in base64. Files that
are written of a whole tape have one connection after the other; those that follow a live tape
(`wirewriter`) have things as they happened. Spans stand with their exchange, or, if they belong to
none, with the end of their connection. Secrets are hidden unless asked for (see `masks`).
"""

from __future__ import annotations

import base64
import json
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import IO, TYPE_CHECKING, Any

from rawwfile.tape.masked_reader import MaskedReader
from rawwfile.tape.masks import Known, masked_alone, masked_text, read_masked
from rawwfile.tape.model import IN, OUT, PLAIN, ConnectionTape, Entry, Event, ExchangeRecord, Stream, Tape

if TYPE_CHECKING:
    from rawwfile.http.notes.base import Note

VERSION = 1
"""Of the format; readers refuse any other."""

Row = dict[str, Any]


def write_wire(tape: Tape, file: IO[str], secrets: bool = False) -> None:
    """Write a whole tape to a text file. secrets: leave the values of secret fields as they are.

    Holds the tape's lock for one connection at a time.
    """
    file.write(line_of(header_of(tape, secrets)))
    for connection in tape:
        with tape.lock:
            for row in rows_of(connection, secrets):
                file.write(line_of(row))


def line_of(row: Row) -> str:
    """One line of the file, with its line end."""
    return json.dumps(row, ensure_ascii=False, separators=(", ", ": ")) + "\n"


# -- from the tape to rows


def header_of(tape: Tape, secrets: bool) -> Row:
    """The first line."""
    began = datetime.fromtimestamp(tape.started, timezone.utc)
    started = began.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"wire": VERSION, "by": tape.by, "started": started, "masked": not secrets}


def rows_of(connection: ConnectionTape, secrets: bool) -> Iterator[Row]:
    """A whole connection."""
    yield connection_row(connection)
    known = Known()
    readers = {way: MaskedReader(connection.stream(way)) for way in (IN, OUT)}
    for entry in connection.entries:
        yield entry_row(connection, entry, secrets, readers[entry.direction])
    for event in connection.events:
        yield event_row(connection, event, secrets, known)
    for exchange in connection.exchanges:
        yield from exchange_rows(connection, exchange, secrets)
    yield from closed_rows(connection, secrets)


def connection_row(connection: ConnectionTape) -> Row:
    """That it was opened, and what the TLS handshake agreed on as far as it is known."""
    return {
        "type": "connection",
        "connection": connection.number,
        "scheme": connection.scheme,
        "peer": connection.peer,
        "local": connection.local,
        "opened": _seconds(connection.opened),
        "tls": connection.tls,
        "lost": connection.lost,
    }


def entry_row(connection: ConnectionTape, entry: Entry, secrets: bool, reader: MaskedReader | None = None) -> Row:
    """One read or write. reader: of its plain stream, for who writes one after the other."""
    data = entry.data
    if not secrets and entry.side == PLAIN:
        stream = connection.stream(entry.direction, entry.side)
        if stream.first <= entry.offset and entry.end <= stream.end:
            place = entry.offset, entry.end
            data = reader.read(*place) if reader is not None else read_masked(stream, *place)
        else:
            data = masked_alone(data)
    return {
        "type": "entry",
        "connection": entry.connection,
        "sequence": entry.sequence,
        "direction": entry.direction,
        "side": entry.side,
        "offset": entry.offset,
        "time": _seconds(entry.time),
        "by": entry.by,
        "data": base64.b64encode(data).decode("ascii"),
    }


def event_row(connection: ConnectionTape, event: Event, secrets: bool, known: Known | None = None) -> Row:
    """Something for the timeline. known: of the events before."""
    text = event.text
    if not secrets and event.exchange is not None and _quotes(text):
        index = bisect_left(connection.exchanges, event.exchange, key=lambda exchange: exchange.id)
        if index < len(connection.exchanges):
            text = _hide(connection, connection.exchanges[index], text, known)
    return {
        "type": "event",
        "connection": connection.number,
        "exchange": event.exchange,
        "time": _seconds(event.time),
        "kind": event.kind,
        "text": text,
    }


def exchange_rows(connection: ConnectionTape, exchange: ExchangeRecord, secrets: bool) -> Iterator[Row]:
    """An exchange with its spans; then its notes."""
    refused, explain = exchange.refused, exchange.explain
    known = Known()
    if not secrets:
        refused = None if refused is None else _hide(connection, exchange, refused, known)
        explain = _hide(connection, exchange, explain, known)
    yield {
        "type": "exchange",
        "connection": exchange.connection,
        "exchange": exchange.id,
        "number": exchange.number,
        "method": exchange.method,
        "target": exchange.target,
        "version": exchange.version,
        "status": exchange.status,
        "reason": exchange.reason,
        "handler": exchange.handler,
        "raw": exchange.raw,
        "verdict": exchange.verdict,
        "explain": explain,
        "refused": refused,
        "end": exchange.end,
        "keep": exchange.keep,
        "began": _seconds(exchange.began),
        "first_byte": _seconds(exchange.first_byte),
        "ended": _seconds(exchange.ended),
        "request": list(exchange.request),
        "response": list(exchange.response),
        "request_spans": _spans(connection.stream(IN), exchange.request),
        "response_spans": _spans(connection.stream(OUT), exchange.response),
    }
    for note in exchange.notes:
        yield note_row(connection, exchange, note, secrets, known)


def note_row(
    connection: ConnectionTape, exchange: ExchangeRecord | None, note: Note, secrets: bool, known: Known | None = None
) -> Row:
    """A remark. known: of the remarks before."""
    told = note.as_dict()
    if not secrets:
        told["message"] = masked_text(connection.stream(note.direction), note.start, note.end, told["message"], known)
    number = None if exchange is None else exchange.id
    return {"type": "note", "connection": connection.number, "exchange": number, **told}


def closed_rows(connection: ConnectionTape, secrets: bool) -> Iterator[Row]:
    """Its end, if it has one; the notes on it; and the spans that belong to no exchange."""
    for note in connection.notes:
        yield note_row(connection, None, note, secrets)
    rest = spans_beside(connection)
    ended = {}
    for (direction, side), stream in sorted(connection.streams.items()):
        if stream.ended is not None:
            ended[f"{direction} {side}"] = _seconds(stream.ended)
    yield {
        "type": "closed",
        "connection": connection.number,
        "time": _seconds(connection.closed),
        "by": connection.closed_by,
        "why": connection.why,
        "ended": ended,
        "spans": rest,
    }


def _seconds(time: float | None) -> float | None:
    return None if time is None else round(time, 6)


def _hide(
    connection: ConnectionTape, exchange: ExchangeRecord | None, text: str, known: Known | None = None
) -> str:
    """A sentence about an exchange without secrets."""
    if exchange is not None and _quotes(text):
        for direction, (start, end) in ((IN, exchange.request), (OUT, exchange.response)):
            if start < end:
                text = masked_text(connection.stream(direction), start, end, text, known)
    return text


def _quotes(text: str) -> bool:
    return "'" in text or '"' in text


def _spans(stream: Stream, place: tuple[int, int]) -> list[list[Any]]:
    if stream.trail is None:
        return []
    return [list(span) for span in stream.trail.between(*place, clip=True)]


def spans_beside(connection: ConnectionTape) -> dict[str, list[list[Any]]]:
    """The spans that belong to no exchange, by stream ("in plain"); with those of the exchanges they tile it."""
    found = {
        f"{direction} {side}": _spans_beside(connection, stream)
        for (direction, side), stream in sorted(connection.streams.items())
    }
    return {name: spans for name, spans in found.items() if spans}


def _spans_beside(connection: ConnectionTape, stream: Stream) -> list[list[Any]]:
    """The spans of a stream that stand with no exchange."""
    if stream.trail is None:
        return []
    places = []
    if stream.side == PLAIN:
        for exchange in connection.exchanges:
            places.append(exchange.request if stream.direction == IN else exchange.response)
    found, last = [], stream.first
    for start, end in [*places, (stream.end, stream.end)]:
        if start > last:
            found += _spans(stream, (last, start))
        last = max(last, end)
    return found


def __getattr__(name: str) -> Any:
    # In modules of their own, and found here by who looks where files are written.
    if name == "read_wire":
        from rawwfile.tape.wirereader import read_wire

        return read_wire
    if name == "WireWriter":
        from rawwfile.tape.wirewriter import WireWriter

        return WireWriter
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
