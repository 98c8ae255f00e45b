"""The trail of a response: it tiles what was written, in any split, and changes no verdict."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawwfile.http.observe import MAX_HEAD, ResponseObserver
from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.spans import SPAN_KINDS, Span, SpanTrail
from tests.unit.test_observe import CASES, CHUNKED, OK, Case, reading, splits

FEW = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def tiles(trail: SpanTrail, begin: int, end: int) -> list[Span]:
    """The spans of `trail`, which must lie side by side from `begin` to `end`."""
    spans, at = trail.between(begin), begin
    for span in spans:
        assert span.start == at < span.end and span.kind in SPAN_KINDS
        at = span.end
    assert at == trail.end == end
    return spans


def observe(
    writes: Iterable[bytes], method: str = "GET", client: tuple[int, int] = (1, 1)
) -> tuple[SpanObserver, list[Span]]:
    """The observer and its spans, after it was asked to finish; verdict and findings are those without spans."""
    trail = SpanTrail(7)
    trail.mark(10, "excess")
    observer = SpanObserver(method, client_version=client, trail=trail)
    plain = ResponseObserver(method, client_version=client)
    for data in writes:
        observer.receive(data)
        plain.receive(data)
        assert trail.end <= 10 + plain.bytes_seen
    observer.finish()
    seen = reading(observer)
    assert {name: seen[name] for name in reading(plain)} == reading(plain)
    spans = tiles(trail, 10, 10 + plain.bytes_seen) if plain.bytes_seen else []
    observer.finish()
    assert trail.end == 10 + plain.bytes_seen
    return observer, [Span(span.start - 10, span.end - 10, span.kind) for span in spans]


def named(stream: bytes, spans: Iterable[Span]) -> list[tuple[str, bytes]]:
    return [(span.kind, stream[span.start : span.end]) for span in spans]


def text(stream: bytes, spans: Iterable[Span], *kinds: str) -> list[bytes]:
    return [data for kind, data in named(stream, spans) if kind in kinds]


def check_values(stream: bytes, observer: SpanObserver, spans: list[Span]) -> None:
    """Under the spans stands what the observer says."""
    content = b"".join(text(stream, spans, "content", "chunk-data", "switched"))
    assert len(content) == observer.content_bytes
    assert sum(map(len, text(stream, spans, "excess"))) == observer.excess
    assert observer.offending == stream[observer.offending_offset :][: len(observer.offending)]
    if observer.verdict == "unreadable":
        assert spans[-1] == (observer.offending_offset, len(stream), "fault")
    if observer._head is None:
        return
    begin = observer._head.start
    end = begin + len(observer.head)
    head = [span for span in spans if begin <= span.start < end]
    assert head[-1].end == end
    names = [name.decode("latin-1") for name in text(stream, head, "field-name")]
    odd = {"bare-cr", "obs-fold"} & {span.kind for span in head}
    assert [int(code) for code in text(stream, head, "status-code")] == [observer.status]
    if not odd:
        assert b"".join(text(stream, head, "reason")).decode("latin-1") == observer.reason
        assert names == [name for name, _value in observer.fields]
        values = [value.decode("latin-1") for value in text(stream, head, "field-value")]
        assert values == [value for _name, value in observer.fields if value]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_case_of_the_observer(case: Case) -> None:
    observer, spans = observe([case.stream], case.method, case.client)
    check_values(case.stream, observer, spans)
    for writes in splits(case.stream):
        assert observe(writes, case.method, case.client)[1] == spans


WORDS = [
    OK, CHUNKED, b"HTTP/1.0 200\r\n", b"HTTP/1.1 103 E\r\n", b"HTTP/1.1 101 S\r\n", b"HTTP/1.1 204 N\n",
    b"HTTP/1.1\t200  OK", b"\r\n", b"\n", b"\r", b" ",
    b"\t", b":", b"\r\n\r\n", b"\n\n", b"Content-Length: 3\r\n", b"Content-Length : 3\n",
    b"Transfer-Encoding: chunked\r\n", b"X: y", b"X:\ty \r\n", b" z",
    b"abc", b"hello", b"3\r\nabc\r\n", b"3 \nabc\n", b"3;a=b\r\n", b"3 ;a\r\n", b"0\r\n\r\n", b"0\r\n", b"\x00",
    b"\xe9", b"A" * 70,
]  # fmt: skip
STREAMS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=14).map(b"".join),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS), st.binary(max_size=30)).map(b"".join),
)


@FEW
@given(STREAMS, st.lists(st.integers(0, 400), max_size=8), st.sampled_from(["GET", "HEAD", "CONNECT"]))
def test_any_bytes_in_any_split(stream: bytes, cuts: list[int], method: str) -> None:
    observer, spans = observe([stream], method)
    check_values(stream, observer, spans)
    places = [0, *sorted(cut % (len(stream) + 1) for cut in cuts), len(stream)]
    assert observe([stream[a:b] for a, b in zip(places, places[1:], strict=False)], method)[1] == spans
    assert observe([stream[at : at + 1] for at in range(len(stream))], method)[1] == spans


def test_a_response_as_it_should_be() -> None:
    stream = OK + b"Content-Length: 5 \r\nX:\r\n\r\nhello!"
    assert named(stream, observe([stream])[1]) == [
        ("version", b"HTTP/1.1"), ("sp", b" "), ("status-code", b"200"), ("sp", b" "), ("reason", b"OK"),
        ("crlf", b"\r\n"),
        ("field-name", b"Content-Length"), ("colon", b":"), ("ows", b" "), ("field-value", b"5"), ("ows", b" "),
        ("crlf", b"\r\n"),
        ("field-name", b"X"), ("colon", b":"), ("crlf", b"\r\n"), ("blank-line", b"\r\n"), ("content", b"hello"),
        ("excess", b"!"),
    ]  # fmt: skip


def test_a_head_written_carelessly() -> None:
    stream = b"HTTP/1.1  200 O\rK\nX : a\r\n \t b \nno colon\r\n folded to it\r\n: y\r\nA:\rb\r\r\n\n"
    assert named(stream, observe([stream])[1]) == [
        ("version", b"HTTP/1.1"), ("sp", b"  "), ("status-code", b"200"), ("sp", b" "), ("reason", b"O"),
        ("bare-cr", b"\r"), ("reason", b"K"),
        ("bare-lf", b"\n"), ("field-name", b"X"), ("stray-space", b" "), ("colon", b":"), ("ows", b" "),
        ("field-value", b"a"), ("crlf", b"\r\n"),
        ("obs-fold", b" \t "), ("field-value", b"b"), ("ows", b" "), ("bare-lf", b"\n"), ("fault", b"no colon"),
        ("crlf", b"\r\n"),
        ("fault", b" folded to it"), ("crlf", b"\r\n"), ("fault", b": y"), ("crlf", b"\r\n"), ("field-name", b"A"),
        ("colon", b":"),
        ("bare-cr", b"\r"), ("field-value", b"b"), ("bare-cr", b"\r"), ("crlf", b"\r\n"), ("blank-line", b"\n"),
    ]  # fmt: skip


def test_chunks() -> None:
    stream = CHUNKED + b"3 ;a=b\r\nabc\r\n1 \nx\n0\r\nDigest: y\r\n\r\nmore"
    assert named(stream, observe([stream])[1])[12:] == [
        ("chunk-size", b"3"), ("ows", b" "), ("chunk-extension", b";a=b"), ("crlf", b"\r\n"),
        ("chunk-data", b"abc"), ("crlf", b"\r\n"),
        ("chunk-size", b"1"), ("stray-space", b" "), ("bare-lf", b"\n"), ("chunk-data", b"x"), ("bare-lf", b"\n"),
        ("chunk-size", b"0"), ("crlf", b"\r\n"),
        ("field-name", b"Digest"), ("colon", b":"), ("ows", b" "), ("field-value", b"y"), ("crlf", b"\r\n"),
        ("blank-line", b"\r\n"), ("excess", b"more"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stream", "last"),
    [
        (OK + b"A: b\r\nhello", [("field-value", b"b"), ("crlf", b"\r\n"), ("unfinished", b"hello")]),
        (b"HTTP/1.1 2", [("unfinished", b"HTTP/1.1 2")]),
        (CHUNKED + b"1\r\na\r", [("chunk-data", b"a"), ("unfinished", b"\r")]),
        (CHUNKED + b"1\r\na\r\n1f", [("crlf", b"\r\n"), ("unfinished", b"1f")]),
        (CHUNKED + b"0\r\nA: b\r\nC", [("field-value", b"b"), ("crlf", b"\r\n"), ("unfinished", b"C")]),
        (CHUNKED + b"1\r\nab\r\n", [("chunk-data", b"a"), ("fault", b"b\r\n")]),
        (CHUNKED + b"1\r\na\rb\r\n", [("chunk-data", b"a"), ("fault", b"\rb\r\n")]),
        (OK + b"\r\nhello", [("blank-line", b"\r\n"), ("content", b"hello")]),
        (b"HTTP/1.1 101 S\r\n\r\nhello", [("blank-line", b"\r\n"), ("switched", b"hello")]),
        (b"HTTP/1.1 103 E\r\n\r\n<html>", [("blank-line", b"\r\n"), ("fault", b"<html>")]),
    ],
)
def test_ends(stream: bytes, last: list[tuple[str, bytes]]) -> None:
    assert named(stream, observe([stream])[1])[-len(last) :] == last


def test_heads_and_trailers_without_an_end() -> None:
    line = b"A: " + b"b" * 995 + b"\r\n"
    for stream in (OK + line * 70, CHUNKED + b"0\r\n" + line * 70, CHUNKED + b"0\r\n" + b"x" * MAX_HEAD + b"y"):
        observer, spans = observe([stream])
        assert observer.verdict == "unreadable"
        assert [kind for kind, _data in named(stream, spans)[-2:]] == ["unfinished", "fault"]
        sizes = random.Random(1)
        writes, at = [], 0
        while at < len(stream):
            size = sizes.randrange(1, 900)
            writes.append(stream[at : at + size])
            at += size
        assert observe(writes)[1] == spans


def test_nothing_was_written() -> None:
    observer, spans = observe([])
    assert observer.verdict == "untouched" and not spans
