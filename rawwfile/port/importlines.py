"""Writes import lines."""

from __future__ import annotations

import sys
from typing import Any

from rawwfile.port.actions import Actions
from rawwfile.port.concrete import first_leaf
from rawwfile.port.modules import GONE, KEPT, MEMBERS, MODULES
from rawwfile.port.scopes import imported, imported_from
from rawwfile.port.whole import bound_by, import_block
from rawwfile.port.writing import safe_name

STANDARD = frozenset(sys.stdlib_module_names) | {"MySQLdb", "rawwfile"}
"""Modules whose import has no effect that an application waits for."""


class ImportLines(Actions):
    """Import statements: what brings its own import by its use is left out."""

    def do_import_name(self, node: Any) -> None:
        self.import_rows.append(first_leaf(node).lineno)
        for module, name in imported(self.kind, node):
            root = module.split(".")[0]
            if root in self.beside:
                line = f"from . import {module}" + (f" as {safe_name(name)}" if name else "")
                self.decide(node, "import", f"{module} lies beside this module: a relative import")
            elif self.is_moved(module):
                continue
            else:
                line = f"import {module}" + (f" as {safe_name(name)}" if name else "")
            self.add_import(node, line, root)

    def do_import_from(self, node: Any) -> None:
        module, names = imported_from(self.kind, node)
        self.import_rows.append(first_leaf(node).lineno)
        if module == "__future__":
            self.decide(node, "import", "from __future__ is not needed")
            return
        root = module.split(".")[0]
        inside: list[str] = []
        new = f".{module}" if root in self.beside else module
        if root in self.beside:
            self.decide(node, "import", f"{module} lies beside this module: a relative import")
        for name, renamed in names:
            if name == "*":
                if module in self.starred:
                    self.decide(node, "import", f"what is used of {module} is imported by name")
                    continue
                self.look(node, "import", f"import the names that are used, not all of {module}")
                self.add_import(node, f"from {self.renamed_module(new)} import *  # noqa: F403", root)
            elif root in self.beside or not self.is_moved(module, name):
                line = f"from {new} import {name}" + (f" as {safe_name(renamed)}" if renamed else "")
                if self.level == 0 and self.mode == "module" or root in STANDARD:
                    self.add_import(node, line, root)
                else:
                    inside.append(line)
        self.inner_imports(node, inside)

    starred: frozenset[str] = frozenset()
    """Modules of the library whose `import *` is written name by name."""

    def is_moved(self, module: str, name: str = "") -> bool:
        """Whether uses of an imported thing bring their own imports."""
        if name:
            return f"{module}.{name}" in MEMBERS or module in MODULES or module in KEPT
        return (
            module in MODULES
            and module not in GONE
            or module in KEPT
            or module in ("urllib", "urllib2", "md5", "sha", "thread", "sets")
        )

    def renamed_module(self, module: str) -> str:
        return MODULES.get(module, module)

    def inner_imports(self, node: Any, lines: list[str]) -> None:
        """Write the names that a function imports from one module on one line."""
        if not lines:
            return
        unread = [line for line in lines if not self.scope.is_read(bound_by(line))]
        for line in import_block(lines):
            if line and unread:
                self.look(node, "import", "nothing uses this import; it stays, for it may have effects")
            self.put(line + "  # noqa: F401" * bool(unread), node)

    def add_import(self, node: Any, line: str, root: str) -> None:
        if self.level == 0 and self.mode == "module":
            self.imports.lines.setdefault(line, first_leaf(node).lineno)
            if root not in STANDARD:
                self.imports.effects.add(line)
            return
        name = bound_by(line)
        if (
            root in STANDARD
            and self.bound_by_import(name, line.split()[1] if line.startswith("import") else "")
            and " as " not in line
        ):
            self.decide(node, "import", f"{root} is imported at the top")
            self.needed.add(line)
            return
        if root not in STANDARD and not self.scope.is_read(name) and "noqa" not in line:
            self.look(node, "import", "nothing uses this import; it stays, for it may have effects")
            line += "  # noqa: F401"
        self.put(line, node)
