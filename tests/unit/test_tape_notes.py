"""The notes on a recorded exchange are worked out when somebody asks first, of what was known at its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED, RequestHead
from rawwfile.http.notes import examine as notes_module
from rawwfile.http.span_reader import LenientSpanReader, SpanReader
from rawwfile.tape import examine
from rawwfile.tape.model import ConnectionTape, ExchangeRecord, Tape, TapeLimits
from rawwfile.tape.recorder import Outcome, Track

PATIENCE = 30.0
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = (
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n"
    b"2\r\nhi\r\n0\r\nX: y\r\nZ:w\r\n\r\n"
)


def recorded(
    request: bytes, *pieces: bytes, lenient: bool = False, limits: TapeLimits | None = None
) -> tuple[Track, ExchangeRecord]:
    """One exchange on a new tape, over but not closed; the request comes in one piece."""
    tape = Tape(limits)
    reader = LenientSpanReader() if lenient else SpanReader()
    track = Track(tape, ConnectionTape(tape.next_connection()), reader)
    exchange_again(track, reader, request, *pieces)
    [exchange] = track.connection.exchanges
    return track, exchange


def exchange_again(track: Track, reader: Any, request: bytes, *pieces: bytes) -> None:
    track.entry("in", "plain", request, 1.0)
    reader.receive_data(request)
    try:
        head = reader.next_event()
        assert isinstance(head, RequestHead)
        track.begin(head, 1.0)
        while reader.next_event() not in (NEED_DATA, PAUSED, PEER_CLOSED):
            pass
    except ProtocolError as error:
        if track.exchange is None:
            track.begin_refused(error, 1.0)
    for piece in pieces:
        track.entry("out", "plain", piece, 2.0)
    track.end(Outcome("complete", True), 3.0)


def told(exchange: ExchangeRecord) -> list[dict[str, Any]]:
    return [note.as_dict() for note in exchange.notes]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The views of which notes were worked out."""
    views: list[Any] = []
    real = notes_module.notes_on

    def notes_on(view: Any) -> list[Any]:
        views.append(view)
        return real(view)

    monkeypatch.setattr(notes_module, "notes_on", notes_on)
    return views


def test_nothing_is_worked_out_before_somebody_asks_and_then_once(asked: list[Any]) -> None:
    track, exchange = recorded(GET, OK)
    track.close("client", "it has left", 4.0)
    assert asked == []
    notes = exchange.notes
    assert "complete" in [note.id for note in notes] and len(asked) == 1
    assert exchange.notes is notes and len(asked) == 1


def test_of_many_who_ask_at_once_all_get_the_same(asked: list[Any]) -> None:
    _, exchange = recorded(GET, OK)
    found: list[Any] = []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait(PATIENCE)
        found.append(exchange.notes)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(found) == 8 and len(asked) == 1 and all(each is exchange.notes for each in found)


REQUESTS = [
    GET,
    b"\r\n\r\nGET /a HTTP/1.0\r\n\r\n",
    b"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: bytes=0-1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nhi",
    b"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    CHUNKED,
    CHUNKED[:-20],
    b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
]
RESPONSES = [
    [],
    [OK],
    [OK[:20], OK[20:]],
    [b"HTTP/1.1 100 Continue\r\n\r\n", OK, b"excess"],
    [b"HTTP/1.0 200\nContent-type: text/html\n\n", b"<p>", b"</p>"],
    [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2;a\r\nok\r\n", b"0\r\nX: y\r\n\r\n"],
    [b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", b"\x81\x00"],
    [b"<html>"],
    [b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", b"x"],
    [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x" * 100_000],
    [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 100, b"0\r\n\r\n"],
]


@pytest.mark.parametrize("request_bytes", REQUESTS, ids=range(len(REQUESTS)))
@pytest.mark.parametrize("pieces", RESPONSES, ids=range(len(RESPONSES)))
def test_it_makes_no_difference_who_asks_when(
    monkeypatch: pytest.MonkeyPatch, request_bytes: bytes, pieces: list[bytes]
) -> None:
    _, exchange = recorded(request_bytes, *pieces)
    at_once = told(exchange)

    track, exchange = recorded(request_bytes, *pieces)
    track.entry("in", "plain", b"\r\n\r\n", 4.0)
    track.note_request()
    track.entry("out", "plain", b"more", 4.0)
    track.close("client", "it has left", 5.0)
    track.tape.forget(1)
    for stream in track.connection.streams.values():
        stream.entries.clear()
        stream.first = stream.end
    assert told(exchange) == at_once

    # What read the response, and what was read of the request, say the same as their bytes.
    monkeypatch.setattr(examine, "MOST_READ_AGAIN", -1)
    monkeypatch.setattr(examine, "SpanReader", None)
    _, exchange = recorded(request_bytes, *pieces)
    assert told(exchange) == at_once


def test_what_is_put_aside_shares_the_bytes_of_the_entries() -> None:
    track, exchange = recorded(GET, OK[:20], OK[20:])
    aside: Any = exchange._notes
    assert aside._head is track.connection.stream("in").entries[0].data
    sent = track.connection.stream("out").entries
    assert all(ours is entry.data for ours, entry in zip(aside._response, sent, strict=True))


def test_of_a_refused_request_the_notes_are_worked_out_at_once(asked: list[Any]) -> None:
    # An error that was raised would keep the connection alive.
    _, exchange = recorded(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert len(asked) == 1 and isinstance(exchange._notes, list)
    assert [note.id for note in exchange.notes if note.level == "bad" and note.direction == "in"]


def test_a_refusal_within_the_content_is_noted_on_its_line() -> None:
    request = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
    tape = Tape()
    reader = SpanReader()
    track = Track(tape, ConnectionTape(tape.next_connection()), reader)
    exchange_again(track, reader, request, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    [note] = [note for note in track.connection.exchanges[0].notes if note.level == "bad"]
    assert note.direction == "in" and request[note.start :].startswith(b"x")


def test_trailers_are_noted_on_their_lines() -> None:
    request = CHUNKED.replace(b"X: y", b"Host:  b ")
    _, exchange = recorded(request, OK)
    assert [request[note.start : note.end] for note in exchange.notes if note.id == "trailer-forbidden"] == [
        b"Host:  b "
    ]


def test_what_a_lenient_site_took_is_noted_where_it_came() -> None:
    request = b"POST / HTTP/1.1\nHost: a\nX: y\n z\nContent-Length: 2\n\nhi"
    _, exchange = recorded(request, OK, lenient=True)
    places = {note.id: (note.start, note.end) for note in exchange.notes if note.direction == "in"}
    assert places["bare-lf-accepted"] == (15, 16)
    assert request[places["fold-accepted"][0] :].startswith(b" z\n")
    assert places["request-complete"] == (len(request) - 2, len(request))


@pytest.mark.parametrize("request_bytes", [GET, b"GET / HTTP/1.1\r\nHost : a\r\n\r\n"])
def test_a_fault_costs_neither_the_recording_nor_who_asks(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, request_bytes: bytes
) -> None:
    def broken(view: Any) -> list[Any]:
        raise RuntimeError("broken")

    monkeypatch.setattr(notes_module, "notes_on", broken)
    _, exchange = recorded(request_bytes, OK)
    assert exchange.notes == [] and exchange.notes == []
    assert not exchange.open and exchange.verdict == "complete"
    assert [record.getMessage() for record in caplog.records] == ["exchange 1 could not be examined; please report it"]


def test_a_fault_in_putting_aside_costs_the_notes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(examine, "_skipped", broken)
    _, exchange = recorded(GET, OK)
    assert exchange.notes == [] and not exchange.open


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def test_who_asks_waits_for_no_recording_and_lets_none_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    track, exchange = recorded(GET, OK)
    begun, go_on = threading.Event(), threading.Event()

    def slow(view: Any) -> list[Any]:
        begun.set()
        go_on.wait(PATIENCE)
        return []

    monkeypatch.setattr(notes_module, "notes_on", slow)
    asking = in_a_thread(lambda: exchange.notes)
    assert begun.wait(PATIENCE)
    # Here the recording goes on while the notes are being worked out ...
    recording = in_a_thread(lambda: track.entry("in", "plain", b"x", 4.0))
    recording.join(PATIENCE)
    assert not recording.is_alive() and asking.is_alive()
    # ... and there they are got to their end though the tape is held.
    with track.tape.lock:
        go_on.set()
        asking.join(PATIENCE)
    assert not asking.is_alive()
