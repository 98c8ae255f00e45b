"""Lines of a text that is being put together, each with the line of a source that it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rawwfile.cpy.source import Line

# A string, a comment, or a bracket: what hides a '#', a quote or a ':' that stands inside.
_TOKEN = re.compile(
    r"""'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"
    |'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\#[^\n]*|[(\[{]|[)\]}]|:""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Row:
    """One line of the new text. line: where it came from; shift: columns it was moved to the right."""

    text: str
    line: Line | None = None
    shift: int = 0

    def moved(self, columns: int) -> Row:
        """Return the row further right, or left as far as there are blanks."""
        if not self.text.strip():
            return self
        columns = max(columns, len(self.text.lstrip(" ")) - len(self.text))
        text = " " * columns + self.text if columns >= 0 else self.text[-columns:]
        return replace(self, text=text, shift=self.shift + columns)


def of(line: Line) -> Row:
    """Return the row of a line as it stands."""
    return Row(line.text, line)


def text_of(rows: Iterable[Row]) -> str:
    """Return the rows as text, each with its line end."""
    return "".join(f"{row.text.rstrip()}\n" for row in rows)


def places(rows: Sequence[Row], file: str) -> Callable[[int, int], tuple[str, int, int]]:
    """Return what maps a row (from 1) and a column (from 0) of the text to file, line and column."""

    def place(row: int, column: int) -> tuple[str, int, int]:
        for each in rows[max(row - 1, 0) :]:
            if each.line is not None:
                found = each.line.position_of(min(max(column - each.shift, 0), len(each.line.text)))
                return found.file, found.line, found.column
        return file, 1, 0

    return place


def inside_strings(texts: Sequence[str]) -> set[int]:
    """Return the indexes of the lines that begin inside a string that an earlier line opened."""
    joined = "\n".join(texts)
    found: set[int] = set()
    for token in _TOKEN.finditer(joined):
        if "\n" in token.group():
            first = joined.count("\n", 0, token.start())
            found.update(range(first + 1, first + 1 + token.group().count("\n")))
    return found


def reindented(rows: Sequence[Row], column: int) -> list[Row]:
    """Return code that begins at `column`; what stands inside a string keeps its columns."""
    fixed = inside_strings([row.text for row in rows])
    first = next((row for row in rows if row.text.strip() and not row.text.lstrip().startswith("#")), None)
    if first is None:
        return [Row(" " * column + row.text.strip(), row.line, 0) for row in rows]
    move = column - (len(first.text) - len(first.text.lstrip(" ")))
    return [row if index in fixed or not move else row.moved(move) for index, row in enumerate(rows)]


def end_of_header(texts: Sequence[str]) -> tuple[int, int]:
    """Return which line holds the ':' that ends a def or class, and the index behind it there."""
    joined = "\n".join(texts)
    depth = 0
    for token in _TOKEN.finditer(joined):
        if token.group() in "([{":
            depth += 1
        elif token.group() in ")]}":
            depth -= 1
        elif token.group() == ":" and depth == 0:
            before = joined[: token.end()].split("\n")
            return len(before) - 1, len(before[-1])
    return len(texts) - 1, len(texts[-1])


def docstring_rows(rows: Sequence[Row]) -> int:
    """Return how many rows at the start are a docstring, with what stands above it."""
    start = next((i for i, row in enumerate(rows) if row.text.strip() and not row.text.lstrip().startswith("#")), 0)
    joined = "\n".join(row.text for row in rows[start:])
    opening = re.compile(r"[ ]*[uUrR]{0,2}(?=['\"])").match(joined)
    if not opening:
        return 0
    token = _TOKEN.match(joined, opening.end())
    if not token:
        return 0
    rest = joined[token.end() :].partition("\n")[0].strip()
    if rest and not rest.startswith("#"):
        return 0
    return start + joined.count("\n", 0, token.end()) + 1
