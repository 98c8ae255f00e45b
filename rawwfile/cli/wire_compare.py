"""`rawwfile wire compare A.wire B.wire`, `wire compare FILE` and `wire compare --cases`"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.rows import is_wire, print_json, print_rows, read_input, read_tape, with_escapes
from rawwfile.cli.suggest import shown
from rawwfile.errors import ConfigError
from rawwfile.glass.pieces import Piece, PiecesError
from rawwfile.glass.terminal import look_for
from rawwfile.tape.difference import IGNORED, Difference, differences
from rawwfile.tape.layout import count_of, wrapped_words
from rawwfile.tape.model import OUT

DESCRIPTION = """\
With two .wire files: say what differs, exchange by exchange. Ignored are times, the field Date, the
port on which the server was reached, and of credentials and cookies all but their lengths, unless
--secrets is given.

With one FILE, the raw bytes of a response (or a .wire file with --exchange N): have them read by
http.client, curl, Chromium and our own reader, as far as they are installed, and print a table.

With --cases: that table for some twenty broken responses.

exit status: 0 the same (--cases: printed); 1 they differ; 2 something cannot be read."""

EXAMPLES = """\
  rawwfile wire compare before.wire after.wire --ignore Server
  rawwfile wire compare response.txt
  rawwfile wire compare recorded.wire --exchange 2 --clients http.client,curl
  rawwfile wire compare --cases"""

SAME, DIFFERENT = 0, 1


def run(words: list[str]) -> int:
    """Compare and print; return the exit code. Raises StartError."""
    parser = CommandParser("wire compare", "[OPTION...] [FILE] [OTHER]", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", nargs="?", metavar="FILE", help="a .wire file, raw bytes, or - for stdin")
    parser.add_argument("other", nargs="?", metavar="OTHER", help="another .wire file")
    add_ignore(parser)
    parser.add_argument("--cases", action="store_true", help="the table of broken responses")
    parser.add_argument("--clients", metavar="NAMES", help="of the table, such as http.client,curl (default: all)")
    parser.add_argument("--method", metavar="NAME", default="GET", help="that the clients ask with (default: GET)")
    parser.add_argument("--exchange", metavar="N", help="of a .wire file: the one whose response is read")
    parser.add_argument("--escapes", action="store_true", help=r"FILE is text with \r, \n and \x00; see wire send")
    secrets = "compare credentials and cookies too, and print them (two recordings)"
    parser.add_argument("--secrets", action="store_true", help=secrets)
    parser.add_argument("--json", action="store_true", help="what was found, as JSON")
    given = parser.read(words)
    if given.cases:
        if given.file:
            raise ConfigError("--cases goes without a FILE.")
        return _cases(given)
    if not given.file:
        raise ConfigError("name two .wire files, or one FILE with a response.")
    return _clients(given) if given.other is None else _recordings(given)


def add_ignore(parser: CommandParser) -> None:
    """Add --ignore."""
    text = "do not compare this field either; may be repeated (Date never is)"
    parser.add_argument("--ignore", metavar="FIELD", action="append", help=text)


def ignored_names(given: Sequence[str] | None) -> frozenset[bytes]:
    """The fields that are not compared, in lower case."""
    return IGNORED | {name.lower().encode("utf-8") for name in given or ()}


def difference_rows(found: Iterable[Difference], left: str, right: str, told: str, out: TextIO) -> Iterator[str]:
    """What differs, for people: the place, then the one and the other."""
    look = look_for(out)
    room = look.columns - 4
    where, count = "", 0
    for each in found:
        count += 1
        if each.where != where:
            where = each.where
            yield look.paint(where, "bold")
        yield f"  {each.what}"
        width = max(len(left), len(right)) + 2
        for sign, name, text, colour in (("-", left, each.left, "bad"), ("+", right, each.right, "good")):
            for index, row in enumerate(wrapped_words(text or "(none)", room - width - 2)):
                head = f"{sign} {name + ':':<{width}}" if not index else " " * (width + 2)
                yield "    " + look.paint(head + row, colour)
    verdict = f"{count_of(count, 'difference')}" if count else "no difference"
    yield f"{told}: {verdict}"


def _recordings(given: argparse.Namespace) -> int:
    left, right = (read_tape(read_input(name), name) for name in (given.file, given.other))
    found = differences(left, right, ignored=ignored_names(given.ignore), secrets=given.secrets)
    if given.json:
        print_json({"differ": bool(found), "differences": [each.as_dict() for each in found]})
    else:
        told = f"{count_of(len(left.exchanges), 'exchange')} and {count_of(len(right.exchanges), 'exchange')}"
        print_rows(difference_rows(found, shown(given.file), shown(given.other), told, sys.stdout))
    return DIFFERENT if found else SAME


def _clients(given: argparse.Namespace) -> int:
    from rawwfile.glass.comparing import compare

    pieces = _response(given)
    try:
        comparison = compare(pieces, _names(given.clients), given.method)
    except PiecesError as error:
        raise ConfigError(f"{shown(given.file)}: {error}.") from None
    if given.json:
        print_json(comparison.json())
    else:
        print_rows(comparison.text().splitlines())
    return DIFFERENT if comparison.differ else SAME


def _cases(given: argparse.Namespace) -> int:
    from rawwfile.glass.comparing import cases_table

    table = cases_table(_names(given.clients))
    if given.json:
        print_json(table.json())
    else:
        print_rows(table.text().splitlines())
    return SAME


def _names(text: str | None) -> list[str] | None:
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def _response(given: argparse.Namespace) -> list[Piece]:
    """The response that the clients are to read."""
    data = read_input(given.file)
    if given.escapes:
        return with_escapes(data, given.file)
    if not is_wire(data):
        if not data:
            raise ConfigError(f"{shown(given.file)}: no bytes.")
        return [Piece(data)]
    tape = read_tape(data, given.file)
    if given.exchange is None:
        raise ConfigError(f"{shown(given.file)}: name the response with --exchange N, or a second recording.")
    from rawwfile.cli.wire_options import number_of

    exchange = tape.exchanges.get(number_of(given.exchange, "--exchange"))
    if exchange is None or exchange.response[0] == exchange.response[1]:
        raise ConfigError(f"{shown(given.file)}: exchange {given.exchange} has no response.")
    return [Piece(tape.connections[exchange.connection].stream(OUT).read(*exchange.response))]
