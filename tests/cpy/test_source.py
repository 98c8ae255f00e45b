"""Physical lines: ends, tabs, -W, columns (spec 1.1, F001 to F005)."""

from __future__ import annotations

import pytest

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.source import Position, declared_encoding, normalised, read_lines


def texts(data: bytes, **options: object) -> list[str]:
    return [line.text for line in read_lines(data, "a.cpy", **options)]


@pytest.mark.parametrize(
    "data, expected",
    [
        (b"", []),
        (b"a", ["a"]),
        (b"a\n", ["a"]),
        (b"a\nb\r\nc\rd", ["a", "b", "c", "d"]),
        (b"a\n\n", ["a", ""]),
        (b"\r\r\n\n", ["", "", ""]),
        # Python 3 would split at each of these.
        (b"a\x85b\x1cc\x0bd\x0ce", ["a\x85b\x1cc\x0bd\x0ce"]),
    ],
)
def test_lines_end_at_lf_crlf_and_cr_only(data: bytes, expected: list[str]) -> None:
    assert texts(data) == expected


@pytest.mark.parametrize(
    "text, indent, expected",
    [
        ("\tx", 4, "    x"),
        ("  \tx", 4, "      x"),
        ("    \tx", 4, "        x"),
        ("\t x\ty", 4, "     x\ty"),
        ("  x", 2, "    x"),
        ("   x", 2, "     x"),
        ("\t  x", 2, "        x"),
        ("        x", 8, "    x"),
        ("   x", 8, "   x"),
        (" \t ", 2, " \t "),
        ("\xa0x", 4, "\xa0x"),
    ],
)
def test_leading_blanks_become_units_of_four(text: str, indent: int, expected: str) -> None:
    assert normalised(text, indent) == expected


def test_each_byte_is_one_character_unless_an_encoding_is_given() -> None:
    assert texts(b"\xc3\xa9") == ["\xc3\xa9"]
    assert texts(b"\xc3\xa9", encoding="utf-8") == ["\xe9"]


def test_bytes_that_do_not_fit_the_encoding_are_shown_with_their_place() -> None:
    with pytest.raises(CpyError) as caught:
        read_lines(b"ok\nab\xffc\n", "a.cpy", encoding="utf-8")
    assert caught.value.position == Position("a.cpy", 2, 2)
    assert "0xff" in str(caught.value) and "utf-8" in caught.value.hint


def test_an_encoding_that_does_not_exist_is_refused() -> None:
    with pytest.raises(CpyError, match="no encoding named 'latin-99'"):
        read_lines(b"x", "a.cpy", encoding="latin-99")


def test_an_indent_below_one_is_the_callers_error() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        read_lines(b"x", "a.cpy", indent=0)


def test_columns_lead_back_to_the_line_as_written() -> None:
    (line,) = read_lines(b"\t  \tab\tc", "a.cpy")
    assert line.text == "          ab\tc"
    assert line.position == Position("a.cpy", 1, 0)
    assert line.original[line.column_of(line.text.index("a"))] == "a"
    assert line.original[line.column_of(line.text.index("c"))] == "c"
    assert line.column_of(len(line.text)) == len(line.original)


@pytest.mark.parametrize("start", range(11))
def test_a_part_of_a_line_knows_its_place(start: int) -> None:
    (line,) = read_lines(b"\t\tabc", "a.cpy")
    part = line.part(start)
    assert part.text == line.text[start:]
    for index, character in enumerate(part.text):
        if character != " ":
            assert part.original[part.column_of(index)] == character


def test_a_mask_line_shorter_than_the_cut_becomes_empty() -> None:
    (line,) = read_lines(b"  ", "a.cpy")
    assert line.part(8).text == ""


@pytest.mark.parametrize(
    "data, expected",
    [
        (b"# -*- coding: utf-8 -*-\n", "utf-8"),
        (b"\n# vim: set fileencoding=koi8-r :", "koi8-r"),
        (b"\n\n# coding: utf-8", None),
        (b"x = 'coding: utf-8'", None),
        (b"", None),
    ],
)
def test_a_coding_comment_names_the_encoding(data: bytes, expected: str | None) -> None:
    assert declared_encoding(data) == expected


def test_an_error_shows_place_line_caret_and_hint() -> None:
    line = read_lines(b"one\n\tx = $1\n", "dir/Root.cpy")[1]
    error = CpyError.at(line, "what is this", index=line.text.index("$"), hint="write 1")
    assert str(error) == "dir/Root.cpy:2:6: what is this\n    \tx = $1\n    \t    ^\nwrite 1"


def test_an_error_without_a_place_is_one_line() -> None:
    assert str(CpyError("no", None)) == "no"
    assert CpyError("no", None).old_text() == "CherryError: no"


def test_an_error_can_be_told_as_the_original_told_it() -> None:
    error = CpyError("bad", Position("Root.cpy", 3, 0))
    assert error.old_text() == "CherryError: bad\n    in File 'Root.cpy', line 3"
    assert error.within("Root", "index").within("Other", "else").old_text() == (
        "CherryError: bad\n    in File 'Root.cpy', in CherryClass 'Root', in function 'index', line 3"
    )
