"""CherryClasses are classic classes: Python 2's special methods, unbound methods, exceptions, types."""

from __future__ import annotations

from pathlib import Path

from tests.cpy import whole

SOURCE = """\
import types
CherryClass Number abstract:
function:
    def __init__(self, n=0): self.n = n
    def __nonzero__(self): return self.n
    def __cmp__(self, other): return cmp(self.n, other.n)
    def __hash__(self): return hash(self.n)
    def __div__(self, other): return 'div %s' % other
    def __rdiv__(self, other): return 'rdiv %s' % other
    def __idiv__(self, other): return 'idiv %s' % other
    def __getslice__(self, i, j): return 'slice', i, j == sys.maxint and 'max' or j
    def __len__(self): return 3
    def __coerce__(self, other): return None
    def __getitem__(self, i):
        if i > 2: raise IndexError
        return i
    def __repr__(self): return '<%d>' % self.n
CherryClass Oops abstract:
function:
    def __init__(self, *args): self.args = args
    def __str__(self): return 'oops %s' % self.args
CherryClass Worse(Oops) abstract:
CherryClass Root:
view:
    def truth(self):
        return [Number(0) and 'yes' or 'no', not Number(1), filter(None, [Number(0), Number(2)]), bool(Number(0))]
    def order(self):
        d = {}
        d[Number(1)] = 'one'
        d[Number(1)] = 'uno'
        l = [Number(3), Number(1), Number(2)]
        l.sort()
        same = [Number(1) == Number(1), Number(1) != Number(2), Number(1) in l]
        return [d.values()] + same + [l, max(l), Number(1) < Number(2)]
    def divided(self):
        a = b = Number(5)
        b /= 4
        return [a / 3, 3 / a, b]
    def sliced(self):
        a = Number(1)
        return [a[1:2], a[:], a[-1:], list(a), [x for x in a]]
    def caught(self):
        try: raise Oops, 'arg'
        except Oops, e: first = '%s' % e
        try: raise Worse('a')
        except (KeyError, Oops), e: second = e.__class__.__name__
        try:
            try: raise Worse, ('x', )
            except Worse: raise
        except Oops, e: third = e.args
        return [first, second, third]
    def kinds(self):
        return [type(self) is types.InstanceType, type(Root) is types.ClassType, type(Root) == type(Number),
            isinstance(self, types.InstanceType), self.__class__ is Root, Root.__bases__, Worse.__bases__ == (Oops,),
            hasattr(self, 'nothing'), callable(Root.kinds), type(self.kinds) is types.MethodType]
    def unbound(self):
        try: return Number.__repr__(None)
        except TypeError, e: return str(e)
"""


def test_special_methods_have_their_old_names(tmp_path: Path) -> None:
    root = whole.app(tmp_path, SOURCE.replace("import types\n", "import types, sys\n")).root
    assert str(root.truth()) == "['no', False, [<2>], False]"
    assert str(root.order()) == "[['uno'], True, True, True, [<1>, <2>, <3>], <3>, True]"
    assert root.divided() == ["div 3", "rdiv 3", "idiv 4"]
    assert root.sliced() == [("slice", 1, 2), ("slice", 0, "max"), ("slice", 2, "max"), [0, 1, 2], [0, 1, 2]]


def test_instances_can_be_raised_and_have_the_old_types(tmp_path: Path) -> None:
    root = whole.app(tmp_path, SOURCE).root
    assert root.caught() == ["oops arg", "Worse", ("x",)]
    assert root.kinds() == [True, True, True, True, True, (), True, False, True, True]
    assert root.unbound().startswith("unbound method __repr__() must be called with Number instance as first argument")
