"""Where the items of a stream come from: its generator, on demand or pumped by a thread of its own.

A source gives items as JSON text: what JSON cannot hold is then an error of the generator, at the
item where it happened, and what waits has a size.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rawwfile.errors import HTTPError, Shutdown, StreamEnd

if TYPE_CHECKING:
    from rawwfile.streaming.longpoll.stream import LongPollStream
    from rawwfile.streaming.longpoll.turns import Poll

log = logging.getLogger("rawwfile")

SHORTEST_PAUSE = 0.01
LONGEST_PAUSE = 0.25
"""Seconds between two questions to a generator that yields NOTHING: doubled from the first to the second."""
LOOK_AGAIN = 0.5
"""Seconds until a producer looks again whether the others have left it room."""


class Nothing:
    """The type of NOTHING, which a generator yields when it has nothing to say yet."""

    def __repr__(self) -> str:
        return "json_yield.NOTHING"


NOTHING = Nothing()
"""Yielded by a generator to be asked again soon: the poll goes on waiting, or is answered `pending`."""

END = Nothing()
"""The generator has ended by itself."""


class Failure:
    """The generator failed with `error`."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


Item = str | Failure | Nothing


class Source:
    """The generator of one stream. Its steps and its close() run in the stream's context."""

    def __init__(self, stream: LongPollStream, iterator: Iterator[Any]) -> None:
        self._stream = stream
        self._iterator: Iterator[Any] | None = iterator
        self._outcome = "client-gone"
        self._error: Exception | None = None

    def take(self, poll: Poll, until: float) -> Item | None:
        """The next item; None if there is none by time `until`, or the poll or the stream shall end.

        Called by whoever has the turn. Raises ClientGone and Shutdown; then nothing is lost.
        """
        raise NotImplementedError

    @property
    def waiting(self) -> bool:
        """Items are there already."""
        return False

    def interrupt(self) -> None:
        """The stream has been ended: let go of whatever waits in it."""

    def dispose(self) -> bool:
        """Close the generator, once; False if its own thread does so later. Called with the turn."""
        raise NotImplementedError

    def _step(self) -> Item:
        """Ask the generator for one item, in the stream's context."""
        stream = self._stream
        if self._iterator is None or stream.ended:
            return NOTHING
        try:
            value = next(self._iterator, END)
            if value is END and stream.standin is not None:
                stream.standin.run_before_end()
            if isinstance(value, Nothing):
                self._outcome = "complete" if value is END else self._outcome
                return value
            text = json.dumps(value)
            if len(text) > stream.options.max_bytes:
                raise ValueError(f"an item of {len(text)} bytes, more than max_bytes={stream.options.max_bytes}")
        except StreamEnd as error:
            if isinstance(error, Shutdown):
                stream.registry.expire(stream)
            return NOTHING if stream.ended else END
        except Exception as error:  # noqa: BLE001 - whatever the generator raises is answered
            if not isinstance(error, HTTPError) or error.status >= 500:
                log.exception("%s raised %s", stream, type(error).__name__)
            self._outcome, self._error = "error", error
            return Failure(error)
        return text

    def _close(self) -> None:
        """Close the generator, then run the end hooks of its stand-in; in the stream's context, once."""
        stream = self._stream
        iterator, self._iterator = self._iterator, None
        close = getattr(iterator, "close", None)
        try:
            if close is not None:
                close()
        except StreamEnd:
            pass  # it waited while it cleaned up
        except Exception:  # noqa: BLE001 - nobody is left to be told
            log.exception("%s failed in close()", stream)
        if stream.standin is not None:
            stream.standin.finish(self._outcome, self._error)


class OnDemand(Source):
    """The generator runs in the poll that asks for its next item."""

    def take(self, poll: Poll, until: float) -> Item | None:
        """See Source. The generator's own time is not limited by `until`."""
        stream, clock = self._stream, self._stream.registry.clock
        pause = SHORTEST_PAUSE
        while not (poll.superseded or stream.ended):
            item = stream.run(self._step)
            if item is not NOTHING:
                return item
            if stream.ended or clock() >= until:
                break
            poll.wait_for(lambda: poll.superseded or bool(stream.ended), min(until, clock() + pause))
            pause = min(2 * pause, LONGEST_PAUSE)
        return None

    def dispose(self) -> bool:
        """See Source."""
        self._stream.run(self._close)
        return True


class Background(Source):
    """A thread of its own runs the generator and fills a queue; it pauses when that is full or nobody polls."""

    pausing = False

    def __init__(self, stream: LongPollStream, iterator: Iterator[Any]) -> None:
        super().__init__(stream, iterator)
        self._queue: deque[Item] = deque()
        self._bytes = 0
        self._news = threading.Condition()
        self._asking: Poll | None = None
        self._over = False
        self._thread = threading.Thread(
            target=stream.context.run, args=(self._pump,), name=f"rawwfile-longpoll-{stream.number}", daemon=True
        )

    def start(self) -> None:
        """Begin to fill the queue. Raises RuntimeError if the system gives no thread."""
        self._thread.start()

    @property
    def waiting(self) -> bool:
        """See Source."""
        return bool(self._queue)

    def take(self, poll: Poll, until: float) -> Item | None:
        """See Source."""
        stream = self._stream
        with self._news:
            self._asking = poll
            self.pausing = False
            self._news.notify_all()
        poll.wait_for(lambda: bool(self._queue) or poll.superseded or bool(stream.ended), until)
        if poll.superseded or stream.ended:
            return None
        with self._news:
            if not self._queue:
                return None
            item = self._queue.popleft()
            if isinstance(item, str):
                self._bytes -= len(item)
                stream.registry.add_bytes(stream, -len(item))
            self.pausing = False
            self._news.notify_all()
        return item

    def interrupt(self) -> None:
        """See Source."""
        with self._news:
            self._news.notify_all()

    def dispose(self) -> bool:
        """See Source. The thread closes the generator; what it made has no taker any more."""
        with self._news:
            self._queue.clear()
            self._stream.registry.add_bytes(self._stream, -self._bytes)
            self._bytes = 0
            self._news.notify_all()
            return self._over

    # -- the thread

    def _pump(self) -> None:
        item: Item = NOTHING
        try:
            while self._may_go_on():
                item = self._step()
                if item is NOTHING:
                    self._rest()
                    continue
                self._put(item)
                if not isinstance(item, str):
                    break
        finally:
            if isinstance(item, str) or item is NOTHING:
                self._put(END)  # for whoever still asks
            self._close()
            self._stream.registry.thread_over()
            with self._news:
                self._over = True
            if self._stream.ended:
                self._stream.gone()

    def _may_go_on(self) -> bool:
        """Wait until there is room and somebody polls; False when the stream is over."""
        stream = self._stream
        with self._news:
            while not stream.ended:
                full = len(self._queue) >= stream.options.maxlen or self._bytes >= stream.options.max_bytes
                if full or stream.idle > stream.options.pause:
                    self._pause()
                elif stream.registry.full:
                    self._news.wait(LOOK_AGAIN)
                else:
                    return True
        return False

    def _pause(self) -> None:
        """Wait until something is taken; the lock is held."""
        self.pausing = True
        self._news.notify_all()
        self._news.wait()

    def _rest(self) -> None:
        with self._news:
            if not self._stream.ended:
                self._news.wait(LONGEST_PAUSE)

    def _put(self, item: Item) -> None:
        with self._news:
            if self._stream.ended:
                return
            self._queue.append(item)
            if isinstance(item, str):
                self._bytes += len(item)
                self._stream.registry.add_bytes(self._stream, len(item))
            asking = self._asking
        if asking is not None:
            asking.wake()
