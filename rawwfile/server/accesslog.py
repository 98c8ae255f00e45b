"""The access log: one line for each request, by way of `logging` ('rawwfile.access', level INFO).

Formats: 'common' and 'combined' as NCSA httpd and Apache have them, and 'json', one object a line.
Whatever a client sends is escaped, so that no request can end its line and forge another.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["LOGGER_NAME", "AccessEntry", "AccessLog"]

LOGGER_NAME = "rawwfile.access"

_UNSAFE = re.compile(r"[^ !#-\[\]-~]")
"""All but printable ASCII without '"' and the backslash, which would make an escape ambiguous."""
_UNSAFE_WORD = re.compile(r"[^!#-\[\]-~]")
"""The same for a field without quotes, which a space would end."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(slots=True)
class AccessEntry:
    """What is known of one request and its response, when both are over."""

    remote: str
    """Address of the client; '' on a Unix socket."""
    user: str | None
    """Who the client has proved to be, if anybody."""
    when: float
    """Time of the request, in seconds since 1970 UTC."""
    request_line: str
    """As received (latin-1), without its end; '' or '-' when none could be read."""
    status: int | None
    """From the bytes that were sent; None when they hold none."""
    content_bytes: int
    """Bytes of content sent, without head and framing."""
    referer: str | None
    user_agent: str | None
    duration: float
    """Seconds from the request to the end of the response."""
    first_byte: float | None
    """Seconds from the request to the first byte of the response, None when none was sent."""
    scheme: str
    raw: bool
    """Whether the handler wrote the response itself."""
    verdict: str
    """What the observer says of a raw response: 'complete', 'short', ..."""
    end: str
    """'complete', 'error', 'client-gone', 'timeout' or 'shutdown'."""
    handler: str | None
    findings: Sequence[str] = ()
    """What there is to say about a raw response."""


class AccessLog:
    """Writes entries to the logger in one of the formats. Any thread may call `record`."""

    def __init__(self, format: str = "common", logger: logging.Logger | None = None) -> None:
        if format not in _FORMATS:
            raise ValueError(f"access log format {format!r} is unknown. Use {', '.join(_FORMATS)}.")
        self.format = format
        self.logger = logging.getLogger(LOGGER_NAME) if logger is None else logger
        self._line = _FORMATS[format]
        self.enabled = False
        """Whether anybody listens; test it before making an entry."""
        self.refresh()

    def refresh(self) -> None:
        """Compute `enabled` anew, after the logging configuration has changed."""
        self.enabled = self.logger.isEnabledFor(logging.INFO) and self.logger.hasHandlers()

    def record(self, entry: AccessEntry) -> None:
        """Log `entry`. The log record has it as its attribute `entry`."""
        if not self.enabled:
            return
        # Not logger.info(), which walks the stack to find out who called it.
        record = self.logger.makeRecord(
            self.logger.name, logging.INFO, "", 0, self._line(entry), (), None, extra={"entry": entry}
        )
        self.logger.handle(record)


# -- formats -------------------------------------------------------------------------------------


def _common(entry: AccessEntry) -> str:
    return (
        f"{_word(entry.remote)} - {_word(entry.user)} {_clf_time(entry.when)} "
        f'"{_text(entry.request_line)}" {entry.status or "-"} {entry.content_bytes or "-"}'
    )


def _combined(entry: AccessEntry) -> str:
    return f'{_common(entry)} "{_text(entry.referer)}" "{_text(entry.user_agent)}"'


def _json(entry: AccessEntry) -> str:
    method, target, version = _split_request_line(entry.request_line)
    fields = {
        "time": _iso_time(entry.when),
        "remote": entry.remote or None,
        "user": entry.user,
        "method": method,
        "target": target,
        "version": version,
        "status": entry.status,
        "bytes": entry.content_bytes,
        "duration_ms": round(entry.duration * 1000, 3),
        "first_byte_ms": None if entry.first_byte is None else round(entry.first_byte * 1000, 3),
        "scheme": entry.scheme,
        "raw": entry.raw,
        "verdict": entry.verdict,
        "end": entry.end,
        "handler": entry.handler,
        "findings": list(entry.findings),
        "referer": entry.referer,
        "user_agent": entry.user_agent,
    }
    # ASCII only: U+2028 ends a line in some readers, and a lone surrogate cannot be written at all.
    # DEL is the one control character that json leaves as it is.
    return json.dumps(fields, ensure_ascii=True).replace("\x7f", "\\u007f")


_FORMATS: dict[str, Callable[[AccessEntry], str]] = {"common": _common, "combined": _combined, "json": _json}


def _split_request_line(line: str) -> tuple[str | None, str | None, str | None]:
    """Return method, target and version; for a line that is not of three parts, target alone."""
    parts = line.split(" ")
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    return None, line if line not in ("", "-") else None, None


# -- escapes -------------------------------------------------------------------------------------


def _text(text: str | None) -> str:
    """Return `text` for use between quotes."""
    return _UNSAFE.sub(_escape, text) if text else "-"


def _word(text: str | None) -> str:
    """Return `text` for use between spaces."""
    return _UNSAFE_WORD.sub(_escape, text) if text else "-"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


# -- times ---------------------------------------------------------------------------------------

_clf_second: tuple[int, str] = (-1, "")
_iso_second: tuple[int, str] = (-1, "")
# The text of the last second asked for. A tuple is swapped whole, so no lock is needed.


def _clf_time(when: float) -> str:
    """Return '[21/Nov/2026:11:06:00 +0000]' in the local zone."""
    global _clf_second
    second, text = _clf_second
    if second != int(when):
        second = int(when)
        local = time.localtime(second)
        # Not strftime's %b, which follows the locale that an application may set.
        month = _MONTHS[local.tm_mon - 1]
        text = time.strftime(f"[%d/{month}/%Y:%H:%M:%S %z]", local)
        _clf_second = (second, text)
    return text


def _iso_time(when: float) -> str:
    """Return '2026-11-21T11:06:00.250Z'."""
    global _iso_second
    second, text = _iso_second
    if second != int(when):
        second = int(when)
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))
        _iso_second = (second, text)
    return f"{text}.{int(when % 1 * 1000):03d}Z"
