"""What is done for a recording grows with its bytes, whatever they are: counted in calls and bytes, never in time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from types import FrameType
from typing import Any

import pytest

from rawwfile.http.multipart_spans import MultipartSpans
from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.spans import CODES, SpanTrail
from rawwfile.tape import difference, finer, line_rows, masks, messages
from rawwfile.tape.curl_trace import curl_trace
from rawwfile.tape.difference import differences
from rawwfile.tape.har import har
from rawwfile.tape.layout import Look
from rawwfile.tape.lines import LineMaker
from rawwfile.tape.masks import masked_text
from rawwfile.tape.messages import message_of
from rawwfile.tape.model import IN, OUT, ConnectionTape, ExchangeRecord, Tape
from rawwfile.tape.reading import UNBOUNDED, add_connection, tape_of, tape_of_bytes
from rawwfile.tape.show import shown

ASK = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
CHUNKED = OK + b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"


def calls(action: Callable[[], object]) -> int:
    """How many functions, those written in C too, are called."""
    count = 0

    def note(frame: FrameType, event: str, value: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


def each(size: int, action: Callable[[int], object]) -> float:
    """Calls for one more thing, where there are `size` of them already."""
    action(2)  # what is imported or compiled at first
    return (calls(lambda: action(2 * size)) - calls(lambda: action(size))) / size


def drained(rows: Iterator[str]) -> int:
    return sum(1 for _ in rows)


@pytest.mark.parametrize(("line", "most"), [(b"1\r\n", 12), (b"1;a=b\r\n", 40), (b"1\n", 100)])
def test_a_chunk_more_costs_some_calls(line: bytes, most: int) -> None:
    def observe(count: int) -> None:
        SpanObserver("GET", trail=SpanTrail()).receive(CHUNKED + (line + b"x\r\n") * count + b"0\r\n\r\n")

    assert each(3000, observe) < most


def test_chunks_that_nobody_looks_at_are_passed_over() -> None:
    def make(count: int) -> None:
        stream = tape_of_bytes(CHUNKED + b"1\r\nx\r\n" * count + b"0\r\n\r\n").connections[1].stream(OUT)
        list(LineMaker(stream, most=24).ready(final=True))

    assert each(3000, make) < 30


def test_spans_are_listed_without_a_call_for_each() -> None:
    trail = SpanTrail()
    for _ in range(2000):
        trail.mark(trail.end + 2, "field-name")
        trail.mark(trail.end + 1, "colon")
    assert calls(lambda: trail.between(0)) < 2 * len(trail)
    begin, ends, kinds = trail.kinds(1, 5)
    assert (begin, list(ends)) == (0, [2, 3, 5])
    assert kinds == bytes(CODES[kind] for kind in ("field-name", "colon", "field-name"))
    assert trail.kinds(trail.end, trail.end + 9)[1:] == (trail.kinds(0, 1)[1][:0], b"")


def test_pipelined_responses_are_not_read_again_and_again(read_bytes: list[int]) -> None:
    answers = (OK + b"Content-Length: 5\r\n\r\nhello") * 2000
    tape = tape_of_bytes(answers)
    assert len(tape.exchanges) == 2000
    assert sum(read_bytes) < 120 * len(answers)


@pytest.mark.parametrize("begin", [b"no HTTP ", b"GET / HTTP/1.1\r\nX: ", CHUNKED])
@pytest.mark.parametrize("unit", [b"x", b"Cookie: a=b\r\n"])
def test_a_trace_of_small_pieces_reads_each_byte_some_times(begin: bytes, unit: bytes, read_bytes: list[int]) -> None:
    data = begin + unit * (60_000 // len(unit))
    way = OUT if begin == CHUNKED else IN
    tape = tape_of([(0.0, way, data[at : at + 9]) for at in range(0, len(data), 9)])
    read_bytes.clear()
    drained(curl_trace(tape, ascii=True))
    assert sum(read_bytes) < 12 * len(data)


class Looked(list[Any]):
    """A list that counts how many of its items are looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        self.looks += len(found) if isinstance(place, slice) else 1
        return found


def test_lines_find_their_exchange_among_many_that_were_not_answered() -> None:
    tape = Tape(UNBOUNDED)
    content = CHUNKED + b"1\r\nx\r\n" * 300 + b"0\r\n\r\n"
    connection = add_connection(tape, [(0.0, IN, ASK), (0.1, OUT, content)])
    for number in range(2, 902):
        places = (len(ASK), len(ASK)), (len(content), len(content))
        tape.add_exchange(connection, ExchangeRecord(number, 1, number, *places, ended=1.0))
    connection.exchanges = looked = Looked(connection.exchanges)
    # Of 300 chunks there are 900 lines.
    assert drained(shown(tape, Look(whole=True))) > 900
    assert looked.looks < 9000


def test_each_line_looks_at_the_notes_on_it_alone() -> None:
    def show(count: int) -> None:
        drained(shown(tape_of_bytes(OK + b"A: b\n" * count + b"Content-Length: 0\n\n"), Look()))

    assert each(1000, show) < 250


def test_the_inside_of_content_is_read_once_for_each_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Counted(finer.FinerSpans):
        def __init__(self, connection: ConnectionTape, exchange: ExchangeRecord, direction: str) -> None:
            made.append(direction)
            super().__init__(connection, exchange, direction)

    monkeypatch.setattr(line_rows, "FinerSpans", Counted)
    upgrade = b"Connection: upgrade\r\nUpgrade: websocket\r\n"
    ask = b"GET / HTTP/1.1\r\nHost: a\r\n" + upgrade + b"Sec-WebSocket-Version: 13\r\n\r\n"
    frames = [(1.0 + at, (IN, OUT)[at % 2], b"\x81\x05hello") for at in range(40)]
    tape = tape_of([(0.0, IN, ask), (0.5, OUT, b"HTTP/1.1 101 Go\r\n" + upgrade + b"\r\n"), *frames])
    assert drained(shown(tape, Look(verbose=2, whole=True))) > 80
    assert sorted(made) == [IN, OUT]


def test_finer_spans_of_a_line_cost_no_look_at_those_of_others() -> None:
    head = OK + b"Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    [connection] = tape_of_bytes(head + b"9\r\ndata: a\n\n\r\n" * 300 + b"0\r\n\r\n")
    spans = finer.FinerSpans(connection, connection.exchanges[0], OUT)
    spans._spans = looked = Looked(spans._spans)
    places = range(len(head), connection.stream(OUT).end, 14)
    found = [span for start in places for span in spans.between(start, start + 14)]
    assert len(found) > 2000 and looked.looks < 2 * len(found)


def test_parts_are_not_copied_to_give_out_the_ones_before() -> None:
    held: set[int] = set()

    class Watched(MultipartSpans):
        def _step(self, spans: list[Any], last: bool) -> bool:
            held.add(len(self._held))
            return super()._step(spans, last)

    reader = Watched(b"B")
    data = b"\r\n--B\r\nA: b\r\n\r\nx" * 500
    spans = reader.feed(data)
    assert len(spans) > 1400 and held == {len(data)}


def test_a_head_in_many_pieces_is_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sets: list[str] = []

    class Watched(messages.Message):
        def __setattr__(self, name: str, value: object) -> None:
            sets.append(name)
            super().__setattr__(name, value)

    data = b"HTTP/1.1 200 O\rK\r\nX: a\r\n" + b" b\r\n" * 400 + b"Y: a" + b"\rb" * 400 + b"\r\n\r\n"
    [stream] = tape_of_bytes(data).connections[1].streams.values()
    monkeypatch.setattr(messages, "Message", Watched)
    message = message_of(stream, 0, stream.end)
    assert message.head == data and message.text("reason") == "OK"
    assert message.fields == [(b"X", b"a" + b" b" * 400), (b"Y", b"a" + b"\rb" * 400)]
    assert sets.count("head") <= 3


def test_folded_lines_are_joined() -> None:
    from rawwfile.http.notes.base import Findings
    from rawwfile.http.response_head import read_fields

    section = b"X:\r\n \r\n a \r\n\t b\r\nY: c\r\nno field\r\n d\r\nZ:\r\n \r\n\r\n"
    found = read_fields(section, 100, Findings())
    assert [(line.name, line.value) for line in found] == [("X", "a b"), ("Y", "c"), ("Z", "")]
    assert [section[line.start - 100 : line.end - 100] for line in found] == [
        b"X:\r\n \r\n a \r\n\t b", b"Y: c", b"Z:\r\n ",
    ]  # fmt: skip


def test_interim_responses_are_kept_in_their_order() -> None:
    data = b"".join(b"HTTP/1.1 10%d A\r\n\r\n" % (at % 3 + 2) for at in range(300))
    data += OK + b"Content-Length: 0\r\n\r\n"
    [stream] = tape_of_bytes(data).connections[1].streams.values()
    found = message_of(stream, 0, stream.end)
    assert [message.text("status-code") for message in found.interim] == [str(at % 3 + 102) for at in range(300)]
    assert found.text("status-code") == "200" and all(not message.interim for message in found.interim)


def test_sentences_on_the_same_lines_hide_them_once(read_bytes: list[int]) -> None:
    cookies = b"; ".join(b"c%d=v\xe9%d" % (at, at) for at in range(600))
    data = OK + b"Set-Cookie: " + cookies + b"\r\nContent-Length: 0\r\n\r\n"
    asked = tape_of([(0.0, IN, ASK), (0.1, OUT, data)])
    notes = asked.exchanges[1].notes
    assert len(notes) > 3
    asked.exchanges[1].notes = [*notes, *(note for note in notes for _ in range(100))]
    before = sum(read_bytes)
    har(asked)
    assert sum(read_bytes) - before < 12 * len(notes) * len(data)


def test_a_long_line_costs_a_sentence_no_more_calls_than_a_short_one() -> None:
    def hide(count: int) -> int:
        data = OK + b"X: a\r\n" + b" b\r\n" * count + b"Set-Cookie: a=secret\r\n\r\n"
        [stream] = tape_of_bytes(data).connections[1].streams.values()
        start = len(data) - 30
        assert masked_text(stream, start, start + 1, "odd: 'a=secret'") == "odd: 'a=******'"
        return calls(lambda: masks._line_start(stream.trail, 0, start))  # type: ignore[arg-type]

    assert hide(4000) < hide(500) + 20


def recording(targets: list[str]) -> Tape:
    asked = [b"GET %s HTTP/1.1\r\nHost: a\r\n\r\n" % target.encode() for target in targets]
    return tape_of([(at / 10, IN, ask) for at, ask in enumerate(asked)])


def test_the_search_for_missing_exchanges_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = (["/same" if at % 2 else f"/{side}{at}" for at in range(60)] for side in "ab")
    plain = differences(recording(left), recording(right))
    searched: list[int] = []
    search = SequenceMatcher.find_longest_match

    def counted(self: Any, alo: int, ahi: int, blo: int, bhi: int) -> Any:
        searched.append(ahi - alo)
        return search(self, alo, ahi, blo, bhi)

    monkeypatch.setattr(SequenceMatcher, "find_longest_match", counted)
    assert differences(recording(left), recording(right)) == plain
    before = sum(searched)
    searched.clear()
    monkeypatch.setattr(difference, "MOST_STEPS", 3000)
    found = differences(recording(left), recording(right))
    assert sum(searched) < before / 4
    # What was not looked at is paired by its order: here it is the same.
    assert {each.where for each in found} == {each.where for each in plain}


def test_what_is_missing_is_still_found() -> None:
    targets = [f"/{at}" for at in range(50)]
    found = differences(recording(targets), recording(targets[:20] + targets[21:]))
    assert [(each.where, each.left, each.right) for each in found] == [("exchange 21, GET /20", "yes", "")]
