"""Which line of the application is named for a write, whatever the application is made of."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from rawwfile import expose, response, sse, stream
from rawwfile.adapters.asgi import AsgiApplication
from rawwfile.adapters.interface import application_for
from rawwfile.adapters.wsgi import WsgiApplication
from tests.taped import Taped, check


@pytest.fixture
def taped() -> Iterator[Callable[..., Taped]]:
    started: list[Taped] = []

    def start(application: Any) -> Taped:
        started.append(Taped(application=application_for(application)))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def lines_of(taped: Taped, path: str = "/") -> list[str]:
    """The lines of code that wrote the response, without the writes of the engine itself."""
    with taped.connect() as client:
        client.get(path, "Connection: close\r\n")
        client.rest()
    connection = taped.closed()
    check(connection)
    found = []
    for entry in connection.stream("out").entries:
        if entry.by is not None:
            assert entry.by.startswith("test_tap_writers.py:"), entry.by
            with open(__file__, encoding="utf-8") as file:
                found.append(file.read().split("\n")[int(entry.by.partition(":")[2]) - 1].strip())
    return found


def write_twice() -> None:
    response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no")  # from a function
    response.wfile.write(b"k")


class Root:
    @expose
    def index(self) -> None:
        response.sendResponse = 0
        write_twice()

    @expose
    def copied(self) -> None:
        response.sendResponse = 0
        with tempfile.TemporaryFile() as file:
            file.write(b"HTTP/1.1 204 No Content\r\n\r\n")
            file.seek(0)
            shutil.copyfileobj(file, response.wfile)  # by way of the standard library

    @expose
    def pieces(self) -> Iterator[str]:
        response.stream = True
        return self.made()

    def made(self) -> Iterator[str]:
        yield "one"
        for word in ("two", "three"):
            yield word

    @expose
    def through_another(self) -> Iterator[str]:
        response.stream = True
        return (piece.upper() for piece in self.made())

    @expose
    @sse
    def events(self) -> Iterator[str]:
        yield "first event"
        yield "second event"

    @expose
    def waited(self) -> Iterator[str]:
        response.stream = True

        def slowly() -> Iterator[str]:
            yield "a"
            stream.sleep(0.001)
            yield "b"

        return slowly()

    @expose
    def asynchronous(self) -> AsyncIterator[str]:
        response.stream = True
        return self.later()

    async def later(self) -> AsyncIterator[str]:
        yield "now"
        await asyncio.sleep(0)
        yield "soon"

    @expose
    def value(self) -> str:
        return "sent by the engine"

    @expose
    def failing(self) -> str:
        raise RuntimeError("answered by the engine")


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (
            "/",
            [
                'response.wfile.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\no")  # from a function',
                'response.wfile.write(b"k")',
            ],
        ),
        ("/copied", ["shutil.copyfileobj(file, response.wfile)  # by way of the standard library"]),
        ("/pieces", ['yield "one"', "yield word", "yield word"]),
        ("/through_another", ["return (piece.upper() for piece in self.made())"] * 3),
        ("/events", ['yield "first event"', 'yield "second event"']),
        ("/waited", ['yield "a"', 'yield "b"']),
        ("/asynchronous", ['yield "now"', 'yield "soon"']),
        ("/value", []),
        ("/failing", []),
    ],
)
def test_pages(taped: Callable[..., Taped], path: str, lines: list[str]) -> None:
    assert lines_of(taped(Root()), path) == lines


def test_wsgi(taped: Callable[..., Taped]) -> None:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield b"one"
        yield b"two"

    def writing(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        write = start_response("200 OK", [("Content-Type", "text/plain")])
        write(b"one")
        return [b"two"]

    assert lines_of(taped(WsgiApplication(application))) == ['yield b"one"', 'yield b"two"']
    assert lines_of(taped(WsgiApplication(writing))) == ['write(b"one")']


def test_asgi(taped: Callable[..., Taped]) -> None:
    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await send({"type": "http.response.body", "body": b"two"})

    asgi = AsgiApplication(application)
    try:
        taped_asgi = taped(asgi)
        assert taped_asgi.fetch("/").body == b"onetwo"
        check(taped_asgi.closed())
    finally:
        asgi.close()
