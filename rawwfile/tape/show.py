"""A recording as a conversation: who sent which bytes when, what they mean, and what there is to remark.

    for row in shown(tape, Look(width=80)): print(row)

`ConnectionView` does one connection, all at once or as it grows.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from rawwfile.tape.endings import Ahead, facts_of
from rawwfile.tape.layout import Look, count_of, duration, wrapped_words
from rawwfile.tape.line_rows import LineSetter, Shown
from rawwfile.tape.lines import Line, LineMaker
from rawwfile.tape.masks import Known, masked_text
from rawwfile.tape.model import EVENT_KINDS, IN, OUT, ConnectionTape, Event, ExchangeRecord, Tape
from rawwfile.tape.visible import printable, utc

if TYPE_CHECKING:
    from rawwfile.http.notes.base import Note

GAP = 0.1
"""Seconds without a byte that are worth a row."""
CONTENT_ROWS = 24
"""Most rows for the content of one message."""
SILENT = frozenset(["request-read", "first-byte", "settled", "exchange-end", "closed"])
"""Events that the bytes and the endings tell as well."""
FEW_NOTES = 8
"""Notes of an exchange up to which every line looks at all of them."""
LOOK_AHEAD = 1000
"""Most unanswered requests that are passed over in the search for the exchange of a byte."""


def shown(
    tape: Tape, look: Look, *, connections: Container[int] | None = None, exchanges: Container[int] | None = None
) -> Iterator[str]:
    """The rows of a recording; of all of it, or of some connections (numbers) or exchanges (ids)."""
    empty = True
    for connection in tape:
        if connections is not None and connection.number not in connections:
            continue
        if exchanges is not None and not any(each.id in exchanges for each in connection.exchanges):
            continue
        if not empty:
            yield ""
        empty = False
        yield from ConnectionView(tape, connection, look).whole(exchanges)
    if tape.dropped:
        yield f"({count_of(tape.dropped, 'older connection')} not kept)"


class ConnectionView:
    """One connection in rows. `whole` gives all of it; `opening`, `news`, `ending` and `closing` as it grows."""

    def __init__(self, tape: Tape, connection: ConnectionTape, look: Look) -> None:
        self.tape, self.connection, self.look = tape, connection, look
        self._setter = LineSetter(look, connection)
        most = 1 << 60 if look.whole else CONTENT_ROWS
        self._makers = {way: LineMaker(connection.stream(way), most=most) for way in (IN, OUT)}
        self._messages = {way: Shown() for way in (IN, OUT)}
        self.last_ended = 0
        """The id of the last exchange whose ending was given."""
        self._label = ""
        self._by: str | None = None
        self._time: float | None = None
        self._inline = self._secured = False
        self._highest = 0
        self._told: set[int] = set()
        self._advised: set[str] = set()
        self._known = Known()
        self._sorted: tuple[list[Note], list[tuple[int, int]]] | None = None
        self._owners: dict[str, ExchangeRecord] = {}
        self._owned: dict[str, tuple[tuple[int, int], float]] = {}

    def whole(self, exchanges: Container[int] | None = None, *, framed: bool = True) -> Iterator[str]:
        """All rows of the connection, or those of some exchanges; notes stand below the line they are about.

        framed: with those that say who talks to whom, and how the connection was closed.
        """
        self._inline = True
        if framed:
            yield from self.opening()
        self._highest = max((each.id for each in self.connection.exchanges), default=0)
        lines = self.lines(final=True)
        owners = [self.exchange_of(line) for line in lines]
        last = {owner.id: index for index, owner in enumerate(owners) if owner is not None}
        events = Ahead(self.connection.events if self.look.verbose else ())
        told = set()
        for index, (line, owner) in enumerate(zip(lines, owners, strict=True)):
            if exchanges is not None and (owner is None or owner.id not in exchanges):
                continue
            for event in events.until(line.time):
                if exchanges is None or event.exchange in exchanges:
                    yield from self.event(event)
            yield from self.line_rows(line, owner)
            if owner is not None and last[owner.id] == index:
                told.add(owner.id)
                yield from self.ending(owner)
        for exchange in self.connection.exchanges:
            if exchange.id not in told and (exchanges is None or exchange.id in exchanges):
                yield from self.ending(exchange)
        yield from self._left_out()
        if exchanges is None and framed:
            for event in events.until(None):
                yield from self.event(event)
            yield from self.closing()

    def event(self, event: Event) -> Iterator[str]:
        """What happened besides the bytes: the handler was called, a side ended its sending."""
        words = "TLS" if event.kind == "tls-message" else EVENT_KINDS.get(event.kind, event.kind)
        if event.kind not in SILENT:
            began = self.connection.opened
            if event.exchange in self.tape.exchanges:
                began = self.tape.exchanges[event.exchange].began
            time = f"{max(0.0, event.time - began):6.3f}"
            said = self._hidden(self.tape.exchanges.get(event.exchange or 0), event.text)
            text = f"{self.look.dash} {words}{': ' + said if said else ''}"
            indent = len(self._margin())
            rows = [row[indent:] for row in self._remark(text, "dim", indent=indent)]
            yield f"{'':<{self._label_width() + 2}}{time}  {rows[0]}"
            yield from (" " * indent + row for row in rows[1:])

    def opening(self) -> Iterator[str]:
        """Who talks to whom."""
        connection = self.connection
        began = utc(self.tape.started + connection.opened)
        ends = " to ".join(end for end in (connection.peer, connection.local) if end)
        parts = [f"connection {connection.number}", ends, connection.scheme, f"{began:%H:%M:%S} UTC"]
        text = f" {self.look.dash} ".join(printable(part) for part in parts if part)
        yield from self._remark(text, "title", indent=0)
        yield from self.secured()
        for way in (IN, OUT):
            first = connection.stream(way).first
            if first:
                yield from self._remark(f"{self.look.arrow(way)} the first {count_of(first, 'byte')} not kept", "dim")
        if connection.lost:
            yield from self._remark(f"{count_of(connection.lost, 'older exchange')} not kept", "dim")

    def secured(self) -> Iterator[str]:
        """What the TLS handshake agreed on, once."""
        tls = self.connection.tls
        if tls and not self._secured:
            self._secured = True
            keys = ("version", "cipher", "alpn", "server_name")
            known = [f"{key.replace('_', ' ')} {tls[key]}" for key in keys if tls.get(key)]
            yield from self._remark(f"TLS: {', '.join(known)}", "dim")

    def lines(self, *, final: bool = False) -> list[Line]:
        """What can be shown by now and was not given before, in the order in which it crossed."""
        with self.tape.lock:
            found = []
            for way in (IN, OUT):
                maker = self._makers[way]
                # A stream comes into being with its first byte.
                maker.stream = self.connection.stream(way)
                found += list(maker.ready(final=final))
        found.sort(key=lambda line: (line.sequence, line.start))
        return found

    def news(self, *, final: bool = False) -> Iterator[str]:
        """The rows of the lines that have come since it was asked last."""
        for line in self.lines(final=final):
            yield from self.line_rows(line, self.exchange_of(line))

    def exchange_of(self, line: Line) -> ExchangeRecord | None:
        """The exchange whose request or response the line belongs to; ask in the order of the lines."""
        with self.tape.lock:
            exchanges, way = self.connection.exchanges, line.direction
            found = self._owners.get(way)
            state = self.tape.changes, len(exchanges)
            if found is not None and self._owned[way][0] == state and line.start < self._owned[way][1]:
                return found
            index = 0 if found is None else bisect_left(exchanges, found.number, key=_number_of)
            if found is None and exchanges:
                found = exchanges[0]
            # As long as nothing changes, all bytes before this one are of the same exchange.
            before, until, stop = found, math.inf, index + 1 + LOOK_AHEAD
            for place in range(index + 1, min(len(exchanges), stop)):
                other = exchanges[place]
                start, end = other.request if way == IN else other.response
                if start < end or way == IN:
                    if start > line.start:
                        until = start
                        break
                    found = other
            else:
                until = -1 if stop < len(exchanges) and found is not before else until
        if found is not None:
            self._owners[way], self._owned[way] = found, (state, until)
            self._highest = max(self._highest, found.id)
        return found

    def resume(self) -> None:
        """Rows of another connection came in between: say again whose these are."""
        self._label = ""

    def line_rows(self, line: Line, exchange: ExchangeRecord | None) -> Iterator[str]:
        """The rows of one line, with the gap before it."""
        message = self._messages[line.direction]
        if line.kind != "head":
            if not self._in_sample(line, message):
                self._time = line.last_time
                return
        else:
            yield from self._left_out(line.direction)
            if line.spans[0].kind in ("method", "version"):
                self._messages[line.direction] = message = Shown()
        yield from self._gap(line.time)
        self._time = line.last_time
        by = next((entry.by for entry in line.entries if entry.by), None)
        if by is not None and by != self._by:
            yield from self._remark(f"{self.look.dash} by {by}", "dim", indent=len(self._margin()))
        self._by = by
        gutter, following = self._gutter(line, exchange)
        rows = list(self._setter.rows(line, message, len(following), exchange))
        for index, row in enumerate(rows):
            yield f"{following if index else gutter}{row}".rstrip()
        if self._inline and exchange is not None:
            for note in self._notes_at(line, exchange):
                if self.look.wants(note.level) and _within(note, line):
                    self._told.add(id(note))
                    yield from self._note(note, place=False)

    def _notes_at(self, line: Line, exchange: ExchangeRecord) -> list[Note]:
        """The notes of which one may begin within the line, in their order."""
        notes = exchange.notes
        if len(notes) <= FEW_NOTES:
            return notes
        if self._sorted is None or self._sorted[0] is not notes:
            self._sorted = notes, sorted((note.start, place) for place, note in enumerate(notes))
        places = self._sorted[1]
        first, last = bisect_left(places, (line.start, 0)), bisect_left(places, (line.end, 0))
        return [notes[place] for place in sorted(place for _, place in places[first:last])]

    def ending(self, exchange: ExchangeRecord) -> Iterator[str]:
        """How the exchange ended, and the remarks that no single line carries."""
        yield from self._left_out()
        self._label, self._by, self.last_ended = "", None, exchange.id
        refused = self._hidden(exchange, exchange.refused or "")
        facts = f"#{exchange.id} = {'; '.join(facts_of(exchange, self.look, refused))}"
        said, silent = facts, 0
        rest = []
        for note in exchange.notes:
            if note.message in facts:
                said = said.replace(note.message, self._words(note))
            again = note.level in ("good", "info") and note.message in facts and not self.look.verbose
            if not self.look.wants(note.level):
                silent += not again
            elif id(note) not in self._told and not again:
                rest.append(note)
        if silent and self.look.times:
            said += f" ({count_of(silent, 'more remark')}: -v shows {'it' if silent == 1 else 'them'})"
        yield from self._remark(self._hidden(exchange, said), "bold", indent=0)
        for note in rest:
            yield from self._note(note)
        self._advised.clear()

    def closing(self) -> Iterator[str]:
        """Who closed the connection, and why."""
        yield from self._left_out()
        connection = self.connection
        for note in connection.notes:
            # These are about the handshake: their offsets are those of the cipher side.
            if self.look.wants(note.level):
                yield from self._note(note, note.message)
        if connection.closed is None:
            return
        sizes = " and ".join(
            f"{count_of(connection.stream(way).end, 'byte')} {self.look.arrow(way)}" for way in (IN, OUT)
        )
        by = f" by the {connection.closed_by}" if connection.closed_by else ""
        why = f": {connection.why}" if connection.why else ""
        seconds = duration(connection.closed - connection.opened)
        text = f"connection {connection.number} closed{by}{why}; {sizes}, {seconds}"
        yield from self._remark(text, "title", indent=0)

    def _in_sample(self, line: Line, message: Shown) -> bool:
        if self.look.whole or message.rows < CONTENT_ROWS:
            return True
        message.left_bytes += line.end - line.start
        message.left_pieces += line.pieces
        message.left_until = line.last_time
        return False

    def _left_out(self, direction: str | None = None) -> Iterator[str]:
        """The row that counts the content that was not shown."""
        for way in (IN, OUT) if direction is None else (direction,):
            message = self._messages[way]
            if message.left_bytes:
                pieces = f" in {count_of(message.left_pieces, 'piece')}" if message.left_pieces else ""
                text = f"{self.look.dots} {count_of(message.left_bytes, 'more byte')}{pieces}"
                message.left_bytes = message.left_pieces = 0
                yield from self._remark(text, "dim", indent=len(self._margin()))

    def _gap(self, time: float) -> Iterator[str]:
        before = self._time
        if before is not None and self.look.times and time - before >= GAP:
            dots = self.look.dots
            yield from self._remark(f"{dots} {duration(time - before)} {dots}", "dim", indent=len(self._margin()))

    def _margin(self) -> str:
        return " " * (self._label_width() + (10 if self.look.times else 3))

    def _label_width(self) -> int:
        """Columns of the largest number of an exchange that was met."""
        return max(2, len(str(self._highest)) + 1)

    def _gutter(self, line: Line, exchange: ExchangeRecord | None) -> tuple[str, str]:
        """What stands before the first row of a line, and before the others."""
        began = self.connection.opened if exchange is None else exchange.began
        width = self._label_width()
        label = f"{'#' + str(exchange.id) if exchange else '':<{width}} {self.look.arrow(line.direction)}"
        time = f"{max(0.0, line.time - began):6.3f}  " if self.look.times else " "
        if label == self._label:
            return f"{'':<{width + 2}}{time}", self._margin()
        self._label = label
        return f"{self.look.paint(label, line.direction)}{time}", self._margin()

    def _words(self, note: Note) -> str:
        """What a note says, without the secrets that it may quote."""
        if self.look.secrets:
            return note.message
        return masked_text(self.connection.stream(note.direction), note.start, note.end, note.message, self._known)

    def _hidden(self, exchange: ExchangeRecord | None, text: str) -> str:
        """A sentence about an exchange, without the secrets that it may quote."""
        if exchange is not None and not self.look.secrets and ("'" in text or '"' in text):
            for way, (start, end) in ((IN, exchange.request), (OUT, exchange.response)):
                if start < end:
                    text = masked_text(self.connection.stream(way), start, end, text, self._known)
        return text

    def _note(self, note: Note, message: str | None = None, *, place: bool = True) -> Iterator[str]:
        look = self.look
        where = f"byte {note.start}" if note.end - note.start <= 1 else f"bytes {note.start}-{note.end}"
        source = "" if note.source == "rawwfile" else f"{note.source}: "
        text = f"{look.sign(note.level)} {note.level}: {source}{self._words(note) if message is None else message}"
        if place:
            text += f", {look.arrow(note.direction)} {where}"
        if note.rule:
            text += f" ({note.rule.replace(' section ', ' ')})"
        yield from self._remark(text, note.level, indent=self._label_width() + 3)
        if note.advice and note.level in ("warning", "bad") and note.id not in self._advised:
            # Said once in an exchange: who writes bare LF does it on every line.
            self._advised.add(note.id)
            yield from self._remark(note.advice, "dim", indent=self._label_width() + 5)

    def _remark(self, text: str, colour: str, indent: int = 5) -> Iterator[str]:
        margin = " " * indent
        for index, row in enumerate(wrapped_words(text, self.look.columns - indent - 2)):
            yield margin + ("  " if index else "") + self.look.paint(row, colour)


def _number_of(exchange: ExchangeRecord) -> int:
    return exchange.number


def _within(note: Note, line: Line) -> bool:
    if note.direction != line.direction or not line.start <= note.start < line.end:
        return False
    # A reader refuses at the first byte that is wrong; what is wrong with it may be a whole word.
    return note.end <= line.end or line.spans[-1].kind == "fault"
