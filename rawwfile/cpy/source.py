"""Physical lines of `.cpy` files and templates, and where each character came from (spec 1.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rawwfile.cpy.errors import CpyError

UNIT = 4  # columns of one level of indentation, after normalisation
BLANKS = " \t"
STRIPPED = " \t\r\n\v\f"  # what Python 2 called blank; Python 3's str.strip() takes more

_LINE_END = re.compile("\r\n|\n|\r")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


@dataclass(frozen=True)
class Position:
    """A place in a file: line from 1, column from 0 in characters of the line as it stands there."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Line:
    """One line, or a part of one, without its line end.

    text: leading blanks normalised to units of four spaces. position: of the first character of
    `text` in the file. original: the whole line as it stands in the file.
    """

    text: str
    position: Position
    original: str

    @property
    def indent(self) -> int:
        """Columns of blanks before the first other character."""
        return len(self.text) - len(self.text.lstrip(BLANKS))

    @property
    def is_blank(self) -> bool:
        """Whether nothing but blanks is here."""
        return not self.text.strip(STRIPPED)

    @property
    def is_comment(self) -> bool:
        """Whether the first character that is not blank is `#`."""
        return self.text.lstrip(STRIPPED).startswith("#")

    def column_of(self, index: int) -> int:
        """Return the column in `original` of `text[index]`; `index` may be one past the end."""
        margin = len(self.original) - len(self.original.lstrip(BLANKS))
        start = self.position.column
        if start >= margin:
            return start + index
        if index >= self.indent:
            return margin + index - self.indent
        if self.is_blank:
            return min(start + index, margin)
        # One tab may stand for four of these blanks, so count back from the first other character.
        return max(start, margin - (self.indent - index))

    def position_of(self, index: int) -> Position:
        """Return the place in the file of `text[index]`."""
        return Position(self.position.file, self.position.line, self.column_of(index))

    def part(self, start: int, end: int | None = None) -> Line:
        """Return the line that holds only `text[start:end]` and still knows its place."""
        start = min(start, len(self.text))
        return Line(self.text[start:end], self.position_of(start), self.original)

    def trimmed(self) -> Line:
        """Return the line without the blanks at its end."""
        return Line(self.text.rstrip(STRIPPED), self.position, self.original)


def normalised(text: str, indent: int = UNIT) -> str:
    """Return `text` with its leading blanks in units of four spaces.

    indent: how many spaces the author used for one level (`-W`). A tab is one level wherever it
    stands. A line of blanks alone stays as it is.
    """
    rest = text.lstrip(BLANKS)
    if not rest:
        return text
    blanks = text[: len(text) - len(rest)]
    if indent != UNIT:
        blanks = blanks.replace(" " * indent, " " * UNIT)
    return blanks.replace("\t", " " * UNIT) + rest


def read_lines(
    data: bytes, file: str, *, indent: int = UNIT, encoding: str | None = None
) -> list[Line]:
    """Split and normalise a source; `file` is the name that positions carry.

    Without an encoding each byte is one character (latin-1), as strings were in Python 2. Lines end
    at LF, CRLF and CR only. Raises CpyError where bytes do not fit the encoding or no such encoding
    exists, and ValueError for an `indent` under 1.
    """
    if indent < 1:
        raise ValueError(f"indent must be 1 or more, not {indent}")
    texts = _LINE_END.split(_decoded(data, file, encoding))
    if not texts[-1]:
        texts.pop()
    return [
        Line(normalised(text, indent), Position(file, number, 0), text)
        for number, text in enumerate(texts, 1)
    ]


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a coding comment in the first two lines names, or None."""
    for line in data.removeprefix(b"\xef\xbb\xbf").splitlines()[:2]:
        found = _CODING.match(line)
        if found:
            return found.group(1).decode("ascii")
    return None


def is_declaration(line: Line) -> bool:
    """Whether a comment tells how to read the file: its encoding, or `rawwfile: dialect=3`."""
    text = line.original.lstrip("\ufeff")
    return bool(_CODING.match(text.encode("latin-1", "replace")) or re.match(r"#\s*rawwfile:", text))


def _decoded(data: bytes, file: str, encoding: str | None) -> str:
    try:
        return data.decode(encoding or "latin-1")
    except LookupError:
        rows = _LINE_END.split(data.decode("latin-1"))
        row = next((n for n, text in enumerate(rows[:2]) if str(encoding) in text), 0)
        raise CpyError(
            f"there is no encoding named {encoding!r}",
            Position(file, row + 1, max(rows[row].find(str(encoding)), 0)),
            rows[row],
            "use a name that Python knows, such as utf-8 or latin-1",
        ) from None
    except UnicodeDecodeError as error:
        before = _LINE_END.split(data[: error.start].decode("latin-1"))
        bad = data[error.start]
        original = _LINE_END.split(data.decode("latin-1"))[len(before) - 1]
        raise CpyError(
            f"byte 0x{bad:02x} (the {error.start + 1}. of the file) is not valid {encoding}",
            Position(file, len(before), len(before[-1])),
            original,
            f"save the file as {encoding}, or name the encoding that it has",
        ) from None
