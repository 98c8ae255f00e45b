"""Writes a tape: told what crosses a socket, it keeps the bytes, has them read, and notes what happens.

    track = Track(tape, ConnectionTape(...), SpanReader(limits))
    track.entry("in", "plain", data, now)
    track.begin(head, now)            the reader has found a request
    track.entry("out", "plain", data, now, by=("howto20.py:22", "/home/.../howto20.py:22"))
    track.end(Outcome(...), now)      every byte of the response is out
    track.close("client", "...", now)

One reader serves the connection and leaves the spans of what comes in; one observer for each
exchange reads every plain byte that goes out. Nothing here waits, and nothing here looks at a clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rawwfile.http.reader import State
from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.spans import SpanTrail
from rawwfile.tape.bounds import ENTRY_COST, EXCHANGE_COST, count_spans, keep_connection, keep_total
from rawwfile.tape.examine import examine_later
from rawwfile.tape.model import CIPHER, IN, OUT, PLAIN, ConnectionTape, Entry, Event, ExchangeRecord, Stream, Tape
from rawwfile.tape.tls_track import TlsTrack

if TYPE_CHECKING:
    from rawwfile.errors import ProtocolError
    from rawwfile.http.events import RequestHead

CONTINUE = 100
"""The status of 100 (Continue)."""
RECOUNT = 1 << 16
"""Bytes after which the spans of a connection are counted again."""


class Outcome(NamedTuple):
    """How an exchange ended, as the engine says it: see ExchangeRecord for each."""

    end: str
    keep: bool = False
    handler: str | None = None
    raw: bool = False


class Track:
    """Records one connection. Its methods may be called from any thread.

    reader: the object that serves the connection, a SpanReader; None for a connection of which
    nothing is read as HTTP.
    """

    def __init__(self, tape: Tape, connection: ConnectionTape, reader: Any = None) -> None:
        self.tape = tape
        self.connection = connection
        self.exchange: ExchangeRecord | None = None
        """The exchange that is open."""
        self.observer: SpanObserver | None = None
        """What reads the bytes that leave in that exchange."""
        self._reader: Any = None
        self._sequence = 0
        self._since_count = 0
        self._interim = 0
        self._head: RequestHead | None = None
        self._refusal: ProtocolError | None = None
        self._had_come = 0
        self._tls: TlsTrack | None = None
        self._in = self._stream(IN, PLAIN)
        self._out = self._stream(OUT, PLAIN)
        self._out.trail = self._written = SpanTrail()
        if reader is not None:
            self.read_with(reader)
        with tape.lock:
            tape.add_connection(connection)
            tape.publish("connection", connection)
            keep_total(tape)

    def read_with(self, reader: Any) -> None:
        """From now on `reader` serves the connection; call it before any byte has come."""
        self._reader = reader
        self._in.trail = reader.trail

    def _stream(self, direction: str, side: str) -> Stream:
        stream = self.connection.streams.get((direction, side))
        if stream is None:
            stream = Stream(direction, side, lock=self.tape.lock)
            self.connection.streams[direction, side] = stream
        return stream

    # -- bytes

    def entry(
        self,
        direction: str,
        side: str,
        data: bytes,
        time: float,
        by: tuple[str, str] | None = None,
        by_hand: bool = False,
    ) -> None:
        """`data` crossed.

        by: the line that wrote it, short and with its whole path. by_hand: the handler writes the
        response itself.
        """
        tape, connection = self.tape, self.connection
        with tape.lock:
            if connection.forgotten or connection.closed is not None:
                # A handler may go on and have ciphered what will never leave.
                return
            if side == PLAIN:
                stream = self._in if direction == IN else self._out
            else:
                stream = self._stream(direction, side)
            short, path = by if by is not None else (None, None)
            self._sequence += 1
            start, size = stream.end, len(data)
            entry = Entry(connection.number, self._sequence, direction, side, start, time, data, short, path)
            stream.entries.append(entry)
            stream.end = start + size
            self._count(size + ENTRY_COST)
            exchange = self.exchange
            if side == PLAIN:
                self._read(direction, entry)
            else:
                self._read_cipher(direction, data)
            tape.publish("entry", connection, exchange, entry)
            if exchange is not None and direction == OUT and side == PLAIN:
                self._note_progress(exchange, entry, by_hand)
            self._since_count += size + ENTRY_COST
            if self._since_count > RECOUNT:
                # Spans come and go as the readers go on: they are counted now and then.
                self._since_count = 0
                count_spans(tape, connection)
            limits = tape.limits
            if connection.cost > limits.connection_bytes:
                keep_connection(tape, connection)
            if tape.cost > limits.total_bytes or len(tape.connections) > limits.connections:
                keep_total(tape)

    def _read(self, direction: str, entry: Entry) -> None:
        """Have the bytes of an entry read; those that come in are read by who serves."""
        if direction == IN:
            if self._reader is not None and self._reader.state is State.SWITCHED:
                self._reader.trail.mark(entry.end, "switched")
        elif self.observer is not None:
            self.observer.receive(entry.data)
        else:
            self._written.mark(entry.end, "excess")

    def _read_cipher(self, direction: str, data: bytes) -> None:
        if self._tls is None:
            self._tls = TlsTrack(self.connection, self._stream(IN, CIPHER), self._stream(OUT, CIPHER))
        self._tls.receive(direction, data)

    def _note_progress(self, exchange: ExchangeRecord, entry: Entry, by_hand: bool) -> None:
        observer = self.observer
        if observer is None:
            return
        if exchange.response[1] == exchange.response[0]:
            self._had_come = self._in.end
        exchange.response = (exchange.response[0], entry.end)
        exchange.verdict = observer.verdict
        while self._interim < len(observer.interim):
            status = observer.interim[self._interim]
            self._interim += 1
            kind = "continue-sent" if status == CONTINUE else "interim"
            self._event(kind, str(status), entry.time, exchange)
        if exchange.first_byte is None and (not observer.interim or observer.status is not None):
            exchange.first_byte = entry.time
            self._event("first-byte", entry.by or "", entry.time, exchange)
        if exchange.status is None and observer.status is not None:
            exchange.status, exchange.reason = observer.status, observer.reason_phrase
            exchange.raw = by_hand
            self.tape.publish("exchange", self.connection, exchange)

    def _count(self, cost: int) -> None:
        """`cost` bytes more are kept. The tape has not forgotten the connection."""
        self.connection.cost += cost
        self.tape.cost += cost

    # -- exchanges

    def begin(self, head: RequestHead, time: float) -> ExchangeRecord | None:
        """A request head was read. None if the tape has dropped the connection."""
        with self.tape.lock:
            if self.connection.forgotten:
                return None
            self._close_request(head.offset)
            exchange = self._open(head.offset, time)
            self._head = head
            exchange.method = head.method.decode("latin-1")
            exchange.target = head.target.decode("latin-1")
            exchange.version = f"HTTP/1.{head.minor}"
            self._observe(exchange.method, (1, head.minor), head.keep_alive)
            self.tape.publish("exchange", self.connection, exchange)
            self.event("request-read", "", time)
            return exchange

    def begin_refused(self, error: ProtocolError, time: float) -> ExchangeRecord | None:
        """Bytes came that are no request; what was read of them says which. The answer follows."""
        with self.tape.lock:
            if self.connection.forgotten:
                return None
            exchange = self._open(self._read_up_to(), time)
            self._refusal, exchange.refused = error, str(error)
            exchange.request = (exchange.request[0], self._in.end)
            for span in self._in.trail.between(exchange.request[0]) if self._in.trail is not None else ():
                if span.kind in ("method", "target", "version"):
                    setattr(exchange, span.kind, self._in.read(span.start, span.end).decode("latin-1"))
                if span.kind == "field-name":
                    break
            # The answer says that it closes, and has content whatever the method was.
            self._observe("GET", (1, 1), False)
            self.tape.publish("exchange", self.connection, exchange)
            self.event("refused", str(error), time)
            return exchange

    def announce(self, handler: str, time: float) -> None:
        """The handler of the open exchange is called now."""
        with self.tape.lock:
            if self.exchange is not None:
                self.exchange.handler = handler or None
                self.event("handler-start", handler, time)
                self.tape.publish("exchange", self.connection, self.exchange)

    def refuse(self, error: ProtocolError, time: float) -> None:
        """The request of the open exchange is answered without its handler."""
        with self.tape.lock:
            if self.exchange is not None:
                self._refusal, self.exchange.refused = error, str(error)
                self.event("refused", str(error), time)

    def _open(self, offset: int, time: float) -> ExchangeRecord:
        connection = self.connection
        number = connection.lost + len(connection.exchanges) + 1
        first = self._in.entry_at(offset)
        exchange = ExchangeRecord(
            self.tape.next_exchange(),
            connection.number,
            number,
            request=(offset, self._request_end(offset)),
            response=(self._out.end, self._out.end),
            began=time if first is None else first.time,
        )
        self.exchange = exchange
        self._head = self._refusal = None
        self._interim = 0
        self._had_come = self._in.end
        self.tape.add_exchange(connection, exchange)
        self._count(EXCHANGE_COST)
        return exchange

    def _observe(self, method: str, version: tuple[int, int], keeps: bool) -> None:
        self.observer = SpanObserver(method, client_version=version, client_keeps=keeps, trail=self._written)

    def _read_up_to(self) -> int:
        """Where the bytes begin that belong to no exchange yet."""
        exchanges = self.connection.exchanges
        return exchanges[-1].request[1] if exchanges else 0

    def _request_end(self, start: int) -> int:
        """How far the reader has come."""
        return self._in.end if self._in.trail is None else max(start, min(self._in.trail.end, self._in.end))

    def _close_request(self, next_start: int) -> None:
        """The next request begins: everything before it but empty lines is of the one before."""
        trail, exchanges = self._in.trail, self.connection.exchanges
        if trail is None or not exchanges or exchanges[-1].refused is not None:
            return
        start, end = exchanges[-1].request
        if end == next_start:
            return
        for span in reversed(trail.between(end, next_start)):
            if span.kind != "empty-line":
                exchanges[-1].request = (start, max(end, span.end))
                break

    def note_request(self) -> None:
        """The reader may have read more of the request of the last exchange."""
        with self.tape.lock:
            exchanges = self.connection.exchanges
            if exchanges and exchanges[-1].refused is None:
                start, end = exchanges[-1].request
                exchanges[-1].request = (start, max(end, self._request_end(start)))

    def end(self, outcome: Outcome, time: float) -> None:
        """Every byte of the response is out, or will never be. Nothing if no exchange is open."""
        with self.tape.lock:
            exchange, observer = self.exchange, self.observer
            self.exchange = self.observer = None
            if exchange is None or observer is None or self.connection.forgotten:
                return
            observer.finish()
            if exchange.refused is None:
                exchange.request = (exchange.request[0], self._request_end(exchange.request[0]))
            exchange.handler, exchange.raw = outcome.handler, outcome.raw
            exchange.end, exchange.keep = outcome.end, outcome.keep
            exchange.status, exchange.reason = observer.status, observer.reason_phrase
            exchange.verdict, exchange.explain = observer.verdict, observer.explain()
            self._event("settled", exchange.explain, time, exchange)
            examine_later(
                self.connection,
                exchange,
                observer,
                head=self._head,
                refusal=self._refusal,
                reader=self._reader,
                had_come=self._had_come,
            )
            exchange.ended = time
            self._event("exchange-end", outcome.end, time, exchange)
            self.tape.publish("exchange", self.connection, exchange)

    # -- what happens

    def event(self, kind: str, text: str, time: float) -> None:
        """Note something for the timeline, of the exchange that is open if there is one."""
        with self.tape.lock:
            self._event(kind, text, time, self.exchange)

    def _event(self, kind: str, text: str, time: float, exchange: ExchangeRecord | None) -> None:
        """The same of any exchange, or of none. Call it with the lock held."""
        connection = self.connection
        if not connection.forgotten:
            event = Event(time, kind, text, None if exchange is None else exchange.id)
            connection.events.append(event)
            self._count(ENTRY_COST)
            self.tape.publish("event", connection, exchange, None, event)

    def secured(self, facts: dict[str, Any], time: float) -> None:
        """The TLS handshake is done; facts: see ConnectionTape.tls."""
        with self.tape.lock:
            self.connection.tls = facts
            self.connection.notes = self._tls.notes() if self._tls is not None else []
            self.event("tls-done", f"{facts.get('version')}, {facts.get('cipher')}", time)
            self.tape.publish("connection", self.connection)

    def ended(self, direction: str, side: str, kind: str, text: str, time: float) -> None:
        """One side has said that it sends no more on a stream; said once, heard once."""
        with self.tape.lock:
            stream = self._stream(direction, side)
            if stream.ended is None:
                stream.ended = time
                self.event(kind, text, time)
                if not self.connection.closed_by:
                    self.connection.closed_by = "client" if direction == IN else "server"

    def because(self, why: str) -> None:
        """Say why the connection ends; the first word counts."""
        if not self.connection.why:
            self.connection.why = why

    def close(self, by: str, why: str, time: float, outcome: Outcome | None = None) -> None:
        """The connection is closed. by, why: taken if nobody ended it before.

        outcome: for an exchange that is still open.
        """
        with self.tape.lock:
            connection = self.connection
            if connection.closed is not None:
                return
            if self.connection.forgotten:
                connection.closed = time
                return
            self.note_request()
            self.end(outcome or Outcome("client-gone"), time)
            if self._reader is not None:
                self._reader.finish()
            for stream in connection.streams.values():
                if stream.trail is not None and stream.side == PLAIN:
                    stream.trail.mark(stream.end, "unread" if stream.direction == IN else "excess")
            connection.closed_by = connection.closed_by or by
            connection.why = connection.why or why
            if self._tls is not None:
                self._tls.finish()
                connection.notes = self._tls.notes()
            self.event("closed", connection.why, time)
            connection.closed = time
            count_spans(self.tape, self.connection)
            self.tape.publish("closed", connection)
            keep_total(self.tape)

