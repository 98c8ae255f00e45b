"""What a ported package looks like."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.port.kit import exposure, from_sources, loaded, page, ported, text_of

SITE = {
    "Root.cpy": """\
use Menu
# The front of the shop.
import string

def initServer():
    # Opened once.
    global counter
    counter = [0]

CherryClass Root(Page):
variable:
    # What the shop sells.
    goods = ['pens', 'ink']
mask:
    # The front page.
    def index(self, who='you'):
        Hello <py-eval="who">
        # a note for the next designer
        <py-eval="menu.links(self.goods)">
        <py-include="foot.html">
    def part(self) hidden:
        part
view:
    def count(self):
        counter[0] = counter[0] + 1
        return str(counter[0])
function:
    def helper(self):
        return 'not reached'
""",
    "Menu.cpy": """\
CherryClass Page abstract:
mask:
    def about(self):
        about <py-eval="root.count()">
CherryClass Menu hidden:
function:
    def links(self, names):
        return ', '.join(names)
""",
    "foot.html": "<hr>\n\n# no comment\n",
}


def test_there_is_one_module_for_each_source_and_a_file_for_each_template(tmp_path: Path) -> None:
    made = ported(tmp_path, SITE)
    assert sorted(made.files) == [
        "__init__.py",
        "menu.py",
        "root.py",
        "ruff.toml",
        "site.py",
        "templates/foot.html",
        "templates/page/about.html",
        "templates/root/index.html",
        "templates/root/part.html",
    ]


def test_the_package_answers_as_the_sources_did(tmp_path: Path) -> None:
    site = loaded(tmp_path, ported(tmp_path, SITE))
    old = from_sources(tmp_path)
    assert exposure(site) == exposure(old)
    assert page(site, "root.index", who="me") == page(old, "root.index", who="me")
    assert [page(site, "root.count"), page(site, "root.about")] == ["1", "about 2\n"]


def test_comments_are_where_they_were(tmp_path: Path) -> None:
    made = ported(tmp_path, SITE)
    rows = [row.strip() for row in text_of(made, "root.py").splitlines()]
    assert rows.index("# What the shop sells.") + 1 == next(i for i, row in enumerate(rows) if row.startswith("goods"))
    assert "# The front page." in rows
    assert rows.index("# Opened once.") == rows.index("def initServer():") + 1
    assert "<!--# a note for the next designer -->\n" in text_of(made, "templates/root/index.html")


def test_a_template_comment_is_no_part_of_the_page(tmp_path: Path) -> None:
    site = loaded(tmp_path, ported(tmp_path, SITE))
    assert page(site, "root.index") == "Hello you\npens, ink\n<hr>\n\n# no comment\n\n"


def test_included_templates_stay_files_that_are_included(tmp_path: Path) -> None:
    made = ported(tmp_path, SITE)
    assert made.files["templates/foot.html"] == SITE["foot.html"].encode()
    assert '<py-include="foot.html">' in text_of(made, "templates/root/index.html")


def test_shared_names_are_reached_through_the_module_of_shared_names(tmp_path: Path) -> None:
    made = ported(tmp_path, SITE)
    assert "site.counter" in text_of(made, "root.py")
    assert "global" not in text_of(made, "root.py")
    assert "site.menu.links(self.goods)" in text_of(made, "templates/root/index.html")
    shared = ast.parse(text_of(made, "site.py"))
    names = [ast.unparse(one.target) for one in shared.body if isinstance(one, ast.AnnAssign)]
    assert names == ["menu", "root", "counter"]


def test_another_name_is_taken_where_the_sources_use_site_themselves(tmp_path: Path) -> None:
    source = (
        "CherryClass Root:\nview:\n    def index(self, site='x'):\n        return site + root.other()\n"
        "    def other(self):\n        return 'o'\n"
    )
    made = ported(tmp_path, {"Root.cpy": source})
    assert "shared.root.other()" in text_of(made, "root.py")
    assert page(loaded(tmp_path, made), "root.index") == "xo"


def test_porting_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    assert ported(tmp_path, SITE).files == ported(tmp_path, SITE).files


def test_no_module_imports_the_compiler_or_uses_exec(tmp_path: Path) -> None:
    made = ported(tmp_path, {**SITE, "Root.cpy": SITE["Root.cpy"].replace("use Menu", "use Menu, Form, MaskTools")})
    for path in made.files:
        if path.endswith(".py"):
            text = text_of(made, path)
            assert "rawwfile.cpy" not in text
            assert not re.search(r"\bexec\b|\beval\b", text)
            ast.parse(text)


def test_a_class_without_anything_is_there(tmp_path: Path) -> None:
    site = loaded(tmp_path, ported(tmp_path, {"Root.cpy": "CherryClass Root:\nCherryClass Other(Root):\n"}))
    assert list(site.targets) == ["root", "other"]


def test_the_bodies_of_a_special_function_become_one_function(tmp_path: Path) -> None:
    files = {
        "Root.cpy": "use Base\ndef initRequest():\n    request.trace.append('root')\nCherryClass Root:\n",
        "Base.cpy": "def initRequest():\n    request.trace = ['base']\nCherryClass Base:\n",
    }
    made = ported(tmp_path, files)
    assert "def initRequest" not in text_of(made, "base.py")
    rows = [row.strip() for row in text_of(made, "root.py").splitlines()]
    assert rows.index("# from Base.cpy") < rows.index("# from Root.cpy")
    assert loaded(tmp_path, made).special("initRequest") is not None


def test_init_program_runs_first_and_its_names_are_shared(tmp_path: Path) -> None:
    source = """\
def initProgram():
    # The limit.
    LIMIT = 3
CherryClass Root:
variable:
    most = LIMIT
view:
    def index(self):
        return str(self.most + LIMIT)
"""
    made = ported(tmp_path, {"Root.cpy": source})
    assert "# The limit.\nLIMIT = 3\n" in text_of(made, "site.py")
    assert page(loaded(tmp_path, made), "root.index") == "6"


def test_a_mask_wins_over_a_view_and_a_view_over_a_function(tmp_path: Path) -> None:
    source = """\
CherryClass Root:
mask:
    def a(self):
        mask
view:
    def a(self):
        return 'view'
    def b(self):
        return 'view'
function:
    def b(self):
        return 'function'
"""
    made = ported(tmp_path, {"Root.cpy": source})
    site = loaded(tmp_path, made)
    assert (page(site, "root.a"), page(site, "root.b")) == ("mask\n", "view")
    assert [one.code for one in made.report.sorted() if one.level == "look"] == ["replaced", "replaced"]


def test_methods_with_the_names_of_marks_hide_none_of_them(tmp_path: Path) -> None:
    source = (
        "CherryClass Root:\nmask:\n    def mask(self):\n        m\n    def view(self):\n        v\n"
        "    def hidden(self) hidden:\n        h\n"
    )
    site = loaded(tmp_path, ported(tmp_path, {"Root.cpy": source}))
    assert exposure(site)["root"] == (["mask", "view"], [])
    assert page(site, "root.mask") == "m\n"
