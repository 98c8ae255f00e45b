"""From what a tape holds of an exchange to what the notes are made of, and the notes themselves."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ProtocolError
from rawwfile.http.reader import State
from rawwfile.tape.model import IN, ConnectionTape, ExchangeRecord

if TYPE_CHECKING:
    from rawwfile.http.events import RequestHead
    from rawwfile.http.notes.base import Note
    from rawwfile.http.span_observer import SpanObserver

log = logging.getLogger("rawwfile.tape")

MOST_OF_HEAD = 80_000
"""Bytes of a refused head that are looked at for the line that was wrong."""
_CONTENT = ("content", "chunk-data")


def examined(
    connection: ConnectionTape,
    exchange: ExchangeRecord,
    observer: SpanObserver,
    *,
    head: RequestHead | None = None,
    refusal: ProtocolError | None = None,
    reader: Any = None,
    had_come: int = 0,
) -> list[Note]:
    """What there is to remark on an exchange that is over; empty where examining itself fails.

    reader: who reads the requests. had_come: how many bytes had come on the connection when the
    response began.
    """
    from rawwfile.http.notes.examine import ExchangeView, notes_on

    try:
        if refusal is None:
            refusal = _fault_of(reader)
        view = ExchangeView(
            head=head,
            refusal=refusal,
            observer=observer,
            request_start=exchange.request[0],
            request_end=exchange.request[1],
            response_start=exchange.response[0],
            response_end=exchange.response[1],
            keep=exchange.keep,
            closed=not exchange.keep,
            scheme=connection.scheme,
            skipped=_skipped(connection, exchange),
        )
        if head is None:
            view.request_bytes = connection.stream(IN).read(exchange.request[0], exchange.request[0] + MOST_OF_HEAD)
        else:
            _add_content(view, connection, exchange, head, reader, had_come)
        return notes_on(view)
    except Exception:  # noqa: BLE001 - a recording without notes is better than none
        log.exception("exchange %d could not be examined; please report it", exchange.id)
        return []


def _fault_of(reader: Any) -> ProtocolError | None:
    """Why the reader has refused to read on, if it has."""
    if reader is None or reader.state is not State.ERROR:
        return None
    try:
        reader.next_event()
    except ProtocolError as error:
        return error
    return None


def _skipped(connection: ConnectionTape, exchange: ExchangeRecord) -> int:
    """Bytes of empty lines right before the request."""
    trail, start = connection.stream(IN).trail, exchange.request[0]
    while trail is not None and start:
        span = trail.at(start - 1)
        if span is None or span.kind != "empty-line":
            break
        start = span.start
    return exchange.request[0] - start


def _add_content(
    view: Any, connection: ConnectionTape, exchange: ExchangeRecord, head: RequestHead, reader: Any, had_come: int
) -> None:
    """What is known of the request's content and its trailers."""
    stream = connection.stream(IN)
    start, end = exchange.request
    if head.kind == "none" and stream.read(start, start + len(head.raw)) == head.raw:
        # The ordinary request: nothing follows its head, and nothing was mended.
        view.content_whole = True
        return
    spans = stream.trail.between(start, end) if stream.trail is not None else []
    blank = next((span.end for span in spans if span.kind == "blank-line"), start + len(head.raw))
    as_it_came = stream.read(start, blank)
    if as_it_came and as_it_came != head.raw:
        view.request_bytes = as_it_came
    view.content_seen = sum(span.end - span.start for span in spans if span.kind in _CONTENT)
    view.content_whole = reader is not None and reader.body_left == 0 and reader.state is not State.ERROR
    if head.kind == "length":
        view.early_content = max(0, min(had_come - blank, head.length or 0))
    else:
        early = (span for span in spans if span.kind in _CONTENT)
        view.early_content = sum(max(0, min(span.end, had_come) - span.start) for span in early)
    trailers: list[tuple[bytes, bytes]] = []
    for span in spans:
        if span.start >= blank and span.kind == "field-name":
            trailers.append((stream.read(span.start, span.end), b""))
        elif span.start >= blank and span.kind == "field-value" and trailers:
            trailers[-1] = (trailers[-1][0], stream.read(span.start, span.end))
    view.trailers = tuple(trailers)
