"""The tolerant reader of what a handler wrote by hand: reads along, touches nothing, never raises.

`ResponseObserver` is told each write. It finds the head, says how the content is framed, counts
the content and keeps a verdict that is right at every moment: what the stream would be if it
ended now. The state is a function of the bytes alone; how they were cut into writes plays no part.

The ordinary response costs one pattern match; content that only has to be counted is not looked
at; findings are worked out when somebody asks for them. Memory is bounded: one head (64 KiB), one
chunk line or trailer section, samples of 60 bytes, 100 findings of each part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rawwfile.http.chunk_reading import ChunkReader
from rawwfile.http.limits import DEFAULT_LIMITS
from rawwfile.http.notes.base import MAX_FINDINGS, Findings, Note, counted, note_class, quoted
from rawwfile.http.response_head import (
    FieldLine,
    FramingProblem,
    ResponseHead,
    StatusLine,
    connection_options,
    examine_head,
    framing_of,
    head_end,
    inner_cr,
    match_head,
    opens_tunnel,
    read_head,
    read_status_line,
    whole_head,
)

MAX_HEAD = DEFAULT_LIMITS.header_size
"""Most bytes of one head with its empty line."""
MAX_INTERIM = 1000
"""Most statuses kept in `interim`: a 102 every second for a quarter of an hour."""
MAX_SAMPLE = 60
"""Bytes kept of what is out of place."""

HEAD, COUNTED, CHUNKED, OPEN, UNREADABLE = "head", "counted", "chunked", "open", "unreadable"


@dataclass(frozen=True, slots=True)
class ResponseFraming:
    """How the content is delimited (RFC 9112 section 6.3).

    kind: "none" (there is no content), "length", "chunked" or "close".
    length: in bytes; None unless kind is "length".
    """

    kind: str
    length: int | None = None


NO_CONTENT, UNTIL_CLOSE, IN_CHUNKS = ResponseFraming("none"), ResponseFraming("close"), ResponseFraming("chunked")


class ResponseObserver:
    """Reads the response to one request as a handler writes it. For one thread at a time."""

    # Class attributes are the starting values: cheaper than 15 assignments for every request.
    bytes_seen = 0
    """All bytes written so far."""
    version: tuple[int, int] | None = None
    """Of the final response, as soon as its status line is whole; so are status and reason."""
    status: int | None = None
    reason: str | None = None
    """Empty if the status line has none."""
    framing: ResponseFraming | None = None
    """None until the final head is whole."""
    content_length: int | None = None
    """Content-Length as declared by the final head, whether it counts or not; None if unusable."""
    content_bytes = 0
    """Content within the message: no chunk framing, no excess. After an upgrade, all that follows."""
    excess = 0
    """Bytes past the end of the message."""
    interim_places: tuple[tuple[int, int], ...] = ()
    """Where each response of `interim` stands: start, end."""
    offending_offset = 0
    """Where in the stream `offending` begins; 0 while the verdict is not "unreadable"."""

    _state = HEAD
    _head: ResponseHead | None = None
    _head_start = 0
    _problems: Sequence[FramingProblem] = ()
    _chunks: ChunkReader | None = None
    _fault: str | None = None
    _head_findings: list[Note] | None = None
    _first_line: StatusLine | None = None
    _scanned = 0
    _room = 0
    _upgraded = False

    def __init__(self, method: str, *, client_version: tuple[int, int] = (1, 1), client_keeps: bool = True) -> None:
        """method: of the request, as sent (HEAD and CONNECT matter).

        client_keeps: the request allows the connection to persist (RFC 9112 section 9.3).
        """
        self.method = method
        self.client_version = client_version
        self.client_keeps = client_keeps
        self.interim: list[int] = []
        """Statuses of the whole 1xx responses before the final one (101 is a final one)."""
        self._interim_findings = Findings()
        self._held = bytearray()
        self._sample = b""

    def receive(self, data: bytes) -> None:
        """Take note of the bytes of one write (any bytes-like object; bytes are not copied)."""
        size = len(data) if type(data) is bytes else memoryview(data).nbytes
        self.bytes_seen += size
        if self._state is OPEN:
            self.content_bytes += size
        elif self._state is COUNTED and size <= self._room:
            self.content_bytes += size
            self._room -= size
        elif size:
            self._receive(data if type(data) is bytes else bytes(data))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The final head's fields as written, decoded as latin-1; empty until the head is whole."""
        return self._head.fields if self._head else []

    @property
    def head(self) -> bytes:
        """The final head as written, with its empty line; empty until it is whole."""
        return self._head.raw if self._head else b""

    @property
    def head_start(self) -> int:
        """Where the final head begins, or will begin, behind all interim ones."""
        return self._head_start

    @property
    def lines(self) -> list[FieldLine]:
        """The final head's fields with their places; empty until the head is whole."""
        return self._head.remarks()[1] if self._head else []

    @property
    def chunks(self) -> int:
        """How many chunks have begun, without the last one of size 0."""
        return self._chunks.chunks if self._chunks else 0

    @property
    def trailers(self) -> list[FieldLine]:
        """The fields behind the last chunk, with their places."""
        return self._chunks.trailers if self._chunks else []

    def get(self, name: str) -> str | None:
        """The value of a field of the final head, repeated ones joined with ", "; any case."""
        values = self._head.values.get(name.lower()) if self._head else None
        return None if values is None else ", ".join(values)

    @property
    def missing(self) -> int | None:
        """Bytes short of the Content-Length; None where no Content-Length says how many to expect."""
        return self._room if self.framing and self.framing.kind == "length" else None

    @property
    def offending(self) -> bytes:
        """The first bytes (at most 60) that made the stream unreadable; else empty."""
        return self._sample if self._state is UNREADABLE else b""

    @property
    def verdict(self) -> str:
        """What was written so far: one word.

        "untouched" nothing; "interim" only whole 1xx responses; "complete" a whole response;
        "short" less than one; "excess" more than one; "open-ended" only closing can end it;
        "unreadable" no HTTP response; "upgraded" 101, or 2xx to CONNECT.
        """
        if not self.bytes_seen:
            return "untouched"
        if self._state is HEAD:
            return "short" if self._held else "interim"
        if self._state is OPEN:
            return "upgraded" if self._upgraded else "open-ended"
        if self._state is UNREADABLE:
            return "unreadable"
        if self.excess:
            return "excess"
        done = self._chunks.done if self._chunks else not self._room
        return "complete" if done else "short"

    @property
    def doubtful(self) -> bool:
        """Whether the ends may disagree where the message ends, though we could read it."""
        return (
            self._interim_findings.doubtful
            or (self._head is not None and self._head.doubtful)
            or any(note_class(problem.id).doubtful for problem in self._problems)
            or (self._chunks is not None and self._chunks.findings.doubtful)
        )

    @property
    def may_keep(self) -> bool:
        """Whether the next response may follow on the connection.

        Only after a complete response without a doubt, if both sides allow it (RFC 9112 section
        9.3); where one of them speaks HTTP/1.0 the response must say keep-alive.
        """
        if self._head is None or not self.client_keeps or self.verdict != "complete" or self.doubtful:
            return False
        options = connection_options(self._head)
        if "close" in options:
            return False
        return "keep-alive" in options or (self._head.version >= (1, 1) and self.client_version >= (1, 1))

    @property
    def findings(self) -> list[Note]:
        """All that can be remarked, in the order of the stream, the verdict's own finding last.

        A new list, at most `MAX_FINDINGS` long. It says how things stand now: content that is
        short may yet be written.
        """
        found = list(self._interim_findings.items)
        if self._head is not None:
            if self._head_findings is None:
                self._head_findings = examine_head(self._head, self._problems, self.framing == UNTIL_CLOSE).items
            found += self._head_findings
            found += self._examine_content(self._head)
        if self._chunks is not None:
            found += self._chunks.findings.items
        found.sort(key=lambda finding: (finding.start, finding.id))
        del found[MAX_FINDINGS - 1:]
        last = self._verdict_finding()
        return found if last is None else [*found, last]

    def explain(self) -> str:
        """One plain sentence for the log: what was written, and what is wrong with it."""
        last = self._verdict_finding()
        if last is not None:
            if last.level in ("good", "info") and self.doubtful:
                doubt = next((finding for finding in self.findings if finding.doubtful), last)
                return f"{last.message}; but {doubt}"
            return last.message
        if self.verdict == "untouched":
            return "nothing was written"
        if self.verdict == "interim":
            return f"only interim responses so far ({', '.join(map(str, self.interim[:9]))})"
        return f"the connection is no longer HTTP ({self.status} in answer to {self.method})"

    def _receive(self, data: bytes) -> None:
        pos, end = 0, len(data)
        while pos < end:
            if self._state is HEAD:
                pos = self._receive_head(data, pos)
            elif self._state is OPEN:
                self.content_bytes += end - pos
                return
            elif self._state is UNREADABLE:
                self._extend_sample(data, pos)
                return
            elif self._chunks is not None and not self._chunks.done:
                pos = self._receive_chunks(self._chunks, data, pos)
            else:
                taken = min(self._room, end - pos)
                self._room -= taken
                self.content_bytes += taken
                self.excess += end - pos - taken
                self._extend_sample(data, pos + taken)
                return

    def _receive_head(self, data: bytes, pos: int) -> int:
        """Read on in a head; returns how far."""
        held = self._held
        before, most = len(held), pos + MAX_HEAD
        if not held:
            found = whole_head.match(data, pos, most)
            if found is not None:
                self._begin_content(match_head(found, self._head_start))
                return found.end()
            found = head_end.search(data, pos, most)
            most = found.end() if found else most
        taken = data[pos:most + 1 - before]
        held += taken
        if self._first_line is None and not self._accept_first_line(held):
            self._stop("not-http", self._head_start, bytes(held))
            return pos + len(taken)
        found = head_end.search(held, self._scanned, MAX_HEAD)
        self._scanned = max(0, len(held) - 2)
        if found is None or self._first_line is None:
            if len(held) > MAX_HEAD:
                self._stop("head-too-large", self._head_start + MAX_HEAD, bytes(held[MAX_HEAD:]))
            return pos + len(taken)
        head = read_head(bytes(held[:found.end()]), self._head_start, self._first_line)
        held.clear()
        self._scanned, self._first_line = 0, None
        self._begin_content(head)
        return pos + found.end() - before

    def _accept_first_line(self, held: bytearray) -> bool:
        """Look at the status line as far as it is there; False if it cannot be one."""
        if held[:5] != b"HTTP/"[:len(held)]:
            return False
        line_end = held.find(b"\n")
        if line_end < 0:
            return True
        read = read_status_line(bytes(held[:line_end]), self._head_start, Findings())
        if read is None:
            return False
        self._first_line = read
        if read[1] == 101 or not 100 <= read[1] < 200:
            self.version, self.status, self.reason = read
        return True

    def _begin_content(self, head: ResponseHead) -> None:
        kind, length, declared, problems = framing_of(head, self.method, self.client_version)
        if 100 <= head.status < 200 and head.status != 101:
            self._end_interim(head, problems)
            return
        self._head, self._problems, self.content_length = head, problems, declared
        self.version, self.status, self.reason = head.version, head.status, head.reason
        self._upgraded = opens_tunnel(head.status, self.method)
        if kind == "length":
            self.framing = ResponseFraming(kind, length)
            self._state, self._room = COUNTED, length or 0
        elif kind == "chunked":
            self.framing = IN_CHUNKS
            self._state, self._chunks = CHUNKED, ChunkReader(head.end)
        elif kind == "close":
            self.framing = UNTIL_CLOSE
            self._state = OPEN
        else:
            self.framing = NO_CONTENT
            self._state = OPEN if self._upgraded else COUNTED

    def _end_interim(self, head: ResponseHead, problems: list[FramingProblem]) -> None:
        kept = self._interim_findings
        if head.doubtful or any(note_class(problem.id).doubtful for problem in problems):
            kept.doubtful = True
        if len(kept.items) < MAX_FINDINGS:
            kept.items += examine_head(head, problems, False).items
            del kept.items[MAX_FINDINGS:]
        if len(self.interim) < MAX_INTERIM:
            self.interim.append(head.status)
            self.interim_places += ((head.start, head.end),)
        self._head_start = head.end

    def _receive_chunks(self, chunks: ChunkReader, data: bytes, pos: int) -> int:
        pos = chunks.receive(data, pos)
        self.content_bytes = chunks.content_bytes
        if chunks.fault is not None:
            self._stop(chunks.fault, chunks.fault_at, bytes(chunks.held))
        return pos

    def _stop(self, fault: str, at: int, held: bytes) -> None:
        self._fault, self.offending_offset, self._sample = fault, at, held[:MAX_SAMPLE]
        self._state = UNREADABLE
        self._held.clear()

    def _extend_sample(self, data: bytes, pos: int) -> None:
        self._sample += data[pos:pos + MAX_SAMPLE - len(self._sample)]

    def _examine_content(self, head: ResponseHead) -> list[Note]:
        """Findings that depend on whether there was content."""
        if not self.content_bytes or self._upgraded:
            return []
        found = []
        if "content-type" not in head.values:
            found.append(note_class("no-content-type")(head.start, head.end))
        if head.status == 205:
            found.append(note_class("content-on-205")(head.start, head.end, size=counted(self.content_bytes)))
        return found

    def _verdict_finding(self) -> Note | None:
        verdict, seen = self.verdict, self.bytes_seen
        if verdict == "complete":
            return note_class("complete")(self._head_start, seen, how=self._how_complete())
        if verdict == "open-ended":
            return note_class("open-ended")(self._head_start, seen)
        if verdict == "short":
            return self._lacking()
        if verdict == "excess":
            return self._beyond()
        if self._fault is not None:
            at, sample = self.offending_offset, quoted(self._sample)
            values: dict[str, Any] = dict(self._chunks.fault_values) if self._chunks else {"limit": counted(MAX_HEAD)}
            return note_class(self._fault)(at, at + len(self._sample), offending=sample, **values)
        return None

    def _how_complete(self) -> str:
        if self._chunks is not None:
            return f"{counted(self.content_bytes)} in chunks"
        if self.framing is NO_CONTENT:
            return "a response without content"
        return f"{counted(self.content_bytes)}, as its Content-Length says"

    def _lacking(self) -> Note:
        end = self.bytes_seen
        if self._head is None:
            hint = "; a CR alone ends no line" if inner_cr.search(self._held) else ""
            return note_class("head-unfinished")(self._head_start, end, hint=hint)
        if self._chunks is not None:
            id, particulars = self._chunks.lacking()
            return note_class(id)(end, end, **particulars)
        return note_class("content-short")(end, end, missing=counted(self._room), length=self.content_length)

    def _beyond(self) -> Note:
        start, end = self.bytes_seen - self.excess, self.bytes_seen
        excess, sample = counted(self.excess), quoted(self._sample)
        if self._chunks is not None:
            return note_class("excess-after-chunks")(start, end, excess=excess, sample=sample)
        if self.framing is NO_CONTENT:
            what = "a response to HEAD" if self.method == "HEAD" else f"a {self.status} response"
            return note_class("content-not-allowed")(start, end, what=what, excess=excess, sample=sample)
        return note_class("content-excess")(start, end, excess=excess, length=self.content_length, sample=sample)
