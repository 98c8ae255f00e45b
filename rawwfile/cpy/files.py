"""The one place of the compiler that reads files: where names are looked up, and their lines."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.source import UNIT, Line, Position, declared_encoding, read_lines


@dataclass(frozen=True)
class Found:
    """A file that exists. shown: its name in messages and tracebacks; path: to open it."""

    shown: str
    path: str
    library: bool


class SourceFiles:
    """Finds and reads the modules and templates of one application (spec 4.3).

    directory: where relative names start, '' for the current one. include: `-I` directories, of
    which a later one wins. library: searched last, always read with four columns a level (H31).
    indent: as in `source.read_lines`. encoding: of all files, library apart; without one, the coding
    line of the first file decides, and without that each byte is one character. `charset` tells
    which it is (None: bytes), `paths` lists the files read, in order.
    """

    def __init__(
        self,
        directory: str = "",
        *,
        include: Sequence[str] = (),
        library: Sequence[str] = (),
        indent: int = UNIT,
        encoding: str | None = None,
    ) -> None:
        self.directory = directory
        self.indent = indent
        self.charset = encoding
        self.paths: list[str] = []
        self.originals: dict[str, list[Line]] = {}
        self._search = [("", False)]
        self._search += [(folder, False) for folder in reversed(include)]
        self._search += [(folder, True) for folder in library]

    def find(self, name: str) -> Found | None:
        """Return the first file of that name on the search path; absolute names stand alone."""
        for folder, library in self._search:
            shown = os.path.join(folder, name)
            path = os.path.join(self.directory, shown)
            if os.path.isfile(path):
                return Found(shown, path, library and not os.path.isabs(name))
        return None

    def lines(self, found: Found) -> list[Line]:
        """Read and normalise a file. Raises CpyError when it cannot be read or decoded."""
        try:
            with open(found.path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise CpyError(
                f"Cannot read file '{found.shown}': {error.strerror}",
                None,
                hint="check that the account of the server may read it",
            ) from error
        if not self.paths and self.charset is None:
            self.charset = declared_encoding(data)
        if found.path not in self.paths:
            self.paths.append(found.path)
        indent = UNIT if found.library else self.indent
        encoding = None if found.library else self.charset
        lines = read_lines(data, found.shown, indent=indent, encoding=encoding)
        self.originals[found.shown] = lines
        return lines

    def template(self, name: str, position: Position) -> list[Line]:
        """Return the lines of the template that `py-include` names at `position`."""
        found = self.find(name)
        if found is None:
            raise self.missing(name, position)
        return self.lines(found)

    def original(self, position: Position) -> str:
        """Return the line of a file read before, as it stands there; '' when there is none."""
        lines = self.originals.get(position.file, [])
        return lines[position.line - 1].original if 0 < position.line <= len(lines) else ""

    def missing(self, name: str, position: Position | None) -> CpyError:
        """Return the error for a file that is nowhere on the search path."""
        folders = [folder or self.directory or "." for folder, _ in self._search]
        near = difflib.get_close_matches(name, self._names(), 1)
        better = f"did you mean {near[0]}? " if near else ""
        places = "" if os.path.isabs(name) else f"looked in {', '.join(folders)}; "
        return CpyError(
            f"Cannot find file '{name}'",
            position,
            self.original(position) if position else "",
            f"{better}{places}give more folders with -I DIR",
        )

    def _names(self) -> list[str]:
        names: list[str] = []
        for folder, _ in self._search:
            try:
                names += sorted(os.listdir(os.path.join(self.directory, folder) or "."))
            except OSError:
                continue
        return names
