"""One request to an ASGI application: a task in the loop, and the connection's thread that serves it."""

from __future__ import annotations

import asyncio
import logging
import queue
from collections.abc import Callable, Iterable
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Any

from rawwfile.adapters.wsgi.application import SERVERS_OWN
from rawwfile.errors import ClientDisconnected, ClientGone, Shutdown
from rawwfile.exchange.channel import GONE

if TYPE_CHECKING:
    from rawwfile.adapters.asgi.application import AsgiApplication
    from rawwfile.exchange.channel import Handle

log = logging.getLogger("rawwfile")

BLOCK = 65536
"""Most bytes of a request's content in one message."""
LOOK = 0.1
"""Seconds between two looks at the grace that is left, once the server is stopping."""


LISTEN = 0.1
"""Seconds that a task which sends to nobody gets to hear of it by receive(), and to end in its own way, before
its send() raises."""


class Call:
    """The body of the response, for the engine; inside, a task and its receive() and send().

    The methods up to `close` belong to the connection's thread, those after it to the loop's. What
    the task wants done is in `_orders`: a function for the connection's thread, and the future that
    its result, or what it raises, goes to. A function that returns a piece makes `__next__` return it.
    """

    def __init__(self, application: AsgiApplication, exchange: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._application = application
        self._exchange = exchange
        self._loop = loop
        self._orders: queue.SimpleQueue[Callable[[], bytes | None]] = queue.SimpleQueue()
        self._begun = False
        self._started = False
        self._content_out = False
        self._streaming = False
        self._complete = False
        self._trailers_follow = False
        self._unanswered: asyncio.Future[Any] | None = None
        self._watches: list[Handle] = []
        # The loop's:
        self._task: asyncio.Task[Any] | None = None
        self._futures: set[asyncio.Future[Any]] = set()
        self._gone = asyncio.Event()
        self._over = False
        self._content_told = False

    # -- the connection's thread

    def __iter__(self) -> Call:
        return self

    def __next__(self) -> bytes:
        if not self._begun:
            self._begun = True
            self._watch()
            # The task sees the context variables of the request, so `rawwfile.request` too.
            self._in_loop(self._begin, context=self._exchange.context.copy())
        if self._unanswered is not None:
            # The engine asks for the next piece, so the one before is out.
            self._answer(self._unanswered)
            self._unanswered = None
            if self._content_out and not self._streaming:
                self._streaming = True
                self._watch()
        while not self._complete:
            piece = self._next_order()()
            if piece is not None:
                return piece
        raise StopIteration

    def close(self) -> None:
        """The response is over, whole or not; the task may go on in its own time."""
        for handle in self._watches:
            handle.cancel()
        if self._begun:
            self._in_loop(self._release)

    def _next_order(self) -> Callable[[], bytes | None]:
        try:
            return self._orders.get_nowait()
        except queue.Empty:
            channel = self._exchange.channel
            channel.hand_over()
        while True:
            try:
                return self._orders.get(timeout=LOOK if channel.stopping else None)
            except queue.Empty:
                if channel.streams_over:
                    raise Shutdown("the server is stopping") from None

    def _watch(self) -> None:
        """Hear of the client that leaves, and of the server that stops; each watch tells once."""
        exchange = self._exchange
        self._watches += [exchange.on_disconnect(self._client_left), exchange.on_wake(self._woken)]

    def _client_left(self) -> None:
        """In another thread."""
        self._in_loop(self._gone.set)
        self._orders.put(self._mind_client)

    def _woken(self) -> None:
        """In another thread: if the server stops, a stream should end soon, and other responses come to their end."""
        if self._exchange.channel.stopping:
            if self._streaming:
                self._in_loop(self._gone.set)
            self._orders.put(_nothing)

    def _mind_client(self) -> None:
        """Before the response has begun, a client that only ended its sending may wait for it."""
        if self._streaming or self._exchange.channel.client_state() == GONE:
            raise ClientGone("the client is gone")

    def _read_content(self, future: asyncio.Future[Any]) -> None:
        data = self._exchange.request.rfile.read1(BLOCK)
        self._answer(future, data)

    def _start(self, message: dict[str, Any], future: asyncio.Future[Any]) -> None:
        try:
            if self._started:
                raise RuntimeError("http.response.start was sent twice")
            response = self._exchange.response
            response.headers.clear()
            for name, value in _pairs(message.get("headers", ())):
                if name.lower() not in SERVERS_OWN:
                    response.headers.add(name, value)
            response.status = message["status"]
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the message is its sender's to hear
            self._answer(future, error)
            return
        self._started = True
        self._trailers_follow = bool(message.get("trailers"))
        self._answer(future)

    def _piece(self, message: dict[str, Any], future: asyncio.Future[Any]) -> bytes | None:
        data, more = message.get("body", b""), bool(message.get("more_body"))
        if not self._started or not isinstance(data, bytes):
            what = "http.response.body before http.response.start" if not self._started else f"a body of {type(data)}"
            self._answer(future, RuntimeError(f"{self._application.name} sent {what}"))
            return None
        if not more and not self._trailers_follow:
            self._complete = True
            if not self._content_out:
                self._state_length(len(data))
        self._content_out = self._content_out or bool(data)
        self._unanswered = future
        return data

    def _state_length(self, length: int) -> None:
        """The first piece is the last: its length is known, and spares the chunks."""
        response = self._exchange.response
        bodiless = response.status_code in (204, 304) or self._exchange.request.method == "HEAD"
        if not bodiless and "Content-Length" not in response.headers:
            response.headers["Content-Length"] = str(length)

    def _trailers(self, message: dict[str, Any], future: asyncio.Future[Any]) -> None:
        try:
            for name, value in _pairs(message.get("headers", ())):
                self._exchange.response.trailers.add(name, value)
        except ValueError as error:
            self._answer(future, error)
            return
        self._complete = not message.get("more_trailers")
        self._answer(future)

    def _finish(self, error: BaseException | None) -> None:
        """The task is done, and the response is not."""
        if self._gone.is_set():
            if self._exchange.channel.stopping:
                raise Shutdown("the server is stopping")
            self._mind_client()
        if isinstance(error, Exception):
            raise error
        how = "was cancelled" if error is not None else "returned"
        raise RuntimeError(f"{self._application.name} {how} before its response was complete")

    def _answer(self, future: asyncio.Future[Any], result: Any = None) -> None:
        self._in_loop(_settle, future, result)

    def _in_loop(self, function: Callable[..., Any], *arguments: Any, context: Context | None = None) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *arguments, context=context)
        except RuntimeError:
            log.debug("%s: the event loop is closed", self._exchange)

    # -- the loop's thread

    def _begin(self) -> None:
        self._task = self._loop.create_task(self._run())
        self._application.adopt(self._task)
        self._task.add_done_callback(self._ended)

    async def _run(self) -> None:
        await self._application.app(scope_of(self._exchange, self._application.state), self.receive, self.send)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._task = None
        error: BaseException | None = asyncio.CancelledError() if task.cancelled() else task.exception()
        if not self._complete:
            self._application.collect_soon()
        if not self._complete and not self._over:
            self._orders.put(lambda: self._finish(error))
        elif isinstance(error, Exception):
            # Ordinary in a response that was broken off; there the traceback would only keep what is to be collected.
            trace = error if self._complete else None
            level = logging.ERROR if self._complete else logging.INFO
            log.log(level, "%s: %s failed after its response: %r", *self._names(), error, exc_info=trace)

    def _names(self) -> tuple[Any, str]:
        return self._exchange, self._application.name

    def _release(self) -> None:
        """Nobody serves the task any more."""
        self._over = True
        self._gone.set()
        for future in self._futures:
            if self._complete:
                _settle(future, None)
            else:
                self._loop.call_later(LISTEN, _settle, future, ClientDisconnected("the response is over"))

    async def _order(self, function: Callable[..., bytes | None], *arguments: Any) -> Any:
        future = self._loop.create_future()
        self._futures.add(future)
        try:
            self._orders.put(partial(function, *arguments, future))
            return await future
        finally:
            self._futures.discard(future)
            del future  # breaks the cycle of what is raised, its traceback and this frame

    async def receive(self) -> dict[str, Any]:
        """ASGI's receive()."""
        # Content comes before the news that its sender has left: it may only have ended its sending.
        if not self._content_told and not self._over:
            try:
                data = b"" if self._exchange.head.kind == "none" else await self._order(self._read_content)
            except ClientDisconnected:
                data = None
            if data is not None:
                self._content_told = not data
                return {"type": "http.request", "body": data, "more_body": bool(data)}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """ASGI's send(). Raises ClientDisconnected after the end, RuntimeError for what cannot come now."""
        if self._over:
            if self._complete:
                raise RuntimeError(f"{self._application.name} sent {message['type']} after its response was complete")
            await asyncio.sleep(LISTEN)
            raise ClientDisconnected("the response is over")
        steps = {
            "http.response.start": self._start,
            "http.response.body": self._piece,
            "http.response.trailers": self._trailers,
        }
        step = steps.get(message["type"])
        if step is None:
            raise RuntimeError(f"{self._application.name} sent {message['type']!r}, which HTTP has no use for")
        await self._order(step, message)


def scope_of(exchange: Any, state: dict[str, Any]) -> dict[str, Any]:
    """The scope of an HTTP request (ASGI, "HTTP Connection Scope").

    The version of the specification is 2.3: in it, applications learn from receive() that their client
    has left, while they wait for something else; from 2.4 on they would only learn it by sending.
    """
    request = exchange.request
    extensions: dict[str, Any] = {}
    if exchange.takes_trailers and exchange.speaks_chunked:
        extensions["http.response.trailers"] = {}
    client = (request.remote_addr, request.remote_port) if request.remote_addr else None
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": f"1.{exchange.head.minor}",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path_info,
        "raw_path": request.raw_path.encode("latin-1"),
        "query_string": request.query_string.encode("latin-1"),
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.raw_fields],
        "client": client,
        "server": (request.local_addr or "localhost", request.local_port or None),
        "state": state.copy(),
        "extensions": extensions,
    }


def _pairs(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    for name, value in headers:
        yield name.decode("latin-1"), value.decode("latin-1")


def _settle(future: asyncio.Future[Any], result: Any) -> None:
    if future.done():
        return
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


def _nothing() -> None:
    """An order that only makes the thread look up."""
