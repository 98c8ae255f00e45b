"""The report of a port: places in the source and in the package, levels, comments that survive."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rawwfile.port.report import CERTAIN, LOOK, Item, Report
from tests.port.kit import ported, text_of

COMMENTED = """\
use Menu
# At the top.

# Why string.
import string

# The frame.
CherryClass Frame abstract:
aspect:
    # Opens.
    (method.type == 'mask') start:
        # Writes it.
        _page.append('<')
        # Tail of the aspect.
# Before the hook.
def initServer():
    # First in the hook.
    request.x = string.upper('a') # behind code
    # Last in the hook.
CherryClass Root(Frame):
variable:    # behind a word
    # Of a.
    a = 1 # beside a
mask:
    # Above the mask.
    def index(self):
        # First in the mask.
        x
            # Deep in the mask.
        <py-code="
            # In its code.
            y = 1
        ">
        # Last in the mask.
view:
    # Above the view.
    def v(self): # beside the def
        # First in the view.
        return `7 / 2`
        # Last in the view.
# The end.
"""


def test_every_comment_survives(tmp_path: Path) -> None:
    made = ported(tmp_path, {"Root.cpy": COMMENTED, "Menu.cpy": "# Of Menu.\n\nCherryClass Menu:\n"})
    everything = "\n".join(data.decode() for data in made.files.values())
    for comment in re.findall(r"# (.+)", COMMENTED + "# Of Menu."):
        assert comment in everything, comment


def test_an_item_names_both_places(tmp_path: Path) -> None:
    made = ported(tmp_path, {"Root.cpy": COMMENTED, "Menu.cpy": ""})
    items = [one for one in made.report.sorted() if one.code == "backticks"]
    assert [(one.file, one.line, one.to_file) for one in items] == [("Root.cpy", 39, "root.py")]
    assert "7 // 2" in text_of(made, "root.py").split("\n")[items[0].to_line - 1]


def test_code_in_a_template_is_placed_in_the_template(tmp_path: Path) -> None:
    source = "CherryClass Root:\nmask:\n    def index(self):\n        # note\n\n        a\n"
    source += "        <py-eval=\"`'a'`\">\n"
    made = ported(tmp_path, {"Root.cpy": source})
    items = [one for one in made.report.sorted() if one.code == "backticks"]
    assert [(one.line, one.to_file, one.to_line) for one in items] == [(7, "templates/root/index.html", 3)]


def test_a_name_that_nothing_binds_is_told_and_marked(tmp_path: Path) -> None:
    source = "CherryClass Root:\nview:\n    def index(self):\n        return nobody\n"
    made = ported(tmp_path, {"Root.cpy": source})
    items = [one for one in made.report.sorted() if one.code == "name"]
    assert [(one.line, one.level) for one in items] == [(4, LOOK)]
    assert "return nobody  # noqa: F821" in text_of(made, "root.py")


def test_nothing_in_the_standard_modules_is_left_to_be_looked_at(tmp_path: Path) -> None:
    made = ported(tmp_path, {"Root.cpy": "use Form, Tools, MaskTools\nCherryClass Root:\n"})
    assert made.report.to_look_at == 0
    assert {one.file for one in made.report.sorted()} >= {"lib/Form.cpy"}


def test_own_modules_move_into_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "Root.cpy": "import helper\nCherryClass Root:\nview:\n    def index(self):\n        return helper.NAME\n",
        "helper.py": "NAME = `7 / 2`\n",
        "other.py": "raise 'never read'\n",
    }
    made = ported(tmp_path, files)
    assert "from . import helper" in text_of(made, "root.py")
    assert "other.py" not in made.files
    assert "7 // 2" in text_of(made, "helper.py")


def test_a_package_beside_the_sources_is_told(tmp_path: Path) -> None:
    files = {"Root.cpy": "import kit\nCherryClass Root:\n", "kit/__init__.py": "x = 1\n"}
    made = ported(tmp_path, files)
    assert [one.code for one in made.report.sorted() if one.level == LOOK and one.code == "package"] == ["package"]


def test_the_text_has_what_to_look_at_first_and_counts() -> None:
    report = Report([Item("a", 2, 1, "x", CERTAIN, "did it"), Item("b", 1, 3, "y", LOOK, "mind", "b.py", 4)])
    assert report.text().split("\n") == [
        "b:1:3: look: mind (y) [b.py:4]",
        "a:2:1: did: did it (x)",
        "1 decision that changes nothing, 1 to look at",
        "",
    ]
