"""multipart/form-data: events, errors, limits, and independence of how the bytes are cut."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawwfile.errors import RequestBodyError
from rawwfile.http.multipart import (
    FormEnd,
    FormEvent,
    MultipartLimits,
    MultipartParser,
    PartBegin,
    PartData,
    PartEnd,
)

SMALL = MultipartLimits(part_header_size=120, parts=3)


def conversation(pieces: Iterable[bytes], limits: MultipartLimits = SMALL, boundary: str = "B") -> list[object]:
    """All events, neighbouring PartData joined, and the (status, message) of an error at the end."""
    parser = MultipartParser(boundary, limits=limits)
    events: list[object] = []
    try:
        for piece in pieces:
            parser.feed(piece)
            while (event := parser.next_event()) is not None:
                _append(events, event)
        parser.close()
    except RequestBodyError as error:
        events.append((error.status, error.message))
    return events


def _append(events: list[object], event: FormEvent) -> None:
    if isinstance(event, PartData):
        assert event.data, "PartData is never empty"
        if events and isinstance(events[-1], PartData):
            event = PartData(events.pop().data + event.data)  # type: ignore[attr-defined]
    events.append(event)


def part(name: str, filename: str | None = None, content_type: str | None = None) -> PartBegin:
    return PartBegin(name, filename, content_type, ())


def simple(events: list[object]) -> list[object]:
    """Without the raw fields, which few rows care about."""
    return [
        PartBegin(event.name, event.filename, event.content_type, ()) if isinstance(event, PartBegin) else event
        for event in events
    ]


A = b'Content-Disposition: form-data; name="a"'
END, DONE = PartEnd(), FormEnd()

GOOD = [
    ("one field", b"--B\r\n" + A + b"\r\n\r\n1\r\n--B--\r\n", [part("a"), PartData(b"1"), END, DONE]),
    ("no last CRLF", b"--B\r\n" + A + b"\r\n\r\n1\r\n--B--", [part("a"), PartData(b"1"), END, DONE]),
    ("empty content", b"--B\r\n" + A + b"\r\n\r\n\r\n--B--", [part("a"), END, DONE]),
    ("no content, RFC 2046 grammar", b"--B\r\n" + A + b"\r\n\r\n--B--", [part("a"), END, DONE]),
    ("no parts", b"--B--\r\n", [DONE]),
    ("preamble", b"to old readers\r\n--B--", [DONE]),
    ("preamble with CRs", b"\r\r\n-\r\n--A\r\n\r\n--B--", [DONE]),
    ("epilogue", b"--B--\r\nwhat\r\n--B\r\never", [DONE]),
    ("padding", b"--B \t \r\n" + A + b"\r\n\r\n1\r\n--B-- \t\r\n", [part("a"), PartData(b"1"), END, DONE]),
    (
        "file",
        b'--B\r\nContent-Disposition: form-data; name="f"; filename="a b.txt"\r\n'
        + b"Content-Type: Text/X; y=z\r\n\r\n\x00\xff\r\n--B--",
        [part("f", "a b.txt", "Text/X; y=z"), PartData(b"\x00\xff"), END, DONE],
    ),
    ("file left empty", b'--B\r\nContent-Disposition: form-data; name="f"; filename=""\r\n\r\n\r\n--B--',
     [part("f", ""), END, DONE]),
    ("UTF-8 names", "--B\r\nContent-Disposition: form-data; name=\"ä\"; filename=\"€\"\r\n\r\n\r\n--B--".encode(),
     [part("ä", "€"), END, DONE]),
    ("extended file name",
     b"--B\r\nContent-Disposition: form-data; name=f; filename*=utf-8''%e2%82%ac\r\n\r\n\r\n--B--",
     [part("f", "€"), END, DONE]),
    ("extended file name, odd charset",
     b"--B\r\nContent-Disposition: form-data; name=f; filename*=x''a\r\n\r\n\r\n--B--",
     [part("f", "a"), END, DONE]),
    ("other case", b"--B\r\ncontent-disposition:FORM-DATA;NAME=a\r\n\r\n\r\n--B--", [part("a"), END, DONE]),
    ("folded line", b"--B\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n\r\n--B--", [part("a"), END, DONE]),
    ("empty name", b'--B\r\nContent-Disposition: form-data; name=""\r\n\r\n\r\n--B--', [part(""), END, DONE]),
    ("first disposition holds", b"--B\r\n" + A + b"\r\nContent-Disposition: x\r\n\r\n\r\n--B--",
     [part("a"), END, DONE]),
    ("two parts", b"--B\r\n" + A + b"\r\n\r\n1\r\n--B\r\n" + A + b"\r\n\r\n2\r\n--B--",
     [part("a"), PartData(b"1"), END, part("a"), PartData(b"2"), END, DONE]),
    ("nearly a delimiter", b"--B\r\n" + A + b"\r\n\r\n\r\n--A\r\n-\r\r\n--\r\n--B--",
     [part("a"), PartData(b"\r\n--A\r\n-\r\r\n--"), END, DONE]),
    ("bare LF is content", b"--B\r\n" + A + b"\r\n\r\n\n--B\n\r\n--B--", [part("a"), PartData(b"\n--B\n"), END, DONE]),
    ("delimiter without CRLF is content", b"--B\r\n" + A + b"\r\n\r\nx--B--\r\n--B--",
     [part("a"), PartData(b"x--B--"), END, DONE]),
]  # fmt: skip

BAD = [
    ("nothing", b"", 400, "the body ends within the first delimiter, before the closing delimiter (byte 0)"),
    ("no delimiter", b"a=1", 400, "the body ends within the first delimiter"),
    ("cut in a head", b"--B\r\n" + A, 400, "within the first delimiter"),
    ("cut in content", b"--B\r\n" + A + b"\r\n\r\n12", 400, "the body ends within part 1 ('a')"),
    ("cut in a delimiter", b"--B\r\n" + A + b"\r\n\r\n12\r\n--B", 400, "within the delimiter after part 1 ('a')"),
    ("cut in the end", b"--B\r\n" + A + b"\r\n\r\n12\r\n--B-", 400, "within the delimiter after part 1 ('a')"),
    ("cut in padding", b"--B  ", 400, "the body ends within the first delimiter"),
    ("cut after the empty line", b"--B\r\n" + A + b"\r\n\r\n", 400, "the body ends within part 1 ('a')"),
    ("LF lines", b"--B\n" + A + b"\n\n1\n--B--\n", 400, "a delimiter is followed by"),
    ("boundary goes on", b"--Bx\r\n" + A, 400, "a delimiter is followed by b'x\\r', not by CRLF or '--'"),
    ("padding before the end", b"--B --", 400, "a delimiter is followed by b'--'"),
    ("no head", b"--B\r\n\r\n1\r\n--B--", 400, "part 1 has no name: it needs a field like"),
    ("no name", b"--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--", 400, "part 1 has no name"),
    ("attachment", b"--B\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--B--", 400, "part 1 has no name"),
    ("no colon", b"--B\r\nwhat\r\n\r\n1\r\n--B--", 400, "part 1 has a line that is no field: b'what'"),
    ("blank before colon", b"--B\r\nA : 1\r\n\r\n1\r\n--B--", 400, "no field: b'A : 1'"),
    ("NUL in a field", b"--B\r\nA: \0\r\n\r\n1\r\n--B--", 400, "no field: b'A: \\x00'"),
    ("bare LF in a field", b"--B\r\nA: 1\nB: 2\r\n\r\n1\r\n--B--", 400, "no field: b'A: 1\\nB: 2'"),
    ("long head", b"--B\r\nA: " + b"x" * 118 + b"\r\n\r\n", 413, "the fields of part 1 have over 120 bytes (byte 3)"),
    ("endless head", b"--B\r\nA: " + b"x" * 300, 413, "the fields of part 1 have over 120 bytes"),
    ("four parts", (b"--B\r\n" + A + b"\r\n\r\n\r\n") * 4 + b"--B--", 413, "the form has more than 3 parts"),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_good_form(body: bytes, expected: list[object]) -> None:
    whole = conversation([body])
    assert simple(whole) == expected
    assert conversation(body[i : i + 1] for i in range(len(body))) == whole
    for cut in range(len(body)):
        assert conversation([body[:cut], body[cut:]]) == whole


@pytest.mark.parametrize(("body", "status", "message"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_bad_form(body: bytes, status: int, message: str) -> None:
    whole = conversation([body])
    assert whole[-1][0] == status  # type: ignore[index]
    assert message in whole[-1][1]  # type: ignore[index]
    assert conversation(body[i : i + 1] for i in range(len(body))) == whole


def test_limits_are_inclusive() -> None:
    head = A + b"\r\nX: "
    head += b"x" * (120 - len(head))
    assert conversation([b"--B\r\n" + head + b"\r\n\r\n\r\n--B--"])[-1] == DONE
    assert conversation([(b"--B\r\n" + A + b"\r\n\r\n\r\n") * 3 + b"--B--"])[-1] == DONE


def test_fields_are_given_as_received() -> None:
    events = conversation([b"--B\r\n" + A + b"\r\nX-Odd:  a b \t\r\nx-odd:\xff\r\n\r\n\r\n--B--"])
    assert events[0].fields[1:] == ((b"X-Odd", b"a b"), (b"x-odd", b"\xff"))  # type: ignore[attr-defined]


def test_names_follow_the_charset() -> None:
    parser = MultipartParser("B", charset="iso-8859-1")
    parser.feed(b'--B\r\nContent-Disposition: form-data; name="\xe9"\r\n\r\n')
    event = parser.next_event()
    assert isinstance(event, PartBegin) and event.name == "é"


@pytest.mark.parametrize("boundary", ["", "x" * 71, "ends in a blank ", "é", "a\r\nb", "a\0"])
def test_bad_boundary(boundary: str) -> None:
    with pytest.raises(RequestBodyError, match="1 to 70 printable") as caught:
        MultipartParser(boundary)
    assert caught.value.status == 400


@pytest.mark.parametrize("boundary", ["x", "x" * 70, "a b'()+_,-./:=?c", "----WebKitFormBoundary7MA4YWxkTrZu0gW"])
def test_good_boundary(boundary: str) -> None:
    assert conversation([f"--{boundary}--".encode()], boundary=boundary) == [DONE]


names = st.text(
    alphabet=st.characters(codec="utf-8", exclude_characters='"\\\r\n\0'), max_size=12
)  # what needs no escape
contents = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from([b"\r", b"\n", b"-", b"B", b"--B", b"\r\n--", b"x"])).map(b"".join),
)


@st.composite
def forms(draw: st.DrawFn) -> tuple[str, list[tuple[str, str | None, bytes]], bytes]:
    boundary = draw(st.sampled_from(["B", "--B", "-", "a b"]))
    delimiter = b"\r\n--" + boundary.encode()
    parts = draw(st.lists(st.tuples(names, st.none() | names, contents), max_size=4))
    parts = [one for one in parts if delimiter not in b"\r\n" + one[2] + b"\r\n"]
    body = b""
    for name, filename, content in parts:
        attribute = "" if filename is None else f'; filename="{filename}"'
        head = f'Content-Disposition: form-data; name="{name}"{attribute}'.encode()
        body += delimiter + b"\r\n" + head + b"\r\n\r\n" + content
    return boundary, parts, (body + delimiter + b"--\r\n")[2:]


def cut(body: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(body) + 1) for place in cuts), len(body)]
    return [body[a:b] for a, b in itertools.pairwise(edges)]


@given(forms(), st.lists(st.integers(0, 10**6), max_size=12))
@settings(max_examples=300)
def test_what_was_encoded_is_parsed_however_it_is_cut(
    form: tuple[str, list[tuple[str, str | None, bytes]], bytes], cuts: list[int]
) -> None:
    boundary, parts, body = form
    expected: list[object] = []
    for name, filename, content in parts:
        expected.append(part(name, filename))
        if content:
            expected.append(PartData(content))
        expected.append(END)
    expected.append(DONE)
    limits = MultipartLimits()
    assert simple(conversation(cut(body, cuts), limits, boundary)) == expected


fragments = st.sampled_from(
    [b"--B", b"\r\n", b"--", b"\r", b"\n", b" ", A, b"\r\n\r\n", b"x" * 50, b"\r\n--B\r\n", b"\r\n--B--", b"A: 1"]
)
bodies = st.lists(fragments | st.binary(max_size=8), max_size=20).map(b"".join)


@given(bodies, st.lists(st.integers(0, 10**6), max_size=9))
@settings(max_examples=500)
def test_any_bytes_in_any_split_give_the_same_events_and_error(body: bytes, cuts: list[int]) -> None:
    whole = conversation([body])
    assert conversation(cut(body, cuts)) == whole
    assert conversation(body[i : i + 1] for i in range(len(body))) == whole


def test_memory_does_not_grow_with_the_part() -> None:
    parser = MultipartParser("B")
    parser.feed(b"--B\r\n" + A + b"\r\n\r\n")
    assert isinstance(parser.next_event(), PartBegin)
    for filler in (b"\r\n--" * 16_000, b"\r" * 64_000, b"x" * 64_000):
        for _ in range(20):
            parser.feed(filler)
            while parser.next_event() is not None:
                pass
        assert sys.getsizeof(parser._buffer) < 70_000
