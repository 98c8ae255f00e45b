"""Classes made from sections, instances, special functions (spec 1.5 to 1.7, 8)."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from rawwfile.cpy.classic import cherry_class
from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.program import Program
from rawwfile.cpy.python2.runtime.classes import ClassType
from rawwfile.cpy.source import Position

App = Callable[..., SimpleNamespace]
Build = Callable[..., Program]


# Members and their order


def test_repeated_sections_make_one_class(app: App) -> None:
    made = app(
        """
        CherryClass Root:
        view:
            def one(self):
                return self.two() + self.x
        variable:
            x = 'X'
        mask:
            def two(self):
                two
                =self.y
        variable:
            y = x + 'Y'
        function:
        view:
            def five(self, n=y): return n
        """
    )
    assert made.root.one() == "two\nXYX"
    assert made.root.five() == "XY"


@pytest.mark.parametrize(
    "sections, result",
    [
        ("function view mask", "mask\n"), ("mask view function", "mask\n"),
        ("view function", "view"), ("function view", "view"), ("mask function", "mask\n"),
    ],
)
def test_mask_beats_view_beats_function(app: App, sections: str, result: str) -> None:
    bodies = {"function": "return 'function'", "view": "return 'view'", "mask": "mask"}
    source = "CherryClass Root:\n"
    for kind in sections.split():
        source += f"{kind}:\n    def a(self):\n        {bodies[kind]}\n"
    assert app(source).root.a() == result


def test_long_strings_keep_the_columns_of_the_source(app: App) -> None:
    made = app(
        'CherryClass Root:\nvariable:\n    text = """a\n    # not kept\n    b"""\n'
        'view:\n    def page(self):\n        return """a\n          b"""\n'
        '    def short(self): return """a\n        b"""\n'
    )
    assert (made.root.text, made.root.page(), made.root.short()) == ("a\n    b", "a\n          b", "a\n        b")


def test_an_empty_mask_gives_an_empty_page(app: App) -> None:
    assert app("CherryClass Root:\nmask:\n    def a(self):\n").root.a() == ""


def test_a_class_may_have_nothing_but_a_header(app: App) -> None:
    assert app("CherryClass Root:\n").root.getPath(0) == "/root"


@pytest.mark.parametrize(
    "name, path", [("Root", "root"), ("One_two", "one/two"), ("A__b", "a//b"), ("AirLine", "airLine")]
)
def test_get_path_turns_underscores_into_slashes(app: App, name: str, path: str) -> None:
    made = app(f"CherryClass {name}:\n")
    instance = getattr(made, name[0].lower() + name[1:])
    assert (instance.getPath(), instance.getPath(0)) == (f"http://host/{path}", f"/{path}")


def test_an_inherited_method_sees_the_path_of_the_child(app: App) -> None:
    made = app("CherryClass A:\nview:\n    def where(self): return self.getPath(0)\nCherryClass B(A):\n")
    assert made.b.where() == "/b"


def test_a_function_replaces_get_path_and_a_variable_does_not(app: App) -> None:
    made = app(
        "CherryClass A:\nfunction:\n    def getPath(self): return 'own'\n"
        "CherryClass B:\nvariable:\n    getPath = 'own'\n"
    )
    assert made.a.getPath() == "own" and made.b.getPath(0) == "/b"


# Parents


def test_lookup_goes_depth_first_left_to_right(app: App) -> None:
    made = app(
        """
        CherryClass G:
        function:
            def who(self): return 'G'
            def only(self): return 'G only'
        CherryClass L(G):
        CherryClass R(G):
        function:
            def who(self): return 'R'
        CherryClass D(L, R):
        """
    )
    assert (made.d.who(), made.d.only()) == ("G", "G only")


def test_orders_of_parents_that_python_3_refuses_are_accepted(app: App) -> None:
    made = app("CherryClass A:\nCherryClass B(A):\nCherryClass C(A, B):\n")
    assert isinstance(made.c, made.A) and isinstance(made.c, made.B)


def test_plain_python_classes_may_be_parents_and_expose_nothing(app: App) -> None:
    made = app(
        "import collections\nCherryClass A(collections.UserDict):\nview:\n    def b(self): return str(len(self))\n"
    )
    made.a["x"] = 1
    assert made.a.b() == "1"
    assert list(made.program.classes["A"].exposed) == ["b"]


def test_a_parent_with_a_type_of_its_own_is_accepted() -> None:
    class Meta(type):
        pass

    plain = Meta("Plain", (), {"x": 1})
    made = cherry_class("A", (cherry_class("B", (), {}), plain), {})
    assert made().x == 1 and isinstance(made, Meta) and isinstance(made, ClassType)
    assert cherry_class("C", (made, plain), {})().x == 1


def test_private_names_are_those_of_the_class(app: App) -> None:
    made = app("CherryClass A:\nfunction:\n    def __init__(self): self.__x = 1\n    def x(self): return self._A__x\n")
    assert made.a.x() == 1


# Instances


def test_each_class_that_is_not_abstract_has_one_instance(app: App) -> None:
    made = app("CherryClass A abstract:\nCherryClass BigOne(A):\nCherryClass C hidden:\n")
    assert made.program.instances == (("bigOne", "BigOne"), ("c", "C"))
    assert not hasattr(made, "a") and isinstance(made.A(), made.A)


def test_a_table_is_found_by_the_instance_name(build: Build) -> None:
    program = build("CherryClass Root:\nCherryClass Base abstract:\n")
    found = program.table_at("root")
    assert found is not None and found.name == "Root"
    assert program.table_at("base") is None and program.table_at("Root") is None


# Special functions


def test_bodies_of_a_special_function_are_put_together_in_parse_order(app: App) -> None:
    made = app(
        {
            "Root.cpy": "use Other\ndef initServer():\n    global log\n    log = log + ['root']\ndef initServer():\n"
            "    global extra\n    extra = 1\n    log.append('again')\n",
            "Other.cpy": "def initServer():\n    global log\n    log = ['other']\n    name = 1\n",
        }
    )
    namespace = made.initServer.__globals__
    made.initServer()
    assert namespace["log"] == ["other", "root", "again"] and namespace["extra"] == 1
    assert made.program.specials == ("initServer",)


def test_an_early_return_skips_the_later_bodies(app: App) -> None:
    made = app(
        {
            "Root.cpy": "use Other\ndef loadSessionData(sessionId):\n    return 'root'\n",
            "Other.cpy": "def loadSessionData(sessionId):\n    if sessionId == 1: return 'other'\n",
        }
    )
    assert (made.loadSessionData(1), made.loadSessionData(2)) == ("other", "root")


def test_bodies_of_several_files_share_their_variables(app: App) -> None:
    made = app(
        {
            "Root.cpy": "use Other\ndef initProcess(processIndex):\n    request.log.append((a, processIndex))\n"
            "    for i in range(a): pass\n    del a\n",
            "Other.cpy": "def initProcess(processIndex):\n    a = processIndex\n    processIndex = 7\n",
        }
    )
    made.initProcess(3)
    assert made.request.log == [(3, 7)]


def test_arguments_of_special_functions_keep_their_defaults(app: App) -> None:
    made = app("def logMessage(message, level=0):\n    return message, level\n")
    assert made.logMessage("m") == ("m", 0)


def test_a_special_function_without_a_body_does_nothing(app: App) -> None:
    assert app("def onError():\n    # nothing\n").onError() is None


def test_init_program_runs_first_and_its_names_are_those_of_all(app: App) -> None:
    made = app(
        {
            "Root.cpy": "use Other\ndef initProgram():\n    b = a + 1\n    if b: c = '''x\n    y'''\n"
            "CherryClass Root:\nvariable:\n    x = b\n",
            "Other.cpy": "def initProgram():\n    global a\n    a = 1\n",
        }
    )
    assert (made.root.x, made.c) == (2, "x\ny")
    assert [unit.kind for unit in made.program.units] == ["initProgram", "initProgram", "class"]


# Places

BROKEN = "\t\ta = 1\n\n\t\treturn a / 0\n"


@pytest.mark.parametrize(
    "source, call, line, name",
    [
        (f"CherryClass Root:\nview:\n\tdef a(self):\n{BROKEN}", "root.a()", 6, "a"),
        ("CherryClass Root:\nmask:\n\tdef a(self):\n\t\tx\n\n\t\t!1 / 0\n", "root.a()", 6, "a"),
        ("# c\ndef initServer():\n    # c\n    1 / 0\n", "initServer()", 4, "initServer"),
    ],
)
def test_tracebacks_point_into_the_source(app: App, source: str, call: str, line: int, name: str) -> None:
    made = app(source)
    with pytest.raises(ZeroDivisionError) as caught:
        eval(call, vars(made))
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.filename, frame.lineno, frame.name) == ("Root.cpy", line, name)


def test_tracebacks_of_class_level_code_point_into_the_source(app: App) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        app("CherryClass Root:\nvariable:\n    x = 1\n    y = x / 0\n")
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.filename, frame.lineno, frame.name) == ("Root.cpy", 4, "Root")


def test_an_included_template_is_named_in_the_traceback(app: App) -> None:
    root = "CherryClass Root:\nmask:\n    def a(self, n):\n        <p.html\n        =str(m)\n"
    made = app({"Root.cpy": root, "p.html": "text\n!m = 1 / n\n"})
    assert made.root.a(1) == "text\n1.0"
    with pytest.raises(ZeroDivisionError) as caught:
        made.root.a(0)
    frames = traceback.extract_tb(caught.value.__traceback__)[-2:]
    places = [(frame.filename, frame.lineno, frame.name) for frame in frames]
    assert places == [("Root.cpy", 4, "a"), ("p.html", 2, "a")]


# Errors


def test_an_error_in_a_mask_names_class_and_function(build: Build) -> None:
    with pytest.raises(CpyError) as caught:
        build("CherryClass Root:\nmask:\n    def a(self):\n        x\n        !1 +\n")
    assert caught.value.position is not None and caught.value.position.line == 5
    assert "in CherryClass 'Root', in function 'a'" in caught.value.old_text()


def test_an_error_in_a_template_names_the_template(build: Build) -> None:
    with pytest.raises(CpyError) as caught:
        build({"Root.cpy": "CherryClass Root:\nmask:\n    def a(self):\n        <p\n", "p": "\n!1 +\n"})
    assert "in File 'p', in CherryClass 'Root', in function 'a'" in caught.value.old_text()


def test_what_python_refuses_only_when_it_compiles_is_told_with_its_line(build: Build) -> None:
    with pytest.raises(CpyError) as caught:
        build("CherryClass Root:\nvariable:\n    x = 1\n    return x\n")
    error = caught.value
    assert error.position == Position("Root.cpy", 4, 4)
    assert error.line == "    return x" and "outside function" in error.message
    assert "in CherryClass 'Root'" in error.old_text()
