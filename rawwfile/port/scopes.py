"""Which names a function, a class or a module binds and reads, before anything is converted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rawwfile.cpy.python2.literals import LiteralError, string
from rawwfile.cpy.python2.syntax import OldSyntaxError
from rawwfile.port.concrete import Tree, commas, dotted, is_leaf, parse

REFLECTIVE = frozenset({"locals", "vars", "dir", "eval", "execfile"})
HOUSES = ("funcdef", "lambdef", "old_lambdef", "classdef")


@dataclass
class Scope:
    """One module, class, function or lambda."""

    kind: str
    node: Any = None
    parent: Scope | None = None
    stores: dict[str, list[Any]] = field(default_factory=dict)
    loads: dict[str, list[Any]] = field(default_factory=dict)
    simple: dict[str, list[Any]] = field(default_factory=dict)
    """Names that a plain `name = value` binds, with those statements."""
    parameters: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    """Names that imports bind, with what they stand for: "urllib", "urllib.quote"."""
    shared: set[str] = field(default_factory=set)
    """Names of `global` lines."""
    reflective: bool = False
    children: list[Scope] = field(default_factory=list)
    caught: set[str] = field(default_factory=set)

    def binds(self, name: str) -> bool:
        """Whether the name is this scope's own."""
        return (name in self.stores or name in self.parameters) and name not in self.shared

    def home(self, name: str) -> Scope | None:
        """Return the scope whose name this is, as seen from here; None for builtins and unknown names."""
        scope: Scope | None = self
        while scope is not None:
            skipped = scope.kind == "class" and scope is not self
            if not skipped and scope.binds(name):
                return scope
            if name in scope.shared and scope.kind == "function":
                while scope.parent is not None:
                    scope = scope.parent
                return scope if scope.binds(name) else None
            scope = scope.parent
        return None

    def everywhere(self) -> list[Scope]:
        """Return this scope and all inside it."""
        return [self, *(each for child in self.children for each in child.everywhere())]

    def is_read(self, name: str) -> bool:
        """Whether the name is read here or in a function inside."""
        return any(name in each.loads for each in self.everywhere())


class Scoper:
    """Walks a tree; `scopes` then holds the scope of each house by its node's id."""

    def __init__(self, tree: Tree, kind: str) -> None:
        self.kind = tree.kind
        self.top = Scope(kind, tree.root)
        self.scopes: dict[int, Scope] = {id(tree.root): self.top}
        self.now = self.top
        self.read(tree.root)

    def load(self, leaf: Any) -> None:
        self.now.loads.setdefault(leaf.value, []).append(leaf)
        if leaf.value in REFLECTIVE:
            self.now.reflective = True

    def store(self, node: Any) -> None:
        """Note what an assignment to `node` binds."""
        kind = self.kind(node)
        if kind == "NAME":
            self.now.stores.setdefault(node.value, []).append(node)
        elif kind in ("testlist", "exprlist", "testlist_gexp", "listmaker", "testlist_safe", "fplist", "fpdef"):
            for part in commas(node.children):
                if part.type >= 256 or self.kind(part) == "NAME":
                    self.store(part)
        elif kind == "atom" and len(node.children) == 3:
            self.store(node.children[1])
        else:
            self.read(node)

    def read(self, node: Any) -> None:
        kind = self.kind(node)
        if kind == "NAME":
            self.load(node)
            return
        if not node.children:
            return
        visit = getattr(self, "see_" + kind, None)
        if visit is not None:
            visit(node)
            return
        for child in node.children:
            if child.children or self.kind(child) == "NAME" and not is_word(child, node, kind):
                self.read(child)

    def see_trailer(self, node: Any) -> None:
        if not is_leaf(node.children[0], "."):
            for child in node.children[1:-1]:
                self.read(child)

    def see_argument(self, node: Any) -> None:
        parts = node.children
        if len(parts) == 3 and is_leaf(parts[1], "="):
            self.read(parts[2])
        else:
            for part in parts:
                self.read(part)

    def see_expr_stmt(self, node: Any) -> None:
        parts = node.children
        self.read(parts[-1])
        if not is_leaf(parts[1], "="):
            self.read(parts[0])
            self.store(parts[0])
            return
        for part in parts[:-1:2]:
            self.store(part)
        if len(parts) == 3 and self.kind(parts[0]) == "NAME":
            self.now.simple.setdefault(parts[0].value, []).append(node)

    def see_for_stmt(self, node: Any) -> None:
        self.store(node.children[1])
        for part in node.children[3:]:
            if part.children or self.kind(part) == "NAME" and part.value != "else":
                self.read(part)

    def see_list_for(self, node: Any) -> None:
        self.store(node.children[1])
        for part in node.children[3:]:
            self.read(part)

    see_gen_for = see_list_for

    def see_except_clause(self, node: Any) -> None:
        for part in node.children[1:2]:
            self.read(part)
        if len(node.children) > 2:
            self.store(node.children[3])
            if self.kind(node.children[3]) == "NAME":
                self.now.caught.add(node.children[3].value)

    def see_with_item(self, node: Any) -> None:
        self.read(node.children[0])
        self.store(node.children[2])

    def see_global_stmt(self, node: Any) -> None:
        for part in commas(node.children[1:]):
            self.now.shared.add(part.value)

    def see_exec_stmt(self, node: Any) -> None:
        inside = exec_text(self.kind, node)
        if inside is not None:
            outer, self.kind = self.kind, inside.kind
            self.read(inside.root)
            self.kind = outer
            return
        self.now.reflective = True
        for part in node.children[1::2]:
            self.read(part)

    def see_import_name(self, node: Any) -> None:
        for module, name in imported(self.kind, node):
            bound = name or module.split(".")[0]
            self.now.stores.setdefault(bound, []).append(node)
            self.now.imports[bound] = module if name else bound

    def see_import_from(self, node: Any) -> None:
        module, names = imported_from(self.kind, node)
        for name, renamed in names:
            self.now.stores.setdefault(renamed or name, []).append(node)
            self.now.imports[renamed or name] = f"{module}.{name}"

    def house(self, node: Any, kind: str) -> Scope:
        made = Scope(kind, node, self.now)
        self.now.children.append(made)
        self.scopes[id(node)] = made
        return made

    def see_funcdef(self, node: Any) -> None:
        _, name, parameters, _, suite = node.children
        self.store(name)
        inside = parameters.children[1] if len(parameters.children) == 3 else None
        self.function(node, inside, suite)

    def see_lambdef(self, node: Any) -> None:
        self.function(node, node.children[1] if len(node.children) == 4 else None, node.children[-1])

    see_old_lambdef = see_lambdef

    def function(self, node: Any, parameters: Any, body: Any) -> None:
        made = self.house(node, "function")
        outer = self.now
        parts = (
            list(parameters.children) if self.kind(parameters or body) == "varargslist" and parameters else [parameters]
        )
        default = False
        for part in parts:
            if part is None:
                continue
            if default:
                self.read(part)
            elif part.children or self.kind(part) == "NAME":
                self.now = made
                self.store(part)
                self.now = outer
            default = is_leaf(part, "=")
        made.parameters = set(made.stores)
        self.now = made
        self.read(body)
        self.now = outer

    def see_classdef(self, node: Any) -> None:
        self.store(node.children[1])
        if len(node.children) == 7:
            self.read(node.children[3])
        outer, self.now = self.now, self.house(node, "class")
        self.read(node.children[-1])
        self.now = outer

    def see_decorator(self, node: Any) -> None:
        first = node.children[1]
        self.load(first.children[0] if first.children else first)
        for part in node.children[2:]:
            if part.children:
                self.read(part)


def exec_text(kind: Any, node: Any) -> Tree | None:
    """Return the tree of the literal text that an `exec` runs in this place; None where it is another kind of exec."""
    body = node.children[1]
    if len(node.children) != 2:
        return None
    if kind(body) == "atom" and is_leaf(body.children[0], "("):
        body = body.children[1]
    if kind(body) != "STRING":
        return None
    try:
        return parse(string(body.value)[0].rstrip() + "\n")
    except (OldSyntaxError, LiteralError):
        return None


WORDS = {
    "print_stmt": "print", "return_stmt": "return", "raise_stmt": "raise", "assert_stmt": "assert", "del_stmt": "del",
    "if_stmt": "if elif else", "while_stmt": "while else", "try_stmt": "try else finally except", "with_stmt": "with",
    "test": "if else", "or_test": "or", "and_test": "and", "not_test": "not", "comp_op": "not in is",
    "comparison": "in is", "yield_expr": "yield", "list_if": "if", "gen_if": "if",
    "simple_stmt": "pass break continue print return raise",
    "suite": "pass break continue print return raise",
}  # fmt: skip


def is_word(leaf: Any, node: Any, kind: str) -> bool:
    """Whether a NAME among the children of `node` is a keyword there."""
    return leaf.value in WORDS.get(kind, "").split()


def imported(kind: Any, node: Any) -> list[tuple[str, str]]:
    """Return (module, name it is given or '') for each part of an `import` line."""
    parts = node.children[1:]
    parts = commas(parts[0].children) if kind(parts[0]) == "dotted_as_names" else commas(parts)
    return [
        (dotted(part.children[0]), part.children[2].value) if kind(part) == "dotted_as_name" else (dotted(part), "")
        for part in parts
    ]


def imported_from(kind: Any, node: Any) -> tuple[str, list[tuple[str, str]]]:
    """Return the module of a `from` line (with its dots) and (name, name it is given or '') for each part."""
    at = next(place for place, part in enumerate(node.children) if is_leaf(part, "import"))
    module = "".join(dotted(part) for part in node.children[1:at])
    what = [part for part in node.children[at + 1 :] if not is_leaf(part, "(") and not is_leaf(part, ")")]
    if kind(what[0]) == "import_as_names":
        what = what[0].children
    names = [
        (part.children[0].value, part.children[2].value) if kind(part) == "import_as_name" else (part.value, "")
        for part in commas(what)
    ]
    return module, names
