"""Whether the connection lives on after an exchange, and who said what about it (RFC 9112 section 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, counted, members, shown_text

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

END_TO_END = ("cache-control", "content-length", "content-type", "content-encoding", "host", "transfer-encoding",
              "authorization", "cookie", "set-cookie", "date", "etag")  # fmt: skip
"""Fields that a Connection field must not name: they are for the other end, or frame the message."""


class Kept(Note):
    """Both sides speak HTTP/1.1, the message says itself where it ends, and nobody asked to close: the
    connection is used again. That saves a round trip for the next request, and two or three more where
    there is TLS. Since 1.1 this is how it is unless somebody says otherwise."""

    id = "kept"
    level = "good"
    rule = "RFC 9112 section 9.3"
    sentence = "the connection is kept: the next request may follow on it"


class KeptForOldClient(Note):
    """HTTP/1.0 closes after each response. Later clients of 1.0 asked "Connection: keep-alive", and a server
    that agrees must say the same in its response. Here both did, and the length tells the end, so the
    connection lives on."""

    id = "kept-for-old-client"
    level = "good"
    rule = "RFC 9112 section 9.3"
    sentence = "an HTTP/1.0 client asked for keep-alive and got it: the connection is kept"


class ClientCloses(Note):
    """The request says "Connection: close": the client will send nothing more here, and the server closes after
    its response. Programs that ask for one page only do this, so that they need not tidy up. With curl, -H
    'Connection: close' shows it; urllib.request sends it with every request."""

    id = "client-closes"
    level = "info"
    direction = "in"
    rule = "RFC 9112 section 9.6"
    sentence = "the client asks to close after this response"
    advice = "Leave Connection: close out to ask for more on the same connection."


class OldClientCloses(Note):
    """The request says HTTP/1.0 and no keep-alive, so the connection ends with the response. In 1996 that was
    the whole rule: one connection for one page, and one more for each picture on it. A browser of that time
    opened four connections at once to make up for it."""

    id = "old-client-closes"
    level = "info"
    direction = "in"
    rule = "RFC 9112 section 9.3"
    sentence = "an HTTP/1.0 request without keep-alive: the connection closes after the response"
    advice = "Send HTTP/1.1, or Connection: keep-alive, to keep the connection."


class ResponseCloses(Note):
    """The response says "Connection: close", so the client knows that the end of the connection is meant, and
    that a next request would get no answer here. It is the polite way to end one. Servers say so when they
    stop, when a client has had its number of requests, or when content was not read."""

    id = "response-closes"
    level = "info"
    rule = "RFC 9112 section 9.6"
    sentence = "the response says that the connection closes after it"
    advice = "Leave Connection: close out if the client may go on."


class ClosesSilently(Note):
    """The response is whole, both sides speak HTTP/1.1, and nobody said "close", but the connection is closed
    after it. A client may already have sent its next request, and cannot know whether it was carried out:
    a GET it may send again, a POST not. A server that means to close should say so."""

    id = "closes-silently"
    level = "warning"
    rule = "RFC 9112 section 9.6"
    sentence = "the connection is closed after this response, which does not say so"
    advice = 'Write "Connection: close" when the connection will not be kept.'


class OldClientNotTold(Note):
    """The HTTP/1.0 client asked for keep-alive, and the response does not answer it. To such a client silence
    means close, whatever the version in the status line. So the connection ends although both could have
    gone on."""

    id = "old-client-not-told"
    level = "info"
    rule = "RFC 9112 section 9.3"
    sentence = "an HTTP/1.0 client asked for keep-alive, and the response does not agree to it"
    advice = 'Add "Connection: keep-alive" (and a Content-Length) for clients of 1.0 that ask for it.'


class CloseAndKeepAlive(Note):
    """One message says both close and keep-alive. A careful reader closes, because close was said; another one
    looks for keep-alive first and waits for more. Mostly two layers of a program each add a field."""

    id = "close-and-keep-alive"
    level = "warning"
    rule = "RFC 9112 section 9.3"
    sentence = "Connection says both close and keep-alive: {value}"
    advice = "Say one of them; close wins."


class ConnectionNamesField(Note):
    """A field named in Connection is for the next hop alone: a proxy deletes it before it passes the message
    on. Of a field that the other end needs, the message would lose the sense; deleting Content-Length this way
    has been used to change where a message ends. Proxies that obey blindly have been made to drop the login
    from a request that way."""

    id = "connection-names-field"
    level = "warning"
    rule = "RFC 9110 section 7.6.1"
    sentence = "Connection names {name}, which is meant for the other end"
    advice = "Name only hop-by-hop fields, such as Upgrade or TE, in Connection."


class KeepAliveField(Note):
    """Keep-Alive tells how long an idle connection will be held ("timeout=5") and for how many requests. It
    was never standardised beyond a note in 1997: curl and some browsers read the timeout, others do not.
    It is a hint, and the connection may close before."""

    id = "keep-alive-field"
    level = "info"
    rule = "RFC 9110 section 7.6.1"
    sentence = "Keep-Alive is a hint that not every client reads: {value}"
    advice = "Do not rely on it; let idle connections time out on both sides."


class ProxyConnection(Note):
    """Proxy-Connection was Netscape's idea for telling a proxy to keep the connection without an old server
    behind it seeing the word. It did not work with two proxies in a row and is in no standard. Some clients
    still send it; servers ignore it."""

    id = "proxy-connection"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 7.6.1"
    sentence = "Proxy-Connection has no meaning; servers ignore it"
    advice = "Send Connection alone."


class ContentUnread(Note):
    """The client sent, or announced, content that the handler did not read. It stands in the connection before
    the next request, so it has to be read and dropped; when there is much of it, closing is cheaper. A
    client that is still sending may then see a reset before it has read the response."""

    id = "content-unread"
    level = "info"
    direction = "in"
    rule = "RFC 9112 section 9.3"
    sentence = "the handler answered before the content was read to its end ({seen} seen)"
    advice = "Read the content, or send Connection: close with the refusal."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on what request and response say about the connection, and on what became of it."""
    head, observer = view.head, view.observer
    if head is None and view.refusal is not None:
        return
    if not view.names.isdisjoint(("connection", "keep-alive")):
        yield from _both_sides(view)
    if "proxy-connection" in view.names and view.asked("proxy-connection") is not None:
        yield ProxyConnection(*view.request_place("proxy-connection"))
    asked, said = members(view.asked("connection")), members(view.said("connection"))
    if head is None:
        # A response alone: what it says itself can be seen, what became of the connection cannot.
        if observer is not None and observer.verdict == "complete" and "close" in said:
            yield ResponseCloses(*view.response_place("connection"))
        return
    if view.refusal is None and view.ended and head.kind != "none" and not view.content_whole:
        yield ContentUnread(view.request_head_end, view.request_end, seen=counted(view.content_seen))
    if "close" in asked:
        yield ClientCloses(*view.request_place("connection"))
    elif view.old_client and "keep-alive" not in asked:
        yield OldClientCloses(view.request_start, view.request_head_end)
    if observer is None or observer.verdict != "complete" or view.refusal is not None:
        return
    if "close" in said:
        yield ResponseCloses(*view.response_place("connection"))
    elif view.keep:
        kind = KeptForOldClient if view.old_client else Kept
        yield kind(*(view.response_place("connection") if said else (view.response_place()[0], view.response_end)))
    elif view.old_client and "keep-alive" in asked and "keep-alive" not in said:
        yield OldClientNotTold(*view.response_place())
    elif view.closed and head.keep_alive and not observer.doubtful and observer.version == (1, 1):
        yield ClosesSilently(*view.response_place("connection"))


def _both_sides(view: ExchangeView) -> Iterator[Note]:
    for direction, value_of, place_of in (
        ("in", view.asked, view.request_place), ("out", view.said, view.response_place)
    ):
        value = value_of("connection")
        options = members(value)
        if "close" in options and "keep-alive" in options:
            shown = shown_text(value or "")
            yield CloseAndKeepAlive(*place_of("connection"), direction=direction, value=shown)
        for name in dict.fromkeys(options):
            if name in END_TO_END:
                yield ConnectionNamesField(*place_of("connection"), direction=direction, name=name)
        value = value_of("keep-alive")
        if value is not None:
            shown = shown_text(value)
            yield KeepAliveField(*place_of("keep-alive"), direction=direction, value=shown)
