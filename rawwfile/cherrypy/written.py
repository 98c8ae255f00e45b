"""Units of a compiled application as text: Python 3 source that a person can read, and a table of places.

    source, places = write(tree, stem)       the names of the file and of the lines are not in it
    tree = read(source, places, stem)        the same tree, each node where it stands in the .cpy file

Names that no Python 3 source can hold (`@div` of the converter, a variable `as` of 2004) are written
with the stem, which no other name of the application begins with: `py2_div`, `py2_name_as`.

The table has four whole numbers for each node that has a place, in the order of a walk that goes to
the children first to last: lines since the node before, column, lines to its end, column of its end.
A walk gives the same nodes in every Python from 3.10 on; what is inside an f-string is left out, since
there it does not.
"""

from __future__ import annotations

import ast
import contextlib
import keyword
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rawwfile.cpy.syntax import parsed

HIDDEN = "@"
_SPELLINGS = (("@.", "()", "call_"), ("@.", "", "get_"))
"""What stands around a name that the converter hides, and what is written in front of it for that."""
_NAME = "name_"
_ODD = "odd_"
STEM = "py2_"
_DEEPEST = 5000
"""Calls inside calls while a tree is written."""
_IN_A_ROW = 16
"""Nodes in one line of a table."""


class CannotWrite(Exception):
    """A tree that comes back changed from its own text: a fault of ours."""


def write(tree: ast.Module, stem: str) -> tuple[str, str]:
    """Return the source and the table of `tree`, which keeps its names and places.

    Raises CannotWrite if `read` would not give the tree back.
    """
    with _room_for_deep_trees():
        return _written(tree, stem)


def _written(tree: ast.Module, stem: str) -> tuple[str, str]:
    plain = _without_odd_constants(tree)
    _rename(plain, lambda name: spelled(name, stem))
    source = ast.unparse(plain) + "\n"
    try:
        again = ast.parse(source)
    except SyntaxError as error:
        raise CannotWrite(f"{error.msg}: {(error.text or '').strip()[:60]}") from error
    if shape_of(again) != shape_of(plain):
        raise CannotWrite("the source means something else than the tree it was made from")
    return source, _table(plain)


def read(source: str, places: str, stem: str) -> ast.Module:
    """Return the tree that `write` was given. Raises SyntaxError or ValueError if one was changed."""
    tree = parsed(source)
    _restore(tree, places, stem)
    return tree


def stem_for(trees: Iterable[ast.AST]) -> str:
    """Return a beginning of names that no name in `trees` has."""
    used = {name for tree in trees for node in ast.walk(tree) for name in _names_of(node)}
    stem = STEM
    while any(name.startswith(stem) for name in used):
        stem += "_"
    return stem


def spelled(name: str, stem: str) -> str:
    """Return a name of a tree as it is written."""
    if not name.startswith(HIDDEN):
        return f"{stem}{_NAME}{name}" if keyword.iskeyword(name) else name
    text = f"{stem}{name[len(HIDDEN) :]}"
    for before, after, beginning in _SPELLINGS:
        inside = name[len(before) : len(name) - len(after)]
        if name.startswith(before) and name.endswith(after) and inside.isidentifier():
            text = f"{stem}{beginning}{inside}"
            break
    if not text.isidentifier() or unspelled(text, stem) != name:
        # Nothing that the converter makes today, but it may make more tomorrow.
        return f"{stem}{_ODD}{name.encode('utf-8').hex()}"
    return text


def unspelled(text: str, stem: str) -> str:
    """Return the name that `spelled` made `text` of."""
    if not text.startswith(stem):
        return text
    rest = text[len(stem) :]
    for before, after, beginning in _SPELLINGS:
        if rest.startswith(beginning):
            return f"{before}{rest[len(beginning) :]}{after}"
    if rest.startswith(_ODD):
        return bytes.fromhex(rest[len(_ODD) :]).decode("utf-8")
    return rest[len(_NAME) :] if rest.startswith(_NAME) else HIDDEN + rest


def shape_of(tree: ast.AST) -> str:
    """Return what is equal for trees of the same meaning, wherever their nodes stand."""
    parts: list[str] = []
    _describe(tree, parts)
    return " ".join(parts)


# -- names ---------------------------------------------------------------------------------------

_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    ast.Name: ("id",),
    ast.arg: ("arg",),
    ast.keyword: ("arg",),
    ast.Attribute: ("attr",),
    ast.FunctionDef: ("name",),
    ast.AsyncFunctionDef: ("name",),
    ast.ClassDef: ("name",),
    ast.ExceptHandler: ("name",),
    ast.ImportFrom: ("module",),
    ast.alias: ("name", "asname"),
    ast.Global: ("names",),
    ast.Nonlocal: ("names",),
    ast.MatchAs: ("name",),
    ast.MatchStar: ("name",),
    ast.MatchMapping: ("rest",),
    ast.MatchClass: ("kwd_attrs",),
}
"""Where the names of a node are: text, a list of texts, or None."""


def _names_of(node: ast.AST) -> Iterator[str]:
    for field in _FIELDS.get(type(node), ()):
        value = getattr(node, field)
        if isinstance(value, str):
            yield from value.split(".")
        elif value:
            yield from value


def _rename(tree: ast.AST, change: Callable[[str], str]) -> None:
    fields_of = _FIELDS.get
    for node in ast.walk(tree):
        for field in fields_of(type(node), ()):
            value = getattr(node, field)
            if isinstance(value, str):
                setattr(node, field, change(value) if value.startswith(HIDDEN) else _dotted(value, change))
            elif value:
                setattr(node, field, [change(each) for each in value])


def _dotted(name: str, change: Callable[[str], str]) -> str:
    """Change each part of the name of a module."""
    return ".".join(change(part) for part in name.split("."))


# -- trees ---------------------------------------------------------------------------------------


def _without_odd_constants(node: Any) -> Any:
    """Return a copy of a tree whose constants all have a literal of their own, as -1 and (1, 2) have not."""
    if isinstance(node, list):
        return [_without_odd_constants(each) for each in node]
    if isinstance(node, ast.Constant):
        return _literal(node.value, node)
    if not isinstance(node, ast.AST):
        return node
    # Not copy.deepcopy or pickle, whose calls of C end at a depth that a long sum has.
    parts = {name: getattr(node, name) for name in (*node._fields, *node._attributes) if hasattr(node, name)}
    return type(node)(**{name: _without_odd_constants(value) for name, value in parts.items()})


@contextlib.contextmanager
def _room_for_deep_trees() -> Iterator[None]:
    """A sum of 300 parts is a tree of 300 levels, and `ast` takes several calls for each."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _literal(value: Any, place: ast.expr) -> ast.expr:
    made: ast.expr
    if isinstance(value, tuple):
        made = ast.Tuple([_literal(each, place) for each in value], ast.Load())
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and str(value).startswith("-"):
        made = ast.UnaryOp(ast.USub(), _literal(-value, place))
    else:
        made = ast.Constant(value)
    return ast.copy_location(made, place)


def _describe(node: Any, parts: list[str]) -> None:
    if isinstance(node, ast.AST):
        parts.append(type(node).__name__)
        # What newer versions add is empty unless it was written.
        for name in node._fields:
            value = getattr(node, name, None)
            if value is not None and value != [] and name not in ("kind", "type_comment", "type_ignores"):
                parts.append(name)
                _describe(value, parts)
        parts.append(";")
    elif isinstance(node, list):
        parts.append("[")
        for each in node:
            _describe(each, parts)
        parts.append("]")
    else:
        parts.append(f"{type(node).__name__}:{node!r}")


# -- places --------------------------------------------------------------------------------------


class _Kind:
    """What a walk must know of a type of nodes. names, below: fields with its names, and with nodes."""

    __slots__ = ("has_place", "names", "below")

    def __init__(self, kind: type[ast.AST]) -> None:
        self.has_place = bool(kind._attributes)
        self.names = _FIELDS.get(kind, ())
        # Operators and contexts have neither a place nor a name.
        hidden = {"ctx", "op", "ops", "kind", "type_comment", "type_ignores", *self.names}
        self.below = () if kind in _LEAVES else tuple(reversed([name for name in kind._fields if name not in hidden]))


_LEAVES = (ast.Name, ast.Constant, ast.Global, ast.Nonlocal, ast.JoinedStr)
"""Nodes that a walk does not look into: they have no others inside, or others than elsewhere."""
_kinds: dict[type[ast.AST], _Kind] = {}


def _kind_of(node: ast.AST) -> _Kind:
    kind = type(node)
    found = _kinds.get(kind)
    if found is None:
        found = _kinds[kind] = _Kind(kind)
    return found


def _put_below(node: Any, kind: _Kind, waiting: list[Any]) -> None:
    """Put the nodes right below `node` on the stack, so that the first is taken first."""
    for name in kind.below:
        value = getattr(node, name, None)
        if type(value) is list:
            # Not all are nodes: `**d` in a dict display has None for a key.
            waiting += [each for each in reversed(value) if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            waiting.append(value)


def _table(tree: ast.Module) -> str:
    before = 0
    rows: list[list[str]] = [[]]
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        kind = _kind_of(node)
        _put_below(node, kind, waiting)
        if not kind.has_place:
            continue
        line, column = max(node.lineno, 1), max(node.col_offset, 0)
        end, end_column = node.end_lineno or line, node.end_col_offset or 0
        if (end, end_column) < (line, column):
            end, end_column = line, column
        if len(rows[-1]) == _IN_A_ROW:
            rows.append([])
        rows[-1].append(f"{line - before} {column} {end - line} {end_column}")
        before = line
    return "\n".join(" ".join(row) for row in rows)


def _restore(tree: ast.Module, places: str, stem: str) -> None:
    """Give each node its place and its name."""
    numbers = iter(list(map(int, places.split())))
    line = 0
    waiting: list[Any] = [tree]
    try:
        while waiting:
            node = waiting.pop()
            kind = _kinds.get(type(node)) or _kind_of(node)
            if kind.below:
                _put_below(node, kind, waiting)
            if kind.names:
                _unspell(node, kind.names, stem)
            if kind.has_place:
                node.lineno = line = line + next(numbers)
                node.col_offset = next(numbers)
                node.end_lineno = line + next(numbers)
                node.end_col_offset = next(numbers)
                if type(node) is ast.JoinedStr:
                    _fill(node, stem)
    except StopIteration:
        raise ValueError(_CHANGED) from None
    if next(numbers, None) is not None:
        raise ValueError(_CHANGED)


_CHANGED = "the table of places does not fit the source; one of them was changed"


def _unspell(node: Any, fields: tuple[str, ...], stem: str) -> None:
    for field in fields:
        value = getattr(node, field)
        if type(value) is str:
            if stem in value:
                setattr(node, field, _dotted(value, lambda name: unspelled(name, stem)))
        elif value:
            setattr(node, field, [unspelled(name, stem) for name in value])


def _fill(node: ast.JoinedStr, stem: str) -> None:
    """Put all that is inside an f-string where the f-string stands."""
    for inner in ast.walk(node):
        if inner._attributes and inner is not node:
            ast.copy_location(inner, node)
        _unspell(inner, _FIELDS.get(type(inner), ()), stem)
