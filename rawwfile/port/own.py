"""Python modules of the application's own, which lay beside its `.cpy` files: they move into the package."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from rawwfile.port.bindings import bound_names
from rawwfile.port.rows import Row

_ONE = r"[\w.]+(?:[ \t]+as[ \t]+\w+)?"
_IMPORT = re.compile(rf"^([ \t]*)import[ \t]+({_ONE}(?:[ \t]*,[ \t]*{_ONE})*)[ \t]*(#.*)?$")
_NAMED = re.compile(r"""\b(?:__import__\(\s*['"](?=\w+['"])|execfile\(\s*['"](?=\w+\.py['"]))(\w+)""")
_FROM = re.compile(r"^([ \t]*)from[ \t]+(\w+)([ \t]+import[ \t]+.*)$")


@dataclass(frozen=True)
class Own:
    """One module. name: as the sources import it; module: its name in the package; path: of the file."""

    name: str
    module: str
    path: str
    shown: str


def imported_by(texts: Iterable[str]) -> set[str]:
    """Return the names of the modules that lines of code import, up to the first dot."""
    found: set[str] = set()
    for text in texts:
        found.update(each.group(1) for each in _NAMED.finditer(text.partition("#")[0]))
        if match := _IMPORT.match(text):
            found.update(part.split()[0].split(".")[0] for part in match.group(2).split(","))
        elif match := _FROM.match(text):
            found.add(match.group(2))
    return found


def names_of(own: Own, translate: Callable[[str, str], ast.Module]) -> list[str]:
    """Return what `from it import *` binds. translate: text and file to `ast`. Raises CpyError."""
    with open(own.path, encoding="latin-1") as file:
        tree = translate(file.read(), own.shown)
    found = dict.fromkeys(name for name in bound_names(tree.body) if not name.startswith("_"))
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return [ast.literal_eval(each) for each in getattr(statement.value, "elts", [])]
    return list(found)


def find_own(
    texts: Iterable[str], folders: Iterable[str], directory: str, free: Callable[[str], str]
) -> tuple[dict[str, Own], list[str]]:
    """Return the modules that are imported, and import each other, and the packages that are not ported.

    folders: where to look. free: gives each its name in the package.
    """
    found: dict[str, Own] = {}
    packages: list[str] = []
    waiting = sorted(imported_by(texts))
    folders = list(folders)
    while waiting:
        name = waiting.pop(0)
        if name in found or name in packages:
            continue
        for folder in folders:
            shown = os.path.join(folder, f"{name}.py")
            path = os.path.join(directory, shown)
            if os.path.isfile(path):
                found[name] = Own(name, free(name), path, shown)
                with open(path, encoding="latin-1") as file:
                    waiting += sorted(imported_by(file.read().split("\n")))
                break
            if os.path.isfile(os.path.join(directory, folder, name, "__init__.py")):
                packages.append(name)
                break
    return found, packages


def relative(text: str, own: Mapping[str, Own]) -> str:
    """Return a line of code that imports from the package what is in the package now."""
    if match := _FROM.match(text):
        blanks, name, rest = match.groups()
        return f"{blanks}from .{own[name].module}{rest}" if name in own else text
    match = _IMPORT.match(text)
    if not match:
        return text
    parts = [part.strip() for part in match.group(2).split(",")]
    if not any(part.split()[0] in own for part in parts):
        return text
    statements = []
    for part in parts:
        name, *rest = part.split()
        if name in own:
            known = rest[1] if rest else name
            module = own[name].module
            statements.append(f"from . import {module}" + ("" if known == module else f" as {known}"))
        else:
            statements.append(f"import {part}")
    return match.group(1) + "; ".join(statements) + (f"  {match.group(3)}" if match.group(3) else "")


def relative_rows(rows: Iterable[Row], own: Mapping[str, Own]) -> list[Row]:
    """Return rows of code with such imports."""
    return [replace(row, text=relative(row.text, own)) for row in rows] if own else list(rows)
