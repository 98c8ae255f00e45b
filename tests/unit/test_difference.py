"""Comparing two recordings."""

from __future__ import annotations

import pytest

from rawwfile.tape.difference import Difference, differences
from rawwfile.tape.model import IN, OUT, Tape
from rawwfile.tape.reading import Crossing, add_connection, tape_of

REST = "response: bytes that belong to no message, from byte 0"


def get(path: bytes = b"/") -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\nHost: a\r\n\r\n"


def ok(content: bytes = b"hello", fields: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: %d\r\n\r\n" % len(content) + content


def tape(*pairs: tuple[bytes, bytes], pause: float = 0.0) -> Tape:
    crossed: list[Crossing] = []
    for number, (request, response) in enumerate(pairs):
        crossed += [(number * pause, IN, request), (number * pause + pause / 2, OUT, response)]
    return tape_of(crossed)


def found(left: bytes, right: bytes, **options: bool) -> list[tuple[str, str, str]]:
    return [
        (each.what, each.left, each.right) for each in differences(tape((get(), left)), tape((get(), right)), **options)
    ]


def test_the_same_is_the_same_whatever_the_time_and_the_pieces() -> None:
    left = tape((get(), ok()), (get(b"/x"), ok()))
    cut = [(5.0, IN, get()[:9]), (6.0, IN, get()[9:]), (7.0, OUT, ok()), (8.0, IN, get(b"/x")), (9.0, OUT, ok())]
    right = tape_of(cut)
    assert differences(left, right) == []


def test_date_does_not_count_in_any_case() -> None:
    assert found(ok(fields=b"Date: x\r\n"), ok(fields=b"date: y\r\n")) == []
    assert found(ok(fields=b"Date: x\r\n"), ok()) == []
    assert found(ok(fields=b"Server: x\r\n"), ok(fields=b"Server: y\r\n")) == [("response field Server", '"x"', '"y"')]


def run_on(port: int, host: bytes, location: bytes) -> Tape:
    request = b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"
    found = tape((request, ok(fields=b"Location: " + location + b"\r\n")))
    found.connections[1].local = f"127.0.0.1:{port}"
    return found


def test_the_port_that_a_run_listened_on_does_not_count() -> None:
    left = run_on(40001, b"127.0.0.1:40001", b"http://localhost:40001/x")
    assert differences(left, run_on(5002, b"127.0.0.1:5002", b"http://localhost:5002/x")) == []


@pytest.mark.parametrize(
    ("host", "location", "what"),
    [
        (b"localhost:5002", b"http://localhost:5002/x", ["request field Host"]),
        (b"127.0.0.1:5003", b"http://localhost:5002/x", ["request field Host"]),
        (b"127.0.0.1:50020", b"http://localhost:5002/x", ["request field Host"]),
        (b"127.0.0.1:5002", b"http://example.com:5002/x", ["response field Location"]),
        (b"127.0.0.1:5002", b"http://my-localhost:5002/x", ["response field Location"]),
        (b"127.0.0.1:5002", b"http://localhost:5002/y", ["response field Location"]),
    ],
)
def test_another_address_does(host: bytes, location: bytes, what: list[str]) -> None:
    left = run_on(40001, b"127.0.0.1:40001", b"http://localhost:40001/x")
    assert [each.what for each in differences(left, run_on(5002, host, location))] == what


def test_more_fields_can_be_ignored() -> None:
    left, right = tape((get(), ok(fields=b"Server: x\r\n"))), tape((get(), ok(fields=b"Server: y\r\n")))
    assert differences(left, right, ignored={b"server"}) == []


@pytest.mark.parametrize(
    ("left", "right", "what"),
    [
        (ok(), b"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello", ["response status", "response reason"]),
        (ok(), ok().replace(b"1.1", b"1.0"), ["response version", "connection afterwards"]),
        (ok(), ok(b"hellO"), ["response content, from byte 4"]),
        (ok(fields=b"X: 1\r\n"), ok(), ["response field X"]),
        (ok(fields=b"X: \r\n"), ok(), ["response field X"]),
        (ok(fields=b"X: 1\r\n"), ok(fields=b"x: 1\r\n"), ["response field name"]),
        (ok(fields=b"X: 1\r\nY: 2\r\n"), ok(fields=b"Y: 2\r\nX: 1\r\n"), ["order of the response fields"]),
        (ok(fields=b"X: 1\r\nX: 2\r\n"), ok(fields=b"X: 2\r\nX: 1\r\n"), ["response field X"]),
        (ok(fields=b"X: 1\r\n"), ok(fields=b"X:1\r\n"), ["response head, byte for byte, from byte 19"]),
        (ok(), ok() + b"!", [REST, "verdict", "connection afterwards"]),
        (ok(), b"HTTP/1.1 103 Early Hints\r\n\r\n" + ok(), ["interim responses"]),
        (ok(), ok()[:-1], ["response content, from byte 4", "verdict", "connection afterwards"]),
    ],
)  # fmt: skip
def test_what_differs_is_named(left: bytes, right: bytes, what: list[str]) -> None:
    assert [each[0] for each in found(left, right)] == what
    assert [each[0] for each in found(right, left)] == what


def test_trailers_and_framing() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    one, other = head + b"2\r\nok\r\n0\r\nX: 1\r\n\r\n", head + b"1\r\no\r\n1\r\nk\r\n0\r\nX: 2\r\n\r\n"
    assert found(one, other) == [("response trailer field X", '"1"', '"2"')]


def test_requests_are_compared_unless_they_are_known_to_be_the_same() -> None:
    left, right = tape((get(b"/a"), ok())), tape((get(b"/b"), ok()))
    assert [each.what for each in differences(left, right)] == ["request target"]
    assert differences(left, right, responses_only=True) == []


def test_a_missing_exchange_is_named_and_the_others_are_still_matched() -> None:
    left = tape((get(b"/a"), ok()), (get(b"/b"), ok()), (get(b"/c"), ok(b"1")))
    right = tape((get(b"/a"), ok()), (get(b"/c"), ok(b"2")))
    assert [(each.where, each.what, each.left) for each in differences(left, right)] == [
        ("exchange 2, GET /b", "recorded", "yes"),
        ("exchange 3, GET /c", "response content, from byte 0", '1 bytes, from 0 "1"'),
    ]


def test_the_number_of_connections_counts() -> None:
    left, right = tape((get(), ok())), tape((get(), ok()))
    add_connection(right, [])
    assert [str(each) for each in differences(left, right)] == ["recording: connections: 1 | 2"]


def test_long_content_is_shown_around_the_first_byte_that_differs() -> None:
    left, right = b"a" * 1000 + b"\r\n\x1b", b"a" * 1000 + b"\rX"
    (what, one, other), *_ = [each for each in found(ok(left), ok(right)) if "content" in each[0]]
    assert what == "response content, from byte 1001"
    assert one == '1003 bytes, from 993 "aaaaaaa\\r\\n\\x1b"'
    assert other == '1002 bytes, from 993 "aaaaaaa\\rX"'


def test_as_text_and_json() -> None:
    one = Difference("exchange 1", "verdict", "", "x")
    assert str(one) == "exchange 1: verdict: (none) | x"
    assert one.as_dict() == {"where": "exchange 1", "what": "verdict", "left": "", "right": "x"}


def test_secrets_are_neither_compared_nor_told_unless_asked_for() -> None:
    masked, clear = ok(fields=b"Set-Cookie: sid=***; Path=/\r\n"), ok(fields=b"Set-Cookie: sid=abc; Path=/\r\n")
    assert found(masked, clear) == []
    assert found(ok(fields=b"Set-Cookie: sid=****\r\n"), clear) == [
        ("response field Set-Cookie", '"sid=****"', '"sid=***; Path=/"')
    ]
    [(_, left, right)] = found(masked, clear, secrets=True)
    assert "***" in left and "abc" in right
