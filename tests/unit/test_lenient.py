"""Request heads of old clients (rawwfile.http.lenient)."""

from __future__ import annotations

import pytest

from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PEER_CLOSED, BodyPart, RequestHead
from rawwfile.http.lenient import LenientReader
from rawwfile.http.limits import Limits
from rawwfile.http.reader import RequestReader

STRICT = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"


def read(reader: RequestReader, data: bytes, step: int = 10_000) -> RequestHead:
    """The head in `data`, which comes in pieces of `step` bytes."""
    for at in range(0, len(data), step):
        reader.receive_data(data[at : at + step])
        event = reader.next_event()
        if event is not NEED_DATA:
            assert isinstance(event, RequestHead)
            reader.receive_data(data[at + step :] or b"") if at + step < len(data) else None
            return event
    raise AssertionError("no head")


@pytest.mark.parametrize("step", [1, 7, 10_000])
@pytest.mark.parametrize(
    ("data", "target", "field"),
    [
        (b"GET /a HTTP/1.0\nHost: h\nX: 1\n\n", b"/a", b"1"),
        (b"\r\nGET /a HTTP/1.0\nHost: h\r\nX: 1\n\r\n", b"/a", b"1"),
        (b"GET /a HTTP/1.0\r\nHost: h\r\nX: one\r\n\ttwo\r\n  three\r\n\r\n", b"/a", b"one two three"),
        (b"GET /a?b#c HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n", b"/a?b#c", b"1"),
        (b"GET /\xe9 HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n", b"/\xe9", b"1"),
        (b"GET /a HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n", b"/a", b"1"),
    ],
)
def test_heads_of_old_clients(data: bytes, target: bytes, field: bytes, step: int) -> None:
    head = read(LenientReader(), data, step)
    assert (head.target, head.fields.get(b"x")) == (target, field)


def test_what_follows_the_head_is_not_touched() -> None:
    reader = LenientReader()
    reader.receive_data(b"POST /a HTTP/1.1\nHost: h\nContent-Length: 4\n\na\n\nbGET /next HTTP/1.1\nHost: h\n\n")
    assert isinstance(reader.next_event(), RequestHead)
    part = reader.next_event()
    assert isinstance(part, BodyPart) and part.data == b"a\n\nb"
    reader.next_event()
    assert reader.start_next()
    assert read_next(reader) == b"/next"


def read_next(reader: RequestReader) -> bytes:
    event = reader.next_event()
    assert isinstance(event, RequestHead)
    return event.target


@pytest.mark.parametrize(
    "data",
    [
        b"POST /a HTTP/1.1\nHost: h\nContent-Length: 3\nContent-Length: 4\n\n", b"GET /a HTTP/1.1\n\n",
        b"POST /a HTTP/1.1\nHost: h\nContent-Length: 3\nTransfer-Encoding: chunked\n\n",
        b"GET /a HTTP/1.1\nHost: h\nX: a\rb\n\n", b"GET /a b HTTP/1.1\nHost: h\n\n", b"GET /a HTTP/1.1\n Host: h\n\n",
        b"GET /a HTTP/1.1\nHost: h\nContent-Length : 3\n\n", b"GET http://x#@y/ HTTP/1.1\nHost: h\n\n",
        b"CONNECT h#:80 HTTP/1.1\nHost: h\n\n", b"\x16\x03\x01",
    ],
)  # fmt: skip
def test_nothing_else_is_let_through(data: bytes) -> None:
    reader = LenientReader()
    reader.receive_data(data)
    with pytest.raises(ProtocolError):
        reader.next_event()


def test_a_head_without_an_end_meets_the_limits() -> None:
    reader = LenientReader(Limits(request_line=100, header_size=100))
    reader.receive_data(b"GET / HTTP/1.1\nX: " + b"x" * 300)
    with pytest.raises(ProtocolError):
        reader.next_event()


def test_a_connection_that_ends_in_a_head() -> None:
    reader = LenientReader()
    reader.receive_data(b"GET / HTTP/1.1\nHost")
    assert reader.next_event() is NEED_DATA
    reader.receive_data(b"")
    with pytest.raises(ProtocolError):
        reader.next_event()


def test_a_head_is_mended_though_the_client_has_closed_its_side() -> None:
    reader = LenientReader()
    reader.receive_data(b"GET /a HTTP/1.1\nHost: h\n\nGET /b HTTP/1.1\nHost: h\n\n")
    reader.receive_data(b"")
    for target in (b"/a", b"/b"):
        assert read_next(reader) == target
        reader.next_event()
        assert reader.start_next()
    assert reader.next_event() is PEER_CLOSED


def test_what_follows_a_head_does_not_make_it_too_large() -> None:
    head, content = b"POST /a HTTP/1.1\nHost: h\nContent-Length: 300\n\n", b"x" * 300
    reader = LenientReader(Limits(request_line=50, header_size=50))
    reader.receive_data(head + content)
    assert read_next(reader) == b"/a"
    assert reader.next_event() == BodyPart(content)


def test_offsets_count_the_bytes_as_they_came() -> None:
    head = b"GET /a HTTP/1.1\nHost: h\n\n"
    reader = LenientReader()
    reader.receive_data(head + b"no request\r\n\r\n")
    assert read_next(reader) == b"/a"
    reader.next_event()
    assert reader.start_next()
    with pytest.raises(ProtocolError) as caught:
        reader.next_event()
    assert caught.value.offset == len(head)
