"""Writes `/`, `%`, `+` and repr() with the meaning they had."""

from __future__ import annotations

import re
from typing import Any

from rawwfile.cherrypy.meanings import as_text
from rawwfile.port.concrete import code_of, commas, is_leaf, leaves
from rawwfile.port.kinds import NUMBERS, WHOLE, Kinds, deep_words, is_only, words
from rawwfile.port.writing import Writing, fitted, level_of

BOXES = frozenset({"list", "fresh", "tuple", "dict"})
ESCAPED = "%r of 2.x escaped what is not ASCII, as %a does"
DIRECTIVE = re.compile(r"%(?:\((.*?)\))?([-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?)(.)", re.DOTALL)
_LEVEL = {"term": 11, "arith_expr": 10, "shift_expr": 9, "and_expr": 8, "xor_expr": 7, "expr": 6}


class Operators(Writing):
    """The part of the writer for arithmetic and for values that become text."""

    def on_arith_expr(self, node: Any) -> str:
        level = _LEVEL[self.kind(node)]
        parts = node.children
        made = self.operand(parts[0], level)
        for place in range(1, len(parts), 2):
            sign, right = parts[place], parts[place + 1]
            if sign.value == "/":
                made = self.division(node, parts[:place], made, sign, right)
            elif sign.value == "%":
                made = self.formatted(parts[:place], made, sign, right)
            else:
                if sign.value == "+":
                    self.met(sign, right)
                text = self.before(sign) + sign.value + self.before(right) + self.operand(right, level + 1)
                made = made + text
        return made

    on_term = on_shift_expr = on_and_expr = on_xor_expr = on_expr = on_arith_expr

    def met(self, sign: Any, right: Any) -> None:
        """Say it where unicode text may meet text of bytes, which 2.x decoded as ASCII."""
        found = words(self.flow.known.get(id(sign), frozenset())), words(self.kinds(right))
        if any("unicode" in one and "str" in other for one, other in (found, found[::-1])):
            self.look(right, "unicode", "2.x decoded text as ASCII where it met unicode text, or failed")

    def division(self, node: Any, left: list[Any], text: str, sign: Any, right: Any) -> str:
        """Return `left / right` with 2.x's meaning."""
        a, b = self.flow.known.get(id(sign), frozenset({"any"})), self.kinds(right)
        after = self.before(sign)
        behind = self.before(right)
        if is_only(a, WHOLE) and is_only(b, WHOLE):
            self.decide(left[0], "division", "both sides are whole numbers: //")
            return text + after + "//" + behind + self.operand(right, 12)
        if is_only(a, ["float", "complex"]) or is_only(b, ["float", "complex"]):
            return text + after + "/" + behind + self.operand(right, 12)
        other = bare(self.expression(right))
        text = bare(text)
        if self.has_own_division(a):
            return text + after + "/" + behind + self.operand(right, 12)
        self.look(left[0], "division", "/ gave a whole number for two whole numbers: write // or / instead of divide()")
        return f"{self.helper('divide')}({text}, {fitted(other, 0)})"

    def has_own_division(self, kinds: Kinds) -> bool:
        return bool(kinds) and words(kinds) <= {"str", "list", "fresh", "none", "dict"}

    def formatted(self, left: list[Any], text: str, sign: Any, right: Any) -> str:
        """Return `text % values`; floats for %s and letters for %r as 2.x wrote them."""
        first = left[0]
        is_literal = len(left) == 1 and (self.kind(first) == "STRING" or self.is_strings(first))
        behind = self.before(right)
        if not is_literal:
            return text + self.before(sign) + "%" + behind + self.operand(right, 12)
        directives = [(one.group(1) or "", one.group(3)) for one in DIRECTIVE.finditer(code_of(first))]
        found = [(key, letter) for key, letter in directives if letter != "%"]
        inside = right.children[1] if self.kind(right) == "atom" and len(right.children) == 3 else None
        if inside is not None and is_leaf(right.children[0], "(") and self.kind(inside) == "testlist_gexp":
            items = commas(inside.children)
        elif inside is not None and self.kind(inside) == "dictsetmaker":
            items = []
        else:
            items = [right]
        texts: dict[int, str] = {}
        letters = ["a" if letter == "r" else letter for _, letter in found]
        is_keyed = any(key for key, _ in found)
        is_spread = items == [right] and "tuple" in words(self.kinds(right))
        if len(items) == len(found) and not is_keyed and not is_spread:
            for place, (item, (_, letter)) in enumerate(zip(items, found, strict=False)):
                if letter == "s":
                    texts[id(item)] = self.said(item)
                elif letter == "r":
                    letters[place] = self.shown_by(item, texts)
        elif "r" in [letter for _, letter in found]:
            self.decide(first, "repr", ESCAPED)
        text = with_letters(text, letters)
        if items and items[0] is right:
            made = texts.get(id(right)) or self.expression(right)
            made = made if made == code_of(right) else fitted(made, 12)
            return text + self.before(sign) + "%" + behind + made
        assert inside is not None
        if self.kind(inside) == "dictsetmaker" and is_leaf(inside.children[1], ":"):
            for key, value in zip(inside.children[::4], inside.children[2::4], strict=False):
                if (code_of(key).strip("'\""), "s") in found:
                    texts[id(value)] = self.said(value)
        made = "".join(
            (self.before(child) if place else "") + (texts.get(id(child)) or self.expression(child))
            for place, child in enumerate(inside.children)
        )
        opening, closing = right.children[0].value, self.before(right.children[2]) + right.children[2].value
        return text + self.before(sign) + "%" + behind + opening + self.before(inside) + made + closing

    def is_strings(self, node: Any) -> bool:
        return self.kind(node) == "atom" and all(self.kind(child) == "STRING" for child in node.children)

    def said(self, node: Any) -> str:
        """Return the text of a value that will be made text: a float gets as_text()."""
        kinds = words(self.kinds(node))
        text = self.expression(node)
        if kinds & BOXES:
            inside = deep_words(self.kinds(node)) - kinds
            self.shown_inside(node, inside)
            if not self.is_plain_inside(node, inside):
                self.decide(node, "repr", "text inside a list, tuple or dict was escaped where it is not ASCII")
                return f"ascii({text})" if kinds <= BOXES | {"maybe"} else f"{self.helper('as_text')}({bare(text)})"
        if kinds & {"class", "error", "instance"}:
            self.look(
                node, "repr", "the text of classes, and of exceptions and instances of Python itself, is another now"
            )
        if kinds == {"class"}:
            return f"{self.helper('as_text')}({bare(text)})"
        if kinds & {"float", "number"}:
            level = "certain" if kinds <= {"float", "int", "maybe"} else "look"
            self.decide(node, "float-text", "a float was written with 12 digits at most: as_text()", level)  # type: ignore[arg-type]
            if self.kind(node) == "NUMBER" and as_text(float(node.value)) == str(float(node.value)):
                return text
            return f"{self.helper('as_text')}({bare(text)})"
        if "any" in kinds:
            self.look(node, "float-text", "should this be a float: 2.x wrote 12 digits at most (as_text() does)")
        return text

    def shown(self, node: Any, inside: Any, text: str) -> str:
        """Return repr(text); ascii() where text can have letters beyond ASCII, which 2.x escaped."""
        kinds = words(self.kinds(inside)) - {"maybe"}
        self.shown_inside(node, deep_words(self.kinds(inside)) - kinds)
        if kinds == {"long"}:
            self.look(node, "repr", "repr() of a long integer ended with L: leave the L out if nobody needs it")
            return f"{fitted(f'repr({text})', 11)} + {self.quoted('L')}"
        if kinds == {"unicode"}:
            self.look(node, "repr", "repr() of unicode text began with u: leave the u out if nobody needs it")
            return f"{self.quoted('u')} + ascii({text})"
        self.shown_inside(node, kinds)
        if kinds <= NUMBERS | {"none", "number"}:
            return f"repr({text})"
        self.decide(node, "repr", "repr() of 2.x escaped what is not ASCII, as ascii() does")
        return f"ascii({text})"

    def shown_by(self, item: Any, texts: dict[int, str]) -> str:
        """Return the letter of the directive for a `%r`; with another than `a`, `texts` gets what goes there."""
        kinds = words(self.kinds(item)) - {"maybe"}
        if kinds in ({"long"}, {"unicode"}):
            texts[id(item)] = self.shown(item, item, self.expression(item))
            return "s"
        self.shown_inside(item, deep_words(self.kinds(item)))
        if kinds <= NUMBERS | {"none"}:
            return "r"
        self.decide(item, "repr", ESCAPED)
        return "a"

    def quoted(self, text: str) -> str:
        """Return a literal, in the quotes of the mode."""
        return f"'{text}'" if self.mode == "expression" else f'"{text}"'

    def is_plain_inside(self, node: Any, inside: frozenset[str]) -> bool:
        """Whether str() of a container certainly writes nothing beyond ASCII."""
        if inside and inside <= NUMBERS | {"none", "maybe"} | BOXES:
            return True
        tokens = [leaf.value for leaf in leaves(node)]
        return all(token.isascii() and "\\" not in token and not token[:1].isidentifier() for token in tokens)

    def shown_inside(self, node: Any, kinds: frozenset[str]) -> None:
        """Say what repr() showed in another way."""
        if "long" in kinds:
            self.look(node, "repr", "repr() of a long integer ended with L; it does not now")
        if "unicode" in kinds:
            self.look(node, "repr", "repr() of unicode text began with u; it does not now")
        if kinds & {"class", "error", "instance"}:
            self.look(node, "repr", "classes, instances and exceptions are shown in another way now")


def with_letters(text: str, letters: list[str]) -> str:
    """Return a format with these letters for its directives, in their order."""
    rest = iter(letters)

    def changed(found: re.Match[str]) -> str:
        return found.group() if found.group(3) == "%" else found.group()[:-1] + next(rest, found.group(3))

    return DIRECTIVE.sub(changed, text)


def bare(text: str) -> str:
    """Return an expression without the parentheses around all of it."""
    inside = text[1:-1]
    is_whole = text.startswith("(") and text.endswith(")") and balanced(inside) and not set(inside) & set("\n'\"")
    return inside if is_whole and level_of(inside) >= 0 else text


def balanced(text: str) -> bool:
    """Whether no bracket closes that was not opened before."""
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            return False
    return True
