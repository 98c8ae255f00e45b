"""Run `python -m rawwfile ...` as a process of its own, and wait for what it says, never for time."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

PATIENCE = 30.0
"""Seconds after which something that should have happened is taken not to."""


def clean_environment(more: Mapping[str, str] = {}) -> dict[str, str]:
    """The environment without settings of ours, with the checkout importable from everywhere."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("RAWWFILE_", "LISTEN_"))}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1", **more}


class Running:
    """A command that runs. lines: what it has said on stderr so far."""

    def __init__(self, command: Sequence[str], *, cwd: Path | str, environment: Mapping[str, str]) -> None:
        nothing, pipe = subprocess.DEVNULL, subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=cwd, env=environment, stdin=nothing, stdout=nothing, stderr=pipe)
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, pattern: str, patience: float = PATIENCE) -> re.Match[str]:
        """The match of the first line on stderr in which `pattern` is found; fails where none comes."""
        with self._said:
            while True:
                for line in self.lines:
                    if match := re.search(pattern, line):
                        return match
                if self._ended or not self._said.wait(patience):
                    raise AssertionError(f"no line like {pattern!r} came; what came:\n" + "\n".join(self.lines))

    def address(self) -> tuple[str, int]:
        """Host and port of the start-up line."""
        match = self.wait_for(r"^rawwfile \S+ serves .* on https?://\[?([^/\]]+)\]?:(\d+)/")
        return match[1], int(match[2])

    def stop(self, signum: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end and return the exit code."""
        self.process.send_signal(signum)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end and return the exit code."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def kill(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        self.process.stderr.close()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._said:
                self.lines.append(line.decode("utf-8", "backslashreplace").rstrip("\n"))
                self._said.notify_all()
        with self._said:
            self._ended = True
            self._said.notify_all()


@contextmanager
def running(
    *words: str,
    cwd: Path | str,
    environment: Mapping[str, str] = {},
    command: Sequence[str] = (sys.executable, "-m", "rawwfile"),
) -> Iterator[Running]:
    """Run `rawwfile WORDS...` and end it when the block is left."""
    process = Running([*command, *words], cwd=cwd, environment=clean_environment(environment))
    try:
        yield process
    finally:
        process.kill()


def finished(
    *words: str,
    cwd: Path | str,
    environment: Mapping[str, str] = {},
    command: Sequence[str] = (sys.executable, "-m", "rawwfile"),
) -> subprocess.CompletedProcess[str]:
    """Run `rawwfile WORDS...` to its end."""
    return subprocess.run(
        [*command, *words],
        check=False,
        cwd=cwd,
        env=clean_environment(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
