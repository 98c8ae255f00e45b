"""ASGI applications on real sockets: the bridge of rawwfile.adapters.asgi, with applications written by hand."""

from __future__ import annotations

import threading

import pytest

from rawwfile import request
from rawwfile.errors import ClientDisconnected
from tests.integration.asgi_applications import START, AsyncGate, http, piece
from tests.integration.wsgi_bodies import silent, wait_for_error
from tests.live import PATIENCE


def test_the_scope_says_what_came(run):
    scopes = []

    @http
    async def app(scope, receive, send):
        scopes.append(scope)
        await send(START)
        await send(piece(request.method.encode(), more=False))

    live = run(app)
    with live.connect() as client:
        answer = client.fetch("/caf%C3%A9/a%2Fb?x=%20", "X-A: 1\r\nX-A: 2\r\nTE: trailers\r\n", "PUT")
    # The request's context is the task's, so rawwfile.request is there, too.
    assert (answer.body, answer.get(b"Content-Length")) == (b"PUT", b"3")
    scope = scopes[0]
    assert scope["headers"] == [(b"host", b"a"), (b"x-a", b"1"), (b"x-a", b"2"), (b"te", b"trailers")]
    assert scope["client"][0] == "127.0.0.1" and scope["server"] == ("127.0.0.1", live.port)
    expected = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "PUT",
        "scheme": live.scheme, "path": "/caf\u00e9/a/b", "raw_path": b"/caf%C3%A9/a%2Fb", "query_string": b"x=%20",
        "root_path": "", "state": {}, "extensions": {"http.response.trailers": {}},
    }  # fmt: skip
    assert {key: scope[key] for key in expected} == expected


def test_each_piece_is_there_before_the_next_is_made(run):
    gate = AsyncGate()
    sent = []

    @http
    async def app(scope, receive, send):
        await send(START)
        for data in (b"one", b"two"):
            await send(piece(data))
            sent.append(data)
            await gate()
        await send(piece(b"", more=False))

    client = run(app).connect()
    client.get()
    client.until(b"\r\n\r\n3\r\none\r\n")
    assert gate.reached.wait(PATIENCE)
    assert sent == [b"one"]
    gate.open()
    assert client.until(b"0\r\n\r\n") == b"3\r\ntwo\r\n0\r\n\r\n"
    gate.event.set()
    assert client.fetch().body == b"onetwo"  # the connection was kept


def test_nothing_goes_out_before_the_first_piece(run):
    gate = AsyncGate()

    @http
    async def app(scope, receive, send):
        await send(START)
        await gate()
        raise ValueError("before the first piece")

    live = run(app)
    client = live.connect()
    client.get()
    assert gate.reached.wait(PATIENCE)
    assert silent(client)
    gate.open()
    assert client.response().status == 500
    wait_for_error(live, "before the first piece")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_error_after_the_first_piece_is_a_cut(run, version):
    @http
    async def app(scope, receive, send):
        await send(START)
        await send(piece(b"one"))
        raise ValueError("after")

    live = run(app)
    client = live.connect()
    client.send(f"GET / HTTP/{version}\r\nHost: a\r\n\r\n".encode())
    everything = client.rest()
    assert b"one" in everything and not everything.endswith(b"0\r\n\r\n")
    assert version == "1.1" or live.scheme == "https" or client.ending == "reset"
    wait_for_error(live, "after")


@pytest.mark.parametrize(
    ("messages", "error"),
    [
        ([], "returned before its response was complete"),
        ([START], "returned before its response was complete"),
        ([piece(b"x")], "http.response.body before http.response.start"),
        ([START, START], "http.response.start was sent twice"),
        ([START, piece("text")], "a body of <class 'str'>"),
        ([{"type": "websocket.accept"}], "websocket.accept"),
        ([{"type": "http.response.start", "status": 100}, piece(b"x", False)], "100 is no final status"),
        ([{"type": "http.response.start", "status": 200, "headers": [(b"a b", b"c")]}], "is not a field name"),
    ],
)
def test_applications_that_break_the_protocol_are_told_so(run, messages, error):
    @http
    async def app(scope, receive, send):
        for message in messages:
            await send(message)

    live = run(app)
    assert live.fetch().status == 500
    wait_for_error(live, error)


def test_a_message_after_the_end_is_an_error_of_the_application_alone(run):
    @http
    async def app(scope, receive, send):
        await send(START)
        await send(piece(b"x", more=False))
        await receive()
        assert (await receive())["type"] == "http.disconnect"
        await send(piece(b"y", more=False))

    live = run(app)
    with live.connect() as client:
        assert client.fetch().body == b"x"
        wait_for_error(live, "after its response was complete")
        assert client.fetch().body == b"x"


@pytest.mark.parametrize("chunked", [False, True])
def test_content_comes_by_receive(run, chunked):
    @http
    async def app(scope, receive, send):
        parts = []
        while True:
            message = await receive()
            parts.append(message["body"])
            if not message["more_body"]:
                break
        await send(START)
        await send(piece(b"%d %d" % (len(b"".join(parts)), len(parts) > 2), more=False))

    content = b"x" * 300_000
    client = run(app).connect()
    if chunked:
        client.get(fields="Transfer-Encoding: chunked\r\n", method="POST")
        client.send(b"%x\r\n%b\r\n0\r\n\r\n" % (len(content), content))
    else:
        client.get(method="POST", body=content)
    assert client.response().body == b"300000 1"
    assert client.fetch().body == b"0 0"


def test_content_that_ends_too_soon_is_a_400(run):
    outcome, done = [], threading.Event()

    @http
    async def app(scope, receive, send):
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
            outcome.append("disconnect")
            await send(START)
        except ClientDisconnected:
            outcome.append("cannot send")
            done.set()

    client = run(app).connect()
    client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello")
    client.finish_sending()
    assert client.response().status == 400
    assert done.wait(PATIENCE)
    assert outcome == ["disconnect", "cannot send"]


def test_trailers(run):
    @http
    async def app(scope, receive, send):
        await send({**START, "trailers": "http.response.trailers" in scope["extensions"]})
        await send(piece(b"body"))
        await send(piece(b"", more=False))
        if "http.response.trailers" in scope["extensions"]:
            message = {"type": "http.response.trailers", "headers": [(b"x-sum", b"4")]}
            await send({**message, "more_trailers": True})
            await send({**message, "headers": [(b"x-more", b"1")], "more_trailers": False})

    with run(app).connect() as client:
        answer = client.fetch(fields="TE: trailers\r\n")
        assert (answer.body, answer.trailers) == (b"body", b"x-sum: 4\r\nx-more: 1\r\n")
        answer = client.fetch()
        assert (answer.body, answer.trailers) == (b"body", b"")


def test_fields_of_the_connection_are_the_servers(run):
    @http
    async def app(scope, receive, send):
        fields = [(b"Transfer-Encoding", b"chunked"), (b"Connection", b"close"), (b"X-A", b"1"), (b"X-A", b"2")]
        await send({**START, "headers": fields})
        await send(piece(b"a"))
        await send(piece(b"b", more=False))

    with run(app).connect() as client:
        for _ in range(2):
            answer = client.fetch()
            assert (answer.body, answer.get(b"Connection"), answer.get(b"X-A")) == (b"ab", None, b"1, 2")
            assert answer.get(b"Transfer-Encoding") == b"chunked"


def test_connect_is_not_passed_on(run):
    client = run(http(None)).connect()
    client.send(b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n")
    assert client.response().status == 501
