"""Names in `ast`: which a piece of a function binds, which it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from rawwfile.cpy.protocols import Translator
from rawwfile.cpy.source import Line
from rawwfile.cpy.tree import Method


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a statement that are not inside a function or class of its own."""
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from own_nodes(child)


def bound_names(statements: Iterable[ast.AST]) -> Iterator[str]:
    """Yield the local names that statements of a function bind; those that our compilers make are left out."""
    shared: set[str] = set()
    names: list[str] = []
    for statement in statements:
        for node in own_nodes(statement):
            if isinstance(node, ast.Global):
                shared.update(node.names)
            elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                names.append(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.ExceptHandler)) and node.name:
                names.append(node.name)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                names += [(each.asname or each.name).split(".")[0] for each in node.names]
    yield from (name for name in names if name not in shared and "@" not in name and not name.startswith("__cpy"))


def used_names(statements: Iterable[ast.AST]) -> Iterator[str]:
    """Yield every name that occurs in statements, also inside functions of their own."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                yield node.id


def defined(translate: Translator, method: Method) -> ast.FunctionDef | None:
    """Return a method as `ast`; of a mask only the parameters count."""
    line = method.header[0]
    head = Line("class X:", line.position, line.original)
    body = method.body if method.kind != "mask" else (Line("        pass", line.position, line.original),)
    for statement in translate.statements([head, *method.header, *body], scope="module"):
        for node in ast.walk(statement):
            if isinstance(node, ast.FunctionDef) and node.name == method.name:
                return node
    return None
