"""Where errors at run time show: in the file and line that a person wrote, whatever was woven together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cpy import whole

FILES: dict[str, str | bytes] = {
    "Root.cpy": """\
use Parts
import string
def initRequest():
    request.seen = 1
    # a comment

    request.x = undefined_in_hook
CherryClass Root(Watched):
variable:
    names = ['a',

        'b']
function:
    def deep(self, n):
        # between
        return 7 / n
    def nested(self):
        return self.deep(0)
view:
    def index(self):
        text = '''one

        two'''
        return self.deep(
            0)
    def old(self, (a, b)=(1, 2)):
        print >>None, `a`
        raise 'a string', a
    def evaluated(self):
        exec 'x = 1\\ny = x / 0'
    def watched(self):
        return 'fine'
mask:
    def page(self):
        <b>

        # comment
        <py-eval="1 + 1">
        <py-eval="7 / (1 - 1)">
        </b>
    def code(self):
        text
        <py-code="
            a = 1

            b = a.nothing
        ">
    def loop(self):
        <py-for="i in self.deep(0)">x</py-for>
    def condition(self):
        <py-if="self.deep(0)">x</py-if>
    def attribute(self):
        <a py-attr="None + 1" href="">x</a>
    def once(self):
        <py-exec="del nothing">
    def included(self):
        first
          <py-include="part.html">
    def twice(self):
        <py-include="outer.html">
""",
    "Parts.cpy": """\
CherryClass Watched abstract:
aspect:
    (method.name == 'watched') start:
        a = 1
        self.fail()
    (method.name == 'inherited') end:
        pass
function:
    def fail(self):
        raise ValueError, 'from a part'
mask:
    def inherited(self):
        <py-eval="[][1]">
""",
    "part.html": "<p>\n\n# no comment\n<py-eval=\"{}['key']\">\n",
    "outer.html": '<i>\n<py-include="inner.html">\n</i>',
    "inner.html": '<py-code="\n    x = 1\n    y = x.upper()\n">',
}

# The call, the error, the frames (file, line, function).
FAILURES = {
    "view": ("index", ZeroDivisionError, [("Root.cpy", 24, "index"), ("Root.cpy", 16, "deep")]),
    "function": ("nested", ZeroDivisionError, [("Root.cpy", 18, "nested"), ("Root.cpy", 16, "deep")]),
    "exec": ("evaluated", ZeroDivisionError, [("Root.cpy", 30, "evaluated"), ("<string>", 2, "<module>")]),
    "aspect": (
        "watched", ValueError, [("Root.cpy", 31, "watched"), ("Parts.cpy", 5, "watched"), ("Parts.cpy", 10, "fail")]
    ),
    "mask": ("page", ZeroDivisionError, [("Root.cpy", 39, "page")]),
    "py-code": ("code", AttributeError, [("Root.cpy", 46, "code")]),
    "py-for": ("loop", ZeroDivisionError, [("Root.cpy", 49, "loop"), ("Root.cpy", 16, "deep")]),
    "py-if": ("condition", ZeroDivisionError, [("Root.cpy", 51, "condition"), ("Root.cpy", 16, "deep")]),
    "py-attr": ("attribute", TypeError, [("Root.cpy", 53, "attribute")]),
    "py-exec": ("once", UnboundLocalError, [("Root.cpy", 55, "once")]),
    "include": ("included", KeyError, [("Root.cpy", 58, "included"), ("part.html", 4, "included")]),
    "include in an include": (
        "twice", AttributeError, [("Root.cpy", 60, "twice"), ("inner.html", 3, "twice")]
    ),
    "inherited mask": ("inherited", IndexError, [("Parts.cpy", 13, "inherited")]),
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path):
    return whole.app(tmp_path, FILES)


@pytest.mark.parametrize("case", FAILURES)
def test_a_traceback_points_at_what_was_written(case: str, site) -> None:
    method, kind, frames = FAILURES[case]
    with pytest.raises(kind) as caught:
        getattr(site.root, method)()
    assert whole.frames(caught.value) == frames


def test_a_special_function_is_in_its_file(site) -> None:
    with pytest.raises(NameError) as caught:
        site.initRequest()
    assert whole.frames(caught.value) == [("Root.cpy", 7, "initRequest")]


def test_a_string_exception_is_raised_where_it_stands(site) -> None:
    with pytest.raises(Exception) as caught:
        site.root.old()
    assert type(caught.value).__name__ == "a string"
    assert whole.frames(caught.value) == [("Root.cpy", 28, "old")]


def test_parts_of_special_functions_keep_their_files(tmp_path: Path) -> None:
    site = whole.app(
        tmp_path,
        {
            "Root.cpy": "use Tools\ndef initServer():\n    second = 1 / 0\n",
            "Tools.cpy": "def initServer():\n\n    global first\n    first = 1\n",
        },
    )
    with pytest.raises(ZeroDivisionError) as caught:
        site.initServer()
    assert whole.frames(caught.value)[-1] == ("Root.cpy", 3, "initServer")
