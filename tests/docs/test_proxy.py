"""legacy_examples/proxy_by_hand.py: what it passes on, what it changes, and what it refuses (RFC 9110 section 7.6)."""

from __future__ import annotations

import re

import pytest

from tests.docs.museum import Museum


@pytest.fixture(scope="module")
def museum():
    """A museum that is open for all tests of this file."""
    with Museum() as museum:
        yield museum


def status(head):
    return int(head.split(" ", 2)[1])


THROUGH = "/proxy_by_hand/through"


def test_the_proxy_passes_on_what_is_for_the_whole_way(museum):
    fields = ("X-Mine: 1", "X-Hop: 1", "Connection: X-Hop", "Keep-Alive: 5", "TE: trailers", "Proxy-Authorization: me")
    head, body = museum.ask(THROUGH, *fields)
    arrived = body.decode("ascii")

    assert (status(head), head.count("Via: 1.1 museum"), head.count("Connection: close")) == (200, 1, 1)
    assert arrived.startswith("GET /proxy_by_hand/origin HTTP/1.1\r\nHost: x\r\n")
    assert "X-Mine: 1\r\nVia: 1.1 museum\r\nConnection: close\r\n" in arrived
    assert not re.search("X-Hop|Keep-Alive|TE:|Proxy-", arrived)


def test_the_proxy_speaks_1_1_for_a_client_of_1_0(museum):
    host, port = museum.server.server_address[:2]
    arrived = museum.say(f"GET {THROUGH} HTTP/1.0\r\n\r\n".encode("ascii"))

    assert arrived.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"GET /proxy_by_hand/origin HTTP/1.1\r\nHost: {host}:{port}\r\nVia: 1.0 museum\r\n".encode() in arrived
    assert b"chunked" not in museum.say(f"GET {THROUGH}?of=/trailers_by_hand/ HTTP/1.0\r\n\r\n".encode("ascii"))


def test_the_proxy_takes_chunks_apart_and_keeps_the_status(museum):
    head, body = museum.ask(f"{THROUGH}?of=/trailers_by_hand/")
    assert "chunked" not in head and body.count(b"measurement") == 6 and body.startswith(b"measurement 1")

    head, body = museum.ask(f"{THROUGH}?of=/nowhere")
    assert (status(head), b"404 Not Found" in body) == (404, True)
    head, body = museum.ask(f"{THROUGH}?of=/ranges_by_hand/", "Range: bytes=0-3")
    assert (status(head), "Content-Range: bytes 0-3/1200" in head, body) == (206, True, b"line")
    head, body = museum.ask(f"{THROUGH}?of=/headers_by_hand/", method="HEAD")
    assert (status(head), "Content-Length: 40" in head, body) == (200, True, b"")


@pytest.mark.parametrize(
    ("target", "fields", "code"),
    [
        (f"{THROUGH}?of={THROUGH}", (), 508),
        (THROUGH, ("Via: 1.0 a, 1.1 museum",), 508),
        (THROUGH, ("Via: 1.0 museum, 1.1 b",), 508),
        (THROUGH, ("Via: 1.0 museum2, 1.1 museum.test",), 200),
        (f"{THROUGH}?of=/early_hints/", (), 502),  # http.client takes 103 for the answer
        (f"{THROUGH}?of=/mistakes/nothing", (), 502),
        (f"{THROUGH}?of=/mistakes/no_http", (), 502),
        (f"{THROUGH}?of=/broken/two_lengths", (), 502),
        (f"{THROUGH}?of=/broken/nul_in_field", (), 502),
        (f"{THROUGH}?of=/broken/bare_cr", (), 502),
        (f"{THROUGH}?of=/a%0d%0aX:%20b", (), 400),
        (f"{THROUGH}?of=/%C3%A9", (), 400),
        (f"{THROUGH}?of=/a&of=/b", (), 400),
        (f"{THROUGH}?of=http://example.com/", (), 400),
        (f"{THROUGH}?of=//example.com/", (), 404),  # a path of this server
    ],
)
def test_what_the_proxy_refuses(museum, target, fields, code):
    assert status(museum.ask(target, *fields)[0]) == code


def test_the_proxy_passes_no_content_on(museum):
    assert status(museum.ask(THROUGH, "Content-Type: text/plain", content=b"x")[0]) == 501
    assert status(museum.ask(THROUGH, "Content-Type: text/plain", method="POST", content=b"x")[0]) == 405


def test_of_a_length_beside_chunks_the_proxy_passes_on_nothing(museum):
    head, body = museum.ask(f"{THROUGH}?of=/broken/length_and_chunked")

    assert (status(head), "Content-Length" in head, body) == (200, False, b"hello")


def test_what_breaks_off_behind_the_proxy_breaks_off_before_it(museum):
    head, body = museum.ask(f"{THROUGH}?of=/mistakes/short")
    assert (status(head), "Content-Length: 10" in head, body) == (200, True, b"five\n")

    with museum.connect() as client:
        client.sendall(f"GET {THROUGH}?of=/broken/no_last_chunk HTTP/1.1\r\nHost: x\r\n\r\n".encode("ascii"))
        with pytest.raises(ConnectionResetError):  # no end that could be taken for the end of the page
            while client.recv(65536):
                pass
