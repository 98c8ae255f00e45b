"""Units as text: what is read back is the tree that was written, place by place."""

from __future__ import annotations

import ast
import types
from pathlib import Path
from typing import Any

import pytest

from rawwfile.cherrypy import written
from rawwfile.cpy.python2 import Translator

PROGRAMS = (Path(__file__).parent.parent / "cpy" / "python2_programs.txt").read_text("latin-1").split("### ")[1:]


def there_and_back(tree: ast.Module) -> tuple[str, ast.Module]:
    stem = written.stem_for([tree])
    source, places = written.write(tree, stem)
    return source, written.read(source, places, stem)


def told(code: types.CodeType) -> list[Any]:
    """Everything that two code objects must share to run and to fail alike."""
    lines = list(code.co_positions()) if hasattr(code, "co_positions") else list(code.co_lines())
    inner = [told(each) if isinstance(each, types.CodeType) else repr(each) for each in code.co_consts]
    names = (code.co_name, code.co_filename, code.co_firstlineno, code.co_names, code.co_varnames, code.co_freevars)
    return [names, code.co_code, lines, inner]


def same(tree: ast.Module) -> str:
    """Check that a tree comes back, places and all; return its source."""
    before = compile(tree, "Root.cpy", "exec", dont_inherit=True)
    source, again = there_and_back(tree)
    assert told(compile(again, "Root.cpy", "exec", dont_inherit=True)) == told(before)
    return source


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda text: text.partition("\n")[0])
def test_programs_of_2004_come_back(program: str) -> None:
    text = program.partition("\n")[2]
    same(Translator("2").module(text, "Root.cpy"))


@pytest.mark.parametrize(
    "text",
    [
        "x = -1; y = - -1; z = (-1) ** 2; w = -1 ** 2; v = -1.5, -0.0, 1e400, -1e400, 2j",
        "def f():\n    '''One.\n\n    Two \\\\ '\\r' \\\"\\\"\\\" '''\n",
        "class A:\n    'ends with a quote\"'\n    x: int = 1\n    def f(self, /, a, *b, c=1, **d): return a",
        "async def f():\n    async with a as b, c:\n        await d\n    return [x async for x in y]",
        "try:\n    pass\nexcept (A, B) as e:\n    raise C from e\nelse:\n    pass\nfinally:\n    del a, b[0]",
        "match x:\n    case {'a': 1, **rest}: pass\n    case [A(b=c), *others] as whole: pass\n    case -1 | 'x': pass",
        "@decorated(1)\ndef f(): global g; nonlocal_ = yield (yield from h)",
        "d = {**a, 'b': 1}; f(*a, b=1, **c); x[1:2, ..., ::3]; (y := 1)",
        "import a.b.c as d, e\nfrom . import f\nfrom .g.h import i as j",
        "s = 'caf\\xe9 \\x00 \\u20ac \\ud800', b'\\xff', '''a\nb''', r'\\d'",
        "lambda a, b=1, *c, d=2, **e: (a, not b, c if d else e, a < b <= c, [*a], {*b})",
        "with (a as b, c): pass\nwhile a:\n    break\nelse:\n    continue_ = 1\nfor a, (b, c) in d: pass",
    ],
)
def test_python_3_comes_back(text: str) -> None:
    same(ast.parse(text))


def test_an_f_string_comes_back_and_all_in_it_stands_where_it_stands() -> None:
    tree = ast.parse("def f():\n    return g(f'{x!r:>{width}} {{}} {py2_}' f'{y}')\n")
    source, again = there_and_back(tree)
    assert written.shape_of(again) == written.shape_of(tree)
    text: Any = again.body[0].body[0].value.args[0]
    places = {(node.lineno, node.col_offset) for node in ast.walk(text) if isinstance(node, ast.expr)}
    assert places == {(2, 13)}


def test_places_are_those_of_the_tree_and_not_of_the_text() -> None:
    tree = ast.parse("a = b\nc = d.e(f)\n")
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt)):
            node.lineno, node.end_lineno = node.lineno + 41, node.lineno + 42
            node.col_offset += 8
            node.end_col_offset = 90
    _, again = there_and_back(tree)
    assert ast.dump(again, include_attributes=True) == ast.dump(tree, include_attributes=True)


def test_an_end_before_its_start_is_put_right() -> None:
    tree = ast.parse("x")
    tree.body[0].end_lineno = 0
    _, again = there_and_back(tree)
    assert (again.body[0].lineno, again.body[0].end_lineno) == (1, 1)


def test_a_page_that_is_one_long_sum() -> None:
    same(ast.parse("page = " + " + ".join(f"part{number}" for number in range(600))))


def test_names_that_python_3_cannot_spell() -> None:
    tree = ast.parse("def f(one, two): return three.four(five=1)")
    function: Any = tree.body[0]
    function.args.args[0].arg, function.args.args[1].arg = "as", "@None"
    call = function.body[0].value
    call.args = [ast.copy_location(ast.Name("@.sort()", ast.Load()), call)]
    call.func.value.id, call.func.attr, call.keywords[0].arg = "@.keys", "with", "async"
    source, again = there_and_back(tree)
    assert "def f(py2_name_as, py2_None):" in source
    assert "py2_get_keys.py2_name_with(py2_call_sort, py2_name_async=1)" in source
    assert ast.dump(again) == ast.dump(tree)


def test_the_stem_is_a_name_that_nobody_has() -> None:
    tree = ast.parse("py2_div = 1\nimport py2__.x")
    tree.body[0].targets[0].id = "@div"
    assert written.stem_for([ast.parse("py2 = py3_x")]) == "py2_"
    stem = written.stem_for([ast.parse("py2_div = py2__x")])
    assert stem == "py2___"
    source, again = there_and_back(tree)
    assert ast.dump(again) == ast.dump(tree)


@pytest.mark.parametrize("name", ["@get_it", "@name_as", "@call_it", "@odd_00", "@a b", "@.a.b", "@.", "@.()", "@\xe9"])
def test_any_hidden_name_comes_back(name: str) -> None:
    tree: Any = ast.parse("x")
    tree.body[0].value.id = name
    _, again = there_and_back(tree)
    assert ast.dump(again) == ast.dump(tree)


def test_a_tree_that_has_no_text_is_a_fault_of_ours() -> None:
    tree = ast.parse("x")
    tree.body[0].value.id = "x + 1"
    with pytest.raises(written.CannotWrite, match="means something else"):
        there_and_back(tree)
    tree.body[0].value.id = "not a name"
    with pytest.raises(written.CannotWrite, match="invalid syntax"):
        there_and_back(tree)


@pytest.mark.parametrize("places", ["", "1 0 0 1", "1 0 0 1 0 0 0 1 0 0 0 1", "1 0 0 x 0 0 0 1"])
def test_a_table_that_does_not_fit_is_refused(places: str) -> None:
    with pytest.raises(ValueError):
        written.read("x\n", places, "py2_")
    assert isinstance(written.read("x\n", "1 0 0 1 0 0 0 1", "py2_"), ast.Module)


def test_what_is_written_stays_as_it_was() -> None:
    tree = ast.parse("x = -1")
    before = ast.dump(tree, include_attributes=True)
    there_and_back(tree)
    assert ast.dump(tree, include_attributes=True) == before
