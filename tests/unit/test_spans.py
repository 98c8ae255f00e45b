"""Trails of spans, and what the readers of requests leave in them, by example."""

from __future__ import annotations

import sys
from bisect import bisect_left

import pytest

from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED
from rawwfile.http.limits import Limits
from rawwfile.http.span_reader import LenientSpanReader, SpanReader
from rawwfile.http.spans import CODES, MASS_KINDS, SPAN_KINDS, Span, SpanTrail

HEAD = b"POST /a HTTP/1.1\r\nHost: h\r\n"


def marked(*spans: tuple[int, str], first: int = 0) -> SpanTrail:
    trail = SpanTrail(first)
    for end, kind in spans:
        trail.mark(end, kind)
    return trail


def test_kinds_have_titles_and_rules() -> None:
    assert len(SPAN_KINDS) < 256 and set(SPAN_KINDS) >= MASS_KINDS
    for name, kind in SPAN_KINDS.items():
        assert kind.name == name and kind.title
        assert kind.rule.startswith(("RFC ", "WHATWG ")) or name == "unread"
    assert len({kind.title for kind in SPAN_KINDS.values()}) == len(SPAN_KINDS)


def test_a_trail_tiles_from_its_first_byte() -> None:
    trail = marked((8, "method"), (9, "sp"), (20, "content"), first=5)
    assert list(trail) == [(5, 8, "method"), (8, 9, "sp"), (9, 20, "content")]
    assert (trail.first, trail.end, len(trail)) == (5, 20, 3)
    trail.mark(20, "crlf")
    trail.mark(3, "crlf")
    assert len(trail) == 3
    with pytest.raises(KeyError):
        trail.mark(30, "no such kind")
    assert trail.end == 20


@pytest.mark.parametrize("kind", SPAN_KINDS)
def test_only_mass_kinds_merge(kind: str) -> None:
    assert len(marked((1, kind), (2, kind))) == (1 if kind in MASS_KINDS else 2)
    assert len(marked((1, kind), (2, "sp"), (3, kind))) in (2, 3)


def test_looking_at_a_part() -> None:
    trail = marked((10, "method"), (20, "sp"), (30, "target"))
    assert trail.between(5, 20) == [(0, 10, "method"), (10, 20, "sp")]
    assert trail.between(5, 25, clip=True) == [(5, 10, "method"), (10, 20, "sp"), (20, 25, "target")]
    assert trail.between(12, 13, clip=True) == [(12, 13, "sp")]
    assert trail.between(0, most=2) == [(0, 10, "method"), (10, 20, "sp")]
    assert trail.between(30) == trail.between(5, 5) == trail.between(7, 3) == trail.between(0, most=0) == []
    assert trail.tiled(25, 40) == [(25, 30, "target"), (30, 40, "unread")]
    assert trail.tiled(31, 33) == [(31, 33, "unread")]
    assert trail.tiled(0, 40, most=2) == [(0, 10, "method"), (10, 20, "sp")]
    assert (trail.at(10), trail.at(29), trail.at(30)) == (Span(10, 20, "sp"), Span(20, 30, "target"), None)


def test_forgetting() -> None:
    trail = marked((10, "method"), (20, "sp"), (30, "target"))
    trail.forget_before(15)
    assert list(trail) == [(15, 20, "sp"), (20, 30, "target")] == trail.between(0)
    assert trail.tiled(0, 20) == [(0, 15, "unread"), (15, 20, "sp")]
    trail.forget_before(3)
    assert trail.first == 15
    trail.forget_before(1000)
    assert (trail.first, list(trail), len(trail)) == (30, [], 0)
    trail.mark(40, "sp")
    assert list(trail) == [(30, 40, "sp")]


def test_a_long_trail_is_small_and_gives_memory_back() -> None:
    trail = SpanTrail()
    for end in range(1, 100_001):
        trail.mark(end, "sp" if end % 2 else "colon")
        if end > 50:
            trail.forget_before(end - 50)
    assert len(trail) == 50
    assert sum(map(sys.getsizeof, trail._kept)) < 200_000
    whole = SpanTrail()
    whole.mark_each(range(1, 100_001), bytes([CODES["sp"], CODES["colon"]] * 50_000), 0)
    assert list(whole)[-50:] == list(trail)
    assert sum(map(sys.getsizeof, whole._kept)) < 1_100_000
    ends = [span.end for span in whole]
    assert bisect_left(ends, 77_777) == 77_776 and whole.between(77_776, 77_777) == [(77_776, 77_777, "sp")]


def test_who_looks_is_not_disturbed() -> None:
    trail = marked(*((end, "sp") for end in range(1, 5001)))
    looking = iter(trail)
    assert next(looking) == (0, 1, "sp")
    trail.forget_before(4990)
    for end in range(5001, 20_000):
        trail.mark(end, "colon")
    rest = list(looking)
    assert rest[-1] == (4999, 5000, "sp") and [span.end for span in rest] == list(range(2, 5001))


def read(reader: SpanReader | LenientSpanReader, data: bytes, end: bool = False) -> list[tuple[str, bytes]]:
    """The kinds in `data`, and the bytes of each, after the reader has read all it can."""
    try:
        for part in (data, b"") if end else (data,):
            reader.receive_data(part)
            while (event := reader.next_event()) is not NEED_DATA and event is not PEER_CLOSED:
                if event is PAUSED:
                    reader.start_next()
    except ProtocolError:
        pass
    reader.finish()
    return [(span.kind, data[span.start : span.end]) for span in reader.trail]


START = [
    ("method", b"POST"), ("sp", b" "), ("target", b"/a"), ("sp", b" "), ("version", b"HTTP/1.1"), ("crlf", b"\r\n")
]  # fmt: skip
HOST = [("field-name", b"Host"), ("colon", b":"), ("ows", b" "), ("field-value", b"h"), ("crlf", b"\r\n")]


def field(name: bytes, value: bytes, end: str = "crlf") -> list[tuple[str, bytes]]:
    line_end = [("crlf", b"\r\n")] if end == "crlf" else [("bare-lf", b"\n")] if end else []
    return [("field-name", name), ("colon", b":"), ("ows", b" "), ("field-value", value), *line_end]


LENGTH = field(b"Content-Length", b"3")
CODED = field(b"Transfer-Encoding", b"chunked")
BLANK = [("blank-line", b"\r\n")]
IN_CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BEFORE_CHUNKS = START + HOST + CODED + BLANK


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (HEAD + b"\r\n", START + HOST + BLANK),
        (b"\r\n\r\n" + HEAD + b"\r\n", [("empty-line", b"\r\n")] * 2 + START + HOST + BLANK),
        (HEAD + b"X:\r\nY: \r\nZ:z\t\r\n\r\n", START + HOST + [
            ("field-name", b"X"), ("colon", b":"), ("crlf", b"\r\n"), ("field-name", b"Y"), ("colon", b":"),
            ("ows", b" "), ("crlf", b"\r\n"),
            ("field-name", b"Z"), ("colon", b":"), ("field-value", b"z"), ("ows", b"\t"), ("crlf", b"\r\n")] + BLANK),
        (HEAD + b"Content-Length: 3\r\n\r\nabc" + HEAD + b"\r\n",
         START + HOST + LENGTH + BLANK + [("content", b"abc")] + START + HOST + BLANK),
        (IN_CHUNKS + b"2 ;a=b\r\nhi\r\n0\r\nX: y\r\n\r\n", BEFORE_CHUNKS + [
            ("chunk-size", b"2"), ("ows", b" "), ("chunk-extension", b";a=b"), ("crlf", b"\r\n"),
            ("chunk-data", b"hi"), ("crlf", b"\r\n"),
            ("chunk-size", b"0"), ("crlf", b"\r\n"), *field(b"X", b"y"), *BLANK]),
        # Refused for what it means: it is still what it is.
        (HEAD + b"Host: h\r\n\r\n", START + HOST + HOST + BLANK),
        # Refused where the grammar ends.
        (HEAD + b"no colon\r\nX: y\r\n\r\n", START + HOST + [("fault", b"no colon"), ("crlf", b"\r\n")]),
        (HEAD + b"X: a\x00b\r\n\r\n", START + HOST + field(b"X", b"a", "") + [("fault", b"\x00")]),
        (HEAD + b"X: a\nY: b\r\n\r\n", START + HOST + field(b"X", b"a", "") + [("fault", b"\n")]),
        (b"POST /a HTTP/1.1\nHost: h\n\n", START[:5] + [("fault", b"\n")]),
        (b"POST /a\x00 HTTP/1.1\r\n", [("unfinished", b"POST /a"), ("fault", b"\x00")]),
        (b"POST /a HTTP/3.0\r\nHost: h\r\n\r\n", [("fault", b"POST /a HTTP/3.0"), ("crlf", b"\r\n")]),
        (b"\x16\x03\x01", [("fault", b"\x16")]),
        (b"\r\n" * 9 + HEAD, [("empty-line", b"\r\n")] * 8 + [("fault", b"\r\n")]),
        (IN_CHUNKS + b"2\r\nhix\r\n", BEFORE_CHUNKS + [
            ("chunk-size", b"2"), ("crlf", b"\r\n"), ("chunk-data", b"hi"), ("fault", b"x")]),
        (IN_CHUNKS + b"1\r\na\rb", BEFORE_CHUNKS + [
            ("chunk-size", b"1"), ("crlf", b"\r\n"), ("chunk-data", b"a"), ("unfinished", b"\r"), ("fault", b"b")]),
        (IN_CHUNKS + b"ZZ\r\n", BEFORE_CHUNKS + [("fault", b"Z")]),
        (IN_CHUNKS + b"5 5\r\n", BEFORE_CHUNKS + [("fault", b"5 5"), ("crlf", b"\r\n")]),
        (IN_CHUNKS + b"5;a\nb", BEFORE_CHUNKS + [("unfinished", b"5;a"), ("fault", b"\n")]),
        (IN_CHUNKS + b"0\r\nX: y\r\nno\r\n\r\n", BEFORE_CHUNKS + [
            ("chunk-size", b"0"), ("crlf", b"\r\n"), *field(b"X", b"y"), ("fault", b"no"), ("crlf", b"\r\n")]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("end", [True, False])
def test_what_the_strict_reader_marks(data: bytes, found: list[tuple[str, bytes]], end: bool) -> None:
    assert read(SpanReader(), data, end) == found


@pytest.mark.parametrize(
    ("data", "last"),
    [
        (HEAD + b"X: y", HOST + [("unfinished", b"X: y")]),
        (HEAD, HOST),
        (b"GET", [("unfinished", b"GET")]),
        (b"\r\n\r\n", [("empty-line", b"\r\n")] * 2),
        (b"\r\n\r", [("empty-line", b"\r\n"), ("unfinished", b"\r")]),
        (IN_CHUNKS + b"1f", BLANK + [("unfinished", b"1f")]),
        (IN_CHUNKS + b"3\r\nab", [("chunk-data", b"ab")]),
        (IN_CHUNKS + b"1\r\na\r", [("chunk-data", b"a"), ("unfinished", b"\r")]),
        (IN_CHUNKS + b"0\r\nX: y\r\nZ", field(b"X", b"y") + [("unfinished", b"Z")]),
        (HEAD + b"Content-Length: 3\r\n\r\nab", BLANK + [("content", b"ab")]),
    ],
)
@pytest.mark.parametrize("end", [True, False])
def test_what_never_ended(data: bytes, last: list[tuple[str, bytes]], end: bool) -> None:
    assert read(SpanReader(), data, end)[-len(last) :] == last


def test_a_limit_ends_the_trail() -> None:
    limits = Limits(request_line=20, header_count=1, chunk_line=4, body=4)
    assert read(SpanReader(limits), b"GET /" + b"a" * 30) == [("unfinished", b"GET /" + b"a" * 15), ("fault", b"a")]
    assert read(SpanReader(limits), HEAD + b"X: y\r\n\r\n") == START + HOST + [("fault", b"X")]
    assert read(SpanReader(limits), HEAD + b"Content-Length: 5\r\n\r\nhello")[-1:] == [("fault", b"C")]
    few = Limits(body=4, chunk_line=4)
    assert read(SpanReader(few), HEAD + b"Content-Length: 5\r\n\r\nhello")[-1:] == BLANK
    assert read(SpanReader(few), IN_CHUNKS + b"5\r\nhello")[-2:] == [("chunk-size", b"5"), ("crlf", b"\r\n")]
    assert read(SpanReader(few), IN_CHUNKS + b"3;abc")[-2:] == [("unfinished", b"3;ab"), ("fault", b"c")]


def test_another_protocol() -> None:
    data = b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\n\r\n\x81\x85"
    reader = SpanReader()
    reader.receive_data(data)
    reader.next_event()
    assert reader.take_rest() == b"\x81\x85"
    reader.trail.mark(len(data) + 10, "switched")
    assert list(reader.trail)[-1] == (len(data) - 2, len(data) + 10, "switched")


def test_content_that_nobody_reads_is_not_marked() -> None:
    for rest in (b"Content-Length: 9\r\n\r\n123456789",
    b"Transfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n0\r\n\r\n"):
        reader = SpanReader()
        data = HEAD + rest
        reader.receive_data(data)
        reader.next_event()
        reader.finish()
        assert reader.trail.end == data.index(b"\r\n\r\n") + 4
        assert reader.trail.tiled(0, len(data))[-1].kind == "unread"


def test_old_clients_are_shown_as_they_wrote() -> None:
    data = b"\n\r\nGET /\xe9#x HTTP/1.0\nHost: h\r\nX: one\r\n\ttwo \n  three\r\n\n"
    data += b"GET / HTTP/1.1\r\nHost: i\r\n\r\nGET / HT"
    assert read(LenientSpanReader(), data.replace(b"1.0", b"1.1")) == [
        ("empty-line", b"\n"), ("empty-line", b"\r\n"), ("method", b"GET"), ("sp", b" "), ("target", b"/\xe9#x"),
        ("sp", b" "), ("version", b"HTTP/1.1"),
        ("bare-lf", b"\n"), *field(b"Host", b"h"), *field(b"X", b"one"), ("obs-fold", b"\t"),
        ("field-value", b"two"), ("ows", b" "), ("bare-lf", b"\n"),
        ("obs-fold", b"  "), ("field-value", b"three"), ("crlf", b"\r\n"), ("blank-line", b"\n"),
        ("method", b"GET"), ("sp", b" "), ("target", b"/"), ("sp", b" "), ("version", b"HTTP/1.1"),
        ("crlf", b"\r\n"), *field(b"Host", b"i"), *BLANK,
        ("unfinished", b"GET / HT"),
    ]  # fmt: skip


def test_old_clients_errors_stand_where_they_came() -> None:
    data = b"GET / HTTP/1.1\nHost: h\n\n"
    reader = LenientSpanReader()
    reader.receive_data(data * 3 + b"BAD\r\n\r\n")
    for _ in range(3):
        reader.next_event()
        reader.next_event()
        reader.start_next()
    with pytest.raises(ProtocolError) as caught:
        reader.next_event()
    assert caught.value.offset == len(data) * 3
    assert reader.trail.between(len(data) * 3) == [
        (len(data) * 3, len(data) * 3 + 3, "fault"), (len(data) * 3 + 3, len(data) * 3 + 5, "crlf")
    ]


def test_a_head_too_large_as_mended_is_shown_as_it_came() -> None:
    data = b"GET / HTTP/1.1\nHost: h\nX: yyyy\n\n"
    found = read(LenientSpanReader(Limits(request_line=40, header_size=17)), data)
    assert found[-3:] == [("field-value", b"yyyy"), ("bare-lf", b"\n"), ("blank-line", b"\n")]
