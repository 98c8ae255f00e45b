"""A track without sockets: what is kept within which limits, and what is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PAUSED, RequestHead
from rawwfile.http.span_reader import SpanReader
from rawwfile.tape.bounds import ENTRY_COST
from rawwfile.tape.model import ConnectionTape, Tape, TapeLimits
from rawwfile.tape.recorder import Outcome, Track

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Played:
    """A connection as a server would record it."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.reader = SpanReader()
        self.connection = ConnectionTape(tape.next_connection())
        self.track = Track(tape, self.connection, self.reader)
        self.time = 0.0

    def tick(self) -> float:
        self.time += 1.0
        return self.time

    def receive(self, data: bytes) -> None:
        self.track.entry("in", "plain", data, self.tick())
        self.reader.receive_data(data)
        try:
            event = self.reader.next_event()
            if isinstance(event, RequestHead):
                self.track.begin(event, self.tick())
            while event is not NEED_DATA and event is not PAUSED:
                event = self.reader.next_event()
        except ProtocolError as error:
            self.track.begin_refused(error, self.tick())

    def answer(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.track.entry("out", "plain", piece, self.tick())
        self.track.end(Outcome("complete", True), self.tick())
        if self.reader.state.value == "done":
            self.reader.start_next()

    def close(self) -> None:
        self.track.close("server", "it is enough", self.tick())


def test_an_exchange_from_its_first_byte_to_its_end() -> None:
    played = Played(Tape())
    played.receive(GET[:10])
    played.receive(GET[10:])
    assert played.track.exchange is not None and played.track.exchange.open
    played.answer(OK[:20], OK[20:])
    played.close()

    [exchange] = played.connection.exchanges
    assert (exchange.began, exchange.first_byte, exchange.ended) == (1.0, 4.0, 6.0)
    assert (exchange.request, exchange.response) == ((0, len(GET)), (0, len(OK)))
    assert (exchange.method, exchange.target, exchange.version) == ("GET", "/", "HTTP/1.1")
    assert (exchange.status, exchange.reason, exchange.verdict) == (200, "OK", "complete")
    assert [note.id for note in exchange.notes]
    assert played.connection.closed == 7.0


def test_what_ends_in_the_middle() -> None:
    played = Played(Tape())
    played.receive(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhi")
    played.track.entry("out", "plain", OK[:-1], 5.0)
    played.close()

    [exchange] = played.connection.exchanges
    assert (exchange.end, exchange.verdict, exchange.open) == ("client-gone", "short", False)
    assert exchange.request == (0, played.connection.stream("in").end)


def test_refused_bytes_have_what_was_read_of_them() -> None:
    played = Played(Tape())
    played.receive(GET)
    played.answer(OK)
    played.receive(b"PUT /x HTTP/1.1\r\nHost : a\r\n\r\nmore")
    played.answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    played.close()

    refused = played.connection.exchanges[1]
    assert (refused.method, refused.target, refused.version) == ("PUT", "/x", "HTTP/1.1")
    assert refused.refused is not None and "Host" in refused.refused
    assert refused.request == (len(GET), played.connection.stream("in").end)
    assert any(note.level == "bad" for note in refused.notes)
    assert list(played.connection.stream("in").trail or ())[-1].kind == "unread"


def test_a_body_that_is_refused_is_remarked_on() -> None:
    played = Played(Tape())
    played.receive(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    played.track.entry("in", "plain", b"xyz\r\n", 3.0)
    played.reader.receive_data(b"xyz\r\n")
    with pytest.raises(ProtocolError):
        played.reader.next_event()
    played.answer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    assert any(note.level == "bad" and note.direction == "in" for note in played.connection.exchanges[0].notes)


def test_bytes_that_belong_to_no_exchange_are_excess() -> None:
    played = Played(Tape())
    played.track.entry("out", "plain", b"unasked", 1.0)
    played.receive(GET)
    played.answer(OK)
    played.close()
    trail = played.connection.stream("out").trail
    assert trail is not None and next(iter(trail)) == (0, 7, "excess")
    assert played.connection.exchanges[0].response == (7, 7 + len(OK))
    assert played.connection.exchanges[0].verdict == "complete"


@given(
    pieces=st.lists(st.tuples(st.sampled_from(["in", "out"]), st.integers(1, 3000)), max_size=120),
    limit=st.integers(2000, 30_000),
)
def test_a_connection_stays_within_its_limit_and_loses_the_oldest(pieces: list[tuple[str, int]], limit: int) -> None:
    tape = Tape(TapeLimits(connection_bytes=limit))
    played = Played(tape)
    written = {"in": b"", "out": b""}
    for number, (direction, size) in enumerate(pieces):
        data = bytes([number % 256]) * size
        written[direction] += data
        played.track.entry(direction, "plain", data, played.tick())
        assert played.connection.cost <= limit
        assert tape.cost == played.connection.cost
    for direction, data in written.items():
        stream = played.connection.stream(direction)
        assert stream.end == len(data)
        assert stream.read() == data[stream.first :]
        assert stream.first == (stream.entries[0].offset if stream.entries else stream.end)
    kept = [entry.sequence for entry in played.connection.entries]
    assert kept == list(range(len(pieces) - len(kept) + 1, len(pieces) + 1))
    assert all(len(entry.data) + ENTRY_COST <= limit for entry in played.connection.entries)


def test_closed_connections_go_before_bytes_of_open_ones() -> None:
    tape = Tape(TapeLimits(total_bytes=60_000))
    open_ = Played(tape)
    open_.track.entry("out", "plain", b"x" * 20_000, 1.0)
    for _ in range(4):
        other = Played(tape)
        other.track.entry("out", "plain", b"y" * 20_000, 1.0)
        other.close()
        assert tape.cost <= 60_000

    assert open_.connection.stream("out").first == 0
    assert 1 in tape.connections and 5 in tape.connections and 2 not in tape.connections
    assert tape.dropped == 5 - len(tape.connections)


def test_of_open_connections_the_largest_gives() -> None:
    tape = Tape(TapeLimits(total_bytes=60_000))
    small, large = Played(tape), Played(tape)
    small.track.entry("out", "plain", b"x" * 5_000, 1.0)
    for _ in range(20):
        large.track.entry("out", "plain", b"y" * 5_000, 1.0)
        assert tape.cost <= 60_000
    assert small.connection.stream("out").first == 0
    assert large.connection.stream("out").first > 0
    assert list(tape.connections) == [1, 2]


def test_one_byte_chunks_cannot_fill_the_memory_with_spans() -> None:
    tape = Tape(TapeLimits(connection_bytes=200_000))
    played = Played(tape)
    played.receive(GET)
    played.track.entry("out", "plain", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 1.0)
    for _ in range(40):
        played.track.entry("out", "plain", b"1\r\nx\r\n" * 1000, 1.0)
    stream = played.connection.stream("out")
    assert stream.trail is not None
    # Counted now and then: after 64 KiB at the latest.
    assert len(stream.trail) * 9 + stream.end - stream.first < 200_000 + (1 << 16) * 6
    assert stream.trail.first == stream.first > 0


def test_what_the_tape_has_forgotten_is_recorded_no_more() -> None:
    tape = Tape()
    played = Played(tape)
    played.receive(GET)
    tape.forget(1)
    played.answer(OK)
    played.receive(GET)
    played.close()
    assert tape.cost == 0
    assert tape.exchanges == {} and tape.connections == {}
    assert played.connection.stream("out").read() == b""


def test_too_many_open_connections_lose_the_oldest() -> None:
    tape = Tape(TapeLimits(connections=2))
    for _ in range(3):
        Played(tape)
    assert list(tape.connections) == [2, 3]


def test_followers_hear_of_everything_in_order() -> None:
    tape = Tape()
    follower = tape.follow()
    played = Played(tape)
    played.receive(GET)
    played.answer(OK)
    played.close()

    events = follower.next(0)
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.kind for event in events if event.kind != "event"] == [
        "connection", "entry", "exchange", "entry", "exchange", "exchange", "closed",
    ]  # fmt: skip
    assert [event.event.kind for event in events if event.event is not None] == [
        "request-read", "first-byte", "settled", "exchange-end", "closed",
    ]  # fmt: skip
