"""Removes the chunked transfer coding from a request body (RFC 9112 section 7.1), strictly.

Strict because a proxy in front may read a lenient form otherwise: sizes are hex digits alone, every
line ends in CR LF, extensions follow their grammar and are bounded.
"""

from __future__ import annotations

from rawwfile.errors import FramingError, LimitError
from rawwfile.http import grammar
from rawwfile.http.limits import Limits
from rawwfile.http.lines import misplaced

MOST_SIZE_DIGITS = 15
"""Hex digits of a chunk size, leading zeros apart: 2**60 bytes are more than anything."""

CR = 13
HEX = frozenset(b"0123456789abcdefABCDEF")


class ChunkedBody:
    """Finds where chunks begin and end in a buffer that grows.

    `next_data` answers one of: (data start, data stop), None (more bytes are needed), or () at the
    last chunk, after which the trailer section begins at `position`.
    """

    __slots__ = ("limits", "position", "left", "total", "overhead", "after_data", "searched")

    def __init__(self, limits: Limits, position: int) -> None:
        self.limits = limits
        self.position = position
        self.left = 0
        self.total = 0
        self.overhead = 0
        self.after_data = False
        self.searched = position

    def shift(self, count: int) -> None:
        """The buffer has lost its first `count` bytes, all of them read."""
        self.position -= count
        self.searched -= count

    def next_data(self, buffer: bytes | bytearray, base: int) -> tuple[int, int] | tuple[()] | None:
        """The next piece of data in `buffer`. Raises FramingError or LimitError."""
        while not self.left:
            if self.after_data and not self._pass_crlf(buffer, base):
                return None
            size = self._read_size(buffer, base)
            if size is None:
                return None
            if not size:
                return ()
            self.total += size
            if self.limits.body is not None and self.total > self.limits.body:
                raise LimitError(
                    f"content of more than {self.limits.body} bytes (--limit-body)",
                    status_hint=413,
                    rule="RFC 9110 15.5.14",
                    offset=self.position + base,
                    note="content-too-large",
                )
            self.left = size
            self.after_data = True
        start = self.position
        stop = min(start + self.left, len(buffer))
        if start == stop:
            return None
        self.position = self.searched = stop
        self.left -= stop - start
        return start, stop

    def _pass_crlf(self, buffer: bytes | bytearray, base: int) -> bool:
        have = bytes(buffer[self.position : self.position + 2])
        if not b"\r\n".startswith(have):
            fault = 0 if have[:1] != b"\r" else 1
            raise FramingError(
                f"chunk data goes on after its size: {have[: fault + 1]!r} where CR LF must stand",
                rule="RFC 9112 7.1",
                offset=self.position + fault + base,
                note="request-chunk-end",
            )
        if len(have) < 2:
            return False
        self.position += 2
        self.searched = self.position
        self.after_data = False
        return True

    def _read_size(self, buffer: bytes | bytearray, base: int) -> int | None:
        """The size that stands at `position`, which moves behind its line; None without its LF."""
        start = self.position
        newline = buffer.find(b"\n", self.searched)
        match = None
        if 0 <= newline <= start + self.limits.chunk_line + 1:
            match = grammar.chunk_line.match(buffer, start)
        if not match:
            self._check_line(buffer, newline, base)
            self.searched = max(start, len(buffer) - 1)
            return None
        digits, extensions = match.groups()
        if len(digits.lstrip(b"0")) > MOST_SIZE_DIGITS:
            raise FramingError(
                f"chunk size of more than {MOST_SIZE_DIGITS} hex digits",
                status_hint=413,
                rule="RFC 9112 7.1",
                offset=start + base,
                note="request-chunk-too-large",
            )
        self.overhead += len(extensions)
        if self.overhead > self.limits.chunk_overhead:
            raise LimitError(
                f"chunk extensions of more than {self.limits.chunk_overhead} bytes in all",
                rule="RFC 9112 7.1.1",
                offset=start + base,
                note="chunk-extensions-too-large",
            )
        self.position = self.searched = newline + 1
        return int(digits, 16)

    def _check_line(self, buffer: bytes | bytearray, newline: int, base: int) -> None:
        """Raise if the line at `position`, not whole or not well formed, is wrong so far.

        The fault that stands first wins, and the grammar is judged at the LF, as in `lines`.
        """
        start = self.position
        if start == len(buffer):
            return
        error: FramingError | LimitError
        place, note = start, "request-chunk-size"
        limit = start + self.limits.chunk_line
        fault = misplaced(buffer, start, self.searched, newline)
        if buffer[start] not in HEX:
            error = FramingError(f"a chunk size begins with {bytes(buffer[start : start + 1])!r}; write hex digits")
        elif (
            (len(buffer) if newline < 0 else newline) > limit
            and buffer[limit] != CR
            and (not fault or limit <= fault[0])
        ):
            place, note = limit, "chunk-line-too-long"
            error = LimitError(f"chunk-size line of more than {self.limits.chunk_line} bytes")
        elif fault:
            place, note = fault[0], "request-chunk-line"
            error = FramingError(f"{fault[1]} in a chunk-size line")
        elif newline >= 0:
            line = bytes(buffer[start : newline - 1])
            error = FramingError(f"not a chunk-size line: {line[:60]!r}; write hex digits and CR LF")
        else:
            return
        error.rule, error.offset, error.note = "RFC 9112 7.1", place + base, note
        raise error
