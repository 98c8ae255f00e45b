"""Comments of a `.cpy` file, which the parser passes over, and the element each belongs to.

A comment that stands further right than the element above it belongs to that element's end; any other
to the element below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rawwfile.cpy.source import UNIT, Line
from rawwfile.cpy.tree import SECTIONS, Aspect, Method, Module
from rawwfile.port.rows import Row, inside_strings, of


@dataclass
class Comments:
    """The comments of one file.

    leading, trailing: by first line of an element. head: at the very top, apart from what follows.
    rest: at the end. dropped: those that stood inside strings.
    """

    lines: Sequence[Line]
    leading: dict[int, list[Line]] = field(default_factory=dict)
    trailing: dict[int, list[Line]] = field(default_factory=dict)
    rest: list[Line] = field(default_factory=list)
    dropped: list[Line] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)

    def above(self, first: int, column: int) -> list[Row]:
        """Return the comments above the element that begins on this line, moved to `column`."""
        return [_at(line, column) for line in self.leading.get(first, ())]

    def below(self, first: int, column: int) -> list[Row]:
        """Return the comments at the end of the element that begins on this line."""
        return [_at(line, max(column, line.indent)) for line in self.trailing.get(first, ())]

    def code(self, lines: Sequence[Line], after: int = 0) -> list[Row]:
        """Return lines of code with the comments and blank lines that stand between them.

        What stood inside a string is left out, as 0.10 left it out (Q02). after: line of the file
        from which on to look.
        """
        fixed = inside_strings([line.text for line in lines])
        rows: list[Row] = []
        before = after or (lines[0].position.line if lines else 0)
        for index, line in enumerate(lines):
            between = self.lines[before : line.position.line - 1] if line.position.line > before else []
            if index not in fixed:
                rows += [Row("", each) if each.is_blank else Row(each.text.rstrip(), each) for each in between]
            else:
                self.dropped += [each for each in between if each.is_comment]
            rows.append(of(line))
            before = line.position.line
        return rows

    def between(self, first: int, last: int) -> Iterator[Line]:
        """Yield the comments on the lines after `first` and before `last`."""
        yield from (line for line in self.lines[first : last - 1] if line.is_comment)


def _at(line: Line, column: int) -> Row:
    if line.is_blank:
        return Row("")
    return Row(" " * column + line.text.strip(), line, column - line.indent)


@dataclass(frozen=True)
class _Element:
    first: int
    last: int
    indent: int


def comments_of(module: Module, lines: Sequence[Line]) -> Comments:
    """Give each comment of a file to an element of its module."""
    found = Comments(lines)
    starts = {one.first: one for one in _elements(module)}
    current: _Element | None = None
    open_tail = False
    pending: list[Line] = []
    for number, line in enumerate(lines, 1):
        if number in starts:
            current, open_tail = starts[number], True
            if pending:
                found.leading[number] = pending if not pending[-1].is_blank else pending[:-1]
            pending = []
        elif current is not None and number <= current.last:
            continue
        elif line.is_comment:
            if open_tail and current is not None and line.indent > current.indent and not pending:
                found.trailing.setdefault(current.first, []).append(line)
            else:
                pending.append(line)
        elif line.is_blank:
            if pending and current is None and not found.head:
                found.head, pending = pending, []
            elif pending and not pending[-1].is_blank:
                pending.append(line)
        else:
            open_tail = False
            comment = _behind_section(line)
            pending += [comment] if comment else []
    found.rest = [line for line in pending if not line.is_blank]
    return found


def _behind_section(line: Line) -> Line | None:
    word, colon, rest = line.text.partition(":")
    if colon and word in SECTIONS and rest.strip().startswith("#"):
        return line.part(line.text.index("#"))
    return None


def _elements(module: Module) -> Iterator[_Element]:
    for line in module.imports:
        yield _Element(line.position.line, line.position.line, 0)
    for special in module.specials:
        first = special.header.position.line
        yield _Element(first, special.body[-1].position.line if special.body else first, 0)
    for each in module.classes:
        yield _Element(each.header.position.line, each.header.position.line, 0)
        for method in each.methods:
            yield _Element(first_line(method), last_line(method), UNIT)
        for aspect in each.aspects:
            yield _Element(aspect.condition.position.line, last_line(aspect), UNIT)
        for line in each.variables:
            yield _Element(line.position.line, line.position.line, UNIT)


def first_line(thing: Method | Aspect) -> int:
    """Return the number of the first line of a method or an aspect."""
    line = thing.header[0] if isinstance(thing, Method) else thing.condition
    return line.position.line


def last_line(thing: Method | Aspect) -> int:
    """Return the number of its last line."""
    header = thing.header[-1] if isinstance(thing, Method) else thing.condition
    return thing.body[-1].position.line if thing.body else header.position.line
