"""Stand-ins for the rooms that the class compiler calls: plain Python 3, and a toy template."""

from __future__ import annotations

import ast
import types
from collections.abc import Sequence
from pathlib import Path

from rawwfile.cpy.classic import CLASS_MAKER, cherry_class
from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.files import SourceFiles
from rawwfile.cpy.generate import compile_program
from rawwfile.cpy.modules import load_modules
from rawwfile.cpy.pieces import mark
from rawwfile.cpy.program import Program
from rawwfile.cpy.protocols import Include
from rawwfile.cpy.source import Line, Position


class PlainPython:
    """Reads Python 3 and gives its nodes the places of the lines they came from."""

    def survey(self, file: str, text: str, pieces: list[list[Line]]) -> None:
        """It knows what it reads."""

    def expression(self, text: str, position: Position) -> ast.expr:
        tree = ast.parse(text, mode="eval").body
        for node in ast.walk(tree):
            if isinstance(node, ast.expr):
                node.lineno = node.end_lineno = position.line
                node.col_offset += position.column
                node.end_col_offset += position.column
        return tree

    def statements(self, lines: list[Line], *, scope: str = "function") -> list[ast.stmt]:
        try:
            tree = ast.parse("\n".join(line.text for line in lines) + "\n")
        except SyntaxError as error:
            line = lines[min(error.lineno or 1, len(lines)) - 1]
            raise CpyError.at(line, error.msg, index=(error.offset or 1) - 1) from error
        for node in ast.walk(tree):
            if hasattr(node, "lineno"):
                line = lines[node.lineno - 1]
                node.lineno = line.position.line
                node.col_offset = line.column_of(node.col_offset)
                last = lines[node.end_lineno - 1]
                node.end_lineno = last.position.line
                node.end_col_offset = last.column_of(node.end_col_offset)
        return tree.body


def toy_mask(lines: list[Line], *, include: Include) -> list[ast.stmt]:
    """`=x` puts the value of x, `!x` runs x, `<file` includes; everything else is text."""
    python = PlainPython()
    place = lines[0].position if lines else Position("", 1, 0)
    made: list[ast.stmt] = []
    for line in lines:
        if line.text.startswith("<"):
            name = line.text[1:]
            inner = toy_mask(include(name, line.position), include=include)[1:-1]
            for statement in mark(inner, name):
                statement.cpy_tags = (line.position,)
                made.append(statement)
        elif line.text.startswith("!"):
            made += python.statements([line.part(1)])
        else:
            text = line.text[1:] if line.text.startswith("=") else repr(line.text + "\n")
            code = Line(f"_page.append({text})", line.position, line.original)
            made += python.statements([code])
    start = python.statements([Line("_page = []", place, "")])
    end = python.statements([Line("return ''.join(_page)", place, "")])
    return [*start, *made, *end]


def compile_files(directory: Path, *names: str, include: Sequence[str] = ()) -> Program:
    """Compile the modules of these names, with the stand-ins above."""
    files = SourceFiles(str(directory), include=include)
    return compile_program(
        load_modules(names or ["Root.cpy"], files),
        translate=PlainPython(),
        mask=toy_mask,
        include=files.template,
        original=files.original,
    )


def run(program: Program) -> dict[str, object]:
    """Do what a run time does: run the units, make the instances; return the namespace."""
    space: dict[str, object] = {
        CLASS_MAKER: cherry_class,
        "request": types.SimpleNamespace(base="http://host", log=[]),
    }
    for unit in program.units:
        exec(unit.code(), space)  # noqa: S102
    for instance, name in program.instances:
        space[instance] = space[name]()
    return space
