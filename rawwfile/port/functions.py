"""Calls of 2.x's builtin functions."""

from __future__ import annotations

import re
from typing import Any

from rawwfile.port.calls import Argument, Calls
from rawwfile.port.concrete import code_of, commas, is_leaf, leaves
from rawwfile.port.kinds import can_be, elements, is_only, words
from rawwfile.port.writing import ATOM, fitted

TEXT = ("str", "unicode", "maybe")


class Functions(Calls):
    """`call_NAME(node, trailer, arguments)` gives the text of the call, or None for "as it stands"."""

    def call_apply(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 1, 3):
            return None
        self.decide(node, "apply", "apply(f, arguments) is f(*arguments)")
        listed = []
        if len(arguments) > 1:
            given = arguments[1].node
            if self.kind(given) == "atom" and code_of(given)[:1] in "([" and len(given.children) == 3:
                inside = given.children[1]
                if self.kind(inside) in ("testlist_gexp", "listmaker") and self.kind(inside.children[-1]) not in (
                    "gen_for",
                    "list_for",
                ):
                    listed += [self.expression(part) for part in commas(given.children[1].children)]
                else:
                    listed.append("*" + fitted(self.expression(given), 6))
            elif code_of(given).replace(" ", "") != "()":
                listed.append("*" + fitted(self.expression(given), 6))
        if len(arguments) > 2:
            listed.append("**" + fitted(self.text(arguments[2]), 6))
        return f"{fitted(self.text(arguments[0]), ATOM)}({', '.join(listed)})"

    def call_str(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 1, 1):
            return None
        text = self.said(arguments[0].node)
        if "unicode" in words(self.kinds(arguments[0].node)):
            self.look(node, "unicode", "str() encoded unicode text as ASCII, or failed")
        return text if text.startswith(("as_text", "as_text_", "ascii(")) else f"str({text})"

    def call_repr(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        return self.shown(node, arguments[0].node, self.text(arguments[0])) if self.plain(arguments, 1, 1) else None

    def call_unicode(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if len(arguments) < 2 or not self.plain(arguments, 1, 3):
            return None
        self.look(
            node, "unicode", "text of bytes is decoded here: str is text in Python 3, see whether it still must be"
        )
        rest = ", ".join(self.text(argument) for argument in arguments[1:])
        return f"{self.to_bytes(self.text(arguments[0]))}.decode({rest})"

    def call_round(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        self.decide(node, "round", "round() gave a float and took halves away from zero: rounded()")
        return self.helper("rounded") + self.generic(trailer)

    def call_oct(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        self.call_hex(node, trailer, arguments)
        self.decide(node, "octal", "oct() wrote 010, not 0o10: octal()")
        return self.helper("octal") + self.generic(trailer)

    def call_hex(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if arguments and can_be(self.kinds(arguments[0].node), "long"):
            self.look(node, "long", "the hex() of a long integer ended with L")
        return None

    def call_input(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        self.look(node, "exec", "input() evaluated what was typed; it gives the text now")
        return None

    def call_eval(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        self.look(node, "exec", "eval() takes Python 3 text now, with Python 3's meaning")
        return None

    call_compile = call_eval

    def call_coerce(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        self.look(node, "name", "coerce() is gone; write what it was for")
        return f"{self.helper('coerced')}({', '.join(map(self.text, arguments))})" if len(arguments) == 2 else None

    def call_buffer(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        self.look(node, "name", "buffer() is gone; write what it was for")
        return None

    # Lists

    def call_range(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        text = "range" + self.generic(trailer)
        return text if self.is_iterated(node) or self.is_tested(node) else f"list({text})"

    def call_zip(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        texts = [argument.name * (argument.name == "*") + self.text(argument) for argument in arguments]
        strict = [] if any(argument.name == "strict" for argument in arguments) else ["strict=False"]
        if not strict:
            return None
        return self.as_list(node, f"zip({', '.join(texts + (strict if len(texts) > 1 or '*' in texts[:1] else []))})")

    def call_map(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 2, 9):
            return None
        function, sources = arguments[0].node, arguments[1:]
        nothing = self.is_none(function)
        if len(sources) > 1:
            return self.map_several(node, nothing, function, sources)
        source = self.text(sources[0])
        if nothing:
            return f"list({source})"
        if self.kind(function) in ("lambdef", "old_lambdef"):
            made = self.comprehension(function, source, "map")
            if made is not None:
                return made
        return self.as_list(node, f"map({self.text(arguments[0])}, {source})")

    def map_several(self, node: Any, nothing: bool, function: Any, sources: list[Argument]) -> str:
        texts = ", ".join(self.text(source) for source in sources)
        self.look(node, "map", "map() of several lists went on to the end of the longest one, with None")
        rows = f"{self.bring('itertools', 'zip_longest')}({texts})"
        if nothing:
            return self.as_list(node, rows)
        return self.as_list(node, f"{self.bring('itertools', 'starmap')}({self.expression(function)}, {rows})")

    def comprehension(self, function: Any, source: str, what: str) -> str | None:
        """Return the list comprehension for map or filter with a lambda of one name."""
        if len(function.children) != 4 or self.kind(function.children[1]) not in ("NAME", "fpdef"):
            return None
        is_tuple = self.kind(function.children[1]) == "fpdef"
        if is_tuple and what == "filter":
            return None
        outer, self.scope = self.scope, self.scoper.scopes[id(function)]
        name = self.expression(function.children[1])[1:-1] if is_tuple else self.name(function.children[1])
        body = self.expression(function.children[3])
        self.scope = outer
        if re.search(r"\blambda\b", body):
            return None
        self.decide(function, what, f"{what}() with a lambda is a list comprehension")
        source = fitted(source, 2)
        if what == "map":
            return f"[{body} for {name} in {source}]"
        return f"[{name} for {name} in {source} if {fitted(body, 1)}]"

    def call_filter(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 2, 2):
            return None
        function, source = arguments[0].node, arguments[1].node
        kinds = words(self.kinds(source)) - {"maybe"}
        text = self.expression(source)
        is_text = is_only(self.kinds(source), TEXT)
        if not kinds <= {"list", "fresh", "str", "unicode"}:
            self.look(node, "filter", "filter() of a text gave a text, of a tuple a tuple; a list is made here")
        made = None
        if self.is_none(function):
            name = self.fresh("each")
            made = f"[{name} for {name} in {fitted(text, 2)} if {name}]"
        elif self.kind(function) in ("lambdef", "old_lambdef"):
            made = self.comprehension(function, text, "filter")
        plain = f"filter({self.expression(function)}, {text})"
        if is_text:
            quote = "''" if self.mode == "expression" else '""'
            return f"{quote}.join({made[1:-1] if made else plain})"
        if is_only(self.kinds(source), ["tuple"]):
            return f"tuple({made[1:-1] if made else plain})"
        return made or self.as_list(node, plain)

    def fresh(self, name: str) -> str:
        """Return a name like this that the text does not use."""
        while name in self.bound:
            name += "_"
        return name

    def call_sorted(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if any(argument.name.startswith("*") for argument in arguments):
            return None
        given = elements(self.kinds(arguments[0].node)) if arguments else frozenset()
        order = [a for place, a in enumerate(arguments) if place == 1 and not a.name or a.name == "cmp"]
        if not order:
            if not any(argument.name == "key" for argument in arguments):
                if self.is_mixed(given):
                    self.look(
                        node, "order", "the values are of different types; 2.x had an order for them, as compare() has"
                    )
                    key = "key=" + self.compared_by(self.helper("compare"))
                    return f"sorted({', '.join([self.text(arguments[0]), key, *self.named(arguments)])})"
                self.sort_look(node, given)
            return None
        texts = [self.text(arguments[0]), *self.order(order[0].node), *self.named(arguments)]
        return f"sorted({', '.join(texts)})"

    def named(self, arguments: list[Argument]) -> list[str]:
        return [f"{a.name}={self.text(a)}" for a in arguments if a.name not in ("", "cmp")]

    def is_mixed(self, kinds: Any) -> bool:
        from rawwfile.port.expressions import comparable

        found = sorted(words(kinds) - {"any", "maybe"})
        if any(
            isinstance(kind, tuple) and kind[0] in ("tuple", "list", "fresh") and "none" in words(kind[1])
            for kind in kinds
        ):
            return True
        return any(not comparable(a, b) for a in found for b in found if a < b) or "none" in found and len(found) > 1

    def order(self, function: Any) -> list[str]:
        """Return `key=...` (and `reverse=True`) for a comparison function."""
        found = self.key_of(function)
        if found is not None:
            self.decide(function, "sort", "the comparison function is a key")
            self.sort_look(function, frozenset({"any"}))
            return found
        self.decide(function, "sort", "the comparison function goes through cmp_to_key")
        return ["key=" + self.compared_by(self.expression(function))]

    def key_of(self, function: Any) -> list[str] | None:
        """Return the key for `lambda a, b: cmp(f(a), f(b))`, reversed for `cmp(f(b), f(a))`."""
        if self.kind(function) not in ("lambdef", "old_lambdef") or len(function.children) != 4:
            return None
        listed, body = function.children[1], function.children[3]
        names = commas(listed.children) if self.kind(listed) == "varargslist" else []
        if len(names) != 2 or any(self.kind(name) != "NAME" for name in names) or self.kind(body) != "power":
            return None
        if not self.is_name(body.children[0], "cmp") or len(body.children) != 2:
            return None
        arguments = self.arguments(body.children[1])
        if not self.plain(arguments, 2, 2):
            return None
        a, b = (name.value for name in names)
        left, right = arguments[0].node, arguments[1].node
        for first, second, tail in ((a, b, []), (b, a, ["reverse=True"])):
            if self.uses(left) & {a, b} == {first} and self.uses(right) & {a, b} == {second}:
                if self.with_name(left, first, a) != self.with_name(right, second, a):
                    continue
                outer, self.scope = self.scope, self.scoper.scopes[id(function)]
                text = self.expression(left)
                self.scope = outer
                return ["key=" + (f"lambda {first}: {text}"), *tail] if text != first else tail or []
        return None

    def uses(self, node: Any) -> set[str]:
        return {leaf.value for leaf in leaves(node) if leaf.type == 1}

    def with_name(self, node: Any, name: str, other: str) -> list[str]:
        return [other if leaf.type == 1 and leaf.value == name else leaf.value for leaf in leaves(node)]

    def call_max(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if any(argument.name for argument in arguments) or not arguments:
            return None
        kinds = (
            elements(self.kinds(arguments[0].node))
            if len(arguments) == 1
            else frozenset().union(*(self.kinds(a.node) for a in arguments))
        )
        name = node.children[0].value
        if self.is_mixed(kinds):
            self.look(node, "order", "the values are of different types; 2.x had an order for them, as compare() has")
            return (
                f"{name}({', '.join([*map(self.text, arguments), 'key=' + self.compared_by(self.helper('compare'))])})"
            )
        if can_be(kinds, "any") or not kinds:
            self.look(
                node, "order", "should the values be of different types: Python 3 has no order for them (compare() has)"
            )
        return None

    call_min = call_max

    # Others

    def call_isinstance(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if not self.plain(arguments, 2, 2):
            return None
        what = self.text(arguments[1])
        if what.startswith("(") and what.endswith(")"):
            parts = list(dict.fromkeys(part.strip() for part in what[1:-1].split(",") if part.strip()))
            what = parts[0] if len(parts) == 1 else f"({', '.join(parts)})"
        return f"isinstance({self.text(arguments[0])}, {what})"

    def call_type(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        """Return the type itself for type("") and the like."""
        text = code_of(arguments[0].node) if self.plain(arguments, 1, 1) else ""
        if text in LITERAL_TYPES and all(self.is_name_free(name) for name in (LITERAL_TYPES[text],)):
            self.decide(node, "type", f"type({text}) is {LITERAL_TYPES[text]}")
            return LITERAL_TYPES[text]
        return None

    def is_name_free(self, name: str) -> bool:
        """Whether a builtin is not hidden by a name of the text."""
        return self.scope.home(name) is None and name not in self.names

    def call_hasattr(self, node: Any, trailer: Any, arguments: list[Argument]) -> str | None:
        if len(arguments) > 1 and self.kind(arguments[1].node) == "STRING" and "has_key" in code_of(arguments[1].node):
            self.look(node, "name", "dicts have no has_key now; ask for __contains__")
        if len(arguments) > 1 and self.kind(arguments[0].node) == "NAME" and self.imported(arguments[0].node.value):
            if self.kind(arguments[1].node) != "STRING":
                self.look(node, "module", "the name is not known here: names of the module may have changed since 2.x")
        return None

    def imported(self, name: str) -> str:
        raise NotImplementedError

    call_getattr = call_hasattr


LITERAL_TYPES = {"''": "str", '""': "str", "u''": "str", 'u""': "str", "[]": "list", "{}": "dict", "()": "tuple",
                 "1": "int", "0": "int",
                 "1.0": "float", "0.0": "float", "1L": "int", "0L": "int", "1.": "float"}  # fmt: skip
__all__ = ["Functions", "is_leaf"]
