"""`python RootServer.py`: the command line of a compiled application of CherryPy 0.10 (spec 4.5)."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from rawwfile.cli.arguments import CommandParser
from rawwfile.errors import ConfigError, StartError

if TYPE_CHECKING:
    from rawwfile.cherrypy.compiled import Compiled

WRONG_OPTIONS = 255
"""What 0.10's servers exited with after printing their usage."""
CANNOT_START = 2

DESCRIPTION = """\
Serve {name}, an application of CherryPy 0.10. Its configuration file is {base}.cfg of the
current directory, or the one beside {file}, unless another is named."""

EXAMPLES = """\
  python {file}
  python {file} -C test.cfg
  python {file} --host 0.0.0.0 --port 8080 --access-log access.log"""


def run(application: Compiled, words: list[str]) -> int:
    """Serve until a signal ends it; return the exit code.

    255 for options that do not exist, after 0.10's usage on stdout; 2 if it cannot start.
    """
    file = os.path.basename(application.path)
    parser = _parser(application, file)
    try:
        flags = vars(parser.read(words))
    except ConfigError as error:
        print(f"{file}: {error}", file=sys.stderr)
        print("Usage: server [-C configFile]")
        print(f"or any option of rawwfile serve; python {file} --help shows them")
        return WRONG_OPTIONS
    try:
        from rawwfile.cli.cherry import run_site

        return run_site(application.site, flags, command=file)
    except StartError as error:
        print(f"{file}: {' '.join(str(error).splitlines())}", file=sys.stderr)
        return CANNOT_START


def _parser(application: Compiled, file: str) -> CommandParser:
    base = os.path.basename(application.base)
    description = DESCRIPTION.format(name=application.name, base=base, file=file)
    parser = CommandParser("", "", description, EXAMPLES.format(file=file))
    parser.prog = f"python {file}"
    parser.usage = f"python {file} [-C FILE.cfg] [OPTION...]"
    parser.add_argument("-C", dest="config", metavar="FILE", help="the configuration file, as --config")
    parser.add_options()
    return parser
