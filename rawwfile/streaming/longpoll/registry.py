"""All streams of the process: found by their scope, counted against the limits, ended when their time is up.

The lock here guards the tables and the counts, and is never held while a handler's code runs. A
stream counts until its generator is closed, which is later than its end if a poll is in the middle
of it.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from rawwfile.streaming.longpoll.answers import EXPIRED
from rawwfile.streaming.longpoll.options import Limits, Options
from rawwfile.streaming.longpoll.stream import COME_AGAIN, LongPollStream, Scope
from rawwfile.streaming.longpoll.turns import Pause

log = logging.getLogger("rawwfile")

TICK = 1.0
"""Seconds between two looks of the reaper."""
LONGEST_RETRY = 60
"""Seconds; the most that Retry-After says."""
AT_EXIT = 2.0
"""Seconds that generators which are in the middle of something get to close when the process ends."""


class TooMany(Exception):
    """A limit is reached. status: 429 or 503. retry_after: seconds until something may be free."""

    def __init__(self, status: int, retry_after: int) -> None:
        super().__init__(f"too many long polls; try again in {retry_after} s")
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One stream, for people who look after a server.

    key_hash: the first 12 hex digits of the key's SHA-256. age, idle: seconds. count: items sent.
    bytes: what is held for it. state: "polled", "waiting" for a poll, "done", "expired", or
    "closing" while its generator is being closed. producer: "thread" or None.
    """

    handler: str
    key_hash: str
    state: str
    age: float
    idle: float
    count: int
    seq: int
    bytes: int
    producer: str | None


class Registry:
    """See the module. reap: False, nobody calls `sweep` but the caller."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Pause = threading.Event.wait,
        reap: bool = True,
    ) -> None:
        self.limits = limits or Limits()
        self.clock = clock
        self.pause = pause
        self._reap = reap
        self._lock = threading.Lock()
        self._closed = threading.Condition(self._lock)
        self._named: dict[Scope, LongPollStream] = {}
        self._ended: dict[LongPollStream, None] = {}
        self._open: dict[LongPollStream, None] = {}
        self._per_client: Counter[Hashable] = Counter()
        self._threads = 0
        self._bytes = 0
        self._numbers = 0
        self._reaper: threading.Thread | None = None
        self._look = threading.Event()

    def configure(self, **limits: Any) -> None:
        """Change limits from now on; see Limits. Raises TypeError, ValueError."""
        self.limits = replace(self.limits, **limits)

    # -- finding and opening

    def enter(self, scope: Scope) -> LongPollStream | None:
        """The stream of that scope, with one poll more in it; None if there is none. `exit` ends the poll."""
        with self._lock:
            stream = self._named.get(scope)
            now = self.clock()
            if stream is not None and stream.ended and self._is_forgotten(stream, now):
                self._forget(stream)
                stream = None
            if stream is None:
                return None
            due = not stream.ended and stream.is_due(now)
            stream.polls += 1
        if due:
            self.expire(stream)
            if not stream.remembered:
                self.exit(stream)
                return None
        return stream

    def open(
        self, name: str, options: Options, scope: Scope, client: Hashable, turn: Any
    ) -> tuple[LongPollStream, bool]:
        """A new stream with one poll in it, that of `turn`, which has the turn; and True.

        With False: another poll has opened it meanwhile. Raises TooMany.
        """
        with self._lock:
            stream = self._named.get(scope)
            if stream is not None:
                stream.polls += 1
                return stream, False
            self._refuse_too_many(client, options)
            self._numbers += 1
            stream = LongPollStream(self, name, options, scope, client, self._numbers)
            stream.polls = 1
            stream.turns.try_take(turn)
            self._named[scope] = stream
            self._open[stream] = None
            self._per_client[client] += 1
            self._threads += options.producer is not None
            self._start_reaper()
        return stream, True

    def exit(self, stream: LongPollStream) -> None:
        """A poll of the stream is over."""
        with self._lock:
            stream.polls -= 1
            stream.last_seen = self.clock()

    def drop(self, stream: LongPollStream, how: str) -> None:
        """End the stream, and forget it at once."""
        with self._lock:
            if self._named.get(stream.scope) is stream:
                del self._named[stream.scope]
        stream.end(how)
        with self._lock:
            self._forget(stream)

    def _refuse_too_many(self, client: Hashable, options: Options) -> None:
        limits = self.limits
        if client is not None and self._per_client[client] >= limits.per_client:
            raise TooMany(429, self._retry_after(s for s in self._open if s.client == client))
        threads = options.producer is not None and self._threads >= limits.threads
        if threads or len(self._open) >= limits.streams or self._bytes >= limits.bytes:
            raise TooMany(503, self._retry_after(self._open))

    def _retry_after(self, streams: Iterable[LongPollStream]) -> int:
        """Seconds until the first of the streams expires if nobody polls for it."""
        left = min((stream.options.ttl - stream.idle for stream in streams), default=COME_AGAIN)
        return max(COME_AGAIN, min(math.ceil(left), LONGEST_RETRY))

    # -- counting

    @property
    def full(self) -> bool:
        """The bytes of all streams have reached the limit."""
        return self._bytes >= self.limits.bytes

    def add_bytes(self, stream: LongPollStream, count: int) -> None:
        """`count` bytes more, or less if negative, are held for the stream."""
        if count:
            with self._lock:
                if stream.remembered:
                    stream.bytes += count
                    self._bytes += count

    def note_end(self, stream: LongPollStream, how: str) -> bool:
        """Mark the stream as ended; False if it was already."""
        with self._lock:
            if stream.ended:
                return False
            stream.ended, stream.ended_at = how, self.clock()
            self._ended[stream] = None
            while len(self._ended) > self.limits.streams:
                self._forget(next(iter(self._ended)))
            return True

    def discount(self, stream: LongPollStream) -> None:
        """The stream's generator is closed."""
        with self._lock:
            if stream in self._open:
                del self._open[stream]
                self._closed.notify_all()
                self._per_client[stream.client] -= 1
                if not self._per_client[stream.client]:
                    del self._per_client[stream.client]

    def thread_over(self) -> None:
        """The thread of a background producer has ended."""
        with self._lock:
            self._threads -= 1

    def _is_forgotten(self, stream: LongPollStream, now: float) -> bool:
        return not stream.polls and now - stream.ended_at >= stream.options.ttl

    def _forget(self, stream: LongPollStream) -> None:
        self._ended.pop(stream, None)
        self._bytes -= stream.bytes
        stream.bytes, stream.remembered = 0, False
        if self._named.get(stream.scope) is stream:
            del self._named[stream.scope]

    def streams(self) -> list[StreamInfo]:
        """What is open, and what has ended and is remembered; the oldest first."""
        with self._lock:
            found = sorted({**self._open, **self._ended}, key=lambda stream: stream.number)
            return [self._describe(stream) for stream in found]

    def _describe(self, stream: LongPollStream) -> StreamInfo:
        state = stream.ended or ("polled" if stream.turns.taken else "waiting")
        if stream.ended and stream in self._open:
            state = "closing"
        return StreamInfo(
            stream.name,
            hashlib.sha256(stream.scope.key.encode("utf-8", "surrogatepass")).hexdigest()[:12],
            state,
            round(self.clock() - stream.created, 3),
            round(stream.idle, 3),
            stream.count,
            stream.seq,
            stream.bytes,
            stream.options.producer,
        )

    # -- the end

    def due(self) -> list[LongPollStream]:
        """The open streams whose time is up; forgets ended ones whose time to be remembered is up."""
        with self._lock:
            now = self.clock()
            for stream in [each for each in self._ended if self._is_forgotten(each, now)]:
                self._forget(stream)
            return [stream for stream in self._open if not stream.ended and stream.is_due(now)]

    def sweep(self) -> None:
        """End what has expired, in this thread."""
        for stream in self.due():
            self.expire(stream)

    def expire(self, stream: LongPollStream) -> None:
        """End a stream whose time is up."""
        if stream.is_stopping:
            # Who comes to the next server of this process, a test's maybe, comes to a new stream.
            self.drop(stream, EXPIRED)
        else:
            stream.end(EXPIRED)

    def close_all(self, seconds: float = AT_EXIT) -> None:
        """End and forget every stream; wait until their generators are closed, `seconds` at most."""
        with self._lock:
            streams = [*self._open, *self._ended]
        for stream in streams:
            self.drop(stream, EXPIRED)
        with self._lock:
            self._closed.wait_for(lambda: not self._open, seconds)

    def look_now(self) -> None:
        """Something has happened that may end streams: a server stops."""
        self._look.set()

    def _start_reaper(self) -> None:
        if self._reap and self._reaper is None:
            atexit.register(self.close_all)
            self._reaper = threading.Thread(target=self._run, name="rawwfile-longpoll-reaper", daemon=True)
            self._reaper.start()

    def _run(self) -> None:
        while True:
            self._look.wait(TICK)
            self._look.clear()
            due = self.due()
            if due:
                # In another thread: a generator may take its time to close, and the others shall not wait.
                threading.Thread(
                    target=self._expire_all, args=(due,), name="rawwfile-longpoll-closer", daemon=True
                ).start()
            with self._lock:
                if not self._open and not self._ended:
                    self._reaper = None
                    atexit.unregister(self.close_all)
                    return

    def _expire_all(self, streams: list[LongPollStream]) -> None:
        for stream in streams:
            try:
                self.expire(stream)
            except Exception:  # noqa: BLE001 - the next one's turn must come
                log.exception("%s could not be closed", stream)
