"""From an exchange to its line in the access log."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rawwfile.server.accesslog import AccessEntry

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange
    from rawwfile.http.observe import ResponseObserver
    from rawwfile.server.connection import Connection


def entry_of(exchange: Exchange) -> AccessEntry:
    """The entry of a finished exchange; status and bytes of a raw response are those read from it."""
    request, response, observed = exchange.request, exchange.response, exchange.response.observed
    raw = observed if observed is not None and observed.verdict != "interim" else None
    answered = response.status_code if exchange.answered else None
    duration = time.monotonic() - exchange.started
    return AccessEntry(
        remote=request.remote_addr,
        user=None,
        when=time.time() - duration,
        request_line=request.requestLine,
        status=answered if raw is None else raw.status,
        content_bytes=exchange.content_bytes if raw is None else _bytes_of(raw),
        referer=request.headers.get("referer"),
        user_agent=request.headers.get("user-agent"),
        duration=duration,
        first_byte=exchange.first_byte if exchange.first_byte is not None or answered is None else duration,
        scheme=request.scheme,
        raw=raw is not None,
        verdict=raw.verdict if raw is not None else "managed" if exchange.answered else "untouched",
        end=exchange.end,
        handler=exchange.handler_name,
        findings=[] if observed is None else _complaints(observed),
    )


def _bytes_of(observed: ResponseObserver) -> int:
    return observed.bytes_seen if observed.status is None else observed.content_bytes + observed.excess


def _complaints(observed: ResponseObserver) -> list[str]:
    """What is wrong with a raw response; what is merely worth knowing stays out of the log."""
    return [str(finding) for finding in observed.findings if finding.level in ("warning", "bad")]


def entry_of_rejection(connection: Connection, status: int, count: int) -> AccessEntry:
    """The entry of bytes that were no request and got an error page of `count` bytes."""
    return AccessEntry(
        remote=connection.peer()[0],
        user=None,
        when=time.time(),
        request_line="-",
        status=status,
        content_bytes=count,
        referer=None,
        user_agent=None,
        duration=0.0,
        first_byte=None,
        scheme=connection.scheme,
        raw=False,
        verdict="rejected",
        end="error",
        handler=None,
        findings=[],
    )
