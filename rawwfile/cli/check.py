"""`rawwfile check FILE.cpy...`: what a port would do."""

from __future__ import annotations

import argparse

from rawwfile.cli.port import ported_from, reported, source_parser
from rawwfile.errors import ConfigError

DESCRIPTION = """\
Say what `rawwfile port` would decide for a site of CherryPy 0.10, and what a person would have to
look at; write nothing.

exit status: 0 nothing to look at; 1 something to look at; 2 the source does not compile."""

EXAMPLES = """\
  rawwfile check Root.cpy
  rawwfile check Root.cpy -I templates --format json"""

CLEAN, LOOK = 0, 1


def run(words: list[str]) -> int:
    """Print the report; return the exit code. Raises StartError."""
    parser = source_parser("check", "[OPTION...] FILE...", DESCRIPTION, EXAMPLES)
    given = parser.read(words)
    if not given.files:
        raise ConfigError("name a FILE.cpy to check.")
    return reported(lambda: _checked(given))


def _checked(given: argparse.Namespace) -> int:
    report = ported_from(given).report
    print(report.json() if given.format == "json" else report.text(), end="")
    return LOOK if report.to_look_at else CLEAN
