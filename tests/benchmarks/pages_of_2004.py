"""python -m tests.benchmarks.pages_of_2004: pages of a CherryPy 0.10 application, beside the original.

    --oracle FILE     oracle.py, which runs the original under Python 2.7; without it: ours alone
    --rounds N (200)  requests of each page to each server; they take turns
    --only A,B        some pages (hello, table, compute, ...)
    --python PATH     run ours with another Python
    --all             also pages that do one thing some thousand times: calls, comparisons, ...

For each page: milliseconds from connecting to the end of the answer, median and minimum, the
processor's microseconds in the server for one request, and the ratios ours/original of these three.
A ratio above 1 means that ours is slower. The minimum and the processor's time move least when the
machine is busy.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("hello", "table", "rich", "compute", "signup/form", "signup/postForm?name=Joe&pw1=x&Send=Send")
SINGLES = ("nothing", "calls", "parents", "compared", "attributes", "formats", "strs", "texts", "dicts", "numbers",
           "reprs", "types", "builtins", "sorts", "errors")  # fmt: skip
START = 60.0
POLL = 0.02


class Old:
    """One server, started in a copy of the application. Raises OSError where it does not answer in time."""

    def __init__(self, name: str, command: list[str], directory: Path) -> None:
        self.name = name
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        shutil.copytree(Path(__file__).parent / "pages", directory)
        words = [*command, "--host", "127.0.0.1", "--port", str(self.port)]
        self.log = directory / "log.txt"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(words, cwd=directory, stdout=output, stderr=subprocess.STDOUT)
        self._await()

    def _await(self) -> None:
        last = time.monotonic() + START
        while self.process.poll() is None and time.monotonic() < last:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(POLL)
        raise OSError(f"{self.name} did not start:\n{self.log.read_text('utf-8', 'replace')}")

    def get(self, page: str) -> tuple[float, bytes]:
        """Ask for a page over a connection of its own: milliseconds, and what came."""
        parts: list[bytes] = []
        begun = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port), timeout=START) as sock:
            sock.sendall(f"GET /{page} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode("ascii"))
            while part := sock.recv(1 << 20):
                parts.append(part)
        return (time.perf_counter() - begun) * 1000, b"".join(parts).partition(b"\r\n\r\n")[2]

    def cpu(self) -> float:
        """Microseconds of processor time that all processes started here have used."""
        total, waiting = 0, [self.process.pid]
        while waiting:
            tasks = Path(f"/proc/{waiting.pop()}/task")
            for task in tasks.iterdir():
                total += int((task / "schedstat").read_text().split()[0])
                waiting += map(int, (task / "children").read_text().split())
        return total / 1000

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


def measure(servers: list[Old], page: str, rounds: int) -> list[tuple[float, float, float]]:
    """Return (median ms, minimum ms, CPU us) of each server, which take turns. Raises ValueError for other pages."""
    bodies = [server.get(page)[1] for server in servers for _ in range(3)]
    if len(set(bodies)) > 1 or not bodies[0] or b"Traceback" in bodies[0]:
        shown = "\n".join(str(body[:300]) for body in bodies[::3])
        raise ValueError(f"/{page} is not the same page of all servers:\n{shown}")
    times: list[list[float]] = [[] for _ in servers]
    before = [server.cpu() for server in servers]
    for turn in range(rounds):
        for place in range(len(servers))[:: 1 if turn % 2 else -1]:
            times[place].append(servers[place].get(page)[0])
    used = [(server.cpu() - start) / rounds for server, start in zip(servers, before, strict=True)]
    return [(statistics.median(each), min(each), cpu) for each, cpu in zip(times, used, strict=True)]


def report(page: str, measured: list[tuple[float, float, float]]) -> str:
    """Return one line of the table."""
    line = f"{page.partition('?')[0]:16}"
    for figures in measured:
        line += "{:9.2f}{:9.2f}{:9.0f}".format(*figures)
    if len(measured) == 2:
        line += "  |" + "".join(f"{ours / original:8.2f}" for ours, original in zip(*measured, strict=True))
    return line


def main(arguments: list[str]) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages_of_2004", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--oracle", metavar="FILE")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--only", default="")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--all", action="store_true")
    options = parser.parse_args(arguments)
    pages = [*PAGES, *(f"single/{name}" for name in SINGLES if options.all or options.only)]
    wanted = options.only.split(",") if options.only else [""]
    commands = {"ours": [options.python, "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
                         "from rawwfile.__main__ import main; sys.exit(main())", "serve", "Root.cpy"]}  # fmt: skip
    if options.oracle:
        commands["original"] = [sys.executable, str(Path(options.oracle).resolve()), "serve", "Root.cpy"]
    servers: list[Old] = []
    with tempfile.TemporaryDirectory() as directory:
        try:
            for name, command in commands.items():
                servers.append(Old(name, command, Path(directory, name)))
            print(" " * 16 + "".join(f"{server.name:>9}" + "{:>9}{:>9}".format("min", "cpu us") for server in servers)
                  + "  |  median     min     cpu" * (len(servers) == 2))  # fmt: skip
            for page in pages:
                if any(part in page for part in wanted):
                    print(report(page, measure(servers, page, options.rounds)), flush=True)
        finally:
            for server in servers:
                server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
