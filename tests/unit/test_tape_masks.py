"""What the tape hides, and what it must leave alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.span_reader import LenientSpanReader, SpanReader
from rawwfile.http.spans import SpanTrail
from rawwfile.tape.masks import hidden_value, masked, masked_text, read_masked
from rawwfile.tape.model import Entry, Stream

REQUEST = (
    b"POST /a?token=1 HTTP/1.1\r\nHost: a\r\nauthorization: Basic dXNlcjpwdw==\r\n"
    b"Cookie: sid=abc; theme=dark\r\nX-Cookie: shown\r\nContent-Length: 15\r\n\r\nCookie: shown\r\n"
)


def stream_of(data: bytes, reader: SpanReader | LenientSpanReader, cut: int | None = None) -> Stream:
    stream = Stream("in", "plain", trail=reader.trail)
    for piece in [data] if cut is None else [data[:cut], data[cut:]]:
        stream.entries.append(Entry(1, 1, "in", "plain", stream.end, 0.0, piece))
        stream.end += len(piece)
        reader.receive_data(piece)
        try:
            while not repr(reader.next_event()).isupper():
                pass
        except Exception:  # noqa: BLE001 - a faulty request; what was read before the fault counts
            break
    stream.end = len(data)
    if sum(len(entry.data) for entry in stream.entries) < len(data):
        offset = stream.entries[-1].end
        stream.entries.append(Entry(1, 2, "in", "plain", offset, 0.0, data[offset:]))
    return stream


def test_a_request_keeps_its_length_and_loses_its_secrets() -> None:
    stream = stream_of(REQUEST, SpanReader())
    shown = read_masked(stream)
    assert shown == REQUEST.replace(b"dXNlcjpwdw==", b"*" * 12).replace(b"sid=abc; theme=dark", b"sid=***; theme=****")
    assert masked("in", stream.trail.tiled(0, stream.end), REQUEST) == shown  # type: ignore[union-attr]


@given(st.integers(0, len(REQUEST)), st.integers(0, len(REQUEST)), st.integers(1, len(REQUEST)))
def test_any_piece_of_a_stream_shows_what_the_whole_shows(start: int, stop: int, cut: int) -> None:
    stream = stream_of(REQUEST, SpanReader(), cut)
    whole = read_masked(stream)
    assert read_masked(stream, start, stop) == whole[start:stop]
    assert b"abc" not in whole and b"dXNl" not in whole and whole.endswith(b"\r\nCookie: shown\r\n")


@pytest.mark.parametrize("length", range(len(REQUEST) + 1))
def test_a_head_that_still_drips_in_shows_no_secret(length: int) -> None:
    shown = read_masked(stream_of(REQUEST[:length], SpanReader()))
    assert len(shown) == length
    assert b"abc" not in shown and b"dXN" not in shown and b"dark" not in shown


@pytest.mark.parametrize(
    "line",
    [b"Cookie : sid=abc", b"Cookie: sid=\x00abc", b"Cookie: x\r\n sid=abc", b"Bad name: 1\r\nCookie: sid=abc"],
)
def test_behind_a_fault_what_looks_like_a_secret_is_one(line: bytes) -> None:
    data = b"GET / HTTP/1.1\r\nHost: a\r\n" + line + b"\r\n\r\n"
    for reader in SpanReader(), LenientSpanReader():
        shown = read_masked(stream_of(data, reader))
        assert len(shown) == len(data)
        assert b"abc" not in shown


def test_folded_values_are_hidden_to_their_end() -> None:
    data = b"GET / HTTP/1.0\nCookie: a=one;\n b=two\nX: y\n\n"
    assert read_masked(stream_of(data, LenientSpanReader())) == data.replace(b"one", b"***").replace(b"two", b"***")


def test_responses_lose_cookies_also_beyond_their_end() -> None:
    data = (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=abc; Path=/; HttpOnly\r\nContent-Length: 2\r\n\r\nok"
        b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=abc\r\n\r\n"
    )
    trail = SpanTrail()
    observer = SpanObserver("GET", trail=trail)
    observer.receive(data)
    observer.finish()
    assert masked("out", trail, data) == data.replace(b"abc", b"***")


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        (b"authorization", b"Bearer abc.def", b"Bearer *******"),
        (b"authorization", b"mytoken", b"*******"),
        (b"authorization", b"my token", b"** *****"),
        (b"proxy-authorization", b"basic x", b"basic *"),
        (b"cookie", b"a=1;b=;=2;c", b"a=*;b=;=*;*"),
        (b"cookie", b"", b""),
        (b"set-cookie", b"sid=a=b; Domain=x", b"sid=***; Domain=x"),
        (b"set-cookie", b"abc; Path=/", b"***; Path=/"),
    ],
)
def test_what_stays_of_a_value(name: bytes, value: bytes, shown: bytes) -> None:
    assert hidden_value(name, value) == shown


def test_a_remark_does_not_quote_what_is_hidden() -> None:
    stream = stream_of(REQUEST, SpanReader())
    start = REQUEST.index(b"Cookie")
    assert masked_text(stream, start, start + 27, "odd: b'sid=abc', RFC 1") == "odd: b'sid=***', RFC 1"
    assert masked_text(stream, start, start + 27, "odd: b'sid=ab'; b'absolute'") == "odd: b'sid=**'; b'absolute'"
    assert masked_text(stream, start + 10, start + 11, "odd: b'sid=abc'") == "odd: b'sid=***'"
    assert masked_text(stream, 0, 10, "odd: b'/a?token', RFC 1") == "odd: b'/a?token', RFC 1"
    assert masked_text(stream, start, start + 27, "absent abc: 'sid'") == "absent abc: 'sid'"
    long = "begins: b'Host: a\\r\\nauthorization: Basic {}'"
    assert masked_text(stream, 0, len(REQUEST), long.format("dXN")) == long.format("***")
