"""From a request to a decorated handler to its answer.

    what it wishes -> close | its stream: found, or opened -> its turn -> the answer, once or one after the other

The turn is kept until the response has ended: only then is it known whether the answer has arrived.
"""

from __future__ import annotations

import inspect
import itertools
import logging
from collections.abc import Callable, Hashable
from typing import Any

from rawwfile.errors import NotFound, Shutdown
from rawwfile.exchange.context import current_exchange
from rawwfile.streaming.longpoll import answers
from rawwfile.streaming.longpoll.answers import BUSY, DONE, EXPIRED, PENDING, Answer
from rawwfile.streaming.longpoll.options import Options
from rawwfile.streaming.longpoll.registry import Registry, TooMany
from rawwfile.streaming.longpoll.standin import StandIn
from rawwfile.streaming.longpoll.stream import COME_AGAIN, LongPollStream, Scope
from rawwfile.streaming.longpoll.transports import (
    Transport,
    find_transport,
    pieces,
    prepare,
    read_event_id,
)
from rawwfile.streaming.longpoll.turns import Poll
from rawwfile.streaming.longpoll.wishes import BadPoll, make_key, take_wishes
from rawwfile.streaming.sse import last_event_id

log = logging.getLogger("rawwfile")

METHODS = ("GET", "POST", "DELETE")
"""What a long poll is called for. A poll changes state, so POST is right as well as usual."""

ENDING = 1.0
"""Seconds that the end of a poll is waited for which has been answered already."""

_numbers = itertools.count(1)


class Polling:
    """The long poll made of one generator function.

    session_of: see JsonYield; asked at every poll, so that it may be set later.
    """

    def __init__(
        self,
        registry: Registry,
        function: Callable[..., Any],
        options: Options,
        session_of: Callable[[], Callable[[Any], Hashable] | None],
    ) -> None:
        self._registry = registry
        self._function = function
        self._options = options
        self._session_of = session_of
        self.signature = inspect.signature(function)
        self._own = frozenset(self.signature.parameters)
        self._name = f"{function.__module__}.{function.__qualname__}"
        self._warned = False
        self._number = next(_numbers)
        self.is_method = _is_method(function)

    def __call__(self, arguments: tuple[Any, ...], fields: dict[str, Any]) -> Any:
        """Answer the request of the current exchange, or of a caller without one.

        Returns what a page handler may return. Raises NotFound for arguments that do not fit the
        generator function, and what calling it raises.
        """
        exchange: Any = current_exchange.get(None)
        if isinstance(exchange, StandIn):
            exchange = None  # one long poll's generator asks another one: that is no request
        method = "GET" if exchange is None else exchange.request.method
        if method == "HEAD":
            _reply(exchange, Answer(PENDING, ""))
            exchange.response.stream = True  # or the length of nothing would be stated
            return iter(())
        before = int(self.is_method)
        if len(arguments) > before and "key" not in fields:
            fields["key"] = arguments[before]
            arguments = arguments[:before] + arguments[before + 1 :]
        try:
            wishes = take_wishes(fields, self._own)
            if method == "DELETE" or wishes.close:
                return _reply(exchange, self._close(exchange, wishes.key))
        except BadPoll as error:
            return _reply(exchange, Answer("", answers.compose_error("BadPoll", str(error)), status=400))
        poll = Poll(exchange, wishes, self._registry.clock, self._registry.pause)
        transport = None if exchange is None else find_transport(exchange.request.headers.get("accept"))
        if transport is not None and self._has_seen_the_end(poll):
            exchange.response.status = 204
            return None
        return self._answer(poll, transport, arguments, fields)

    def _close(self, exchange: Any, key: str) -> Answer:
        """End a stream; one that is not there is as good as ended."""
        if not key:
            raise BadPoll("to close a stream, name its key")
        stream = self._registry.enter(self._scope(exchange, key))
        if stream is not None:
            stream.end(DONE)
            self._registry.exit(stream)
        return Answer(DONE, answers.compose(DONE))

    def _has_seen_the_end(self, poll: Poll) -> bool:
        """Whether the client of an event stream has; else let it go on where it lost its connection."""
        found = read_event_id(last_event_id(poll.exchange.request))
        if poll.ack is None and found.ack is not None:
            poll.ack = found.ack
            poll.wishes.restart = False
            poll.resumed_key = found.key
        return found.ended

    def _scope(self, exchange: Any, key: str) -> Scope:
        session_of = self._options.session_of or self._session_of()
        session = None if session_of is None or exchange is None else session_of(exchange.request)
        return Scope(self._number, session, key)

    def _answer(self, poll: Poll, transport: Transport | None, arguments: tuple[Any, ...], fields: Any) -> Any:
        exchange, wishes = poll.exchange, poll.wishes
        if exchange is not None and exchange.stopping:
            if transport is not None:
                return _long_reply(exchange, transport, transport.farewell())
            return _reply(exchange, Answer(PENDING, answers.compose(PENDING)), close=True)
        try:
            visit = self._visit(poll, arguments, fields)
        except TooMany as error:
            more = {"retry": error.retry_after}
            text = answers.compose(BUSY, more=more)
            return _reply(exchange, Answer(BUSY, text, status=error.status, retry_after=error.retry_after))
        if visit is None:
            # It acknowledges answers of a stream that is not here: to begin anew is for the client to say.
            expired = Answer(EXPIRED, answers.compose(EXPIRED), status=answers.STATUS[EXPIRED])
            if transport is not None:
                return _long_reply(exchange, transport, transport.encode(expired, ""))
            return _reply(exchange, expired)
        wait = min(self._options.wait if wishes.wait is None else wishes.wait, self._registry.limits.wait)
        if exchange is None:
            try:
                visit.begin()
                return visit.answer(self._registry.clock() + wait).text
            finally:
                visit.over()
        exchange.on_end(visit.over)
        visit.begin()
        if transport is not None:
            prepare(exchange.response, transport)
            return pieces(visit, transport, wait)
        try:
            return _reply(exchange, visit.answer(self._registry.clock() + wait))
        except Shutdown:
            self._registry.look_now()
            return _reply(exchange, visit.stream.word(poll, PENDING), close=True)

    def _visit(self, poll: Poll, arguments: tuple[Any, ...], fields: dict[str, Any]) -> Visit | None:
        """The poll in its stream; None if that is not there and shall not be begun. Raises TooMany, NotFound."""
        exchange, wishes, registry = poll.exchange, poll.wishes, self._registry
        key = wishes.key or poll.resumed_key
        poll.made_key = not key
        scope = self._scope(exchange, key or make_key())
        stream = registry.enter(scope)
        if stream is not None and wishes.restart:
            registry.exit(stream)
            registry.drop(stream, EXPIRED)
            stream = None
        if stream is not None:
            return Visit(stream, poll)
        if wishes.restart and poll.ack:
            poll.ack = 0  # it was said of the stream before
        if poll.ack:
            return None
        if "key" in self._own:
            fields["key"] = scope.key
        try:
            self.signature.bind(*arguments, **fields)
        except TypeError as error:
            raise NotFound(str(error)) from None
        self._warn_of_workers(exchange)
        stream, new = registry.open(self._name, self._options, scope, self._client(exchange, scope), poll)
        function = self._function
        return Visit(stream, poll, (lambda: function(*arguments, **fields)) if new else None)

    def _client(self, exchange: Any, scope: Scope) -> Hashable:
        """Whose streams are counted together: the session's, else the address's; None on a Unix socket."""
        if scope.session is not None:
            return ("session", scope.session)
        address = "" if exchange is None else exchange.request.remote_addr
        return ("address", address) if address else None

    def _warn_of_workers(self, exchange: Any) -> None:
        if not self._warned and exchange is not None and exchange.settings.workers > 1:
            self._warned = True
            log.warning(
                "%s: the streams of json_yield live in one process, and there are --workers %d: "
                "a poll that comes to another one does not find its stream",
                self._name,
                exchange.settings.workers,
            )


def _is_method(function: Callable[..., Any]) -> bool:
    """Whether the first argument is the object. As in the seed, the next one is the key unless that comes by name."""
    first = next(iter(inspect.signature(function).parameters), None)
    if first in ("self", "cls"):
        return True
    inside = function.__qualname__.rpartition(".")[0]
    return bool(first and inside) and not inside.endswith("<locals>")


class Visit:
    """One poll in one stream. call: what begins the stream, if this poll is its first."""

    def __init__(self, stream: LongPollStream, poll: Poll, call: Callable[[], Any] | None = None) -> None:
        self.stream = stream
        self.poll = poll
        self._call = call
        self._has_turn = call is not None

    def begin(self) -> None:
        """Begin the stream if this poll is its first. Raises what the generator function raises."""
        if self._call is None:
            return
        try:
            self.stream.begin(self.poll, self._call)
        except BaseException:
            self.stream.registry.drop(self.stream, DONE)
            raise

    def answer(self, until: float) -> Answer:
        """What the poll gets; see LongPollStream.answer."""
        stream, poll = self.stream, self.poll
        if not self._has_turn:
            if not self._take_turn(until):
                return self._turned_away()
            self._has_turn = True
            stream.poll = poll
        poll.answered = False
        answer = stream.answer(poll, until)
        poll.answered = True
        return answer

    def _take_turn(self, until: float) -> bool:
        stream, poll = self.stream, self.poll
        turns, overlap = stream.turns, stream.options.overlap
        # A poll that has its answer is as good as over, and its client may poll again already.
        soon = stream.registry.clock() + ENDING
        if turns.take(poll, soon, lambda: bool(stream.ended) or stream.is_busy, brief=True):
            return True
        if overlap == "reject":
            return False
        return turns.take(poll, until, lambda: bool(stream.ended), supersede=overlap == "supersede")

    def _turned_away(self) -> Answer:
        stream, poll = self.stream, self.poll
        if stream.ended:
            return stream.last_word(poll)
        if poll.superseded:
            return stream.word(poll, PENDING)
        if stream.options.overlap == "reject":
            return stream.word(poll, BUSY, 409, COME_AGAIN)
        return stream.word(poll, BUSY)

    def over(self) -> None:
        """The response has ended, in whatever way."""
        try:
            if self._has_turn:
                exchange = self.poll.exchange
                lost = self.poll.answered and exchange is not None and answers.is_lost(exchange)
                self.stream.leave(self.poll, lost)
        finally:
            self.stream.registry.exit(self.stream)


def _long_reply(exchange: Any, transport: Transport, only: bytes) -> Any:
    """A streamed response of one piece."""
    prepare(exchange.response, transport)
    return iter([only])


def _reply(exchange: Any, answer: Answer, close: bool = False) -> Any:
    """Put an answer into the response; returns its body."""
    if exchange is None:
        return answer.text
    response = exchange.response
    if answer.status != 200:
        response.status = answer.status
    response.headers["Content-Type"] = "application/json"
    response.headers["Cache-Control"] = "no-store"
    if answer.retry_after is not None:
        response.headers["Retry-After"] = answer.retry_after
    if close:
        response.headers["Connection"] = "close"
    return answer.text.encode("ascii")
