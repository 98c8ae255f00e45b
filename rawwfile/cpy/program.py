"""What the compiler hands to a run time."""

from __future__ import annotations

import ast
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.exposure import ClassTable
from rawwfile.cpy.pieces import compiled


@dataclass(frozen=True)
class Unit:
    """Some Python to be run once in the application's namespace.

    kind: 'initProgram', 'imports', 'class' or 'special'. name: of the class or function, else ''.
    file: the source that tracebacks show. pieces: for `code`; functions from other files inside.
    """

    kind: str
    name: str
    file: str
    tree: ast.Module
    pieces: Mapping[str, str]

    def code(self) -> types.CodeType:
        """Compile the tree, once. Raises CpyError where Python itself refuses it."""
        return self._code

    @cached_property
    def _code(self) -> types.CodeType:
        return compiled(self.tree, self.file, dict(self.pieces))


@dataclass(frozen=True)
class Program:
    """A compiled application.

    A run time makes one dict as namespace, puts into it `__cherry_class__` (`classic.cherry_class`),
    `request`, `response` and the other names of spec 1.8, and runs `unit.code()` of `units` in
    their order: initProgram, imports, classes, special functions. Then, its configuration read,
    it makes `instances` (name of the instance, name of the class) in that order and calls the
    special functions when their time comes; those not in `specials` have the default of spec 8.

    classes: by name, in definition order. warnings: to show, never raised.
    """

    units: tuple[Unit, ...]
    classes: Mapping[str, ClassTable]
    specials: tuple[str, ...]
    warnings: tuple[CpyError, ...]

    @property
    def instances(self) -> tuple[tuple[str, str], ...]:
        """Pairs of instance name and class name, in the order in which to make them."""
        tables = self.classes.values()
        return tuple((table.instance, table.name) for table in tables if table.instance)

    def table_at(self, instance: str) -> ClassTable | None:
        """Return the table of the class whose instance has this name (`root`, `airline_fr`)."""
        for table in self.classes.values():
            if table.instance == instance:
                return table
        return None
