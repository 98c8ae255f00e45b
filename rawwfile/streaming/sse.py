"""Server-sent events: `@sse` makes a generator a stream for the browser's EventSource.

    @expose
    @sse
    def ticks(self):
        for number in itertools.count():
            yield Event({"tick": number}, id=number)
            stream.sleep(1)

The generator is begun while the handler is called, so that what it raises before its first event is
a proper error response. The head goes out with the first event; or, if the generator waits through
us before it has one, with an empty comment, so that the browser knows that it is connected.
A browser comes again when a stream ends, unless it is answered 204 (`sse.stop()`).
Source: WHATWG HTML, "Server-sent events"; streaming contract, sections 2.2 and 8.
"""

from __future__ import annotations

import functools
import inspect
import random
from collections.abc import AsyncIterator, Callable, Iterator
from time import monotonic
from typing import Any

from rawwfile.errors import ClientDisconnected, HTTPError, RawwfileError, Shutdown, StreamEnd
from rawwfile.exchange.request import LAST_EVENT_QUERY as QUERY_NAMES
from rawwfile.exchange.request import last_event_id
from rawwfile.streaming.events import Event, encode_event
from rawwfile.streaming.waits import running_exchange

CONTENT_TYPE = "text/event-stream; charset=utf-8"
HEARTBEAT = 15.0
"""Seconds of silence after which an empty comment is sent; the HTML standard advises this number."""
BEAT = b":\n\n"
"""A comment without text: it means nothing to the reader."""
COME_BACK = (1000, 5000)
"""Milliseconds between which a browser is told to wait when the server stops, so that not all return at once."""
OPEN_AFTER = 0.05
"""Seconds that an async generator has for its first event before the head goes out without one."""


class StopStream(RawwfileError):
    """Raised by `sse.stop()`: this stream ends, and if nothing was sent the browser shall not come again."""


class _HeadOnly(StreamEnd):
    """The answer to HEAD: the generator waits, so its head is known to be a good one."""


def ask_for_no_buffering(response: Any) -> None:
    """Tell caches and proxies to pass a stream on as it comes, unless the handler has said otherwise."""
    response.headers.setdefault("Cache-Control", "no-cache, no-transform")
    response.headers.setdefault("X-Accel-Buffering", "no")


class EventStream:
    """The events of one response as pieces of its body; see the head of this module.

    events: an iterable or async iterable of events. retry: sent first, if not None.
    """

    def __init__(self, exchange: Any, events: Any, retry: int | None = None) -> None:
        self._exchange = exchange
        self._source = events
        if hasattr(events, "__aiter__"):
            # asyncio takes longer to import than everything else here.
            from rawwfile.exchange.asynchronous import AsyncPieces

            events = AsyncPieces(exchange, self._opened_late(events))
            self._source = events
        elif not hasattr(events, "__iter__"):
            raise TypeError(f"an event stream is made of a generator or another iterable, not of {events!r:.60}")
        self._events: Iterator[Any] = iter(events)
        self._preamble = b"" if retry is None else b"retry: %d\n\n" % retry
        self._first: bytes | None = None
        self._begun = self._over = self._only_head = False
        self.refused = False
        """The generator called `sse.stop()` before anything was sent: the answer is 204."""

    def prime(self) -> None:
        """Run the generator to its first event. Raises what it raises, after closing it."""
        self._exchange.before_wait = self.open
        try:
            self._first = self._step()
        except BaseException:
            self.close()
            raise
        finally:
            self._exchange.before_wait = None

    def open(self) -> None:
        """Send the head now, with an empty comment, if nothing was sent yet. Raises ClientDisconnected."""
        if self._begun:
            return
        if self._exchange.request.method == "HEAD":
            raise _HeadOnly
        self._begun = True
        self._exchange.write(self._preamble or BEAT)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece, self._first = self._first, None
        if piece is None:
            piece = self._step()
        if piece is None:
            raise StopIteration
        return piece

    def _step(self) -> bytes | None:
        """The next piece; b"" where there is nothing to send, None at the end."""
        if self._over:
            return None
        if self._is_due_to_end():
            return self._end_with_advice()
        try:
            piece = encode_event(next(self._events))
        except (StopIteration, _HeadOnly):
            self._over = True
            return None if self._begun else self._preamble or None
        except StopStream:
            self._over = True
            if not self._begun:
                self.refused = True
                _say_no_content(self._exchange.response)
            return None
        except Shutdown:
            return self._end_with_advice()
        if piece and not self._begun:
            self._begun = True
            return self._preamble + piece
        return piece

    def _is_due_to_end(self) -> bool:
        limit = self._exchange.settings.timeout_stream
        return self._exchange.stopping or (limit is not None and monotonic() - self._exchange.started > limit)

    def _end_with_advice(self) -> bytes:
        self._begun = self._over = True
        return b"retry: %d\n\n" % random.randint(*COME_BACK)

    async def _opened_late(self, events: Any) -> AsyncIterator[Any]:
        """The async `events`; the stream is opened if the first of them lets wait for itself."""
        import asyncio

        task = asyncio.current_task()

        def open_now() -> None:
            try:
                self.open()
            except _HeadOnly:
                self._only_head = True
                assert task is not None
                task.cancel()
            except ClientDisconnected:
                pass  # whoever waits in the generator is woken for the same reason

        timer = asyncio.get_running_loop().call_later(OPEN_AFTER, open_now)
        try:
            async for event in events:
                timer.cancel()
                yield event
        except asyncio.CancelledError:
            if not self._only_head:
                raise
        finally:
            timer.cancel()
            if hasattr(events, "aclose"):
                await events.aclose()

    def close(self) -> None:
        """Close what makes the events, once; what that raises comes through."""
        source, self._source = self._source, None
        events, self._events, self._over = self._events, iter(()), True
        try:
            if events is not source and hasattr(events, "close"):
                events.close()
        finally:
            if hasattr(source, "close"):
                source.close()


class _Sse:
    """The decorator `sse`; an object, so that `sse.stop()` is at hand where it is used."""

    def __call__(self, handler: Any = None, /, *, heartbeat: float | None = HEARTBEAT, retry: int | None = None) -> Any:
        """Serve the events of `handler` as text/event-stream. Used bare or with arguments.

        handler: a generator function, also async, or a function that returns an iterable of events, a
        Topic (all its events after `request.last_event_id`), or None (204: do not come again).
        An event is an Event, or the data of one. heartbeat: seconds of silence after which a
        comment is sent, None for never. retry: milliseconds, told to the browser at the start.
        Sets `request.last_event_id`. Raises ValueError for a bad heartbeat or retry.
        """
        if heartbeat is not None and not heartbeat > 0:
            raise ValueError(f"heartbeat must be seconds above 0, or None, not {heartbeat!r}")
        Event(retry=retry)

        def mark(target: Any) -> Any:
            if isinstance(target, (staticmethod, classmethod)):
                return type(target)(mark(target.__func__))
            return _wrapped(target, (heartbeat, BEAT) if heartbeat else None, retry)

        return mark if handler is None else mark(handler)

    def stop(self) -> Any:
        """End this stream; before its first event the answer is 204, and the browser does not come again."""
        raise StopStream("the handler has ended its event stream")


sse = _Sse()
"""The decorator of handlers whose events a browser's EventSource reads; see `rawwfile help streams`."""


def _wrapped(function: Callable[..., Any], heartbeat: tuple[float, bytes] | None, retry: int | None) -> Any:
    hidden = hide_query_names(function)

    @functools.wraps(function)
    def handler(*segments: Any, **fields: Any) -> Any:
        exchange: Any = running_exchange()
        response = exchange.response
        for name in hidden:
            fields.pop(name, None)
        exchange.request.last_event_id = last_event_id(exchange.request)
        response.stream = True
        if response.heartbeat is None:
            response.heartbeat = heartbeat
        response.headers["Content-Type"] = CONTENT_TYPE
        try:
            result = function(*segments, **fields)
            return _body_of(exchange, result, retry)
        except StopStream:
            _say_no_content(response)
            return None

    # Marks as `@stream` sets them: what a site's configuration says of the heartbeat goes before ours.
    handler.stream, handler.heartbeat = True, heartbeat  # type: ignore[attr-defined]
    show_query_names(handler, function, hidden)
    return handler


def _body_of(exchange: Any, result: Any, retry: int | None) -> Any:
    if hasattr(result, "__await__"):
        from rawwfile.exchange.asynchronous import run_coroutine

        result = run_coroutine(exchange, result)
    response = exchange.response
    if result is None:
        _say_no_content(response)
        return None
    if isinstance(result, (str, bytes, bytearray, memoryview, dict, Event)):
        result = [result]
    elif callable(subscribe := getattr(result, "subscribe", None)):
        result = subscribe(exchange.request.last_event_id)
    ask_for_no_buffering(response)
    if not exchange.channel.begin_stream():
        raise HTTPError(503, "Too many streams are open; try again soon.", headers={"Retry-After": "5"})
    stream = EventStream(exchange, result, retry)
    stream.prime()
    if stream.refused:
        stream.close()
        response.stream = False
        return None
    return stream


def _say_no_content(response: Any) -> None:
    """204, unless the handler has said something else."""
    if response.status_code == 200:
        response.status = 204


def hide_query_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """Those of QUERY_NAMES that `function` does not take itself: a decorator takes them in its place."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return ()
    if any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
        return ()
    return tuple(name for name in QUERY_NAMES if name not in parameters)


def show_query_names(handler: Any, function: Callable[..., Any], names: tuple[str, ...]) -> None:
    """Let `handler`, which wraps `function`, be seen to take `names` too, so that they are no 404."""
    if names:
        signature = inspect.signature(function)
        more = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in names]
        handler.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *more])
