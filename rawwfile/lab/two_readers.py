"""Two readers of requests for lab 21, each sure of itself. In memory only; not for serving anybody.

    [request.line for request in by_length(b"POST / HTTP/1.1\\r\\n...")]

Both take requests one behind the other from the same bytes, as a proxy and the server behind it do.
`by_length` knows Content-Length alone, as programs of the time before HTTP/1.1 did; `by_chunks` knows
Transfer-Encoding too, and then does not look at Content-Length, as RFC 9112 section 6.3 has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

MOST_BYTES = 1 << 16
"""Bytes that a reader takes."""


class Unreadable(ValueError):
    """What comes next is no request; the message says where and why."""


@dataclass
class Request:
    """One request, as a reader understood it. line: "POST / HTTP/1.1"; fields: (name, value) in order."""

    line: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    content: bytes = b""

    def get(self, name: str) -> str | None:
        """The value of the first field of this name, in any case; None without it."""
        return next((value for each, value in self.fields if each.lower() == name.lower()), None)


def by_length(data: bytes) -> list[Request]:
    """The requests as a reader sees them that believes Content-Length. Raises Unreadable."""
    return _read_all(data, _content_by_length)


def by_chunks(data: bytes) -> list[Request]:
    """The requests as a reader sees them that believes Transfer-Encoding first. Raises Unreadable."""

    def content(request: Request, data: bytes, at: int) -> tuple[bytes, int]:
        coding = request.get("Transfer-Encoding")
        if coding is not None and coding.lower() == "chunked":
            return _content_in_chunks(data, at)
        return _content_by_length(request, data, at)

    return _read_all(data, content)


def _read_all(data: bytes, content: Callable[[Request, bytes, int], tuple[bytes, int]]) -> list[Request]:
    if len(data) > MOST_BYTES:
        raise Unreadable(f"more than {MOST_BYTES} bytes")
    found: list[Request] = []
    at = 0
    while at < len(data):
        request, at = _head(data, at)
        request.content, at = content(request, data, at)
        found.append(request)
    return found


def _head(data: bytes, at: int) -> tuple[Request, int]:
    end = data.find(b"\r\n\r\n", at)
    if end < 0:
        raise Unreadable(f"at byte {at}: no empty line ends this head: {data[at : at + 40]!r}")
    line, *rest = data[at:end].decode("latin-1").split("\r\n")
    if len(line.split(" ")) != 3 or not line.rpartition(" ")[2].startswith("HTTP/1."):
        raise Unreadable(f"at byte {at}: no request line: {line[:40]!r}")
    request = Request(line)
    for each in rest:
        name, colon, value = each.partition(":")
        if not colon or not name or name != name.strip():
            raise Unreadable(f"at byte {at}: no field: {each[:40]!r}")
        request.fields.append((name, value.strip(" \t")))
    return request, end + 4


def _content_by_length(request: Request, data: bytes, at: int) -> tuple[bytes, int]:
    length = request.get("Content-Length") or "0"
    if not (length.isascii() and length.isdecimal()):
        raise Unreadable(f"at byte {at}: no length: {length!r}")
    return _taken(data, at, int(length[:9]))


def _content_in_chunks(data: bytes, at: int) -> tuple[bytes, int]:
    parts: list[bytes] = []
    while True:
        end = data.find(b"\r\n", at)
        size = data[at:end].partition(b";")[0] if end >= 0 else b""
        if not 0 < len(size) <= 8 or size.strip(b"0123456789abcdefABCDEF"):
            raise Unreadable(f"at byte {at}: no chunk size: {data[at : at + 20]!r}")
        part, at = _taken(data, end + 2, int(size, 16))
        if not part:
            # No trailer: the empty line is next.
            _expect_line_end(data, at)
            return b"".join(parts), at + 2
        parts.append(part)
        _expect_line_end(data, at)
        at += 2


def _taken(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    if at + size > len(data):
        raise Unreadable(f"at byte {at}: {size} bytes are to come, and {len(data) - at} are there")
    return data[at : at + size], at + size


def _expect_line_end(data: bytes, at: int) -> None:
    if data[at : at + 2] != b"\r\n":
        raise Unreadable(f"at byte {at}: no line end behind a chunk: {data[at : at + 20]!r}")
