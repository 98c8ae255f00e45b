"""Nasty applications: the package answers what the sources answer, reached by the same URLs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rawwfile.cherrypy.site import Site
from rawwfile.port.output import write_package
from tests.port.kit import exposure, from_sources, in_request, loaded, ported

APPLICATIONS: dict[str, dict[str, str]] = {
    "names of the namespace": {
        "Root.cpy": """\
use Part
def initProgram():
    import math
    global later
    START = 10
    table = {'a': 1}
def initServer():
    global opened, later
    opened = ['by', 'initServer']
    later = START
CherryClass Root:
variable:
    first = START + 1
    double = [x * 2 for x in range(first)][-1]
function:
    def __init__(self):
        self.made = part.made + 1
    def bump(self):
        global later
        later = later + 1
        return later
view:
    def index(self):
        return '%s %s %s' % (self.first, self.double, self.made)
    def opened_(self):
        return ' '.join(opened) + str(int(math.floor(2.5)))
    def bumped(self):
        self.bump()
        return str(self.bump() + later)
    def local(self):
        later = 'mine'
        part = 'mine too'
        return later + part
    def nested(self):
        def inner(n):
            return part.made + n
        return str(inner(1)) + str(map(lambda n, p=part: p.made + n, [1]))
    def looked_up(self):
        n = 2
        return '%s %s %s' % (eval('part.made + n'), eval('n', {'n': 3}), eval('Part').made)
    def known(self):
        return '%s %s %s' % (globals().has_key('part'), globals().has_key('Part'), globals().has_key('nobody'))
    def table_(self):
        table['b'] = 2
        keys = table.keys()
        keys.sort()
        return `keys`
mask:
    def page(self):
        <py-eval="later"> <py-eval="part.made"> <py-eval="Part.made"> <py-eval="table['a']">
        <py-exec="part = 'mine'"><py-eval="part">
        <py-eval="[part for part in range(2)]"> <py-eval="int(math.floor(3.5))"> <py-eval="START">
""",
        "Part.cpy": """\
import math
def initServer():
    global count
    count = 0
CherryClass Part:
variable:
    made = 5
view:
    def index(self):
        global count
        count = count + 1
        return '%s %s' % (count, root.made)
    def other(self):
        return Root.index(root) + ' ' + Root.__name__
""",
    },
    "classes": {
        "Root.cpy": """\
CherryClass Base abstract:
variable:
    label = 'base'
function:
    def getPath(self, includeRequestBase=1):
        return 'own path'
view:
    def where(self):
        return self.getPath() + ' ' + self.getPath(0)
    def twice(self, n='2'):
        return self.label * int(n)
mask:
    def frame(self, *args, **kw):
        [<py-eval="self.body()"><py-eval="args"><py-eval="kw">]
    def body(self):
        base
CherryClass Left(Base):
mask:
    def body(self):
        left of <py-eval="Base.body(self)">
CherryClass Right(Base):
variable:
    label = 'right'
view:
    def body(self):
        return 'right'
    def twice(self, n='3'):
        return 'R' * int(n)
CherryClass Both(Left, Right):
CherryClass Root(Both):
view:
    def index(self): return self.frame(1, a=2)
CherryClass One_two(Base):
view:
    def index(self, class_='c'):
        return self.getPath() + class_
""",
    },
    "classes that are raised": {
        "Root.cpy": """\
CherryClass Trouble abstract:
variable:
    text = 'trouble'
CherryClass Oops(Trouble):
function:
    def __init__(self, text='none'):
        self.text = text
CherryClass Root:
view:
    def index(self):
        try:
            raise Oops, 'arg'
        except AssertionError:
            return 'no'
        except (KeyError, Oops), e:
            return e.text
    def above(self):
        try:
            raise Oops()
        except Trouble, e:
            return e.text
    def unknown(self):
        try:
            return str(counter_ + 1)
        except NameError:
            return 'not there'
    def start(self):
        global counter
        try:
            counter = counter + 1
        except NameError:
            counter = 1
        return str(counter)
    def node(self, (a, b)=(1, 2), c=3):
        return '%s %s %s' % (a, b, c)
mask:
    def taken(self, (a, b)=(1, 2), c=3):
        <py-eval="a"> <py-eval="b"> <py-eval="c">
""",
    },
    "own modules": {
        "Root.cpy": """\
use Other
import helper, string as text
from helper import LIMIT, shout
from colours import *
CherryClass Root:
view:
    def index(self):
        return shout(text.upper('a')) + str(LIMIT) + helper.halves(7)
    def inside(self):
        import helper as h, inner
        return h.shout('b') + inner.NAME
    def starred(self):
        return darker('x')
mask:
    def page(self):
        <py-exec="from helper import shout as loud"><py-eval="loud('m')"> <py-eval="helper.halves(3)">
""",
        "Other.cpy": """\
CherryClass Other:
view:
    def index(self):
        return shout('o') + `COLOURS`
    def more(self):
        return darker('red')
""",
        "colours.py": "COLOURS = {'red': 1}\ndef darker(c): return c + ' dark'\n_private = 1\n",
        "helper.py": """\
import inner
LIMIT = 0777
def shout(s):
    return s + '!' + inner.NAME
def halves(n):
    return `n / 2`
""",
        "inner.py": "NAME = 'inner'\nif {}.has_key('x'): NAME = 'x'\n",
    },
    "strings and comments": {
        "Root.cpy": """\
CherryClass Root:
view:
    def index(self):
        # a comment
        text = '''one
        # gone, it stands in a string

          two   \n        three'''
        return text # behind
    def one(self): return 'one: #%s' % 1
    def joined(self,
             a='1',
             b=(2, 3)):
        x = (a +
             # between
             str(b))
        return x
mask:
    def css(self):
        # a comment at the start
        <style>
        b { x: y }
        </style>
        # and one at the end
    def code(self):
        <py-code="
            # in the code
            rows = []
            for i in range(3):
                # deeper
                rows.append('''<%d
            |''' % i)
        "><py-eval="''.join(rows)">
    def empty(self):
    def quotes(self):
        <py-if="'"' != "'"">a</py-if><b py-attr="'x\\"y'" title=''>\\</b> <py-eval="'%s' % 'a'">
""",
    },
}

CALLS: dict[str, list[dict[str, Any]]] = {"twice": [{}, {"n": "4"}]}


def answers(site: Site) -> dict[str, Any]:
    """Return what each URL without parameters gives; of an error its type."""
    found: dict[str, Any] = {}
    for name, target in site.targets.items():
        for method in sorted(target.exposed):
            for fields in CALLS.get(method, [{}]):
                with in_request(paramMap=fields):
                    try:
                        found[f"{name}.{method} {fields}"] = getattr(target.instance, method)(**fields)
                    except Exception as error:  # noqa: BLE001 - errors are answers too
                        found[f"{name}.{method} {fields}"] = type(error).__name__
    return found


@pytest.mark.parametrize("name", APPLICATIONS)
def test_the_package_answers_what_the_sources_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    site = loaded(tmp_path, ported(tmp_path, APPLICATIONS[name]))
    old = from_sources(tmp_path)
    assert exposure(site) == exposure(old)
    assert answers(site) == answers(old)


@pytest.mark.parametrize("name", APPLICATIONS)
def test_the_package_is_clean_under_ruff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_package("package", ported(tmp_path, APPLICATIONS[name]).files)
    words = [sys.executable, "-m", "ruff", "check", "--no-cache", "package"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
