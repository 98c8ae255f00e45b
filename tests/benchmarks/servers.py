"""Start the servers under test on their core and read their CPU time, memory and threads."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
START_LIMIT = 15.0


class NotAvailable(Exception):
    """The server cannot be started here; the message says why. It is left out of the tables."""


@dataclass(frozen=True)
class Spec:
    """How to start one server.

    name: as typed on the command line: rawwfile, rawwfile-wsgi, rawwfile-wire (every byte recorded,
    with --wire=web), rawwfile@DIR (another checkout), cheroot, waitress, gunicorn, floor-epoll,
    floor-threads; ':N' after it sets its threads.
    """

    name: str
    python: str

    @property
    def kind(self) -> str:
        """The name without threads and checkout."""
        return re.split("[:@]", self.name)[0]

    @property
    def checkout(self) -> Path:
        """Where rawwfile is imported from."""
        _, at, directory = self.name.partition("@")
        return Path(directory.partition(":")[0]).resolve() if at else ROOT

    def command(self, port: int, *, threads: int | None, tls: tuple[str, str] | None) -> list[str]:
        """The command line. threads: for a peer whose name does not set them; None: 16."""
        _, colon, typed = self.name.rpartition(":")
        if colon:
            threads = int(typed)
        elif self.kind.startswith("rawwfile"):
            threads = None
        if self.kind.startswith("rawwfile"):
            target = "application" if self.kind == "rawwfile-wsgi" else "root"
            command = [self.python, "-m", "rawwfile", "serve", f"{HERE / 'apps.py'}:{target}"]
            command += ["--access-log", "off"]
            if self.kind == "rawwfile-wire":
                command.append("--wire=web")
        elif self.kind.startswith("floor-"):
            command = [self.python, str(HERE / "floors.py"), self.kind[6:]]
            threads = None
        else:
            command = [self.python, str(HERE / "peers.py"), self.kind]
        command += ["--port", str(port)]
        if threads:
            command += ["--threads", str(threads)]
        if tls:
            command += ["--tls-cert", tls[0], "--tls-key", tls[1]]
        return command


@dataclass
class Server:
    """A running server: its process, and every process of its session."""

    spec: Spec
    cores: Iterable[int]
    threads: int | None = None
    tls: tuple[str, str] | None = None
    port: int = 0
    started_in: float = 0.0
    process: subprocess.Popen[bytes] | None = None
    errors: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    pids: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As in the tables."""
        return self.spec.name

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start and wait for the first answer; `started_in` is that time in seconds.

        Raises NotAvailable with the server's last words.
        """
        self.port = free_port()
        command = self.spec.command(self.port, threads=self.threads, tls=self.tls)
        environ = {**os.environ, "PYTHONPATH": str(self.spec.checkout)}
        # An installed peer has its .pyc files; without them W10 would time our compiler.
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        mine = os.sched_getaffinity(0)
        begun = time.perf_counter()
        # A child inherits the affinity, so every thread it ever starts has it too.
        os.sched_setaffinity(0, self.cores)
        try:
            self.process = subprocess.Popen(
                command,
                # With -m the working directory comes first on the path.
                cwd=self.spec.checkout,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=self.errors,
                stderr=self.errors,
                start_new_session=True,
            )
        except OSError as error:
            raise NotAvailable(f"{self.name}: {error}") from error
        finally:
            os.sched_setaffinity(0, mine)
        favour(self.process.pid, os.nice(0))
        self.wait_ready(begun)
        self.pids = session_pids(self.process.pid)

    def wait_ready(self, begun: float) -> None:
        """Ask until an answer comes."""
        assert self.process is not None
        while time.perf_counter() - begun < START_LIMIT:
            if self.process.poll() is not None:
                break
            if answers(self.port, tls=self.tls is not None):
                self.started_in = time.perf_counter() - begun
                return
            time.sleep(0.001)
        words = self.last_words()
        self.stop()
        raise NotAvailable(f"{self.name}: did not answer within {START_LIMIT:.0f} s. {words}")

    def last_words(self) -> str:
        """The last line that the server wrote."""
        self.errors.seek(0)
        lines = self.errors.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def stop(self) -> None:
        """End the process and its session: SIGTERM, five seconds later SIGKILL."""
        if self.process is None:
            return
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                pass
            try:
                self.process.wait(5)
                break
            except subprocess.TimeoutExpired:
                continue
        self.process = None
        self.errors.close()

    def cpu(self) -> float:
        """Seconds of CPU used so far, user and system, by all its processes."""
        return sum(process_cpu(pid) for pid in self.pids)

    def rss(self) -> int:
        """Resident bytes of all its processes; pages that they share count once each."""
        return sum(int(_read(f"/proc/{pid}/statm").split()[1]) * PAGE for pid in self.pids)

    def peak_rss(self) -> int:
        """The highest `rss` since `reset_peak`."""
        return sum(_status(pid, "VmHWM") * 1024 for pid in self.pids)

    def reset_peak(self) -> None:
        """Begin a new peak."""
        for pid in self.pids:
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def thread_count(self) -> int:
        """Threads of all its processes."""
        return sum(_status(pid, "Threads") for pid in self.pids)


def favour(pid: int, nice: int) -> None:
    """Give a process that leads its session the niceness `nice` among all others.

    Where the kernel groups tasks by session (autogroup), os.nice alone counts within the session only.
    """
    if nice:
        try:
            Path(f"/proc/{pid}/autogroup").write_text(str(nice))
        except FileNotFoundError:
            pass  # no autogroups here: the inherited niceness is enough


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def answers(port: int, *, tls: bool = False) -> bool:
    """Whether /hello is answered with 200."""
    request = b"GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
            if tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
                sock = context.wrap_socket(sock)
            with sock:
                sock.sendall(request)
                return sock.recv(12)[8:12] == b" 200"
    except OSError:
        return False


def session_pids(leader: int) -> list[int]:
    """The processes of a session, its leader first."""
    pids = [leader]
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != leader:
            try:
                fields = _read(f"/proc/{entry}/stat").rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader:
                pids.append(int(entry))
    return pids


def process_cpu(pid: int) -> float:
    """utime + stime of a process in seconds; the kernel rounds to a tick (10 ms)."""
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def machine_cpu() -> float:
    """Seconds of CPU used by all processes since boot, and what the host of this machine stole."""
    user, nice, system, _, _, _, _, steal = _read("/proc/stat").split("\n", 1)[0].split()[1:9]
    return (int(user) + int(nice) + int(system) + int(steal)) / TICK


def own_cpu() -> float:
    """Seconds of CPU used by this process and the children it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _read(path: str) -> str:
    with open(path, encoding="ascii", errors="replace") as file:
        return file.read()


def _status(pid: int, name: str) -> int:
    return int(_read(f"/proc/{pid}/status").partition(f"\n{name}:")[2].split()[0])
