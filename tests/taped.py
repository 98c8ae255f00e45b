"""A live server on a tape, and what the tests ask of a recording."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from rawwfile.tape.model import ConnectionTape, ExchangeRecord, Stream, Tape, TapeLimits
from tests.live import PATIENCE, Authority, Live


class Taped:
    """A Live with a tape. Wait for what shall be on it; never look before."""

    def __init__(
        self,
        scheme: str = "http",
        authority: Authority | None = None,
        application: Any = None,
        limits: TapeLimits | None = None,
        **options: Any,
    ) -> None:
        self.tape = Tape(limits)
        self._follower = self.tape.follow(1_000_000)
        self._seen: list[Any] = []
        self.live = Live(scheme, authority, options, application, tape=self.tape).start()
        self.page, self.connect, self.fetch = self.live.page, self.live.connect, self.live.fetch

    def stop(self) -> None:
        """End the server."""
        self.live.stop()

    def forget(self) -> None:
        """Hold nothing of what has happened so far."""
        self._follower.next(0)
        self._seen.clear()

    def wait(self, wanted: Callable[[Any], Any]) -> Any:
        """The first event of the tape, of all so far or to come, of which `wanted` is true."""
        for event in self._seen:
            if wanted(event):
                return event
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            news = self._follower.next(PATIENCE)
            self._seen += news
            for event in news:
                if wanted(event):
                    return event
        raise AssertionError(f"it did not happen; what did: {[event.kind for event in self._seen]}")

    def closed(self, number: int = 1) -> ConnectionTape:
        """A connection, once it is closed."""
        event = self.wait(lambda event: event.kind == "closed" and event.connection.number == number)
        found: ConnectionTape = event.connection
        return found

    def ended(self, id: int = 1) -> ExchangeRecord:
        """An exchange, once it is over."""

        def is_over(event: Any) -> bool:
            return event.kind == "exchange" and event.exchange.id == id and not event.exchange.open

        found: ExchangeRecord = self.wait(is_over).exchange
        return found


def kinds(connection: ConnectionTape) -> list[str]:
    """The kinds of its events."""
    return [event.kind for event in connection.events]


def tiles(stream: Stream) -> list[tuple[bytes, str]]:
    """The spans of a closed connection's stream with their bytes; fails where they do not tile it."""
    assert stream.trail is not None
    at, found = stream.first, []
    for span in stream.trail:
        assert span.start == at, f"a gap or an overlap at {at}: {span}"
        found.append((stream.read(span.start, span.end), span.kind))
        at = span.end
    assert at == stream.end, f"the spans end at {at}, the stream at {stream.end}"
    assert b"".join(data for data, _ in found) == stream.read()
    return found


def check(connection: ConnectionTape) -> None:
    """What is true of every recording that is complete."""
    sequence = [entry.sequence for entry in connection.entries]
    assert sequence == list(range(1, len(sequence) + 1))
    times = [entry.time for entry in connection.entries]
    assert times == sorted(times)
    for stream in connection.streams.values():
        at = 0
        for entry in stream.entries:
            assert entry.offset == at
            at = entry.end
        assert at == stream.end
        if stream.trail is not None:
            tiles(stream)
    at_in = at_out = 0
    for exchange in connection.exchanges:
        assert not exchange.open
        assert at_in <= exchange.request[0] <= exchange.request[1] <= connection.stream("in").end
        assert exchange.response[0] == at_out
        at_in, at_out = exchange.request[1], exchange.response[1]
        assert exchange.began <= (exchange.first_byte or exchange.began) <= (exchange.ended or 0)
    assert at_out == connection.stream("out").end
