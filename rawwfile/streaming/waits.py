"""`rawwfile.stream`: marks handlers that stream, and waits that end when the client does.

A generator that sleeps in time.sleep notices nothing until it yields. One that waits here is woken as
soon as the client leaves (ClientGone) or the server stops (Shutdown); both are raised at the
wait, so that `finally` and `with` clean up. Neither is an Exception: `except Exception` lets them
pass. Source: streaming contract, sections 2.1, 2.2 and 5.
"""

from __future__ import annotations

import queue as queues
import threading
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any

from rawwfile.exchange.channel import Handle
from rawwfile.exchange.context import current_exchange
from rawwfile.exchange.exchange import Exchange
from rawwfile.exchange.flushing import FLUSH, flush_policy

SLICE = 0.05
"""Seconds between two looks at an object that cannot wake us (an Event of multiprocessing, say)."""


def running_exchange() -> Exchange:
    """The exchange that the calling code belongs to. Raises RuntimeError outside of one."""
    try:
        return current_exchange.get()
    except LookupError:
        raise RuntimeError("this is only there while a request is answered, in its context") from None


def client_disconnected() -> bool:
    """Whether the client of this request has left, as far as the kernel knows. About a microsecond."""
    return running_exchange().client_gone()


def on_disconnect(callback: Callable[[], Any]) -> Handle:
    """Call `callback` once, in another thread, soon after the client has left; at once if it has.

    Returns a handle whose `cancel()` takes it back; the end of the response does so too.
    """
    return running_exchange().on_disconnect(callback)


class Stream:
    """The one object `rawwfile.stream`: a decorator with or without arguments, and the waits."""

    FLUSH = FLUSH

    def __call__(
        self,
        handler: Any = True,
        /,
        *,
        flush: Any = None,
        heartbeat: float | tuple[float, bytes] | None = None,
    ) -> Any:
        """Mark a handler: `@stream`, `@stream(False)`, `@stream(flush=4096, heartbeat=(15, b"\\n"))`.

        flush: see `rawwfile.exchange.flushing`. heartbeat: seconds of silence after which a byte that
        means nothing is sent, with the bytes if they are not one line feed. Raises ValueError.
        """
        flush_policy(flush)
        if isinstance(heartbeat, (int, float)):
            heartbeat = (heartbeat, b"\n")
        wanted = {"stream": bool(handler), "flush": flush, "heartbeat": heartbeat}

        def mark(target: Any) -> Any:
            inner = target.__func__ if isinstance(target, (staticmethod, classmethod)) else target
            for name, value in wanted.items():
                if value is not None:
                    setattr(inner, name, value)
            return target

        return mark(handler) if callable(handler) else mark

    def sleep(self, seconds: float) -> None:
        """time.sleep that ends with the client. Raises ClientGone, Shutdown."""
        running_exchange().wait(seconds)

    def select(self, descriptors: Iterable[Any], timeout: float | None = None) -> list[Any]:
        """Wait until one of `descriptors` (numbers, or objects with fileno()) is readable; those that are.

        timeout: seconds, None for ever; [] when it has passed. Raises ClientGone, Shutdown.
        """
        numbers = {each if isinstance(each, int) else each.fileno(): each for each in descriptors}
        return [numbers[number] for number in running_exchange().wait(timeout, numbers)]

    def wait(self, event: Any, timeout: float | None = None) -> bool:
        """event.wait(timeout) that ends with the client; whether the event is set. Raises ClientGone, Shutdown."""
        condition = getattr(event, "_cond", None) if isinstance(event, threading.Event) else None
        return _wait(event.is_set, event.is_set, condition, timeout)

    def get(self, queue: Any, timeout: float | None = None) -> Any:
        """queue.get(timeout=timeout) that ends with the client. Raises queue.Empty, ClientGone, Shutdown."""
        found: list[Any] = []

        def take() -> bool:
            try:
                found.append(queue.get_nowait())
            except queues.Empty:
                return False
            return True

        if isinstance(queue, queues.Queue):
            taken = _wait(take, lambda: queue._qsize() > 0, queue.not_empty, timeout)
        else:
            taken = _wait(take, None, None, timeout)
        if not taken:
            raise queues.Empty
        return found[0]

    def subscribe(self, topic: Any, **options: Any) -> Any:
        """The events of a Topic from now on, or from `last_event_id`; see `Topic.subscribe`."""
        return topic.subscribe(**options)

    def __repr__(self) -> str:
        return "rawwfile.stream"


def _wait(
    take: Callable[[], bool], is_there: Callable[[], bool] | None, condition: Any, timeout: float | None
) -> bool:
    """Wait until `take` succeeds, `timeout` seconds at most; whether it did.

    condition: a Condition that is notified when it may succeed, and `is_there` then tells, asked
    with the condition held; None: `take` is tried now and then.
    """
    if take():
        return True
    exchange = running_exchange()
    end = None if timeout is None else monotonic() + timeout
    if exchange.before_wait is not None:
        exchange.before_wait()
    exchange.begin_waiting()
    woken = threading.Event()

    def wake() -> None:
        woken.set()
        if condition is not None:
            with condition:
                condition.notify_all()

    handle = exchange.on_wake(wake)
    try:
        while True:
            left = None if end is None else end - monotonic()
            if left is not None and left <= 0:
                return take()
            if condition is None or is_there is None:
                woken.wait(SLICE if left is None else min(SLICE, left))
            else:
                with condition:
                    if not is_there() and not woken.is_set():
                        condition.wait(left)
            if take():
                return True
            if woken.is_set():
                exchange.check_wait()
                woken.clear()
    finally:
        handle.cancel()


stream = Stream()
"""The decorator and the waits."""
