"""Sends the responses that handlers give as values: those of known length here, others by `stream`.

Source: RFC 9112 section 6; RFC 9110 sections 6.4 and 8.6; streaming contract, section 2.1.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Set
from typing import TYPE_CHECKING, Any

from rawwfile.exchange import settle
from rawwfile.exchange.body import FileBlocks, FileSlice, join_pieces, slice_of_file
from rawwfile.exchange.flushing import FLUSH
from rawwfile.exchange.head import fixed_lines, has_no_content, response_head
from rawwfile.exchange.stream import Encoder, close, pump, send_stream

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

COLLECT_LIMIT = 16 * 1024 * 1024
"""Bytes that an iterator may make while it is not streamed."""
JOIN_LIMIT = 65536
"""Content up to this size is joined with the head for one send; of more, the first part is."""

_default: tuple[int, str, str, bytes] = (0, "", "", b"")


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
            send_stream(exchange, FileBlocks(body), body)
        else:
            _send_file(exchange, part)
    elif hasattr(body, "__iter__") and not isinstance(body, (Mapping, Set)):
        if response.stream:
            send_stream(exchange, iter(body), body)
        else:
            content = _collect(exchange, body)
            if exchange.wrote_by_hand:
                settle.settle_raw(exchange, exchange.response.wfile, None)
            else:
                _send_whole(exchange, content)
    elif hasattr(body, "__aiter__") or hasattr(body, "__await__"):
        _send_asynchronous(exchange, body)
    else:
        raise TypeError(
            f"{exchange.handler_name or 'the application'} returned {type(body).__name__}; "
            "return str, bytes, a list of them, an iterator, an open file or None"
        )


def _send_asynchronous(exchange: Exchange, body: Any) -> None:
    # asyncio takes longer to import than everything else here, and most applications never use it.
    from rawwfile.exchange.asynchronous import AsyncPieces, run_coroutine

    if hasattr(body, "__aiter__"):
        exchange.response.body = AsyncPieces(exchange, body.__aiter__())
    else:
        exchange.response.body = run_coroutine(exchange, body)
    send(exchange)


def finish_stream(exchange: Exchange) -> None:
    """Go on with the body after `exchange.write` has begun the response."""
    stream = exchange.stream
    assert stream is not None
    body = exchange.response.body
    pieces = iter(()) if body is None else iter(body if not isinstance(body, (bytes, str)) else [body])
    pump(exchange, stream, pieces, body)


def _collect(exchange: Exchange, body: Any) -> bytes:
    """Everything an iterator makes, joined; close() is called once, whatever happens."""
    parts, size = [], 0
    encoder = Encoder(exchange.response.charset)
    try:
        for piece in body:
            data = encoder(piece) if piece is not FLUSH else b""
            size += len(data)
            if size > COLLECT_LIMIT:
                raise ValueError(
                    f"the handler made more than {COLLECT_LIMIT} bytes without streaming; "
                    "set response.stream = True to send them piece by piece"
                )
            parts.append(data)
    finally:
        close(exchange, body)
    return b"".join(parts) + encoder.rest()


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
        or exchange.closing
        or settings.protocol != "HTTP/1.1"
        or not exchange.response.is_default
        or len(content) > JOIN_LIMIT
        or exchange.has_company
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
    exchange.run_before_end()
    exchange.drop_trailers("trailers go with chunked content")
    exchange.keep = exchange.may_keep()
    head = response_head(exchange, len(content))
    if has_no_content(exchange):
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
    if part.length <= JOIN_LIMIT and not has_no_content(exchange):
        try:
            content = part.read_all()
        finally:
            part.close()
        _send_whole(exchange, content)
        return
    try:
        exchange.run_before_end()
        head = response_head(exchange, part.length)
    except BaseException:
        part.close()
        raise
    response.head_sent = exchange.answered = True
    if has_no_content(exchange):
        part.close()
        exchange.channel.send_last(head)
        return
    exchange.content_bytes = part.length
    exchange.channel.send_last(head, part)
