"""What the compiler says when a `.cpy` source or a template is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rawwfile.errors import RawwfileError

if TYPE_CHECKING:
    from rawwfile.cpy.source import Line, Position


class CpyError(RawwfileError):
    """A source cannot be compiled.

    message: what is wrong, with 0.10's own wording where 0.10 had one (spec 4.4).
    kind: 'SyntaxError' where Python refuses the code (0.10 told of it when the server started), else
    'CherryError'. position: where, or None when no place in a file is to blame. line: that line as it stands in
    the file. hint: what to write instead.
    """

    def __init__(
        self, message: str, position: Position | None, line: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, position, line, hint)
        self.message = message
        self.position = position
        self.line = line
        self.hint = hint
        self.kind = "CherryError"
        self.cherry_class = ""
        self.function = ""

    @classmethod
    def at(cls, line: Line, message: str, *, index: int = 0, hint: str = "") -> CpyError:
        """The error whose caret stands under character `index` of `line.text`."""
        return cls(message, line.position_of(index), line.original, hint)

    def within(self, cherry_class: str, function: str = "") -> CpyError:
        """Return this error after noting the class, and the mask, that was being compiled."""
        self.cherry_class = self.cherry_class or cherry_class
        self.function = self.function or function
        return self

    def old_text(self) -> str:
        """Return the two lines that 0.10 printed for the error (spec 4.4)."""
        text = f"{self.kind}: {self.message}"
        if self.position is None:
            return text
        places = [f"in File '{self.position.file}'"]
        if self.cherry_class:
            places.append(f"in CherryClass '{self.cherry_class}'")
        if self.function:
            places.append(f"in function '{self.function}'")
        # 0.10 gave either the class or the line; both are told, in an order that keeps its text.
        places.append(f"line {self.position.line}")
        return f"{text}\n    {', '.join(places)}"

    def __str__(self) -> str:
        """Return `file:line:column: message` (column from 1), the line, a caret and the hint."""
        where = ""
        rows = []
        if self.position is not None:
            place = self.position
            where = f"{place.file}:{place.line}:{place.column + 1}: "
            if self.line:
                before = self.line[: place.column].ljust(place.column)
                # A tab must stay a tab, or the caret stands elsewhere than the eye looks.
                pad = "".join("\t" if character == "\t" else " " for character in before)
                rows = [f"    {self.line}", f"    {pad}^"]
        kind = "" if self.kind == "CherryError" else f"{self.kind}: "
        rows.insert(0, f"{where}{kind}{self.message}")
        if self.hint:
            rows.append(self.hint)
        return "\n".join(rows)
