"""What the fields say about the content: type, coding, dates, variants (RFC 9110 section 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.dates import format_http_date, parse_http_date
from rawwfile.http.grammar import QUOTED_STRING, TOKEN
from rawwfile.http.notes.base import Note, members, shown_text

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

_TOKEN, _QUOTED = TOKEN.decode("ascii"), QUOTED_STRING.decode("latin-1")
# parameters = *( OWS ";" OWS [ parameter ] ): RFC 9110 section 5.6.6. No blanks around "=".
_PARAMETERS = rf"(?:[ \t]*;(?:[ \t]*{_TOKEN}=(?:{_TOKEN}|{_QUOTED}))?)*"
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}{_PARAMETERS}[ \t]*")
_DISPOSITION = re.compile(rf"{_TOKEN}{_PARAMETERS}[ \t]*")
_BOUNDARY = re.compile(r';[ \t]*boundary="?[^"; \t]', re.IGNORECASE)
_IMF_DATE = re.compile(r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT")
SINGLETONS = ("age", "content-location", "content-range", "date", "etag", "expires", "last-modified", "location",
              "retry-after", "server")  # fmt: skip
"""Response fields that stand once at most, besides those that have notes of their own."""
CODINGS = frozenset((
    "aes128gcm", "aws-chunked", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "identity",
    "pack200-gzip", "x-compress", "x-gzip", "zstd",
))
"""Content codings that are registered, and one that S3 made up."""
DATES = ("date", "expires", "last-modified")


class NoDate(Note):
    """Date says when the response was made. With it a cache can tell a response of this second from one that
    has lain in another cache for a day, and a client can correct for a wrong clock. A server that has
    a clock must send it with 2xx, 3xx and 4xx. rawwfile adds it to responses it writes; who writes the head by
    hand writes this too."""

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
    """A media type is two tokens with a slash between, such as text/html, and perhaps parameters, each behind a
    semicolon as name=value without blanks around the "=". "html" or "text" alone says nothing, and the other end
    then guesses as if there were no field at all: a browser looks at the first bytes, and takes the page for
    text or for HTML; a framework finds no form where one was sent."""

    id = "content-type-form"
    level = "warning"
    rule = "RFC 9110 section 8.3.1"
    sentence = "Content-Type is no media type: {value}"
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


class DateWeekday(Note):
    """The weekday of this date is not the one that the day had. Readers pass over the name of the weekday, so the
    date counts all the same; but it was not made by a program that knows the calendar, and the rest of it may be
    wrong too. Dates that are put together by hand look like this."""

    id = "date-weekday"
    level = "info"
    rule = "RFC 9110 section 5.6.7"
    sentence = "{name} names the wrong weekday: {value}"
    advice = "Let a library write it: rawwfile.http.dates, or email.utils.formatdate(usegmt=True)."


class LinkForm(Note):
    """A Link is an address in angle brackets and parameters behind it: </style.css>; rel=preload. Without the
    brackets readers find no address and pass over the link without a word, so that what was to be fetched early
    comes late. Several links stand in one field with commas between, or in one field each."""

    id = "link-form"
    level = "warning"
    rule = "RFC 8288 section 3"
    sentence = "Link does not begin with an address in angle brackets: {value}"
    advice = 'Write "Link: </style.css>; rel=preload; as=style".'


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


class EncodingNotAccepted(Note):
    """The content is coded in a way that the client did not offer in Accept-Encoding, so the person may see a
    screen full of rubbish. What is not on the list, or has q=0, the client cannot or will not decode. A server
    that has none of the codings should send the content as it is; 406 is for clients that refuse even that."""

    id = "encoding-not-accepted"
    level = "warning"
    rule = "RFC 9110 section 12.5.3"
    sentence = "Content-Encoding is {coding}, the client accepts {accepted}"
    advice = "Compress only with what Accept-Encoding names."


class EncodingUnasked(Note):
    """The request has no Accept-Encoding, and then any coding is allowed by the letter. But such clients mostly
    decode nothing: http.client and curl (without --compressed) send no such field and hand on the packed bytes.
    For a file that is stored packed that may be just what was wanted; a page is better sent as it is."""

    id = "encoding-unasked"
    level = "info"
    rule = "RFC 9110 section 12.5.3"
    sentence = "Content-Encoding is {coding}, and the request has no Accept-Encoding"
    advice = "Send the content uncoded to clients that do not say what they can decode."


class EncodingUnknown(Note):
    """Content-Encoding names how the content was packed: gzip, deflate, br, zstd and a few more. A character
    encoding such as utf-8 belongs into Content-Type, "chunked" into Transfer-Encoding, and "identity" is no
    coding and is left out. A client that does not know the name cannot unpack the content; browsers pass over
    an unknown one and show the bytes, careful programs refuse them."""

    id = "encoding-unknown"
    level = "warning"
    rule = "RFC 9110 section 8.4.1"
    sentence = "{coding} is no content coding"
    advice = 'Name the packing (gzip, br, zstd, ...) or leave the field out; "charset=utf-8" is for Content-Type.'


class BoundaryMissing(Note):
    """Multipart content is cut into parts by a line that Content-Type names: boundary=... . Without it the
    receiver has one piece of content and no way to find the parts: a form sent like this arrives empty. It
    happens where somebody sets Content-Type: multipart/form-data by hand; with fetch or requests leave the
    field out, and the library writes it with its boundary."""

    id = "boundary-missing"
    level = "bad"
    rule = "RFC 2046 section 5.1.1"
    sentence = "multipart content without a boundary: {value}"
    advice = "Let the library write Content-Type, or add boundary= with the text of the lines between the parts."


class DispositionForm(Note):
    """Content-Disposition is a word (inline, attachment, form-data) and parameters such as filename="a b.pdf". A
    name with a blank has to stand in quotes, or readers stop at the blank: Firefox saves "a b.pdf" as "a".
    Letters beyond ASCII go into filename*=UTF-8''... beside the plain filename (RFC 8187)."""

    id = "disposition-form"
    level = "warning"
    rule = "RFC 6266 section 4.1"
    sentence = "Content-Disposition is not well formed: {value}"
    advice = 'Write Content-Disposition: attachment; filename="my file.pdf".'


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
    if "content-type" in view.names:
        yield from _request_type(view)
    if view.observer is None or not view.status:
        return
    for name, lines in view.repeated():
        if name in SINGLETONS:
            yield FieldRepeated(lines[-1].start, lines[-1].end, name=lines[-1].name)
    for name in DATES:
        for line in view.said_lines(name):
            # "Expires: 0" is wrong too, and means what its writers wish: expired (RFC 9111 section 5.3).
            if not _is_date(line.value) and not (name == "expires" and line.value in ("0", "-1")):
                yield DateForm(line.start, line.end, name=line.name, value=shown_text(line.value))
            elif (seconds := parse_http_date(line.value)) is not None and not _is_weekday(line.value, seconds):
                yield DateWeekday(line.start, line.end, name=line.name, value=shown_text(line.value))
    yield from _type(view)
    if "content-encoding" in view.names:
        yield from _coding(view)
    disposition = view.said("content-disposition") if "content-disposition" in view.names else None
    if disposition is not None and not _DISPOSITION.fullmatch(disposition):
        place = view.response_place("content-disposition")
        yield DispositionForm(*place, value=shown_text(disposition))


def _request_type(view: ExchangeView) -> Iterator[Note]:
    value = view.asked("content-type")
    if value is None or view.asked_lines("content-type") != 1:
        return
    place, shown = view.request_place("content-type"), shown_text(value)
    if not _MEDIA_TYPE.fullmatch(value):
        yield ContentTypeForm(*place, direction="in", value=shown)
    elif _lacks_boundary(value):
        yield BoundaryMissing(*place, direction="in", value=shown)


def _lacks_boundary(value: str) -> bool:
    return value[:10].lower() == "multipart/" and not _BOUNDARY.search(value)


def _is_date(value: str) -> bool:
    return _IMF_DATE.fullmatch(value) is not None and parse_http_date(value) is not None


def _is_weekday(value: str, seconds: int) -> bool:
    # A leap second, :60, is counted as the first second of the next minute, which may be of the next day.
    second = seconds - 1 if ":60 " in value else seconds
    return value[:3] == format_http_date(second)[:3]


def _type(view: ExchangeView) -> Iterator[Note]:
    lines = view.said_lines("content-type")
    if len(lines) != 1:
        return
    line = lines[0]
    shown = shown_text(line.value)
    if not _MEDIA_TYPE.fullmatch(line.value):
        yield ContentTypeForm(line.start, line.end, value=shown)
    elif _lacks_boundary(line.value):
        yield BoundaryMissing(line.start, line.end, value=shown)
    elif line.value.lower().startswith("text/") and "charset" not in line.value.lower():
        # An event stream is always UTF-8.
        if not line.value.lower().startswith("text/event-stream"):
            yield NoCharset(line.start, line.end, value=shown)


def _coding(view: ExchangeView) -> Iterator[Note]:
    codings = list(dict.fromkeys(members(view.said("content-encoding"))))
    place = view.response_place("content-encoding")
    for coding in codings:
        if coding not in CODINGS or coding == "identity":
            yield EncodingUnknown(*place, coding=shown_text(coding))
    codings = [coding for coding in codings if coding in CODINGS and coding != "identity"]
    if not codings or view.head is None:
        return
    accepted = view.asked("accept-encoding")
    if accepted is None:
        yield EncodingUnasked(*place, coding=", ".join(codings))
        return
    offered = members(accepted)
    refused = {_plain(member) for member in offered if _weighs_nothing(member)}
    named = {_plain(member) for member in offered} - refused
    for coding in codings:
        if _plain(coding) in refused or (_plain(coding) not in named and "*" not in named):
            yield EncodingNotAccepted(*place, coding=coding, accepted=accepted[:60] or "none")
    # Only of a response that a cache may give to another client (RFC 9110 section 12.5.5).
    control = {member.partition("=")[0] for member in members(view.said("cache-control"))}
    vary = members(view.said("vary"))
    stored = view.method in ("GET", "HEAD") and control.isdisjoint(("no-store", "private"))
    if stored and "accept-encoding" not in vary and "*" not in vary:
        yield EncodingWithoutVary(*place)


def _plain(member: str) -> str:
    """The coding alone; the old names of gzip and compress mean the same (RFC 9110 section 8.4.1)."""
    return member.partition(";")[0].rstrip().removeprefix("x-")


def _weighs_nothing(member: str) -> bool:
    return re.search(r";[ \t]*q=0(?:\.0*)?[ \t]*\Z", member) is not None
