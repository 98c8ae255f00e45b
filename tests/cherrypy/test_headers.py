"""response.headerMap (spec 7.2)."""

from __future__ import annotations

import pytest

from rawwfile.cherrypy.headers import HeaderMap


def test_h30_two_spellings_are_one_field_and_the_last_is_sent() -> None:
    headers = HeaderMap({"status": "200 OK", "content-type": "text/html"})
    headers["Content-Type"] = "text/plain"
    assert headers.lines() == [("Content-Type", "text/plain")]
    assert headers["CONTENT-TYPE"] == headers["content-type"] == "text/plain"


def test_it_is_a_dict_to_the_application() -> None:
    headers = HeaderMap({"a": 1})
    headers.update({"B": 2}, C=3)
    assert isinstance(headers, dict)
    assert "b" in headers and headers.has_key("c") and not headers.has_key("d")
    assert headers.get("b") == 2 and headers.get("d", 4) == 4
    assert headers.setdefault("A", 9) == 1
    assert headers.pop("B") == 2 and headers.pop("B", None) is None
    del headers["C"]
    assert dict(headers) == {"a": 1}
    with pytest.raises(KeyError):
        headers["gone"]


def test_a_list_is_a_line_each_and_an_empty_one_none() -> None:
    headers = HeaderMap({"status": 200, "protocolVersion": "HTTP/1.0", "set-cookie": []})
    headers["x"] = ["1", 2]
    assert headers.lines() == [("x", "1"), ("x", "2")]


@pytest.mark.parametrize(
    ("name", "value"), [("x", "a\r\nb: c"), ("x\r\ny", "1"), ("x y", "1"), ("x", "a\0b"), ("", "1")]
)
def test_h08_no_line_breaks(name: str, value: str) -> None:
    with pytest.raises(ValueError):
        HeaderMap()[name] = value


def test_h08_nor_in_a_list_that_is_changed_unseen() -> None:
    headers = HeaderMap({"set-cookie": []})
    headers["set-cookie"].append("a=1\nX: y")
    with pytest.raises(ValueError, match="line break"):
        headers.lines()


def test_a_copy_has_lists_of_its_own() -> None:
    headers = HeaderMap({"set-cookie": ["a"]})
    headers.copy()["set-cookie"].append("b")
    assert headers["set-cookie"] == ["a"]
