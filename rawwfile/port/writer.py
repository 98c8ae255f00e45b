"""The whole writer: a tree in, lines of Python 3 out."""

from __future__ import annotations

import ast
from typing import Any

from rawwfile.cpy.python2.syntax import OldSyntaxError
from rawwfile.port.concrete import parse
from rawwfile.port.definitions import Definitions
from rawwfile.port.statements import Out


class Writer(Definitions):
    """Use `whole` for statements and `expression` for one value."""

    def whole(self, root: Any) -> None:
        """Write all statements of a text."""
        self.columns = {}
        if self.scope.kind == "function":
            self.rename_locals()
        self.leaks()
        self.statements(root.children if self.kind(root) == "file_input" else [root])

    def unfold(self, text: str) -> list[Out] | None:
        """Write the statements of a text that `exec` ran; None where it cannot be read."""
        if not text.strip():
            return []
        try:
            tree = parse(text.rstrip() + "\n")
        except OldSyntaxError:
            return None
        from rawwfile.port.flow import kinds_of
        from rawwfile.port.scopes import Scoper

        scoper = Scoper(tree, "function")
        inner = Writer(tree, scoper, kinds_of(tree, scoper, {}), codec=self.codec, names=self.names, mode="function",
                       place=self.place)  # fmt: skip
        inner.begin()
        inner.whole(tree.root)
        self.needed |= inner.needed
        for key, decision in inner.decisions.items():
            if decision.level == "look":
                self.decisions[key] = decision
        text = "\n".join("    " * line.level + line.text for line in inner.out)
        try:
            ast.parse(text)
        except SyntaxError:
            return None
        return None if any(line.text.startswith("global ") for line in inner.out) else inner.out
