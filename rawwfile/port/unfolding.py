"""Statements that `exec` ran in a dict, as statements about that dict."""

from __future__ import annotations

import ast
import builtins


class _Keys(ast.NodeTransformer):
    """Turns names into entries of the dict."""

    def __init__(self, owner: str, known: set[str]) -> None:
        self.owner, self.known = owner, known
        self.bound: set[str] = set()

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
        if isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif node.id not in self.bound and (hasattr(builtins, node.id) or node.id in self.known):
            return node
        owner = ast.parse(self.owner, mode="eval").body
        return ast.Subscript(value=owner, slice=ast.Constant(value=node.id), ctx=node.ctx)


def keyed(text: str, owner: str, known: set[str]) -> list[str] | None:
    """Return lines that do to the dict what the text did with it as namespace; None where it is more than assignments.

    text: Python 3. owner: a name, or names with dots. known: names that are none of the dict's.
    """
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return None
    plain = (
        ast.Name,
        ast.Constant,
        ast.BinOp,
        ast.operator,
        ast.UnaryOp,
        ast.unaryop,
        ast.expr_context,
        ast.Call,
        ast.Tuple,
        ast.List,
    )
    keys = _Keys(owner, known)
    lines = []
    for statement in body:
        if not isinstance(statement, (ast.Assign, ast.Expr)):
            return None
        inside = [node for node in ast.walk(statement) if node is not statement]
        if not all(isinstance(node, plain) for node in inside):
            return None
        if isinstance(statement, ast.Assign):
            statement.value = keys.visit(statement.value)
            statement.targets = [keys.visit(target) for target in statement.targets]
        lines.append(
            ast.unparse(
                ast.fix_missing_locations(keys.visit(statement) if isinstance(statement, ast.Expr) else statement)
            )
        )
    return [line.replace("'", '"') if '"' not in line and "\\" not in line else line for line in lines]
