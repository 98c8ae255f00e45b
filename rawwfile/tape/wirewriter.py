"""Writing a `.wire` file while the tape is recorded: see `wirefile` for the format."""

from __future__ import annotations

import errno
import logging
import os
import threading
from typing import IO

from rawwfile.errors import WireFileError
from rawwfile.tape.following import TapeEvent
from rawwfile.tape.model import Tape, TapeLimits
from rawwfile.tape.wirefile import (
    closed_rows,
    connection_row,
    entry_row,
    event_row,
    exchange_rows,
    header_of,
    line_of,
)
from rawwfile.tape.wirereader import read_wire

log = logging.getLogger("rawwfile.tape")

QUEUE = 200_000
"""Events that may wait to be written."""


class WireWriter:
    """Follows a live tape and writes what happens to a file, in a thread of its own.

    Every line is out as soon as it is written: a recording that is cut off can be opened.
    """

    def __init__(self, tape: Tape, file: IO[str], *, secrets: bool = False, header: bool = True) -> None:
        """header: False to go on with a file that has one."""
        self._tape = tape
        self._file = file
        self._secrets = secrets
        self._header = header
        self._done: set[int] = set()
        """Exchanges that are written, of connections that are not closed."""
        self._follower = tape.follow(QUEUE)
        self._thread = threading.Thread(target=self._write, name="rawwfile-wire", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        if self._header:
            self._file.write(line_of(header_of(self._tape, self._secrets)))
            self._file.flush()
        self._thread.start()

    def stop(self) -> None:
        """Write what has happened so far, and no more; returns when it is in the file, which is closed."""
        self._follower.close()
        self._thread.join()
        self._file.close()

    def _write(self) -> None:
        try:
            while events := self._follower.next():
                with self._tape.lock:
                    text = "".join(line for event in events for line in self._lines(event))
                if self._follower.missed:
                    missed, self._follower.missed = self._follower.missed, 0
                    text += line_of({"type": "missed", "count": missed})
                self._file.write(text)
                self._file.flush()
        except Exception as error:  # noqa: BLE001 - a full disk must not end the server
            log.error("the recording cannot be written any more: %s", error)
            self._follower.close()

    def _lines(self, event: TapeEvent) -> list[str]:
        connection, exchange = event.connection, event.exchange
        if connection is None:
            return []
        if event.kind == "connection":
            return [line_of(connection_row(connection))]
        if event.kind == "entry" and event.entry is not None:
            return [line_of(entry_row(connection, event.entry, self._secrets))]
        if event.kind == "event" and event.event is not None:
            return [line_of(event_row(connection, event.event, self._secrets))]
        if event.kind == "exchange" and exchange is not None and exchange.ended is not None:
            if exchange.id in self._done:
                return []
            self._done.add(exchange.id)
            return [line_of(row) for row in exchange_rows(connection, exchange, self._secrets)]
        if event.kind == "closed":
            self._done.difference_update(each.id for each in connection.exchanges)
            return [line_of(row) for row in closed_rows(connection, self._secrets)]
        return []


def open_for_recording(path: str) -> IO[str]:
    """A new file for a recording; an older recording of this name is replaced, another file never.

    Raises WireFileError.
    """
    check_for_recording(path)
    try:
        return open(path, "w", encoding="utf-8")
    except OSError as error:
        raise _cannot_write(path, error) from None


def check_for_recording(path: str) -> None:
    """See that a recording may have this name, and change nothing. Raises WireFileError."""
    if not os.path.isdir(os.path.dirname(os.path.abspath(path))):
        raise WireFileError(f"{path} cannot be written: {os.strerror(errno.ENOENT)}.")
    try:
        with open(path, encoding="utf-8") as old:
            if not old.readline(1000).startswith('{"wire":') and old.tell():
                raise WireFileError(f"{path} is there and is no recording; give another name.")
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError) as error:
        raise _cannot_write(path, error) from None


def open_to_go_on(path: str, limits: TapeLimits | None = None) -> tuple[IO[str], Tape]:
    """The file of a recording that another process of this server began, and a tape that goes on with it.

    Its time is the same, and its numbers are those that come next. Raises WireFileError.
    """
    try:
        with open(path, encoding="utf-8") as file:
            old = read_wire(file, path)
        tape = Tape(limits, started=old.started, by=old.by)
        tape.continue_after(old)
        _cut_off(path)
        return open(path, "a", encoding="utf-8"), tape
    except OSError as error:
        raise _cannot_write(path, error) from None


def _cut_off(path: str) -> None:
    """Drop a last line that is not whole: its writer was killed."""
    with open(path, "rb+") as file:
        data = file.read()
        if not data.endswith(b"\n"):
            file.truncate(data.rfind(b"\n") + 1)


def _cannot_write(path: str, error: Exception) -> WireFileError:
    why = error.strerror if isinstance(error, OSError) else "it is no text"
    return WireFileError(f"{path} cannot be written: {why}.")
