"""One stream: a generator that is polled for, and the answers that may have to be given again.

    open ----> done       the generator has ended, or the client has closed the stream
         ----> expired    nobody polled for `ttl`, `max_age` has passed, the server stops, or restart=1

An ended stream gives its last word to every poll until it is forgotten, so that a poll that is
repeated does not start the generator anew. Whoever has the turn may touch the answers and the
generator of an open stream; ending it needs no turn, closing its generator does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Mapping
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any, NamedTuple

from rawwfile.errors import HTTPRedirect
from rawwfile.exchange.context import current_exchange
from rawwfile.streaming.longpoll import answers
from rawwfile.streaming.longpoll.answers import BUSY, DONE, ERROR, EXPIRED, PENDING, READY, Answer
from rawwfile.streaming.longpoll.options import Options
from rawwfile.streaming.longpoll.sources import Background, Failure, Item, OnDemand, Source
from rawwfile.streaming.longpoll.standin import StandIn, current_stream
from rawwfile.streaming.longpoll.turns import Poll, Turns

if TYPE_CHECKING:
    from rawwfile.streaming.longpoll.registry import Registry

RING = 64
"""Answers that are kept while they are sent on one response; of polls there is one at a time."""

COME_AGAIN = 1
"""Seconds after which it is worth asking again when something is full."""


class Scope(NamedTuple):
    """What finds a stream: the handler, the session (None without sessions) and the key."""

    handler: int
    session: Hashable
    key: str


class LongPollStream:
    """See the module. ended: "" while it is open, then DONE or EXPIRED."""

    ended = ""
    ended_at = 0.0
    polls = 0
    seq = 0
    count = 0
    bytes = 0
    remembered = True
    poll: Poll | None = None
    source: Source | None = None
    standin: StandIn | None = None

    def __init__(
        self, registry: Registry, name: str, options: Options, scope: Scope, client: Hashable, number: int
    ) -> None:
        self.registry = registry
        self.name = name
        self.options = options
        self.scope = scope
        self.client = client
        self.number = number
        self.turns = Turns()
        self.context = copy_context()
        self.created = self.last_seen = registry.clock()
        self._fresh: list[str] = []
        self._ending: Item | None = None
        self._kept: deque[Answer] = deque()
        self._shown: deque[str] = deque(maxlen=None if options.accumulate is True else int(options.accumulate))
        self._weight = 0
        self._has_begun = self._disposed = False

    def __str__(self) -> str:
        return f"{self.standin or 'without a request'}: the long poll {self.name}"

    # -- what anybody may ask

    @property
    def on_demand(self) -> bool:
        """The generator runs in the polls."""
        return self.options.producer is None

    @property
    def is_busy(self) -> bool:
        """A poll has the turn, and has no answer yet."""
        poll = self.poll
        return poll is not None and not poll.answered

    @property
    def idle(self) -> float:
        """Seconds since the last poll ended; 0 during one."""
        return 0.0 if self.polls else self.registry.clock() - self.last_seen

    @property
    def is_stopping(self) -> bool:
        """The server that its first poll came to stops."""
        standin = self.standin
        return standin is not None and standin.stopping

    def is_due(self, now: float) -> bool:
        """It has expired."""
        options = self.options
        if options.max_age is not None and now - self.created >= options.max_age:
            return True
        return self.is_stopping or (not self.polls and now - self.last_seen >= options.ttl)

    # -- the beginning

    def begin(self, poll: Poll, call: Callable[[], Any]) -> None:
        """Call the generator function in a context of the stream's own; by the first poll, which has the turn.

        Raises what it raises, and TypeError for what is nothing to iterate over.
        """
        if poll.exchange is not None:
            self.standin = StandIn(poll.exchange, self)
            self.context.run(current_exchange.set, self.standin)  # type: ignore[arg-type]
        self.context.run(current_stream.set, self)
        self.poll = poll
        try:
            self._begin(self.run(call))
        except BaseException as error:
            if self.standin is not None:
                self.run(self.standin.finish, "error", error)
            raise

    def _begin(self, made: Any) -> None:
        if isinstance(made, (str, bytes, Mapping)) or not hasattr(made, "__iter__"):
            raise TypeError(f"json_yield needs a generator; {self.name} returned {type(made).__name__}")
        iterator = self.run(iter, made)
        if self.on_demand:
            self.source = OnDemand(self, iterator)
            return
        source = Background(self, iterator)
        source.start()
        self._has_begun, self.source = True, source

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call something in the stream's context; by whoever has the turn."""
        return self.context.run(function, *arguments)

    # -- answers, by whoever has the turn

    def answer(self, poll: Poll, until: float) -> Answer:
        """What this poll gets; waits to time `until` at most, apart from what the generator takes.

        Raises ClientGone and Shutdown, and then nothing is lost; HTTPRedirect of the generator.
        """
        if poll.sent is None and poll.ack is not None and poll.ack > self.seq:
            return self.word(poll, EXPIRED)  # it speaks of another stream, which had this key before
        kept = self._unacknowledged(poll)
        if kept is not None:
            return self._give(poll, kept)
        if not self.ended:
            if self.registry.full and not self._fresh and not self._waiting:
                return self.word(poll, BUSY, status=503, retry_after=COME_AGAIN)
            self._collect(poll, until)
        if self.ended:
            return self.last_word(poll)
        if poll.superseded:
            return self.word(poll, PENDING)
        if self._fresh:
            return self._ready(poll)
        if self._ending is None:
            return self.word(poll, PENDING)
        return self._finish(poll)

    def _unacknowledged(self, poll: Poll) -> Answer | None:
        """The oldest answer that may not have arrived; forgets those that have."""
        kept, ack, sent = self._kept, poll.ack, poll.sent
        if sent is not None:
            return next((answer for answer in kept if answer.seq > sent), None)
        while kept and (kept[0].has_arrived if ack is None else kept[0].seq <= ack):
            kept.popleft()
        self._weigh()
        return kept[0] if kept else None

    @property
    def _waiting(self) -> bool:
        source = self.source
        return source is not None and source.waiting

    def _collect(self, poll: Poll, until: float) -> None:
        """Bring new items into `_fresh`: one, or a batch."""
        clock, options, source = self.registry.clock, self.options, self.source
        while source is not None and len(self._fresh) < (options.batch or 1) and self._ending is None:
            may_wait = not self._fresh or clock() < until
            item = source.take(poll, until) if may_wait or source.waiting else None
            if item is None:
                break
            if not isinstance(item, str):
                self._ending = item
                break
            if not self._fresh:
                until = clock() + options.linger
            self._fresh.append(item)
        self._weigh()

    def _ready(self, poll: Poll) -> Answer:
        new, self._fresh = self._fresh, []
        self.count += len(new)
        options = self.options
        if options.accumulate:
            self._shown.extend(new)
            content = answers.as_list(self._shown)
            if len(content) > options.max_bytes:
                too_much = f"{len(content)} bytes accumulated, more than max_bytes={options.max_bytes}"
                self._ending = Failure(ValueError(f"{too_much}; accumulate=n keeps the last n items"))
                return self._finish(poll)
        else:
            content = new[0] if options.batch is None else answers.as_list(new)
        self.seq += 1
        return self._keep(poll, Answer(READY, answers.compose(READY, content, self._more(poll)), self.seq))

    def _finish(self, poll: Poll) -> Answer:
        """The generator has ended, or failed."""
        ending = self._ending
        self.seq += 1
        if not isinstance(ending, Failure):
            self.end(DONE)
            return self.last_word(poll)
        error = ending.error
        self.end(DONE)
        if isinstance(error, HTTPRedirect):
            raise error
        message = answers.message_of(error, self._debugs(poll))
        text = answers.compose_error(type(error).__name__, message, self._more(poll))
        return self._keep(poll, Answer(ERROR, text, self.seq, answers.status_of(error)))

    def _debugs(self, poll: Poll) -> bool:
        if self.options.debug is not None or poll.exchange is None:
            return bool(self.options.debug)
        return bool(poll.exchange.settings.log_level == "debug")

    def _give(self, poll: Poll, answer: Answer) -> Answer:
        """Keep an answer until it is known to have arrived by this poll."""
        poll.given = answer
        answer.exchange, answer.lost = poll.exchange, False
        return answer

    def _keep(self, poll: Poll, answer: Answer) -> Answer:
        if poll.exchange is not None or poll.ack is not None:  # else it has arrived: Python code has it
            self._kept.append(answer)
            if len(self._kept) > RING:
                self._kept.popleft()
        self._weigh()
        return self._give(poll, answer)

    def _weigh(self) -> None:
        texts = sum(map(len, self._fresh)) + sum(map(len, self._shown))
        weight = texts + sum(len(answer.text) for answer in self._kept)
        self.registry.add_bytes(self, weight - self._weight)
        self._weight = weight

    # -- answers that need no turn

    def word(self, poll: Poll, state: str, status: int | None = None, retry_after: int | None = None) -> Answer:
        """An answer without content."""
        status = status or answers.STATUS.get(state, 200)
        return Answer(state, answers.compose(state, more=self._more(poll, retry_after)), self.seq, status, retry_after)

    def last_word(self, poll: Poll) -> Answer:
        """The answer to every poll of an ended stream."""
        return self.word(poll, self.ended or EXPIRED)

    def _more(self, poll: Poll, retry_after: float | None = None) -> dict[str, Any]:
        """The metadata, if it is wanted; the key alone if the client does not know it yet."""
        if not (self.options.meta or poll.wishes.ack is not None):
            return {"key": self.scope.key} if poll.made_key else {}
        return {
            "seq": self.seq,
            "count": self.count,
            "key": self.scope.key,
            "age": round(self.registry.clock() - self.created, 3),
            "ttl": self.options.ttl,
            "more": bool(self._waiting),
            "retry": self.options.retry if retry_after is None else retry_after,
        }

    # -- the end

    def leave(self, poll: Poll, lost: bool) -> None:
        """The poll that has the turn is over. lost: its answer has not reached the client."""
        if lost and poll.given is not None:
            poll.given.lost = True
        self.poll = None
        self.turns.release()
        self._tidy()

    def end(self, how: str) -> None:
        """End the stream, once; whoever waits in it is woken. From any thread, with or without the turn."""
        if not self.registry.note_end(self, how):
            return
        standin, source = self.standin, self.source
        if standin is not None:
            standin.say_over()
        if source is not None:
            source.interrupt()
        self.turns.wake_all()
        self._tidy()

    def _tidy(self) -> None:
        """Close the generator of an ended stream; if a poll has the turn, it does so when it leaves."""
        if self.ended and not self._disposed and self.turns.try_take(self):
            try:
                if not self._disposed:
                    self._dispose()
            finally:
                self.turns.release()

    def _dispose(self) -> None:
        self._disposed = True
        self._ending = None
        self._fresh.clear()
        self._shown.clear()
        for answer in self._kept:
            # What is remembered of an ended stream shall not hold on to a connection.
            answer.lost, answer.exchange = not answer.has_arrived, None
        self._weigh()
        if not (self._has_begun or self.on_demand):
            self.registry.thread_over()  # that was counted, but not started
        source = self.source
        if source is None or source.dispose():
            self.gone()

    def gone(self) -> None:
        """The generator is closed: it counts no more."""
        self.registry.discount(self)
        self.source = self.standin = None
        self.context = Context()
