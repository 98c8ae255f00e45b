"""What a long poll is allowed and asked to do: `Options` of one handler, `Limits` of them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

OVERLAPS = ("wait", "reject", "supersede")


@dataclass(frozen=True, kw_only=True)
class Options:
    """The arguments of `@json_yield(...)`. Times are seconds, sizes bytes. Raises TypeError, ValueError.

    wait: how long a poll waits for something to answer; the client may ask for another time with
    `wait=`, `Limits.wait` caps both. What a generator takes inside a poll is not cut short: one that
    may take longer, or uses what belongs to a thread, wants producer="thread".
    ttl: without a poll for so long, a stream is closed; so long its end is remembered. max_age:
    None, or how old a stream may become.
    overlap: what a poll meets while another one of its key is answered: "wait" for its end,
    "reject", or "supersede" (the older one is answered `pending`).
    accumulate: True sends all the items so far as a list, a number the last n. batch: n sends new
    items as a list of n at most; after the first, `linger` is how long others are waited for.
    producer: None, the generator runs in the polls; "thread", in a thread of its own, which makes up
    to `maxlen` items and max_bytes ahead and pauses `pause` after the last poll.
    max_bytes: what a stream may hold, and its largest answer.
    meta: answers carry seq, count, key, age, ttl, more and retry even if the client sends no `ack`.
    retry: seconds of pause that the client is advised to make. debug: error answers carry the
    message; None: if the server's log level is debug.
    session_of: gives a hashable name of the request's session, or None; see JsonYield.session_of.
    """

    wait: float = 25.0
    ttl: float = 60.0
    max_age: float | None = None
    overlap: str = "wait"
    accumulate: bool | int = False
    batch: int | None = None
    linger: float = 0.1
    producer: str | None = None
    maxlen: int = 100
    pause: float = 5.0
    max_bytes: int = 16 * 1024 * 1024
    meta: bool = False
    retry: float = 0
    debug: bool | None = None
    session_of: Callable[[Any], Any] | None = None

    def __post_init__(self) -> None:
        _need(self.overlap in OVERLAPS, "overlap", self.overlap, '"wait", "reject" or "supersede"')
        _need(self.producer in (None, "thread"), "producer", self.producer, 'None or "thread"')
        for name in ("wait", "linger", "pause", "retry"):
            _need(_is_number(getattr(self, name), 0), name, getattr(self, name), "seconds, 0 or more")
        _need(_is_number(self.ttl, 0) and self.ttl > 0, "ttl", self.ttl, "seconds, more than 0")
        aged = self.max_age is None or (_is_number(self.max_age, 0) and self.max_age > 0)
        _need(aged, "max_age", self.max_age, "seconds, more than 0, or None")
        _need(self.batch is None or _is_count(self.batch), "batch", self.batch, "a whole number from 1, or None")
        good = isinstance(self.accumulate, bool) or _is_count(self.accumulate)
        _need(good, "accumulate", self.accumulate, "True, False or a whole number from 1")
        for name in ("maxlen", "max_bytes"):
            _need(_is_count(getattr(self, name)), name, getattr(self, name), "a whole number from 1")
        good = self.session_of is None or callable(self.session_of)
        _need(good, "session_of", self.session_of, "a function of a request, or None")


def make_options(given: dict[str, Any]) -> Options:
    """Options from keyword arguments. Raises TypeError naming those that there are, ValueError for a bad value."""
    known = [each.name for each in fields(Options)]
    for name in given:
        if name not in known:
            raise TypeError(f"json_yield takes no {name!r}; there are {', '.join(known)}")
    return Options(**given)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What all long polls of this process may use together; more is refused with 429 or 503.

    streams: open at once. per_client: by one session, or by one address without sessions.
    threads: of background producers. bytes: of all answers and queues. wait: seconds, the
    longest wait of a poll, whatever the handler or the client ask for.
    """

    streams: int = 1000
    per_client: int = 16
    threads: int = 64
    bytes: int = 256 * 1024 * 1024
    wait: float = 55.0

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            good = _is_number(value, 0) if each.name == "wait" else _is_count(value)
            _need(good, f"limit {each.name}", value, "a number, 1 or more")


def _is_number(value: Any, least: float) -> bool:
    return type(value) in (int, float) and least <= value < 1e9


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 1


def _need(good: bool, name: str, value: Any, wanted: str) -> None:
    if not good:
        raise ValueError(f"json_yield: {name} must be {wanted}, not {value!r}")
