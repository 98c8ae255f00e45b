"""Sends raw bytes, or a recording once more, to a server; what crossed becomes a tape of its own."""

from __future__ import annotations

import ssl
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from rawwfile.errors import ConfigError, RawwfileError, StartError
from rawwfile.glass.pieces import MAX_PAUSE, Piece, PiecesError
from rawwfile.glass.sender import Address, Reply, send
from rawwfile.tape.messages import message_of
from rawwfile.tape.model import IN, OUT, ConnectionTape, Tape
from rawwfile.tape.reading import UNBOUNDED, add_connection

PORTS = {"http": 80, "https": 443}
MOST = 256 << 20
"""Bytes of one connection's answers after which reading ends."""
MOST_AT_ONCE = 200
"""Connections that are open at the same time, at most."""
ENDINGS = {
    "complete": ("client", "every request had its answer"),
    "eof": ("server", "the server ended the connection"),
    "reset": ("server", "the server reset the connection"),
    "timeout": ("client", "no more came in time"),
    "limit": ("client", "more came than is read"),
    "stopped": ("client", "interrupted"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where bytes are sent. tls: for https."""

    address: Address
    scheme: str = "http"
    tls: ssl.SSLContext | None = None

    def __str__(self) -> str:
        if isinstance(self.address, str):
            return f"unix:{self.address}"
        host, port = self.address
        return f"{self.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def target_of(text: str, *, ca_file: str = "", insecure: bool = False) -> Target:
    """The Target that `text` names: "host:port", "http://host:port", "https://host" or "unix:/path".

    ca_file: certificates that are believed besides the system's. insecure: believe every certificate.
    Raises ConfigError.
    """
    if text.startswith("unix:"):
        return Target(text.removeprefix("unix:").removeprefix("//"))
    scheme, separator, _ = text.partition("://")
    if not separator:
        scheme, text = "http", f"http://{text}"
        needs_port = True
    else:
        needs_port = False
    if scheme not in PORTS:
        raise ConfigError(f"{text}: give host:port, http://host:port or https://host:port.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or (port is None and needs_port) or port == 0:
        named = text.removeprefix("http://") if needs_port else text
        raise ConfigError(f"{named}: give host:port, such as 127.0.0.1:8000.")
    tls = _context(ca_file, insecure) if scheme == "https" else None
    return Target((host, port if port is not None else PORTS[scheme]), scheme, tls)


def _context(ca_file: str, insecure: bool) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context()
        if ca_file:
            context.load_verify_locations(ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"--cacert {ca_file}: {error.strerror or error}.") from None
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


def exchange(target: Target, pieces: Sequence[Piece], *, remote: bool = False, **options: Any) -> Reply:
    """Send pieces and return what came back. options: those of `sender.send`.

    Raises StartError where no connection comes about, or the target is not of this machine.
    """
    try:
        return send(target.address, pieces, target.tls, anywhere=remote, **options)
    except PiecesError as error:
        raise ConfigError(f"{error}.") from None
    except RawwfileError as error:
        raise ConfigError(f"{error}; --remote allows others.") from None
    except ssl.SSLError as error:
        raise StartError(f"{target}: {error.reason or error}{_hint(error)}.") from None
    except OSError as error:
        raise StartError(f"{target}: {error.strerror or error}.") from None


def _hint(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return " (--cacert FILE or --insecure believes it)"
    # The library takes an answer in plain text for a record of an unknown version, or for plain HTTP.
    plain = error.reason in ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST")
    return ": no TLS came back; is it plain HTTP? Then write http://" if plain else ""


def record(tape: Tape, target: Target, reply: Reply, opened: float = 0.0) -> ConnectionTape:
    """Put what crossed on a tape, as the server's end would have seen it."""
    connection = add_connection(tape, reply.crossed, scheme=target.scheme, opened=opened)
    connection.peer, connection.local = _shown(reply.local), _shown(reply.peer)
    connection.closed = opened + reply.seconds
    connection.closed_by, connection.why = ENDINGS.get(reply.ended, ("", reply.ended))
    return connection


def _shown(address: Address) -> str:
    if isinstance(address, str):
        return address
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@dataclass(frozen=True, slots=True)
class Part:
    """What one connection sends. opened: seconds after the first connection. after, continues: see `sender.send`."""

    pieces: list[Piece]
    after: list[int]
    continues: frozenset[int] = frozenset()
    opened: float = 0.0
    most: int = MOST


def part_of(connection: ConnectionTape, *, fast: bool) -> Part:
    """What a recorded connection sent, with the pauses that it made, or (fast) without them.

    A piece that had come after a whole response waits for that response again.
    """
    stream = connection.stream(IN)
    if stream.first:
        raise ConfigError(f"the first bytes of connection {connection.number} were not kept: it cannot be played.")
    answered, interim = sorted(_answered(connection)), _interim(connection)
    pieces: list[Piece] = []
    after: list[int] = []
    continues: set[int] = set()
    before = connection.opened
    for entry in stream.entries:
        count = bisect_right(answered, entry.time)
        since = max(before, answered[count - 1] if count else before)
        pause = 0.0 if fast else min(max(0.0, entry.time - since), MAX_PAUSE)
        waited = any(before <= moment <= entry.time and offset < entry.offset for moment, offset in interim)
        if fast and pieces and after[-1] == count and not waited:
            pieces[-1] = Piece(pieces[-1].data + entry.data)
        else:
            if waited:
                continues.add(len(pieces))
            pieces.append(Piece(entry.data, pause))
            after.append(count)
        before = entry.time
    last = connection.exchanges[-1] if connection.exchanges else None
    cut = last is not None and last.end == "client-gone"
    most = connection.stream(OUT).end if cut else MOST
    return Part(pieces, after, frozenset(continues), connection.opened, most)


def _answered(connection: ConnectionTape) -> list[float]:
    """When the last byte of each whole response crossed."""
    moments = []
    received = connection.stream(OUT)
    for each in connection.exchanges:
        if each.verdict in ("complete", "excess"):
            entry = received.entry_at(each.response[1] - 1)
            if entry is not None:
                moments.append(entry.time)
    return moments


def _interim(connection: ConnectionTape) -> list[tuple[float, int]]:
    """When the last byte of each interim response crossed, and where the request begins that it answers."""
    found = []
    received = connection.stream(OUT)
    for each in connection.exchanges:
        # An interim response is a head, and few responses have one: nothing is taken apart for the others.
        if received.read(each.response[0], each.response[0] + 10)[9:] != b"1":
            continue
        end = each.response[0]
        for message in message_of(received, *each.response).interim:
            end += message.size
            entry = received.entry_at(end - 1)
            if entry is not None:
                found.append((entry.time, each.request[0]))
    return found


def play(
    recorded: Tape,
    target: Target,
    *,
    fast: bool = False,
    remote: bool = False,
    wait: float = 10.0,
    started: float = 0.0,
    clock: Callable[[], float] = time.monotonic,
) -> Tape:
    """Send what each connection of `recorded` sent once more; return the tape of what happened.

    fast: without pauses; connections that overlapped do so again, the others go one by one.
    wait: seconds for answers. started: wall clock now. Raises StartError.
    """
    connections = [connection for connection in recorded if connection.stream(IN).end]
    parts = [part_of(connection, fast=fast) for connection in connections]
    plays = [_Play(part, target, remote, wait, clock) for part in parts]
    begun = clock()
    if fast:
        _run_in_groups(plays, _groups(connections), begun)
    else:
        _run_in_time(plays, begun)
    tape = Tape(UNBOUNDED, started=started)
    for each in plays:
        if each.error is not None:
            raise each.error
        if each.reply is not None:
            record(tape, target, each.reply, each.opened)
    return tape


class _Play:
    """One connection that is played in a thread of its own."""

    def __init__(
        self, part: Part, target: Target, remote: bool, wait: float, clock: Callable[[], float]
    ) -> None:
        self.part, self.target, self.remote, self.wait, self.clock = part, target, remote, wait, clock
        self.reply: Reply | None = None
        self.error: StartError | None = None
        self.opened = 0.0
        self.thread = threading.Thread(target=self._run, name="play", daemon=True)
        self._begun = 0.0

    def start(self, begun: float) -> None:
        """Begin; begun: the clock when the first connection was to be opened."""
        self._begun = begun
        self.thread.start()

    def _run(self) -> None:
        self.opened = self.clock() - self._begun
        try:
            self.reply = exchange(
                self.target,
                self.part.pieces,
                remote=self.remote,
                read=self.wait,
                most=self.part.most,
                after=self.part.after,
                continues=self.part.continues,
            )
        except StartError as error:
            self.error = error


def _groups(connections: Sequence[ConnectionTape]) -> list[int]:
    """A number for each connection: the same for those that were open at the same time."""
    groups: list[int] = []
    open_until, size = float("-inf"), 0
    for connection in connections:
        closed = connection.closed if connection.closed is not None else float("inf")
        if not groups or connection.opened >= open_until or size >= MOST_AT_ONCE:
            groups.append(groups[-1] + 1 if groups else 0)
            open_until, size = closed, 1
        else:
            groups.append(groups[-1])
            open_until, size = max(open_until, closed), size + 1
    return groups


def _run_in_groups(plays: Sequence[_Play], groups: Sequence[int], begun: float) -> None:
    running: list[_Play] = []
    for index, each in enumerate(plays):
        if index and groups[index] != groups[index - 1]:
            _join(running)
        each.start(begun)
        running.append(each)
    _join(running)


def _run_in_time(plays: Sequence[_Play], begun: float) -> None:
    """Open each connection when it was opened in the recording, counted from the first."""
    first = plays[0].part.opened if plays else 0.0
    running: list[_Play] = []
    pause = threading.Event()
    for each in plays:
        pause.wait(max(0.0, begun + each.part.opened - first - each.clock()))
        if len(running) >= MOST_AT_ONCE:
            _join(running)
        each.start(begun)
        running.append(each)
    _join(running)


def _join(running: list[_Play]) -> None:
    for each in running:
        each.thread.join()
    running.clear()
