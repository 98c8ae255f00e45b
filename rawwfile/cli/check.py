"""`rawwfile check FILE|-`: what bytes are, read as HTTP; of .cpy sources, what a port would do."""

from __future__ import annotations

import argparse

from rawwfile.cli.check_bytes import add_byte_options, check_bytes
from rawwfile.cli.port import ported_from, reported, source_parser
from rawwfile.errors import ConfigError

DESCRIPTION = """\
Read FILE (- is stdin) as HTTP, with the readers that serve, and say what each line is, what there
is to remark, and the verdict. Requests and responses are told apart by how they begin; several
requests one behind the other are all read. A .wire file is a recording: all of its exchanges.
Where httplint is installed (the extra "lint"), its notes are shown too, under its name; the verdict
is by rawwfile's own.

Of FILE.cpy, sources of CherryPy 0.10: say what `rawwfile port` would decide, and what a person
would have to look at; write nothing.

exit status: 0 nothing bad, nothing to look at; 1 something; 2 FILE cannot be read or compiled."""

EXAMPLES = r"""  rawwfile check response.txt
  printf 'GET / HTTP/1.1\r\nHost : a\r\n\r\n' | rawwfile check -
  rawwfile check page.http --as response --method HEAD --level warning
  rawwfile check recorded.wire --json
  rawwfile check Root.cpy -I templates"""

CLEAN, LOOK = 0, 1


def run(words: list[str]) -> int:
    """Print the report; return the exit code. Raises StartError."""
    parser = source_parser("check", "[OPTION...] FILE...", DESCRIPTION, EXAMPLES)
    add_byte_options(parser)
    given = parser.read(words)
    if not given.files:
        raise ConfigError("name a FILE to check, or - for stdin.")
    if any(name.endswith(".cpy") for name in given.files):
        return reported(lambda: _checked(given))
    if given.include or given.indent or given.encoding:
        raise ConfigError("-I, -W and -E are for .cpy files.")
    return max(check_bytes(name, given) for name in given.files)


def _checked(given: argparse.Namespace) -> int:
    report = ported_from(given).report
    print(report.json() if given.format == "json" else report.text(), end="")
    return LOOK if report.to_look_at else CLEAN
