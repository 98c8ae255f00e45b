"""Preconditions of RFC 9110 section 13, a row for each step of 13.2.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.http.conditional import evaluate, if_range_holds, parse_entity_tags

THEN = 784111777
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT"
LATER = "Sun, 06 Nov 1994 08:49:38 GMT"
ETAG = '"v1"'

CASES = [
    ("no precondition", "GET", {}, None),
    # step 1 and 2: If-Match wins over If-Unmodified-Since
    ("if-match same", "GET", {"if-match": '"v1"'}, None),
    ("if-match in list", "GET", {"if-match": '"v0", "v1"'}, None),
    ("if-match other", "GET", {"if-match": '"v2"'}, 412),
    ("if-match other, PUT", "PUT", {"if-match": '"v2"'}, 412),
    ("if-match weak", "GET", {"if-match": 'W/"v1"'}, 412),
    ("if-match star", "GET", {"if-match": "*"}, None),
    ("if-match nonsense", "GET", {"if-match": "v1"}, 412),
    ("if-match same, date too old", "GET", {"if-match": '"v1"', "if-unmodified-since": EARLIER}, None),
    ("unmodified", "GET", {"if-unmodified-since": DATE}, None),
    ("unmodified later", "GET", {"if-unmodified-since": LATER}, None),
    ("modified since", "GET", {"if-unmodified-since": EARLIER}, 412),
    ("modified since, DELETE", "DELETE", {"if-unmodified-since": EARLIER}, 412),
    ("bad unmodified date", "GET", {"if-unmodified-since": "yesterday"}, None),
    # step 3 and 4: If-None-Match wins over If-Modified-Since
    ("if-none-match same", "GET", {"if-none-match": '"v1"'}, 304),
    ("if-none-match same, HEAD", "HEAD", {"if-none-match": '"v1"'}, 304),
    ("if-none-match same, PUT", "PUT", {"if-none-match": '"v1"'}, 412),
    ("if-none-match weak", "GET", {"if-none-match": 'W/"v1"'}, 304),
    ("if-none-match in list", "GET", {"if-none-match": '"a,b" ,, W/"v1"'}, 304),
    ("if-none-match other", "GET", {"if-none-match": '"v2"'}, None),
    ("if-none-match star", "GET", {"if-none-match": " * "}, 304),
    ("if-none-match star, PUT", "PUT", {"if-none-match": "*"}, 412),
    ("if-none-match star in a list", "GET", {"if-none-match": '*, "v1"'}, None),
    ("if-none-match nonsense", "GET", {"if-none-match": "v1"}, None),
    ("if-none-match empty", "GET", {"if-none-match": ""}, None),
    ("if-none-match other, date same", "GET", {"if-none-match": '"v2"', "if-modified-since": DATE}, None),
    ("not modified", "GET", {"if-modified-since": DATE}, 304),
    ("not modified, HEAD", "HEAD", {"if-modified-since": DATE}, 304),
    ("not modified later", "GET", {"if-modified-since": LATER}, 304),
    ("not modified, other date form", "GET", {"if-modified-since": "Sun Nov  6 08:49:37 1994"}, 304),
    ("modified", "GET", {"if-modified-since": EARLIER}, None),
    ("modified-since is for GET and HEAD", "POST", {"if-modified-since": DATE}, None),
    ("bad modified date", "GET", {"if-modified-since": "0"}, None),
    ("two dates", "GET", {"if-modified-since": f"{DATE}, {DATE}"}, None),
    # both pass, or the first failure decides
    ("412 before 304", "GET", {"if-match": '"v2"', "if-none-match": '"v1"'}, 412),
    ("304 after a match", "GET", {"if-match": '"v1"', "if-none-match": '"v1"'}, 304),
]


@pytest.mark.parametrize(("method", "fields", "status"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_precondition(method: str, fields: dict[str, str], status: int | None) -> None:
    assert evaluate(method, fields.get, etag=ETAG, last_modified=THEN) == status


@pytest.mark.parametrize(
    ("fields", "etag", "status"),
    [
        ({"if-match": '"v1"'}, None, 412),
        ({"if-match": "*"}, None, None),
        ({"if-none-match": '"v1"'}, None, None),
        ({"if-none-match": '"v1"'}, 'W/"v1"', 304),
        ({"if-match": '"v1"'}, 'W/"v1"', 412),
        ({"if-match": 'W/"v1"'}, 'W/"v1"', 412),
        ({"if-modified-since": DATE}, None, None),
        ({"if-unmodified-since": EARLIER}, None, None),
    ],
)
def test_with_other_validators_and_no_date(fields: dict[str, str], etag: str | None, status: int | None) -> None:
    assert evaluate("GET", fields.get, etag=etag) == status


@pytest.mark.parametrize(("field", "status"), [("if-match", 412), ("if-none-match", None)])
@pytest.mark.parametrize("value", ["*", '"v1"'])
def test_what_does_not_exist_yet(field: str, value: str, status: int | None) -> None:
    assert evaluate("PUT", {field: value}.get, etag=ETAG, exists=False) == status


IF_RANGE = [
    (None, True),
    ('"v1"', True),
    (' "v1" ', True),
    ('"v2"', False),
    ('W/"v1"', False),
    ('"v1", "v2"', False),
    ("*", False),
    ("", False),
    (DATE, True),
    (EARLIER, False),
    (LATER, False),
    ("yesterday", False),
]


@pytest.mark.parametrize(("value", "holds"), IF_RANGE)
def test_if_range(value: str | None, holds: bool) -> None:
    assert if_range_holds(value, etag=ETAG, last_modified=THEN, now=THEN + 1) is holds


def test_if_range_needs_what_it_compares_with() -> None:
    assert not if_range_holds(DATE, etag=ETAG, last_modified=THEN, now=THEN), "may change within this second"
    assert not if_range_holds(DATE, now=THEN + 1)
    assert not if_range_holds(ETAG, now=THEN + 1)
    assert not if_range_holds('W/"v1"', etag='W/"v1"', now=THEN + 1)


TAGS = [
    ("", []),
    (",, ,", []),
    ('"a"', ['"a"']),
    ('""', ['""']),
    ('"a","b"', ['"a"', '"b"']),
    (',"a" ,\t, W/"b,c" ,', ['"a"', 'W/"b,c"']),
    ('"\xe9"', ['"\xe9"']),
    ('"a" "b"', []),
    ('"a""b"', []),
    ('"a', []),
    ('w/"a"', []),
    ('"a b"', []),
    ('"a", *', []),
]


@pytest.mark.parametrize(("value", "tags"), TAGS)
def test_entity_tags(value: str, tags: list[str]) -> None:
    assert parse_entity_tags(value) == tags


@given(st.text(alphabet='W/"a*, \t\\', max_size=30), st.sampled_from(["if-match", "if-none-match", "if-range"]))
def test_any_value_has_an_answer(value: str, field: str) -> None:
    assert evaluate("GET", {field: value}.get, etag=ETAG, last_modified=THEN) in (None, 304, 412)
    assert if_range_holds(value, etag=ETAG, last_modified=THEN, now=THEN + 1) is (value.strip(" \t") == ETAG)


def test_long_lists_are_read_in_linear_time() -> None:
    assert parse_entity_tags(", " * 50_000 + "x") == []
    assert len(parse_entity_tags('"a",' * 50_000)) == 50_000
