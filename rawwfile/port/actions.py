"""Writes `raise`, `assert`, `del`, `return`, `global` and `exec`."""

from __future__ import annotations

import ast
import builtins
import re
from typing import Any

from rawwfile.cpy.python2.literals import string
from rawwfile.port.concrete import code_of, commas, first_leaf, is_leaf
from rawwfile.port.kinds import is_only, words
from rawwfile.port.statements import Out, Statements
from rawwfile.port.unfolding import keyed
from rawwfile.port.whole import bound_by
from rawwfile.port.writing import ATOM, fitted


class Actions(Statements):
    """Simple statements that neither assign nor print."""

    def do_raise_stmt(self, node: Any) -> None:
        parts = node.children[1::2]
        if len(parts) == 1:
            text = self.exception(parts[0])
            self.put(f"raise {text}", node)
            return
        text = fitted(self.exception(parts[0]), ATOM)
        value = parts[1]
        listed: str | None
        if self.is_none(value):
            listed = None
        elif (
            self.kind(value) == "atom"
            and is_leaf(value.children[0], "(")
            and self.kind(value.children[1]) == "testlist_gexp"
        ):
            listed = self.expression(value.children[1])
        elif code_of(value) == "()":
            listed = None
        else:
            listed = self.expression(value)
        self.decide(node, "raise", "raise E, value is raise E(value)")
        made = text if listed is None and text.endswith(")") else f"{text}({listed or ''})"
        if len(parts) == 3 and not self.is_none(parts[2]):
            made += f".with_traceback({self.expression(parts[2])})"
        if words(self.kinds(value)) & {"any", "tuple"} and self.kind(value) == "NAME":
            self.look(
                node,
                "raise",
                "should the value be a tuple, 2.x took it apart into the arguments; an instance it raised itself",
            )
        self.put(f"raise {made}", node)

    def exception(self, node: Any) -> str:
        """Return the class for a string that is raised or caught; else the expression."""
        if self.kind(node) == "STRING":
            text = ast.literal_eval(self.on_string(node))
            self.look(node, "exception", "a string that is raised is an exception class now")
            return self.exceptions.setdefault(text, self.class_name(text))
        return self.expression(node)

    def class_name(self, text: str) -> str:
        """Return a name for the class of a string exception, that the text does not use."""
        found = re.findall("[a-zA-Z0-9]+", text)[:5]
        name = "".join(word[:1].upper() + word[1:] for word in found) or "StringException"
        name = name if name[0].isalpha() else "Exception" + name
        while name in self.bound or name in self.exceptions.values() or hasattr(builtins, name):
            name += "Error"
        return name

    def do_assert_stmt(self, node: Any) -> None:
        self.put("assert " + ", ".join(self.expression(part) for part in node.children[1::2]), node)

    def do_del_stmt(self, node: Any) -> None:
        self.put("del " + self.expression(node.children[1]), node)

    is_page = False
    """Whether the function that is written is a view or mask."""

    def do_return_stmt(self, node: Any) -> None:
        value = node.children[1]
        if self.is_page and is_only(self.kinds(value), ["unicode"]):
            self.look(node, "unicode", "0.10 refused pages of unicode text; return plain text instead of the error")
            message = "The mask or view returned a unicode string instead of a regular string !"
            self.put(f'raise {self.bring("rawwfile.cherrypy", "CherryError")}("{message}")', node)
            return
        text = self.expression(value)
        if self.is_truth and not is_only(self.kinds(value), ["bool"]):
            self.decide(node, "special", "__bool__ gives a bool")
            text = {"0": "False", "1": "True"}.get(text, f"bool({text})")
        self.put("return " + text, node)

    @property
    def is_truth(self) -> bool:
        """Whether the function that is written was a class's __nonzero__."""
        scope = self.scope
        is_method = scope.kind == "function" and scope.parent is not None and scope.parent.kind == "class"
        return is_method and self.kind(scope.node) == "funcdef" and scope.node.children[1].value == "__nonzero__"

    def do_global_stmt(self, node: Any) -> None:
        names = [leaf for leaf in commas(node.children[1:])]
        kept = [self.safe(leaf) for leaf in names if not (leaf.value in self.names and self.names[leaf.value].text)]
        early = [
            name
            for leaf, name in zip(names, map(self.safe, names), strict=True)
            if name in kept and self.is_used_before(leaf)
        ]
        self.early_globals += early
        kept = [name for name in kept if name not in early]
        if kept and self.scope.kind == "function" and (self.scope.parent is not None or self.mode == "function"):
            self.put("global " + ", ".join(kept), node)

    early_globals: list[str] = []
    """Names of `global` lines behind their first use, which Python 3 refuses; they go to the top of the function."""

    def is_used_before(self, leaf: Any) -> bool:
        """Whether a function uses a name in front of the `global` line that names it."""
        used = [*self.scope.loads.get(leaf.value, ()), *self.scope.stores.get(leaf.value, ())]
        return any((first_leaf(each).lineno, first_leaf(each).column) < (leaf.lineno, leaf.column) for each in used)

    def do_exec_stmt(self, node: Any) -> None:
        parts = node.children[1::2]
        body = (
            parts[0].children[1] if self.kind(parts[0]) == "atom" and is_leaf(parts[0].children[0], "(") else parts[0]
        )
        if len(parts) == 1 and self.kind(body) == "STRING" and self.unfolded(node, body):
            return
        inside = commas(body.children) if self.kind(body) == "testlist_gexp" else [body]
        listed = [*inside, *parts[1:]]
        if len(listed) == 2 and self.kind(listed[0]) == "STRING" and self.unfolded_in(node, listed[0], listed[1]):
            return
        texts = [self.expression(part) for part in [*inside, *parts[1:]]]
        self.look(node, "exec", "exec runs a text, which must be Python 3 now; write the statements themselves")
        self.put(f"exec({', '.join(texts)})", node)

    def unfolded(self, node: Any, literal: Any) -> bool:
        """Write the statements of a text that is executed. False where they cannot stand here."""
        lines = self.unfold(string(literal.value)[0])
        if lines is None:
            return False
        self.decide(node, "exec", "the statements that exec ran")
        for line in lines:
            self.out.append(Out(self.level + line.level, line.text, first_leaf(node).lineno))
        return True

    def unfolded_in(self, node: Any, literal: Any, namespace: Any) -> bool:
        """Write `exec "a = 1" in names` as `names["a"] = 1`. False where the text is more than assignments."""
        lines = self.unfold(string(literal.value)[0])
        owner = self.expression(namespace)
        if lines is None or not re.fullmatch(r"[\w.]+", owner):
            return False
        made = keyed("\n".join("    " * line.level + line.text for line in lines), owner, self.brought())
        if made is None:
            return False
        self.decide(node, "exec", "the statements that exec ran")
        for line in made:
            self.put(line, node)
        return True

    def brought(self) -> set[str]:
        """Return the names that the imports added so far bind."""
        return {bound_by(line) for line in self.needed}

    def unfold(self, text: str) -> list[Out] | None:
        raise NotImplementedError
