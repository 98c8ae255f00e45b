"""What a port decided and what a person must look at, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from rawwfile.cpy.source import Line

CERTAIN, LOOK = "certain", "look"


@dataclass(frozen=True, order=True)
class Item:
    """One decision. level: 'certain' means the same as before, 'look' asks for a person.

    line: from 1; column: from 1. to_file, to_line: where it stands in the package ('' and 0: nowhere).
    """

    file: str
    line: int
    column: int
    code: str
    level: str
    message: str
    to_file: str = ""
    to_line: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return the item as JSON shows it."""
        to = {"file": self.to_file, "line": self.to_line or None} if self.to_file else None
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "level": self.level,
            "message": self.message,
            "to": to,
        }

    def __str__(self) -> str:
        """Return the item as one line of text."""
        line = f":{self.to_line}" if self.to_line else ""
        where = f" [{self.to_file}{line}]" if self.to_file else ""
        mark = "look" if self.level == LOOK else "did"
        return f"{self.file}:{self.line}:{self.column}: {mark}: {self.message} ({self.code}){where}"


@dataclass
class Report:
    """The items of one port."""

    items: list[Item] = field(default_factory=list)

    def add(self, line: Line | None, code: str, message: str, *, look: bool = False, file: str = "") -> None:
        """Note a decision about this line; without one, about the whole `file`."""
        level = LOOK if look else CERTAIN
        if line is None:
            self.items.append(Item(file, 1, 1, code, level, message))
        else:
            place = line.position
            self.items.append(Item(place.file, place.line, line.column_of(line.indent) + 1, code, level, message))

    def extend(self, items: Iterable[Item]) -> None:
        """Add what was decided elsewhere."""
        self.items += items

    def renamed(self, names: dict[str, str]) -> Report:
        """Return the report with other names of source files."""
        return Report([replace(one, file=names.get(one.file, one.file)) for one in self.items])

    def trusting(self, files: Collection[str]) -> Report:
        """Return the report without anything to look at in these files: they are ours, and were looked at."""
        items = (replace(one, level=CERTAIN) if one.file in files else one for one in self.items)
        return Report(list(items))

    def sorted(self) -> list[Item]:
        """Return each item once, in the order of files and lines."""
        return sorted(dict.fromkeys(self.items))

    @property
    def to_look_at(self) -> int:
        """How many items ask for a person."""
        return sum(one.level == LOOK for one in self.sorted())

    def text(self) -> str:
        """Return a line for each item, those to look at first, and a last line that counts them."""
        items = self.sorted()
        look = [one for one in items if one.level == LOOK]
        done = [one for one in items if one.level != LOOK]
        what = "1 decision that changes" if len(done) == 1 else f"{len(done)} decisions that change"
        count = f"{what} nothing, {len(look)} to look at"
        return "".join(f"{one}\n" for one in [*look, *done]) + f"{count}\n"

    def json(self) -> str:
        """Return the items as a JSON list."""
        return json.dumps([one.as_data() for one in self.sorted()], indent=1, ensure_ascii=False) + "\n"
