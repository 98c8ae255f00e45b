"""How exchanges ended, in words; and the cipher side of a connection, record by record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rawwfile.tape.layout import Look, count_of, duration, wrapped_words
from rawwfile.tape.model import CIPHER, IN, OUT, ConnectionTape, Event, ExchangeRecord
from rawwfile.tape.tls_records import TlsConversation
from rawwfile.tape.visible import hexed

RECORD_SAMPLE = 16
"""Bytes of a TLS record that are shown with hex."""


def facts_of(exchange: ExchangeRecord, look: Look, refused: str) -> list[str]:
    """What is to be said of an exchange when it is over.

    refused: why its request was refused, without secrets; "" if it was not.
    """
    size, asked = exchange.response[1] - exchange.response[0], exchange.request[1] - exchange.request[0]
    facts = []
    if refused:
        told = any(note.direction == IN and note.message in (exchange.refused or "") for note in exchange.notes)
        facts.append("refused" if told else f"refused: {refused}")
    elif asked and not size and not look.times:
        facts.append(f"a whole request of {count_of(asked, 'byte')}")
    if not size:
        return [*facts, "no response"] if look.times or not facts else facts
    facts.append(exchange.explain or exchange.verdict)
    amount, seconds = count_of(size, "byte"), exchange.duration
    facts.append(f"{amount} in {duration(seconds)}" if seconds is not None and look.times else amount)
    if exchange.handler:
        facts.append(f"{exchange.handler}{' wrote it by hand' if exchange.raw else ''}")
    if exchange.end and exchange.end != "complete":
        facts.append(f"ended: {exchange.end.replace('-', ' ')}")
    if look.times:
        after = "stays" if exchange.keep else "ends"
        facts.append("still open" if exchange.open else f"the connection {after}")
    return facts


class Ahead:
    """Events in the order of time, taken up to a moment."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = sorted(events, key=lambda event: event.time)
        self._next = 0

    def until(self, time: float | None) -> Iterator[Event]:
        """Those before `time` (None: all) that were not given yet."""
        while self._next < len(self._events) and (time is None or self._events[self._next].time < time):
            self._next += 1
            yield self._events[self._next - 1]


def cipher_rows(connection: ConnectionTape, look: Look) -> Iterator[str]:
    """What everybody on the way can see of a TLS connection: its records, a row for each."""
    entries = [entry for entry in connection.entries if entry.side == CIPHER]
    if any(connection.stream(way, CIPHER).first for way in (IN, OUT)):
        yield "the first bytes of the cipher side were not kept: its records cannot be told apart"
        return
    conversation = TlsConversation()
    for entry in entries:
        for record in conversation.receive(entry.direction, entry.data):
            time = f"{max(0.0, entry.time - connection.opened):6.3f}"
            head = f"{look.arrow(entry.direction)} {time}  {record.start}-{record.end}"
            head = f"{head:<24}"
            for index, row in enumerate(wrapped_words(record.describe(), look.columns - len(head) - 2)):
                start = look.paint(head, entry.direction) if not index else " " * len(head)
                yield f"{start}  {row}"
            if look.verbose:
                data = connection.stream(entry.direction, CIPHER).read(record.start, record.end)[:RECORD_SAMPLE]
                more = f" {look.dots}" if record.end - record.start > RECORD_SAMPLE else ""
                yield look.paint(f"{'':<26}{hexed(data)}{more}", "dim")
