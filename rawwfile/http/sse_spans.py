"""An event stream as spans: field, colon, value, and the empty lines that end events.

The format is that of the HTML standard, section 9.2 (server-sent events).
"""

from __future__ import annotations

import re

from rawwfile.http.spans import Span

CR, LF, COLON, SPACE = b"\r\n: "

_to_line_end = re.compile(rb"[^\r\n]*")
_to_colon = re.compile(rb"[^:\r\n]*")
_START, _COMMENT, _NAME, _SPACE, _VALUE = range(5)


class EventStreamSpans:
    """Bytes in, spans out: `feed` tiles what it is given, offsets counted from the first byte fed."""

    def __init__(self) -> None:
        self._offset = 0
        self._where = _START
        self._after_cr = False
        self._line_end = "sse-blank"

    def feed(self, data: bytes) -> list[Span]:
        """The spans of the next bytes; any bytes will do."""
        spans: list[Span] = []
        pos, end = 0, len(data)
        while pos < end:
            kind, stop = self._next(data, pos)
            if stop > pos:
                spans.append(Span(self._offset, self._offset + stop - pos, kind))
                self._offset += stop - pos
                pos = stop
        return spans

    def finish(self) -> list[Span]:
        """Nothing is held back."""
        return []

    def _next(self, data: bytes, pos: int) -> tuple[str, int]:
        """The kind of data[pos], and where the span ends; it may be empty."""
        byte, after_cr, self._after_cr = data[pos], self._after_cr, False
        if after_cr and byte == LF:
            return self._line_end, pos + 1
        if byte in (CR, LF):
            self._line_end = "sse-blank" if self._where == _START else "sse-line-end"
            self._where = _START
            stop = pos + 2 if data.startswith(b"\r\n", pos) else pos + 1
            self._after_cr = data[stop - 1] == CR
            return self._line_end, stop
        if self._where == _START:
            self._where = _COMMENT if byte == COLON else _NAME
        if self._where == _COMMENT:
            return "sse-comment", self._match(_to_line_end, data, pos)
        if self._where == _NAME:
            if byte != COLON:
                return "sse-field", self._match(_to_colon, data, pos)
            self._where = _SPACE
            return "sse-colon", pos + 1
        if self._where == _SPACE:
            # One space after the colon is no part of the value.
            self._where = _VALUE
            return "ows", pos + (byte == SPACE)
        return "sse-value", self._match(_to_line_end, data, pos)

    @staticmethod
    def _match(pattern: re.Pattern[bytes], data: bytes, pos: int) -> int:
        found = pattern.match(data, pos)
        assert found is not None
        return found.end()
