"""The kinds of expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rawwfile.port import answers
from rawwfile.port.concrete import Tree, code_of, commas, is_leaf
from rawwfile.port.kinds import (
    ANY,
    FLOAT,
    INT,
    MAYBE,
    NONE,
    NOTHING,
    NUMBERS,
    STR,
    WHOLE,
    Kinds,
    calculated,
    cut,
    elements,
    join,
    listed,
    mapped,
    words,
)
from rawwfile.port.scopes import Scope, Scoper

BYTE_FILE = re.compile(r"(?:fileobj\s*=\s*|ZipFile\(\s*|ickle\.dump\([^()]*,\s*)(\w+)")
BOOL: Kinds = frozenset({"bool"})
REQUEST = ("rawwfile.cherrypy.request", "rawwfile.cherrypy.response")
LISTS = {"testlist", "exprlist", "testlist1", "testlist_safe"}


class Values:
    """What both halves of the interpreter share, and its half for expressions."""

    def __init__(self, tree: Tree, scoper: Scoper, names: Mapping[str, Kinds]) -> None:
        self.tree, self.kind, self.scoper, self.names = tree, tree.kind, scoper, names
        self.known: dict[int, Kinds] = {}
        self.attributes: dict[str, Kinds] = {}
        self.results: dict[str, Kinds] = {}
        self.globals: dict[str, Kinds] = {}
        self.byte_names = frozenset(
            (id(scope), name)
            for scope in scoper.top.everywhere()
            for name in re.findall(BYTE_FILE, code_of(scope.node) if scope.node is not None else "")
        )
        """Names of files that go to modules that take bytes, with the scopes where they do."""
        self.brought: dict[str, str] = {}
        """Names that an import line of the application brings, with what they stand for."""
        self.passed: dict[tuple[str, int], Kinds] = {}
        self.closed: dict[int, dict[str, Kinds]] = {}
        self.env: dict[str, Kinds] = {}
        self.scope: Scope = scoper.top
        self.returned: Kinds = NOTHING
        self.from_url = False

    def assign(self, target: Any, kinds: Kinds) -> None:
        raise NotImplementedError

    def absorb(self, parts: list[Any], box: str, keys: Kinds, kinds: Kinds) -> None:
        raise NotImplementedError

    def of(self, node: Any) -> Kinds:
        """Return what a node can be; "any" where it was never reached."""
        return self.known.get(id(node)) or ANY

    def value(self, node: Any) -> Kinds:
        """Return what an expression gives, and keep it."""
        kind = self.kind(node)
        handler = getattr(self, "on_" + kind.lower(), None) if kind else None
        made = handler(node) if handler is not None else self.whatever(node)
        made = cut(made)
        self.known[id(node)] = join(self.known.get(id(node), NOTHING), made)
        return made

    def whatever(self, node: Any) -> Kinds:
        for child in node.children:
            if child.children or child.type in (1, 2, 3):
                self.value(child)
        return ANY

    def on_name(self, leaf: Any) -> Kinds:
        name = leaf.value
        if name == "None":
            return NONE
        if name in ("True", "False"):
            return BOOL
        home = self.scope.home(name)
        if home is not None and home.imports.get(name) in REQUEST:
            return ANY
        if home is self.scope and name in home.imports and name not in self.env:
            return frozenset({("module", home.imports[name])})
        if home is self.scope and home is not self.scoper.top:
            return self.env.get(name, NOTHING)
        if home is self.scoper.top:
            if self.scope is home and name in self.env:
                return self.env[name]
            found = self.globals.get(name, NOTHING)
            if name in home.imports:
                return frozenset({("module", home.imports[name])})
            return found
        if home is not None:
            if name in home.imports:
                return frozenset({("module", home.imports[name])})
            return self.closed.get(id(home), {}).get(name, ANY)
        if name in self.brought:
            return ANY if self.brought[name] in REQUEST else frozenset({("module", self.brought[name])})
        if name in self.names:
            return self.names[name] or ANY
        return frozenset({("builtin", name)}) if name in answers.NAMES else ANY

    def on_number(self, leaf: Any) -> Kinds:
        text = leaf.value.lower()
        if text[-1] == "l":
            return frozenset({"long"})
        if text[-1] == "j":
            return frozenset({"complex"})
        is_whole = text.isdigit() or text.startswith(("0x", "0o", "0b"))
        return INT if is_whole else FLOAT

    def on_string(self, leaf: Any) -> Kinds:
        prefix = leaf.value[: min(leaf.value.find(q) for q in "\"'" if q in leaf.value)].lower()
        return frozenset({"unicode"}) if "u" in prefix else STR

    def on_atom(self, node: Any) -> Kinds:
        opening = node.children[0]
        if opening.type == 3:
            return join(*(self.on_string(child) for child in node.children))
        inside = node.children[1] if len(node.children) == 3 else None
        if opening.value == "`":
            self.value(inside)
            return STR
        if opening.value == "(":
            if inside is None:
                return listed(NOTHING, "tuple")
            return self.value(inside)
        if opening.value == "[":
            return self.list_display(inside)
        if opening.value == "{":
            return self.dict_display(inside)
        return ANY

    def list_display(self, inside: Any) -> Kinds:
        if inside is None:
            return listed(NOTHING, "fresh")
        if self.kind(inside) == "listmaker":
            if self.kind(inside.children[-1]) == "list_for":
                return listed(self.comprehended(inside.children[0], inside.children[-1]), "fresh")
            return listed(join(*(self.value(part) for part in commas(inside.children))), "fresh")
        return listed(self.value(inside), "fresh")

    def comprehended(self, result: Any, loop: Any) -> Kinds:
        self.value(loop)
        return self.value(result)

    def on_list_for(self, node: Any) -> Kinds:
        self.assign(node.children[1], elements(self.value(node.children[3])))
        for part in node.children[4:]:
            self.value(part)
        return ANY

    on_gen_for = on_list_for

    def on_list_if(self, node: Any) -> Kinds:
        for part in node.children[1:]:
            self.value(part)
        return ANY

    on_gen_if = on_list_if

    def dict_display(self, inside: Any) -> Kinds:
        if inside is None:
            return mapped(NOTHING, NOTHING)
        if self.kind(inside) != "dictsetmaker" or not is_leaf(inside.children[1], ":"):
            return self.whatever(inside)
        parts = [part for part in commas(inside.children) if not is_leaf(part, ":")]
        if self.kind(parts[-1]) == "gen_for":
            return self.whatever(inside)
        return mapped(join(*map(self.value, parts[::2])), join(*map(self.value, parts[1::2])))

    def on_testlist(self, node: Any) -> Kinds:
        return listed(join(*(self.value(part) for part in commas(node.children))), "tuple")

    on_exprlist = on_testlist1 = on_testlist_safe = on_testlist

    def on_testlist_gexp(self, node: Any) -> Kinds:
        if self.kind(node.children[-1]) == "gen_for":
            return listed(self.comprehended(node.children[0], node.children[-1]))
        return self.on_testlist(node)

    def on_arith_expr(self, node: Any) -> Kinds:
        parts = node.children
        made = self.value(parts[0])
        for sign, right in zip(parts[1::2], parts[2::2], strict=False):
            other = self.value(right)
            self.known[id(sign)] = join(self.known.get(id(sign), NOTHING), made)
            made = self.divided(made, other) if sign.value == "/" else calculated(sign.value, made, other)
        return made

    on_term = on_shift_expr = on_and_expr = on_xor_expr = on_expr = on_arith_expr

    def divided(self, left: Kinds, right: Kinds) -> Kinds:
        a, b = words(left) - {"maybe"}, words(right) - {"maybe"}
        maybe = MAYBE if "maybe" in words(left) | words(right) else NOTHING
        if not a or not b:
            return NOTHING
        if a <= WHOLE and b <= WHOLE:
            return join(frozenset({"long"}) if "long" in a | b else INT, maybe)
        if a <= NUMBERS and b <= NUMBERS:
            whole = INT if a & WHOLE and b & WHOLE else NOTHING
            return join(FLOAT, whole, maybe)
        return join(calculated("/", left, right), maybe)

    def on_factor(self, node: Any) -> Kinds:
        made = self.value(node.children[1])
        return frozenset("int" if kind == "bool" else kind for kind in made)

    def on_not_test(self, node: Any) -> Kinds:
        self.value(node.children[1])
        return BOOL

    def on_comparison(self, node: Any) -> Kinds:
        for part in node.children[::2]:
            self.value(part)
        return BOOL

    def on_or_test(self, node: Any) -> Kinds:
        return join(*(self.value(part) for part in node.children[::2]))

    on_and_test = on_or_test

    def on_test(self, node: Any) -> Kinds:
        self.value(node.children[2])
        return join(self.value(node.children[0]), self.value(node.children[4]))

    def on_lambdef(self, node: Any) -> Kinds:
        saved, self.env, scope = self.env, {}, self.scope
        self.scope = self.scoper.scopes[id(node)]
        self.env = dict.fromkeys(self.scope.parameters, ANY)
        self.value(node.children[-1])
        self.env, self.scope = saved, scope
        return frozenset({"function"})

    on_old_lambdef = on_lambdef

    def lambda_value(self, node: Any, given: Kinds) -> Kinds:
        """Return what a lambda of one name gives for such a value."""
        saved, self.env, scope = self.env, {}, self.scope
        self.scope = self.scoper.scopes[id(node)]
        self.env = dict.fromkeys(self.scope.parameters, given)
        made = self.value(node.children[-1])
        self.env, self.scope = saved, scope
        return made
