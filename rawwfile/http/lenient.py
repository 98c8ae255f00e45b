"""Request heads as clients of 2004 sent them, for servers that must take them.

`LenientReader` reads what `RequestReader` reads, and three things more, each unambiguous once the
head is whole: lines that end in LF alone (RFC 9112 section 2.2), field lines folded over several
lines (section 5.2; each fold is a blank), and a target with "#" or bytes beyond ASCII in it. What
concerns the length of a request is judged as strictly as ever.
"""

from __future__ import annotations

import re

from rawwfile.http import grammar
from rawwfile.http.events import NEED_DATA, RequestHead
from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from rawwfile.http.reader import Event, RequestReader, State

_IDLE = State.IDLE
_match_head = grammar.request_head.match
_first_byte = re.compile(rb"[^\r\n]")
_head_end = re.compile(rb"\n\r?\n")
_line_end = re.compile(rb"\r?\n")
_fold = re.compile(rb"\r\n[ \t]+")
odd_in_target = re.compile(rb"[#\x80-\xff]")
"""What may stand in the target of an old client's request, and in no other."""
_TLS_HELLO = 0x16


class LenientReader(RequestReader):
    """A RequestReader for the heads of old clients."""

    __slots__ = ("_looked", "_target", "_grown")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        super().__init__(limits)
        self._looked = 0
        self._target: bytes | None = None
        self._grown: int | None = None

    def next_event(self) -> Event:
        """See RequestReader."""
        if self.state is not _IDLE or self._scanner is not None:
            return super().next_event()
        # Of a head that drips in, only what is new is looked at.
        if not self._looked and _match_head(self._buffer, self._position):
            return super().next_event()
        if not self._mend():
            return NEED_DATA
        target, self._target = self._target, None
        grown, self._grown = self._grown, None
        event = super().next_event()
        if grown:
            # Offsets count the bytes as they came.
            self._base -= grown
        if target is not None and type(event) is RequestHead:
            event.target = target
        return event

    def _mend(self) -> bool:
        """Rewrite a whole head in the buffer as the strict reader wants it; False: it is not whole yet."""
        buffer = self._buffer
        if not self.buffered:
            return True
        first = _first_byte.search(buffer, self._position)
        start = first.start() if first else len(buffer)
        if start - self._position > 2 * self.limits.empty_lines:
            return True
        if first is None:
            return self._eof
        if buffer[start] == _TLS_HELLO:
            return True
        most = self.limits.request_line + self.limits.header_size
        end = _head_end.search(buffer, max(start, self._position + self._looked - 3), self._position + most)
        if end is None:
            if self._eof or self.buffered > most:
                # Nothing that patience could help: the strict reader says what it is.
                return True
            self._looked = self.buffered
            return False
        self._looked = 0
        if not _match_head(buffer, start):
            self._replace(start, end.end())
        return True

    def _replace(self, start: int, stop: int) -> None:
        head = _line_end.sub(b"\r\n", bytes(self._buffer[start:stop]))
        line, _, rest = head.partition(b"\r\n")
        if not rest.startswith((b" ", b"\t")):
            rest = _fold.sub(b" ", rest)
        parts = line.split(b" ")
        # Of another form than a path, the host stands in it: that has one reading or none.
        if len(parts) == 3 and parts[1][:1] == b"/" and odd_in_target.search(parts[1]):
            self._target = parts[1]
            parts[1] = odd_in_target.sub(b"_", parts[1])
        mended = b" ".join(parts) + b"\r\n" + rest
        if _match_head(mended) is None:
            # Wrong in some other way: its error shall show it as it came.
            self._target = None
            return
        rest_of_buffer = bytes(self._buffer[stop:])
        self._position = start
        self._drop_read()
        self._buffer = mended + rest_of_buffer
        self._grown = len(mended) - (stop - start)
