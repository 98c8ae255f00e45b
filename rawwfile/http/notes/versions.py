"""The versions of both sides and what they allow (RFC 9110 sections 2.5 and 6.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, RequestFault

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView


class VersionNotSpoken(RequestFault):
    """The request names a major version that is not spoken on this connection. HTTP/2 is not HTTP/1.1 with
    another number: it is binary, and is agreed on during the TLS handshake or by prior knowledge. The
    answer is 505, and the client may try again with HTTP/1.1."""

    id = "version-not-spoken"
    rule = "RFC 9110 section 15.6.6"
    sentence = "the request asks for an HTTP version that is not spoken here"
    advice = "Send HTTP/1.1."


class HigherMinor(Note):
    """The request says HTTP/1.2 or higher, which does not exist. A minor number only adds things that may be
    ignored, so a server reads the message as HTTP/1.1, the highest it knows, and answers in that. If a 1.2
    should ever come, this server will still be right to answer as it does."""

    id = "higher-minor"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 2.5"
    sentence = "there is no HTTP/1.{minor}; it is read as HTTP/1.1"
    advice = "Send HTTP/1.1."


class OldClientWithoutHost(Note):
    """HTTP/1.0 was made when one address was one site, so it has no Host field, and a server must not ask for
    one. A server with several sites can only serve a default. That is why even 1.0 clients of today send
    Host."""

    id = "old-client-without-host"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 7.2"
    sentence = "an HTTP/1.0 request without Host: the server cannot know which site is meant"
    advice = "Send Host in HTTP/1.0 too."


class OldResponse(Note):
    """The client speaks HTTP/1.1 and the handler answers HTTP/1.0. The version of a response says what its
    server can do, not what this message needs: a client concludes that it can expect no persistent
    connection, no chunks and no 100 (Continue) from here, and may remember it."""

    id = "old-response"
    level = "info"
    rule = "RFC 9110 section 6.2"
    sentence = "an HTTP/1.0 status line in answer to an HTTP/1.{minor} request"
    advice = "Begin with HTTP/1.1; whether the connection closes is said by the Connection field."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the versions of a request that was taken and of its response."""
    head = view.head
    if head is None:
        return
    if head.minor > 1:
        end = view.request_start + len(head.raw.partition(b"\r\n")[0])
        yield HigherMinor(end - len(b"HTTP/1.1"), end, minor=head.minor)
    if head.minor == 0 and head.fields.host is None and view.refusal is None:
        yield OldClientWithoutHost(view.request_start, view.request_head_end)
    if head.minor and view.observer is not None and view.observer.version == (1, 0) and view.status:
        start, _ = view.status_place()
        yield OldResponse(start, start + len(b"HTTP/1.0"), minor=head.minor)
