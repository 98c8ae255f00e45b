"""The strict reader of chunks, on its own. More cases stand in tests/protocol/table_chunked.py."""

from __future__ import annotations

import pytest

from rawwfile.errors import FramingError, LimitError
from rawwfile.http.chunked import ChunkedBody
from rawwfile.http.limits import DEFAULT_LIMITS, Limits


def pieces(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[list[bytes], int]:
    """The pieces of data in a whole chunked body, and where its trailers begin."""
    body = ChunkedBody(limits, 0)
    found = []
    while piece := body.next_data(data, 0):
        found.append(data[slice(*piece)])
    assert piece == ()
    return found, body.position


def fault(data: bytes, limits: Limits = DEFAULT_LIMITS) -> FramingError | LimitError:
    """The error that the body raises, its offset counted from 1000."""
    body = ChunkedBody(limits, 0)
    with pytest.raises((FramingError, LimitError)) as caught:
        while body.next_data(data, 1000):
            pass
    return caught.value


def test_chunks_to_the_last_one() -> None:
    assert pieces(b"3\r\nabc\r\n1;x=y\r\nd\r\n0\r\nrest") == ([b"abc", b"d"], 21)
    assert pieces(b"000\r\n\r\n") == ([], 5)


def test_a_chunk_comes_in_pieces_and_nothing_is_asked_twice() -> None:
    body = ChunkedBody(DEFAULT_LIMITS, 0)
    data = b"3\r\nabc\r\n2\r\nde\r\n0\r\n"
    told = []
    for size in range(len(data) + 1):
        while piece := body.next_data(data[:size], 0):
            told.append(data[slice(*piece)])
    assert told == [b"a", b"b", b"c", b"d", b"e"]
    assert piece == ()


def test_the_buffer_may_move() -> None:
    body = ChunkedBody(DEFAULT_LIMITS, 0)
    assert body.next_data(b"3\r\nabc\r\n2", 0) == (3, 6)
    assert body.next_data(b"3\r\nabc\r\n2", 0) is None
    body.shift(8)
    assert (body.position, body.searched) == (0, 0)
    assert body.next_data(b"2\r\nde", 8) == (3, 5)


def test_a_long_line_is_searched_once() -> None:
    body = ChunkedBody(DEFAULT_LIMITS, 0)
    line = bytearray()
    for byte in b"5;" + b"a" * 1000:
        line.append(byte)
        assert body.next_data(line, 0) is None
        assert body.searched >= len(line) - 1


@pytest.mark.parametrize(
    ("data", "offset", "message"),
    [
        (b"g", 1000, "a chunk size begins with b'g'; write hex digits"),
        (b"\r\n", 1000, "a chunk size begins with b'\\r'; write hex digits"),
        (b"5x\r\n", 1000, "not a chunk-size line: b'5x'; write hex digits and CR LF"),
        (b"5\n", 1001, "a line that ends in LF alone (end it with CR LF) in a chunk-size line"),
        (b"5\rx", 1001, "a CR that no LF follows in a chunk-size line"),
        (b"5;\x00", 1002, "control character 0x00 in a chunk-size line"),
        (b"1\r\nabc", 1004, "chunk data goes on after its size: b'b' where CR LF must stand"),
        (b"1\r\na\rX", 1005, "chunk data goes on after its size: b'\\rX' where CR LF must stand"),
        (b"1" * 16 + b"\r\n", 1000, "chunk size of more than 15 hex digits"),
    ],
)
def test_faults_are_named_with_their_place(data: bytes, offset: int, message: str) -> None:
    error = fault(data)
    assert isinstance(error, FramingError)
    assert (error.message, error.offset, error.rule) == (message, offset, "RFC 9112 7.1")


@pytest.mark.parametrize(
    ("data", "offset", "status", "message"),
    [
        (b"5;abcdefgh", 1008, 400, "chunk-size line of more than 8 bytes"),
        (b"1;aaaa\r\na\r\n1;aaaa\r\n", 1011, 400, "chunk extensions of more than 9 bytes in all"),
        (b"3\r\nabc\r\n3\r\n", 1011, 413, "content of more than 5 bytes (--limit-body)"),
    ],
)
def test_limits_are_named_with_their_place(data: bytes, offset: int, status: int, message: str) -> None:
    error = fault(data, Limits(body=5, chunk_line=8, chunk_overhead=9))
    assert isinstance(error, LimitError)
    assert (error.message, error.offset, error.status_hint) == (message, offset, status)


def test_a_line_that_never_ends_is_not_kept_for_ever() -> None:
    # A CR just at the limit once made the limit forgotten.
    limits = Limits(chunk_line=8)
    body = ChunkedBody(limits, 0)
    line = bytearray(b"5;abcdef\r")
    assert body.next_data(line, 0) is None
    line += b"x"
    with pytest.raises(FramingError, match="a CR that no LF follows"):
        body.next_data(line, 0)
