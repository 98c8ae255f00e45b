"""Lays Python 3 text out: four blanks, 120 columns where it can be, blank lines around what is defined.

Line ends that stand inside brackets stay where they are; comments stay; strings are not touched.
Laying out twice changes nothing.
"""

from __future__ import annotations

import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, field

from rawwfile.port.spacing import CLOSING, OPENING, Token, spaced, tokens_of
from rawwfile.port.wrapping import WIDTH, wrapped


@dataclass
class Logical:
    """One logical line, or a comment that stands alone."""

    level: int
    tokens: list[Token] = field(default_factory=list)
    comment: str = ""
    blanks: int = 0
    row: int = 0

    @property
    def is_comment(self) -> bool:
        return not self.tokens

    def starts(self, *words: str) -> bool:
        """Whether the first token is one of these."""
        return bool(self.tokens) and self.tokens[0].text in words

    @property
    def is_definition(self) -> bool:
        """Whether a function or class (or its decorator) begins here."""
        is_async = self.starts("async") and len(self.tokens) > 1 and self.tokens[1].text == "def"
        return self.starts("def", "class", "@") or is_async


def laid_out(text: str) -> str:
    """Return the text laid out. Raises SyntaxError (or tokenize.TokenError) where it is no Python."""
    return laid_out_rows(text, ())[0]


def laid_out_rows(text: str, rows: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """Return the text laid out, and for each of its lines the row (of `rows`) of the line it came from."""
    lines = logical_lines(text)
    made: list[tuple[str, int]] = []
    for line, blanks in zip(lines, blank_lines(lines), strict=True):
        made.extend([("", 0)] * blanks)
        source = rows[line.row - 1] if line.row <= len(rows) else 0
        for part in printed(line).split("\n"):
            made.append((part, source))
    result = "\n".join(part for part, _ in made)
    return (result + "\n" if result else ""), tuple(row for _, row in made)


def logical_lines(text: str) -> list[Logical]:
    """Return the logical lines and comments, with the blank lines in front of each."""
    lines: list[Logical] = []
    level = blanks = 0
    now = Logical(0)
    fresh = True
    comments: list[tuple[int, Logical]] = []
    for token in tokens_of(text):
        kind = token.kind
        if kind == tokenize.INDENT:
            level += 1
        elif kind == tokenize.DEDENT:
            level -= 1
        elif kind == tokenize.NL and not now.tokens:
            blanks += fresh
            fresh = True
        elif kind == tokenize.COMMENT and not now.tokens:
            row = text.split("\n", token.row)[token.row - 1] if token.row < 2 else None
            made = Logical(-1, comment=token.text, blanks=blanks, row=token.row)
            comments.append((column_of(text, token.row) if row is None else len(row) - len(row.lstrip()), made))
            lines.append(made)
            blanks, fresh = 0, False
        elif kind in (tokenize.NEWLINE, tokenize.ENDMARKER):
            if now.tokens:
                now.level, now.blanks = level, blanks
                settle(comments, lines, level, now)
                lines.append(now)
            now, blanks, fresh = Logical(0), 0, True
        elif (
            kind == tokenize.COMMENT
            and not any(t.kind == tokenize.NL for t in now.tokens[-1:])
            and not depth_of(now.tokens)
        ):
            now.comment = token.text
        else:
            if not now.tokens:
                now.row = token.row
                settle_levels(comments, level, column_of(text, token.row))
            now.tokens.append(token)
    settle_levels(comments, 0, 0)
    return lines


def settle(comments: list[tuple[int, Logical]], lines: list[Logical], level: int, now: Logical) -> None:
    """Forget the comments whose level is known."""
    comments.clear()


def settle_levels(comments: list[tuple[int, Logical]], level: int, column: int) -> None:
    """Give comments the level of the statement behind them, or a deeper one where they stand deeper."""
    for place, comment in comments:
        if comment.level < 0:
            comment.level = level if place <= column else place // 4


def column_of(text: str, row: int) -> int:
    """Return the column where a line's text starts."""
    line = text.split("\n")[row - 1]
    return len(line) - len(line.lstrip())


def depth_of(tokens: list[Token]) -> int:
    """Return how many brackets are open."""
    signs = [token.text for token in tokens if token.kind == tokenize.OP]
    return sum((sign in OPENING) - (sign in CLOSING) for sign in signs)


def printed(line: Logical) -> str:
    """Return the text of a logical line, which may be several lines."""
    indent = "    " * line.level
    if line.is_comment:
        return indent + line.comment
    tokens = [token for token in line.tokens if token.kind != tokenize.NL]
    behind = "  " + line.comment if line.comment else ""
    breaks = any(a.last_row != b.row for a, b in zip(tokens, tokens[1:], strict=False))
    if not breaks:
        text = "".join(blank + token.text for blank, token in spaced(tokens))
        first = text.split("\n")[0]
        if len(indent) + len(first) > WIDTH and "\n" not in text and "noqa" not in behind:
            text = wrapped(tokens, line.level)
        return indent + text + behind
    return indent + broken(tokens, line.level) + behind


def broken(tokens: list[Token], level: int) -> str:
    """Return the text of a line that its author broke inside brackets."""
    made, depth = "", 0
    last: Token | None = None
    for blank, token in spaced([t for t in tokens]):
        if last is not None and token.row != last.last_row:
            inside = depth - (token.text in CLOSING and token.kind == tokenize.OP)
            made = made.rstrip(" ") + "\n" + "    " * (level + max(inside, 0)) + token.text
        else:
            made += ("  " if token.kind == tokenize.COMMENT else blank) + token.text
        if token.kind == tokenize.OP:
            depth += (token.text in OPENING) - (token.text in CLOSING)
        last = token
    return made


def blank_lines(lines: list[Logical]) -> list[int]:
    """Return how many blank lines go in front of each line."""
    made: list[int] = []
    for place, line in enumerate(lines):
        before = lines[place - 1] if place else None
        made.append(0 if before is None else blanks_between(lines, place, before, line))
    return made


def blanks_between(lines: list[Logical], place: int, before: Logical, line: Logical) -> int:
    """Return how many blank lines go between a line and the one before it."""
    most = 2 if line.level == 0 else 1
    if line.level > before.level and not before.is_comment:
        return 0
    if before.starts("@"):
        return 0
    if continues(before, line):
        return 0
    wanted = most if leads_definition(lines, place) else 0
    if before.is_comment and before.level == line.level and line.blanks == 0:
        return 0
    if before.is_comment and before.level == line.level and line.is_definition:
        return min(line.blanks, most) if not is_attached(lines, place) else 0
    if line.level < before.level and ends_definition(lines, place, line.level):
        wanted = most
    if is_import(before) and not is_import(line) and line.level == 0 and not wanted:
        return 1
    if before.is_comment and not line.is_comment and line.blanks:
        wanted = 0 if wanted < most else wanted
    return max(wanted, min(line.blanks, most))


def is_attached(lines: list[Logical], place: int) -> bool:
    """Whether a line follows the one before it without a blank line."""
    return lines[place].blanks == 0


def is_import(line: Logical) -> bool:
    """Whether a line imports."""
    return line.starts("import", "from")


def continues(before: Logical, line: Logical) -> bool:
    """Whether a line goes on with the statement before it (else, except...)."""
    return line.starts("else", "elif", "except", "finally")


def leads_definition(lines: list[Logical], place: int) -> bool:
    """Whether this line, or the line that these comments belong to, begins a definition."""
    level = lines[place].level
    for line in lines[place:]:
        if line.level != level:
            return False
        if not line.is_comment:
            return line.is_definition
        follows = lines[lines.index(line) + 1] if line is not lines[-1] else None
        if follows is None or follows.blanks:
            return False
    return False


def ends_definition(lines: list[Logical], place: int, level: int) -> bool:
    """Whether the block that ends in front of a line is that of a definition on its level."""
    for line in reversed(lines[:place]):
        if line.level == level and not line.is_comment:
            return line.is_definition or line.starts("async")
        if line.level < level:
            return False
    return False
