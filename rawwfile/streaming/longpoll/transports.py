"""The same stream on one long response: as server-sent events or as lines of JSON, by content negotiation.

A browser's EventSource connects again by itself and says with Last-Event-ID what it has seen last, so the
id of an event is the `ack` of a poll; where the server made the key, the key goes before it. The last
word of a stream has the id "end", and who comes back with that is told by 204 to come no more.

`@negotiate(poll=json_yield)` is the other way: there each event stream is a generator of its own.
Source: streaming contract, sections 7 and 8.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rawwfile.errors import Shutdown
from rawwfile.streaming.events import Event
from rawwfile.streaming.longpoll.answers import ERROR, PENDING, READY, Answer, compose
from rawwfile.streaming.longpoll.wishes import BadPoll, check_key, read_ack
from rawwfile.streaming.negotiate import BEAT as EMPTY_LINE
from rawwfile.streaming.negotiate import EVENT_STREAM, JSON, JSON_LINES, best_match
from rawwfile.streaming.sse import BEAT as COMMENT
from rawwfile.streaming.sse import COME_BACK, CONTENT_TYPE, HEARTBEAT, OPEN_AFTER, ask_for_no_buffering

if TYPE_CHECKING:
    from rawwfile.streaming.longpoll.polling import Visit

END_ID = "end"


@dataclass(frozen=True)
class Transport:
    """How answers follow each other on one response. beat: bytes that mean nothing."""

    content_type: str
    beat: bytes = EMPTY_LINE

    def encode(self, answer: Answer, key: str) -> bytes:
        """One answer. key: what the client must be reminded of to find the stream again; "" if it knows."""
        return f"{answer.text}\n".encode()

    def farewell(self) -> bytes:
        """The last that is said by a server that stops."""
        return f"{compose(PENDING)}\n".encode()


class EventStream(Transport):
    """Server-sent events."""

    def encode(self, answer: Answer, key: str) -> bytes:
        """See Transport."""
        name: str | None = END_ID if answer.is_last_word else None
        if answer.state in (READY, ERROR):
            name = f"{key}.{answer.seq}" if key else str(answer.seq)
        return Event(answer.text, id=name).encode()

    def farewell(self) -> bytes:
        """See Transport."""
        # Not all at once: the clients of a server that stops would fall upon the next one together.
        return Event(retry=random.randint(*COME_BACK)).encode()


_LONG = {kind: Transport(kind) for kind in JSON_LINES}
_LONG[EVENT_STREAM] = EventStream(CONTENT_TYPE, COMMENT)


def find_transport(accept: str | None) -> Transport | None:
    """The transport that an Accept field prefers; None: one answer as JSON, which is what all others get."""
    return _LONG.get(best_match(accept, (JSON, *_LONG)) or JSON)


@dataclass(frozen=True)
class Resume:
    """What Last-Event-ID says: the key if the server made it, and the number of the last answer seen."""

    key: str = ""
    ack: int | None = None
    ended: bool = False


def read_event_id(text: str | None) -> Resume:
    """What a client that comes back says; empty if it has seen nothing yet, or nothing of ours."""
    if text == END_ID:
        return Resume(ended=True)
    key, _, seq = (text or "").rpartition(".")
    try:
        return Resume(check_key(key), read_ack(seq))
    except BadPoll:
        return Resume()


def pieces(visit: Visit, transport: Transport, wait: float) -> Iterator[bytes]:
    """The answers of a stream to its end, each as soon as it is there; the body of a streamed response."""
    stream, poll = visit.stream, visit.poll
    clock = stream.registry.clock
    key = "" if poll.wishes.key else stream.scope.key
    until = clock() + min(wait, OPEN_AFTER)
    try:
        while True:
            answer = visit.answer(until)
            if answer.state == PENDING and not poll.superseded:
                # With the first bytes the head goes out, so that the client knows it is connected.
                yield transport.beat if poll.sent is None else b""
            else:
                yield transport.encode(answer, key)
                # Asked for the next piece: this one is on the wire.
                answer.exchange = poll.given = None
                if answer.state != READY:
                    return
            poll.sent = answer.seq
            until = clock() + wait
    except Shutdown:
        stream.registry.look_now()
        yield transport.farewell()


def prepare(response: Any, transport: Transport) -> None:
    """Make the response one that is sent piece by piece, past caches and proxies."""
    response.stream = True
    response.heartbeat = (HEARTBEAT, transport.beat)
    response.headers["Content-Type"] = transport.content_type
    response.headers["Cache-Control"] = "no-store, no-transform"
    ask_for_no_buffering(response)
