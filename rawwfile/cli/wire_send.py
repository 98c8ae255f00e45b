"""`rawwfile wire send FILE ADDRESS`"""

from __future__ import annotations

import sys
import time
from typing import Any

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.rows import is_wire, print_rows, read_input, read_tape, warn_of_masks, with_escapes, write_tape
from rawwfile.cli.wire_options import add_look, add_target, seconds_of, target_from
from rawwfile.errors import ConfigError
from rawwfile.glass.pieces import MAX_PAUSE, Piece
from rawwfile.glass.playing import MOST, Part, Target, exchange, part_of, record
from rawwfile.glass.terminal import look_for
from rawwfile.tape.model import IN, Tape
from rawwfile.tape.reading import UNBOUNDED, add_connection
from rawwfile.tape.show import shown as shown_rows

DESCRIPTION = """\
Send the bytes of FILE (- is stdin) to ADDRESS as they are, and print the conversation. Nothing is
added, nothing is corrected. ADDRESS is host:port, http(s)://host:port or unix:/path, of this
machine unless --remote is given. Of a .wire file, what its connections sent is sent again, each on
a connection of its own.

exit status: 0 sent; 2 it cannot be."""

EXAMPLES = r"""  rawwfile wire send request.http 127.0.0.1:8000
  printf 'GET / HTTP/1.1\r\nHost: a\r\n\r\n' | rawwfile wire send - 127.0.0.1:8000 -o talk.wire
  rawwfile wire send request.http 127.0.0.1:8000 --one-by-one --pause 0.05
  rawwfile wire send typed.txt https://localhost:8443 --escapes --insecure"""


def run(words: list[str]) -> int:
    """Send and print; return the exit code. Raises StartError."""
    parser = CommandParser("wire send", "[OPTION...] FILE ADDRESS", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", nargs="?", metavar="FILE", help="raw bytes, a .wire file, or - for stdin")
    parser.add_argument("address", nargs="?", metavar="ADDRESS", help="host:port, http://host:port, https://host:port")
    parser.add_argument("-o", dest="output", metavar="OUT.wire", help="record what crosses here")
    parser.add_argument("--force", action="store_true", help="overwrite OUT.wire")
    parser.add_argument("--one-by-one", action="store_true", help="each byte in a write of its own")
    pause = "between two writes; without --one-by-one, each line is a write of its own"
    parser.add_argument("--pause", metavar="SECONDS", help=pause)
    escapes = r"FILE is text: \r \n \t \0 \\ \xHH, line ends send nothing, [pause 0.5] on a line waits"
    parser.add_argument("--escapes", action="store_true", help=escapes)
    parser.add_argument("--end", action="store_true", help="say that no more comes (half-close) after the last byte")
    parser.add_argument("--dry-run", action="store_true", help="print what would be sent, and connect nowhere")
    add_target(parser)
    add_look(parser)
    given = parser.read(words)
    if not given.file or not (given.address or given.dry_run):
        raise ConfigError("name a FILE and an ADDRESS, such as 127.0.0.1:8000.")
    wait = seconds_of(given.wait, "--wait", 3600)
    pause_seconds = None if given.pause is None else seconds_of(given.pause, "--pause", MAX_PAUSE)
    parts = _parts(given.file, given.escapes, given.one_by_one, pause_seconds)
    tape = Tape(UNBOUNDED, started=time.time(), by="rawwfile wire send")
    look = look_for(sys.stdout, verbose=min(given.verbose, 2), secrets=given.secrets, whole=given.whole)
    if given.dry_run:
        for part in parts:
            _pretend(tape, part)
        print_rows(shown_rows(tape, look))
        return 0
    target = target_from(given)
    begun = time.monotonic()
    try:
        for part in parts:
            _talk(tape, part, target, begun, wait=wait, end=given.end, remote=given.remote)
            print_rows(shown_rows(tape, look, connections={max(tape.connections)}))
    finally:
        if given.output and tape.connections:
            write_tape(tape, given.output, secrets=given.secrets, force=given.force)
    return 0


def _parts(name: str, escapes: bool, one_by_one: bool, pause: float | None) -> list[Part]:
    """What is to be sent, a Part for each connection."""
    data = read_input(name)
    if is_wire(data):
        tape = read_tape(data, name)
        warn_of_masks(data, tape)
        recorded = [part_of(each, fast=True) for each in tape if each.stream(IN).end]
        if not recorded:
            raise ConfigError(f"{name}: nothing was sent in this recording.")
        if not one_by_one and pause is None:
            return recorded
        return [Part(_cut(part.pieces, one_by_one, pause), []) for part in recorded]
    pieces = with_escapes(data, name) if escapes else [Piece(data)]
    if not any(piece.data for piece in pieces):
        raise ConfigError(f"{name}: no bytes to send.")
    if one_by_one or pause is not None:
        pieces = _cut(pieces, one_by_one, pause)
    return [Part(pieces, [])]


def _cut(pieces: list[Piece], one_by_one: bool, pause: float | None) -> list[Piece]:
    """Smaller pieces: single bytes or lines, with a pause between two."""
    found: list[Piece] = []
    for piece in pieces:
        parts = [piece.data[at : at + 1] for at in range(len(piece.data))] if one_by_one else _lines(piece.data)
        for index, part in enumerate(parts):
            before = piece.pause if not index else 0.0
            found.append(Piece(part, before or ((pause or 0.0) if found else 0.0)))
    return found


def _lines(data: bytes) -> list[bytes]:
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return [line for line in lines if line]


def _pretend(tape: Tape, part: Part) -> None:
    """Put on the tape what would cross."""
    now, crossed = 0.0, []
    for piece in part.pieces:
        now += piece.pause
        crossed.append((now, IN, piece.data))
    add_connection(tape, crossed)


def _talk(tape: Tape, part: Part, target: Target, begun: float, *, wait: float, end: bool, remote: bool) -> None:
    opened = time.monotonic() - begun
    waits: dict[str, Any] = {"after": part.after, "continues": part.continues}
    reply = exchange(target, part.pieces, remote=remote, read=wait, most=MOST, end=end, **waits)
    record(tape, target, reply, opened)
