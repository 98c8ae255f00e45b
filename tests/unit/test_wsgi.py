"""rawwfile.adapters.wsgi: environ and start_response of PEP 3333."""

from __future__ import annotations

import logging
import re
import sys
from wsgiref.validate import validator

import pytest

from rawwfile.adapters.wsgi import FileWrapper, WsgiApplication, environ_of
from rawwfile.errors import HTTPError
from rawwfile.settings import Settings
from tests.unit.wire import exchange_for
from tests.unit.wsgi_applications import PLAIN, Chunks, answer, giving


@pytest.mark.parametrize(
    "request_text",
    [
        "GET /a%20b?x=1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://b/c HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\nCookie: c=d\r\n\r\n",
    ],
)
def test_the_validator_of_the_standard_library_agrees(request_text):
    got = []

    @validator
    def app(environ, start_response):
        got.append(environ["wsgi.input"].read(10))
        start_response("200 OK", [*PLAIN, ("Content-Length", "5")])
        return [b"hello"]

    exchange, lines, content = answer(app, request_text)
    assert lines[0] == "HTTP/1.1 200 OK"
    assert content == (b"" if "HEAD" in request_text else b"hello")
    assert got == [b"hello" if "POST" in request_text else b""]
    assert exchange.end == "complete"


def test_the_validator_agrees_with_write_and_lines():
    @validator
    def app(environ, start_response):
        lines = environ["wsgi.input"].readlines()
        write = start_response("200 OK", PLAIN)
        for line in lines:
            write(line)
        environ["wsgi.errors"].write("")
        return [b"end"]

    _, lines, content = answer(app, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\na\nb\n")
    assert "Transfer-Encoding: chunked" in lines
    assert content == b"2\r\na\n\r\n2\r\nb\n\r\n3\r\nend\r\n0\r\n\r\n"


def test_environ():
    request = (
        "POST /caf%C3%A9/a%2Fb?x=%20&y HTTP/1.1\r\nHost: example.org\r\nX-One: 1\r\nx-one: 2\r\n"
        "X_One: spoofed\r\nCONTENT_LENGTH: 99\r\nCookie: a=b\r\nCookie: c=d\r\nContent-Type: text/a\r\n"
        "X-Latin: \xe9\r\nContent-Length: 3\r\n\r\nabc"
    )
    exchange = exchange_for(request)
    environ = environ_of(exchange)
    rfile = environ.pop("wsgi.input")
    assert rfile is exchange.request.rfile
    assert type(environ) is dict
    assert environ == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/caf\xc3\xa9/a/b",
        "QUERY_STRING": "x=%20&y",
        "REQUEST_URI": "/caf%C3%A9/a%2Fb?x=%20&y",
        "RAW_URI": "/caf%C3%A9/a%2Fb?x=%20&y",
        "SERVER_NAME": "192.0.2.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": Settings().server_name,
        "REMOTE_ADDR": "192.0.2.9",
        "REMOTE_PORT": "4321",
        "CONTENT_TYPE": "text/a",
        "CONTENT_LENGTH": "3",
        "HTTP_HOST": "example.org",
        "HTTP_X_ONE": "1,2",
        "HTTP_COOKIE": "a=b; c=d",
        "HTTP_X_LATIN": "\xe9",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }


@pytest.mark.parametrize(
    ("wire", "name", "port"),
    [
        ({"local": ("::1", 8000)}, "[::1]", "8000"),
        ({"local": ("", 0)}, "localhost", "80"),
        ({"local": ("", 0), "scheme": "https"}, "localhost", "443"),
    ],
)
def test_the_servers_name_is_never_empty(wire, name, port):
    environ = environ_of(exchange_for(settings=Settings(workers=2), **wire))
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == (name, port)
    assert environ["wsgi.multiprocess"] is True
    assert environ["wsgi.url_scheme"] == wire.get("scheme", "http")


def test_the_response_has_the_applications_fields_and_the_engines():
    fields = [("X-A", "1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-B", "\xe9")]
    _, lines, _ = answer(giving([b"x"], "299 Odd Thing", fields))
    assert lines[:4] == ["HTTP/1.1 299 Odd Thing", "X-A: 1", "Set-Cookie: a=1", "Set-Cookie: b=2"]
    assert {line.partition(":")[0] for line in lines[4:]} == {"X-B", "Content-Length", "Date", "Server"}


def test_start_response_may_come_with_the_first_chunk():
    def app(environ, start_response):
        yield b""
        start_response("201 Created", PLAIN)
        yield b"x"

    assert answer(app)[1][0] == "HTTP/1.1 201 Created"


def test_exc_info_replaces_the_answer_before_the_first_byte():
    def app(environ, start_response):
        start_response("200 OK", [("X-First", "1")])
        yield b""
        try:
            raise ValueError("early")
        except ValueError:
            start_response("503 Later", PLAIN, sys.exc_info())
        yield b"sorry"

    _, lines, content = answer(app)
    assert lines[0] == "HTTP/1.1 503 Later"
    assert "X-First: 1" not in lines
    assert b"sorry" in content


@pytest.mark.parametrize("by_write", [False, True])
def test_exc_info_after_the_first_byte_raises_the_error_again(by_write, caplog):
    def app(environ, start_response):
        write = start_response("200 OK", PLAIN)
        write(b"x" if by_write else b"")
        yield b"" if by_write else b"x"
        try:
            raise ValueError("late")
        except ValueError:
            start_response("500 Oops", PLAIN, sys.exc_info())

    exchange, lines, content = answer(app)
    assert lines[0] == "HTTP/1.1 200 OK"
    assert content == b"1\r\nx\r\n"
    assert exchange.cut
    assert "late" in caplog.text and "Traceback" in caplog.text


def test_a_second_start_response_is_refused():
    def app(environ, start_response):
        start_response("200 OK", PLAIN)
        start_response("200 OK", PLAIN)

    with pytest.raises(AssertionError, match="called again without exc_info"):
        WsgiApplication(app)(exchange_for())


@pytest.mark.parametrize("make", [list, iter])
@pytest.mark.parametrize("chunks", [[b"x"], []])
def test_an_application_that_never_calls_start_response_is_told_so(make, chunks, caplog):
    events = []
    for result in (make(chunks), Chunks(make(chunks), events)):

        def app(environ, start_response, result=result):
            return result

        assert answer(app)[1][0] == "HTTP/1.1 500 Internal Server Error"
        assert re.search("the WSGI application .*app gave its answer without", caplog.text)
        caplog.clear()
    assert events[-1] == "closed"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, TypeError),
        ("OK", ValueError),
        ("200OK", ValueError),
        ("20 OK", ValueError),
        ("103 Early Hints", ValueError),
        ("200 OK\r\nX: y", ValueError),
    ],
)
def test_bad_statuses_are_refused(status, error):
    with pytest.raises(error, match="status must be"):
        WsgiApplication(giving([b"x"], status))(exchange_for())


@pytest.mark.parametrize(
    ("field", "error"),
    [(("X", 5), TypeError), ((b"X", "y"), TypeError), (("X", "a\nb"), ValueError), (("X Y", "z"), ValueError)],
)
def test_bad_fields_are_an_error_page(field, error):
    app = giving([b"x"], fields=[("X-App", "1"), field])
    with pytest.raises(error):
        WsgiApplication(app)(exchange_for())
    assert "X-App: 1" not in answer(app)[1]


def test_fields_of_the_connection_are_left_out_and_logged_once(caplog):
    fields = [
        ("Connection", "close"),
        ("transfer-encoding", "chunked"),
        ("Keep-Alive", "5"),
        ("Proxy-Authenticate", "x"),
        ("Upgrade", "x"),
        ("Trailer", "x"),
        ("TE", "x"),
        ("Status", "404 Not Found"),
        ("X-Mine", "1"),
    ]
    application = WsgiApplication(giving([b"x"], fields=fields))
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            exchange = exchange_for()
            exchange.run(application)
    head = exchange.channel.pieces[0].decode()
    assert head.startswith("HTTP/1.1 200 OK\r\nX-Mine: 1\r\nContent-Length: 1\r\n")
    assert exchange.keep
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 8
    assert "sets Connection; that is the server's" in caplog.text


def test_the_class_form_of_an_application():
    class App:
        def __init__(self, environ, start_response):
            start_response("200 OK", PLAIN)

        def __iter__(self):
            yield b"class"

    exchange, _, content = answer(App)
    assert content == b"5\r\nclass\r\n0\r\n\r\n"
    assert exchange.handler is App


def test_connect_is_not_passed_on():
    with pytest.raises(HTTPError) as raised:
        WsgiApplication(giving([]))(exchange_for("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"))
    assert raised.value.status == 501


def test_what_a_wsgi_application_may_not_name():
    application = WsgiApplication(giving([]))
    assert application.rawwfile_application is True
    assert application.server_owns("Connection")
    assert not application.server_owns("Proxy-Status")
