"""What environ has beyond PEP 3333 (streaming contract, section 6, point 15), on real sockets."""

from __future__ import annotations

import threading
from wsgiref.validate import validator

import pytest

from rawwfile import ClientDisconnected, WsgiApplication, request
from tests.integration.wsgi_bodies import CHUNKED_END, PLAIN, Gate, Noted, giving, silent, wait_for_error
from tests.live import PATIENCE

RAW = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_every_key_is_there_and_the_validator_does_not_mind(serve):
    keys = ["response", "client_disconnected", "on_disconnect", "trailers", "flush", "on_end"]
    found = []

    @validator
    def app(environ, start_response):
        found.extend([environ[f"rawwfile.{key}"] for key in keys] + [environ["wsgi.early_hints"]])
        start_response("200 OK", PLAIN)
        return [b"x"]

    assert serve(WsgiApplication(app)).fetch().body == b"x"
    assert len(found) == 7


# rawwfile.response


@pytest.mark.parametrize("make", [list, iter, Noted])
def test_a_response_written_by_hand_goes_out_as_it_is(serve, make):
    bodies = []

    def app(environ, start_response):
        environ["rawwfile.response"].wfile.write(RAW)
        environ["rawwfile.response"].sendResponse = 0
        bodies.append(make([]))
        return bodies[-1]

    live = serve(WsgiApplication(app))
    with live.connect() as client:
        for _ in range(2):
            client.get()
            assert client.take(len(RAW)) == RAW
    live.book.wait_entries(2)
    assert make is not Noted or [body.closings for body in bodies] == [1, 1]


@pytest.mark.parametrize("started", [False, True])
def test_a_generator_may_write_the_response_by_hand(serve, started):
    gate = Gate()

    def app(environ, start_response):
        if started:
            start_response("200 OK", PLAIN)
        wfile = environ["rawwfile.response"].wfile
        wfile.write(RAW[:-3])
        gate()
        wfile.write(RAW[-3:])
        environ["rawwfile.response"].sendResponse = 0
        yield b""

    live = serve(WsgiApplication(app))
    client = live.connect()
    client.get()
    assert client.take(len(RAW) - 3) == RAW[:-3]
    gate.opened.set()
    assert client.take(3) == RAW[-3:]
    client.get()
    assert client.take(len(RAW)) == RAW
    live.book.wait_entries(2)
    assert [entry.end for entry in live.book.entries] == ["complete", "complete"]
    assert not [line for line in live.book.messages if "app" in line]


def test_chunks_beside_a_response_written_by_hand_are_not_sent(serve):
    def app(environ, start_response):
        environ["rawwfile.response"].wfile.write(RAW)
        environ["rawwfile.response"].sendResponse = 0
        return [b"beside"]

    live = serve(WsgiApplication(app))
    client = live.connect()
    client.get()
    assert client.take(len(RAW)) == RAW
    assert live.book.wait_for(r"wrote its response on rawwfile.response; the chunk b'beside' is not sent")
    client.finish_sending()
    assert client.rest() == b""


def test_an_error_after_bytes_written_by_hand_adds_nothing(serve):
    def app(environ, start_response):
        environ["rawwfile.response"].wfile.write(RAW[:-1])
        start_response("500 Oops", PLAIN)
        raise ValueError("after")

    live = serve(WsgiApplication(app))
    client = live.connect()
    client.get()
    assert client.rest() == RAW[:-1]
    wait_for_error(live, "ValueError")


# rawwfile.client_disconnected and rawwfile.on_disconnect


def test_the_application_can_ask_whether_the_client_is_there(serve):
    seen, gone, gate = [], threading.Event(), Gate()

    def app(environ, start_response):
        seen.append(environ["rawwfile.client_disconnected"]())
        environ["rawwfile.on_disconnect"](gone.set)
        start_response("200 OK", PLAIN)
        yield b"x"
        gate()
        seen.append(environ["rawwfile.client_disconnected"]())

    live = serve(WsgiApplication(app))
    client = live.connect()
    client.get()
    client.until(b"x\r\n")
    gate.wait_reached()
    client.close()
    # The callback runs while the application is blocked.
    assert gone.wait(PATIENCE)
    gate.opened.set()
    live.book.wait_entries(1)
    assert seen == [False, True]


def test_a_callback_is_taken_back_or_ends_with_the_response(serve):
    called = []

    def app(environ, start_response):
        environ["rawwfile.on_disconnect"](lambda: called.append("taken back")).cancel()
        environ["rawwfile.on_disconnect"](lambda: called.append("over"))
        start_response("200 OK", PLAIN)
        return [b"x"]

    live = serve(WsgiApplication(app))
    client = live.connect()
    assert client.fetch().body == b"x"
    live.book.wait_entries(1)
    client.reset()
    with live.connect() as other:
        assert other.fetch().body == b"x"
    assert called == []


def test_a_generator_that_yields_nothing_is_stopped_when_the_client_leaves(serve):
    def idle():
        yield b"x"
        while True:
            threading.Event().wait(0.01)
            yield b""

    body = Noted(idle())
    live = serve(WsgiApplication(giving(body)))
    client = live.connect()
    client.get()
    client.until(b"x\r\n")
    client.close()
    body.wait_closed()
    assert live.book.wait_entries(1)[0].end == "client-gone"


# rawwfile.trailers


def trailing(fields=PLAIN):
    def app(environ, start_response):
        trailers = environ["rawwfile.trailers"]
        trailers({"X-Sum": ""})
        start_response("200 OK", list(fields))
        yield b"body"
        trailers({"X-Sum": "4", "X-Late": "1"})

    return app


def test_trailers_are_sent_in_chunks_to_who_takes_them(serve):
    answer = serve(WsgiApplication(trailing())).fetch(fields="TE: trailers\r\nConnection: TE\r\n")
    assert answer.body == b"body"
    assert answer.trailers == b"X-Sum: 4\r\nX-Late: 1\r\n"
    assert answer.get(b"Trailer") == b"X-Sum"


@pytest.mark.parametrize(
    ("request_head", "length"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n", True),
        (b"GET / HTTP/1.0\r\nTE: trailers\r\n\r\n", False),
    ],
    ids=["not asked for", "counted", "old"],
)
def test_else_trailers_are_dropped_and_the_log_says_so(serve, request_head, length):
    fields = [*PLAIN, ("Content-Length", "4")] if length else PLAIN
    live = serve(WsgiApplication(trailing(fields)))
    client = live.connect()
    client.send(request_head)
    answer = client.response()
    assert (answer.body, answer.trailers) == (b"body", b"")
    assert b"X-Sum" not in answer.raw
    assert live.book.wait_for("X-Sum.* not sent")


@pytest.mark.parametrize("trailers", [{"X": "a\r\nb"}, {"X Y": "a"}])
def test_trailers_that_are_none_are_refused_where_they_are_given(serve, trailers):
    def app(environ, start_response):
        with pytest.raises(ValueError):
            environ["rawwfile.trailers"](trailers)
        start_response("200 OK", PLAIN)
        return [b"x"]

    assert serve(WsgiApplication(app)).fetch().body == b"x"


# rawwfile.flush


def test_flush_collects_chunks_and_sends_what_waits(serve):
    gates = [Gate(), Gate()]

    def app(environ, start_response):
        flush = environ["rawwfile.flush"]
        flush()
        flush(10)
        start_response("200 OK", PLAIN)
        yield b"one"
        yield b"two"
        gates[0]()
        flush()
        yield b"three"
        gates[1]()
        yield b"and many more"

    client = serve(WsgiApplication(app)).connect()
    client.get()
    assert b"chunked" in client.until(b"\r\n\r\n3\r\none\r\n")
    gates[0].wait_reached()
    assert silent(client)
    gates[0].opened.set()
    assert client.until(b"\r\ntwo\r\n") == b"3\r\ntwo\r\n"
    gates[1].wait_reached()
    assert silent(client)
    gates[1].opened.set()
    assert client.until(CHUNKED_END) == b"12\r\nthreeand many more\r\n" + CHUNKED_END


def test_a_flush_policy_that_is_none_is_refused(serve):
    def app(environ, start_response):
        with pytest.raises(ValueError, match="flush must be"):
            environ["rawwfile.flush"]("often")
        start_response("200 OK", PLAIN)
        return [b"x"]

    assert serve(WsgiApplication(app)).fetch().body == b"x"


# rawwfile.on_end


@pytest.mark.parametrize("fails", [False, True])
def test_end_hooks_run_after_close_the_last_first(serve, fails):
    order, done = [], threading.Event()

    def app(environ, start_response):
        on_end = environ["rawwfile.on_end"]
        on_end(done.set)
        on_end(lambda: order.append(("first set", request.method)))
        on_end(lambda: order.append("last set"))
        start_response("200 OK", PLAIN)
        return Noted([b"a", ValueError("after")] if fails else [b"a"], lambda: order.append("close"))

    client = serve(WsgiApplication(app)).connect()
    client.get()
    client.until(b"a\r\n")
    assert done.wait(PATIENCE)
    assert order == ["close", "last set", ("first set", "GET")]


# wsgi.early_hints


def hinting(environ, start_response):
    environ["wsgi.early_hints"]([("Link", "</a.css>; rel=preload"), ("Link", "</b.js>; rel=preload")])
    hinting.gate()
    start_response("200 OK", PLAIN)
    yield b"x"
    environ["wsgi.early_hints"]([("Link", "</late>")])


def test_early_hints_are_there_before_the_response(serve):
    hinting.gate = Gate()
    client = serve(WsgiApplication(hinting)).connect()
    client.get()
    hints = client.response()
    assert hints.line == b"HTTP/1.1 103 Early Hints"
    assert hints.fields == [(b"Link", b"</a.css>; rel=preload"), (b"Link", b"</b.js>; rel=preload")]
    assert not hinting.gate.opened.is_set()
    hinting.gate.opened.set()
    assert client.response().body == b"x"
    assert client.fetch().status == 103 and client.response().body == b"x"


def test_early_hints_are_not_for_http_1_0(serve):
    hinting.gate = Gate()
    hinting.gate.opened.set()
    client = serve(WsgiApplication(hinting)).connect()
    client.send(b"GET / HTTP/1.0\r\n\r\n")
    assert client.response().line == b"HTTP/1.1 200 OK"


def test_early_hints_to_a_lost_client_raise(serve):
    raised, gate = [], Gate()

    def app(environ, start_response):
        gate()
        try:
            for _ in range(2):
                environ["wsgi.early_hints"]([("Link", "</a>" * 1000)] * 8)
        except ClientDisconnected as error:
            raised.append(error)
        start_response("200 OK", PLAIN)
        return []

    live = serve(WsgiApplication(app))
    client = live.connect()
    client.get()
    gate.wait_reached()
    client.reset()
    gate.opened.set()
    live.book.wait_entries(1)
    assert raised
