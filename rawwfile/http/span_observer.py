"""The reader of a response that also leaves a trail of spans.

    observer = SpanObserver("GET", trail=trail)        instead of ResponseObserver("GET")
    observer.receive(bytes)                            as ResponseObserver; marks what is certain
    observer.finish()                                  the exchange has ended: what is held is "unfinished"

Verdict and findings are those of `ResponseObserver`. A head, a chunk-size line and a trailer
section are marked when they are whole, so the trail is the same however the bytes are cut.
"""

from __future__ import annotations

from rawwfile.http.chunk_reading import LEAST_IN_ONE_GO, MAX_TRAILER, ChunkReader, size_line
from rawwfile.http.head_spans import mark_line_end, mark_odd_lines, mark_odd_status_line, mark_response_head
from rawwfile.http.observe import CHUNKED, COUNTED, HEAD, OPEN, UNREADABLE, ResponseObserver
from rawwfile.http.response_head import ResponseHead
from rawwfile.http.spans import CODES, SpanTrail

_WHOLE_CHUNK = bytes(CODES[kind] for kind in ("chunk-size", "crlf", "chunk-data", "crlf"))


class SpanObserver(ResponseObserver):
    """A ResponseObserver that leaves a trail. For one thread at a time."""

    def __init__(
        self,
        method: str,
        *,
        client_version: tuple[int, int] = (1, 1),
        client_keeps: bool = True,
        trail: SpanTrail,
    ) -> None:
        """trail: of the stream; the first byte received stands at its end. For the rest see ResponseObserver."""
        super().__init__(method, client_version=client_version, client_keeps=client_keeps)
        self.trail = trail
        self._begin = trail.end

    def receive(self, data: bytes) -> None:
        """See ResponseObserver."""
        if not self.bytes_seen:
            self._begin = self.trail.end
        super().receive(data)
        state, mark, seen = self._state, self.trail.mark, self._begin + self.bytes_seen
        if state is COUNTED:
            mark(seen - self.excess, "content")
            mark(seen, "excess")
        elif state is OPEN:
            mark(seen, "switched" if self._upgraded else "content")
        elif state is UNREADABLE:
            mark(seen, "fault")
        elif self.excess:
            mark(seen, "excess")

    @property
    def reason_phrase(self) -> str:
        """The reason phrase up to a CR that stands alone: what follows it is another line to some."""
        return (self.reason or "").partition("\r")[0]

    def finish(self) -> None:
        """Nothing more will be written: mark what is held of an unfinished head or line."""
        if self.trail.end >= self._begin + self.bytes_seen:
            return
        if self._state is HEAD:
            self._mark_lines(bytes(self._held))
        elif isinstance(self._chunks, _SpanChunkReader):
            self._chunks.finish()
        self.trail.mark(self._begin + self.bytes_seen, "unfinished")

    def _begin_content(self, head: ResponseHead) -> None:
        mark_response_head(self.trail, head.raw)
        super()._begin_content(head)
        if self._state is CHUNKED:
            self._chunks = _SpanChunkReader(head.end, self.trail)

    def _stop(self, fault: str, at: int, held: bytes) -> None:
        if at > self._head_start and self._held:
            # A head that is too large: its lines are what they are, up to where it is too much.
            self._mark_lines(bytes(self._held[: at - self._head_start]))
            self.trail.mark(self._begin + at, "unfinished")
        super()._stop(fault, at, held)

    def _mark_lines(self, held: bytes) -> None:
        """The whole lines of a head without an end."""
        if self._first_line is not None:
            first, last = held.find(b"\n") + 1, held.rfind(b"\n") + 1
            mark_odd_status_line(self.trail, held[:first])
            mark_odd_lines(self.trail, held[first:last])


class _SpanChunkReader(ChunkReader):
    """A ChunkReader that marks what it takes."""

    def __init__(self, start: int, trail: SpanTrail) -> None:
        super().__init__(start)
        self.trail = trail
        self._line = bytearray()

    def receive(self, data: bytes, pos: int) -> int:
        """See ChunkReader."""
        end = len(data)
        while pos < end and not self.done and self.fault is None:
            step = self._step
            if step is ChunkReader._read_size and not self.held and end - pos >= LEAST_IN_ONE_GO:
                passed = self._pass_and_mark(data, pos)
                if passed:
                    self._offset += passed
                    pos += passed
                    continue
            taken = step(self, data, pos)
            self._offset += taken
            if step is ChunkReader._skip_content:
                self.trail.mark(self.trail.end + taken, "chunk-data")
            else:
                self._line += data[pos:pos + taken]
                if self.fault is not None:
                    self._mark_unfinished(MAX_TRAILER)
                elif not self.held:
                    self._mark_line(step)
            pos += taken
        return pos

    def _pass_and_mark(self, data: bytes, pos: int) -> int:
        """Whole chunks in one go; how many bytes they are."""
        ends: list[int] = []
        passed = self._pass_whole(data, pos, ends)
        if passed:
            if self._extended:
                self._mark_extended(ends, self.trail.end - pos)
            else:
                del ends[1::5]
                self.trail.mark_each(ends, _WHOLE_CHUNK * (len(ends) // 4), self.trail.end - pos)
        return passed

    def _mark_extended(self, ends: list[int], offset: int) -> None:
        mark, places = self.trail.mark, iter(ends)
        for digits, line, begin, stop, end in zip(places, places, places, places, places, strict=True):
            mark(offset + digits, "chunk-size")
            mark(offset + line, "chunk-extension")
            mark(offset + begin, "crlf")
            mark(offset + stop, "chunk-data")
            mark(offset + end, "crlf")

    def finish(self) -> None:
        """Mark the whole lines of a trailer section without an end."""
        self._mark_unfinished(len(self._line))

    def _mark_line(self, step: object) -> None:
        """A whole line, or all lines of a trailer section."""
        trail, line = self.trail, bytes(self._line)
        self._line.clear()
        if step is ChunkReader._read_trailer:
            mark_odd_lines(trail, line)
            return
        bare = line.rstrip(b"\r\n")
        found = size_line.fullmatch(line) if step is ChunkReader._read_size else None
        if found is not None:
            start, (space, stop) = trail.end, found.span(2)
            trail.mark(start + space, "chunk-size")
            trail.mark(start + stop, "ows" if stop < len(bare) else "stray-space")
            trail.mark(start + len(bare), "chunk-extension")
        mark_line_end(trail, line, bare)

    def _mark_unfinished(self, most: int) -> None:
        if self._step is ChunkReader._read_trailer:
            trail, lines = self.trail, bytes(self._line[:most])
            end = trail.end + len(lines)
            mark_odd_lines(trail, lines)
            trail.mark(end, "unfinished")
        self._line.clear()
