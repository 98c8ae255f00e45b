"""Writes RootServer.py: an application compiled once, to be served without its sources (spec 4.2).

The file is Python that a person can read: one `application.unit(...)` for each class, special function
and block of imports, with the Python 3 source and the table of places of `written`; one
`application.instance(...)` for each instance; the lines of the sources, for tracebacks.
"""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rawwfile.cherrypy.compiled import FORMAT, LIBRARY, LIBRARY_MARK
from rawwfile.cherrypy.recognise import MARK
from rawwfile.cherrypy.site import name_of
from rawwfile.cherrypy.sources import compile_sources
from rawwfile.cherrypy.written import CannotWrite, stem_for, write
from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.program import Program, Unit
from rawwfile.cpy.python2.syntax import MissingFissix
from rawwfile.settings import VERSION

HEAD = '''\
"""The application {name} of CherryPy 0.10, compiled to Python 3. No source of it is needed to serve it:

    python {file} [-C FILE.cfg] [--host HOST] [--port PORT] [OPTION...]

The options are those of `rawwfile serve`. Below: each class, special function and block of imports
with the places in the sources where its parts stand; the instances; the sources, for tracebacks.
"""

import os
import sys

here = os.path.realpath(os.path.dirname(__file__))
if __name__ == "__main__" and sys.path and os.path.realpath(sys.path[0]) == here:
    # A module of the application, such as html.py, must not stand in for one of Python's.
    sys.path.append(sys.path.pop(0))

try:
    from rawwfile.cherrypy.compiled import Compiled
except ImportError as error:
    sys.exit(f"{{__file__}} needs rawwfile ({{error}}). Install it: {{sys.executable}} -m pip install rawwfile")

'''

FOOT = '''\
if __name__ == "__main__":
    from rawwfile.cli.compiled import run

    sys.exit(run(application, sys.argv[1:]))
'''


@dataclass(frozen=True)
class Build:
    """What is to be written besides the program.

    files: the sources as they were named. output: the file to write. name: of the application.
    debug: -D. encoding: -E, that of the file too. charset: of the sources, None for one character a
    byte. shebang: the first line, or "". folders: of -I. sources: text of each source by the name that
    tracebacks show. dialect: of the code.
    """

    files: Sequence[str]
    output: str
    name: str
    debug: bool = False
    encoding: str | None = None
    charset: str | None = None
    shebang: str = ""
    folders: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    dialect: str = "2"

    @property
    def base(self) -> str:
        """The output's name without its ending, for the configuration and the debug file."""
        return self.output.removesuffix(".py")


@dataclass(frozen=True)
class Order:
    """What to compile, as the options of the command line say it.

    files: of which the first gives the output its name. output: -O, or "". include: -I, of which a
    later one wins. indent: -W, blanks a level. debug: -D. encoding: -E. shebang: -S.
    """

    files: Sequence[str]
    output: str = ""
    include: Sequence[str] = ()
    indent: int = 4
    debug: bool = False
    encoding: str | None = None
    shebang: str = ""


def output_of(file: str) -> str:
    """Return the name of what a source is compiled to: 'sub/RootServer.py' for 'sub/Root.cpy'.

    Only the ending is cut; 0.10 cut at the first dot anywhere (H35).
    """
    return f"{file.removesuffix('.cpy')}Server.py"


def compile_to_file(order: Order) -> tuple[str, tuple[CpyError, ...]]:
    """Compile and write; return the name of the file and the compiler's warnings.

    Raises CpyError, also where the file cannot be written. Nothing is written then.
    """
    if order.encoding:
        _check_encoding(order.encoding)
    try:
        made = compile_sources(
            order.files, include=order.include, indent=order.indent, encoding=order.encoding, debug=order.debug
        )
    except MissingFissix as error:
        raise CpyError(str(error), None) from error
    build = Build(
        files=order.files,
        output=order.output or output_of(order.files[0]),
        name=name_of(order.files[0]),
        debug=order.debug,
        encoding=order.encoding,
        charset=made.charset,
        shebang=order.shebang,
        folders=order.include,
        sources=_sources(made.program, made.charset),
    )
    text = text_of(made.program, build)
    try:
        write_file(build.output, text, order.encoding or "utf-8")
    except OSError as error:
        hint = "choose another place with -O FILE"
        raise CpyError(f"Cannot write file '{build.output}': {error.strerror}", None, hint=hint) from error
    return build.output, made.program.warnings


def _sources(program: Program, charset: str | None) -> dict[str, str]:
    """Return the text of each source in which some code stands, as it is there."""
    found = {}
    for file in {file for unit in program.units for file in (unit.file, *unit.pieces.values())}:
        try:
            with open(file, encoding=charset or "latin-1", errors="replace") as source:
                found[file] = source.read()
        except OSError:
            continue  # only tracebacks would have shown it
    return found


def text_of(program: Program, build: Build) -> str:
    """Return the whole text of the file. Raises CpyError."""
    encoding = build.encoding or "utf-8"
    stem = stem_for(unit.tree for unit in program.units)
    parts = [_header(build), _opening(build, stem)]
    parts += [_unit(unit, stem, encoding) for unit in program.units]
    for name, class_name in program.instances:
        table = program.classes[class_name]
        exposed, xmlrpc = " ".join(sorted(table.exposed)), " ".join(sorted(table.xmlrpc_methods))
        more = f", xmlrpc={xmlrpc!r}" if xmlrpc else ""
        parts.append(f"application.instance({name!r}, {class_name!r}, {exposed!r}{more})\n")
    for file in sorted(build.sources):
        if not _is_library(file):
            parts.append(f"\napplication.source({_shown(file)!r}, {_block(build.sources[file], encoding)})\n")
    return "".join([*parts, "\n", FOOT])


def write_file(path: str, text: str, encoding: str) -> None:
    """Write `text` so that at every moment the old file is there or the new one. Raises OSError."""
    data = text.encode(encoding)
    folder = os.path.dirname(path) or "."
    handle, temporary = tempfile.mkstemp(prefix=".rawwfile-", suffix=".py", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode_for(path))
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _mode_for(path: str) -> int:
    """Return the mode of the file that is replaced, or that of a new file under the umask."""
    try:
        return os.stat(path).st_mode & 0o7777
    except OSError:
        mask = os.umask(0o077)
        os.umask(mask)
        return 0o666 & ~mask


def _check_encoding(encoding: str) -> None:
    try:
        usable = "aZ'\n".encode(encoding) == b"aZ'\n"
    except LookupError:
        usable = False
    if not usable:
        hint = "give -E a name such as utf-8 or latin-1"
        raise CpyError(f"Python cannot read a source in the encoding '{encoding}'", None, hint=hint)


def _header(build: Build) -> str:
    lines = [build.shebang] if build.shebang else []
    if build.encoding:
        lines.append(f"# -*- coding: {codecs.lookup(build.encoding).name} -*-")
    names = ", ".join(build.files)
    lines.append(f"{MARK} (rawwfile {VERSION}) from {names}: change the sources, not this file, and compile again.")
    return "\n".join(lines) + "\n"


def _opening(build: Build, stem: str) -> str:
    values = {
        "name": build.name,
        "base": build.base,
        "debug": build.debug,
        "charset": build.charset,
        "folders": list(build.folders),
        "dialect": build.dialect,
        "stem": stem,
        "format": FORMAT,
        "version": VERSION,
    }
    rows = "".join(f"    {name}={value!r},\n" for name, value in values.items())
    head = HEAD.format(name=build.name, file=os.path.basename(build.output))
    return f"{head}application = Compiled(\n    __file__,\n{rows})\n\n"


def _unit(unit: Unit, stem: str, encoding: str) -> str:
    try:
        source, places = write(unit.tree, stem)
    except CannotWrite as error:
        hint = "this is a fault of rawwfile: please report it with the source; `rawwfile serve` runs it meanwhile"
        what = unit.name or unit.kind
        raise CpyError(f"Cannot write '{what}' of '{unit.file}' as Python 3: {error}", None, hint=hint) from error
    what = f"{unit.kind!r}, {unit.name!r}, {_shown(unit.file)!r}"
    pieces = {name: _shown(file) for name, file in sorted(unit.pieces.items())}
    more = f", {pieces!r}" if pieces else ""
    return f"application.unit({what}, {_block(source, encoding)}, '''\n{places}\n'''{more})\n\n"


def _shown(file: str) -> str:
    """Return a file's name as it is written: that of our library is the same on every machine."""
    return LIBRARY_MARK + os.path.relpath(file, LIBRARY) if _is_library(file) else file


def _is_library(file: str) -> bool:
    return os.path.abspath(file).startswith(LIBRARY + os.sep)


def _block(text: str, encoding: str) -> str:
    """Return the literal of text of several lines; its first line begins below the quotes."""
    return _raw(f"\n{text}", encoding) or _escaped(f"\n{text}", encoding)


def _raw(text: str, encoding: str) -> str | None:
    """Return a raw literal, in which the text stands as it is, where it can."""
    if "'''" in text or text.endswith(("'", "\\")) or not _printable(text, encoding):
        return None
    return f"r'''{text}'''"


def _printable(text: str, encoding: str) -> bool:
    if not all(character.isprintable() or character in "\n\t" for character in text):
        return False
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False


def _escaped(text: str, encoding: str) -> str:
    return "'''" + "".join(_characters(text, encoding)) + "'''"


def _characters(text: str, encoding: str) -> Iterable[str]:
    for character in text:
        if character in "\\'":
            yield "\\" + character
        elif character in "\n\t" or _printable(character, encoding):
            yield character
        else:
            yield character.encode("unicode_escape").decode("ascii")
