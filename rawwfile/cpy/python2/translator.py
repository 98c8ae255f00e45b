"""The translator's face: lines or an expression in, `ast` with the places of the original out."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, Literal

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.python2 import dialect as dialects
from rawwfile.cpy.python2.dialect import Dialect
from rawwfile.cpy.python2.meaning import Meaning
from rawwfile.cpy.python2.places import (
    Row,
    in_characters,
    place_in,
    relocate,
    rows_of_expression,
    rows_of_lines,
    rows_of_text,
)
from rawwfile.cpy.python2.quick import new_tree, read_alike
from rawwfile.cpy.python2.syntax import OldSyntaxError, parse
from rawwfile.cpy.python2.values import NotOld
from rawwfile.cpy.quiet import quietly
from rawwfile.cpy.source import Line, Position
from rawwfile.cpy.syntax import parsed

Scope = Literal["function", "module", "text"]


class Translator:
    """Translates pieces of one application.

    dialect: "2", "3" or "auto" (see rawwfile.cpy.python2.dialect). "auto" decides for each file that
    `survey` was told of, and for each piece of other files. Python 3 pieces are parsed as they are and
    use nothing of the run time; Python 2 ones need the names of
    `rawwfile.cpy.python2.runtime.builtins_for` as `__builtins__` of their namespace.
    """

    def __init__(self, dialect: Dialect = "2") -> None:
        self.dialect = dialect
        self._files: dict[str, Literal["2", "3"]] = {}
        self._exact: set[str] = set()  # files where `/` divides exactly

    def survey(self, file: str, text: str, pieces: Sequence[Sequence[Line]]) -> None:
        """Decide, where the dialect is "auto", which Python a file is written in.

        text: of the whole file. pieces: the code in it.
        """
        if self.dialect == "auto":
            if dialects.divides_exactly(text):
                self._exact.add(file)
            texts = ["\n".join(line.text for line in piece) for piece in pieces]
            self._files[file] = dialects.decide_file(text, texts)

    def expression(self, text: str, position: Position, line: str = "") -> ast.expr:
        """Translate one expression that stands at `position`; `line` is shown in errors.

        Raises CpyError at the place where it stops being an expression.
        """
        if not text.strip():
            raise CpyError("an expression is missing", position, line, "write what is to be evaluated")
        shown = line or " " * position.column + text.split("\n")[0]
        piece = _Piece(f"({text}\n)", rows_of_expression(text, position), "eval", "function", [shown])
        return self._translated(piece, position.file)  # type: ignore[no-any-return]

    def statements(self, lines: list[Line], *, scope: Literal["function", "module"] = "function") -> list[ast.stmt]:
        """Translate statements that stand in a function's body, or at the top of a module.

        The first line's indentation is that of the whole. `return` may stand anywhere.
        Raises CpyError with file, line, column and the line itself.
        """
        rows = [line.text.rstrip("\r\n") for line in lines]
        first = next((row for row in rows if row.strip() and not row.lstrip().startswith("#")), "")
        if not first:
            return []
        # An indented piece is parsed as the body of an `if`, so that no line of a string is moved.
        shift = 1 if first[:1] in (" ", "\t") else 0
        text = "if 1:\n" * shift + "\n".join(rows) + "\n"
        originals = [lines[0].original] * shift + [line.original for line in lines]
        piece = _Piece(text, rows_of_lines(lines, shift), "exec", scope, originals)
        made: list[ast.stmt] = self._translated(piece, piece.rows[0].file)
        return made[:-1] + made[-1].body if shift else made  # type: ignore[attr-defined]

    def module(self, text: str, file: str) -> ast.Module:
        """Translate the text of a whole module."""
        text = text.replace("\r\n", "\n").replace("\r", "\n") + "\n"
        piece = _Piece(text, rows_of_text(text, file), "exec", "text", text.split("\n"))
        return ast.Module(body=self._translated(piece, file), type_ignores=[])

    def _translated(self, piece: _Piece, file: str) -> Any:
        with quietly():
            chosen = self._files.get(file, self.dialect)
            piece.division = file in self._exact
            if chosen == "3":
                return piece.new(may_be_old=self.dialect == "auto")
            if chosen == "auto":
                chosen = dialects.decide(piece.text)
                return piece.new() if chosen == "3" else piece.old()
            return piece.old(may_be_new=self.dialect == "auto")


class _Piece:
    """One text to translate. rows: the places of its rows; originals: the rows as they stand there."""

    def __init__(self, text: str, rows: list[Row], mode: str, scope: Scope, originals: list[str]) -> None:
        self.text, self.rows, self.mode, self.scope, self.originals = text, rows, mode, scope, originals
        self.division = False

    def new(self, *, may_be_old: bool = False) -> Any:
        """Read it as Python 3 (or, where that fails, as Python 2) and return statements or a value."""
        try:
            tree: Any = parsed(self.text, self.mode)
        except (SyntaxError, ValueError) as error:
            if may_be_old:
                try:
                    return self.old()
                except CpyError:
                    pass
            row, column = getattr(error, "lineno", None) or 1, max((getattr(error, "offset", None) or 1) - 1, 0)
            from rawwfile.cpy.python2.blame import hint_for

            message = getattr(error, "msg", str(error))
            raise self.wrong(message, row, column, hint_for(message)) from None
        in_characters(tree, self.text)
        relocate(tree, self.rows)
        return tree.body

    def old(self, *, may_be_new: bool = False) -> Any:
        """Read it as Python 2 (or, where that fails, as Python 3) and return statements or a value."""
        tree: Any = read_alike(self.text, self.mode)
        if tree is not None:
            try:
                relocate(tree, self.rows)
                return self.meant(tree.body, Meaning(self.scope, division=self.division))
            except NotOld:
                pass
        from rawwfile.cpy.python2.blame import blame

        try:
            tree, renames, runs = parse_old(self.text, self.mode)
        except OldSyntaxError as error:
            if may_be_new and new_tree(self.text, self.mode) is not None:
                return self.new()
            raise self.wrong(*blame(self.text, self.mode, error)) from None
        for node in tree if isinstance(tree, list) else [tree]:
            relocate(node, self.rows)
        meaning = Meaning(self.scope, renames=renames, runs=runs, division=self.division)
        return self.meant(tree, meaning)

    def meant(self, tree: Any, meaning: Meaning) -> Any:
        return meaning.body(tree) if isinstance(tree, list) else meaning.value(tree)

    def wrong(self, message: str, row: int, column: int, hint: str = "") -> CpyError:
        place = place_in(self.rows, row, column)
        original = self.originals[row - 1] if row <= len(self.originals) else ""
        error = CpyError(message, place, original, hint)
        error.kind = "SyntaxError"
        return error


def parse_old(text: str, mode: str = "exec") -> tuple[Any, bool, bool]:
    """Read Python 2 by fissix: (statements or expression, binds None or True, has an exec statement).

    The tree has Python 3's nodes and not yet Python 2's meaning. Raises OldSyntaxError.
    """
    from rawwfile.cpy.python2.definitions import Converter

    tree, tables = parse(text, "eval_input" if mode == "eval" else "file_input")
    converter = Converter(tables)
    if mode == "eval":
        tree = tree.children[0] if converter.kind(tree) == "eval_input" else tree
        made: Any = converter.expression(tree)
    else:
        made = converter.body(tree)
    return made, converter.renames, converter.runs_text
