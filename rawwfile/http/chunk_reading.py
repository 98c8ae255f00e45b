"""Chunked content written by hand (RFC 9112 section 7.1), read leniently and only counted.

Bare LF for CRLF and a space after a chunk size are taken with a finding. What is not chunked at
all is a fault: nobody can say what follows, so reading stops there. `chunked.py` is the strict
reader of requests; it refuses where this one remarks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rawwfile.http.limits import DEFAULT_LIMITS
from rawwfile.http.notes.base import Findings, counted, quoted
from rawwfile.http.response_head import FieldLine, read_fields

MAX_SIZE_LINE = DEFAULT_LIMITS.chunk_line + 2
"""Most bytes of a chunk size, its extensions and the line end."""
MAX_TRAILER = DEFAULT_LIMITS.header_size
"""Most bytes of the trailer fields, with the empty line at their end."""
LEAST_IN_ONE_GO, MOST_IN_ONE_GO = 10, 1000
"""Bytes from which on whole chunks are looked for, as a size is often written alone; and chunks that are passed in
one go, so that what is noted of them meanwhile stays small."""

# 16 digits are 64 bits, more than any client holds. The extension is not looked into.
_SIZE = rb"([0-9A-Fa-f]{1,16})([ \t]*)(?:;[\t -~\x80-\xff]*)?"
plain_chunk_line = re.compile(rb"([0-9A-Fa-f]{1,16})\r\n")
usual_chunk_line = re.compile(rb"([0-9A-Fa-f]{1,16})(;[\t -~\x80-\xff]*)?\r\n")
size_line = re.compile(_SIZE + rb"\r?\n")
size_line_so_far = re.compile(_SIZE + rb"\r?")
section_end = re.compile(rb"(?:\A|\n)\r?\n")


class ChunkReader:
    """Counts the content of one chunked message; any bytes, in any pieces.

    content_bytes: bytes within chunks so far. done: the last chunk and its empty line are read.
    fault: the id of the note on why reading stopped, or None; `fault_at` is the offset in the stream of the bytes that
    did it, `held` these bytes as far as they were given. findings: what was tolerated. chunks: how
    many have begun, without the last. trailers: the fields behind the last chunk.
    """

    def __init__(self, start: int) -> None:
        """start: offset in the stream of the first byte that will be received."""
        self.content_bytes = 0
        self.chunks = 0
        self.trailers: list[FieldLine] = []
        self.done = False
        self.fault: str | None = None
        self.fault_at = 0
        self.fault_values: dict[str, object] = {}
        self.findings = Findings()
        self.held = bytearray()
        self._offset = start
        self._step: Callable[[ChunkReader, bytes, int], int] = ChunkReader._read_size
        self._size = self._left = 0
        self._extended = False

    def receive(self, data: bytes, pos: int) -> int:
        """Read on from data[pos]; returns the position of the first byte that was not taken.

        That is len(data), unless the message ended (`done`) or reading stopped (`fault`).
        """
        end = len(data)
        while pos < end and not self.done and self.fault is None:
            step = self._step
            taken = 0
            if step is ChunkReader._read_size and not self.held and end - pos >= LEAST_IN_ONE_GO:
                taken = self._pass_whole(data, pos)
            taken = taken or step(self, data, pos)
            self._offset += taken
            pos += taken
        return pos

    def _pass_whole(self, data: bytes, pos: int, ends: list[int] | None = None) -> int:
        """Pass whole chunks in which nothing is to be remarked, as most are; how many bytes they are.

        For where a chunk begins. Some of them; 0 if none stands at data[pos]. ends: takes for each chunk
        where its digits, its extensions, the line, its data and the chunk itself end.
        """
        match = usual_chunk_line.match if self._extended else plain_chunk_line.match
        start, most = pos, self.chunks + MOST_IN_ONE_GO
        while self.chunks < most and (found := match(data, pos)) is not None:
            size, begin = int(found[1], 16), found.end()
            stop = begin + size
            if not size or data[stop:stop + 2] != b"\r\n" or begin - pos > MAX_SIZE_LINE:
                break
            if ends is not None:
                ends += (found.end(1), begin - 2, begin, stop, stop + 2)
            self._size = size
            self.chunks += 1
            self.content_bytes += size
            pos = stop + 2
        return pos - start

    def lacking(self) -> tuple[str, dict[str, Any]]:
        """What keeps the message from being complete, as things stand."""
        if self._step is ChunkReader._read_trailer:
            return "trailer-unfinished", {}
        if self._step is ChunkReader._skip_content and self._left < self._size:
            return "chunk-short", {"missing": counted(self._left), "size": self._size}
        return "last-chunk-missing", {}

    def _read_size(self, data: bytes, pos: int) -> int:
        if not self.held and (plain := plain_chunk_line.match(data, pos)) is not None:
            self._begin(int(plain[1], 16))
            return plain.end() - pos
        most = pos + MAX_SIZE_LINE + 1 - len(self.held)
        line_end = data.find(b"\n", pos, most) + 1
        taken = data[pos:line_end or most]
        start = self._offset - len(self.held)
        self.held += taken
        line = bytes(self.held)
        whole = size_line.fullmatch(line)
        if len(line) > MAX_SIZE_LINE or (whole is None and not size_line_so_far.fullmatch(line)):
            self._stop("bad-chunk-size", start)
        elif whole is not None:
            if whole[2]:
                self.findings.add("chunk-size-space", start + whole.start(2), start + whole.end(2), line=quoted(line))
            self._check_line_end(line, start)
            if b";" in line and not self._extended:
                self._extended = True
                at = start + line.index(b";")
                self.findings.add("chunk-extension", at, start + len(line.rstrip(b"\r\n")), line=quoted(line))
            self.held.clear()
            self._begin(int(whole[1], 16))
        return len(taken)

    def _begin(self, size: int) -> None:
        self._size = self._left = size
        if size:
            self.chunks += 1
            self._step = ChunkReader._skip_content
        else:
            self._step = ChunkReader._read_trailer

    def _skip_content(self, data: bytes, pos: int) -> int:
        taken = min(self._left, len(data) - pos)
        self.content_bytes += taken
        self._left -= taken
        if not self._left:
            self._step = ChunkReader._read_chunk_end
        return taken

    def _read_chunk_end(self, data: bytes, pos: int) -> int:
        start = self._offset - len(self.held)
        self.held += data[pos:pos + 1]
        line = bytes(self.held)
        if line == b"\r":
            return 1
        if line in (b"\r\n", b"\n"):
            self._check_line_end(line, start)
            self.held.clear()
            self._step = ChunkReader._read_size
        else:
            self.fault_values = {"size": self._size}
            self._stop("bad-chunk-end", start)
        return 1

    def _read_trailer(self, data: bytes, pos: int) -> int:
        held = len(self.held)
        start = self._offset - held
        taken = data[pos:pos + MAX_TRAILER + 1 - held]
        self.held += taken
        found = section_end.search(self.held, max(0, held - 2), MAX_TRAILER)
        if found is not None:
            self.trailers = read_fields(bytes(self.held[:found.end()]), start, self.findings)
            self.held.clear()
            self.done = True
            return found.end() - held
        if len(self.held) > MAX_TRAILER:
            del self.held[:MAX_TRAILER]
            self.fault_values = {"limit": counted(MAX_TRAILER)}
            self._stop("trailer-too-large", start + MAX_TRAILER)
        return len(taken)

    def _check_line_end(self, line: bytes, start: int) -> None:
        if not line.endswith(b"\r\n"):
            self.findings.add("bare-lf", start + len(line) - 1, start + len(line))

    def _stop(self, id: str, at: int) -> None:
        self.fault, self.fault_at = id, at
