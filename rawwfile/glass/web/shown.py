"""What the page shows: the live tape, or a .wire file that somebody has opened in its place."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from rawwfile.glass.curl import curl_line, exact_line
from rawwfile.glass.web import rows
from rawwfile.glass.web.finer import Finer
from rawwfile.glass.web.guard import Refused
from rawwfile.glass.web.live import News
from rawwfile.glass.web.records import Records, handshake_value
from rawwfile.http.notes.base import Note
from rawwfile.tape.lint import installed, lint_notes
from rawwfile.tape.masks import masked_text, read_masked
from rawwfile.tape.model import CIPHER, IN, OUT, PLAIN, ConnectionTape, ExchangeRecord, Stream, Tape

MAX_OPINIONS = 32
"""Exchanges of which the second opinion is kept."""
MAX_HEAD = 1 << 17
"""Bytes of a request or response that are looked at for a sentence or a command line."""


class Shown:
    """One tape at a time, and what can be asked of it. Any thread may call any method.

    secrets: show what is masked otherwise. address, scheme: of the watched server, for command lines.
    """

    def __init__(self, tape: Tape, news: News, *, secrets: bool, address: Any, scheme: str) -> None:
        self.live = tape
        self.news = news
        self.secrets = secrets
        self._address = address
        self._scheme = scheme
        self._opinions: OrderedDict[int, tuple[ExchangeRecord, list[Note]]]
        self._lock = threading.Lock()
        self._forget()
        self._loaded: tuple[Tape, str] | None = None

    @property
    def tape(self) -> Tape:
        """The tape that is shown."""
        loaded = self._loaded
        return self.live if loaded is None else loaded[0]

    @property
    def loaded(self) -> str | None:
        """The name of the file that is shown; None: the live tape is."""
        loaded = self._loaded
        return None if loaded is None else loaded[1]

    def open(self, tape: Tape, name: str) -> None:
        """Show this tape until `close`, on every page."""
        with self._lock:
            self._loaded = (tape, name)
            self._forget()
            self.news.hide(True)

    def close(self) -> None:
        """Show the live tape again."""
        with self._lock:
            self._loaded = None
            self._forget()
            self.news.hide(False)

    def _forget(self) -> None:
        """What was worked out of one tape says nothing about another."""
        self._records = Records()
        self._finer = Finer()
        self._opinions = OrderedDict()

    # -- lists

    def exchanges(self, start: int, count: int, text: str, level: str, verdict: str) -> dict[str, Any]:
        """`count` rows from the one with this index on, in the order of ids, of those that match."""
        with self.tape.lock:
            records = list(self.tape.exchanges.values())
        if text or level or verdict:
            records = [each for each in records if rows.matches(each, text, level, verdict)]
        return {"total": len(records), "rows": [rows.exchange_row(each) for each in records[start:start + count]]}

    def connections(self) -> list[dict[str, Any]]:
        """A row for each connection."""
        return [rows.connection_row(each) for each in self.tape]

    # -- one of them

    def _connection(self, number: int) -> ConnectionTape:
        found = self.tape.connections.get(number)
        if found is None:
            raise Refused(404, f"There is no connection {number} on the tape (any more).")
        return found

    def connection(self, number: int, entries_from: int, exchanges_from: int) -> dict[str, Any]:
        """All about a connection but its bytes. Raises Refused (404)."""
        connection = self._connection(number)
        with self.tape.lock:
            detail = rows.connection_detail(connection, entries_from, exchanges_from)
            records = {each.id: each for each in connection.exchanges}
            for event in detail["events"]:
                self._hide_event(event, connection, records)
            self._hide_notes(detail["notes"], connection)
            if connection.tls is not None or (IN, CIPHER) in connection.streams:
                detail["tls"] = {**(detail["tls"] or {}), **handshake_value(self._records.of(connection))}
        return detail

    def exchange(self, number: int) -> dict[str, Any]:
        """All about an exchange but its bytes. Raises Refused (404)."""
        with self.tape.lock:
            record = self.tape.exchanges.get(number)
            if record is None:
                raise Refused(404, f"There is no exchange {number} on the tape (any more).")
            connection = self._connection(record.connection)
            detail = rows.exchange_detail(record, connection)
            for event in detail["events"]:
                self._hide_event(event, connection, {record.id: record})
            self._hide_notes(detail["notes"], connection)
            detail["explain"] = self._said(connection.stream(OUT), record.response, record.explain)
            if record.refused:
                detail["refused"] = self._said(connection.stream(IN), record.request, record.refused)
            request = self._read(connection.stream(IN), record.request[0], record.request[1])
        # Without the lock: the second opinion takes its time, and only reads what is over.
        second = [note.as_dict() for note in self._second_opinion(connection, record)]
        self._hide_notes(second, connection)
        detail["notes"] += second
        where = self._address
        scheme = connection.scheme or self._scheme
        detail["raw_command"] = exact_line(request, where, scheme)
        detail["curl"] = curl_line(request, where, scheme) or detail["raw_command"]
        return detail

    def _second_opinion(self, connection: ConnectionTape, record: ExchangeRecord) -> list[Note]:
        """The notes of httplint on an exchange that is over, if it is installed; kept for who asks again."""
        if record.open or not installed():
            return []
        with self._lock:
            kept = self._opinions.get(record.id)
        if kept is not None and kept[0] is record:
            return kept[1]
        notes = lint_notes(connection, record)
        with self._lock:
            self._opinions[record.id] = (record, notes)
            while len(self._opinions) > MAX_OPINIONS:
                self._opinions.popitem(last=False)
        return notes

    def _hide_event(
        self, event: dict[str, Any], connection: ConnectionTape, records: dict[int, ExchangeRecord]
    ) -> None:
        record = records.get(event["exchange"]) if event["exchange"] is not None else None
        if record is not None and event["kind"] == "refused":
            event["text"] = self._said(connection.stream(IN), record.request, event["text"])
        elif record is not None and event["kind"] == "settled":
            event["text"] = self._said(connection.stream(OUT), record.response, event["text"])

    def _hide_notes(self, notes: list[dict[str, Any]], connection: ConnectionTape) -> None:
        for note in notes:
            stream = connection.stream(note["direction"])
            note["message"] = self._said(stream, (note["start"], note["end"]), note["message"])

    def _said(self, stream: Stream, place: tuple[int, int], text: str) -> str:
        """A sentence about these bytes, without what it quotes if that is secret."""
        if self.secrets or ("'" not in text and '"' not in text):
            return text
        return masked_text(stream, place[0], min(place[1], place[0] + MAX_HEAD), text)

    # -- bytes and spans

    def _stream(self, number: int, direction: str, side: str) -> Stream:
        if direction not in (IN, OUT) or side not in ("plain", "cipher"):
            raise Refused(400, 'A stream has a direction, "in" or "out", and a side, "plain" or "cipher".')
        return self._connection(number).stream(direction, side)

    def data(self, number: int, direction: str, side: str, start: int, stop: int) -> tuple[int, bytes]:
        """Where the first byte is, and the bytes of a range, at most MAX_BYTES. Raises Refused."""
        stream = self._stream(number, direction, side)
        with self.tape.lock:
            start = max(start, stream.first)
            return start, self._read(stream, start, min(stop, start + rows.MAX_BYTES))

    def _read(self, stream: Stream, start: int, stop: int) -> bytes:
        return stream.read(start, stop) if self.secrets else read_masked(stream, start, stop)

    def spans(
        self, number: int, direction: str, side: str, start: int, stop: int, whole: bool
    ) -> Sequence[Sequence[Any]]:
        """[start, end, kind] of each span of a range, at most MAX_SPANS. Raises Refused."""
        stream = self._stream(number, direction, side)
        with self.tape.lock:
            trail = stream.trail
            if trail is None and side == CIPHER:
                trail = self._records.trail(self._connection(number), direction)
            found = rows.spans_of(stream, start, stop, trail=trail, whole=whole)
            if side == PLAIN:
                found = self._finer.refined(self._connection(number), stream, found)
                # What was one long span is many now, and most of them may be outside.
                found = [span for span in found if span.end > start and span.start < stop][:rows.MAX_SPANS]
            return found
