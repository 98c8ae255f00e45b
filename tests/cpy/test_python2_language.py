"""What Python 2.3 had and 2.7 has not, places in files, dialects, imports, errors; and properties."""

from __future__ import annotations

import ast
import importlib.util
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.python2 import Translator, decide
from rawwfile.cpy.python2.runtime.arithmetic import div
from rawwfile.cpy.python2.runtime.ordering import compare, lt, sort
from rawwfile.cpy.source import Position, read_lines

_spec = importlib.util.spec_from_file_location("python2_kit", Path(__file__).with_name("python2_kit.py"))
kit = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(kit)


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("try: raise 'a b', 5\nexcept 'a b', v: print v", "5\n"),
        ("oops = 'text'\ntry: raise oops\nexcept oops: print 'same'", "same\n"),
        ("try:\n try: raise 'one'\n except 'two': print 2\nexcept: print 'bare'", "bare\n"),
        ("import sys\ntry: raise 'one', 2\nexcept: print sys.exc_info()[:2]", "('one', 2)\n"),
        ("as, with = 'as', ['with']\nfor with in with: as = as + with\nprint as", "aswith\n"),
        ("def f(None=3, True=4): return None, True\nprint f(), f(None=1)", "(3, 4) (1, 4)\n"),
        ("True = 1\nprint True", "1\n"),
        ("class C: pass\nclass D(C): pass\ntry: raise D()\nexcept C, e: print e.__class__.__name__", "D\n"),
        ("a = 'x'.__class__ == str\nprint a, {str: 1}[type('')]", "True 1\n"),
        ("class A:\n x = 1\nclass B(A): pass\nclass C(A):\n x = 2\nclass D(B, C): pass\nprint D.x", "1\n"),
        ("def f(a):\n exec 'b = a + 1'\n return b\nprint f(1)", "2\n"),
        ("from __future__ import generators\nprint 1", "1\n"),
        ("from __future__ import division\nx = 7\nx /= 2\nprint 7 / 2, x, 7 // 2", "3.5 3.5 3\n"),
        ("x = [1]\nx[0] += 2; x[-1] /= 2; print x", "[1]\n"),
        ("print 1 < 2 > 1 <> 3, None < 0 < 'a'", "True True\n"),
        ("def f():\n  'doc'\n  print f.__doc__\nf()", "doc\n"),
        ("import thread, Queue, xmlrpclib, ConfigParser, sets, commands, popen2, UserList, UserString, copy_reg, "
         "MimeWriter, mimetools, urllib2, BaseHTTPServer, SocketServer, whrandom\n"
         "print commands.getoutput('echo a')", "a\n"),
        ("import os\np = os.popen('printf \"\\\\351\"'); print `p.read()`, p.close()", "'\\xe9' None\n"),
    ],
)
def test_prints(source, output):
    assert kit.printed(source) == output


def test_an_uncaught_string_exception_prints_its_text():
    with pytest.raises(Exception) as caught:
        kit.names_of("def f():\n    raise 'the text'\nf()")
    shown = traceback.format_exception(caught.type, caught.value, caught.tb)
    assert shown[-1] == "the text\n"
    assert 'File "Old.cpy", line 2, in f\n' in "".join(shown)


def test_nothing_enters_the_modules_of_the_process():
    before = set(sys.modules)
    kit.names_of("import StringIO, md5, UserDict, string, thread")
    assert not {"StringIO", "md5", "UserDict", "thread"} & (set(sys.modules) - before)


def test_modules_beside_each_other_import_each_other(tmp_path):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("import one\n")
    (tmp_path / "pack" / "one.py").write_text("from two import value\nprint 'one', value / 2\n")
    (tmp_path / "pack" / "two.py").write_text("value = 7\n")
    assert kit.printed("import pack.two; print pack.one.value", paths=(str(tmp_path),)) == "one 3\n7\n"


def test_statements_stand_where_they_stood():
    lines = read_lines(b"\n\tif x:\r\n\t\tprint `y`,\n\t\treturn '''a\n  b'''\n", "Root.cpy")
    made = Translator("2").statements(lines[1:])
    call = made[0].body[0].value
    assert (call.lineno, call.col_offset) == (3, 2)
    shown = call.args[2]
    assert (shown.lineno, shown.col_offset, shown.end_col_offset) == (3, 8, 11)
    assert made[0].body[1].value.value == "a\n  b"


def test_an_expression_stands_where_it_stood():
    made = Translator("2").expression("a +\n  7 / b", Position("p.html", 4, 20))
    assert (made.left.lineno, made.left.col_offset) == (4, 20)
    assert (made.right.lineno, made.right.col_offset) == (5, 2)


@pytest.mark.parametrize("version", ["2", "3", "auto"])
def test_an_error_says_where(version):
    lines = read_lines(b"x = 1\n\ty = = 2\n".replace(b"\t", b""), "Root.cpy")
    with pytest.raises(CpyError) as caught:
        Translator(version).statements(lines)
    assert (caught.value.position.line, caught.value.position.column) == (2, 4)
    assert str(caught.value).startswith("Root.cpy:2:5: ")
    assert "y = = 2\n" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("print 'x'", "2"), ("x = 7 / 2", "2"), ("x = 0777", "2"), ("f'{x}'", "3"), ("def f(a: int): pass", "3"),
        ("print('a', end='')", "3"), ("from __future__ import division", "2"),
        ("import urllib.parse", "3"), ("import urllib", "2"),
        ("from pathlib import Path", "3"), ("# rawwfile: dialect=3\nx = 1", "3"), ("    nonlocal x", "3"),
    ],
)  # fmt: skip
def test_auto(text, dialect):
    assert decide(text) == dialect


def test_python_3_is_left_alone():
    source = "def f(a: int) -> str:\n    return f'{a / 2}'"
    assert ast.dump(Translator("auto").module(source, "x.py")) == ast.dump(ast.parse(source))


MIXED = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text("ab\xe9", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.tuples(inner, inner),
    max_leaves=4,
)


@given(MIXED, MIXED)
def test_one_of_less_equal_greater(a, b):
    assert compare(a, b) == -compare(b, a)
    assert lt(a, b) == (compare(a, b) < 0)


@given(st.lists(MIXED, max_size=6))
def test_sorting_mixed_values_keeps_them_and_orders_them(values):
    ordered = list(values)
    sort(ordered)
    assert sorted(map(repr, ordered)) == sorted(map(repr, values))
    assert all(compare(a, b) <= 0 for a, b in zip(ordered, ordered[1:], strict=False))


@given(st.integers(), st.integers().filter(bool))
def test_whole_division_floors(a, b):
    assert div(a, b) * b + a % b == a
    assert div(float(a % 1000), b) == float(a % 1000) / b


def test_a_missing_fissix_names_the_extra(monkeypatch):
    from rawwfile.cpy.python2 import syntax

    syntax.grammar_tables.cache_clear()
    monkeypatch.setitem(sys.modules, "fissix.pgen2", None)
    with pytest.raises(ImportError, match=r"rawwfile\[cpy\]"):
        syntax.grammar_tables(False)
    syntax.grammar_tables.cache_clear()
