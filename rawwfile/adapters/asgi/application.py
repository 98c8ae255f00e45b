"""The application made of an ASGI callable, and the thread that runs its event loop."""

from __future__ import annotations

import asyncio
import atexit
import gc
import logging
import threading
from collections.abc import Awaitable, Callable
from typing import Any

from rawwfile.adapters.asgi.call import Call
from rawwfile.errors import HTTPError

log = logging.getLogger("rawwfile")

AsgiCallable = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]

STARTUP_TIME = 60.0
"""Seconds that `lifespan.startup` may take."""
SHUTDOWN_TIME = 5.0
"""Seconds that `lifespan.shutdown`, and after it the end of all tasks, may take."""
COLLECT_AFTER = 1.0
"""Seconds after a response was broken off until what it left behind is collected, and least time between two such."""


class AsgiApplication:
    """The application made of an ASGI 3 callable; see `rawwfile.adapters.asgi`.

    Its thread starts with the first request, so that a server may fork before. `close` ends it; at the
    end of the process that is done in any case.
    """

    rawwfile_application = True

    def __init__(self, app: AsgiCallable) -> None:
        self.app = app
        self.state: dict[str, Any] = {}
        """What the application's startup put into `scope["state"]`; each request gets a copy."""
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lifespan: _Lifespan | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._collecting = False

    def __call__(self, exchange: Any) -> None:
        """Make the application's pieces the body of the response.

        Raises HTTPError 501 for CONNECT, 500 if the application's startup has failed.
        """
        if exchange.request.method == "CONNECT":
            raise HTTPError(501, 'method "CONNECT" is not implemented')
        loop = self.start()
        if self._lifespan is not None and self._lifespan.failure is not None:
            raise HTTPError(500, "The application could not start; the server's log says why.")
        exchange.announce(self.app)
        exchange.response.stream = True
        exchange.response.body = Call(self, exchange, loop)

    # -- the loop

    def start(self) -> asyncio.AbstractEventLoop:
        """Start the loop and the application's lifespan, unless they run; returns the loop."""
        loop = self._loop
        if loop is not None:
            return loop
        with self._lock:
            if self._loop is None:
                loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(loop,), name="rawwfile-asgi", daemon=True)
                self._thread.start()
                self._lifespan = _Lifespan(self, loop)
                self._lifespan.start_up()
                atexit.register(self.close)
                self._loop = loop
            return self._loop

    def close(self) -> None:
        """End the lifespan, cancel what still runs, and end the loop. It can be started again."""
        with self._lock:
            loop, self._loop = self._loop, None
            if loop is None or self._lifespan is None or self._thread is None:
                return
            atexit.unregister(self.close)
            self._lifespan.shut_down()
            asyncio.run_coroutine_threadsafe(self._cancel_all(), loop).result(SHUTDOWN_TIME)
            loop.call_soon_threadsafe(loop.stop)
            self._thread.join(SHUTDOWN_TIME)
            self.state = {}

    def adopt(self, task: asyncio.Task[Any]) -> None:
        """Keep a task until it is done; the loop itself does not. In the loop's thread."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def collect_soon(self) -> None:
        """A response was broken off: close what it left behind. In the loop's thread.

        An async generator that waits at a `yield` is closed when nothing refers to it any more, and
        frameworks leave it in a cycle of their task, its error and their frames.
        """
        if not self._collecting and self._loop is not None:
            self._collecting = True
            self._loop.call_later(COLLECT_AFTER, self._collect)

    def _collect(self) -> None:
        self._collecting = False
        gc.collect()

    async def _cancel_all(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=SHUTDOWN_TIME / 2) if tasks else None

    @property
    def name(self) -> str:
        """The application, for a message."""
        name = getattr(self.app, "__qualname__", None) or type(self.app).__qualname__
        return f"the ASGI application {name}"


class _Lifespan:
    """The application's startup and shutdown (ASGI, "Lifespan Protocol"), for one run of the loop.

    failure: what the application said when it could not start. Its methods are for other threads.
    """

    def __init__(self, application: AsgiApplication, loop: asyncio.AbstractEventLoop) -> None:
        self._application = application
        self._loop = loop
        self._asked: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._answered = threading.Event()
        self._over = False
        self.failure: str | None = None

    def start_up(self) -> None:
        """Let the application start, and wait for it."""
        self._ask("lifespan.startup")
        self._loop.call_soon_threadsafe(self._begin)
        self._await_answer("lifespan.startup", STARTUP_TIME)

    def shut_down(self) -> None:
        """Let the application end, and wait for it; nothing if it does not know of lifespans."""
        self._answered.clear()
        if not self._over and self.failure is None:
            self._ask("lifespan.shutdown")
            self._await_answer("lifespan.shutdown", SHUTDOWN_TIME)

    def _ask(self, kind: str) -> None:
        self._loop.call_soon_threadsafe(self._asked.put_nowait, {"type": kind})

    def _begin(self) -> None:
        self._application.adopt(self._loop.create_task(self._run()))

    def _await_answer(self, kind: str, patience: float) -> None:
        if not self._answered.wait(patience):
            log.error("%s has not answered %s in %g s", self._application.name, kind, patience)

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        try:
            await self._application.app({**scope, "state": self._application.state}, self._asked.get, self._send)
        except Exception as error:  # noqa: BLE001 - by raising, an application says that it knows no lifespans
            log.debug("%s does not support lifespans: %r", self._application.name, error)
        finally:
            self._over = True
            self._answered.set()

    async def _send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "lifespan.startup.failed":
            self.failure = message.get("message") or "it did not say why"
        if kind in ("lifespan.startup.failed", "lifespan.shutdown.failed"):
            log.error("%s: %s: %s", self._application.name, kind, message.get("message", ""))
        self._answered.set()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()
