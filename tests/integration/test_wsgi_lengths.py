"""WSGI applications on real sockets, by the points of the streaming contract's section 6: 5 to 8."""

from __future__ import annotations

import threading

import pytest

from rawwfile import WsgiApplication
from tests.integration.wsgi_bodies import PLAIN, Noted, giving
from tests.live import PATIENCE

OLD = b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"

# 5. HEAD.


@pytest.mark.parametrize("fields", [PLAIN, [*PLAIN, ("Content-Length", "12345")]])
def test_5_head_ends_an_endless_body_and_keeps_the_connection(serve, fields):
    def endless():
        while True:
            yield b"x"

    bodies = {"/1": Noted(endless()), "/2": Noted(endless())}

    def app(environ, start_response):
        start_response("200 OK", fields)
        return bodies[environ["PATH_INFO"]]

    client = serve(WsgiApplication(app)).connect()
    client.send(b"HEAD /1 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: a\r\n\r\n")
    first = client.response("HEAD")
    bodies["/1"].wait_closed()
    assert bodies["/1"].made == 1
    assert first.get(b"Content-Length") == (b"12345" if len(fields) == 2 else None)
    assert first.get(b"Transfer-Encoding") is None
    # What follows the head at once is the next head: no content, no chunk's end.
    assert client.response("HEAD").status == 200


def test_5_head_has_the_length_of_a_list(serve):
    answer = serve(WsgiApplication(giving([b"ab", b"cde"]))).fetch(method="HEAD")
    assert (answer.get(b"Content-Length"), answer.body) == (b"5", b"")


def test_5_head_with_write_starts_the_iterable_and_sends_nothing(serve):
    ended = threading.Event()

    def pieces():
        try:
            yield b"b"
            yield b"c"
        finally:
            ended.set()

    def app(environ, start_response):
        write = start_response("200 OK", PLAIN)
        write(b"a")
        write(b"a")
        return pieces()

    client = serve(WsgiApplication(app)).connect()
    client.get(method="HEAD")
    client.get(method="HEAD")
    assert client.response("HEAD").status == client.response("HEAD").status == 200
    assert ended.wait(PATIENCE)


# 6. Responses without content.


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
@pytest.mark.parametrize("as_list", [True, False])
def test_6_no_content_has_no_body(serve, status, as_list):
    body = [b"not to be sent"]
    app = giving(body if as_list else iter(body), status, [("ETag", '"1"')])
    with serve(WsgiApplication(app)).connect() as client:
        for _ in range(2):
            answer = client.fetch()
            assert answer.line == b"HTTP/1.1 " + status.encode()
            assert answer.get(b"Transfer-Encoding") is None
            if status.startswith("204"):
                assert answer.get(b"Content-Length") is None


def test_6_an_interim_status_is_refused(serve):
    assert serve(WsgiApplication(giving([], "103 Early Hints"))).fetch().status == 500


# 7 and 8. The length, where it is known and where it is not.


class One(Noted):
    """An iterable that says it has one chunk, and is no list."""

    def __len__(self):
        return 1


@pytest.mark.parametrize("make", [lambda: [b"hello"], lambda: (b"hello",), lambda: One([b"hello"])])
def test_7_one_chunk_gets_a_content_length(serve, make):
    live = serve(WsgiApplication(giving(make())))
    answer = live.fetch()
    assert (answer.get(b"Content-Length"), answer.get(b"Transfer-Encoding"), answer.body) == (b"5", None, b"hello")


def test_8_unknown_length_is_chunked_and_the_connection_stays(serve):
    def app(environ, start_response):
        start_response("200 OK", PLAIN)
        return iter([b"a", b"b"])

    with serve(WsgiApplication(app)).connect() as client:
        for _ in range(3):
            answer = client.fetch()
            assert answer.get(b"Transfer-Encoding") == b"chunked"
            assert (answer.body, answer.get(b"Connection")) == (b"ab", None)


@pytest.mark.parametrize("written", [False, True])
def test_8_http_1_0_gets_no_coding_and_the_end_of_the_connection(serve, written):
    def app(environ, start_response):
        assert environ["SERVER_PROTOCOL"] == "HTTP/1.0"
        write = start_response("200 OK", PLAIN)
        if written:
            write(b"a")
        return iter([b"" if written else b"a", b"b"])

    client = serve(WsgiApplication(app)).connect()
    client.send(OLD)
    answer = client.response()
    assert answer.get(b"Transfer-Encoding") is answer.get(b"Content-Length") is None
    assert (answer.get(b"Connection"), answer.body, client.ending) == (b"close", b"ab", "end")
