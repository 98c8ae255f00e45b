"""One exchange as the checks see it: both heads, their places, and what became of the connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rawwfile.errors import ProtocolError
from rawwfile.http.events import RequestHead
from rawwfile.http.observe import ResponseObserver
from rawwfile.http.response_head import FieldLine
from rawwfile.http.target import Target, parse_target

_line_end = re.compile(rb"\r?\n")
_head_end = re.compile(rb"\n\r?\n")

Place = tuple[int, int]
"""Offsets in the plain stream of one direction: start, end."""


@dataclass
class ExchangeView:
    """A request, its response, and the facts that neither of them shows. For one call of `notes_on`.

    All offsets count from the first byte of the connection, each in its own direction.
    """

    head: RequestHead | None = None
    """None where no head became whole."""
    refusal: ProtocolError | None = None
    """Why the request, or the rest of it, was refused."""
    observer: ResponseObserver | None = None
    """What read along the response, the managed ones too; None: nothing was sent."""
    request_start: int = 0
    request_end: int = 0
    """Behind the last byte of the request that was received; the end of its head at least."""
    response_start: int = 0
    response_end: int = 0
    request_bytes: bytes | None = None
    """The beginning of the request as it was received, its head at least: for a request that was refused, and
    where the reader mended the head (lenient sites). None: `head.raw` is that."""
    skipped: int = 0
    """Bytes of empty lines that were passed over before the request line."""
    keep: bool | None = None
    """The server goes on reading on this connection; None: not known."""
    closed: bool = False
    """The server has closed, or will close, the connection after this exchange."""
    ended: bool = True
    """The exchange is over: what is missing now will not come."""
    scheme: str = "http"
    content_seen: int = 0
    """Bytes of the request's content that were read, chunked coding removed."""
    content_whole: bool = False
    """The request was read to its end."""
    early_content: int = 0
    """Bytes of the request's content that had come before the first byte of the response went out."""
    trailers: tuple[tuple[bytes, bytes], ...] = ()
    """The trailer fields of the request."""
    trailer_places: tuple[Place, ...] = ()
    """Where each of them stands; empty where that is not known."""

    def __post_init__(self) -> None:
        if self.head is not None:
            self.request_start = self.request_start or self.head.offset
            self.request_end = max(self.request_end, self.request_head_end)
        if self.observer is not None:
            self.response_end = max(self.response_end, self.response_start + self.observer.bytes_seen)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names, in lower case, of all fields of the request and of the final head: what there is to check."""
        asked = [name.decode("latin-1") for name in self.head.fields.index] if self.head else []
        return frozenset((*asked, *self._response_lines))

    # -- the request

    @property
    def request_head_end(self) -> int:
        """Offset of the first byte behind the request's head."""
        return self.request_start + len(self.head_bytes)

    @cached_property
    def head_bytes(self) -> bytes:
        """The request's head as it was received, as far as it came."""
        if self.request_bytes is None:
            return self.head.raw if self.head else b""
        end = _head_end.search(self.request_bytes)
        return self.request_bytes[:end.end()] if end else self.request_bytes

    def line_end(self, offset: int) -> int:
        """Where the line that holds this byte of the request ends, its CR LF left out."""
        raw = self.head_bytes if self.request_bytes is None else self.request_bytes
        place = offset - self.request_start
        if not 0 <= place < len(raw):
            return offset + 1
        found = _line_end.search(raw, place)
        return self.request_start + (found.start() if found else len(raw))

    @property
    def method(self) -> str:
        """As sent; empty without a head."""
        return self.head.method.decode("latin-1") if self.head else ""

    @property
    def old_client(self) -> bool:
        """The request says HTTP/1.0."""
        return self.head is not None and self.head.minor == 0

    @cached_property
    def target(self) -> Target | None:
        """The target taken apart; None without a head, or if it has no form that can be."""
        if self.head is None:
            return None
        try:
            return parse_target(self.head.method, self.head.target)
        except ProtocolError:
            return None

    def asked(self, name: str) -> str | None:
        """The value of a request field (lower-case name), its lines joined with ", "; None: not there."""
        value = None if self.head is None else self.head.fields.get(name.encode("latin-1"))
        return None if value is None else value.decode("latin-1")

    @cached_property
    def client_scheme(self) -> str:
        """What the client speaks: `scheme`, or "https" where a proxy in front says that TLS ended there."""
        told = self.asked("x-forwarded-proto"), self.asked("forwarded")
        through = (told[0] or "").lower().startswith("https") or "proto=https" in (told[1] or "").lower()
        return "https" if through else self.scheme

    def asked_lines(self, name: str) -> int:
        """How many lines of the request have this name (lower case)."""
        return len(self.head.fields.index.get(name.encode("latin-1"), ())) if self.head else 0

    def request_place(self, name: str) -> Place:
        """Where the last request field of this name stands; the whole head if there is none."""
        return self._request_places.get(name, (self.request_start, self.request_head_end))

    @cached_property
    def _request_places(self) -> dict[str, Place]:
        places: dict[str, Place] = {}
        raw = self.head_bytes
        last = ""
        for start, end in _lines_of(raw):
            name, colon, _ = raw[start:end].partition(b":")
            if raw[start:start + 1] in (b" ", b"\t") and last:
                places[last] = (places[last][0], self.request_start + end)
            elif start and colon:
                last = name.decode("latin-1").lower()
                places[last] = (self.request_start + start, self.request_start + end)
        return places

    # -- the response

    @property
    def status(self) -> int:
        """Of the final response; 0 while its head is not whole."""
        return (self.observer.status or 0) if self.observer and self.observer.framing else 0

    @property
    def content_start(self) -> int:
        """Offset of the first byte behind the final head."""
        if self.observer is None:
            return self.response_start
        return self.response_start + self.observer.head_start + len(self.observer.head)

    def said(self, name: str) -> str | None:
        """The value of a response field, its lines joined with ", "; None: not there."""
        return self.observer.get(name) if self.observer else None

    def said_lines(self, name: str) -> list[FieldLine]:
        """The lines of the final head with this name (lower case), at their place in the connection."""
        return self._response_lines.get(name, [])

    def repeated(self) -> list[tuple[str, list[FieldLine]]]:
        """The names (lower case) of the final head that stand more than once, with their lines."""
        return [(name, lines) for name, lines in self._response_lines.items() if len(lines) > 1]

    def response_place(self, name: str = "") -> Place:
        """Where the last response field of this name stands; the whole final head if there is none."""
        lines = self.said_lines(name) if name else []
        if lines:
            return lines[-1].start, lines[-1].end
        start = self.response_start + (self.observer.head_start if self.observer else 0)
        return start, max(start, self.content_start)

    def status_place(self) -> Place:
        """Where the final status line stands, without its line end."""
        start, end = self.response_place()
        line = self.observer.head.partition(b"\n")[0].rstrip(b"\r") if self.observer else b""
        return start, min(end, start + len(line))

    @cached_property
    def _response_lines(self) -> dict[str, list[FieldLine]]:
        by, found = self.response_start, dict[str, list[FieldLine]]()
        for name, value, start, end in self.observer.lines if self.observer else ():
            found.setdefault(name.lower(), []).append(FieldLine(name, value, start + by, end + by))
        return found


def _lines_of(raw: bytes) -> Iterator[Place]:
    start = 0
    for found in _line_end.finditer(raw):
        yield start, found.start()
        start = found.end()
