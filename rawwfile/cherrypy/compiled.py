"""A compiled application, RootServer.py, to a `Site`: no source, no compiler and no fissix is needed.

The file makes one `Compiled`, which is its `application`, and tells it its units, instances and
sources. `python RootServer.py` and `rawwfile serve RootServer.py` then ask for `site()`.
"""

from __future__ import annotations

import functools
import linecache
import os
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rawwfile.cherrypy import codecache
from rawwfile.cherrypy.units import ClassEntry, Fresh, site_of_units
from rawwfile.cpy.errors import CpyError
from rawwfile.errors import TargetError

if TYPE_CHECKING:
    from rawwfile.cherrypy.site import Site

FORMAT = 1
"""Raised when `Compiled` no longer understands what an older rawwfile wrote."""
LIBRARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib")
"""Where the standard modules of 0.10 lie."""
LIBRARY_MARK = "rawwfile:"
"""Stands for LIBRARY in a compiled application, which may move to another machine."""


@dataclass(frozen=True)
class _Unit:
    kind: str
    name: str
    file: str
    source: str
    places: str
    pieces: Mapping[str, str]


class Compiled:
    """What RootServer.py holds.

    path: of the file itself. name: of the application. base: for RootServer.cfg and RootServer.dbg.
    debug: built with -D. charset: of -E, or None. folders: of -I, for modules of the application.
    dialect: of the code. stem: of names that Python 3 cannot spell (`written`). format, version:
    what wrote the file.
    """

    def __init__(
        self,
        path: str,
        *,
        name: str,
        base: str,
        debug: bool,
        charset: str | None,
        folders: Sequence[str],
        dialect: str,
        stem: str,
        format: int,
        version: str,
    ) -> None:
        if format != FORMAT:
            raise TargetError(
                f"{path} was compiled by rawwfile {version}, whose files this version does not read: compile it again"
            )
        self.path = path
        self.name = name
        self.debug = debug
        self.charset = charset
        self.folders = list(folders)
        self.dialect = dialect
        self.stem = stem
        self._base = base
        self._units: list[_Unit] = []
        self._classes: list[ClassEntry] = []
        self._sources: dict[str, str] = {}

    def unit(
        self, kind: str, name: str, file: str, source: str, places: str, pieces: Mapping[str, str] | None = None
    ) -> None:
        """Take the next unit: its source in Python 3, where its parts stand, files of pieces inside."""
        named = {piece: _shown(other) for piece, other in (pieces or {}).items()}
        self._units.append(_Unit(kind, name, _shown(file), source, places, named))

    def instance(self, name: str, class_name: str, exposed: str, xmlrpc: str = "") -> None:
        """Take the next instance, and the names that a URL, or only XML-RPC, may call."""
        entry = ClassEntry(name, class_name, frozenset(exposed.split()), frozenset(xmlrpc.split()))
        self._classes.append(entry)

    def source(self, file: str, text: str) -> None:
        """Take the lines of a source (the first begins behind a line end)."""
        self._sources[_shown(file)] = text[1:]

    @property
    def classes(self) -> list[ClassEntry]:
        """The instances to make, in order."""
        return list(self._classes)

    @property
    def specials(self) -> list[str]:
        """Names of the special functions."""
        return [unit.name for unit in self._units if unit.kind == "special"]

    @property
    def base(self) -> str:
        """The configuration and the debug file without their endings.

        0.10 looked in the working directory. Where no configuration is there, one that lies
        beside RootServer.py counts.
        """
        beside = os.path.splitext(self.path)[0]
        alone = os.path.isfile(f"{beside}.cfg") and not os.path.isfile(f"{self._base}.cfg")
        return beside if alone else self._base

    @property
    def paths(self) -> list[str]:
        """Where modules of the application are looked for: beside this file, here, in -I folders."""
        beside = os.path.dirname(self.path) or "."
        return list(dict.fromkeys([beside, ".", *reversed(self.folders)]))

    def codes(self) -> list[types.CodeType]:
        """Return the code of each unit, in order. Raises TargetError where the file was spoilt."""
        try:
            with open(self.path, "rb") as file:
                text = file.read()
        except OSError:
            return self._made()
        # The names of library files in the code depend on where rawwfile lies.
        text += LIBRARY.encode("utf-8", "surrogateescape")
        kept = codecache.load(self.path, text)
        if kept is not None and len(kept) == len(self._units):
            return kept
        made = self._made()
        codecache.save(self.path, text, made)
        return made

    def _made(self) -> list[types.CodeType]:
        from rawwfile.cherrypy.written import read
        from rawwfile.cpy.pieces import compiled

        codes = []
        for unit in self._units:
            try:
                tree = read(unit.source, unit.places, self.stem)
                codes.append(compiled(tree, unit.file, dict(unit.pieces)))
            except (SyntaxError, ValueError, CpyError) as error:
                raise TargetError(
                    f"{self.path}: {unit.name or unit.kind}: {error}. Change the .cpy sources and compile again"
                ) from error
        return codes

    def show_sources(self) -> None:
        """Make tracebacks and debuggers show the lines that were compiled, with or without the files."""
        for file, text in self._sources.items():
            # No time stamp: linecache then never looks whether the file has changed.
            linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)

    def site(self) -> Site:
        """Run the code of the units and return the Site. What it raises passes through."""
        self.show_sources()
        site = site_of_units(
            self.name,
            self.codes(),
            self._classes,
            charset=self.charset,
            debug=self.debug,
            base=self.base,
            files=[self.path],
            paths=self.paths,
            dialect=self.dialect,
        )
        site.recompile = functools.partial(fresh, self.path)
        return site


def load(path: str) -> Compiled:
    """Return what the compiled application `path` holds. Raises TargetError where it does not load."""
    space = {"__name__": "rawwfile_compiled", "__file__": path}
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), path, "exec", dont_inherit=True)
        exec(code, space)  # noqa: S102 - it is the program that somebody asked to run
    except OSError as error:
        raise TargetError(f"cannot read {path}: {error.strerror}") from error
    except (SyntaxError, ValueError) as error:
        raise TargetError(f"{path} was changed after it was compiled ({error}): compile again") from error
    found = space.get("application")
    if not isinstance(found, Compiled):
        raise TargetError(f"{path} is no application that rawwfile compile wrote: compile again")
    return found


def fresh(path: str) -> Fresh:
    """Return what a compiled application is now, for a hot reload. Raises TargetError."""
    found = load(path)
    found.show_sources()
    return Fresh(found.codes(), found.classes, found.specials, [path])


def site_of_compiled(path: str) -> Site:
    """Return the Site of a compiled application. Raises TargetError; what its code raises passes through."""
    return load(path).site()


def _shown(file: str) -> str:
    if file.startswith(LIBRARY_MARK):
        return os.path.join(LIBRARY, file[len(LIBRARY_MARK) :])
    return file
