"""Aspects: whom they reach, in which order, what they see, and where they fail (spec 2)."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.program import Program
from rawwfile.cpy.source import Position

App = Callable[..., SimpleNamespace]
Build = Callable[..., Program]

PARENT = """
CherryClass Base abstract:
aspect:
    {} start:
        request.log.append((self.__class__.__name__, '{}'))
"""
CHILD = """
CherryClass Child(Base):
function:
    def __init__(self): pass
    def func(self): return ''
view:
    def pub(self): return ''
    def hid(self) hidden: return ''
    def rpc(self) xmlrpc: return ''
mask:
    def page(self):
        x
"""
NAMES = ["__init__", "func", "pub", "hid", "rpc", "page"]


def reached(made: SimpleNamespace, instance: object) -> list[str]:
    """The methods that the aspect, which notes each call, was woven into."""
    found = []
    for name in NAMES:
        made.request.log.clear()
        getattr(instance, name)()
        found += [name] * len(made.request.log)
    return found


@pytest.mark.parametrize(
    "condition, names",
    [
        ("*", NAMES),
        ("(1)", NAMES),
        ("0", []),
        ("(method.name == 'pub')", ["pub"]),
        ("method.name.find('p') == 0", ["pub", "page"]),
        ("(method.type == 'mask')", ["page"]),
        ("method.type in ('view', 'function')", NAMES[:-1]),
        ("method.isHidden", ["hid"]),
        ("not method.isHidden and method.isXmlrpc", ["rpc"]),
        ("(method.className == 'Child')", NAMES),
        ("(method.className == 'Base')", []),
    ],
)
def test_a_condition_chooses_the_methods(app: App, condition: str, names: list[str]) -> None:
    made = app(PARENT.format(condition, "x") + CHILD)
    assert reached(made, made.child) == names


@pytest.mark.parametrize("flag, condition", [("hidden", "method.isHidden"), ("xmlrpc", "method.isXmlrpc")])
def test_flags_of_the_class_count_for_each_of_its_methods(app: App, flag: str, condition: str) -> None:
    made = app(PARENT.format(condition, "x") + CHILD.replace("(Base):", f"(Base) {flag}:"))
    assert reached(made, made.child) == NAMES


def test_descendants_of_any_depth_are_reached_but_neither_the_class_nor_what_is_inherited(app: App) -> None:
    made = app(
        """
        CherryClass A:
        aspect:
            * start:
                request.log.append('aspect')
        view:
            def own(self): return ''
        CherryClass B(A):
        CherryClass C(B):
        view:
            def deep(self): return ''
        """
    )
    for call in (made.a.own, made.c.own, made.c.getPath):
        call()
    assert made.request.log == []
    made.c.deep()
    assert made.request.log == ["aspect"]


def noted(*names: str) -> str:
    """The aspect section whose code notes its name, as start and end of each name."""
    lines = ["aspect:\n"]
    for when in ("start", "end"):
        lines += [f"    * {when}:\n        request.log.append('{name}')\n" for name in names]
    return "".join(lines)


def test_the_order_with_several_parents(app: App) -> None:
    made = app(
        f"CherryClass G1:\n{noted('g1')}CherryClass G2:\n{noted('g2')}"
        f"CherryClass N1(G1):\n{noted('n1a', 'n1b')}CherryClass N2(G2, G1):\n{noted('n2')}"
        "CherryClass Root(N1, N2):\nmask:\n    def a(self):\n        !request.log.append('|')\n"
    )
    made.root.a()
    assert " ".join(made.request.log) == "g2 g1 g1 n1a n1b n2 | n2 n1b n1a g1 g1 g2"


def test_two_parents_nest_like_dolls(app: App) -> None:
    made = app(
        f"CherryClass A:\n{noted('1')}CherryClass B:\n{noted('2')}"
        "CherryClass Root(A, B):\nmask:\n    def a(self):\n        !request.log.append('|')\n"
    )
    made.root.a()
    assert "".join(made.request.log) == "12|21"


SITE = """
CherryClass Frame abstract:
aspect:
    (method.type == 'mask') start:
        _page.append('<frame %s>' % self.label)
    (method.type == 'mask') end:
        _page.append('</frame>')
CherryClass Guard abstract:
aspect:
    method.name.find('admin') == 0 start:
        if key != 'open': return 'denied'
CherryClass Trace abstract:
aspect:
    (method.name == 'index') end:
        _page.append('(index of %s)' % self.label)
    (1) start:
        trace = 'traced'
CherryClass Both(Frame, Trace) abstract:
"""
ROOT = """
CherryClass Root(Both, Guard):
variable:
    label = 'root'
mask:
    def index(self):
        content
    def adminMask(self, key=''):
        =trace
view:
    def adminArea(self, key=''):
        return 'area, ' + trace
function:
    def plain(self):
        return trace
"""


@pytest.mark.parametrize("files", [{"Root.cpy": SITE + ROOT}, {"Root.cpy": "use Site\n" + ROOT, "Site.cpy": SITE}])
@pytest.mark.parametrize(
    "call, result",
    [
        ("index()", "<frame root>content\n(index of root)</frame>"),
        ("adminMask('open')", "<frame root>traced</frame>"),
        ("adminMask()", "denied"),
        ("adminArea('open')", "area, traced"),
        ("adminArea()", "denied"),
        ("plain()", "traced"),
    ],
)
def test_woven_code_shares_the_variables_of_the_method(app: App, files: dict[str, str], call: str, result: str) -> None:
    assert eval(f"root.{call}", vars(app(files))) == result


def test_end_code_behind_a_return_is_not_run(app: App) -> None:
    child = "CherryClass B(A):\nview:\n    def a(self): return 'x'\n    def b(self): pass\n"
    made = app(f"CherryClass A:\n{noted('n')}{child}")
    assert made.b.a() == "x" and made.request.log == ["n"]
    made.b.b()
    assert made.request.log == ["n"] * 3


def test_global_in_woven_code_reaches_the_method_too(app: App) -> None:
    made = app(
        {
            "Root.cpy": "use A\nCherryClass B(A):\nview:\n    def a(self):\n        x = 2\n        return x\n",
            "A.cpy": "CherryClass A:\naspect:\n    * start:\n        y = 1\n        global x\n",
        }
    )
    assert made.b.a() == 2 and made.b.a.__globals__["x"] == 2


@pytest.mark.parametrize(
    "code",
    [
        "for i in range(9):\n            if i: break\n",
        "try: 1 / 0\n        except ZeroDivisionError as e: i = 1\n",
        "import os.path as p; i = 1\n",
        "i = [n for n in (1,)][0]\n",
        "def i(): return j\n        j = 1; i = i()\n",
        "i = len(locals())\n",
        "class i: x = 1\n        i = i.x\n",
        "with open(__import__('os').devnull) as f: i = 1\n",
    ],
)
def test_code_from_another_file_binds_names_of_the_method(app: App, code: str) -> None:
    made = app(
        {
            "Root.cpy": "use A\nCherryClass B(A):\nview:\n    def a(self): return i\n",
            "A.cpy": f"CherryClass A:\naspect:\n    (method.name == 'a') start:\n        {code}",
        }
    )
    assert made.b.a() == 1


def test_tracebacks_of_aspects_name_the_file_of_the_aspect(app: App) -> None:
    made = app(
        {
            "Root.cpy": "use A\nCherryClass B(A):\nview:\n    def a(self):\n        return 1\n",
            "A.cpy": "CherryClass A:\naspect:\n\t* start:\n\t\tx = 1\n\t\tx / 0\n",
        }
    )
    with pytest.raises(ZeroDivisionError) as caught:
        made.b.a()
    frames = traceback.extract_tb(caught.value.__traceback__)[-2:]
    assert [(f.filename, f.lineno, f.name) for f in frames] == [("Root.cpy", 4, "a"), ("A.cpy", 5, "a")]


def test_an_unknown_name_in_a_condition_stops_the_compilation(build: Build) -> None:
    with pytest.raises(CpyError) as caught:
        build(
            "CherryClass A:\naspect:\n    (metod.name) start:\n        pass\n"
            "CherryClass B(A):\nview:\n    def a(self): return ''\n"
        )
    error = caught.value
    assert error.message == "NameError: name 'metod' is not defined"
    assert error.position == Position("Root.cpy", 3, 4) and "knows only method" in error.hint


def test_an_error_in_aspect_code_is_told_at_its_own_line(build: Build) -> None:
    with pytest.raises(CpyError) as caught:
        build(
            "CherryClass A:\naspect:\n    * start:\n        x = = 1\n"
            "CherryClass B(A):\nview:\n    def a(self): return ''\n"
        )
    assert caught.value.position is not None and caught.value.position.line == 4
