"""Where tracebacks point: the file and the line that a person wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cherrypy.served import serve

FILES = {
    "Root.cpy": """\
use Base
def initRequest():
    if request.path == 'hook':
        request.nothing
CherryClass Root(Base):
function:
    def helper(self):
        return {}['key']
view:
    def view(self):
        return self.helper()
    def woven(self):
        return 'never'
mask:
    def mask(self):
        line one
        # a comment

        <py-for="i in range(2)">
            <b py-eval="1/(1-i)">x</b>
        </py-for>
    def block(self):
        text
        <py-code="
            a = 1
            b = a + 'x'
        ">
    def included(self):
        before
        <py-include="part.html">
""",
    "Base.cpy": """
CherryClass Base abstract:
aspect:
    method.name == 'woven' start:
        count = 1
        count.missing
""",
    "part.html": "first\n\n<py-eval=\"undefinedName\">\n",
}
CASES = {
    "view": ("Root.cpy", 8, "helper", "KeyError: 'key'"),
    "mask": ("Root.cpy", 20, "mask", "ZeroDivisionError: "),
    "block": ("Root.cpy", 26, "block", "TypeError: "),
    "included": ("part.html", 3, "included", "NameError: "),
    "woven": ("Base.cpy", 6, "woven", "AttributeError: "),
    "hook": ("Root.cpy", 4, "initRequest", "AttributeError: "),
}


@pytest.mark.parametrize("path", CASES)
def test_the_last_frame_is_where_it_happened(tmp_path: Path, path: str) -> None:
    file, line, function, last = CASES[path]
    text = serve(tmp_path, FILES, debug=True).get(f"/{path}").text
    frames = [row for row in text.split("\n") if row.startswith("  File ")]
    assert frames[-1] == f'  File "{file}", line {line}, in {function}'
    assert text.rstrip("\n").rpartition("\n")[2].startswith(last)
    assert "rawwfile" not in text


def test_every_caller_is_shown(tmp_path: Path) -> None:
    text = serve(tmp_path, FILES, debug=True).get("/view").text
    frames = [row.strip() for row in text.split("\n") if row.startswith("  File ")]
    assert frames == ['File "Root.cpy", line 11, in view', 'File "Root.cpy", line 8, in helper']


def test_exceptions_have_no_module_before_their_name(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("class Wrong(Exception):\n    pass\n")
    source = "import mine\nCherryClass Root:\nview:\n    def index(self):\n        raise mine.Wrong, 'text'\n"
    assert serve(tmp_path, source).get("/").text == "Wrong: text\n"


def test_a_string_exception_is_its_text(tmp_path: Path) -> None:
    source = "CherryClass Root:\nview:\n    def index(self):\n        raise 'mine: text'\n"
    assert serve(tmp_path, source).get("/").text == "mine: text\n"
