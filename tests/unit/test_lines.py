"""The scanner of heads that are incomplete or wrong: what it says, where, and that it goes on where it stopped."""

from __future__ import annotations

import pytest

from rawwfile.errors import LimitError, RemoteProtocolError
from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from rawwfile.http.lines import LineScanner, check_request_line, explain_field_line, misplaced

HOST = b"GET / HTTP/1.1\r\nHost: a\r\n"


def scan(data: bytes, base: int = 0, limits: Limits = DEFAULT_LIMITS, *, head: bool = True) -> LineScanner:
    """A scanner that has read the whole section in `data`."""
    scanner = LineScanner(limits, 0, check_request_line if head else None)
    assert scanner.scan(data, base)
    return scanner


def fault(data: bytes, base: int = 0, limits: Limits = DEFAULT_LIMITS, *, head: bool = True) -> RemoteProtocolError:
    """The error that a scanner raises on `data`."""
    with pytest.raises(RemoteProtocolError) as caught:
        LineScanner(limits, 0, check_request_line if head else None).scan(data, base)
    return caught.value


def test_a_whole_head() -> None:
    scanner = scan(HOST + b"\r\nrest")
    assert (scanner.first_line, scanner.line_start, scanner.count) == (0, len(HOST) + 2, 1)


def test_empty_lines_before_it() -> None:
    scanner = scan(b"\r\n\r\n" + HOST + b"\r\n")
    assert (scanner.first_line, scanner.section_start) == (4, 20)


def test_a_trailer_section() -> None:
    assert scan(b"A: 1\r\nB: 2\r\n\r\n", head=False).count == 2
    assert scan(b"\r\n", head=False).line_start == 2


def test_it_goes_on_where_it_stopped_and_its_buffer_may_move() -> None:
    data = HOST + b"X: " + b"v" * 100 + b"\r\n\r\n"
    read = 20
    buffer = bytearray(b"-" * read)
    scanner = LineScanner(DEFAULT_LIMITS, read, check_request_line)
    for at, byte in enumerate(data):
        buffer.append(byte)
        if at == 50:
            del buffer[:read]
            scanner.shift(read)
        assert scanner.scan(buffer, 0) is (at == len(data) - 1)
        assert scanner.seen >= len(buffer) - 1
    assert (scanner.first_line, scanner.line_start) == (0, len(data))


@pytest.mark.parametrize(
    ("data", "offset", "rule", "message"),
    [
        (b"\x16\x03\x01", 0, "RFC 9110 4.2.2", "TLS hello on a plain-HTTP port (first byte 0x16); use http://, or start the server with --tls-cert"),
        (b"GET /\x00", 5, "RFC 9110 5.5", "control character 0x00 in a request head"),
        (b"G\x16", 1, "RFC 9110 5.5", "control character 0x16 in a request head"),
        (b"GET / HTTP/1.1\rH", 14, "RFC 9112 2.2", "a CR that no LF follows in a request head"),
        (b"GET / HTTP/1.1\n", 14, "RFC 9112 2.2", "a line that ends in LF alone (end it with CR LF) in a request head"),
        (b"\n", 0, "RFC 9112 2.2", "a line that ends in LF alone (end it with CR LF) in a request head"),
        (HOST + b"\n", 25, "RFC 9112 2.2", "a line that ends in LF alone (end it with CR LF) in a request head"),
        (HOST + b"X y\r\n", 25, "RFC 9112 5", "field line without a colon: b'X y'"),
        (HOST + b"X : y\r\n", 25, "RFC 9112 5.1", "field name ends in a space: b'X '; remove the space before \":\""),
        (HOST + b": y\r\n", 25, "RFC 9110 5.1", "field without a name: b': y'"),
        (HOST + b"X(: y\r\n", 25, "RFC 9110 5.1", "not a field name: b'X('"),
        (HOST + b" y\r\n", 25, "RFC 9112 5.2", "line folding, or space before the first field: b' y'; write one field on one line"),
        (b"\r\n" * 9, 16, "RFC 9112 2.2", "more than 8 empty lines before a request"),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_place(data: bytes, offset: int, rule: str, message: str) -> None:
    error = fault(data)
    assert (error.message, error.offset, error.rule, error.status_hint) == (message, offset, rule, 400)
    if data[:1] != b"\x16":
        assert fault(data, base=1000).offset == offset + 1000


def test_a_tls_hello_is_only_so_called_at_the_start() -> None:
    assert fault(b"\x16\x03", base=5).message == "control character 0x16 in a request head"


@pytest.mark.parametrize(
    ("data", "offset", "status"),
    [
        (b"GET /" + b"x" * 40, 20, 414),
        (b"M" * 21, 20, 501),
        (HOST + b"X: " + b"v" * 40, 16 + 30, 431),
        (HOST + b"A:\r\nB:\r\nC:", 33, 431),
    ],
)
def test_limits_are_named_with_their_place(data: bytes, offset: int, status: int) -> None:
    error = fault(data, limits=Limits(request_line=20, header_size=30, header_count=3))
    assert isinstance(error, LimitError)
    assert (error.offset, error.status_hint) == (offset, status)
    assert "--limit-" in error.message


def test_the_fault_that_stands_first_wins() -> None:
    assert fault(b"GET /\rx\x00\n").offset == 5
    assert fault(b"GET /\x00x\rx\n").offset == 5
    assert fault(b"GET /xx\n\x00").offset == 7
    tight = Limits(request_line=6)
    assert isinstance(fault(b"GET /xx\x00", limits=tight), LimitError)
    assert not isinstance(fault(b"GET /\x00xx", limits=tight), LimitError)


def test_at_one_place_the_limit_wins_over_a_bare_cr() -> None:
    error = fault(b"GET / HTTP/1.1\r\nX: v\rv", limits=Limits(header_size=4))
    assert (error.status_hint, error.offset) == (431, 20)


@pytest.mark.parametrize(
    ("buffer", "start", "seen", "newline", "expected"),
    [
        (b"abc", 0, 0, -1, None),
        (b"abc\r", 0, 0, -1, None),
        (b"abc\r\n", 0, 0, 4, None),
        (b"ab\rc", 0, 0, -1, (2, "a CR that no LF follows")),
        (b"\r\r\n", 0, 0, 2, (0, "a CR that no LF follows")),
        (b"a\tb\x7f", 0, 0, -1, (3, "control character 0x7f")),
        (b"x\r\n", 2, 2, 2, (2, "a line that ends in LF alone (end it with CR LF)")),
    ],
)
def test_misplaced(buffer: bytes, start: int, seen: int, newline: int, expected: tuple[int, str] | None) -> None:
    assert misplaced(buffer, start, seen, newline) == expected


@pytest.mark.parametrize("line", [b"GET / HTTP/1.1", b"x * HTTP/1.0", b"M-SEARCH /a?b=|c HTTP/1.9"])
def test_good_request_lines(line: bytes) -> None:
    check_request_line(line, 0)


@pytest.mark.parametrize(
    ("line", "status", "message"),
    [
        (b"GET / HTTP/2.0", 505, "HTTP version HTTP/2.0 is not spoken here; use HTTP/1.1"),
        (b"GET /", 400, "request line does not end in an HTTP version: b'GET /'"),
        (b"GET / http/1.1", 400, "request line does not end in an HTTP version: b'GET / http/1.1'"),
        (b"GET  / HTTP/1.1", 400, "request line is not METHOD SP TARGET SP VERSION: b'GET  / HTTP/1.1'"),
        (b"G@T / HTTP/1.1", 400, "request line is not METHOD SP TARGET SP VERSION: b'G@T / HTTP/1.1'"),
        (b"GET /#a HTTP/1.1", 400, "request target with '#' or a byte that is not visible ASCII: b'GET /#a HTTP/1.1'; percent-encode it"),
        (b"GET /\xe9 HTTP/1.1", 400, "request target with '#' or a byte that is not visible ASCII: b'GET /\\xe9 HTTP/1.1'; percent-encode it"),
    ],
)  # fmt: skip
def test_wrong_request_lines(line: bytes, status: int, message: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        check_request_line(line, 7)
    assert (caught.value.status_hint, caught.value.message, caught.value.offset) == (status, message, 7)


def test_a_tab_at_the_start_is_folding() -> None:
    assert explain_field_line(b"\tX", 3).rule == "RFC 9112 5.2"
