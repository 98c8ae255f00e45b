"""What must be known of a whole text before its first line is written."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Any

from rawwfile.port.concrete import Tree, commas, is_leaf
from rawwfile.port.modules import MEMBERS, METHODS
from rawwfile.port.scopes import Scope, Scoper, imported_from


@dataclass
class Notes:
    """What `prepared` found."""

    raised_strings: frozenset[str]
    raised_classes: frozenset[str]
    plain_next: bool
    defined: frozenset[str]
    starred: frozenset[str]
    iterates_keys: bool

    def give(self, writer: Any, beside: frozenset[str], is_ambiguous: bool) -> None:
        """Tell the writer."""
        writer.raised, writer.raised_classes = self.raised_strings, self.raised_classes
        writer.plain_next = frozenset({"next"} if self.plain_next else ())
        writer.defined, writer.starred = self.defined, self.starred
        writer.beside, writer.is_ambiguous, writer.iterates_keys = beside, is_ambiguous, self.iterates_keys


def prepared(tree: Tree, scoper: Scoper, mode: str) -> Notes:
    """Look a whole text over; `from module import *` of the library is turned into names."""
    behind = raised_names(tree)
    strings: set[str] = set()
    classes: set[str] = set()
    plain_next, iterates_keys = False, True
    defined: set[str] = set()
    for scope in scoper.top.everywhere():
        for name, nodes in scope.simple.items():
            if name in behind and all(tree.kind(node.children[2]) == "STRING" for node in nodes):
                strings.add(name)
        if scope.kind == "class":
            name = scope.node.children[1].value
            listed = scope.node.children[3] if len(scope.node.children) == 7 else None
            if name in behind and (listed is None or is_leaf(listed, "CherryClass")):
                classes.add(name)
            iterates_keys = iterates_keys and not ("keys" in scope.stores and "__iter__" not in scope.stores)
            plain_next = plain_next or ("next" in scope.stores and "__iter__" not in scope.stores)
        if scope.kind == "function" and scope.node is not None and tree.kind(scope.node) == "funcdef":
            defined.add(scope.node.children[1].value)
    for scope in scoper.top.everywhere():
        if (
            scope.kind == "class"
            and len(scope.node.children) == 5
            and scope.node.children[1].value in bases_of(tree, scoper, behind)
        ):
            classes.add(scope.node.children[1].value)
    return Notes(
        frozenset(strings), frozenset(classes), plain_next, frozenset(defined), starred(tree, scoper), iterates_keys
    )


def raised_names(tree: Tree) -> set[str]:
    """Return the names that stand behind `raise` or `except`."""
    found: set[str] = set()
    for node in tree.root.pre_order():
        kind = tree.kind(node)
        if kind not in ("raise_stmt", "except_clause"):
            continue
        what = node.children[1]
        if tree.kind(what) == "power":
            if len(what.children) == 2 and is_leaf(what.children[1].children[0], "."):
                found.add(what.children[1].children[1].value)
            what = what.children[0]
        if tree.kind(what) == "atom" and len(what.children) == 3:
            inside = what.children[1]
            found.update(part.value for part in commas(inside.children or [inside]) if tree.kind(part) == "NAME")
        elif tree.kind(what) == "NAME":
            found.add(what.value)
    return found


def bases_of(tree: Tree, scoper: Scoper, names: set[str]) -> set[str]:
    """Return the names of the classes that those of `names` derive from, and so on."""
    parents: dict[str, set[str]] = {}
    for scope in scoper.top.everywhere():
        if scope.kind == "class" and len(scope.node.children) == 7:
            listed = scope.node.children[3]
            parts = commas(listed.children) if tree.kind(listed) == "testlist" else [listed]
            parents[scope.node.children[1].value] = {part.value for part in parts if tree.kind(part) == "NAME"}
    found: set[str] = set()
    queue = list(names)
    while queue:
        for parent in parents.get(queue.pop(), ()):
            if parent not in found:
                found.add(parent)
                queue.append(parent)
    return found


def starred(tree: Tree, scoper: Scoper) -> frozenset[str]:
    """Bind the names that come by `import *` of a module of the library; return those modules."""
    found: set[str] = set()
    for node in list(tree.root.pre_order()):
        if tree.kind(node) != "import_from":
            continue
        module, names = imported_from(tree.kind, node)
        if names != [("*", "")]:
            continue
        top = scoper.top
        top.stores.pop("*", None)
        top.imports.pop("*", None)
        listed = members(module)
        if listed is None:
            continue
        found.add(module)
        for name in unbound(top):
            if name in listed:
                top.stores.setdefault(name, []).append(node)
                top.imports[name] = f"{module}.{name}"
    return frozenset(found)


def unbound(top: Scope) -> set[str]:
    """Return the names that are read and bound nowhere."""
    return {name for scope in top.everywhere() for name in scope.loads if scope.home(name) is None}


def members(module: str) -> set[str] | None:
    """Return the public names of a module of the library, as 2.x had it; None where it is not known."""
    old = {name.rpartition(".")[2] for name in MEMBERS if name.rpartition(".")[0] == module}
    if module == "string":
        old |= METHODS | {"join", "joinfields", "capwords"}
    if module in sys.stdlib_module_names and module not in ("this", "antigravity", "idlelib"):
        try:
            loaded = importlib.import_module(module)
        except ImportError:
            return old or None
        return old | set(getattr(loaded, "__all__", [name for name in dir(loaded) if name[0] != "_"]))
    return old or None
