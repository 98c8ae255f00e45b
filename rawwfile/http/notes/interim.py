"""Responses of 1xx before the final one, and the expectation that asks for them (RFC 9110 section 15.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, RequestFault

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView


class InterimToOldClient(Note):
    """A client of HTTP/1.0 knows one response to each request. It takes the 1xx for the whole answer and the
    real one for rubbish behind it; a server must not send it one. curl -0 sends such a request; try it against
    a handler that sends 103 always."""

    id = "interim-to-old-client"
    level = "bad"
    rule = "RFC 9110 section 15.2"
    sentence = "a {status} response to an HTTP/1.0 client, which knows no 1xx"
    advice = "Look at request.version and send 1xx to HTTP/1.1 clients only."
    doubtful = True


class EarlyHints(Note):
    """While the server still works on the answer, 103 names what the page will need, and a browser fetches it
    meanwhile. curl, h11 and Chromium read on to the final response. http.client takes the 103 for the
    final one, so do not send it to programs that did not ask."""

    id = "early-hints"
    level = "good"
    rule = "RFC 8297 section 2"
    sentence = "103 with Link: a browser can fetch these while the response is being made"


class EarlyHintsEmpty(Note):
    """103 exists to bring Link fields ahead of the response. Without any it says nothing, costs a packet, and
    http.client, which does not know 103, takes it for the final response. 102 (Processing) is the status that
    only says that somebody is still at work."""

    id = "early-hints-empty"
    level = "info"
    rule = "RFC 8297 section 2"
    sentence = "103 without a Link field hints at nothing"
    advice = 'Write "Link: </style.css>; rel=preload; as=style" into it, or leave it out.'


class ContinueSent(Note):
    """The client asked before it sent its content, and the server said go on. For a large upload that is worth
    the extra round trip: a refusal (401, 413) comes before the bytes and not after them."""

    id = "continue-sent"
    level = "good"
    rule = "RFC 9110 section 10.1.1"
    sentence = "Expect: 100-continue was answered by 100 (Continue)"


class ContinueUnasked(Note):
    """The client did not ask whether to go on. It has to read over a 100 all the same, but there are programs
    that do not expect one here and take it for the answer. http.client is patient with 100 alone: it reads on
    until it finds another status."""

    id = "continue-unasked"
    level = "warning"
    rule = "RFC 9110 section 15.2.1"
    sentence = "100 (Continue) to a request without Expect: 100-continue"
    advice = "Send 100 only when the request has Expect: 100-continue."


class ContinueLate(Note):
    """The content had begun to come before 100 was sent: the client got tired of waiting (curl waits one second)
    or did not wait at all. A server may leave the 100 out then; it does no harm."""

    id = "continue-late"
    level = "info"
    rule = "RFC 9110 section 10.1.1"
    sentence = "100 (Continue) after the content had begun to come"
    advice = "Send 100 at once, or leave it out when content is there already."


class ExpectationRefused(Note):
    """The client asked before sending, and the server answered with the final status at once. That is what the
    question is for: the content is not sent, or thrown away. The client may still send it, so the server
    must read it or close the connection."""

    id = "expectation-refused"
    level = "good"
    rule = "RFC 9110 section 10.1.1"
    sentence = "the server answered {status} before the content was sent"


class ExpectWithoutContent(Note):
    """Expect: 100-continue asks whether content may be sent, and this request has none. A server that obeys the
    word sends a 100 that helps nobody. RFC 9110 forbids the field in such a request."""

    id = "expect-without-content"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 10.1.1"
    sentence = "Expect: 100-continue in a request without content"
    advice = "Send Expect only with content."


class ExpectFromOldClient(Note):
    """A client of HTTP/1.0 cannot read a 100, so a server must ignore this expectation. Then it is as if the
    field were not there: the client should send its content without waiting. curl leaves the field out by
    itself when you ask for HTTP/1.0."""

    id = "expect-from-old-client"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 10.1.1"
    sentence = "Expect: 100-continue in an HTTP/1.0 request is ignored"
    advice = "Send HTTP/1.1 to use it."


class ExpectationUnknown(RequestFault):
    """There is one expectation, 100-continue. Whatever else stands in Expect, the server does not know what it
    would promise, and it says so with 417. The field was made for more, and in twenty-five years nothing more
    was found to put into it."""

    id = "expectation-unknown"
    rule = "RFC 9110 section 10.1.1"
    sentence = "an expectation that cannot be met; only 100-continue can"
    advice = "Send Expect: 100-continue, or no Expect."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on Expect and on what was sent before the final response."""
    head, observer = view.head, view.observer
    if head is None or not (head.fields.expectation or (observer is not None and observer.interim)):
        return
    asked = head.fields.expects_continue
    if asked and head.minor == 0:
        yield ExpectFromOldClient(*view.request_place("expect"))
    elif asked and head.kind == "none":
        yield ExpectWithoutContent(*view.request_place("expect"))
    if observer is None:
        return
    by = view.response_start
    told = zip(observer.interim, observer.interim_places, strict=True)
    continues = [place for status, place in told if status == 100]
    if continues and head.minor:
        start, end = continues[0]
        kind: type[Note] = ContinueSent if head.expects_continue else ContinueUnasked
        if head.expects_continue and view.early_content:
            kind = ContinueLate
        yield kind(by + start, by + end)
    elif head.expects_continue and not continues and view.status >= 300 and not view.early_content:
        yield ExpectationRefused(*view.status_place(), status=view.status)
