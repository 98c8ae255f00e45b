"""What the commands that read bytes have in common: their input, and rows of text as output."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from rawwfile.cli.suggest import shown
from rawwfile.errors import ConfigError, StartError
from rawwfile.glass.pieces import Piece, PiecesError, pieces_from_text
from rawwfile.glass.terminal import write_rows
from rawwfile.tape.masks import SECRET_FIELDS
from rawwfile.tape.messages import message_of
from rawwfile.tape.model import IN, ConnectionTape, Tape
from rawwfile.tape.wirefile import write_wire
from rawwfile.tape.wirereader import read_wire

WIRE_START = b'{"wire":'


def read_input(name: str) -> bytes:
    """The bytes of a file, of stdin for "-". Raises ConfigError."""
    try:
        if name == "-":
            return sys.stdin.buffer.read()
        with open(name, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f"{shown(name)}: {error.strerror}.") from None


def is_wire(data: bytes) -> bool:
    """Whether these are the first bytes of a `.wire` file."""
    return data[:64].replace(b" ", b"").startswith(WIRE_START)


def with_escapes(data: bytes, name: str) -> list[Piece]:
    r"""The pieces that text with \\r, \\n, \\x00 and [pause SECONDS] stands for. Raises ConfigError."""
    try:
        return pieces_from_text(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ConfigError(f"{shown(name)}: with --escapes the file is UTF-8 text, and this is none.") from None
    except PiecesError as error:
        raise ConfigError(f"{shown(name)}: {error}.") from None


def read_tape(data: bytes, name: str) -> Tape:
    """The recording in the bytes of a `.wire` file. Raises StartError."""
    if not is_wire(data):
        raise ConfigError(f"{shown(name)}: no .wire file; what serve --wire=FILE.wire writes is one.")
    return read_wire(io.BytesIO(data), shown(name))


def warn_of_masks(data: bytes, tape: Tape) -> None:
    """Say on stderr that a recording hides what its requests had sent, if it does."""
    try:
        hides = json.loads(data.partition(b"\n")[0]).get("masked")
    except ValueError:
        return
    if hides and any(_has_secrets(connection) for connection in tape):
        print("rawwfile wire: the recording hides credentials or cookies: asterisks are sent", file=sys.stderr)


def _has_secrets(connection: ConnectionTape) -> bool:
    stream = connection.stream(IN)
    for exchange in connection.exchanges:
        fields = message_of(stream, *exchange.request).fields
        if any(name.lower() in SECRET_FIELDS for name, _ in fields):
            return True
    return False


def write_tape(tape: Tape, name: str, *, secrets: bool, force: bool) -> None:
    """Write a `.wire` file. Raises ConfigError."""
    text = io.StringIO()
    write_wire(tape, text, secrets=secrets)
    write_output(name, text.getvalue().encode("utf-8"), force=force)


def print_rows(rows: Iterable[str]) -> None:
    """Print rows on stdout; when nobody reads on (`| head`), stop. Raises StartError (a full disk)."""
    try:
        write_rows(sys.stdout, rows)
        sys.stdout.flush()
    except OSError as error:
        _give_up(error)


def _give_up(error: OSError) -> None:
    """stdout takes no more: what is left goes nowhere, also when Python flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if not isinstance(error, BrokenPipeError):
        raise StartError(f"stdout: {error.strerror}.") from None


def print_json(value: Any) -> None:
    """Print a value as JSON, in plain ASCII."""
    print_rows([json.dumps(value)])


def write_output(name: str, data: bytes, *, force: bool = False) -> None:
    """Write a file that must not be there yet, or stdout for "-". Raises ConfigError."""
    if name == "-":
        sys.stdout.flush()
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except OSError as error:
            _give_up(error)
        return
    try:
        with open(name, "wb" if force else "xb") as file:
            file.write(data)
    except FileExistsError:
        raise ConfigError(f"{shown(name)} is there already; --force overwrites it.") from None
    except OSError as error:
        raise ConfigError(f"{shown(name)}: {error.strerror}.") from None
