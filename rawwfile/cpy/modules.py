"""Which files make up an application, and in which order they count (spec 1.2 `use`, 4.3)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.files import Found, SourceFiles
from rawwfile.cpy.parser import parse_module
from rawwfile.cpy.tree import Module, Use

SUFFIX = ".cpy"


@dataclass
class _Entry:
    module: Module
    needs: dict[str, Use] = field(default_factory=dict)


def load_modules(
    names: Sequence[str], files: SourceFiles, *, debug: bool = False
) -> list[Module]:
    """Parse the files named, and all that they `use`; each stands behind what it uses.

    Among modules that could come next the order is that of `names`, then of the first `use`. A
    name may lack its `.cpy`. Raises CpyError for a missing file, a cycle and every parse error.
    """
    entries: dict[str, _Entry] = {}
    queue: list[Found] = []
    for name in names:
        found = files.find(name) if name.endswith(SUFFIX) else files.find(name + SUFFIX)
        if found is None:
            raise files.missing(name if name.endswith(SUFFIX) else name + SUFFIX, None)
        queue.append(found)
    while queue:
        found = queue.pop(0)
        key = os.path.realpath(found.path)
        if key in entries:
            continue
        entry = _Entry(parse_module(files.lines(found), found.shown, debug=debug))
        entries[key] = entry
        for use in entry.module.uses:
            used = _find_used(use, files)
            entry.needs.setdefault(os.path.realpath(used.path), use)
            queue.append(used)
    return [entries[key].module for key in _ordered(entries)]


def _find_used(use: Use, files: SourceFiles) -> Found:
    if use.name.endswith(SUFFIX):
        raise CpyError.at(
            use.line,
            "Infinite loop in modules dependency",
            hint=f"write the name without its ending: use {use.name[: -len(SUFFIX)]}",
        )
    found = files.find(use.name + SUFFIX)
    if found is None:
        error = files.missing(use.name + SUFFIX, use.line.position)
        if "#" in use.name:
            error.hint = "put the comment on a line of its own, below the use lines"
        raise error
    return found


def _ordered(entries: dict[str, _Entry]) -> list[str]:
    waiting = list(entries)
    order: list[str] = []
    while waiting:
        ready = next((key for key in waiting if not entries[key].needs.keys() - order), None)
        if ready is None:
            raise _cycle(entries, waiting)
        waiting.remove(ready)
        order.append(ready)
    return order


def _cycle(entries: dict[str, _Entry], waiting: list[str]) -> CpyError:
    """Return the error that names the modules of one cycle, at the `use` that closes it."""
    key = waiting[0]
    path: list[str] = []
    while key not in path:
        path.append(key)
        key = next(need for need in entries[key].needs if need in waiting)
    path = path[path.index(key) :]
    files = [entries[each].module.file for each in [*path, key]]
    return CpyError.at(
        entries[path[-1]].needs[key].line,
        "Infinite loop in modules dependency",
        hint=f"{' uses '.join(files)}: move what they share into a module that uses none of them",
    )
