"""Python 2's messages for arguments that do not fit (rawwfile.cherrypy.arguments)."""

from __future__ import annotations

from typing import Any

import pytest

from rawwfile.cherrypy.arguments import called


class Page:
    def none(self) -> str:
        return "none"

    def two(self, a: str, b: str) -> str:
        return a + b

    def some(self, a: str, b: str = "2") -> str:
        return a + b

    def any(self, a: str, *rest: str, **named: str) -> str:
        return a + "".join(rest) + "".join(named)

    def fails(self, a: str = "") -> str:
        return a + 1  # type: ignore[operator]


# Each was said by Python 2.7.
@pytest.mark.parametrize(
    ("name", "positional", "named", "text"),
    [
        ("none", (), {"x": "1"}, "none() got an unexpected keyword argument 'x'"),
        ("none", ("1",), {}, "none() takes exactly 1 argument (2 given)"),
        ("two", (), {}, "two() takes exactly 3 arguments (1 given)"),
        ("two", (), {"b": "1"}, "two() takes exactly 3 arguments (2 given)"),
        ("two", ("1", "2", "3"), {}, "two() takes exactly 3 arguments (4 given)"),
        ("some", (), {}, "some() takes at least 2 arguments (1 given)"),
        ("some", ("1", "2", "3"), {}, "some() takes at most 3 arguments (4 given)"),
        ("some", (), {"self": "1"}, "some() got multiple values for keyword argument 'self'"),
        ("any", (), {"x": "1"}, "any() takes at least 2 arguments (1 given)"),
    ],
)
def test_the_message(name: str, positional: tuple[Any, ...], named: dict[str, Any], text: str) -> None:
    with pytest.raises(TypeError) as error:
        called(getattr(Page(), name), positional, named)
    assert str(error.value) == text


def test_arguments_that_fit() -> None:
    assert called(Page().any, ("1", "2"), {"x": "3"}) == "12x"
    assert called(Page().some, (), {"a": "1"}) == "12"


def test_a_type_error_of_the_page_itself_stays() -> None:
    with pytest.raises(TypeError, match="concatenate"):
        called(Page().fails, (), {"a": "1"})
    with pytest.raises(TypeError, match="int"):
        called(int, ("1", "2", "3"), {})
