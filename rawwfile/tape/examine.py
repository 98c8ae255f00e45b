"""The notes on a recorded exchange: what they are made of is put aside at its end, until somebody asks.

    examine_later(connection, exchange, observer, head=..., ...)       the recorder, when it is over
    exchange.notes                         the first who asks has them worked out; then they are kept

What is put aside is the exchange as it was at its end. It needs nothing of the tape, which may have
dropped the bytes by then, and takes less memory than the notes: it shares its bytes with the entries.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from rawwfile.errors import ProtocolError
from rawwfile.http.events import RequestHead
from rawwfile.http.limits import Limits
from rawwfile.http.observe import ResponseObserver
from rawwfile.http.reader import RequestReader, State
from rawwfile.http.span_reader import SpanReader
from rawwfile.http.spans import Span
from rawwfile.tape.model import IN, OUT, ConnectionTape, ExchangeRecord, Stream

if TYPE_CHECKING:
    from rawwfile.http.notes.base import Note
    from rawwfile.http.notes.view import ExchangeView

log = logging.getLogger("rawwfile.tape")

MOST_OF_HEAD = 80_000
"""Bytes of a refused head that are looked at for the line that was wrong."""
MOST_READ_AGAIN, MOST_PIECES = 1 << 16, 64
"""Bytes and entries of a response that is read again for its notes; of a larger one the observer is kept."""
_ANY_SIZE = Limits(request_line=1 << 40, header_size=1 << 40, header_count=1 << 40)
_CONTENT = ("content", "chunk-data")
_OF_FIELD = ("colon", "ows", "field-value")
_ERROR = State.ERROR

_working = Lock()
"""Held while notes are worked out, so that nobody does it twice. Who holds it waits for no other lock."""


class _Content(NamedTuple):
    """What is known of a request beside its head: see ExchangeView for each."""

    request_bytes: bytes | None = None
    content_seen: int = 0
    content_whole: bool = False
    early_content: int = 0
    trailers: tuple[tuple[bytes, bytes], ...] = ()
    trailer_places: tuple[tuple[int, int], ...] = ()


_NO_CONTENT = _Content(content_whole=True)


def examine_later(
    connection: ConnectionTape,
    exchange: ExchangeRecord,
    observer: ResponseObserver,
    *,
    head: RequestHead | None = None,
    refusal: ProtocolError | None = None,
    reader: Any = None,
    had_come: int = 0,
) -> None:
    """An exchange is over: its `notes` will be made of what is known of it now. Never raises.

    observer: has read the response, and reads no more. reader: who reads the requests. had_come: how many
    bytes had come on the connection when the response began. Call it with the tape's lock held.
    """
    try:
        if refusal is None:
            refusal = _fault_of(reader)
        exchange.notes_later(_Unexamined(connection, exchange, observer, head, refusal, reader, had_come))
    except Exception:  # noqa: BLE001 - a recording without notes is better than none
        log.exception("exchange %d could not be examined; please report it", exchange.id)
    if refusal is not None:
        # Now: an error that was raised holds the frames, and so the connection, that it passed.
        _ = exchange.notes


class _Unexamined:
    """What an exchange was at its end; called, it gives the notes on it, the same list each time."""

    __slots__ = ("_head", "_refusal", "_response", "_request", "_skipped", "_content", "_scheme", "_notes")

    def __init__(
        self,
        connection: ConnectionTape,
        exchange: ExchangeRecord,
        observer: ResponseObserver,
        head: RequestHead | None,
        refusal: ProtocolError | None,
        reader: Any,
        had_come: int,
    ) -> None:
        strict = type(reader) is SpanReader
        # Of what a strict reader has read, the bytes say everything; and they are those of the entry.
        self._head = head.raw if strict and head is not None else head
        self._refusal = refusal
        self._request = exchange.request
        self._skipped = _skipped(connection, exchange)
        self._content = _content_of(connection.stream(IN), exchange.request, head, refusal, reader, had_come)
        self._response = observer if head is None else _response_of(connection.stream(OUT), exchange.response, observer)
        self._scheme = connection.scheme
        self._notes: list[Note] | None = None

    def __call__(self, exchange: ExchangeRecord) -> list[Note]:
        """The notes on `exchange`, whose end it was; empty where examining fails. Any thread may call it."""
        with _working:
            if self._notes is None:
                self._notes = self._examine(exchange)
            return self._notes

    def _examine(self, exchange: ExchangeRecord) -> list[Note]:
        from rawwfile.http.notes.examine import notes_on

        try:
            return notes_on(self._view(exchange))
        except Exception:  # noqa: BLE001 - who asks must not pay for it
            log.exception("exchange %d could not be examined; please report it", exchange.id)
            return []

    def _view(self, exchange: ExchangeRecord) -> ExchangeView:
        from rawwfile.http.notes.view import ExchangeView

        head, observer = self._head, self._response
        if isinstance(head, bytes):
            head = _read_again(head, self._request[0])
        if isinstance(observer, tuple):
            assert head is not None
            pieces, version = observer, (1, head.minor)
            observer = ResponseObserver(exchange.method, client_version=version, client_keeps=head.keep_alive)
            for piece in pieces:
                observer.receive(piece)
        return ExchangeView(
            head=head,
            refusal=self._refusal,
            observer=observer,
            request_start=self._request[0],
            request_end=self._request[1],
            response_start=exchange.response[0],
            response_end=exchange.response[1],
            keep=exchange.keep,
            closed=not exchange.keep,
            scheme=self._scheme,
            skipped=self._skipped,
            **self._content._asdict(),
        )


def _read_again(raw: bytes, offset: int) -> RequestHead:
    """The head that a strict reader made of these bytes."""
    reader = RequestReader(_ANY_SIZE)
    reader.receive_data(raw)
    head = reader.next_event()
    assert isinstance(head, RequestHead)
    head.offset = offset
    return head


def _response_of(
    stream: Stream, place: tuple[int, int], observer: ResponseObserver
) -> tuple[bytes, ...] | ResponseObserver:
    """The entries' own bytes of a response, if they are few and all kept; else what has read them.

    An observer takes some thousand bytes beside them.
    """
    start, end = place
    if end - start > MOST_READ_AGAIN:
        return observer
    if start == end:
        return ()
    last = stream.entries[-1] if stream.entries else None
    if last is not None and last.offset == start and last.end == end:
        return (last.data,)
    entries = stream.entries_between(start, end)
    if len(entries) > MOST_PIECES or not entries or entries[0].offset != start or entries[-1].end != end:
        return observer
    return tuple([entry.data for entry in entries])


def _fault_of(reader: Any) -> ProtocolError | None:
    """Why the reader has refused to read on, if it has."""
    if reader is None or reader.state is not _ERROR:
        return None
    try:
        reader.next_event()
    except ProtocolError as error:
        return error
    return None


def _skipped(connection: ConnectionTape, exchange: ExchangeRecord) -> int:
    """Bytes of empty lines right before the request."""
    start, exchanges = exchange.request[0], connection.exchanges
    if not start or (len(exchanges) > 1 and exchanges[-1] is exchange and exchanges[-2].request[1] == start):
        return 0
    trail = connection.stream(IN).trail
    while trail is not None and start:
        span = trail.at(start - 1)
        if span is None or span.kind != "empty-line":
            break
        start = span.start
    return exchange.request[0] - start


def _content_of(
    stream: Stream,
    place: tuple[int, int],
    head: RequestHead | None,
    refusal: ProtocolError | None,
    reader: Any,
    had_come: int,
) -> _Content:
    """What is known of the request's content and its trailers."""
    start, end = place
    if head is None:
        return _Content(stream.read(start, start + MOST_OF_HEAD))
    strict = type(reader) is SpanReader
    if (
        head.kind == "none"
        and refusal is None
        and (strict or stream.read(start, start + len(head.raw)) == head.raw)
    ):
        # The ordinary request: nothing follows its head, and nothing was mended.
        return _NO_CONTENT
    spans = stream.trail.between(start, end) if stream.trail is not None else []
    blank = next((span.end for span in spans if span.kind == "blank-line"), start + len(head.raw))
    as_it_came = None
    if refusal is not None:
        as_it_came = stream.read(start, min(end, start + MOST_OF_HEAD))
    elif not strict:
        as_it_came = stream.read(start, blank)
    known = as_it_came and as_it_came != head.raw and stream.first <= start
    seen = sum(span.end - span.start for span in spans if span.kind in _CONTENT)
    whole = reader is not None and reader.body_left == 0 and reader.state is not _ERROR
    if head.kind == "length":
        early = max(0, min(had_come - blank, head.length or 0))
    else:
        early = sum(max(0, min(span.end, had_come) - span.start) for span in spans if span.kind in _CONTENT)
    trailers, places = _trailers_of(stream, [span for span in spans if span.start >= blank])
    return _Content(as_it_came if known else None, seen, whole, early, trailers, places)


def _trailers_of(
    stream: Stream, spans: Sequence[Span]
) -> tuple[tuple[tuple[bytes, bytes], ...], tuple[tuple[int, int], ...]]:
    """The fields among the spans behind a head, and where they stand."""
    fields: list[tuple[bytes, bytes]] = []
    places: list[tuple[int, int]] = []
    for span in spans:
        if span.kind == "field-name":
            fields.append((stream.read(span.start, span.end), b""))
            places.append((span.start, span.end))
        elif fields and span.kind in _OF_FIELD:
            places[-1] = (places[-1][0], span.end)
            if span.kind == "field-value":
                fields[-1] = (fields[-1][0], stream.read(span.start, span.end))
    return tuple(fields), tuple(places)
