"""Long polls without sockets, and on a clock that goes on when somebody waits.

site = Site(json_yield options of the registry...)
class Root:
    @site.json_yield
    def prime(self): ...
site.serve(Root())
assert site.poll("/prime?key=1").body == '{"state": "ready", "content": 3}'
"""

from __future__ import annotations

import contextvars
import json
import threading
from dataclasses import dataclass, field
from typing import Any

from rawwfile.adapters.pages import PageTree
from rawwfile.errors import ClientDisconnected
from rawwfile.exchange.channel import ENDED, GONE, OPEN
from rawwfile.exchange.exchange import Exchange
from rawwfile.settings import Settings
from rawwfile.streaming.longpoll.decorator import JsonYield
from rawwfile.streaming.longpoll.options import Limits
from rawwfile.streaming.longpoll.registry import Registry
from tests.unit.wire import Wire, request_text


class Clock:
    """Stands still until somebody waits; then the time is up at once, unless something happens before."""

    def __init__(self):
        self.now = 1000.0
        self.plans = []

    def __call__(self):
        return self.now

    def at(self, seconds, happening):
        """Call `happening()` so many seconds from now, when somebody waits until then."""
        self.plans.append((self.now + seconds, happening))

    def pause(self, event, seconds):
        """What a poll does to wait."""
        end = self.now + seconds
        while not event.is_set():
            due = min((when for when, _ in self.plans), default=end)
            if due >= end:
                self.now = end
                return
            self.now = max(self.now, due)
            plan = next(plan for plan in self.plans if plan[0] == due)
            self.plans.remove(plan)
            plan[1]()


class Line(Wire):
    """A connection whose client can leave."""

    def __init__(self, address="192.0.2.9", **options):
        super().__init__(**options)
        self.address = address
        self.state = OPEN
        self.answers_with_reset = True
        self.watches = []
        self.watched = threading.Event()
        self.streams = 0
        self.stops = False
        self.failing = False

    @property
    def stopping(self):
        return self.stops

    def send(self, data):
        if self.failing:
            raise ClientDisconnected("the connection is broken")
        super().send(data)

    def begin_stream(self):
        self.streams += 1
        return True

    def client_state(self):
        return self.state

    def await_reset(self, seconds):
        return self.state == GONE or self.answers_with_reset

    def watch(self, callback):
        self.watches.append(callback)
        self.watched.set()
        return self

    def cancel(self):
        self.watches.clear()

    def call_at(self, when, callback):
        return self

    def peer(self):
        return (self.address, 4321)

    def leave(self, state=ENDED):
        """The client has said that it sends no more, as one does that leaves."""
        self.state = state
        for callback in list(self.watches):
            callback(False)

    def stop(self):
        """The server stops."""
        self.stops = True
        for callback in list(self.watches):
            callback(False)


@dataclass
class Polled:
    """What came of one poll."""

    exchange: Exchange
    raw: bytes
    lines: list[str] = field(init=False)
    body: str = field(init=False)

    def __post_init__(self):
        head, _, body = self.raw.partition(b"\r\n\r\n")
        self.lines = head.decode("ascii").split("\r\n")
        self.body = body.decode("utf-8")

    @property
    def status(self):
        return int(self.lines[0].split()[1])

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def state(self):
        return self.json["state"]

    @property
    def content(self):
        """The content of an answer that is ready."""
        assert self.state == "ready", self.body
        return self.json["content"]

    def get(self, name):
        """A field of the response; None without it."""
        for line in self.lines[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None


class Site:
    """One registry, one clock, and a page tree that is polled."""

    def __init__(self, settings=None, **limits):
        self.clock = Clock()
        self.registry = Registry(Limits(**limits), clock=self.clock, pause=self.clock.pause, reap=False)
        self.json_yield = JsonYield(self.registry)
        self.settings = settings or Settings()

    def serve(self, root):
        """Poll this tree from now on."""
        self.application = PageTree(root)
        return self

    def ask(self, target, fields="", method="GET", body="", **line):
        """An exchange for a request that has come, not yet answered."""
        wire = Line(**line)
        wire.reader.receive_data(request_text(f"{method} {target}", fields, body).encode("latin-1"))
        return Exchange(wire, wire.reader.next_event(), self.settings)

    def answer(self, exchange):
        """Answer it, as the server does: in a context of its own, and to the end."""
        contextvars.Context().run(exchange.run, self.application)
        return Polled(exchange, b"".join(exchange.channel.pieces))

    def poll(self, target, fields="", method="GET", body="", **line):
        """Ask and answer."""
        return self.answer(self.ask(target, fields, method, body, **line))

    def contents(self, target, count):
        """The contents of so many polls."""
        return [self.poll(target).content for _ in range(count)]

    @property
    def streams(self):
        """What json_yield.streams() says."""
        return self.json_yield.streams()

    @property
    def only(self) -> Any:
        """The only stream."""
        (stream,) = self.streams
        return stream


class Closing:
    """An iterator that counts its close()."""

    def __init__(self, items):
        self._items = iter(items)
        self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._items)

    def close(self):
        self.closed += 1


def site_of(function, settings=None, **options):
    """A site with one long poll at /page."""
    site = Site(settings)
    decorated = site.json_yield(**options)(function)
    return site.serve(type("Root", (), {"page": decorated})())


def letters(self):
    yield from "abcdef"
