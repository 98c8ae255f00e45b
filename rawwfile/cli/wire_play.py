"""`rawwfile wire play FILE [ADDRESS]`"""

from __future__ import annotations

import sys
import time

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.rows import print_json, print_rows, read_input, read_tape, warn_of_masks, write_tape
from rawwfile.cli.suggest import shown
from rawwfile.cli.wire_compare import add_ignore, difference_rows, ignored_names
from rawwfile.cli.wire_options import add_secrets, add_target, seconds_of, target_from
from rawwfile.errors import ConfigError
from rawwfile.glass.playing import play
from rawwfile.tape.difference import differences
from rawwfile.tape.layout import count_of
from rawwfile.tape.model import Tape

DESCRIPTION = """\
Send the requests of FILE.wire to ADDRESS again, on as many connections as were recorded and with
the pauses that were recorded, and compare the responses with the recorded ones. Without ADDRESS
they go to the server that was recorded. A request that was sent after a response waits for that
response. Credentials that the recording hides are sent as asterisks: record with --wire-secrets if
they matter.

exit status: 0 the same responses came; 1 others; 2 it cannot be played."""

EXAMPLES = """\
  rawwfile wire play recorded.wire
  rawwfile wire play recorded.wire 127.0.0.1:8000
  rawwfile wire play recorded.wire 127.0.0.1:8000 --fast --ignore Server --ignore ETag
  rawwfile wire play recorded.wire https://localhost:8443 --insecure -o again.wire"""

SAME, DIFFERENT = 0, 1


def run(words: list[str]) -> int:
    """Play and compare; return the exit code. Raises StartError."""
    parser = CommandParser("wire play", "[OPTION...] FILE [ADDRESS]", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", nargs="?", metavar="FILE", help="a .wire file, or - for stdin")
    parser.add_argument("address", nargs="?", metavar="ADDRESS", help="host:port, http://host:port, https://host:port")
    parser.add_argument("--fast", action="store_true", help="without the recorded pauses")
    parser.add_argument("-o", dest="output", metavar="OUT.wire", help="record what crosses here")
    parser.add_argument("--force", action="store_true", help="overwrite OUT.wire")
    add_ignore(parser)
    add_target(parser)
    add_secrets(parser)
    parser.add_argument("--json", action="store_true", help="the differences as JSON")
    given = parser.read(words)
    if not given.file:
        raise ConfigError("name a FILE to play, or - for stdin.")
    wait = seconds_of(given.wait, "--wait", 3600)
    if given.address:
        target_from(given)  # a wrong one is told before the file is read
    data = read_input(given.file)
    recorded = read_tape(data, given.file)
    given.address = given.address or _recorded_address(recorded, given.file)
    target = target_from(given)
    warn_of_masks(data, recorded)
    tape = play(recorded, target, fast=given.fast, remote=given.remote, wait=wait, started=time.time())
    if given.output:
        write_tape(tape, given.output, secrets=given.secrets, force=given.force)
    found = differences(recorded, tape, ignored=ignored_names(given.ignore), responses_only=True, secrets=given.secrets)
    if given.json:
        print_json({"differ": bool(found), "differences": [each.as_dict() for each in found]})
    else:
        exchanges = count_of(len(tape.exchanges), "exchange")
        told = f"{exchanges} on {count_of(len(tape.connections), 'connection')} with {target}"
        print_rows(difference_rows(found, "recorded", "now", told, sys.stdout))
    return DIFFERENT if found else SAME


def _recorded_address(tape: Tape, name: str) -> str:
    """The server's, as the first connection had it. Raises ConfigError where none is recorded."""
    for connection in tape:
        if connection.local:
            return f"{connection.scheme}://{connection.local}"
    raise ConfigError(f"{shown(name)} does not say which server it was: name an ADDRESS, such as 127.0.0.1:8000.")
