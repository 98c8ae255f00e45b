"""What handlers read: request.rfile, Expect, limits and faults in the middle of content, forms."""

from __future__ import annotations

import io
import json
import threading

import pytest

from rawwfile import ClientDisconnected, HTTPError, request, response
from tests.live import PATIENCE

CHUNKED = "Transfer-Encoding: chunked\r\n"
EXPECT = "Expect: 100-continue\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"


def post(fields: str, content: bytes = b"", path: str = "/page") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode() + content


def chunked(*pieces: bytes, trailers: bytes = b"") -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in pieces) + b"0\r\n" + trailers + b"\r\n"


@pytest.fixture
def echo(live):
    """A server whose /page sends back what it read, and /other a word."""

    @live.page
    def page():
        return request.rfile.read()

    @live.page
    def other():
        return "other"

    return live


# -- reading


WAYS = {
    "read": lambda f: f.read(),
    "read in sizes": lambda f: b"".join(iter(lambda: f.read(7), b"")),
    "read1": lambda f: b"".join(iter(f.read1, b"")),
    "read1 in sizes": lambda f: b"".join(iter(lambda: f.read1(3), b"")),
    "lines": lambda f: b"".join(f),
    "readline": lambda f: b"".join(iter(lambda: f.readline(5), b"")),
    "readlines": lambda f: b"".join(f.readlines()),
    "readinto": lambda f: (lambda b, n: bytes(b[:n]))(b := bytearray(9999), f.readinto(b)),
    "buffered": lambda f: io.BufferedReader(f).read(),
    "text": lambda f: io.TextIOWrapper(f, "latin-1", newline="").read().encode("latin-1"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_exactly_the_content_and_then_the_end(live, way):
    content = b"first line\nsecond\r\n\n" + bytes(range(256)) + b"\nlast"

    @live.page
    def page():
        got = way(request.rfile)
        if not request.rfile.closed:
            assert request.rfile.read() == request.rfile.read(5) == request.rfile.readline() == b""
        return got

    client = live.connect()
    behind = post("", path="/nowhere")
    client.send(post(f"Content-Length: {len(content)}\r\n", content) + behind)
    assert client.response().body == content and client.response().status == 404
    client.send(post(CHUNKED, chunked(content[:100], content[100:101], content[101:])) + behind)
    assert client.response().body == content and client.response().status == 404
    assert not live.book.messages


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_content_that_comes_byte_by_byte(echo, framing: str):
    content = b"abc\r\n\r\nGET / HTTP/1.1\r\n"
    client = echo.connect()
    wire = post(CHUNKED, chunked(content)) if framing == "chunked" else post("Content-Length: 23\r\n", content)
    for place in range(len(wire)):
        client.send(wire[place : place + 1])
    assert client.response().body == content
    assert client.fetch("/other").body == b"other"


def test_bytes_are_read_as_they_come(live):
    """A handler sees the first part before the client has sent the second."""

    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(OPEN)
        while piece := request.rfile.read1():
            response.wfile.write(b"<" + piece + b">")

    client = live.connect()
    client.send(post("Content-Length: 9\r\n"))
    client.until(b"\r\n\r\n")
    for piece in (b"one", b"two", b"end"):
        client.send(piece)
        assert client.take(5) == b"<" + piece + b">"
    assert client.rest() == b""


def test_trailers(live):
    @live.page
    def page():
        before = dict(request.trailers)
        content = request.rfile.read()
        return json.dumps([before, content.decode(), request.trailers])

    client = live.connect()
    client.send(post(CHUNKED + "Trailer: X-Sum\r\n", chunked(b"a", b"b", trailers=b"X-Sum: 2\r\nx-Other:  y \r\n")))
    assert json.loads(client.response().body) == [{}, "ab", {"x-sum": "2", "x-other": "y"}]
    assert client.fetch("/nowhere").status == 404


def test_no_content(live):
    @live.page
    def page():
        return repr((request.rfile.read(), request.content_length))

    client = live.connect()
    assert client.fetch("/page").body == b"(b'', 0)"
    assert client.fetch("/page", "Content-Length: 0\r\n", "POST").body == b"(b'', 0)"
    client.send(post(CHUNKED, b"0\r\n\r\n"))
    assert client.response().body == b"(b'', None)"


def test_rfile_is_closed_when_the_handler_has_returned(live):
    kept = []

    @live.page
    def page():
        kept.append(request.rfile)
        return ""

    live.fetch("/page", method="POST", body=b"abc")
    live.book.wait_entries(1)
    with pytest.raises(ValueError, match="closed"):
        kept[0].read()


# -- Expect


@pytest.mark.parametrize("fields", ["Content-Length: 3\r\n", CHUNKED])
def test_continue_is_sent_at_the_first_read(live, fields: str):
    asked, go = threading.Event(), threading.Event()

    @live.page
    def page():
        asked.set()
        assert go.wait(PATIENCE)
        return request.rfile.read(1) + request.rfile.read()

    client = live.connect()
    for _ in range(2):
        asked.clear(), go.clear()
        client.send(post(fields + EXPECT))
        assert asked.wait(PATIENCE) and client.buffer == b""
        go.set()
        assert client.take(len(CONTINUE)) == CONTINUE
        client.send(b"abc" if "Length" in fields else chunked(b"a", b"bc"))
        answer = client.response()
        assert answer.body == b"abc" and answer.raw.count(b"HTTP/1.1") == 1


def test_no_continue_when_the_content_is_there_already_or_nobody_reads(echo):
    client = echo.connect()
    client.send(post("Content-Length: 3\r\n" + EXPECT, b"abc"))
    assert client.response().raw.startswith(b"HTTP/1.1 200")
    client.send(b"POST /page HTTP/1.0\r\nContent-Length: 3\r\n" + EXPECT.encode() + b"\r\nabc")
    assert client.response().body == b"abc"
    client = echo.connect()
    client.send(post("Content-Length: 3\r\n" + EXPECT, path="/other"))
    answer = client.response()
    # Whether the content follows is for the client to decide, so nobody knows where the next head begins.
    assert (answer.status, answer.get(b"Connection"), client.rest()) == (200, b"close", b"")


def test_no_continue_after_the_handler_has_begun_to_answer(live):
    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(OPEN)
        response.wfile.write(request.rfile.read())

    @live.page
    def by_hand():
        response.wfile.write(CONTINUE)
        return request.rfile.read()

    client = live.connect()
    client.send(post(EXPECT + "Content-Length: 3\r\n"))
    assert client.until(b"\r\n\r\n") == OPEN
    client.send(b"abc")
    assert client.rest() == b"abc"
    client = live.connect()
    client.send(post(EXPECT + "Content-Length: 3\r\n", path="/by_hand"))
    assert client.until(b"\r\n\r\n") == CONTINUE
    client.send(b"abc")
    assert client.response().raw.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize("value", ["nothing", "100-continue, more", "200-ok"])
def test_another_expectation_is_417(echo, value: str):
    client = echo.connect()
    client.get("/page", f"Expect: {value}\r\n", "POST", b"abc")
    answer = client.response()
    assert answer.status == 417 and client.rest() == b"" and client.ending == "end"


# -- content that nobody reads


def test_short_unread_content_is_passed_over(live):
    @live.page
    def other():
        return "other"

    @live.page
    def raw():
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nraw")

    content = b"GET /evil HTTP/1.1\r\nHost: a\r\n\r\n" * 100
    client = live.connect()
    for path in ("/other", "/raw", "/nowhere"):
        for fields, wire in ((f"Content-Length: {len(content)}\r\n", content), (CHUNKED, chunked(content, content))):
            client.send(post(fields, path=path))
            status = 404 if path == "/nowhere" else 200
            assert client.response().status == status  # before the content is sent
            client.send(wire)
            assert client.fetch("/other").body == b"other"


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_long_unread_content_closes_and_the_response_is_not_lost(live, framing: str, raw: bool):
    @live.page
    def page():
        if raw:
            response.sendResponse = 0
            response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer")
        return "answer"

    client = live.connect()
    content = b"z" * 3_000_000
    if framing == "length":
        client.send(post(f"Content-Length: {len(content)}\r\n"))
    else:
        client.send(post(CHUNKED) + b"%x\r\n" % len(content))
    client.send_while_it_lasts(content)
    answer = client.response()
    assert (answer.status, answer.body) == (200, b"answer")
    assert client.rest() == b"" and client.ending == "end"
    assert len(live.book.wait_entries(1)) == 1


# -- faults in the middle of content


FAULTS = {
    "size": (CHUNKED, b"3\r\nabc\r\nxyz\r\n", 400),
    "end of a chunk": (CHUNKED, b"3\r\nabcd\r\n0\r\n\r\n", 400),
    "trailer": (CHUNKED, b"3\r\nabc\r\n0\r\nno colon\r\n\r\n", 400),
}


@pytest.mark.parametrize("reaction", ["pass on", "catch", "ignore"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_broken_content(live, fault: tuple[str, bytes, int], reaction: str):
    fields, wire, status = fault

    @live.page
    def page():
        if reaction == "ignore":
            return "not read"
        try:
            return request.rfile.read()
        except HTTPError as error:
            if reaction == "pass on":
                raise
            with pytest.raises(HTTPError):
                request.rfile.read()
            return f"caught {error.status}"

    client = live.connect()
    client.send(post(fields) + wire + post("", path="/page"))
    answer = client.response()
    expected = {"pass on": status, "catch": 200, "ignore": 200}[reaction]
    assert answer.status == expected
    assert client.rest() == b"" and client.ending == "end"
    assert not any(record.exc_info for record in live.book.records)


@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_content_that_ends_too_early(live, framing: str, raw: bool):
    caught = []

    @live.page
    def page():
        if raw:
            response.sendResponse = 0
            response.wfile.write(OPEN)
        try:
            request.rfile.read()
        except ClientDisconnected as error:
            caught.append(error)
            raise

    client = live.connect()
    client.send(post("Content-Length: 10\r\n", b"short") if framing == "length" else post(CHUNKED, b"a\r\nshort"))
    client.finish_sending()
    got = client.rest()
    assert isinstance(caught[0], HTTPError) and caught[0].status == 400
    if raw:
        assert got == OPEN and client.ending in ("reset", "cut")
    else:
        assert got.startswith(b"HTTP/1.1 400 Bad Request\r\n") and client.ending == "end"
    entry = live.book.wait_entries(1)[0]
    assert entry.end != "complete" or entry.status == 400
    assert not any(record.exc_info for record in live.book.records)


def test_the_client_resets_in_the_middle_of_content(live):
    started, caught = threading.Event(), []

    @live.page
    def page():
        started.set()
        try:
            request.rfile.read()
        except ConnectionError as error:
            caught.append(error)
            raise

    client = live.connect()
    client.send(post("Content-Length: 10\r\n", b"short"))
    assert started.wait(PATIENCE)
    client.reset()
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert isinstance(caught[0], ClientDisconnected)
    assert len(live.book.records) == 1 and not live.book.records[0].exc_info


@pytest.mark.parametrize("reaction", ["pass on", "catch", "ignore"])
def test_too_long_content(serve, reaction: str):
    live = serve(limit_body=1000)
    runs = []

    @live.page
    def page():
        runs.append(1)
        if reaction == "ignore":
            return "not read"
        try:
            return b"%d" % len(request.rfile.read())
        except HTTPError as error:
            if reaction == "pass on":
                raise
            return f"caught {error.status}"

    client = live.connect()
    assert client.fetch("/page", method="POST", body=b"x" * 1000).status == 200
    client.get("/page", method="POST", body=b"x" * 1001)
    answer = client.response()
    assert (answer.status, answer.get(b"Connection"), client.rest()) == (413, b"close", b"")
    assert b"--limit-body" in answer.body and runs == [1]
    client = live.connect()
    client.send(post(CHUNKED, chunked(b"x" * 999, b"yy")))
    assert client.response().status == {"pass on": 413, "catch": 200, "ignore": 200}[reaction]
    assert client.rest() == b"" and client.ending == "end"


def test_forms_and_their_limit(serve):
    live = serve(limit_form=1000)

    @live.page
    def page():
        return json.dumps(request.paramMap)

    client = live.connect()
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    assert json.loads(client.fetch("/page?a=0&b=1", form, "POST", b"a=1&c=%C3%BC&c=+").body) == {
        "a": "1", "b": "1", "c": ["ü", " "],
    }  # fmt: skip
    client.get("/page", form, "POST", b"a=" + b"x" * 999)
    assert client.response().status == 413 and client.rest() == b""
    client = live.connect()
    client.send(post(CHUNKED + form, chunked(b"a=" + b"x" * 999)))
    answer = client.response()
    assert answer.status == 413 and b"--limit-form" in answer.body and client.rest() == b""
