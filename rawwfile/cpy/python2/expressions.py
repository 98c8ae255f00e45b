"""Expressions of the fissix tree to `ast`. What they mean is put in by `meaning`."""

from __future__ import annotations

import ast
from typing import Any

from rawwfile.cpy.python2.literals import LiteralError, number, string
from rawwfile.cpy.python2.tree import CONSTANT_NAMES, Base, commas, is_leaf, names_in

BINARY: dict[str, type[ast.operator]] = {
    "+": ast.Add, "-": ast.Sub, "*": ast.Mult, "//": ast.FloorDiv, "|": ast.BitOr, "^": ast.BitXor,
    "&": ast.BitAnd, "<<": ast.LShift, ">>": ast.RShift, "**": ast.Pow, "/": ast.Div, "%": ast.Mod,
}  # fmt: skip
UNARY: dict[str, type[ast.unaryop]] = {"-": ast.USub, "+": ast.UAdd, "~": ast.Invert, "not": ast.Not}
COMPARISONS: dict[str, type[ast.cmpop]] = {
    "==": ast.Eq, "!=": ast.NotEq, "<>": ast.NotEq, "in": ast.In, "not in": ast.NotIn, "is": ast.Is,
    "is not": ast.IsNot, "<": ast.Lt, ">": ast.Gt, "<=": ast.LtE, ">=": ast.GtE,
}  # fmt: skip


class Expressions(Base):
    """The half of the converter for what has a value."""

    def expression(self, tree: Any) -> ast.expr:
        """Convert one expression, or a list of them without brackets, which is a tuple."""
        kind = self.kind(tree)
        convert = getattr(self, "on_" + (kind.lower() or "leaf"), None)
        if convert is None:
            raise self.wrong(tree, f"invalid syntax at {str(tree).strip()!r}")
        return convert(tree)

    # Leaves

    def on_name(self, tree: Any) -> ast.expr:
        if tree.value == "yield":
            return self.put(ast.Yield(value=None), tree)
        return self.name(tree, tree.value)

    def name(self, at: Any, name: str) -> ast.expr:
        """Convert a name that is read; `None` and the like are constants until something binds them."""
        return self.constant(at, CONSTANT_NAMES[name]) if name in CONSTANT_NAMES else self.load(at, name)

    def on_number(self, tree: Any) -> ast.expr:
        try:
            value, is_long = number(tree.value)
        except LiteralError as error:
            raise self.wrong(tree, str(error)) from None
        constant = self.constant(tree, value)
        return self.call(tree, "long", constant) if is_long else constant

    def on_string(self, tree: Any) -> ast.expr:
        return self.strings(tree, [tree])

    def strings(self, at: Any, tokens: list[Any]) -> ast.expr:
        """Join adjacent literals; one that is unicode makes all of them so."""
        values = []
        for token in tokens:
            try:
                values.append(string(token.value))
            except LiteralError as error:
                raise self.wrong(token, str(error)) from None
        constant = self.constant(at, "".join(value for value, _ in values))
        return self.call(at, "unicode", constant) if any(flag for _, flag in values) else constant

    # Atoms and trailers

    def on_atom(self, tree: Any) -> ast.expr:
        opening = tree.children[0]
        if opening.type == 3:
            return self.strings(tree, tree.children)
        inside = tree.children[1:-1]
        if opening.value == "`":
            return self.call(tree, "repr", self.expression(inside[0]))
        if opening.value == "(":
            if not inside:
                return self.put(ast.Tuple(elts=[], ctx=ast.Load()), tree)
            value = self.expression(inside[0])
            return self.put(value, tree) if self.kind(inside[0]) == "testlist_gexp" else value
        if opening.value == "[":
            return self.list_display(tree, inside)
        if opening.value == "{":
            return self.dict_display(tree, inside)
        return self.constant(tree, ...)

    def list_display(self, tree: Any, inside: list[Any]) -> ast.expr:
        if inside and self.kind(inside[0]) == "listmaker":
            parts = inside[0].children
            if self.kind(parts[-1]) in ("list_for",):
                return self.comprehension(tree, ast.ListComp, [parts[0]], parts[-1])
            inside = commas(parts)
        return self.put(ast.List(elts=[self.expression(part) for part in inside], ctx=ast.Load()), tree)

    def dict_display(self, tree: Any, inside: list[Any]) -> ast.expr:
        if not inside:
            return self.put(ast.Dict(keys=[], values=[]), tree)
        parts = inside[0].children if self.kind(inside[0]) == "dictsetmaker" else inside
        if len(parts) > 1 and is_leaf(parts[1], ":"):
            if self.kind(parts[-1]) == "gen_for":
                return self.comprehension(tree, ast.DictComp, [parts[0], parts[2]], parts[-1])
            parts = [part for part in commas(parts) if not is_leaf(part, ":")]
            keys: list[ast.expr | None] = [self.expression(part) for part in parts[::2]]
            return self.put(ast.Dict(keys=keys, values=[self.expression(part) for part in parts[1::2]]), tree)
        if self.kind(parts[-1]) == "gen_for":
            return self.comprehension(tree, ast.SetComp, [parts[0]], parts[-1])
        return self.put(ast.Set(elts=[self.expression(part) for part in commas(parts)]), tree)

    def on_power(self, tree: Any) -> ast.expr:
        parts = list(tree.children)
        value = self.expression(parts.pop(0))
        while parts and not is_leaf(parts[0], "**"):
            trailer = parts.pop(0)
            value = self.trailer(tree, value, trailer)
        if parts:
            value = self.binary(tree, value, "**", self.expression(parts[1]))
        return value

    def trailer(self, tree: Any, value: ast.expr, trailer: Any) -> ast.expr:
        opening = trailer.children[0].value
        if opening == "(":
            return self.arguments_call(tree, value, trailer)
        if opening == "[":
            index = self.subscript(trailer.children[1])
            return self.put(ast.Subscript(value=value, slice=index, ctx=ast.Load()), tree, trailer)
        name = trailer.children[1].value
        return self.put(ast.Attribute(value=value, attr=name, ctx=ast.Load()), tree, trailer)

    def arguments_call(self, tree: Any, function: ast.expr, trailer: Any) -> ast.expr:
        call = ast.Call(func=function, args=[], keywords=[])
        inside = trailer.children[1:-1]
        parts = inside
        if inside and self.kind(inside[0]) == "arglist":
            parts = commas(inside[0].children)
        self.arguments(call, parts)
        return self.put(call, tree, trailer)

    def arguments(self, call: ast.Call, parts: list[Any]) -> None:
        """Convert the arguments of a call. Raises OldSyntaxError where their order is wrong."""
        for part in parts:
            is_plain = self.kind(part) != "argument" or self.kind(part.children[-1]) == "gen_for"
            if is_plain and (call.keywords or any(isinstance(each, ast.Starred) for each in call.args)):
                raise self.wrong(part, "a positional argument follows a keyword argument")
            if is_plain and part.children and len(parts) > 1 and self.kind(part.children[-1]) == "gen_for":
                raise self.wrong(part, "a generator expression needs brackets beside other arguments")
            self.argument(call, part)

    def argument(self, call: ast.Call, part: Any) -> None:
        if self.kind(part) != "argument":
            call.args.append(self.expression(part))
            return
        first, last = part.children[0], part.children[-1]
        if is_leaf(first, "*") and len(part.children) == 2:
            call.args.append(self.put(ast.Starred(value=self.expression(last), ctx=ast.Load()), part))
        elif is_leaf(first, "**"):
            call.keywords.append(self.put(ast.keyword(arg=None, value=self.expression(last)), part))
        elif self.kind(last) == "gen_for":
            call.args.append(self.comprehension(part, ast.GeneratorExp, [first], last))
        elif self.kind(first) != "NAME":
            raise self.wrong(first, "the keyword of an argument must be a name")
        else:
            name = "@" + first.value if first.value in CONSTANT_NAMES else first.value
            call.keywords.append(self.put(ast.keyword(arg=name, value=self.expression(last)), part))

    def subscript(self, tree: Any) -> ast.expr:
        if self.kind(tree) == "subscriptlist":
            return self.put(ast.Tuple(elts=[self.subscript(p) for p in commas(tree.children)], ctx=ast.Load()), tree)
        if is_leaf(tree, ":"):
            return self.put(ast.Slice(), tree)
        if self.kind(tree) != "subscript":
            return self.expression(tree)
        bounds: list[ast.expr | None] = [None, None, None]
        place = 0
        for part in tree.children:
            if is_leaf(part, ":"):
                place += 1
            elif self.kind(part) == "sliceop":
                bounds[2] = self.expression(part.children[1])
            elif place < 2:
                bounds[place] = self.expression(part)
        return self.put(ast.Slice(lower=bounds[0], upper=bounds[1], step=bounds[2]), tree)

    # Lists without brackets

    def on_testlist(self, tree: Any) -> ast.expr:
        return self.put(ast.Tuple(elts=[self.expression(p) for p in commas(tree.children)], ctx=ast.Load()), tree)

    on_exprlist = on_testlist1 = on_testlist_safe = on_testlist

    def on_testlist_gexp(self, tree: Any) -> ast.expr:
        if self.kind(tree.children[-1]) == "gen_for":
            return self.comprehension(tree, ast.GeneratorExp, [tree.children[0]], tree.children[-1])
        return self.on_testlist(tree)

    # Operators

    def binary(self, tree: Any, left: ast.expr, sign: str, right: ast.expr) -> ast.expr:
        return self.put(ast.BinOp(left=left, op=BINARY[sign](), right=right), tree)

    def on_arith_expr(self, tree: Any) -> ast.expr:
        parts = tree.children
        value = self.expression(parts[0])
        for sign, right in zip(parts[1::2], parts[2::2], strict=False):
            value = self.put(self.binary(tree, value, sign.value, self.expression(right)), tree, right)
        return value

    on_term = on_shift_expr = on_and_expr = on_xor_expr = on_expr = on_arith_expr

    def on_factor(self, tree: Any) -> ast.expr:
        sign, operand = tree.children
        return self.put(ast.UnaryOp(op=UNARY[sign.value](), operand=self.expression(operand)), tree)

    on_not_test = on_factor

    def on_and_test(self, tree: Any) -> ast.expr:
        operator = ast.And() if self.kind(tree) == "and_test" else ast.Or()
        return self.put(ast.BoolOp(op=operator, values=[self.expression(p) for p in tree.children[::2]]), tree)

    on_or_test = on_and_test

    def on_test(self, tree: Any) -> ast.expr:
        body, _, test, _, other = tree.children
        return self.put(
            ast.IfExp(test=self.expression(test), body=self.expression(body), orelse=self.expression(other)), tree
        )

    def on_comparison(self, tree: Any) -> ast.expr:
        signs = [str(part).strip() if not part.children else " ".join(leaf.value for leaf in part.children)
                 for part in tree.children[1::2]]  # fmt: skip
        operands = [self.expression(part) for part in tree.children[::2]]
        operators = [COMPARISONS[sign]() for sign in signs]
        return self.put(ast.Compare(left=operands[0], ops=operators, comparators=operands[1:]), tree)

    def on_yield_expr(self, tree: Any) -> ast.expr:
        value = self.expression(tree.children[1]) if tree.children else None
        return self.put(ast.Yield(value=value), tree)

    # Comprehensions

    def comprehension(self, tree: Any, made: Any, results: list[Any], loop: Any) -> ast.expr:
        """Convert a comprehension."""
        generators: list[ast.comprehension] = []
        while loop is not None:
            parts = loop.children
            if parts[0].value == "if":
                generators[-1].ifs.append(self.expression(parts[1]))
                loop = parts[2] if len(parts) > 2 else None
                continue
            target, source = self.target(parts[1]), self.expression(parts[3])
            generators.append(ast.comprehension(target=target, iter=source, ifs=[], is_async=0))
            loop = parts[4] if len(parts) > 4 else None
        values = [self.expression(result) for result in results]
        if made is ast.DictComp:
            return self.put(ast.DictComp(key=values[0], value=values[1], generators=generators), tree)
        return self.put(made(elt=values[0], generators=generators), tree)

    # Lambdas

    def on_lambdef(self, tree: Any) -> ast.expr:
        body = tree.children[-1]
        listed = tree.children[1] if len(tree.children) == 4 else None
        arguments, unpacked = self.parameters(listed)
        value = self.expression(body)
        for hidden, names in unpacked:
            value = self.opened(tree, hidden, names, value)
        return self.put(ast.Lambda(args=arguments, body=value), tree)

    on_old_lambdef = on_lambdef

    def opened(self, tree: Any, hidden: str, names: ast.expr, value: ast.expr) -> ast.expr:
        """Return `(lambda a, b: value)(*spread(hidden))` for the parameter `(a, b)`."""
        inner, _ = self.parameters(None)
        inner.args = [self.put(ast.arg(arg=name.id), tree) for name in names_in(names)]
        shape = self.constant(tree, shape_of(names))
        spread = self.call(tree, "spread", self.load(tree, hidden), shape)
        function = self.put(ast.Lambda(args=inner, body=value), tree)
        star = self.put(ast.Starred(value=spread, ctx=ast.Load()), tree)
        return self.put(ast.Call(func=function, args=[star], keywords=[]), tree)

    def parameters(self, tree: Any) -> tuple[ast.arguments, list[tuple[str, ast.expr]]]:
        raise NotImplementedError

    def target(self, tree: Any) -> ast.expr:
        raise NotImplementedError


def shape_of(names: ast.expr) -> Any:
    """Return None for a name and a tuple for a tuple of them."""
    return tuple(map(shape_of, names.elts)) if isinstance(names, ast.Tuple) else None
