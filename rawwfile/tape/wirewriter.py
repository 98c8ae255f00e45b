"""Writing a `.wire` file while the tape is recorded: see `wirefile` for the format."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Iterator
from typing import IO

from rawwfile.errors import WireFileError
from rawwfile.tape.following import TapeEvent
from rawwfile.tape.model import ConnectionTape, ExchangeRecord, Tape, TapeLimits
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
        self._failed = False
        self._known: dict[int, bool] = {}
        """Connections that are written and not closed, each with whether TLS is."""
        self._over: set[int] = set()
        """Exchanges of which the end has come."""
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
        try:
            self._file.close()
        except OSError as error:
            # What a full disk did not take is tried once more here.
            self._give_up(error)

    def _write(self) -> None:
        try:
            while events := self._follower.next():
                text = ""
                if self._follower.missed:
                    # The oldest are missed: this comes before what is left, which may have gaps.
                    missed, self._follower.missed = self._follower.missed, 0
                    text = line_of({"type": "missed", "count": missed})
                with self._tape.lock:
                    text += "".join(line for event in events for line in self._lines(event))
                self._file.write(text)
                self._file.flush()
        except Exception as error:  # noqa: BLE001 - a full disk must not end the server
            self._give_up(error)
            self._follower.close()

    def _give_up(self, error: Exception) -> None:
        if not self._failed:
            self._failed = True
            why = error.strerror if isinstance(error, OSError) and error.strerror else error
            log.error("the recording cannot be written any more: %s; what is in the file can be opened", why)

    def _lines(self, event: TapeEvent) -> Iterator[str]:
        """The lines of one change of the tape.

        The records may be further than the change is: what is written, and in which order, must not
        depend on that, so that two recordings of the same conversation are alike.
        """
        connection, exchange = event.connection, event.exchange
        if connection is None:
            return
        number = connection.number
        if number not in self._known:
            self._known[number] = False
            yield line_of({**connection_row(connection), "tls": None})
        elif event.kind == "connection" and connection.tls is not None:
            self._known[number] = True
            yield line_of(connection_row(connection))
        if event.kind == "entry" and event.entry is not None:
            yield line_of(entry_row(connection, event.entry, self._secrets))
        elif event.kind == "event" and event.event is not None:
            yield line_of(event_row(connection, event.event, self._secrets))
            if event.event.kind == "exchange-end" and event.event.exchange is not None:
                self._over.add(event.event.exchange)
        elif event.kind == "exchange" and exchange is not None and exchange.id in self._over:
            yield from self._exchange(connection, exchange)
        elif event.kind == "closed":
            yield from self._closed(connection)

    def _exchange(self, connection: ConnectionTape, exchange: ExchangeRecord) -> Iterator[str]:
        if exchange.id not in self._done:
            self._done.add(exchange.id)
            yield from map(line_of, exchange_rows(connection, exchange, self._secrets))

    def _closed(self, connection: ConnectionTape) -> Iterator[str]:
        """The end of a connection, and before it what was missed of it."""
        if not self._known.pop(connection.number) and connection.tls is not None:
            yield line_of(connection_row(connection))
        for exchange in connection.exchanges:
            yield from self._exchange(connection, exchange)
        yield from map(line_of, closed_rows(connection, self._secrets))
        numbers = {exchange.id for exchange in connection.exchanges}
        self._done -= numbers
        self._over -= numbers


def open_for_recording(path: str) -> IO[str]:
    """A new file for a recording; an older recording of this name is replaced, another file never.

    Raises WireFileError; also where another server is writing it.
    """
    check_for_recording(path)
    try:
        file = open(path, "a", encoding="utf-8")
        _lock(file, path)
        file.truncate(0)
        return file
    except OSError as error:
        raise _cannot_write(path, error) from None


def _lock(file: IO[str], path: str) -> None:
    """Be the only one to write a recording until `file` is closed; where the system can see to that."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise WireFileError(f"{path} is being written by another server; give another name.") from None
    except (ImportError, OSError):
        pass


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


def open_to_go_on(path: str, limits: TapeLimits | None = None, *, alone: bool = False) -> tuple[IO[str], Tape]:
    """The file of a recording that another process of this server began, and a tape that goes on with it.

    Its time is the same, and its numbers are those that come next. alone: no other process goes on with
    it after this one, so none may write it at the same time. Raises WireFileError.
    """
    try:
        with open(path, encoding="utf-8") as file:
            old = read_wire(file, path)
        tape = Tape(limits, started=old.started, by=old.by)
        tape.continue_after(old)
        _cut_off(path)
        going_on = open(path, "a", encoding="utf-8")
        if alone:
            _lock(going_on, path)
        return going_on, tape
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
