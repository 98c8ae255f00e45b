"""Bytes and text from the wire, made fit to be seen: nothing that could steer a terminal is left.

A terminal obeys what it is sent: ESC moves the cursor, renames the window or answers with typed text,
BEL rings, and the marks for writing from right to left turn a line around. So every byte that is no
plain printable character is shown as an escape or as a picture of itself.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timezone

PICTURES = {"\r": "␍", "\n": "␊"}
"""What stands for the two bytes that end lines, where the output can show it."""
ESCAPES = {"\r": "\\r", "\n": "\\n", "\t": "\\t", "\\": "\\\\"}

_perhaps_wide = re.compile("[^\x00-\u02ff\u2010-\u203f\u2190-\u22ff\u2400-\u245f\u25a0-\u25cf\u26a0\u2713-\u2717]")
_plain = re.compile(rb"[ -\[\]-~]*")
_plain_text = re.compile(r"[ -\[\]-~]*")


def visible(data: bytes, *, pictures: bool = True, as_text: bool = False) -> str:
    r"""`data` as one line of printable characters, from which the bytes can be told again.

    CR and LF are ␍ and ␊ (with `pictures`; else \r and \n), TAB is \t, a backslash is doubled, any other
    byte outside printable US-ASCII is \xNN. as_text: well-formed UTF-8 is shown as the characters it
    encodes, as far as they are harmless: see `harmless`.
    """
    if _plain.fullmatch(data):
        return data.decode("ascii")
    if as_text:
        text = data.decode("utf-8", "surrogateescape")
        return "".join([_shown(character, pictures) for character in text])
    return "".join([_shown(chr(byte) if byte < 0x80 else chr(0xDC00 + byte), pictures) for byte in data])


def cells(data: bytes, *, pictures: bool = True, as_text: bool = False) -> list[str]:
    """As `visible`, cut into what must stay together when a line is wrapped: one item for each character."""
    if as_text:
        text = data.decode("utf-8", "surrogateescape")
    else:
        text = data.decode("ascii", "surrogateescape")
    return [_shown(character, pictures) for character in text]


def printable(text: object) -> str:
    """Text that may come from anywhere (a file, a message) as one line of harmless characters."""
    shown = str(text)
    if _plain_text.fullmatch(shown):
        return shown
    return "".join([each if each == "\\" or harmless(each) else _escaped(each) for each in shown])


def harmless(character: str) -> bool:
    """Whether a terminal only shows it: printable, no mark on the character before, nothing of ours.

    The pictures of control characters (U+2400 to U+243F) are kept for real control characters.
    """
    if " " <= character <= "~":
        return True
    return (
        character.isprintable()
        and not "\u2400" <= character <= "\u243f"
        and unicodedata.category(character)[0] != "M"
    )


def width_of(text: str) -> int:
    """Columns that `text` takes on a terminal; East Asian wide characters take two."""
    if text.isascii() or not _perhaps_wide.search(text):
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def utc(seconds: float) -> datetime:
    """A wall clock time (seconds since 1970) as a date in UTC; 1970 for what no calendar has, out of a broken file."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, timezone.utc)


def hexed(data: bytes) -> str:
    """Two digits for each byte, with a space between: "47 45 54"."""
    return data.hex(" ")


def _shown(character: str, pictures: bool) -> str:
    if pictures and character in PICTURES:
        return PICTURES[character]
    if character in ESCAPES:
        return ESCAPES[character]
    return character if harmless(character) else _escaped(character)


def _escaped(character: str) -> str:
    r"""\xNN for each byte of the character in UTF-8; for a byte that was no UTF-8, for that byte."""
    if character in ESCAPES and character != "\\":
        return ESCAPES[character]
    data = character.encode("utf-8", "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass")
    return "".join(f"\\x{byte:02x}" for byte in data)
