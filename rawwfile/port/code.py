"""Python 2 source of 2001 to 2004 to Python 3 source that a person can maintain.

    made = convert(source, mode="module", file="Root.cpy")
    made.text, made.imports, made.decisions

What Python 3 means otherwise is written out where it matters: certain where the kinds of values are
known (rawwfile.port.flow), else as a helper of rawwfile.cherrypy.meanings, or as it stands, with a
decision of level "look". A text that is Python 3 already is given back as it is.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.python2.dialect import decide
from rawwfile.cpy.python2.syntax import OldSyntaxError
from rawwfile.cpy.source import Position
from rawwfile.port.concrete import Tree, code_of, first_leaf, leaves, parse
from rawwfile.port.flow import kinds_of
from rawwfile.port.kinds import Kinds
from rawwfile.port.layout import laid_out_rows
from rawwfile.port.moduleuse import imported_by
from rawwfile.port.prepare import prepared
from rawwfile.port.scopes import Scoper
from rawwfile.port.whole import assembled
from rawwfile.port.writer import Writer
from rawwfile.port.writing import Decision, Name

__all__ = ["Converted", "Decision", "Name", "convert"]

Mode = Literal["module", "function", "expression"]
Place = Callable[[int, int], tuple[str, int, int]]


@dataclass(frozen=True)
class Converted:
    """What `convert` made.

    text: Python 3. imports: whole lines that the text needs (in mode "module" they stand in it).
    decisions: in the order of their places. rows: for each line of the text the row of the source that
    it came from, 0 for none.
    """

    text: str
    imports: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rows: tuple[int, ...] = ()


def convert(
    source: str,
    *,
    mode: Mode = "module",
    file: str = "",
    place: Place | None = None,
    names: Mapping[str, Name] | None = None,
    dialect: Literal["2", "3", "auto"] = "2",
    charset: str | None = None,
    beside: Collection[str] = (),
) -> Converted:
    """Return the source in Python 3.

    mode: a "module", the statements of a "function", or an "expression" (one line, no new `"`).
    place: (row from 1, column from 0) of the source to (file, line, column) of what a person wrote.
    names: what is known of names that the source does not bind. dialect: "2" unless the source was
    written for Python 3 ("auto" finds out). charset: the codec of the application's files, None for one
    character a byte. beside: modules that lie in the package of this one. Raises CpyError for what is no Python.
    """
    where = place or (lambda row, column: (file, row, column))
    rows = source.split("\n")
    is_ported = dialect == "auto" and re.search(r"^from rawwfile\.cherrypy[.\w]* import ", source, re.MULTILINE)
    if dialect == "3" or is_ported or dialect == "auto" and decide(source) == "3" or is_python3(source, mode):
        return unchanged(source, mode, where)
    try:
        text = source if mode == "expression" else source.rstrip() + "\n"
        if mode == "expression":
            tree = parse(f"({source.strip()}\n)" if "\n" in source.strip() else source.strip(), "eval_input")
        else:
            tree = parse(shifted(text), "file_input")
        return _converted(tree, source, mode, where, names or {}, charset, frozenset(beside))
    except OldSyntaxError as error:
        at = where(max(error.line, 1), error.column)
        line = rows[error.line - 1] if 0 < error.line <= len(rows) else ""
        raise CpyError(error.message, Position(*at), line) from None


def shifted(text: str) -> str:
    """Return statements whose first line is indented as the body of an `if`, so that they can be read."""
    first = next((line for line in text.split("\n") if line.strip() and not line.lstrip().startswith("#")), "")
    if first[:1] in (" ", "\t"):
        import textwrap

        return textwrap.dedent(text)
    return text


def is_python3(source: str, mode: str) -> bool:
    """Whether a text can only be Python 3: it does not read as Python 2, or imports what 2.x had not."""
    if new_tree(source, mode) is None:
        return False
    if mode == "expression":
        try:
            parse(source.strip(), "eval_input")
        except OldSyntaxError:
            return True
        return False
    return decide(source) == "3"


def new_tree(source: str, mode: str) -> ast.AST | None:
    """Return the text read as Python 3, or None where it is not that."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if mode == "expression":
                return ast.parse(f"({source.strip()}\n)", mode="eval")
            return ast.parse(shifted(source))
    except (SyntaxError, ValueError):
        return None


def unchanged(source: str, mode: str, where: Place) -> Converted:
    """Return a text that is Python 3 as it is; raise CpyError where it is not even that."""
    rows = tuple(range(1, len(source.split("\n")) + 1))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if mode == "expression":
                ast.parse(f"({source.strip()}\n)", mode="eval")
            else:
                ast.parse(shifted(source))
    except SyntaxError as error:
        at = where(error.lineno or 1, max((error.offset or 1) - 1, 0))
        raise CpyError(error.msg, Position(*at), (error.text or "").rstrip("\n")) from None
    return Converted(source, rows=rows)


def _converted(
    tree: Tree,
    source: str,
    mode: Mode,
    where: Place,
    names: Mapping[str, Name],
    charset: str | None,
    beside: frozenset[str],
) -> Converted:
    scoper = Scoper(tree, "function" if mode == "function" else "module")
    known: dict[str, Kinds] = {name: frozenset(each.types) for name, each in names.items()}
    notes = prepared(tree, scoper, mode)
    lines = {name: each.imports[0] for name, each in names.items() if len(each.imports) == 1 and not each.text}
    brought = {name: imported_by(line, name) for name, line in lines.items()}
    flow = kinds_of(tree, scoper, known, {name: what for name, what in brought.items() if what})
    writer = Writer(tree, scoper, flow, codec=charset or "latin-1", names=names, mode=mode, place=where)
    writer.begin()
    notes.iterates_keys = notes.iterates_keys and "keys" not in flow.attributes
    notes.give(writer, beside, new_tree(source, mode) is not None)
    if mode == "expression":
        text = one_line(writer.expression(inside_of(tree)))
        return Converted(text, tuple(sorted(writer.needed)), ordered(writer), (1,))
    writer.whole(tree.root)
    text, rows, imports = assembled(writer, source)
    text, rows = laid_out_rows(text, rows)
    return Converted(text, imports, ordered(writer), rows)


def inside_of(tree: Tree) -> Any:
    """Return the node of the expression itself."""
    root = tree.root
    if tree.kind(root) == "eval_input":
        root = root.children[0]
    if len(list(leaves(root))) > 2 and first_leaf(root).value == "(" and "\n" in code_of(root):
        return root
    return root


def one_line(text: str) -> str:
    """Return an expression on one line."""
    return (
        " ".join(part.strip() for part in text.split("\n"))
        if "\n" in text and "'''" not in text and '"""' not in text
        else text
    )


def ordered(writer: Writer) -> tuple[Decision, ...]:
    """Return the decisions in the order of their places."""
    return tuple(
        sorted(writer.decisions.values(), key=lambda each: (each.file, each.line, each.column, each.code, each.message))
    )
