"""From places in the text that was parsed to places in the file that a person wrote."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rawwfile.cpy.source import Line, Position


@dataclass(frozen=True)
class Row:
    """One row of parsed text. From column `plain` on, `column + shift` is the column in the file."""

    file: str
    line: int
    plain: int
    shift: int
    before: Callable[[int], int] | None = None

    def column(self, column: int) -> int:
        """Return the column in the file of a column of the row."""
        if column >= self.plain or self.before is None:
            return max(column + self.shift, 0)
        return self.before(column)


def rows_of_lines(lines: Sequence[Line], above: int) -> list[Row]:
    """Return the rows of lines; `above` rows that nobody wrote stand before them, at the first."""
    rows = []
    for line in lines:
        plain = len(line.text) - len(line.text.lstrip(" \t"))
        place = line.position_of(plain)

        def before(column: int, line: Line = line) -> int:
            return line.position_of(column).column

        rows.append(Row(place.file, place.line, plain, place.column - plain, before))
    return [rows[0]] * above + rows


def rows_of_expression(text: str, position: Position) -> list[Row]:
    """Return the rows of `(text)`: an expression with a bracket put before it."""
    rows = [Row(position.file, position.line, 1, position.column - 1, lambda column: position.column)]
    rows += [Row(position.file, position.line + n, 0, 0) for n in range(1, text.count("\n") + 2)]
    return rows


def rows_of_text(text: str, file: str) -> list[Row]:
    """Return the rows of a whole file."""
    return [Row(file, number, 0, 0) for number in range(1, text.count("\n") + 2)]


def place_in(rows: Sequence[Row], row: int, column: int) -> Position:
    """Return the place in the file of a row (from 1) and column (from 0) of the text."""
    at = rows[min(max(row, 1), len(rows)) - 1]
    return Position(at.file, at.line, at.column(column))


def in_characters(tree: ast.AST, text: str) -> None:
    """Count the columns of what ast.parse made in characters; it counts bytes of UTF-8."""
    if text.isascii():
        return
    rows = [row.encode() for row in text.split("\n")]
    for node in ast.walk(tree):
        if "lineno" in node._attributes:
            for line, column in (("lineno", "col_offset"), ("end_lineno", "end_col_offset")):
                row = rows[min(getattr(node, line), len(rows)) - 1]
                setattr(node, column, len(row[: getattr(node, column)].decode("utf-8", "ignore")))


def relocate(tree: ast.AST, rows: Sequence[Row]) -> None:
    """Move every node of `tree` from its place in the text to its place in the file."""
    stack = [tree]
    last = len(rows)
    while stack:
        node = stack.pop()
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                if value._fields:
                    stack.append(value)
            elif type(value) is list:
                stack.extend(each for each in value if isinstance(each, ast.AST))
        old = getattr(node, "old_target", None)
        if old is not None:
            stack.append(old)
        if "lineno" not in node._attributes:
            continue
        row = rows[min(node.lineno, last) - 1]  # type: ignore[attr-defined]
        start = node.col_offset  # type: ignore[attr-defined]
        start = start + row.shift if start >= row.plain else row.column(start)
        end_row = rows[min(node.end_lineno, last) - 1]  # type: ignore[attr-defined]
        end = end_row.column(node.end_col_offset)  # type: ignore[attr-defined]
        if end_row.line < row.line or (end_row.line == row.line and end < start):
            end_row, end = row, start
        node.lineno, node.col_offset = row.line, start  # type: ignore[attr-defined]
        node.end_lineno, node.end_col_offset = end_row.line, end  # type: ignore[attr-defined]
