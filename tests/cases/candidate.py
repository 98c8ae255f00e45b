"""The server under test: one process for each case, started in a copy of the application."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = 120.0  # seconds; generous, since a busy machine is no failure
POLL = 0.02
_STARTED = re.compile(rb"^rawwfile \S+ serves .* on https?://127\.0\.0\.1:(\d+)/", re.MULTILINE)


class NotStarted(AssertionError):
    """The server ended, or did not listen, before a request could be sent."""


def environment() -> dict[str, str]:
    """The environment of every process: this checkout, UTC, UTF-8."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def run_command(words: list[str], directory: Path) -> None:
    """Run `rawwfile WORDS` in `directory`. Raises NotStarted where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "rawwfile", *words],
        cwd=directory,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START,
        check=False,
    )
    if done.returncode:
        raise NotStarted(f"rawwfile {' '.join(words)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")


class Candidate:
    """A server that `command` starts in `directory`, once it has a host and a port."""

    def __init__(self, command: list[str], directory: Path, log: Path) -> None:
        self.command = command
        self.directory = directory
        self.log = log
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, must_fail: bool = False) -> None:
        """Return when it says that it serves (or, if it must fail, when it has ended).

        Raises NotStarted, with what the server wrote, where that does not happen.
        """
        words = [sys.executable, *self.command, "--host", "127.0.0.1", "--port", "0"]
        with self.log.open("ab") as output:
            before = output.tell()
            self.process = subprocess.Popen(
                words,
                cwd=self.directory,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        last = time.monotonic() + START
        while self.process.poll() is None and time.monotonic() < last:
            # It says so when it listens; asking for the connection would now and then connect to itself.
            if found := _STARTED.search(self.log.read_bytes()[before:]):
                if must_fail:
                    raise NotStarted("the server must refuse to start, but it listens:\n" + self.output())
                self.port = int(found[1])
                return
            time.sleep(POLL)
        if not must_fail or self.process.poll() in (None, 0):
            raise NotStarted(f"exit status {self.process.poll()}:\n{self.output()}")

    def stop(self) -> None:
        """End the process and what it left behind in its session."""
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        process.wait()

    def output(self) -> str:
        """What it wrote so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")
