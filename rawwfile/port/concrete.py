"""Python 2 text to fissix's tree, with every blank and comment kept in the leaves' prefixes.

The grammar is that of `rawwfile.cpy.python2.syntax`, which has the age of the sources: `as`, `with`,
`async` and `None` are names in it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from rawwfile.cpy.python2.syntax import OldSyntaxError, grammar_tables

BLANK = re.compile(r"\\\r?\n")


class Tree:
    """A parsed text. root: its node; `kind` names nodes by the grammar's symbols."""

    def __init__(self, root: Any, symbols: dict[int, str]) -> None:
        self.root = root
        self.symbols = symbols

    def kind(self, node: Any) -> str:
        """Return the grammar's name of a node; "NAME", "NUMBER", "STRING" or "" of a leaf."""
        if node.type >= 256:
            return self.symbols[node.type]
        return {1: "NAME", 2: "NUMBER", 3: "STRING"}.get(node.type, "")


def parse(text: str, start: str = "file_input") -> Tree:
    """Return the tree of statements ("file_input") or of an expression ("eval_input").

    Raises OldSyntaxError at the place where the text stops being Python 2.
    """
    try:
        return _parsed(text, grammar_tables(False), start)
    except OldSyntaxError as error:
        try:
            return _parsed(text, grammar_tables(True), start)
        except OldSyntaxError:
            raise error from None


def _parsed(text: str, tables: Any, start: str) -> Tree:
    from fissix import pytree  # type: ignore[import-untyped]
    from fissix.pgen2 import grammar, token, tokenize  # type: ignore[import-untyped]
    from fissix.pgen2 import parse as pgen_parse

    parser = pgen_parse.Parser(tables, pytree.convert)
    parser.setup(start=tables.symbol2number[start])
    place, end = (1, 0), (1, 0)
    rows = [row + "\n" for row in text.split("\n")]
    try:
        for kind, value, place, stop, _ in tokenize.generate_tokens(io.StringIO(text).readline):
            if kind in (tokenize.COMMENT, tokenize.NL):
                continue
            if kind in (token.INDENT, token.DEDENT):
                prefix = ""
            else:
                prefix = between(rows, end, place)
                end = stop
            if kind == token.OP:
                kind = grammar.opmap[value]
            elif kind in (token.ASYNC, token.AWAIT):
                kind = token.NAME
            elif kind == token.STRING and "f" in value[: re.search("['\"]", value).start()].lower():  # type: ignore[union-attr]
                raise OldSyntaxError("f-strings are Python 3.6 and later; write '...' % values", *place)
            if kind == token.NEWLINE:
                end = (place[0] + 1, 0)
            if parser.addtoken(kind, value, (prefix, place)):
                return Tree(parser.rootnode, tables.number2symbol)
    except pgen_parse.ParseError as error:
        value = (error.value or "").strip() or "the end of the line"
        raise OldSyntaxError(f"invalid syntax at {value!r}", *error.context[1]) from None
    except tokenize.TokenError as error:
        message, (line, column) = error.args
        raise OldSyntaxError(message, line, column) from None
    except IndentationError as error:
        _, line, column, _ = error.args[1]
        raise OldSyntaxError(error.args[0], line, column) from None
    raise OldSyntaxError("unexpected end of the source", *place)


def between(rows: list[str], start: tuple[int, int], stop: tuple[int, int]) -> str:
    """Return the text between two places (line from 1, column from 0)."""
    if start >= stop or start[0] > len(rows):
        return ""
    if start[0] == stop[0]:
        return rows[start[0] - 1][start[1] : stop[1]]
    middle = "".join(rows[start[0] : stop[0] - 1])
    last = rows[stop[0] - 1][: stop[1]] if stop[0] <= len(rows) else ""
    return rows[start[0] - 1][start[1] :] + middle + last


def first_leaf(node: Any) -> Any:
    """Return the leaf that a node starts with."""
    while node.children:
        node = node.children[0]
    return node


def is_leaf(node: Any, value: str) -> bool:
    """Whether a node is the token `value`."""
    return not node.children and node.value == value


def commas(children: list[Any]) -> list[Any]:
    """Return the parts of a list that has commas between them."""
    return [child for child in children if not is_leaf(child, ",")]


def leaves(node: Any) -> Iterator[Any]:
    """Yield the tokens of a node."""
    if not node.children:
        yield node
    for child in node.children:
        yield from leaves(child)


def code_of(node: Any) -> str:
    """Return the text of a node without what stands before it."""
    return str(node)[len(node.prefix) :]


def comments_in(prefix: str) -> list[str]:
    """Return the comments of a prefix."""
    return [line.strip() for line in prefix.split("\n") if line.strip().startswith("#")]


def dotted(node: Any) -> str:
    """Return `a.b.c` of a name or a dotted one."""
    return "".join(leaf.value for leaf in leaves(node))
