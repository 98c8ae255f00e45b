"""The head of a managed response: status line, fields, and what frames the content.

Source: RFC 9112 sections 4 and 6; RFC 9110 sections 6.4, 6.6.1 and 8.6.
"""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING

from rawwfile.http.dates import format_http_date

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

log = logging.getLogger("rawwfile")

_line_break = re.compile(r"[\r\n\0]")
_clock: tuple[int, str, str] = (0, "", "")


def fixed_lines(server_name: str) -> str:
    """The Server and Date lines, made once a second."""
    global _clock
    now = int(time.time())
    second, name, lines = _clock
    if second != now or name != server_name:
        server = f"Server: {server_name}\r\n" if server_name else ""
        lines = f"{server}Date: {format_http_date(now)}\r\n"
        _clock = (now, server_name, lines)
    return lines


def has_no_content(exchange: Exchange) -> bool:
    """HEAD, 204 and 304 end with the head (RFC 9110 section 6.4.1)."""
    return exchange.head.method == b"HEAD" or exchange.response.status_code in (204, 304)


def declared_length(exchange: Exchange) -> int | None:
    """The Content-Length that the handler has set; None without a good one."""
    value = str(exchange.response.headers.get("Content-Length", ""))
    return int(value) if value.isascii() and value.isdigit() else None


def response_head(exchange: Exchange, length: int | None, *, chunked: bool = False) -> bytes:
    """Status line and fields; `length` of the content where it is known.

    Raises ValueError for a status that is no final one, or a cookie with a line break.
    """
    response, settings = exchange.response, exchange.settings
    code = response.status_code
    if code < 200:
        raise ValueError(f"{code} is no final status; write 1xx responses by hand on response.wfile")
    headers = response.headers
    if "Connection" in headers:
        if "close" in str(headers["Connection"]).lower():
            exchange.keep = False
        del headers["Connection"]
    if "Transfer-Encoding" in headers:
        log.warning("%s: Transfer-Encoding is the server's to set; the handler's own is left out", exchange)
        del headers["Transfer-Encoding"]
    _set_length(exchange, code, length)
    lines = [f"{settings.protocol} {code} {response.reason}"]
    lines += response.field_lines()
    for line in lines:
        if found := _line_break.search(line):
            raise ValueError(f"{found[0]!r} in a field line: {line[:60]!r}")
    if chunked:
        lines.append("Transfer-Encoding: chunked")
        if names := exchange.trailer_names:
            lines.append(f"Trailer: {', '.join(names)}")
    options = ["close"] if not exchange.keep else ["keep-alive"] if not exchange.head.minor else []
    if "Upgrade" in headers:
        options.append("upgrade")  # RFC 9110 section 7.8: it goes no further than to the next recipient
    if options:
        lines.append(f"Connection: {', '.join(options)}")
    fixed = fixed_lines(settings.server_name)
    if "Server" in headers or "Date" in headers:
        fixed = "".join(
            f"{line}\r\n" for line in fixed.split("\r\n") if line and line.partition(":")[0] not in headers
        )
    return ("\r\n".join(lines) + "\r\n" + fixed + "\r\n").encode("latin-1")


def _set_length(exchange: Exchange, code: int, length: int | None) -> None:
    """Make Content-Length say the truth, or leave it out where it may not stand."""
    headers = exchange.response.headers
    if code == 204:
        for name in ("Content-Length", "Content-Type"):
            headers.pop(name, None)
        return
    declared = headers.get("Content-Length")
    if length is None:
        if declared is not None and declared_length(exchange) is None:
            log.warning("%s: Content-Length %r is no number; it is left out", exchange, declared)
            del headers["Content-Length"]
        return
    if code == 304:
        return
    if declared is not None and (exchange.head.method == b"HEAD" and not length):
        return
    if declared is not None and str(declared) not in (str(length), "0"):
        log.warning("%s: Content-Length was set to %s for a body of %d bytes; corrected", exchange, declared, length)
    headers["Content-Length"] = length
