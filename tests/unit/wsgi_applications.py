"""Small WSGI applications for the tests of the adapter."""

from __future__ import annotations

from rawwfile.adapters.wsgi import WsgiApplication
from tests.unit import wire

PLAIN = [("Content-Type", "text/plain")]


class Chunks:
    """An iterable that notes when a chunk is made and when it is closed; not an iterator itself."""

    def __init__(self, chunks, events, length=None):
        self.chunks, self.events, self.length = chunks, events, length

    def __iter__(self):
        for chunk in self.chunks:
            if isinstance(chunk, Exception):
                raise chunk
            self.events.append("made")
            yield chunk

    def close(self):
        self.events.append("closed")


class Measured(Chunks):
    def __len__(self):
        return self.length


def giving(result, status="200 OK", fields=PLAIN):
    def app(environ, start_response):
        start_response(status, fields)
        return result

    return app


def answer(app, request=wire.GET, **connection):
    """Run a WSGI application; returns the exchange, the lines of the head and the content."""
    return wire.answer(WsgiApplication(app), request, **connection)
