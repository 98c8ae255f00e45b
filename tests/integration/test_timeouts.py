"""Limits and time-outs of a running server, with settings small enough to wait for."""

from __future__ import annotations

import threading
import time

import pytest

from rawwfile import ClientDisconnected, request, response
from tests.live import PATIENCE

QUICK = 0.4
"""Seconds of the time-out that a test waits for; everything else has its default of many seconds."""
SLOW = 8.0
"""Seconds in which it must have come; the sweep that notices looks four times in QUICK."""
UNMET = 1.5
"""Seconds of a time-out that must not strike: what it waits for comes ten times as often, and for longer."""
PAUSES = 13
"""More pauses of a tenth of UNMET than fit into it; a machine that stands still for a second harms none."""


class Stopwatch:
    """Says how long ago it was made."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it was made."""
        return time.monotonic() - self.began

    @property
    def about_quick(self) -> bool:
        """Not long before the time-out (a large response is read after it is sent), nor long after it."""
        return QUICK * 0.5 <= time.monotonic() - self.began < SLOW


# -- limits


LIMITS = {
    "request line": ({"limit_request_line": 100}, "GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", 86, 414, "--limit-request-line"),
    "one field": ({"limit_header_size": 100}, "GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", 86, 431, "--limit-header-size"),
    "fields": ({"limit_header_count": 10}, "GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", 9, 431, "--limit-header-count"),
}


@pytest.mark.parametrize("case", LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "unfinished"])
def test_limits_of_the_head(serve, case, whole: bool):
    options, wire, most, status, name = case
    live = serve(**options)

    @live.page
    def index():
        return "index"

    def head(size: int) -> bytes:
        return wire.format("".join(f"X{n}: y\r\n" for n in range(size)) if most == 9 else "x" * size).encode()

    client = live.connect()
    for _ in range(2):
        client.send(head(most))
        assert client.response().status in (200, 404)
    too_much = head(most + 1)
    client.send(too_much if whole else too_much[:-4] + b"x" * 50)
    answer = client.response()
    assert (answer.status, answer.get(b"Connection"), client.rest()) == (status, b"close", b"")
    assert name in answer.body.decode() and client.ending == "end"
    assert f" {status} " in live.book.messages[-1] and live.book.wait_entries(3)[2].status == status


def test_a_head_without_end_is_refused_while_it_is_sent(live):
    client = live.connect()
    client.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    client.send_while_it_lasts(b"X: %b\r\n" % (b"x" * 1000) * 500)
    assert client.response().status == 431 and client.rest() == b"" and client.ending == "end"


# -- the head


@pytest.mark.parametrize("first", [True, False], ids=["first request", "second request"])
@pytest.mark.parametrize("drip", [False, True])
def test_a_head_that_does_not_end(serve, first: bool, drip: bool):
    live = serve(timeout_header=QUICK)
    client = live.connect()
    if not first:
        assert client.fetch("/nowhere").status == 404
    watch = Stopwatch()
    client.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
    if drip:
        # Each byte comes well before the time-out; only the whole head does not.
        ending = threading.Event()
        dripper = threading.Thread(target=drip_into, args=(client, ending))
        dripper.start()
        answer = client.response()
        ending.set()
        dripper.join()
    else:
        answer = client.response()
    assert watch.about_quick
    assert (answer.status, answer.get(b"Connection")) == (408, b"close")
    assert b"--timeout-header" in answer.body and f"{QUICK:g} s".encode() in answer.body
    if not drip:
        assert client.rest() == b"" and client.ending == "end"
    assert live.book.wait_entries(1 if first else 2)[-1].status == 408


def drip_into(client, ending: threading.Event) -> None:
    while not ending.wait(QUICK / 10):
        client.send_while_it_lasts(b"x")


def test_a_connection_without_a_byte_is_closed_silently(serve):
    live = serve(timeout_header=QUICK)
    watch = Stopwatch()
    client = live.connect()
    assert client.rest() == b"" and watch.about_quick
    assert not live.book.messages and not live.book.entries


def test_a_handshake_that_does_not_go_on(serve, scheme: str):
    live = serve(timeout_header=QUICK)
    watch = Stopwatch()
    client = live.connect_plain()
    client.send(b"\x16\x03\x01" if scheme == "https" else b"G")
    got = client.rest()
    assert got == b"" if scheme == "https" else got.startswith(b"HTTP/1.1 408 ")
    assert watch.about_quick


# -- content


@pytest.mark.parametrize("framing", ["length", "chunked"])
@pytest.mark.parametrize("reaction", ["pass on", "catch"])
def test_content_that_does_not_come(serve, framing: str, reaction: str):
    live = serve(timeout_body=QUICK)

    @live.page
    def page():
        try:
            return request.rfile.read()
        except Exception as error:
            if reaction == "pass on":
                raise
            return f"caught {error.status}"

    client = live.connect()
    fields = "Content-Length: 9\r\n" if framing == "length" else "Transfer-Encoding: chunked\r\n"
    watch = Stopwatch()
    client.send(f"POST /page HTTP/1.1\r\nHost: a\r\n{fields}\r\n9\r\nab".encode())
    answer = client.response()
    assert watch.about_quick
    if reaction == "pass on":
        assert answer.status == 408 and b"--timeout-body" in answer.body
        assert answer.get(b"Connection") == b"close"
    else:
        assert answer.body == b"caught 408"
    assert client.rest() == b"" and client.ending == "end"
    assert not any(record.exc_info for record in live.book.records)


def test_content_may_take_long_as_long_as_it_comes(serve):
    live = serve(timeout_body=UNMET, timeout_header=UNMET, timeout_keep_alive=UNMET)
    got = threading.Semaphore(0)

    @live.page
    def page():
        while request.rfile.read1():
            got.release()
        return "all"

    client = live.connect()
    client.get("/page", "Transfer-Encoding: chunked\r\n", "POST")
    pause = threading.Event()
    for _ in range(PAUSES):
        client.send(b"1\r\nx\r\n")
        assert got.acquire(timeout=PATIENCE)
        pause.wait(UNMET / 10)  # is never set: more than each time-out in all
    client.send(b"0\r\n\r\n")
    assert client.response().body == b"all"


def test_unread_content_that_does_not_come(serve):
    live = serve(timeout_body=QUICK)

    @live.page
    def page():
        return "not read"

    client = live.connect()
    watch = Stopwatch()
    client.get("/page", "Content-Length: 9\r\n", "POST")
    assert client.response().body == b"not read" and client.rest() == b""
    assert watch.about_quick


# -- between requests


def make_pages(live) -> None:
    @live.page
    def small():
        return "small"

    @live.page
    def large():
        return b"x" * 4_000_000

    @live.page
    def unread():
        return "unread"

    @live.page
    def slow():
        threading.Event().wait(QUICK * 1.5)  # a handler may take longer than any time-out
        return "slow"


@pytest.mark.parametrize("path", ["small", "large", "unread", "slow"])
def test_an_idle_connection_is_closed(serve, path: str):
    live = serve(timeout_keep_alive=QUICK)
    make_pages(live)
    client = live.connect()
    for _ in range(2):
        asked = Stopwatch()
        client.get("/" + path, "Content-Length: 60000\r\n" if path == "unread" else "", "POST")
        assert client.response().status == 200
        if path == "unread":
            client.send(b"z" * 60000)
    watch = Stopwatch()
    assert client.rest() == b"" and client.ending == "end"
    # The time runs from the server's last byte, which a busy client may see late.
    assert asked.seconds >= QUICK * 0.9 and watch.seconds < SLOW
    assert not live.book.messages


def test_a_request_in_time_keeps_it_open(serve):
    live = serve(timeout_keep_alive=UNMET)
    make_pages(live)
    client = live.connect()
    pause = threading.Event()
    for _ in range(PAUSES):
        assert client.fetch("/small").body == b"small"
        pause.wait(UNMET / 10)


def test_a_client_that_still_takes_the_response_is_not_idle(serve):
    """The kernel may hold much of a response when the server has sent it all."""
    live = serve(timeout_keep_alive=UNMET)
    size = PAUSES * 20_000

    @live.page
    def page():
        return b"x" * size

    client = live.connect(receive_buffer=4096)
    client.get("/page")
    client.until(b"\r\n\r\n")
    live.book.wait_entries(1)
    pause = threading.Event()
    for _ in range(PAUSES):
        pause.wait(UNMET / 10)
        client.take(20_000)
    assert client.fetch("/nowhere").status == 404


# -- sending


@pytest.mark.parametrize("kind", ["length", "open-ended"])
def test_a_client_that_takes_nothing(serve, kind: str):
    live = serve(timeout_send=QUICK)
    caught: list[BaseException] = []

    @live.page
    def page():
        response.sendResponse = 0
        length = "Content-Length: 90000000\r\n" if kind == "length" else ""
        response.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n{length}\r\n")
        try:
            for _ in range(900):
                response.wfile.write(b"x" * 100_000)
        except ClientDisconnected as error:
            caught.append(error)
            raise

    client = live.connect()
    client.get("/page")
    entry = live.book.wait_entries(1)[0]
    assert (entry.end, entry.status) == ("timeout", 200)
    assert "--timeout-send" in str(caught[0]) and isinstance(caught[0].__cause__, TimeoutError)
    assert len(live.book.records) == 1 and not live.book.records[0].exc_info
    assert f"{QUICK:g} s (--timeout-send)" in live.book.messages[0]
    # Whoever reads at last sees that this is not all.
    assert len(client.rest()) < 90_000_000 and client.ending in ("reset", "cut")


def test_a_client_that_takes_nothing_of_a_value(serve):
    live = serve(timeout_send=QUICK)

    @live.page
    def page():
        return b"x" * 90_000_000

    client = live.connect()
    client.get("/page")
    assert live.book.wait_entries(1)[0].end == "timeout"
    assert len(live.book.records) == 1 and "--timeout-send" in live.book.messages[0]
    assert len(client.rest()) < 90_000_000 and client.ending in ("reset", "cut")


def test_a_client_that_takes_slowly_gets_everything(serve):
    live = serve(timeout_send=UNMET)
    size = PAUSES * 1_000_000

    @live.page
    def page():
        return b"x" * size

    @live.page
    def raw():
        response.sendResponse = 0
        response.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size)

    pause = threading.Event()
    for path in ("/page", "/raw"):
        client = live.connect()
        client.get(path)
        client.until(b"\r\n\r\n")
        for _ in range(PAUSES):
            pause.wait(UNMET / 10)
            client.take(1_000_000)
        assert client.fetch("/nowhere").status == 404


@pytest.mark.parametrize("raw", [False, True])
def test_a_client_that_takes_little_at_a_time_is_not_given_up(serve, raw: bool):
    """The kernel calls a socket writable only when much room is free: that is not the client's pace."""
    live = serve(timeout_send=UNMET)

    @live.page
    def page():
        data = b"x" * 30_000_000
        if raw:
            response.sendResponse = 0
            response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 30000000\r\n\r\n" + data)
        return data

    client = live.connect(receive_buffer=4096)
    client.get("/page")
    client.until(b"\r\n\r\n")
    pause = threading.Event()
    for _ in range(PAUSES):
        pause.wait(UNMET / 10)
        client.take(10_000)
    assert not live.book.messages and not live.book.entries
