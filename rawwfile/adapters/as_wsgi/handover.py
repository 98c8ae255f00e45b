"""Reads the bytes of one HTTP response and hands it to a WSGI host, piece by piece."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rawwfile.adapters.wsgi.application import SERVERS_OWN
from rawwfile.errors import ClientDisconnected, ProtocolError, RawwfileError
from rawwfile.exchange.response import REASONS
from rawwfile.http import grammar
from rawwfile.http.chunk_reading import section_end
from rawwfile.http.chunked import ChunkedBody
from rawwfile.http.limits import Limits
from rawwfile.http.notes.base import Findings, note_class, quoted
from rawwfile.http.response_head import (
    ResponseHead,
    framing_of,
    head_end,
    opens_tunnel,
    read_fields,
    read_head,
    read_status_line,
)

if TYPE_CHECKING:
    from rawwfile.exchange.body import FileSlice

log = logging.getLogger("rawwfile")

MOST_HEAD = 65536
"""Bytes of a head, or of a trailer section."""

_UNCLEAR = {"length-not-digits", "lengths-differ", "length-and-coding", "chunked-twice", "coding-not-chunked"}
"""What makes it impossible to say what the content is; others are mended by the host's own framing."""


class CannotHandOver(RawwfileError):
    """The handler wrote what WSGI cannot express; the message says what, and why."""


class Handover:
    """One response on its way to a host.

    begun: content has been given to the host, so that status and fields stay. lost: what the host
    raised when it was given something. fault: why the response cannot be handed over.
    """

    def __init__(self, environ: dict[str, Any], start_response: Callable[..., Any], version: tuple[int, int]) -> None:
        self._environ = environ
        self._start_response = start_response
        self._method: str = environ["REQUEST_METHOD"]
        self._version = version
        self._held = bytearray()
        self._read: Callable[[bytes], Iterator[bytes]] = self._read_head
        self._head: ResponseHead | None = None
        self._room: int | None = None
        self._chunks: ChunkedBody | None = None
        self._whole = False
        self._write: Callable[[bytes], Any] | None = None
        self.keeps: Callable[[str], bool] = _keeps_all
        """Says of a field, by its name in lower case, whether the host shall have it."""
        self.begun = False
        self.lost: BaseException | None = None
        self.fault: CannotHandOver | None = None

    # -- bytes in

    def push(self, data: bytes) -> None:
        """Give the host at once what `data` holds of content.

        Raises CannotHandOver, and again for everything after it; ClientDisconnected if the host failed.
        """
        for piece in self.content_of(data):
            if self._write is None:
                self.start()
            assert self._write is not None
            self.begun = True
            try:
                self._write(piece)
            except Exception as error:
                self.lost = error
                raise ClientDisconnected("the host did not take what was written; its client is gone") from error

    def content_of(self, data: bytes) -> list[bytes]:
        """The pieces of content in the next bytes of the response. Raises CannotHandOver."""
        if self.fault is not None:
            raise self.fault
        return list(self._read(data))

    def skip(self, count: int) -> None:
        """`count` bytes of counted content come to the host by another way."""
        if self._room is not None:
            self._room -= count

    # -- to the host

    def start(self) -> None:
        """Give the host status and fields. Raises CannotHandOver for fields that no host takes."""
        head = self._head
        assert head is not None
        bare = head.status in (204, 304)
        fields = []
        for name, value in head.fields:
            lower = name.lower()
            if lower in SERVERS_OWN or not self.keeps(lower) or (bare and lower == "content-type"):
                continue
            if lower == "content-length" and (self._chunks is not None or head.status == 204):
                continue
            if not grammar.token.fullmatch(name.encode("latin-1")) or any(c < " " and c != "\t" for c in value):
                raise self._refusal(f"the field {name[:60]!r}: {value[:60]!r} is none that a host takes")
            fields.append((name, value.replace("\t", " ")))
        reason = head.reason or REASONS.get(head.status, "")
        self._write = self._start_response(f"{head.status} {reason}", fields)

    def finish(self) -> None:
        """The response is over: see that it is whole. Raises CannotHandOver."""
        if self.fault is not None:
            raise self.fault
        if self._head is None:
            what = f"only {quoted(self._held)}" if self._held else "no final response"
            raise self._refusal(f"it wrote {what}; a status line, fields and an empty line are wanted")
        if self._room:
            raise self._refusal(f"its content is {self._room} bytes shorter than its Content-Length")
        if self._chunks is not None and not self._whole:
            raise self._refusal("its chunked content has no last chunk; write b'0\\r\\n\\r\\n' at the end")
        if self._write is None:
            self.start()

    def _refusal(self, why: str) -> CannotHandOver:
        self.fault = CannotHandOver(f"the handler's response cannot be handed to the WSGI host: {why}")
        return self.fault

    # -- reading

    def _read_head(self, data: bytes) -> Iterator[bytes]:
        held = self._held
        held += data
        while (found := head_end.search(held, 0, MOST_HEAD)) is not None:
            raw = bytes(held[: found.end()])
            del held[: found.end()]
            line = read_status_line(raw[: raw.index(b"\n")], 0, Findings())
            if line is None:
                raise self._refusal(f"{quoted(raw)} is no HTTP response (RFC 9112 section 4)")
            head = read_head(raw, 0, line)
            if 100 <= head.status < 200 and head.status != 101:
                self._pass_interim(head)
                continue
            self._begin(head)
            rest = bytes(held)
            held.clear()
            yield from self._read(rest)
            return
        if held[:5] != b"HTTP/"[: len(held)] or len(held) > MOST_HEAD:
            raise self._refusal(f"{quoted(held)} is no HTTP response (RFC 9112 section 4)")

    def _begin(self, head: ResponseHead) -> None:
        if opens_tunnel(head.status, self._method) or not 200 <= head.status <= 599:
            raise self._refusal(f"{head.status} is no status that a WSGI application can give")
        kind, length, _declared, problems = framing_of(head, self._method, self._version)
        for problem in problems:
            if problem.id in _UNCLEAR:
                raise self._refusal(note_class(problem.id)(0, 0, **problem.values).message)
        self._head = head
        if kind == "length":
            self._room = length
            self._read = self._read_counted
        elif kind == "chunked":
            self._chunks = ChunkedBody(Limits(body=None), 0)
            self._read = self._read_chunked
        else:
            self._read = self._read_none if kind == "none" else _read_all

    def _pass_interim(self, head: ResponseHead) -> None:
        hints = self._environ.get("wsgi.early_hints")
        if head.status == 103 and hints is not None:
            hints(head.fields)
        else:
            log.info("%d %s is left out: the WSGI host has no place for it", head.status, head.reason)

    def _read_none(self, data: bytes) -> Iterator[bytes]:
        if data and self._method != "HEAD":
            assert self._head is not None
            raise self._refusal(f"a {self._head.status} response has no content, and it wrote {quoted(data)}")
        return iter(())

    def _read_counted(self, data: bytes) -> Iterator[bytes]:
        assert self._room is not None
        piece, excess = data[: self._room], data[self._room :]
        self._room -= len(piece)
        if piece:
            yield piece
        if excess:
            raise self._refusal(f"it wrote more than its Content-Length (first extra: {quoted(excess)})")

    def _read_chunked(self, data: bytes) -> Iterator[bytes]:
        chunks, held = self._chunks, self._held
        assert chunks is not None
        held += data
        try:
            while not self._whole and (found := chunks.next_data(held, 0)) is not None:
                if not found:
                    self._read_trailers(chunks)
                    break
                start, stop = found
                yield bytes(held[start:stop])
        except ProtocolError as error:
            raise self._refusal(f"its content is not chunked as it says: {error}") from error
        if self._whole and len(held) > chunks.position:
            raise self._refusal(f"it wrote more after the last chunk: {quoted(held[chunks.position :])}")
        del held[: chunks.position]
        chunks.shift(chunks.position)

    def _read_trailers(self, chunks: ChunkedBody) -> None:
        """The last chunk is there; what follows is fields and an empty line."""
        rest = bytes(self._held[chunks.position :])
        found = section_end.search(rest, 0, MOST_HEAD)
        if found is None:
            if len(rest) > MOST_HEAD:
                raise self._refusal(f"its trailer fields do not end: {quoted(rest)}")
            self._read = self._read_more_trailers
            return
        self._whole = True
        fields = read_fields(rest[: found.end()], 0, Findings())
        chunks.position += found.end()
        if fields:
            self._pass_trailers({field.name: field.value for field in fields})

    def _read_more_trailers(self, data: bytes) -> Iterator[bytes]:
        assert self._chunks is not None
        self._held += data
        self._read = self._read_chunked
        self._read_trailers(self._chunks)
        return self._read_chunked(b"") if self._whole else iter(())

    def _pass_trailers(self, trailers: dict[str, str]) -> None:
        accepts = self._environ.get("rawwfile.trailers")
        if accepts is not None:
            accepts(trailers)
        else:
            log.info("trailer fields %s are left out: the WSGI host has no place for them", ", ".join(trailers))


def _read_all(data: bytes) -> Iterator[bytes]:
    return iter((data,) if data else ())


def _keeps_all(_name: str) -> bool:
    return True


def blocks_of(part: FileSlice, size: int = 65536) -> Iterator[bytes]:
    """The content of a FileSlice in blocks. Raises EOFError when the file has become shorter."""
    at, end = part.start, part.start + part.length
    while at < end:
        block = os.pread(part.fileno(), min(size, end - at), at)
        if not block:
            raise EOFError(f"the file became shorter while it was sent: {end - at} bytes are missing")
        at += len(block)
        yield block
