"""Whose turn it is: the polls of one stream are answered one after the other.

A lock cannot be given up for a client that leaves, a server that stops or a newer poll; a turn can.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from rawwfile.streaming.longpoll.answers import Answer
from rawwfile.streaming.longpoll.wishes import Wishes

Pause = Callable[[threading.Event, float], Any]
"""Waits for an event, seconds at most; the tests have one that only moves their clock."""


class Poll:
    """One request that polls, as long as it is answered.

    exchange: None when Python code calls the handler outside of a request. ack: the last answer that
    has arrived, as far as the client says. made_key: the key is news to the client. resumed_key:
    the key, from Last-Event-ID. superseded: a newer poll has come, this one shall be answered at
    once. answered: it has its answer, and only has to end. given: its answer, the last one if there
    are more; then `sent` is the last that is known to be on the wire.
    """

    answered = False
    given: Answer | None = None
    resumed_key = ""
    sent: int | None = None

    def __init__(self, exchange: Any, wishes: Wishes, clock: Callable[[], float], pause: Pause) -> None:
        self.exchange = exchange
        self.wishes = wishes
        self.ack = wishes.ack
        self.made_key = False
        self.superseded = False
        self._clock = clock
        self._pause = pause
        self._woken = threading.Event()

    def wake(self) -> None:
        """Make `wait_for` look again; from any thread."""
        self._woken.set()

    def wait_for(self, is_there: Callable[[], bool], until: float, brief: bool = False) -> bool:
        """Wait for `is_there()`, to time `until` at most; whether it came true.

        Whoever makes it true calls `wake`. brief: it takes no time worth speaking of, in which nobody
        looks whether the client is there. Raises ClientGone and Shutdown.
        """
        if is_there():
            return True
        if self._clock() >= until:
            return False
        if self.exchange is None or brief:
            return self._loop(is_there, until, None)
        self.exchange.begin_waiting()
        handle = self.exchange.on_wake(self.wake)
        try:
            return self._loop(is_there, until, self.exchange)
        finally:
            handle.cancel()

    def _loop(self, is_there: Callable[[], bool], until: float, exchange: Any) -> bool:
        while True:
            self._woken.clear()
            if is_there():
                return True
            if exchange is not None:
                exchange.check_wait()
            left = until - self._clock()
            if left <= 0:
                return False
            self._pause(self._woken, left)


class Turns:
    """The turn of one stream, and the polls that wait for it. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: Any = None
        self._queue: deque[Poll] = deque()

    @property
    def taken(self) -> bool:
        """Somebody has the turn."""
        return self._holder is not None

    def try_take(self, holder: Any) -> bool:
        """Take the turn if it is free; never waits."""
        with self._lock:
            if self._holder is not None:
                return False
            self._holder = holder
            return True

    def take(
        self, poll: Poll, until: float, is_over: Callable[[], bool], *, supersede: bool = False, brief: bool = False
    ) -> bool:
        """Wait for the turn to time `until` at most; whether it was given.

        is_over: nothing is to be waited for any more. supersede: those who have the turn, or wait
        for it, are told to end. brief: see Poll.wait_for. Raises ClientGone and Shutdown.
        """
        if self.try_take(poll):
            return True
        with self._lock:
            older = [self._holder, *self._queue] if supersede else []
            self._queue.append(poll)
        for each in older:
            if isinstance(each, Poll):
                each.superseded = True
                each.wake()
        if not self.taken:
            self._pass_on()  # it was given back while we were on our way into the queue
        try:
            poll.wait_for(lambda: self._holder is poll or poll.superseded or is_over(), until, brief)
        except BaseException:
            if self._leave(poll):
                self.release()
            raise
        return self._leave(poll)

    def _leave(self, poll: Poll) -> bool:
        """Wait no more; whether the turn was given meanwhile."""
        with self._lock:
            if self._holder is poll:
                return True
            self._queue.remove(poll)
            return False

    def release(self) -> None:
        """Give the turn to the next who waits."""
        with self._lock:
            self._holder = None
        self._pass_on()

    def _pass_on(self) -> None:
        with self._lock:
            # Those that are superseded leave by themselves, at once.
            following = next((poll for poll in self._queue if not poll.superseded), None)
            if self._holder is not None or following is None:
                return
            self._queue.remove(following)
            self._holder = following
        following.wake()

    def wake_all(self) -> None:
        """Something has become of the stream: everybody shall look."""
        with self._lock:
            concerned = [self._holder, *self._queue]
        for each in concerned:
            if isinstance(each, Poll):
                each.wake()
