"""What a handler borrows for as long as its response lasts: sessions, connections, files, locks.

A resource is a context manager. It is entered when the handler first asks for it, and left after the
body was closed, in the request's own thread. What it is left with says how the response ended:

    complete                                   None
    the handler raised, or a false length      what was raised, or RawwfileError
    the client left                            ClientGone
    the client took nothing, or the stream     TimeoutError
    was too old
    the server stopped                         Shutdown
    HEAD on a stream                           GeneratorExit: nobody wanted the rest

HTTPError and NotFound are such errors, although the client gets a whole page; HTTPRedirect is none,
since it is the ordinary end of a form. Source: streaming contract, section 9.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

from rawwfile.errors import ClientGone, HTTPError, HTTPRedirect, RawwfileError, Shutdown
from rawwfile.exchange.context import current_exchange

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

log = logging.getLogger("rawwfile")

Thing = TypeVar("Thing")


def resource(factory: Callable[[], AbstractContextManager[Thing, Any]]) -> Thing:
    """What the context manager `factory()` gives on entering; left when the current response has ended.

    The same factory gives the same thing again within one request. Raises RuntimeError where no
    request is answered, or in another thread than the request's; TypeError if `factory()` gives no
    context manager; and what `factory` and `__enter__` raise.
    """
    exchange = current_exchange.get(None)
    if exchange is None:
        raise RuntimeError("rawwfile.resource is only there while a request is answered")
    return enter(exchange, factory)


def enter(exchange: Exchange, factory: Callable[[], AbstractContextManager[Thing, Any]]) -> Thing:
    """As `resource`, for a given exchange."""
    held: dict[Any, _Resource] = exchange.request.__dict__.setdefault("_resources", {})
    # By id where it cannot be hashed; the entry holds the factory, so that its id is not given away.
    key = factory if isinstance(factory, Hashable) else id(factory)
    entry = held.get(key)
    if entry is None:
        _refuse_other_thread(held)
        entry = held[key] = _Resource(exchange, factory)
    thing: Thing = entry.thing
    return thing


def _refuse_other_thread(held: dict[Any, _Resource]) -> None:
    thread = get_ident()
    if any(entry.thread != thread for entry in held.values()):
        raise RuntimeError(
            "a resource belongs to the thread of its request: ask for it there, and hand what you read to others"
        )


def ending(exchange: Exchange, whole: bool) -> BaseException | None:
    """How the response of `exchange` ended, as an exception; None if it is complete.

    whole: its before-end hooks were called, so that the body had come to its end by itself.
    """
    error = exchange.error
    if exchange.end == "client-gone":
        return ClientGone("the client is gone")
    if exchange.end == "timeout":
        return TimeoutError("the response was cut: the client took nothing, or the stream was too old")
    if exchange.end == "shutdown":
        return Shutdown("the server is stopping")
    if exchange.end != "complete":
        return error or RawwfileError("the response failed; the server's log says how")
    if whole or isinstance(error, HTTPRedirect):
        return None
    if error is not None:
        return error
    if not exchange.has_before_end:
        # The engine drops these hooks when the handler raises; its page went out whole.
        return HTTPError(exchange.response.status_code)
    # A response written by hand has no point at which its hooks could run, and is complete.
    return None if exchange.stream is None else GeneratorExit()


class _Resource:
    """One context manager between entering and leaving."""

    __slots__ = ("_exchange", "_factory", "_manager", "_whole", "thing", "thread")

    def __init__(self, exchange: Exchange, factory: Callable[[], AbstractContextManager[Any, Any]]) -> None:
        self._exchange = exchange
        self._factory = factory
        self._manager = manager = factory()
        if not (hasattr(type(manager), "__enter__") and hasattr(type(manager), "__exit__")):
            raise TypeError(
                f"a resource's factory must give a context manager, not {type(manager).__name__}; "
                "contextlib.closing(thing) makes one of what has a close()"
            )
        self.thread = get_ident()
        self._whole = False
        # Before entering: what the manager itself asks to be called before the end then runs first.
        exchange.before_end(self._note_whole)
        self.thing = manager.__enter__()
        exchange.on_end(self._leave)

    def _note_whole(self) -> None:
        self._whole = True

    def _leave(self) -> None:
        if get_ident() != self.thread:
            log.error("%s: the resource %r was entered in a thread that was not the request's", *self._names())
        error = ending(self._exchange, self._whole)
        kind, trace = (None, None) if error is None else (type(error), error.__traceback__)
        try:
            self._manager.__exit__(kind, error, trace)
        except BaseException as raised:
            # Handed back is not suppressed, and here nobody is left to raise it to.
            if raised is not error:
                raise

    def _names(self) -> tuple[Any, Any]:
        return self._exchange, self._factory
