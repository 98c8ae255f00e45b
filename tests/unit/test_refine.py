"""Finer spans inside content and after a switch: frames, events, parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawwfile.http.multipart_spans import MOST_HEAD, MultipartSpans
from rawwfile.http.refine import ContentSpans, refine, refine_message
from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.spans import SPAN_KINDS, Span, SpanTrail
from rawwfile.http.sse_spans import EventStreamSpans
from rawwfile.http.websocket_spans import WebSocketSpans, describe_header, unmasked

FEW = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
MIXED = "multipart/x-mixed-replace; boundary=B"


def named(kind: str, media_type: str, data: bytes) -> list[tuple[str, bytes]]:
    """The finer spans of `data`, which must tile it, with the bytes under each."""
    spans = refine(kind, media_type, data, 100)
    at = 100
    for span in spans:
        assert span.start == at < span.end and span.kind in SPAN_KINDS
        at = span.end
    assert at == 100 + len(data) or not data
    return [(span.kind, data[span.start - 100 : span.end - 100]) for span in spans]


def test_frames() -> None:
    data = b"\x81\x85abcdHELLO\x89\x00\x02\x7e\x00\x03xyz\x88\x02\x03\xe8\x83\x01?"
    assert named("switched", "websocket", data) == [
        ("ws-header", b"\x81\x85"), ("ws-mask", b"abcd"), ("ws-text", b"HELLO"), ("ws-header", b"\x89\x00"),
        ("ws-header", b"\x02\x7e\x00\x03"), ("ws-binary", b"xyz"), ("ws-header", b"\x88\x02"),
        ("ws-close", b"\x03\xe8"),
        ("ws-header", b"\x83\x01"), ("ws-payload", b"?"),
    ]  # fmt: skip
    huge = b"\x80\xff" + b"\x80" + bytes(7) + b"mask" + b"rest"
    assert named("switched", "WebSocket", huge)[-1] == ("ws-continuation", b"rest")
    assert named("switched", "websocket", b"\x81") == [("ws-header", b"\x81")]


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (b"\x81\x85", "final text frame of 5 bytes, masked"),
        (b"\x01\x01", "not the last text frame of 1 byte, not masked"),
        (b"\x82\x7e\x01\x00", "final binary frame of 256 bytes, not masked"),
        (b"\xc3\x00", "final unknown (opcode 3) frame of 0 bytes, not masked, reserved bits set"),
        (b"\x81", "the beginning of a frame header"),
        (b"\x81\x7e\x01", "the beginning of a frame header"),
        (b"", "the beginning of a frame header"),
    ],
)
def test_frame_headers_in_words(header: bytes, words: str) -> None:
    assert describe_header(header) == words


def test_unmasking() -> None:
    masked = bytes(a ^ b for a, b in zip(b"hello", b"abcda", strict=True))
    assert unmasked(b"abcd", masked) == b"hello"
    assert unmasked(b"abcd", masked[3:], skip=3) == b"lo"
    assert unmasked(b"ab", b"hello") == b"hello"


def test_event_streams() -> None:
    data = b": hi\nid: 7\r\ndata:no space\rdata\ndata:  two\n\r\n\rretry:"
    assert named("content", "text/event-stream; charset=utf-8", data) == [
        ("sse-comment", b": hi"), ("sse-line-end", b"\n"),
        ("sse-field", b"id"), ("sse-colon", b":"), ("ows", b" "), ("sse-value", b"7"), ("sse-line-end", b"\r\n"),
        ("sse-field", b"data"), ("sse-colon", b":"), ("sse-value", b"no space"), ("sse-line-end", b"\r"),
        ("sse-field", b"data"), ("sse-line-end", b"\n"),
        ("sse-field", b"data"), ("sse-colon", b":"), ("ows", b" "), ("sse-value", b" two"), ("sse-line-end", b"\n"),
        ("sse-blank", b"\r\n"), ("sse-blank", b"\r"), ("sse-field", b"retry"), ("sse-colon", b":"),
    ]  # fmt: skip


PART = b"Content-Type: text/plain\r\n\r\n"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"--B\r\n" + PART + b"one\r\n--B\r\n" + PART + b"two\r\n--B--\r\nbye", [
            ("part-boundary", b"--B\r\n"), ("part-head", PART), ("part-content", b"one"),
            ("part-boundary", b"\r\n--B\r\n"),
            ("part-head", PART), ("part-content", b"two"), ("part-boundary", b"\r\n--B--"),
            ("part-outside", b"\r\nbye")]),
        (b"hello\n--B \n\nx\n--B\n", [
            ("part-outside", b"hello"), ("part-boundary", b"\n--B \n"), ("part-head", b"\n"), ("part-content", b"x"),
            ("part-boundary", b"\n--B\n")]),
        # What looks like a boundary and is none.
        (b"--B\r\n\r\n--Bx\r\nx--B\r\n\r\n--C\r\n\r\n-", [
            ("part-boundary", b"--B\r\n"), ("part-head", b"\r\n"),
            ("part-content", b"--Bx\r\nx--B\r\n\r\n--C\r\n\r\n-")]),
        # No content, no empty line, no end.
        (b"--B\r\n\r\n--B\r\nA: b\r\n--B\r\nA:", [
            ("part-boundary", b"--B\r\n"), ("part-head", b"\r\n"), ("part-boundary", b"--B\r\n"),
            ("part-head", b"A: b"),
            ("part-boundary", b"\r\n--B\r\n"), ("part-head", b"A:")]),
        (b"--B\r\n\r\nx\r\n--B", [
            ("part-boundary", b"--B\r\n"), ("part-head", b"\r\n"), ("part-content", b"x"),
            ("part-boundary", b"\r\n--B")]),
        (b"--B\r\n\r\nx\r\n--", [
            ("part-boundary", b"--B\r\n"), ("part-head", b"\r\n"), ("part-content", b"x\r\n--")]),
    ],
)  # fmt: skip
def test_parts(data: bytes, found: list[tuple[str, bytes]]) -> None:
    assert named("content", MIXED, data) == found


def test_a_part_head_without_an_end_is_shown_as_content() -> None:
    data = b"--B\r\n" + b"x" * MOST_HEAD * 2 + b"\r\n--B--"
    assert [kind for kind, _ in named("content", MIXED, data)] == ["part-boundary", "part-content", "part-boundary"]


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("content", "text/plain"), ("content", ""), ("content", "multipart/form-data"), ("switched", "h2c"),
        ("field-value", "text/event-stream"), ("content", "multipart/mixed; boundary=" + "x" * 999),
    ],
)  # fmt: skip
def test_nothing_finer_to_say(kind: str, media_type: str) -> None:
    assert refine(kind, media_type, b"data", 5) == [Span(5, 9, kind)]


def test_content_in_chunks_is_read_as_one() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    stream = head + b"3\r\nda\n\r\n4\r\ndata\r\n5\r\n: hi\n\r\n0\r\n\r\n"
    trail = SpanTrail()
    SpanObserver("GET", trail=trail).receive(stream)
    spans = refine_message(trail, "text/event-stream", stream, 0)
    assert [span.start for span in spans] == [0, *(span.end for span in spans[:-1])] and spans[-1].end == len(stream)
    inside = [(span.kind, stream[span.start : span.end]) for span in spans if span.start > len(head)]
    assert [(kind, data) for kind, data in inside if kind.startswith(("sse-", "ows"))] == [
        ("sse-field", b"da"), ("sse-line-end", b"\n"), ("sse-field", b"data"), ("sse-colon", b":"), ("ows", b" "),
        ("sse-value", b"hi"),
        ("sse-line-end", b"\n"),
    ]  # fmt: skip
    assert refine_message(trail, "text/plain", stream, 0) == list(trail)
    assert refine_message([], "text/event-stream", b"", 0) == []
    # A boundary that reaches over two chunks is two spans, in their places.
    chunked = b"9\r\nab\r\n--B\r\n\r\n3\r\n\r\nx\r\n"
    pieces = [Span(0, 3, "crlf"), Span(3, 12, "chunk-data"), Span(12, 17, "crlf"), Span(17, 20, "chunk-data")]
    found = refine_message(pieces, MIXED, chunked, 0)
    assert [span.kind for span in found] == [
        "crlf", "part-outside", "part-boundary", "crlf", "part-head", "part-content"
    ]  # fmt: skip


READERS: list[Callable[[], ContentSpans]] = [WebSocketSpans, EventStreamSpans, lambda: MultipartSpans(b"B")]
WORDS = [
    b"\r", b"\n", b"\r\n", b"--B", b"--", b"-", b"B", b" ", b":", b"data", b"x", b"\x81\x05", b"\x82\x7e", b"\x00",
    b"\xff", b"A: b", b"\r\n\r\n",
    b"\r\n--B\r\n", b"\r\n--B--",
]  # fmt: skip


@FEW
@given(
    st.lists(st.sampled_from(WORDS), max_size=25),
    st.lists(st.integers(0, 99), max_size=5),
    st.sampled_from(READERS),
)
def test_any_bytes_in_any_split(words: list[bytes], cuts: list[int], make: Callable[[], ContentSpans]) -> None:
    data = b"".join(words)
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    readings = []
    in_bytes = [data[at : at + 1] for at in range(len(data))]
    for parts in ([data], in_bytes, [data[a:b] for a, b in zip(places, places[1:], strict=False)]):
        reader = make()
        spans = [span for part in parts for span in reader.feed(part)] + reader.finish()
        at = 0
        kinds: list[str] = []
        for span in spans:
            assert span.start == at < span.end
            at = span.end
            kinds += [span.kind] * (span.end - span.start)
        assert at == len(data)
        readings.append(kinds)
    assert readings[0] == readings[1] == readings[2]
