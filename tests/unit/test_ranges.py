"""Byte ranges of RFC 9110 section 14."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.http.ranges import (
    MAX_RANGES,
    UNSATISFIABLE,
    Ranges,
    byteranges,
    content_range,
    parse_range,
    unsatisfied_range,
)

CASES = [
    ("bytes=0-0", 100, [(0, 1)]),
    ("bytes=0-499", 100, [(0, 100)]),
    ("bytes=10-19", 100, [(10, 20)]),
    ("bytes=99-", 100, [(99, 100)]),
    ("bytes=0-", 100, [(0, 100)]),
    ("bytes=-1", 100, [(99, 100)]),
    ("bytes=-500", 100, [(0, 100)]),
    ("BYTES=0-0", 100, [(0, 1)]),
    (" bytes = 0-0", 100, [(0, 1)]),
    ("bytes=00000-000000000000000000009", 100, [(0, 10)]),
    ("bytes=0-" + "9" * 5000, 100, [(0, 100)]),
    ("bytes=-" + "9" * 5000, 100, [(0, 100)]),
    # several: order kept, overlapping and adjoining ones joined at the place of the first
    ("bytes=0-0,-1", 100, [(0, 1), (99, 100)]),
    ("bytes=-1,0-0", 100, [(99, 100), (0, 1)]),
    ("bytes=0-9, 20-29 ,40-49", 100, [(0, 10), (20, 30), (40, 50)]),
    ("bytes=50-59,0-9,55-69", 100, [(50, 70), (0, 10)]),
    ("bytes=0-9,10-19", 100, [(0, 20)]),
    ("bytes=0-9,5-7,0-", 100, [(0, 100)]),
    ("bytes=,0-0,,", 100, [(0, 1)]),
    ("bytes=0-0,200-300", 100, [(0, 1)]),
    # no range touches the content
    ("bytes=100-", 100, UNSATISFIABLE),
    ("bytes=100-200", 100, UNSATISFIABLE),
    ("bytes=-0", 100, UNSATISFIABLE),
    ("bytes=" + "9" * 5000 + "-", 100, UNSATISFIABLE),
    ("bytes=0-", 0, UNSATISFIABLE),
    ("bytes=0-0,-0", 0, UNSATISFIABLE),
    # to be ignored
    ("bytes=-1", 0, None),
    ("bytes=", 100, None),
    ("bytes=,", 100, None),
    ("bytes", 100, None),
    ("", 100, None),
    ("items=0-1", 100, None),
    ("bytes=5-4", 100, None),
    ("bytes=0-0,5-4", 100, None),
    ("bytes=0-0,x", 100, None),
    ("bytes=-", 100, None),
    ("bytes=--1", 100, None),
    ("bytes=+1-2", 100, None),
    ("bytes=1_0-20", 100, None),
    ("bytes=0x1-2", 100, None),
    ("bytes=1 - 2", 100, None),
    ("bytes=1.5-2", 100, None),
    ("bytes=٣-4", 100, None),
    ("bytes=0-0;1-1", 100, None),
    ("bytes=0-0\n", 100, None),
]


@pytest.mark.parametrize(
    ("value", "length", "expected"), CASES, ids=[f"{row[0][:30]!a} of {row[1]}" for row in CASES]
)
def test_range(value: str, length: int, expected: Ranges) -> None:
    assert parse_range(value, length) == expected


def test_ranges_are_bounded() -> None:
    fits = "bytes=" + ",".join(f"{4 * n}-{4 * n}" for n in range(MAX_RANGES))
    assert len(parse_range(fits, 10**6) or ()) == MAX_RANGES
    assert parse_range(fits + ",999-999", 10**6) is None
    assert parse_range("bytes=0-0" + "," * 100_000, 10) is None


spans_or_suffixes = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted) | st.integers(1, 60)


@given(st.lists(spans_or_suffixes, min_size=1, max_size=8), st.integers(1, 50))
def test_ranges_cover_exactly_what_was_asked_for(asked: list[object], length: int) -> None:
    specs, wanted = [], set()
    for one in asked:
        if isinstance(one, int):
            specs.append(f"-{one}")
            wanted |= set(range(max(0, length - one), length))
        else:
            first, last = one  # type: ignore[misc]
            specs.append(f"{first}-{last}")
            wanted |= set(range(first, min(last + 1, length)))
    found = parse_range("bytes=" + ",".join(specs), length)
    if not wanted:
        assert found == UNSATISFIABLE
        return
    assert isinstance(found, list)
    covered = [place for start, stop in found for place in range(start, stop)]
    assert len(covered) == len(set(covered)), "nothing twice"
    assert set(covered) == wanted
    ordered = sorted(found)
    assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(ordered)), "nothing left to join"


@given(st.text(alphabet="bytes=-,0123456789 \tx", max_size=40), st.integers(0, 20))
def test_any_text_is_ignored_unsatisfiable_or_within_the_content(text: str, length: int) -> None:
    for value in (text, "bytes=" + text):
        found = parse_range(value, length)
        if isinstance(found, list):
            assert found and all(0 <= start < stop <= length for start, stop in found)


def test_content_range() -> None:
    assert content_range(0, 1, 100) == "bytes 0-0/100"
    assert content_range(10, 100, 100) == "bytes 10-99/100"
    assert unsatisfied_range(100) == "bytes */100"


def test_byteranges_layout() -> None:
    layout = byteranges([(0, 2), (8, 10)], 10, content_type="text/plain", boundary="B")
    assert layout.heads[0] == b"--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n"
    assert layout.heads[1] == b"\r\n--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-9/10\r\n\r\n"
    assert layout.tail == b"\r\n--B--\r\n"
    body = layout.heads[0] + b"01" + layout.heads[1] + b"89" + layout.tail
    assert layout.content_length == len(body)


@given(st.binary(min_size=3, max_size=50), st.data())
def test_byteranges_can_be_taken_apart_again(content: bytes, data: st.DataObject) -> None:
    spans = st.tuples(st.integers(0, len(content) - 1), st.integers(1, len(content)))
    found = data.draw(st.lists(spans.filter(lambda span: span[0] < span[1]), min_size=2, max_size=5))
    layout = byteranges(found, len(content), content_type="a/b", boundary="f" * 32)
    body = b"".join(head + content[start:stop] for head, (start, stop) in zip(layout.heads, found)) + layout.tail
    assert len(body) == layout.content_length
    pieces = body.removesuffix(b"--\r\n").split(b"--" + b"f" * 32)[1:-1]
    assert [piece.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for piece in pieces] == [
        content[start:stop] for start, stop in found
    ]
