"""What the actions of `rawwfile wire` have in common: options, their meaning, and the tape they work on."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.rows import is_wire, read_tape
from rawwfile.cli.suggest import shown
from rawwfile.errors import ConfigError
from rawwfile.glass.playing import Target, target_of
from rawwfile.tape.model import ConnectionTape, Tape
from rawwfile.tape.reading import REQUEST, RESPONSE, tape_of_bytes


def add_look(parser: CommandParser) -> None:
    """Add -v, --whole and --secrets."""
    parser.add_argument("-v", dest="verbose", action="count", default=0, help="hex beside the text; -vv every span")
    parser.add_argument("--whole", action="store_true", help="all of the content, not a sample")
    add_secrets(parser)


def add_secrets(parser: CommandParser) -> None:
    """Add --secrets."""
    parser.add_argument("--secrets", action="store_true", help="with credentials and cookies (default: asterisks)")


def add_choice(parser: CommandParser) -> None:
    """Add --connection, --exchange and --as."""
    parser.add_argument("--connection", metavar="N", action="append", help="this one alone; may be repeated")
    parser.add_argument("--exchange", metavar="N", action="append", help="this one alone; may be repeated")
    parser.add_argument("--as", dest="kind", choices=(REQUEST, RESPONSE), help="what raw bytes are, however they begin")


def add_target(parser: CommandParser) -> None:
    """Add what says how a server is reached."""
    parser.add_argument("--remote", action="store_true", help="ADDRESS may be another machine's; ask its owner first")
    parser.add_argument("--cacert", metavar="FILE", default="", help="believe this certificate too (https)")
    parser.add_argument("--insecure", action="store_true", help="believe every certificate (https)")
    wait = "for the answers after the last byte is sent (default: 10)"
    parser.add_argument("--wait", metavar="SECONDS", default="10", help=wait)


def target_from(given: argparse.Namespace) -> Target:
    """The Target of ADDRESS. Raises ConfigError."""
    return target_of(given.address, ca_file=given.cacert, insecure=given.insecure)


def number_of(text: str, flag: str) -> int:
    """A number from 1 on. Raises ConfigError."""
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 12 and int(text)):
        raise ConfigError(f"{flag} {shown(text)}: give a number from 1 on.")
    return int(text)


def seconds_of(text: str, flag: str, most: float) -> float:
    """Seconds from 0 to `most`. Raises ConfigError."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= most:
        raise ConfigError(f"{flag} {shown(text)}: give seconds from 0 to {most:g}.")
    return value


def chosen(given: argparse.Namespace, tape: Tape) -> tuple[set[int] | None, set[int] | None]:
    """Connections and exchanges that were asked for; None for all. Raises ConfigError for one that is not there."""
    found: list[set[int] | None] = []
    for name, there in (("connection", tape.connections), ("exchange", tape.exchanges)):
        numbers = {number_of(text, f"--{name}") for text in getattr(given, name) or ()}
        missing = next((number for number in sorted(numbers) if number not in there), None)
        if missing is not None:
            raise ConfigError(f"there is no {name} {missing}: {_range(there, name)}.")
        found.append(numbers or None)
    return found[0], found[1]


def _range(numbers: Iterable[int], name: str) -> str:
    known = sorted(numbers)
    return f"{name}s {known[0]} to {known[-1]} are recorded" if known else "none is recorded"


def tape_from(data: bytes, name: str, kind: str | None = None) -> Tape:
    """The tape of a `.wire` file, or of raw bytes. Raises ConfigError."""
    if is_wire(data):
        return read_tape(data, name)
    if not data:
        raise ConfigError(f"{shown(name)}: no bytes.")
    return tape_of_bytes(data, kind or "")


def selected(tape: Tape, connections: set[int] | None, exchanges: set[int] | None) -> list[ConnectionTape]:
    """The connections that were chosen, or that hold a chosen exchange."""
    return [
        connection
        for connection in tape
        if (connections is None or connection.number in connections)
        and (exchanges is None or any(each.id in exchanges for each in connection.exchanges))
    ]
