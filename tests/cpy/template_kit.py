"""Compiles and runs single masks: with plain Python 3 in the tags, templates from a dict."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Mapping

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.pieces import compiled, settle
from rawwfile.cpy.source import Line, Position, read_lines
from rawwfile.cpy.template import NAMES, compile_mask

COLUMNS = 8


class Python3:
    """A translator for code that is Python 3 already."""

    def expression(self, text: str, position: Position) -> ast.expr:
        try:
            node = ast.parse(f"({text}\n)", mode="eval").body
        except SyntaxError as error:
            raise CpyError(error.msg, position, text) from error
        for one in ast.walk(node):
            if isinstance(one, ast.expr):
                one.lineno = one.end_lineno = position.line
                one.col_offset += position.column - 1
                one.end_col_offset = (one.end_col_offset or 0) + position.column - 1
        return node

    def statements(self, lines: list[Line]) -> list[ast.stmt]:
        try:
            with warnings.catch_warnings():  # a backslash before > is no mistake here (spec 3.6)
                warnings.simplefilter("ignore")
                tree = ast.parse("\n".join(line.text for line in lines) + "\n")
        except SyntaxError as error:
            line = lines[min(error.lineno or 1, len(lines)) - 1]
            raise CpyError.at(line, error.msg, index=(error.offset or 1) - 1) from error
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr)):
                first, last = lines[node.lineno - 1], lines[(node.end_lineno or 1) - 1]
                node.lineno = first.position.line
                node.col_offset = max(first.column_of(node.col_offset), 0)
                node.end_lineno = last.position.line
                node.end_col_offset = max(last.column_of(node.end_col_offset or 0), 0)
        return tree.body


def mask_lines(mask: str, file: str = "Root.cpy") -> list[Line]:
    """The lines of a mask as the module parser hands them over, `mask` standing at column 8."""
    text = "".join(f"{' ' * COLUMNS}{line}\n" for line in mask.split("\n"))
    kept = read_lines(text.encode("latin-1"), file)
    return [line.part(COLUMNS).trimmed() for line in kept if not (line.is_blank or line.is_comment)]


def make(
    mask: str,
    templates: Mapping[str, str] | None = None,
    arguments: str = "",
    debug: bool = False,
    **names: object,
) -> Callable[..., str]:
    """Return the method that a mask becomes."""

    def include(name: str, position: Position) -> list[Line]:
        if name not in (templates or {}):
            raise CpyError(f"Cannot find file '{name}'", position)
        return read_lines((templates or {})[name].encode("latin-1"), name)

    tree = ast.parse(f"def method({arguments}): pass")
    method = tree.body[0]
    assert isinstance(method, ast.FunctionDef)
    method.body = compile_mask(mask_lines(mask), include=include, translate=Python3(), debug=debug)
    pieces: dict[str, str] = {}
    settle(method, "Root.cpy", pieces)
    namespace: dict[str, object] = {**NAMES, **names}
    exec(compiled(ast.fix_missing_locations(tree), "Root.cpy", pieces), namespace)
    return namespace["method"]  # type: ignore[return-value]


def page(mask: str, templates: Mapping[str, str] | None = None, **names: object) -> str:
    """Return what a mask writes; its code sees `names`."""
    return make(mask, templates, **names)()  # type: ignore[arg-type]
