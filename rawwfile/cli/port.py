"""`rawwfile port FILE.cpy... -o DIR`"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.serve import charset_of, indent_of
from rawwfile.errors import ConfigError, StartError

if TYPE_CHECKING:
    from rawwfile.port.package import Ported

DESCRIPTION = """\
Turn a site of CherryPy 0.10, FILE.cpy and all that it uses, into a Python 3 package in DIR:
one module for each .cpy file, plain classes, the templates as files that a designer can edit.
`rawwfile serve DIR --config FILE` then serves the same pages.

The report on stdout has a line for each decision and, first, for each thing that a person must
look at. Nothing that was changed in DIR since the last port is overwritten without --force. A
DIR that was ported already, given instead of FILE.cpy, is copied as it is.

exit status: 0 the package is written; 2 it is not, and stderr says why."""

EXAMPLES = """\
  rawwfile port Root.cpy -o site
  rawwfile port Root.cpy -I templates -o site --format json > report.json
  rawwfile serve site --config RootServer.cfg"""

DONE, CANNOT = 0, 2


def source_parser(command: str, takes: str, description: str, examples: str) -> CommandParser:
    """Return the parser of what `port` and `check` have in common."""
    parser = CommandParser(command, takes, description, examples)
    parser.add_argument("files", nargs="*", metavar="FILE.cpy", help="what to read")
    where = "look for modules and templates here"
    parser.add_argument("-I", dest="include", metavar="DIR", action="append", help=where)
    parser.add_argument("-W", dest="indent", metavar="N", help="blanks for each level in the sources (default: 4)")
    parser.add_argument("-E", "--encoding", dest="encoding", metavar="NAME", help="charset of the sources and pages")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="of the report (default: text)")
    return parser


def run(words: list[str]) -> int:
    """Port and print the report; return the exit code. Raises StartError."""
    parser = source_parser("port", "[OPTION...] FILE.cpy... -o DIR", DESCRIPTION, EXAMPLES)
    parser.add_argument("-o", dest="output", metavar="DIR", help="the package to write")
    parser.add_argument("--force", action="store_true", help="overwrite also what was changed in DIR")
    given = parser.read(words)
    if not given.output:
        raise ConfigError("name the directory of the package: -o DIR.")
    if len(given.files) == 1 and os.path.isdir(given.files[0]):
        return reported(lambda: _copied(given.files[0], given.output, given.force, given.format))
    return reported(lambda: _ported(given))


def reported(work: Callable[[], int]) -> int:
    """Return what `work` does; a source that does not compile is told on stderr, with exit code 2."""
    from rawwfile.cpy.errors import CpyError

    try:
        return work()
    except CpyError as error:
        print(f"{error}\n{error.old_text()}", file=sys.stderr)
    except OSError as error:
        if isinstance(error, StartError):
            raise
        print(f"rawwfile port: {error.filename}: {error.strerror}", file=sys.stderr)
    return CANNOT


def ported_from(given: argparse.Namespace) -> Ported:
    """Return the `Ported` of what was given on a command line. Raises StartError, CpyError."""
    from rawwfile.cherrypy.sources import LIBRARY
    from rawwfile.port.package import port

    files = given.files
    if not files:
        raise ConfigError("name a FILE.cpy.")
    wrong = next((name for name in files if not name.endswith(".cpy")), None)
    if wrong is not None:
        raise ConfigError(f"{wrong} is no .cpy file.")
    return port(
        files,
        include=given.include or (),
        library=LIBRARY,
        indent=indent_of(given.indent),
        encoding=charset_of(given.encoding),
    )


def _ported(given: argparse.Namespace) -> int:
    from rawwfile.port.output import write_package

    made = ported_from(given)
    write_package(given.output, made.files, force=given.force)
    print(made.report.json() if given.format == "json" else made.report.text(), end="")
    return DONE


def _copied(package: str, output: str, force: bool, shape: str) -> int:
    from rawwfile.cherrypy.package import is_package
    from rawwfile.port.output import read_package, write_package

    if not is_package(package):
        raise ConfigError(f"{package} is neither a .cpy file nor a package that rawwfile port wrote.")
    changed = []
    if os.path.realpath(package) != os.path.realpath(output):
        changed = write_package(output, read_package(package), force=force)
    if shape == "json":
        print("[]")
    else:
        print(f"{package} is Python 3 already: nothing to port, {len(changed)} files copied")
    return DONE
