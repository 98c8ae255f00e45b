"""The recording: connections, their streams of entries, and the exchanges that were read out of them.

    Tape -> ConnectionTape -> Stream ("in" or "out", "plain" or "cipher") -> Entry
                           -> ExchangeRecord, Event

Offsets count the bytes of one stream from the connection's first byte; times are seconds since
`Tape.started`, measured with a clock that never goes back. A recording may still grow while it is
read: hold `Tape.lock` while you walk a list in it (`Stream.read` takes the lock itself).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING, Any

from rawwfile.tape.following import Follower, TapeEvent

if TYPE_CHECKING:
    from rawwfile.http.notes.base import Note
    from rawwfile.http.spans import SpanTrail

__all__ = [
    "ConnectionTape", "Entry", "Event", "ExchangeRecord", "Follower", "IN", "OUT", "PLAIN", "CIPHER",
    "Stream", "Tape", "TapeEvent", "TapeLimits",
]  # fmt: skip

IN, OUT = "in", "out"
"""Directions: what the server received, what it sent."""
PLAIN, CIPHER = "plain", "cipher"
"""Sides of TLS; without TLS there is only the plain one, and it is what crossed the socket."""


@dataclass(frozen=True, slots=True)
class TapeLimits:
    """How much is kept; the oldest goes first. Bytes count memory: data, and what is noted beside it."""

    connection_bytes: int = 128 << 20
    total_bytes: int = 256 << 20
    connections: int = 20_000


@dataclass(slots=True)
class Entry:
    """One read or one write of the socket, or of the plain side above the cipher.

    by: "howto20.py:22", the line of the application that wrote; None for reads and for what the
    engine wrote by itself. by_path: the same with the whole path. sequence: counts the entries of
    the connection, both directions and sides together, from 1.
    """

    connection: int
    sequence: int
    direction: str
    side: str
    offset: int
    time: float
    data: bytes
    by: str | None = None
    by_path: str | None = None

    @property
    def end(self) -> int:
        """The offset after the last byte."""
        return self.offset + len(self.data)


@dataclass(slots=True)
class Event:
    """Something that happened on a connection, for the timeline.

    exchange: the id of the ExchangeRecord that it belongs to, or None. kind is one of EVENT_KINDS.
    """

    time: float
    kind: str
    text: str = ""
    exchange: int | None = None


EVENT_KINDS = {
    "tls-message": "a TLS handshake message",
    "tls-done": "the TLS handshake is done",
    "tls-failed": "the TLS handshake failed",
    "request-read": "the request head is read",
    "content-read": "the request content is read",
    "handler-start": "the handler is called",
    "handler-end": "the handler has returned",
    "continue-sent": "100 Continue is sent",
    "interim": "an interim response is sent",
    "first-byte": "the first byte of the response leaves",
    "refused": "the request is refused",
    "settled": "what was written is judged",
    "switched": "the connection is no longer HTTP",
    "exchange-end": "the exchange is over",
    "client-ended": "the client sends no more",
    "half-closed": "the server sends no more",
    "client-gone": "the client is gone",
    "reset": "the server resets the connection",
    "closed": "the connection is closed",
    "fault": "the recording failed",
}
"""Kinds of events, each with a few words."""


@dataclass(slots=True)
class Stream:
    """The bytes of one direction on one side of TLS.

    first, end: the offsets of the kept bytes; first is above 0 when the oldest were dropped.
    trail: the spans that the reader itself made; None where nothing reads (the cipher side).
    ended: the time at which the sending side said that no more comes, or None.
    """

    direction: str
    side: str
    entries: list[Entry] = field(default_factory=list)
    first: int = 0
    end: int = 0
    trail: SpanTrail | None = None
    ended: float | None = None
    lock: Any = field(default_factory=RLock, repr=False, compare=False)

    def read(self, start: int | None = None, stop: int | None = None) -> bytes:
        """The kept bytes in [start, stop); less where they are not kept or have not come."""
        with self.lock:
            low = self.first if start is None else max(start, self.first)
            high = self.end if stop is None else min(stop, self.end)
            if low >= high:
                return b""
            parts = []
            for entry in self.entries_between(low, high):
                parts.append(entry.data[max(0, low - entry.offset) : high - entry.offset])
            return b"".join(parts)

    def entries_between(self, start: int, stop: int) -> list[Entry]:
        """The entries that have a byte in [start, stop), in order."""
        with self.lock:
            found = []
            for index in range(max(0, self._index(start)), len(self.entries)):
                entry = self.entries[index]
                if entry.offset >= stop:
                    break
                if entry.end > start:
                    found.append(entry)
            return found

    def entry_at(self, offset: int) -> Entry | None:
        """The entry that brought the byte at `offset`; None if it is not kept."""
        with self.lock:
            entries = self.entries
            if entries and entries[-1].offset <= offset:
                # Who asks while it is recorded asks for the newest.
                return entries[-1] if offset < self.end else None
            found = self.entries_between(offset, offset + 1)
            return found[0] if found else None

    def _index(self, offset: int) -> int:
        return bisect_right(self.entries, offset, key=_offset_of) - 1


def _offset_of(entry: Entry) -> int:
    return entry.offset


@dataclass(slots=True)
class ExchangeRecord:
    """One request and its response.

    id: unique on the tape. number: within the connection, from 1.
    request, response: (start, end) in the plain streams; the end moves while the exchange is open.
    method, target, version: as in the request ("" where it could not be read); version "HTTP/1.1".
    status, reason: of the final response; None, "" until there is one.
    handler: "Root.index (howto20.py:14)" or None. raw: the handler wrote the response by hand.
    verdict: ResponseObserver's word. explain: its sentence. refused: why the request was refused, or None.
    end: "" while open, then "complete", "error", "client-gone", "timeout" or "shutdown".
    keep: whether another request could follow. began: when the request's first byte came;
    first_byte: when that of the response left, or None; ended: None while open.
    notes: what there is to remark, once the exchange is over; worked out when somebody asks first.
    """

    id: int
    connection: int
    number: int
    request: tuple[int, int] = (0, 0)
    response: tuple[int, int] = (0, 0)
    method: str = ""
    target: str = ""
    version: str = ""
    status: int | None = None
    reason: str = ""
    handler: str | None = None
    raw: bool = False
    verdict: str = "untouched"
    explain: str = ""
    refused: str | None = None
    end: str = ""
    keep: bool = False
    began: float = 0.0
    first_byte: float | None = None
    ended: float | None = None
    _notes: list[Note] | Callable[[ExchangeRecord], list[Note]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    @property
    def notes(self) -> list[Note]:
        """What there is to remark. Any thread may ask; it needs no lock, and takes none of the tape's."""
        notes = self._notes
        if not isinstance(notes, list):
            notes = self._notes = notes(self)
        return notes

    @notes.setter
    def notes(self, notes: list[Note]) -> None:
        self._notes = notes

    def notes_later(self, make: Callable[[ExchangeRecord], list[Note]]) -> None:
        """`make` gives the notes to who asks first; it must give the same list each time."""
        self._notes = make

    @property
    def open(self) -> bool:
        """It is not over yet."""
        return self.ended is None

    @property
    def duration(self) -> float | None:
        """Seconds from the request's first byte to the end; None while open."""
        return None if self.ended is None else self.ended - self.began


@dataclass(slots=True)
class ConnectionTape:
    """One connection, from its accept to its end.

    peer, local: "127.0.0.1:40312" (or "" on a Unix socket). scheme: "http" or "https".
    opened, closed: times; closed is None while it lives. closed_by: "client", "server" or "" (who
    ended it first), why: one sentence. tls: what the handshake agreed on, or None; keys version,
    cipher, alpn, server_name, peer_certificate, chain. lost: exchanges whose records were dropped.
    cost: bytes of memory that it takes, roughly; spans: how many of its spans are counted in that.
    forgotten: the tape has dropped it.
    """

    number: int
    scheme: str = "http"
    peer: str = ""
    local: str = ""
    opened: float = 0.0
    closed: float | None = None
    closed_by: str = ""
    why: str = ""
    tls: dict[str, Any] | None = None
    streams: dict[tuple[str, str], Stream] = field(default_factory=dict)
    exchanges: list[ExchangeRecord] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    lost: int = 0
    cost: int = 0
    spans: int = 0
    forgotten: bool = False

    def stream(self, direction: str, side: str = PLAIN) -> Stream:
        """The stream of one direction; an empty one, not kept, if nothing ever crossed it."""
        found = self.streams.get((direction, side))
        return Stream(direction, side) if found is None else found

    @property
    def entries(self) -> list[Entry]:
        """All entries in the order of time, those of both directions and sides."""
        every = [entry for stream in self.streams.values() for entry in list(stream.entries)]
        every.sort(key=_sequence_of)
        return every


def _sequence_of(entry: Entry) -> int:
    return entry.sequence


class Tape:
    """A recording: `connections` by number, in the order in which they were accepted.

    started: the wall clock (seconds since 1970) at time 0. lock: an RLock over everything.
    changes: grows with each change. dropped: connections that had to go. cost: bytes of memory that
    everything takes, roughly. by: the program that recorded it.
    """

    __slots__ = ("limits", "started", "lock", "connections", "exchanges", "changes", "dropped", "cost", "by",
                 "_followers", "_last_connection", "_last_exchange")  # fmt: skip

    def __init__(self, limits: TapeLimits | None = None, *, started: float = 0.0, by: str = "") -> None:
        self.limits = limits if limits is not None else TapeLimits()
        self.started = started
        self.by = by
        self.lock = RLock()
        self.connections: dict[int, ConnectionTape] = {}
        self.exchanges: dict[int, ExchangeRecord] = {}
        self.changes = 0
        self.dropped = 0
        self.cost = 0
        self._followers: list[Follower] = []
        self._last_connection = 0
        self._last_exchange = 0

    def __repr__(self) -> str:
        return f"<Tape of {len(self.connections)} connections, {len(self.exchanges)} exchanges>"

    def __iter__(self) -> Iterator[ConnectionTape]:
        """The connections, oldest first; those of the moment at which it was asked."""
        with self.lock:
            return iter(list(self.connections.values()))

    # -- for who reads

    def follow(self, most: int = 10_000, kinds: Container[str] | None = None) -> Follower:
        """A Follower of what is recorded from now on; it keeps `most` events that were not fetched.

        kinds: of the events that are wanted; None: all.
        """
        follower = Follower(most, self._unfollow, kinds)
        with self.lock:
            self._followers = [*self._followers, follower]
        return follower

    def _unfollow(self, follower: Follower) -> None:
        with self.lock:
            self._followers = [other for other in self._followers if other is not follower]

    def clear(self) -> None:
        """Forget connections that are closed. Followers are told ("cleared")."""
        with self.lock:
            for number, connection in list(self.connections.items()):
                if connection.closed is not None:
                    self.forget(number)
            self.publish("cleared")

    # -- for who records

    def publish(
        self,
        kind: str,
        connection: ConnectionTape | None = None,
        exchange: ExchangeRecord | None = None,
        entry: Entry | None = None,
        event: Event | None = None,
    ) -> None:
        """Tell the followers. Call it with the lock held, so that the sequence is one."""
        self.changes += 1
        told = None
        for follower in self._followers:
            if follower.kinds is None or kind in follower.kinds:
                if told is None:
                    told = TapeEvent(self.changes, kind, connection, exchange, entry, event)
                follower.put(told)

    def add_connection(self, connection: ConnectionTape) -> None:
        """Put a connection on the tape under its number."""
        with self.lock:
            self.connections[connection.number] = connection
            self._last_connection = max(self._last_connection, connection.number)

    def add_exchange(self, connection: ConnectionTape, exchange: ExchangeRecord) -> None:
        """Put an exchange on the tape and on its connection."""
        with self.lock:
            connection.exchanges.append(exchange)
            self.exchanges[exchange.id] = exchange
            self._last_exchange = max(self._last_exchange, exchange.id)

    def continue_after(self, other: Tape) -> None:
        """Number what comes after what is on another tape."""
        with self.lock:
            self._last_connection, self._last_exchange = other._last_connection, other._last_exchange

    def next_connection(self) -> int:
        """A number for a new connection."""
        with self.lock:
            self._last_connection += 1
            return self._last_connection

    def next_exchange(self) -> int:
        """An id for a new exchange."""
        with self.lock:
            self._last_exchange += 1
            return self._last_exchange

    def forget(self, number: int) -> None:
        """Drop a connection with everything in it."""
        with self.lock:
            connection = self.connections.pop(number, None)
            if connection is not None:
                connection.forgotten = True
                self.dropped += 1
                self.cost -= connection.cost
                for exchange in connection.exchanges:
                    self.exchanges.pop(exchange.id, None)
