"""What the client gets, and what the log says, when a handler raises."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rawwfile.errors import HTTPError, HTTPRedirect, InternalRedirect, ProtocolError
from rawwfile.exchange.response import REASONS

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

log = logging.getLogger("rawwfile")

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def refusal(error: ProtocolError) -> HTTPError:
    """The HTTPError that answers a request which breaks HTTP; the connection ends with it."""
    return HTTPError(error.status_hint, str(error), close=True)


def prepare(exchange: Exchange, error: BaseException) -> None:
    """Make `exchange.response` the answer to `error`, and log it if it is a failure of the handler."""
    response = exchange.response
    if isinstance(error, HTTPRedirect):
        _prepare_redirect(exchange, error)
        return
    if isinstance(error, HTTPError):
        status, message = error.status, error.message
        if error.close:
            exchange.closing = True
        if status >= 500:
            log.warning("%s: %s", exchange, error)
    else:
        status, message = 500, "The handler failed; the server's log says how."
        exchange.end = "error"
        if isinstance(error, InternalRedirect):
            message = f"InternalRedirect to {error.path} cannot be followed here."
        log_failure(exchange, error, "")
    if not 200 <= status <= 599:
        status, message = 500, f"The handler raised HTTPError({status}), which is no final status."
    response.restart()
    response.sendResponse = 1
    reason = error.reason if isinstance(error, HTTPError) and error.reason else REASONS.get(status, "")
    response.status = f"{status} {reason}"
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    if isinstance(error, HTTPError):
        for name, value in error.headers.items():
            response.headers[name] = value
    title = f"{status} {reason}".rstrip()
    response.body = (f"{title}\n\n{message}\n" if message else f"{title}\n").encode("utf-8", "replace")


def _prepare_redirect(exchange: Exchange, error: HTTPRedirect) -> None:
    response = exchange.response
    status = error.status or (303 if exchange.head.minor >= 1 else 302)
    held = response.__dict__.get("simpleCookie")
    response.restart()
    if held:
        response.__dict__["simpleCookie"] = held
    response.status = status
    # What is no URI character is percent-encoded; "%" stays, so that encoded URLs pass through.
    location = quote(error.url, safe="%:/?#[]@!$&'()*+,;=~-._")
    response.headers["Location"] = location
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.body = f"{status} {REASONS[status]}: {location}\n"


def name_of(handler: Any) -> str:
    """A handler's name with the place of its definition."""
    function = getattr(handler, "__func__", handler)
    # A decorator that keeps to the rules says what it wraps: that is what people wrote.
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", None) or type(handler).__qualname__
    if code is None:
        return str(name)
    return f"{name} ({os.path.basename(code.co_filename)}:{code.co_firstlineno})"


def log_failure(exchange: Exchange, error: BaseException, where: str) -> None:
    """Log what a handler raised, with the part of the traceback that is the application's."""
    name = exchange.handler_name or "the application"
    theirs = error.__traceback__
    while theirs is not None and _is_ours(theirs.tb_frame.f_code.co_filename):
        theirs = theirs.tb_next
    if theirs is None and isinstance(error, (TypeError, ValueError)):
        # Found by the engine in what the handler gave: its message says everything.
        log.error("%s: %s: %s%s", exchange, name, error, where)
        return
    log.error(
        "%s: %s raised %s%s",
        exchange,
        name,
        type(error).__name__,
        where,
        exc_info=(type(error), error, theirs or error.__traceback__),
    )


def _is_ours(path: str) -> bool:
    # Where rawwfile is installed, its examples lie inside of it.
    return path.startswith(_OURS) and not path.startswith(_OURS + "legacy_examples")
