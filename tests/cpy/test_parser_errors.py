"""Each error of spec 4.4 that belongs to the parser: text, place, line and hint."""

from __future__ import annotations

import pytest

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.parser import parse_module
from rawwfile.cpy.source import read_lines


def refused(source: str, *, debug: bool = False) -> CpyError:
    with pytest.raises(CpyError) as caught:
        parse_module(read_lines(source.encode("latin-1"), "Root.cpy"), "Root.cpy", debug=debug)
    return caught.value


def where(error: CpyError) -> tuple[int, int]:
    assert error.position is not None
    assert error.position.file == "Root.cpy"
    return error.position.line, error.position.column


# Errors: source, message, line, column, a part of the hint.
INVALID = "Not a valid line: "
ERRORS = {
    "stray text": ("x = 1", INVALID + "'x = 1'", 1, 0, "left margin"),
    "one column": ("CherryClass A:\nview:\n x", INVALID + "'x'", 3, 1, "-W 2"),
    "three columns": ("CherryClass A:\n   view:", INVALID + "'view:'", 2, 3, "4 columns"),
    "no class yet": ("    x = 1", INVALID + "'x = 1'", 1, 4, "4 columns"),
    "use too late": ("# c\nuse Tools", INVALID + "'use Tools'", 2, 0, "very first lines"),
    "special, other blank": (
        "def logMessage(message, level = 0):",
        INVALID + "'def logMessage(message, level = 0):'",
        1, 0, "def logMessage(message, level=0):",
    ),
    "special, typing error": (
        "def initSever():", INVALID + "'def initSever():'", 1, 0, "def initServer():",
    ),
    "plain function": ("def f():", INVALID + "'def f():'", 1, 0, "function: section"),
    "plain class": ("class A:", INVALID + "'class A:'", 1, 0, "CherryClass Name:"),
    "section, typing error": ("CherryClass A:\nviews:", INVALID + "'views:'", 2, 0, "view:"),
    "section and comment": (
        "CherryClass A:\nmask: # x", INVALID + "'mask: # x'", 2, 0, "four blanks",
    ),
    "body without def": (
        "CherryClass A:\nview:\n        x", INVALID + "'x'", 3, 8, "starts with def name(self):",
    ),
    "columns 4 to 7 in a view": (
        "CherryClass A:\nview:\n    def a(self):\n        x = (1,\n      2)",
        INVALID + "'2)'", 5, 6, "column 8 or more",
    ),
    "def at column 5": (
        "CherryClass A:\nmask:\n     def a(self):", INVALID + "'def a(self):'", 3, 5, "column 4",
    ),
    "decorator": (
        "CherryClass A:\nview:\n    @x", INVALID + "'@x'", 3, 4, "def name(self):",
    ),
    "aspect header too deep": (
        "CherryClass A:\naspect:\n        pass", INVALID + "'pass'", 3, 8, "stands at column 4",
    ),
    "words after the arguments": (
        "CherryClass A:\nview:\n    def a(self) secret:\n        pass",
        INVALID + "'def a(self) secret:'", 3, 15, "hidden or xmlrpc",
    ),
    "no section": (
        "CherryClass A:\n    x = 1", "Line should be inside a section", 2, 4, "variable:",
    ),
    "section before any class": (
        "view:\n    def a(self):", "Line should be inside a section", 2, 4, "below a CherryClass",
    ),
    "no colon": (
        "CherryClass A", "CherryClass declaration line doesn't end with ':'", 1, 13, "':'",
    ),
    "comment behind the header": (
        "CherryClass A: # c", "CherryClass declaration line doesn't end with ':'", 1, 18, "comment",
    ),
    "no bracket": (
        "CherryClass A(B:", "CherryClass declaration doesn't end with ')'", 1, 15, "(Parent",
    ),
    "unknown flag": (
        "CherryClass A(B) secret:",
        "CherryClass declaration doesn't end with ')'", 1, 23, "xmlrpc hidden abstract",
    ),
    "self missing": (
        "CherryClass A:\nview:\n    def index(a):\n        pass",
        "Expected function definition 'def func(self ...' instead of 'def index(a):'",
        3, 4, "def index(self, a):",
    ),
    "self with a default": (
        "CherryClass A:\nfunction:\n    def f(self=1, b=2):\n        pass",
        "Expected function definition 'def func(self ...' instead of 'def f(self=1, b=2):'",
        3, 4, "def f(self, b=2):",
    ),
    "no arguments": (
        "CherryClass A:\nmask:\n    def f():\n        pass",
        "Expected function definition 'def func(self ...' instead of 'def f():'",
        3, 4, "def f(self):",
    ),
    "no brackets at all": (
        "CherryClass A:\nview:\n    def f:\n        pass",
        "Expected function definition 'def func(self ...' instead of 'def f:'",
        3, 4, "def name(self):",
    ),
    "hidden function": (
        "CherryClass A:\nfunction:\n    def f(self) hidden:\n        pass",
        "Only views and masks can be hidden", 3, 16, "take 'hidden' away",
    ),
    "xmlrpc function": (
        "CherryClass A:\nfunction:\n    def f(self) xmlrpc:\n        pass",
        "Only views and masks can be xmlrpc", 3, 16, "take 'xmlrpc' away",
    ),
    "aspect without a word": (
        "CherryClass A:\naspect:\n    (1) middle:\n        pass",
        "Wrong aspect header: '(1) middle:'", 3, 4, "(condition) start:",
    ),
    "aspect without a condition": (
        "CherryClass A:\naspect:\n    start:\n        pass",
        "Wrong aspect header: 'start:'", 3, 4, "'* start:'",
    ),
    "open bracket": (
        "CherryClass A:\nmask:\n    def a(self,\n        b):\n        x",
        "the '(' of this def is never closed", 3, 9, "one line",
    ),
    "text behind a mask's def": (
        "CherryClass A:\nmask:\n    def a(self): hello",
        "the text of a mask cannot stand on its def line", 3, 17, "8 columns",
    ),
    "no body": (
        "CherryClass A:\nview:\n    def a(self):\n        # nothing\n",
        "this view has no body", 3, 16, "write pass",
    ),
    "import over two lines": (
        "from os import (path,\n    sep)", "an import must stand on one line", 1, 20, "one import",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_a_wrong_line_is_shown_with_what_to_write(case: str) -> None:
    source, message, line, column, hint = ERRORS[case]
    error = refused(source)
    blanks = " " * column if message.startswith(INVALID) and "secret" not in message else ""
    blanks = "    " if "secret" in message and message.startswith(INVALID) else blanks
    assert error.message == message.replace(INVALID + "'", INVALID + "'" + blanks)
    assert where(error) == (line, column)
    assert error.line == source.split("\n")[line - 1]
    assert hint in error.hint


@pytest.mark.parametrize(
    "name, better", [("root", "Root"), ("1a", ""), ("_a", ""), ("A-b", "A_b"), ("a.B", "A_B"), ("", "")]
)
def test_a_class_name_is_capital_letters_digits_underscores(name: str, better: str) -> None:
    error = refused(f"CherryClass {name}:")
    assert error.message == (
        f"CherryClass '{name}' name is invalid.  Name must start with an upper case character and "
        "consist only of letters, numbers and underscores."
    )
    assert where(error) == (1, 12)
    assert error.hint == (f"write CherryClass {better}:" if better else "")


def test_errors_inside_a_class_name_it_as_the_original_did() -> None:
    error = refused(ERRORS["self missing"][0])
    assert error.old_text().endswith("    in File 'Root.cpy', in CherryClass 'A', line 3")


def test_columns_of_errors_are_those_of_the_line_with_its_tabs() -> None:
    error = refused("CherryClass A:\nview:\n\tdef a(b):\n\t\tpass\n")
    assert where(error) == (3, 1)
    assert str(error).split("\n")[1:3] == ["    \tdef a(b):", "    \t^"]


def test_debug_lines_are_refused_when_debugging() -> None:
    error = refused("debug('x')\n", debug=True)
    assert error.message == INVALID + "'debug('x')'"
    assert "inside a view" in error.hint
