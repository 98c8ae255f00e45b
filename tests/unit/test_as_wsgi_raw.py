"""rawwfile.adapters.as_wsgi: what a handler writes on response.wfile, as a WSGI host gets it."""

from __future__ import annotations

import re

import pytest

from rawwfile import ClientDisconnected, request, response
from rawwfile.adapters.as_wsgi import CannotHandOver
from tests.unit.hosted import hosted

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
TEXT = ("Content-Type", "text/plain")


def writing(*pieces):
    """A handler that writes these pieces, each at once."""

    def handler():
        for piece in pieces:
            response.wfile.write(piece)
        response.sendResponse = 0

    return handler


CASES = {
    "counted": (OK + b"Content-Length: 5\r\n\r\nhello", "200 OK", [TEXT, ("Content-Length", "5")], b"hello"),
    "open": (OK + b"\r\nhello", "200 OK", [TEXT], b"hello"),
    "no reason": (b"HTTP/1.1 200\r\nContent-Type: text/plain\r\n\r\nhello", "200 OK", [TEXT], b"hello"),
    "an unknown status": (b"HTTP/1.1 299\r\nContent-Type: text/plain\r\n\r\n", "299 ", [TEXT], b""),
    "chunked": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n003;x=y\r\nllo\r\n0\r\n\r\n", "200 OK", [TEXT], b"hello",
    ),
    "chunked with trailers": (
        OK + b"Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n",
        "200 OK", [TEXT], b"hello",
    ),
    "fields of the connection": (
        OK + b"Connection: close\r\nKeep-Alive: 5\r\nX-Mine: 1\r\nDate: today\r\nServer: mine\r\n\r\n",
        "200 OK", [TEXT, ("X-Mine", "1"), ("Date", "today"), ("Server", "mine")], b"",
    ),
    "bare line feeds": (b"HTTP/1.1 200 OK\nContent-Type: text/plain\n\nhello", "200 OK", [TEXT], b"hello"),
    "a folded line": (OK + b"X-Long: a\r\n\tb\r\n\r\n", "200 OK", [TEXT, ("X-Long", "a b")], b""),
    "two cookies": (
        OK + b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n", "200 OK",
        [TEXT, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b"",
    ),
    "204": (b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", "204 No Content", [], b""),
    "304": (OK.replace(b"200 OK", b"304 Not Modified") + b"ETag: x\r\n\r\n", "304 Not Modified", [("ETag", "x")], b""),
    "interim": (
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"\r\nhi",
        "200 OK", [TEXT], b"hi",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_response_is_the_same_however_it_is_cut_into_writes(name):
    data, status, fields, content = CASES[name]
    cuts = [[data], [data[i : i + 1] for i in range(len(data))], *([data[:i], data[i:]] for i in range(1, len(data)))]
    for pieces in cuts:
        got = hosted(writing(*pieces))
        assert (got.error, got.status, got.fields, got.content) == (None, status, fields, content), pieces
        assert not got.iterated


def test_each_piece_of_content_is_the_hosts_before_the_next_is_written():
    seen = []

    def handler():
        response.wfile.write("HTTP/1.1 200\r\n")
        response.wfile.write("Content-Type: text/plain\r\n\r\n")
        for line in ("First line.\n", "Second line.\n", "Third and last line"):
            response.wfile.write(line)
            seen.append(request.wsgi_environ["tests.host"].written[:])
        response.sendResponse = 0
        return ""

    got = hosted(handler)
    lines = [b"First line.\n", b"Second line.\n", b"Third and last line"]
    assert seen == [lines[:1], lines[:2], lines]
    assert got.written == lines and got.error is None


def test_on_head_only_the_head_is_handed_over():
    got = hosted(writing(OK + b"Content-Length: 5\r\n\r\nhello"), REQUEST_METHOD="HEAD")
    assert (got.error, got.status, got.get("Content-Length"), got.content) == (None, "200 OK", "5", b"")


def test_a_handler_may_leave_send_response_at_one():
    def handler():
        response.wfile.write(OK + b"\r\nhello")
        return "never seen"

    got = hosted(handler)
    assert (got.error, got.content) == (None, b"hello")


# What WSGI has no words for.

FAULTS = {
    "garbage": (b"Hello, I am no HTTP.\n", "b'Hello, I am no HTTP"),
    "less than a head": (b"HTTP/1.1 200 OK\r\nContent-Ty", "only b'HTTP/1.1 200 OK"),
    "nothing": (b"", "no final response"),
    "only interim": (b"HTTP/1.1 103 Early Hints\r\n\r\n", "no final response"),
    "101": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", "101 is no status"),
    "600": (b"HTTP/1.1 600 Odd\r\n\r\n", "600 is no status"),
    "two lengths": (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "given twice, and differently"),
    "no number": (OK + b"Content-Length: five\r\n\r\nhello", "is not a number of bytes"),
    "length and chunks": (
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "both Content-Length and",
    ),
    "another coding": (OK + b"Transfer-Encoding: gzip\r\n\r\nhello", "does not end in chunked"),
    "content on 204": (b"HTTP/1.1 204 No Content\r\n\r\nhello", "a 204 response has no content"),
    "a bad field": (OK + b"X Y: 1\r\n\r\nhello", "'X Y'"),
    "a control character": (OK + b"X: \x01\r\n\r\nhello", "'X'"),
    "an endless head": (OK + b"X: " + b"x" * 70_000, "is no HTTP response"),
}  # fmt: skip

LATE = {
    "short": (OK + b"Content-Length: 10\r\n\r\nhello", "5 bytes shorter than its Content-Length"),
    "excess": (OK + b"Content-Length: 5\r\n\r\nhello, world", "more than its Content-Length .first extra: b', world'"),
    "no last chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "no last chunk"),
    "bad chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello!", "not chunked as it says"),
    "bad size": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nworld", "not chunked as it says"),
    "after the chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nx", "after the last chunk"),
    "endless trailers": (
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: " + b"x" * 70_000, "trailer fields do not end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [*FAULTS, "excess"])
def test_before_any_content_a_page_says_what_is_wrong(name, caplog):
    data, message = {**FAULTS, **LATE}[name]
    got = hosted(writing(data))
    assert got.error is None
    assert got.status == "500 Internal Server Error"
    assert "cannot be handed to the WSGI host" in got.content.decode()
    assert re.search(message, got.content.decode())
    assert re.search(message, caplog.text)


@pytest.mark.parametrize("name", LATE)
def test_after_some_content_an_exception_makes_the_host_cut(name):
    data, message = LATE[name]
    at = data.index(b"hello") + 5
    got = hosted(writing(data[:at], data[at:]))
    assert got.written == [b"hello"]
    with pytest.raises(CannotHandOver, match=message):
        raise got.error


def test_a_handler_that_ignores_the_fault_cannot_go_on():
    errors = []

    def handler():
        response.wfile.write(OK + b"Content-Length: 5\r\n\r\nhello")
        for _ in range(2):
            try:
                response.wfile.write(b"more")
            except CannotHandOver as error:
                errors.append(error)
        response.sendResponse = 0

    got = hosted(handler)
    assert len(errors) == 2 and got.written == [b"hello"]
    assert isinstance(got.error, CannotHandOver)


# Errors, and clients that leave.


class Broken(Exception):
    """Raised by a handler."""


def failing(*pieces):
    def handler():
        response.sendResponse = 0
        for piece in pieces:
            response.wfile.write(piece)
        raise Broken("halfway")

    return handler


def test_an_error_before_the_first_byte_is_a_page():
    got = hosted(failing())
    assert (got.error, got.status) == (None, "500 Internal Server Error")


def test_an_error_in_content_that_only_its_end_delimits_makes_the_host_cut():
    got = hosted(failing(OK + b"\r\nhello"))
    assert got.written == [b"hello"]
    assert isinstance(got.error, Broken)


def test_an_error_after_a_whole_response_is_logged_alone(caplog):
    got = hosted(failing(OK + b"Content-Length: 5\r\n\r\nhello"))
    assert (got.error, got.content) == (None, b"hello")
    assert "Broken" in caplog.text


def test_a_lost_client_is_told_as_everywhere_and_the_hosts_error_goes_back_to_it():
    raised = []

    def handler():
        response.sendResponse = 0
        response.wfile.write(OK + b"\r\n")
        try:
            for _ in range(5):
                response.wfile.write(b"piece")
        except ClientDisconnected as error:
            raised.append(error)
            raise

    got = hosted(handler, fails_after=2)
    assert got.written == [b"piece"] * 2
    assert len(raised) == 1
    assert isinstance(got.error, ConnectionResetError) and "the host's client" in str(got.error)


def test_early_hints_go_to_a_host_that_has_them(caplog):
    hints = []
    data = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + OK + b"\r\nhi"
    with caplog.at_level("INFO", "rawwfile"):
        got = hosted(writing(data), **{"wsgi.early_hints": hints.append})
    assert hints == [[("Link", "</a>")]]
    assert got.content == b"hi"
    assert "102 Processing is left out" in caplog.text


def test_trailers_go_to_a_host_that_has_them(caplog):
    trailers = []
    data = CASES["chunked with trailers"][0]
    assert hosted(writing(data), **{"rawwfile.trailers": trailers.append}).content == b"hello"
    assert trailers == [{"X-Sum": "5"}]
    with caplog.at_level("INFO", "rawwfile"):
        hosted(writing(data))
    assert "X-Sum are left out" in caplog.text
