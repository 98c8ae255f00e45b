"""Compiles sources again and again: only what has changed since the last time is translated (spec 16)."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rawwfile.cherrypy.units import Fresh
from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.source import Line, Position

if TYPE_CHECKING:
    import ast

    from rawwfile.cherrypy.sources import Compiled


class Sources:
    """The sources of one application. Each call compiles what they are now.

    The arguments are those of `sources.compile_sources`. A call raises CpyError; the next one
    begins where the last that did not left off.
    """

    def __init__(
        self,
        files: Sequence[str],
        include: Sequence[str] = (),
        indent: int = 4,
        encoding: str | None = None,
        debug: bool = False,
    ) -> None:
        self.files = list(files)
        named: dict[str, Any] = {"include": list(include), "indent": indent, "encoding": encoding, "debug": debug}
        self.options = named
        self.translator = RememberingTranslator()

    def __call__(self) -> Fresh:
        """Compile what has changed. Raises CpyError."""
        made = self.compile(remember=True)
        codes = [unit.code() for unit in made.program.units]
        return Fresh(codes, made.classes, made.program.specials, made.files)

    def compile(self, *, remember: bool) -> Compiled:
        """Compile. remember: so that the next time less is to be done. Raises CpyError."""
        from rawwfile.cherrypy.sources import compile_sources

        if not remember:
            return compile_sources(self.files, **self.options)
        self.translator.begin()
        made = compile_sources(self.files, translate=self.translator, **self.options)
        self.translator.forget_unused()
        return made


class RememberingTranslator(Translator):
    """Translates a piece of code once: the same piece at the same place is given again from memory.

    remembered, translated: how many pieces since `begin` came from memory, and how many did not.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pieces: dict[Any, bytes] = {}
        self._used: set[Any] = set()
        self._surveyed: dict[str, bytes] = {}
        self.remembered = self.translated = 0

    def begin(self) -> None:
        """A program is about to be compiled."""
        self._used = set()
        self.remembered = self.translated = 0

    def forget_unused(self) -> None:
        """Keep what the program that was just compiled is made of, and nothing else."""
        self._pieces = {key: made for key, made in self._pieces.items() if key in self._used}

    def survey(self, file: str, text: str, pieces: Sequence[Sequence[Any]]) -> None:
        """See Translator. Where it decides which Python a whole file is in, that is part of each piece."""
        if self.dialect == "auto":
            self._surveyed[file] = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        super().survey(file, text, pieces)

    def expression(self, text: str, position: Position, line: str = "") -> ast.expr:
        """See Translator."""
        key = ("expression", self._surveyed.get(position.file), text, position)
        found: ast.expr = self._once(key, lambda: super(RememberingTranslator, self).expression(text, position, line))
        return found

    def statements(self, lines: list[Line], *, scope: Any = "function") -> list[ast.stmt]:
        """See Translator."""
        file = lines[0].position.file if lines else ""
        key = ("statements", self._surveyed.get(file), scope, tuple(map(_told, lines)))
        found: list[ast.stmt] = self._once(
            key, lambda: super(RememberingTranslator, self).statements(lines, scope=scope)
        )
        return found

    def _once(self, key: Any, translate: Callable[[], Any]) -> Any:
        self._used.add(key)
        kept = self._pieces.get(key)
        if kept is not None:
            self.remembered += 1
            # A new tree each time: who gets it changes it.
            return pickle.loads(kept)  # noqa: S301 - made by the line below
        made = translate()
        self.translated += 1
        try:
            self._pieces[key] = pickle.dumps(made)
        except RecursionError:
            pass  # a sum of hundreds of parts: it is translated each time
        return made


def _told(line: Line) -> tuple[str, Position]:
    return line.text, line.position
