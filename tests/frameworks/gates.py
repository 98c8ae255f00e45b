"""What the applications of real frameworks share: gates to wait at, and a book of what came to its end.

The applications run in this process or in one of their own; there the tests reach these by a page.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextvars import ContextVar

PATIENCE = 20
"""Seconds after which somebody who should have come has not."""

gates: defaultdict[str, threading.Event] = defaultdict(threading.Event)
reached: defaultdict[str, threading.Event] = defaultdict(threading.Event)
ended: Counter[str] = Counter()
_news = threading.Condition()
leaking: ContextVar[str] = ContextVar("leaking", default="clean")
"""Set by one request, and looked for by the next."""


def wait_at(name: str) -> None:
    """Wait until `name` is opened."""
    reached[name].set()
    assert gates[name].wait(PATIENCE), f"nobody opened {name}"


def open_gate(name: str) -> str:
    """Let pass who waits at `name`."""
    gates[name].set()
    return "opened"


def note(name: str) -> None:
    """Count one more end of `name`."""
    with _news:
        ended[name] += 1
        _news.notify_all()


def count_of(name: str, least: int = 1) -> int:
    """How often `name` came to its end; waits until it has done so `least` times."""
    with _news:
        assert _news.wait_for(lambda: ended[name] >= least, PATIENCE), f"{name} has not ended: {dict(ended)}"
        return ended[name]


def two_pieces() -> Iterator[str]:
    """The stream that every framework's application has: two pieces, and a gate between them."""
    try:
        leaking.set("in the stream")
        yield "one"
        wait_at("stream")
        yield "two"
    finally:
        note("stream")


def endless_pieces() -> Iterator[str]:
    """Ends when somebody closes it."""
    try:
        while True:
            yield "x" * 1000
    finally:
        note("endless")


def failing_pieces(*pieces: str) -> Iterator[str]:
    """Fails after these pieces."""
    yield from pieces
    raise ValueError("failed on purpose")


def forget() -> None:
    """Begin anew: between two tests."""
    with _news:
        gates.clear()
        reached.clear()
        ended.clear()
