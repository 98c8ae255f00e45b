"""HowTo 20, the page that arrives line by line, as curl and bare sockets see it; and the TLS demo that serves it.

The example runs unchanged, with its two sleeps of 2 seconds; whatever can wait for it at the same time does.
"""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands import PATIENCE, running
from tests.live import Authority, Live
from tests.stopwatch import LIMIT, LINES, LOOKS, Reading, Stopwatch

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl; .ci/run installs it")

HEAD = b"HTTP/1.1 200\r\nContent-Type: text/plain\r\n\r\n"

CLIENTS = {
    # what it is: name of the page, scheme, curl's option or, for a bare socket, the version it asks with
    "curl over HTTP/1.0": ("curl10", "http", "--http1.0"),
    "curl over HTTP/1.1": ("curl11", "http", "--http1.1"),
    "curl over HTTPS": ("curls11", "https", "--http1.1"),
    "curl over HTTPS with HTTP/1.0": ("curls10", "https", "--http1.0"),
    "a socket with HTTP/1.0": ("socket10", "http", "1.0"),
    "a socket with HTTP/1.1": ("socket11", "http", "1.1"),
    "a TLS socket with HTTP/1.1": ("sockets11", "https", "1.1"),
}


# -- each line at the client, and when -----------------------------------------------------------


def read_by_curl(live: Live, authority: Authority, reading: Reading, name: str, option: str) -> bytes:
    """Everything that curl shows, head and body; it must be content with the end, too."""
    command = ["curl", "-q", "-sS", "-N", "-i", "--noproxy", "*", "--cacert", authority.ca_file, option]
    shown = b""
    with subprocess.Popen([*command, live.url(f"/{name}/")], bufsize=0, stdout=subprocess.PIPE) as curl:
        assert curl.stdout is not None
        while data := curl.stdout.read(65536):
            shown += data
            reading.see(len(shown))
    assert curl.returncode == 0
    return shown


def read_by_socket(live: Live, reading: Reading, name: str, version: str) -> bytes:
    """Every byte that comes; the end must be a clean one."""
    with live.connect() as client:
        client.send(f"GET /{name}/ HTTP/{version}\r\nHost: a\r\n\r\n".encode("ascii"))
        while client.receive():
            reading.see(len(client.buffer))
    assert client.ending == "end"
    return client.buffer


def read_all(authority: Authority) -> dict[str, tuple[Reading, bytes]]:
    """Let every client read the page at the same time; when each saw what, and what it was."""
    stopwatch = Stopwatch(*(name for name, _, _ in CLIENTS.values()))
    lives = {scheme: Live(scheme, authority, {}, stopwatch).start() for scheme in ("http", "https")}

    def read(name: str, scheme: str, how: str) -> tuple[Reading, bytes]:
        reading = stopwatch.readings[name]
        reading.head = len(HEAD)
        if how.startswith("--"):
            return reading, read_by_curl(lives[scheme], authority, reading, name, how)
        return reading, read_by_socket(lives[scheme], reading, name, how)

    try:
        with ThreadPoolExecutor(len(CLIENTS)) as pool:
            futures = {client: pool.submit(read, *row) for client, row in CLIENTS.items()}
            return {client: future.result() for client, future in futures.items()}
    finally:
        for live in lives.values():
            live.stop()


@pytest.fixture(scope="module")
def readings(authority):
    """What each client saw; read again where a busy machine made a line late, LOOKS times at most."""
    for _ in range(LOOKS):
        found = read_all(authority)
        if all(delay < LIMIT for reading, _ in found.values() for delay in reading.delays):
            break
    return found


@pytest.mark.parametrize("client", CLIENTS)
def test_each_line_is_at_the_client_before_the_next_is_written(readings, client, capsys):
    reading, whole = readings[client]
    with capsys.disabled():
        print(f"\n  HowTo 20, {client}: each line {reading}", end="")

    assert whole == HEAD + b"".join(LINES)
    assert [data for _, data in reading.written] == [HEAD[:14], HEAD[14:], *LINES]
    assert reading.each_before_the_next
    assert max(reading.delays) < LIMIT


# -- the demo over HTTPS: the lines that it prints, as they are printed --------------------------

DEMOS = {
    # its options: what the page on who calls says of the certificate
    ("--tls",): b"certificate: none was shown\n",
    ("--tls", "--mtls"): b"commonName=rawwfile demo visitor",
    ("--tls", "--tls-demo-dir", "my keys"): b"certificate: none was shown\n",
    ("--mtls", "--tls-demo-dir", "my keys"): b"commonName=rawwfile demo visitor",
}


@dataclass(slots=True)
class Demonstration:
    """What became of a demo: the lines it printed, what each did, and what it left on disk.

    distrusted: curl's exit code without the printed options. unnamed: the page on who calls,
    for a caller that shows no certificate.
    """

    lines: list[str]
    done: list[subprocess.CompletedProcess[bytes]]
    distrusted: int
    unnamed: bytes
    exit_code: int
    left: dict[str, int]


def demonstrate(words: tuple[str, ...], place: Path) -> Demonstration:
    """Run the demo in `place`, and there all that it prints, in a shell."""

    def run(command: str | list[str]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command, shell=isinstance(command, str), check=False, cwd=place, capture_output=True, timeout=PATIENCE
        )

    (place / "temporary").mkdir()
    environment = {"TMPDIR": str(place / "temporary")}
    with running("demo", "--port", "0", *words, cwd=place, environment=environment) as demo:
        demo.wait_for(r"^  curl .*/who/$")
        lines = [line for line in demo.lines if line.startswith("  curl ")]
        host, port = demo.address()
        url = f"https://{host}:{port}/who/"
        authority = next(place.glob("*/**/ca.pem"))
        with ThreadPoolExecutor(len(lines)) as pool:
            done = list(pool.map(run, lines))
        distrusted = run(["curl", "-sS", url]).returncode
        unnamed = run(["curl", "-sS", "--cacert", str(authority), url]).stdout
        code = demo.stop()
    left = {str(file.relative_to(place)): file.stat().st_mode & 0o777 for file in place.rglob("*") if file.is_file()}
    return Demonstration(lines, done, distrusted, unnamed, code, left)


@pytest.fixture(scope="module")
def demonstrations(tmp_path_factory):
    """All the demos, run at the same time."""
    pytest.importorskip("trustme")
    places = [tmp_path_factory.mktemp("demo") for _ in DEMOS]
    with ThreadPoolExecutor(len(DEMOS)) as pool:
        return dict(zip(DEMOS, pool.map(demonstrate, DEMOS, places)))


@pytest.mark.parametrize("words", DEMOS, ids=" ".join)
def test_the_three_lines_work_as_printed(demonstrations, words):
    demo = demonstrations[words]

    assert len(demo.lines) == 3
    assert all(" --cacert " in line and (" --cert " in line) is ("--mtls" in words) for line in demo.lines)
    assert [(each.returncode, b"curl:" in each.stderr) for each in demo.done] == [(0, False)] * 3
    howto20, early_hints, who = (each.stdout for each in demo.done)
    assert howto20 == b"".join(LINES)
    assert early_hints.startswith(b"HTTP/1.1 103 Early Hints\r\n")
    assert b"\r\n\r\nHTTP/1.1 200 OK\r\n" in early_hints
    assert b"\nTLS:         TLSv1.3, " in who
    assert DEMOS[words] in who


@pytest.mark.parametrize("words", DEMOS, ids=" ".join)
def test_without_its_authority_nobody_trusts_it_and_without_a_certificate_nobody_is_named(demonstrations, words):
    demo = demonstrations[words]

    assert demo.distrusted == 60  # curl: the certificate cannot be verified
    assert demo.unnamed.endswith(b"certificate: none was shown\n")


@pytest.mark.parametrize("words", DEMOS, ids=" ".join)
def test_it_leaves_the_directory_it_was_given_and_nothing_else(demonstrations, words):
    demo = demonstrations[words]

    kept = {"ca.pem": 0o644, "server.pem": 0o644, "server.key": 0o600}
    if "--mtls" in words:
        kept["client.pem"] = 0o600
    if "--tls-demo-dir" not in words:
        kept = {}
    assert demo.left == {f"my keys/{name}": mode for name, mode in kept.items()}
    assert demo.exit_code == 0
