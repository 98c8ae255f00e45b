"""Bytes of a file, or of a recording, with what they are, the notes on them, and a verdict."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.rows import is_wire, print_json, print_rows, read_input, read_tape, with_escapes
from rawwfile.cli.suggest import shown
from rawwfile.errors import ConfigError
from rawwfile.glass.terminal import look_for
from rawwfile.http.notes import LEVELS
from rawwfile.tape.layout import Look, count_of
from rawwfile.tape.lint import lint_notes
from rawwfile.tape.model import ConnectionTape, ExchangeRecord, Tape
from rawwfile.tape.reading import REQUEST, RESPONSE, recognised, tape_of_bytes
from rawwfile.tape.show import ConnectionView
from rawwfile.tape.wirefile import exchange_rows, spans_beside

BROKEN = frozenset(["short", "excess", "unreadable"])
"""Verdicts that are bad, whatever the notes say."""


def add_byte_options(parser: CommandParser) -> None:
    """Add the options of `check` that are for bytes."""
    group = parser.add_argument_group("bytes")
    group.add_argument("--as", dest="kind", choices=(REQUEST, RESPONSE), help="what it is, whatever it begins with")
    method = "of the request that the response answers: HEAD and CONNECT matter (default: GET)"
    group.add_argument("--method", metavar="NAME", default="GET", help=method)
    level = "show notes from this level on: good, info, warning or bad (default: info)"
    group.add_argument("--level", choices=LEVELS, type=_level, help=level)
    escapes = r"FILE is text in which \r, \n and \x00 stand for these bytes, and line ends for nothing"
    group.add_argument("--escapes", action="store_true", help=escapes)
    group.add_argument("--no-lint", dest="lint", action="store_false", help="without the notes of httplint")
    group.add_argument("--json", action="store_true", help="spans, notes and verdict as JSON")
    group.add_argument("--secrets", action="store_true", help="show credentials and cookies")
    group.add_argument("--whole", action="store_true", help="all of the content, not a sample")
    group.add_argument("-v", dest="verbose", action="count", default=0, help="hex beside the text; -vv every span")


def _level(text: str) -> str:
    return "warning" if text == "warn" else text


def check_bytes(name: str, given: argparse.Namespace) -> int:
    """Print what is to be said of a file; return 1 if something is bad, else 0. Raises ConfigError."""
    data = read_input(name)
    if given.escapes:
        data = b"".join(piece.data for piece in with_escapes(data, name))
    if not data:
        raise ConfigError(f"{shown(name)}: no bytes to check.")
    recorded = is_wire(data)
    if recorded:
        tape, what = read_tape(data, name), "recording"
    else:
        what = given.kind or recognised(data)
        tape = tape_of_bytes(data, what, method=given.method)
    checked = Checked(tape, lint=given.lint)
    if given.json or given.format == "json":
        print_json({"file": name, "what": what, **checked.json(secrets=given.secrets)})
    else:
        verbose = min(given.verbose, 2)
        look = look_for(sys.stdout, verbose=verbose, secrets=given.secrets, whole=given.whole)
        look = replace(look, level=given.level or ("good" if verbose else "info"), times=recorded)
        about = f"{shown(name) if name != '-' else 'stdin'}: {what}, {count_of(len(data), 'byte')}"
        print_rows(checked.rows(look, about))
    return 1 if checked.bad else 0


class Checked:
    """The exchanges of a tape, judged.

    lint: with the second opinion of httplint, where it is installed; it does not change the verdict,
    which shall be the same on every machine. bad: something is.
    """

    def __init__(self, tape: Tape, *, lint: bool = True) -> None:
        self.tape = tape
        self.parts = [(connection, exchange) for connection in tape for exchange in connection.exchanges]
        self.counts = dict.fromkeys(LEVELS, 0)
        self.second = 0
        for connection, exchange in self.parts:
            notes = [note for note in exchange.notes if note.source != "httplint"]
            exchange.notes = [*notes, *lint_notes(connection, exchange)] if lint else notes
            self.second += len(exchange.notes) - len(notes)
            for note in notes:
                self.counts[note.level] += 1
        self.broken = sum(
            1 for _, exchange in self.parts if exchange.refused is not None or exchange.verdict in BROKEN
        )

    @property
    def bad(self) -> bool:
        """A note is bad, a request was refused, or a response is not what it says."""
        return bool(self.counts["bad"] or self.broken)

    def rows(self, look: Look, about: str) -> Iterator[str]:
        """For people: each exchange, then the verdict in one row."""
        for connection in self.tape:
            view = ConnectionView(self.tape, connection, look)
            yield from view.whole(framed=look.times)
        counts = [f"{self.counts[level]} {level}" for level in reversed(LEVELS) if self.counts[level]]
        number = len(self.parts)
        exchanges = "" if number == 1 else f", {count_of(number, 'exchange')}"
        verdict = "bad" if self.bad else "nothing bad"
        notes = (", ".join(counts) or "none") + (f"; httplint: {self.second}" if self.second else "")
        yield look.paint(f"{about}{exchanges}: {verdict} (notes: {notes})", "bad" if self.bad else "good")

    def json(self, *, secrets: bool) -> dict[str, Any]:
        """For programs."""
        exchanges = [as_json(connection, exchange, secrets) for connection, exchange in self.parts]
        # With those of the exchanges they are all of the bytes.
        beside = {str(connection.number): spans_beside(connection) for connection in self.tape}
        return {
            "verdict": "bad" if self.bad else "good",
            "notes": self.counts,
            "exchanges": exchanges,
            "other_spans": {number: spans for number, spans in beside.items() if spans},
        }


def as_json(connection: ConnectionTape, exchange: ExchangeRecord, secrets: bool) -> dict[str, Any]:
    """What is known of an exchange, with its spans and notes: as a `.wire` file has it."""
    row, *notes = exchange_rows(connection, exchange, secrets)
    del row["type"]
    for note in notes:
        for name in ("type", "connection", "exchange"):
            del note[name]
    return {**row, "notes": notes}
