"""legacy_examples/: what each puts on the wire, from one demo that runs for all of these tests."""

from __future__ import annotations

import ast
import base64
import gzip
import hashlib
import io
import os
import re
import shlex
import shutil
import socket
import ssl
import struct
import subprocess
import time
import zipfile

import pytest

from tests.commands import CHECKOUT, PATIENCE, running

EXAMPLES = sorted((CHECKOUT / "legacy_examples").glob("*.py"))
NAMES = [file.stem for file in EXAMPLES]


@pytest.fixture(scope="module")
def demo():
    """`rawwfile demo`, running."""
    with running("demo", "--port", "0", cwd=CHECKOUT) as process:
        process.address()
        yield process


def connected(demo):
    """A socket to the demo."""
    return socket.create_connection(demo.address(), timeout=PATIENCE)


def request_bytes(target, *fields, method="GET"):
    """A request that ends the connection."""
    return "\r\n".join([f"{method} {target} HTTP/1.1", "Host: x", "Connection: close", *fields, "", ""]).encode("ascii")


def exchange(demo, data):
    """Everything that comes back on a connection for `data`."""
    with connected(demo) as client, client.makefile("rb") as received:
        client.sendall(data)
        return received.read()


def page(demo, target, *fields):
    """Head and body of one page."""
    head, _, body = exchange(demo, request_bytes(target, *fields)).partition(b"\r\n\r\n")
    return head.decode("ascii"), body


# -- the files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("file", EXAMPLES, ids=NAMES)
def test_an_example_says_goal_run_try_look_and_is_short(file):
    text = file.read_text("utf-8")
    tree = ast.parse(text)
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            docstrings.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    code = [
        line
        for number, line in enumerate(text.splitlines(), 1)
        if number not in docstrings and line.strip() and not line.strip().startswith("#")
    ]

    parts = re.findall(r"^(Goal|Run|Try|Look): ", ast.get_docstring(tree), re.MULTILINE)
    assert parts == ["Goal", "Run", "Try", "Look"]
    assert f"Run:  python3 -m rawwfile serve legacy_examples/{file.name}\n" in text
    assert len(code) <= 60
    assert text.endswith("\nroot = Root()\n")


def test_howto20_is_the_program_of_2004():
    # The body of CherryPy 0.10's HowTo 20, in the words of its manual.
    body = """\
        response.wfile.write("HTTP/1.1 200\\r\\n")
        response.wfile.write("Content-Type: text/plain\\r\\n\\r\\n")
        response.wfile.write("First line. Sleeping 2 seconds ...\\n")
        time.sleep(2)
        response.wfile.write("Second line. Sleeping 2 seconds ...\\n")
        time.sleep(2)
        response.wfile.write("Third and last line")
        response.sendResponse = 0
        return ""  # The view still needs to return a string
"""
    assert body in (CHECKOUT / "legacy_examples" / "howto20.py").read_text("utf-8")


# -- the demo ------------------------------------------------------------------------------------


def test_the_list_begins_with_howto20_and_has_all(demo):
    host, port = demo.address()
    head, body = page(demo, "/")

    assert "Content-Type: text/html" in head
    links = re.findall(r'<a href="/(\w+)/">', body.decode("utf-8"))
    assert links[0] == "howto20"
    assert sorted(links) == NAMES
    assert f"curl -N http://{host}:{port}/howto20/" in body.decode("utf-8")
    assert "127.0.0.1:8000" not in body.decode("utf-8")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl; .ci/run installs it")
def test_the_three_lines_that_it_prints_work(demo):
    demo.wait_for(r"^  curl .*/mistakes/short$")
    curls = [line for line in demo.lines if line.startswith("  curl ")]

    done = [subprocess.run(shlex.split(line), check=False, capture_output=True, timeout=PATIENCE) for line in curls]

    assert [each.returncode for each in done] == [0, 0, 18]  # 18: a body shorter than announced
    assert done[0].stdout.endswith(b"Third and last line")
    assert done[1].stdout.startswith(b"HTTP/1.1 103 Early Hints\r\n")
    assert done[2].stdout.endswith(b"\r\n\r\nfive\n")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl; .ci/run installs it")
@pytest.mark.parametrize("file", EXAMPLES, ids=NAMES)
def test_the_line_to_try_works(demo, file, tmp_path):
    host, port = demo.address()
    line = re.search(r"^Try:  (curl .*)$", file.read_text("utf-8"), re.MULTILINE)[1]
    line = line.replace("http://127.0.0.1:8000/", f"http://{host}:{port}/{file.stem}/")
    shutil.copy(CHECKOUT / "README.txt", tmp_path)

    done = subprocess.run(["sh", "-c", line], check=False, cwd=tmp_path, capture_output=True, timeout=PATIENCE)

    assert done.returncode == (18 if file.stem == "mistakes" else 0)
    assert done.stdout


@pytest.mark.parametrize("words", [["--tls"], ["--mtls"]], ids=" ".join)
def test_over_https_what_it_prints_is_enough_to_trust_it(tmp_path, words):
    with running("demo", "--port=0", *words, "--tls-demo-dir", "keys", cwd=tmp_path) as demo:
        host, port = demo.address()
        demo.wait_for(rf"^  curl -N --cacert keys/ca\.pem (--cert keys/client\.pem )?https://{host}:{port}/howto20/$")
        client = ssl.create_default_context(cafile=str(tmp_path / "keys" / "ca.pem"))
        if words == ["--mtls"]:
            client.load_cert_chain(tmp_path / "keys" / "client.pem")
        with socket.create_connection((host, port), timeout=PATIENCE) as plain:
            with client.wrap_socket(plain, server_hostname=host) as secure, secure.makefile("rb") as received:
                secure.sendall(request_bytes("/who/"))
                answer = received.read().decode("utf-8")
        assert demo.stop() == 0

    assert "TLS:         TLSv1." in answer
    assert ("rawwfile demo visitor" in answer) is (words == ["--mtls"])
    assert ("none was shown" in answer) is (words == ["--tls"])


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl; .ci/run installs it")
def test_without_a_directory_the_certificates_are_gone_afterwards(tmp_path):
    with running("demo", "--port=0", "--mtls", cwd=tmp_path, environment={"TMPDIR": str(tmp_path)}) as demo:
        demo.wait_for(r"^  curl .*/who/$")
        line = next(line for line in demo.lines if line.endswith("/who/"))
        done = subprocess.run(shlex.split(line), check=False, capture_output=True, timeout=PATIENCE)
        assert os.listdir(tmp_path)
        assert demo.stop() == 0

    assert b"rawwfile demo visitor" in done.stdout
    assert os.listdir(tmp_path) == []


# -- one by one ----------------------------------------------------------------------------------


def test_howto20_sends_each_line_before_the_next_is_written(demo):
    with connected(demo) as client, client.makefile("rb") as received:
        client.sendall(request_bytes("/howto20/"))
        arrived = []
        while line := received.readline():
            arrived.append((time.monotonic(), line))

    assert [line for _, line in arrived] == [
        b"HTTP/1.1 200\r\n",
        b"Content-Type: text/plain\r\n",
        b"\r\n",
        b"First line. Sleeping 2 seconds ...\n",
        b"Second line. Sleeping 2 seconds ...\n",
        b"Third and last line",
    ]
    first, second, third = (when for when, _ in arrived[3:])
    assert second - first > 1.5
    assert third - second > 1.5


def test_headers_by_hand(demo):
    assert exchange(demo, request_bytes("/headers_by_hand/")) == (
        b"HTTP/1.1 200 As you like it\r\ncOnTeNt-TyPe: text/plain\r\nSet-Cookie: first=1\r\nSet-Cookie: second=2\r\n"
        b"Content-Length: 40\r\n\r\nThese fields were typed, not generated.\n"
    )


def test_chunked_by_hand(demo):
    lines = b"".join(b"line %d of 5\n" % number for number in range(1, 6))
    head, body = page(demo, "/chunked_by_hand/")

    assert "Transfer-Encoding: chunked" in head
    assert body.startswith(b"c\r\nline 1 of 5\n\r\n")
    assert body.endswith(b"0\r\nContent-SHA256: " + hashlib.sha256(lines).hexdigest().encode("ascii") + b"\r\n\r\n")


def test_early_hints(demo):
    answer = exchange(demo, request_bytes("/early_hints/"))

    assert answer.startswith(b"HTTP/1.1 103 Early Hints\r\nLink: <style.css>;")
    assert b"\r\n\r\nHTTP/1.1 200 OK\r\n" in answer
    assert "text/css" in page(demo, "/early_hints/style.css")[0]
    assert exchange(demo, b"GET /early_hints/ HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


def test_keep_alive_by_hand(demo):
    with connected(demo) as client, client.makefile("rb") as received:
        port = client.getsockname()[1]
        said = f"You call from port {port}.\n".encode("ascii")
        counted = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said)
        for _ in range(2):
            client.sendall(b"GET /keep_alive_by_hand/ HTTP/1.1\r\nHost: x\r\n\r\n")
            assert received.read(len(counted)) == counted
        client.sendall(b"GET /keep_alive_by_hand/closing HTTP/1.1\r\nHost: x\r\n\r\n")
        assert received.read() == b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + said


def test_streaming_zip(demo):
    head, body = page(demo, "/streaming_zip/")

    assert "Content-Type: application/zip" in head
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        assert [archive.read(name) for name in archive.namelist()] == [b"1\n", b"4\n", b"9\n", b"16\n", b"25\n"]


def test_gzip_by_hand(demo):
    lines = b"".join(b"line %d of 5\n" % number for number in range(1, 6))
    head, body = page(demo, "/gzip_by_hand/", "Accept-Encoding: gzip")

    assert "Content-Encoding: gzip" in head
    assert gzip.decompress(body) == lines
    assert page(demo, "/gzip_by_hand/")[1] == lines


def test_upload(demo):
    content = b"x" * 300_000
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n' + content + b"\r\n--b--\r\n"
    head = request_bytes(
        "/upload/form", "Content-Type: multipart/form-data; boundary=b", f"Content-Length: {len(form)}", method="POST"
    )
    assert exchange(demo, head + form).endswith(b"\r\n\r\na.bin: 300000 bytes\n")

    head = request_bytes("/upload/raw", "Content-Length: 300000", method="PUT")
    assert exchange(demo, head + content).endswith(b"\r\n\r\n300000 bytes\n")

    kind = "Content-Type: application/x-www-form-urlencoded"
    head = request_bytes("/upload/form", kind, "Content-Length: 6", method="POST")
    assert exchange(demo, head + b"file=a").startswith(b"HTTP/1.1 400 ")


def test_who(demo):
    body = page(demo, "/who/")[1].decode("utf-8")

    assert re.fullmatch(r"address:     127\.0\.0\.1 port \d+\nprotocol:    HTTP/1\.1\n", body)


MISTAKES = [
    # page, method, what comes, what the log says
    ("short", "GET", rb".*\r\n\r\nfive\n", r"Root\.short .* 5 bytes less than its Content-Length of 10"),
    ("excess", "GET", rb".*\r\n\r\nten bytes\nand more\n", r"Root\.excess .* 9 bytes more than its Content-Length"),
    ("no_http", "GET", rb"Hello, I am no HTTP\.\n", r"Root\.no_http .* not an HTTP response: b'Hello"),
    ("head_body", "HEAD", rb".*\r\n\r\nten bytes\n", r"Root\.head_body .* a body on a response to HEAD"),
    ("forgot", "GET", rb".*\r\n\r\nten bytes\n", r"Root\.forgot .* left response\.sendResponse at 1"),
    ("nothing", "GET", rb"", r"Root\.nothing .* wrote nothing"),
    ("halfway", "GET", rb".*\r\n\r\nfive\n", r"Root\.halfway .* raised RuntimeError after 70 bytes"),
]


@pytest.mark.parametrize(("name", "method", "answer", "logged"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_mistakes(demo, name, method, answer, logged):
    assert re.fullmatch(answer, exchange(demo, request_bytes(f"/mistakes/{name}", method=method)), re.DOTALL)
    demo.wait_for(logged)
    assert name.encode("ascii") in page(demo, "/mistakes/")[1]


# -- the WebSocket -------------------------------------------------------------------------------

MASK = b"\x01\x02\x03\x04"


def frame(first, data):
    """A frame as a client sends it: masked."""
    size = len(data)
    if size > 65535:
        length = b"\xff" + struct.pack(">Q", size)
    elif size > 125:
        length = b"\xfe" + struct.pack(">H", size)
    else:
        length = bytes([0x80 | size])
    return bytes([first]) + length + MASK + bytes(byte ^ MASK[i % 4] for i, byte in enumerate(data))


WEBSOCKET = [
    # what it is, what the client sends, what comes back
    ("text", frame(0x81, b"hello"), b"\x81\x05hello"),
    ("empty", frame(0x81, b""), b"\x81\x00"),
    ("126 bytes", frame(0x82, b"x" * 126), b"\x82\x7e\x00\x7e" + b"x" * 126),
    ("64 KiB", frame(0x82, b"x" * 65536), b"\x82\x7f" + struct.pack(">Q", 65536) + b"x" * 65536),
    ("two fragments", frame(0x01, b"a") + frame(0x80, b"b"), b"\x01\x01a\x80\x01b"),
    ("ping", frame(0x89, b"are you there"), b"\x8a\x0dare you there"),
    ("pong is no question", frame(0x8A, b"") + frame(0x81, b"x"), b"\x81\x01x"),
    ("close", frame(0x88, b"\x03\xe8bye"), b"\x88\x05\x03\xe8bye"),
    ("unmasked", b"\x81\x05hello", b"\x88\x02\x03\xea"),
    ("too big", b"\x82\xff" + struct.pack(">Q", 1 << 40), b"\x88\x02\x03\xf1"),
]


@pytest.mark.parametrize(("sent", "back"), [row[1:] for row in WEBSOCKET], ids=[row[0] for row in WEBSOCKET])
def test_websocket_echo(demo, sent, back):
    key = base64.b64encode(b"sixteen bytes ok").decode("ascii")
    accept = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode("ascii")).digest())
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"

    with connected(demo) as client, client.makefile("rb") as received:
        client.sendall(f"GET /websocket_echo/ HTTP/1.1\r\nHost: x\r\n{upgrade}\r\n".encode("ascii") + sent)
        head = b"".join(iter(received.readline, b"\r\n"))
        assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        assert b"Sec-WebSocket-Accept: " + accept + b"\r\n" in head
        assert received.read(len(back)) == back
        client.shutdown(socket.SHUT_WR)
        assert received.read() == b""


def test_websocket_echo_without_upgrade_is_a_page(demo):
    assert b"new WebSocket(" in page(demo, "/websocket_echo/")[1]
