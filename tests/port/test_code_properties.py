"""Made-up programs: what is converted prints what the translator's run time prints, and converts to itself."""

from __future__ import annotations

import ast
import contextlib
import io
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.python2.runtime import builtins_for
from rawwfile.port.code import convert
from rawwfile.port.layout import laid_out

ROOT = Path(__file__).resolve().parents[2] / "rawwfile"

ATOMS = st.sampled_from(
    ["1", "7", "-3", "2.5", "10L", "0.1", "n", "x", "f(n)", "g(x)", "len(words)", "int(x)", "float(n)", "total",
    "self.n", "words[0]",
     "d['a']", "d.get('b', 4)", "max(n, 2)", "'%d' % n", "str(x)", "`x`", "o.half()", "0777", "round(x)", "r(2)[1]"]
)  # fmt: skip


def larger(inner):
    sign = st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "==", "<>", "and", "or"])
    pair = st.tuples(inner, sign, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})")
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        pair, pair, pair,
        several.map(lambda parts: f"[{', '.join(parts)}]"),
        several.map(lambda parts: f"({', '.join(parts)},)"),
        inner.map(lambda part: f"map(lambda v: v * {part}, [1, 2])"),
        inner.map(lambda part: f"filter(lambda v: v <> {part}, [1, 2, 3])"),
        inner.map(lambda part: f"apply(g, (1, {part}))"),
        inner.map(lambda part: f"'%s|%r' % ({part}, {part})"),
        inner.map(lambda part: f"(not {part})"),
        inner.map(lambda part: f"-{part}"),
        inner.map(lambda part: f"(lambda q=3: q + {part})()"),
    )  # fmt: skip


EXPRESSIONS = st.recursive(ATOMS, larger, max_leaves=5)
HEAD = """
def f(a): return a / 2
def g(a, b=2):
    c = a * b
    return c / 3
def r(n): return range(n)
class O:
    n = 5
    def half(self): return self.n / 2
n, x, total = 7, 3.5, 0
words = ['ab', 'c']
d = {'a': 3}
o = self = O()
for i in range(3):
    total = total + i / 2
"""


def run(code, names):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(code, names)
        except Exception:
            out.write("raised\n")
    return out.getvalue()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(EXPRESSIONS, min_size=1, max_size=2))
def test_made_up_programs(expressions):
    source = HEAD + "".join(f"print {each}\n" for each in expressions)
    first = HEAD.count("\n") + 1
    made = convert(source)
    assert convert(made.text).text == made.text
    wanted = run(compile(Translator("2").module(source, "p"), "p", "exec"), {"__builtins__": builtins_for()})
    got = run(compile(made.text, "p", "exec"), {"__name__": "p"})
    looked = any(decision.level == "look" and decision.line >= first for decision in made.decisions)
    assert got == wanted or looked


@settings(max_examples=60, deadline=None, derandomize=True)
@given(EXPRESSIONS)
def test_an_expression_is_one_line_and_converts_to_itself(text):
    made = convert(text, mode="expression")
    assert "\n" not in made.text and '"' not in made.text
    assert convert(made.text, mode="expression").text == made.text
    ast.parse(made.text, mode="eval")


SOURCES = sorted(path for path in ROOT.rglob("*.py") if path.stat().st_size < 9000)[::5]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_python_3_is_left_alone(path):
    text = path.read_text(encoding="utf-8")
    assert convert(text, dialect="3").text == text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_layout_keeps_the_meaning_and_itself(path):
    text = path.read_text(encoding="utf-8")
    made = laid_out(text)
    assert ast.dump(ast.parse(made)) == ast.dump(ast.parse(text))
    assert laid_out(made) == made
    assert [line.strip() for line in made.split("\n") if line.strip().startswith("#")] == [
        line.strip() for line in text.split("\n") if line.strip().startswith("#")
    ]
