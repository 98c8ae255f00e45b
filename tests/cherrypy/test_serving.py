"""`rawwfile serve Root.cpy` as a process: start, models, signals, exit codes (spec 4, 8, 15)."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import pytest

from tests.commands import clean_environment, finished

PATIENCE = 30.0
ROOT = """
import os
def initServer():
    print 'initServer'
def initAfterBind():
    request.bound = 'bound'
    print 'initAfterBind'
def initProcess(processIndex):
    request.process = processIndex
def initThread(threadIndex):
    request.thread = threadIndex
CherryClass Root:
view:
    def index(self):
        return ' '.join([str(getattr(request, name, '-')) for name in ('bound', 'process', 'thread')])
    def stop(self):
        shutdown()
        return 'stopping'
"""


class Site:
    """A server that runs. out: what it has printed so far."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-u", "-m", "rawwfile", "serve", *words]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=folder, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
        )
        self.out: list[str] = []
        self._errors: list[str] = []
        self._announced = threading.Event()
        self._readers = [
            threading.Thread(target=self._read, args=pair, daemon=True)
            for pair in ((self.process.stdout, self.out), (self.process.stderr, self._errors))
        ]
        for reader in self._readers:
            reader.start()
        # Said on stderr once requests are answered.
        assert self._announced.wait(PATIENCE), self.out + self._errors
        found = next(match for line in self._errors if (match := re.search(r" serves \S+ on (\S+)", line)))
        self.url = found[1]

    def _read(self, stream: object, lines: list[str]) -> None:
        for line in stream:  # type: ignore[attr-defined]
            lines.append(line.rstrip("\n"))
            if " serves " in line:
                self._announced.set()
        self._announced.set()

    def get(self, path: str = "") -> str:
        """The text of a page."""
        with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
            return str(answer.read().decode("latin-1"))

    def end(self, signum: int | None = signal.SIGINT) -> int:
        """Send a signal, wait for the end; the exit code."""
        if signum is not None:
            self.process.send_signal(signum)
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        return code


@contextmanager
def site(folder: Path, *words: str, config: str = "", source: str = ROOT) -> Iterator[Site]:
    (folder / "Root.cpy").write_text(dedent(source))
    if config:
        (folder / "RootServer.cfg").write_text(config)
    running = Site(folder, "Root.cpy", *words)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
        running.end(None)
        for stream in (running.process.stdout, running.process.stderr):
            assert stream is not None
            stream.close()


@pytest.mark.parametrize(
    ("config", "page"),
    [
        ("", "bound - -"), ("threading=1", "bound - -"), ("threadPool=2", r"bound - [01]"), ("forking=1", "bound - -"),
        ("processPool=2", r"bound [01] -"),
    ],
)  # fmt: skip
def test_every_model_serves_and_stops(tmp_path: Path, config: str, page: str) -> None:
    with site(tmp_path, "--port", "0", config=f"[server]\n{config}\n") as running:
        assert re.fullmatch(page, running.get())
        assert running.end() == 0
        assert "<Ctrl-C> hit: shutting down" in running.out


def test_the_order_of_the_start_and_its_log(tmp_path: Path) -> None:
    with site(tmp_path, "--port", "0", config="[server]\nsocketQueueSize=7\n") as running:
        running.get("?a=1")
        assert running.end(signal.SIGTERM) == 0
    told = [line for line in running.out if line.strip()]
    assert told[0] == "Reading parameters from RootServer.cfg ..."
    assert "  socketQueueSize: 7" in told
    port = running.url.rstrip("/").rpartition(":")[2]
    at = told.index(f"Serving HTTP on socket: ('127.0.0.1', {port})")
    assert told[at - 2 : at] == ["initServer", "initAfterBind"]
    assert re.search(r"\] 127.0.0.1 - GET /\?a=1 HTTP/1.1$", told[at + 1])


def test_the_application_stops_its_server(tmp_path: Path) -> None:
    with site(tmp_path, "--port", "0") as running:
        assert running.get("stop") == "stopping"
        assert running.end(None) == 0


def test_objects_that_belong_to_a_thread_work_in_every_request(tmp_path: Path) -> None:
    source = """
    import sqlite3
    def initServer():
        global connection
        connection = sqlite3.connect(':memory:')
    CherryClass Root:
    view:
        def index(self):
            return str(connection.execute('select 6*7').fetchone()[0])
    """
    with site(tmp_path, "--port", "0", source=source) as running:
        assert [running.get() for _ in range(3)] == ["42"] * 3
        assert running.end() == 0


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (
            "CherryClass Root\n",
            ["rawwfile serve: Root.cpy:1:", "CherryError: CherryClass declaration line", "Root.cpy"],
        ),
        ("use Nothing\n", ["CherryError: Cannot find file 'Nothing.cpy'"]),
        (
            "def initServer():\n    x = 1/0\nCherryClass Root:\n",
            ['File "Root.cpy", line 2, in initServer', "ZeroDivisionError"],
        ),
        ("CherryClass Root:\nvariable:\n    x = nothing\n", ['File "Root.cpy", line 3, in Root', "NameError"]),
    ],
)
def test_what_cannot_start_says_where(tmp_path: Path, source: str, told: list[str]) -> None:
    (tmp_path / "Root.cpy").write_text(source)
    ended = finished("serve", "Root.cpy", "--port", "0", cwd=tmp_path)
    assert ended.returncode == 2
    for text in told:
        assert text in ended.stderr
    assert os.path.join("cherrypy", "units.py") not in ended.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Root.cpy", "-W", "30"), "whiteSpace must be between 1 and 20"), (("Root.cpy", "-E", "klingon"), "klingon"),
        (("Root.cpy", "hello.py"), ".cpy"), (("hello.py", "-I", "x"), "-I, -W"),
        (("Root.cpy", "--config", "nothing.cfg"), "nothing.cfg"),
    ],
)  # fmt: skip
def test_words_that_do_not_fit(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    (tmp_path / "Root.cpy").write_text("CherryClass Root:\n")
    ended = finished("serve", *words, cwd=tmp_path)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (2, 1)
    assert told in ended.stderr


def test_the_configuration_of_the_working_directory_is_found(tmp_path: Path) -> None:
    page = "configFile.get('mine', 'text') + configFileName"
    source = f"CherryClass Root:\nview:\n    def index(self):\n        return {page}\n"
    with site(tmp_path, "--port", "0", source=source, config="[mine]\ntext=found\n") as running:
        assert running.get() == "foundRootServer.cfg"


def test_h36_files_of_the_application_stand_in_for_nothing_of_ours(tmp_path: Path) -> None:
    for name in ("html", "logging", "calendar", "httpTools", "queue"):
        (tmp_path / f"{name}.py").write_text('raise "shadow"\n')
    with site(tmp_path, "--port", "0") as running:
        assert running.get() == "bound - -"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")
def test_h19_h26_a_unix_socket_and_a_pool_of_threads(tmp_path: Path) -> None:
    config = f"[server]\nsocketFile={tmp_path}/s\nthreadPool=2\nsocketMode=640\n"
    with site(tmp_path, config=config) as running, socket.socket(socket.AF_UNIX) as client:
        assert os.stat(tmp_path / "s").st_mode & 0o777 == 0o640
        client.settimeout(PATIENCE)
        client.connect(str(tmp_path / "s"))
        client.sendall(b"GET / HTTP/1.0\r\n\r\n")
        with client.makefile("rb") as answer:
            assert re.search(rb"\r\n\r\nbound - [01]\Z", answer.read())
        assert running.end() == 0
        assert not (tmp_path / "s").exists()
