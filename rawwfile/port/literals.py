"""String literals of 2.x as those of Python 3: no `u`, no `ur`, no escape that is none."""

from __future__ import annotations

import re

from rawwfile.cpy.python2.literals import string

_PREFIX = re.compile("[a-zA-Z]*")
_ESCAPE = re.compile(r"\\(\n|.)", re.DOTALL)
_UNICODE = re.compile(r"\\(?:(\\)|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_TOO_LARGE = re.compile(r"(\\\\)|\\([4-7][0-7][0-7])")
_KNOWN = frozenset("\n\\'\"abfnrtvx01234567")


def literal(token: str, *, prefer: str = "") -> str:
    """Return the token in Python 3; prefer: the quote to use where it makes no difference."""
    prefix = _PREFIX.match(token).group()  # type: ignore[union-attr]
    body = token[len(prefix) :]
    quote = body[:3] if body[:3] in ('"""', "'''") else body[:1]
    inside = body[len(quote) : -len(quote)]
    lower = prefix.lower()
    if "r" in lower:
        if "u" in lower and re.search(r"\\[uU]", inside):
            return quoted(string(token)[0], prefer or "'")
        kept = "r" if "\\" in inside else ""
    else:
        kept = ""
        if "u" in lower:
            inside = _UNICODE.sub(_character, inside)
        else:
            inside = _TOO_LARGE.sub(lambda found: found.group(1) or f"\\x{int(found.group(2), 8) & 255:02x}", inside)
        known = _KNOWN | frozenset("uUN") if "u" in lower else _KNOWN
        inside = _ESCAPE.sub(lambda found: found.group() if found.group(1) in known else "\\" + found.group(), inside)
    return kept + _quoted(quote, inside, prefer)


def _character(found: re.Match[str]) -> str:
    """Return the letter itself for the escape of one; 2.x's plain strings had no such escape."""
    letter = chr(int(found.group(2) or found.group(3), 16)) if found.group(1) is None else ""
    return letter if letter.isprintable() and letter not in "\\'\"" and letter else found.group()


def _quoted(quote: str, inside: str, prefer: str) -> str:
    if not prefer or quote[0] == prefer:
        return quote + inside + quote
    wanted = prefer * len(quote)
    if len(quote) == 1 and prefer not in inside and "\\" + quote not in inside:
        return wanted + inside + wanted
    if len(quote) == 3 and prefer not in inside:
        return wanted + inside + wanted
    return quote + inside + quote


def quoted(text: str, quote: str = '"') -> str:
    """Return a literal for a text, in the quote wanted."""
    made = repr(text)
    if made[0] != quote and quote not in made:
        made = quote + made[1:-1].replace("\\'", "'") + quote
    return made
