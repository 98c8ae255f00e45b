"""What is decided where text is translated, so that it need not be when it runs.

An operation that only sometimes means something else than today's is written beside today's own, under
a test of the type that it mostly meets: `n < 3` becomes

    n < 3 if n.__class__ is int else @lt(n, 3)

Only names and constants are doubled so: evaluating them twice does nothing. The rest becomes a call
of the run time that fits the number of arguments. Names like `str` may be bound to anything by then:
such a call is handed what the name stands for.
"""

from __future__ import annotations

import ast
import copy
import re
from typing import Any

from rawwfile.cpy.python2.scopes import Scope

SHORT = frozenset(
    """
        upper_0 lower_0 capitalize_0 isalpha_0 isalnum_0 isdigit_0 strip_0 lstrip_0 rstrip_0 split_0 keys_0 values_0
        items_0 sort_0 split_1 join_1 has_key_1 sort_1
    """.split()
)
"""Methods that the run time has a shorter way for, with the number of arguments."""
ORDERINGS: dict[type, str] = {ast.Lt: "lt", ast.Gt: "gt", ast.LtE: "le", ast.GtE: "ge"}
_QUICK = {"keys_0": "dict", "values_0": "dict", "items_0": "dict", "has_key_1": "dict", "strip_0": "text",
          "lstrip_0": "text", "rstrip_0": "text", "split_1": "text"}  # fmt: skip
"""Short calls that are today's for values of this type."""
_BLANKS = " \t\n\r\x0b\x0c"
_ARGUMENTS = {"str": 1, "type": 1, "isinstance": 2, "max": 2, "min": 2}
_MOST_PLACES = 3
_PLACE = re.compile(r"%(?:(?P<percent>%)|(?:\((?P<key>[^()%]*)\))?[-+0 ]*\d*(?:\.\d+)?(?P<letter>[sdixXeEfgG]))")


class Shortcuts:
    """Makes nodes of calls and operators whose parts have their meaning already."""

    scopes: list[Scope]

    def load(self, at: Any, name: str) -> ast.expr:
        return ast.copy_location(ast.Name(id=name, ctx=ast.Load()), at)

    def hidden(self, at: Any, name: str) -> ast.expr:
        """Return the run time's `@name`."""
        return self.load(at, "@" + name)

    def call(self, at: Any, name: str, *arguments: Any) -> ast.expr:
        """Return the call of the run time's `@name`."""
        made = ast.Call(func=self.hidden(at, name), args=list(arguments), keywords=[])
        return ast.copy_location(made, at)

    def ordered(self, at: Any, left: Any, operator: Any, right: Any) -> ast.expr:
        """Return `left < right`, or another order."""
        slow = self.call(at, ORDERINGS[type(operator)], left, right)
        names = [each for each in (left, right) if isinstance(each, ast.Name)]
        if not names or not all(isinstance(each, ast.Name) or _is_whole(each) for each in (left, right)):
            return slow
        quick = ast.Compare(left=copy.copy(left), ops=[operator], comparators=[copy.copy(right)])
        return self._if_all(at, names, "int", quick, slow)

    def divided(self, at: Any, left: Any, right: Any) -> ast.expr:
        """Return `left / right`."""
        return self._whole(at, left, ast.FloorDiv(), right, "div")

    def modulo(self, at: Any, left: Any, right: Any) -> ast.expr:
        """Return `left % right`, where the left side may be text."""
        return self._whole(at, left, ast.Mod(), right, "mod")

    def into(self, at: Any, operator: Any, old: Any, value: Any) -> ast.expr:
        """Return what `old /= value` or `old %= value` binds."""
        if isinstance(operator, ast.Mod):
            return self._whole(at, old, ast.Mod(), value, "mod_into")
        return self._whole(at, old, ast.FloorDiv(), value, "div_into")

    def _whole(self, at: Any, left: Any, operator: Any, right: Any, name: str) -> ast.expr:
        """Return an operation that the run time has under a name, quick for an int and a constant one."""
        slow = self.call(at, name, left, right)
        if not isinstance(left, ast.Name) or not _is_whole(right) or not right.value:
            return slow
        quick = ast.BinOp(left=copy.copy(left), op=operator, right=copy.copy(right))
        return self._if_all(at, [left], "int", quick, slow)

    def formatted(self, at: Any, text: Any, values: Any) -> ast.expr:
        """Return `text % values` with a constant for the text."""
        form = _Format(text.value)
        listed = values.elts if isinstance(values, ast.Tuple) else [values]
        slow = self._formatted(at, text, values, listed, form)
        names = [each for each in listed if isinstance(each, ast.Name)]
        if form.parts is None or len(form.parts) != len(listed) + 1 or not names or len(names) > 2:
            return slow
        if not all(isinstance(each, ast.Name) or _is_text(each) for each in listed):
            return slow
        # Today's Python makes an f-string of this form.
        parts = ast.copy_location(ast.Tuple(elts=[copy.copy(each) for each in listed], ctx=ast.Load()), at)
        quick = ast.BinOp(left=copy.copy(text), op=ast.Mod(), right=parts)
        tests = [self._is(at, [name], ast.In(), "plain") for name in names]
        test = tests[0] if len(tests) == 1 else ast.copy_location(ast.BoolOp(op=ast.And(), values=tests), at)
        return ast.copy_location(ast.IfExp(test=test, body=ast.copy_location(quick, at), orelse=slow), at)

    def _formatted(self, at: Any, text: Any, values: Any, listed: list[Any], form: _Format) -> ast.expr:
        """Return the call of the run time that fits the format best."""

        def constant(value: str) -> ast.expr:
            return ast.copy_location(ast.Constant(value=value), at)

        is_tuple = isinstance(values, ast.Tuple)
        if form.keys and not is_tuple:
            keys = ast.copy_location(ast.Tuple(elts=list(map(constant, form.keys)), ctx=ast.Load()), at)
            return self.call(at, "format_keys", text, values, keys)
        if form.places != len(listed) or not 0 < form.places <= _MOST_PLACES or is_tuple and form.places == 1:
            return self.call(at, "format", text, values)
        if any(isinstance(each, ast.Starred) for each in listed):
            return self.call(at, "format", text, values)
        if form.parts is not None:
            return self.call(at, f"fill_{form.places}", text, *listed, *map(constant, form.parts))
        if form.places == 1:
            return self.call(at, "format_float" if form.is_float else "format_value", text, values)
        return self.call(at, "format", text, values)

    def _is(self, at: Any, names: list[Any], operator: Any, what: str) -> ast.expr:
        """Return the comparison of the classes of names with what the run time knows as `@what`."""
        kinds = [ast.Attribute(value=copy.copy(name), attr="__class__", ctx=ast.Load()) for name in names]
        first, *more = (ast.copy_location(each, at) for each in kinds)
        test = ast.Compare(left=first, ops=[operator] * len(names), comparators=[self.hidden(at, what), *more])
        return ast.copy_location(test, at)

    def _if_all(self, at: Any, names: list[Any], kind: str, quick: ast.expr, slow: ast.expr) -> ast.expr:
        """Return `quick if a.__class__ is KIND is b.__class__ else slow`."""
        test = self._is(at, names, ast.Is(), kind)
        return ast.copy_location(ast.IfExp(test=test, body=ast.copy_location(quick, at), orelse=slow), at)

    def method(self, node: Any) -> str:
        """Return the run time's name for a call of a method, `x.strip()`, under which it gets `x` too."""
        name = f"{node.func.attr}_{len(node.args)}"
        return name if name in SHORT and _is_plain(node) else f".{node.func.attr}()"

    def quickened(self, node: Any) -> ast.expr:
        """Return a call that `method` named, with today's own beside it where the value has a name."""
        kind = _QUICK.get(node.func.id[1:], "")
        if not kind or not all(isinstance(each, (ast.Name, ast.Constant)) for each in node.args):
            return node
        value, *others = node.args
        if not isinstance(value, ast.Name) or (node.func.id == "@split_1" and not _is_text(others[0])):
            return node
        stem = node.func.id[1:-2]
        again, others = copy.copy(value), [copy.copy(each) for each in others]
        if stem == "has_key":
            quick: Any = ast.Compare(left=others[0], ops=[ast.In()], comparators=[again])
        elif stem == "keys":
            quick = _list_of(again)
        else:
            method = ast.copy_location(ast.Attribute(value=again, attr=stem, ctx=ast.Load()), node)
            if "strip" in stem:
                others = [ast.copy_location(ast.Constant(value=_BLANKS), node)]
            quick = ast.copy_location(ast.Call(func=method, args=others, keywords=[]), node)
            if kind == "dict":
                quick = _list_of(quick)
        return self._if_all(node, [value], kind, quick, node)

    def known(self, node: Any) -> str:
        """Return the run time's name for the call of a built-in function, or '' if it has none."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name if _ARGUMENTS.get(name) == len(node.args) and _is_plain(node) else ""

    def counted(self, node: Any) -> Any:
        """Return the `range(n)` of a loop with the list left out, which nobody else sees."""
        is_range = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"
        if not is_range or not _is_plain(node):
            return node
        return self.call(node, "counted", node.func, *node.args)

    def is_parents(self, node: Any) -> bool:
        """Whether a call looks like `Base.method(self)` in a method."""
        function = node.func
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name) or not node.args:
            return False
        if len(self.scopes) < 2 or self.scopes[-2].kind != "class":
            return False
        tree = self.scopes[-1].tree
        own = tree.args.args[0].arg if isinstance(tree, ast.FunctionDef) and tree.args.args else None
        return isinstance(node.args[0], ast.Name) and node.args[0].id == own != function.value.id


class _Format:
    """What a constant format shows.

    places: values that it takes; -1 if one is more than a letter with a width. parts: the texts around
    the places where all of them are `%s`. keys: of `%(key)s`. is_float: whether the one place is for a float.
    """

    def __init__(self, text: str) -> None:
        self.places, self.is_float = -1, False
        self.parts: list[str] | None = None
        self.keys: tuple[str, ...] = ()
        parts, keys, letters, end = [""], [], "", 0
        for found in _PLACE.finditer(text):
            parts[-1] += text[end : found.start()]
            end = found.end()
            if found.group("percent"):
                parts[-1] += "%"
                continue
            keys.append(found.group("key"))
            letters += found.group("letter")
            parts.append("")
        parts[-1] += text[end:]
        if "%" in _PLACE.sub("", text):
            return
        if None not in keys:
            self.keys = tuple(keys)
        if not any(keys):
            self.places, self.is_float = len(letters), letters in tuple("eEfgG")
            self.parts = None if len(letters) != text.replace("%%", "").count("%s") else parts


def _list_of(node: Any) -> ast.expr:
    """Return `[*node]`."""
    each = ast.copy_location(ast.Starred(value=node, ctx=ast.Load()), node)
    return ast.copy_location(ast.List(elts=[each], ctx=ast.Load()), node)


def _is_plain(node: Any) -> bool:
    return not node.keywords and not any(isinstance(each, ast.Starred) for each in node.args)


def _is_whole(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is str
