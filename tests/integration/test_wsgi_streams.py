"""WSGI applications on real sockets, by the points of the streaming contract's section 6: 1 to 4."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import pytest

from rawwfile import ClientDisconnected, WsgiApplication
from tests.integration.wsgi_bodies import CHUNKED_END, PLAIN, Gate, Noted, giving, silent

# 1. Nothing before the first chunk that is not empty.


def test_1_start_response_and_empty_chunks_send_nothing(serve):
    gate = Gate()

    def app(environ, start_response):
        write = start_response("200 OK", PLAIN)
        write(b"")
        yield b""
        gate()
        yield b"now"

    client = serve(WsgiApplication(app)).connect()
    client.get()
    gate.wait_reached()
    assert silent(client)
    gate.opened.set()
    assert client.response().body == b"now"


def test_1_start_response_may_come_during_the_first_next(serve):
    def app(environ, start_response):
        yield b""
        start_response("201 Created", [*PLAIN, ("X-Late", "1")])
        yield b"x"

    answer = serve(WsgiApplication(app)).fetch()
    assert (answer.status, answer.get(b"X-Late"), answer.body) == (201, b"1", b"x")


def test_1_each_chunk_is_there_before_the_next_is_made(serve):
    gates = [Gate(), Gate()]
    body = Noted([b"one", gates[0], b"two", gates[1], b"three"])
    client = serve(WsgiApplication(giving(body))).connect()
    client.get()
    assert client.until(b"3\r\none\r\n").startswith(b"HTTP/1.1 200 OK\r\n")
    gates[0].opened.set()
    client.until(b"3\r\ntwo\r\n")
    assert not gates[1].opened.is_set() and not body.closings
    gates[1].opened.set()
    client.until(b"5\r\nthree\r\n" + CHUNKED_END)
    body.wait_closed()
    assert len(body.threads) == 1


# 2. start_response again.


def test_2_again_without_exc_info_is_an_assertion_error(serve):
    def app(environ, start_response):
        start_response("200 OK", PLAIN)
        with pytest.raises(AssertionError, match="without exc_info"):
            start_response("200 OK", PLAIN)
        start_response("204 No Content", [])
        return []

    live = serve(WsgiApplication(app))
    assert live.fetch().status == 500
    assert live.book.wait_for("app .*raised AssertionError")


def test_2_with_exc_info_before_the_head_it_replaces(serve):
    def app(environ, start_response):
        start_response("200 OK", [("X-First", "1")])
        try:
            raise ValueError("early")
        except ValueError:
            start_response("503 Later", PLAIN, sys.exc_info())
        return [b"sorry"]

    answer = serve(WsgiApplication(app)).fetch()
    assert answer.line == b"HTTP/1.1 503 Later"
    assert (answer.get(b"X-First"), answer.body) == (None, b"sorry")


class Late(Exception):
    """Raised by an application after its first byte."""


@pytest.mark.parametrize("by_write", [False, True])
def test_2_with_exc_info_after_the_head_the_error_is_raised_again_and_the_response_cut(serve, by_write):
    raised = []

    def app(environ, start_response):
        write = start_response("200 OK", PLAIN)
        if by_write:
            write(b"x")
        else:
            yield b"x"
        try:
            raise Late("late")
        except Late as error:
            raised.append(weakref.ref(error))
            start_response("500 Oops", PLAIN, sys.exc_info())
        yield b"never"

    live = serve(WsgiApplication(app))
    client = live.connect()
    client.get()
    everything = client.rest()
    assert everything.startswith(b"HTTP/1.1 200 OK\r\n") and everything.endswith(b"\r\n\r\n1\r\nx\r\n")
    record = live.book.wait_for("raised Late; the response is cut short")
    assert "app" in [frame.f_code.co_name for frame in _frames(record.exc_info[2])]


def _frames(traceback):
    while traceback is not None:
        yield traceback.tb_frame
        traceback = traceback.tb_next


def test_2_no_reference_to_exc_info_is_left(serve):
    left = []

    def app(environ, start_response):
        start_response("200 OK", PLAIN)
        try:
            raise Late("early")
        except Late as error:
            left.append(weakref.ref(error))
            start_response("500 Oops", PLAIN, sys.exc_info())
        return [b"sorry"]

    live = serve(WsgiApplication(app))
    gc.disable()
    try:
        with live.connect() as client:
            assert client.fetch().status == 500
            # The next exchange of the connection has begun: the first one's frames are gone.
            assert client.fetch().status == 500
            assert left[0]() is None
    finally:
        gc.enable()


# 3. write().


def test_3_write_sends_at_once_and_mixes_with_an_iterable(serve):
    gate = Gate()

    def app(environ, start_response):
        write = start_response("200 OK", PLAIN)
        write(b"one")
        gate()
        write(b"two")
        return [b"three", b"four"]

    client = serve(WsgiApplication(app)).connect()
    client.get()
    client.until(b"\r\n\r\n3\r\none\r\n")
    assert not gate.opened.is_set()
    gate.opened.set()
    assert client.until(CHUNKED_END).endswith(b"3\r\ntwo\r\n5\r\nthree\r\n4\r\nfour\r\n" + CHUNKED_END)
    assert client.fetch().body == b"onetwothreefour"


def test_3_write_to_a_lost_client_raises(serve):
    raised, gate = [], Gate()

    def app(environ, start_response):
        write = start_response("200 OK", PLAIN)
        write(b"x")
        gate()
        try:
            while True:
                write(b"x" * 65536)
        except OSError as error:
            raised.append(error)
            raise

    live = serve(WsgiApplication(app))
    client = live.connect()
    client.get()
    client.until(b"x\r\n")
    client.reset()
    gate.opened.set()
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert [type(error) for error in raised] == [ClientDisconnected]


# 4. close() of the returned object, once, in the request's thread.


@pytest.mark.parametrize(
    ("chunks", "method", "status"),
    [
        ([b"a", b"b"], "GET", 200),
        ([], "GET", 200),
        ([b""], "GET", 200),
        ([b"a", b"b"], "HEAD", 200),
        ([ValueError("before")], "GET", 500),
        ([b"", ValueError("before")], "GET", 500),
        ([b"a", ValueError("after")], "GET", 200),
        (["text"], "GET", 500),
    ],
)
def test_4_close_is_called_once(serve, chunks, method, status):
    body = Noted(chunks)
    client = serve(WsgiApplication(giving(body))).connect()
    client.get(method=method)
    assert client.until(b"\r\n\r\n").startswith(b"HTTP/1.1 %d " % status)
    body.wait_closed()
    assert len(body.threads) == 1


@pytest.mark.parametrize("fault", ["status", "twice", "never"])
def test_4_close_is_called_when_start_response_fails(serve, fault):
    def app(environ, start_response):
        return body

    def chunks(environ, start_response):
        if fault == "status":
            start_response("no status", PLAIN)
        elif fault == "twice":
            start_response("200 OK", PLAIN)
            start_response("200 OK", PLAIN)
        yield b"x"

    def faulty(environ, start_response):
        body.chunks = chunks(environ, start_response)
        return app(environ, start_response)

    body = Noted()
    assert serve(WsgiApplication(faulty)).fetch().status == 500
    body.wait_closed()


def test_4_a_list_like_object_that_is_closed_is_closed(serve):
    class Closing(list):
        closings = 0

        def close(self):
            self.closings += 1

    body = Closing([b"a", b"b"])
    live = serve(WsgiApplication(giving(body)))
    assert live.fetch().body == b"ab"
    live.book.wait_entries(1)
    assert body.closings == 1


def test_4_close_is_called_when_the_client_leaves_before_the_first_chunk(serve):
    gate = Gate()
    body = Noted([gate, b"a" * 100, b"b"])
    live = serve(WsgiApplication(giving(body)))
    client = live.connect()
    client.get()
    gate.wait_reached()
    client.reset()
    gate.opened.set()
    body.wait_closed()
    assert live.book.wait_entries(1)[0].end == "client-gone"


def test_4_close_is_called_when_the_client_leaves_in_the_stream(serve):
    def endless():
        while True:
            yield b"x" * 1000

    body = Noted(endless())
    live = serve(WsgiApplication(giving(body)))
    client = live.connect()
    client.get()
    client.until(b"\r\n\r\n")
    client.reset()
    body.wait_closed()
    assert live.book.wait_entries(1)[0].end == "client-gone"


def test_4_close_is_called_at_shutdown(serve):
    gate = threading.Event()

    def endless():
        while True:
            yield b"x"
            gate.wait(0.01)

    body = Noted(endless())
    live = serve(WsgiApplication(giving(body)), grace=0.5)
    client = live.connect()
    client.get()
    client.until(b"1\r\nx\r\n")
    live.server.shutdown(0.5)
    body.wait_closed()
    assert not client.rest().endswith(CHUNKED_END)


def test_4_an_error_in_close_and_a_slow_close_do_not_harm_the_response(serve):
    gate = Gate()

    def in_close():
        gate()
        raise ValueError("in close")

    live = serve(WsgiApplication(giving(Noted([b"a"], in_close))))
    client = live.connect()
    client.get()
    assert client.response().body == b"a"  # whole, while close() has not returned
    assert not gate.opened.is_set()
    gate.opened.set()
    live.book.wait_for("raised ValueError in close")
