"""The trail of a reader: it tiles the stream, in any split, and changes nothing of what the reader tells."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED, BodyPart, RequestHead
from rawwfile.http.lenient import LenientReader
from rawwfile.http.limits import Limits
from rawwfile.http.reader import RequestReader
from rawwfile.http.span_reader import LenientSpanReader, SpanReader
from rawwfile.http.spans import SPAN_KINDS, Span, SpanTrail
from tests.protocol.conversation import TAIL, Case, Talk, pieces
from tests.protocol.test_splits import CUTS, LIMITS, SENTENCES, mutants
from tests.protocol.test_table import ROWS

FEW = settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
READERS = [(RequestReader, SpanReader), (LenientReader, LenientSpanReader)]
WAYS = st.sampled_from(READERS)


def told(reader: RequestReader, parts: Iterable[bytes], end: bool) -> Talk:
    """What `reader` tells of the parts and, if so, of the end of the connection."""
    talk = Talk([], None, False)
    try:
        for part in [*parts, b""] if end else parts:
            reader.receive_data(part)
            while (event := reader.next_event()) is not NEED_DATA and not talk.closed:
                if event is PAUSED:
                    reader.start_next()
                elif event is PEER_CLOSED:
                    talk.closed = True
                elif isinstance(event, BodyPart) and isinstance(talk.events[-1], BodyPart):
                    talk.events[-1] = BodyPart(talk.events[-1].data + event.data)
                else:
                    talk.events.append(event)  # type: ignore[arg-type]
            if talk.closed:
                break
    except ProtocolError as error:
        talk.error = error
        with pytest.raises(ProtocolError):
            reader.next_event()
    return talk


def tiles(trail: SpanTrail) -> list[Span]:
    """The spans of `trail`, which must lie side by side."""
    spans = list(trail)
    end = 0
    for span in spans:
        assert span.start == end < span.end and span.kind in SPAN_KINDS
        end = span.end
    assert end == trail.end
    assert trail.between(0) == spans
    return spans


def text(data: bytes, spans: Iterable[Span], *kinds: str) -> list[bytes]:
    """The bytes under the spans of these kinds."""
    return [data[span.start : span.end] for span in spans if span.kind in kinds]


def check_values(data: bytes, talk: Talk, trail: SpanTrail) -> None:
    """Under the spans stands what the events say."""
    spans, heads = tiles(trail), [event for event in talk.events if isinstance(event, RequestHead)]
    methods = [head.method for head in heads]
    assert text(data, spans, "method")[: len(heads)] == methods
    assert text(data, spans, "target")[: len(heads)] == [head.target for head in heads]
    body = b"".join(event.data for event in talk.events if isinstance(event, BodyPart))
    assert b"".join(text(data, spans, "content", "chunk-data")) == body
    assert len(data) >= trail.end
    for head in heads:
        blank = next(span.end for span in spans if span.kind == "blank-line" and span.start >= head.offset)
        inside = trail.between(head.offset, blank)
        assert text(data, inside, "field-name") == [name for name, _value in head.fields.pairs]
        if not text(data, inside, "obs-fold"):
            assert text(data, inside, "field-value") == [value for _name, value in head.fields.pairs if value]


def check(data: bytes, limits: Limits, cuts: list[int], end: bool, way: tuple[type, type]) -> None:
    """All that must be true of any bytes, cut anywhere."""
    plain, spanning = way
    trails = []
    for places in ([], range(len(data)), [cut % (len(data) + 1) for cut in cuts]):
        parts = pieces(data, places)
        reader = spanning(limits)
        talk = told(reader, parts, end)
        assert talk.key() == told(plain(limits), parts, end).key()
        check_values(data, talk, reader.trail)
        reader.finish()
        spans = tiles(reader.trail)
        reader.finish()
        assert tiles(reader.trail) == spans
        trails.append(spans)
    assert trails[0] == trails[1] == trails[2]


@pytest.mark.parametrize(("_rule", "case"), ROWS)
def test_every_case_of_the_tables(_rule: object, case: Case) -> None:
    data = case.data if case.truncated else case.data + TAIL
    reader = SpanReader(case.limits)
    talk = told(reader, [data], True)
    check_values(data, talk, reader.trail)
    spans = tiles(reader.trail)
    faults = [span for span in spans if span.kind in ("fault", "unfinished")]
    if talk.error is None:
        assert not faults
        last = [event for event in talk.events if isinstance(event, RequestHead)][-1:]
        assert reader.trail.end == len(data) or not last[0].keep_alive
    elif faults:
        fault = talk.error.offset
        assert reader.trail.end == len(data) or all(span.end >= fault for span in faults[-1:])


@FEW
@given(mutants(), LIMITS, CUTS, st.booleans(), WAYS)
def test_changed_conversations(data: bytes, limits: Limits, cuts: list[int], end: bool, way: tuple[type, type]) -> None:
    check(data, limits, cuts, end, way)


@FEW
@given(SENTENCES, LIMITS, CUTS, st.booleans(), WAYS)
def test_words_of_http(data: bytes, limits: Limits, cuts: list[int], end: bool, way: tuple[type, type]) -> None:
    check(data, limits, cuts, end, way)
