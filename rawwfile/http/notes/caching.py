"""What is said to caches: Cache-Control, Age, and how the two are read (RFC 9111)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.grammar import QUOTED_STRING, TOKEN
from rawwfile.http.notes.base import Note, members, shown_text

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

# A list of directives, each a token, perhaps with "=" and a token or a quoted string.
_DIRECTIVE = TOKEN + rb"(?:=(?:" + TOKEN + rb"|" + QUOTED_STRING + rb"))?"
_DIRECTIVES = re.compile(rb"[ \t,]*(?:" + _DIRECTIVE + rb"[ \t]*(?:,[ \t,]*|\Z))*")
# To the end where the second quote is missing: so nothing is looked at twice.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*\\?"?', re.DOTALL)
_LOOKED_AT = ("age", "cache-control", "last-modified", "pragma")
_TIMED = ("max-age", "s-maxage", "stale-while-revalidate", "stale-if-error")
HEURISTIC = (200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501)
"""Statuses that a cache may keep without being told (RFC 9110 section 15.1)."""


class CacheConflict(Note):
    """no-store forbids to keep the response, and the others say how long, or for whom, it may be kept: what is
    not kept can be neither fresh nor shared. Caches take the strictest one, so the others have no effect; they
    show that two hands wrote the field. People often write no-store where they mean no-cache, which keeps the
    page and asks before each use."""

    id = "cache-conflict"
    level = "warning"
    rule = "RFC 9111 section 5.2.2.5"
    sentence = "Cache-Control says no-store and also {others}"
    advice = "Write no-store alone, or leave it out."


class CacheRedundant(Note):
    """no-store alone is enough: what no cache may keep cannot be used without asking, or when it is stale. The
    long row of directives comes from times when caches of HTTP/1.0 and some browsers had to be told in every way
    they might know. It does no harm but the bytes."""

    id = "cache-redundant"
    level = "info"
    rule = "RFC 9111 section 5.2.2.5"
    sentence = "no-store says it all; beside it {others} changes nothing"
    advice = 'Write "Cache-Control: no-store".'


class CacheForm(Note):
    """Cache-Control is a list with commas of directives, and a time in it is a whole number of seconds: max-age=60.
    With another sign ("max-age: 60", "max-age=1h", a semicolon between two directives) caches pass over the
    directive, or take the response for stale. Nobody complains; the page is only fetched anew each time, or kept
    when it should not be."""

    id = "cache-form"
    level = "warning"
    rule = "RFC 9111 section 5.2"
    sentence = "Cache-Control is not well formed: {value}"
    advice = "Write directives with commas between and times in seconds: Cache-Control: public, max-age=3600."


class PragmaInResponse(Note):
    """Pragma: no-cache was a request field of HTTP/1.0, and nobody ever defined what it means in a response.
    It is copied from page to page all the same. Caches obey Cache-Control."""

    id = "pragma-in-response"
    level = "info"
    rule = "RFC 9111 section 5.4"
    sentence = "Pragma means nothing in a response"
    advice = "Write Cache-Control: no-cache instead."


class HeuristicFreshness(Note):
    """Nothing says how long this response stays fresh, so a cache may guess; a tenth of the time since it was
    last modified is usual. That is how people see an old page and cannot say why. One word of
    Cache-Control ends the guessing."""

    id = "heuristic-freshness"
    level = "info"
    rule = "RFC 9111 section 4.2.2"
    sentence = "Last-Modified but no Cache-Control or Expires: a cache guesses how long it is fresh"
    advice = 'Say it: "Cache-Control: no-cache" (ask again each time) or "max-age=SECONDS".'


class AgeForm(Note):
    """Age is the whole number of seconds since the response was made or checked, as a cache on the way reckons
    them. Only caches write it; a client subtracts it from the time for which the response is fresh. What is no
    number is passed over, and the copy then seems younger than it is."""

    id = "age-form"
    level = "warning"
    rule = "RFC 9111 section 5.1"
    sentence = "Age is no number of seconds: {value}"
    advice = "Leave Age to caches, or write digits alone."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the fields of the final response that are for caches."""
    if view.observer is None or not view.status or view.names.isdisjoint(_LOOKED_AT):
        return
    value = view.said("cache-control")
    if value is not None:
        yield from _control(view, value)
    age = view.said("age")
    if age is not None and len(view.said_lines("age")) == 1 and not re.fullmatch(r"[0-9]+", age):
        yield AgeForm(*view.response_place("age"), value=shown_text(age))
    if view.said("pragma") is not None:
        yield PragmaInResponse(*view.response_place("pragma"))
    told = value or view.said("expires") is not None
    asked = view.method in ("GET", "")
    if asked and view.status in HEURISTIC and not told and view.said("last-modified") is not None:
        yield HeuristicFreshness(*view.response_place("last-modified"))


def directives(value: str) -> dict[str, str]:
    """The directives of a Cache-Control in lower case, each with what is behind its "=", unquoted."""
    # What stands in quotes may hold commas, and is the names of fields or a number.
    plain = _QUOTED.sub(lambda text: text[0].strip('"').replace(",", " "), value.lower())
    found: dict[str, str] = {}
    for member in members(plain):
        name, _, setting = member.partition("=")
        found.setdefault(name, setting)
    return found


def _control(view: ExchangeView, value: str) -> Iterator[Note]:
    place = view.response_place("cache-control")
    said = directives(value)
    times = [said[name] for name in _TIMED if name in said]
    if not _DIRECTIVES.fullmatch(value.encode("latin-1")) or not all(re.fullmatch("[0-9]+", time) for time in times):
        yield CacheForm(*place, value=shown_text(value))
    if "no-store" not in said:
        return
    # A freshness of nothing says once more what no-store says.
    against = [name for name in said if name in ("public", "immutable")
               or (name in ("max-age", "s-maxage") and said[name].strip("0"))]  # fmt: skip
    if against:
        yield CacheConflict(*place, others=", ".join(against))
        return
    idle = ("no-cache", "must-revalidate", "proxy-revalidate", "private", "max-age", "s-maxage")
    if others := [name for name in said if name in idle]:
        yield CacheRedundant(*place, others=", ".join(others))
