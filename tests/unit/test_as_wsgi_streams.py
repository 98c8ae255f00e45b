"""rawwfile.adapters.as_wsgi: streams, as the iterable that a WSGI host takes, and clients that leave."""

from __future__ import annotations

import itertools
import socket
import threading
from contextvars import ContextVar

import pytest

from rawwfile import ClientGone, request, response, stream
from rawwfile.errors import ClientDisconnected
from rawwfile.exchange.context import current_exchange
from tests.unit.hosted import hosted

# Streams.


def streaming(make):
    def handler():
        response.stream = True
        return make()

    return handler


variable: ContextVar[str] = ContextVar("variable", default="unset")


def test_a_stream_is_iterated_piece_by_piece_in_its_own_context():
    events, ends = [], []

    def pieces():
        token = variable.set("mine")
        try:
            yield ""
            for name in ("one", "two", "thr\u00e9\u00e9"):
                events.append((name, request.wsgi_environ["tests.host"].iterated[:], threading.get_ident()))
                yield name
        finally:
            variable.reset(token)
            events.append("closed")

    def handler():
        exchange = current_exchange.get()
        exchange.before_end(lambda: ends.append("before end"))
        exchange.on_end(lambda: ends.append((exchange.end, variable.get())))
        return streaming(pieces)()

    got = hosted(handler)
    assert got.error is None and not got.written
    assert got.iterated == [b"one", b"two", b"thr\xc3\xa9\xc3\xa9"]
    thread = threading.get_ident()
    assert events == [("one", [], thread), ("two", [b"one"], thread), ("thr\u00e9\u00e9", [b"one", b"two"], thread),
                      "closed"]  # fmt: skip
    assert ends == ["before end", ("complete", "unset")]
    assert got.get("Content-Length") is got.get("Transfer-Encoding") is None
    assert variable.get() == "unset" and current_exchange.get(None) is None


def test_an_error_before_the_first_piece_is_a_page_and_one_after_it_goes_to_the_host(caplog):
    closed = []

    def broken(*pieces):
        def make():
            try:
                yield from pieces
                raise ValueError("broken")
            finally:
                closed.append(True)

        return make

    got = hosted(streaming(broken("")))
    assert (got.error, got.status) == (None, "500 Internal Server Error")
    got = hosted(streaming(broken("one")))
    assert got.iterated == [b"one"] and isinstance(got.error, ValueError)
    assert closed == [True, True]
    assert "the response is cut short" in caplog.text


def test_a_host_that_closes_early_ends_the_stream_once():
    ends = []

    def pieces():
        try:
            while True:
                yield b"x"
        finally:
            ends.append("closed")

    def handler():
        exchange = current_exchange.get()
        exchange.on_end(lambda: ends.append(exchange.end))
        return streaming(pieces)()

    assert hosted(handler, pieces=3).content == b"xxx"
    assert ends == ["closed", "client-gone"]
    assert hosted(handler, REQUEST_METHOD="HEAD").content == b""
    assert ends[2:] == ["closed", "complete"]


@pytest.mark.parametrize(("length", "error"), [("5", "1 bytes more than"), ("7", "1 bytes less than"), ("6", None)])
def test_a_streams_content_length_is_held_against_it(length, error):
    def handler():
        response.headers["Content-Length"] = length
        response.stream = True
        return iter(["abc", "def"])

    got = hosted(handler)
    assert got.get("Content-Length") == length
    assert got.error is None if error is None else error in str(got.error)


def test_an_empty_stream_is_whole():
    ends = []

    def handler():
        current_exchange.get().before_end(lambda: ends.append("before end"))
        return streaming(lambda: iter([""]))()

    assert hosted(handler).content == b"" and ends == ["before end"]


def test_async_generators_and_coroutines_are_driven():
    async def pieces():
        yield "one"
        yield "two"

    async def page():
        return "page"

    assert hosted(streaming(pieces)).iterated == [b"one", b"two"]
    assert hosted(pieces).content == b"onetwo"
    assert hosted(page).content == b"page"


def test_a_piece_written_now_goes_out_by_write():
    def handler():
        current_exchange.get().write(b"one")
        seen = request.wsgi_environ["tests.host"].written[:]
        return [b"two", repr(seen)]

    got = hosted(handler, SERVER_PROTOCOL="HTTP/1.1")
    assert got.error is None
    assert got.content == b"onetwo[b'one']"


# Clients that leave.


@pytest.mark.parametrize("key", ["rawwfile.client_disconnected", "waitress.client_disconnected"])
def test_the_host_is_asked_whether_the_client_is_there(key):
    gone, ended = threading.Event(), []

    def pieces():
        try:
            yield f"{current_exchange.get().client_gone()}"
            gone.set()
            while True:
                yield ""
        finally:
            ended.append(True)

    got = hosted(streaming(pieces), **{key: gone.is_set})
    assert got.iterated == [b"False"]
    assert isinstance(got.error, ClientDisconnected) and ended == [True]


def after(calls):
    """Says that the client has left from this call on."""
    left = itertools.count(1)
    return lambda: next(left) > calls


@pytest.mark.parametrize("calls", [1, 3])
def test_a_wait_ends_when_the_client_leaves(calls):
    woken = []

    def pieces():
        yield "x"
        try:
            stream.sleep(60)
        except ClientGone:
            woken.append(True)
            raise

    got = hosted(streaming(pieces), **{"waitress.client_disconnected": after(calls)})
    assert woken == [True] and isinstance(got.error, ClientDisconnected)


def test_a_wait_ends_with_its_time_or_with_what_it_waits_for():
    ours, theirs = socket.socketpair()

    def handler():
        assert stream.select([ours], 0.001) == []
        theirs.send(b"x")
        return repr(stream.select([ours], 60) == [ours])

    with ours, theirs:
        assert hosted(handler).content == b"True"


@pytest.mark.parametrize("key", ["gunicorn.socket", "werkzeug.socket"])
def test_a_hosts_socket_tells_of_the_client(key):
    ours, theirs = socket.socketpair()

    def handler():
        exchange = current_exchange.get()
        before = exchange.client_gone()
        theirs.close()
        return repr((before, exchange.client_gone(), exchange.channel.await_reset(8)))

    with ours, theirs:
        assert hosted(handler, **{key: ours}).content == b"(False, True, True)"
    assert hosted(lambda: repr(current_exchange.get().client_gone()), **{key: ours}).content == b"False"


def test_a_callback_is_called_while_the_handler_is_blocked():
    gone, called = threading.Event(), threading.Event()

    def handler():
        current_exchange.get().on_disconnect(called.set)
        gone.set()
        assert called.wait(8)
        return "x"

    hosted(handler, **{"waitress.client_disconnected": gone.is_set})
    assert called.is_set()
