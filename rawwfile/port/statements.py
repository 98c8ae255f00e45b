"""Writes simple statements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from rawwfile.port.concrete import code_of, commas, comments_in, first_leaf, is_leaf, leaves
from rawwfile.port.kinds import WHOLE, is_only
from rawwfile.port.moduleuse import ModuleUse
from rawwfile.port.writing import fitted


@dataclass
class Out:
    """One line (or several, inside brackets) of the result. row: of the source; 0 where nothing was there."""

    level: int
    text: str
    row: int = 0


@dataclass
class Imports:
    """The import lines of a module as it was written, with the rows."""

    lines: dict[str, int] = field(default_factory=dict)
    effects: set[str] = field(default_factory=set)


class Statements(ModuleUse):
    """The half of the writer for what is done. Statements go to `out`."""

    def begin(self) -> None:
        """Start with nothing written."""
        self.out: list[Out] = []
        self.level = 0
        self.imports = Imports()
        self.beside: frozenset[str] = frozenset()
        self.import_rows: list[int] = []

    def put(self, text: str, node: Any = None) -> None:
        """Write one line."""
        self.out.append(Out(self.level, text, first_leaf(node).lineno if node is not None else 0))

    def statement(self, node: Any) -> None:
        raise NotImplementedError

    def simple(self, node: Any) -> None:
        """Write one simple statement; comments inside that its new form has no room for go above it."""
        kind = self.kind(node)
        start = len(self.out)
        handler = getattr(self, "do_" + kind, None) if kind else None
        if handler is not None:
            handler(node)
        elif node.type == 1 and node.value == "print":
            self.put("print()", node)
        elif not self.leaked(node) and not self.is_without_effect(node):
            self.put(self.expression(node), node)
        inside = [comment for leaf in list(leaves(node))[1:] for comment in comments_in(leaf.prefix)]
        text = "\n".join(line.text for line in self.out[start:])
        lost = [comment for comment in inside if comment not in text]
        self.out[start:start] = [Out(self.level, comment, first_leaf(node).lineno) for comment in lost]

    def is_without_effect(self, node: Any) -> bool:
        """Whether this is a call of 2.x's that did what needs nothing to be done today."""
        text = self.expression(node)
        if text != "importlib.reload(sys)" and not re.fullmatch(r"sys\.(setdefaultencoding|exc_clear)\([^()]*\)", text):
            return False
        self.decide(node, "module", f"{code_of(node)} is left out: nothing needs it today")
        return True

    def leaked(self, node: Any, name: Any = None) -> bool:
        """Write a list comprehension as loops where what they bind is read later. `name`: what holds the list."""
        inside = node.children[1] if self.kind(node) == "atom" and len(node.children) == 3 else None
        if inside is None or self.kind(inside) != "listmaker" or self.kind(inside.children[-1]) != "list_for":
            return False
        loop = inside.children[-1]
        bound = {leaf.value for leaf in leaves(loop.children[1])}
        if not bound & self.lost.get(id(self.scope), set()) or self.scope.is_read("_"):
            return False
        if name is not None and name.value in {leaf.value for leaf in leaves(node)}:
            return False
        self.decide(node, "comprehension", "the loops of a list comprehension, whose names are read after it")
        if name is not None:
            self.put(f"{self.expression(name)} = []", node)
        level = self.level
        part: Any = loop
        while part is not None:
            is_loop = self.kind(part) == "list_for"
            at = 3 if is_loop else 1
            value = self.expression(part.children[at])
            value = f"({value})" if is_loop and self.kind(part.children[at]) in ("testlist_safe", "testlist") else value
            self.put(f"for {self.expression(part.children[1])} in {value}:" if is_loop else f"if {value}:", node)
            self.level += 1
            part = part.children[at + 1] if len(part.children) > at + 1 else None
        item = self.expression(inside.children[0])
        if name is not None:
            item = f"{self.expression(name)}.append({item})"
        self.put("pass" if item.isidentifier() else item, node)
        self.level = level
        return True

    lost: dict[int, set[str]] = {}
    """By function: the names of list comprehensions that are read after them."""

    def target(self, node: Any) -> str:
        """Return the text of what is assigned to."""
        return self.expression(node)

    # Assignment

    def do_expr_stmt(self, node: Any) -> None:
        parts = node.children
        if not is_leaf(parts[1], "="):
            self.augmented(node)
            return
        if len(parts) == 3 and self.kind(parts[0]) == "NAME":
            if self.scope.kind == "class" and parts[0].value == "__metaclass__":
                return
            if (
                self.is_compatibility(parts[0], parts[2])
                or self.assigned_lambda(node)
                or self.assigned_string_exception(node)
                or self.leaked(parts[2], parts[0])
            ):
                return
            if self.is_unused(parts[0].value):
                self.unused(node)
                return
        made = ""
        targets = parts[:-1:2]
        if len(targets) > 1:
            kept = [
                part for part in targets if self.kind(part) != "NAME" or not self.is_unused(part.value, chained=True)
            ]
            if 0 < len(kept) < len(targets):
                self.put(" = ".join(self.expression(part) for part in [*kept, parts[-1]]), node)
                return
        for place, part in enumerate(parts):
            text = part.value if place % 2 else self.expression(part)
            made += (self.before(part) or " ") * bool(place) + text
        self.put(made + self.unread_mark(parts[0]), node)

    def is_compatibility(self, target: Any, value: Any) -> bool:
        """Whether this is `True = 1` or `False = 0` for Pythons before 2.3."""
        wanted = {"True": ("1", "1==1", "True"), "False": ("0", "1==0", "False", "notTrue")}.get(target.value)
        if wanted is None or code_of(value).replace(" ", "") not in wanted:
            return False
        self.decide(target, "name", f"{target.value} is there already")
        return True

    def assigned_lambda(self, node: Any) -> bool:
        """Write `f = lambda x: y` as a function."""
        name, value = node.children[0], node.children[2]
        if self.kind(value) != "lambdef" or "\n" in code_of(value) or name.value in self.scope.shared:
            return False
        if len(self.scope.stores.get(name.value, ())) > 1:
            return False
        text = self.expression(value)
        found = re.fullmatch(r"lambda\b\s*(.*?):\s*(.*)", text, re.DOTALL)
        body = self.lambda_parts(text) if found else None
        if body is None:
            return False
        self.decide(node, "lambda", "a lambda with a name is a function")
        self.put(f"def {self.expression(name)}({body[0]}):", node)
        self.level += 1
        self.put(f"return {body[1]}", node)
        self.level -= 1
        return True

    def lambda_parts(self, text: str) -> tuple[str, str] | None:
        """Return the parameters and the body of a lambda's text."""
        import ast

        try:
            node = ast.parse(text, mode="eval").body
        except SyntaxError:
            return None
        if not isinstance(node, ast.Lambda):
            return None
        return ast.unparse(node.args).replace("'", '"'), text[len(text.encode()[: node.body.col_offset].decode()) :]

    def assigned_string_exception(self, node: Any) -> bool:
        """Write `Oops = "oops"` as a class where Oops is raised."""
        name, value = node.children[0], node.children[2]
        if name.value not in self.raised or self.kind(value) != "STRING":
            return False
        self.look(node, "exception", "a string that is raised is an exception class now")
        self.put(f"{self.expression(name)} = {self.helper('string_exception')}({self.expression(value)})", node)
        return True

    @property
    def dies(self) -> bool:
        """Whether a class of the text does something when an object goes: a name that is never read keeps it."""
        return any("__del__" in each.stores for each in self.scoper.top.everywhere() if each.kind == "class")

    raised: frozenset[str] = frozenset()
    """Names that stand behind `raise` or `except` and hold a string."""

    def unread_mark(self, target: Any) -> str:
        """Return the comment for a local name that only a text that is evaluated may read."""
        scope, name = self.scope, target.value if self.kind(target) == "NAME" else ""
        if (
            not name
            or scope.kind != "function"
            or scope.parent is None
            or not (scope.reflective or self.dies)
            or "locals" in scope.loads
        ):
            return ""
        return "" if scope.is_read(name) or name in scope.shared or name in scope.parameters else "  # noqa: F841"

    def is_unused(self, name: str, *, chained: bool = False) -> bool:
        """Whether a plain assignment to a local name is never read."""
        scope = self.scope
        if (
            scope.kind != "function"
            or scope.parent is None
            or name in scope.shared
            or name in scope.parameters
            or name in scope.imports
        ):
            return False
        if any(each.reflective for each in scope.everywhere()) or scope.is_read(name):
            return False
        if self.dies and any(self.kind(node.children[2]) == "power" for node in scope.simple.get(name, ())):
            return False
        return chained or bool(scope.simple.get(name))

    def unused(self, node: Any) -> None:
        name, value = node.children[0], node.children[2]
        self.decide(node, "unused", f"{name.value} is never read")
        if self.kind(value) in ("NAME", "NUMBER", "STRING") or not re.search(
            r"[\w)\]]\s*[(\[.`]|\byield\b|`", code_of(value)
        ):
            return
        self.put(self.expression(value), node)

    def augmented(self, node: Any) -> None:
        target, sign, value = node.children
        text = self.expression(target)
        other = self.expression(value)
        if sign.value == "/=":
            a, b = self.kinds(target), self.kinds(value)
            if is_only(a, WHOLE) and is_only(b, WHOLE):
                self.decide(node, "division", "both sides are whole numbers: //=")
                self.put(f"{text} //= {other}", node)
            elif is_only(a, ["float", "complex"]) or is_only(b, ["float", "complex"]):
                self.put(f"{text} /= {other}", node)
            else:
                self.look(
                    node, "division", "/ gave a whole number for two whole numbers: write // or / instead of divide()"
                )
                self.put(f"{text} = {self.helper('divide')}({text}, {fitted(other, 0)})", node)
            return
        self.put(f"{text} {sign.value} {other}", node)

    # Printing

    def do_print_stmt(self, node: Any) -> None:
        parts = list(node.children[1:])
        file = ""
        if is_leaf(parts[0], ">>"):
            file, parts = self.expression(parts[1]), parts[3:]
        stays = bool(parts) and is_leaf(parts[-1], ",")
        values = commas(parts)
        if len(values) == 1 and not file and not stays and self.is_call(values[0]):
            self.look(node, "print", "read as a call of Python 3; 2.x printed the tuple")
            self.put(f"print{self.generic(values[0])}", node)
            return
        texts = [self.printed(value, len(values) == 1 and not file and not stays) for value in values]
        ending = []
        if stays:
            last = values[-1]
            ends = self.kind(last) == "STRING" and code_of(last)[:-1].endswith(("\\n", "\\t", "\\r"))
            ends = ends or self.ends_line_next(node)
            ending = ['end=""' if ends else 'end=" "']
            if not ends:
                self.look(node, "print", "2.x wrote the blank behind `print x,` only when something followed")
        if file and file != "None":
            ending.append(f"file={file}")
        if any(
            re.search(r"readlines?\(|\.read\(|encodestring|encode\(|\\n['\"]$", code_of(value)) for value in values[:-1]
        ):
            self.look(node, "print", "2.x wrote no blank behind a value that ends with a line end")
        self.decide(node, "print", "print is a function")
        self.put(f"print({', '.join(texts + ending)})", node)

    def ends_line_next(self, node: Any) -> bool:
        """Whether the next statement is a bare `print`, in front of which 2.x wrote no blank."""
        siblings = node.parent.children
        after = siblings[siblings.index(node) + 1 :]
        if len(after) > 1:
            return is_leaf(after[1], "print")
        line = node.parent.next_sibling
        return line is not None and self.kind(line) == "simple_stmt" and is_leaf(line.children[0], "print")

    def printed(self, value: Any, alone: bool) -> str:
        """Return the text of a printed value; one that stands alone loses its own parentheses."""
        if alone and self.kind(value) == "atom" and is_leaf(value.children[0], "(") and len(value.children) == 3:
            inside = value.children[1]
            if self.kind(inside) != "testlist_gexp":
                around = self.before(inside), self.before(value.children[2])
                return around[0].strip(" ") + self.said(inside) + around[1].strip(" ")
        return self.said(value)

    def is_call(self, value: Any) -> bool:
        """Whether `print(a, b)` stands in a text that could be Python 3 as it is."""
        if not self.is_ambiguous or first_leaf(value).prefix or self.kind(value) != "atom":
            return False
        return is_leaf(value.children[0], "(") and (
            len(value.children) == 2 or self.kind(value.children[1]) == "testlist_gexp"
        )

    is_ambiguous = False
    """Whether the text could be Python 3 as it stands."""


AMBIGUOUS = ("l", "O", "I")
