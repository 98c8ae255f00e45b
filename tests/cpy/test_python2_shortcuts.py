"""What translation decides beforehand changes no answer: names bound anew, odd types, sorting by keys."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.python2.runtime import builtins_for
from rawwfile.cpy.python2.shortcuts import SHORT


def values_of(text: str) -> dict[str, Any]:
    """Run a text of Python 2 and return its names."""
    names: dict[str, Any] = {"__name__": "app", "__builtins__": builtins_for()}
    tree = ast.fix_missing_locations(Translator("2").module(text, "app.py"))
    exec(compile(tree, "app.py", "exec"), names)  # noqa: S102 - the run time's own way
    return names


def test_the_run_time_has_every_short_call() -> None:
    names = builtins_for()
    assert [name for name in SHORT if "@" + name not in names] == []


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("'%s' % 5", "5"),
        ("'%s' % u", "x"),
        ("'a%sb%sc' % (u, 1)", "axb1c"),
        ("'%s and %d' % (1.5, 2)", "1.5 and 2"),
        ("'%d' % 3.7", "3"),
        ("'%d%%' % n", "5%"),
        ("'%s%%' % n", "5%"),
        ("'%s' % pair[:1]", "1"),
        ("'%s' % f", "0.3"),
        ("'%s %s' % (f, n)", "0.3 5"),
        ("'%s %s %s' % (f, 'x', n)", "0.3 x 5"),
        ("'%s' % [f]", "[0.30000000000000004]"),
        ("'%.1f' % n", "5.0"),
        ("'%.1f' % f", "0.3"),
        ("'%5s|%-3s|' % (n, s)", "    5|t  |"),
        ("'%(a)s %(b)03d' % d", "x 007"),
        ("'%(a)s' % odd", "odd a"),
        ("'%s %s' % pair", "1 2"),
        ("'no places' % ()", "no places"),
        ("'100%% ' % ()", "100% "),
        ("'%s' % (pair,)", "(1, 2)"),
        ("'%s' % None", "None"),
        ("'%s' % True", "True"),
        ("str(n) + str(f) + str(s) + str(10 ** 20)", "50.3t100000000000000000000"),
        ("[s < 5, n < 's', None < 0, f < 5, True < 2, n < 10 ** 30]", [False, True, True, True, True, True]),
        ("[n < m, n >= s, 1 < n < 9, 1 < n > m]", [True, False, True, False]),
        ("[n / 2, -n / 2, f / 2 > 0, n % 3, -n % 3, s % ()]", [2, -3, True, 2, 1, "t"]),
        ("[max(n, 's'), min(None, n), max(n, 7), min('b', 'a'), max(1, 2.5)]", ["s", None, 7, "a", 2.5]),
        ("[type(n) is int, type(s) == str, type(u) == str, isinstance(u, str), isinstance(s, str)]",
         [True, True, False, False, True]),
        ("[`[1, 's', 10 ** 20]`, `(1,)`, `(10 ** 20,)`, `['\\xe9', None, 0.1]`]",
         ["[1, 's', 100000000000000000000L]", "(1,)", "(100000000000000000000L,)", "['\\xe9', None, 0.1]"]),
        ("[range(3), range(1, 3), range(2.0)]", [[0, 1, 2], [1, 2], [0, 1]]),
    ],
)  # fmt: skip
def test_expression(expression: str, answer: object) -> None:
    text = f"""
class Odd:
    def __getitem__(self, name): return 'odd ' + name
def run(n=5, m=7, s='t', u=u'x', f=0.1 + 0.2, pair=(1, 2), d={{'a': 'x', 'b': 7}}, odd=Odd()):
    return {expression}
made = run()
"""
    assert values_of(text)["made"] == answer


def test_unicode_stays_unicode_in_a_format() -> None:
    names = values_of("def run(u): return '%s' % u, 'a %s %s' % (1, u), '%d %s' % (1, u)\nmade = run(u'x')\n")
    assert [type(each).__name__ for each in names["made"]] == ["unicode"] * 3


def test_names_of_builtins_may_be_bound_anew() -> None:
    text = """
def run(str, max, cmp):
    l = [1, 3, 2]
    l.sort(lambda a, b: cmp(a, b))
    def range(n): return [n] * 2
    got = []
    for i in range(7): got.append(i)
    return str(5), max(1, 2), l, got
made = run(lambda v: 'own', lambda a, b: a, lambda a, b: b - a)
"""
    assert values_of(text)["made"] == ("own", 1, [3, 2, 1], [7, 7])


def test_augmented_names() -> None:
    text = """
class N:
    def __init__(self, n): self.n = n
    def __idiv__(self, other): return N(self.n / other)
    def __mod__(self, other): return N(self.n % other)
def run(a, s, n):
    a %= 4; s %= 'x'
    b = 9
    b /= 2
    n /= 2; n %= 3
    return a, s, b, n.n
made = run(9, '<%s>', N(11))
"""
    assert values_of(text)["made"] == (1, "<x>", 4, 2)


def test_a_method_of_a_parent() -> None:
    text = """
class A:
    limit = 3
    def f(self, n): return 'A', n
    def s(n): return 's', n
    s = staticmethod(s)
class B(A):
    def f(self, n): return 'B', A.f(self, n)
    def wrong(self): return A.f(5, self)
    def other(self): return A.f(self)
    def static(self): return A.s(self)[0]
    def missing(self): return A.zz(self)
b = B()
made = [b.f(1), b.static(), A.f.im_class is A]
def error_of(call):
    try: call()
    except Exception, e: return str(e)
errors = [error_of(b.wrong), error_of(b.missing), error_of(lambda: b.zz), error_of(lambda: A.f())]
class Empty: pass
errors.append(error_of(lambda: Empty(1)))
"""
    names = values_of(text)
    assert names["made"] == [("B", ("A", 1)), "s", True]
    assert names["errors"] == [
        "unbound method f() must be called with A instance as first argument (got int instance instead)",
        "class A has no attribute 'zz'",
        "B instance has no attribute 'zz'",
        "unbound method f() must be called with A instance as first argument (got nothing instead)",
        "this constructor takes no arguments",
    ]


@pytest.mark.parametrize(
    "function",
    ["cmp(a['n'], b['n'])", "cmp(b['n'], a['n'])", "cmp(a['k'], b['k']) or cmp(a['n'], b['n'])", "cmp(a, b)",
     "cmp(b['k'], a['k']) or cmp(b['n'], a['n'])", "cmp(a['k'], b['k']) or cmp(b['n'], a['n'])"],
)  # fmt: skip
@pytest.mark.parametrize("odd", ["3", "'text'", "None", "2.5", "float('nan')", "(1, 2)", "10 ** 20", "u'x'", "[2]"])
def test_sorting_by_a_function_is_stable_and_takes_all_types(function: str, odd: str) -> None:
    text = f"""
rows = [{{'n': n * 7 % 5, 'k': n % 3, 'at': n}} for n in range(20)]
rows[4]['n'] = {odd}
one, two = rows[:], rows[:]
one.sort(lambda a, b: {function})
def ordered(a, b): return {function}
two.sort(ordered)
made = [row['at'] for row in one], [row['at'] for row in two]
"""
    made = values_of(text)["made"]
    assert made[0] == made[1]


def test_a_sort_whose_keys_cannot_be_had_raises_as_ever() -> None:
    text = """
one, none = [{}], []
one.sort(lambda a, b: cmp(a['n'], b['n']))
none.sort(lambda a, b: cmp(a['n'], b['n']))
two = [{}, {'n': 1}]
try: two.sort(lambda a, b: cmp(a['n'], b['n']))
except KeyError, e: made = e.args
"""
    assert values_of(text)["made"] == ("n",)


def test_methods_of_named_values_of_any_type() -> None:
    text = """
class Own:
    def keys(self): return 'own keys'
    def has_key(self, key): return key
    def strip(self): return 'stripped'
    def split(self, at): return at
def run(d, t, u, own):
    got = [d.keys(), d.values(), d.items(), d.has_key('a'), d.has_key(t), t.strip(), t.lstrip(), t.rstrip()]
    got = got + [t.split('b'), own.keys(), own.has_key(t), own.strip(), own.split('-'), u.strip(), u.split('b')]
    d.keys().append(1)
    return got, type(u.strip()) is type(u), d
made = run({'a': 1}, ' abc\\xa0', u' abc ', Own())
"""
    one, *rest = values_of(text)["made"]
    assert one[:9] == [["a"], [1], [("a", 1)], True, False, "abc\xa0", "abc\xa0", " abc\xa0", [" a", "c\xa0"]]
    assert one[9:] == ["own keys", " abc\xa0", "stripped", "-", "abc", [" a", "c "]]
    assert rest == [True, {"a": 1}]
