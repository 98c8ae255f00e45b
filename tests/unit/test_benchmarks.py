"""The load generator counts what a canned server really sent, and calls wrong answers wrong."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.benchmarks import apps, messages
from tests.benchmarks.goals import judge
from tests.benchmarks.load import Generator, Plan, make_generator
from tests.benchmarks.results import Column, Table, render
from tests.benchmarks.streams import StreamClients

BODY = b"Hello, World!"
ANSWER = b"HTTP/1.1 200 OK\r\nServer: canned\r\nContent-Length: 13\r\n\r\n" + BODY
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nHello, \r\n6\r\nWorld!\r\n0\r\n\r\n"


class CannedServer:
    """Answers each request with `pieces`, one sendall a piece; None closes. Keeps the requests."""

    def __init__(self, pieces: list[bytes | None]) -> None:
        self.pieces = pieces
        self.seen: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.listener.getsockname()[1]
        self.threads: list[threading.Thread] = []

    def accept(self) -> None:
        """Give each connection a thread until the listener is shut down."""
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.talk, args=(sock,))
            self.threads.append(thread)
            thread.start()

    def talk(self, sock: socket.socket) -> None:
        """Serve one connection."""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with sock, contextlib.suppress(OSError):
            while data := sock.recv(65536):
                self.seen.append(data)
                for piece in self.pieces:
                    if piece is None:
                        return
                    sock.sendall(piece)


@contextlib.contextmanager
def canned(*pieces: bytes | None) -> Iterator[CannedServer]:
    server = CannedServer(list(pieces))
    accepting = threading.Thread(target=server.accept)
    accepting.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        accepting.join()
        server.listener.close()
        for thread in server.threads:
            thread.join()


@pytest.fixture(scope="module", params=["c", "python"])
def generator(request: pytest.FixtureRequest) -> Iterator[Generator]:
    try:
        made = make_generator(request.param)
    except RuntimeError as error:
        pytest.skip(str(error))
    yield made
    if made.directory:
        made.directory.cleanup()


def plan(**changes: object) -> Plan:
    options: dict[str, object] = {"connections": 3, "seconds": 0.1, "warmup": 0, "expect": BODY, **changes}
    return Plan(messages.HELLO.data, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pieces",
    [
        (ANSWER,),
        (ANSWER[:20], ANSWER[20:57], ANSWER[57:]),
        (CHUNKED,),
        (CHUNKED[:30], CHUNKED[30:60], CHUNKED[60:]),
        (ANSWER.replace(b"Length", b"length"),),
    ],
    ids=["whole", "in pieces", "chunked", "chunked in pieces", "lower case"],
)
def test_counts_what_the_server_answered(generator: Generator, pieces: tuple[bytes, ...]) -> None:
    with canned(*pieces) as server:
        result = generator.run(plan(), server.port)
    assert result.faults == 0
    # Each connection may have one request whose answer came after the end.
    assert result.requests <= len(server.seen) <= result.requests + 3
    assert result.requests > 0
    assert set(server.seen) == {messages.HELLO.data}
    assert 0 < result.p50_ms <= result.p99_ms <= result.max_ms <= 60_000  # in milliseconds, however slow the machine is
    assert result.bytes >= result.requests * sum(map(len, pieces))


def test_measures_only_after_the_warm_up(generator: Generator) -> None:
    marks: list[int] = []
    with canned(ANSWER) as server:

        def mark() -> None:
            marks.append(len(server.seen))

        result = generator.run(plan(warmup=0.1), server.port, at_start=mark, at_end=mark)
        total = len(server.seen)
    assert result.requests < total
    assert 0 < marks[0] < marks[1] <= total


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER.replace(b"World", b"Wor1d"),
        ANSWER.replace(b"200 OK", b"500 No"),
        ANSWER + b"!",
        ANSWER.replace(b"13", b"12")[:-1],
        CHUNKED.replace(b"0\r\n\r\n", b"x\r\n\r\n"),
    ],
    ids=["body", "status", "too long", "too short", "bad chunk"],
)
def test_a_wrong_answer_is_no_answer(generator: Generator, answer: bytes) -> None:
    with canned(answer) as server:
        result = generator.run(plan(), server.port)
    assert result.requests == 0
    assert result.wrong > 0


def test_a_connection_that_ends_early_is_counted(generator: Generator) -> None:
    with canned(ANSWER[:30], None) as server:
        result = generator.run(plan(), server.port)
    assert result.requests == 0
    assert result.dropped > 0


def test_a_kept_connection_that_the_server_ends_is_counted(generator: Generator) -> None:
    closing = ANSWER.replace(b"Server: canned", b"Connection: close")
    with canned(closing, None) as server:
        result = generator.run(plan(), server.port)
    assert result.requests > 0
    assert result.reopened == result.requests


def test_a_new_connection_for_each_request(generator: Generator) -> None:
    with canned(ANSWER, None) as server:
        result = generator.run(plan(close=True), server.port)
        assert result.requests <= len(server.threads) <= result.requests + 3
    assert result.faults == 0
    assert result.requests > 0


def test_once_sends_one_request_on_each_connection(generator: Generator) -> None:
    with canned(ANSWER) as server:
        result = generator.run(plan(once=True, connections=20, seconds=5), server.port)
    assert (result.requests, result.faults, len(server.seen)) == (20, 0, 20)
    assert result.seconds < 5


def test_vary_never_sends_the_same_request_twice(generator: Generator) -> None:
    request = messages.BROWSER
    with canned(ANSWER) as server:
        result = generator.run(
            Plan(request.data, 3, seconds=0.1, warmup=0, expect=BODY, vary=request.serial_at), server.port
        )
    assert result.faults == 0
    assert len(set(server.seen)) == len(server.seen) > 3
    assert {len(data) for data in server.seen} == {674}


def test_pattern_checks_a_large_body(generator: Generator) -> None:
    body = apps.block()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    for answer, right in ((head + body, True), (head + body[1:] + b"\0", False)):
        with canned(answer) as server:
            result = generator.run(plan(expect=None, pattern=True, connections=1), server.port)
        assert (result.requests > 0, result.wrong > 0) == (right, not right)


def test_a_failed_generator_says_why(generator: Generator) -> None:
    with pytest.raises(RuntimeError, match="the load generator failed: .+"):
        generator.run(Plan(b"", vary=5), port=0)


def test_browser_request_is_the_one_of_the_study() -> None:
    assert len(messages.BROWSER.data) == 674
    assert len(messages.BROWSER_FIELDS) == 16
    at = messages.BROWSER.serial_at
    assert at is not None and messages.BROWSER.data[at : at + 16] == messages.SERIAL


def test_stream_clients_find_each_line_in_any_pieces() -> None:
    lines = apps.time_line() + apps.time_line()
    with canned(b"HTTP/1.1 200 OK\r\n\r\n", lines[:5], lines[5:], None) as server:
        streams = StreamClients(server.port, 2, lines=2, pause=0.01)
        streams.start()
        streams.finish()
    assert streams.lost == 0
    assert all(0 <= lag < 5000 for lag in streams.lags)


def rate_table() -> Table:
    table = Table("W1-c16", "hello", "rate", (Column("rate", "req/s"),), unit="req")
    for ours, theirs in ((40.0, 10.0), (100.0, 20.0), (30.0, 6.0)):
        table.add("rawwfile", {"rate": ours, "cpu": 0.1, "units": ours})
        table.add("cheroot", {"rate": theirs, "cpu": 0.1, "units": theirs})
    return table


def test_a_ratio_is_the_median_of_the_rounds_own() -> None:
    table = rate_table()
    assert table.ratios("rawwfile", "cheroot") == [4, 5, 5]
    assert table.ratio("rawwfile", "cheroot") == 5
    assert table.median("rawwfile", "rate") == 40
    assert table.cpu_per_unit("rawwfile") == pytest.approx(0.3 / 170 * 1e6)
    assert table.cpu_ratio("rawwfile", "cheroot") == pytest.approx(170 / 36)
    assert "x cheroot" in render(table, "cheroot")


def test_the_verdict_compares_with_the_goal() -> None:
    verdicts = {verdict.goal.text: verdict for verdict in judge([rate_table()], "cheroot", 1)}
    assert verdicts["hello c16, x cheroot"].met
    assert not verdicts["hello c16, CPU us a request"].met


def test_a_goal_named_after_cheroot_is_not_judged_beside_another_server() -> None:
    table = rate_table()
    table.add("rawwfile@before", {"rate": 30.0, "cpu": 0.1, "units": 30.0})
    texts = {verdict.goal.text for verdict in judge([table], "rawwfile@before", 1)}
    assert texts == {"hello c16, CPU us a request"}


@pytest.mark.parametrize("count", [apps.BULK_SIZE // apps.BLOCK_SIZE])
def test_bulk_is_made_of_blocks(count: int) -> None:
    assert apps.block() * count == apps.bulk_body()


def test_pages_and_wsgi_say_the_same() -> None:
    said: list[str] = []
    environ = {"PATH_INFO": "/hello", "QUERY_STRING": ""}
    body = b"".join(apps.application(environ, lambda status, fields: said.append(status)))  # type: ignore[arg-type]
    assert body == apps.root.hello().encode("ascii") == BODY
    assert said == ["200 OK"]
