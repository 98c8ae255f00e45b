"""Validators and preconditions: send it only if it has changed (RFC 9110 section 13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.conditional import evaluate, parse_entity_tags
from rawwfile.http.dates import parse_http_date
from rawwfile.http.notes.base import Note, shown_text

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

CONDITIONS = ("if-match", "if-none-match", "if-modified-since", "if-unmodified-since")
DATE_CONDITIONS = ("if-modified-since", "if-unmodified-since")
_OWN = (*CONDITIONS, "etag", "last-modified")


class NotModified(Note):
    """The client has the page already and asked whether it is still the same; it is, so only a head was sent.
    It takes the content from its own memory. A 304 has no content by rule, whatever its fields say, so
    the connection can go on."""

    id = "not-modified"
    level = "good"
    rule = "RFC 9110 section 15.4.5"
    sentence = "{condition} was answered by 304: the client uses what it has"


class NotModifiedUnasked(Note):
    """304 says "what you have is still right", but this client has not said that it has anything. It is left
    without content: http.client hands on an empty page, a browser shows none. This happens where a cache or a
    framework remembers a condition from another request."""

    id = "not-modified-unasked"
    level = "bad"
    rule = "RFC 9110 section 15.4.5"
    sentence = "304 to a request without If-None-Match or If-Modified-Since"
    advice = "Send 304 only when the request has a condition that says so; else 200 with the content."


class NotModifiedBare(Note):
    """A 304 has to carry the fields that tell caches about the page: ETag, Date, Cache-Control, Expires, Vary
    and Content-Location as in a 200. Here the client asked with a tag and the answer does not name one, so a
    cache with several variants cannot tell which of them is still right. Without Date a cache cannot reckon how
    fresh its copy is after the check, either."""

    id = "not-modified-bare"
    level = "warning"
    rule = "RFC 9110 section 15.4.5"
    sentence = "304 without the ETag that a 200 would have had"
    advice = "Send the ETag, Cache-Control and Vary of the 200 with a 304 too."


class EtagForm(Note):
    """An entity tag is text in double quotes, with W/ before it if it is weak. Without the quotes some caches drop
    it, and a server that looks for tags in If-None-Match finds none: each visit loads the page anew and nobody
    notices. curl
    --etag-save and --etag-compare show what a client makes of yours."""

    id = "etag-form"
    level = "warning"
    rule = "RFC 9110 section 8.8.3"
    sentence = "ETag is no entity tag: {value}"
    advice = 'Put the tag in double quotes: ETag: "v1".'


class ConditionTagForm(Note):
    """If-Match and If-None-Match hold entity tags in double quotes with commas between, or one asterisk. Without
    the quotes there is no tag in it: it is the same as none of the server's, so every visit brings the whole
    page and every If-Match fails with 412. Programs that take the quotes off an ETag for looks forget to put
    them back."""

    id = "condition-tag-form"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 8.8.3"
    sentence = "{name} holds no entity tag: {value}"
    advice = 'Send the ETag back exactly as it came, quotes and all: If-None-Match: "v1".'


class ConditionMethod(Note):
    """If-Modified-Since asks for content only if it is new, and only GET and HEAD ask for content. With any other
    method a server must ignore the field. To protect a change from being made twice or over a newer one there
    are If-Match and If-Unmodified-Since."""

    id = "condition-method"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 13.1.3"
    sentence = "If-Modified-Since is ignored in a {method} request; it is for GET and HEAD"
    advice = "Use If-Match or If-Unmodified-Since to change only what you know."


class NotModifiedMethod(Note):
    """304 sends a reader back to the copy it has, and only GET and HEAD are for reading. When If-None-Match fails
    for another method, nothing must be done and 412 says so. A client that sent PUT and gets 304 cannot tell
    whether its page was stored."""

    id = "not-modified-method"
    level = "bad"
    rule = "RFC 9110 section 13.1.2"
    sentence = "304 to {method}: it is for GET and HEAD alone"
    advice = "Answer 412 when a condition of a request that changes something fails."


class PreconditionForReader(Note):
    """The reader asked "send it only if it is new", and it is not: that is 304, "what you have is right". 412 says
    that something went wrong, and the client shows an error in place of the page that it has. 412 is for
    If-Match and If-Unmodified-Since, and for methods that change something."""

    id = "precondition-for-reader"
    level = "bad"
    rule = "RFC 9110 section 13.1.2"
    sentence = "412 to {method} with {condition}: 304 is the answer to a reader whose copy is right"
    advice = "Answer 304 to GET and HEAD when If-None-Match or If-Modified-Since fails."


class ConditionIgnored(Note):
    """The client named the version it has, the response is that version, and all of it was sent again. That is
    never wrong for the reader, but the bytes were for nothing, and an origin server has to evaluate the
    condition. On a page with forty pictures that is the difference between a second visit of kilobytes and one
    of megabytes."""

    id = "condition-ignored"
    level = "warning"
    rule = "RFC 9110 section 13.2.1"
    sentence = "{condition} holds the validator of this very response: 304 would have done"
    advice = "Compare the condition with the ETag (or date) before you send the content."


class ConditionDateForm(Note):
    """The date in this condition is none that HTTP knows, and such a condition must be ignored, as if it were
    not there. The client gets the whole page and does not learn why. Programs that format the date in the
    language of the machine make this mistake in every country but a few."""

    id = "condition-date-form"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 13.1"
    sentence = "{name} is no HTTP date and is ignored: {value}"
    advice = "Send back the Last-Modified value exactly as it came."


class SinceBesideMatch(Note):
    """Both a tag and a date are given as conditions. The tag is the finer one (a date knows only seconds), so a
    server must ignore the date. Clients send both for servers that know nothing of tags."""

    id = "since-beside-match"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 13.1.3"
    sentence = "If-Modified-Since is ignored, because If-None-Match is there"
    advice = "Nothing is wrong; only the tag counts."


class PreconditionFailed(Note):
    """The client said "only if it is still the version I know", and it is not: 412, and nothing was changed.
    That is how two people who edit the same page do not overwrite each other's work. The client then fetches
    the new version, shows the difference to its person, and tries again."""

    id = "precondition-failed"
    level = "good"
    rule = "RFC 9110 section 15.5.13"
    sentence = "{condition} did not hold, so nothing was done: 412"


class PreconditionUnasked(Note):
    """412 says that a condition of the request failed, but the request has none. A client cannot know what to
    change; 409 (Conflict) or 428 (Precondition Required) may be what was meant."""

    id = "precondition-unasked"
    level = "warning"
    rule = "RFC 9110 section 15.5.13"
    sentence = "412 to a request without a condition"
    advice = "Use 428 to ask for a condition, or 409 for a conflict."


class ModifiedInFuture(Note):
    """Last-Modified lies after Date: it was changed later than it was sent. A clock is wrong, or a local time
    was written as GMT. Caches that reckon with the difference come to nonsense, and the server has to
    send its own time instead."""

    id = "modified-in-future"
    level = "warning"
    rule = "RFC 9110 section 8.8.2.1"
    sentence = "Last-Modified is later than Date"
    advice = "Write both in GMT, and no Last-Modified that lies ahead of Date."


class WeakTag(Note):
    """W/ marks a tag that stays the same while the page means the same, though its bytes may differ. Good for
    304; but for parts of the content every byte counts, so ranges and If-Match need a strong tag, and a broken
    download starts from the beginning. Servers that compress on the fly make their tags weak for that reason:
    the packed bytes may differ each time."""

    id = "weak-tag"
    level = "info"
    rule = "RFC 9110 section 8.8.1"
    sentence = "the ETag is weak: enough for 304, not for ranges"
    advice = "Send a tag without W/ if the bytes are the same each time."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the conditions of the request and the validators of the response."""
    if view.status not in (304, 412) and view.names.isdisjoint(_OWN):
        return
    if view.head is None:
        # A response alone: its validators can be looked at, not whether they fit the request.
        if view.status and view.refusal is None:
            yield from _validators(view)
        return
    asked = [name for name in CONDITIONS if view.asked(name) is not None]
    for name in DATE_CONDITIONS:
        value = view.asked(name)
        if value is not None and parse_http_date(value) is None:
            shown = shown_text(value)
            yield ConditionDateForm(*view.request_place(name), name=name.title(), value=shown)
    for name in ("if-match", "if-none-match"):
        value = view.asked(name)
        if value is not None and value.strip(" \t") != "*" and not parse_entity_tags(value):
            shown = shown_text(value)
            yield ConditionTagForm(*view.request_place(name), name=name.title(), value=shown)
    if "if-modified-since" in asked and view.method not in ("GET", "HEAD"):
        yield ConditionMethod(*view.request_place("if-modified-since"), method=view.method[:20])
    elif "if-none-match" in asked and "if-modified-since" in asked:
        yield SinceBesideMatch(*view.request_place("if-modified-since"))
    if view.status:
        yield from _validators(view)
        yield from _answer(view, asked)


def _validators(view: ExchangeView) -> Iterator[Note]:
    etag, date = view.said("etag"), view.said("date")
    if etag is not None and len(view.said_lines("etag")) == 1:
        if parse_entity_tags(etag) != [etag]:
            yield EtagForm(*view.response_place("etag"), value=shown_text(etag))
        elif etag.startswith("W/"):
            yield WeakTag(*view.response_place("etag"))
    sent, changed = parse_http_date(date or ""), parse_http_date(view.said("last-modified") or "")
    if sent is not None and changed is not None and changed > sent:
        yield ModifiedInFuture(*view.response_place("last-modified"))


def _answer(view: ExchangeView, asked: list[str]) -> Iterator[Note]:
    status = view.status
    if status not in (200, 304, 412):
        return
    line = view.status_place()
    unchanged = [name for name in asked if name in ("if-none-match", "if-modified-since")]
    reads = view.method in ("GET", "HEAD")
    if status == 304 and not reads:
        yield NotModifiedMethod(*line, method=view.method[:20])
    elif status == 304 and not unchanged:
        yield NotModifiedUnasked(*line)
    elif status == 304:
        if view.observer is not None and view.observer.verdict == "complete":
            yield NotModified(*line, condition=unchanged[0].title())
        if parse_entity_tags(view.asked("if-none-match") or "") and view.said("etag") is None:
            yield NotModifiedBare(*view.response_place())
    elif status == 412:
        if asked and reads and unchanged == asked:
            yield PreconditionForReader(*line, method=view.method, condition=asked[0].title())
        elif asked:
            yield PreconditionFailed(*line, condition=asked[0].title())
        else:
            yield PreconditionUnasked(*line)
    elif status == 200 and unchanged and reads:
        changed = parse_http_date(view.said("last-modified") or "")
        ended = evaluate(view.method, lambda name: view.asked(name) if name in unchanged else None,
                         etag=view.said("etag"), last_modified=changed)  # fmt: skip
        if ended == 304:
            yield ConditionIgnored(*line, condition=unchanged[0].title())
