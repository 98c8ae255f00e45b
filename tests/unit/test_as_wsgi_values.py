"""rawwfile.adapters.as_wsgi: requests from a WSGI host, and what handlers return."""

from __future__ import annotations

import io

import pytest

from rawwfile import HTTPError, HTTPRedirect, Settings, expose, request, response
from rawwfile.adapters.as_wsgi import as_wsgi
from rawwfile.errors import ClientDisconnected, TargetError
from rawwfile.exchange.body import FileSlice
from tests.unit.hosted import Host, Plain, hosted, posting

# The request.


def test_the_request_is_the_hosts():
    seen = {}

    def handler():
        names = ("method", "target", "path_info", "query_string", "version", "base", "scheme", "remote_addr")
        seen.update({name: getattr(request, name) for name in names})
        seen.update(script=request.script_name, port=request.local_port, field=request.headers["x-some-thing"])
        seen.update(params=dict(request.params), environ=request.wsgi_environ, agent=request.headers.get("user-agent"))
        return "ok"

    got = hosted(
        handler,
        PATH_INFO="/caf\xc3\xa9",
        SCRIPT_NAME="/app",
        QUERY_STRING="a=1&b=%20",
        SERVER_PROTOCOL="HTTP/1.1",
        HTTP_HOST="example.org:81",
        HTTP_X_SOME_THING="v\xe9",
        REMOTE_ADDR="192.0.2.7",
        SERVER_PORT="81",
    )
    assert got.error is None and got.content == b"ok"
    assert seen.pop("environ") is got.environ
    assert seen == {
        "method": "GET",
        "target": "/caf%C3%A9?a=1&b=%20",
        "path_info": "/caf\u00e9",
        "query_string": "a=1&b=%20",
        "version": (1, 1),
        "base": "http://example.org:81",
        "scheme": "http",
        "remote_addr": "192.0.2.7",
        "script": "/app",
        "port": 81,
        "field": "v\xe9",
        "params": {"a": "1", "b": " "},
        "agent": None,
    }


@pytest.mark.parametrize(
    ("raw", "path", "target"),
    [
        ("/a%2Fb?x", "/a/b", "/a%2Fb"),
        ("/other", "/a b", "/a%20b"),
        ("http://a/a%2Fb", "/a/b", "/a/b"),
        ("/a", "", "/"),
        ("", "a", "/a"),
    ],
)
def test_the_target_is_the_raw_one_unless_the_path_was_rewritten(raw, path, target):
    got = hosted(lambda: request.target, REQUEST_URI=raw, PATH_INFO=path, strict=False)
    assert got.content == target.encode()


@pytest.mark.parametrize("version", ["HTTP/1.0", "HTTP/1.1", "HTTP/2"])
def test_the_version_is_the_clients(version):
    got = hosted(lambda: repr(request.version), SERVER_PROTOCOL=version)
    assert got.content == (b"(1, 0)" if version == "HTTP/1.0" else b"(1, 1)")


def test_content_is_read_from_the_host():
    assert hosted(lambda: request.rfile.read(), **posting(b"hello")).content == b"hello"
    assert hosted(lambda: request.rfile.read(), **posting(b"hello, world", CONTENT_LENGTH="5")).content == b"hello"
    form = posting(b"a=1&b=2", CONTENT_TYPE="application/x-www-form-urlencoded")
    assert hosted(lambda: repr(request.params), **form).content == b"{'a': '1', 'b': '2'}"


def test_chunked_content_is_read_to_the_end_that_the_host_knows():
    data = b"x" * 200_000
    options = posting(data, CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked", SERVER_PROTOCOL="HTTP/1.1")
    options["wsgi.input_terminated"] = True
    got = hosted(lambda: str(len(request.rfile.read())), strict=False, **options)
    assert got.content == b"200000"


def test_content_that_ends_too_soon_is_a_400():
    got = hosted(lambda: request.rfile.read(), **posting(b"hell", CONTENT_LENGTH="5"))
    assert got.status == "400 Bad Request"


def test_a_client_lost_in_its_content_is_told():
    class Lost(io.BytesIO):
        def read(self, size=-1):
            raise ConnectionResetError("gone")

    raised = []

    def handler():
        try:
            request.rfile.read()
        except ClientDisconnected as error:
            raised.append(error)
            raise

    got = hosted(handler, **posting(b"hello", **{"wsgi.input": Lost()}))
    assert raised and isinstance(got.error, ClientDisconnected)


def test_what_is_no_http_is_a_400_or_501():
    assert hosted(lambda: "x", REQUEST_METHOD="G T", strict=False).status == "400 Bad Request"
    assert hosted(lambda: "x", REQUEST_METHOD="CONNECT", strict=False).status == "501 Not Implemented"


# What is offered.


def test_pages_and_their_classes_are_taken_and_wsgi_is_given_back():
    class Root:
        @expose
        def index(self, name="you"):
            return f"Hello, {name}"

    for target in (Root, Root()):
        assert Host(as_wsgi(target), QUERY_STRING="name=me").content == b"Hello, me"

    def app(environ, start_response):
        start_response("200 OK", [])
        return []

    assert as_wsgi(app) is app
    with pytest.raises(TargetError):
        as_wsgi(object())


# Values.


@pytest.mark.parametrize(
    ("value", "content"),
    [("h\u00e9", b"h\xc3\xa9"), (b"abc", b"abc"), (["a", b"b"], b"ab"), (None, b""), (iter("abc"), b"abc"), ({}, None)],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_values_are_status_fields_and_an_iterable(value, content, method):
    got = hosted(lambda: value, REQUEST_METHOD=method)
    assert got.error is None and not got.written
    if content is None:
        assert got.status == "500 Internal Server Error"
        return
    assert (got.status, got.get("Content-Type")) == ("200 OK", "text/html; charset=utf-8")
    assert [got.get(name) for name in ("Server", "Date", "Connection")] == [None] * 3
    if not (method == "HEAD" and value is None):
        assert got.get("Content-Length") == str(len(content)) or not isinstance(value, (str, bytes, list))
    assert got.content == (content if method == "GET" else b"")


def test_status_fields_and_cookies():
    def handler():
        response.status = "404 Gone fishing"
        response.headers["Date"] = "today"
        response.headers["X-A"] = ["1", "2"]
        response.cookie["a"] = "b"
        return "x"

    got = hosted(handler)
    assert got.status == "404 Gone fishing"
    assert [pair for pair in got.fields if pair[0] not in ("Content-Type", "Content-Length")] == [
        ("Date", "today"), ("X-A", "1"), ("X-A", "2"), ("Set-Cookie", "a=b"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (HTTPError(403), "403 Forbidden"),
        (HTTPRedirect("/x"), "303 See Other"),
        (ValueError("x"), "500 Internal Server Error"),
    ],
)
def test_errors_are_pages(error, status):
    def handler():
        raise error

    got = hosted(handler, SERVER_PROTOCOL="HTTP/1.1")
    assert (got.error, got.status) == (None, status)


def test_charset_is_a_setting():
    got = Host(as_wsgi(Plain(lambda: "\u00e9"), settings=Settings(charset="latin-1")))
    assert got.content == b"\xe9"


def test_files_are_sent_from_where_they_stand_and_closed(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 1024)
    files = []

    def handler():
        files.append(path.open("rb"))
        return FileSlice(files[-1], 100, 200_000)

    got = hosted(handler)
    assert got.content == path.read_bytes()[100:200_100]
    assert got.get("Content-Length") == "200000"
    assert len(got.iterated) > 1 and files[0].closed
    assert hosted(handler, pieces=1).error is None and files[1].closed
