"""Clients that mean no good, next to clients that do: every good one is answered, in time and rightly."""

from __future__ import annotations

import contextlib
import os
import random
import threading
from collections.abc import Callable

import pytest

from rawwfile import request, response
from tests.live import PATIENCE, Client, Live

QUICK = 1.0
"""Seconds of the time-outs, so that the bad ones run into them, and the good ones never, however busy the machine."""
BAD_ONES = 4
"""Clients of each bad sort at a time."""
GOOD_ONES = 4
BIG = b"x" * 2_000_000


@pytest.fixture
def site(serve):
    """A server with short time-outs: /echo, /big, /raw (by hand), /stream (a generator), /slow."""
    live = serve(
        timeout_header=QUICK, timeout_body=QUICK, timeout_send=QUICK, timeout_keep_alive=5.0, limit_body=1_000_000
    )

    @live.page
    def echo():
        return request.query_string.encode() + request.rfile.read()

    @live.page
    def big():
        return BIG

    @live.page
    def raw():
        response.sendResponse = 0
        length = 10 * len(request.query_string)
        response.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")
        for _ in range(10):
            response.wfile.write(request.query_string)

    @live.page
    def endless():
        response.stream = True
        return iter(lambda: b"y" * 10_000, None)

    return live


def head(path: str, fields: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode()


# -- the bad sorts: each does its worst once, then goes


def drips_a_head(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send(b"GET /echo HTTP/1.1\r\nHost: a\r\nX-Drip: ")
    while client.ending is None and not pause.wait(QUICK / 5):
        client.send(b"x")


def says_nothing(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.rest()


def stops_in_a_body(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send(head("/echo", "Content-Length: 1000\r\n") + b"x" * dice.randrange(999))
    client.rest()


def never_reads(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send(head(dice.choice(["/big", "/endless"])) * 3)
    pause.wait(QUICK * 2)


def sends_garbage(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send_while_it_lasts(dice.randbytes(dice.randrange(1, 5000)) + b"\r\n\r\n")
    client.rest()


def sends_bad_chunks(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    size = dice.choice([b"zz", b"-1", b"0x5", b"fffffffffffffffff", b"5 ", b""])
    client.send(head("/echo", "Transfer-Encoding: chunked\r\n") + size + b"\r\nhello\r\n0\r\n\r\n")
    client.rest()


def smuggles(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send(head("/echo", "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n") + b"0\r\n\r\n" + head("/echo?evil"))
    assert b"evil" not in client.rest()


def sends_endless_heads(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send_while_it_lasts(b"GET /echo HTTP/1.1\r\nHost: a\r\n" + b"X: %b\r\n" % (b"x" * 500) * 400)
    client.rest()


def sends_endless_bodies(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send_while_it_lasts(head("/echo", "Transfer-Encoding: chunked\r\n") + b"fff\r\n%b\r\n" % (b"x" * 4095) * 500)
    client.rest()


def resets_in_a_response(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    client.send(head(dice.choice(["/big", "/endless", "/raw?abc"])) * dice.randrange(1, 4))
    if dice.random() < 0.5:
        client.receive()
    client.reset()


def resets_in_a_request(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    wire = head("/echo", "Content-Length: 100\r\n") + b"x" * 100
    client.send(wire[: dice.randrange(1, len(wire))])
    client.reset()


def sends_tls_garbage(live: Live, client: Client, dice: random.Random, pause: threading.Event) -> None:
    with live.connect_plain() as other:
        start = dice.choice([b"\x16\x03\x01\x02\x00\x01\x00", b"\x16", b"\x80\x2e\x01\x03\x01", b"GET / HTTP/1.1\r\n"])
        other.send_while_it_lasts(start + dice.randbytes(dice.randrange(600)))
        other.rest() if dice.random() < 0.5 else other.reset()


BAD = [
    drips_a_head, says_nothing, stops_in_a_body, never_reads, sends_garbage, sends_bad_chunks, smuggles,
    sends_endless_heads, sends_endless_bodies, resets_in_a_response, resets_in_a_request, sends_tls_garbage,
]  # fmt: skip


def be_good(live: Live, name: str, dice: random.Random) -> None:
    """Twenty requests of all kinds, some on new connections, some pipelined; every answer is checked."""
    client = live.connect()
    for number in range(20):
        word = f"{name}-{number}"
        kind = dice.randrange(5)
        if kind == 0:
            client.close()
            client = live.connect()
        if kind == 1:
            assert client.fetch(f"/raw?{word}").body == word.encode() * 10
        elif kind == 2 and number % 4 == 0:
            assert client.fetch("/big").body == BIG
        elif kind == 3:
            client.send(b"".join(head(f"/echo?{word}{n}", "Content-Length: 2\r\n") + b"ab" for n in range(10)))
            assert [client.response().body for _ in range(10)] == [f"{word}{n}ab".encode() for n in range(10)]
        else:
            assert client.fetch(f"/echo?{word}", method="POST", body=os.urandom(10)).status == 200
    client.close()


def bad_ones(live: Live, sort: Callable[..., None], over: threading.Event, seed: int) -> None:
    """Do it again and again until the good ones are done."""
    dice = random.Random(seed)
    while not over.is_set():
        # OSError: that the server has closed, or reset, is what it should do.
        with contextlib.suppress(OSError), live.connect() as client:
            sort(live, client, dice, over)


@pytest.mark.parametrize("sort", [*BAD, None], ids=[sort.__name__ for sort in BAD] + ["all"])
def test_good_clients_among_bad_ones(site: Live, sort: Callable[..., None] | None):
    sorts = BAD if sort is None else [sort] * BAD_ONES
    over, failures = threading.Event(), []

    def good(number: int) -> None:
        try:
            be_good(site, f"good{number}", random.Random(number))
        except BaseException as error:  # noqa: BLE001 - told in the main thread
            failures.append(error)

    bad_threads = [
        threading.Thread(target=bad_ones, args=(site, sort, over, number), daemon=True)
        for number, sort in enumerate(sorts)
    ]
    good_threads = [threading.Thread(target=good, args=(number,)) for number in range(GOOD_ONES)]
    for thread in bad_threads + good_threads:
        thread.start()
    for thread in good_threads:
        thread.join(PATIENCE * 3)
    over.set()
    for thread in bad_threads:
        thread.join(PATIENCE)
    assert not failures, failures[0]
    assert not any(thread.is_alive() for thread in good_threads + bad_threads)
    assert site.fetch("/echo?still").body == b"still"
    assert not [str(record.exc_info) for record in site.book.records if record.exc_info]


def test_nothing_is_left_of_bad_clients(site: Live):
    """When they have gone, no connection of theirs lives on."""
    for sort in BAD:
        over = threading.Event()
        threads = [
            threading.Thread(target=bad_ones, args=(site, sort, over, number), daemon=True) for number in range(BAD_ONES)
        ]
        for thread in threads:
            thread.start()
        assert site.fetch("/echo?meanwhile").body == b"meanwhile"
        over.set()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
    # A graceful stop waits for every connection that is not idle, and tells of those it had to cut.
    site.server.shutdown(grace=PATIENCE)
    assert not any("within the grace" in line for line in site.book.messages)


def test_one_byte_at_a_time_from_many(site: Live):
    """Many clients that send in single bytes, all at once, within the time for a head."""
    wire = b"GET /echo?slow HTTP/1.1\r\nHost: a\r\n\r\n"
    clients = [site.connect() for _ in range(20)]
    for place in range(len(wire)):
        for client in clients:
            client.send(wire[place : place + 1])
    assert [client.response().body for client in clients] == [b"slow"] * 20


@pytest.mark.parametrize("page", ["reads", "form"])
def test_slow_uploads_hold_no_thread_that_others_need(serve, page: str):
    """More clients than there are threads stop in the middle of their content, and would be waited for for ever."""
    live = serve(threads=3, timeout_body=None)

    @live.page
    def reads():
        return request.rfile.read()

    @live.page
    def form():
        return request.params["a"]

    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    slow = [live.connect() for _ in range(12)]
    for client in slow:
        client.send(head(f"/{page}", f"{kind}Content-Length: 4\r\n") + b"a=")
    for _ in range(3):
        with live.connect() as client:
            assert client.fetch("/reads", method="POST", body=b"quick").body == b"quick"
    for number, client in enumerate(slow):
        client.send(b"%02d" % number)
    bodies = [client.response().body for client in slow]
    assert bodies == [(b"a=%02d" if page == "reads" else b"%02d") % number for number in range(12)]
    for client in slow:
        assert client.fetch("/reads", method="POST", body=b"again").body == b"again"
    assert live.server.stats()["streams"] == 0
