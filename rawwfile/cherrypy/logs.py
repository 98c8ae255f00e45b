"""What goes to `logMessage`: the default one of CherryPy 0.10, and the line of a request (spec 16)."""

from __future__ import annotations

import functools
import logging
import re
import sys
import time
from typing import Any

log = logging.getLogger("rawwfile")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class DefaultLogMessage:
    """`logMessage(message, level=0)` of an application that has none of its own.

    screen: print to standard output. file: append to this file, '' for none; it is opened and
    closed for each message, so that a log may be moved away at any time. Messages of another
    level than 0 are dropped. encoding: of the application's text; latin-1 writes text of bytes as the
    bytes that it is, to the screen too. A message that has other characters is written in UTF-8.

    What cannot be written at the start raises OSError. Later on, when the disk is full or the other end
    of a pipe has gone, it is told in the server's own log, and pages go on being served.
    """

    def __init__(self, screen: bool, file: str, encoding: str = "latin-1") -> None:
        self.screen = screen
        self.file = file
        self.encoding = encoding
        # Applications look at it: it was a function.
        self.__name__ = "logMessage"
        self._works: bool | None = None

    def __call__(self, message: Any, level: int = 0) -> None:
        """Log one message. Raises OSError where not even the first one can be written."""
        if level != 0:
            return
        text = f"{message}\n"
        try:
            line = text.encode(self.encoding)
        except UnicodeEncodeError:
            line = text.encode("utf-8", "backslashreplace")
        failure: OSError | None = None
        for wanted, write in ((self.screen, _print), (self.file, self._append)):
            try:
                if wanted:
                    write(text, line)
            except OSError as error:
                failure = error
        self._tell(failure)

    def _append(self, text: str, line: bytes) -> None:
        # One write in append mode: lines of several threads and processes do not mix.
        with open(self.file, "ab", buffering=0) as file:
            file.write(line)

    def _tell(self, failure: OSError | None) -> None:
        """Tell of the first of several failures."""
        if failure is not None and self._works is None:
            raise failure
        if failure is not None and self._works:
            log.error("the application's log cannot be written: %s", failure)
        self._works = failure is None


def _print(text: str, line: bytes) -> None:
    out = sys.stdout
    if out is None or getattr(out, "closed", False):
        return
    raw = getattr(out, "buffer", None)
    if raw is None:
        # An application's own, which need not have more than write().
        out.write(text)
    else:
        out.flush()
        raw.write(line)
        raw.flush()


def request_line(now: float, address: str, line: str) -> str:
    """Return the log line of a request: '[2026/11/21 09:13:23] 127.0.0.1 - GET / HTTP/1.1', local time.

    now: seconds since the epoch. address: of the client, '' for a Unix socket. line: as received;
    control characters are escaped (H12).
    """
    return f"[{_stamp(int(now))}] {escaped(address)} - {escaped(line)}"


@functools.lru_cache(maxsize=4)
def _stamp(second: int) -> str:
    return time.strftime("%Y/%m/%d %H:%M:%S", time.localtime(second))


def escaped(text: str) -> str:
    r"""Return `text` as one line without control characters: '\x1b' for an escape, '\n' for a line end."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape", "backslashreplace").decode("ascii"), text)
