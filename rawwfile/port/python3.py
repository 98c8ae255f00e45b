"""Code that is Python 3 already: only its shared names are written as the package reaches them."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from rawwfile.port.code import Converted, Name
from rawwfile.port.imports import with_imports
from rawwfile.port.layout import laid_out
from rawwfile.port.unbound import unbound_nodes


def resolved(text: str, names: Mapping[str, Name]) -> Converted:
    """Return a module whose names that it does not bind itself are those of `names`."""
    rows = text.split("\n")
    imports: dict[str, None] = {}
    rewritten: set[str] = set()
    for node in sorted(unbound_nodes(text, frozenset(names)), key=lambda one: (-one.lineno, -one.col_offset)):
        known = names.get(node.id)
        if known is None:
            continue
        imports.update(dict.fromkeys(known.imports))
        if known.text:
            rewritten.add(node.id)
            row = rows[node.lineno - 1].encode()
            end = node.col_offset + len(node.id.encode())
            rows[node.lineno - 1] = (row[: node.col_offset] + known.text.encode() + row[end:]).decode()
    _without_globals(text, rows, rewritten)
    made = with_imports("\n".join(rows), imports, "")
    return Converted(laid_out(made), tuple(imports), (), ())


def _without_globals(text: str, rows: list[str], names: set[str]) -> None:
    """Take names off `global` lines; a line that loses all of them becomes `pass`."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Global) and set(node.names) & names:
            left = [name for name in node.names if name not in names]
            row = rows[node.lineno - 1]
            blanks = row[: node.col_offset]
            new = f"global {', '.join(left)}" if left else "pass"
            rows[node.lineno - 1] = blanks + new + row[node.end_col_offset :]
