"""Why a connection ends, in one sentence: for recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rawwfile.server.connection import READING

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

_WHY_BY_HAND = {
    "open-ended": "only the close ends the response",
    "excess": "the handler wrote more than one response",
    "unreadable": "what the handler wrote is no HTTP response",
}
"""Why a connection ends after what a handler wrote, by the verdict on it."""


def why_close(connection: Any, exchange: Exchange | None) -> str:
    """Why a connection is closed after this exchange, in one sentence."""
    if exchange is None:
        track = connection.recording.track
        if track is not None and track.exchange is not None:
            return "the request was refused"
        if connection.scheme == "https" and track is not None and track.connection.tls is None:
            return "the TLS handshake failed"
        return "more of the request content was left unread than is passed over"
    if exchange.cut:
        return "the response is not whole, and the client shall see that"
    if connection.loop.stopping:
        return "the server stops"
    if exchange.upgraded:
        return "the other protocol has ended"
    if exchange.wrote_by_hand:
        observer = exchange.response.wfile.observer
        if observer.verdict in _WHY_BY_HAND:
            return _WHY_BY_HAND[observer.verdict]
        if observer.doubtful:
            return "clients could disagree where the response ends"
    if exchange.stream is not None and not exchange.stream.delimited:
        return "only the close ends the response"
    if not exchange.head.keep_alive:
        return "the request does not ask to keep it"
    if not exchange.body_allows_keep():
        return "more of the request content was left unread than is passed over"
    return "the response says that it closes"


def why_idle(connection: Any) -> str:
    """Why a connection is closed that nobody has given a reason for."""
    if connection.reader.eof:
        return "the client closed it" if connection.requests else "the client closed it without a request"
    if connection.loop.stopping:
        return "the server stops"
    if connection.state == READING:
        return "no request came in time" if connection.requests else "nothing came in time"
    return ""
