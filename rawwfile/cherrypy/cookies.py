"""Cookies as Python 2's `Cookie` module read and wrote them."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator
from http.cookies import CookieError, Morsel, SimpleCookie
from typing import Any

from rawwfile.cherrypy.parameters import Codec
from rawwfile.http.forms import unquoted_cookie

_KEY = string.ascii_letters + string.digits + "_!#%&'~`><@,:/$*+-.^|)(?}{="
_BLANKS = re.compile(r"\s*")
_QUOTED = re.compile(r'"(?:[^\\"]|\\.)*"', re.DOTALL)
_PLAIN = re.compile(rf"[{re.escape(_KEY)}\[\]]*")
_ATTRIBUTES = frozenset(("expires", "path", "comment", "domain", "max-age", "secure", "httponly", "version"))
_LONGEST_NAME = 4096
_COMMENT = re.compile(r'(?<=; )Comment="(?:[^"\\]|\\.)*"')


def cookies_of(lines: Iterable[str], codec: Codec) -> SimpleCookie:
    """Return the cookies of all Cookie lines, merged.

    As in 2.x a `name=value` is found wherever it stands: what is none is passed over, and so is a
    name that cannot be one. `path` and its like belong to the cookie before them.
    """
    cookies: SimpleCookie = SimpleCookie()
    for line in lines:
        last: Morsel[str] | None = None
        for name, coded in _pairs(codec.from_wire(line)):
            value = unquoted_cookie(coded)
            if name.startswith("$") or name.lower() in _ATTRIBUTES:
                if last is not None and name.removeprefix("$").lower() in _ATTRIBUTES:
                    last[name.removeprefix("$")] = value
                continue
            made: Morsel[str] = Morsel()
            try:
                made.set(name, value, coded)
            except CookieError:
                continue
            dict.__setitem__(cookies, name, made)
            last = made
    return cookies


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands on both sides of each "=", in time linear in the text."""
    start = at = 0
    quotes = True
    while (at := text.find("=", at)) >= 0:
        # A longer name than any browser takes is not looked at further, so that no text costs its square.
        before = text[max(start, at - _LONGEST_NAME) : at].rstrip()
        name = before[len(before.rstrip(_KEY)) :]
        if not name:
            # This "=" may itself begin a name.
            start, at = at, at + 1
            continue
        at += 1
        at = _end(_BLANKS, text, at)
        quoted = _QUOTED.match(text, at) if quotes and text[at : at + 1] == '"' else None
        if quoted is None and text[at : at + 1] == '"':
            # Not closed from here on: neither is any later one.
            quotes = False
        end = quoted.end() if quoted else _end(_PLAIN, text, at)
        if end == len(text) or text[end] in "; \t\r\n\v\f":
            yield name, text[at:end]
        start = at = end


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def cookie_line(morsel: Any) -> str:
    """Return a cookie as Python 2 wrote it: no quotes around an empty value, nor around a comment."""
    line: str = morsel.OutputString()
    if morsel.value == "":
        line = line.replace('=""', "=", 1)
    if morsel["comment"]:
        line = _COMMENT.sub(lambda _: f"Comment={morsel['comment']}", line, count=1)
    return line
