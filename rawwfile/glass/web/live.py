"""News of the tape for many pages at once: changes merged, at most ten batches a second for each page.

One thread follows the tape and only notes what has changed, each thing once, in the order of its last change.
A page has a place in that order. It is told everything after its place, as it stands at that moment: an
exchange that changed a hundred times since the page was told last is one row. The ids of the
events are places in the order, so a page that comes back with Last-Event-ID goes on where it was.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from rawwfile.glass.web import rows
from rawwfile.streaming.events import Event
from rawwfile.streaming.waits import stream
from rawwfile.tape.model import Tape, TapeEvent

MAX_NOTED = 50_000
"""Changed things that are remembered for pages that lag behind; one that needs older ones loads all anew."""
MAX_BATCH = 5000
"""Events in one write to a page."""
PACE = 0.1
"""Seconds between two batches for a page, and between two looks at the tape."""

Change = tuple[int, Any]
"""Place in the order, and what is told of an entry."""
MAX_FOLLOWED = 100_000
"""Changes of the tape that may wait for us, in a flood and while the machine stands still."""
KINDS = frozenset(["connection", "entry", "exchange", "closed", "cleared"])
"""The kinds of changes that pages are told of."""
NOTHING: frozenset[str] = frozenset()
REST = 60.0
"""Seconds after the last page has gone, in which one that comes back can go on where it was."""


class News:
    """What has changed on a tape. Any thread may call any method; `start` begins to follow the tape.

    While nobody looks, the tape is not followed, for that would cost the server; a page that comes
    back later loads all anew.

    place: of the beginning. Where it is beyond all places of an earlier run, a page that was left open
    meanwhile hears that all it knows is gone.
    """

    def __init__(self, tape: Tape, place: int = 0) -> None:
        self._tape = tape
        self._lock = threading.Lock()
        self._changes: OrderedDict[tuple[Any, ...], Change] = OrderedDict()
        self._place = place
        self._forgotten = place
        """Everything up to this place may have been forgotten."""
        self._cleared = place
        """The place at which all was cleared last."""
        self._pages: set[queue.Queue[None]] = set()
        self._hidden = False
        self._follower = tape.follow(MAX_FOLLOWED, KINDS)
        self._looked: float | None = None
        """When a page was last seen, by a clock that never goes back."""
        self._rested_at = 0
        """How many changes the tape had when we stopped following it."""
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rawwfile-wire-news", daemon=True)

    def start(self) -> None:
        """Follow the tape, in a thread of its own, as soon as a page looks."""
        with self._lock:
            self._rest_if_alone()
        self._thread.start()

    def stop(self) -> None:
        """Follow it no more; the thread is gone when this returns."""
        self._stopped.set()
        self._follower.close()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def place(self) -> int:
        """The place of the newest change; who asks for it will want what comes after."""
        self._attend()
        return self._place

    def hide(self, hidden: bool) -> None:
        """While another tape is shown, this one's changes are told to nobody. All pages load anew."""
        with self._lock:
            self._hidden = hidden
            self._clear()
        self._wake()

    # -- while nobody looks

    def _attend(self) -> None:
        """Somebody looks: follow the tape."""
        with self._lock:
            self._looked = time.monotonic()
            if self._follower.kinds is NOTHING:
                # First this: of a change in between, the pages hear twice rather than never.
                self._follower.kinds = KINDS
                if self._tape.changes != self._rested_at:
                    self._changes.clear()
                    self._place += 1
                    self._forgotten = self._place

    def _rest_if_alone(self) -> None:
        """Follow the tape no more if nobody looks. Call it with the lock held."""
        if self._follower.kinds is NOTHING or self._pages:
            return
        if self._looked is None or time.monotonic() - self._looked > REST:
            self._rested_at = self._tape.changes
            self._follower.kinds = NOTHING

    # -- from the tape

    def _run(self) -> None:
        missed = 0
        while not self._follower.closed:
            events = self._follower.next(None)
            with self._lock:
                if self._follower.missed != missed:
                    missed = self._follower.missed
                    self._clear()
                elif not self._hidden:
                    for event in events:
                        self._note(event)
                while len(self._changes) > MAX_NOTED:
                    _, (self._forgotten, _) = self._changes.popitem(last=False)
                self._rest_if_alone()
            self._wake()
            # Whatever comes meanwhile is merged into one look.
            self._stopped.wait(PACE / 2)

    def _note(self, event: TapeEvent) -> None:
        if event.kind == "cleared":
            self._clear()
            return
        # No reference to what holds bytes: the tape alone says how long they are kept.
        if event.exchange is not None and event.kind in ("exchange", "entry"):
            self._put(("exchange", event.exchange.id))
        if event.entry is not None:
            entry = rows.entry_value(event.entry)
            self._put(("entry", event.entry.connection, event.entry.sequence), entry)
        if event.kind in ("connection", "closed") and event.connection is not None:
            self._put(("connection", event.connection.number))

    def _put(self, key: tuple[Any, ...], told: Any = None) -> None:
        self._place += 1
        self._changes[key] = (self._place, told)
        self._changes.move_to_end(key)

    def _clear(self) -> None:
        self._changes.clear()
        self._place += 1
        self._cleared = self._forgotten = self._place

    def _wake(self) -> None:
        with self._lock:
            pages = list(self._pages)
        for page in pages:
            try:
                page.put_nowait(None)
            except queue.Full:
                pass  # it has not looked since it was woken last

    # -- to the pages

    def events(self, last_event_id: str | None) -> Iterator[Event]:
        """The events for one page, for ever; for the thread of its exchange. See `rawwfile.sse`.

        "hello" with {"seq"} first; then "exchange" and "connection" with a row, "entry"; "cleared" where
        all that the page knows is gone, "missed" where it must load all again.
        """
        self._attend()
        place = self._begin(last_event_id)
        woken: queue.Queue[None] = queue.Queue(1)
        with self._lock:
            self._pages.add(woken)
        try:
            yield Event({"seq": place}, "hello", id=place if place >= 0 else None)
            while True:
                events, place = self.since(place)
                if events:
                    yield Batch(events)
                    stream.sleep(PACE)
                elif place >= self._place:
                    stream.get(woken)
        finally:
            with self._lock:
                self._pages.discard(woken)
                self._looked = time.monotonic()

    def _begin(self, last_event_id: str | None) -> int:
        if last_event_id and last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 20:
            # An id that we have not given yet is one of an earlier run.
            place = int(last_event_id)
            return place if place <= self._place else -1
        return self._place

    def since(self, place: int) -> tuple[list[Event], int]:
        """The events for a page at `place`, MAX_BATCH at most, and the place where it is then."""
        with self._lock:
            now = self._place
            if place >= now:
                return [], place
            if place < self._cleared:
                return [Event({}, "cleared", id=self._cleared)], self._cleared
            if place < self._forgotten:
                return [Event({}, "missed", id=now)], now
            found = []
            for change in reversed(self._changes.items()):
                if change[1][0] <= place:
                    break
                found.append(change)
        del found[:-MAX_BATCH]
        # What is told may have changed again meanwhile; then it stands further on and comes again.
        events = [
            Event(told, key[0], id=at) for key, (at, noted) in reversed(found) if (told := self._told(key, noted))
        ]
        return events, found[0][1][0] if found else now

    def _told(self, key: tuple[Any, ...], noted: Any) -> dict[str, Any] | None:
        """The row of a thing as it stands now; None if the tape has dropped it."""
        if key[0] == "entry":
            return dict(noted)
        if key[0] == "exchange":
            record = self._tape.exchanges.get(key[1])
            return None if record is None else rows.exchange_row(record)
        connection = self._tape.connections.get(key[1])
        return None if connection is None else rows.connection_row(connection)


class Batch(Event):
    """Several events that go out in one write."""

    __slots__ = ()

    def __init__(self, events: list[Event]) -> None:
        super().__init__()
        object.__setattr__(self, "_wire", b"".join(event.encode() for event in events))
