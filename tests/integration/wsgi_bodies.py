"""What the live WSGI tests return from their applications: a body that notes what becomes of it."""

from __future__ import annotations

import re
import select
import ssl
import threading

from tests.live import PATIENCE, TlsSocket

PLAIN = [("Content-Type", "text/plain")]
CHUNKED_END = b"0\r\n\r\n"


class Noted:
    """An iterable of `chunks` (errors among them are raised, callables called) that notes its life.

    made: how many chunks were asked for. threads: who called iter, next and close. closed is set by the
    first close(); closings counts them.
    """

    def __init__(self, chunks=(), in_close=None):
        self.chunks = chunks
        self.in_close = in_close
        self.made = 0
        self.closings = 0
        self.closed = threading.Event()
        self.finished = False
        self.threads = set()

    def __iter__(self):
        self.threads.add(threading.get_ident())
        try:
            for chunk in self.chunks:
                self.made += 1
                if isinstance(chunk, Exception):
                    raise chunk
                chunk = chunk() if callable(chunk) else chunk
                if chunk is not None:
                    yield chunk
        finally:
            self.finished = True

    def close(self):
        self.threads.add(threading.get_ident())
        self.closings += 1
        self.closed.set()
        if self.in_close is not None:
            self.in_close()

    def wait_closed(self):
        """Wait until it was closed; once is all it may be."""
        assert self.closed.wait(PATIENCE), "close() was not called"
        assert self.closings == 1, f"close() was called {self.closings} times"


class Gate:
    """A place in a body that says it was reached, and waits to be opened."""

    def __init__(self):
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self):
        self.reached.set()
        assert self.opened.wait(PATIENCE), "nobody opened the gate"

    def wait_reached(self):
        assert self.reached.wait(PATIENCE), "the application did not come so far"


def giving(result, status="200 OK", fields=PLAIN):
    """An application that answers with `result`."""

    def app(environ, start_response):
        start_response(status, list(fields))
        return result

    return app


def silent(client):
    """Nothing of a response has come to this client that it has not read."""
    sock = client.sock
    if not isinstance(sock, TlsSocket):
        return not client.buffer and not select.select([sock], [], [], 0)[0]
    while select.select([sock.sock], [], [], 0)[0]:
        # It may be a session ticket, which is no answer.
        sock._incoming.write(sock.sock.recv(1 << 16))
        try:
            client.buffer += sock.tls.read(1 << 16)
        except ssl.SSLWantReadError:
            pass
    return not client.buffer


def wait_for_error(live, pattern):
    """Wait until the log has told of an error, in its line or by the exception with it."""
    with live.book._news:
        found = live.book._news.wait_for(
            lambda: [r for r in live.book.records if re.search(pattern, f"{r.getMessage()} {(r.exc_info or '  ')[1]}")],
            PATIENCE,
        )
    assert found, f"nothing in the log matches {pattern!r}: {live.book.messages}"
