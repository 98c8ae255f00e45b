"""`rawwfile compile FILE.cpy...`: RootServer.py from the sources of CherryPy 0.10 (spec 4)."""

from __future__ import annotations

import sys

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.serve import add_source_options, charset_of, indent_of
from rawwfile.errors import ConfigError

DESCRIPTION = """\
Compile an application of CherryPy 0.10 to one Python file that serves it without its sources:
Root.cpy becomes RootServer.py, which reads RootServer.cfg. Its options are those of
rawwfile serve, and 0.10's -C FILE.cfg. `python -m rawwfile.cherrypy` takes the options that
0.10's own compiler took."""

EXAMPLES = """\
  rawwfile compile Root.cpy && python RootServer.py
  rawwfile compile Root.cpy Admin.cpy -I ../common -O /srv/site/SiteServer.py
  rawwfile compile -W 2 Root.cpy       the sources are indented by two blanks
  rawwfile compile -D Root.cpy         with debug() and hot reload"""


def run(words: list[str]) -> int:
    """Compile; return the exit code, 1 where the sources are wrong. Raises ConfigError."""
    from rawwfile.cherrypy.build import Order, compile_to_file
    from rawwfile.cpy.errors import CpyError

    parser = CommandParser("compile", "[OPTION...] FILE.cpy...", DESCRIPTION, EXAMPLES)
    parser.add_argument("files", nargs="*", metavar="FILE.cpy", help="of several the first gives the name")
    add_source_options(parser)
    parser.add_argument("-O", dest="output", metavar="FILE", default="", help="the file to write")
    parser.add_argument("-S", "--shebang", metavar="TEXT", default="", help="its first line: #!/usr/bin/python3")
    flags = parser.read(words)
    if not flags.files:
        raise ConfigError("name a FILE.cpy to compile, such as Root.cpy.")
    order = Order(
        files=flags.files,
        output=flags.output,
        include=flags.include or (),
        indent=indent_of(flags.indent),
        debug=flags.debug,
        encoding=charset_of(flags.encoding),
        shebang=flags.shebang,
    )
    try:
        output, warnings = compile_to_file(order)
    except CpyError as error:
        print(f"{error}\n\n{error.old_text()}", file=sys.stderr)
        return 1
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    print(f"{output} is written; python {output} serves it")
    return 0
