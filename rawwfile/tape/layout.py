"""How a conversation is set on a terminal: columns, wrapping, hex, and colour where it is wanted.

Colour only repeats what words and signs say. Every text passes `visible` or `printable` on its way
out, so that the only control sequences in the output are the colours of this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rawwfile.http.notes.base import LEVELS
from rawwfile.tape.visible import hexed, printable, width_of

MIN_WIDTH, MAX_WIDTH = 40, 200
MIN_NOTE = 10
"""Fewest columns beside a line in which words are still set."""
RULE = 11
"""Columns for the section of a rule, at the right edge: "9110 12.5.1"."""

SIGNS = {"good": "✓", "info": "·", "warning": "⚠", "bad": "✗"}
ASCII_SIGNS = {"good": "+", "info": "-", "warning": "!", "bad": "x"}
ARROWS = {"in": "▸", "out": "◂"}
ASCII_ARROWS = {"in": ">", "out": "<"}

COLOURS = {
    "in": "36", "out": "32", "dim": "2", "bold": "1",
    "good": "32", "info": "36", "warning": "33", "bad": "31;1", "title": "1",
}  # fmt: skip
RESET = "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Look:
    """How it is to look.

    width: columns of the terminal. unicode: the output can show arrows, signs and ␍␊. colour: SGR
    sequences are wanted. verbose: 0, 1 (hex beside the text) or 2 (every span too). whole: all of
    the content instead of a sample. secrets: show credentials and cookies. level: notes below it are
    left out; "" takes "warning", and "good" with `verbose`. times: when each byte crossed is known.
    """

    width: int = 80
    unicode: bool = True
    colour: bool = False
    verbose: int = 0
    whole: bool = False
    secrets: bool = False
    level: str = ""
    times: bool = True

    def wants(self, level: str) -> bool:
        """Whether notes of this level are to be shown."""
        least = self.level or ("good" if self.verbose else "warning")
        return level not in LEVELS or LEVELS.index(level) >= LEVELS.index(least)

    @property
    def columns(self) -> int:
        """The width that is used: very narrow and very wide terminals are hard to read."""
        return max(MIN_WIDTH, min(self.width, MAX_WIDTH))

    def sign(self, level: str) -> str:
        """The sign of a note's level."""
        return (SIGNS if self.unicode else ASCII_SIGNS).get(level, "?")

    def arrow(self, direction: str) -> str:
        """▸ towards the server, ◂ back."""
        return (ARROWS if self.unicode else ASCII_ARROWS).get(direction, "?")

    @property
    def dots(self) -> str:
        """What stands where something was left out."""
        return "…" if self.unicode else "..."

    @property
    def dash(self) -> str:
        """What stands between two clauses."""
        return "·" if self.unicode else "-"

    def paint(self, text: str, colour: str) -> str:
        """`text` in a colour of COLOURS, if colours are wanted."""
        code = COLOURS.get(colour)
        return f"\x1b[{code}m{text}{RESET}" if self.colour and code and text else text


def wrapped_cells(cells: Sequence[str], width: int) -> list[str]:
    """Cells (see `visible.cells`) in rows of at most `width` columns; no cell is torn apart."""
    whole = "".join(cells)
    if width_of(whole) <= width:
        return [whole]
    rows: list[str] = []
    row, used = "", 0
    for cell in cells:
        size = width_of(cell)
        if used + size > width and row:
            rows.append(row)
            row, used = "", 0
        row += cell
        used += size
    rows.append(row)
    return rows


def wrapped_words(text: str, width: int) -> list[str]:
    """Printable text in rows of at most `width` columns, broken at blanks where that is possible."""
    rows: list[str] = []
    row = ""
    for word in printable(text).split(" "):
        joined = f"{row} {word}" if row else word
        if width_of(joined) <= width:
            row = joined
            continue
        if row:
            rows.append(row)
        pieces = wrapped_cells(list(word), width)
        rows += pieces[:-1]
        row = pieces[-1]
    rows.append(row)
    return rows


def beside(look: Look, gutter: int, left: Sequence[str], colour: str, text: str, rule: str) -> list[str]:
    """Rows of bytes with words and the rule beside them, in three columns.

    The words stand beside the first row that has room for them; those that do not fit are left out,
    for the bytes mostly say it. Only where bytes fill all rows do words and rule stand below.
    gutter: columns that the caller puts before each row.
    """
    text, rule = printable(text), printable(rule)
    room = look.columns - gutter
    edge = room - max(RULE, width_of(rule)) if rule else room
    column = room * 2 // 5
    at = next((index for index, row in enumerate(left) if width_of(row) + 2 <= edge), len(left) - 1)
    used = width_of(left[at])
    start = max(column, used + 2)
    notes = wrapped_words(text, edge - 1 - start) if text and edge - start >= MIN_NOTE else []
    if len(notes) > len(left) - at:
        short = text.partition(",")[0]
        notes = [short] if width_of(short) < edge - start else []
    if (text or rule) and used + 2 > (edge if rule else room - MIN_NOTE):
        left, at = [*left, ""], len(left)
        short = text if width_of(text) < edge else text.partition(",")[0]
        start = max(0, min(column, edge - 1 - width_of(short)))
        notes = wrapped_words(short, max(MIN_NOTE, edge - 1 - start))[:1]
    rows = [look.paint(row, colour) for row in left]
    for index in range(at, len(left)):
        note = notes[index - at] if index - at < len(notes) else ""
        tail = f"{note:<{edge - start}}{rule}" if rule and index == at else note
        if tail:
            rows[index] += " " * (start - width_of(left[index])) + look.paint(tail, "dim")
    return rows


def hex_rows(look: Look, gutter: int, data: bytes, shown: Sequence[str], offset: int) -> list[str]:
    """Offset, hex and characters. shown: one cell for each byte of `data`."""
    room = look.columns - gutter
    size = 16 if room >= 100 else 8 if room >= 41 else 4
    rows = []
    for at in range(0, len(data), size):
        part = data[at : at + size]
        text = "".join(cell if len(cell) == 1 else "." for cell in shown[at : at + size])
        rows.append(f"{offset + at:06x}  {hexed(part):<{size * 3 - 1}}  {text:<{size}}")
    return rows


def duration(seconds: float) -> str:
    """"0.901 s", "75.2 s", "2 ms"."""
    if seconds < 0.1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3f} s" if seconds < 10 else f"{seconds:.1f} s"


def count_of(number: int, thing: str) -> str:
    """"1 byte", "12,345 bytes"."""
    return f"1 {thing}" if number == 1 else f"{number:,} {thing}s"
