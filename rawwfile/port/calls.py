"""Writes names with trailers: calls of builtins, of methods that changed, subscripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rawwfile.port.concrete import code_of, commas, is_leaf
from rawwfile.port.expressions import Expressions
from rawwfile.port.kinds import is_only, words
from rawwfile.port.writing import ATOM, fitted

ITERATING = frozenset(
    "sorted list tuple set frozenset sum max min enumerate any all dict zip map filter reduce iter join "
    "extend Set".split()
)
CHANGING = "pop|popitem|clear|update|setdefault|remove|append|insert|extend|sort|reverse"
PLAIN_NAMES = {"xrange": "range", "unicode": "str", "unichr": "chr", "long": "int", "raw_input": "input",
               "basestring": "str",
               "file": "open", "StandardError": "Exception", "IOError": "OSError",
               "EnvironmentError": "OSError"}  # fmt: skip
ATTRIBUTES = {"func_name": "__name__", "func_code": "__code__", "func_defaults": "__defaults__", "func_doc": "__doc__",
              "func_globals": "__globals__", "func_dict": "__dict__", "func_closure": "__closure__",
              "im_func": "__func__", "im_self": "__self__"}  # fmt: skip


@dataclass
class Argument:
    """One argument of a call. name: of a keyword argument; "*", "**"; "for" for a bare generator."""

    name: str
    node: Any


class Calls(Expressions):
    """The part of the writer for names with trailers. `call_NAME` and `method_NAME` are in the classes above it."""

    def arguments(self, trailer: Any) -> list[Argument]:
        """Return the arguments of a call's trailer."""
        if len(trailer.children) < 3:
            return []
        inside = trailer.children[1]
        made = []
        for part in commas(inside.children) if self.kind(inside) == "arglist" else [inside]:
            first = part.children[0] if self.kind(part) == "argument" else None
            if first is None:
                made.append(Argument("", part))
            elif is_leaf(first, "*") or is_leaf(first, "**"):
                made.append(Argument(first.value, part.children[1]))
            elif is_leaf(part.children[1], "="):
                made.append(Argument(first.value, part.children[2]))
            else:
                made.append(Argument("for", part))
        return made

    def text(self, argument: Argument) -> str:
        """Return an argument's value as it stands alone."""
        return self.expression(argument.node)

    def plain(self, arguments: list[Argument], least: int, most: int) -> bool:
        """Whether there are so many arguments, all by position."""
        return least <= len(arguments) <= most and not any(argument.name for argument in arguments)

    def on_power(self, node: Any) -> str:
        parts = node.children
        end = next((place for place, part in enumerate(parts) if is_leaf(part, "**")), len(parts))
        made, at = self.head(node, end)
        while at < end:
            made, at = self.trailed(node, made, at, end)
        if end < len(parts):
            sign, right = parts[end], parts[end + 1]
            made = fitted(made, 14) + self.before(sign) + "**" + self.before(right) + self.operand(right, 12)
        return made

    def head(self, node: Any, end: int) -> tuple[str, int]:
        """Return the text of the first part (with the trailers that belong to it) and the place of the next."""
        parts = node.children
        first = parts[0]
        found = self.module_head(node, end)
        if found is not None:
            return found
        if (
            self.kind(first) == "NAME"
            and self.is_name(first, first.value)
            and end > 1
            and is_leaf(parts[1].children[0], "(")
        ):
            handler = getattr(self, "call_" + first.value, None)
            made = handler(node, parts[1], self.arguments(parts[1])) if handler is not None else None
            if made is not None:
                return made, 2
        text = self.expression(first)
        level = ATOM if end > 1 and is_leaf(parts[1].children[0], ".") else 14
        return (text if text == code_of(first) else fitted(text, level)), 1

    def module_head(self, node: Any, end: int) -> tuple[str, int] | None:
        raise NotImplementedError

    def on_name(self, leaf: Any) -> str:
        found = self.module_name(leaf)
        if found is not None:
            return found
        name = leaf.value
        if name in PLAIN_NAMES and self.is_name(leaf, name):
            self.decide(leaf, "name", f"{name} is {PLAIN_NAMES[name]}")
            return PLAIN_NAMES[name]
        if self.is_name(leaf, "reduce"):
            return self.bring("functools", "reduce")
        if self.is_name(leaf, "cmp"):
            self.decide(leaf, "name", "cmp is compare()")
            return self.helper("compare")
        if self.is_name(leaf, "intern"):
            return self.module("sys") + ".intern"
        if self.is_name(leaf, "reload"):
            return self.module("importlib") + ".reload"
        for gone in ("apply", "buffer", "coerce", "execfile"):
            if self.is_name(leaf, gone):
                self.look(leaf, "name", f"{gone} is no builtin any more")
        return super().on_name(leaf)

    def module_name(self, leaf: Any) -> str | None:
        raise NotImplementedError

    def trailed(self, node: Any, made: str, at: int, end: int) -> tuple[str, int]:
        """Write the trailer at a place (with the call behind it, where they are one) behind `made`."""
        parts = node.children
        trailer = parts[at]
        opening = trailer.children[0].value
        gap = self.before(trailer)
        if opening == ".":
            name = trailer.children[1]
            if at + 1 < end and is_leaf(parts[at + 1].children[0], "("):
                handler = getattr(self, "method_" + name.value, None)
                if handler is not None:
                    text = handler(node, made, trailer, self.arguments(parts[at + 1]))
                    if text is not None:
                        text, more = text if isinstance(text, tuple) else (text, 0)
                        last = at + 2 + more == len(parts)
                        return (text if last else fitted(text, ATOM)), at + 2 + more
            return made + (gap if "\n" in gap else "") + "." + self.attribute(node, made, trailer, name), at + 1
        if opening == "[":
            return made + self.index(node, made, trailer), at + 1
        return made + self.generic(trailer), at + 1

    def attribute(self, node: Any, made: str, trailer: Any, name: Any) -> str:
        if name.value in ("im_func", "im_self", "im_class", "__bases__"):
            self.look(name, "name", "classes give plain functions for their methods now, and end with object")
        if name.value in ("buf", "reset", "len", "pos") and is_only(
            self.flow.known.get(id(trailer), frozenset()), ["stringio"]
        ):
            self.look(name, "name", f"io.StringIO has no {name.value}")
        if name.value in ATTRIBUTES:
            self.decide(name, "name", f"{name.value} is {ATTRIBUTES[name.value]}")
            return ATTRIBUTES[name.value]
        if name.value == "data" and is_only(self.flow.known.get(id(trailer), frozenset()), ["binary", "maybe"]):
            self.decide(name, "bytes", "bytes come out; they are made text of bytes")
            quote = "'" if self.mode == "expression" else '"'
            return f"data.decode({quote}latin-1{quote})"
        if name.value == "im_class":
            return "__self__.__class__"
        return self.safe(name)

    def index(self, node: Any, made: str, trailer: Any) -> str:
        index = trailer.children[1]
        if is_only(self.flow.known.get(id(trailer), frozenset()), ["error", "none"]):
            self.decide(index, "exception", "an exception's arguments are in .args")
            return ".args[" + self.expression(index) + "]"
        return self.generic(trailer)

    # Where a value goes

    def is_iterated(self, node: Any) -> bool:
        """Whether nothing but one pass over the value of this node happens."""
        parent = node.parent
        while (
            parent is not None
            and self.kind(parent) == "atom"
            and is_leaf(parent.children[0], "(")
            and self.kind(node) != "testlist_gexp"
        ):
            node, parent = parent, parent.parent
        kind = self.kind(parent) if parent is not None else ""
        if kind == "for_stmt":
            return parent.children[3] is node and not self.changes(parent.children[5], node)
        if kind in ("list_for", "gen_for"):
            return parent.children[3] is node
        if kind == "comparison":
            place = parent.children.index(node)
            return place > 0 and len(parent.children) == 3 and code_of(parent.children[place - 1]).split()[-1] == "in"
        if kind == "expr_stmt":
            target = parent.children[0]
            return (
                parent.children[-1] is node
                and self.kind(target) in ("testlist", "testlist_gexp", "exprlist")
                and len(parent.children) == 3
            )
        return self.called_with(node) in ITERATING

    def called_with(self, node: Any) -> str:
        """Return the name of the function or method whose argument this node is, or ''."""
        parent = node.parent
        if parent is None:
            return ""
        trailer = parent.parent if self.kind(parent) in ("arglist", "argument") else parent
        if trailer is not None and self.kind(trailer) == "arglist":
            trailer = trailer.parent
        if self.kind(parent) == "argument" and not is_leaf(parent.children[0], "*"):
            return ""
        if trailer is None or self.kind(trailer) != "trailer" or not is_leaf(trailer.children[0], "("):
            return ""
        power = trailer.parent
        place = power.children.index(trailer) if power is not None else 0
        before = power.children[place - 1] if place else None
        if before is None:
            return ""
        if self.kind(before) == "NAME":
            return str(before.value) if self.scope.home(before.value) is None else ""
        is_attribute = self.kind(before) == "trailer" and is_leaf(before.children[0], ".")
        return (
            str(before.children[1].value)
            if is_attribute and before.children[1].value in ("join", "extend", "reduce")
            else ""
        )

    def changes(self, body: Any, source: Any) -> bool:
        """Whether a loop's body may change what the loop runs over."""
        owner = re.sub(r"\.\w+\(\)$", "", code_of(source).strip())
        text = code_of(body)
        if owner.startswith("self.") and re.search(r"\bself\.\w+\(", text.replace(owner + ".", "")):
            return True
        name = re.escape(owner)
        return re.search(rf"\bdel\s+{name}\b|{name}\[[^\n]*\]\s*=[^=]|{name}\.({CHANGING})\(", text) is not None

    def is_tested(self, node: Any) -> bool:
        """Whether only the truth or the length of the value is asked for."""
        parent = node.parent
        kind = self.kind(parent) if parent is not None else ""
        if kind in ("if_stmt", "while_stmt", "not_test"):
            return True
        return self.called_with(node) == "len"

    def as_list(self, node: Any, text: str) -> str:
        """Return list(text) where a list is needed, text where one pass is all."""
        return text if self.is_iterated(node) else f"list({text})"

    def is_dict(self, trailer: Any) -> bool:
        """Whether what stands before a trailer is certainly a dict."""
        return is_only(self.flow.known.get(id(trailer), frozenset()), ["dict", "maybe"])

    iterates_keys = True
    """Whether a loop over a mapping gives its keys: no class of the text has keys() and no __iter__."""

    def is_text(self, node: Any) -> bool:
        return is_only(self.kinds(node), ["str", "unicode", "maybe"])

    def sort_look(self, node: Any, kinds: Any) -> None:
        """Say it where values of several types may be sorted."""
        found = words(kinds)
        if not found or "any" in found:
            self.look(
                node,
                "order",
                "should the values be of different types: Python 3 has no order for them (key=cmp_to_key(compare))",
            )
