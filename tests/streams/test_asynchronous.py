"""Async generators and coroutines as handlers. Streaming contract, section 8."""

from __future__ import annotations

import asyncio
import threading
from contextvars import ContextVar

import pytest

from rawwfile import ClientGone, HTTPError, request, response
from tests.live import PATIENCE
from tests.streams.test_presence import leave

tint: ContextVar[str] = ContextVar("tint", default="none")


async def until(event):
    """Wait for an event of another thread, as async code does that cannot know it."""
    while not event.is_set():
        await asyncio.sleep(0.002)


@pytest.mark.parametrize("flag", [True, False])
def test_an_async_generator_is_a_body(live, flag):
    gates = [threading.Event() for _ in range(3)]
    seen = []

    @live.page
    def page():
        response.stream = flag

        async def pieces():
            tint.set("red")
            seen.append(threading.get_ident())
            try:
                for number, gate in enumerate(gates):
                    await until(gate)
                    yield f"{request.path}{number}"
                yield tint.get()
            finally:
                await asyncio.sleep(0)
                seen.append(threading.get_ident())

        return pieces()

    client = live.connect()
    client.get("/page")
    if not flag:
        for gate in gates:
            gate.set()
        assert client.response().body == b"page0page1page2red"
    else:
        for number, gate in enumerate(gates):
            gate.set()
            client.until(b"5\r\npage%d\r\n" % number)
        assert client.until(b"0\r\n\r\n") == b"3\r\nred\r\n0\r\n\r\n"
    assert client.fetch("/nowhere").status == 404
    assert len(seen) == 2 and seen[0] == seen[1]


def test_a_coroutine_is_a_handler(live):
    @live.page
    async def page():
        await asyncio.sleep(0)
        response.headers["X-A"] = "b"
        if request.query_string:
            raise HTTPError(418)
        return request.path

    answer = live.fetch("/page")
    assert (answer.body, answer.get(b"X-A")) == (b"page", b"b")
    assert live.fetch("/page?x").status == 418


@pytest.mark.parametrize("at", ["first", "later"])
def test_errors_are_as_in_other_generators(live, at):
    @live.page
    async def page():
        response.stream = True
        if at == "later":
            yield "first"
        raise RuntimeError("here")

    def handler():
        response.stream = True
        return page()

    live.pages.pages["page"] = handler
    client = live.connect()
    client.get("/page")
    if at == "first":
        assert client.response().status == 500
    else:
        assert client.rest().endswith(b"5\r\nfirst\r\n")
    record = live.book.wait_for("raised RuntimeError")
    assert "here" in str(record.exc_info[1])


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("kind", ["generator", "coroutine"])
def test_one_that_is_blocked_ends_with_its_client(live, how, kind):
    began, ended = threading.Event(), []

    async def wait():
        began.set()
        try:
            await asyncio.sleep(PATIENCE * 10)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise
        finally:
            await asyncio.sleep(0)
            ended.append("clean")

    async def pieces():
        yield "head"
        await wait()
        yield "never"

    @live.page
    def page():
        response.stream = True
        return pieces() if kind == "generator" else wait()

    client = live.connect()
    client.get("/page")
    assert began.wait(PATIENCE)
    if kind == "generator":
        client.until(b"head\r\n")
    leave(client, how)
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert ended == ["cancelled", "clean"]
    assert not [line for line in live.book.messages if "raised" in line]


def test_a_stopping_server_ends_one_that_is_blocked(live):
    began = threading.Event()

    @live.page
    async def page():
        began.set()
        await asyncio.sleep(PATIENCE * 10)

    client = live.connect()
    client.get("/page")
    assert began.wait(PATIENCE)
    stopping = threading.Thread(target=live.server.shutdown, args=(PATIENCE,))
    stopping.start()
    assert client.response().status == 503
    client.close()
    stopping.join(PATIENCE)
    assert not stopping.is_alive()


def test_head_starts_it_once_and_closes_it(live):
    ended = threading.Event()

    @live.page
    def page():
        response.stream = True

        async def pieces():
            try:
                while True:
                    yield "tick"
            finally:
                ended.set()

        return pieces()

    client = live.connect()
    assert client.fetch("/page", method="HEAD").status == 200
    assert ended.wait(PATIENCE) and client.fetch("/nowhere").status == 404


def test_a_client_gone_that_is_raised_inside_is_no_failure(live):
    @live.page
    async def page():
        raise ClientGone

    client = live.connect()
    client.get("/page")
    assert live.book.wait_entries(1)[0].end == "client-gone"
    assert not [line for line in live.book.messages if "raised" in line]
