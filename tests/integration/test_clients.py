"""Clients as people have them: curl, http.client and urllib; files; 100 MB in constant memory."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from rawwfile import StaticDirectory, request, response
from tests.live import PATIENCE, Client, Pages, TlsSocket, server_process

CURL = shutil.which("curl") or ""
needs_curl = pytest.mark.skipif(not CURL, reason="curl is not installed")
MB = 1_000_000


class PagesAndFiles(Pages):
    """Pages, and the files of a directory below /files/."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.files = StaticDirectory(directory)

    def __call__(self, exchange) -> None:
        if exchange.request.raw_path.startswith("/files/"):
            self.files.serve(exchange, exchange.request.raw_path[7:])
        else:
            super().__call__(exchange)


@pytest.fixture
def site(serve, tmp_path):
    """/hello, /howto (by hand), /upload (what was sent), and /files/big (5 MB)."""
    (tmp_path / "big").write_bytes(bytes(range(250)) * 20_000)
    application = PagesAndFiles(tmp_path)
    live = serve(application)
    live.pages = application

    @live.page
    def hello():
        return f"hello {request.protocol}"

    @live.page
    def howto():
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200\r\nContent-Type: text/plain\r\n\r\n")
        for number in (1, 2, 3):
            response.wfile.write(f"line {number}\n")

    @live.page
    def upload():
        content = request.rfile.read()
        return json.dumps([request.method, len(content), hashlib.sha256(content).hexdigest()])

    return live


def curl(live, path: str, *options: str, status: int = 0) -> bytes:
    """What curl writes for a page; fails unless it ends with `status`."""
    trust = ["--cacert", live.authority.ca_file] if live.scheme == "https" else []
    command = [CURL, "-sS", "--max-time", "20", "--resolve", f"localhost:{live.port}:127.0.0.1", *trust, *options]
    done = subprocess.run([*command, live.url(path)], capture_output=True, timeout=30)
    assert done.returncode == status, done.stderr
    return done.stdout


# -- curl


@needs_curl
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_curl_versions(site, version: str):
    assert curl(site, "/hello", f"--http{version}") == f"hello HTTP/{version}".encode()
    assert curl(site, "/howto", f"--http{version}", "-i") == (
        b"HTTP/1.1 200\r\nContent-Type: text/plain\r\n\r\nline 1\nline 2\nline 3\n"
    )
    assert not site.book.messages


@needs_curl
def test_curl_keeps_the_connection(site):
    told = curl(site, "/hello", "-o", os.devnull, "-o", os.devnull, "-w", "%{num_connects},", site.url("/nowhere"))
    assert told == b"1,0,"


@needs_curl
def test_curl_head(site):
    head = curl(site, "/hello", "--head")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n") and b"Content-Length: 14\r\n" in head and head.endswith(b"\r\n\r\n")
    curl(site, "/nowhere", "--fail", status=22)


UPLOADS = {
    "POST": ["--data-binary", "@{}"],
    "PUT": ["--upload-file", "{}"],
    "chunked": ["--upload-file", "{}", "-H", "Transfer-Encoding: chunked"],
    "expecting": ["--data-binary", "@{}", "-H", "Expect: 100-continue"],
    "not expecting": ["--upload-file", "{}", "-H", "Expect:"],
}


@needs_curl
@pytest.mark.parametrize("options", UPLOADS.values(), ids=UPLOADS)
def test_curl_uploads(site, tmp_path, options: list[str]):
    for size in (10, 2 * MB):
        content = os.urandom(1000) * (size // 1000) or b"0123456789"
        (tmp_path / "upload").write_bytes(content)
        told = curl(
            site, "/upload", *(o.format(tmp_path / "upload") for o in options), "-w", "\n%{time_total}"
        ).splitlines()
        method = "PUT" if "--upload-file" in options else "POST"
        assert json.loads(told[0]) == [method, len(content), hashlib.sha256(content).hexdigest()]
        # curl waits a second for 100 (Continue) and then sends anyway.
        assert float(told[1]) < 0.9


@needs_curl
@pytest.mark.parametrize("wanted", ["0-9", "1000000-1999999", "-10", "4999999-", "5-5,7-8"])
def test_curl_ranges_of_a_file(site, wanted: str):
    data = bytes(range(250)) * 20_000
    got = curl(site, "/files/big", "--range", wanted)
    first, _, last = wanted.partition("-")
    if "," in wanted:
        assert b"bytes 5-5/5000000" in got and b"bytes 7-8/5000000" in got
    else:
        assert got == (data[int(first) : int(last or 5 * MB) + 1] if first else data[-int(last) :])


@needs_curl
def test_curl_downloads_and_resumes(site, tmp_path):
    target = tmp_path / "copy"
    curl(site, "/files/big", "-o", str(target))
    whole = target.read_bytes()
    assert whole == bytes(range(250)) * 20_000
    target.write_bytes(whole[:1_234_567])
    curl(site, "/files/big", "-C", "-", "-o", str(target))
    assert target.read_bytes() == whole
    tag = next(line for line in curl(site, "/files/big", "-I").decode().splitlines() if line.startswith("ETag"))
    conditional = curl(site, "/files/big", "-H", f"If-None-Match: {tag.partition(': ')[2]}", "-w", "%{http_code}")
    assert conditional == b"304"


# -- Python's own


def connection_of(live) -> http.client.HTTPConnection:
    if live.scheme == "http":
        return http.client.HTTPConnection("localhost", live.port, timeout=PATIENCE)
    context = ssl.create_default_context(cafile=live.authority.ca_file)
    return http.client.HTTPSConnection("localhost", live.port, timeout=PATIENCE, context=context)


def test_http_client_keeps_its_connection(site):
    connection = connection_of(site)
    connection.request("GET", "/hello")
    assert connection.getresponse().read() == b"hello HTTP/1.1"
    sock = connection.sock
    for method, path, body, status in [
        ("HEAD", "/hello", None, 200),
        ("POST", "/upload", b"x" * 70_000, 200),
        ("PUT", "/upload", iter([b"a", b"b" * 70_000]), 200),
        ("GET", "/nowhere", None, 404),
        ("POST", "/hello", b"not read", 200),
        ("GET", "/files/big", None, 200),
        ("GET", "/hello", None, 200),
    ]:
        connection.request(method, path, body)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status and connection.sock is sock
    connection.request("GET", "/howto")
    answer = connection.getresponse()
    assert answer.will_close and answer.reason == "" and answer.read() == b"line 1\nline 2\nline 3\n"
    connection.request("GET", "/hello")
    assert connection.getresponse().read() == b"hello HTTP/1.1"
    connection.close()


def test_urllib(site):
    context = ssl.create_default_context(cafile=site.authority.ca_file) if site.scheme == "https" else None
    with urllib.request.urlopen(site.url("/upload"), b"a=1", PATIENCE, context=context) as answer:
        assert json.load(answer)[:2] == ["POST", 3]


# -- 100 MB

SERVER = """
import hashlib, sys
from rawwfile import RawHTTPServer, Settings, StaticDirectory
from rawwfile.server.tls import make_context

def memory():
    fields = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return int(fields["VmHWM"].split()[0]) * 1024

def application(exchange):
    request = exchange.request
    name = request.raw_path[1:].partition("/")[0]
    result = ""
    if name == "files":
        return files.serve(exchange, request.raw_path[7:])
    if name == "upload":
        digest = hashlib.sha256()
        while piece := request.rfile.read(65536):
            digest.update(piece)
        result = digest.hexdigest()
    if name == "form":
        upload = request.paramMap["file"]
        digest = hashlib.sha256()
        while piece := upload.read(65536):
            digest.update(piece)
        result = f"{len(upload)} {digest.hexdigest()} {request.paramMap['after']}"
    exchange.response.body = f"{memory()} {result}"

application.rawwfile_application = True
certificate, directory = sys.argv[1:]
files = StaticDirectory(directory)
settings = Settings(limit_body=200_000_000, tls_cert=certificate or None, access_log="off")
with RawHTTPServer(("127.0.0.1", 0), application, settings=settings, tls=make_context(settings)) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""

PIECE = os.urandom(MB)
GROWTH = 20 * MB


@pytest.fixture
def process(scheme, authority, tmp_path) -> Iterator[Client]:
    """A connection to a server in a process of its own."""
    if not os.path.exists("/proc/self/status"):
        pytest.skip("needs /proc to see how much memory a process takes")
    certificate = authority.cert_file if scheme == "https" else ""
    with server_process(SERVER, certificate, str(tmp_path)) as (_, port):
        client = Client(socket.create_connection(("127.0.0.1", port), PATIENCE))
        if scheme == "https":
            client.sock = TlsSocket(client.sock, authority.client_context(), "localhost")
        with client:
            yield client


def digest_of_100() -> str:
    digest = hashlib.sha256()
    for _ in range(100):
        digest.update(PIECE)
    return digest.hexdigest()


def memory_of(client: Client) -> int:
    return int(client.fetch("/memory").body.split()[0])


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_100_mb_to_rfile(process, framing: str):
    before = memory_of(process)
    field = f"Content-Length: {100 * MB}" if framing == "length" else "Transfer-Encoding: chunked"
    process.send(f"POST /upload HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n".encode())
    for _ in range(100):
        process.send(PIECE if framing == "length" else b"%x\r\n%b\r\n" % (MB, PIECE))
    if framing == "chunked":
        process.send(b"0\r\n\r\n")
    after, digest = process.response().body.split()
    assert digest.decode() == digest_of_100()
    assert int(after) - before < GROWTH


def test_100_mb_in_a_form(process):
    before = memory_of(process)
    start = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    end = b'\r\n--b\r\nContent-Disposition: form-data; name="after"\r\n\r\nlast\r\n--b--\r\n'
    size = len(start) + 100 * MB + len(end)
    fields = f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {size}\r\n"
    process.send(f"POST /form HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode() + start)
    for _ in range(100):
        process.send(PIECE)
    process.send(end)
    after, size_told, digest, last = process.response().body.split()
    assert (int(size_told), digest.decode(), last) == (100 * MB, digest_of_100(), b"last")
    assert int(after) - before < GROWTH


def test_100_mb_from_a_file(process, tmp_path):
    with open(tmp_path / "big", "wb") as file:
        for _ in range(100):
            file.write(PIECE)
    before = memory_of(process)
    process.get("/files/big")
    assert b"Content-Length: 100000000\r\n" in process.until(b"\r\n\r\n")
    digest, left = hashlib.sha256(process.buffer), 100 * MB - len(process.buffer)
    while left:
        process.buffer = b""
        assert process.receive()
        digest.update(process.buffer)
        left -= len(process.buffer)
    process.buffer = b""
    assert digest.hexdigest() == digest_of_100()
    assert memory_of(process) - before < GROWTH
