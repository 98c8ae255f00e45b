"""Fields after the content (RFC 9110 section 6.5, RFC 9112 section 7.1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, members

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

FORBIDDEN = frozenset({
    "transfer-encoding", "content-length", "host", "content-encoding", "content-type", "content-range", "trailer",
    "cache-control", "expires", "date", "location", "retry-after", "vary", "age", "authorization", "set-cookie",
    "cookie", "connection", "upgrade", "expect", "te", "max-forwards", "range", "www-authenticate",
})  # fmt: skip
"""What decides about the message before its content is read, and so must stand before it."""


class TrailerTooLarge(Note):
    """After the last chunk fields may follow, up to an empty line. Here 64 KiB came without one. Mostly content
    was written after the last chunk, and every reader takes it for fields."""

    id = "trailer-too-large"
    level = "bad"
    rule = "RFC 9112 section 7.1.2"
    sentence = "the fields after the last chunk do not end within {limit}: {offending} at byte {start}"
    advice = "End the last chunk with an empty line: b'0\\r\\n\\r\\n'."
    doubtful = True


class TrailerSent(Note):
    """What is known only when the content has been sent, such as its checksum, comes after it, and the Trailer
    field in the head announced it, so a receiver could get ready. Browsers throw such fields away; programs
    such as gRPC live on them. curl -v shows them after the content, and http.client reads them and throws them
    away."""

    id = "trailer-sent"
    level = "good"
    rule = "RFC 9110 section 6.6.2"
    sentence = "the trailer field {name} was announced and came"


class TrailerUnannounced(Note):
    """A field after the content that the head did not announce. A sender should announce it, though it need not:
    a receiver that would have to do something while the content comes (compute a checksum, say) learns of it
    too late."""

    id = "trailer-unannounced"
    level = "info"
    rule = "RFC 9110 section 6.6.2"
    sentence = "the trailer field {name} was not announced by a Trailer field"
    advice = 'Add "Trailer: {name}" to the head.'


class TrailerMissing(Note):
    """The head announced a field after the content, and it did not come. A receiver that waits for a checksum
    to trust the content has none now. It can mean that the handler failed after the last chunk of content, so
    do not take this one lightly."""

    id = "trailer-missing"
    level = "warning"
    rule = "RFC 9110 section 6.6.2"
    sentence = "the trailer field {name} was announced and did not come"
    advice = "Write it after the last chunk: b'0\\r\\nName: value\\r\\n\\r\\n'."


class TrailerForbidden(Note):
    """Lengths, codings, cookies, caching and the like decide what to do with a message and must be known before
    its content is read, so they must not stand behind it. Receivers ignore them there; one that merged them
    into the head would change a message that others have already judged. The list is long for good reason: Host
    or Content-Length behind the content has been used for smuggling."""

    id = "trailer-forbidden"
    level = "bad"
    rule = "RFC 9110 section 6.5.1"
    sentence = "{name} must not be a trailer field"
    advice = "Write it in the head."
    doubtful = True


class TrailerWithoutChunks(Note):
    """Only chunked content has a place for fields behind it. With a Content-Length, or content that lasts until
    the close, the message is over with its last byte, and the announced fields can never come. Content whose
    length is known beforehand can have the field in its head as well."""

    id = "trailer-without-chunks"
    level = "warning"
    rule = "RFC 9112 section 7.1.2"
    sentence = "Trailer announces fields, but the content is not chunked"
    advice = "Send the content in chunks, or leave Trailer out."


class TeNotNamed(Note):
    """TE says what the next hop may send (trailers, above all), so it must not travel further, and Connection:
    TE is what stops it. Without that a proxy passes it on, and the server sends trailers which the proxy then
    throws away. Browsers send neither; gRPC clients send both."""

    id = "te-not-named"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 10.1.4"
    sentence = "TE without Connection: TE"
    advice = 'Send "Connection: TE" with it.'


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on announced and sent trailer fields, of both messages."""
    observer = view.observer
    sent = view.trailers or (observer is not None and observer.trailers)
    if not sent and view.names.isdisjoint(("te", "trailer")):
        return
    if view.asked("te") is not None and "te" not in members(view.asked("connection")):
        yield TeNotNamed(*view.request_place("te"))
    for number, (raw_name, _) in enumerate(view.trailers):
        name = raw_name.decode("latin-1")
        if name.lower() in FORBIDDEN:
            known = number < len(view.trailer_places)
            place = view.trailer_places[number] if known else (view.request_end, view.request_end)
            yield TrailerForbidden(*place, direction="in", name=name[:60])
    if observer is None or not view.status:
        return
    announced = members(view.said("trailer"))
    came = [line.name.lower() for line in observer.trailers]
    for line in observer.trailers:
        place = line.start + view.response_start, line.end + view.response_start
        if line.name.lower() in FORBIDDEN:
            yield TrailerForbidden(*place, name=line.name[:60])
        elif line.name.lower() in announced:
            yield TrailerSent(*place, name=line.name[:60])
        else:
            yield TrailerUnannounced(*place, name=line.name[:60])
    if announced and observer.framing is not None and observer.framing.kind in ("length", "close"):
        yield TrailerWithoutChunks(*view.response_place("trailer"))
    elif observer.verdict == "complete" and observer.framing is not None and observer.framing.kind == "chunked":
        for name in dict.fromkeys(announced):
            if name not in came:
                yield TrailerMissing(*view.response_place("trailer"), name=name[:60])
