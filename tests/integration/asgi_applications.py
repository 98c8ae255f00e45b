"""Parts of which the tests of the ASGI bridge make their applications."""

from __future__ import annotations

import asyncio
import threading

from tests.live import PATIENCE

PLAIN = [(b"content-type", b"text/plain")]
START = {"type": "http.response.start", "status": 200, "headers": PLAIN}


def piece(data=b"", more=True):
    return {"type": "http.response.body", "body": data, "more_body": more}


class AsyncGate:
    """A place in an application that says it was reached, and waits to be opened from outside."""

    def __init__(self):
        self.reached = threading.Event()
        self.event = asyncio.Event()
        self.loop = None

    async def __call__(self):
        self.loop = asyncio.get_running_loop()
        self.reached.set()
        await asyncio.wait_for(self.event.wait(), PATIENCE)

    def open(self):
        assert self.reached.wait(PATIENCE)
        self.loop.call_soon_threadsafe(self.event.set)


def http(handler):
    """An application that knows no lifespans and answers requests with `handler(scope, receive, send)`."""

    async def app(scope, receive, send):
        assert scope["type"] == "http"
        await handler(scope, receive, send)

    return app


def listening():
    """An application that sends a piece and waits for the news that its client has left."""
    heard = threading.Event()

    @http
    async def app(scope, receive, send):
        await receive()
        await send(START)
        await send(piece(b"one"))
        assert (await receive()) == {"type": "http.disconnect"}
        heard.set()

    return heard, app
