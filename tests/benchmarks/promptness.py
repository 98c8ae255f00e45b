"""python -m tests.benchmarks.promptness: how promptly streams begin, go on and end, beside the peers.

A generator makes a line that says when it was made, after each pause. For each server, in turns:

    first     from a first line's making to its arrival, ms
    next      the same for the lines after it, ms
    to close  from the client's close() to the generator's, ms; the pause between lines is part of it
    lines     lines that the generator made after the client had left
    wasted    bytes of those lines

--pause S (0.05), --rounds N (15), --servers A,B. `close` is how the client leaves: FIN, then RST for
what comes after it. "never" means: not within WAIT seconds.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

from .servers import NotAvailable, Server, Spec

SERVERS = "rawwfile,rawwfile-wsgi,cheroot,waitress,gunicorn"
WAIT = 5.0
LINES = 5
"""Lines that the client takes before it leaves."""


def one_stream(server: Server, pause: float, log: Path) -> dict[str, float]:
    """Take LINES lines, leave, and read what the generator has noted."""
    arrived: list[int] = []
    made: list[int] = []
    with socket.create_connection(("127.0.0.1", server.port), timeout=WAIT) as sock:
        sock.sendall(f"GET /ticks?pause={pause}&log={log} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode("ascii"))
        buffer = b""
        while len(made) < LINES:
            buffer += sock.recv(65536)
            now = time.monotonic_ns()
            *lines, buffer = buffer.split(b"\n")
            for line in lines:
                if line.startswith(b"t="):
                    made.append(int(line[2:]))
                    arrived.append(now)
        left = time.monotonic_ns()
    sample = {
        "first": (arrived[0] - made[0]) / 1e6,
        "next": statistics.median((a - m) / 1e6 for a, m in zip(arrived[1:], made[1:], strict=True)),
    }
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        words = log.read_text("ascii") if log.exists() else ""
        if words.endswith("\n"):
            *times, closed = map(int, words.split())
            after = [stamp for stamp in times if stamp > left]
            line = len(b"t=%d\n" % left)
            return sample | {"to close": (closed - left) / 1e6, "lines": len(after), "wasted": len(after) * line}
        time.sleep(0.002)
    return sample


def main(arguments: list[str]) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.promptness", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--servers", default=SERVERS)
    parser.add_argument("--pause", type=float, default=0.05)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args(arguments)
    samples: dict[str, list[dict[str, float]]] = {}
    running: list[Server] = []
    with tempfile.TemporaryDirectory() as directory:
        try:
            for name in options.servers.split(","):
                server = Server(Spec(name, options.python), os.sched_getaffinity(0))
                try:
                    server.start()
                    running.append(server)
                except NotAvailable as reason:
                    print(f"left out: {reason}")
            for number in range(options.rounds):
                for server in running:
                    log = Path(directory, f"{server.name}-{number}")
                    samples.setdefault(server.name, []).append(one_stream(server, options.pause, log))
        finally:
            for server in running:
                server.stop()
    print(f"medians of {options.rounds} streams, a line each {options.pause * 1000:g} ms")
    print(f"{'':14}{'first ms':>10}{'next ms':>10}{'to close ms':>13}{'worst':>8}{'lines':>7}{'wasted B':>10}")
    for name, found in samples.items():
        print(row(name, found))
    return 0


def row(name: str, found: list[dict[str, float]]) -> str:
    """One line of the table."""
    cells = [f"{statistics.median(s[key] for s in found):10.2f}" for key in ("first", "next")]
    if any("to close" not in sample for sample in found):
        return f"{name:14}{''.join(cells)}{'never':>13}"
    closes = [sample["to close"] for sample in found]
    lines, wasted = (statistics.median(s[key] for s in found) for key in ("lines", "wasted"))
    return f"{name:14}{''.join(cells)}{statistics.median(closes):13.1f}{max(closes):8.1f}{lines:7.0f}{wasted:10.0f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
