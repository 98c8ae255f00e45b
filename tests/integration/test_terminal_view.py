"""`--wire` in the terminal: the conversation as it happens, and a server that never waits for it."""

from __future__ import annotations

import io
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rawwfile import HTTPError, PageTree, RawHTTPServer, Settings, expose, response
from rawwfile.cli.main import main
from rawwfile.glass.terminal import TerminalView
from rawwfile.http.span_reader import SpanReader
from rawwfile.server.tls import make_context
from rawwfile.tape.model import IN, OUT, ConnectionTape, Tape
from rawwfile.tape.recorder import Outcome, Track
from rawwfile.tape.wirefile import write_wire
from tests.commands import clean_environment
from tests.live import PATIENCE, Authority, Client, TlsSocket


class Screen(io.StringIO):
    """A terminal whose rows can be waited for, and that can stop taking any."""

    encoding = "utf-8"  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()
        self.takes = threading.Event()
        self.takes.set()
        self.blocked = threading.Event()

    def write(self, text: str) -> int:
        if not self.takes.is_set():
            self.blocked.set()
            assert self.takes.wait(PATIENCE)
        with self._news:
            count = super().write(text)
            self._news.notify_all()
        return count

    def wait_for(self, pattern: str) -> str:
        """Everything so far, once the pattern is in it."""
        with self._news:
            assert self._news.wait_for(lambda: re.search(pattern, self.getvalue()), PATIENCE), self.getvalue()
            return self.getvalue()


class Pages:
    """The site that is watched."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    @expose
    def push(self) -> None:
        response.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        response.wfile.write(b"first line\n")
        assert self.go_on.wait(PATIENCE)
        response.wfile.write(b"second \x1b[2J line\n")
        response.sendResponse = 0

    @expose
    def hello(self) -> str:
        return "hello"

    @expose
    def broken(self) -> str:
        raise HTTPError(500, "no", close=True)


class Watched:
    """A server with a tape, and a terminal that shows it."""

    def __init__(self, verbose: int = 0, secrets: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self.tape, self.pages, self.screen = Tape(), Pages(), Screen()
        self.server = RawHTTPServer(("127.0.0.1", 0), PageTree(self.pages), tape=self.tape, tls=tls)
        self.view = TerminalView(self.tape, self.screen, verbose, secrets, False).start()
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def connect(self) -> Client:
        sock = socket.create_connection(self.server.server_address[:2])
        sock.settimeout(PATIENCE)
        return Client(sock)

    def stop(self) -> str:
        self.pages.go_on.set()
        self.server.shutdown(3.0)
        self._thread.join(PATIENCE)
        self.server.server_close()
        self.view.stop()
        return self.screen.getvalue()


@pytest.fixture
def watch() -> Iterator[Callable[..., Watched]]:
    started: list[Watched] = []

    def start(**options: Any) -> Watched:
        started.append(Watched(**options))
        return started[-1]

    yield start
    for each in started:
        each.screen.takes.set()
        each.stop()


def test_lines_are_there_while_the_handler_still_runs(watch: Callable[..., Watched]) -> None:
    watched = watch()
    with watched.connect() as client:
        client.get("/push", "Cookie: sid=hidden42\r\n")
        early = watched.screen.wait_for("first line␊")
        assert "second" not in early
        assert "GET /push HTTP/1.1␍␊" in early and "Cookie: sid=********␍␊" in early
        assert re.search(r"· by test_terminal_view\.py:\d+\n#1 ◂ +\d+\.\d{3}  HTTP/1\.0 200 OK␍␊ +status line", early)
        watched.pages.go_on.set()
        client.rest()
    found = watched.screen.wait_for("connection 1 closed")
    assert "second \\x1b[2J line␊" in found and "\x1b" not in found
    assert "#1 = only closing can end it" in found and "push" in found.partition("#1 = ")[2]
    assert found.count("first line") == 1 and "hidden42" not in found


def test_each_exchange_ends_once(watch: Callable[..., Watched]) -> None:
    watched = watch()
    with watched.connect() as client:
        for _ in range(3):
            assert client.fetch("/hello").status == 200
        assert client.fetch("/broken").status == 500
        client.rest()
    found = watched.screen.wait_for("connection 1 closed")
    for number in (1, 2, 3, 4):
        assert found.count(f"#{number} = complete: ") == 1, number
        assert found.count(f"#{number} ▸") == 1 and found.count(f"#{number} ◂") == 1
    assert found.count("hello␊") == 0 and found.count("HTTP/1.1 200 OK␍␊") == 3


def test_a_request_that_is_refused(watch: Callable[..., Watched]) -> None:
    watched = watch()
    with watched.connect() as client:
        client.send(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n")
        client.rest()
    found = watched.screen.wait_for("connection 1 closed")
    assert "✗ bad: field name ends in a space" in found and "#1 = refused" in found


def test_two_connections_at_once_are_told_apart(watch: Callable[..., Watched]) -> None:
    watched = watch()
    with watched.connect() as slow, watched.connect() as quick:
        slow.get("/push")
        watched.screen.wait_for("first line")
        assert quick.fetch("/hello").body == b"hello"
        watched.screen.wait_for("#2 = complete")
        watched.pages.go_on.set()
        slow.rest()
        found = watched.screen.wait_for("second ")
    row = next(row for row in found.splitlines() if "second " in row)
    assert row.startswith("#1 ◂") or "#1 ◂" in found.partition("#2 = ")[2]


@pytest.mark.parametrize(("verbose", "expected"), [(1, "68 65 6c 6c 6f"), (2, '"hello"')])
def test_hex_spans_and_events(watch: Callable[..., Watched], verbose: int, expected: str) -> None:
    watched = watch(verbose=verbose)
    with watched.connect() as client:
        client.fetch("/hello")
    found = watched.screen.wait_for("connection 1 closed")
    assert expected in found and "the handler has returned" in found


def test_tls_is_shown_from_both_sides(
    watch: Callable[..., Watched], authority: Authority, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = watch(tls=make_context(Settings(tls_cert=authority.cert_file)))
    with watched.connect() as client:
        client.sock = TlsSocket(client.sock, authority.client_context(), "localhost")  # type: ignore[arg-type]
        assert client.fetch("/hello").status == 200
    found = watched.screen.wait_for("connection 1 closed")
    assert re.search(r"https · .*\n     TLS: version TLSv1\.3, cipher ", found)
    assert "GET /hello HTTP/1.1␍␊" in found and found.count("TLS: version") == 1
    with (tmp_path / "tls.wire").open("w", encoding="utf-8") as file:
        write_wire(watched.tape, file)
    assert main(["wire", "show", "--cipher", "-v", str(tmp_path / "tls.wire")]) == 0
    out = capsys.readouterr().out
    assert "handshake: ClientHello for localhost" in out and "GET" not in out and "16 03 01" in out


def test_without_tls_there_is_no_cipher_side(
    watch: Callable[..., Watched], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    watched = watch()
    with watched.connect() as client:
        client.fetch("/hello")
    watched.screen.wait_for("connection 1 closed")
    with (tmp_path / "plain.wire").open("w", encoding="utf-8") as file:
        write_wire(watched.tape, file)
    assert main(["wire", "show", "--cipher", str(tmp_path / "plain.wire")]) == 0
    assert "no TLS: everybody on the way sees all of it" in capsys.readouterr().out


def test_secrets_when_they_are_asked_for(watch: Callable[..., Watched]) -> None:
    watched = watch(secrets=True)
    with watched.connect() as client:
        client.fetch("/hello", "Cookie: sid=hidden42\r\n")
    assert "sid=hidden42" in watched.screen.wait_for("connection 1 closed")


def test_a_terminal_that_stands_still_holds_nobody_up(watch: Callable[..., Watched]) -> None:
    watched = watch()
    watched.screen.takes.clear()
    with watched.connect() as client:
        assert client.fetch("/hello").status == 200
        assert watched.screen.blocked.wait(PATIENCE)
        for _ in range(50):
            assert client.fetch("/hello").status == 200
        watched.screen.takes.set()
        assert watched.screen.wait_for("#51 = complete").count("#51 ") == 3


ASK, ANSWER = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def record(tape: Tape, exchanges: int) -> None:
    """A connection that begins and ends."""
    reader = SpanReader()
    track = Track(tape, ConnectionTape(tape.next_connection()), reader)
    for _ in range(exchanges):
        track.entry(IN, "plain", ASK, 0.0)
        reader.receive_data(ASK)
        track.begin(reader.next_event(), 0.0)  # type: ignore[arg-type]
        reader.next_event()
        reader.start_next()
        track.entry(OUT, "plain", ANSWER, 0.0)
        track.end(Outcome("complete", keep=True), 0.0)
    track.close("client", "the client is done", 0.0)


def test_what_was_missed_is_counted_and_no_view_is_left_behind() -> None:
    tape, screen = Tape(), Screen()
    view = TerminalView(tape, screen, colour=False, most=40)
    screen.takes.clear()
    view.start()
    record(tape, 1)
    assert screen.blocked.wait(PATIENCE)
    for _ in range(50):
        record(tape, 2)
    screen.takes.set()
    found = screen.wait_for(r"\(\d+ changes were missed: the terminal is slower than the server\)")
    record(tape, 1)
    screen.wait_for("connection 52 closed")
    view.stop()
    assert view.missed == int(re.search(r"\((\d+) changes", found)[1])  # type: ignore[index]
    assert not view._views
    assert found.count("connection 51 closed") <= 1


def test_a_terminal_that_is_gone_ends_the_view() -> None:
    tape, screen = Tape(), Screen()
    view = TerminalView(tape, screen, colour=False).start()
    screen.close()
    record(tape, 1)
    assert view._thread is not None
    view._thread.join(PATIENCE)
    assert not view._thread.is_alive()
    record(tape, 1)
    view.stop()


SITE = """
from rawwfile import expose

class Root:
    @expose
    def index(self):
        return "hello"

root = Root()
"""


@pytest.mark.parametrize(("encoding", "arrow"), [("utf-8", "▸"), ("ascii", ">")])
def test_serve_with_wire_prints_the_conversation(tmp_path: Path, encoding: str, arrow: str) -> None:
    (tmp_path / "site.py").write_text(SITE, "utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "rawwfile", "serve", "site.py", "--port", "0", "--wire"],
        cwd=tmp_path,
        env=clean_environment({"PYTHONIOENCODING": encoding, "COLUMNS": "80"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None and process.stderr is not None
        address = None
        while address is None:
            line = process.stderr.readline().decode()
            assert line, "it ended"
            address = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        with Client(socket.create_connection(("127.0.0.1", int(address[1])))) as client:
            client.fetch("/")
        lines: list[str] = []
        while not any("connection 1 closed" in row for row in lines):
            data = process.stdout.readline()
            assert data, lines
            lines.append(data.decode(encoding))
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.communicate()
    assert any(row.startswith(f"#1 {arrow}") and "GET / HTTP/1.1" in row for row in lines)
    assert not any("\x1b" in row for row in lines)
