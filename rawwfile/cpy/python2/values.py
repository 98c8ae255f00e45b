"""Python 2's meaning put into a tree: what has a value."""

from __future__ import annotations

import ast
import copy
from typing import Any

from rawwfile.cpy.python2.scopes import Scope
from rawwfile.cpy.python2.shortcuts import ORDERINGS, Shortcuts
from rawwfile.cpy.python2.sorting import key_of
from rawwfile.cpy.python2.tree import names_in, no_arguments

METHODS = frozenset(
    """
        keys values items iterkeys itervalues iteritems has_key sort next decode encode upper lower capitalize
        title swapcase isalpha isalnum isupper islower isspace isdigit istitle strip lstrip rstrip split
        rsplit splitlines translate join func_name func_code func_defaults func_globals func_doc im_func
        im_self im_class func_dict func_closure message setDaemon isDaemon getName setName isAlive
        exc_type exc_value exc_traceback __getslice__ __setslice__ __delslice__
    """.split()
)
"""Attributes whose meaning differs between 2.x and 3.x; reading one goes through the run time."""

_SIGNS: dict[type, str] = {ast.Lt: "<", ast.Gt: ">", ast.LtE: "<=", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
                           ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not"}  # fmt: skip


class NotOld(Exception):
    """The tree holds what Python 2 had not."""


class Values(Shortcuts):
    """The half of `meaning.Meaning` for expressions."""

    renames = runs = division = False
    no_leak = 0
    """Above 0 where the variables of a list comprehension cannot be kept."""

    @property
    def scope(self) -> Scope:
        return self.scopes[-1]

    def value(self, node: Any) -> Any:
        raise NotImplementedError

    def generic(self, node: Any) -> Any:
        raise NotImplementedError

    # Names

    def on_name(self, node: Any) -> Any:
        if not self.runs or not isinstance(node.ctx, ast.Load) or node.id[0] == "@":
            return node
        for scope in reversed(self.scopes):
            if node.id in scope.bound:
                return node
            if scope.runs_text:
                thunk = ast.copy_location(ast.Lambda(args=no_arguments(), body=node), node)
                name = ast.copy_location(ast.Constant(value=node.id), node)
                return self.call(node, "appeared", self.load(node, "@names"), name, thunk)
        return node

    def on_constant(self, node: Any) -> Any:
        if self.renames and (node.value is None or type(node.value) is bool):
            name = "@" + str(node.value)
            if any(name in scope.bound for scope in self.scopes):
                return self.load(node, name)
        return node

    def on_attribute(self, node: Any) -> Any:
        node.value = self.value(node.value)
        if node.attr in METHODS and isinstance(node.ctx, ast.Load):
            return self.call(node, "." + node.attr, node.value)
        return node

    def on_subscript(self, node: Any) -> Any:
        node.value, node.slice = self.value(node.value), self.value(node.slice)
        caught = isinstance(node.value, ast.Name) and node.value.id in self.scope.caught
        if caught and isinstance(node.ctx, ast.Load):
            return self.call(node, "item", node.value, node.slice)
        return node

    def on_call(self, node: Any) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id in ("locals", "vars") and not node.args:
            return self._variables(node)
        function = node.func
        if isinstance(function, ast.Attribute) and function.attr in METHODS:
            # One call instead of two: `@.strip()(text)`.
            node.func = self.hidden(function, self.method(node))
            node.args.insert(0, function.value)
            key = key_of(node.args[1]) if node.func.id == "@sort_1" else None
            if key is not None:
                falls = ast.copy_location(ast.Constant(value=key[1]), node)
                node.func = self.hidden(function, "sort_by")
                node.args += [self.load(function, "cmp"), key[0], falls]
        elif self.is_parents(node):
            name = ast.copy_location(ast.Constant(value=function.attr), function)
            node.func = self.call(function, "method", self.value(function.value), name, copy.copy(node.args[0]))
        elif self.known(node):
            node.func = self.hidden(function, self.known(node))
            node.args.insert(0, function)
        else:
            node.func = self.value(function)
        for place, each in enumerate(node.args):
            if isinstance(each, ast.Starred):
                each.value = self.value(each.value)
            else:
                node.args[place] = self.value(each)
        for keyword in node.keywords:
            keyword.value = self.value(keyword.value)
        return self.quickened(node) if isinstance(node.func, ast.Name) and node.func.id[0] == "@" else node

    def _variables(self, node: Any) -> Any:
        """`locals()` of a function: without what stands there for the run time."""
        scope = self.scope
        if scope.kind != "function":
            return node
        appeared = [self.load(node, "@names")] if scope.runs_text else []
        return self.call(node, "locals", node, *appeared)

    def on_dict(self, node: Any) -> Any:
        if None in node.keys:
            raise NotOld
        return self.generic(node)

    # Operators

    def on_binary(self, node: Any) -> Any:
        node.left, node.right = self.value(node.left), self.value(node.right)
        known = type(node.left.value) if isinstance(node.left, ast.Constant) else None
        kind = type(node.op)
        if kind is ast.Div and known is not float and not self.division:
            other = type(node.right.value) if isinstance(node.right, ast.Constant) else None
            return node if other is float else self.divided(node, node.left, node.right)
        if kind is ast.Mod and known in (None, str):
            return (self.formatted if known else self.modulo)(node, node.left, node.right)
        if kind is ast.MatMult:
            raise NotOld
        return node

    def on_comparison(self, node: Any) -> Any:
        node.left = self.value(node.left)
        node.comparators = [self.value(each) for each in node.comparators]
        kinds = [type(each) for each in node.ops]
        if not any(kind in ORDERINGS for kind in kinds):
            return node
        operands = [node.left, *node.comparators]
        if len(kinds) == 1:
            return self.ordered(node, node.left, node.ops[0], node.comparators[0])
        if all(isinstance(each, (ast.Name, ast.Constant)) for each in operands[1:-1]):
            pairs = [self._pair(node, *pair) for pair in zip(operands, node.ops, operands[1:], strict=False)]
            return ast.copy_location(ast.BoolOp(op=ast.And(), values=pairs), node)
        names: Any = tuple(_SIGNS[kind] for kind in kinds)
        signs = ast.copy_location(ast.Constant(value=names), node)
        thunks = [ast.copy_location(ast.Lambda(args=no_arguments(), body=each), each) for each in operands[2:]]
        return self.call(node, "chain", signs, operands[0], operands[1], *thunks)

    def _pair(self, at: Any, left: Any, operator: Any, right: Any) -> ast.expr:
        right = copy.copy(right) if isinstance(right, (ast.Name, ast.Constant)) else right
        if type(operator) in ORDERINGS:
            return self.ordered(at, left, operator, right)
        return ast.copy_location(ast.Compare(left=left, ops=[operator], comparators=[right]), at)

    # Comprehensions

    def on_list(self, node: Any) -> Any:
        """The variables of a list comprehension stay bound after it, as in 2.x."""
        if self.scope.kind == "class" and not self.no_leak:
            return self._spelled_out(node)
        names = {name.id for each in node.generators for name in names_in(each.target)}
        # Python 3 refuses `:=` in a class body, in what a comprehension runs over, and for its variables.
        leaks = self.scope.kind != "class" and not self.no_leak and not self.scope.is_private(names, node)
        inner = self.no_leak
        for each in node.generators:
            if each.is_async:
                raise NotOld
            self.no_leak += 1
            each.iter = self.value(each.iter)
            self.no_leak -= 1
            each.target = self.value(each.target)
            each.ifs = [self.value(test) for test in each.ifs]
            if leaks:
                each.ifs[:0] = self._kept(each.target)
        node.elt = self.value(node.elt)
        self.no_leak = inner
        return node

    def _spelled_out(self, node: Any) -> Any:
        """Make the list by statements before: in a class body a comprehension sees no names of the class."""
        name = self.scope.fresh("list")
        add = ast.Attribute(value=self.load(node, name), attr="append", ctx=ast.Load())
        call = ast.Call(func=ast.copy_location(add, node), args=[node.elt], keywords=[])
        made: ast.stmt = ast.copy_location(ast.Expr(value=ast.copy_location(call, node)), node)
        for each in reversed(node.generators):
            for test in reversed(each.ifs):
                made = ast.copy_location(ast.If(test=test, body=[made], orelse=[]), test)
            loop = ast.For(target=each.target, iter=each.iter, body=[made], orelse=[])
            made = ast.copy_location(loop, each.target)
        hidden = ast.copy_location(ast.Name(id=name, ctx=ast.Store()), node)
        empty = ast.copy_location(ast.List(elts=[], ctx=ast.Load()), node)
        before, self.scope.before = self.scope.before, []
        loops = self.block([made])
        self.scope.before = [*before, ast.copy_location(ast.Assign(targets=[hidden], value=empty), node), *loops]
        gone = ast.copy_location(ast.Name(id=name, ctx=ast.Del()), node)
        self.scope.after.append(ast.copy_location(ast.Delete(targets=[gone]), node))
        return self.load(node, name)

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        raise NotImplementedError

    def _kept(self, target: ast.expr) -> list[ast.expr]:
        """Rename the loop's variables and return a condition, always true, that binds the real ones."""
        bindings = []
        for name in names_in(target):
            hidden = self.scope.fresh("each")
            real = ast.copy_location(ast.Name(id=name.id, ctx=ast.Store()), name)
            binding = ast.NamedExpr(target=real, value=self.load(name, hidden))
            name.id = hidden
            bindings.append(ast.copy_location(binding, name))
        return [self.call(target, "kept", *bindings)] if bindings else []

    def on_own_scope(self, node: Any) -> Any:
        self.no_leak += 1
        node = self.generic(node)
        self.no_leak -= 1
        if any(each.is_async for each in node.generators):
            raise NotOld
        return node

    # Lambdas

    def on_lambda(self, node: Any) -> Any:
        self.parameters(node.args)
        scope = Scope("function", node)
        if self.renames or self.runs:
            listed = [*node.args.args, node.args.vararg, node.args.kwarg]
            scope.bound = {each.arg for each in listed if each is not None}
        self.scopes.append(scope)
        saved, self.no_leak = self.no_leak, 0
        node.body = self.value(node.body)
        self.no_leak = saved
        self.scopes.pop()
        return node

    def parameters(self, arguments: Any) -> None:
        """Put the meaning into the defaults of a parameter list."""
        if arguments.posonlyargs or arguments.kwonlyargs:
            raise NotOld
        listed = [*arguments.args, arguments.vararg, arguments.kwarg]
        if any(each is not None and each.annotation is not None for each in listed):
            raise NotOld
        arguments.defaults = [self.value(each) for each in arguments.defaults]
