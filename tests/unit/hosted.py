"""A WSGI host without a socket, strict as the standard library's validator, for the tests of as_wsgi."""

from __future__ import annotations

import io
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from rawwfile.adapters.as_wsgi import as_wsgi


class Host:
    """Calls an application once and keeps what it was given.

    written: what came by write(). iterated: what was iterated. events: of both, in order.
    error: what the application, or its iterable, raised.
    """

    def __init__(self, app, *, strict=True, pieces=None, fails_after=None, **environ):
        setup_testing_defaults(environ)
        environ["QUERY_STRING"] = environ.get("QUERY_STRING", "")
        self.environ = environ
        environ["tests.host"] = self
        self.status = self.fields = self.error = None
        self.written, self.iterated, self.events = [], [], []
        self.fails_after = fails_after
        try:
            result = (validator(app) if strict else app)(environ, self.start_response)
            iterator = iter(result)
            try:
                while pieces is None or len(self.iterated) < pieces:
                    piece = next(iterator, None)
                    if piece is None:
                        break
                    self.iterated.append(piece)
                    self.events.append(piece)
            finally:
                if hasattr(result, "close"):
                    result.close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            self.error = error

    def start_response(self, status, fields, exc_info=None):
        assert self.status is None or exc_info
        self.status, self.fields = status, fields
        return self.write

    def write(self, data):
        if self.fails_after is not None and len(self.written) >= self.fails_after:
            raise ConnectionResetError("the host's client is gone")
        self.written.append(data)
        self.events.append(data)

    @property
    def content(self):
        return b"".join(self.written + self.iterated)

    def get(self, name):
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        assert len(values) < 2, values
        return values[0] if values else None


class Plain:
    """An application(exchange) that calls one function; what it returns is the body."""

    rawwfile_application = True

    def __init__(self, handler):
        self.handler = handler

    def __call__(self, exchange):
        exchange.announce(self.handler)
        exchange.response.body = self.handler()


def hosted(handler, **options):
    """What a host gets from `handler`."""
    return Host(as_wsgi(Plain(handler)), **options)


def posting(content, **environ):
    """Options for a request with content."""
    return {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": "text/plain",
        "wsgi.input": io.BytesIO(content),
        **environ,
    }
