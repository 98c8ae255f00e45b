"""Query strings, forms and cookies as 0.10 read them (spec 6.3, 6.4)."""

from __future__ import annotations

import io
from typing import Any

import pytest

from rawwfile.cherrypy.cookies import cookies_of
from rawwfile.cherrypy.parameters import Codec, TextFile, query_parameters, read_form, split_target
from rawwfile.errors import RequestBodyError

BYTES = Codec(None)
FORM = "application/x-www-form-urlencoded"


def query(target: str, codec: Codec = BYTES) -> dict[str, Any]:
    return query_parameters(split_target(target)[2], codec)


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/?a=1&b=2", {"a": "1", "b": "2"}), ("/?a=", {"a": ""}), ("/?flag", {}),
        ("/?a=1&a=2&a=3", {"a": ["1", "2", "3"]}), ("/?a=b=c", {"a": "b=c"}), ("/?a=+x%41", {"a": " xA"}),
        ("/?a=%zz%4", {"a": "%zz%4"}), ("/?a=1;b=2", {"a": "1;b=2"}), ("/?a=%E9", {"a": "\xe9"}),
        ("/?a=1&amp;b=2", {"a": "1", "b": "2"}), ("/?=v", {"": "v"}), ("/?a=1#b", {"a": "1#b"}),
    ],
)  # fmt: skip
def test_query_strings(target: str, found: dict[str, Any]) -> None:
    assert query(target) == found


def test_q11_query_names_are_not_decoded() -> None:
    assert query("/?%66=1&a+b=2") == {"%66": "1", "a+b": "2"}


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("/?url=http://h/?a=b&c=d", {"url": "http://h/?a=b&c=d"}),
        ("/?z=1&url=http://h/?a=b&c=d", {"z": "1", "url": "http://h/?a=b&c=d"}),
        ("/averylongmethodname?url=http://h/?a=b&c=d", {"url": "http://h/?a=b", "c": "d"}),
        ("/?x=1?y=2", {"x": "1?y=2"}), ("/?a?b=1", {"a?b": "1"}), ("/??a=1", {"?a": "1"}),
    ],
)  # fmt: skip
def test_q36_an_unescaped_url_as_value_arrives_whole(target: str, found: dict[str, Any]) -> None:
    assert query(target) == found


@pytest.mark.parametrize(
    ("target", "path", "shown"),
    [
        ("/", "", ""), ("/a/b", "a/b", "a/b"), ("/a/", "a", "a/"), ("//a", "/a", "/a"), ("/a//", "a/", "a//"),
        ("/a?b=1", "a", "a?b=1"), ("/%41?b", "%41", "%41?b"), ("http://h/a", "http://h/a", "http://h/a"),
    ],
)  # fmt: skip
def test_targets(target: str, path: str, shown: str) -> None:
    assert split_target(target)[::2] == (path, shown)


def test_a_charset_decodes_values_and_keeps_what_is_not_of_it() -> None:
    utf8 = Codec("utf-8")
    found = query("/?a=%C3%A9&b=%E9", utf8)
    assert found["a"] == "\xe9"
    assert utf8.bytes(found["b"]) == b"\xe9"


def form(body: bytes, kind: str, limit: int | None = None) -> Any:
    return read_form(io.BytesIO(body), kind, BYTES, limit, len(body))


def test_urlencoded_forms() -> None:
    found = form(b"%61=1&b=&c=x+y;a=2&flag", FORM)
    assert found.values == {"a": ["1", "2"], "b": "", "c": "x y", "flag": ""}
    assert found.filenames == {"a": [None, None], "b": None, "c": None, "flag": None}
    assert found.types["b"] is None


def test_a_form_without_a_type_is_urlencoded() -> None:
    assert form(b"a=1", "").values == {"a": "1"}


PARTS = (
    b'--B\r\nContent-Disposition: form-data; name="t"\r\n\r\ntext\xe9\r\n'
    b'--B\r\nContent-Disposition: form-data; name="f"; filename="a.gif"\r\n'
    b'Content-Type: image/gif\r\n\r\nGIF\x00\xff\r\n'
    b'--B\r\nContent-Disposition: form-data; name="f"; filename=""\r\n\r\n\r\n--B--\r\n'
)


def test_multipart_forms() -> None:
    found = form(PARTS, "multipart/form-data; boundary=B")
    assert found.values == {"t": "text\xe9", "f": ["GIF\x00\xff", ""]}
    assert found.filenames == {"t": None, "f": ["a.gif", ""]}
    assert found.types == {"t": "text/plain", "f": ["image/gif", "text/plain"]}


def test_a_part_with_a_charset_stays_bytes() -> None:
    head = b'--B\r\nContent-Disposition: form-data; name="t"\r\nContent-Type: text/plain; charset=utf-8\r\n'
    body = head + b"\r\n\xc3\xa9\r\n--B--\r\n"
    assert form(body, "multipart/form-data; boundary=B").values == {"t": "\xc3\xa9"}


def test_h14_other_types_are_no_form_and_are_not_read() -> None:
    body = io.BytesIO(b"{}")
    assert read_form(body, "application/json", BYTES, None, 2) is None
    assert body.tell() == 0


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"x" * 9, FORM, 413), (b"--B\r\n", "multipart/form-data", 400), (b"no", "multipart/form-data; boundary=B", 400)],
)
def test_broken_and_large_forms(body: bytes, kind: str, status: int) -> None:
    with pytest.raises(RequestBodyError) as error:
        form(body, kind, limit=8)
    assert error.value.status == status


def test_a_length_that_lies_is_no_way_round_the_limit() -> None:
    with pytest.raises(RequestBodyError):
        read_form(io.BytesIO(b"a" * 100), FORM, BYTES, 10, None)


def test_cookies_of_all_lines_are_merged() -> None:
    cookies = cookies_of(['a=1; b="x y"', "c=3; bad[]=1; d"], BYTES)
    assert {name: morsel.value for name, morsel in cookies.items()} == {"a": "1", "b": "x y", "c": "3"}


def test_the_body_as_text() -> None:
    assert TextFile(io.BytesIO(b"a\nb\xe9\nc")).readlines() == ["a\n", "b\xe9\n", "c"]
    file = TextFile(io.BytesIO(b"abc\ndef"))
    assert (file.read(2), file.readline(), list(file)) == ("ab", "c\n", ["def"])


def test_a_form_whose_lines_end_in_lf() -> None:
    part = b'--B\nContent-Disposition: form-data; name="%b"\n\n%b\n'
    body = part % (b"a", b"bare lf") + part % (b"b", b"1\n\n2") + b"--B--\n"
    assert form(body, "multipart/form-data; boundary=B").values == {"a": "bare lf", "b": "1\n\n2"}
    with pytest.raises(RequestBodyError):
        form(body[:-6], "multipart/form-data; boundary=B")
    mixed = part.replace(b"\n", b"\r\n") % (b"c", b"crlf")
    body = part % (b"a", b"lf") + mixed + b"--B--"
    assert form(body, "multipart/form-data; boundary=B").values == {"a": "lf", "c": "crlf"}


@pytest.mark.parametrize("inner", [b"--B\nX: y\n\n" * 20_000, b"--B\nX: " + b"y" * 20_000 + b"\n\n"])
def test_a_form_of_lf_has_the_limits_of_the_others(inner: bytes) -> None:
    with pytest.raises(RequestBodyError):
        form(inner + b"--B--\n", "multipart/form-data; boundary=B")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (r"['Set-Cookie: a=1; Path=/; Version=1\r\n']", {"a": "1"}), ("x y z=3", {"z": "3"}),
        ("rubbish; ;; a=1", {"a": "1"}), ("a = 1 ; b= 2", {"a": "1", "b": "2"}),
        ('a="x; y"; b=2', {"a": "x; y", "b": "2"}), ("a=; b=2", {"a": "", "b": "2"}),
        ('a="no end; b=2', {"b": "2"}), ('a={"j": 1}; b=2', {"b": "2"}), ("path=1; b=2", {"b": "2"}),
        (r'a="\303"', {"a": "\xc3"}),
    ],
)  # fmt: skip
def test_cookies_are_searched_for(line: str, found: dict[str, str]) -> None:
    assert {name: morsel.value for name, morsel in cookies_of([line], BYTES).items()} == found


@pytest.mark.parametrize(
    "line", ['a="' + "\\" * 100_000 + '"', "x" * 200_000, '="' * 100_000, "=" * 200_000, "a=" * 100_000]
)
def test_no_cookie_line_takes_long(line: str) -> None:
    # It would be minutes if it were the square of its length.
    cookies_of([line], BYTES)
