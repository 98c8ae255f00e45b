"""What crosses the sockets is on the tape, byte for byte, with who wrote it and what became of it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from rawwfile import HTTPError, request, response
from rawwfile.http.observe import ResponseObserver
from rawwfile.tape.model import TapeLimits
from tests.live import Authority, Live
from tests.taped import Taped, check, kinds, tiles

MakeTaped = Callable[..., Taped]


@pytest.fixture
def tape(scheme: str, authority: Authority) -> Iterator[MakeTaped]:
    """Starts servers with a tape; they end with the test."""
    started: list[Taped] = []

    def start(application: Any = None, limits: TapeLimits | None = None, **options: Any) -> Taped:
        started.append(Taped(scheme, authority, application, limits, **options))
        return started[-1]

    yield start
    for taped in started:
        taped.stop()


def line(function: Callable[..., Any], more: int) -> str:
    """The place of a line of a function below its first."""
    return f"test_tap.py:{function.__code__.co_firstlineno + more}"


def add_pages(taped: Taped) -> dict[str, Callable[..., Any]]:
    @taped.page
    def raw() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        response.wfile.write(b"he")
        response.wfile.write("llo")

    @taped.page
    def short() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\nContent-Length: 9\n\nhello")

    @taped.page
    def managed() -> str:
        return "hello"

    @taped.page
    def streamed() -> Iterator[str]:
        response.stream = True
        return outer()

    def outer() -> Iterator[str]:
        yield "one"
        yield from inner()

    def inner() -> Iterator[str]:
        yield "two"
        yield "three"

    @taped.page
    def large() -> bytes:
        return bytes(range(256)) * 4096

    @taped.page
    def file() -> Any:
        found = tempfile.TemporaryFile()
        found.write(b"0123456789" * 50_000)
        found.seek(0)
        return found

    @taped.page
    def echo() -> bytes:
        return bytes(request.rfile.read())

    @taped.page
    def unread() -> str:
        return "not read"

    @taped.page
    def failing() -> str:
        raise HTTPError(404, "no such thing")

    @taped.page
    def switch() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
        while data := request.rfile.read1():
            response.wfile.write(data.upper())

    return {"raw": raw, "outer": outer, "inner": inner, "short": short}


CASES: dict[str, tuple[bytes, str]] = {
    "raw": (b"GET /raw HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "a short one": (b"GET /short HTTP/1.1\r\nHost: a\r\n\r\n", "short"),
    "managed": (b"GET /managed HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "HEAD": (b"HEAD /managed HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "streamed": (b"GET /streamed HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "streamed to HTTP/1.0": (b"GET /streamed HTTP/1.0\r\n\r\n", "open-ended"),
    "large": (b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "a file": (b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "content": (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "complete"),
    "chunks": (
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nT: 1\r\n\r\n",
        "complete",
    ),
    "content that nobody reads": (
        b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "complete",
    ),
    "too much content that nobody reads": (
        b"POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000,
        "complete",
    ),
    "an error": (b"GET /failing HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "an unmet expectation": (b"GET /managed HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", "complete"),
    "a request that is refused": (b"GET /managed HTTP/1.1\r\nHost : a\r\n\r\n", "complete"),
    "no HTTP at all": (b"\x16\x03\x01 hello\r\n\r\n", "complete"),
    "empty lines before": (b"\r\n\r\nGET /managed HTTP/1.1\r\nHost: a\r\n\r\n", "complete"),
    "half a head": (b"GET /managed HTTP/1.1\r\nHos", "complete"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_tape_has_what_the_client_sent_and_saw(tape: MakeTaped, name: str) -> None:
    sent, verdict = CASES[name]
    taped = tape()
    add_pages(taped)

    client = taped.connect()
    client.send_while_it_lasts(sent)
    client.finish_sending()
    seen = client.rest()
    client.close()

    connection = taped.closed()
    received = connection.stream("in").read()
    # What is passed over while the connection ends is not deciphered any more.
    assert received == sent or (taped.live.scheme == "https" and "too much" in name and sent.startswith(received))
    assert connection.stream("out").read() == seen
    check(connection)
    [exchange] = connection.exchanges
    assert (exchange.verdict, exchange.response) == (verdict, (0, len(seen)))
    assert exchange.status == int(seen[9:12])
    assert not taped.live.book.messages or "recording failed" not in " ".join(taped.live.book.messages)


def test_pipelined_requests_have_each_its_bytes(tape: MakeTaped) -> None:
    taped = tape()
    add_pages(taped)
    names = ("raw", "content", "managed", "chunks", "streamed", "content that nobody reads")
    requests = [CASES[name][0] for name in names]

    with taped.connect() as client:
        client.send(b"".join([*requests, b"\r\n", requests[0], b"GARBAGE\r\n\r\n"]))
        seen = client.rest()

    connection = taped.closed()
    check(connection)
    stream = connection.stream("in")
    assert [stream.read(*each.request) for each in connection.exchanges] == [*requests, requests[0], b"GARBAGE\r\n\r\n"]
    assert [each.number for each in connection.exchanges] == list(range(1, 9))
    assert connection.exchanges[-1].refused is not None
    out = connection.stream("out")
    assert b"".join(out.read(*each.response) for each in connection.exchanges) == seen
    assert all(out.read(*each.response).startswith(b"HTTP/1.1 ") for each in connection.exchanges)


def test_each_write_by_a_handler_names_its_line(tape: MakeTaped) -> None:
    taped = tape()
    pages = add_pages(taped)
    taped.fetch("/raw")
    taped.fetch("/streamed")
    taped.fetch("/managed")

    raw = taped.closed(1).stream("out").entries
    assert [entry.by for entry in raw] == [line(pages["raw"], 3), line(pages["raw"], 4), line(pages["raw"], 5)]
    assert raw[0].by_path == f"{__file__}:{raw[0].by.split(':')[1]}"  # type: ignore[union-attr]
    streamed = taped.closed(2).stream("out").entries
    assert [entry.by for entry in streamed] == [
        line(pages["outer"], 1),
        line(pages["inner"], 1),
        line(pages["inner"], 2),
        None,
    ]
    assert streamed[-1].data == b"0\r\n\r\n"
    assert [entry.by for entry in taped.closed(3).stream("out").entries] == [None]
    assert all(entry.by is None for entry in taped.closed(1).stream("in").entries)


def test_the_handler_and_its_life_are_on_the_timeline(tape: MakeTaped) -> None:
    taped = tape()
    pages = add_pages(taped)
    taped.fetch("/raw")

    connection = taped.closed()
    exchange = connection.exchanges[0]
    assert exchange.raw and exchange.keep and exchange.end == "complete"
    assert exchange.handler == f"add_pages.<locals>.raw ({line(pages['raw'], 0)})"
    of_exchange = [event for event in connection.events if event.exchange == exchange.id]
    assert [event.kind for event in of_exchange] == [
        "request-read", "handler-start", "first-byte", "handler-end", "settled", "exchange-end",
    ]  # fmt: skip
    assert of_exchange[3].text == "wrote 43 bytes by hand"
    assert of_exchange[4].text == exchange.explain == "complete: 5 bytes, as its Content-Length says"
    assert (connection.closed_by, connection.why) == ("client", "the client closed it")
    assert kinds(connection)[-1] == "closed"


def test_the_verdict_of_the_tape_is_the_engine_s_own(tape: MakeTaped) -> None:
    taped = tape()
    add_pages(taped)
    kept: list[ResponseObserver] = []

    @taped.page
    def two() -> None:
        response.sendResponse = 0
        kept.append(response.wfile.observer)
        response.wfile.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        response.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")
        response.wfile.write(b"lo\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")

    with taped.connect() as client:
        client.get("/two")
        client.rest()

    exchange = taped.closed().exchanges[0]
    assert (exchange.verdict, exchange.explain) == (kept[0].verdict, kept[0].explain()) == ("excess", exchange.explain)
    assert "excess-after-chunks" in [note.id for note in exchange.notes]
    assert "interim" in kinds(taped.closed())
    assert [kind for _, kind in tiles(taped.closed().stream("out"))][-1] == "excess"


def test_a_client_that_waits_for_100_is_told_so_on_the_tape(tape: MakeTaped) -> None:
    taped = tape()
    add_pages(taped)
    with taped.connect() as client:
        client.get("/echo", "Expect: 100-continue\r\nContent-Length: 5\r\n", "POST")
        client.until(b"HTTP/1.1 100 Continue\r\n\r\n")
        client.send(b"hello")
        assert client.response().body == b"hello"

    connection = taped.closed()
    check(connection)
    happened = kinds(connection)
    assert happened.index("request-read") < happened.index("continue-sent") < happened.index("first-byte")
    exchange = connection.exchanges[0]
    assert connection.stream("out").entries_between(*exchange.response)[1].time == exchange.first_byte
    assert exchange.status == 200


def test_after_101_every_byte_is_switched(tape: MakeTaped) -> None:
    taped = tape()
    add_pages(taped)
    with taped.connect() as client:
        client.get("/switch", "Connection: upgrade\r\nUpgrade: echo\r\n")
        client.until(b"\r\n\r\n")
        client.send(b"some")
        assert client.take(4) == b"SOME"
        client.send(b"thing")
        assert client.take(5) == b"THING"
        client.finish_sending()
        client.rest()

    connection = taped.closed()
    check(connection)
    for direction, data in ("in", b"something"), ("out", b"SOMETHING"):
        assert tiles(connection.stream(direction))[-1] == (data, "switched")
    assert connection.exchanges[0].verdict == "upgraded"


def test_who_ended_it_and_why(tape: MakeTaped) -> None:
    taped = tape(timeout_header=0.2)
    add_pages(taped)
    with taped.connect() as client:
        client.send(b"GET / HT")
        client.rest()
    with taped.connect() as client:
        client.get("/managed", "Connection: close\r\n")
        client.rest()
    with taped.connect() as client:
        client.get("/short")
        client.rest()

    late = taped.closed(1)
    assert late.exchanges[0].status == 408
    assert "--timeout-header" in (late.exchanges[0].refused or "")
    assert (late.closed_by, late.why) == ("server", "the request was refused")
    assert taped.closed(2).why == "the request does not ask to keep it"
    assert taped.closed(3).why == "the response is not whole, and the client shall see that"
    assert taped.closed(3).closed_by == "server"


def test_a_client_that_resets_is_seen(tape: MakeTaped) -> None:
    taped = tape()
    add_pages(taped)
    client = taped.connect()
    assert client.fetch("/managed").body == b"hello"
    client.reset()

    connection = taped.closed()
    assert connection.closed_by == "client"
    assert "reset" in connection.why
    assert "client-gone" in kinds(connection)


def test_a_stop_of_the_server_closes_what_is_on_the_tape(tape: MakeTaped) -> None:
    taped = tape()
    add_pages(taped)
    client = taped.connect()
    client.fetch("/managed")
    taped.ended()
    taped.live.server.shutdown()
    client.rest()

    assert (taped.closed().closed_by, taped.closed().why) == ("server", "the server stops")


def test_bytes_that_come_one_by_one_are_one_entry_each(tape: MakeTaped) -> None:
    taped = tape()
    add_pages(taped)
    sent = CASES["chunks"][0]
    with taped.connect() as client:
        for index, byte in enumerate(sent):
            client.send(bytes([byte]))
            taped.wait(lambda event, end=index + 1: event.kind == "entry" and event.entry.side == "plain"
                       and event.entry.direction == "in" and event.entry.end == end)  # fmt: skip
        client.response()

    connection = taped.closed()
    check(connection)
    entries = connection.stream("in").entries
    assert b"".join(entry.data for entry in entries) == sent
    assert len(entries) == len(sent)
    assert connection.exchanges[0].began == entries[0].time


def test_the_oldest_bytes_of_a_connection_go_first(tape: MakeTaped) -> None:
    taped = tape(limits=TapeLimits(connection_bytes=100_000))

    @taped.page
    def endless() -> None:
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for number in range(3000):
            response.wfile.write(b"%010d" % number * 10)

    with taped.connect() as client:
        client.get("/endless")
        seen = client.rest()

    connection = taped.closed()
    stream = connection.stream("out")
    assert stream.end == len(seen)
    assert 0 < stream.first < stream.end
    assert stream.read() == seen[stream.first :]
    assert connection.cost <= taped.tape.cost <= 100_000 + 10_000
    tiles(stream)
    assert connection.exchanges[0].verdict == "open-ended"


def test_a_kept_connection_forgets_its_first_exchanges(tape: MakeTaped) -> None:
    taped = tape(limits=TapeLimits(connection_bytes=50_000))
    add_pages(taped)
    with taped.connect() as client:
        for _ in range(100):
            client.fetch("/managed")

    connection = taped.closed()
    assert connection.lost + len(connection.exchanges) == 100
    assert 0 < len(connection.exchanges) < 50
    assert connection.exchanges[0].number == connection.lost + 1
    assert set(taped.tape.exchanges) == {each.id for each in connection.exchanges}
    kept = {each.id for each in connection.exchanges}
    assert all(event.exchange in kept for event in connection.events if event.exchange is not None)


def test_the_oldest_connections_go_first(tape: MakeTaped) -> None:
    taped = tape(limits=TapeLimits(connections=3))
    add_pages(taped)
    for number in range(1, 6):
        taped.fetch("/managed")
        taped.closed(number)

    assert list(taped.tape.connections) == [3, 4, 5]
    assert taped.tape.dropped == 2


def test_a_fault_in_the_recording_hurts_nobody(tape: MakeTaped, monkeypatch: pytest.MonkeyPatch) -> None:
    from rawwfile.tape.recorder import Track

    taped = tape()
    add_pages(taped)

    def fail(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(Track, "entry", fail)
    for _ in range(3):
        assert taped.fetch("/managed").body == b"hello"
        assert taped.fetch("/raw").body == b"hello"

    faults = [each for each in taped.live.book.messages if "recording failed" in each]
    assert len(faults) == 1


def test_a_server_without_a_tape_is_made_of_the_ordinary_classes(live: Live) -> None:
    from rawwfile.server.connection import Connection
    from rawwfile.server.serving import Serving
    from rawwfile.server.tls_connection import TlsConnection

    assert live.server.tap is None
    assert live.server.connection_class is Connection
    assert live.server.tls_connection_class is TlsConnection
    assert live.server.serving_class is Serving
