"""Content of several parts as spans: boundaries, heads and contents (RFC 2046 section 5.1).

For what a stream is shown as: form-data and x-mixed-replace alike, with lines that end in CR LF or
in LF alone. `multipart.py` is the strict reader of forms.
"""

from __future__ import annotations

import re

from rawwfile.http.spans import Span

MOST_PADDING = 80
"""Blanks behind a boundary on its line."""
MOST_HEAD = 16384
"""Bytes of a part's field lines; a longer head is shown as content."""

_empty_line = re.compile(rb"\r?\n")
_head_end = re.compile(rb"\n\r?\n")
_line_begin = re.compile(rb"[\r\n]")
_behind = re.compile(rb"--|[ \t]{0,%d}\r?\n" % MOST_PADDING)
_perhaps = re.compile(rb"-?|[ \t]{0,%d}\r?" % MOST_PADDING)


class MultipartSpans:
    """Bytes in, spans out: offsets counted from the first byte fed.

    boundary: the parameter of the media type. A few bytes may be held back until more come, for
    they may begin a boundary; `finish` gives them out.
    """

    def __init__(self, boundary: bytes) -> None:
        self._marks = (b"\r\n--" + boundary, b"\n--" + boundary)
        self._start = re.compile(rb"(?:\r?\n)?--" + re.escape(boundary))
        self._line = re.compile(rb"\r?\n--" + re.escape(boundary))
        self._held = b""
        self._at = 0
        """Where in `_held` the bytes begin that are not given out."""
        self._offset = 0
        self._fresh = True
        self._kind = "part-outside"
        self._ended = False

    def feed(self, data: bytes) -> list[Span]:
        """The spans of the next bytes, and of those held back before."""
        self._held += data
        return self._split(False)

    def finish(self) -> list[Span]:
        """The spans of what is held back: no more will come."""
        return self._split(True)

    def _split(self, last: bool) -> list[Span]:
        spans: list[Span] = []
        while self._at < len(self._held) and self._step(spans, last):
            pass
        self._held, self._at = self._held[self._at :], 0
        return spans

    def _step(self, spans: list[Span], last: bool) -> bool:
        """Give out the next piece; False if what is held must wait."""
        if self._ended:
            self._give(spans, len(self._held), "part-outside")
            return True
        found = self._find(last)
        if self._kind == "part-head":
            return self._step_head(spans, found, last)
        if isinstance(found, int):
            return self._give(spans, found, self._kind)
        self._give_boundary(spans, *found)
        return True

    def _step_head(self, spans: list[Span], found: tuple[int, int, bool] | int, last: bool) -> bool:
        at, most = self._at, self._at + MOST_HEAD
        blank = _empty_line.match(self._held, at, most) or _head_end.search(self._held, at, most)
        boundary = found if isinstance(found, tuple) and found[0] < most else None
        if blank is not None and (boundary is None or blank.start() <= boundary[0]):
            self._give(spans, blank.end(), "part-head")
            self._kind, self._fresh = "part-content", True
        elif boundary is not None:
            # The empty line was forgotten.
            self._give_boundary(spans, *boundary)
        elif len(self._held) >= most:
            self._kind = "part-content"
        elif last:
            self._give(spans, len(self._held), "part-head")
        else:
            return False
        return True

    def _find(self, last: bool) -> tuple[int, int, bool] | int:
        """The next boundary: where it begins and ends, and whether it is the last one.

        Or, if there is none, up to where the bytes held belong to no boundary for certain.
        """
        held, first, end = self._held, self._at, len(self._held)
        found = self._start.match(held, first) if self._fresh else None
        found = found or self._line.search(held, first)
        while found is not None:
            behind = found.end()
            tail = _behind.match(held, behind)
            if tail is not None:
                return found.start(), tail.end(), tail[0] == b"--"
            if _perhaps.fullmatch(held, behind):
                return (found.start(), end, False) if last else found.start()
            found = self._line.search(held, behind)
        if last:
            return end
        if self._fresh and self._marks[1][1:].startswith(held[first : first + len(self._marks[1])]):
            return first
        for begin in _line_begin.finditer(held, max(first, end - len(self._marks[0]))):
            if any(mark.startswith(held[begin.start() :]) for mark in self._marks):
                return begin.start()
        return end

    def _give_boundary(self, spans: list[Span], begin: int, end: int, ended: bool) -> None:
        self._give(spans, begin, self._kind)
        self._give(spans, end, "part-boundary")
        self._ended, self._kind, self._fresh = ended, "part-head", True

    def _give(self, spans: list[Span], stop: int, kind: str) -> bool:
        """The bytes that are held up to index `stop` are of this kind; False if that is none."""
        count = stop - self._at
        if not count:
            return False
        spans.append(Span(self._offset, self._offset + count, kind))
        self._offset += count
        self._at = stop
        self._fresh = False
        return True
