"""Which names a URL or an XML-RPC call reaches (spec 1.6; F039 to F049, H20)."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from rawwfile.cpy.program import Program
from rawwfile.cpy.source import Position

App = Callable[..., SimpleNamespace]
Build = Callable[..., Program]


def exposed(program: Program) -> dict[str, str]:
    """Class name to the names it exposes, in one string."""
    return {name: " ".join(sorted(table.exposed)) for name, table in program.classes.items()}


METHODS = """
CherryClass {}:
view:
    def pub(self): return ''
    def hid(self) hidden:
        return ''
mask:
    def page(self):
function:
    def func(self): return ''
"""


def test_views_and_masks_are_exposed_unless_hidden(build: Build) -> None:
    assert exposed(build(METHODS.format("A"))) == {"A": "page pub"}


@pytest.mark.parametrize(
    "flag, own, child",
    [("", "page pub", "page pub"), (" abstract", "", "page pub"), (" hidden", "", ""), (" hidden abstract", "", "")],
)
def test_what_children_inherit(build: Build, flag: str, own: str, child: str) -> None:
    program = build(METHODS.format("A" + flag) + "CherryClass B(A):\nCherryClass C(B):\n")
    assert exposed(program) == {"A": own, "B": child, "C": child}


@pytest.mark.parametrize(
    "section, line, child, grandchild",
    [
        ("view", "def pub(self): return ''", "page pub", "page pub"),
        ("view", "def pub(self) hidden: return ''", "page", "page"),
        ("view", "def hid(self): return ''", "hid page pub", "hid page pub"),
        ("view", "def func(self): return ''", "func page pub", "func page pub"),
        # The original left the function open to every URL.
        ("function", "def pub(self): return ''", "page", "page"),
    ],
)
def test_what_a_child_redefines(build: Build, section: str, line: str, child: str, grandchild: str) -> None:
    program = build(METHODS.format("A") + f"CherryClass B(A):\n{section}:\n    {line}\nCherryClass C(B):\n")
    assert exposed(program) == {"A": "page pub", "B": child, "C": grandchild}


def test_an_exposed_name_says_whose_method_is_run(build: Build) -> None:
    program = build(METHODS.format("A") + METHODS.format("M") + "CherryClass B(M, A):\nmask:\n    def page(self):\n")
    assert program.classes["B"].exposed == {"page": "B", "pub": "M"}
    assert program.classes["B"].lineage == ("B", "M", "A")


@pytest.mark.parametrize(
    "flag, line, exposed_by_b, warnings",
    [
        ("", "function:\n    def pub(self): return ''", "page", 0),
        # As in the original: the second parent opens the name, the first one's method is run.
        (" hidden", "view:\n    def pub(self): return ''", "page pub", 1),
        ("", "view:\n    def pub(self) hidden: return ''", "page pub", 1),
    ],
)
def test_what_stands_in_front_of_a_view_of_another_parent(
    build: Build, flag: str, line: str, exposed_by_b: str, warnings: int
) -> None:
    program = build(
        METHODS.format("A") + f"CherryClass F{flag}:\n{line}\nCherryClass B(F, A):\nCherryClass C(A, F):\n"
    )
    assert (exposed(program)["B"], exposed(program)["C"]) == (exposed_by_b, "page pub")
    assert program.classes["C"].exposed["pub"] == "A"
    assert len(program.warnings) == warnings
    assert all("F.pub" in warning.message for warning in program.warnings)


def test_a_view_with_the_name_of_a_function_of_its_class_is_exposed(build: Build) -> None:
    source = (
        "CherryClass A:\nview:\n    def a(self): return ''\n"
        "function:\n    def a(self): return ''\nCherryClass B(A):\n"
    )
    assert exposed(build(source)) == {"A": "a", "B": "a"}


def test_xmlrpc_marks_are_not_inherited_but_those_of_a_class_cover_all(build: Build) -> None:
    program = build(
        """
        CherryClass A:
        view:
            def web(self): return ''
            def call(self) xmlrpc: return ''
            def both(self) hidden xmlrpc: return ''
        CherryClass B(A):
        CherryClass C(A) xmlrpc:
        view:
            def own(self): return ''
        CherryClass D xmlrpc hidden:
        view:
            def own(self): return ''
        """
    )
    found = {name: " ".join(sorted(table.xmlrpc_methods)) for name, table in program.classes.items()}
    assert found == {"A": "call", "B": "", "C": "call own web", "D": ""}


def test_a_class_named_twice_counts_where_it_stands_last(app: App) -> None:
    made = app(
        "CherryClass A:\nview:\n    def a(self): return ''\n"
        "CherryClass A:\nview:\n    def b(self): return 'B'\n"
    )
    assert exposed(made.program) == {"A": "b"} and made.a.b() == "B"
    (warning,) = made.program.warnings
    assert warning.position == Position("Root.cpy", 4, 0)
