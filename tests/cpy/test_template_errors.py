"""Masks that cannot be compiled: 0.10's text, the place, the line, and what to write instead."""

from __future__ import annotations

import pytest

from rawwfile.cpy.errors import CpyError
from tests.cpy.template_kit import make

# mask, message, line and column (from 1) of the caret; columns count the eight of the mask.
BROKEN = {
    "quote never closed": ('<py-eval="1', "No closing '\"' for string '1  ...'", 1, 19),
    "quote closed later": (
        'a\n<py-eval="1\n">',
        "No closing '\"' for string '1 ...' before the end of the line",
        2,
        19,
    ),
    "wrong end": ('<py-eval="5" >', "No closing '\">' for string 'py-eval=\"5\" >  ...'", 1, 20),
    "attribute after eval": (
        '<b py-eval="5" id="x">',
        'No closing \'">\' for string \'py-eval="5" id="x">  ...\'',
        1,
        22,
    ),
    "py-if ends as py-eval may": (
        '<py-if="0"/>a</py-if>d',
        "No closing '\">' for string 'py-if=\"0\"/>a</py-if> ...'",
        1,
        17,
    ),
    "if not closed": ('\n<py-if="x">a', "No matching '</py-if>' tag for '<py-if ... x ...'", 2, 10),
    "for not closed": (
        '<py-for="i in [1]">b',
        "No matching '</py-for>' tag for '<py-for ... i in [1] ...'",
        1,
        10,
    ),
    "else not closed": (
        '<py-if="0">a</py-if><py-else>b',
        "No matching '</py-else>' tag for '<py-else ... 0 else  ...'",
        1,
        29,
    ),
    "div not closed": (
        '<div py-eval="1">a<div></div>',
        "No matching '</div>' tag for '<div ... 1 ...'",
        1,
        14,
    ),
    "debug not closed": (
        '<div py-debug="1">a',
        "No matching '</div>' tag for '<div ... 1 ...'",
        1,
        14,
    ),
    "single quotes": ("a\nb <py-eval='x'>", "Tag 'py-eval' should be followed by '=\"'", 2, 12),
    "word after the last tag": (
        '<py-eval="1"> py-for you',
        "Tag 'py-for' should be followed by '=\"'",
        1,
        23,
    ),
    "else alone": (
        '<py-if="0">a</py-if>text<py-else>b</py-else>',
        "Tag 'py-else' found without corresponding 'py-if'",
        1,
        34,
    ),
    "else of the other form": (
        '<py-if="0">a</py-if><div py-else>b</div>',
        "Tag 'py-else' found without corresponding 'py-if'",
        1,
        34,
    ),
    "exec not closed": (
        '<div py-exec="x = 1"> </div>',
        "'<div py-exec=x = 1' is not closed with '</div>'",
        1,
        30,
    ),
    "code not closed": (
        '<div py-code="\nx = 1\n">text</div>',
        "'<div py-code=x = 1' is not closed with '</div>'",
        3,
        11,
    ),
    "code on the first line": (
        '<py-code="x = 1\n">',
        "'py-code=\"' must be followed by a newline",
        1,
        19,
    ),
    "code never ends": ('<py-code="\nx = 1', "No closing '\">' for string 'x = 1  ...'", 2, 9),
    "not a for": (
        '<py-for="i of [1]">a</py-for>',
        "py-for string 'i of [1]' is not correct",
        1,
        18,
    ),
    "for nothing": ('<py-for="f() in [1]">a</py-for>', "py-for cannot assign to 'f()'", 1, 18),
    "if nothing": ('<py-if="">a</py-if>', "py-if has no code", 1, 17),
    "no div": ('<b py-if="1">a</b>', "'py-if' is an attribute of a tag that is not '<div'", 1, 12),
    "include without quotes": (
        "<py-include=t>",
        "Tag 'py-include' should be followed by '=\"'",
        1,
        10,
    ),
    "include in another element": (
        '<b py-include="t">x</b>',
        "'py-include' tag can be used either as '<py-include=\"...\">' or '<div py-include=\"...\">...</div>'",
        1,
        12,
    ),
    "include of nothing": ('<py-include="">', "py-include names no file", 1, 22),
    "Python": ('a\n<p py-eval="1 +">x</p>', "invalid syntax", 2, 21),
}


@pytest.mark.parametrize("mask, message, line, column", BROKEN.values(), ids=BROKEN)
def test_errors_say_what_where_and_what_instead(
    mask: str, message: str, line: int, column: int
) -> None:
    with pytest.raises(CpyError) as caught:
        make(mask, {"t": "t"})
    error = caught.value
    assert error.message == message
    assert error.position is not None
    assert (error.position.file, error.position.line) == ("Root.cpy", line)
    assert error.position.column + 1 == column
    assert error.line.strip() == mask.split("\n")[line - 1]
    assert error.hint or message == "invalid syntax"


def test_an_error_in_a_template_names_the_template() -> None:
    with pytest.raises(CpyError) as caught:
        make('<py-include="outer">', {"outer": 'a\n  <py-include="t">', "t": "\n\t<py-if='1'>"})
    assert str(caught.value).startswith("t:2:3: Tag 'py-if' should be followed by")
    assert "\t<py-if='1'>" in str(caught.value)


def test_a_template_that_includes_itself_is_shown_with_its_way() -> None:
    with pytest.raises(CpyError, match="Infinite loop in 'py-include'") as caught:
        make('<py-include="a">', {"a": 'x\n<py-include="b">', "b": '<py-include="a">'})
    assert caught.value.position is not None
    assert caught.value.position.file == "b"
    assert "a -> b -> a" in caught.value.hint


def test_a_missing_template_is_the_callers_error() -> None:
    with pytest.raises(CpyError, match="Cannot find file 'none'") as caught:
        make('a\n  <py-include="none">')
    assert caught.value.position is not None
    assert (caught.value.position.line, caught.value.position.column) == (2, 11)
