"""The recording itself: streams that can be read anywhere, followers that never hold anybody up."""

from __future__ import annotations

import threading

import pytest

from rawwfile.tape.model import ConnectionTape, Entry, ExchangeRecord, Stream, Tape


def stream_of(*pieces: bytes, first: int = 0) -> Stream:
    stream = Stream("out", "plain", first=first, end=first)
    for sequence, data in enumerate(pieces, 1):
        stream.entries.append(Entry(1, sequence, "out", "plain", stream.end, float(sequence), data))
        stream.end += len(data)
    return stream


@pytest.mark.parametrize("start", range(-1, 13))
@pytest.mark.parametrize("stop", range(-1, 13))
def test_a_stream_can_be_read_anywhere(start: int, stop: int) -> None:
    whole = b"abcdefghij"
    stream = stream_of(b"abc", b"d", b"efghi", b"j")
    assert stream.read(start, stop) == whole[max(0, start) : max(0, stop)]


def test_what_was_dropped_is_left_out() -> None:
    stream = stream_of(b"def", b"ghi", first=3)
    assert stream.read() == b"defghi"
    assert stream.read(0, 5) == b"de"
    assert stream.read(0, 3) == b""
    assert stream.entry_at(2) is None
    assert stream.entry_at(5) is stream.entries[0]
    assert stream.entry_at(6) is stream.entries[1]
    assert stream.entry_at(9) is None
    assert stream.entries_between(5, 7) == stream.entries
    assert stream.entries_between(6, 6) == []


def test_a_stream_that_nothing_crossed_is_empty_and_not_kept() -> None:
    connection = ConnectionTape(1)
    assert connection.stream("in").read() == b""
    assert connection.streams == {}
    assert connection.entries == []


def test_followers_are_told_in_order() -> None:
    tape = Tape()
    connection = ConnectionTape(tape.next_connection())
    first, second = tape.follow(), tape.follow()
    tape.publish("connection", connection)
    exchange = ExchangeRecord(tape.next_exchange(), 1, 1)
    tape.publish("exchange", connection, exchange)
    second.close()
    tape.publish("closed", connection)

    events = first.next(0)
    assert [(event.sequence, event.kind) for event in events] == [(1, "connection"), (2, "exchange"), (3, "closed")]
    assert events[1].exchange is exchange and events[1].connection is connection
    assert [event.kind for event in second] == ["connection", "exchange"]
    assert second.closed and second.next() == []
    assert first.next(0) == []


def test_a_follower_that_sleeps_loses_the_oldest_and_knows_how_many() -> None:
    tape = Tape()
    follower = tape.follow(3)
    for _ in range(5):
        tape.publish("connection", ConnectionTape(1))
    assert [event.sequence for event in follower.next(0)] == [3, 4, 5]
    assert follower.missed == 2


def test_closing_lets_go_who_waits() -> None:
    follower = Tape().follow()
    found: list[object] = [None]
    thread = threading.Thread(target=lambda: found.append(follower.next()))
    thread.start()
    follower.close()
    thread.join(30)
    assert found[-1] == []


def test_clearing_keeps_what_is_open() -> None:
    tape = Tape()
    for number in (1, 2):
        connection = ConnectionTape(tape.next_connection(), closed=1.0 if number == 1 else None, cost=10)
        tape.add_connection(connection)
        tape.add_exchange(connection, ExchangeRecord(tape.next_exchange(), number, 1))
    tape.cost = 20
    follower = tape.follow()
    tape.clear()

    assert list(tape.connections) == [2] and list(tape.exchanges) == [2] and tape.cost == 10
    assert [event.kind for event in follower.next(0)] == ["cleared"]
    assert (tape.next_connection(), tape.next_exchange()) == (3, 3)
    assert [connection.number for connection in tape] == [2]


def test_a_record_knows_how_long_it_took() -> None:
    record = ExchangeRecord(1, 1, 1, began=1.5)
    assert record.open and record.duration is None
    record.ended = 2.0
    assert not record.open and record.duration == 0.5
