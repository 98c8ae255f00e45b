"""What the fields say about the content: type, language of bytes, age, variants (RFC 9110 section 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.dates import parse_http_date
from rawwfile.http.grammar import TOKEN
from rawwfile.http.notes.base import Note, members, quoted

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

_MEDIA_TYPE = re.compile(TOKEN.decode("ascii") + "/" + TOKEN.decode("ascii") + r"[ \t]*(?:;.*)?")
_IMF_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT")
SINGLETONS = ("age", "content-location", "content-range", "date", "etag", "expires", "last-modified", "location",
              "retry-after", "server")  # fmt: skip
"""Response fields that stand once at most, besides those that have notes of their own."""
DATES = ("date", "expires", "last-modified")
HEURISTIC = (200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501)
"""Statuses that a cache may keep without being told (RFC 9110 section 15.1)."""


class NoDate(Note):
    """Date says when the response was made. With it a cache can tell a response of this second from one that
    has lain in another cache for a day, and a client can correct for a wrong clock. rawwfile adds it to
    responses it writes; who writes the head by hand writes this too."""

    id = "no-date"
    level = "info"
    rule = "RFC 9110 section 6.6.1"
    sentence = "no Date field"
    advice = "A server with a clock sends Date; without it caches guess the age."


class NoContentType(Note):
    """Without a Content-Type the client has to guess from the first bytes, and a browser that guesses HTML
    where somebody uploaded text runs scripts in it. curl and http.client do not mind, browsers sniff.
    X-Content-Type-Options: nosniff asks them not to guess, but it is better to say what it is."""

    id = "no-content-type"
    level = "info"
    rule = "RFC 9110 section 8.3"
    sentence = "content without a Content-Type: the client has to guess"
    advice = 'Say what it is, such as "Content-Type: text/plain; charset=utf-8".'


class ContentTypeRepeated(Note):
    """There can be one Content-Type only. Of two, one client shows text and another runs the page: some take
    the first, some the last, some join them and understand neither. Mostly a framework has added its own
    to the handler's."""

    id = "content-type-repeated"
    level = "warning"
    rule = "RFC 9110 section 8.3"
    sentence = "Content-Type is given more than once: {value}"
    advice = "Write one Content-Type: clients do not agree which one counts."


class ContentTypeForm(Note):
    """A media type is two tokens with a slash between, such as text/html, and perhaps parameters after a
    semicolon. "html" or "text" alone says nothing to a client, which then guesses as if there were no field at
    all. A browser looks at the first bytes then, and takes the page for text or for HTML."""

    id = "content-type-form"
    level = "warning"
    rule = "RFC 9110 section 8.3.1"
    sentence = "Content-Type is no type/subtype: {value}"
    advice = 'Write a type and a subtype: "Content-Type: text/html; charset=utf-8".'


class NoCharset(Note):
    """Text is bytes until somebody says which encoding they are in. There is no default any more: browsers
    guess from the first kilobyte or the user's language, and an umlaut becomes two odd signs. A meta element in
    the page helps HTML alone, and only if it stands in the first 1024 bytes."""

    id = "no-charset"
    level = "info"
    rule = "RFC 9110 section 8.3.2"
    sentence = "text without a charset: {value}"
    advice = 'Add the charset: "Content-Type: text/html; charset=utf-8".'


class FieldRepeated(Note):
    """This field has one value and is no list, so it may stand once. A reader that joins the lines with a
    comma, as lists are joined, gets a value that is no date and no address; others take the first or the last
    one. http.client shows you the first one if you ask with [], and all of them with get_all."""

    id = "field-repeated"
    level = "warning"
    rule = "RFC 9110 section 5.3"
    sentence = "{name} stands more than once"
    advice = "Write it once."


class DateForm(Note):
    """HTTP has one form of date to write: "Sun, 06 Nov 1994 08:49:37 GMT", fixed in width, in English, always
    in GMT. Readers also know two older forms, and nothing else; a date with +0200 or a local name of the month
    is ignored, and an Expires that cannot be read means "already expired". The weekday is for people only, but
    it must be there, and two digits stand for every day of the month."""

    id = "date-form"
    level = "warning"
    rule = "RFC 9110 section 5.6.7"
    sentence = "{name} is no HTTP date: {value}"
    advice = "Write it like Sun, 06 Nov 1994 08:49:37 GMT (rawwfile.http.dates makes it)."


class HeuristicFreshness(Note):
    """Nothing says how long this response stays fresh, so a cache may guess; a tenth of the time since it was
    last modified is usual. That is how people see an old page and cannot say why. One word of
    Cache-Control ends the guessing."""

    id = "heuristic-freshness"
    level = "info"
    rule = "RFC 9111 section 4.2.2"
    sentence = "Last-Modified but no Cache-Control or Expires: a cache guesses how long it is fresh"
    advice = 'Say it: "Cache-Control: no-cache" (ask again each time) or "max-age=SECONDS".'


class CacheConflict(Note):
    """no-store forbids what the other directives regulate: what is not kept can be neither fresh nor asked for
    again. Caches take the strictest one, so the others have no effect; they show that two hands wrote the
    field. People often write no-store where they mean no-cache, which keeps the page and asks before each
    use."""

    id = "cache-conflict"
    level = "warning"
    rule = "RFC 9111 section 5.2.2.5"
    sentence = "Cache-Control says no-store and also {others}"
    advice = "Write no-store alone, or leave it out."


class PragmaInResponse(Note):
    """Pragma: no-cache was a request field of HTTP/1.0, and nobody ever defined what it means in a response.
    It is copied from page to page all the same. Caches obey Cache-Control."""

    id = "pragma-in-response"
    level = "info"
    rule = "RFC 9111 section 5.4"
    sentence = "Pragma means nothing in a response"
    advice = "Write Cache-Control: no-cache instead."


class EncodingNotAccepted(Note):
    """The content is coded in a way that the client did not offer in Accept-Encoding, so the person may see a
    screen full of rubbish. A client that sends no such field takes anything in theory; in practice it can
    decode nothing. curl sends no Accept-Encoding unless you say --compressed, and then prints what it got."""

    id = "encoding-not-accepted"
    level = "warning"
    rule = "RFC 9110 section 12.5.3"
    sentence = "Content-Encoding is {coding}, the client accepts {accepted}"
    advice = "Compress only with what Accept-Encoding names."


class EncodingWithoutVary(Note):
    """The server chose this coding because of the request's Accept-Encoding. A cache has to know that, or it
    gives the compressed page to a client that cannot read it. Vary is the list of request fields that
    made a difference."""

    id = "encoding-without-vary"
    level = "warning"
    rule = "RFC 9110 section 12.5.5"
    sentence = "Content-Encoding without Vary: Accept-Encoding"
    advice = 'Add "Vary: Accept-Encoding".'


class ContentOn205(Note):
    """205 means: clear the form, there is nothing to show. It must have no content, but unlike 204 its end is
    found by the fields, so content can be sent; clients throw it away or show it where the form was. Chromium
    treats 205 like 204 and stays on the old page, whatever comes with it."""

    id = "content-on-205"
    level = "warning"
    rule = "RFC 9110 section 15.3.6"
    sentence = "a 205 response with content ({size})"
    advice = "Leave the content out: 205 must have none."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the fields of the final response that describe its content."""
    if view.observer is None or not view.status:
        return
    for name, lines in view.repeated():
        if name in SINGLETONS:
            yield FieldRepeated(lines[-1].start, lines[-1].end, name=lines[-1].name)
    for name in DATES:
        for line in view.said_lines(name):
            # "Expires: 0" is wrong too, and means what its writers wish: expired (RFC 9111 section 5.3).
            if not _is_date(line.value) and not (name == "expires" and line.value in ("0", "-1")):
                yield DateForm(line.start, line.end, name=line.name, value=quoted(line.value.encode("latin-1")))
    yield from _type(view)
    yield from _age(view)
    yield from _coding(view)


def _is_date(value: str) -> bool:
    return _IMF_DATE.fullmatch(value) is not None and parse_http_date(value) is not None


def _type(view: ExchangeView) -> Iterator[Note]:
    lines = view.said_lines("content-type")
    if len(lines) != 1:
        return
    line = lines[0]
    shown = quoted(line.value.encode("latin-1"))
    if not _MEDIA_TYPE.fullmatch(line.value):
        yield ContentTypeForm(line.start, line.end, value=shown)
    elif line.value.lower().startswith("text/") and "charset" not in line.value.lower():
        # An event stream is always UTF-8.
        if not line.value.lower().startswith("text/event-stream"):
            yield NoCharset(line.start, line.end, value=shown)


def _age(view: ExchangeView) -> Iterator[Note]:
    control = [member.partition("=")[0] for member in members(view.said("cache-control"))]
    if "no-store" in control:
        others = [name for name in control if name in ("max-age", "s-maxage", "public", "no-cache", "must-revalidate")]
        if others:
            yield CacheConflict(*view.response_place("cache-control"), others=", ".join(others))
    if view.said("pragma") is not None:
        yield PragmaInResponse(*view.response_place("pragma"))
    told = control or view.said("expires") is not None
    if view.method == "GET" and view.status in HEURISTIC and not told and view.said("last-modified") is not None:
        yield HeuristicFreshness(*view.response_place("last-modified"))


def _coding(view: ExchangeView) -> Iterator[Note]:
    codings = [coding for coding in members(view.said("content-encoding")) if coding != "identity"]
    if not codings or view.head is None:
        return
    place = view.response_place("content-encoding")
    offered = members(view.asked("accept-encoding"))
    refused = {member.partition(";")[0].rstrip() for member in offered if _weighs_nothing(member)}
    named = {member.partition(";")[0].rstrip() for member in offered} - refused
    for coding in codings:
        if coding in refused or (coding not in named and "*" not in named):
            accepted = view.asked("accept-encoding") or "none"
            yield EncodingNotAccepted(*place, coding=coding, accepted=accepted[:60])
    vary = members(view.said("vary"))
    if "accept-encoding" not in vary and "*" not in vary:
        yield EncodingWithoutVary(*place)


def _weighs_nothing(member: str) -> bool:
    return re.search(r";[ \t]*q=0(?:\.0*)?[ \t]*\Z", member) is not None
