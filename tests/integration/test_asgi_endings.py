"""ASGI applications on real sockets: clients that leave, lifespans, and the end of the server."""

from __future__ import annotations

import asyncio
import threading

import pytest

from rawwfile.adapters.asgi import AsgiApplication
from rawwfile.errors import ClientDisconnected
from tests.integration.asgi_applications import START, AsyncGate, http, listening, piece
from tests.integration.wsgi_bodies import wait_for_error
from tests.live import PATIENCE


def test_a_blocked_application_hears_of_a_client_that_left(run):
    heard, app = listening()
    live = run(app)
    client = live.connect()
    client.get()
    client.until(b"one\r\n")
    client.close()
    assert heard.wait(PATIENCE)
    assert live.book.wait_entries(1)[0].end == "client-gone"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_endless_application_ends_with_its_client(run, method):
    ended = []
    done = threading.Event()

    @http
    async def app(scope, receive, send):
        try:
            await send(START)
            while True:
                await send(piece(b"x" * 1000))
        except OSError as error:
            ended.append(type(error))
        finally:
            done.set()

    client = run(app).connect()
    client.get(method=method)
    head = client.until(b"\r\n\r\n")
    if method == "GET":
        client.reset()
    assert done.wait(PATIENCE) and ended == [ClientDisconnected]
    if method == "HEAD":
        done.clear()
        client.get(method=method)
        assert client.until(b"\r\n\r\n").split(b"Date")[0] == head.split(b"Date")[0] and done.wait(PATIENCE)


def test_a_client_that_has_ended_its_sending_is_told_of_and_answered(run):
    gate = AsyncGate()

    @http
    async def app(scope, receive, send):
        await gate()
        await receive()
        told = await asyncio.wait_for(receive(), PATIENCE)
        await send(START)
        await send(piece(told["type"].encode(), more=False))

    client = run(app).connect()
    client.get()
    assert gate.reached.wait(PATIENCE)
    client.finish_sending()
    gate.open()
    assert client.response().body == b"http.disconnect"


def test_an_error_is_a_page_for_a_client_that_has_ended_its_sending(run):
    @http
    async def app(scope, receive, send):
        await receive()
        await receive()
        raise ValueError("after the news")

    live = run(app)
    client = live.connect()
    client.get()
    client.finish_sending()
    assert client.response().status == 500
    wait_for_error(live, "after the news")


def test_what_runs_after_the_response_holds_nothing(run):
    gate = AsyncGate()
    order = []

    @http
    async def app(scope, receive, send):
        await send(START)
        await send(piece(b"x", more=False))
        order.append(scope["path"])
        await gate()

    live = run(app)
    with live.connect() as client:
        assert client.fetch("/1").body == b"x"
        assert client.fetch("/2").body == b"x"
    gate.open()
    assert live.book.wait_entries(2)[0].end == "complete"


def test_the_lifespan_and_its_state(serve):
    events = []

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            assert (await receive())["type"] == "lifespan.startup"
            scope["state"]["pool"] = ["a pool"]
            events.append("startup")
            await send({"type": "lifespan.startup.complete"})
            assert (await receive())["type"] == "lifespan.shutdown"
            events.append("shutdown")
            await send({"type": "lifespan.shutdown.complete"})
            return
        events.append(scope["state"]["pool"])
        scope["state"]["mine"] = 1
        await send(START)
        await send(piece(str(sorted(scope["state"])).encode(), more=False))

    application = AsgiApplication(app)
    live = serve(application)
    for _ in range(2):
        assert live.fetch().body == b"['mine', 'pool']"
    application.close()
    assert events == ["startup", ["a pool"], ["a pool"], "shutdown"]
    assert live.fetch().body == b"['mine', 'pool']"  # it starts again
    application.close()
    application.close()
    assert events[4:] == ["startup", ["a pool"], "shutdown"]


def test_an_application_that_cannot_start_answers_500(run):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    live = run(app)
    answer = live.fetch()
    assert answer.status == 500 and b"no database" not in answer.body
    assert live.book.wait_for("lifespan.startup.failed: no database")


def test_at_shutdown_a_stream_that_waits_for_it_ends(run):
    heard, app = listening()
    live = run(app)
    client = live.connect()
    client.get()
    client.until(b"one\r\n")
    live.server.shutdown(5)
    assert heard.is_set()
    assert live.book.wait_entries(1)[0].end == "shutdown"
    assert client.rest() == b""


def test_at_shutdown_a_response_that_has_not_begun_comes_to_its_end(run):
    gate = AsyncGate()

    @http
    async def app(scope, receive, send):
        await gate()
        await send(START)
        await send(piece(b"whole", more=False))

    live = run(app)
    client = live.connect()
    client.get()
    assert gate.reached.wait(PATIENCE)
    stopping = threading.Thread(target=live.server.shutdown, args=(5,))
    stopping.start()
    gate.open()
    assert client.response().body == b"whole"
    stopping.join(PATIENCE)
    assert not stopping.is_alive()


def test_at_shutdown_a_stream_that_does_not_listen_ends_with_the_grace(run):
    @http
    async def app(scope, receive, send):
        await send(START)
        await send(piece(b"one"))
        await asyncio.Event().wait()

    live = run(app)
    client = live.connect()
    client.get()
    client.until(b"one\r\n")
    live.server.shutdown(0.5)
    assert live.book.wait_entries(1)[0].end == "shutdown"
    assert not client.rest().endswith(b"0\r\n\r\n")
