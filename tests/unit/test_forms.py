"""Query strings, urlencoded bodies and media type parameters."""

from __future__ import annotations

import tracemalloc
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.errors import HTTPError, RequestBodyError
from rawwfile.http import forms

PARAMETERS = [
    ("", "", {}),
    ("text/plain", "text/plain", {}),
    (" Text/HTML ;charset=UTF-8", "text/html", {"charset": "UTF-8"}),
    ("a/b; x=1; Y=2", "a/b", {"x": "1", "y": "2"}),
    ("a/b;x = 1 ;\ty=2 ", "a/b", {"x": "1", "y": "2"}),
    ('a/b; x="1;2"; y="3"', "a/b", {"x": "1;2", "y": "3"}),
    ("a/b; x=", "a/b", {"x": ""}),
    ('a/b; x=""', "a/b", {"x": ""}),
    ("a/b; x=1; x=2", "a/b", {"x": "1"}),
    ("a/b;;; x=1", "a/b", {"x": "1"}),
    ("a/b; nonsense; x=1", "a/b", {"x": "1"}),
    ('a/b; x="1" junk; y=2', "a/b", {"x": "1", "y": "2"}),
    ('form-data; name="a\\"b"', "form-data", {"name": 'a"b'}),
    (r'form-data; filename="C:\new\table.txt"', "form-data", {"filename": r"C:\new\table.txt"}),
    (r'form-data; filename="\\host\a.txt"', "form-data", {"filename": r"\host\a.txt"}),
    ('form-data; filename="ends in \\"', "form-data", {"filename": "ends in \\"}),
    ('form-data; filename="a.txt', "form-data", {"filename": '"a.txt'}),
    ("form-data; filename=two words.txt; name=x", "form-data", {"filename": "two words.txt", "name": "x"}),
    ("form-data; filename*=utf-8''a%20b", "form-data", {"filename*": "utf-8''a%20b"}),
    ('x; name="é"', "x", {"name": "é"}),
]


@pytest.mark.parametrize(("text", "value", "parameters"), PARAMETERS, ids=[row[0] or "empty" for row in PARAMETERS])
def test_parameters(text: str, value: str, parameters: dict[str, str]) -> None:
    assert forms.parse_parameters(text) == (value, parameters)


@given(st.text(alphabet=st.sampled_from(';="\\ax \t'), max_size=60))
def test_any_text_has_parameters_or_none(text: str) -> None:
    value, parameters = forms.parse_parameters(text)
    assert value == text.partition(";")[0].strip(" \t").lower()
    assert all(name and name == name.lower() for name in parameters)


@pytest.mark.parametrize("hostile", [';a="' * 20_000, ";a=" * 20_000, '\\"' * 20_000, ';a="\\' * 20_000])
def test_hostile_parameters_come_to_an_end(hostile: str) -> None:
    forms.parse_parameters("a/b" + hostile)
    forms.parse_parameters('a/b; x="' + hostile)


QUERIES = [
    ("", {}),
    ("a=1", {"a": "1"}),
    ("a=1&b=2", {"a": "1", "b": "2"}),
    ("a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
    ("a=", {"a": ""}),
    ("a", {"a": ""}),
    ("=1", {"": "1"}),
    ("&&a=1&", {"a": "1"}),
    ("a=1;b=2", {"a": "1;b=2"}),
    ("a=b=c", {"a": "b=c"}),
    ("a+b=c+d", {"a b": "c d"}),
    ("%66=%31%2B", {"f": "1+"}),
    ("a=%26%3D", {"a": "&="}),
    ("a=%zz%4", {"a": "%zz%4"}),
    ("x=1?y=2", {"x": "1?y=2"}),
    ("a=%C3%A9", {"a": "é"}),
    ("a=%ff", {"a": "\ufffd"}),
    ("a=\xc3\xa9", {"a": "é"}),
    ("a=€", {"a": "€"}),
    ("a=%00", {"a": "\0"}),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES, ids=[ascii(row[0]) for row in QUERIES])
def test_query(query: str, expected: dict[str, str | list[str]]) -> None:
    assert forms.parse_query(query) == expected


def test_query_in_latin_1() -> None:
    assert forms.parse_query("a=%e9", "iso-8859-1") == {"a": "é"}


@given(st.text(alphabet=st.characters(max_codepoint=126, min_codepoint=33), max_size=80))
def test_query_agrees_with_urllib(query: str) -> None:
    expected: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        expected.setdefault(name, []).append(value)
    got = {
        name: value if isinstance(value, list) else [value] for name, value in forms.parse_query(query).items()
    }
    assert got == expected


def test_query_of_exactly_the_limit_passes_and_one_more_is_400() -> None:
    assert forms.parse_query("&".join(["a"] * forms.MAX_PAIRS)) == {"a": [""] * forms.MAX_PAIRS}
    with pytest.raises(HTTPError) as caught:
        forms.parse_query("&".join(["a"] * (forms.MAX_PAIRS + 1)))
    assert caught.value.status == 400
    assert not isinstance(caught.value, RequestBodyError)
    assert "10000 parameters" in str(caught.value)


def test_urlencoded_past_the_limit_is_413() -> None:
    assert len(forms.parse_urlencoded(b"&".join([b"a"] * forms.MAX_PAIRS))["a"]) == forms.MAX_PAIRS
    with pytest.raises(RequestBodyError) as caught:
        forms.parse_urlencoded(b"&".join([b"a"] * (forms.MAX_PAIRS + 1)))
    assert caught.value.status == 413


def test_urlencoded_passes_over_a_line_end_some_clients_append() -> None:
    assert forms.parse_urlencoded(b"a=1&b=2\r\n") == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("asked", "used"), [("ISO-8859-1", "iso-8859-1"), ("idna", "utf-8"), ("no-such", "utf-8"), ("", "utf-8")]
)
def test_only_charsets_of_browsers_are_taken(asked: str, used: str) -> None:
    assert forms.form_charset({"charset": asked}, "utf-8") == used


def test_every_charset_on_the_list_is_known() -> None:
    for charset in forms.FORM_CHARSETS:
        assert b"a".decode(charset) == "a"


@given(st.binary(max_size=60) | st.from_regex(rb"(%[0-9A-Fa-f]{2}|%|x){0,20}", fullmatch=True))
def test_percent_decoding_agrees_with_urllib(data: bytes) -> None:
    assert forms.percent_decoded(data) == unquote_to_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forms, "_BLOCK", 4)
        assert forms.percent_decoded(data) == unquote_to_bytes(data)


def test_a_form_full_of_percent_signs_takes_little_memory() -> None:
    form = b"a=" + b"%41" * 500_000
    tracemalloc.start()
    try:
        assert forms.parse_urlencoded(form) == {"a": "A" * 500_000}
        assert tracemalloc.get_traced_memory()[1] < 6 * len(form)
    finally:
        tracemalloc.stop()


@given(st.from_regex(r'"(\\[0-3][0-7][0-7]|\\.|[^"\\]){0,20}"', fullmatch=True) | st.text(max_size=20))
def test_cookie_values_agree_with_http_cookies(text: str) -> None:
    assert forms.unquoted_cookie(text) == SimpleCookie().value_decode(text)[0]
