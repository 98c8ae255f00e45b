"""Pieces of a stream with the secrets hidden, for who wants them one after the other.

    reader = MaskedReader(stream)
    reader.read(0, 16), reader.read(16, 28), ...      what `masks.read_masked` gives, for much less

Every piece is hidden with the lines around it, or with up to 128 KiB where no line ends; so the lines
are hidden once for all pieces in them, else many small pieces would take time that grows with the
square of their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rawwfile.tape.masks import LOOK_AHEAD, MASS, read_masked_around

if TYPE_CHECKING:
    from rawwfile.http.spans import SpanTrail
    from rawwfile.tape.model import Stream

AHEAD = 1 << 16
"""Bytes behind a piece that are hidden with it, for the pieces to come."""


class MaskedReader:
    """Reads a stream in pieces, best in order. For one thread; the stream may grow meanwhile."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._begin = self._start = self._sure = 0
        self._data = b""
        self._of: tuple[SpanTrail | None, int, int, int] = None, 0, 0, 0

    def read(self, start: int, stop: int) -> bytes:
        """As `read_masked`."""
        stream = self.stream
        with stream.lock:
            start, stop = max(start, stream.first), min(stop, stream.end)
            trail = stream.trail
            if trail is None or start >= stop:
                return stream.read(start, stop)
            now = trail, trail.end, stream.first, stream.end
            if now != self._of or start < self._start or stop > self._sure:
                span = trail.at(start)
                if span is not None and span.kind in MASS and stop <= span.end:
                    return stream.read(start, stop)
                ahead = min(stream.end, stop + AHEAD)
                self._begin, self._data = read_masked_around(stream, trail, start, ahead)
                self._start = start
                # What stands further ahead may matter where nothing tells lines apart.
                self._sure = ahead if ahead == stream.end else max(stop, ahead - LOOK_AHEAD)
                self._of = now
            return self._data[start - self._begin : stop - self._begin]
