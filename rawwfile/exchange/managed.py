"""Sends the responses that handlers give as values: head, framing, body in one or in pieces.

Nothing goes out before the first non-empty piece, so an error until then is an error page. The end
of the body is sent only after the last piece was made; every other ending is visible as a cut.
Source: RFC 9112 sections 6 and 7; RFC 9110 sections 6.4 and 8.6.
"""

from __future__ import annotations

import codecs
import logging
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rawwfile.exchange import errorpage
from rawwfile.exchange.body import FileBlocks, FileSlice, encode_chunk, join_pieces, slice_of_file
from rawwfile.http.dates import format_http_date

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

log = logging.getLogger("rawwfile")

COLLECT_LIMIT = 16 * 1024 * 1024
"""Bytes that an iterator may make while it is not streamed."""
JOIN_LIMIT = 65536
"""Content up to this size is joined with the head for one send; of more, the first part is."""

_line_break = re.compile(r"[\r\n\0]")
_clock: tuple[int, str, str] = (0, "", "")
_default: tuple[int, str, str, bytes] = (0, "", "", b"")


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


def send(exchange: Exchange) -> None:
    """Send the response that `exchange.response` describes, whole or piece by piece."""
    response = exchange.response
    body = response.body
    if isinstance(body, str):
        _send_content(exchange, body.encode(response.charset))
    elif isinstance(body, (bytes, bytearray, memoryview)):
        _send_content(exchange, bytes(body))
    elif body is None:
        _send_whole(exchange, b"")
    elif isinstance(body, (list, tuple)) and not response.stream:
        _send_whole(exchange, join_pieces(body, response.charset))
    elif isinstance(body, FileSlice):
        _send_file(exchange, body)
    elif hasattr(body, "read"):
        part = slice_of_file(body)
        if part is None:
            _send_stream(exchange, FileBlocks(body), body)
        else:
            _send_file(exchange, part)
    elif hasattr(body, "__iter__"):
        if response.stream:
            _send_stream(exchange, iter(body), body)
        else:
            _send_whole(exchange, _collect(exchange, body))
    else:
        raise TypeError(
            f"{exchange.handler_name or 'the application'} returned {type(body).__name__}; "
            "return str, bytes, a list of them, an iterator, an open file or None"
        )


def finish_stream(exchange: Exchange) -> None:
    """Go on with the body after `exchange.write` has begun the response."""
    stream = exchange.stream
    assert stream is not None
    body = exchange.response.body
    pieces = iter(()) if body is None else iter(body if not isinstance(body, (bytes, str)) else [body])
    _pump(exchange, stream, pieces, body)


def _collect(exchange: Exchange, body: Any) -> bytes:
    """Everything an iterator makes, joined; close() is called once, whatever happens."""
    parts, size = [], 0
    encoder = _Encoder(exchange.response.charset)
    try:
        for piece in body:
            data = encoder(piece)
            size += len(data)
            if size > COLLECT_LIMIT:
                raise ValueError(
                    f"the handler made more than {COLLECT_LIMIT} bytes without streaming; "
                    "set response.stream = True to send them piece by piece"
                )
            parts.append(data)
    finally:
        _close(exchange, body)
    return b"".join(parts)


class _Encoder:
    """Encodes pieces of text one after the other, so that a stateful charset stays right."""

    __slots__ = ("_charset", "_encoder")

    def __init__(self, charset: str) -> None:
        self._charset = charset
        self._encoder: codecs.IncrementalEncoder | None = None

    def __call__(self, piece: Any) -> bytes:
        if isinstance(piece, str):
            if self._encoder is None:
                self._encoder = codecs.getincrementalencoder(self._charset)()
            return self._encoder.encode(piece)
        return encode_chunk(piece, self._charset)


def _close(exchange: Exchange, body: Any) -> None:
    close = getattr(body, "close", None)
    if close is None:
        return
    try:
        close()
    except Exception as error:  # noqa: BLE001 - the response is what it is; the error is the handler's
        errorpage.log_failure(exchange, error, " in close()")


def _has_no_content(exchange: Exchange) -> bool:
    """HEAD, 204 and 304 end with the head (RFC 9110 section 6.4.1)."""
    return exchange.head.method == b"HEAD" or exchange.response.status_code in (204, 304)


def _send_content(exchange: Exchange, content: bytes) -> None:
    """Send a content of known length; the ordinary response goes out in the fewest steps.

    Ordinary is one that sets nothing but its body, to a request that asks for nothing special: its
    head changes once a second. `_send_whole` would send the same bytes.
    """
    global _default
    request_head, settings = exchange.head, exchange.settings
    if (
        not request_head.fields.plain
        or not request_head.minor
        or request_head.method == b"HEAD"
        or exchange.stopping
        or settings.protocol != "HTTP/1.1"
        or not exchange.response.is_default
        or len(content) > JOIN_LIMIT
    ):
        _send_whole(exchange, content)
        return
    now = int(time.time())
    charset, name = exchange.response.charset, settings.server_name
    second, for_charset, for_name, prefix = _default
    if second != now or for_charset != charset or for_name != name:
        prefix = (
            f"HTTP/1.1 200 OK\r\nContent-Type: {exchange.response.default_content_type}\r\n"
            f"{fixed_lines(name)}Content-Length: "
        ).encode("latin-1")
        _default = (now, charset, name, prefix)
    exchange.keep = exchange.answered = exchange.response.head_sent = True
    exchange.content_bytes = length = len(content)
    exchange.channel.send_last(b"%b%d\r\n\r\n%b" % (prefix, length, content))


def _send_whole(exchange: Exchange, content: bytes) -> None:
    exchange.keep = exchange.may_keep()
    head = _head(exchange, len(content))
    if _has_no_content(exchange):
        content = b""
    exchange.response.head_sent = exchange.answered = True
    exchange.content_bytes = length = len(content)
    if length <= JOIN_LIMIT:
        exchange.channel.send_last(head + content)
    else:
        # One send for the head and as much as goes along with it, no copy of the rest.
        exchange.channel.send_last(head + content[:JOIN_LIMIT], memoryview(content)[JOIN_LIMIT:])


def _send_file(exchange: Exchange, part: FileSlice) -> None:
    exchange.keep = exchange.may_keep()
    response = exchange.response
    if part.length <= JOIN_LIMIT and not _has_no_content(exchange):
        try:
            content = part.read_all()
        finally:
            part.close()
        _send_whole(exchange, content)
        return
    head = _head(exchange, part.length)
    response.head_sent = exchange.answered = True
    if _has_no_content(exchange):
        part.close()
        exchange.channel.send_last(head)
        return
    exchange.content_bytes = part.length
    exchange.channel.send_last(head, part)


def _send_stream(exchange: Exchange, pieces: Iterator[Any], body: Any) -> None:
    encoder = _Encoder(exchange.response.charset)
    first = b""
    try:
        for piece in pieces:
            first = encoder(piece)
            if first:
                break
        stream = exchange.stream = ManagedStream(exchange, first, encoder)
    except BaseException:
        _close(exchange, body)
        raise
    _pump(exchange, stream, pieces, body)


def _pump(exchange: Exchange, stream: ManagedStream, pieces: Iterator[Any], body: Any) -> None:
    """Send each piece before the next is asked for; the end only after the last."""
    try:
        if not stream.no_content:
            for piece in pieces:
                stream.send(piece)
            stream.finish()
    finally:
        _close(exchange, body)


class ManagedStream:
    """A response that is sent piece by piece: the head goes out with the first.

    Framing: the handler's own Content-Length, else chunked, else (HTTP/1.0) the close of the
    connection. Raises ClientDisconnected from any send.
    """

    def __init__(self, exchange: Exchange, first: Any, encoder: _Encoder | None = None) -> None:
        response = exchange.response
        self._exchange = exchange
        self._encoder = encoder or _Encoder(response.charset)
        self.no_content = _has_no_content(exchange)
        self.left = None if self.no_content else _declared_length(exchange)
        spoken = exchange.head.minor >= 1 and exchange.settings.protocol != "HTTP/1.0"
        self.chunked = self.left is None and not self.no_content and spoken
        exchange.keep = exchange.may_keep() and self.delimited
        head = _head(exchange, None, chunked=self.chunked)
        response.head_sent = exchange.answered = True
        exchange.mark_first_byte()
        data = b"" if self.no_content else self._frame(self._encoder(first))
        exchange.channel.send(head + data)

    @property
    def delimited(self) -> bool:
        """The client can tell where the content ends without the close of the connection."""
        return self.chunked or self.left is not None or self.no_content

    def send(self, piece: Any) -> None:
        """Send one piece of content; nothing for an empty one."""
        data = self._encoder(piece)
        if data and not self.no_content:
            self._exchange.channel.send(self._frame(data))

    def _frame(self, data: bytes) -> bytes:
        if self.left is not None:
            if len(data) > self.left:
                raise ValueError(
                    f"the handler made {len(data) - self.left} bytes more than its Content-Length; they are not sent"
                )
            self.left -= len(data)
        self._exchange.content_bytes += len(data)
        return b"%x\r\n%b\r\n" % (len(data), data) if self.chunked and data else data

    def finish(self) -> None:
        """Say that the content is whole. Raises ValueError when it is shorter than it was to be."""
        if self.left:
            raise ValueError(f"the handler made {self.left} bytes less than its Content-Length")
        if self.chunked:
            self._exchange.channel.send_last(b"0\r\n\r\n")


def _declared_length(exchange: Exchange) -> int | None:
    value = str(exchange.response.headers.get("Content-Length", ""))
    return int(value) if value.isascii() and value.isdigit() else None


def _head(exchange: Exchange, length: int | None, *, chunked: bool = False) -> bytes:
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
    if not exchange.keep:
        lines.append("Connection: close")
    elif not exchange.head.minor:
        lines.append("Connection: keep-alive")
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
        if declared is not None and _declared_length(exchange) is None:
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
