"""Statements of the fissix tree to `ast`. What they mean is put in by `meaning`.

What ast cannot say: a handler's target stands in its attribute `old_target`; print and exec are calls of
`@print` and `@exec`; `raise E, v` raises a call of `@raised`; `None` as a target is the name `@None`.
"""

from __future__ import annotations

import ast
from typing import Any

from rawwfile.cpy.python2.expressions import BINARY, Expressions
from rawwfile.cpy.python2.tree import CONSTANT_NAMES, commas, is_leaf


class Statements(Expressions):
    """The half of the converter for what is done."""

    def statements(self, trees: list[Any]) -> list[ast.stmt]:
        """Convert statements in their order; one may become several."""
        made: list[ast.stmt] = []
        for tree in trees:
            if tree.type < 256 and not tree.value.strip():
                continue
            made.extend(self.statement(tree))
        return made

    def statement(self, tree: Any) -> list[ast.stmt]:
        kind = self.kind(tree)
        if kind == "simple_stmt":
            return self.statements([part for part in tree.children if not is_leaf(part, ";")])
        if tree.type < 256:
            return self.word(tree)
        convert = getattr(self, "do_" + kind, None)
        if convert is None:
            return [self.put(ast.Expr(value=self.expression(tree)), tree)]
        made = convert(tree)
        return made if isinstance(made, list) else [made]

    def word(self, tree: Any) -> list[ast.stmt]:
        """Convert a statement of one token."""
        simple = {"pass": ast.Pass, "break": ast.Break, "continue": ast.Continue}
        if tree.type == 1 and tree.value in simple:
            return [self.put(simple[tree.value](), tree)]
        if tree.type == 1 and tree.value == "return":
            return [self.put(ast.Return(value=None), tree)]
        if tree.type == 1 and tree.value == "raise":
            return [self.put(ast.Raise(exc=None, cause=None), tree)]
        if tree.type == 1 and tree.value == "print":
            return [self.print_call(tree, self.constant(tree, None), [], True)]
        if tree.type == 1 and tree.value == "yield":
            return [self.put(ast.Expr(value=self.put(ast.Yield(value=None), tree)), tree)]
        return [self.put(ast.Expr(value=self.expression(tree)), tree)]

    # Assignment

    def target(self, tree: Any, context: type[ast.expr_context] = ast.Store) -> ast.expr:
        """Convert what is assigned to (or deleted)."""
        if self.kind(tree) == "NAME":
            return self.bind(tree, tree.value, context)
        value = self.place(tree)
        if isinstance(value, (ast.Tuple, ast.List)):
            value.elts = [self.target(part, context) for part in parts_of(tree)]
        elif not isinstance(value, (ast.Attribute, ast.Subscript, ast.Name)):
            raise self.wrong(tree, f"cannot assign to {str(tree).strip()!r}")
        value.ctx = context()  # type: ignore[union-attr]
        return value

    def place(self, tree: Any) -> ast.expr:
        """Convert a target as if it were read, without the run time's hand on its last step."""
        if self.kind(tree) == "atom" and tree.children[0].value in "([" and len(tree.children) == 3:
            if self.kind(tree.children[1]) in ("testlist_gexp", "listmaker") or tree.children[0].value == "[":
                return self.put(ast.Tuple(elts=[], ctx=ast.Store()), tree)
            return self.target(tree.children[1])
        if self.kind(tree) in ("testlist", "exprlist", "testlist_gexp", "listmaker", "testlist_safe"):
            return self.put(ast.Tuple(elts=[], ctx=ast.Store()), tree)
        if self.kind(tree) == "power" and self.kind(tree.children[-1]) == "trailer":
            value = self.expression(tree.children[0])
            for trailer in tree.children[1:-1]:
                value = self.trailer(tree, value, trailer)
            last = tree.children[-1]
            if is_leaf(last.children[0], "."):
                return self.put(ast.Attribute(value=value, attr=last.children[1].value, ctx=ast.Store()), tree)
            if is_leaf(last.children[0], "["):
                index = self.subscript(last.children[1])
                return self.put(ast.Subscript(value=value, slice=index, ctx=ast.Store()), tree)
        raise self.wrong(tree, f"cannot assign to {str(tree).strip()!r}")

    def bind(self, at: Any, name: str, context: type[ast.expr_context] = ast.Store) -> ast.Name:
        name = "@" + name if name in CONSTANT_NAMES else name
        self.renames = self.renames or name[0] == "@"
        return self.put(ast.Name(id=name, ctx=context()), at)

    def do_expr_stmt(self, tree: Any) -> ast.stmt:
        parts = tree.children
        if parts[1].value == "=" if not parts[1].children else False:
            value = self.expression(parts[-1])
            return self.put(ast.Assign(targets=[self.target(p) for p in parts[:-1:2]], value=value), tree)
        sign = parts[1].value[:-1]
        target: Any = self.target(parts[0])
        if isinstance(target, (ast.Tuple, ast.List)):
            raise self.wrong(tree, f"{parts[1].value} changes one name, attribute or element at a time")
        value = self.expression(parts[2])
        return self.put(ast.AugAssign(target=target, op=BINARY[sign](), value=value), tree)

    def do_del_stmt(self, tree: Any) -> ast.stmt:
        what = tree.children[1]
        parts = commas(what.children) if self.kind(what) == "exprlist" else [what]
        return self.put(ast.Delete(targets=[self.target(part, ast.Del) for part in parts]), tree)

    # Simple statements

    def do_print_stmt(self, tree: Any) -> ast.stmt:
        parts = tree.children[1:]
        file = self.constant(tree, None)
        if is_leaf(parts[0], ">>"):
            file, parts = self.expression(parts[1]), parts[3:]
        ends_line = not (parts and is_leaf(parts[-1], ","))
        return self.print_call(tree, file, [self.expression(part) for part in commas(parts)], ends_line)

    def print_call(self, tree: Any, file: ast.expr, values: list[ast.expr], ends_line: bool) -> ast.stmt:
        call = self.call(tree, "print", file, self.constant(tree, ends_line), *values)
        return self.put(ast.Expr(value=call), tree)

    def do_return_stmt(self, tree: Any) -> ast.stmt:
        return self.put(ast.Return(value=self.expression(tree.children[1])), tree)

    def do_assert_stmt(self, tree: Any) -> ast.stmt:
        parts = [self.expression(part) for part in tree.children[1::2]]
        return self.put(ast.Assert(test=parts[0], msg=parts[1] if len(parts) > 1 else None), tree)

    def do_raise_stmt(self, tree: Any) -> ast.stmt:
        values = [self.expression(part) for part in tree.children[1::2]]
        what = values[0] if len(values) == 1 else self.call(tree, "raised", *values)
        return self.put(ast.Raise(exc=what, cause=None), tree)

    def do_global_stmt(self, tree: Any) -> ast.stmt:
        names = [leaf.value for leaf in commas(tree.children[1:])]
        names = ["@" + name if name in CONSTANT_NAMES else name for name in names]
        self.renames = self.renames or any(name[0] == "@" for name in names)
        return self.put(ast.Global(names=names), tree)

    def do_exec_stmt(self, tree: Any) -> ast.stmt:
        values = [self.expression(part) for part in tree.children[1::2]]
        self.runs_text = True
        return self.put(ast.Expr(value=self.call(tree, "exec", *values)), tree)

    # Imports

    def do_import_name(self, tree: Any) -> ast.stmt:
        parts = tree.children[1]
        listed = commas(tree.children[1:]) if len(tree.children) > 2 else [parts]
        names = []
        for part in listed:
            if self.kind(part) == "dotted_as_name":
                names.append(self.alias(part, dotted(part.children[0]), part.children[2].value))
            else:
                names.append(self.alias(part, dotted(part), None))
        return self.put(ast.Import(names=names), tree)

    def do_import_from(self, tree: Any) -> ast.stmt:
        words = [part for part in tree.children[1:]]
        split = next(place for place, part in enumerate(words) if is_leaf(part, "import"))
        level = sum(len(part.value) for part in words[:split] if not part.children and set(part.value) == {"."})
        module = next((dotted(p) for p in words[:split] if p.children or p.type == 1), None)
        names = []
        what = [part for part in words[split + 1 :] if not is_leaf(part, "(") and not is_leaf(part, ")")]
        if is_leaf(what[0], "*"):
            if self.depth:
                self.runs_text = True
                text = self.constant(tree, f"from {'.' * level}{module or ''} import *")
                return self.put(ast.Expr(value=self.call(tree, "exec", text)), tree)
            names = [self.put(ast.alias(name="*", asname=None), tree)]
        else:
            listed = commas(what[0].children) if self.kind(what[0]) == "import_as_names" else what
            for part in listed:
                whole = part.children if self.kind(part) == "import_as_name" else None
                names.append(self.alias(part, whole[0].value if whole else part.value,
                                        whole[2].value if whole else None))  # fmt: skip
        return self.put(ast.ImportFrom(module=module, names=names, level=level), tree)

    def alias(self, at: Any, name: str, renamed: str | None) -> ast.alias:
        return self.put(ast.alias(name=name, asname=renamed), at)

    # Compound statements

    def suite(self, tree: Any) -> list[ast.stmt]:
        trees = tree.children if self.kind(tree) == "suite" else [tree]
        made = self.statements(trees)
        return made or [self.put(ast.Pass(), tree)]

    def do_if_stmt(self, tree: Any) -> ast.stmt:
        parts = tree.children
        orelse: list[ast.stmt] = []
        if is_leaf(parts[-3], "else"):
            last, parts = parts[-1], parts[:-3]
        else:
            last = None
        branches = [(parts[at], self.expression(parts[at + 1]), self.suite(parts[at + 3]))
                    for at in range(0, len(parts), 4)]  # fmt: skip
        orelse = self.suite(last) if last is not None else []
        for word, test, body in reversed(branches):
            orelse = [self.put(ast.If(test=test, body=body, orelse=orelse), word, tree)]
        return orelse[0]

    def do_while_stmt(self, tree: Any) -> ast.stmt:
        parts = tree.children
        test, body = self.expression(parts[1]), self.suite(parts[3])
        return self.put(ast.While(test=test, body=body, orelse=self.suite(parts[6]) if len(parts) > 4 else []), tree)

    def do_for_stmt(self, tree: Any) -> ast.stmt:
        parts = tree.children
        values, target = self.expression(parts[3]), self.target(parts[1])
        body = self.suite(parts[5])
        orelse = self.suite(parts[8]) if len(parts) > 6 else []
        return self.put(ast.For(target=target, iter=values, body=body, orelse=orelse), tree)

    def do_with_stmt(self, tree: Any) -> ast.stmt:
        items = []
        for part in commas(tree.children[1:-2]):
            parts = part.children if self.kind(part) == "with_item" else [part]
            target = self.target(parts[2]) if len(parts) > 1 else None
            items.append(ast.withitem(context_expr=self.expression(parts[0]), optional_vars=target))
        return self.put(ast.With(items=items, body=self.suite(tree.children[-1])), tree)

    def do_try_stmt(self, tree: Any) -> ast.stmt:
        made = ast.Try(body=self.suite(tree.children[2]), handlers=[], orelse=[], finalbody=[])
        parts = tree.children[3:]
        for head, body in zip(parts[::3], parts[2::3], strict=False):
            if is_leaf(head, "else"):
                made.orelse = self.suite(body)
            elif is_leaf(head, "finally"):
                made.finalbody = self.suite(body)
            else:
                made.handlers.append(self.handler(head, body))
        return self.put(made, tree)

    def handler(self, head: Any, body: Any) -> ast.ExceptHandler:
        """Convert `except E, target:`."""
        parts = head.children
        kind = self.expression(parts[1]) if parts else None
        target = None
        if len(parts) > 2:
            if parts[2].value not in (",", "as"):
                raise self.wrong(parts[2], f"expected a comma before the name of the exception, not {parts[2].value}")
            target = self.target(parts[3])
        made = ast.ExceptHandler(type=kind, name=None, body=self.suite(body))
        made.old_target = target  # type: ignore[attr-defined]
        return self.put(made, head, body)


def dotted(tree: Any) -> str:
    """Return `a.b.c` of a name or a dotted one."""
    return "".join(leaf.value for leaf in tree.leaves()) if tree.children else tree.value


def parts_of(tree: Any) -> list[Any]:
    """Return the elements of a target that is a list with or without brackets."""
    if tree.children[0].type < 256 and tree.children[0].value in ("(", "["):
        inside = tree.children[1]
        if inside.children and inside.type >= 256 and any(is_leaf(part, ",") for part in inside.children):
            return commas(inside.children)
        return [inside]
    return commas(tree.children)
