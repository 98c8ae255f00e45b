"""Run the load generator: load.c compiled for the occasion, or load_python.py without a compiler."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .servers import favour

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Plan:
    """What to send and for how long.

    request: the bytes of one request. expect: the whole body of each answer, or None.
    close: a new connection for each request. once: one request on each connection, all at once.
    vary: offset of 16 bytes of the request that are different each time, or None.
    pattern: the body is `apps.bulk_body`; seconds, warmup: seconds.
    """

    request: bytes
    connections: int = 16
    seconds: float = 1.0
    warmup: float = 0.2
    expect: bytes | None = None
    close: bool = False
    once: bool = False
    vary: int | None = None
    pattern: bool = False

    def arguments(self, port: int) -> list[str]:
        """The generator's options for a server on `port`."""
        options = [
            f"port={port}",
            f"connections={self.connections}",
            f"seconds={self.seconds}",
            f"warmup={self.warmup}",
            f"close={int(self.close)}",
            f"once={int(self.once)}",
            f"pattern={int(self.pattern)}",
        ]
        if self.expect is not None:
            options.append(f"expect={self.expect.hex()}")
        if self.vary is not None:
            options.append(f"vary={self.vary}")
        return options


@dataclass(frozen=True)
class LoadResult:
    """What came back in the measured time.

    wrong: answers whose bytes were not the expected ones. dropped: connections that ended without
    an answer. refused: connects that failed. reopened: keep-alive connections that the server ended
    after an answer. unanswered: left over in `once` mode. Times in ms, cpu (of the generator) in s.
    """

    seconds: float
    requests: int
    bytes: int
    wrong: int
    dropped: int
    refused: int
    reopened: int
    unanswered: int
    p50_ms: float
    p90_ms: float
    p99_ms: float
    max_ms: float
    cpu: float

    @property
    def rate(self) -> float:
        """Right answers a second."""
        return self.requests / self.seconds if self.seconds else 0.0

    @property
    def faults(self) -> int:
        """How much went wrong; 0 in any run that is worth quoting."""
        return self.wrong + self.dropped + self.refused + self.reopened + self.unanswered


@dataclass
class Generator:
    """A generator ready to run. `kind` is "c" or "python"."""

    kind: str
    command: list[str]
    cores: Iterable[int] | None = None
    directory: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)

    def run(
        self,
        plan: Plan,
        port: int,
        *,
        at_start: Callable[[], None] = lambda: None,
        at_end: Callable[[], None] = lambda: None,
    ) -> LoadResult:
        """Load the server on 127.0.0.1:`port`; blocks until done.

        at_start and at_end are called at the two ends of the measured time.
        Raises RuntimeError with the generator's own message when it fails.
        """
        with subprocess.Popen(
            [*self.command, *plan.arguments(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            favour(process.pid, os.nice(0))
            if self.cores is not None:
                os.sched_setaffinity(process.pid, self.cores)
            assert process.stdin and process.stdout and process.stderr
            process.stdin.write(plan.request)
            process.stdin.close()
            figures = None
            for line in process.stdout:
                if line == b"measuring\n":
                    at_start()
                elif line == b"measured\n":
                    at_end()
                else:
                    figures = json.loads(line)
            complaint = process.stderr.read().decode("utf-8", "replace").strip()
        if figures is None:
            raise RuntimeError(f"the load generator failed: {complaint or process.returncode}")
        return LoadResult(**figures)


def make_generator(kind: str = "auto", cores: Iterable[int] | None = None) -> Generator:
    """Compile load.c into a temporary directory, or fall back to Python.

    kind: "auto", "c" or "python". cores: where it may run. Raises RuntimeError if "c" cannot be had.
    """
    python = Generator("python", [sys.executable, str(HERE / "load_python.py")], cores)
    if kind == "python":
        return python
    compiler = shutil.which(os.environ.get("CC", "cc")) or shutil.which("gcc") or shutil.which("clang")
    if compiler:
        directory = tempfile.TemporaryDirectory(prefix="rawwfile-load-")
        program = os.path.join(directory.name, "load")
        done = subprocess.run(
            [compiler, "-O2", "-o", program, str(HERE / "load.c")], capture_output=True, text=True
        )
        if done.returncode == 0:
            return Generator("c", [program], cores, directory)
        problem = f"{compiler} failed: {done.stderr.strip()[:300]}"
    else:
        problem = "no C compiler found; install cc or set CC"
    if kind == "c":
        raise RuntimeError(problem)
    return python
