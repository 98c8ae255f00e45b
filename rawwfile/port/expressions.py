"""Writes expressions; calls and modules are in other files."""

from __future__ import annotations

import re
from typing import Any

from rawwfile.cpy.python2.literals import LiteralError, number, string
from rawwfile.cpy.python2.syntax import OldSyntaxError
from rawwfile.port.concrete import code_of, is_leaf, leaves
from rawwfile.port.kinds import NUMBERS, words
from rawwfile.port.literals import literal
from rawwfile.port.operators import Operators
from rawwfile.port.writing import fitted, safe_name

ORDERINGS = ("<", ">", "<=", ">=")
_TEXTS = frozenset({"str", "unicode"})


class Expressions(Operators):
    """The half of the writer for what has a value."""

    def expression(self, node: Any) -> str:
        """Return the Python 3 text of an expression, without what stands before it."""
        kind = self.kind(node)
        handler = getattr(self, "on_" + kind.lower(), None) if kind else None
        return handler(node) if handler is not None else self.generic(node)

    # Leaves

    def on_name(self, leaf: Any) -> str:
        if leaf.value in KEYWORDS:
            return str(leaf.value)
        return self.name(leaf)

    def on_number(self, leaf: Any) -> str:
        text = leaf.value
        try:
            number(text)
        except LiteralError as error:
            raise OldSyntaxError(str(error), leaf.lineno, leaf.column) from None
        made = text.rstrip("lL")
        if re.fullmatch("0[0-9]+", made) and made.strip("0"):
            made = "0o" + made.lstrip("0")
        elif re.fullmatch("00+", made):
            made = "0"
        if text != text.rstrip("lL") and self.is_kept(leaf):
            self.look(leaf, "repr", "a long integer in a list, dict or session was shown with an L behind it")
        if made != text:
            self.decide(leaf, "number", f"{text} is written {made}")
        return made

    def on_string(self, leaf: Any) -> str:
        try:
            string(leaf.value)
        except LiteralError as error:
            raise OldSyntaxError(str(error), leaf.lineno, leaf.column) from None
        if leaf.value[:1] in "uU" and self.is_kept(leaf):
            self.look(leaf, "repr", "unicode text in a list, dict or session was shown with a u in front of it")
        return literal(leaf.value, prefer="" if self.mode == "expression" else '"')

    def is_kept(self, leaf: Any) -> bool:
        """Whether a container, or an item of one, is given this value."""
        parent = leaf.parent
        kind = self.kind(parent) if parent is not None else ""
        is_item = kind == "expr_stmt" and self.kind(parent.children[0]) == "power"
        if kind == "testlist_gexp":
            # The values behind `%` are no tuple that anybody sees.
            before = parent.parent.prev_sibling
            return before is None or not is_leaf(before, "%")
        is_list = kind == "atom" and is_leaf(parent.children[0], "[")
        return is_item or is_list or kind in ("listmaker", "dictsetmaker")

    def on_atom(self, node: Any) -> str:
        opening = node.children[0]
        if opening.type < 256 and opening.value == "`":
            inside = node.children[1]
            self.decide(node, "backticks", "backticks are repr() or ascii()")
            return self.shown(node, inside, self.expression(inside))
        text = self.generic(node)
        if text.startswith("(") and text != code_of(node) and self.kind(node.children[1]) == "testlist_gexp":
            names = [part.strip() for part in text[1:-1].split(",")]
            single = list(dict.fromkeys(names))
            if len(single) < len(names) and all(name in TYPES for name in names):
                return f"({', '.join(single)}{',' * (len(single) == 1)})"
        return text

    # Operators

    def on_factor(self, node: Any) -> str:
        sign, operand = node.children
        return sign.value + self.operand(operand, 12)

    def on_not_test(self, node: Any) -> str:
        inside = node.children[1]
        text = self.expression(inside)
        for old, new in ((" in ", " not in "), (" is ", " is not ")):
            plain = (
                self.kind(inside) == "comparison"
                and len(inside.children) == 3
                and is_leaf(inside.children[1], old.strip())
            )
            asked = (
                self.kind(inside) == "power"
                and text != code_of(inside)
                and old == " in "
                and ".has_key" in code_of(inside)
            )
            if plain or asked:
                left, found, right = text.partition(old)
                if found and found.strip() not in left.split() and level_is_clean(left):
                    return left + new + right
        return "not " + (text if text == code_of(inside) else fitted(text, 4))

    def on_and_test(self, node: Any) -> str:
        level = 3 if self.kind(node) == "and_test" else 2
        made = ""
        for place, child in enumerate(node.children):
            text = child.value if place % 2 else self.operand(child, level + 1)
            made += (self.before(child) if place else "") + text
        return made

    on_or_test = on_and_test

    def on_comparison(self, node: Any) -> str:
        parts = node.children
        signs = [" ".join(leaf.value for leaf in leaves(part)) for part in parts[1::2]]
        made = self.operand(parts[0], 6)
        if len(signs) == 1 and signs[0] in ORDERINGS:
            mixed = self.mixed(parts[0], parts[2])
            if mixed:
                self.look(parts[0], "order", f"{mixed}; 2.x had an order for any two values, as compare() has")
                return (
                    f"{self.helper('compare')}({self.expression(parts[0])}, {self.expression(parts[2])}) {signs[0]} 0"
                )
        for place, sign in enumerate(signs):
            left, middle, right = parts[2 * place : 2 * place + 3]
            if sign in ORDERINGS:
                self.unsure(left, right)
            other = self.operand(right, 6)
            sign = self.sign(node, left, sign, right)
            made += (self.before(middle) or " ") + sign + (self.before(right) or " ") + other
        return made

    def sign(self, node: Any, left: Any, sign: str, right: Any) -> str:
        """Return today's operator: <> is !=, `== None` is `is None`, `is 'text'` is ==."""
        if sign == "<>":
            self.decide(node, "operator", "<> is !=")
            sign = "!="
        if sign in ("==", "!=") and (self.is_none(right) or self.is_none(left)):
            return "is" if sign == "==" else "is not"
        if sign in ("is", "is not") and (
            self.kind(right) in ("STRING", "NUMBER") or self.kind(left) in ("STRING", "NUMBER")
        ):
            self.decide(node, "operator", f"`{sign}` compared with a literal; it is compared by value now")
            return "==" if sign == "is" else "!="
        if sign in ("==", "!=") and "type" in code_of(left) + code_of(right):
            if words(self.kinds(left)) == {"class"} or words(self.kinds(right)) == {"class"}:
                return "is" if sign == "==" else "is not"
        return sign

    def is_none(self, node: Any) -> bool:
        return self.kind(node) == "NAME" and node.value == "None" and self.scope.home("None") is None

    def mixed(self, left: Any, right: Any) -> str:
        """Return what two types may meet in an order comparison that Python 3 refuses, or ''."""
        a, b = words(self.kinds(left)) - {"any", "maybe"}, words(self.kinds(right)) - {"any", "maybe"}
        pairs = [(x, y) for x in sorted(a) for y in sorted(b) if not comparable(x, y)]
        return f"{pairs[0][0]} may be compared with {pairs[0][1]}" if pairs else ""

    def unsure(self, left: Any, right: Any) -> None:
        kinds = words(self.kinds(left)) | words(self.kinds(right))
        if "any" in kinds:
            self.look(
                left, "order", "should the two be of different types: Python 3 has no order for them (compare() has)"
            )

    # Others

    def on_yield_expr(self, node: Any) -> str:
        return "yield " + self.expression(node.children[1])

    def on_test(self, node: Any) -> str:
        return self.generic(node)

    def on_list_for(self, node: Any) -> str:
        made = []
        for place, child in enumerate(node.children):
            text = self.expression(child) if child.children or place not in (0, 2) else child.value
            if place == 3 and self.kind(child) in ("testlist_safe", "testlist"):
                text = f"({text})"
            made.append((self.before(child) if place else "") + text)
        return "".join(made)

    on_gen_for = on_list_for

    def on_argument(self, node: Any) -> str:
        parts = node.children
        if len(parts) == 3 and is_leaf(parts[1], "="):
            if safe_name(parts[0].value) != parts[0].value:
                self.look(
                    parts[0], "keyword", f"{parts[0].value} is a keyword now; does the function take {parts[0].value}_?"
                )
            return f"{safe_name(parts[0].value)}={self.expression(parts[2])}"
        return self.generic(node)

    def on_subscript(self, node: Any) -> str:
        return "".join(
            (self.before(child) if place and "\n" in self.before(child) else "") + self.expression(child)
            for place, child in enumerate(node.children)
        )

    def on_testlist1(self, node: Any) -> str:
        return "(" + self.generic(node) + ")"

    def on_testlist_gexp(self, node: Any) -> str:
        return self.generic(node)

    def compared_by(self, function: str) -> str:
        """Return cmp_to_key(function)."""
        return f"{self.bring('functools', 'cmp_to_key')}({function})"


def level_is_clean(text: str) -> bool:
    """Whether a text can stand left of `in` as it is."""
    return fitted(text, 6) == text


def comparable(a: str, b: str) -> bool:
    """Whether Python 3 has an order for values of these kinds."""
    lists = {"list", "fresh"}
    same = ({a, b} <= NUMBERS | {"number"}) or ({a, b} <= _TEXTS) or ({a, b} <= lists) or a == b == "tuple"
    builtin = NUMBERS | _TEXTS | lists | {"tuple", "dict", "none", "number", "complex"}
    return same or not (a in builtin and b in builtin)


TYPES = ("int", "str", "float", "list", "tuple", "dict")
KEYWORDS = frozenset(
    "and assert break class continue def del elif else except exec finally for from global if import in is lambda "
    "not or pass print raise return try while yield".split()
)
