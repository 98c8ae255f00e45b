"""The examples as a museum: rooms, in each its exhibits in walking order, from 2004 to today.

What is known of an exhibit stands in the docstring of its file: the title, the room and the place in
it, the year and why that year, what it is for, what to type and what to look at.
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from rawwfile.errors import TargetError

FIRST = "howto20"
"""The exhibit at the entrance."""

OWN_ADDRESS = "http://127.0.0.1:8000/"
"""The address in an example's docstring, where it is served alone."""

ROOMS = {
    "The response is a file": "A handler writes the response, status line first, to a file that is the connection.",
    "HTTP/1.1 by hand": "What the protocol has for those who write it themselves: chunks, trailers, ranges, proxies.",
    "Push and wait": "How pages were kept alive before browsers had anything for it.",
    "Streams that browsers know": "Events, sockets, rows and hints that a browser takes one by one.",
    "Today": "TLS, and streams as frameworks and databases have them now.",
    "What goes wrong": "Responses that break a rule, what the server says of them, and what clients make of them.",
}
"""Name of each room, in walking order, and what a visitor finds in it."""

_room_line = re.compile(rf"([0-9])\.([0-9]+) ({'|'.join(map(re.escape, ROOMS))})\. ([0-9]{{4}}|today)(?:, (.+))?")
_part = re.compile(r"^(Room|Goal|Run|Try|Look): +", re.MULTILINE)


class Exhibit(NamedTuple):
    """An example. place: (room, place in it), both from 1. year: four digits or "today"; source: why, or empty."""

    name: str
    title: str
    place: tuple[int, int]
    room: str
    year: str
    source: str
    goal: str
    to_try: str
    look: str


def exhibit(name: str, text: str) -> Exhibit:
    """Read the docstring of the example of that name. Raises TargetError where a part of it is missing."""
    title, *rest = _part.split(text.strip())
    parts = {key: " ".join(value.split()) for key, value in zip(rest[::2], rest[1::2], strict=True)}
    found = _room_line.fullmatch(parts.get("Room", ""))
    missing = [part for part in ("Goal", "Run", "Try", "Look") if not parts.get(part)]
    if missing or found is None:
        what = missing[0] if missing else "Room of the museum"
        raise TargetError(f"the docstring of the example {name} says no {what}.")
    room, number, room_name, year, source = found.groups()
    place = (int(room), int(number))
    return Exhibit(
        name, title.strip(), place, room_name, year, source or "", parts["Goal"], parts["Try"], parts["Look"]
    )


def load_site(directory: Path) -> Site:
    """Load every example of `directory` and mount each under the name of its file.

    Raises TargetError where one cannot be loaded.
    """
    from rawwfile.adapters.load import load_target

    site = Site()
    for file in sorted(directory.glob("*.py")):
        site.mount(file.stem, load_target(f"{file}:root"))
    return site


class Site:
    """The page tree of the demo: one attribute for each example, and a list of them."""

    def __init__(self) -> None:
        self.address = OWN_ADDRESS
        self.trust = ""
        """Options that curl needs here, each with a blank behind it."""
        self.exhibits: dict[str, Exhibit] = {}

    def mount(self, name: str, root: Any) -> None:
        """Serve the page object `root` at /name/. Raises TargetError where its module's docstring lacks something."""
        found = exhibit(name, sys.modules[type(root).__module__].__doc__ or "")
        setattr(self, name, root)
        self.exhibits[name] = found

    def walk(self) -> list[Exhibit]:
        """The exhibits in walking order."""
        return sorted(self.exhibits.values(), key=lambda each: each.place)

    def visits(self) -> list[dict[str, str]]:
        """Path and title of each exhibit in walking order, for whoever offers them to be clicked."""
        return [{"path": f"/{each.name}/", "title": each.title} for each in self.walk()]

    def index(self) -> str:
        """The rooms and their exhibits: what each shows, what to type, where to look."""
        return "".join(self._page())

    index.exposed = True  # type: ignore[attr-defined]

    def _page(self) -> Iterator[str]:
        yield _PAGE_HEAD
        rooms = [(room, list(exhibits)) for room, exhibits in groupby(self.walk(), key=lambda each: each.room)]
        yield '<nav aria-label="Rooms">\n<ol>\n'
        for number, (room, _) in enumerate(rooms, 1):
            yield f'<li><a href="#room-{number}">{html.escape(room)}</a></li>\n'
        yield "</ol>\n</nav>\n"
        for number, (room, exhibits) in enumerate(rooms, 1):
            heading = f"Room {number}: {html.escape(room)}"
            yield f'<section aria-labelledby="room-{number}">\n<h2 id="room-{number}">{heading}</h2>\n'
            yield f"<p>{html.escape(ROOMS[room])}</p>\n<dl>\n"
            yield from map(self._exhibit, exhibits)
            yield "</dl>\n</section>\n"
        yield "</main>\n</body>\n</html>\n"

    def _exhibit(self, each: Exhibit) -> str:
        source = f", {html.escape(each.source)}" if each.source else ""
        goal = html.escape(each.goal[:1].upper() + each.goal[1:])
        title = html.escape(each.title.rstrip("."))
        return (
            f'<dt><a href="/{each.name}/">{title}</a></dt>\n'
            f'<dd><p class="year">{each.year}{source}: <code>{each.name}.py</code></p>\n<p>{goal}</p>\n'
            f"<pre><code>{html.escape(self.line(each))}</code></pre>\n"
            f"<p>Look at this: {html.escape(self._here(each, each.look))}</p></dd>\n"
        )

    def line(self, each: Exhibit) -> str:
        """What to type here to see an exhibit."""
        return self._here(each, each.to_try.replace("curl ", f"curl {self.trust}"))

    def _here(self, each: Exhibit, text: str) -> str:
        return text.replace(OWN_ADDRESS, f"{self.address}{each.name}/")


_PAGE_HEAD = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>rawwfile: a walk through the examples</title>
<style>
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em }
dl { overflow-wrap: anywhere }
dt { font-weight: bold; margin-top: 1.5em }
dd { margin: 0 }
dd p, pre { margin: .4em 0 }
pre { white-space: pre-wrap; padding: .4em .6em; border: 1px solid GrayText; border-radius: .3em }
a:focus-visible { outline: 3px solid }
</style>
</head>
<body>
<main>
<h1>rawwfile: a walk through the examples</h1>
<p>A museum of the web's wire, from 2004 to today. Each exhibit is a page of Python in legacy_examples/: click
it, or type its line into a terminal, and look at the bytes. All of them can be seen on a page of their own if
you start the museum as <code>rawwfile demo --wire=web</code>, or in the terminal with <code>--wire</code>. To play
with one, copy its file and serve the copy: <code>rawwfile serve howto20.py --reload</code>.</p>
"""
