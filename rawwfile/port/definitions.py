"""Writes functions, classes and lambdas."""

from __future__ import annotations

import ast
from typing import Any

from rawwfile.port.compound import Compound
from rawwfile.port.concrete import code_of, commas, first_leaf, is_leaf, leaves
from rawwfile.port.statements import AMBIGUOUS, Out
from rawwfile.port.writing import safe_name

SPECIAL = {"__nonzero__": "__bool__", "__div__": "__truediv__", "__rdiv__": "__rtruediv__", "__idiv__": "__itruediv__",
           "__unicode__": "__str__"}  # fmt: skip
UNKNOWN = frozenset(
    "__coerce__ __setslice__ __delslice__ __hex__ __oct__ __long__ __getinitargs__".split()
)


class Definitions(Compound):
    """Statements that define, and lambdas."""

    # Functions

    def do_decorated(self, node: Any) -> None:
        listed, definition = node.children
        decorators = [listed] if self.kind(listed) == "decorator" else listed.children
        self.decorators = {code_of(part.children[1]) for part in decorators}
        for place, decorator in enumerate(decorators):
            if place:
                self.comments(decorator)
            start = len(self.out)
            self.put("@" + "".join(self.expression(part) for part in decorator.children[1:-1]), decorator)
            self.trailing(decorator.children[-1], start)
        self.comments(definition)
        self.statement(definition)

    decorators: set[str] = set()

    def do_funcdef(self, node: Any) -> None:
        name, listed, suite = node.children[1], node.children[2], node.children[4]
        public = bool(self.decorators & {"view", "mask", "expose", "xmlrpc"})
        outer_page, self.is_page = self.is_page, bool(self.decorators & {"view", "mask"})
        self.decorators = set()
        outer, self.scope = self.scope, self.scoper.scopes[id(node)]
        self.rename_locals()
        self.leaks()
        opening: list[str] = []
        text = self.parameters(listed, opening, public)
        head = f"def {self.defined_name(name, outer)}({text}):"
        at = len(self.out)
        outer_globals, self.early_globals = self.early_globals, []
        self.suite(head, suite, node)
        if self.early_globals:
            opening.insert(0, "global " + ", ".join(dict.fromkeys(self.early_globals)))
        self.early_globals, self.is_page = outer_globals, outer_page
        if opening:
            place = at + 1
            while place < len(self.out) and (
                self.out[place].text[:1] in "\"'#rR" and self.out[place].text and is_text(self.out[place].text)
            ):
                place += 1
            self.out[place:place] = [Out(self.level + 1, line, first_leaf(node).lineno) for line in opening]
        self.scope = outer

    def defined_name(self, leaf: Any, scope: Any) -> str:
        name = leaf.value
        if scope.kind == "class":
            if name in SPECIAL and not (name == "__unicode__" and "__str__" in scope.stores):
                self.decide(leaf, "special", f"{name} is {SPECIAL[name]}")
                return SPECIAL[name]
            if name == "next" and "__iter__" in scope.stores:
                self.decide(leaf, "special", "next is __next__")
                return "__next__"
            if name in UNKNOWN:
                self.look(leaf, "special", f"{name} is never called by Python 3")
        return self.name(leaf) if scope.kind != "class" else self.safe(leaf)

    def parameters(self, node: Any, opening: list[str], public: bool) -> str:
        """Return the parameter list; a tuple in it becomes a name that the first statements take apart."""
        if len(node.children) < 3:
            return ""
        inside = node.children[1]
        parts = inside.children if self.kind(inside) == "varargslist" else [inside]
        made = ""
        default = False
        for place, part in enumerate(parts):
            gap = self.before(part) if place else ""
            if default:
                outer, self.scope = self.scope, self.scope.parent or self.scope
                text = self.expression(part)
                self.scope = outer
            elif self.kind(part) == "fpdef":
                names = [leaf.value for leaf in leaves(part) if leaf.type == 1]
                text = self.fresh("_".join(names))
                opening.append(f"{self.expression(part)[1:-1]} = {text}")
                self.decide(part, "parameter", "a tuple among the parameters is taken apart in the body")
            else:
                text = self.parameter(part, public) if part.type == 1 else part.value
            default = is_leaf(part, "=")
            made += gap + text
        return made

    def parameter(self, leaf: Any, public: bool) -> str:
        """Return a parameter's name; say it where forms send a name that is a keyword now."""
        new = safe_name(leaf.value)
        if new != leaf.value and public:
            self.look(leaf, "keyword", f"a form sends {leaf.value}; the parameter is {new} now, and still gets it")
            return new
        return self.expression(leaf)

    def leaks(self) -> None:
        """Say it where the variable of a list comprehension is read after it; it lived on in 2.x."""
        inside: dict[str, set[int]] = {}
        for node in self.scope.node.pre_order() if self.scope.node is not None else ():
            if self.kind(node) in ("list_for", "gen_for"):
                house = node.parent
                while self.kind(house) in ("list_for", "gen_for", "list_if", "gen_if"):
                    house = house.parent
                found = {id(leaf) for leaf in leaves(house)}
                for leaf in leaves(node.children[1]):
                    inside.setdefault(leaf.value, set()).update(found)
        for name, ids in inside.items():
            events = [(place_of(leaf), id(leaf) in ids) for leaf in self.scope.stores.get(name, ())]
            reads = [leaf for leaf in self.scope.loads.get(name, ()) if id(leaf) not in ids]
            lost = [
                leaf for leaf in reads if max((e for e in events if e[0] < place_of(leaf)), default=((0, 0), False))[1]
            ]
            if lost and name not in self.scope.parameters:
                self.lost = {**self.lost, id(self.scope): self.lost.get(id(self.scope), set()) | {name}}
            if lost:
                self.look(
                    lost[0], "comprehension", f"{name} of the list comprehension lived on after it; it is gone now"
                )

    def class_names(self, node: Any) -> None:
        """Say it where a comprehension in a class body reads a name of the class, which it cannot see now."""
        for loop in node.children[-1].pre_order():
            if self.kind(loop) not in ("list_for", "gen_for") or self.kind(loop.parent) not in (
                "listmaker",
                "testlist_gexp",
            ):
                continue
            own = {leaf.value for leaf in leaves(loop.children[1])}
            for leaf in leaves(loop.parent):
                if (
                    leaf.type == 1
                    and leaf.value in self.scope.stores
                    and leaf.value not in own
                    and leaf in self.scope.loads.get(leaf.value, ())
                ):
                    self.look(
                        leaf, "comprehension", f"a comprehension in a class body does not see {leaf.value} of the class"
                    )

    def rename_locals(self) -> None:
        """Give the local names l, O and I names that can be told apart from digits."""
        scope = self.scope
        if scope.reflective or scope.parent is None:
            return
        for name in AMBIGUOUS:
            if name in scope.stores and name not in scope.parameters and name not in scope.shared:
                new = self.fresh({"l": "lst", "O": "obj", "I": "num"}[name])
                self.renamed[id(scope), name] = new
                self.decide(scope.stores[name][0], "name", f"{name} looks like a digit; it is called {new}")

    def on_fpdef(self, node: Any) -> str:
        return self.generic(node)

    # Classes

    def do_classdef(self, node: Any) -> None:
        outer, self.scope = self.scope, self.scoper.scopes[id(node)]
        name = node.children[1]
        bases = ""
        if len(node.children) == 7:
            listed = node.children[3]
            parts = commas(listed.children) if self.kind(listed) == "testlist" else [listed]
            self.scope = outer
            texts = [self.expression(part) for part in parts]
            self.scope = self.scoper.scopes[id(node)]
            texts = [text for text in texts if text != "object" or len(texts) > 1]
            bases = ", ".join(texts)
        if name.value in self.raised_classes:
            self.decide(name, "exception", "what is raised derives from Exception")
            bases += (", " if bases else "") + "Exception"
        metaclass = self.scope.simple.get("__metaclass__")
        if metaclass:
            bases += (", " if bases else "") + "metaclass=" + self.expression(metaclass[0].children[2])
        if "__cmp__" in self.scope.stores:
            self.decide(name, "special", "__cmp__ is asked by ordered_by_cmp() now")
            if not any(line.text == f"@{self.helper('ordered_by_cmp')}" for line in self.out[-2:]):
                self.put(f"@{self.helper('ordered_by_cmp')}", node)
        if "__getslice__" in self.scope.stores:
            self.look(name, "special", "__getslice__ is asked by sliced_by_getslice(): let __getitem__ take slices")
            if not any(line.text == f"@{self.helper('sliced_by_getslice')}" for line in self.out[-2:]):
                self.put(f"@{self.helper('sliced_by_getslice')}", node)
        head = (
            f"class {self.name(name) if self.scope.parent is None else self.safe(name)}{f'({bases})' if bases else ''}:"
        )
        self.class_names(node)
        self.suite(head, node.children[-1], node)
        if "has_key" in self.scope.stores and "__contains__" not in self.scope.stores:
            self.decide(name, "special", "`in` asks __contains__")
            self.out.append(Out(self.level + 1, ""))
            self.out.append(Out(self.level + 1, "__contains__ = has_key"))
        if "__eq__" in self.scope.stores and not {"__ne__", "__cmp__"} & set(self.scope.stores):
            self.look(name, "special", "2.x did not ask __eq__ for !=, and kept the hash; Python 3 does and does not")
        if "__getattr__" in self.scope.stores and not bases:
            self.look(
                name, "special", "__getattr__ of a classic class was asked for special methods (len(), str()) too"
            )
        self.scope = outer

    raised_classes: frozenset[str] = frozenset()
    """Classes without bases that are raised or caught."""

    # Lambdas

    def on_lambdef(self, node: Any) -> str:
        outer, self.scope = self.scope, self.scoper.scopes[id(node)]
        texts: dict[str, str] = {}
        head = ""
        if len(node.children) == 4:
            inside = node.children[1]
            parts = inside.children if self.kind(inside) == "varargslist" else [inside]
            for part in parts:
                if self.kind(part) == "fpdef":
                    name = self.fresh("_".join(leaf.value for leaf in leaves(part) if leaf.type == 1))
                    self.places(part, name, texts)
                    self.decide(part, "parameter", "a tuple among the parameters is indexed")
                    head += name
                else:
                    head += (" " if head.endswith(",") else "") + self.expression(part)
        self.replaced.append(texts)
        body = self.expression(node.children[-1])
        self.replaced.pop()
        self.scope = outer
        return f"lambda{' ' if head else ''}{head}: {body}"

    on_old_lambdef = on_lambdef

    def places(self, node: Any, text: str, texts: dict[str, str]) -> None:
        """Note the text for each name of a tuple parameter: an index into the tuple."""
        if self.kind(node) == "NAME":
            texts[node.value] = text
            return
        inside = node.children[1]
        parts = commas(inside.children) if self.kind(inside) == "fplist" else [inside]
        for place, part in enumerate(parts):
            self.places(part, f"{text}[{place}]", texts)


def place_of(node: Any) -> tuple[int, int]:
    """Return (row, column) of where a node starts."""
    leaf = first_leaf(node)
    return leaf.lineno, leaf.column


def is_text(line: str) -> bool:
    """Whether a line is a docstring or a comment."""
    if line.startswith("#"):
        return True
    try:
        value = ast.parse(line).body[0]
    except (SyntaxError, IndexError):
        return False
    return isinstance(value, ast.Expr) and isinstance(value.value, ast.Constant) and isinstance(value.value.value, str)
