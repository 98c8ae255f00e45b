"""`rawwfile wire show FILE`"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.check_bytes import as_json
from rawwfile.cli.rows import is_wire, print_json, print_rows, read_input
from rawwfile.cli.wire_options import add_choice, add_look, chosen, selected, tape_from
from rawwfile.errors import ConfigError
from rawwfile.glass.terminal import look_for
from rawwfile.tape.endings import cipher_rows
from rawwfile.tape.layout import Look
from rawwfile.tape.model import CIPHER, IN, OUT, ConnectionTape, Tape
from rawwfile.tape.show import ConnectionView
from rawwfile.tape.show import shown as shown_rows
from rawwfile.tape.wirefile import spans_beside

DESCRIPTION = """\
Print FILE (- is stdin) as a conversation: who sent what and when, each line with its meaning and
the section of the RFC, who wrote it, the notes. FILE is a .wire file, or raw bytes of a request or
a response. Control characters are always escaped.

exit status: 0 printed; 2 FILE cannot be read."""

EXAMPLES = """\
  rawwfile wire show recorded.wire
  rawwfile wire show recorded.wire --exchange 3 -vv
  rawwfile wire show response.txt -v
  rawwfile wire show recorded.wire --json"""


def run(words: list[str]) -> int:
    """Print a recording; return the exit code. Raises StartError."""
    parser = CommandParser("wire show", "[OPTION...] FILE", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", nargs="?", metavar="FILE", help="a .wire file, raw bytes, or - for stdin")
    add_choice(parser)
    add_look(parser)
    cipher = "of TLS connections what everybody on the way can see: the records"
    parser.add_argument("--cipher", action="store_true", help=cipher)
    parser.add_argument("--json", action="store_true", help="what is known, with every span, as JSON")
    given = parser.read(words)
    if not given.file:
        raise ConfigError("name a FILE to show, or - for stdin.")
    data = read_input(given.file)
    tape = tape_from(data, given.file, given.kind)
    connections, exchanges = chosen(given, tape)
    if given.json:
        found = selected(tape, connections, exchanges)
        print_json({"connections": [_connection(each, exchanges, given.secrets) for each in found]})
        return 0
    look = look_for(sys.stdout, verbose=min(given.verbose, 2), secrets=given.secrets, whole=given.whole)
    if not is_wire(data):
        look = replace(look, times=False)
    if given.cipher:
        print_rows(_cipher_rows(tape, selected(tape, connections, exchanges), look))
        return 0
    print_rows(shown_rows(tape, look, connections=connections, exchanges=exchanges))
    return 0


def _cipher_rows(tape: Tape, connections: list[ConnectionTape], look: Look) -> Iterator[str]:
    for connection in connections:
        yield from ConnectionView(tape, connection, look).opening()
        if connection.stream(IN, CIPHER).end or connection.stream(OUT, CIPHER).end:
            yield from cipher_rows(connection, look)
        else:
            yield "no TLS: everybody on the way sees all of it"


def _connection(connection: ConnectionTape, exchanges: set[int] | None, secrets: bool) -> dict[str, Any]:
    names = ("number", "scheme", "peer", "local", "opened", "closed", "closed_by", "why", "tls")
    found: dict[str, Any] = {name: getattr(connection, name) for name in names}
    found["entries"] = [
        {
            "sequence": entry.sequence,
            "direction": entry.direction,
            "side": entry.side,
            "offset": entry.offset,
            "size": len(entry.data),
            "time": entry.time,
            "by": entry.by,
        }
        for entry in connection.entries
    ]
    found["exchanges"] = [
        as_json(connection, each, secrets) for each in connection.exchanges if exchanges is None or each.id in exchanges
    ]
    found["other_spans"] = spans_beside(connection)
    return found
