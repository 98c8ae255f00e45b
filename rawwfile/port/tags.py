"""The code in the tags of templates: from Python 2 to Python 3, written so that the tag still holds."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rawwfile.cpy.source import UNIT, Line
from rawwfile.port.code import Converted, Decision, Name, convert
from rawwfile.port.own import Own, relative
from rawwfile.port.report import Item

_ENDS_CODE = re.compile(r'"(?: ?/)?>')
_NOQA = re.compile(r"  # noqa\b.*")
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Edit:
    """Replace the characters from start to end of a line; text None takes the line away."""

    start: int
    end: int
    text: str | None


@dataclass
class TagCode:
    """The code of one tag. kind: 'expression', 'condition', 'exec' (one line) or 'code' (a block).

    rows: of a block, the lines of its file. text: what it became, None when it stays as it is.
    """

    kind: str
    lines: tuple[Line, ...]
    local: frozenset[str] = frozenset()
    rows: list[Line] = field(default_factory=list)
    text: str | None = None
    imports: tuple[str, ...] = ()

    def edits(self) -> Iterator[tuple[int, Edit]]:
        """Yield line number and edit of each line that changes."""
        if self.text is None:
            return
        line = self.lines[0]
        if self.kind != "code":
            place = line.position
            if "\n" not in self.text:
                yield place.line, Edit(place.column, place.column + len(line.text), self.text)
                return
            # Several statements where one line was: the tag becomes a block.
            before = line.original.rfind("py-exec", 0, place.column)
            blanks = " " * (UNIT + len(line.original) - len(line.original.lstrip()))
            block = "".join(f"{blanks}{row}\n" for row in self.text.rstrip("\n").split("\n"))
            closing = line.original.find('"', place.column + len(line.text))
            yield place.line, Edit(before, closing, f'py-code="\n{block}')
            return
        first, last = self.rows[0].position.line, self.rows[-1].position.line
        end = self.lines[-1]
        code = end.text.strip()
        margin = len(end.original) - len(end.original.lstrip())
        tail = end.original[margin + len(code) :].rstrip() if end.position.line == last else ""
        yield first, Edit(0, len(self.rows[0].original), self.text.rstrip("\n") + tail)
        for number in range(first + 1, last + 1):
            yield number, Edit(0, 0, None)


def edited(text: str, edits: Sequence[Edit]) -> str | None:
    """Return a line after its edits; None if it is taken away."""
    for edit in sorted(edits, key=lambda one: -one.start):
        if edit.text is None:
            return None
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


class Tags:
    """Converts the code of tags and keeps what was decided. names: what templates know."""

    def __init__(self, names: dict[str, Name], charset: str | None, own: Mapping[str, Own]) -> None:
        self._own = own
        self._names = names
        self._charset = charset
        self.items: list[Item] = []

    def convert(self, code: TagCode) -> None:
        """Set `code.text` and `code.imports`. Raises CpyError."""
        if code.kind == "code":
            self._block(code)
            return
        line = code.lines[0]
        mode: Literal["function", "expression"] = "function" if code.kind == "exec" else "expression"
        found = self._converted(line.text, mode, code, [line])
        text = found.text.strip("\n")
        if mode == "function" and "\n" in text:
            new = text if "py-exec" in line.original else "; ".join(text.split("\n"))
        elif code.kind == "condition":
            new = text if not re.search(r'(?<!\\)">', text) else single_quoted(text)
        else:
            new = single_quoted(text)
        code.imports = found.imports
        code.text = new if new != line.text else None

    def _block(self, code: TagCode) -> None:
        rows = code.rows
        margin = min(row.indent for row in rows if not row.is_blank)
        margin -= margin % UNIT
        parts = [row.part(margin) if row.indent >= margin else row for row in rows]
        shift = min(row.indent for row in parts if not row.is_blank)
        parts = [row.part(shift) if row.indent >= shift else row for row in parts]
        end = code.lines[-1]
        if rows[-1].position.line == end.position.line:
            # What follows the code on its last line is the end of the tag.
            text = end.text.strip()
            last = parts[-1]
            at = last.text.find(text)
            parts[-1] = last.part(0, at + len(text)) if at >= 0 else last
        source = "".join(f"{row.text.rstrip()}\n" for row in parts)
        found = self._converted(source, "function", code, parts)
        text = found.text
        if _ENDS_CODE.search(text):
            text = single_quoted(text)
        code.imports = found.imports
        if text.strip() != source.strip():
            original = rows[0].original
            blanks = original[: len(original) - len(original.lstrip())].replace("\t", " " * UNIT)
            code.text = "".join(f"{blanks}{row}".rstrip() + "\n" for row in text.rstrip("\n").split("\n"))

    def _converted(
        self, text: str, mode: Literal["function", "expression"], code: TagCode, lines: Sequence[Line]
    ) -> Converted:
        if mode == "function":
            text = "".join(f"{relative(row, self._own)}\n" for row in text.rstrip("\n").split("\n"))
        words = set(_WORD.findall(text))
        names = {name: self._names[name] for name in words & self._names.keys() if name not in code.local}

        def place(row: int, column: int) -> tuple[str, int, int]:
            line = lines[min(max(row - 1, 0), len(lines) - 1)]
            found = line.position_of(min(column, len(line.text)))
            return found.file, found.line, found.column

        first = lines[0].position.file
        found = convert(text, mode=mode, file=first, place=place, names=names, charset=self._charset)
        text = _NOQA.sub("", found.text)
        found = replace(found, text=text)
        self.items += [_item(each) for each in found.decisions]
        return found


def _item(decision: Decision) -> Item:
    return Item(
        decision.file, decision.line, decision.column + 1, decision.code, decision.level, decision.message
    )


def single_quoted(text: str) -> str:
    """Return Python 3 without a double quote that a tag would take for its end."""
    if '"' not in text:
        return text
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(f"{text}\n").readline))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return text
    rows = text.split("\n")
    for token in reversed(tokens):
        if token.type != tokenize.STRING or '"' not in token.string.replace('\\"', ""):
            continue
        (row, column), (last, end) = token.start, token.end
        if row != last:
            continue
        value = ast.literal_eval(token.string)
        if isinstance(value, (str, bytes)):
            line = rows[row - 1]
            rows[row - 1] = line[:column] + _literal(value) + line[end:]
    return "\n".join(rows)


def _literal(value: str | bytes) -> str:
    prefix, text = ("b", value.decode("latin-1")) if isinstance(value, bytes) else ("", value)
    inner = "".join("\\" + one if one in "\\'\"" else one if one.isprintable() else repr(one)[1:-1] for one in text)
    if prefix:
        inner = inner.encode("ascii", "backslashreplace").decode("ascii")
    return f"{prefix}'{inner}'"
