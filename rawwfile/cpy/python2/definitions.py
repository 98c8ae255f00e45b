"""Functions, classes and whole sources of the fissix tree to `ast`."""

from __future__ import annotations

import ast
import sys
from typing import Any

from rawwfile.cpy.python2.statements import Statements
from rawwfile.cpy.python2.tree import CONSTANT_NAMES, commas, is_leaf


class Converter(Statements):
    """A whole source. Use `body` for statements and `expression` for one value."""

    def body(self, tree: Any) -> list[ast.stmt]:
        """Convert the statements of a source."""
        trees = tree.children if self.kind(tree) == "file_input" else [tree]
        return self.statements(trees)

    def do_funcdef(self, tree: Any) -> ast.stmt:
        _, name, listed, _, suite = tree.children
        arguments, unpacked = self.parameters(listed.children[1] if len(listed.children) == 3 else None)
        opening: list[ast.stmt] = [
            self.put(ast.Assign(targets=[names], value=self.load(listed, hidden)), listed)
            for hidden, names in unpacked
        ]
        self.depth += 1
        body = self.suite(suite)
        self.depth -= 1
        if opening and is_docstring(body[0]):
            body[1:1] = opening
        else:
            body = opening + body
        return self.function(tree, name.value, arguments, body)

    def function(self, tree: Any, name: str, arguments: ast.arguments, body: list[ast.stmt]) -> ast.stmt:
        made = ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[], returns=None)
        if sys.version_info >= (3, 12):
            made.type_params = []
        return self.put(made, tree)

    def do_classdef(self, tree: Any) -> ast.stmt:
        name = tree.children[1].value
        bases: list[ast.expr] = []
        if len(tree.children) == 7:
            listed = tree.children[3]
            parts = commas(listed.children) if self.kind(listed) == "testlist" else [listed]
            bases = [self.expression(part) for part in parts]
        body = self.suite(tree.children[-1])
        made = ast.ClassDef(name=name, bases=bases, keywords=[], body=body, decorator_list=[])
        if sys.version_info >= (3, 12):
            made.type_params = []
        return self.put(made, tree)

    def do_decorated(self, tree: Any) -> ast.stmt:
        listed, definition = tree.children
        made: Any = self.statement(definition)[0]
        decorators = [listed] if self.kind(listed) == "decorator" else listed.children
        for decorator in decorators:
            parts = decorator.children
            names = [leaf for leaf in parts[1].leaves() if leaf.type == 1] if parts[1].children else [parts[1]]
            value = self.name(names[0], names[0].value)
            for name in names[1:]:
                value = self.put(ast.Attribute(value=value, attr=name.value, ctx=ast.Load()), parts[1])
            if is_leaf(parts[2], "("):
                call = ast.Call(func=value, args=[], keywords=[])
                inside = parts[3]
                if not is_leaf(inside, ")"):
                    self.arguments(call, commas(inside.children) if self.kind(inside) == "arglist" else [inside])
                value = self.put(call, decorator)
            made.decorator_list.append(value)
        return made

    # Parameters

    def parameters(self, tree: Any) -> tuple[ast.arguments, list[tuple[str, ast.expr]]]:
        """Convert a parameter list; tuples in it get a hidden name and are told apart in the second part."""
        made = ast.arguments(
            posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
        )
        unpacked: list[tuple[str, ast.expr]] = []
        parts = [] if tree is None else [tree]
        if tree is not None and self.kind(tree) == "varargslist":
            parts = list(tree.children)
        while parts:
            part = parts.pop(0)
            if is_leaf(part, "*"):
                made.vararg = self.parameter(parts.pop(0))
            elif is_leaf(part, "**"):
                made.kwarg = self.parameter(parts.pop(0))
            elif is_leaf(part, "="):
                made.defaults.append(self.expression(parts.pop(0)))
            elif self.kind(part) == "fpdef":
                hidden = f"@argument{len(made.args) + 1}"
                unpacked.append((hidden, self.parameter_tuple(part)))
                made.args.append(self.put(ast.arg(arg=hidden), part))
            elif not is_leaf(part, ","):
                made.args.append(self.parameter(part))
            is_plain = part.type >= 256 or part.value not in ("*", "**", "=", ",")
            if is_plain and made.defaults and not (parts and is_leaf(parts[0], "=")):
                raise self.wrong(part, "a parameter without a default follows one with a default")
        return made, unpacked

    def parameter(self, leaf: Any) -> ast.arg:
        name = "@" + leaf.value if leaf.value in CONSTANT_NAMES else leaf.value
        self.renames = self.renames or name[0] == "@"
        return self.put(ast.arg(arg=name), leaf)

    def parameter_tuple(self, tree: Any) -> ast.expr:
        if self.kind(tree) == "NAME":
            return self.store(tree, tree.value)
        inside = tree.children[1]
        if self.kind(inside) == "fplist":
            elements = [self.parameter_tuple(part) for part in commas(inside.children)]
            return self.put(ast.Tuple(elts=elements, ctx=ast.Store()), tree)
        return self.parameter_tuple(inside)


def is_docstring(statement: ast.stmt) -> bool:
    """Whether a statement is a plain string."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
