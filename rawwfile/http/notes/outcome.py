"""How a message ended: whole, short, too long, or cut (RFC 9112 sections 6.3 and 8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, RequestFault, counted

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView


class Complete(Note):
    """The client can tell from the response itself that it has all of it: the length is met, or the last chunk
    came, or there is no content by rule. That is what makes a connection usable for the next request, and what
    lets a client notice when a response was cut. http.client, curl, h11 and Chromium all agree about such a
    response, and that is the point of framing."""

    id = "complete"
    level = "good"
    rule = "RFC 9112 section 6.3"
    sentence = "complete: {how}"


class HeadTooLarge(Note):
    """No reader takes a head without end: http.client stops at 100 fields and lines of 64 KiB, curl (since 8.3)
    at 300 KiB, Chromium at 256 KiB. Beyond 64 KiB rawwfile stops looking for the empty line; mostly it was
    forgotten, and this is content. If your fields are really so many, look at the cookies first: each one comes
    back with every request."""

    id = "head-too-large"
    level = "bad"
    rule = "RFC 9112 section 2.1"
    sentence = "the head does not end within {limit}: {offending} at byte {start}"
    advice = "End the head with an empty line, and write fewer fields."
    doubtful = True


class HeadUnfinished(Note):
    """The head ends with an empty line: CR LF that follows directly on CR LF. Without it every reader goes
    on taking lines for fields until the connection closes. Then http.client and curl show a 200 with no
    content, h11 reports an error and Chromium shows a blank page."""

    id = "head-unfinished"
    level = "bad"
    rule = "RFC 9112 section 2.1"
    sentence = "the head is not finished (no empty line){hint}"
    advice = "Write an empty line (b'\\r\\n') after the last field."
    doubtful = True


class ContentShort(Note):
    """The length was a promise, and the client waits for the rest of it until the connection ends. Then it
    knows that something is missing: http.client raises IncompleteRead, curl ends with exit code 18,
    Chromium shows a blank page or a broken download. rawwfile closes the connection; to go on with the
    next response would be to hand it over as the missing content."""

    id = "content-short"
    level = "bad"
    rule = "RFC 9112 section 8"
    sentence = "{missing} less than its Content-Length of {length}"
    advice = "Write all of the content, or the right Content-Length."
    doubtful = True


class LastChunkMissing(Note):
    """Chunked content ends with a chunk of size 0 and an empty line, so that a client can tell the end from a
    cut cable. Without it, http.client raises IncompleteRead, curl shows what came and ends with exit code 18,
    h11 reports an error, Chromium shows a blank page. A handler that fails half-way leaves exactly this, and it
    is right that it shows: the page is not whole."""

    id = "last-chunk-missing"
    level = "bad"
    rule = "RFC 9112 section 8"
    sentence = "the last chunk is missing"
    advice = "End the content with b'0\\r\\n\\r\\n'."
    doubtful = True


class ChunkShort(Note):
    """The size of this chunk promised more bytes than came before the end. The handler failed in the middle of
    a write, or counted characters where bytes are counted (an umlaut is one character and two bytes in UTF-8).
    rawwfile closes the connection, so the client at least learns that the content was cut."""

    id = "chunk-short"
    level = "bad"
    rule = "RFC 9112 section 8"
    sentence = "the last chunk is missing, and {missing} of a chunk of {size}"
    advice = "Write the whole chunk, CR LF, and b'0\\r\\n\\r\\n' at the end."
    doubtful = True


class TrailerUnfinished(Note):
    """After the last chunk's "0" and its line end an empty line has to come, because trailer fields could stand
    in between. One CR LF is not enough: a careful client goes on waiting for the second. Write the five bytes 0
    CR LF CR LF together, and the last two are not forgotten."""

    id = "trailer-unfinished"
    level = "bad"
    rule = "RFC 9112 section 7.1"
    sentence = "the last chunk is not finished (no empty line)"
    advice = "End the content with b'0\\r\\n\\r\\n': the second line end belongs to it."
    doubtful = True


class ContentExcess(Note):
    """The client stops reading where the length says: with "Content-Length: 3" before "hello" every one of
    http.client, curl, h11 and Chromium shows "hel". On a connection that stays open the rest would be
    read as the beginning of the next response. So the connection is closed after it."""

    id = "content-excess"
    level = "bad"
    rule = "RFC 9110 section 8.6"
    sentence = "{excess} more than its Content-Length of {length} (first extra: {sample})"
    advice = "Count bytes, not characters, or leave out what follows: it would be read as the next response."
    doubtful = True


class ExcessAfterChunks(Note):
    """The message ends with the last chunk's empty line. What was written after it belongs to no message: a
    client that keeps the connection takes it for the status line of the next response, and fails there, far
    from the handler that wrote it. A print after the last write, or a template's final line end, is the usual
    source."""

    id = "excess-after-chunks"
    level = "bad"
    rule = "RFC 9112 section 7.1"
    sentence = "{excess} after the last chunk (first extra: {sample})"
    advice = "Write nothing after b'0\\r\\n\\r\\n': it would be read as the next response."
    doubtful = True


class ContentNotAllowed(Note):
    """Answers to HEAD, and responses of 1xx, 204 and 304, end with their head, whatever their fields say.
    Clients do not look for content there: http.client, curl and h11 drop it, and Chromium, which on a 204
    stays where it is, goes on showing the old page. On a kept connection it spoils the next response."""

    id = "content-not-allowed"
    level = "bad"
    rule = "RFC 9110 section 6.4.1"
    sentence = "a body on {what} ({excess}: {sample})"
    advice = "Write the head alone: what follows would be read as the next response."
    doubtful = True


class OpenEnded(Note):
    """No usable length and no chunks: the content lasts until the server closes the connection, as in
    HTTP/1.0. That works with every client and is all right for a stream. But a client cannot tell the end
    from a cut, and each request costs a new connection."""

    id = "open-ended"
    level = "info"
    rule = "RFC 9112 section 6.3"
    sentence = "only closing can end it: no usable Content-Length and no chunks"
    advice = "Add a Content-Length to let the client keep the connection."


class InterimOnly(Note):
    """Responses of 1xx only say that the answer will come; every request gets one final response of 200 to 599
    after them. Here the exchange ended without it, so the client still waits, or finds the connection closed
    before any answer. http.client takes any of them but 100 for the final response; curl waits, and fails when
    the connection ends."""

    id = "interim-only"
    level = "bad"
    rule = "RFC 9110 section 15.2"
    sentence = "only interim responses ({statuses}), and no final one"
    advice = "Send a final response: a status from 200 to 599."
    doubtful = True


class NoResponse(Note):
    """The request was read, and the connection ended without one byte in answer. The client can only guess:
    http.client raises RemoteDisconnected, curl says "Empty reply from server" (exit code 52), and a browser may
    send a GET a second time, because a server may close an idle connection at any moment. A handler that failed
    before it wrote anything gets a 500 here, so mostly the connection itself broke."""

    id = "no-response"
    level = "bad"
    rule = "RFC 9112 section 9.3.1"
    sentence = "the connection was closed without a response"
    advice = "Answer every request, if only with 500."
    doubtful = True


class RequestComplete(Note):
    """The content of the request came whole, and the server knows it from the request itself: as many bytes as
    its length says, or chunks up to the last. So the next request may follow on the connection. Without that a
    server could not tell a slow client from one that is done, since the client keeps its side open."""

    id = "request-complete"
    level = "good"
    direction = "in"
    rule = "RFC 9112 section 6.3"
    sentence = "the content of the request is complete: {how}"


class RequestHeadUnfinished(RequestFault):
    """The client closed its side in the middle of a head. A head ends with an empty line; without it nobody
    knows whether another field was to come. If you typed this by hand, the empty line is what is
    missing."""

    id = "request-head-unfinished"
    rule = "RFC 9112 section 8"
    sentence = "the connection ended in the middle of a request head"
    advice = "End the head with an empty line (CR LF after CR LF)."


class RequestContentShort(RequestFault):
    """The client announced content and closed its side before all of it had come. A server must not treat
    what it has as the whole: half a form may be a valid form with another meaning. If nothing broke on
    the way, the length is wrong."""

    id = "request-content-short"
    rule = "RFC 9112 section 8"
    sentence = "the connection ended in the middle of the content of the request"
    advice = "Send all of the content: as many bytes as Content-Length says, or chunks up to the last."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the ends of both messages, beyond what the observer says itself."""
    head, observer = view.head, view.observer
    if head is not None and view.refusal is None and head.kind != "none" and view.content_whole:
        how = f"{counted(view.content_seen)} in chunks"
        if head.kind == "length":
            how = f"{counted(head.length or 0)}, as its Content-Length says"
        yield RequestComplete(view.request_head_end, view.request_end, how=how)
    if observer is None or not view.ended:
        return
    at = view.response_start
    if observer.verdict == "interim":
        yield InterimOnly(at, view.response_end, statuses=", ".join(map(str, observer.interim[:9])))
    elif observer.verdict == "untouched" and head is not None and view.closed:
        yield NoResponse(at, at)
