"""What a browser makes of an event stream: the parsing and interpreting rules of the HTML standard.

Written from the standard's algorithm and not from ours, so that the two can be held against each other.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Received:
    """One event as a script sees it: its type, data and lastEventId."""

    type: str
    data: str
    id: str

    @property
    def json(self) -> Any:
        """The data, read as JSON."""
        return json.loads(self.data)


@dataclass(slots=True)
class EventSource:
    """Everything that came of a stream. retry: milliseconds, None while not told; comments as they stood."""

    events: list[Received] = field(default_factory=list)
    last_event_id: str = ""
    retry: int | None = None
    comments: list[str] = field(default_factory=list)
    _type: str = ""
    _data: str = ""
    _id: str = ""

    def line(self, line: str) -> None:
        """Process one line, without its end."""
        if not line:
            self._dispatch()
        elif line.startswith(":"):
            self.comments.append(line[1:])
        else:
            name, _, value = line.partition(":")
            self._field(name, value.removeprefix(" "))

    def _field(self, name: str, value: str) -> None:
        if name == "event":
            self._type = value
        elif name == "data":
            self._data += value + "\n"
        elif name == "id":
            if "\0" not in value:
                self._id = value
        elif name == "retry" and re.fullmatch("[0-9]+", value, re.ASCII):
            self.retry = int(value)

    def _dispatch(self) -> None:
        self.last_event_id = self._id
        if self._data:
            data = self._data.removesuffix("\n")
            self.events.append(Received(self._type or "message", data, self.last_event_id))
        self._type = self._data = ""


def read_events(stream: bytes) -> EventSource:
    """Read a whole stream; what follows the last blank line is dropped, as it is at a lost connection."""
    text = stream.decode("utf-8", "replace").removeprefix("\ufeff")
    source = EventSource()
    lines = re.split("\r\n|\r|\n", text)
    for line in lines[:-1]:
        source.line(line)
    return source
