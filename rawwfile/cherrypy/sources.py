"""`.cpy` files to a `Site`, compiled in memory."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass

from rawwfile.cherrypy.site import Site, base_of, name_of
from rawwfile.cherrypy.units import ClassEntry, site_of_units
from rawwfile.cpy import python2, template
from rawwfile.cpy.files import SourceFiles
from rawwfile.cpy.generate import compile_program
from rawwfile.cpy.modules import load_modules
from rawwfile.cpy.program import Program
from rawwfile.cpy.protocols import Translator
from rawwfile.cpy.python2.runtime import builtins_for

LIBRARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib")
"""Where the standard modules lie: Form.cpy, MaskTools.cpy, ... (spec 17)."""


@dataclass(frozen=True)
class Compiled:
    """A program and what a run time needs beside it.

    files: all that were read. paths: where modules of the application lie. charset: of the sources,
    None for one character a byte.
    """

    program: Program
    files: list[str]
    paths: list[str]
    charset: str | None = None

    @property
    def classes(self) -> list[ClassEntry]:
        """The classes in the order in which to make their instances."""
        tables = self.program.classes.values()
        return [
            ClassEntry(each.instance, each.name, frozenset(each.exposed), each.xmlrpc_methods) for each in tables
        ]


def compile_sources(
    files: Sequence[str],
    *,
    include: Sequence[str] = (),
    indent: int = 4,
    encoding: str | None = None,
    debug: bool = False,
    directory: str = "",
    translate: Translator | None = None,
) -> Compiled:
    """Compile the named files and all that they use. Raises CpyError with file, line and column.

    include: -I directories, of which a later one wins. indent: blanks a level (-W). encoding: of
    the sources; None is one character a byte. directory: where relative names start. translate: a
    translator to use, for one that remembers.
    """
    found = SourceFiles(directory, include=include, library=[LIBRARY], indent=indent, encoding=encoding)
    translate = translate or python2.Translator("auto")
    program = compile_program(
        load_modules(files, found, debug=debug),
        translate=translate,
        mask=functools.partial(template.compile_mask, translate=translate, debug=debug),
        include=found.template,
        condition_names={"__builtins__": builtins_for()},
        original=found.original,
    )
    folders = [os.path.dirname(os.path.join(directory, name)) or "." for name in files]
    paths = list(dict.fromkeys([directory or ".", *folders, *reversed(include)]))
    return Compiled(program, list(found.paths), paths, found.charset)


def site_of_sources(
    files: Sequence[str],
    include: Sequence[str] = (),
    indent: int = 4,
    encoding: str | None = None,
    debug: bool = False,
) -> Site:
    """Compile `.cpy` files and run their code; return the Site, whose instances are still to be made.

    Arguments as in `compile_sources`. Raises CpyError; what the application's own code raises
    passes through.
    """
    from rawwfile.cherrypy.again import Sources

    sources = Sources(files, include, indent, encoding, debug)
    compiled = sources.compile(remember=debug)
    site = site_of_units(
        name_of(files[0]),
        [unit.code() for unit in compiled.program.units],
        compiled.classes,
        charset=compiled.charset,
        debug=debug,
        base=base_of(files[0]),
        files=compiled.files,
        paths=compiled.paths,
    )
    site.recompile = sources
    return site
