"""One thread that listens for what handlers in the middle of something cannot: clients that leave, and time.

A client's end of sending, or its reset, is an event on its socket even while a handler's thread is
busy or blocked. The monitor waits for these events with a poller of its own, keeps the timers of
heartbeats and late flushes, and hands callbacks to a few threads, so that one that blocks does
not stop the others. It starts with the first watch or timer.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import queue
import select
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger("rawwfile")

RDHUP: int = getattr(select, "POLLRDHUP", 0)
"""The client has ended its sending; where the system does not tell, only resets are seen."""
LEFT = select.POLLERR | select.POLLHUP | select.POLLNVAL
MOST_CALLERS = 4
"""Threads that run callbacks of on_disconnect."""


class Monitor:
    """Watches sockets of streams, and the clock. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._poller: Any = None
        self._watches: dict[int, _Watch] = {}
        self._timers: list[_Timer] = []
        self._order = itertools.count()
        self._reader = self._writer = -1
        self._closed = False
        self._calls: queue.SimpleQueue[tuple[Callable[[bool], Any], bool]] = queue.SimpleQueue()
        self._callers = 0
        self._idle_callers = 0

    def watch(self, fd: int, callback: Callable[[bool], Any]) -> _Watch:
        """Call `callback(reset)` when the peer of socket `fd` ends its sending (False), and when it is gone (True)."""
        watch = _Watch(self, fd, callback)
        with self._lock:
            self._start()
            if not self._closed:
                self._watches[fd] = watch
                self._poller.register(fd, RDHUP)
                self._wake()
        return watch

    def call_at(self, when: float, callback: Callable[[], Any]) -> _Timer:
        """Call `callback` at monotonic time `when`, in this thread: it must not wait."""
        timer = _Timer(when, next(self._order), callback)
        with self._lock:
            self._start()
            heapq.heappush(self._timers, timer)
            if self._timers[0] is timer:
                self._wake()
        return timer

    def forget(self, watch: _Watch) -> None:
        """Call back no more for `watch`."""
        with self._lock:
            if self._watches.get(watch.fd) is watch:
                del self._watches[watch.fd]
                if not self._closed:
                    try:
                        self._poller.unregister(watch.fd)
                    except (KeyError, OSError):
                        pass

    def call_all(self) -> None:
        """The server stops: every watch is called back, once."""
        with self._lock:
            watches = list(self._watches.values())
        for watch in watches:
            self._hand_out(watch.callback, False)

    def close(self) -> None:
        """End the thread."""
        with self._lock:
            self._closed = True
            if self._poller is not None:
                self._wake()

    # -- inside

    def _start(self) -> None:
        if self._poller is None:
            # poll(), not epoll(): the mask may be empty, and the object may change while it is waited for.
            self._poller = _Masks()
            self._reader, self._writer = os.pipe()
            os.set_blocking(self._writer, False)
            threading.Thread(target=self._run, name="rawwfile-monitor", daemon=True).start()

    def _wake(self) -> None:
        try:
            os.write(self._writer, b"\0")
        except BlockingIOError:
            pass

    def _run(self) -> None:
        try:
            while not self._closed:
                self._step()
        finally:
            with self._lock:
                os.close(self._reader)
                os.close(self._writer)
                self._closed = True
                self._poller.close()
                callers, self._callers = self._callers, 0
            for _ in range(callers):
                self._calls.put((_end, False))

    def _step(self) -> None:
        with self._lock:
            timeout = self._timers[0].when - time.monotonic() if self._timers else None
        for fd, events in self._poller.wait(self._reader, timeout):
            if fd == self._reader:
                os.read(fd, 4096)
            else:
                self._heard(fd, events)
        now = time.monotonic()
        while True:
            with self._lock:
                if not self._timers or self._timers[0].when > now:
                    break
                timer = heapq.heappop(self._timers)
            timer.run()

    def _heard(self, fd: int, events: int) -> None:
        with self._lock:
            watch = self._watches.get(fd)
            if watch is None:
                return
            reset = bool(events & LEFT)
            if reset:
                del self._watches[fd]
                self._poller.unregister(fd)
            else:
                self._poller.register(fd, 0)
        self._hand_out(watch.callback, reset)

    def _hand_out(self, callback: Callable[[bool], Any], reset: bool) -> None:
        with self._lock:
            if self._closed:
                return
            if not self._idle_callers and self._callers < MOST_CALLERS:
                self._callers += 1
                threading.Thread(target=self._call, name="rawwfile-callbacks", daemon=True).start()
        self._calls.put((callback, reset))

    def _call(self) -> None:
        while True:
            with self._lock:
                self._idle_callers += 1
            callback, reset = self._calls.get()
            with self._lock:
                self._idle_callers -= 1
            if callback is _end:
                return
            try:
                callback(reset)
            except Exception:  # noqa: BLE001 - a callback's fault must not end the thread of the others
                log.exception("a callback failed")


def _end(_reset: bool) -> None:
    """Stands in the queue of callbacks for the end."""


class _Masks:
    """What to wait for, by descriptor; epoll where there is one, whose set may change while it is waited for."""

    def __init__(self) -> None:
        self._epoll = select.epoll() if hasattr(select, "epoll") else None
        self._masks: dict[int, int] = {}
        self._waker = -1

    def register(self, fd: int, mask: int) -> None:
        """Wait for `mask` on `fd`, and for its loss."""
        known = fd in self._masks
        self._masks[fd] = mask
        if self._epoll is not None:
            self._epoll.modify(fd, mask) if known else self._epoll.register(fd, mask)

    def unregister(self, fd: int) -> None:
        """Wait for it no more."""
        del self._masks[fd]
        if self._epoll is not None:
            self._epoll.unregister(fd)

    def wait(self, waker: int, timeout: float | None) -> list[tuple[int, int]]:
        """(fd, events) of what has happened; `waker` is readable for a change of timers."""
        if self._waker < 0:
            self._waker = waker
            self.register(waker, select.POLLIN)
        if self._epoll is not None:
            return self._epoll.poll(-1 if timeout is None else max(0.0, timeout))
        poll = select.poll()
        for fd, mask in list(self._masks.items()):
            poll.register(fd, mask)
        return poll.poll(None if timeout is None else max(0.0, timeout) * 1000)

    def close(self) -> None:
        """Free the descriptor."""
        if self._epoll is not None:
            self._epoll.close()


class _Watch:
    """One watched socket; `cancel` ends it."""

    __slots__ = ("_monitor", "fd", "callback")

    def __init__(self, monitor: Monitor, fd: int, callback: Callable[[bool], Any]) -> None:
        self._monitor = monitor
        self.fd = fd
        self.callback = callback

    def cancel(self) -> None:
        """Watch it no more."""
        self._monitor.forget(self)


class _Timer:
    """One call at a time; `cancel` drops it."""

    __slots__ = ("when", "_order", "_callback")

    def __init__(self, when: float, order: int, callback: Callable[[], Any]) -> None:
        self.when = when
        self._order = order
        self._callback: Callable[[], Any] | None = callback

    def __lt__(self, other: _Timer) -> bool:
        return (self.when, self._order) < (other.when, other._order)

    def cancel(self) -> None:
        """Do not call."""
        self._callback = None

    def run(self) -> None:
        """Call, once; its errors are logged."""
        callback, self._callback = self._callback, None
        if callback is None:
            return
        try:
            callback()
        except Exception:  # noqa: BLE001 - a timer's fault must not stop the monitor
            log.exception("a timer failed")
