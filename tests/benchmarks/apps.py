"""What every server under test serves: the same pages for rawwfile and, as WSGI, for its peers.

`root` is the page tree for `rawwfile serve tests/benchmarks/apps.py:root`;
`application` is the WSGI callable for cheroot, waitress and gunicorn.
Each WSGI page does with the means of WSGI what the page of the same name does.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

HELLO = "Hello, World!"
BULK_SIZE = 64 << 20
BLOCK_SIZE = 1 << 20
CHUNK = b"x" * 1023 + b"\n"
CHUNKS = 100
READ_SIZE = 1 << 16


@functools.lru_cache(maxsize=1)
def bulk_body() -> bytes:
    """64 MiB where byte i is (i ^ i >> 8) & 255; made at first use so that idle memory is not inflated."""
    period = bytes((i ^ i >> 8) & 255 for i in range(1 << 16))
    return period * (BULK_SIZE // len(period))


@functools.lru_cache(maxsize=1)
def block() -> bytes:
    """The first MiB of `bulk_body`; 64 of them are the whole of it."""
    return bytes((i ^ i >> 8) & 255 for i in range(1 << 16)) * (BLOCK_SIZE >> 16)


def time_line() -> bytes:
    """A line that says when it was written: the system-wide monotonic clock, ns."""
    return b"t=%d\n" % time.monotonic_ns()


def endless(pause: str, log: str) -> Iterator[bytes]:
    """A line with its time after each pause; at close() the times of all lines, and of the close, go to `log`."""
    made: list[int] = []
    try:
        while True:
            time.sleep(float(pause))
            made.append(time.monotonic_ns())
            yield b"t=%d\n" % made[-1]
    finally:
        made.append(time.monotonic_ns())
        with open(log, "w", encoding="ascii") as file:
            file.write(" ".join(map(str, made)) + "\n")


class Root:
    """The pages."""

    def hello(self) -> str:
        """13 bytes."""
        return HELLO

    hello.exposed = True  # type: ignore[attr-defined]

    def sleep(self, seconds: str = "0.1") -> str:
        """13 bytes after a wait."""
        time.sleep(float(seconds))
        return HELLO

    sleep.exposed = True  # type: ignore[attr-defined]

    def bulk(self) -> bytes:
        """64 MiB as the return value."""
        return bulk_body()

    bulk.exposed = True  # type: ignore[attr-defined]

    def blocks(self) -> str:
        """64 MiB written by hand, 1 MiB at a time."""
        from rawwfile import response

        wfile = response.wfile
        response.sendResponse = 0
        wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % BULK_SIZE)
        for _ in range(BULK_SIZE // BLOCK_SIZE):
            wfile.write(block())
        return ""

    blocks.exposed = True  # type: ignore[attr-defined]

    def stream(self, lines: str = "10", pause: str = "0.1") -> str:
        """Lines written by hand with a sleep after each; only closing ends the response."""
        from rawwfile import response

        wfile = response.wfile
        response.sendResponse = 0
        wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n")
        for _ in range(int(lines)):
            wfile.write(time_line())
            time.sleep(float(pause))
        return ""

    stream.exposed = True  # type: ignore[attr-defined]

    def chunks(self) -> Iterator[bytes]:
        """100 chunks of 1 KiB from a generator that does not pause."""
        from rawwfile import response

        response.stream = True
        return iter([CHUNK] * CHUNKS)

    chunks.exposed = True  # type: ignore[attr-defined]

    def ticks(self, pause: str = "0.02", log: str = "") -> Iterator[bytes]:
        """An endless stream from a generator; see `endless`."""
        from rawwfile import response

        response.stream = True
        return endless(pause, log)

    ticks.exposed = True  # type: ignore[attr-defined]

    def upload(self) -> str:
        """Read the body, say how long it was."""
        from rawwfile import request

        rfile = request.rfile
        total = 0
        while data := rfile.read(READ_SIZE):
            total += len(data)
        return str(total)

    upload.exposed = True  # type: ignore[attr-defined]


root = Root()

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """The same pages for a WSGI server."""
    path = environ["PATH_INFO"]
    length: int | None = None
    body: Iterable[bytes]
    if path == "/hello":
        body, length = [HELLO.encode("ascii")], len(HELLO)
    elif path == "/sleep":
        time.sleep(float(environ["QUERY_STRING"].partition("=")[2] or 0.1))
        body, length = [HELLO.encode("ascii")], len(HELLO)
    elif path == "/bulk":
        body, length = [bulk_body()], BULK_SIZE
    elif path == "/blocks":
        body, length = (block() for _ in range(BULK_SIZE // BLOCK_SIZE)), BULK_SIZE
    elif path == "/stream":
        body = _wsgi_stream(environ["QUERY_STRING"])
    elif path == "/ticks":
        body = endless(**dict(item.split("=") for item in environ["QUERY_STRING"].split("&")))
    elif path == "/chunks":
        body = iter([CHUNK] * CHUNKS)
    elif path == "/upload":
        text = str(_wsgi_read(environ)).encode("ascii")
        body, length = [text], len(text)
    else:
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []
    fields = [("Content-Type", "text/html; charset=utf-8")]
    if length is not None:
        fields.append(("Content-Length", str(length)))
    start_response("200 OK", fields)
    return body


def _wsgi_stream(query: str) -> Iterator[bytes]:
    options = dict(item.split("=") for item in query.split("&"))
    for _ in range(int(options["lines"])):
        yield time_line()
        time.sleep(float(options["pause"]))


def _wsgi_read(environ: Environ) -> int:
    left = total = int(environ.get("CONTENT_LENGTH") or 0)
    while left and (data := environ["wsgi.input"].read(min(left, READ_SIZE))):
        left -= len(data)
    return total - left
