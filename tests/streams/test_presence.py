"""A client that leaves, and waits that can be woken. Streaming contract, section 5."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import socket
import threading
import time

import pytest

from rawwfile import ClientGone, Shutdown, client_disconnected, on_disconnect, request, response, stream
from rawwfile.exchange.context import current_exchange
from tests.live import PATIENCE, TlsSocket

PROMPT = 8.0
"""Seconds for what takes some milliseconds on a machine that is busy with nothing else, and else PATIENCE."""
GRACE = 3.0
"""Seconds that a stop gives."""


def leave(client, how):
    """End a connection: by FIN (close), by reset, or as far as its sending goes (half)."""
    sock = client.sock.sock if isinstance(client.sock, TlsSocket) else client.sock
    if how == "half":
        sock.shutdown(socket.SHUT_WR)
        return
    if how == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    sock.close()


class Ticker:
    """A page that streams a piece for each `step`, and notes what became of it."""

    def __init__(self, live, piece="tick"):
        self.steps = threading.Semaphore(0)
        self.made = 0
        self.closed = threading.Event()
        self.piece = piece
        live.pages.pages["page"] = self.page

    def page(self):
        response.stream = True
        return self.pieces()

    def pieces(self):
        try:
            yield "head"
            while self.steps.acquire(timeout=PATIENCE):
                self.made += 1
                yield self.piece
        finally:
            self.closed.set()


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("piece", ["tick", "", "x" * 200_000])
def test_a_generator_is_closed_at_the_next_yield(live, how, piece):
    ticker = Ticker(live, piece)
    client = live.connect()
    client.get("/page")
    client.until(b"head\r\n")
    leave(client, how)
    ticker.steps.release()
    assert ticker.closed.wait(PATIENCE) and ticker.made == 1
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert not [line for line in live.book.messages if "Traceback" in line or "raised" in line]


def test_a_client_that_has_only_ended_its_sending_is_served_whole(live):
    ticker = Ticker(live)
    client = live.connect()
    client.get("/page")
    leave(client, "half")
    client.until(b"head\r\n")
    for _ in range(5):
        ticker.steps.release()
        client.until(b"tick\r\n")
    leave(client, "reset")
    ticker.steps.release(2)
    assert ticker.closed.wait(PATIENCE)


def test_half_close_gone_counts_the_end_of_sending_as_the_end(serve):
    live = serve(half_close="gone")
    ticker = Ticker(live)
    client = live.connect()
    client.get("/page")
    client.until(b"head\r\n")
    leave(client, "half")
    ticker.steps.release()
    assert ticker.closed.wait(PATIENCE) and ticker.made == 1


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_handler_can_ask_and_is_told(live, how):
    """client_disconnected() in a loop that never sends; on_disconnect while the handler is blocked."""
    began, told, go, asked = threading.Event(), [], threading.Event(), []

    @live.page
    def page():
        on_disconnect(lambda: (told.append(time.monotonic()), go.set()))
        on_disconnect(lambda: 1 / 0)
        asked.append(client_disconnected())
        began.set()
        assert go.wait(PATIENCE)  # it blocks where nobody can wake it but itself
        asked.append(client_disconnected())

    client = live.connect()
    client.get("/page", "", "POST")
    client.send(b"GET /pipelined HTTP/1.1\r\nHost: a\r\n\r\n")  # must not hide the end behind it
    assert began.wait(PATIENCE)
    left = time.monotonic()
    leave(client, how)
    live.book.wait_for("a callback of on_disconnect failed")
    live.book.wait_entries(1)
    assert asked == [False, True] and len(told) == 1
    assert told[0] - left < PROMPT


def test_who_asks_too_late_is_told_at_once_and_who_has_cancelled_never(live):
    began, go, told = threading.Event(), threading.Event(), []

    @live.page
    def page():
        on_disconnect(lambda: told.append("cancelled")).cancel()
        began.set()
        assert go.wait(PATIENCE)
        late = threading.Event()
        on_disconnect(late.set)
        assert late.wait(PATIENCE)
        told.append("late")

    client = live.connect()
    client.get("/page")
    assert began.wait(PATIENCE)
    leave(client, "reset")
    go.set()
    live.book.wait_entries(1)
    assert told == ["late"]


def test_nobody_is_told_of_what_happens_after_the_response(live):
    told = []

    @live.page
    def page():
        on_disconnect(lambda: told.append(1))
        return "x"

    for _ in range(3):
        client = live.connect()
        assert client.fetch("/page").body == b"x"
        leave(client, "reset")
    assert live.fetch("/nowhere").status == 404 and not told


# -- waits


def read_end():
    reader, writer = os.pipe()
    WAITS["pipes"] += [reader, writer]
    return reader


WAITS = {"pipes": []}

FOREVER = {
    "sleep": lambda: stream.sleep(PATIENCE * 10),
    "wait": lambda: stream.wait(threading.Event()),
    "get": lambda: stream.get(queue.Queue()),
    "get simple": lambda: stream.get(queue.SimpleQueue()),
    "wait process": lambda: stream.wait(multiprocessing.Event(), PATIENCE * 10),
    "select": lambda: stream.select([read_end()]),
}


@pytest.fixture
def close_pipes():
    yield
    for descriptor in WAITS["pipes"]:
        os.close(descriptor)
    WAITS["pipes"].clear()


@pytest.mark.parametrize("why", ["close", "reset", "stop"])
@pytest.mark.parametrize("wait", FOREVER)
@pytest.mark.parametrize("kind", ["page", "generator", "raw"])
def test_every_wait_ends_with_the_client_and_with_the_server(live, close_pipes, why, wait, kind):
    began, ended = threading.Event(), []

    def waiting():
        began.set()
        try:
            FOREVER[wait]()
        except Exception as error:
            ended.append(error)
            raise
        except BaseException as error:
            ended.append(type(error))
            raise

    @live.page
    def page():
        if kind == "raw":
            response.sendResponse = 0
            response.wfile.write(b"HTTP/1.1 200 OK\r\n\r\nhead")
            return waiting()
        if kind == "page":
            return waiting()
        response.stream = True

        def pieces():
            yield "head"
            waiting()
            yield "never"

        return pieces()

    client = live.connect()
    client.get("/page")
    if kind != "page":
        client.until(b"head")
    assert began.wait(PATIENCE)
    asked = time.monotonic()
    if why == "stop":
        stopping = threading.Thread(target=live.server.shutdown, args=(PATIENCE,))
        stopping.start()
        client.rest()
        if kind == "page":
            assert client.ending == "end"
        else:
            assert client.ending == {"http": "end", "https": "cut"}[live.scheme] or kind == "raw"
        client.close()
        stopping.join(PATIENCE)
        assert time.monotonic() - asked < PROMPT
    else:
        leave(client, why)
    entry = live.book.wait_entries(1)[0]
    assert ended == [Shutdown if why == "stop" else ClientGone]
    assert entry.end == ("shutdown" if why == "stop" else "client-gone")
    assert not [line for line in live.book.messages if "raised" in line or "Traceback" in line]


def test_waits_give_what_they_wait_for(live):
    things = queue.Queue()
    event = threading.Event()
    seen = []

    @live.page
    def page():
        began = time.monotonic()
        stream.sleep(0.01)
        seen.append(time.monotonic() - began >= 0.01)
        seen.append(stream.wait(event, 0.01))
        with pytest.raises(queue.Empty):
            stream.get(things, timeout=0.01)
        request.spawn(event.set)
        seen.append(stream.wait(event))
        request.spawn(lambda: things.put(request.path))
        seen.append(stream.get(things, timeout=PATIENCE))
        reader, writer = os.pipe()
        os.write(writer, b"x")
        with open(reader, "rb") as readable:
            seen.append(stream.select([readable, request.rfile_socket] if False else [readable]) == [readable])
        os.close(writer)
        seen.append(stream.select([], 0.01))
        return "done"

    assert live.fetch("/page").body == b"done"
    assert seen == [True, False, True, "page", True, []]


def test_a_pipelined_request_ends_no_wait(live):
    began, go = threading.Event(), threading.Event()

    @live.page
    def page():
        began.set()
        return str(stream.wait(go, PATIENCE))

    client = live.connect()
    client.get("/page")
    assert began.wait(PATIENCE)
    client.get("/page")
    go.set()
    assert client.response().body == b"True" and client.response().body == b"True"


def test_waits_need_a_request():
    for wait in (lambda: stream.sleep(1), client_disconnected, lambda: on_disconnect(print)):
        with pytest.raises(RuntimeError, match="only there while a request is answered"):
            wait()


# -- stopping


def test_streams_get_the_grace_and_are_closed_before_it_is_over(live):
    """One ends by itself in time and is whole; one has no end and is closed at a yield."""
    ticker = Ticker(live)
    last = threading.Event()

    @live.page
    def finite():
        response.stream = True

        def pieces():
            yield "one"
            assert last.wait(PATIENCE)
            yield "two"

        return pieces()

    endless, ends = live.connect(), live.connect()
    endless.get("/page")
    endless.until(b"head\r\n")
    ends.get("/finite")
    ends.until(b"one\r\n")
    stopping = threading.Thread(target=live.server.shutdown, args=(GRACE,))
    began = time.monotonic()
    stopping.start()
    last.set()
    assert ends.rest() == b"3\r\ntwo\r\n0\r\n\r\n"
    while not ticker.closed.is_set():
        assert time.monotonic() - began < PATIENCE
        ticker.steps.release()
        ticker.closed.wait(0.01)
    stopping.join(PATIENCE)
    assert time.monotonic() - began < GRACE + PROMPT
    assert sorted(entry.end for entry in live.book.wait_entries(2)) == ["complete", "shutdown"]
    assert not endless.rest().endswith(b"0\r\n\r\n")


# -- heartbeats


def test_a_heartbeat_goes_out_while_the_handler_is_blocked(live):
    go = threading.Event()

    @live.page
    @stream(heartbeat=(0.02, b":\n\n"))
    def page():
        response.stream, response.heartbeat = True, (0.02, b":\n\n")

        def pieces():
            yield "data"
            assert go.wait(PATIENCE)
            yield "more"

        return pieces()

    client = live.connect()
    client.get("/page")
    client.until(b"4\r\ndata\r\n")
    for _ in range(3):
        assert client.until(b":\n\n\r\n") == b"3\r\n:\n\n\r\n"
    go.set()
    rest = client.until(b"0\r\n\r\n")
    assert rest.replace(b"3\r\n:\n\n\r\n", b"") == b"4\r\nmore\r\n0\r\n\r\n"
    assert client.fetch("/nowhere").status == 404


def test_a_heartbeat_finds_a_client_that_is_gone(live):
    began = threading.Event()

    @live.page
    def page():
        response.stream, response.heartbeat = True, (0.02, b"\n")

        def pieces():
            yield "data"
            on_disconnect(began.set)
            assert began.wait(PATIENCE)
            yield "more"

        return pieces()

    client = live.connect()
    client.get("/page")
    client.until(b"4\r\ndata\r\n")
    leave(client, "close")
    assert live.book.wait_entries(1)[0].end == "client-gone"


# -- neighbours


def test_a_reader_that_stands_still_holds_no_memory_and_is_given_up(serve):
    live = serve(timeout_send=0.3)
    made = []

    @live.page
    def page():
        response.stream = True

        def pieces():
            for number in range(1000):
                made.append(number)
                yield b"x" * 100_000

        return pieces()

    client = live.connect(receive_buffer=4096)
    client.get("/page")
    client.until(b"\r\n\r\n")
    assert live.book.wait_entries(1)[0].end == "timeout"
    assert len(made) < 200


def test_a_client_that_is_too_slow_is_given_up(serve, monkeypatch):
    monkeypatch.setattr("rawwfile.exchange.stream.RATE_AFTER", 0.0)
    live = serve(min_rate=1 << 40)
    ticker = Ticker(live)
    client = live.connect()
    client.get("/page")
    ticker.steps.release()
    assert ticker.closed.wait(PATIENCE)
    assert live.book.wait_entries(1)[0].end == "timeout"
    assert live.book.wait_for("--min-rate")


def test_a_stream_has_a_greatest_age(serve):
    live = serve(timeout_stream=0.05)
    ticker = Ticker(live)
    client = live.connect()
    client.get("/page")
    client.until(b"head\r\n")
    threading.Event().wait(0.06)
    ticker.steps.release()
    assert ticker.closed.wait(PATIENCE)
    assert live.book.wait_entries(1)[0].end == "timeout"


def test_a_first_piece_that_comes_too_late_is_504(serve):
    live = serve(timeout_first_chunk=0.02)

    @live.page
    def page():
        response.stream = True

        def pieces():
            threading.Event().wait(0.03)
            yield "late"

        return pieces()

    client = live.connect()
    assert client.fetch("/page").status == 504 and client.fetch("/nowhere").status == 404


def test_too_many_streams_are_refused_before_they_start(serve):
    live = serve(limit_streams=2, threads=2)
    ticker = Ticker(live)
    clients = [live.connect() for _ in range(2)]
    for client in clients:
        client.get("/page")
        client.until(b"head\r\n")
    deadline = time.monotonic() + PATIENCE
    while live.server.stats()["streams"] < 2:  # the watchdog has to find that they wait
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)
    answer = live.fetch("/page")
    assert answer.status == 503 and answer.get(b"Retry-After") == b"5"
    assert live.fetch("/nowhere").status == 404
    for client in clients:
        leave(client, "reset")
    ticker.steps.release(2)
    live.book.wait_entries(4)
    while live.server.stats()["streams"]:
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)
    client = live.connect()
    client.get("/page")
    client.until(b"head\r\n")


@pytest.mark.parametrize("count", [40, 400])
@pytest.mark.parametrize("kind", ["generator", "raw", "wait"])
def test_streams_do_not_starve_short_requests(serve, count, kind):
    """With 8 threads for requests, more streams than that are open; threads grow, and go."""
    live = serve(threads=8)
    go, begun = threading.Event(), threading.Semaphore(0)

    def pieces():
        begun.release()
        yield "head"
        assert go.wait(PATIENCE * 3)
        yield "tail"

    @live.page
    def page():
        if kind == "generator":
            response.stream = True
            return pieces()
        if kind == "wait":
            begun.release()
            return str(stream.wait(go))
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
        for piece in pieces():
            response.wfile.write(piece)

    @live.page
    def hello():
        return "hello"

    clients = [live.connect() for _ in range(count)]
    for client in clients:
        client.get("/page")
    for _ in range(count):
        assert begun.acquire(timeout=PATIENCE)
    short = live.connect()
    for _ in range(50):
        assert short.fetch("/hello").body == b"hello"
    assert live.server.stats()["streams"] >= count - 8
    go.set()
    for client in clients:
        assert client.response().body == (b"True" if kind == "wait" else b"headtail")
    assert short.fetch("/hello").body == b"hello"
    gc.collect()
    deadline = time.monotonic() + PATIENCE
    while (counts := live.server.stats())["threads"] > 8 or counts["streams"]:
        assert time.monotonic() < deadline, counts
        threading.Event().wait(0.01)


def test_the_kernel_looks_after_small_pieces_and_vanished_peers(serve):
    """A piece is not held back for the last one's acknowledgement; a peer without a word is found in a minute."""
    live = serve()
    found = {}

    @live.page
    def page():
        sock = current_exchange.get().channel.sock
        for name in ("TCP_NODELAY", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT"):
            found[name] = sock.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
        found["SO_KEEPALIVE"] = sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)

    assert live.fetch("/page").status == 200
    assert all(found.values()), found
    assert found["TCP_KEEPIDLE"] + found["TCP_KEEPINTVL"] * found["TCP_KEEPCNT"] <= 60
    assert found["TCP_USER_TIMEOUT"] == 60_000
