"""Blanks between the tokens of Python 3, as most people write them."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

OPENING, CLOSING = "([{", ")]}"
BINARY = frozenset(
    "+ - * / // % @ & | ^ << >> ** == != < > <= >= -> := += -= *= /= //= %= @= &= |= ^= <<= >>= **=".split()
)
UNARY = frozenset("+ - ~ * **".split())
KEYWORDS = frozenset(keyword.kwlist) - {"None", "True", "False"}


@dataclass
class Token:
    """One token; rows are of the text that was read."""

    kind: int
    text: str
    row: int
    last_row: int
    starts_line: bool = False
    unary: bool = False


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the tokens of a text; a formatted string is one token whatever the Python."""
    depth, opened = 0, (0, 0)
    start_kind = getattr(tokenize, "FSTRING_START", -1)
    end_kind = getattr(tokenize, "FSTRING_END", -1)
    rows = [row + "\n" for row in text.split("\n")]
    for kind, value, start, end, _ in tokenize.generate_tokens(io.StringIO(text).readline):
        if kind == start_kind:
            opened = start if not depth else opened
            depth += 1
        if depth:
            if kind == end_kind:
                depth -= 1
                if not depth:
                    yield Token(tokenize.STRING, cut(rows, opened, end), opened[0], end[0])
            continue
        yield Token(kind, value, start[0], end[0])


def cut(rows: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text between two places."""
    if start[0] == end[0]:
        return rows[start[0] - 1][start[1] : end[1]]
    return rows[start[0] - 1][start[1] :] + "".join(rows[start[0] : end[0] - 1]) + rows[end[0] - 1][: end[1]]


class Spacer:
    """Gives the blanks in front of each token of one logical line, told in order."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.lambdas: list[int] = []
        self.annotated: list[bool] = [False]
        self.before: Token | None = None
        self.first: Token | None = None

    def blank(self, token: Token) -> str:
        """Return what stands between the token before and this one."""
        before = self.before
        made = "" if before is None else self.between(before, token)
        self.note(token)
        return made

    def note(self, token: Token) -> None:
        text = token.text
        if self.first is None:
            self.first = token
        if token.kind == tokenize.OP:
            if text in OPENING:
                self.stack.append(text)
                self.annotated.append(False)
            elif text in CLOSING and self.stack:
                self.stack.pop()
                self.annotated.pop()
            elif text == ",":
                self.annotated[-1] = False
            elif text == ":":
                if self.lambdas and self.lambdas[-1] == len(self.stack):
                    self.lambdas.pop()
                elif self.stack and self.stack[-1] == "(":
                    self.annotated[-1] = True
        elif token.kind == tokenize.NAME and text == "lambda":
            self.lambdas.append(len(self.stack))
        self.before = token

    def is_lambda(self) -> bool:
        return bool(self.lambdas) and self.lambdas[-1] == len(self.stack)

    def between(self, before: Token, token: Token) -> str:
        old, new = before.text, token.text
        if new in UNARY:
            token.unary = self.starts_operand(before)
        if old in OPENING and before.kind == tokenize.OP or new in CLOSING and token.kind == tokenize.OP:
            return ""
        if new in (",", ";"):
            return ""
        if old == ",":
            return " "
        if new == ":":
            return ""
        if old == ":":
            return "" if self.stack and self.stack[-1] == "[" and not self.ended_lambda(before) else " "
        if new == "=" or old == "=":
            return "" if (self.stack and not self.annotated[-1]) or self.is_lambda() else " "
        if old == "." or new == ".":
            is_from = old == "from" or new == "import" or (old == "import" and new == ".")
            return " " if is_from else ""
        if old == "..." and new == "import" or old == "from":
            return " "
        if old == "@" and before is self.first:
            return ""
        if before.unary:
            return ""
        if new in BINARY or old in BINARY:
            return " "
        if token.kind == tokenize.OP and new in "([":
            is_word = before.kind == tokenize.NAME and old in KEYWORDS
            callee = before.kind in (tokenize.NAME, tokenize.STRING, tokenize.NUMBER) or old in CLOSING
            return " " if is_word or not callee else ""
        if old == "~":
            return ""
        return " "

    def ended_lambda(self, colon: Token) -> bool:
        return False

    def starts_operand(self, before: Token) -> bool:
        if before.kind == tokenize.OP:
            return before.text not in CLOSING and before.text != "..."
        return before.kind == tokenize.NAME and before.text in KEYWORDS


def spaced(tokens: list[Token]) -> list[tuple[str, Token]]:
    """Return (blanks in front, token) for the tokens of a logical line."""
    spacer = Spacer()
    return [(spacer.blank(token), token) for token in tokens]
