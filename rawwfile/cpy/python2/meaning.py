"""Python 2's meaning put into a tree that was read from its text: statements and definitions.

A name with `@`, which no source can hold, is one of the run time (`runtime.builtins_for`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from rawwfile.cpy.python2.scopes import Scope, bare_exec, bound_in, called, runs_text
from rawwfile.cpy.python2.tree import names_in
from rawwfile.cpy.python2.values import NotOld, Values


class Meaning(Values):
    """Puts the meaning into one piece of text. Each method changes its node or returns another.

    kind: what the piece stands in, "function" or "module", or "text" for all of a text. renames:
    whether it binds `None`, `True` or `False`; runs: whether it has an exec statement. division:
    whether `/` divides exactly.
    """

    def __init__(self, kind: str, *, renames: bool = False, runs: bool = False, division: bool = False) -> None:
        self.scopes = [Scope(kind)]
        self.renames, self.runs, self.division = renames, runs, division

    def body(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements of the piece with their meaning."""
        if not self.division and any(map(_divides_exactly, statements)):
            self.division = True
        return self._scope_body(statements, None)

    def _scope_body(self, statements: list[ast.stmt], arguments: ast.arguments | None) -> list[ast.stmt]:
        scope = self.scope
        if self.renames or self.runs:
            scope.bound = bound_in(statements, arguments)
            scope.runs_text = scope.kind == "function" and runs_text(statements)
        made = self.block(statements)
        opening: list[ast.stmt] = []
        if scope.shared and (scope.kind == "text" or (scope.kind == "function" and arguments is not None)):
            # Python 2 let `global` come after a use.
            opening.append(_at(ast.Global(names=list(scope.shared)), made[0]))
        if scope.runs_text and scope.kind == "function":
            names = _at(ast.Name(id="@names", ctx=ast.Store()), made[0])
            empty = _at(ast.Dict(keys=[], values=[]), made[0])
            opening.append(_at(ast.Assign(targets=[names], value=empty), made[0]))
        at = 1 if opening and _is_docstring(made[0]) else 0
        made[at:at] = opening
        return made

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements of a block with their meaning; one may become several."""
        made: list[ast.stmt] = []
        for statement in statements:
            done = self.value(statement)
            made += self.scope.before
            made.extend(done) if isinstance(done, list) else made.append(done)
            made += self.scope.after
            self.scope.before, self.scope.after = [], []
        return made

    def generic(self, node: Any) -> Any:
        """Put the meaning into whatever stands in a node."""
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                if value._fields:
                    setattr(node, name, self.value(value))
            elif type(value) is list and value:
                if isinstance(value[0], ast.stmt):
                    setattr(node, name, self.block(value))
                else:
                    value[:] = [self.value(each) if isinstance(each, ast.AST) else each for each in value]
        return node

    # Definitions

    def do_function(self, node: Any) -> Any:
        if node.returns is not None or getattr(node, "type_params", None):
            raise NotOld
        node.decorator_list = [self.value(each) for each in node.decorator_list]
        self.parameters(node.args)
        self.scopes.append(Scope("function", node))
        node.body = self._scope_body(node.body, node.args)
        self.scopes.pop()
        return node

    def do_class(self, node: Any) -> Any:
        if node.keywords or getattr(node, "type_params", None):
            raise NotOld
        node.decorator_list = [self.value(each) for each in node.decorator_list]
        node.bases = [self.value(each) for each in node.bases]
        self.scopes.append(Scope("class"))
        node.body = self._scope_body(node.body, None)
        self.scopes.pop()
        maker = self.hidden(node, "class")
        node.keywords = [_at(ast.keyword(arg="metaclass", value=maker), node)]
        return node

    # Statements

    def do_expression(self, node: Any) -> Any:
        name = called(node.value)
        if name == "@exec":
            return self._exec(node)
        node.value = self.value(node.value)
        return self._printed(node) if name == "@print" else node

    def _printed(self, node: Any) -> Any:
        """Print value by value: 2.x wrote one before it worked the next one out."""
        file, ends, *values = node.value.args
        if all(isinstance(each, (ast.Constant, ast.Name)) for each in values[1:]):
            return node
        made: list[ast.stmt] = []
        if not isinstance(file, (ast.Constant, ast.Name)):
            hidden = _at(ast.Name(id="@file", ctx=ast.Store()), file)
            made.append(_at(ast.Assign(targets=[hidden], value=file), file))
            file = self.load(file, "@file")
        for value in values:
            end = ends if value is values[-1] else _at(ast.Constant(value=False), value)
            made.append(_at(ast.Expr(value=self.call(node, "print", file, end, value)), node))
        return made

    def _exec(self, node: Any) -> list[ast.stmt]:
        bare = bare_exec(node)
        if bare and self.scope.kind == "function":
            del node.value.args[1:]
        node.value.args = [self.value(each) for each in node.value.args]
        if not bare or self.scope.kind != "function":
            return [node]
        node.value = self.call(node, "exec_here", self.load(node, "@names"), *node.value.args)
        made: list[ast.stmt] = [node]
        for name in sorted(self.scope.bound):
            key, names = _at(ast.Constant(value=name), node), self.load(node, "@names")
            there = _at(ast.Compare(left=key, ops=[ast.In()], comparators=[names]), node)
            value = _at(ast.Subscript(value=names, slice=key, ctx=ast.Load()), node)
            keep = _at(ast.Assign(targets=[_at(ast.Name(id=name, ctx=ast.Store()), node)], value=value), node)
            made.append(_at(ast.If(test=there, body=[keep], orelse=[]), node))
        return made

    def do_for(self, node: Any) -> Any:
        """A loop over `range(n)` needs no list."""
        node.iter = self.counted(node.iter)
        return self.generic(node)

    def do_augmented(self, node: Any) -> Any:
        node.target, node.value = self.value(node.target), self.value(node.value)
        is_old = isinstance(node.op, ast.Mod) or (isinstance(node.op, ast.Div) and not self.division)
        if is_old and isinstance(node.target, ast.Name):
            old = self.value(self.load(node.target, node.target.id))
            return _at(ast.Assign(targets=[node.target], value=self.into(node, node.op, old, node.value)), node)
        # The right side answers instead of the left, so that the target is evaluated once.
        if isinstance(node.op, ast.Div) and not self.division:
            node.value = self.call(node.value, "divisor", node.value)
        elif isinstance(node.op, ast.Mod):
            node.value = self.call(node.value, "modulus", node.value)
        elif isinstance(node.op, ast.MatMult):
            raise NotOld
        return node

    def do_raise(self, node: Any) -> Any:
        if node.cause is not None:
            raise NotOld
        if node.exc is None:
            return node
        if called(node.exc) == "@raised":
            node.exc.args = [self.value(each) for each in node.exc.args]
        else:
            node.exc = self.call(node, "raised", self.value(node.exc))
        return node

    def do_global(self, node: Any) -> Any:
        if self.scope.kind == "module":
            return _at(ast.Pass(), node)
        self.scope.shared.update(dict.fromkeys(node.names))
        if self.scope.kind == "text" or (self.scope.kind == "function" and self.scope.tree is not None):
            return _at(ast.Pass(), node)
        return node

    def do_import_from(self, node: Any) -> Any:
        if node.module == "__future__" and not node.level:
            return _at(ast.Pass(), node)
        if node.names[0].name == "*" and self.scope.kind == "function" and self.scope.tree is not None:
            raise NotOld  # fissix's way knows that names may appear
        return node

    def do_handler(self, node: Any) -> Any:
        """The caught exception is bound as 2.x did, and stays bound after the handler."""
        target = getattr(node, "old_target", None)
        if node.name is not None:
            target = _at(ast.Name(id=node.name, ctx=ast.Store()), node)
        if node.type is not None:
            node.type = self.call(node.type, "caught_by", self.value(node.type))
        start: list[ast.stmt] = []
        if target is not None:
            node.name = self.scope.fresh("exception")
            target = self.value(target)
            unpack = "unpacked" if isinstance(target, ast.Tuple) else "caught"
            value = self.call(target, unpack, self.load(target, node.name))
            start = [_at(ast.Assign(targets=[target], value=value), target)]
            self.scope.caught.update(name.id for name in names_in(target))
        node.body = start + self.block(node.body)
        return node

    def do_new(self, node: Any) -> Any:
        """Refuse what only Python 3 has."""
        raise NotOld

    def value(self, node: Any) -> Any:
        """Return a node with Python 2's meaning."""
        change = _CHANGES.get(type(node))
        return self.generic(node) if change is None else change(self, node)


def _at(node: Any, place: Any) -> Any:
    return ast.copy_location(node, place)


def _is_docstring(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _divides_exactly(statement: ast.stmt) -> bool:
    future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
    return future and any(each.name == "division" for each in statement.names)  # type: ignore[attr-defined]


_NEW = ("AnnAssign", "AsyncFor", "AsyncFunctionDef", "AsyncWith", "Await", "FormattedValue", "JoinedStr", "Match",
        "NamedExpr", "Nonlocal", "TryStar", "TypeAlias", "YieldFrom")  # fmt: skip
_CHANGES: dict[type, Callable[[Meaning, Any], Any]] = {
    ast.FunctionDef: Meaning.do_function, ast.ClassDef: Meaning.do_class, ast.Expr: Meaning.do_expression,
    ast.AugAssign: Meaning.do_augmented, ast.Raise: Meaning.do_raise, ast.Global: Meaning.do_global,
    ast.For: Meaning.do_for, ast.ImportFrom: Meaning.do_import_from, ast.ExceptHandler: Meaning.do_handler,
    ast.Name: Meaning.on_name, ast.Constant: Meaning.on_constant, ast.Attribute: Meaning.on_attribute,
    ast.Subscript: Meaning.on_subscript, ast.BinOp: Meaning.on_binary, ast.Compare: Meaning.on_comparison,
    ast.ListComp: Meaning.on_list, ast.GeneratorExp: Meaning.on_own_scope, ast.SetComp: Meaning.on_own_scope,
    ast.DictComp: Meaning.on_own_scope, ast.Lambda: Meaning.on_lambda, ast.Call: Meaning.on_call,
    ast.Starred: Meaning.do_new, ast.Dict: Meaning.on_dict,
    **{getattr(ast, name): Meaning.do_new for name in _NEW if hasattr(ast, name)},
}  # fmt: skip
