"""What becomes of a connection: kept, pipelined, closed, refused, or handed to the handler (101)."""

from __future__ import annotations

import json
import runpy
import threading
from pathlib import Path

import pytest

from rawwfile import HTTPError, on_disconnect, request, response
from tests.live import PATIENCE

EXAMPLES = Path(__file__).resolve().parents[2] / "legacy_examples"
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: lines\r\nConnection: Upgrade\r\n\r\n"
ASK_UPGRADE = b"GET /lines HTTP/1.1\r\nHost: a\r\nUpgrade: lines\r\nConnection: Upgrade\r\n\r\n"


def get(path: str, fields: str = "", version: str = "1.1") -> bytes:
    return f"GET {path} HTTP/{version}\r\nHost: a\r\n{fields}\r\n".encode()


@pytest.fixture
def site(live):
    """A server with /echo (query and content), /stream (a generator) and /fail."""

    @live.page
    def echo():
        return request.query_string.encode() + request.rfile.read()

    @live.page
    def stream():
        response.stream = True
        return iter(["one,", "", "two"])

    @live.page
    def fail():
        raise HTTPError(403, "no")

    return live


# -- kept and pipelined


@pytest.mark.parametrize("depth", [2, 100, 1000])
def test_pipelined_in_one_packet(site, depth: int):
    client = site.connect()
    client.send(b"".join(get(f"/echo?{number}") for number in range(depth)))
    assert [client.response().body for _ in range(depth)] == [b"%d" % number for number in range(depth)]
    assert client.buffer == b"" and client.fetch("/echo?last").body == b"last"
    assert not site.book.messages


def test_pipelined_with_content_streams_errors_and_empty_lines(site):
    content = b"POST /echo?p HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody"
    chunks = b"POST /echo?c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\nA: b\r\n\r\n"
    client = site.connect()
    client.send((content + b"\r\n" + chunks + get("/stream") + b"\r\n\r\n" + get("/fail")) * 25)
    for _ in range(25):
        assert [client.response().body for _ in range(3)] == [b"pbody", b"cbody", b"one,two"]
        assert client.response().status == 403


def test_pipelined_and_cut_anywhere(site):
    wire = get("/echo?1") + b"POST /echo?2 HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody" + get("/echo?3")
    client = site.connect()
    for place in range(1, len(wire), 5):
        client.send(wire[:place])
        client.send(wire[place:])
        assert [client.response().body for _ in range(3)] == [b"1", b"2body", b"3"]


def test_many_requests_on_one_connection(site):
    client = site.connect()
    for number in range(500):
        assert client.fetch(f"/echo?{number}").body == b"%d" % number


def test_a_client_that_has_ended_its_sending_gets_all_responses(site):
    ended = threading.Event()

    @site.page
    def late():
        # An end of sending that is first seen at the empty piece would count as a client that has left.
        on_disconnect(ended.set)
        assert ended.wait(PATIENCE)
        response.stream = True
        return iter(["one,", "", "two"])

    client = site.connect()
    client.send(get("/echo?1") + get("/late") + get("/echo?3"))
    client.finish_sending()
    assert [client.response().body for _ in range(3)] == [b"1", b"one,two", b"3"]
    assert client.rest() == b"" and client.ending == "end"


def test_a_response_larger_than_every_buffer_and_the_requests_behind_it(live):
    big = b"x" * 8_000_000

    @live.page
    def large():
        return big

    client = live.connect()
    client.send(get("/large") * 3 + get("/nowhere"))
    assert live.fetch("/nowhere").status == 404  # nobody is held up by the client that does not read
    assert [client.response().body == big for _ in range(3)] == [True] * 3
    assert client.response().status == 404


# -- closed


CLOSING = {
    "close in the request": (get("/echo?x", "Connection: close\r\n"), "1.1"),
    "close among others": (get("/echo?x", "Connection: TE, Close , x\r\n"), "1.1"),
    "1.0": (get("/echo?x", version="1.0"), "1.1"),
    "the setting": (get("/echo?x"), "1.0"),
    "the setting, 1.0": (get("/echo?x", "Connection: keep-alive\r\n", "1.0"), "1.0"),
}


@pytest.mark.parametrize("case", CLOSING.values(), ids=CLOSING)
def test_closed_after_the_response(serve, case: tuple[bytes, str]):
    wire, protocol = case
    live = serve(protocol=f"HTTP/{protocol}")

    @live.page
    def echo():
        return request.query_string

    client = live.connect()
    client.send(wire + get("/echo?second"))
    answer = client.response()
    assert answer.line == f"HTTP/{protocol} 200 OK".encode()
    assert (answer.body, answer.get(b"Connection"), client.rest(), client.ending) == (b"x", b"close", b"", "end")
    assert len(live.book.wait_entries(1)) == 1


def test_a_handler_can_close(live):
    @live.page
    def page():
        response.headers["Connection"] = "close"
        return "x"

    client = live.connect()
    client.send(get("/page") * 2)
    answer = client.response()
    assert (answer.get(b"Connection"), client.rest(), client.ending) == (b"close", b"", "end")


def test_old_clients_are_kept_if_they_ask(site):
    client = site.connect()
    for _ in range(3):
        client.send(b"GET /echo?x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
        answer = client.response()
        assert (answer.get(b"Connection"), answer.get(b"Content-Length")) == (b"keep-alive", b"1")
    client.send(b"GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    answer = client.response()
    assert (answer.get(b"Connection"), answer.get(b"Transfer-Encoding")) == (b"close", None)
    assert (answer.body, client.ending) == (b"one,two", "end")


@pytest.mark.parametrize("framing", ["chunked", "length", "close"])
def test_a_generator_that_fails_half_way_shows_as_a_cut(live, framing: str):
    @live.page
    def page():
        response.stream = True
        if framing == "length":
            response.headers["Content-Length"] = 9
        return pieces()

    def pieces():
        yield b"half"
        raise RuntimeError("half-way")

    client = live.connect()
    client.send(get("/page", version="1.0" if framing == "close" else "1.1") + get("/page"))
    got = client.rest()
    assert got.startswith(b"HTTP/1.1 200 OK\r\n") and got.endswith(b"4\r\nhalf\r\n" if framing == "chunked" else b"half")
    if live.scheme == "http":
        assert client.ending == ("reset" if framing == "close" else "end")
    else:
        assert client.ending == "cut"
    assert live.book.wait_for("raised RuntimeError; the response is cut short").exc_info
    assert [entry.end for entry in live.book.wait_entries(1)] == ["error"]


# -- refused


BAD = {
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    "space before the colon": (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
    "folded": (b"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400),
    "bare CR": (b"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400),
    "NUL": (b"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400),
    "length and chunked": (
        b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two lengths": (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
    "a signed length": (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", 400),
    "an unknown coding": (b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    "version 2": (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    "no request": (b"hello\r\n\r\n", 400),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD.values(), ids=BAD)
def test_a_bad_request_is_refused_and_nothing_behind_it_is_run(site, case: tuple[bytes, int]):
    wire, status = case
    client = site.connect()
    client.send_while_it_lasts(get("/echo?good") + wire + get("/echo?evil") * 3)
    assert client.response().body == b"good"
    answer = client.response()
    assert (answer.status, answer.get(b"Connection")) == (status, b"close")
    assert client.rest() == b"" and client.ending == "end"
    entries = site.book.wait_entries(2)
    assert [entry.status for entry in entries] == [200, status]
    assert not any(record.exc_info for record in site.book.records)


# -- forms of the target


def test_the_absolute_form(site):
    @site.page
    def where():
        return json.dumps([request.path, request.query_string, request.base, request.browserUrl, request.headers["host"]])

    client = site.connect()
    client.send(b"GET http://example.org:81/where?x=1 HTTP/1.1\r\nHost: other\r\n\r\n" + get("/echo?next"))
    full = f"{site.scheme}://example.org:81"
    assert json.loads(client.response().body) == ["where", "x=1", full, f"{full}/where?x=1", "other"]
    assert client.response().body == b"next"


def test_options_of_the_server_as_a_whole(serve):
    class Root:
        def index(self):
            return "index"

        index.exposed = True

    client = serve(Root()).connect()
    client.send(b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")
    answer = client.response()
    assert answer.status == 200 and b"GET" in answer.get(b"Allow") and client.fetch("/").body == b"index"


# -- handed to the handler


@pytest.fixture
def lines(live):
    """A server whose /lines switches to a protocol of lines: each comes back in capitals, until "quit"."""

    @live.page
    def lines():
        response.sendResponse = 0
        if request.query_string == "read":
            assert request.rfile.read() == b""
        response.wfile.write(SWITCH)
        for line in request.rfile:
            if line == b"fail\n":
                raise RuntimeError("in the tunnel")
            if line == b"quit\n":
                break
            response.wfile.write(line.upper())
        else:
            response.wfile.write(b"BYE\n")

    return live


def test_101_gives_the_connection_to_the_handler(lines):
    client = lines.connect()
    client.send(ASK_UPGRADE)
    assert client.take(len(SWITCH)) == SWITCH
    for word in (b"one\n", b"GET / HTTP/1.1\n", b"z" * 200_000 + b"\n"):
        client.send(word)
        assert client.take(len(word)) == word.upper()
    client.send(b"quit\nleft over\n")
    assert client.rest() == b"" and client.ending == "end"
    entry = lines.book.wait_entries(1)[0]
    assert (entry.status, entry.verdict, entry.end, entry.content_bytes) == (101, "upgraded", "complete", 200_020)
    assert not lines.book.messages


@pytest.mark.parametrize("target", [b"/lines", b"/lines?read"])
def test_bytes_pipelined_behind_the_head_reach_the_handler(lines, target: bytes):
    client = lines.connect()
    client.send(ASK_UPGRADE.replace(b"/lines", target) + b"at once\nand ")
    assert client.take(len(SWITCH) + 8) == SWITCH + b"AT ONCE\n"
    client.send(b"later\n")
    assert client.take(10) == b"AND LATER\n"
    client.finish_sending()
    assert client.rest() == b"BYE\n" and client.ending == "end"


def test_an_upgraded_connection_has_no_time_out_and_holds_nobody_up(serve):
    live = serve(timeout_body=0.1, timeout_header=0.1, timeout_keep_alive=0.1)
    reading, read = threading.Event(), threading.Event()

    @live.page
    def lines():
        response.sendResponse = 0
        response.wfile.write(SWITCH)
        reading.set()
        response.wfile.write(request.rfile.readline())
        read.set()

    client = live.connect()
    client.send(ASK_UPGRADE)
    assert reading.wait(PATIENCE)
    idle = live.connect()
    assert idle.fetch("/nowhere").status == 404
    assert idle.rest() == b""  # closed for idling longer than any of the times
    assert not read.is_set()
    client.send(b"still there\n")
    assert client.rest() == SWITCH + b"still there\n"


def test_a_failure_in_the_tunnel_and_a_client_that_goes(lines):
    client = lines.connect()
    client.send(ASK_UPGRADE + b"fail\n")
    assert client.rest() == SWITCH
    assert lines.book.wait_for("raised RuntimeError").exc_info
    client = lines.connect()
    client.send(ASK_UPGRADE)
    client.take(len(SWITCH))
    client.reset()
    entry = lines.book.wait_entries(2)[1]
    assert (entry.end, entry.status) == ("client-gone", 101) and not lines.book.records[-1].exc_info


def test_connect_opens_a_tunnel(serve):
    def tunnel(exchange):
        exchange.response.sendResponse = 0
        exchange.response.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        exchange.response.wfile.write(exchange.request.rfile.readline().upper())

    tunnel.rawwfile_application = True
    client = serve(tunnel).connect()
    client.send(b"CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\nhello\n")
    assert client.rest() == b"HTTP/1.1 200 Connection established\r\n\r\nHELLO\n" and client.ending == "end"


@pytest.mark.parametrize(
    ("fields", "version", "expected"),
    [("", "1.1", b"upgrade"), ("Connection: close\r\n", "1.1", b"close, upgrade"), ("", "1.0", b"close, upgrade")],
)
def test_an_upgrade_that_a_page_asks_for_is_named_in_connection(live, fields, version, expected):
    @live.page
    def page():
        raise HTTPError(426, headers={"Upgrade": "websocket", "Connection": "upgrade"})

    client = live.connect()
    client.send(get("/page", fields, version))
    answer = client.response()
    assert (answer.status, answer.get(b"Upgrade"), answer.get(b"Connection")) == (426, b"websocket", expected)


def test_a_web_socket_by_hand(serve):
    live = serve(runpy.run_path(str(EXAMPLES / "websocket_echo.py"))["root"])
    client = live.connect()
    frame = b"\x81\x85\x01\x02\x03\x04" + bytes(byte ^ (i % 4 + 1) for i, byte in enumerate(b"hello"))
    fields = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"  # the example of RFC 6455 section 1.3
    client.send(get("/", fields + key) + frame)
    head = client.until(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ") and b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head
    assert client.take(7) == b"\x81\x05hello"
    client.send(b"\x89\x80\0\0\0\0")
    assert client.take(2) == b"\x8a\0"
    client.send(b"\x88\x82\0\0\0\0\x03\xe8")
    assert client.rest() == b"\x88\x02\x03\xe8" and client.ending == "end"
