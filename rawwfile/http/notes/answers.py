"""What a status needs beside it, and what a request of this method should bring (RFC 9110 sections 9 and 15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.dates import parse_http_date
from rawwfile.http.notes.base import Note, members, shown_text

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

REDIRECTS = (301, 302, 303, 307, 308)
# Characters of a URI reference (RFC 3986); a few more are sent and read everywhere.
_URI = re.compile(r"[!#-;=?-\[\]_a-z~%|]*")


class RedirectWithoutLocation(Note):
    """A redirect says "look elsewhere", and Location says where. Without it a client can only show the content
    that came along; most people see an empty page and a browser that does not move. 304 is no redirect though
    its number looks like one, and 300 need not have a Location."""

    id = "redirect-without-location"
    level = "warning"
    rule = "RFC 9110 section 15.4"
    sentence = "a {status} response without Location"
    advice = "Add Location: with the address to go to."


class Redirected(Note):
    """The client is sent on and goes there by itself: with the same method after 307 and 308, with GET after
    303, and after 301 and 302 with GET too, though they were not meant so. Location may be a whole address or a
    path. curl stays unless you say -L, and http.client never goes anywhere by itself."""

    id = "redirected"
    level = "good"
    rule = "RFC 9110 section 10.2.2"
    sentence = "{status} sends the client to {value}"


class LocationBytes(Note):
    """A Location is a URI reference, without blanks and without bytes beyond ASCII. Browsers mend it by
    guessing the encoding; curl sends it as it is, and the server it reaches answers 400. rawwfile's
    HTTPRedirect refuses CR and LF in it, which would let somebody write fields of their own."""

    id = "location-bytes"
    level = "warning"
    rule = "RFC 9110 section 10.2.2"
    sentence = "Location has a byte that no URI has: {value}"
    advice = "Percent-encode it (urllib.parse.quote)."


class AllowMissing(Note):
    """405 means: this resource exists, but not for this method. Which ones there are must stand in Allow, so
    that a client, or the person at it, knows what to try. An empty Allow is a valid answer too: nothing is
    allowed here for the time being."""

    id = "allow-missing"
    level = "bad"
    rule = "RFC 9110 section 15.5.6"
    sentence = "405 without Allow"
    advice = 'Add "Allow: GET, HEAD" with the methods that there are.'


class AllowContradicts(Note):
    """405 refuses this method, and Allow lists it. One of the two is wrong, and a client that believes the list
    tries again for ever. Make the list from the same table that decides, and they cannot drift apart."""

    id = "allow-contradicts"
    level = "warning"
    rule = "RFC 9110 section 10.2.1"
    sentence = "405 refuses {method}, and Allow names it"
    advice = "Let Allow name only what is served."


class AuthenticateMissing(Note):
    """401 asks the client to prove who it is, and WWW-Authenticate says by which scheme. Without it a browser
    has nothing to ask the person for and shows the content; 403 is the status for "no, and nothing will help".
    The name is misleading: 401 says "Unauthorized" and means that nobody knows who you are."""

    id = "authenticate-missing"
    level = "bad"
    rule = "RFC 9110 section 15.5.2"
    sentence = "401 without WWW-Authenticate"
    advice = "Add WWW-Authenticate: Basic realm=\"...\", or answer 403."


class ProxyAuthenticateMissing(Note):
    """407 is 401 of a proxy: it asks the client to prove who it is before it passes a request on, and
    Proxy-Authenticate says by which scheme. Without it the client has nothing to answer with. A server that is no
    proxy means 401."""

    id = "proxy-authenticate-missing"
    level = "bad"
    rule = "RFC 9110 section 15.5.8"
    sentence = "407 without Proxy-Authenticate"
    advice = "Add Proxy-Authenticate: Basic realm=\"...\"; a server that is no proxy sends 401."


class TransportSecurityOnPlain(Note):
    """Strict-Transport-Security tells browsers to come by https alone from now on. They believe it only over TLS:
    over plain HTTP anybody on the way could have written it and so shut people out. So the field does nothing
    here; a redirect to https is what brings visitors there, and the answer over TLS carries the field."""

    id = "transport-security-on-plain"
    level = "warning"
    rule = "RFC 6797 section 7.2"
    sentence = "Strict-Transport-Security over plain HTTP is ignored"
    advice = "Send it over TLS only."


class UpgradeRequired(Note):
    """426 says that the server will not serve this in the present protocol. It must name in Upgrade the one
    that is wanted, or the client cannot do what it is told. WebSocket servers send it to a browser that comes
    with an ordinary GET."""

    id = "upgrade-required"
    level = "bad"
    rule = "RFC 9110 section 15.5.22"
    sentence = "426 without Upgrade"
    advice = 'Name the protocol: "Upgrade: websocket" and "Connection: Upgrade".'


class RetryAfterMissing(Note):
    """The server has no time now. Retry-After tells clients when to come again, in seconds or as a date. Without
    it each program invents a pause of its own, and many choose none."""

    id = "retry-after-missing"
    level = "info"
    rule = "RFC 9110 section 10.2.3"
    sentence = "{status} without Retry-After"
    advice = 'Add "Retry-After: 10".'


class RetryAfterForm(Note):
    """Retry-After is a whole number of seconds or an HTTP date; "10s" or "soon" mean nothing. Clients that
    cannot read it fall back on a pause of their own, or on none. Robots of search engines read it; http.client
    leaves it to you."""

    id = "retry-after-form"
    level = "warning"
    rule = "RFC 9110 section 10.2.3"
    sentence = "Retry-After is neither seconds nor a date: {value}"
    advice = 'Write "Retry-After: 10".'


class CreatedWithoutLocation(Note):
    """201 says that something new exists now. Where it is stands in Location; without it, it is what the
    request was addressed to, which is right for PUT and seldom for POST. A client that has just made an order
    likes to know its address before it asks for the receipt."""

    id = "created-without-location"
    level = "info"
    rule = "RFC 9110 section 15.3.2"
    sentence = "201 to POST without Location: where is the new one"
    advice = "Add Location: with the address of what was made."


class HeadAnswered(Note):
    """HEAD asks for everything but the content. The fields are those of a GET, its Content-Length too, and the
    message ends with the empty line. So a client learns size and date of a file without fetching it."""

    id = "head-answered"
    level = "good"
    rule = "RFC 9110 section 9.3.2"
    sentence = "HEAD was answered by a head alone{length}"


class ContentOnGet(Note):
    """Content has no defined meaning in a GET, HEAD or DELETE. Servers, caches and firewalls may ignore it, refuse
    it or close the connection, and a cache may answer with what another content got. Who needs to send more than
    fits into a query uses POST."""

    id = "content-on-get"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 9.3.1"
    sentence = "{method} with content, which has no meaning"
    advice = "Send it with POST, or in the query."


class ContentOnTrace(Note):
    """TRACE asks the server to send back the request as it arrived, so that one can see what proxies did to it.
    It must have no content, or an attacker could have any text sent back. Most servers switch TRACE off
    altogether, because it also sends back cookies."""

    id = "content-on-trace"
    level = "bad"
    direction = "in"
    rule = "RFC 9110 section 9.3.8"
    sentence = "TRACE with content"
    advice = "Send TRACE without content."


class PostWithoutLength(Note):
    """Without Content-Length or chunks a request has no content, so this POST is empty. If content was sent all
    the same, it is read as the next request, and refused. A client should say "Content-Length: 0" when it
    means nothing."""

    id = "post-without-length"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 8.6"
    sentence = "{method} without Content-Length or chunks: it has no content"
    advice = "Send Content-Length, also when it is 0."


class PasswordInPlain(Note):
    """Basic authentication is name and password in base64, which hides nothing: anybody on the way can read
    them, and anybody who has this recording too. That is why the value is masked in what is shown and exported.
    Browsers send it again with every request to the same site until they are closed."""

    id = "password-in-plain"
    level = "warning"
    direction = "in"
    rule = "RFC 7617 section 4"
    sentence = "name and password in Authorization, in base64 only: whoever sees these bytes can read them"
    advice = "Use TLS (--tls-cert; rawwfile demo has --tls), or do not send real passwords."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on the method of a request and the status of its response."""
    if view.head is not None:
        yield from _request(view)
    if view.status:
        yield from _redirect(view)
        yield from _refusal(view)
        yield from _success(view)
        if view.said("strict-transport-security") is not None and view.client_scheme == "http":
            yield TransportSecurityOnPlain(*view.response_place("strict-transport-security"))


def _request(view: ExchangeView) -> Iterator[Note]:
    head = view.head
    assert head is not None
    has_content = head.kind != "none"
    if has_content and view.method == "TRACE":
        yield ContentOnTrace(view.request_start, view.request_head_end)
    elif has_content and view.method in ("GET", "HEAD", "DELETE"):
        name = "transfer-encoding" if head.kind == "chunked" else "content-length"
        yield ContentOnGet(*view.request_place(name), method=view.method)
    elif view.method in ("POST", "PUT", "PATCH") and not has_content and view.asked("content-length") is None:
        yield PostWithoutLength(view.request_start, view.request_head_end, method=view.method)
    if (view.asked("authorization") or "").lower().startswith("basic ") and view.client_scheme != "https":
        yield PasswordInPlain(*view.request_place("authorization"))


def _redirect(view: ExchangeView) -> Iterator[Note]:
    location, status = view.said("location"), view.status
    if location is not None and len(view.said_lines("location")) == 1 and not _URI.fullmatch(location):
        yield LocationBytes(*view.response_place("location"), value=shown_text(location))
    if status in REDIRECTS:
        if location:
            shown = shown_text(location)
            yield Redirected(*view.response_place("location"), status=status, value=shown)
        else:
            yield RedirectWithoutLocation(*view.status_place(), status=status)


def _refusal(view: ExchangeView) -> Iterator[Note]:
    status, retry = view.status, view.said("retry-after")
    if status < 400 and retry is None:
        return
    line = view.status_place()
    if status == 405:
        allow = view.said("allow")
        if allow is None:
            yield AllowMissing(*line)
        elif view.method and view.method in [part.strip(" \t") for part in allow.split(",")]:
            yield AllowContradicts(*view.response_place("allow"), method=view.method[:60])
    elif status == 401 and view.said("www-authenticate") is None:
        yield AuthenticateMissing(*line)
    elif status == 407 and view.said("proxy-authenticate") is None:
        yield ProxyAuthenticateMissing(*line)
    elif status == 426 and not members(view.said("upgrade")):
        yield UpgradeRequired(*line)
    elif status in (429, 503) and retry is None:
        yield RetryAfterMissing(*line, status=status)
    if retry is not None and not (re.fullmatch(r"[0-9]+", retry) or parse_http_date(retry) is not None):
        yield RetryAfterForm(*view.response_place("retry-after"), value=shown_text(retry))


def _success(view: ExchangeView) -> Iterator[Note]:
    if view.status == 201 and view.method == "POST" and view.said("location") is None:
        yield CreatedWithoutLocation(*view.status_place())
    observer = view.observer
    if view.method == "HEAD" and observer is not None and observer.verdict == "complete":
        length = observer.content_length
        shown = "" if length is None else f"; a GET would bring {length} bytes"
        yield HeadAnswered(*view.response_place(), length=shown)
