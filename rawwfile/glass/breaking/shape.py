"""Where the parts of one message lie, whatever shape it has: a lenient look that mutations cut by.

It judges nothing and refuses nothing. Lines end at LF, with or without a CR before it; a message may
lack its empty line, its fields or its content. Of several messages it is the first one, of a
response that has 1xx responses before it the final one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_DIGITS = 18
"""Digits of a Content-Length that is believed, and of a chunk size."""

_status = re.compile(rb"HTTP/[0-9.]*[ \t]+([0-9]{3})(?![0-9])")
_chunk_line = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,18})[ \t]*(?:;[^\r\n]*)?(\r?\n)")


class Line(NamedTuple):
    """A line: its text is data[start:end], with its line end data[start:stop]."""

    start: int
    end: int
    stop: int


class Field(NamedTuple):
    """A field, with the lines folded to it: data[start:stop]. name: lower case, without spaces."""

    name: bytes
    start: int
    colon: int
    """Offset of the colon."""
    end: int
    """Where the value ends, before the line end."""
    stop: int


class Chunk(NamedTuple):
    """A chunk: its size line is data[start:data], its data data[data:end], with the line end up to stop."""

    start: int
    data: int
    end: int
    stop: int


@dataclass(slots=True)
class Shape:
    """The places of one message in `data`; see `shape_of`."""

    data: bytes
    kind: str
    """"request" or "response"."""
    start: int
    """Where its first line begins; empty lines and 1xx responses lie before."""
    first: Line
    lines: list[Line]
    """The lines between the first one and the empty one."""
    fields: list[Field]
    blank: Line | None
    """The empty line that ends the head; None if there is none."""
    content: int = 0
    """Where the content begins."""
    stop: int = 0
    """Where the message ends; what follows is another one."""
    framing: str = "none"
    """"none", "length", "chunked" or "close"."""
    chunks: list[Chunk] = field(default_factory=list)
    """Those that are whole, without the last one."""
    last_chunk: int | None = None
    """Where the last chunk (size 0) begins; None if it is missing."""

    def named(self, name: bytes) -> list[Field]:
        """The fields of lower-case `name`."""
        return [each for each in self.fields if each.name == name]

    def value(self, each: Field) -> bytes:
        """A field's value without the white space around it."""
        return self.data[each.colon + 1:each.end].strip(b" \t\r\n")

    @property
    def status(self) -> int | None:
        """Of a response; None where there is none of three digits."""
        found = _status.match(self.data, self.start, self.first.end)
        return int(found[1]) if found and self.kind == "response" else None

    @property
    def method(self) -> bytes:
        """Of a request."""
        return self.data[self.first.start:self.first.end].split(b" ")[0]

    @property
    def bodiless(self) -> bool:
        """A response whose status allows no content."""
        status = self.status
        return status is not None and (status < 200 or status in (204, 304))

    @property
    def length(self) -> int | None:
        """What the first Content-Length says, if it is a number."""
        for each in self.named(b"content-length")[:1]:
            value = self.value(each)
            if value.isdigit() and len(value) <= MOST_DIGITS:
                return int(value)
        return None

    @property
    def decoded(self) -> bytes:
        """The content without its chunks' framing."""
        if self.framing == "chunked":
            return b"".join(self.data[each.data:each.end] for each in self.chunks)
        return self.data[self.content:self.stop]


def kind_of(data: bytes) -> str:
    """"response" where the first line that is not empty begins like a status line, else "request"."""
    return "response" if data.lstrip(b"\r\n").startswith(b"HTTP/") else "request"


def shape_of(data: bytes, kind: str | None = None) -> Shape | None:
    """The shape of the first message in `data`; None where there is no line that is not empty.

    kind: "request" or "response"; None: judged by the first line.
    """
    kind = kind or kind_of(data)
    at = 0
    shape = None
    while True:
        found = _head(data, at, kind)
        if found is None:
            break
        shape = found
        if kind == "request" or shape.status is None or shape.blank is None:
            break
        if not 100 <= shape.status < 200 or shape.status == 101:
            break
        at = shape.blank.stop
    if shape is not None:
        _measure(shape)
    return shape


def _line(data: bytes, start: int) -> Line:
    newline = data.find(b"\n", start)
    if newline < 0:
        return Line(start, len(data), len(data))
    end = newline - 1 if newline > start and data[newline - 1] == 13 else newline
    return Line(start, end, newline + 1)


def _head(data: bytes, at: int, kind: str) -> Shape | None:
    line = _line(data, at)
    while line.start == line.end and line.stop > line.start:
        line = _line(data, line.stop)
    if line.start == len(data):
        return None
    first, lines, blank = line, [], None
    while line.stop < len(data):
        line = _line(data, line.stop)
        if line.start == line.end:
            blank = line
            break
        lines.append(line)
    stop = blank.stop if blank else len(data)
    return Shape(data, kind, first.start, first, lines, _fields(data, lines), blank, stop, stop)


def _fields(data: bytes, lines: list[Line]) -> list[Field]:
    fields: list[Field] = []
    open_field = False
    for line in lines:
        if data[line.start] in b" \t":
            if open_field:
                fields[-1] = fields[-1]._replace(end=line.end, stop=line.stop)
            continue
        colon = data.find(b":", line.start, line.end)
        open_field = colon >= 0
        if open_field:
            name = data[line.start:colon].strip(b" \t").lower()
            fields.append(Field(name, line.start, colon, line.end, line.stop))
    return fields


def _measure(shape: Shape) -> None:
    """Find out how the content is framed and where it ends (RFC 9112 section 6.3)."""
    data, end = shape.data, len(shape.data)
    shape.stop = shape.content
    if shape.blank is None or shape.bodiless:
        return
    codings = b",".join(shape.value(each) for each in shape.named(b"transfer-encoding"))
    length = shape.length
    if codings.lower().rpartition(b",")[2].strip(b" \t") == b"chunked":
        shape.framing = "chunked"
        _find_chunks(shape)
    elif length is not None:
        shape.framing, shape.stop = "length", min(end, shape.content + length)
    elif shape.kind == "response":
        shape.framing, shape.stop = "close", end
    elif data[shape.content:]:
        # Bytes after a request without a length are the next request, whatever they were meant for.
        shape.stop = shape.content


def _find_chunks(shape: Shape) -> None:
    data, at = shape.data, shape.content
    shape.stop = len(data)
    while (found := _chunk_line.match(data, at)) is not None:
        size = int(found[1], 16)
        if not size:
            shape.last_chunk = at
            line = _line(data, found.end())
            while line.start != line.end and line.stop > line.start:
                line = _line(data, line.stop)
            shape.stop = line.stop
            return
        end = found.end() + size
        if end >= len(data):
            return
        line = _line(data, end)
        if line.start != line.end:
            return
        shape.chunks.append(Chunk(at, found.end(), end, line.stop))
        at = line.stop
