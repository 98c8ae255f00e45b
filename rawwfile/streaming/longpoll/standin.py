"""The exchange that a long poll's generator sees.

The generator runs in a copy of its first poll's context, but that exchange is soon over, and the next
poll is another one. So in that context the current exchange is a stand-in that lasts as long as
the stream: `rawwfile.request` is the first poll's, `rawwfile.response` that of the poll being answered,
resources and end hooks end with the stream. Its waits (`rawwfile.stream.sleep` and the like) go
on when one poll's client leaves, since the next poll comes from another connection; they raise
ClientGone when the stream is closed or has expired, and Shutdown when the server stops.
"""

from __future__ import annotations

import copy
import logging
import os
import select
import threading
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientGone, Shutdown

if TYPE_CHECKING:
    from rawwfile.streaming.longpoll.stream import LongPollStream

log = logging.getLogger("rawwfile")

current_stream: ContextVar[LongPollStream] = ContextVar("rawwfile.longpoll")


def current_poll() -> Any:
    """The request being answered while a long poll's generator runs; None if no poll waits for it.

    `rawwfile.request` is the request that began the stream, in the generator as everywhere.
    Raises RuntimeError outside of such a generator.
    """
    try:
        stream = current_stream.get()
    except LookupError:
        raise RuntimeError("current_poll() is only there in the generator of a json_yield handler") from None
    poll = stream.poll
    return None if poll is None or poll.exchange is None else poll.exchange.request


class StandIn:
    """See the module. What is not here is that of the first poll's exchange."""

    end = "complete"
    error: BaseException | None = None
    stream: Any = None

    def __init__(self, first: Any, stream: LongPollStream) -> None:
        self._first = first
        self._stream = stream
        self._hooks: list[Callable[[], Any]] = []
        self._before_end: list[Callable[[], Any]] = []
        self._wakes: list[_Wake] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.request = copy.copy(first.request)
        self.request.__dict__.pop("_resources", None)
        self.request._exchange = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._first, name)

    def __str__(self) -> str:
        return str(self._first)

    @property
    def context(self) -> Any:
        """The context that the generator runs in."""
        return self._stream.context

    @property
    def response(self) -> Any:
        """The response of the poll being answered; of the first one if there is none."""
        poll = self._stream.poll
        return self._first.response if poll is None or poll.exchange is None else poll.exchange.response

    # -- the end of the stream

    def on_end(self, hook: Callable[[], Any]) -> None:
        """Call `hook` when the stream has ended, the last one set first; its errors are logged."""
        self._hooks.append(hook)

    def before_end(self, hook: Callable[[], Any]) -> None:
        """Call `hook` when the generator has ended by itself and before the client is told `done`."""
        self._before_end.append(hook)

    @property
    def has_before_end(self) -> bool:
        """Hooks wait for the end."""
        return bool(self._before_end)

    def run_before_end(self) -> None:
        """The generator is at its end. Raises what a hook raises; in the stream's context."""
        while self._before_end:
            self._before_end.pop()()

    def finish(self, end: str, error: BaseException | None) -> None:
        """The generator is closed: run the end hooks, which see `end` and `error`; in the stream's context."""
        self.end = "shutdown" if end == "client-gone" and self.stopping else end
        self.error = error
        while self._hooks:
            try:
                self._hooks.pop()()
            except Exception:  # noqa: BLE001 - one hook must not keep the others from running
                log.exception("%s failed in an end hook", self._stream)

    # -- is anybody there

    @property
    def stopping(self) -> bool:
        """The server is stopping."""
        return bool(self._first.stopping)

    def client_gone(self) -> bool:
        """The stream was closed or has expired: nobody will ask for the rest."""
        return self._over.is_set()

    def begin_waiting(self) -> None:
        """The generator is about to wait for long, in the thread of a poll or in its own."""
        poll = self._stream.poll
        if poll is not None and poll.exchange is not None and self._stream.on_demand:
            poll.exchange.channel.begin_stream()
            poll.exchange.channel.hand_over()
        self.check_wait()

    def check_wait(self) -> None:
        """Raise ClientGone or Shutdown if a wait must end."""
        if self.stopping:
            raise Shutdown("the server is stopping")
        if self._over.is_set():
            raise ClientGone("the long poll was closed or has expired")

    def wait(self, timeout: float | None, readable: Iterable[int] = ()) -> list[int]:
        """Wait `timeout` seconds, or until one of the descriptors is readable; those that are.

        Raises ClientGone and Shutdown.
        """
        self.begin_waiting()
        descriptors = list(readable)
        if not descriptors:
            self._over.wait(timeout)
            self.check_wait()
            return []
        reader, writer = os.pipe()
        handle = self.on_wake(lambda: os.write(writer, b"\0"))
        try:
            found = _readable([reader, *descriptors], timeout)
        finally:
            handle.cancel()
            os.close(reader)
            os.close(writer)
        self.check_wait()
        return [fd for fd in found if fd != reader]

    def on_disconnect(self, callback: Callable[[], Any]) -> _Wake:
        """Call `callback` once when the stream is closed or has expired; the handle's `cancel` takes it back."""
        return self.on_wake(callback)

    def on_wake(self, callback: Callable[[], Any]) -> _Wake:
        """As `on_disconnect`, and when the server stops, which ends every stream."""
        wake = _Wake(callback)
        with self._lock:
            self._wakes = [each for each in self._wakes if each.waits]
            self._wakes.append(wake)
        if self._over.is_set():
            wake.run()
        return wake

    def say_over(self) -> None:
        """The stream shall end: wake the generator wherever it waits through us."""
        with self._lock:
            wakes, self._wakes = self._wakes, []
            self._over.set()
        for wake in wakes:
            wake.run()


class _Wake:
    """One callback, run once at most; after `cancel` has returned it is not running either."""

    __slots__ = ("_callback", "_lock")

    def __init__(self, callback: Callable[[], Any]) -> None:
        self._callback: Callable[[], Any] | None = callback
        self._lock = threading.RLock()

    @property
    def waits(self) -> bool:
        """It has neither run nor been cancelled."""
        return self._callback is not None

    def cancel(self) -> None:
        """Never call it from now on."""
        with self._lock:
            self._callback = None

    def run(self) -> None:
        """Call it; its errors are logged."""
        with self._lock:
            callback, self._callback = self._callback, None
            if callback is None:
                return
            try:
                callback()
            except Exception:  # noqa: BLE001 - a callback's error is its own; the others must run
                log.exception("a callback of a long poll's generator failed")


def _readable(descriptors: list[int], timeout: float | None) -> list[int]:
    poll = select.poll()
    for fd in descriptors:
        poll.register(fd, select.POLLIN)
    return [fd for fd, _ in poll.poll(None if timeout is None else max(0.0, timeout) * 1000)]
