"""`Topic`: one publisher's events for many subscribers, with a memory of the last ones.

    news = Topic("news")
    news.publish({"headline": "..."})                 from any thread

    @expose
    @sse
    def events(self):
        return news.subscribe(request.last_event_id, policy="close")

The memory is a ring. Who comes back with the id of the last event it has seen gets what it has
missed; if the ring does not reach back so far, one event "reset" first, which says that something
is missing, and then all that the ring holds. Ids grow by one. They start at the microseconds of the
clock, so that an id of the server before its restart, or of another worker, is seen to be foreign.

Each subscriber has a queue of its own, bounded, and a policy for when it is full:

    drop-oldest   the oldest event of the queue is lost (counted in `dropped`)
    close         the subscription ends after what is queued; a browser comes back and loses nothing
    block         the publisher waits, `block_timeout` seconds at most; then as "close"

Locks: a topic's lock is taken before that of a subscription, never the other way round.
Source: streaming contract, section 8.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from types import TracebackType
from typing import Any

from rawwfile.exchange.context import current_exchange
from rawwfile.streaming.events import Event

POLICIES = ("drop-oldest", "close", "block")
RESET = "reset"
"""The name of the event that says that events are missing."""
LONGEST_ID = 20
"""Digits of an id that a client may send; 64 bits have 19."""


class Topic:
    """A ring of the last events, and the subscribers. Every method may be called from any thread.

    name: for people. maxlen, max_bytes: bounds of the ring, in events and in bytes as sent.
    block_timeout: seconds that `publish` waits for subscribers with the policy "block".
    first_id: the id of the first event, for ids that go on from an earlier run.
    """

    def __init__(
        self,
        name: str = "",
        maxlen: int = 1000,
        max_bytes: int = 1 << 20,
        *,
        block_timeout: float = 5.0,
        first_id: int | None = None,
    ) -> None:
        if maxlen < 0 or max_bytes < 0:
            raise ValueError(f"maxlen and max_bytes must be 0 or more, not {maxlen} and {max_bytes}")
        self.name = name
        self.maxlen = maxlen
        self.max_bytes = max_bytes
        self.block_timeout = block_timeout
        self._lock = threading.Lock()
        self._room = threading.Condition(self._lock)
        self._ring: deque[tuple[int, Event]] = deque()
        self._ring_bytes = 0
        self._last = (time.time_ns() // 1000 if first_id is None else first_id) - 1
        self._forgotten = self._last
        """The highest id that the ring cannot give: what has been seen up to here can be continued."""
        self._fresh = True
        self._subscribers: list[Subscription] = []
        self._closed = False

    # -- publishing

    def publish(self, data: Any = None, event: str | None = None, *, id: int | None = None) -> int:
        """Give an event to all subscribers and remember it; returns its id. Waits only for policy "block".

        data: what `Event` takes, encoded now, or an Event without an id. id: if the events have
        ids already (in a database, on a bus between workers); greater than all before. Raises
        ValueError for another id, TypeError or ValueError for data, RuntimeError after `close`.
        """
        made = data if isinstance(data, Event) and event is None else Event(data, event)
        if made.id is not None:
            raise ValueError(f"the ids of a topic are its own: publish(..., id=...), not Event(id={made.id!r})")
        with self._room:
            self._refuse_if_closed()
            if any(each.is_holding_up for each in self._subscribers):
                self._wait_for_room()
            number = self._last + 1 if id is None else id
            if number <= self._last and not (self._fresh and id is not None):
                raise ValueError(f"id {number} is not greater than {self._last}, the last one of topic {self.name!r}")
            made = replace(made, id=number)
            size = len(made.encode())
            if self._fresh:
                # Ids of one's own may begin anywhere; what was before the first is not here.
                self._fresh, self._forgotten = False, number - 1
            self._last = number
            self._remember(number, made, size)
            self._subscribers = [each for each in self._subscribers if each.offer(made, size)]
        return number

    def _wait_for_room(self) -> None:
        """Let the publisher wait for subscribers that want it; end those that make no room in time."""
        self._room.wait_for(lambda: not any(each.is_holding_up for each in self._subscribers), self.block_timeout)
        self._refuse_if_closed()
        for each in self._subscribers:
            if each.is_holding_up:
                each.end()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise RuntimeError(f"topic {self.name!r} is closed")

    def _remember(self, number: int, event: Event, size: int) -> None:
        ring = self._ring
        ring.append((number, event))
        self._ring_bytes += size
        while ring and (len(ring) > self.maxlen or self._ring_bytes > self.max_bytes):
            self._forgotten, oldest = ring.popleft()
            self._ring_bytes -= len(oldest.encode())

    # -- subscribing

    def subscribe(
        self,
        last_event_id: str | int | None = None,
        *,
        policy: str = "drop-oldest",
        maxlen: int = 100,
        max_bytes: int = 1 << 20,
    ) -> Subscription:
        """The events after `last_event_id`, first from memory, then as they come; without one, as they come.

        maxlen, max_bytes: bounds of the queue; an event larger than max_bytes is let in alone.
        Ends with the response of the request in which it was made. Raises ValueError.
        """
        if policy not in POLICIES:
            raise ValueError(f"policy must be one of {', '.join(POLICIES)}, not {policy!r}")
        if maxlen < 1 or max_bytes < 1:
            raise ValueError(f"a queue must hold something: maxlen is {maxlen}, max_bytes {max_bytes}")
        with self._lock:
            subscription = Subscription(self, self._missed(last_event_id), policy, maxlen, max_bytes)
            if self._closed:
                subscription.end()
            else:
                self._subscribers.append(subscription)
        exchange = current_exchange.get(None)
        if exchange is not None:
            # A generator that is closed in the middle of a `for` does not close what it runs over.
            exchange.on_end(subscription.close)
        return subscription

    def _missed(self, last_event_id: str | int | None) -> deque[Event]:
        """What there is after an id that a client has sent."""
        said = "" if last_event_id is None else str(last_event_id)
        if not said:
            return deque()
        seen = int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_ID else -1
        if self._forgotten <= seen <= self._last:
            return deque(event for number, event in self._ring if number > seen)
        first = self._ring[0][0] if self._ring else self._last + 1
        what = {"after": said[:LONGEST_ID], "first": str(first), "last": str(self._last)}
        return deque((Event(what, RESET, self._forgotten), *(event for _, event in self._ring)))

    def discard(self, subscription: Subscription) -> None:
        """For a subscription that has been closed: it gets nothing from now on."""
        with self._room:
            if subscription in self._subscribers:
                self._subscribers.remove(subscription)
            self._room.notify_all()

    def notice_room(self) -> None:
        """For a subscription that holds up the publisher: it has room again."""
        with self._room:
            self._room.notify_all()

    def close(self) -> None:
        """End all subscriptions after what is queued in them, and take nothing more."""
        with self._room:
            self._closed = True
            subscribers, self._subscribers = self._subscribers, []
            self._room.notify_all()
        for each in subscribers:
            each.end()

    # -- for people

    @property
    def last_id(self) -> int:
        """The id of the event published last; of none, one less than the first will have."""
        return self._last

    @property
    def subscribers(self) -> int:
        """How many subscriptions are open."""
        return len(self._subscribers)

    def __len__(self) -> int:
        """How many events are remembered."""
        return len(self._ring)

    def __repr__(self) -> str:
        return f"<Topic {self.name!r}, {len(self)} events, {self.subscribers} subscribers>"


class Subscription:
    """The events of a Topic for one subscriber: an iterator of `Event`, whose `id` is set.

    To be read by one thread. In a handler, waiting ends with ClientGone or Shutdown as all waits of
    `rawwfile.stream` do. dropped: how many events were lost to the policy "drop-oldest".
    """

    def __init__(self, topic: Topic, missed: deque[Event], policy: str, maxlen: int, max_bytes: int) -> None:
        self._topic = topic
        self._missed = missed
        self._policy = policy
        self._maxlen = maxlen
        self._max_bytes = max_bytes
        self._queue: deque[tuple[Event, int]] = deque()
        self._bytes = 0
        self._news = threading.Condition(threading.Lock())
        self._woken = False
        self.dropped = 0
        self.ended = False
        """Nothing comes any more but what is queued."""

    # -- for the topic

    @property
    def _is_full(self) -> bool:
        return len(self._queue) >= self._maxlen or self._bytes >= self._max_bytes

    @property
    def is_holding_up(self) -> bool:
        """The publisher must wait for it."""
        return self._policy == "block" and not self.ended and self._is_full

    def offer(self, event: Event, size: int) -> bool:
        """Queue an event; False if the subscription is over."""
        with self._news:
            if self._policy == "close" and self._is_full:
                self.ended = True
            if self.ended:
                self._news.notify()
                return False
            while self._queue and (len(self._queue) >= self._maxlen or self._bytes + size > self._max_bytes):
                if self._policy != "drop-oldest":
                    break
                self._bytes -= self._queue.popleft()[1]
                self.dropped += 1
            self._queue.append((event, size))
            self._bytes += size
            self._news.notify()
        return True

    def end(self) -> None:
        """What is queued can still be read, and then it is over."""
        with self._news:
            self.ended = True
            self._news.notify()

    # -- for the subscriber

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        event = self.get()
        if event is None:
            raise StopIteration
        return event

    def get(self, timeout: float | None = None) -> Event | None:
        """The next event; None when there is none in `timeout` seconds, or ever (`ended`).

        Raises ClientGone, Shutdown.
        """
        if self._missed:
            return self._missed.popleft()
        event = self._take()
        if event is None and not self.ended and (timeout is None or timeout > 0):
            event = self._wait(timeout)
        # What was queued before the end is not lost to an end that came between the two looks.
        return self._take() if event is None else event

    def _take(self) -> Event | None:
        with self._news:
            if not self._queue:
                return None
            was_full = self.is_holding_up
            event, size = self._queue.popleft()
            self._bytes -= size
        if was_full:
            self._topic.notice_room()
        return event

    def _wait(self, timeout: float | None) -> Event | None:
        exchange: Any = current_exchange.get(None)
        if exchange is None:
            self._wait_for_news(timeout)
            return self._take()
        ends_at = None if timeout is None else time.monotonic() + timeout
        opening = getattr(exchange, "before_wait", None)
        if opening is not None:
            opening()
        exchange.begin_waiting()
        while True:
            self._woken = False
            handle = exchange.on_wake(self._wake)
            try:
                self._wait_for_news(None if ends_at is None else max(0.0, ends_at - time.monotonic()))
            finally:
                handle.cancel()
            event = self._take()
            if event is not None or not self._woken:
                return event
            exchange.check_wait()

    def _wait_for_news(self, timeout: float | None) -> None:
        with self._news:
            self._news.wait_for(lambda: self._queue or self.ended or self._woken, timeout)

    def _wake(self) -> None:
        """The client has left, or the server stops."""
        with self._news:
            self._woken = True
            self._news.notify()

    def close(self) -> None:
        """Unsubscribe, and forget what is queued. May be called again, and from any thread."""
        self.end()
        with self._news:
            self._queue.clear()
            self._bytes = 0
        self._missed = deque()
        self._topic.discard(self)

    def __enter__(self) -> Subscription:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
