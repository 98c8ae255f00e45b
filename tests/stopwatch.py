"""HowTo 20 as it stands in legacy_examples/, with the moment at which it makes each write.

time.monotonic is one clock for all processes of a machine, so that what a client in another process
saw, and when, can be held against these moments.
"""

from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from rawwfile import expose
from rawwfile.adapters.load import application_for, load_target
from tests.commands import CHECKOUT, PATIENCE

LIMIT = 0.05
"""Seconds after its write at which each line must be at the client."""

LOOKS = 5
"""How often to look before a line counts as late: a busy machine is late now and then, a server that holds back always."""

LINES = (b"First line. Sleeping 2 seconds ...\n", b"Second line. Sleeping 2 seconds ...\n", b"Third and last line")
"""What comes after the head, one write each."""


@dataclass(slots=True)
class Reading:
    """One response as it was written and as it was seen. Times are seconds of time.monotonic.

    written: each write, and the moment before it was made.
    seen: how many bytes there were, each time that there were more; the head is `head` of them.
    """

    written: list[tuple[float, bytes]] = field(default_factory=list)
    seen: list[tuple[float, int]] = field(default_factory=list)
    head: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def see(self, count: int) -> None:
        """Note that there are `count` bytes now."""
        self.seen.append((time.monotonic(), count))

    @property
    def lines(self) -> list[tuple[float, float]]:
        """For each line of the body, when it was written and when the whole of it was seen."""
        total, found = self.head, []
        for when, data in self.written[-len(LINES) :]:
            total += len(data)
            found.append((when, next((moment for moment, count in self.seen if count >= total), float("inf"))))
        return found

    @property
    def delays(self) -> list[float]:
        """Seconds from the write of each line to its arrival."""
        return [arrived - written for written, arrived in self.lines]

    @property
    def each_before_the_next(self) -> bool:
        """Every line was seen before the handler wrote the next."""
        lines = self.lines
        return len(lines) == len(LINES) and all(seen < after for (_, seen), (after, _) in itertools.pairwise(lines))

    def __str__(self) -> str:
        """The figures: "0.4, 0.5, 0.4 ms after its write"."""
        return ", ".join(f"{delay * 1000:.1f}" for delay in self.delays) + " ms after its write"


class Stopwatch:
    """An application: the example under each of `names`, for one client each, and an empty page at "/".

    more_fields: by name, a field line for the head that the example does not write.
    """

    rawwfile_application = True

    def __init__(self, *names: str, more_fields: dict[str, str] | None = None) -> None:
        root = load_target(f"{CHECKOUT / 'legacy_examples' / 'howto20.py'}:root")
        self.readings = {name: Reading() for name in names}
        self._more_fields = more_fields or {}
        index = expose(lambda: "<!DOCTYPE html>")
        self._site = application_for(SimpleNamespace(index=index, **dict.fromkeys(names, root)), "pages")

    def __call__(self, exchange: Any) -> None:
        name = exchange.request.path.partition("/")[0]
        reading = self.readings.get(name)
        if reading is None:
            return self._site(exchange)
        writer = exchange.response.wfile
        send = writer.write

        def write(text: str) -> int:
            if name in self._more_fields and text.endswith("\r\n\r\n"):
                text = f"{text[:-2]}{self._more_fields[name]}\r\n\r\n"
            reading.written.append((time.monotonic(), text.encode("ascii")))
            return send(text)

        writer.write = write
        exchange.on_end(reading.ended.set)
        return self._site(exchange)

    def wait_ended(self, name: str) -> Reading:
        """The reading of `name`, once its response is over."""
        assert self.readings[name].ended.wait(PATIENCE), f"nobody has read {name} to its end"
        return self.readings[name]
