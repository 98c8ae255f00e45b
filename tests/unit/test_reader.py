"""The reader as a machine: its states, what it keeps, what it forgets, and how much work it does.

What requests are read and refused stands in tests/protocol.
"""

from __future__ import annotations

from typing import Any

import pytest

from rawwfile.errors import FramingError, LimitError, ProtocolError, RemoteProtocolError
from rawwfile.http import grammar
from rawwfile.http.events import NEED_DATA, NO_TRAILERS, PAUSED, PEER_CLOSED, BodyEnd, BodyPart, RequestHead
from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from rawwfile.http.reader import RequestReader, State

GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


def reader_of(*parts: bytes, limits: Limits = DEFAULT_LIMITS) -> RequestReader:
    """A reader that was given these parts."""
    reader = RequestReader(limits)
    for part in parts:
        reader.receive_data(part)
    return reader


def drain(reader: RequestReader) -> None:
    """Read on until more bytes are needed."""
    while (event := reader.next_event()) is not NEED_DATA:
        if event is PAUSED:
            reader.start_next()


def test_a_request_without_content() -> None:
    reader = reader_of(GET)
    assert reader.in_head
    head = reader.next_event()
    assert isinstance(head, RequestHead)
    assert (head.method, head.target, head.minor, head.keep_alive) == (b"GET", b"/x", 1, True)
    assert (head.kind, head.length, head.raw, head.offset) == ("none", 0, GET, 0)
    assert head.fields.pairs == ((b"Host", b"a"),)
    assert repr(head) == "<RequestHead b'GET' b'/x' 1.1 body=none:0>"
    assert reader.state is State.NO_BODY and not reader.in_head
    assert reader.next_event() is NO_TRAILERS
    assert reader.next_event() is PAUSED
    assert reader.next_event() is PAUSED
    reader.start_next()
    assert reader.next_event() is NEED_DATA
    assert reader.state is State.IDLE


def test_a_request_of_an_equal_head_is_equal() -> None:
    first, second = reader_of(GET).next_event(), reader_of(GET[:9], GET[9:]).next_event()
    assert first == second and hash(first) == hash(second)
    assert first != reader_of(GET.replace(b"/x", b"/y")).next_event()
    assert first != "GET"


def test_content_of_a_length() -> None:
    reader = reader_of(POST, b"hel")
    assert reader.body_left == 0
    reader.next_event()
    assert (reader.state, reader.body_left) == (State.LENGTH, 5)
    assert reader.next_event() == BodyPart(b"hel")
    assert reader.body_left == 2
    assert reader.next_event() is NEED_DATA
    reader.receive_data(b"lo" + GET)
    assert reader.next_event() == BodyPart(b"lo")
    assert (reader.body_left, reader.buffered) == (0, len(GET))
    assert reader.next_event() == BodyEnd()
    assert reader.next_event() is PAUSED
    reader.start_next()
    head = reader.next_event()
    assert isinstance(head, RequestHead)
    assert head.offset == len(POST) + 5


def test_content_in_chunks_and_its_trailers() -> None:
    reader = reader_of(CHUNKED, b"5\r\nhello\r\n0\r\nX")
    reader.next_event()
    assert (reader.state, reader.body_left) == (State.CHUNKED, None)
    assert reader.next_event() == BodyPart(b"hello")
    assert reader.next_event() is NEED_DATA
    assert (reader.state, reader.body_left) == (State.TRAILERS, None)
    reader.receive_data(b": y \r\n\r\n")
    end = reader.next_event()
    assert end == BodyEnd(((b"X", b"y"),)) and hash(end) == hash(BodyEnd(((b"X", b"y"),)))
    assert repr(end) == "<BodyEnd trailers=((b'X', b'y'),)>"
    assert (reader.state, reader.body_left) == (State.DONE, 0)


def test_body_parts_are_bytes_and_compare_by_them() -> None:
    reader = reader_of(POST, b"he", b"ll")
    reader.next_event()
    part = reader.next_event()
    assert isinstance(part, BodyPart) and type(part.data) is bytes
    assert part == BodyPart(b"hell") and hash(part) == hash(BodyPart(b"hell")) and part != b"hell"
    assert repr(part) == "<BodyPart 4 bytes>"
    assert repr(NEED_DATA) == "NEED_DATA"


def test_the_next_request_must_wait_for_the_end_of_this_one() -> None:
    reader = reader_of(POST)
    with pytest.raises(RuntimeError, match="not at its end: <RequestReader idle, 47 bytes unread>"):
        reader.start_next()
    reader.next_event()
    with pytest.raises(RuntimeError, match="not at its end: <RequestReader length, 0 bytes unread>"):
        reader.start_next()


def test_no_content_need_not_be_read_to_its_end() -> None:
    reader = reader_of(GET + GET)
    reader.next_event()
    reader.start_next()
    head = reader.next_event()
    assert isinstance(head, RequestHead) and head.offset == len(GET)


@pytest.mark.parametrize("end", [b"Connection: close\r\n\r\n", b"Connection: keep-alive, Close\r\n\r\n"])
def test_nothing_is_read_behind_close(end: bytes) -> None:
    reader = reader_of(GET[:-2] + end + GET)
    head = reader.next_event()
    assert isinstance(head, RequestHead) and not head.keep_alive
    reader.start_next()
    assert reader.state is State.CLOSED
    assert reader.next_event() is PEER_CLOSED
    assert reader.buffered == len(GET)


def test_the_peer_closes_between_requests() -> None:
    reader = reader_of(GET, b"")
    assert reader.eof
    reader.next_event()
    reader.start_next()
    assert reader.next_event() is PEER_CLOSED
    assert reader.state is State.CLOSED


def test_the_peer_closes_in_a_head() -> None:
    reader = reader_of(b"GET / HT", b"")
    with pytest.raises(RemoteProtocolError, match="the connection ended in the middle of a request head") as caught:
        reader.next_event()
    assert (caught.value.offset, caught.value.rule) == (8, "RFC 9112 8")


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        (POST + b"hel", "2 bytes of the content are missing"),
        (CHUNKED + b"5\r\nhello", "the last chunk is missing"),
        (CHUNKED + b"0\r\nX: y", "the trailer section is not finished"),
    ],
)
def test_the_peer_closes_in_content(body: bytes, missing: str) -> None:
    reader = reader_of(body, b"")
    with pytest.raises(FramingError) as caught:
        drain(reader)
    assert caught.value.message == f"the connection ended in the middle of a request body: {missing}"
    assert caught.value.offset == len(body)


def test_an_error_is_for_good() -> None:
    reader = reader_of(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n" + GET)
    with pytest.raises(ProtocolError) as first:
        reader.next_event()
    assert reader.state is State.ERROR
    reader.receive_data(GET)
    with pytest.raises(ProtocolError) as again:
        reader.next_event()
    assert first.value is again.value
    assert first.value.offset == 16
    assert str(first.value).endswith("at byte 16 (RFC 9112 5.1)")


def test_too_much_content_is_told_behind_its_head() -> None:
    reader = reader_of(GET + POST, limits=Limits(body=4))
    reader.next_event()
    reader.start_next()
    assert isinstance(reader.next_event(), RequestHead)
    with pytest.raises(LimitError) as caught:
        reader.next_event()
    assert (caught.value.status_hint, caught.value.offset) == (413, len(GET))
    assert caught.value.message == "content of 5 bytes is more than 4 (--limit-body)"


def test_offsets_count_from_the_start_of_the_connection() -> None:
    bad = b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"
    for parts in ([GET, GET, bad], [GET + GET + bad], [bytes([b]) for b in GET + GET + bad]):
        reader = RequestReader()
        with pytest.raises(FramingError) as caught:
            for part in parts:
                reader.receive_data(part)
                drain(reader)
        assert caught.value.offset == 2 * len(GET)


def test_the_rest_is_taken_for_another_protocol() -> None:
    reader = reader_of(GET, b"\x81\x05hello")
    reader.next_event()
    assert reader.take_rest() == b"\x81\x05hello"
    assert (reader.state, reader.buffered) == (State.SWITCHED, 0)
    assert reader.next_event() is PEER_CLOSED
    assert reader.take_rest() == b""


def test_expectations() -> None:
    for field, kept in ((b"Expect: 100-continue", True), (b"Expect: x", False), (b"X: y", False)):
        head = reader_of(POST[:-2] + field + b"\r\n\r\n").next_event()
        assert isinstance(head, RequestHead) and head.expects_continue is kept


class Counting:
    """A pattern that counts how often it is matched."""

    def __init__(self, pattern: Any) -> None:
        self.pattern = pattern
        self.calls = 0

    def match(self, *arguments: Any) -> Any:
        self.calls += 1
        return self.pattern.match(*arguments)


def test_a_dripping_head_is_not_matched_anew_for_each_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = Counting(grammar.request_head)
    monkeypatch.setattr("rawwfile.http.reader._match_head", counting.match)
    reader = RequestReader()
    for byte in GET[:-2] + b"X: " + b"v" * 3000 + b"\r\n\r\n":
        reader.receive_data(bytes([byte]))
        event = reader.next_event()
    assert isinstance(event, RequestHead)
    assert counting.calls == 2


PIECE = b"d" * 4096
GROWING = {
    "heads cut in the middle": (GET[:9], (GET[9:] + GET[:9]) * 500),
    "chunks cut in the size": (CHUNKED + b"10", (b"00\r\n" + PIECE + b"\r\n10") * 4),
    "chunks cut behind the data": (CHUNKED + b"1000\r\n" + PIECE, (b"\r\n1000\r\n" + PIECE) * 4),
    "chunks cut in the CR LF": (CHUNKED + b"1000\r\n" + PIECE + b"\r", (b"\n1000\r\n" + PIECE + b"\r") * 4),
    "one long chunk": (CHUNKED + b"fffffffffff\r\n", PIECE * 4),
    "one long content": (POST.replace(b"5", b"99999999999"), PIECE * 4),
    "content and heads": (POST[:3], (POST[3:] + b"hello" + POST[:3]) * 300),
    "empty lines and heads": (b"\r", (b"\n" + GET + b"\r") * 500),
    "chunked heads with trailers": (CHUNKED[:4], (CHUNKED[4:] + b"0\r\nX: y\r\n\r\n" + CHUNKED[:4]) * 200),
    "cut in the trailers": (CHUNKED + b"0\r\nX", (b": y\r\n\r\n" + CHUNKED + b"0\r\nX") * 200),
}


@pytest.mark.parametrize("name", GROWING)
def test_what_was_read_is_not_kept(name: str) -> None:
    first, piece = GROWING[name]
    reader = reader_of(first)
    drain(reader)
    most = 0
    for _ in range(40):
        reader.receive_data(piece)
        # The buffer itself, for `buffered` does not count what was read and is still kept.
        most = max(most, len(reader._buffer))
        drain(reader)
    assert most <= 65536 + 1024 + 2 * len(piece)


@pytest.mark.parametrize(
    "drip",
    [b"G", b"GET /" + b"x" * 50, GET[:-2] + b"X:", GET[:-2] + b"X: " + b"v" * 200, GET[:-2] + b"A: b\r\n" * 9, b"\r\n" * 9, CHUNKED + b"5;" + b"a" * 90,
     CHUNKED + b"0" * 90, CHUNKED + b"5;abcdef\r", CHUNKED + b"0\r\n" + b"A: b\r\n" * 9, CHUNKED + b"0\r\nX: " + b"v" * 200],
)  # fmt: skip
def test_what_is_not_read_is_bounded_by_the_limits(drip: bytes) -> None:
    limits = Limits(request_line=40, header_size=100, header_count=6, chunk_line=8, chunk_overhead=12, empty_lines=2)
    reader = RequestReader(limits)
    with pytest.raises(ProtocolError):
        for byte in drip + b"y" * 400:
            reader.receive_data(bytes([byte]))
            drain(reader)
            assert reader.buffered <= 4 + 42 + 100 + 2


@pytest.mark.parametrize(
    ("start", "status", "rule"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400, "RFC 9112 3.2"),
        (b"GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "RFC 9112 3.2"),
        (b"GET /" + b"x" * 20 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414, "RFC 9112 3"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX:" + b"y" * 40 + b"\r\n\r\n", 431, "RFC 6585 5"),
        (b"GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n", 431, "RFC 6585 5"),
        (b"P / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "RFC 9112 6.1"),
    ],
)
def test_whole_heads_that_are_refused(start: bytes, status: int, rule: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        reader_of(start, limits=Limits(request_line=20, header_size=40, header_count=3)).next_event()
    assert (caught.value.status_hint, caught.value.rule) == (status, rule)


def test_persistence_of_old_and_tunnelled_connections() -> None:
    for start, kept in (
        (b"GET / HTTP/1.0\r\n\r\n", False),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
        (b"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", False),
    ):
        head = reader_of(start).next_event()
        assert isinstance(head, RequestHead) and head.keep_alive is kept


def test_empty_lines_before_the_end_are_no_request() -> None:
    assert reader_of(b"\r\n\r\n", b"").next_event() is PEER_CLOSED
    assert reader_of(b"").next_event() is PEER_CLOSED


def test_start_next_says_whether_there_is_more() -> None:
    for more, expected in ((b"", False), (b"G", True), (GET, True)):
        reader = reader_of(GET + more)
        reader.next_event()
        assert reader.start_next() is expected
    reader = reader_of(GET, b"")
    reader.next_event()
    assert reader.start_next()
