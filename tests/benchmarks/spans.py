"""What spans cost: the readers with and without a trail, in one thread, without a socket.

    python -m tests.benchmarks.spans

Prints microseconds for each message (the best of several turns, taken by turns) and the ratio.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from rawwfile.http.observe import ResponseObserver
from rawwfile.http.reader import RequestReader, State
from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.span_reader import SpanReader
from rawwfile.http.spans import SpanTrail

TURNS, MESSAGES = 15, 2000
FIELDS = b"".join(b"X-Field-%d: some value of ordinary length\r\n" % number for number in range(8))
GET = b"GET /a/path?with=query HTTP/1.1\r\nHost: 127.0.0.1\r\n" + FIELDS + b"\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"5\r\nhello\r\n" * 20 + b"0\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello"
CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"5\r\nhello\r\n" * 20 + b"0\r\n\r\n"


def read(reader: RequestReader, data: bytes) -> None:
    """The same request again and again, each in one piece."""
    for _ in range(MESSAGES):
        reader.receive_data(data)
        while reader.state is not State.DONE:
            reader.next_event()
        reader.start_next()


def observe(make: Callable[[], ResponseObserver], data: bytes) -> None:
    """The same response again and again, each in one write."""
    for _ in range(MESSAGES):
        make().receive(data)


def turn(run: Callable[[], None]) -> float:
    """Microseconds for each message."""
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) / MESSAGES * 1e6


def compare(title: str, plain: Callable[[], None], spanning: Callable[[], None]) -> None:
    """Take turns, and print the best of each."""
    turns = [(turn(plain), turn(spanning)) for _ in range(TURNS)]
    without, with_spans = min(one for one, _ in turns), min(other for _, other in turns)
    print(f"{title:32} {without:7.2f} us without spans, {with_spans:7.2f} us with, ratio {with_spans / without:.2f}")


def main() -> None:
    """Print the table."""
    for title, data in (("request, ten fields", GET), ("request, 20 chunks", POST)):
        compare(title, lambda data=data: read(RequestReader(), data), lambda data=data: read(SpanReader(), data))
    for title, data in (("response, length", ANSWER), ("response, 20 chunks", CHUNKS)):
        trail = SpanTrail()
        compare(
            title,
            lambda data=data: observe(lambda: ResponseObserver("GET"), data),
            lambda data=data, trail=trail: observe(lambda: SpanObserver("GET", trail=trail), data),
        )


if __name__ == "__main__":
    main()
