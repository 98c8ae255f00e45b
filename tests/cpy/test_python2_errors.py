"""Code that is no Python: the place in the person's file, the line, what is wrong, what to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.source import read_lines
from tests.cpy import whole

# text; line and column, from 1; words of the message; words of the hint.
BROKEN = {
    "two signs": ("x = = 1", 1, 5, "invalid syntax at '='", ""),
    "comparison": ("print 1\nif x = 1: pass", 2, 6, "", "=="),
    "string": ("print 'a", 1, 7, "unterminated string", "close the string"),
    "long string": ("x = 1\ny = '''a\nb", 2, 5, "unterminated triple-quoted", "three quotes"),
    "colon": ("while x\n    print x", 1, 8, "expected ':'", "end the line with ':'"),
    "no block": ("if x:\nprint y", 2, 1, "expected an indented block", "one more level"),
    "bracket": ("print 'before'\nx = (1,\ny = 2", 2, 5, "'(' was never closed", "closing bracket"),
    "bracket too many": ("print 1\nx = 1)", 2, 6, "unmatched ')'", "opening one"),
    "unindent": ("if 1:\n        x = 1\n    y = 2", 3, 10, "unindent does not match", "indentation"),
    "indent": ("print 1\n    print 2", 2, 5, "unexpected indent", "take away blanks"),
    "octal": ("x = 08", 1, 5, "", "leave the 0 out"),
    "call": ("f(a=1, 2)", 1, 0, "positional argument follows keyword argument", ""),
    "call in old code": ("print f(a=1, 2)", 1, 14, "a positional argument follows a keyword argument", ""),
    "parameters": ("def f(a=1, b): print a", 1, 12, "default", ""),
    "generator": ("print f(x for x in y, 1)", 1, 9, "a generator expression needs brackets", ""),
    "assigned": ("print 1\nf() = 2", 2, 1, "cannot assign to", "on the left of ="),
    "end of line": ("print 1 +", 1, 10, "at the end of the line", "not complete"),
    "and": ("print a && b", 1, 10, "invalid syntax at '&'", "write and, or"),
    "not": ("print !a", 1, 7, "invalid syntax at '!'", "write not"),
    "character": ("print 1\nx = $a", 2, 5, "invalid syntax at '$'", ""),
    "backtick": ("x = `1", 1, 7, "at the end of the line", ""),
    "escape": (r"print '\xZ'", 1, 7, "escape in this string is not complete", "double the backslash"),
    "try": ("try:\n    x = 1\ny = 2", 3, 1, "expected 'except' or 'finally' block", "below the block of try:"),
    "as in except": ("try: pass\nexcept E foo e: print e", 2, 10, "", ""),
    "raise": ("raise a, b, c, d", 1, 14, "invalid syntax at ','", ""),
    "keyword": ("lambda x y", 1, 10, "invalid syntax at 'y'", ""),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_code_is_shown_where_it_is_broken(case: str) -> None:
    text, line, column, message, hint = BROKEN[case]
    with pytest.raises(CpyError) as caught:
        Translator("auto").statements(read_lines(text.encode(), "Root.cpy"))
    error = caught.value
    assert error.position is not None
    assert error.position.line == line
    assert column in (0, error.position.column + 1)
    assert message in error.message
    assert "on line" not in error.message and "at line" not in error.message
    assert error.line == text.split("\n")[line - 1]
    assert error.hint and hint in error.hint


SOURCE = """\
CherryClass Root:
variable:
    a = 1
    %s
function:
    def f(self):
        # comment

        %s
mask:
    def m(self):
        <b>
          <py-eval="%s">
        <py-exec="%s"> <py-if="%s">x</py-if>
        <py-code="
            x = 1
            %s
        ">
def_placeholder
"""


@pytest.mark.parametrize(
    ("place", "code", "line", "column"),
    [
        (0, "b = = 2", 4, 9), (1, "print 'x' 'y' z", 9, 23), (2, "1 +* 2", 13, 24), (3, "print 1 2", 14, 27),
        (4, "x == == 1", 14, 39), (5, "return return", 17, 20),
    ],
)  # fmt: skip
def test_every_kind_of_code_is_told_with_its_true_place(
    place: int, code: str, line: int, column: int, tmp_path: Path
) -> None:
    codes = ["pass", "pass", "1", "pass", "1", "pass"]
    codes[place] = code
    source = SOURCE.replace("def_placeholder\n", "") % tuple(codes)
    whole.written(tmp_path, {"Root.cpy": source})
    with pytest.raises(CpyError) as caught:
        whole.compiled(tmp_path)
    error = caught.value
    assert error.position is not None
    assert (error.position.file, error.position.line, error.position.column + 1) == ("Root.cpy", line, column)
    assert error.line == source.split("\n")[line - 1]
    assert error.hint
    assert error.cherry_class == "Root"


@pytest.mark.parametrize("code", ["break", "continue", "x = 1\n    return 3"])
def test_what_only_the_compiler_finds_has_its_place_too(code: str, tmp_path: Path) -> None:
    whole.written(tmp_path, {"Root.cpy": f"CherryClass Root:\nvariable:\n    {code}\n"})
    with pytest.raises(CpyError) as caught:
        whole.compiled(tmp_path)
    assert caught.value.position is not None
    assert caught.value.position.line == 3 + code.count("\n")
    assert "outside" in caught.value.message or "not properly" in caught.value.message
    assert caught.value.line.strip() == code.split("\n")[-1].strip()


def test_a_broken_module_of_the_application_says_where(tmp_path: Path) -> None:
    from rawwfile.cpy.python2.runtime import builtins_for

    (tmp_path / "helper.py").write_text("def f():\n    print 'x'\n    y = = 1\n")
    with pytest.raises(SyntaxError) as caught:
        builtins_for([str(tmp_path)])["__import__"]("helper")
    assert (caught.value.filename, caught.value.lineno, caught.value.offset) == (str(tmp_path / "helper.py"), 3, 9)
    assert caught.value.text == "    y = = 1"
