"""`rawwfile wire export FILE`"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.rows import read_input, write_output
from rawwfile.cli.wire_options import add_choice, add_secrets, chosen, selected, tape_from
from rawwfile.errors import ConfigError
from rawwfile.settings import VERSION
from rawwfile.tape.curl_trace import curl_trace
from rawwfile.tape.har import har
from rawwfile.tape.masks import read_masked
from rawwfile.tape.model import IN, OUT, ConnectionTape, Tape

DESCRIPTION = """\
Turn a recording into another format: an HTTP archive (HAR 1.2), the format of curl's --trace or
--trace-ascii, or the raw bytes that the server received (--raw-in) or sent (--raw-out). Credentials
and cookies become asterisks unless --secrets is given.

exit status: 0 written; 2 it cannot be."""

EXAMPLES = """\
  rawwfile wire export recorded.wire --har -o recorded.har
  rawwfile wire export recorded.wire --curl-trace-ascii --connection 1
  rawwfile wire export recorded.wire --raw-out --exchange 2 -o response.http"""

FORMATS = {
    "--har": "an HTTP archive, HAR 1.2",
    "--curl-trace": "as curl --trace --trace-time",
    "--curl-trace-ascii": "as curl --trace-ascii --trace-time",
    "--raw-in": "the bytes that the server received",
    "--raw-out": "the bytes that the server sent",
}


def run(words: list[str]) -> int:
    """Write another format; return the exit code. Raises StartError."""
    parser = CommandParser("wire export", "[OPTION...] FILE", DESCRIPTION, EXAMPLES)
    parser.add_argument("file", nargs="?", metavar="FILE", help="a .wire file, raw bytes, or - for stdin")
    group = parser.add_argument_group("formats")
    for flag, text in FORMATS.items():
        group.add_argument(flag, dest="formats", action="append_const", const=flag, help=text)
    parser.add_argument("-o", dest="output", metavar="OUT", default="-", help="where to (default: stdout)")
    parser.add_argument("--force", action="store_true", help="overwrite OUT")
    parser.add_argument("--no-times", dest="times", action="store_false", help="a trace without times")
    add_choice(parser)
    add_secrets(parser)
    given = parser.read(words)
    if not given.file:
        raise ConfigError("name a FILE to export, or - for stdin.")
    if len(given.formats or ()) != 1:
        raise ConfigError(f"name one format: {', '.join(FORMATS)}.")
    tape = tape_from(read_input(given.file), given.file, given.kind)
    connections, exchanges = chosen(given, tape)
    if exchanges is not None and given.formats[0].startswith("--curl"):
        raise ConfigError("a trace is of whole connections: name them with --connection N.")
    data = _exported(given, tape, selected(tape, connections, exchanges), exchanges)
    write_output(given.output, data, force=given.force)
    return 0


def _exported(
    given: argparse.Namespace, tape: Tape, connections: list[ConnectionTape], exchanges: set[int] | None
) -> bytes:
    wanted, secrets = given.formats[0], given.secrets
    if wanted == "--har":
        found = har(tape, secrets=secrets, version=VERSION, connections=connections, exchanges=exchanges)
        return json.dumps(found, indent=1).encode("ascii") + b"\n"
    if wanted.startswith("--curl"):
        ascii = wanted.endswith("ascii")
        lines = curl_trace(tape, ascii=ascii, times=given.times, secrets=secrets, connections=connections)
        return "".join(lines).encode("utf-8")
    return b"".join(_raw(connections, exchanges, IN if wanted == "--raw-in" else OUT, secrets))


def _raw(
    connections: list[ConnectionTape], exchanges: set[int] | None, direction: str, secrets: bool
) -> Iterator[bytes]:
    """Bytes as they crossed: of the whole connections, or of the exchanges that were chosen."""
    for connection in connections:
        stream = connection.stream(direction)
        places = [(stream.first, stream.end)]
        if exchanges is not None:
            chosen_ones = [each for each in connection.exchanges if each.id in exchanges]
            places = [each.request if direction == IN else each.response for each in chosen_ones]
        for place in places:
            yield stream.read(*place) if secrets else read_masked(stream, *place)
