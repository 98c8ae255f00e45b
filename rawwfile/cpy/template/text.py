"""The text of a mask, where each character knows the file, line and column it came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.source import STRIPPED, Line, Position


@dataclass(frozen=True)
class Include:
    """A template put into another text: where the tag stands, and what file came in."""

    tag: Position
    file: str


@dataclass(frozen=True)
class Origin:
    """Where something began, and through which templates it came in, outermost first."""

    position: Position
    chain: tuple[Include, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A run of characters from one line: `line.text[index:]` stands at `start` of the whole."""

    start: int
    line: Line
    index: int
    chain: tuple[Include, ...]


class SourceText:
    """Characters with their origins. Offsets are indexes into `text`.

    edges: offsets where an included template begins or ends. 0.10 kept a marker there that looks
    like a tag, and old text after py-eval ends at it as it does at any `<`.
    """

    def __init__(self, text: str, pieces: list[Piece], edges: Iterable[int] = ()) -> None:
        self.text = text
        self.pieces = pieces
        self.edges = sorted(edges)
        self._starts = [piece.start for piece in pieces]

    def piece_at(self, offset: int) -> Piece:
        """Return the piece that holds the character at `offset`, or the last one."""
        if not self.pieces:
            raise IndexError("an empty text has no pieces")
        return self.pieces[max(bisect_right(self._starts, offset) - 1, 0)]

    def position(self, offset: int) -> Position:
        """Return the place in its file of the character at `offset`."""
        return self.part(offset, offset).position

    def origin(self, offset: int) -> Origin:
        """Return the place of the character at `offset`, and how it came in."""
        return Origin(self.position(offset), self.piece_at(offset).chain)

    def part(self, start: int, end: int) -> Line:
        """Return `text[start:end]`, which lies within one line, with its place."""
        piece = self.piece_at(start)
        index = piece.index + start - piece.start
        place = piece.line.position_of(min(index, len(piece.line.text)))
        return Line(self.text[start:end], place, piece.line.original)

    def stripped(self, start: int, end: int) -> Line:
        """Return the part without blanks at either end."""
        text = self.text[start:end]
        start += len(text) - len(text.lstrip(STRIPPED))
        return self.part(start, start + len(text.strip(STRIPPED)))

    def error(self, offset: int, message: str, hint: str = "") -> CpyError:
        """Return the error that points at the character at `offset`."""
        place = self.part(offset, offset)
        return CpyError(message, place.position, place.original, hint)

    def edge_after(self, offset: int, end: int) -> int:
        """Return the first edge from `offset` on and before `end`, or -1."""
        return next((edge for edge in self.edges if offset <= edge < end), -1)

    def replaced(self, start: int, end: int, new: SourceText | None = None) -> SourceText:
        """Return the text with `new`, or nothing, in the place of `text[start:end]`."""
        inserted = new.text if new else ""
        shift = start + len(inserted) - end
        before = [piece for piece in self.pieces if piece.start < start]
        middle = [
            replace(piece, start=piece.start + start) for piece in (new.pieces if new else [])
        ]
        after = [replace(one, start=one.start + shift) for one in self.pieces if one.start > end]
        if end < len(self.text):
            cut = self.piece_at(end)
            index = cut.index + end - cut.start
            after.insert(0, Piece(end + shift, cut.line, index, cut.chain))
        edges = [edge for edge in self.edges if edge <= start]
        edges += [edge + start for edge in new.edges] if new else []
        edges += [edge + shift for edge in self.edges if edge >= end and edge > start]
        text = self.text[:start] + inserted + self.text[end:]
        return SourceText(text, before + middle + after, edges)


def mask_text(lines: Iterable[Line]) -> SourceText:
    """Return the text of a mask: its body lines, first columns already cut off, each with a newline.

    Blank lines, comment lines and blanks at line ends are dropped (spec 1.1), if they still are there.
    """
    return _joined(line.trimmed() for line in lines if not (line.is_blank or line.is_comment))


def template_text(
    lines: Iterable[Line], include: Include, chain: tuple[Include, ...]
) -> SourceText:
    """Return the text of an included template: every line as it stands, each with a newline."""
    inner = _joined(lines, (*chain, include))
    return SourceText(inner.text, inner.pieces, [*inner.edges, 0, len(inner.text)])


def _joined(lines: Iterable[Line], chain: tuple[Include, ...] = ()) -> SourceText:
    texts: list[str] = []
    pieces: list[Piece] = []
    start = 0
    for line in lines:
        texts.append(line.text + "\n")
        pieces.append(Piece(start, line, 0, chain))
        start += len(texts[-1])
    return SourceText("".join(texts), pieces)
