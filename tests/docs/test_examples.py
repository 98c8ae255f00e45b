"""legacy_examples/: what each puts on the wire, from one demo that runs for all of these tests."""

from __future__ import annotations

import ast
import gzip
import hashlib
import io
import os
import re
import shlex
import shutil
import socket
import ssl
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

ENDING = re.compile(
    r'\nroot = Root\(\)\n\nif __name__ == "__main__":\n(?: {4}.*\n)* {4}(?:cherrypy\.)?quickstart\(root\)\n\Z'
)
LONGER = {"websocket_echo": 90, "database_stream": 72}
"""Whose page of code is a long one: all rules of a protocol, or a database, are in it."""


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
    assert len(code) <= LONGER.get(file.stem, 62)
    assert ENDING.search(text)


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
        line = ["curl", "-s", "--cacert", "keys/ca.pem", f"https://{host}:{port}/"]
        guide = subprocess.run(line, check=True, cwd=tmp_path, capture_output=True, timeout=PATIENCE).stdout
        own = "--cert keys/client.pem " if words == ["--mtls"] else ""
        assert f"curl --cacert keys/ca.pem {own}-N https".encode("ascii") in guide
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
        assert archive.namelist()[4] == "5\N{SUPERSCRIPT TWO}.txt"
    with zipfile.ZipFile(io.BytesIO(page(demo, "/streaming_zip/?count=2000")[1])) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == 2000
    for count in ("-1", "x", "100000", ""):
        assert page(demo, f"/streaming_zip/?count={count}")[0].startswith("HTTP/1.1 400 ")


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
