"""The import lines at the top of a module."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rawwfile.port.whole import group_of, order_of
from rawwfile.port.wrapping import WIDTH

NOQA = "  # noqa: F401 - a template uses it"


def for_templates(text: str, needed: Iterable[str]) -> str:
    """Return the module with the imports that only its templates need, each marked so.

    Names of rawwfile and of the shared module are known to templates anyhow.
    """
    known = ("from . ", "from rawwfile.cherrypy import ", "from rawwfile.cherrypy.meanings import ")
    return with_imports(text, [line for line in needed if not line.startswith(known)], NOQA)


def with_imports(text: str, needed: Iterable[str], comment: str) -> str:
    """Return the module with more imports, each of one name and with that comment, in their order."""
    there = set(names_bound(text))
    lines = [line for line in dict.fromkeys(needed) if not set(names_bound(line)) <= there]
    rows = text.removesuffix("\n").split("\n")
    body = ast.parse(text).body
    imports = [one for one in body if isinstance(one, (ast.Import, ast.ImportFrom))]
    if not lines:
        return text
    if not imports:
        at = (body[0].end_lineno or 0) if body and isinstance(body[0], ast.Expr) else 0
        rows[at:at] = ["", *in_order([Import(line, comment) for line in lines])]
        return "\n".join(rows) + "\n"
    first, last = imports[0].lineno - 1, imports[-1].end_lineno or 0
    known = [Import(part, _noqa(rows[one.lineno - 1])) for one in imports for part in _parts(one)]
    if any(row.startswith("#") for row in rows[first:last]):
        rows[last:last] = [f"{line}{comment}" for line in sorted(lines)]
    else:
        rows[first:last] = in_order([*known, *(Import(line, comment) for line in lines)])
    return "\n".join(rows) + "\n"


@dataclass(frozen=True)
class Import:
    """An import of one name. comment: of its line."""

    line: str
    comment: str = ""

    @property
    def module(self) -> str:
        return self.line.split()[1]


def _noqa(row: str) -> str:
    return "  # noqa" + row.partition("  # noqa")[2] if "  # noqa" in row else ""


def _parts(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for name in node.names:
        text = name.name + (f" as {name.asname}" if name.asname else "")
        if isinstance(node, ast.ImportFrom):
            yield f"from {'.' * node.level}{node.module or ''} import {text}"
        else:
            yield f"import {text}"


def in_order(imports: Iterable[Import]) -> list[str]:
    """Return imports as lines: the library, other packages, the package's own; names of one module together."""
    groups: list[dict[tuple[bool, str, str], list[Import]]] = [{}, {}, {}]
    for each in imports:
        is_from = each.line.startswith("from ")
        key = (is_from, each.module.lower(), "" if is_from and " as " not in each.line else each.line)
        groups[group_of(each.line)].setdefault(key, []).append(each)
    rows: list[str] = []
    for group in groups:
        rows += [""] if rows and group else []
        for (is_from, _, line), found in sorted(group.items()):
            comment = next((one.comment for one in found if one.comment), "")
            if is_from and not line:
                names = sorted({one.line.partition(" import ")[2] for one in found}, key=order_of)
                line = f"from {found[0].module} import {', '.join(names)}"
                if len(line) > WIDTH and len(names) > 1:
                    rows += [f"from {found[0].module} import ({comment}", *(f"    {name}," for name in names), ")"]
                    continue
            rows.append(line + comment)
    return rows


def names_bound(text: str) -> Iterator[str]:
    """Yield the names that import statements at the top of a text bind."""
    for statement in ast.parse(text).body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield from (one.asname or one.name for one in statement.names)
