"""Opening `.wire` files: see `wirefile` for the format.

Nothing is guessed: a line that is damaged is named, with its number and what is wrong with it. A
file that ends early, because the recording was cut off, is read as far as it goes.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from rawwfile.errors import WireFileError
from rawwfile.http.spans import SPAN_KINDS, Span, SpanTrail
from rawwfile.tape.bounds import ENTRY_COST, EXCHANGE_COST, count, count_spans
from rawwfile.tape.model import (
    CIPHER,
    IN,
    OUT,
    PLAIN,
    ConnectionTape,
    Entry,
    Event,
    ExchangeRecord,
    Stream,
    Tape,
    TapeLimits,
)
from rawwfile.tape.wirefile import VERSION

Row = dict[str, Any]

NO_LIMITS = TapeLimits(1 << 60, 1 << 60, 1 << 60)
"""What was recorded within limits is opened without any."""


MOST_SECONDS = 1e10
"""Three hundred years."""
MOST_COUNT = 1 << 60
"""Larger than every number and offset of a recording."""


def read_wire(file: Iterable[str] | Iterable[bytes], name: str = "") -> Tape:
    """Open a recording. file: its lines. name: of the file, for errors.

    Raises WireFileError with the number of the line that is wrong.
    """
    return _Reader(name).read(file)


class _Wrong(Exception):
    """What is wrong with the line."""


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name or "the recording"
        self._spans: dict[tuple[int, str, str], list[Span]] = {}
        self._tape: Tape | None = None
        self._gaps = False
        self._rows: dict[str, Callable[[Tape, Row], None]] = {
            "connection": self._connection,
            "entry": self._entry,
            "event": self._event,
            "exchange": self._exchange,
            "note": self._note,
            "closed": self._closed,
            "missed": self._missed,
        }

    def read(self, file: Iterable[str] | Iterable[bytes]) -> Tape:
        number = 0
        lines: Iterator[str | bytes] = iter(file)
        while True:
            number += 1
            try:
                line = next(lines, None)
                if line is None:
                    break
                self._read_line(line, number)
            except (_Wrong, UnicodeDecodeError) as error:
                what = error if isinstance(error, _Wrong) else f"byte {error.start} is no UTF-8"
                raise WireFileError(f"{self._name}, line {number}: {what}.") from None
        if self._tape is None:
            raise WireFileError(f"{self._name} is empty: a recording begins with {{\"wire\": {VERSION}, ...}}.")
        for connection in self._tape:
            self._tile(self._tape, connection)
        return self._tape

    def _read_line(self, line: str | bytes, number: int) -> None:
        text = line.decode("utf-8") if isinstance(line, bytes) else line
        if not text.strip() and self._tape is not None:
            return
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            if self._tape is not None and not text.endswith("\n"):
                return  # the recording was cut off in the middle of its last line
            what = "no JSON" if self._tape is not None else 'no recording: the first line is {"wire": 1, ...}'
            raise _Wrong(what) from None
        if not isinstance(row, dict):
            raise _Wrong("not a JSON object")
        if self._tape is None:
            self._tape = _tape_of(row)
            return
        kind = row.get("type")
        read = self._rows.get(kind) if isinstance(kind, str) else None
        if read is None:
            raise _Wrong(f"no type of line is {kind!r:.60}; there are {', '.join(self._rows)}")
        read(self._tape, row)

    # -- the types of lines

    def _connection(self, tape: Tape, row: Row) -> None:
        number = _count(row, "connection")
        connection = tape.connections.get(number)
        if connection is None:
            connection = ConnectionTape(
                number,
                _text(row, "scheme"),
                _text(row, "peer"),
                _text(row, "local"),
                _time(row, "opened"),
                lost=_count(row, "lost", 0),
            )
            for side in (PLAIN, CIPHER) if connection.scheme == "https" else (PLAIN,):
                for direction in (IN, OUT):
                    self._stream(tape, connection, direction, side)
            tape.add_connection(connection)
        if row.get("tls") is not None:
            connection.tls = _of(row, "tls", dict)

    def _stream(self, tape: Tape, connection: ConnectionTape, direction: str, side: str) -> Stream:
        stream = connection.streams.get((direction, side))
        if stream is None:
            stream = connection.streams[direction, side] = Stream(direction, side, lock=tape.lock)
        return stream

    def _entry(self, tape: Tape, row: Row) -> None:
        connection = self._find(tape, row)
        direction, side = _one_of(row, "direction", IN, OUT), _one_of(row, "side", PLAIN, CIPHER)
        try:
            data = base64.b64decode(_text(row, "data"), validate=True)
        except (binascii.Error, ValueError):
            raise _Wrong('"data" is no base64') from None
        offset = _count(row, "offset")
        stream = self._stream(tape, connection, direction, side)
        if not stream.entries or (self._gaps and offset > stream.end):
            stream.entries.clear()
            stream.first = stream.end = offset
        if offset != stream.end:
            raise _Wrong(f'"offset" is {offset}, and the bytes so far end at {stream.end}')
        by = row.get("by")
        entry = Entry(
            connection.number, _count(row, "sequence"), direction, side, offset, _time(row, "time"), data,
            None if by is None else _text(row, "by"),
        )  # fmt: skip
        stream.entries.append(entry)
        stream.end = entry.end
        count(tape, connection, len(data) + ENTRY_COST)

    def _event(self, tape: Tape, row: Row) -> None:
        exchange = row.get("exchange")
        event = Event(_time(row, "time"), _text(row, "kind"), _text(row, "text"))
        event.exchange = None if exchange is None else _count(row, "exchange")
        self._find(tape, row).events.append(event)

    def _exchange(self, tape: Tape, row: Row) -> None:
        connection = self._find(tape, row)
        exchange = ExchangeRecord(
            _count(row, "exchange"),
            connection.number,
            _count(row, "number"),
            _place(row, "request"),
            _place(row, "response"),
            _text(row, "method"),
            _text(row, "target"),
            _text(row, "version"),
            None if row.get("status") is None else _count(row, "status"),
            _text(row, "reason"),
            None if row.get("handler") is None else _text(row, "handler"),
            _of(row, "raw", bool),
            _text(row, "verdict"),
            _text(row, "explain"),
            None if row.get("refused") is None else _text(row, "refused"),
            _text(row, "end"),
            _of(row, "keep", bool),
            _time(row, "began"),
            None if row.get("first_byte") is None else _time(row, "first_byte"),
            None if row.get("ended") is None else _time(row, "ended"),
        )
        if exchange.id in tape.exchanges:
            raise _Wrong(f"there is an exchange {exchange.id} already")
        tape.add_exchange(connection, exchange)
        count(tape, connection, EXCHANGE_COST)
        self._add_spans(connection, IN, PLAIN, row, "request_spans")
        self._add_spans(connection, OUT, PLAIN, row, "response_spans")

    def _note(self, tape: Tape, row: Row) -> None:
        from rawwfile.http.notes import note_from

        connection = self._find(tape, row)
        try:
            note = note_from(row)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise _Wrong(f"no note: {error}") from None
        if row.get("exchange") is None:
            connection.notes.append(note)
            return
        exchange = tape.exchanges.get(_count(row, "exchange"))
        if exchange is None:
            raise _Wrong(f"a note on exchange {row['exchange']}, of which no line came before")
        exchange.notes.append(note)

    def _closed(self, tape: Tape, row: Row) -> None:
        connection = self._find(tape, row)
        connection.closed = None if row.get("time") is None else _time(row, "time")
        connection.closed_by, connection.why = _text(row, "by"), _text(row, "why")
        for name, time in _of(row, "ended", dict).items():
            self._named(tape, connection, name).ended = _time({"ended": time}, "ended")
        spans = _of(row, "spans", dict)
        for name in spans:
            stream = self._named(tape, connection, name)
            self._add_spans(connection, stream.direction, stream.side, spans, name)

    def _missed(self, tape: Tape, row: Row) -> None:
        """The file could not follow: that many changes are not in it, so there may be gaps."""
        _count(row, "count")
        self._gaps = True

    # -- parts of lines

    def _find(self, tape: Tape, row: Row) -> ConnectionTape:
        number = _count(row, "connection")
        if number not in tape.connections:
            raise _Wrong(f"connection {number}, of which no line came before")
        return tape.connections[number]

    def _named(self, tape: Tape, connection: ConnectionTape, name: str) -> Stream:
        direction, _, side = name.partition(" ")
        if direction not in (IN, OUT) or side not in (PLAIN, CIPHER):
            raise _Wrong(f"no stream is {name!r:.40}")
        return self._stream(tape, connection, direction, side)

    def _add_spans(self, connection: ConnectionTape, direction: str, side: str, row: Row, key: str) -> None:
        found = self._spans.setdefault((connection.number, direction, side), [])
        for span in _of(row, key, list):
            if not _is_span(span):
                raise _Wrong(f'"{key}": a span is [start, end, kind], not {span!r:.60}')
            found.append(Span(*span))

    def _tile(self, tape: Tape, connection: ConnectionTape) -> None:
        """Make the trails; bytes without a span were not read."""
        for (direction, side), stream in connection.streams.items():
            spans = self._spans.get((connection.number, direction, side))
            if side == CIPHER and not spans:
                continue
            stream.trail = trail = SpanTrail(stream.first)
            for span in sorted(spans or ()):
                trail.mark(min(span.start, stream.end), "unread")
                # A kind that this version does not know.
                trail.mark(min(span.end, stream.end), span.kind if span.kind in SPAN_KINDS else "content")
        count_spans(tape, connection)


def _tape_of(row: Row) -> Tape:
    if "wire" not in row:
        raise _Wrong('no recording: the first line is {"wire": 1, ...}')
    if row["wire"] != VERSION:
        raise _Wrong(f'version {row["wire"]!r:.20} of the format; this rawwfile reads version {VERSION}')
    try:
        started = datetime.fromisoformat(_text(row, "started").replace("Z", "+00:00")).timestamp()
    except ValueError:
        raise _Wrong('"started" is no time such as 2026-11-21T21:50:00.000000Z') from None
    return Tape(NO_LIMITS, started=started, by=_text(row, "by"))


def _of(row: Row, key: str, kind: type) -> Any:
    value = row.get(key)
    if not isinstance(value, kind):
        names = {str: "text", bool: "true or false", dict: "an object", list: "a list"}
        raise _Wrong(f'"{key}" is missing' if key not in row else f'"{key}" is not {names[kind]}')
    return value


def _text(row: Row, key: str) -> str:
    value: str = _of(row, key, str)
    return value


def _one_of(row: Row, key: str, *words: str) -> str:
    value = _text(row, key)
    if value not in words:
        raise _Wrong(f'"{key}" is {" or ".join(words)}, not {value!r:.40}')
    return value


def _count(row: Row, key: str, default: int | None = None) -> int:
    value = row.get(key, default)
    if type(value) is not int or value < 0:
        raise _Wrong(f'"{key}" is missing' if value is None else f'"{key}" is not a whole number')
    if value > MOST_COUNT:
        raise _Wrong(f'"{key}" is larger than anything that is recorded')
    return value


def _time(row: Row, key: str) -> float:
    value = row.get(key)
    if type(value) not in (int, float):
        raise _Wrong(f'"{key}" is missing' if value is None else f'"{key}" is not a number of seconds')
    if not -MOST_SECONDS < value < MOST_SECONDS:  # type: ignore[operator]
        raise _Wrong(f'"{key}" is no time that a recording takes')
    return float(value)  # type: ignore[arg-type]


def _place(row: Row, key: str) -> tuple[int, int]:
    value = _of(row, key, list)
    if len(value) != 2 or not all(type(each) is int and each >= 0 for each in value):
        raise _Wrong(f'"{key}" is [start, end], not {value!r:.40}')
    return value[0], value[1]


def _is_span(span: Any) -> bool:
    return (
        isinstance(span, list)
        and len(span) == 3
        and type(span[0]) is int
        and type(span[1]) is int
        and 0 <= span[0] < span[1]
        and isinstance(span[2], str)
    )
