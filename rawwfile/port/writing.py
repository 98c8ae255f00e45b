"""What every part of the writer shares: the tree, names, places, decisions, imports that are needed."""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from rawwfile.port.concrete import Tree, code_of, first_leaf, is_leaf
from rawwfile.port.flow import Flow
from rawwfile.port.kinds import Kinds
from rawwfile.port.modules import KEPT, MEMBERS, MODULES
from rawwfile.port.scopes import Scope, Scoper

MEANINGS = "rawwfile.cherrypy.meanings"
Level = Literal["certain", "look"]
ATOM = 15
_LEVELS: dict[type[ast.AST], int] = {
    ast.NamedExpr: 0, ast.Lambda: 0, ast.Yield: 0, ast.IfExp: 1, ast.Compare: 5, ast.UnaryOp: 12,
    ast.BitOr: 6, ast.BitXor: 7, ast.BitAnd: 8, ast.LShift: 9, ast.RShift: 9, ast.Add: 10, ast.Sub: 10,
    ast.Mult: 11, ast.Div: 11, ast.FloorDiv: 11, ast.Mod: 11, ast.Pow: 13, ast.Or: 2, ast.And: 3,
}  # fmt: skip


@dataclass(frozen=True)
class Decision:
    """One thing that was decided: where (line from 1, column from 0), what (a short word), how sure, and why."""

    file: str
    line: int
    column: int
    code: str
    level: Level
    message: str


@dataclass(frozen=True)
class Name:
    """What is known of a name that the text does not bind itself.

    types: kinds it can have; empty is unknown. text: what to write instead of it. imports: the lines
    that bring it, of Python 3 or, for old modules, of Python 2.
    """

    types: frozenset[str] = frozenset()
    text: str = ""
    imports: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def level_of(text: str) -> int:
    """Return how tightly an expression of Python 3 holds together: ATOM needs no parentheses, -1 is a bare tuple."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            node = ast.parse(f"({text}\n)", mode="eval").body
    except SyntaxError:
        return ATOM
    if isinstance(node, ast.Tuple):
        return -1 if node.col_offset == 0 else ATOM
    if node.col_offset > 1:
        return ATOM
    if isinstance(node, ast.BinOp):
        return _LEVELS[type(node.op)]
    if isinstance(node, ast.BoolOp):
        return _LEVELS[type(node.op)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return 4
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return 14
    return _LEVELS.get(type(node), ATOM)


def fitted(text: str, level: int) -> str:
    """Return the expression, in parentheses where it holds together less than `level`."""
    return text if level_of(text) >= level else f"({text})"


class Writing:
    """State of one conversion; the other halves of the writer derive from it."""

    def __init__(self, tree: Tree, scoper: Scoper, flow: Flow, *, codec: str, names: Mapping[str, Name], mode: str,
                 place: Callable[[int, int], tuple[str, int, int]]) -> None:  # fmt: skip
        self.tree, self.kind, self.scoper, self.flow = tree, tree.kind, scoper, flow
        self.codec, self.names, self.mode, self.place = codec, names, mode, place
        self.scope: Scope = scoper.top
        self.decisions: dict[tuple[Any, ...], Decision] = {}
        self.needed: set[str] = set()
        self.renamed: dict[tuple[int, str], str] = {}
        self.replaced: list[dict[str, str]] = []
        """Texts that stand for names inside a lambda whose parameter was a tuple."""
        self.bound = {name for scope in scoper.top.everywhere() for name in (*scope.stores, *scope.parameters)}
        self.exceptions: dict[str, str] = {}
        """Texts that are raised as string exceptions, and the names of their classes."""

    def expression(self, node: Any) -> str:
        raise NotImplementedError

    def decide(self, node: Any, code: str, message: str, level: Level = "certain") -> None:
        """Note a decision at a node."""
        leaf = first_leaf(node)
        file, line, column = self.place(leaf.lineno, leaf.column)
        self.decisions[file, line, column, code, level, message] = Decision(file, line, column, code, level, message)

    def look(self, node: Any, code: str, message: str) -> None:
        """Note something that a person must look at."""
        self.decide(node, code, message, "look")

    def helper(self, name: str) -> str:
        """Return the name by which the result calls a helper of rawwfile.cherrypy.meanings."""
        return self.bring(MEANINGS, name)

    def bring(self, module: str, name: str) -> str:
        """Return the name for `name` of `module`, imported by `from module import name`."""
        if name in self.bound and not self.bound_by_import(name, f"{module}.{name}"):
            self.needed.add(f"from {module} import {name} as {name}_")
            return name + "_"
        self.needed.add(f"from {module} import {name}")
        return name

    def module(self, name: str) -> str:
        """Return the text for a module of today, imported by `import name`."""
        first = name.split(".")[0]
        if first in self.bound and not self.bound_by_import(first, first):
            other = name.replace(".", "_") + "_module"
            self.needed.add(f"import {name} as {other}")
            return other
        self.needed.add(f"import {name}")
        return name

    def bound_by_import(self, name: str, what: str) -> bool:
        """Whether the text binds a name only by importing that very thing."""
        found = [scope for scope in self.scoper.top.everywhere() if name in scope.stores or name in scope.parameters]
        for scope in found:
            bound = scope.imports.get(name, "")
            if not bound or what not in (bound, now(bound)) and bound.split(".")[0] != what.split(".")[0]:
                return False
        return True

    def kinds(self, node: Any) -> Kinds:
        """Return what the value of a node can be."""
        return self.flow.of(node)

    def code(self) -> str:
        """Return the codec's name as a literal."""
        return f"'{self.codec}'" if self.mode == "expression" else f'"{self.codec}"'

    def to_bytes(self, text: str) -> str:
        """Return the expression for the bytes of a text."""
        if re.search(r"\.encode\([^()]*\)$", text):
            return text
        return f"{fitted(text, ATOM)}.encode({self.code()})"

    def to_text(self, text: str) -> str:
        """Return the expression for the text of bytes."""
        return f"{fitted(text, ATOM)}.decode({self.code()})"

    # Names

    def name(self, leaf: Any) -> str:
        """Return what is written for a name that is read or bound."""
        name = leaf.value
        for texts in reversed(self.replaced):
            if name in texts:
                return texts[name]
        home = self.scope.home(name)
        if home is None:
            if name in self.names and (name not in ("None", "True", "False")):
                return self.known_name(name)
            if name in ("None", "True", "False"):
                return str(name)
        elif (id(home), name) in self.renamed:
            return self.renamed[id(home), name]
        return self.safe(leaf)

    def known_name(self, name: str) -> str:
        known = self.names[name]
        self.needed.update(known.imports)
        return known.text or safe_name(name)

    def safe(self, leaf: Any) -> str:
        """Return a name, with `_` where it is a keyword now."""
        made = safe_name(leaf.value)
        if made != leaf.value:
            self.decide(leaf, "keyword", f"{leaf.value} is a keyword now; it is called {made}")
        return made

    # Text of nodes

    def before(self, node: Any) -> str:
        """Return what stands before a node inside an expression: a blank, or line ends with comments."""
        prefix = re.sub(r"\\\r?\n[ \t]*", " ", first_leaf(node).prefix)
        return prefix if "\n" in prefix else " " if prefix else ""

    def generic(self, node: Any) -> str:
        """Return a node's text with its parts converted and all else as it stands."""
        if not node.children:
            return self.leaf(node)
        made = []
        for place, child in enumerate(node.children):
            made.append((self.before(child) if place else "") + self.expression(child))
        return "".join(made)

    def leaf(self, node: Any) -> str:
        return str(node.value)

    def operand(self, node: Any, level: int) -> str:
        """Return an operand's text, in parentheses where its conversion made them necessary."""
        text = self.expression(node)
        return text if text == code_of(node) else fitted(text, level)

    def is_name(self, node: Any, name: str) -> bool:
        """Whether a node is a name that stands for the builtin `name`."""
        return (
            self.kind(node) == "NAME"
            and is_leaf(node, name)
            and self.scope.home(name) is None
            and name not in self.names
        )


def now(what: str) -> str:
    """Return what an imported thing of 2.x is called today."""
    owner, _, last = what.rpartition(".")
    if what in KEPT:
        return f"rawwfile.cherrypy.oldmodules.{what}"
    return MEMBERS.get(what) or MODULES.get(what) or (f"{MODULES[owner]}.{last}" if owner in MODULES else what)


def safe_name(name: str) -> str:
    """Return the name, with `_` behind it where Python 3 made it a keyword."""
    return name + "_" if keyword.iskeyword(name) else name
