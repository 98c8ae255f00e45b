"""Following a tape while it grows: bounded queues of what happened."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Iterator
from threading import Condition, RLock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rawwfile.tape.model import ConnectionTape, Entry, Event, ExchangeRecord


class TapeEvent(NamedTuple):
    """One change of a tape.

    sequence: counts the changes of the tape. kind:

        "connection"  it was accepted, or its TLS handshake is done
        "entry"       bytes crossed; `entry` has them, `exchange` is the one they belong to, if known
        "exchange"    it began, its response began, or it is over (`exchange.open` tells)
        "event"       something for the timeline; `event` has it
        "closed"      the connection is closed
        "cleared"     what was closed has been forgotten

    Skip kinds that you do not know. connection is None for "cleared" alone.
    """

    sequence: int
    kind: str
    connection: ConnectionTape | None = None
    exchange: ExchangeRecord | None = None
    entry: Entry | None = None
    event: Event | None = None


class Follower:
    """What has happened since it was asked last; made by `Tape.follow`. For one thread.

    missed: how many events were dropped, oldest first, because they were not fetched in time.
    closed: `close` was called, here or by the other end: no more will come. kinds: it is told of
    these alone; None: of all.
    """

    def __init__(
        self, most: int, leave: Callable[[Follower], None], kinds: Container[str] | None = None
    ) -> None:
        self.missed = 0
        self.closed = False
        self.kinds = kinds
        self._most = most
        self._leave = leave
        self._events: deque[TapeEvent] = deque()
        self._lock = RLock()
        self._filled = Condition(self._lock)

    def put(self, event: TapeEvent) -> None:
        """Called by the tape, which must never wait for who follows it."""
        with self._lock:
            if self.closed:
                return
            events = self._events
            if len(events) >= self._most:
                events.popleft()
                self.missed += 1
            events.append(event)
            if len(events) == 1:
                # Nobody waits while there are some.
                self._filled.notify()

    def next(self, timeout: float | None = None) -> list[TapeEvent]:
        """All events that have not been fetched; waits `timeout` seconds (None: for ever) for the first.

        Empty when the time is up, or when the follower was closed and everything is fetched.
        """
        with self._lock:
            self._filled.wait_for(lambda: self._events or self.closed, timeout)
            events = list(self._events)
            self._events.clear()
            return events

    def __iter__(self) -> Iterator[TapeEvent]:
        """Events one after the other, until the follower is closed."""
        while events := self.next():
            yield from events

    def close(self) -> None:
        """Follow no more; who waits in `next` is let go. May be called twice and from any thread."""
        self._leave(self)
        with self._lock:
            self.closed = True
            self._filled.notify_all()
