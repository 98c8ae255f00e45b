"""Follows the values of a text from statement to statement: which kinds can each expression be?

A small abstract interpreter: names of a function are followed in order (branches joined, loops until
nothing is new); attributes and what methods return are one set for each name, and "maybe", since
code of other files can change them. It errs only towards "any".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rawwfile.port import answers
from rawwfile.port.concrete import Tree, commas, is_leaf, leaves
from rawwfile.port.flow_calls import Trailers
from rawwfile.port.flow_values import Values
from rawwfile.port.kinds import (
    ANY,
    MAYBE,
    NONE,
    NOTHING,
    STR,
    Kinds,
    calculated,
    cut,
    elements,
    held,
    join,
    mapped,
    words,
)
from rawwfile.port.scopes import Scope, Scoper

ROUNDS = 8
URL = frozenset({"view", "mask", "expose", "xmlrpc"})


class Flow(Trailers):
    """After `run`, `of` answers for the node of each expression."""

    def __init__(self, tree: Tree, scoper: Scoper, names: Mapping[str, Kinds]) -> None:
        super().__init__(tree, scoper, names)

    def run(self) -> Flow:
        """Go over the text until the attributes and results stay as they are."""
        for _ in range(ROUNDS):
            before = (dict(self.attributes), dict(self.results), dict(self.globals), dict(self.passed))
            self.known = {}
            self.env, self.scope = {}, self.scoper.top
            self.does(self.tree.root)
            if (self.attributes, self.results, self.globals, self.passed) == before:
                break
        return self

    # Statements

    def does(self, node: Any) -> None:
        kind = self.kind(node)
        if not node.children:
            if kind in ("NUMBER", "STRING"):
                self.value(node)
            return
        handler = getattr(self, "do_" + kind, None)
        if handler is not None:
            handler(node)
        elif kind in ("file_input", "simple_stmt", "suite", "decorators", "finally"):
            for child in node.children:
                self.does(child)
        else:
            self.value(node)

    def assign(self, target: Any, kinds: Kinds) -> None:
        """Note that `target` now holds such a value."""
        kind = self.kind(target)
        if kind not in ("NAME", "power"):
            kinds = cut(kinds)
        else:
            kinds = cut(held(kinds))
        if kind == "NAME":
            if kinds == frozenset({"stringio"}) and (id(self.scope), target.value) in self.byte_names:
                kinds = frozenset({"bytesio"})
            self.bind(target.value, kinds)
            self.known[id(target)] = kinds
        elif kind in ("testlist", "exprlist", "testlist_gexp", "listmaker", "testlist_safe", "fplist", "fpdef"):
            for part in commas(target.children):
                if part.type >= 256 or self.kind(part) == "NAME":
                    self.assign(part, elements(kinds))
        elif kind == "atom":
            if len(target.children) == 3:
                self.assign(target.children[1], kinds)
        elif kind == "power":
            self.value(target)
            self.assign_place(target, kinds)

    def bind(self, name: str, kinds: Kinds) -> None:
        if name in self.scope.shared or self.scope.kind == "module":
            self.globals[name] = cut(join(self.globals.get(name, NOTHING), kinds))
        if name not in self.scope.shared:
            self.env[name] = kinds
        if self.scope.kind == "class":
            self.attributes[name] = cut(join(self.attributes.get(name, NOTHING), kinds))
        elif self.scope.kind == "function":
            inner = self.closed.setdefault(id(self.scope), {})
            inner[name] = cut(join(inner.get(name, NOTHING), kinds))

    def assign_place(self, target: Any, kinds: Kinds) -> None:
        last = target.children[-1]
        if is_leaf(last.children[0], "."):
            name = last.children[1].value
            self.attributes[name] = cut(join(self.attributes.get(name, NOTHING), kinds))
        elif is_leaf(last.children[0], "["):
            index = self.known.get(id(last.children[1]), ANY)
            self.absorb(target.children[:-1], "dict", index, kinds)

    def absorb(self, parts: list[Any], box: str, keys: Kinds, kinds: Kinds) -> None:
        """Note that the container that `parts` name takes such a value."""

        def wider(now: Kinds) -> Kinds:
            added: Kinds = NOTHING
            for each in now:
                if isinstance(each, tuple) and each[0] == "dict" and box == "dict":
                    added = join(added, mapped(keys, kinds))
                elif isinstance(each, tuple) and each[0] == "list":
                    added = join(added, frozenset({("list", kinds)}))
            return cut(join(now, added))

        if not parts:
            # `add = found.append`, called as add(x): whose list it is was not followed.
            return
        first = parts[0]
        if len(parts) == 1 and self.kind(first) == "NAME":
            home = self.scope.home(first.value)
            if home is self.scope or self.scope.kind == "module":
                self.bind(first.value, wider(self.env.get(first.value, NOTHING)))
            elif home is not None and home.kind == "module":
                self.globals[first.value] = wider(self.globals.get(first.value, NOTHING))
        elif len(parts) > 1 and self.kind(parts[-1]) == "trailer" and is_leaf(parts[-1].children[0], "."):
            name = parts[-1].children[1].value
            if name in self.attributes:
                self.attributes[name] = wider(self.attributes[name])

    def do_expr_stmt(self, node: Any) -> None:
        parts = node.children
        kinds = self.value(parts[-1])
        if is_leaf(parts[1], "="):
            for part in parts[:-1:2]:
                self.assign(part, kinds)
            return
        sign = parts[1].value[:-1]
        before = self.value(parts[0])
        if sign == "+" and any(isinstance(each, tuple) and each[0] == "list" for each in before):
            made = join(before, frozenset({("list", elements(kinds))}))
        else:
            made = self.divided(before, kinds) if sign == "/" else calculated(sign, before, kinds)
        self.assign(parts[0], made)

    def do_global_stmt(self, node: Any) -> None:
        return

    do_import_name = do_import_from = do_global_stmt

    def do_return_stmt(self, node: Any) -> None:
        self.returned = join(self.returned, self.value(node.children[1]))

    def do_exec_stmt(self, node: Any) -> None:
        for part in node.children[1::2]:
            self.value(part)
        for name in self.env:
            self.env[name] = ANY

    def do_print_stmt(self, node: Any) -> None:
        for part in node.children[1:]:
            if part.children or part.type in (1, 2, 3):
                self.value(part)

    def do_del_stmt(self, node: Any) -> None:
        self.value(node.children[1])

    def do_raise_stmt(self, node: Any) -> None:
        for part in node.children[1::2]:
            self.value(part)

    do_assert_stmt = do_raise_stmt

    # Compound statements

    def branches(self, bodies: list[Any], *, skippable: bool) -> None:
        """Do one of the bodies, or none."""
        start = dict(self.env)
        ends = [start] if skippable else []
        for body in bodies:
            self.env = dict(start)
            self.does(body)
            ends.append(self.env)
        self.env = joined(ends)

    def do_if_stmt(self, node: Any) -> None:
        parts = node.children
        for at in range(0, len(parts) - 3, 4):
            self.value(parts[at + 1])
        has_else = is_leaf(parts[-3], "else")
        bodies = [parts[at + 3] for at in range(0, len(parts) - (3 if has_else else 0), 4)]
        self.branches(bodies + ([parts[-1]] if has_else else []), skippable=not has_else)

    def loop(self, head: Any, body: Any) -> None:
        for _ in range(6):
            before = dict(self.env)
            head()
            self.does(body)
            self.env = joined([before, self.env])
            if self.env == before:
                break

    def do_while_stmt(self, node: Any) -> None:
        self.loop(lambda: self.value(node.children[1]), node.children[3])
        if len(node.children) > 4:
            self.does(node.children[6])

    def do_for_stmt(self, node: Any) -> None:
        parts = node.children
        self.loop(lambda: self.assign(parts[1], elements(self.value(parts[3]))), parts[5])
        if len(parts) > 6:
            self.does(parts[8])

    def do_try_stmt(self, node: Any) -> None:
        parts = node.children
        before = dict(self.env)
        self.does(parts[2])
        middle = joined([before, self.env])
        ends = [self.env]
        for head, body in zip(parts[3::3], parts[5::3], strict=False):
            if is_leaf(head, "finally"):
                self.env = joined(ends)
                self.does(body)
                ends = [self.env]
                continue
            self.env = dict(ends[0] if is_leaf(head, "else") else middle)
            if self.kind(head) == "except_clause":
                self.value(head.children[1])
                if len(head.children) > 2:
                    self.assign(head.children[3], frozenset({"error"}))
            self.does(body)
            ends.append(self.env)
        self.env = joined(ends)

    def do_with_stmt(self, node: Any) -> None:
        for part in commas(node.children[1:-2]):
            if self.kind(part) == "with_item":
                self.assign(part.children[2], self.value(part.children[0]))
            else:
                self.value(part)
        self.does(node.children[-1])

    # Definitions

    def do_decorated(self, node: Any) -> None:
        found = {leaf.value for leaf in leaves(node.children[0]) if leaf.type == 1}
        self.from_url = bool(found & URL) and "hidden" not in found
        self.does(node.children[1])
        self.from_url = False

    def do_funcdef(self, node: Any) -> None:
        name = node.children[1].value
        from_url, self.from_url = self.from_url, False
        parameters = node.children[2]
        is_method = self.scope.kind == "class"
        self.bind(name, frozenset({("method" if is_method else "function", name)}))
        saved = self.env, self.scope, self.returned
        inside = parameters.children[1] if len(parameters.children) == 3 else None
        given = self.parameter_kinds(name, inside, from_url, is_method)
        self.env, self.scope, self.returned = given, self.scoper.scopes[id(node)], NOTHING
        self.closed.setdefault(id(self.scope), {}).update(given)
        self.does(node.children[4])
        made = join(self.returned, NONE) if not self.ends_with_return(node.children[4]) else self.returned
        made = ANY if is_generator(self, node.children[4]) else made
        self.env, self.scope, self.returned = saved
        self.results[name] = cut(join(self.results.get(name, NOTHING), made))

    def ends_with_return(self, suite: Any) -> bool:
        last = [child for child in suite.children if child.children] if suite.children else []
        if not last:
            return False
        statement = last[-1].children[0] if self.kind(last[-1]) == "simple_stmt" else last[-1]
        return self.kind(statement) in ("return_stmt", "raise_stmt") or is_leaf(statement, "raise")

    def parameter_kinds(self, name: str, node: Any, from_url: bool, is_method: bool) -> dict[str, Kinds]:
        """Return what the parameters can be; those of a page come as text."""
        made: dict[str, Kinds] = {}
        if node is None:
            return made
        parts = list(node.children) if self.kind(node) == "varargslist" else [node]
        position = 0
        while parts:
            part = parts.pop(0)
            if is_leaf(part, "*"):
                made[parts.pop(0).value] = frozenset({("tuple", ANY)})
            elif is_leaf(part, "**"):
                made[parts.pop(0).value] = mapped(STR, ANY)
            elif self.kind(part) == "fpdef":
                made.update({leaf.value: ANY for leaf in leaves(part) if leaf.type == 1})
            elif self.kind(part) == "NAME":
                default: Kinds = NOTHING
                if parts and is_leaf(parts[0], "="):
                    default = self.value(parts[1])
                    parts = parts[2:]
                if position == 0 and is_method:
                    made[part.value] = frozenset({"self"})
                elif from_url:
                    made[part.value] = join(default, STR, MAYBE)
                else:
                    passed = self.passed.get((name, position - is_method), NOTHING)
                    known = passed and "any" not in words(passed)
                    made[part.value] = join(default, passed, MAYBE if known else ANY)
            position += not is_leaf(part, ",")
        return made

    def do_classdef(self, node: Any) -> None:
        name = node.children[1].value
        if len(node.children) == 7:
            self.value(node.children[3])
        self.bind(name, frozenset({("class", name)}))
        saved = self.env, self.scope
        self.env, self.scope = {}, self.scoper.scopes[id(node)]
        self.does(node.children[-1])
        self.env, self.scope = saved


def joined(environments: list[dict[str, Kinds]]) -> dict[str, Kinds]:
    """Return what the names hold after one of several ways."""
    made: dict[str, Kinds] = {}
    for environment in environments:
        for name, kinds in environment.items():
            made[name] = cut(join(made.get(name, NOTHING), kinds))
    return made


def is_generator(flow: Values, suite: Any) -> bool:
    """Whether a `yield` stands in a function's body (or in a function inside, which does not matter here)."""
    return any(leaf.type == 1 and leaf.value == "yield" for leaf in leaves(suite))


def kinds_of(tree: Tree, scoper: Scoper, names: Mapping[str, Kinds], brought: Mapping[str, str] | None = None) -> Flow:
    """Follow the values of a whole text. brought: names that are imported elsewhere ("urllib", "urllib.quote")."""
    flow = Flow(tree, scoper, names)
    flow.brought = dict(brought or {})
    return flow.run()


__all__ = ["Flow", "MAYBE", "Scope", "answers", "kinds_of"]
