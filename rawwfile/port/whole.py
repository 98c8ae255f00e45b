"""Puts a converted module together: docstring, imports of today that it uses, exception classes, the rest."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import Any

from rawwfile.port.literals import quoted
from rawwfile.port.wrapping import WIDTH

RUFF_REASONS = {
    "E741": "names of the original", "F402": "names of the original", "UP028": "loops of the original",
    "UP012": "encode() as in the original",
    "UP003": "type() as in the original", "UP018": "str() of a literal, as in the original",
    "UP031": "texts are formatted as the original did",
}  # fmt: skip
"""Rules among RUFF_SELECTED that the result may break, because the original did, and why."""
RUFF_SELECTED = ("E4", "E7", "E9", "F", "I", "UP", "W")
"""The rules that the result keeps: errors, imports, today's spellings, white space."""
RUFF_IGNORED = tuple(sorted(RUFF_REASONS))

UNREAD = "  # noqa: F401"
"""Stands behind an import that nothing uses but that may have effects."""
_FROM = re.compile(r"from (\S+) import (\S+)(?: as (\S+))?$")


def assembled(writer: Any, source: str) -> tuple[str, tuple[int, ...], tuple[str, ...]]:
    """Return the text, the source's row for each of its lines, and the import lines that it needs."""
    lines: list[tuple[str, int]] = []
    sort_runs(writer.out)
    for out in writer.out:
        indent = "    " * out.level
        parts = out.text.split("\n")
        lines.append((indent + parts[0] if parts[0] else "", out.row))
        lines.extend((part, out.row) for part in parts[1:])
    classes = [
        f"{name} = string_exception({quoted(text)})"
        for name, text in sorted((name, text) for text, name in writer.exceptions.items())
    ]
    if classes:
        writer.needed.add("from rawwfile.cherrypy.meanings import string_exception")
    used = names_read("\n".join([text for text, _ in lines] + classes))
    if writer.mode != "module":
        lines[:0] = [(line, 0) for line in classes]
        kept = used_lines(writer.needed, used)
        return (
            "\n".join(text for text, _ in lines) + "\n" * bool(lines),
            tuple(row for _, row in lines),
            tuple(sorted(kept)),
        )
    imports = module_imports(writer, used)
    block = import_block(imports)
    at = top_of(lines, min(writer.import_rows, default=0))
    rows = {line: row for line, row in writer.imports.lines.items()}
    listed = [(part, rows.get(line, 0)) for line in block for part in wrapped(line)]
    placed = listed + [(line, 0) for line in [""] * bool(classes and block) + classes]
    if placed:
        lines[at:at] = placed if at == 0 else [("", 0), *placed]
        lines.insert(at + len(placed) + (at > 0), ("", 0))
    return "\n".join(text for text, _ in lines) + "\n" * bool(lines), tuple(row for _, row in lines), tuple(imports)


def sort_runs(out: list[Any]) -> None:
    """Put import lines that follow each other inside functions in order."""
    start = 0
    while start < len(out):
        end = start
        while (
            end < len(out) and out[end].level == out[start].level > 0 and out[end].text.startswith(("import ", "from "))
        ):
            end += 1
        if end - start > 1:
            out[start:end] = sorted(out[start:end], key=lambda line: (line.text.startswith("from "), line.text.lower()))
        start = max(end, start + 1)


def top_of(lines: list[tuple[str, int]], first_import: int) -> int:
    """Return the place behind the docstring and the comments that lead the text."""
    text = "\n".join(line for line, _ in lines)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except SyntaxError:
        return 0
    if (
        body
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    ):
        return body[0].end_lineno or 0
    leading = 0
    while leading < len(lines) and lines[leading][0].startswith("#"):
        leading += 1
    is_apart = leading < len(lines) and (not lines[leading][0] or leading and lines[leading - 1][1] < first_import)
    return leading if is_apart or leading == len(lines) else 0


def names_read(text: str) -> set[str]:
    """Return the names that a text reads, with the dotted ones."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except SyntaxError:
        return set(re.findall(r"\w+", text))
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    listed = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__"
    ]
    for node in listed:
        found.update(
            each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)
        )
    return found


def bound_by(line: str) -> str:
    """Return the name that an import line binds."""
    plain = line.split("#")[0].strip()
    found = _FROM.match(plain)
    if found:
        return found.group(3) or found.group(2)
    name = plain.removeprefix("import ").split(" as ")
    return name[-1].strip() if len(name) > 1 else name[0].split(".")[0].strip()


def used_lines(lines: Any, used: set[str]) -> set[str]:
    """Return the import lines that bind a name that is read."""
    return {line for line in lines if bound_by(line) in used or bound_by(line) == "*"}


def module_imports(writer: Any, used: set[str]) -> list[str]:
    """Return the import lines of a module: those that are used, and those of its own that may have effects."""
    kept = used_lines([*writer.imports.lines, *writer.needed], used)
    for line, row in writer.imports.lines.items():
        if line in kept:
            continue
        file, number, column = writer.place(row, 0)
        if line in writer.imports.effects:
            kept.add(line + UNREAD)
            note = "nothing uses this import; it stays, for it may have effects"
            writer.decisions[file, number, column, "import", "look", note] = _decision(
                file, number, column, "look", note
            )
        else:
            note = f"nothing uses `{line}`"
            writer.decisions[file, number, column, "import", "certain", note] = _decision(
                file, number, column, "certain", note
            )
    return sorted(kept)


def _decision(file: str, line: int, column: int, level: Any, message: str) -> Any:
    from rawwfile.port.writing import Decision

    return Decision(file, line, column, "import", level, message)


def import_block(lines: list[str]) -> list[str]:
    """Return import lines merged and in order: the library, other packages, the package's own."""
    groups: dict[int, list[str]] = {0: [], 1: [], 2: []}
    merged: dict[str, list[str]] = {}
    plain: list[str] = []
    unread: set[str] = set()
    for line in lines:
        found = _FROM.match(line.removesuffix(UNREAD))
        if found and found.group(2) != "*" and not found.group(3):
            merged.setdefault(found.group(1), []).append(found.group(2))
            unread |= {found.group(1)} if line.endswith(UNREAD) else set()
        else:
            plain.append(line)
    for line in sorted(set(plain), key=lambda each: each.lower()):
        groups[group_of(line)].append(line)
    for module, names in sorted(merged.items(), key=lambda each: each[0].lower()):
        listed = ", ".join(sorted(set(names), key=order_of))
        mark = UNREAD if module in unread else ""
        groups[group_of(f"from {module} import")].append(f"from {module} import {listed}{mark}")
    made: list[str] = []
    for number in (0, 1, 2):
        if groups[number]:
            made.extend(([""] if made else []) + ordered_group(groups[number]))
    return made


def wrapped(line: str) -> list[str]:
    """Return a long `from m import a, b` as lines of one name each."""
    head, found, names = line.partition(" import ")
    if len(line) <= WIDTH or not found or "," not in names or "#" in line:
        return [line]
    return [f"{head} import (", *(f"    {name.strip()}," for name in names.split(",")), ")"]


def ordered_group(lines: list[str]) -> list[str]:
    """Return `import x` lines before `from x import y` lines, each kind by name."""

    def place(line: str) -> tuple[bool, str, tuple[int, str]]:
        words = line.split()
        is_from = words[0] == "from"
        return is_from, words[1].lower(), order_of(words[3].rstrip(",") if is_from else "")

    return sorted(lines, key=place)


def order_of(name: str) -> tuple[int, str]:
    """Return the place of a name among imported ones: CONSTANTS, Classes, functions."""
    plain = name.split(" ")[0]
    kind = 0 if plain.isupper() and len(plain) > 1 else 1 if plain[:1].isupper() else 2
    return (kind, plain)


def group_of(line: str) -> int:
    """Return 0 for the library, 1 for other packages, 2 for the package's own modules."""
    module = line.split()[1]
    if module.startswith("."):
        return 2
    return 0 if module.split(".")[0] in sys.stdlib_module_names else 1
