"""Prints a recording to a terminal while it is made: `rawwfile serve ... --wire`.

The server never waits for the terminal: a thread of its own follows the tape, and what it could not
fetch in time is counted and said.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from rawwfile.tape.layout import ARROWS, SIGNS, Look
from rawwfile.tape.model import Follower, Tape, TapeEvent
from rawwfile.tape.show import ConnectionView
from rawwfile.tape.visible import PICTURES

MOST = 20_000
"""Changes of the tape that may wait for the terminal; older ones are missed."""
STOPPING = 2.0
"""Seconds that `stop` waits for what is still to be printed."""
SIGNS_USED = "".join([*ARROWS.values(), *SIGNS.values(), *PICTURES.values(), "…·"])


def wants_colour(out: TextIO, environment: Mapping[str, str] | None = None) -> bool:
    """Whether colours are wanted: on a terminal that has some, unless NO_COLOR says no (no-color.org)."""
    variables = os.environ if environment is None else environment
    return out.isatty() and not variables.get("NO_COLOR") and variables.get("TERM", "") != "dumb"


def look_for(
    out: TextIO,
    *,
    verbose: int = 0,
    secrets: bool = False,
    whole: bool = False,
    colour: bool | None = None,
    environment: Mapping[str, str] | None = None,
) -> Look:
    """The Look that fits `out`: its width, what it can show, and colours if it is a terminal.

    colour: True or False decides; None asks the terminal and NO_COLOR.
    """
    variables = os.environ if environment is None else environment
    return Look(
        width=_width(out, variables),
        unicode=_can_show(out, SIGNS_USED),
        colour=wants_colour(out, variables) if colour is None else colour,
        verbose=verbose,
        secrets=secrets,
        whole=whole,
    )


def _width(out: TextIO, variables: Mapping[str, str]) -> int:
    columns = variables.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and 0 < int(columns[:9]):
        return int(columns[:9])
    try:
        return os.get_terminal_size(out.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _can_show(out: TextIO, text: str) -> bool:
    try:
        text.encode(out.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def write_rows(out: TextIO, rows: Iterable[str]) -> None:
    """Write rows; what the output's encoding lacks is escaped. Raises OSError."""
    encoding = out.encoding or "ascii"
    for row in rows:
        out.write(row.encode(encoding, "backslashreplace").decode(encoding) + "\n")


class TerminalView:
    """Prints what happens on a tape, from `start` to `stop`.

    out: a text stream; used by one thread. verbose: 0, 1 (hex) or 2 (every span). secrets: show
    credentials and cookies. colour: None decides by the terminal and NO_COLOR. missed: changes of
    the tape that were not shown, because the terminal was too slow.
    """

    def __init__(
        self,
        tape: Tape,
        out: TextIO,
        verbose: int = 0,
        secrets: bool = False,
        colour: bool | None = None,
        *,
        most: int = MOST,
    ) -> None:
        self.tape, self.out = tape, out
        self.look = look_for(out, verbose=verbose, secrets=secrets, colour=colour)
        self.missed = 0
        self._most = most
        self._views: dict[int, ConnectionView] = {}
        self._last: ConnectionView | None = None
        self._swept: set[int] = set()
        """Connections that were shown to their end before all of their changes had come."""
        self._follower: Follower | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> TerminalView:
        """Print from now on."""
        self._follower = self.tape.follow(self._most)
        self._thread = threading.Thread(target=self._run, args=(self._follower,), name="wire view", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Print what has been fetched, and end; a terminal that takes nothing is not waited for."""
        if self._follower is not None and self._thread is not None:
            self._follower.close()
            self._thread.join(STOPPING)

    def _run(self, follower: Follower) -> None:
        try:
            while events := follower.next():
                write_rows(self.out, self._rows(events, follower))
                self.out.flush()
        except (OSError, ValueError):
            # The terminal is gone, or the stream was closed: nobody looks any more.
            follower.close()

    def _rows(self, events: Iterable[TapeEvent], follower: Follower) -> Iterator[str]:
        fresh = follower.missed - self.missed
        for event in events:
            yield from self._row(event)
        if fresh > 0:
            self.missed += fresh
            yield f"({fresh} changes were missed: the terminal is slower than the server)"
            yield from self._sweep()

    def _row(self, event: TapeEvent) -> Iterator[str]:
        connection = event.connection
        if connection is None:
            return
        if connection.number in self._swept:
            if event.kind == "closed":
                self._swept.discard(connection.number)
            return
        view = self._views.get(connection.number)
        if view is None:
            view = self._views[connection.number] = ConnectionView(self.tape, connection, self.look)
            self._last = view
            yield from view.opening()
        if view is not self._last:
            self._last = view
            view.resume()
        # The view looks at the connection as it is by now, which may be further than the event is.
        yield from view.secured()
        if event.kind == "entry":
            yield from view.news()
        elif event.kind == "exchange" and event.exchange is not None and not event.exchange.open:
            # The record is one and the same in all of its events: by now it may be over in an early one.
            if event.exchange.id > view.last_ended:
                yield from view.news()
                yield from view.ending(event.exchange)
        elif event.kind == "event" and event.event is not None and self.look.verbose:
            yield from view.event(event.event)
        elif event.kind == "closed":
            yield from self._close(view)

    def _close(self, view: ConnectionView) -> Iterator[str]:
        yield from view.news(final=True)
        yield from view.closing()
        del self._views[view.connection.number]

    def _sweep(self) -> Iterator[str]:
        """End the views of connections whose end may be among what was missed."""
        for view in list(self._views.values()):
            if view.connection.closed is not None:
                self._swept.add(view.connection.number)
                yield from self._close(view)
