"""What the class compiler asks of the rooms `template` and `python2`, so that it needs neither."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Literal, Protocol

from rawwfile.cpy.source import Line, Position

Include = Callable[[str, Position], list[Line]]
"""Read the template of this name, named at this place; raises CpyError when it is not found."""


class Translator(Protocol):
    """Python 2 source to Python 3 `ast` whose positions are those of the lines given."""

    def expression(self, text: str, position: Position) -> ast.expr:
        """Translate one expression that stands at `position`."""

    def statements(
        self, lines: list[Line], *, scope: Literal["function", "module"] = "function"
    ) -> list[ast.stmt]:
        """Translate statements of a function's body, or of the top of a module.

        `return` may stand outside a function: the caller moves it in.
        """


class MaskCompiler(Protocol):
    """Template text to the statements of a function's body.

    The first statement makes the list `_page`, the last one returns the joined page; start aspects
    go behind the first, end aspects before the last. A statement from another file than the
    mask's carries that file's name in its attribute `cpy_file`, and in `cpy_tags` the places of
    the py-include tags that brought it in, outermost first.
    """

    def __call__(self, lines: list[Line], *, include: Include) -> list[ast.stmt]:
        """Compile the lines of a mask, whose first eight columns are cut off already."""
