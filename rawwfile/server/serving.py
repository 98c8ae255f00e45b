"""From a request head to the end of its exchange, and what becomes of the connection then."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from rawwfile.errors import ProtocolError, RemoteProtocolError
from rawwfile.exchange.exchange import DRAIN_LIMIT, Exchange
from rawwfile.exchange.head import fixed_lines
from rawwfile.exchange.response import REASONS
from rawwfile.http.events import NEED_DATA, PEER_CLOSED, BodyEnd, BodyPart, RequestHead
from rawwfile.http.reader import State
from rawwfile.server.connection import CLOSED, DRAINING, FLUSHING, LINGERING, READING, RESETTING, Connection
from rawwfile.server.entries import entry_of, entry_of_rejection
from rawwfile.server.poller import READ

if TYPE_CHECKING:
    from rawwfile.server.http_server import RawHTTPServer
    from rawwfile.server.loop import Loop

log = logging.getLogger("rawwfile")

_NO_BODY, _LENGTH, _ERROR = State.NO_BODY, State.LENGTH, State.ERROR

FOR_EVER = 1e9
"""Seconds; a deadline that never comes."""
MOST_LINGER = 10.0
"""Seconds that a client may go on sending after our last byte."""
RESET_WAIT = 0.5
"""Seconds that the client's system gets to take our bytes before a reset marks the response as cut."""


class Serving:
    """Runs exchanges. Its methods are called by the thread that owns the connection."""

    def __init__(self, loop: Loop, server: RawHTTPServer) -> None:
        self.loop = loop
        self.crew = loop.crew
        self.settings = server.settings
        self.timeouts = loop.timeouts
        self.application = server.application
        self.access = server.access_log
        self.keep_alive = loop.timeouts.keep_alive or FOR_EVER
        self.refuse_when_full = server.settings.when_full == "503"
        self.lock = threading.Lock()
        self._counting = threading.Lock()
        self.ends: dict[str, int] = {}

    def serve(self, connection: Connection, leading: bool) -> bool:
        """Answer every request that is whole in the buffer; True if the caller still leads."""
        reader = connection.reader
        while True:
            try:
                event = reader.next_event()
            except ProtocolError as error:
                self.reject(connection, error)
                break
            if type(event) is RequestHead:
                connection.busy = True
                connection.leading = leading
                if leading:
                    self.crew.enter()
                again = self._exchange(connection, event)
                if leading:
                    leading = self.crew.leave()
                    connection.leading = leading
                if connection.streaming:
                    connection.streaming = False
                    self.crew.end_stream()
                if again:
                    continue
                if connection.state == READING:
                    connection.head_begun = False
                    connection.deadline = time.monotonic() + self.keep_alive
            elif event is NEED_DATA:
                self._await_rest(connection)
            elif event is PEER_CLOSED:
                connection.say_end()
                connection.state = CLOSED
            break
        self._release(connection, leading)
        return leading

    def _release(self, connection: Connection, leading: bool) -> None:
        """The connection is the loop's again."""
        if leading:
            connection.busy = False
            if connection.state != READING or connection.interest != READ or connection.backlog is not None:
                self.loop.give_back(connection)
            return
        with self.lock:
            if self.loop.closed:
                connection.close()
                return
            self.loop.give_back(connection)
            connection.busy = False
        if self.loop.stopping:
            self.loop.wake()

    def _await_request(self, connection: Connection) -> None:
        """The response is out; the next request may take its time, but not once it has begun."""
        connection.state = READING
        begun = connection.head_begun = connection.reader.in_head
        limit = self.timeouts.header if begun else self.timeouts.keep_alive
        connection.deadline = time.monotonic() + (limit or FOR_EVER)

    def _await_rest(self, connection: Connection) -> None:
        """A request head has begun; its time runs from its first byte, however it drips."""
        connection.state = READING
        if connection.busy:
            self._await_request(connection)
        elif not connection.head_begun:
            connection.head_begun = True
            connection.deadline = time.monotonic() + (self.timeouts.header or FOR_EVER)

    def _exchange(self, connection: Connection, head: RequestHead) -> bool:
        """Run one exchange; True if the next request may be read at once."""
        connection.requests += 1
        exchange = Exchange(connection, head, self.settings, self.loop.stopping)
        connection.exchange = exchange
        try:
            plain = head.fields.plain and not self.refuse_when_full
            refusal = None if plain else self._refusal(connection, head)
            if refusal is None:
                exchange.run(self.application)
            else:
                exchange.refuse(refusal)
        except Exception:  # noqa: BLE001 - a fault of ours costs this connection, not the thread
            log.exception("%s: a fault in the server itself; please report it", exchange)
            connection.state = CLOSED
            return False
        crew = self.crew
        if crew.slow and exchange.handler is not None:
            handler = exchange.handler
            key = id(getattr(handler, "__func__", handler))
            if key in crew.slow:
                crew.finished(key, time.monotonic() - exchange.started)
        return self._conclude(connection, exchange)

    def _refusal(self, connection: Connection, head: RequestHead) -> ProtocolError | None:
        """Why this request is answered without its handler, if it is."""
        if connection.reader.state is _ERROR:
            try:
                connection.reader.next_event()
            except ProtocolError as error:
                return error
        expectation = head.fields.expectation
        if expectation and head.minor and any(v.strip().lower() != b"100-continue" for v in expectation):
            return RemoteProtocolError(
                f"Expect: {expectation[0][:60]!r} cannot be met; only 100-continue can",
                status_hint=417,
                rule="RFC 9110 10.1.1",
                note="expectation-unknown",
            )
        if self.refuse_when_full and connection.leading and self.crew.full:
            return RemoteProtocolError("all threads are busy; try again soon", status_hint=503, note="server-full")
        return None

    def _conclude(self, connection: Connection, exchange: Exchange) -> bool:
        """The handler is done: go on, send the rest, or close. True to read the next request now."""
        if connection.broken:
            self._record(exchange)
            connection.after_flush = RESETTING
            connection.state = CLOSED
            return False
        keep = exchange.keep and not self.loop.stopping
        reader = connection.reader
        if keep and reader.state is _NO_BODY and connection.outbox is None and not connection.pending:
            self._record(exchange)
            connection.exchange = None
            return reader.start_next()
        connection.after_flush = READING if keep else RESETTING if exchange.reset else LINGERING
        if connection.pending:
            connection.state = FLUSHING
            self.await_client(connection)
            return False
        self._record(exchange)
        return self._after_response(connection, exchange)

    def _after_response(self, connection: Connection, exchange: Exchange) -> bool:
        """Every byte is out. True to read the next request now."""
        connection.exchange = None
        if connection.after_flush == READING:
            connection.state = READING
            if connection.reader.body_left == 0:
                self._finish_body(connection)
                return connection.reader.start_next()
            connection.drained = 0
            connection.state = DRAINING
            connection.deadline = time.monotonic() + (self.timeouts.body or FOR_EVER)
            return self._drain_buffer(connection)
        self.begin_close(connection, exchange)
        return False

    def _finish_body(self, connection: Connection) -> None:
        """The content is read; its end may still stand in the reader."""
        if connection.reader.state is _LENGTH:
            connection.reader.next_event()

    # -- the end of a connection

    def begin_close(self, connection: Connection, exchange: Exchange | None) -> None:
        """Close so that the client gets every byte, or so that it sees the cut.

        Source: RFC 9112 section 9.6: half-close, read until the client has closed, then close.
        """
        cut = exchange is not None and exchange.cut
        now = time.monotonic()
        if connection.after_flush == RESETTING:
            connection.state = RESETTING if connection.unsent() else CLOSED
            connection.deadline = now + RESET_WAIT
            return
        client_closes = exchange is not None and not exchange.head.keep_alive
        if client_closes and connection.scheme == "http" and self._nothing_follows(connection):
            # It has every byte and sends no more: nothing can provoke a reset, so no need to wait.
            connection.state = CLOSED
            return
        try:
            connection.half_close(whole=not cut)
        except OSError:
            connection.state = CLOSED
            return
        if connection.reader.eof:
            connection.state = CLOSED
            return
        connection.state = LINGERING
        connection.closing_at = now + MOST_LINGER
        connection.deadline = now + self.timeouts.linger

    def _nothing_follows(self, connection: Connection) -> bool:
        reader = connection.reader
        read = reader.body_left == 0 and not reader.buffered and reader.state is not State.SWITCHED
        return read and not connection.unsent() and not connection.unread()

    # -- the steps that the loop drives

    def flushed(self, connection: Connection) -> bool:
        """The outbox is empty; True: the caller still leads."""
        exchange = connection.exchange
        if exchange is None:
            self.begin_close(connection, None)
        else:
            self._record(exchange)
            if self._after_response(connection, exchange):
                return self.serve(connection, leading=True)
            if connection.state == READING:
                self._await_request(connection)
        self._release(connection, True)
        return True

    def drain(self, connection: Connection, leading: bool) -> bool:
        """More of an unread request content has come; True: the caller still leads."""
        data = connection.receive_now()
        if data is None:
            self.loop.give_back(connection)
            return True
        connection.deadline = time.monotonic() + (self.timeouts.body or FOR_EVER)
        connection.reader.receive_data(data)
        if self._drain_buffer(connection):
            return self.serve(connection, leading=leading)
        if connection.state == READING:
            self._await_request(connection)
        self._release(connection, leading)
        return True

    def _drain_buffer(self, connection: Connection) -> bool:
        """Pass over content in the buffer; True at its end, with the next request to be read."""
        reader = connection.reader
        while True:
            try:
                event = reader.next_event()
            except ProtocolError:
                break
            if isinstance(event, BodyPart):
                connection.drained += len(event.data)
                if connection.drained > DRAIN_LIMIT:
                    break
            elif isinstance(event, BodyEnd):
                connection.state = READING
                return reader.start_next()
            elif event is NEED_DATA:
                return False
            else:
                break
        connection.after_flush = LINGERING
        self.begin_close(connection, None)
        return False

    def time_out_head(self, connection: Connection) -> None:
        """A request head took too long (408)."""
        error = RemoteProtocolError(
            f"the request head was not complete after {self.timeouts.header:g} s (--timeout-header)",
            status_hint=408,
            rule="RFC 9110 15.5.9",
            note="head-time-out",
        )
        self.reject(connection, error)
        self._release(connection, True)

    def await_client(self, connection: Connection) -> None:
        """The client has the send time-out from now on to take a byte."""
        connection.queued = connection.unsent()
        connection.deadline = time.monotonic() + (self.timeouts.send or FOR_EVER)

    def still_taken(self, connection: Connection) -> bool:
        """The client goes on taking what the kernel holds of a response: it is idle only after that."""
        left = connection.unsent()
        if not left or left == connection.queued:
            return False
        connection.queued = left
        connection.deadline = time.monotonic() + self.keep_alive
        return True

    def give_up_flush(self, connection: Connection) -> None:
        """The client takes no more bytes."""
        if connection.unsent() < connection.queued:
            self.await_client(connection)
            return
        if connection.exchange is not None:
            log.info("%s: the client took no byte for %g s (--timeout-send)", connection.exchange, self.timeouts.send)
            connection.exchange.end = "timeout"
            self._record(connection.exchange)
        self.loop.forget(connection, reset=True)

    def reject(self, connection: Connection, error: ProtocolError) -> None:
        """Answer bytes that are no request, and close."""
        status = error.status_hint
        log.warning("#%d %d %s", connection.number, status, error)
        title = f"{status} {REASONS.get(status, '')}".rstrip()
        body = f"{title}\n\n{error}\n".encode("utf-8", "replace")
        head = (
            f"HTTP/1.1 {title}\r\nContent-Type: text/plain; charset=utf-8\r\n"
            f"{fixed_lines(self.settings.server_name)}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        connection.after_flush = LINGERING
        if self.access.enabled:
            self.access.record(entry_of_rejection(connection, status, len(body)))
        try:
            whole = connection.send_last(head.encode("latin-1") + body)
        except OSError:
            connection.state = CLOSED
            return
        if whole:
            self.begin_close(connection, None)
        else:
            connection.state = FLUSHING
            self.await_client(connection)

    def break_off(self, connection: Connection, error: Exception) -> None:
        """The connection broke in the loop's hands, mostly while the loop sent the rest of a response."""
        exchange = connection.exchange
        if exchange is not None and connection.state == FLUSHING:
            gone = isinstance(error, OSError)
            exchange.end = "client-gone" if gone else "error"
            log.log(logging.INFO if gone else logging.ERROR, "%s: the response was cut: %s", exchange, error)
            self._record(exchange)
        self.loop.forget(connection, reset=exchange is not None and exchange.head.minor == 0)

    def _record(self, exchange: Exchange) -> None:
        exchange.channel.content_sent += exchange.content_bytes  # type: ignore[attr-defined]
        if exchange.end != "complete":
            with self._counting:
                self.ends[exchange.end] = self.ends.get(exchange.end, 0) + 1
        if self.access.enabled:
            self.access.record(entry_of(exchange))
