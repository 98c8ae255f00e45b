r"""Bytes that are sent piece by piece, and how a person writes them.

The text of the send box shows every byte that is sent. Its line ends are layout and send nothing;
what ends a line of HTTP is written out:

    GET /hello HTTP/1.1\r\n
    Host: 127.0.0.1\r\n
    \r\n
    [pause 0.5]
    the rest

`\r` `\n` `\t` `\0` `\\` are these bytes, `\xHH` is any byte, `\[` is "[". Every other character
is sent as UTF-8. A line `[pause SECONDS]` of its own ends a piece: what follows is sent that much
later, in a write of its own; `[pause 0]` only separates two writes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

MAX_BYTES = 8 << 20
"""Most bytes of all pieces together."""
MAX_PIECES = 20_000
MAX_PAUSE = 60.0
"""Seconds of one pause at most."""
MAX_PAUSES = 300.0
"""Seconds of all pauses together at most."""

_pause_line = re.compile(r"\[pause[ \t]+([0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})(?:[ \t]*s)?\]")
_token = re.compile(r"[^\\]+|\\(?:[rnt0\\\[]|x[0-9A-Fa-f]{2})")
_shown = {10: "\\n", 13: "\\r", 9: "\\t", 0: "\\0", 92: "\\\\"}
_meant = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\", "[": b"["}


class Piece(NamedTuple):
    """Bytes that leave in one write, `pause` seconds after the piece before."""

    data: bytes
    pause: float = 0.0


class PiecesError(ValueError):
    """Pieces that cannot be read, or pass a limit; the message is one plain sentence."""


def checked(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces as a list. Raises PiecesError where they pass a limit of this module."""
    found = list(pieces)
    if len(found) > MAX_PIECES:
        raise PiecesError(f"{len(found)} pieces are more than {MAX_PIECES}")
    if sum(len(piece.data) for piece in found) > MAX_BYTES:
        raise PiecesError(f"the pieces have more than {MAX_BYTES} bytes")
    for piece in found:
        if not 0 <= piece.pause <= MAX_PAUSE:
            raise PiecesError(f"a pause is 0 to {MAX_PAUSE:g} seconds, not {piece.pause:g}")
    if sum(piece.pause for piece in found) > MAX_PAUSES:
        raise PiecesError(f"the pauses last longer than {MAX_PAUSES:g} seconds")
    return found


def pieces_from_text(text: str) -> list[Piece]:
    """The pieces that `text` stands for; how it is written says the head of this module.

    Raises PiecesError, with line and column, for an escape that is none; and for limits.
    """
    pieces: list[Piece] = []
    data, pause = bytearray(), 0.0
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.lstrip(" \t").startswith("[pause"):
            data += _line_bytes(line, number)
            continue
        found = _pause_line.fullmatch(line.strip(" \t"))
        if found is None:
            raise PiecesError(rf"line {number}: a pause is written [pause 0.5]; to send such text write \[pause")
        if data or pause:
            pieces.append(Piece(bytes(data), pause))
        data.clear()
        pause = float(found[1])
    if data or pause:
        pieces.append(Piece(bytes(data), pause))
    return checked(pieces)


def _line_bytes(line: str, number: int) -> bytes:
    data, column = bytearray(), 0
    while column < len(line):
        found = _token.match(line, column)
        if found is None:
            raise PiecesError(
                f"line {number}, column {column + 1}: {line[column:column + 4]!r} is no escape; "
                r"there are \r \n \t \0 \\ \[ and \xHH"
            )
        word = found[0]
        if word[0] != "\\":
            # A lone surrogate has no UTF-8; such text comes from a browser's JSON only on purpose.
            data += word.encode("utf-8", "replace")
        elif word[1] == "x":
            data.append(int(word[2:], 16))
        else:
            data += _meant[word[1]]
        column = found.end()
    return bytes(data)


def text_from_pieces(pieces: Iterable[Piece]) -> str:
    """The text that `pieces_from_text` reads as these pieces; an empty piece without a pause is left out."""
    lines: list[str] = []
    begun = False
    for data, pause in pieces:
        if not data and not pause:
            continue
        if begun or pause:
            lines.append(f"[pause {pause:.6f}".rstrip("0").rstrip(".") + "]")
        lines += [_shown_line(line) for line in data.splitlines(keepends=True)] if data else []
        begun = True
    return "\n".join(lines)


def _shown_line(line: bytes) -> str:
    shown = []
    for character in line.decode("utf-8", "surrogateescape"):
        code = ord(character)
        if code in _shown:
            shown.append(_shown[code])
        elif 0xDC80 <= code <= 0xDCFF:
            shown.append(f"\\x{code - 0xDC00:02x}")
        elif character == " " or character.isprintable():
            shown.append(character)
        else:
            shown += [f"\\x{byte:02x}" for byte in character.encode("utf-8")]
    if shown[-1] == " ":
        shown[-1] = "\\x20"
    if shown[0] == " " or shown[0] == "[":
        shown[0] = "\\x20" if shown[0] == " " else "\\["
    return "".join(shown)


def pieces_from_json(value: Any) -> list[Piece]:
    """The pieces of `[{"data": base64, "pause": seconds}, ...]`; pause may be left out. Raises PiecesError."""
    if not isinstance(value, list):
        raise PiecesError('pieces are a list of {"data": base64, "pause": seconds}')
    if len(value) > MAX_PIECES:
        raise PiecesError(f"{len(value)} pieces are more than {MAX_PIECES}")
    return checked(_piece(each) for each in value)


def _piece(value: Any) -> Piece:
    if not isinstance(value, dict):
        raise PiecesError('a piece is {"data": base64, "pause": seconds}')
    pause = value.get("pause", 0)
    if isinstance(pause, bool) or not isinstance(pause, (int, float)):
        raise PiecesError("a pause is a number of seconds")
    # An int of JSON may be too large for a float.
    return Piece(bytes_from_base64(value.get("data")), float(max(-1, min(pause, 1e9))))


def bytes_from_base64(value: Any) -> bytes:
    """The bytes of a base64 text of JSON. Raises PiecesError."""
    if not isinstance(value, str):
        raise PiecesError('"data" is base64 text')
    try:
        return base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise PiecesError('"data" is not base64') from None


def pieces_to_json(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """What `pieces_from_json` reads."""
    return [{"data": base64.b64encode(data).decode("ascii"), "pause": pause} for data, pause in pieces]
