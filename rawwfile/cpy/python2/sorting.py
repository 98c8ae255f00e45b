"""`rows.sort(lambda a, b: cmp(a.name, b.name))`: what such a sort compares, read from its text.

The run time can then ask each value once for it, where 2.x called the function for each pair.
"""

from __future__ import annotations

import ast
import copy
from typing import Any


def key_of(function: Any) -> tuple[ast.Lambda, bool] | None:
    """Return the lambda that makes a value's keys, a tuple, and whether they fall; None for other functions.

    function: with the meaning of Python 2 not yet in it. Only elements under constants and attributes
    are keys, and the order of all is the same.
    """
    if not isinstance(function, ast.Lambda):
        return None
    listed = function.args
    if len(listed.args) != 2 or listed.defaults or listed.vararg or listed.kwarg:
        return None
    one, other = (each.arg for each in listed.args)
    both = isinstance(function.body, ast.BoolOp) and isinstance(function.body.op, ast.Or)
    calls = function.body.values if both else [function.body]  # type: ignore[attr-defined]
    keys: list[ast.expr] = []
    falls: set[bool] = set()
    for call in calls:
        if not isinstance(call, ast.Call) or call.keywords or len(call.args) != 2:
            return None
        if not isinstance(call.func, ast.Name) or call.func.id != "cmp" or "cmp" in (one, other):
            return None
        left, right = (_path(argument) for argument in call.args)
        if left is None or right is None or left[1:] != right[1:] or {left[0], right[0]} != {one, other}:
            return None
        falls.add(left[0] == other)
        keys.append(call.args[left[0] == other])
    if len(falls) != 1:
        return None
    parts = ast.copy_location(ast.Tuple(elts=copy.deepcopy(keys), ctx=ast.Load()), function)
    parameters = ast.arguments(posonlyargs=[], args=[copy.copy(listed.args[0])], vararg=None, kwonlyargs=[],
                               kw_defaults=[], kwarg=None, defaults=[])  # fmt: skip
    return ast.copy_location(ast.Lambda(args=parameters, body=parts), function), falls.pop()


def _path(node: Any) -> list[Any] | None:
    """Return the name that a chain of attributes and constant elements begins with, then the chain."""
    steps: list[Any] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            steps.append(("attribute", node.attr))
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            steps.append((type(node.slice.value), node.slice.value))
        else:
            return None
        node = node.value
    return [node.id, *steps]
