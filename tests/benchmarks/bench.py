"""The ground that the workloads stand on: cores, servers, interleaved rounds."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from .load import Generator, LoadResult, Plan
from .results import Sample, Table
from .servers import NotAvailable, Server, Spec, machine_cpu, own_cpu


@dataclass
class Bench:
    """The settings of one call of the harness.

    rounds: how often each server has its turn. seconds, warmup: of one turn.
    skipped: why a server is not in the tables, by its name.
    """

    generator: Generator
    specs: Sequence[Spec]
    server_cores: set[int]
    rounds: int = 3
    seconds: float = 1.0
    warmup: float = 0.25
    quick: bool = False
    tls: tuple[str, str] | None = None
    skipped: dict[str, str] = field(default_factory=dict)

    def server(self, spec: Spec, *, threads: int | None = None, tls: tuple[str, str] | None = None) -> Server:
        """A server that is not started yet."""
        return Server(spec, self.server_cores, threads=threads, tls=tls)

    @contextlib.contextmanager
    def running(
        self,
        *,
        without: tuple[str, ...] = (),
        threads: int | None = None,
        tls: tuple[str, str] | None = None,
    ) -> Iterator[list[Server]]:
        """All servers but those kinds, started; one that cannot start is noted in `skipped`."""
        with contextlib.ExitStack() as stack:
            servers = []
            for spec in self.specs:
                if spec.kind in without or spec.name in self.skipped:
                    continue
                try:
                    servers.append(stack.enter_context(self.server(spec, threads=threads, tls=tls)))
                except NotAvailable as error:
                    if tls is None:
                        self.skipped[spec.name] = str(error)
            yield servers

    def interleave(
        self,
        table: Table,
        servers: Sequence[Server],
        measure: Callable[[Server], Sample],
        *,
        rounds: int | None = None,
    ) -> None:
        """Rounds of A B C, A B C: what disturbs one turn disturbs its neighbours too."""
        for number in range(rounds or self.rounds):
            for server in servers:
                progress(f"{table.name} round {number + 1}: {server.name}")
                try:
                    sample = measure(server)
                except (OSError, RuntimeError) as error:
                    print(f"{table.name}, {server.name}: {error}", file=sys.stderr)
                    sample = {"faults": 1.0}
                table.add(server.name, sample)

    def load(self, server: Server, plan: Plan) -> tuple[LoadResult, float]:
        """Run the generator; returns its result and the server's CPU seconds in the measured time."""
        marks: list[float] = []
        result = self.generator.run(
            plan,
            server.port,
            at_start=lambda: marks.append(server.cpu()),
            at_end=lambda: marks.append(server.cpu()),
        )
        return result, marks[1] - marks[0]

    @contextlib.contextmanager
    def watch_others(self, tables: Sequence[Table]) -> Iterator[None]:
        """Note in the tables which share of the machine other programs used meanwhile.

        Servers must be started and stopped inside: a child's CPU is known when it has ended.
        """
        begun, machine, own = time.perf_counter(), machine_cpu(), own_cpu()
        yield
        seconds = (time.perf_counter() - begun) * (os.cpu_count() or 1)
        share = max(0.0, machine_cpu() - machine - (own_cpu() - own)) / seconds
        for table in tables:
            table.others = share


def progress(text: str) -> None:
    """One changing line on a terminal, nothing elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def ask(sock: socket.socket, request: bytes) -> bytes:
    """Send a request and read its answer by Content-Length; returns the body.

    Raises ConnectionError if the answer is cut short or is not a 200.
    """
    sock.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(sock)
    head, _, body = data.partition(b"\r\n\r\n")
    if head[8:12] != b" 200":
        raise ConnectionError(f"answered {head[:40]!r}")
    length = int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += _more(sock)
    return body


def _more(sock: socket.socket) -> bytes:
    data = sock.recv(65536)
    if not data:
        raise ConnectionError("the server closed the connection before its answer was whole")
    return data
