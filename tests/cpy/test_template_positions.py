"""Tracebacks of masks and templates: file, line and the code that failed."""

from __future__ import annotations

import ast
import traceback

import pytest

from rawwfile.cpy.protocols import Include
from rawwfile.cpy.source import Line, Position, read_lines
from rawwfile.cpy.template import compile_mask
from rawwfile.cpy.template.text import Include as Inclusion
from rawwfile.cpy.template.text import mask_text, template_text
from tests.cpy.template_kit import Python3, make, mask_lines


def frames_of(mask: str, templates: dict[str, str] | None = None) -> list[tuple[str, int | None]]:
    with pytest.raises(ZeroDivisionError) as caught:
        make(mask, templates)()
    frames = traceback.extract_tb(caught.value.__traceback__)[1:]
    return [(frame.filename, frame.lineno) for frame in frames]


FAILING = {
    "py-eval": 'a\n<py-eval="1/0">',
    "py-attr": 'a\n<p py-attr="1/0" id="">',
    "py-exec": 'a\n<py-exec="x = 1/0">',
    "py-if": 'a\n<py-if="1/0">x</py-if>',
    "py-for": 'a\n<py-for="i in [1/0]">x</py-for>',
    "in py-for": '<py-for="i in [0]">\n<b py-eval="1/i">x</b></py-for>',
    "in py-else": '<py-if="0">x</py-if>\n<py-else><py-eval="1/0"></py-else>',
}


@pytest.mark.parametrize("mask", FAILING.values(), ids=FAILING)
def test_the_line_of_the_tag_is_in_the_traceback(mask: str) -> None:
    assert frames_of(mask) == [("Root.cpy", 2)]


def test_a_block_of_code_has_the_lines_of_the_file() -> None:
    mask = '<py-code="\n    # a comment, dropped\n    x = 1\n\n    y = x / 0\n">'
    assert frames_of(mask) == [("Root.cpy", 5)]


def test_a_template_has_a_frame_of_its_own() -> None:
    templates = {"outer": '\n\n<py-include="inner">', "inner": 'a\n<p py-eval="1/0">x</p>\n'}
    frames = frames_of('a\n<py-include="outer">', templates)
    assert frames[-1] == ("inner", 2)
    assert {file for file, _ in frames} <= {"Root.cpy", "outer", "inner"}


def compile_only(mask: str, templates: dict[str, str]) -> list[ast.stmt]:
    def include(name: str, position: Position) -> list[Line]:
        return read_lines(templates[name].encode(), name)

    given: Include = include
    return compile_mask(mask_lines(mask), include=given, translate=Python3())


def test_statements_carry_their_file_and_the_tags_that_brought_them() -> None:
    body = compile_only('a\n <py-include="t">b', {"t": 'x<py-eval="1">'})
    # Text that follows text is one statement, of the file where it begins.
    files = [one.cpy_file for one in body]  # type: ignore[attr-defined]
    assert files == ["Root.cpy", "Root.cpy", "t", "t", "Root.cpy"]
    assert body[2].cpy_tags == (Position("Root.cpy", 2, 10),)  # type: ignore[attr-defined]
    assert body[1].cpy_tags == ()  # type: ignore[attr-defined]


def test_a_mask_that_is_a_template_begins_and_ends_in_its_own_file() -> None:
    body = compile_only('<py-include="t">', {"t": '<py-for="i in [1]">x</py-for>'})
    assert [body[0].cpy_file, body[-1].cpy_file] == ["Root.cpy"] * 2  # type: ignore[attr-defined]
    assert not hasattr(compile_only("", {})[0], "cpy_file")


def test_columns_are_those_of_the_file() -> None:
    append = compile_only('\tx<b py-eval="who">', {})[2]
    assert isinstance(append, ast.Expr) and isinstance(append.value, ast.Call)
    text = append.value.args[0]
    assert isinstance(text, ast.Call)
    who = text.args[0]
    assert (who.lineno, who.col_offset) == (1, 8 + len('\tx<b py-eval="'))


def test_first_and_last_statement_make_and_return_the_page() -> None:
    for mask in ("", "text", '<py-for="i in []">a</py-for>'):
        body = compile_only(mask, {})
        assert ast.unparse(body[0]) == "_page = []"
        assert isinstance(body[-1], ast.Return)


def test_a_text_knows_each_character_after_an_include_was_put_in() -> None:
    whole = mask_text(read_lines(b"abc\ndef\n", "Root.cpy"))
    tag = Position("Root.cpy", 1, 1)
    inner = template_text(read_lines(b"xy\n", "t"), Inclusion(tag, "t"), ())
    both = whole.replaced(1, 2, inner)
    assert both.text == "axy\nc\ndef\n"
    assert both.edges == [1, 4]
    places = [both.position(index) for index in (0, 1, 2, 4, 6)]
    assert [(one.file, one.line, one.column) for one in places] == [
        ("Root.cpy", 1, 0),
        ("t", 1, 0),
        ("t", 1, 1),
        ("Root.cpy", 1, 2),
        ("Root.cpy", 2, 0),
    ]


def test_the_frame_around_a_template_stands_at_its_tag() -> None:
    templates = {"outer": '\n\n<py-include="inner">', "inner": 'a\n<p py-eval="1/0">x</p>\n'}
    assert frames_of('a\n<py-include="outer">', templates)[0] == ("Root.cpy", 2)
