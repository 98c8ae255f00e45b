"""Bytes that were not recorded by a server, read as one would have read them: spans, exchanges, notes.

A file of raw bytes, or what a client sent and received, becomes a tape like any other: requests are
read by `SpanReader`, responses by `SpanObserver`, the objects that serve.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED, BodyEnd, BodyPart, RequestHead
from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from rawwfile.http.notes import ExchangeView, notes_on
from rawwfile.http.observe import ResponseObserver
from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.span_reader import SpanReader
from rawwfile.http.spans import SpanTrail
from rawwfile.tape.model import IN, OUT, PLAIN, ConnectionTape, Entry, ExchangeRecord, Stream, Tape, TapeLimits

REQUEST, RESPONSE = "request", "response"

Crossing = tuple[float, str, bytes]
"""Seconds, direction ("in" is towards the server) and bytes of one read or write."""

FIRST_PIECE, PIECE = 1 << 12, 1 << 16
"""Bytes that are read at first, and later at once, in the search for the end of a response: most are short."""
UNBOUNDED = TapeLimits(connection_bytes=1 << 50, total_bytes=1 << 50, connections=1 << 30)


def recognised(data: bytes) -> str:
    """"request" or "response", by the first bytes; empty lines before them are passed over."""
    start = data[:64].lstrip(b"\r\n \t")
    return RESPONSE if start[:5].upper() == b"HTTP/" else REQUEST


def tape_of_bytes(data: bytes, kind: str = "", *, method: str = "GET") -> Tape:
    """The tape of a connection on which `data` crossed.

    kind: "request" or "response", recognised where it is empty. method: of the request that a
    response answers (HEAD and CONNECT matter).
    """
    direction = OUT if (kind or recognised(data)) == RESPONSE else IN
    # Nobody knows whether these bytes crossed inside TLS, so no note may say that they did not.
    return tape_of([(0.0, direction, data)] if data else [], method=method, scheme="")


def tape_of(crossed: Iterable[Crossing], *, method: str = "GET", started: float = 0.0, scheme: str = "http") -> Tape:
    """The tape of one connection on which these bytes crossed, in this order. scheme: empty if not known."""
    tape = Tape(UNBOUNDED, started=started)
    add_connection(tape, crossed, method=method, scheme=scheme)
    return tape


def add_connection(
    tape: Tape, crossed: Iterable[Crossing], *, method: str = "GET", scheme: str = "http", opened: float = 0.0
) -> ConnectionTape:
    """Put a connection on `tape` on which these bytes crossed, read them, and return it.

    The times of `crossed` count from `opened`. method: for responses without a request. scheme: empty if
    not known, which is shown as http.
    """
    connection = ConnectionTape(tape.next_connection(), scheme=scheme or "http", opened=opened)
    last = opened
    for sequence, (time, direction, data) in enumerate(crossed, 1):
        stream = connection.streams.get((direction, PLAIN))
        if stream is None:
            stream = Stream(direction, PLAIN, lock=tape.lock)
            connection.streams[direction, PLAIN] = stream
        last = opened + time
        stream.entries.append(Entry(connection.number, sequence, direction, PLAIN, stream.end, last, data))
        stream.end += len(data)
    tape.add_connection(connection)
    _Reading(tape, connection, method, scheme).read()
    return connection


@dataclass(slots=True)
class _Found:
    """An exchange, and what its notes are made from."""

    exchange: ExchangeRecord
    head: RequestHead | None = None
    refusal: ProtocolError | None = None
    observer: SpanObserver | None = None
    skipped: int = 0
    content: int = 0
    whole: bool = False
    trailers: tuple[tuple[bytes, bytes], ...] = ()


class _Reading:
    """Finds the exchanges of a connection in its bytes."""

    def __init__(
        self, tape: Tape, connection: ConnectionTape, method: str, scheme: str, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.tape, self.connection, self.method, self.scheme = tape, connection, method, scheme
        self.reader = SpanReader(limits)
        self.sent = connection.stream(IN)
        self.received = connection.stream(OUT)
        self.sent.trail = self.reader.trail
        self.answers = self.received.trail = SpanTrail()
        self.answered = 0
        self.whole: bytes | None = None
        self.found: list[_Found] = []

    def read(self) -> None:
        """Fill in the trails and the exchanges."""
        if self.sent.end:
            self.reader.receive_data(self.sent.read())
            self.reader.receive_data(b"")
            self._read_requests()
            self.reader.finish()
        while self.answered < self.received.end:
            # Nobody asked, as far as these bytes tell.
            self._answer(self._begin(None, self.reader.trail.end), last=not self._followed())
        self.reader.trail.mark(self.sent.end, "unread")
        self.answers.mark(self.received.end, "excess")
        for found in self.found:
            self._conclude(found)

    def _read_requests(self) -> None:
        start = 0
        while True:
            found = None
            try:
                event = self.reader.next_event()
                if not isinstance(event, RequestHead):
                    return
                found = self._begin(event, start)
                while event is not PAUSED:
                    event = self.reader.next_event()
                    if isinstance(event, BodyPart):
                        found.content += len(event.data)
                    elif isinstance(event, BodyEnd):
                        found.whole, found.trailers = True, event.trailers
                    elif event is NEED_DATA or event is PEER_CLOSED:
                        break
            except ProtocolError as error:
                if found is not None and self._held_back(found):
                    found.exchange.request = (found.exchange.request[0], self.sent.end)
                    self._answer(found, last=True)
                    return
                if found is None:
                    found = self._begin(None, start)
                found.refusal = error
                found.exchange.refused = str(error)
                found.exchange.request = (found.exchange.request[0], self.sent.end)
                self._answer(found, last=True)
                return
            start = self.reader.trail.end
            found.exchange.request = (found.exchange.request[0], start)
            more = found.whole and self.reader.start_next() and start < self.sent.end
            self._answer(found, last=not more)
            if found.exchange.verdict == "upgraded":
                self.reader.take_rest()
                return

    def _held_back(self, found: _Found) -> bool:
        """Whether the client asked before it sent its content, was not told to, and has sent none of it.

        Then nothing is missing (RFC 9110 section 10.1.1).
        """
        if found.head is None or not found.head.expects_continue or self.answered >= self.received.end:
            return False
        observer = ResponseObserver(found.exchange.method)
        for data in self._parts(self.answered, self.received.end):
            observer.receive(data)
        nothing = self.sent.end == found.head.offset + len(found.head.raw)
        return nothing and 100 not in observer.interim and (observer.status or 0) >= 200

    def _followed(self) -> bool:
        """Whether another response follows the next one, where there are responses alone, as one side is kept."""
        start, stop = self.answered, self.received.end
        if self.sent.end:
            return False
        if self.whole is None:
            self.whole = self.received.read()
        if self.whole.find(b"HTTP/", start + 1) < 0:
            return False
        end = self._first_end(self.method, start, stop)
        return end is not None and self.whole[end : end + 5].upper() == b"HTTP/"

    def _first_end(self, method: str, start: int, stop: int) -> int | None:
        """Where the first response in start..stop ends; None if nothing says so."""
        first, at, size = ResponseObserver(method), start, FIRST_PIECE
        while at < stop:
            first.receive(self.received.read(at, min(at + size, stop)))
            if first.verdict in ("complete", "excess"):
                return start + first.bytes_seen - first.excess
            at, size = at + size, min(2 * size, PIECE)
        return None

    def _begin(self, head: RequestHead | None, start: int) -> _Found:
        """A new exchange whose request begins at `start`, with the empty lines before it."""
        exchange = ExchangeRecord(
            self.tape.next_exchange(),
            self.connection.number,
            len(self.connection.exchanges) + 1,
            request=(start, start),
            response=(self.answered, self.answered),
        )
        if head is not None:
            exchange.method = head.method.decode("latin-1")
            exchange.target = head.target.decode("latin-1")
            exchange.version = f"HTTP/1.{head.minor}"
        self.tape.add_exchange(self.connection, exchange)
        self.found.append(_Found(exchange, head, skipped=head.offset - start if head is not None else 0))
        return self.found[-1]

    def _answer(self, found: _Found, *, last: bool) -> None:
        """Read the response to a request; if it is the last request, all that was received belongs to it."""
        start, stop = self.answered, self.received.end
        if start >= stop:
            return
        exchange = found.exchange
        method = exchange.method or self.method
        if not last:
            end = self._first_end(method, start, stop)
            stop = stop if end is None else end
        keeps = found.refusal is None and (found.head is None or found.head.keep_alive)
        version = (1, 0) if exchange.version == "HTTP/1.0" else (1, 1)
        observer = SpanObserver(method, client_version=version, client_keeps=keeps, trail=self.answers)
        for data in self._parts(start, stop):
            observer.receive(data)
        observer.finish()
        exchange.response = (start, stop)
        exchange.status, exchange.reason = observer.status, observer.reason_phrase
        exchange.verdict, exchange.explain = observer.verdict, observer.explain()
        exchange.keep = observer.may_keep
        self.answered = stop
        found.observer = observer

    def _parts(self, start: int, stop: int) -> Iterator[bytes]:
        for entry in self.received.entries_between(start, stop):
            yield entry.data[max(0, start - entry.offset) : stop - entry.offset]

    def _name(self, exchange: ExchangeRecord) -> None:
        """Take from the spans what can be said of a request that was refused."""
        for span in self.reader.trail.between(*exchange.request):
            if span.kind in ("method", "target", "version"):
                setattr(exchange, span.kind, self.sent.read(span.start, span.end).decode("latin-1"))
            elif span.kind == "field-name":
                return

    def _conclude(self, found: _Found) -> None:
        """Fill in the times and the notes."""
        exchange = found.exchange
        if found.head is None and found.refusal is not None:
            self._name(exchange)
        places = ((self.sent, exchange.request), (self.received, exchange.response))
        begun = [stream.entry_at(start) for stream, (start, end) in places if start < end]
        ended = [stream.entry_at(end - 1) for stream, (start, end) in places if start < end]
        exchange.began = min((entry.time for entry in begun if entry is not None), default=self.connection.opened)
        exchange.ended = max((entry.time for entry in ended if entry is not None), default=exchange.began)
        if found.observer is not None:
            first = self.received.entry_at(exchange.response[0])
            exchange.first_byte = first.time if first is not None else None
        exchange.end = "complete"
        exchange.notes = notes_on(self._view(found))

    def _view(self, found: _Found) -> ExchangeView:
        exchange = found.exchange
        start, end = exchange.request
        return ExchangeView(
            head=found.head,
            refusal=found.refusal,
            observer=found.observer,
            request_start=start + found.skipped,
            request_end=end,
            response_start=exchange.response[0],
            response_end=exchange.response[1],
            request_bytes=self.sent.read(start + found.skipped, end) if found.refusal is not None else None,
            skipped=found.skipped,
            scheme=self.scheme,
            content_seen=found.content,
            content_whole=found.whole,
            trailers=found.trailers,
            trailer_places=tuple(self._trailer_places(found)) if found.trailers else (),
        )

    def _trailer_places(self, found: _Found) -> Iterator[tuple[int, int]]:
        """Where the fields behind the last chunk of a request stand."""
        end = found.exchange.request[1]
        lines: list[int] = []
        for span in self.reader.trail.between(found.exchange.request[0], end):
            if span.kind == "field-name":
                lines.append(span.start)
        for start in lines[-len(found.trailers) :]:
            line = self.sent.read(start, end).partition(b"\r\n")[0]
            yield start, start + len(line)
