"""Parts of content: Range, Content-Range, 206 and 416 (RFC 9110 section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.conditional import parse_entity_tags
from rawwfile.http.dates import parse_http_date
from rawwfile.http.grammar import TOKEN
from rawwfile.http.notes.base import Note, counted, shown_text
from rawwfile.http.ranges import MAX_RANGES, parse_range

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\*)")
_UNSATISFIED = re.compile(r"bytes \*/[0-9]{1,18}")
_SPEC = r"(?:[0-9]+-[0-9]*|-[0-9]+)"
_RANGE_SET = re.compile(rf"bytes=[ \t,]*{_SPEC}[ \t]*(?:,[ \t]*(?:{_SPEC}[ \t]*)?)*", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"(?!bytes=)" + TOKEN.decode("ascii") + r"=[!-~][ -~]*", re.IGNORECASE)
"""A range of a unit that we do not know: how it is written is for that unit to say (RFC 9110 section 14.1)."""


class RangeAnswered(Note):
    """The client asked for a part and got it: 206, and Content-Range says which bytes of how many these are.
    That is how a broken download goes on where it stopped, and how a video is played from the middle. curl -r
    0-99 asks for such a part, and curl -C - for the rest of a file that you have in part."""

    id = "range-answered"
    level = "good"
    rule = "RFC 9110 section 15.3.7"
    sentence = "the range asked for was answered by 206 with Content-Range"


class RangeRefused(Note):
    """The range asked for begins behind the end of the content, and 416 says so with the true length, "*" in
    the place of a range. The client can then ask for a part that exists. A download that is complete gets this
    answer when it is resumed: it asks for what comes after the last byte."""

    id = "range-refused"
    level = "good"
    rule = "RFC 9110 section 15.5.17"
    sentence = "no such range: 416 with the length that there is"


class RangeUnasked(Note):
    """206 says "here is the part you asked for", but the request has no Range. A client that takes the status
    seriously has a part and believes it; one that does not takes the part for the whole. A program that saves
    what it gets has a part of the file, and nothing tells it so."""

    id = "range-unasked"
    level = "bad"
    rule = "RFC 9110 section 15.3.7"
    sentence = "206 to a request without Range"
    advice = "Send the whole content with 200."


class RangeIgnored(Note):
    """A server may always ignore Range and send the whole with 200. The client must look at the status before
    it writes the bytes behind those it has; programs that did not have glued two whole files together. curl -C
    - notices: it says that the server does not seem to support byte ranges, and stops."""

    id = "range-ignored"
    level = "info"
    rule = "RFC 9110 section 14.2"
    sentence = "Range was not used: 200 and the whole content"
    advice = "Answer a valid range with 206, or say Accept-Ranges: none."


class RangeForm(Note):
    """A Range field is a unit, "=", and ranges such as 0-99, 100- or -50. One that breaks this, or begins after
    its own end, asks for nothing: a server may pass over it and send the whole content, as rawwfile's own files
    do, or refuse it with 416 (section 14.2). Both ends count, from zero: bytes=0-0 is one byte, and bytes=-1 is
    the last one."""

    id = "range-form"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 14.1.1"
    sentence = "Range is not well formed, so a server may ignore or refuse it: {value}"
    advice = 'Write "Range: bytes=0-99" (both ends count), "bytes=100-" or "bytes=-50".'


class RangeMethod(Note):
    """Ranges are defined for GET alone: a part of what a POST does has no meaning. In every other request the
    field is ignored. A server that used it all the same would store half of what a PUT sent."""

    id = "range-method"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 14.2"
    sentence = "Range in a {method} request is ignored; it is for GET alone"
    advice = "Leave Range out."


class ContentRangeMissing(Note):
    """A 206 says which part it holds in Content-Range, or, for several parts, in each part of
    multipart/byteranges. Without that the client has bytes and no place to put them, and can only throw them
    away. A broken download then begins again from its first byte."""

    id = "content-range-missing"
    level = "bad"
    rule = "RFC 9110 section 15.3.7.1"
    sentence = "206 without Content-Range"
    advice = 'Add "Content-Range: bytes FIRST-LAST/LENGTH".'


class ContentRangeForm(Note):
    """Content-Range is "bytes FIRST-LAST/LENGTH", where LAST is the last byte that is there (not the one behind
    it) and LENGTH that of the whole. A client that cannot read it, or reads a range that ends before it
    begins, must not use the part."""

    id = "content-range-form"
    level = "bad"
    rule = "RFC 9110 section 14.4"
    sentence = "Content-Range is not valid: {value}"
    advice = "Write bytes FIRST-LAST/LENGTH; the first 100 of 500 bytes are bytes 0-99/500."


class ContentRangeLength(Note):
    """Content-Range and the content disagree about how many bytes there are. Mostly the end was counted as in
    Python, one behind the last; HTTP counts the last byte itself, so 0-99 is a hundred bytes. A client
    that puts files together from such parts gets a broken file of the right size."""

    id = "content-range-length"
    level = "bad"
    rule = "RFC 9110 section 14.4"
    sentence = "Content-Range is of {stated}, the content has {sent}"
    advice = "Let LAST be FIRST + length - 1."


class RangeDiffers(Note):
    """The part that was sent is not the one asked for. That is allowed (a server may join or shorten ranges),
    and the client must go by Content-Range; but a client that goes by its own request puts the bytes in the
    wrong place. A media player asks for bytes=0- and is content with any beginning it gets."""

    id = "range-differs"
    level = "info"
    rule = "RFC 9110 section 15.3.7"
    sentence = "asked for {asked}, sent {sent}"
    advice = "Send exactly the range that was asked for."


class UnsatisfiedWithoutLength(Note):
    """416 tells the client that its range does not exist; without "Content-Range: bytes */LENGTH" it does not
    learn what does. It can then only ask for the whole, or give up. With the length it can ask again for a part
    that is there."""

    id = "unsatisfied-without-length"
    level = "warning"
    rule = "RFC 9110 section 15.5.17"
    sentence = "416 without Content-Range: bytes */LENGTH"
    advice = "Add the length of the content in Content-Range."


class UnsatisfiedUnasked(Note):
    """416 says that the range asked for does not exist, but this request asks for none. The client cannot ask for
    less than it did, so it has nothing to change. Some servers take a strange query or an empty file for a bad
    range; 404 or 400 says what is meant, and an empty file is a 200 of length 0."""

    id = "unsatisfied-unasked"
    level = "warning"
    rule = "RFC 9110 section 15.5.17"
    sentence = "416 to a request without Range"
    advice = "Answer a request without Range with the whole content, or with the status that fits."


class ContentRangeElsewhere(Note):
    """Content-Range says which part of the whole this content is; only 206, and 416 in its own way, give it a
    meaning. Beside another status a client ignores it and takes the content for the whole. A handler that sends
    a part with 200 hands on a broken file."""

    id = "content-range-elsewhere"
    level = "warning"
    rule = "RFC 9110 section 14.4"
    sentence = "Content-Range has no meaning in a {status} response"
    advice = "Answer with 206 if this is a part, or leave Content-Range out."


class ContentRangeBesideParts(Note):
    """With several parts, each has a Content-Range of its own inside the multipart content. One in the head
    would be that of the whole response, which is no range of anything; it must not be there. Clients look at
    the Content-Type first, so they will not see it; proxies may."""

    id = "content-range-beside-parts"
    level = "warning"
    rule = "RFC 9110 section 15.3.7.2"
    sentence = "Content-Range in the head of a multipart/byteranges response"
    advice = "Write Content-Range in each part and not in the head."


class IfRangeAlone(Note):
    """If-Range says "the part if it is still this version, else the whole". Without Range there is no part to
    speak of: a client must not send the field then, and a server must ignore it. Nothing is lost by it, but it
    shows that somebody took half of a recipe."""

    id = "if-range-alone"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 13.1.5"
    sentence = "If-Range without Range is ignored"
    advice = "Send Range with it, or leave it out."


class IfRangeForm(Note):
    """If-Range holds one strong tag in quotes, or one date: no list and no asterisk. What is neither can never be
    the same as the validator of the content, so the Range is not used and all of it comes again. It is an ETag
    without its quotes as a rule."""

    id = "if-range-form"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 13.1.5"
    sentence = "If-Range is neither a tag nor a date: {value}"
    advice = "Send back the ETag with its quotes, or, if there was none, the Last-Modified date, exactly as it came."


class IfRangeWeak(Note):
    """The parts of two versions must never be put together, so If-Range needs a validator that changes with
    every byte. A weak tag does not, and a client must not send one here; the server then sends the whole. A
    date is for content that came without any tag, and must be at least a second older than its response."""

    id = "if-range-weak"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 13.1.5"
    sentence = "If-Range with a weak tag never holds: {value}"
    advice = "Send a strong tag (no W/); with a weak one, leave Range and If-Range out and ask for the whole."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the Range of the request and on what came of it."""
    if view.status not in (206, 416) and view.names.isdisjoint(("range", "if-range", "content-range")):
        return
    if view.head is None and view.refusal is not None:
        return
    yield from _request(view)
    if view.status and view.status not in (206, 416) and view.said("content-range") is not None:
        yield ContentRangeElsewhere(*view.response_place("content-range"), status=view.status)
    if view.status == 206:
        yield from _part(view)
    elif view.status == 416:
        said = view.said("content-range")
        if view.head is not None and view.asked("range") is None:
            yield UnsatisfiedUnasked(*view.status_place())
        if said is None or not (_UNSATISFIED.fullmatch(said) or _is_other(said)):
            yield UnsatisfiedWithoutLength(*view.response_place("content-range"))
        elif view.asked("range") is not None:
            yield RangeRefused(*view.response_place("content-range"))
    elif view.status == 200 and _usable(view) and view.asked("if-range") is None:
        if view.observer is not None and view.observer.content_bytes:
            yield RangeIgnored(*view.status_place())


def _usable(view: ExchangeView) -> bool:
    value = view.asked("range")
    return view.method == "GET" and value is not None and value[:6].lower() == "bytes=" and _well_formed(value)


def _well_formed(value: str) -> bool:
    # More ranges than the server counts are well formed too.
    if _OTHER_UNIT.fullmatch(value):
        return True
    return _RANGE_SET.fullmatch(value) is not None and (
        value.count(",") >= MAX_RANGES or parse_range(value, 10**17) is not None)


def _is_other(said: str) -> bool:
    """Whether a Content-Range is of another unit than bytes."""
    unit, space, rest = said.partition(" ")
    return bool(space and rest) and unit.lower() != "bytes" and re.fullmatch(TOKEN.decode("ascii"), unit) is not None


def _request(view: ExchangeView) -> Iterator[Note]:
    value, condition = view.asked("range"), view.asked("if-range")
    if value is not None:
        place = view.request_place("range")
        if view.method != "GET" and view.status != 206:
            yield RangeMethod(*place, method=view.method[:20])
        elif not _well_formed(value):
            yield RangeForm(*place, value=shown_text(value))
    if condition is not None:
        place = view.request_place("if-range")
        if value is None:
            yield IfRangeAlone(*place)
        elif condition.startswith("W/") and parse_entity_tags(condition):
            yield IfRangeWeak(*place, value=shown_text(condition))
        elif parse_entity_tags(condition) != [condition] and parse_http_date(condition) is None:
            yield IfRangeForm(*place, value=shown_text(condition))


def _part(view: ExchangeView) -> Iterator[Note]:
    asked = view.asked("range")
    if view.head is not None and asked is None:
        yield RangeUnasked(*view.status_place())
    said = view.said("content-range")
    several = (view.said("content-type") or "").lower().startswith("multipart/byteranges")
    place = view.response_place("content-range")
    if several:
        if said is not None:
            yield ContentRangeBesideParts(*place)
        return
    if said is None:
        yield ContentRangeMissing(*place)
        return
    if _is_other(said):
        return
    found = _CONTENT_RANGE.fullmatch(said)
    first, last, length = found.groups() if found else ("0", "0", "*")
    if found is None or int(last) < int(first) or (length != "*" and int(last) >= int(length)):
        yield ContentRangeForm(*place, value=shown_text(said))
        return
    stated = int(last) - int(first) + 1
    observer = view.observer
    sent = None if observer is None else observer.content_length
    if observer is not None and sent is None and observer.verdict == "complete" and view.method != "HEAD":
        sent = observer.content_bytes
    if sent is not None and sent != stated:
        yield ContentRangeLength(*place, stated=counted(stated), sent=counted(sent))
        return
    wanted = parse_range(asked or "", int(length) if length != "*" else 10**17)
    if isinstance(wanted, list) and length != "*" and (int(first), int(last) + 1) not in wanted:
        shown = ", ".join(f"{start}-{stop - 1}" for start, stop in wanted[:5])
        yield RangeDiffers(*place, asked=shown, sent=f"{first}-{last}")
    elif asked is not None:
        yield RangeAnswered(*place)
