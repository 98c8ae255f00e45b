"""After a raw handler: was the response whole, may the connection live, and what does the log say.

    observer's verdict   connection                                   log
    complete             kept, where RFC 9112 section 9.3 allows it   -
    open-ended           closed after every byte                      -
    short                closed as cut                                how much is missing
    excess               closed after every byte                      how much is too much
    unreadable           closed after every byte                      the first offending bytes
    upgraded             closed                                       -
    untouched, interim   closed (sendResponse = 0 with no answer)     that nothing was written

Never is a byte added to what the handler wrote.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from rawwfile.errors import ClientDisconnected
from rawwfile.exchange import errorpage

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange
    from rawwfile.exchange.wfile import RawWriter

log = logging.getLogger("rawwfile")


def leaves_answer_to_us(exchange: Exchange, writer: RawWriter | None) -> bool:
    """The handler wrote no final response and did not claim to: its return value is the answer."""
    verdict = "untouched" if writer is None else writer.observer.verdict
    return verdict in ("untouched", "interim") and bool(exchange.response.sendResponse)


def settle_raw(exchange: Exchange, writer: RawWriter | None, error: BaseException | None) -> None:
    """Decide `keep`, `cut` and `end` of an exchange whose handler wrote the response.

    writer: None if `sendResponse` was set to 0 and `wfile` never asked for. error: what the
    handler raised after it had written. Source: RFC 9112 sections 8 and 9.3.
    """
    exchange.keep = False
    name = exchange.handler_name or "the application"
    if writer is not None and writer.lost is not None:
        _note_lost_client(exchange, writer.lost)
        return
    if writer is None or writer.observer.verdict == "untouched":
        log.warning("%s: %s set response.sendResponse = 0 and wrote nothing; closing", exchange, name)
        exchange.end = "error"
        return
    observer = writer.observer
    verdict = observer.verdict
    if verdict == "interim":
        log.warning(
            "%s: %s set response.sendResponse = 0 after %s only; the final response is missing; closing",
            exchange,
            name,
            " and ".join(str(status) for status in observer.interim),
        )
        exchange.end, exchange.cut = "error", True
        return
    if error is None:
        _note_left_at_one(exchange, name, observer.bytes_seen)
    else:
        _note_error(exchange, error, verdict, observer.bytes_seen)
    if verdict == "complete":
        exchange.keep = observer.may_keep and exchange.may_keep()
    elif verdict in ("short", "excess", "unreadable"):
        exchange.end = "error"
        exchange.cut = verdict == "short"
        log.warning("%s: %s wrote %s; closing the connection", exchange, name, observer.explain())


def _note_lost_client(exchange: Exchange, error: ClientDisconnected) -> None:
    exchange.cut, exchange.reset = True, exchange.channel.scheme == "http"
    exchange.end = "timeout" if isinstance(error.__cause__, TimeoutError) else "client-gone"
    log.info("%s: %s", exchange, error)


def _note_left_at_one(exchange: Exchange, name: str, count: int) -> None:
    if exchange.response.sendResponse:
        log.warning(
            "%s: %s wrote %d bytes on response.wfile and left response.sendResponse at 1; no second response "
            "is sent. Add this line before it returns: response.sendResponse = 0",
            exchange,
            name,
            count,
        )


def _note_error(exchange: Exchange, error: BaseException, verdict: str, count: int) -> None:
    exchange.end = "error"
    # A response that only closing ends would look whole after an ordinary close.
    exchange.cut = verdict in ("open-ended", "short")
    exchange.reset = verdict == "open-ended" and exchange.channel.scheme == "http"
    errorpage.log_failure(exchange, error, f" after {count} bytes of its response; nothing is added to them")
