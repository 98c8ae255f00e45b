"""Scopes of Python 2 text while its meaning is put in."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_INNER = (ast.FunctionDef, ast.ClassDef, ast.Lambda)
_LOOKS = frozenset({"locals", "vars", "dir", "eval", "@exec"})
"""Names of what sees the variables of its caller."""


@dataclass
class Scope:
    """One function, class or module. kind: "function", "class", "module" or "text".

    bound: names bound here; filled only where the text binds `None` and the like, or runs text.
    caught: names that hold a caught exception, whose arguments 2.x gave by `e[0]`. runs_text:
    whether a bare `exec` stands here, so that names may appear at run time. shared: names that
    `global` declares. tree: the function, None where only a part of it is at hand. before, after:
    statements to put around the one that is being read.
    """

    kind: str
    tree: ast.AST | None = None
    bound: set[str] = field(default_factory=set)
    caught: set[str] = field(default_factory=set)
    runs_text: bool = False
    shared: dict[str, None] = field(default_factory=dict)
    counter: int = 0
    before: list[ast.stmt] = field(default_factory=list)
    after: list[ast.stmt] = field(default_factory=list)
    _named: Counter[str] | None = None

    def fresh(self, stem: str) -> str:
        """Return a hidden name that nothing else in this scope uses."""
        self.counter += 1
        return f"@{stem}{self.counter}"

    def is_private(self, names: set[str], tree: ast.AST) -> bool:
        """Whether the rest of the function, outside `tree` in it, has no use for these names."""
        if self.kind != "function" or self.tree is None:
            return False
        if self._named is None:
            self._named = named_in(self.tree)
        if not _LOOKS.isdisjoint(self._named):
            return False
        inside = named_in(tree)
        return all(self._named[name] == inside[name] for name in names)


def named_in(tree: ast.AST) -> Counter[str]:
    """Count how often each name stands in a tree."""
    return Counter(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def own_nodes(trees: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield every node of some statements that is not inside a function or class of its own."""
    stack: list[ast.AST] = list(reversed(trees))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _INNER):
            stack.extend(ast.iter_child_nodes(node))
        target = getattr(node, "old_target", None)
        if target is not None:
            stack.append(target)


def bound_in(body: list[ast.stmt], arguments: ast.arguments | None = None) -> set[str]:
    """Return the names that a body and its parameters bind."""
    names: set[str] = set()
    if arguments is not None:
        listed = [*arguments.args, arguments.vararg, arguments.kwarg]
        names = {argument.arg for argument in listed if argument is not None}
    for node in own_nodes(body):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((each.asname or each.name).split(".")[0] for each in node.names)
    shared = {name for node in own_nodes(body) if isinstance(node, ast.Global) for name in node.names}
    return names - shared


def runs_text(body: list[ast.stmt]) -> bool:
    """Whether a bare `exec` stands in a body."""
    return any(bare_exec(node) for node in own_nodes(body))


def bare_exec(node: ast.AST) -> bool:
    """Whether a node is the statement `exec text`, without names to run it in or in `locals()`."""
    if not isinstance(node, ast.Expr) or called(node.value) != "@exec":
        return False
    arguments = node.value.args  # type: ignore[attr-defined]
    return len(arguments) == 1 or called(arguments[-1]) == "locals"


def called(node: ast.AST | None) -> str:
    """Return the name of the function that a call calls, '' for anything else."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
