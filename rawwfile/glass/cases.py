"""The responses of the table in which clients are compared: each breaks one rule, or looks as if it did.

The content that was meant is "hello" wherever there is one.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rawwfile.glass.pieces import Piece

MEANT = {b"hello": "ok"}


@dataclass(frozen=True, slots=True)
class Case:
    """One response. meanings: what to call the contents that clients may take out of it."""

    pieces: tuple[Piece, ...]
    meanings: Mapping[bytes, str] = field(default_factory=lambda: MEANT)

    @property
    def data(self) -> bytes:
        """All of its bytes."""
        return b"".join(piece.data for piece in self.pieces)


def _case(data: bytes, **meanings: bytes) -> Case:
    return Case((Piece(data),), {content: word.replace("_", " ") for word, content in meanings.items()} or MEANT)


def _plain(fields: bytes, content: bytes = b"hello", status: bytes = b"HTTP/1.1 200 OK") -> bytes:
    return status + b"\r\nContent-Type: text/plain\r\n" + fields + b"\r\n" + content


def _chunked(content: bytes, fields: bytes = b"") -> bytes:
    return _plain(b"Transfer-Encoding: chunked\r\n" + fields, content)


def png(width: int, height: int) -> bytes:
    """A grey image of that size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x80" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _mixed(kind: bytes, parts: Sequence[bytes], pause: float) -> tuple[Piece, ...]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=next\r\n\r\n--next\r\n"
    pieces = [Piece(head)]
    for number, part in enumerate(parts, 1):
        end = b"\r\n--next--\r\n" if number == len(parts) else b"\r\n--next\r\n"
        fields = b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(part))
        pieces.append(Piece(fields + part + end, pause if number > 1 else 0.0))
    return tuple(pieces)


def _multipart(kind: bytes, parts: Sequence[bytes], pause: float) -> Case:
    pieces = _mixed(kind, parts, pause)
    whole = b"".join(piece.data for piece in pieces).partition(b"\r\n\r\n")[2]
    return Case(pieces, {whole: "one body, all parts in it"})


_FIVE = b"Content-Length: 5\r\n"
_RIGHT = _plain(_FIVE)
_HEL = b"hel"

CASES: dict[str, Case] = {
    "Content-Length too big": _case(_plain(b"Content-Length: 10\r\n")),
    "Content-Length too small": _case(_plain(b"Content-Length: 3\r\n")),
    "two different lengths (3, 5)": Case(
        (Piece(_plain(b"Content-Length: 3\r\n" + _FIVE)),), {_HEL: 'first: "hel"', b"hello": 'last: "hello"'}
    ),
    "Content-Length: +5": _case(_plain(b"Content-Length: +5\r\n")),
    "no blank line": _case(_plain(b"").replace(b"\r\n\r\n", b"\r\n")),
    "bare LF everywhere": _case(_RIGHT.replace(b"\r\n", b"\n")),
    "bare CR everywhere": _case(_RIGHT.replace(b"\r\n", b"\r")),
    "space before the colon": _case(_RIGHT.replace(b"Length:", b"Length :")),
    "NUL in a field": _case(_plain(b"X-Nul: a\0b\r\n" + _FIVE)),
    "HTTP/2.0 in the status line": _case(_plain(_FIVE, status=b"HTTP/2.0 200 OK")),
    "status 99": _case(_plain(_FIVE, status=b"HTTP/1.1 99 OK")),
    "status 1000": _case(_plain(_FIVE, status=b"HTTP/1.1 1000 OK")),
    "status line missing": _case(_RIGHT.partition(b"\r\n")[2]),
    "CRLF before the status line": _case(b"\r\n" + _RIGHT),
    "last chunk missing": _case(_chunked(b"5\r\nhello\r\n")),
    'chunk size "ZZ"': _case(_chunked(b"ZZ\r\nhello\r\n0\r\n\r\n")),
    "bytes after chunk data": _case(_chunked(b"5\r\nhelloXX\r\n0\r\n\r\n")),
    "length and chunked": _case(_chunked(b"5\r\nhello\r\n0\r\n\r\n", b"Content-Length: 3\r\n"), chunked_wins=b"hello"),
    "body on 204": _case(_plain(_FIVE, status=b"HTTP/1.1 204 No Content"), dropped=b""),
    "103 before 200": _case(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n" + _RIGHT),
    "x-mixed-replace: images": _multipart(b"image/png", [png(side, 1) for side in (1, 2, 3)], 0.1),
    "x-mixed-replace: HTML": _multipart(b"text/html", [b"<p>one", b"<p>two", b"<p>three"], 0.1),
}
"""Name to response: the rows of the table."""
