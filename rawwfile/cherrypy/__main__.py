"""`python -m rawwfile.cherrypy`: the command line of CherryPy 0.10's compiler (spec 4.1)."""

from __future__ import annotations

import getopt
import sys
from collections.abc import Sequence
from typing import TextIO

from rawwfile.cherrypy.build import Order, compile_to_file
from rawwfile.cpy.errors import CpyError

VERSION = "0.10"
USAGE = """\
CherryPy version 0.10. See http://www.cherrypy.org for more information
Usage: CherryPy [-D] [--stderr2stdout] [-W whiteSpace] [-I includeDirectory] [-O outputFile] \
[-S|--shebang shebang] [-E|--encoding encoding] file"""
LEAST_INDENT, MOST_INDENT = 1, 20


def main(words: Sequence[str]) -> int:
    """Compile as `words` say; return the exit code.

    0: done, nothing was printed. 1: the sources are wrong, or -V. 255: wrong options; the usage
    went to stdout. All of these are 0.10's.
    """
    try:
        options, files = getopt.getopt(list(words), "DVW:I:O:S:E:", ["stderr2stdout", "shebang=", "encoding="])
        order = _order_of(options, files)
    except getopt.GetoptError:
        print(USAGE)
        return 255
    except _WrongIndent:
        print(f"CherryError: whiteSpace must be between {LEAST_INDENT} and {MOST_INDENT}\n{USAGE}")
        return 255
    if order is None:
        print(VERSION)
        return 1
    errors: TextIO = sys.stdout if ("--stderr2stdout", "") in options else sys.stderr
    try:
        compile_to_file(order)
    except CpyError as error:
        print(f"{error}\n\n{error.old_text()}", file=errors)
        return 1
    return 0


class _WrongIndent(Exception):
    """-W has no number that 0.10 took."""


def _order_of(options: Sequence[tuple[str, str]], files: Sequence[str]) -> Order | None:
    """Return what to compile; None for -V. Raises GetoptError or _WrongIndent."""
    given: dict[str, str] = {}
    include: list[str] = []
    indent = 4
    for name, value in options:
        if name == "-V":
            return None
        if name == "-O" and name in given:
            raise getopt.GetoptError("-O was given twice", name)
        if name == "-I":
            include.append(value)
        elif name == "-W":
            indent = _indent_of(value)
        given[name] = value
    if not files:
        raise getopt.GetoptError("there is no file", "")
    return Order(
        files=files,
        output=given.get("-O", ""),
        include=include,
        indent=indent,
        debug="-D" in given,
        encoding=given.get("--encoding", given.get("-E")),
        shebang=given.get("--shebang", given.get("-S", "")),
    )


def _indent_of(text: str) -> int:
    try:
        indent = int(text)
    except ValueError:
        raise _WrongIndent from None
    if not LEAST_INDENT <= indent <= MOST_INDENT:
        raise _WrongIndent
    return indent


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
