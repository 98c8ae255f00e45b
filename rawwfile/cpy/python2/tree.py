"""What both halves of the converter share: places of tree nodes, hidden names.

Names that start with `@` cannot stand in a source, so those of the run time and of the converter
never meet a name of the application.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from rawwfile.cpy.python2.syntax import OldSyntaxError

CONSTANT_NAMES = {"None": None, "True": True, "False": False}


def first_leaf(tree: Any) -> Any:
    """Return the leaf a node starts with."""
    while tree.children:
        tree = tree.children[0]
    return tree


def last_leaf(tree: Any) -> Any:
    """Return the last leaf of a node that has text."""
    stack = [tree]
    while stack:
        node = stack.pop()
        if node.children:
            stack.extend(node.children)
        elif node.value.strip():
            return node
    return tree


class Base:
    """Positions, calls of the run time and errors."""

    def __init__(self, tables: Any) -> None:
        self.tables = tables
        self.renames = False  # whether `None`, `True` or `False` is bound
        self.runs_text = False  # whether an exec statement was met
        self.depth = 0  # functions around

    def kind(self, tree: Any) -> str:
        """Return the grammar's name of a node; "NAME", "NUMBER", "STRING" or "" of a leaf."""
        if tree.type >= 256:
            return self.tables.number2symbol[tree.type]
        return {1: "NAME", 2: "NUMBER", 3: "STRING"}.get(tree.type, "")

    def put(self, node: Any, at: Any, end: Any = None) -> Any:
        """Give `node` the place where the tree `at` stands (to the end of `end`) and return it."""
        first, last = first_leaf(at), last_leaf(end if end is not None else at)
        node.lineno, node.col_offset = first.lineno, first.column
        rows = last.value.rstrip("\n").split("\n")
        node.end_lineno = last.lineno + len(rows) - 1
        node.end_col_offset = len(rows[-1]) + (last.column if len(rows) == 1 else 0)
        return node

    def load(self, at: Any, name: str) -> ast.expr:
        return self.put(ast.Name(id=name, ctx=ast.Load()), at)

    def store(self, at: Any, name: str) -> ast.expr:
        return self.put(ast.Name(id=name, ctx=ast.Store()), at)

    def constant(self, at: Any, value: Any) -> ast.expr:
        return self.put(ast.Constant(value=value), at)

    def call(self, at: Any, name: str, *arguments: ast.expr) -> ast.expr:
        """Return the call of the run time's `@name`."""
        return self.put(ast.Call(func=self.load(at, "@" + name), args=list(arguments), keywords=[]), at)

    def wrong(self, at: Any, message: str) -> OldSyntaxError:
        leaf = first_leaf(at)
        return OldSyntaxError(message, leaf.lineno, leaf.column)


def no_arguments() -> ast.arguments:
    """Return the parameter list of `lambda:`."""
    return ast.arguments(posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[])


def commas(children: list[Any]) -> list[Any]:
    """Return the children of a list without its commas."""
    return [child for child in children if child.type >= 256 or child.value != ","]


def is_leaf(tree: Any, value: str) -> bool:
    """Whether `tree` is the token `value`."""
    return not tree.children and tree.value == value


def names_in(target: ast.AST) -> Iterator[ast.Name]:
    """Yield the names that an assignment to `target` binds."""
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from names_in(element)
