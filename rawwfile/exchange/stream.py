"""A response that is sent piece by piece: the one engine of every kind of stream.

    prime    the body is advanced to its first piece that is not empty; nothing has gone out
    head     status line, fields and that piece, in one send
    stream   one piece is asked for, sent whole, and only then the next is asked for
    end      the last chunk, before close(); only after the body has ended by itself
    close    once, in the thread and context that ran the body

Every other ending is visible to the client as a cut.
Source: streaming contract, sections 0 to 2; RFC 9112 sections 6 and 7.
"""

from __future__ import annotations

import codecs
import logging
from collections.abc import Iterator
from contextlib import nullcontext
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected, HTTPError, Shutdown
from rawwfile.exchange import errorpage, settle
from rawwfile.exchange.body import encode_chunk
from rawwfile.exchange.channel import Handle
from rawwfile.exchange.flushing import FLUSH, flush_policy
from rawwfile.exchange.head import declared_length, has_no_content, response_head

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

log = logging.getLogger("rawwfile")

RATE_AFTER = 10.0
"""Seconds of sending after which `--min-rate` is held against a client."""
SOON = 0.001
"""Seconds until a late flush is tried again that met the handler at work."""


class Encoder:
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

    def rest(self) -> bytes:
        """What a stateful charset still has to say at the end of the text."""
        return b"" if self._encoder is None else self._encoder.encode("", True)


def send_stream(exchange: Exchange, pieces: Iterator[Any], body: Any) -> None:
    """Send an iterator piece by piece; `body` is what has the close()."""
    if not exchange.channel.begin_stream():
        close(exchange, body)
        raise HTTPError(503, "Too many streams are open; try again soon.", headers={"Retry-After": "5"})
    encoder = Encoder(exchange.response.charset)
    first = b""
    try:
        for piece in pieces:
            first = encoder(piece) if piece is not FLUSH else b""
            if first:
                break
        if exchange.wrote_by_hand:
            # What the body writes on response.wfile while it is primed is the response.
            close(exchange, body)
            settle.settle_raw(exchange, exchange.response.wfile, None)
            return
        limit = exchange.settings.timeout_first_chunk
        if limit is not None and monotonic() - exchange.started > limit:
            raise HTTPError(504, f"The handler had nothing to send for {limit:g} s (--timeout-first-chunk).")
        stream = exchange.stream
        if stream is None:
            stream = ResponseStream(exchange, first, encoder)
        elif first:
            # The handler wrote while its body was primed (WSGI's write): the head is out.
            stream.send(first)
    except BaseException:
        close(exchange, body)
        raise
    pump(exchange, stream, pieces, body)


def pump(exchange: Exchange, stream: ResponseStream, pieces: Iterator[Any], body: Any) -> None:
    """Send each piece before the next is asked for; the end only after the last, and before close()."""
    try:
        if not stream.no_content:
            for piece in pieces:
                stream.send(piece)
            stream.finish()
    finally:
        close(exchange, body)


def close(exchange: Exchange, body: Any) -> None:
    """Close a body; the response is what it is, so an error in it is only logged."""
    method = getattr(body, "close", None)
    if method is None:
        return
    try:
        method()
    except Exception as error:  # noqa: BLE001 - the error is the handler's, and too late to be answered
        errorpage.log_failure(exchange, error, " in close()")


class ResponseStream:
    """The framing and sending of one streamed response; its head goes out with `first`.

    Framing: the handler's own Content-Length, else chunked, else (HTTP/1.0) the close of the
    connection. delimited: the client can tell where the content ends without that close.
    Raises ClientDisconnected, Shutdown and ValueError (a false Content-Length) from any send.
    """

    def __init__(self, exchange: Exchange, first: bytes, encoder: Encoder | None = None) -> None:
        response, settings = exchange.response, exchange.settings
        self._exchange = exchange
        self._channel = exchange.channel
        self._presence = exchange.presence
        self._encode = encoder or Encoder(response.charset)
        self.no_content = has_no_content(exchange)
        self._left = None if self.no_content else declared_length(exchange)
        self.chunked = self._left is None and not self.no_content and exchange.speaks_chunked
        self.delimited = self.chunked or self._left is not None or self.no_content
        policy = flush_policy(response.flush)
        self._size = None if policy is None else policy.size
        self._delay = None if policy is None else policy.delay
        self._held: list[bytes] | None = None if policy is None else []
        self._held_bytes = 0
        self._timer: Handle | None = None
        self._beating: Handle | None = None
        self._lock = RLock() if response.heartbeat or self._delay else None
        self._rest = b""
        self._last_byte = b""
        self._over = False
        self._sent_at = monotonic()
        self._ends_at = None if settings.timeout_stream is None else exchange.started + settings.timeout_stream
        self._rate = _Rate(settings.min_rate) if settings.min_rate else None
        exchange.keep = exchange.may_keep() and self.delimited
        head = response_head(exchange, None, chunked=self.chunked)
        response.head_sent = exchange.answered = True
        # Now, since a send that fails must not make the next one begin a second response.
        exchange.stream = self
        exchange.mark_first_byte()
        data, excess = (b"", 0) if self.no_content else self._frame(first)
        ended = self._presence.check()
        self._put(head + data)
        self._refuse_excess(excess)
        if ended:
            self._presence.probe()
        if response.heartbeat and not self.no_content:
            self._arm_heartbeat(*response.heartbeat)

    # -- pieces

    def send(self, piece: Any) -> None:
        """Send one piece of content; an empty one only looks whether the client is there."""
        if piece is FLUSH:
            self._flush()
            return
        data = self._encode(piece)
        ended = self._presence.check()
        if self._channel.streams_over:
            raise Shutdown("the server is stopping")
        if not data:
            if ended:
                raise ClientDisconnected("the client is gone, and there is nothing to send to it")
            return
        if self.no_content:
            return
        if self._ends_at is not None and monotonic() > self._ends_at:
            raise _too_old(self._exchange)
        if self._held is None:
            framed, excess = self._frame(data)
            self._put(framed)
            self._refuse_excess(excess)
        else:
            self._hold(data)
        if ended:
            self._presence.probe()

    def _frame(self, data: bytes) -> tuple[bytes, int]:
        """`data` as it goes out, and by how many bytes it was more than the Content-Length."""
        excess = 0
        if self._left is not None:
            excess = max(0, len(data) - self._left)
            data = data[: self._left]
            self._left -= len(data)
            if excess:
                data, self._last_byte = self._last_byte + data, b""
            elif data and not self._left:
                # A client that has counted all of it takes the response for complete, which the body's end decides.
                data, self._last_byte = data[:-1], data[-1:]
        self._exchange.content_bytes += len(data)
        return (b"%x\r\n%b\r\n" % (len(data), data) if self.chunked and data else data), excess

    def _refuse_excess(self, excess: int) -> None:
        if excess:
            raise ValueError(f"the handler made {excess} bytes more than its Content-Length; they are not sent")

    def _put(self, data: bytes) -> None:
        self._presence.sends += 1
        if self._lock is None:
            if self._rate is None:
                self._channel.send(data)
            else:
                self._rate.send(self._channel, data)
            return
        with self._lock:
            data, self._rest = self._rest + data, b""
            self._channel.send(data)
            self._sent_at = monotonic()

    # -- pieces that wait for others

    def _hold(self, data: bytes) -> None:
        with self._lock or nullcontext():
            assert self._held is not None
            self._held.append(data)
            self._held_bytes += len(data)
            full = self._size is not None and self._held_bytes >= self._size
            if not full and self._delay is not None and self._timer is None:
                self._timer = self._channel.call_at(monotonic() + self._delay, self._flush_late)
        if full:
            self._flush()

    def _flush(self) -> None:
        framed, excess = self._take_held()
        if framed:
            self._put(framed)
        self._refuse_excess(excess)

    def _take_held(self) -> tuple[bytes, int]:
        with self._lock or nullcontext():
            if not self._held:
                return b"", 0
            held, self._held, self._held_bytes = self._held, [], 0
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        return self._frame(b"".join(held))

    def _flush_late(self) -> None:
        """The time of what waits is up; in the monitor's thread, which must not wait."""
        assert self._lock is not None
        if not self._lock.acquire(blocking=False):
            self._timer = self._channel.call_at(monotonic() + SOON, self._flush_late)
            return
        try:
            self._timer = None
            if not self._over and self._held:
                self._send_aside(self._take_held()[0])
        finally:
            self._lock.release()

    # -- from the monitor's thread

    def _arm_heartbeat(self, seconds: float, beat: bytes) -> None:
        framed = b"%x\r\n%b\r\n" % (len(beat), beat) if self.chunked else beat
        if self._left is not None:
            return  # there is no room in a counted content

        def pulse() -> None:
            if self._over:
                return
            assert self._lock is not None
            if self._lock.acquire(blocking=False):
                try:
                    if not self._over and not self._rest and monotonic() - self._sent_at >= seconds * 0.9:
                        self._send_aside(framed)
                finally:
                    self._lock.release()
            self._beating = self._channel.call_at(max(self._sent_at, monotonic() - seconds) + seconds, pulse)

        self._beating = self._channel.call_at(monotonic() + seconds, pulse)

    def _send_aside(self, data: bytes) -> None:
        """Send without waiting; what the kernel leaves goes out before the next piece."""
        data = self._rest + data
        try:
            count = self._channel.try_send(data)
        except OSError:
            return  # the handler's own next send, or the watch, finds the same
        self._rest = data[count:]
        self._sent_at = monotonic()

    # -- the end

    def finish(self) -> None:
        """Say that the content is whole. Raises ValueError when it is shorter than it was to be."""
        rest = self._encode.rest()
        if rest:
            self.send(rest)
        self._exchange.run_before_end()
        framed, excess = self._take_held()
        if self._left and not excess:
            if framed:
                self._put(framed)
            raise ValueError(f"the handler made {self._left} bytes less than its Content-Length")
        last = b"0\r\n" + self._trailer_section() + b"\r\n" if self.chunked else self._last_byte
        self._exchange.content_bytes += len(self._last_byte)
        if not self.chunked:
            self._exchange.drop_trailers("trailers go with chunked content")
        if self._lock is None:
            self.stop()
        else:
            with self._lock:
                self.stop()
                framed = self._rest + framed
        if framed or last:
            self._channel.send_last(framed + last)
        self._refuse_excess(excess)

    def stop(self) -> None:
        """No heartbeat and no late flush from now on."""
        self._over = True
        for handle in (self._timer, self._beating):
            if handle is not None:
                handle.cancel()

    def _trailer_section(self) -> bytes:
        trailers = self._exchange.response.__dict__.get("trailers")
        if not trailers:
            return b""
        if not self._exchange.takes_trailers:
            self._exchange.drop_trailers("the client did not say TE: trailers")
            return b""
        return "".join(f"{name}: {value}\r\n" for name, value in trailers.lines()).encode("latin-1")

    def fail(self) -> bool:
        """After an error: end with the error trailer that the handler declared. False: the cut must show it."""
        response = self._exchange.response
        if not response.error_trailer or not self.chunked or not self._exchange.takes_trailers or self._rest:
            return False
        self.stop()
        name = str(response.error_trailer)
        self._channel.send_last(f"0\r\n{name}: {self._exchange.end}\r\n\r\n".encode("latin-1"))
        return True


class _Rate:
    """Holds `--min-rate` against the time that sends have taken."""

    __slots__ = ("_least", "_seconds", "_bytes")

    def __init__(self, least: int) -> None:
        self._least = least
        self._seconds = 0.0
        self._bytes = 0

    def send(self, channel: Any, data: bytes) -> None:
        began = monotonic()
        channel.send(data)
        self._seconds += monotonic() - began
        self._bytes += len(data)
        if self._seconds > RATE_AFTER and self._bytes < self._least * self._seconds:
            error = ClientDisconnected(f"the client took less than {self._least} bytes a second (--min-rate)")
            raise error from TimeoutError("too slow")


def _too_old(exchange: Exchange) -> Shutdown:
    exchange.end = "timeout"
    return Shutdown(f"the stream is older than {exchange.settings.timeout_stream:g} s (--timeout-stream)")
