"""WSGI applications on real sockets, by the points of the streaming contract's section 6: 9 to 14, and 16."""

from __future__ import annotations

import contextlib
import io
from wsgiref.validate import validator

import pytest

from rawwfile import WsgiApplication
from tests.integration.wsgi_bodies import CHUNKED_END, PLAIN, Gate, Noted, giving, wait_for_error
from tests.live import PATIENCE

# 9. Fields of the connection.


def test_9_hop_by_hop_fields_are_left_out_with_a_warning_and_nothing_is_framed_twice(serve):
    fields = [*PLAIN, ("Transfer-Encoding", "chunked"), ("Connection", "close"), ("Keep-Alive", "timeout=5")]

    def app(environ, start_response):
        start_response("200 OK", fields)
        return iter([b"5\r\nhello\r\n", CHUNKED_END])

    live = serve(WsgiApplication(app))
    with live.connect() as client:
        for _ in range(2):
            answer = client.fetch()
            assert answer.get(b"Transfer-Encoding") == b"chunked"
            assert answer.get(b"Connection") is answer.get(b"Keep-Alive") is None
            # The application's own framing is content like any other.
            assert answer.body == b"5\r\nhello\r\n0\r\n\r\n"
    for name in ("Transfer-Encoding", "Connection", "Keep-Alive"):
        assert len([line for line in live.book.messages if f"sets {name};" in line]) == 1


# 10. A Content-Length that is not true.


def by_write(pieces, length):
    def app(environ, start_response):
        write = start_response("200 OK", [*PLAIN, ("Content-Length", str(length))])
        for piece in pieces:
            write(piece)
        return []

    return app


def stating(make):
    def build(pieces, length):
        return lambda environ, start_response: (
            start_response("200 OK", [*PLAIN, ("Content-Length", str(length))]) and make(pieces)
        )

    return build


WAYS = pytest.mark.parametrize("way", [stating(list), stating(iter), by_write], ids=["list", "iterator", "write"])


@WAYS
@pytest.mark.parametrize("pieces", [[b"hello, world"], [b"hel", b"lo, ", b"world"], [b"hello", b", world"]])
def test_10_too_many_bytes_are_cut_at_the_length(serve, way, pieces):
    live = serve(WsgiApplication(way(pieces, 5)))
    client = live.connect()
    client.send(b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
    head, _, content = client.rest().partition(b"\r\n\r\n")
    assert b"Content-Length: 5\r\n" in head
    assert content == b"hello"
    wait_for_error(live, "bytes more than its Content-Length")
    assert live.book.wait_entries(1)[0].end == "error"


@WAYS
def test_10_too_few_bytes_end_the_connection(serve, way):
    live = serve(WsgiApplication(way([b"hel", b"lo"], 10)))
    client = live.connect()
    client.send(b"GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
    assert client.rest().partition(b"\r\n\r\n")[2] == b"hello"
    wait_for_error(live, "5 bytes less than its Content-Length")


@pytest.mark.parametrize("pieces", [[b"hello, world"], [b"hel", b"lo, world"]])
def test_10_an_application_that_ignores_the_error_cannot_send_more(serve, pieces):
    def app(environ, start_response):
        write = start_response("200 OK", [*PLAIN, ("Content-Length", "5")])
        for piece in [*pieces, b"again"]:
            with contextlib.suppress(ValueError):
                write(piece)
        return [b"more"]

    client = serve(WsgiApplication(app)).connect()
    client.get()
    assert client.rest().partition(b"\r\n\r\n")[2] == b"hello"


# 11. Chunks that are no bytes.


@pytest.mark.parametrize("chunk", ["text", bytearray(b"x"), memoryview(b"x"), 5, None, [b"x"]])
def test_11_before_the_head_a_chunk_that_is_no_bytes_is_a_500(serve, chunk):
    live = serve(WsgiApplication(giving([chunk, b"x"])))
    assert live.fetch().status == 500
    wait_for_error(live, f"must give bytes, not {type(chunk).__name__}")


def test_11_after_the_head_it_is_a_cut(serve):
    body = Noted([b"a", "text"])
    client = serve(WsgiApplication(giving(body))).connect()
    client.get()
    assert client.rest().endswith(b"\r\n\r\n1\r\na\r\n")
    body.wait_closed()


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("text/plain", "h\u00e9llo, w\u00f6rld".encode()),
        ("text/plain; charset=ISO-8859-1", "h\u00e9llo, w\u00f6rld".encode("latin-1")),
        ('text/plain; charset="utf-16"', "h\u00e9llo, w\u00f6rld".encode("utf-16")),
        ("text/plain; charset=never-heard-of", "h\u00e9llo, w\u00f6rld".encode()),
    ],
)
@pytest.mark.parametrize("make", [list, iter])
def test_11_lenient_str_encodes_by_the_charset_of_the_response(serve, content_type, content, make):
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", content_type)])
        return make(["", "h\u00e9l", "lo, ", "w\u00f6rld"])

    live = serve(WsgiApplication(app), lenient_str=True)
    assert live.fetch().body == content


def test_11_lenient_str_is_for_write_too_and_bytes_stay(serve):
    def app(environ, start_response):
        start_response("200 OK", PLAIN)("\u00e9")
        return ["e", b"\xff"]

    assert serve(WsgiApplication(app), lenient_str=True).fetch().body == b"\xc3\xa9e\xff"


# 12. wsgi.file_wrapper.


def wrapping(file, fields=PLAIN):
    def app(environ, start_response):
        start_response("200 OK", list(fields))
        return environ["wsgi.file_wrapper"](file, 1000)

    return app


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(bytes(range(256)) * 4096)
    return path


@pytest.mark.parametrize(("start", "length"), [(0, None), (100, None), (100, 500_000), (100, 7)])
def test_12_a_file_on_disk_is_sent_from_where_it_stands_up_to_the_length(serve, large, start, length):
    file = large.open("rb")
    file.seek(start)
    fields = PLAIN if length is None else [*PLAIN, ("Content-Length", str(length))]
    live = serve(WsgiApplication(wrapping(file, fields)))
    answer = live.fetch()
    assert answer.body == large.read_bytes()[start:][:length]
    assert int(answer.get(b"Content-Length")) == len(answer.body)
    live.book.wait_entries(1)
    assert file.closed


@pytest.mark.parametrize("length", [None, 5000, 2500])
def test_12_another_file_is_read_up_to_the_length(serve, length):
    file = io.BytesIO(bytes(range(250)) * 20)
    fields = PLAIN if length is None else [*PLAIN, ("Content-Length", str(length))]
    live = serve(WsgiApplication(wrapping(file, fields)))
    answer = live.fetch()
    assert answer.body == (bytes(range(250)) * 20)[:length]
    assert live.book.wait_entries(1)[0].end == "complete"
    assert file.closed


@pytest.mark.parametrize("on_disk", [True, False])
def test_12_the_file_is_closed_when_the_client_leaves(serve, large, on_disk):
    file = large.open("rb") if on_disk else io.BytesIO(bytes(1 << 22))
    gate = Gate()

    def app(environ, start_response):
        gate()
        return wrapping(file)(environ, start_response)

    live = serve(WsgiApplication(app))
    client = live.connect(receive_buffer=4096)
    client.get()
    gate.wait_reached()
    client.reset()
    gate.opened.set()
    live.book.wait_entries(1)
    assert file.closed


# 13. environ, and the validator of the standard library.


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
@pytest.mark.parametrize("written", [False, True])
def test_13_the_validator_finds_nothing(serve, method, version, written):
    seen = {}

    @validator
    def app(environ, start_response):
        seen.update(environ, content=environ["wsgi.input"].read(100))
        write = start_response("200 OK", PLAIN)
        if written:
            write(b"one")
        return iter([b"two"]) if written else [b"two"]

    live = serve(WsgiApplication(app))
    client = live.connect()
    content = b"hello" if method == "POST" else b""
    length = b"Content-Length: 5\r\n" if content else b""
    client.send(f"{method} /a HTTP/{version}\r\nHost: a\r\n".encode() + length + b"\r\n" + content)
    answer = client.response(method)
    assert answer.body == (b"" if method == "HEAD" else b"onetwo" if written else b"two")
    assert live.book.wait_entries(1)[0].end == "complete"
    assert seen["content"] == content
    assert seen["SERVER_PROTOCOL"] == f"HTTP/{version}"
    assert seen["wsgi.url_scheme"] == live.scheme
    assert [seen[f"wsgi.{key}"] for key in ("multithread", "multiprocess", "run_once", "input_terminated")] == [
        True, False, False, True,
    ]  # fmt: skip


# 14. Content of the request that nobody read.


@pytest.mark.parametrize("chunked", [False, True])
def test_14_a_little_is_passed_over(serve, chunked):
    content = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" * 1000
    live = serve(WsgiApplication(giving([b"ok"])))
    with live.connect() as client:
        if chunked:
            client.get("/1", "Transfer-Encoding: chunked\r\n", "POST")
            client.send(b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content))
        else:
            client.get("/1", "", "POST", content)
        assert client.response().body == b"ok"
        assert client.fetch("/2").body == b"ok"
    assert [entry.request_line.split()[1] for entry in live.book.wait_entries(2)] == ["/1", "/2"]


def test_14_more_closes_the_connection_and_is_never_a_request(serve):
    content = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n" * 10_000
    live = serve(WsgiApplication(giving([b"ok"])))
    client = live.connect()
    client.get("/1", f"Content-Length: {len(content)}\r\n", "POST")
    answer = client.response("POST")
    assert (answer.body, answer.get(b"Connection")) == (b"ok", b"close")
    client.send_while_it_lasts(content)
    assert client.rest() == b""
    assert [entry.request_line.split()[1] for entry in live.book.wait_entries(1)] == ["/1"]


# 16. Backpressure.


def test_16_no_chunk_is_made_for_a_client_that_does_not_read(serve):
    size = 65536

    def endless():
        while True:
            yield b"x" * size

    body = Noted(endless())
    live = serve(WsgiApplication(giving(body)), timeout_send=1.0)
    client = live.connect(receive_buffer=4096)
    client.get()
    # It takes nothing; the engine gives it up, and then it is known how much was made for it.
    assert body.closed.wait(PATIENCE)
    assert live.book.wait_entries(1)[0].end == "timeout"
    assert body.made * size < 12 << 20, "more was made than the kernel's buffers hold"
    body.wait_closed()


def test_16_too_many_streams_are_refused_and_closed(serve):
    gate = Gate()
    bodies = {"/1": Noted([b"one", gate, b"two"]), "/2": Noted([b"never"])}

    def app(environ, start_response):
        start_response("200 OK", PLAIN)
        return bodies.get(environ["PATH_INFO"], [b"short"])

    live = serve(WsgiApplication(app), limit_streams=1)
    first = live.connect()
    first.get("/1")
    first.until(b"one\r\n")
    with live.connect() as second:
        answer = second.fetch("/2")
        assert (answer.status, answer.get(b"Retry-After")) == (503, b"5")
        bodies["/2"].wait_closed()
        assert bodies["/2"].made == 0
        assert second.fetch("/short").body == b"short"
    gate.opened.set()
    assert first.until(CHUNKED_END) == b"3\r\ntwo\r\n" + CHUNKED_END
    bodies["/1"].wait_closed()
