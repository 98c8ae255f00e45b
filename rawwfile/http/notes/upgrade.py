"""Leaving HTTP: Upgrade and 101, WebSocket, CONNECT (RFC 9110 section 7.8, RFC 6455 section 4)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rawwfile.http.notes.base import Note, members, shown_text

if TYPE_CHECKING:
    from rawwfile.http.notes.view import ExchangeView

WEBSOCKET_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class NoUpgrade(Note):
    """101 says "from here on we speak something else", and the Upgrade field says what. Without it the client
    knows that HTTP has ended and not what has begun; browsers close the connection. A client that offered two
    protocols cannot even guess which one was chosen."""

    id = "no-upgrade"
    level = "bad"
    rule = "RFC 9110 section 15.2.2"
    sentence = "a 101 response without an Upgrade field"
    advice = 'Name the protocol that follows: "Upgrade: websocket" and "Connection: Upgrade".'
    doubtful = True


class Upgraded(Note):
    """The client asked for another protocol and the server agreed, each with Upgrade and Connection: upgrade.
    After the empty line of the 101 nothing on this connection is HTTP any more. From here on bytes may go both
    ways at once, without requests and responses taking turns."""

    id = "upgraded"
    level = "good"
    rule = "RFC 9110 section 7.8"
    sentence = "both sides agreed to go on with {protocol}"


class UpgradeUnasked(Note):
    """Only the client can propose another protocol; the server may agree or go on with HTTP. A 101 to a request
    that did not ask leaves the client waiting for the final response that it understands. http.client hands the
    101 on as if it were the final response."""

    id = "upgrade-unasked"
    level = "bad"
    rule = "RFC 9110 section 7.8"
    sentence = "101 to a request that did not ask for another protocol"
    advice = "Send 101 only to a request with Upgrade and Connection: upgrade."
    doubtful = True


class UpgradeOther(Note):
    """The server switches to a protocol that is not on the client's list. The client cannot speak it, and the
    server has already left HTTP: the connection is of no use to either. The order in the client's list is its
    wish, but the server may take any that is on it."""

    id = "upgrade-other"
    level = "bad"
    rule = "RFC 9110 section 7.8"
    sentence = "101 to {chosen}, which the client did not offer ({offered})"
    advice = "Choose from the request's Upgrade field."
    doubtful = True


class UpgradeWithoutOption(Note):
    """Upgrade is meant for the next hop only, and Connection: upgrade says so: a proxy that does not know the
    protocol takes both away. A 101 without it may have been made for somebody else, and browsers fail a
    WebSocket handshake over it. Chromium's console then says: 'Connection' header is missing."""

    id = "upgrade-without-option"
    level = "bad"
    rule = "RFC 9110 section 7.8"
    sentence = "101 without Connection: upgrade"
    advice = 'Add "Connection: Upgrade".'
    doubtful = True


class UpgradeNotNamed(Note):
    """The message has Upgrade, but Connection does not name it. So the field may have come through a proxy that
    did not understand it and would not let the new protocol pass; the other end ignores it. curl --http2 sends
    both, so its offer can be taken; a hand-written request often forgets one."""

    id = "upgrade-not-named"
    level = "warning"
    direction = "in"
    rule = "RFC 9110 section 7.8"
    sentence = "Upgrade without Connection: upgrade is ignored"
    advice = 'Send "Connection: Upgrade" with it.'


class UpgradeFromOldClient(Note):
    """HTTP/1.0 has no way to change the protocol, so a server must ignore Upgrade in such a request. Somebody
    typed the version by habit, or a proxy has lowered it. The answer is an ordinary response, as if the field
    had not been sent."""

    id = "upgrade-from-old-client"
    level = "info"
    direction = "in"
    rule = "RFC 9110 section 7.8"
    sentence = "Upgrade in an HTTP/1.0 request is ignored"
    advice = "Send HTTP/1.1."


class UpgradeDeclined(Note):
    """Upgrade is an offer: the server answered in HTTP, which it may always do, and the connection goes on as
    before. curl --http2 offers h2c that way, and nothing is lost when nobody takes it up; a browser whose offer
    of WebSocket is declined reports an error to the page. If you
    wanted the other protocol, look whether the handler saw the fields and what it made of them."""

    id = "upgrade-declined"
    level = "info"
    rule = "RFC 9110 section 7.8"
    sentence = "the offer to speak {offered} was not taken up; HTTP goes on"
    advice = "Nothing is wrong; answer 101 if you mean to switch."


class TunnelOpen(Note):
    """CONNECT asked for a tunnel, and a 2xx opens it: everything behind the empty line belongs to the two ends,
    mostly TLS that nobody in between can read. It lasts until one side closes. A 200 to CONNECT has no content,
    whatever Content-Length says, because the tunnel begins at once."""

    id = "tunnel-open"
    level = "info"
    rule = "RFC 9110 section 9.3.6"
    sentence = "{status} to CONNECT: what follows is a tunnel, not HTTP"
    advice = "Pass bytes both ways from here on."


class WebSocketAccepted(Note):
    """The accept value is the SHA-1 of the client's key and a fixed text, in base64. It keeps no secret; it
    shows that the other end has read this very handshake and means WebSocket, so that no page can make a
    browser talk to a mail server in its name. In Python it is base64.b64encode(hashlib.sha1(key +
    guid).digest()), with the key as it stands in the field."""

    id = "websocket-accepted"
    level = "good"
    rule = "RFC 6455 section 4.2.2"
    sentence = "Sec-WebSocket-Accept fits the key of the request"


class WebSocketAcceptWrong(Note):
    """The accept value must be base64 of SHA-1 of the key, as sent, followed by a fixed text. Browsers compute it
    too and close the connection when it differs. Common slips: the hexadecimal digest in place of the
    bytes, the key decoded first, a line end in the hashed text."""

    id = "websocket-accept-wrong"
    level = "bad"
    rule = "RFC 6455 section 4.2.2"
    sentence = "Sec-WebSocket-Accept does not fit the key; it should be {right}"
    advice = "Use base64(sha1(key + b'258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest())."
    doubtful = True


class WebSocketProtocol(Note):
    """The client lists the protocols it can speak inside WebSocket, and the server takes one of them or none. When
    it names one that is not on the list, or any where there was no list, the client must fail the connection:
    browsers close it with an error in the console and the page hears only that it is closed."""

    id = "websocket-protocol"
    level = "bad"
    rule = "RFC 6455 section 4.1"
    sentence = "Sec-WebSocket-Protocol {chosen} was not offered ({offered})"
    advice = "Send one name out of the request's Sec-WebSocket-Protocol, or leave the field out."
    doubtful = True


class WebSocketExtension(Note):
    """An extension changes how frames are read (permessage-deflate packs them), so it is used only if the client
    has offered it. A client that finds another one in the answer must fail the connection, since it could not
    read what comes. A server that copies the field from an example does this to every client without it."""

    id = "websocket-extension"
    level = "bad"
    rule = "RFC 6455 section 4.1"
    sentence = "the WebSocket extension {chosen} was not offered"
    advice = "Name only extensions of the request's Sec-WebSocket-Extensions, or leave the field out."
    doubtful = True


class WebSocketMethod(Note):
    """The handshake of WebSocket is a GET of HTTP/1.1 or later; a server must refuse any other. Content has no
    place in it, and a form cannot be sent this way. Send what is to be said as the first message, when the
    connection is open."""

    id = "websocket-method"
    level = "bad"
    direction = "in"
    rule = "RFC 6455 section 4.1"
    sentence = "a WebSocket handshake by {method}; it must be GET"
    advice = "Begin with GET, and send data as messages."
    doubtful = True


class WebSocketKey(Note):
    """The key is sixteen random bytes in base64, so it has 24 characters and ends in "==". A server must
    refuse any other: what sends it is not a WebSocket client, or a careless one. Nobody decodes it to use what
    is inside; only its text goes into the accept value."""

    id = "websocket-key"
    level = "bad"
    direction = "in"
    rule = "RFC 6455 section 4.1"
    sentence = "Sec-WebSocket-Key is not 16 bytes in base64: {value}"
    advice = "Send 16 random bytes in base64, new ones for each connection."
    doubtful = True


class WebSocketVersion(Note):
    """There is one version of WebSocket in use: 13, of 2011. Lower numbers were drafts, the first
    of them with other frames. A server that does not know the version must refuse, with 426 as a rule, and name
    those it knows."""

    id = "websocket-version"
    level = "bad"
    direction = "in"
    rule = "RFC 6455 section 4.1"
    sentence = "Sec-WebSocket-Version is not 13: {value}"
    advice = "Send Sec-WebSocket-Version: 13."


def examine(view: ExchangeView) -> Iterator[Note]:
    """Notes on offers to change the protocol, and on their answers."""
    if "upgrade" not in view.names and view.status != 101 and view.method != "CONNECT":
        return
    says = view.said("upgrade") is not None and "upgrade" in members(view.said("connection"))
    if view.status and view.status != 101 and view.said("upgrade") is not None and not says:
        yield UpgradeNotNamed(*view.response_place("upgrade"), direction="out")
    if view.head is None:
        if view.status == 101 and view.refusal is None and "upgrade" not in members(view.said("connection")):
            yield UpgradeWithoutOption(*view.response_place("connection"))
        return
    offered = members(view.asked("upgrade"))
    named = "upgrade" in members(view.asked("connection"))
    if offered and view.old_client:
        yield UpgradeFromOldClient(*view.request_place("upgrade"))
    elif offered and not named:
        yield UpgradeNotNamed(*view.request_place("upgrade"))
    if "websocket" in offered:
        yield from _websocket_request(view)
    if view.status == 101:
        yield from _switch(view, offered if named and not view.old_client else [])
    elif view.status and offered and named and not view.old_client:
        yield UpgradeDeclined(*view.status_place(), offered=", ".join(offered)[:60])
    if view.method == "CONNECT" and 200 <= view.status < 300:
        yield TunnelOpen(*view.status_place(), status=view.status)


def accept_value(key: bytes) -> str:
    """The Sec-WebSocket-Accept that belongs to a Sec-WebSocket-Key (RFC 6455 section 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key + WEBSOCKET_GUID, usedforsecurity=False).digest()).decode("ascii")


def _websocket_request(view: ExchangeView) -> Iterator[Note]:
    if view.method != "GET":
        yield WebSocketMethod(*view.request_place("upgrade"), method=view.method[:20])
    key, version = view.asked("sec-websocket-key"), view.asked("sec-websocket-version")
    try:
        good = key is not None and len(base64.b64decode(key.encode("latin-1"), validate=True)) == 16
    except (binascii.Error, ValueError):
        good = False
    if not good:
        shown = shown_text(key or "")
        yield WebSocketKey(*view.request_place("sec-websocket-key"), value=shown)
    if version is None or version.strip() != "13":
        shown = shown_text(version or "")
        yield WebSocketVersion(*view.request_place("sec-websocket-version"), value=shown)


def _switch(view: ExchangeView, offered: list[str]) -> Iterator[Note]:
    line = view.status_place()
    chosen = members(view.said("upgrade"))
    if not offered:
        yield UpgradeUnasked(*line)
    named = "upgrade" in members(view.said("connection"))
    if not named:
        yield UpgradeWithoutOption(*view.response_place("connection"))
    if not chosen:
        return
    place = view.response_place("upgrade")
    fits = True
    if "websocket" in chosen and "websocket" in offered:
        right = accept_value((view.asked("sec-websocket-key") or "").encode("latin-1"))
        fits = view.said("sec-websocket-accept") == right
        if fits:
            yield WebSocketAccepted(*view.response_place("sec-websocket-accept"))
        else:
            yield WebSocketAcceptWrong(*view.response_place("sec-websocket-accept"), right=right)
        yield from _websocket_choice(view)
    if offered and any(protocol not in offered for protocol in chosen):
        yield UpgradeOther(*place, chosen=", ".join(chosen)[:60], offered=", ".join(offered)[:60])
    elif offered and named and fits:
        yield Upgraded(*place, protocol=", ".join(chosen)[:60])


def _websocket_choice(view: ExchangeView) -> Iterator[Note]:
    """What the server chose out of the lists of the client; names of protocols are case-sensitive."""
    chosen, offered = view.said("sec-websocket-protocol"), view.asked("sec-websocket-protocol")
    if chosen is not None and chosen not in [name.strip(" \t") for name in (offered or "").split(",")]:
        place = view.response_place("sec-websocket-protocol")
        yield WebSocketProtocol(*place, chosen=shown_text(chosen), offered=(offered or "none")[:60])
    known = _extensions(view.asked("sec-websocket-extensions"))
    for name in dict.fromkeys(_extensions(view.said("sec-websocket-extensions"))):
        if name not in known:
            yield WebSocketExtension(*view.response_place("sec-websocket-extensions"), chosen=name[:60])


def _extensions(value: str | None) -> list[str]:
    return [member.partition(";")[0].rstrip(" \t") for member in members(value)]
