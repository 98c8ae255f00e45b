"""Import lines and special functions: the parts of an application outside classes (spec 1.2, 8)."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from rawwfile.cpy.pieces import mark, settle, without_globals
from rawwfile.cpy.program import Unit
from rawwfile.cpy.protocols import Translator
from rawwfile.cpy.source import UNIT, Line
from rawwfile.cpy.tree import SPECIALS, Module, Special


def import_unit(module: Module, translate: Translator) -> Unit:
    """Return the unit of all import lines of a module."""
    tree = ast.Module(translate.statements(module.imports, scope="module"), [])
    return Unit("imports", "", module.file, tree, {})


def init_program_units(modules: Sequence[Module], translate: Translator) -> Iterator[Unit]:
    """Yield a unit for each `initProgram`: it is no function, but runs first.

    Its lines lose one level, those inside long strings too.
    """
    for special in _all_named("initProgram", modules):
        if special.body:
            lines = [line.part(UNIT) for line in special.body]
            body = translate.statements(lines, scope="module")
            tree = ast.Module(without_globals(body)[0], [])
            yield Unit("initProgram", "initProgram", special.header.position.file, tree, {})


def special_units(modules: Sequence[Module], translate: Translator) -> list[Unit]:
    """Return a unit for each special function; bodies of one name are put together, in order."""
    units = []
    for name in SPECIALS:
        found = _all_named(name, modules)
        if not found or name == "initProgram":
            continue
        file = found[0].header.position.file
        function = _function(found[0], translate)
        function.body = mark(function.body, file)
        for special in found[1:]:
            function.body += mark(
                _function(special, translate).body, special.header.position.file
            )
        pieces: dict[str, str] = {}
        settle(function, file, pieces)
        units.append(Unit("special", name, file, ast.Module([function], []), pieces))
    return units


def _all_named(name: str, modules: Sequence[Module]) -> list[Special]:
    return [
        special for module in modules for special in module.specials if special.name == name
    ]


def _function(special: Special, translate: Translator) -> ast.FunctionDef:
    """Translate one definition. What 0.10 ignored behind its colon is left out."""
    end = special.header.text.index(":") + 1
    head = special.header.part(0, end)
    body = special.body or (Line("    pass", head.position, head.original),)
    statements = translate.statements([head, *body], scope="module")
    return next(one for one in statements if isinstance(one, ast.FunctionDef))
