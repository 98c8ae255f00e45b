"""What a check may look at: the recording, as the readers of the server understood it.

Everything here is taken from spans, entries and notes on the tape; no byte is parsed a second time.

    seen.exchange(2).status          seen.exchange(1).fields          seen.connections[0].closed_by
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rawwfile.lab.judging import NotYet
from rawwfile.tape.model import IN, OUT, ConnectionTape, Entry, ExchangeRecord, Tape
from rawwfile.tape.visible import visible

if TYPE_CHECKING:
    from types import ModuleType

    from rawwfile.http.notes.base import Note
    from rawwfile.lab.visit import Visit

FIRST_SHOWN, LAST_SHOWN = 8, 6
"""Lines of recorded bytes that an answer quotes, from the beginning and from the end."""
LONGEST_SHOWN = 70


@dataclass
class Head:
    """Start line and fields of one message, as the reader marked them. start, end: offsets in the stream."""

    start: int
    end: int = 0
    words: dict[str, str] = field(default_factory=dict)
    """method, target, version, status-code, reason: as they stood."""
    fields: list[tuple[str, str]] = field(default_factory=list)
    whole: bool = False
    """Its empty line has come."""

    def values(self, name: str) -> list[str]:
        """The values of every field of this name, in any case."""
        return [value for each, value in self.fields if each.lower() == name.lower()]

    def get(self, name: str) -> str | None:
        """The values of a field joined with ", "; None without one."""
        values = self.values(name)
        return ", ".join(values) if values else None


class Message:
    """One direction of an exchange: the request ("in") or what was answered ("out")."""

    def __init__(self, connection: ConnectionTape, direction: str, start: int, end: int) -> None:
        self.stream = connection.stream(direction)
        self.start, self.end = start, end

    @cached_property
    def data(self) -> bytes:
        """The bytes."""
        return self.stream.read(self.start, self.end)

    @cached_property
    def spans(self) -> list[tuple[str, bytes, int]]:
        """(kind, bytes, offset in the stream) of every span, in order."""
        if self.stream.trail is None:
            return []
        spans = self.stream.trail.between(self.start, self.end, clip=True)
        return [(kind, self.stream.read(start, end), start) for start, end, kind in spans]

    def of_kind(self, *kinds: str) -> list[bytes]:
        """The bytes of every span of these kinds."""
        return [data for kind, data, _ in self.spans if kind in kinds]

    @cached_property
    def heads(self) -> list[Head]:
        """Each head: interim responses first, the final one last. Empty where nothing could be read."""
        found: list[Head] = []
        for kind, data, start in self.spans:
            if kind in ("method", "version") and (not found or found[-1].whole or kind in found[-1].words):
                found.append(Head(start))
            if not found or found[-1].whole:
                continue
            head, text = found[-1], data.decode("latin-1")
            head.end = start + len(data)
            if kind in ("method", "target", "version", "status-code", "reason"):
                head.words[kind] = text
            elif kind == "field-name":
                head.fields.append((text, ""))
            elif kind == "field-value" and head.fields:
                name, value = head.fields[-1]
                head.fields[-1] = (name, f"{value} {text}".strip())
            head.whole = kind == "blank-line"
        return found

    @property
    def head(self) -> Head:
        """The last head: the final one. One without anything where nothing could be read."""
        return self.heads[-1] if self.heads else Head(self.start, self.start)

    @cached_property
    def trailers(self) -> list[tuple[str, str]]:
        """The fields behind the last chunk."""
        found: list[tuple[str, str]] = []
        for kind, data, start in self.spans:
            if start < self.head.end:
                continue
            if kind == "field-name":
                found.append((data.decode("latin-1"), ""))
            elif kind == "field-value" and found:
                found[-1] = (found[-1][0], f"{found[-1][1]} {data.decode('latin-1')}".strip())
        return found

    @cached_property
    def content(self) -> bytes:
        """The content, without chunk framing and without what is too much."""
        return b"".join(self.of_kind("content", "chunk-data"))

    @cached_property
    def chunk_sizes(self) -> list[int]:
        """The size that each chunk states, the last one (0) included; -1 for what is no size."""
        sizes = []
        for text in self.of_kind("chunk-size"):
            try:
                sizes.append(int(text, 16))
            except ValueError:
                sizes.append(-1)
        return sizes

    @property
    def entries(self) -> list[Entry]:
        """The reads or writes that had its bytes, with their times."""
        return self.stream.entries_between(self.start, self.end)

    def time_of(self, offset: int) -> float:
        """When the byte at this offset of the stream crossed; 0.0 if it is not kept."""
        entry = self.stream.entry_at(offset)
        return 0.0 if entry is None else entry.time


class SeenExchange:
    """One exchange of the recording. What is not here is in `record`, an ExchangeRecord."""

    def __init__(self, connection: ConnectionTape, record: ExchangeRecord) -> None:
        self.connection = connection
        self.record = record
        self.request = Message(connection, IN, *record.request)
        self.response = Message(connection, OUT, *record.response)

    @property
    def by_hand(self) -> bool:
        """The handler wrote the response itself, on response.wfile."""
        return self.record.raw

    @property
    def status(self) -> int | None:
        """Of the final response; None without one."""
        return self.record.status

    @property
    def verdict(self) -> str:
        """The observer's word: "complete", "short", "excess", "open-ended", "unreadable" ..."""
        return self.record.verdict

    @property
    def fields(self) -> Head:
        """The head of the final response; `fields.get("Content-Type")`."""
        return self.response.head

    @property
    def content(self) -> bytes:
        """The content of the final response."""
        return self.response.content

    @property
    def notes(self) -> list[Note]:
        """What the recording has to remark on it."""
        return self.record.notes

    def note(self, *ids: str) -> Note | None:
        """The first note with one of these ids."""
        return next((note for note in self.notes if note.id in ids), None)

    @property
    def last_of_connection(self) -> bool:
        """No other exchange came behind it on its connection."""
        return self.connection.exchanges[-1] is self.record

    @property
    def writer(self) -> str:
        """Who wrote: "answer.py:9", or "the server"."""
        return next((entry.by for entry in self.response.entries if entry.by), "the server")


class Seen:
    """A whole recording, and the answers of those who were asked to predict.

    predictions, pieces, program: as in `Visit`. returned: what the lab's drive() returned.
    """

    def __init__(self, tape: Tape, visit: Visit | None = None, returned: Any = None) -> None:
        self.tape = tape
        self.connections: list[ConnectionTape] = list(tape)
        self.predictions: dict[str, str] = visit.predictions if visit else {}
        self.pieces = visit.pieces if visit else []
        self.program: ModuleType | None = visit.program if visit else None
        self.returned = returned
        self.good: list[str] = []
        self.looked_at: SeenExchange | None = None
        self.looked_at_request = False

    @cached_property
    def exchanges(self) -> list[SeenExchange]:
        """Every exchange, in the order in which they began."""
        return [SeenExchange(connection, record) for connection in self.connections for record in connection.exchanges]

    def exchange(self, number: int) -> SeenExchange:
        """The exchange of this number, counted from 1. Raises NotYet if there were not so many."""
        if len(self.exchanges) < number:
            raise NotYet(
                "exchanges", f"{_times(len(self.exchanges), 'exchange was', 'exchanges were')} recorded, "
                f"and at least {number} should be", "RFC 9112 section 2.1",
                "Look at the recording: where does the conversation stop?",
            )  # fmt: skip
        self.looked_at, self.looked_at_request = self.exchanges[number - 1], False
        return self.exchanges[number - 1]

    def expect(self, holds: object, id: str, *, good: str, saw: str, rule: str, step: str) -> None:
        """State one expectation; the sentences end without a full stop, `step` with one. Raises NotYet."""
        if not holds:
            raise NotYet(id, saw, rule, step)
        self.good.append(good)

    def expect_no_note(self, exchange: SeenExchange, *ids: str, good: str, step: str | None = None) -> None:
        """None of these notes is there (without ids: none that is bad). The note itself says what is wrong."""
        self.looked_at = exchange
        for note in exchange.notes:
            if note.id in ids if ids else note.level == "bad" and note.source == "rawwfile":
                self.looked_at_request = note.direction == IN
                raise NotYet(note.id, note.message, note.rule, step or note.advice)
        self.good.append(good)

    def shown(self) -> list[str]:
        """The bytes of the exchange that was looked at last, a line for each line of theirs."""
        if self.looked_at is None:
            return []
        message = self.looked_at.request if self.looked_at_request else self.looked_at.response
        return list(shown_lines(message.data))


def shown_lines(data: bytes) -> Iterator[str]:
    """Bytes as lines fit to be seen: control characters visible, long ones cut, the middle of many left out."""
    lines = data.splitlines(keepends=True)
    left_out = len(lines) - FIRST_SHOWN - LAST_SHOWN
    for number, line in enumerate(lines):
        if left_out > 1 and FIRST_SHOWN <= number < FIRST_SHOWN + left_out:
            if number == FIRST_SHOWN:
                yield f"... {left_out} more lines ..."
            continue
        text = visible(line[: LONGEST_SHOWN * 4], as_text=True)
        yield text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
    if not lines:
        yield "(nothing)"


def _times(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
