"""Which threads run the application's code (spec 15).

    OneAtATime  0.10's default: one request after the other, each in the thread that has read it
    Inline      `threading=1`: the server's own threads, as many as it has requests
    Threads     `threadPool=n`: threads of the application, and a queue; or its main thread alone

The response is sent by the server's threads in each case, so that a slow client blocks nobody.

0.10's default ran everything in one thread. Handing each request to a thread of its own and waiting
for it costs half as much as the page itself, so OneAtATime keeps the order and not the thread. Where
the thread matters, because the application uses objects that belong to one, `Threads` is taken with
the main thread as its only one: see `model_for`.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

from rawwfile.cherrypy.state import Kept, begin, end, snapshot

log = logging.getLogger("rawwfile")

BOUND_TO_THREADS = ("sqlite3", "_sqlite3")
"""Modules whose objects work in the thread alone that made them."""

Job = Callable[[Kept], None]
"""Some work of a request; it is handed what its thread keeps. It raises nothing."""


class Inline:
    """Runs each job in the thread that brings it. kept: what initAfterBind and the like have set."""

    def __init__(self) -> None:
        self.kept = Kept()

    def run(self, job: Job, exchange: Any = None) -> None:
        """Run a job to its end."""
        job(self.kept)

    def stop(self) -> None:
        """Nothing to stop."""


class OneAtATime(Inline):
    """Runs each job in the thread that brings it, never two at once."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def run(self, job: Job, exchange: Any = None) -> None:
        """Run a job to its end, once no other one runs."""
        if not self._lock.acquire(blocking=False):
            if exchange is not None:
                # The wait is known: another thread of the server shall take new requests meanwhile.
                exchange.channel.hand_over()
            self._lock.acquire()
        try:
            job(self.kept)
        finally:
            self._lock.release()


class _Order:
    """A job on its way, and who waits for it."""

    __slots__ = ("job", "done", "failure")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = threading.Lock()
        self.done.acquire()
        self.failure: BaseException | None = None


class Threads:
    """Runs jobs in order, in as many threads as call `work`."""

    def __init__(self) -> None:
        self.kept = Kept()
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._idle = 0
        self._workers = 0
        self._lock = threading.Lock()

    def run(self, job: Job, exchange: Any = None) -> None:
        """Have a job run by one of the threads, and wait until it is done."""
        order = _Order(job)
        if exchange is not None and not self._idle:
            exchange.channel.hand_over()  # as above
        self._orders.put(order)
        order.done.acquire()
        if order.failure is not None:
            raise order.failure

    def start(self, count: int, init_thread: Callable[[int], Any] | None) -> None:
        """Start `count` threads; each calls init_thread(index) before its first request.

        Returns once all of them did. A thread whose init_thread fails is dead, as in 0.10; if all
        are, raises what the last one raised.
        """
        ready = [threading.Event() for _ in range(count)]
        failures: list[BaseException] = []

        def run(index: int) -> None:
            try:
                begin(self.kept)
                if init_thread is not None:
                    init_thread(index)
            except BaseException as error:  # noqa: BLE001 - whatever it raised, the thread is not usable
                failures.append(error)
                log.error("initThread(%d) failed; that thread serves no requests", index, exc_info=error)
                return
            finally:
                ready[index].set()
            self.work(snapshot())

        for index in range(count):
            threading.Thread(target=run, args=(index,), name=f"application-{index}", daemon=True).start()
        for event in ready:
            event.wait()
        if len(failures) == count:
            raise failures[-1]

    def work(self, kept: Kept | None = None) -> None:
        """Run jobs in this thread until `stop`."""
        kept = self.kept if kept is None else kept
        with self._lock:
            self._workers += 1
        while True:
            with self._lock:
                self._idle += 1
            order = self._orders.get()
            with self._lock:
                self._idle -= 1
            if order is None:
                break
            try:
                order.job(kept)
            except BaseException as error:  # noqa: BLE001 - it belongs to who waits for the job
                order.failure = error
            finally:
                order.done.release()
        end()

    def stop(self) -> None:
        """Make every `work` return once it is through with its job."""
        for _ in range(self._workers or 1):
            self._orders.put(None)


def model_for(name: str) -> Inline | Threads:
    """Return the model of a configuration (`Configuration.model`), once the application has started."""
    if name in ("threading", "forking"):
        return Inline()
    if name == "threadPool" or any(module in sys.modules for module in BOUND_TO_THREADS):
        return Threads()
    return OneAtATime()
