"""All notes on one exchange: what was refused, what the observer found, what the fields mean together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from rawwfile.errors import ProtocolError
from rawwfile.http.notes import (
    answers,
    caching,
    chunking,
    conditional,
    cookies,
    interim,
    outcome,
    persistence,
    ranges,
    representation,
    request_fields,
    request_line,
    trailers,
    upgrade,
    versions,
)
from rawwfile.http.notes.base import MAX_FINDINGS, Note, known, note_class
from rawwfile.http.notes.fields import FoldAccepted
from rawwfile.http.notes.line_endings import BareLfAccepted, EmptyLinesBefore
from rawwfile.http.notes.tls import TlsFacts, notes_on_tls
from rawwfile.http.notes.view import ExchangeView

__all__ = ["ExchangeView", "TlsFacts", "notes_on", "notes_on_tls"]

CHECKS: tuple[Callable[[ExchangeView], Iterator[Note]], ...] = (
    request_line.examine, versions.examine, outcome.examine, persistence.examine,
    request_fields.examine, representation.examine, caching.examine, conditional.examine, ranges.examine,
    interim.examine, upgrade.examine, chunking.examine, trailers.examine, cookies.examine, answers.examine,
)  # fmt: skip

_bare_lf = re.compile(rb"(?<!\r)\n")
_fold = re.compile(rb"\n(?=[ \t])")
FIELDS_AT_FAULT = {
    "hosts-repeated": "host", "host-form": "host", "request-lengths": "content-length",
    "request-length-not-digits": "content-length", "request-length-too-long": "content-length",
    "request-length-and-coding": "transfer-encoding", "request-coding-not-chunked": "transfer-encoding",
    "request-coding-unknown": "transfer-encoding", "coding-in-old-request": "transfer-encoding",
    "expectation-unknown": "expect", "content-too-large": "content-length",
}  # fmt: skip
"""Faults of one field, and its name: the reader gives the offset of the whole request."""
BYTES_AT_FAULT = frozenset({
    "request-bare-lf", "request-bare-cr", "request-control-byte", "request-chunk-line", "tls-on-plain-port",
    "request-chunk-end", "fields-too-large", "request-line-too-long", "method-too-long", "chunk-line-too-long",
})  # fmt: skip
"""Faults of the one byte that stands at their offset."""


def notes_on(view: ExchangeView) -> list[Note]:
    """Every note on the exchange, those on the request first, each direction in the order of its bytes.

    Offsets are those of the connection's plain streams. Never raises for any bytes that the readers
    have read; at most `MAX_FINDINGS` of each topic; costs a millisecond or less for an ordinary exchange.
    """
    found: list[Note] = list(_as_received(view))
    if view.refusal is not None:
        found.append(note_on_refusal(view.refusal, view))
    if view.observer is not None:
        found += [note.moved(view.response_start) for note in view.observer.findings]
    for check in CHECKS:
        found += islice(check(view), MAX_FINDINGS)
    found.sort(key=lambda note: (note.direction, note.start, note.end, note.id))
    return found


def note_on_refusal(error: ProtocolError, view: ExchangeView) -> Note:
    """The note on an error of the request reader, on the byte, the line or the field that is at fault."""
    kind = note_class(error.note if known(error.note) else "request-refused")
    if kind.id in FIELDS_AT_FAULT:
        start, end = view.request_place(FIELDS_AT_FAULT[kind.id])
    elif error.offset is None:
        start, end = view.request_start, view.request_end
    else:
        start = error.offset
        end = start + 1 if kind.id in BYTES_AT_FAULT else view.line_end(start)
    end = max(start, min(end, view.request_end))
    return kind(start, end, message=error.message)


def _as_received(view: ExchangeView) -> Iterator[Note]:
    """What the reader forgave in a request that it took."""
    if view.skipped:
        yield EmptyLinesBefore(view.request_start - view.skipped, view.request_start)
    raw, start = view.head_bytes, view.request_start
    if view.request_bytes is None or view.head is None:
        return
    if (found := _bare_lf.search(raw)) is not None:
        yield BareLfAccepted(start + found.start(), start + found.end())
    if (found := _fold.search(raw)) is not None:
        at = start + found.end()
        yield FoldAccepted(at, view.line_end(at))
