"""`--wire` on the command line: where it records, what it says, and what it goes together with."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rawwfile.cli.main import main
from rawwfile.tape.model import Tape
from rawwfile.tape.wirefile import read_wire
from tests.commands import PATIENCE, Running, clean_environment, finished, running

HELLO = """\
from rawwfile import expose, response

class Root:
    @expose
    def index(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n")
        response.wfile.write("{word}")

root = Root()
"""

SITE = """\
CherryClass Root:
view:
    def index(self):
        return "hello"
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "hello.py").write_text(HELLO.format(word="hello"))
    (tmp_path / "Root.cpy").write_text(SITE)
    return tmp_path


def get(server: Running, path: str = "/", fields: dict[str, str] | None = None) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.address()[1], timeout=PATIENCE)
    connection.request("GET", path, headers=fields or {})
    body = connection.getresponse().read()
    connection.close()
    return body


def get_until(server: Running, wanted: bytes) -> None:
    """Ask again until the new version answers: the old one may take one more request."""
    end = time.monotonic() + PATIENCE
    while get(server) != wanted:
        assert time.monotonic() < end


def opened(path: Path) -> Tape:
    with path.open("rb") as file:
        return read_wire(file, str(path))


@pytest.mark.parametrize("target", ["hello.py", "Root.cpy"])
def test_a_recording_in_a_file(site: Path, target: str) -> None:
    with running("serve", target, "--port", "0", "--host", "127.0.0.1", "--wire=a.wire", cwd=site) as server:
        server.wait_for(r"recorded in a\.wire \(rawwfile wire show a\.wire\)")
        assert get(server, fields={"Cookie": "sid=abc"}) == b"hello"
        assert server.stop() == 0

    tape = opened(site / "a.wire")
    [connection] = tape
    [exchange] = connection.exchanges
    assert (exchange.method, exchange.status, exchange.end, exchange.verdict) == ("GET", 200, "complete", "complete")
    assert b"Cookie: sid=***\r\n" in connection.stream("in").read()
    by = {entry.by for entry in connection.stream("out").entries}
    assert by == ({"hello.py:7", "hello.py:8"} if target == "hello.py" else {None})
    assert connection.closed is not None


def test_secrets_are_written_when_they_are_asked_for(site: Path) -> None:
    words = ("serve", "hello.py", "--port", "0", "--wire=a.wire", "--wire-secrets")
    with running(*words, cwd=site) as server:
        get(server, fields={"Cookie": "sid=abc"})
        server.stop()
    assert b"Cookie: sid=abc\r\n" in opened(site / "a.wire").connections[1].stream("in").read()


def test_a_bare_wire_takes_no_word_and_prints_the_conversation(site: Path) -> None:
    command = [sys.executable, "-m", "rawwfile", "serve", "--port", "0", "--wire", "hello.py"]
    with (site / "out").open("wb") as out:
        process = subprocess.Popen(
            command, cwd=site, env=clean_environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE
        )
        try:
            assert process.stderr is not None
            line = process.stderr.readline().decode()
            port = int(line.partition("http://127.0.0.1:")[2].partition("/")[0])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"hello"
            connection.close()
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE)
    printed = (site / "out").read_text("utf-8")
    assert "GET / HTTP/1.1" in printed
    assert "hello.py:8" in printed
    assert "\x1b" not in printed


def test_the_page_has_an_address_with_a_secret(site: Path) -> None:
    for words in (("serve", "hello.py"), ("serve", "Root.cpy", "--host", "127.0.0.1"), ("demo",)):
        with running(*words, "--port", "0", "--wire=web", cwd=site) as server:
            match = server.wait_for(r"every byte of it on (http://127\.0\.0\.1:(\d+)/\?t=\S+)$")
            page = http.client.HTTPConnection("127.0.0.1", int(match[2]), timeout=PATIENCE)
            page.request("GET", match[1].partition(match[2])[2])
            assert page.getresponse().status in (200, 302, 303)
            page.close()
            assert int(match[2]) != server.address()[1]
            get(server)
            assert server.stop() == 0


def test_with_reload_one_file_has_what_came_before_and_after(site: Path) -> None:
    with running("serve", "hello.py", "--port", "0", "--reload", "--wire=a.wire", cwd=site) as server:
        assert get(server) == b"hello"
        (site / "hello.py").write_text(HELLO.format(word="HELLO") + "\n")
        server.wait_for("has changed: loading the application again")
        get_until(server, b"HELLO")
        server.stop()

    tape = opened(site / "a.wire")
    bodies = [connection.stream("out").read()[-5:] for connection in tape]
    assert (bodies[0], bodies[-1]) == (b"hello", b"HELLO")
    assert list(tape.connections) == list(tape.exchanges) == list(range(1, len(bodies) + 1))
    times = [connection.opened for connection in tape]
    assert times == sorted(times)


def test_with_reload_the_page_stays_where_it_is(site: Path) -> None:
    with running("serve", "hello.py", "--port", "0", "--reload", "--wire=web", cwd=site) as server:
        match = server.wait_for(r"every byte of it on (http://127\.0\.0\.1:(\d+)(/\?t=\S+))$")
        for word in ("hello", "HELLO"):
            get_until(server, word.encode())
            page = http.client.HTTPConnection("127.0.0.1", int(match[2]), timeout=PATIENCE)
            page.request("GET", match[3])
            assert page.getresponse().status in (200, 302, 303)
            page.close()
            (site / "hello.py").write_text(HELLO.format(word="HELLO") + "\n")
            server.wait_for("has changed: loading the application again")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("serve", "hello.py", "--wire", "--workers", "2"), "--wire records one process; leave out --workers 2."),
        (("serve", "hello.py", "-v"), "-v says how --wire shows; add --wire."),
        (("serve", "hello.py", "--wire=web", "-v"), "-v is for --wire in the terminal."),
        (("serve", "hello.py", "--wire=hello.py"), "hello.py is there and is no recording; give another name."),
        (("serve", "hello.py", "--wire=no/a.wire"), "no/a.wire cannot be written: No such file or directory."),
        (("serve", "hello.py", "--wire="), "--wire: give term, web, or the name of a file for the recording."),
        (("serve", "hello.py", "--limit-wire", "much"), "--limit-wire much: give a size in bytes such as 8192, "),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    site: Path,
    words: tuple[str, ...],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(site)
    assert main([*words, "--port", "0"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"rawwfile serve: {message}")
    assert said.count("\n") == 1


def test_a_pool_of_processes_is_not_recorded(site: Path) -> None:
    done = finished("serve", "Root.cpy", "--wire", "--workers", "2", "--port", "0", cwd=site)
    assert done.returncode == 2
    assert done.stderr == (
        "rawwfile serve: --wire records one process; leave out processPool (or --workers). See rawwfile serve --help.\n"
    )


def test_the_environment_and_the_file_can_ask_for_it_too(site: Path) -> None:
    with running("serve", "hello.py", "--port", "0", cwd=site, environment={"RAWWFILE_WIRE": "a.wire"}) as server:
        server.wait_for("recorded in a.wire")
        server.stop()
    (site / "site.conf").write_text("[server]\nwire=b.wire\nlimitWireConnection=1M\n")
    with running("serve", "hello.py", "--port", "0", "--config", "site.conf", cwd=site) as server:
        server.wait_for("recorded in b.wire")
        server.stop()


def test_an_older_recording_stays_while_nothing_can_be_served(site: Path) -> None:
    recording = site / "a.wire"
    recording.write_text('{"wire": 1, "by": "x", "started": "2026-11-21T21:50:00.000000Z", "masked": true}\n')
    old = recording.read_text()

    done = finished("serve", "hello.py", "--unix-socket", str(site / "none" / "x.sock"), "--wire=a.wire", cwd=site)

    assert done.returncode == 2
    assert recording.read_text() == old
