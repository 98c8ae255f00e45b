"""The first line of a request: method, target, version (RFC 9112 section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, RequestFault, shown_text
from rawwfile.http.notes.fields import HostEmpty

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView


METHODS = frozenset(
    b"GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK".split()
)
"""Methods that are sent in small letters by mistake: another one in small letters may be meant so."""


class RequestLineForm(RequestFault):
    """A request line is a method, one space, a target, one space, and the version. Servers that split it
    at any white space read "GET /a b HTTP/1.1" in different ways: as the target "/a", as "/a b", or as
    a mistake. Only the last is safe, since a proxy before the server may have chosen otherwise."""

    id = "request-line-form"
    rule = "RFC 9112 section 3"
    sentence = "the request line is not METHOD SP TARGET SP VERSION"
    advice = "Write one space between the three parts, and %20 for a space within the target."


class RequestLineVersion(RequestFault):
    """The last word of a request line is the version, "HTTP/" and two digits. A line without it was a
    request of HTTP/0.9 (1991), when "GET /page" was all there was to say. Nobody sends that today; what
    arrives so is a slip, or another protocol on the wrong port."""

    id = "request-line-version"
    rule = "RFC 9112 section 2.3"
    sentence = "the request line does not end in an HTTP version"
    advice = "End the request line with HTTP/1.1."


class TargetBytes(RequestFault):
    """A target is a piece of a URI, and a URI is visible ASCII: every other byte is written as % and two
    hexadecimal digits. The part from "#" on is for the client alone and is never sent. Browsers encode
    all this before they send; a target with such a byte was written by a program that glued text
    together."""

    id = "target-bytes"
    rule = "RFC 9112 section 3.2"
    sentence = "a '#' or a byte that is not visible ASCII in the request target"
    advice = "Percent-encode the byte (# is %23, a space %20), and do not send the fragment."


class TargetForm(RequestFault):
    """A target has one of four forms: a path that begins with "/", a whole http URI (to proxies), host and
    port (CONNECT), or "*" (OPTIONS). "GET hello HTTP/1.1" is none of them. Some servers put the missing
    "/" in front, and then they serve another resource than a proxy has checked."""

    id = "target-form"
    rule = "RFC 9112 section 3.2"
    sentence = "the request target does not begin with / or http://"
    advice = 'Begin the target with "/".'


class TargetHost(RequestFault):
    """A target that is a whole URI carries the host itself, and it counts more than the Host field. So it must
    be there and be one: "http:///path" names nobody, and a user name before an @ is a trick of those who want a
    reader to take the wrong part for the host. Browsers take it out before they send; curl turns it into an
    Authorization field."""

    id = "target-host"
    rule = "RFC 9110 section 4.2"
    sentence = "no valid host in the request target"
    advice = "Write http://host/path, or only the path and a Host field."


class ConnectTarget(RequestFault):
    """CONNECT asks for a tunnel to a host and a port, and that is all its target says: no path, no scheme.
    Everything else about the request is decided at the other end of the tunnel. curl sends one when it goes to
    an https address through a proxy."""

    id = "connect-target"
    rule = "RFC 9112 section 3.2.3"
    sentence = "CONNECT takes host:port"
    advice = "Write CONNECT host:port HTTP/1.1."


class ConnectPort(RequestFault):
    """Where other URIs have a usual port (80, 443), a CONNECT has none: the client must say it, and it must be
    a number from 1 to 65535. A server that guessed one would open a tunnel nobody asked for. That is how open
    proxies became mail relays: port 25 is as easy to write as 443."""

    id = "connect-port"
    rule = "RFC 9110 section 9.3.6"
    sentence = "CONNECT to a port that is none"
    advice = "Name a port of 1 to 65535."


class AsteriskTarget(RequestFault):
    """The target "*" means the server as a whole, and only one question can be asked of a whole server:
    OPTIONS, what can you do. There is no page "*" that GET could fetch. curl asks it with --request-target '*'
    -X OPTIONS, a good way to see what a server says of itself."""

    id = "asterisk-target"
    rule = "RFC 9112 section 3.2.4"
    sentence = "only OPTIONS may have the target *"
    advice = 'Ask for a path, or send "OPTIONS * HTTP/1.1".'


class MethodCase(Note):
    """Methods are case-sensitive, unlike field names: "get" is not GET but a method that nobody has
    defined. Some servers are kind and treat both alike; a cache or a firewall that is not kind lets
    through, as unknown, what it would have stopped as GET. The usual methods are all capitals."""

    id = "method-case"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 9.1"
    sentence = "the method {method} is not in capitals, so it is not the one meant"
    advice = "Write methods in capitals: GET, HEAD, POST."


class HostDiffers(Note):
    """The target names one host and the Host field another. For the server the target wins, and a proxy
    must replace the Host field by it before it sends the request on. A program that looks at Host alone
    (to choose a site, to build a link) then serves somebody else's page, which caches may keep."""

    id = "host-differs"
    level = "warning"
    direction = "in"
    rule = "RFC 9112 section 3.2.2"
    sentence = "the target says host {target}, the Host field {host}; the target counts"
    advice = "Send the same host in both, or only the path in the target."


def _with_port(authority: bytes, target: bytes) -> bytes:
    """An authority in lower case, without the usual port of the target's scheme (RFC 9110 section 4.2.3)."""
    usual = b":443" if target[:6].lower() == b"https:" else b":80"
    return authority.lower().removesuffix(usual).removesuffix(b":")


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the request line of a request that was taken."""
    head = view.head
    if head is None:
        return
    start = view.request_start
    if head.method != head.method.upper() and head.method.upper() in METHODS:
        yield MethodCase(start, start + len(head.method), method=shown_text(view.method))
    parts = view.target if head.target[:1] != b"/" else None
    if head.fields.host == b"" and (parts is None or parts.form == "asterisk"):
        yield HostEmpty(*view.request_place("host"))
    if parts is not None and parts.form == "absolute" and head.fields.host is not None:
        if _with_port(parts.authority, head.target) != _with_port(head.fields.host, head.target):
            yield HostDiffers(
                *view.request_place("host"), target=shown_text(parts.authority.decode("latin-1")),
                host=shown_text(head.fields.host.decode("latin-1")),
            )
