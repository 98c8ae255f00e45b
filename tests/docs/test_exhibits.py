"""The exhibits that write HTTP/1.1 by hand: what each puts on the wire, and what it refuses."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import socket
import ssl
import struct
import subprocess
import zlib

import pytest

from tests.commands import CHECKOUT, PATIENCE, running
from tests.docs.museum import Museum, module_of


@pytest.fixture(scope="module")
def museum():
    """A museum that is open for all tests of this file."""
    with Museum() as museum:
        yield museum


def status(head):
    return int(head.split(" ", 2)[1])


# -- trailers ------------------------------------------------------------------------------------


def test_a_trailer_for_who_asks_for_it(museum):
    head, body = museum.ask("/trailers_by_hand/", "TE: trailers")
    lines = re.findall(rb"[0-9a-f]+\r\n(measurement \d: \d+\n)\r\n", body)
    digest = base64.b64encode(hashlib.sha256(b"".join(lines)).digest())

    assert "\r\nTrailer: Content-Digest" in head
    assert len(lines) == 6
    assert body.endswith(b"\r\n0\r\nContent-Digest: sha-256=:" + digest + b":\r\n\r\n")


def test_no_trailer_for_who_does_not(museum):
    head, body = museum.ask("/trailers_by_hand/")

    assert "Trailer" not in head
    assert body.endswith(b"\n\r\n0\r\n\r\n")
    assert museum.ask("/trailers_by_hand/", method="HEAD")[1] == b""
    assert b"chunked" not in museum.say(b"GET /trailers_by_hand/ HTTP/1.0\r\n\r\n")


def test_trailers_of_the_client(museum):
    head = b"PUT /trailers_by_hand/sent HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"

    answer = museum.say(head + b"5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n")

    assert answer.endswith(b"\r\n\r\n5 bytes, and behind them {'x-sum': '7'}\n")


# -- 100 (Continue) ------------------------------------------------------------------------------

EXPECTS = b"PUT /continue_by_hand/put HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"


def test_100_comes_before_the_content_and_once(museum):
    with museum.connect() as client, client.makefile("rb") as received:
        client.sendall(EXPECTS + b"Connection: close\r\nContent-Length: 5\r\n\r\n")
        assert [received.readline(), received.readline()] == [b"HTTP/1.1 100 Continue\r\n", b"\r\n"]
        client.sendall(b"hello")
        rest = received.read()

    assert rest.startswith(b"HTTP/1.1 200 OK\r\n")
    assert rest.endswith(b"\r\n\r\n5 bytes, after 100 (Continue).\n")


def test_the_connection_goes_on_after_it(museum):
    with museum.connect() as client, client.makefile("rb") as received:
        for _ in range(2):
            client.sendall(EXPECTS + b"Content-Length: 5\r\n\r\nhello")
            lines = [received.readline() for _ in range(7)]
            assert lines[:3] == [b"HTTP/1.1 100 Continue\r\n", b"\r\n", b"HTTP/1.1 200 OK\r\n"]
            assert lines[6] == b"5 bytes, after 100 (Continue).\n"


@pytest.mark.parametrize(
    ("fields", "first"),
    [(b"Content-Length: 100001\r\n", b"HTTP/1.1 413 "), (b"Transfer-Encoding: chunked\r\n", b"HTTP/1.1 411 ")],
)
def test_it_refuses_and_reads_nothing(museum, fields, first):
    answer = museum.say(EXPECTS + fields + b"\r\n")  # not a byte of content, and the answer is there

    assert answer.startswith(first)
    assert b"\r\nConnection: close\r\n" in answer


def test_who_expects_nothing_gets_no_100(museum):
    head, body = museum.ask("/continue_by_hand/put", method="PUT", content=b"hello")

    assert (status(head), body) == (200, b"5 bytes, after no question.\n")
    old = museum.say(b"PUT /continue_by_hand/put HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx")
    assert old.startswith(b"HTTP/1.1 200 OK\r\n") and old.endswith(b"1 bytes, after no question.\n")
    none = museum.say(EXPECTS + b"Connection: close\r\nContent-Length: 0\r\n\r\n")
    assert none.startswith(b"HTTP/1.1 200 OK\r\n") and none.endswith(b"0 bytes, after no question.\n")


# -- ranges --------------------------------------------------------------------------------------

LINES = b"".join(b"line %6d\n" % number for number in range(1, 101))

RANGES = [
    # Range, status, Content-Range, content
    ("bytes=12-23", 206, "bytes 12-23/1200", LINES[12:24]),
    ("bytes=0-0", 206, "bytes 0-0/1200", LINES[:1]),
    ("BYTES=1188-", 206, "bytes 1188-1199/1200", LINES[1188:]),
    ("bytes=1190-9999", 206, "bytes 1190-1199/1200", LINES[1190:]),
    ("bytes=-5", 206, "bytes 1195-1199/1200", LINES[-5:]),
    ("bytes=-9999", 206, "bytes 0-1199/1200", LINES),
    ("bytes=1200-", 416, "bytes */1200", b"There is no such part.\n"),
    ("bytes=-0", 416, "bytes */1200", b"There is no such part.\n"),
    ("bytes=5-4", 200, None, LINES),
    ("bytes=0-1,3-4", 200, None, LINES),
    ("lines=1-2", 200, None, LINES),
    ("bytes=-", 200, None, LINES),
    ("bytes=+1-2", 200, None, LINES),
]


@pytest.mark.parametrize(("wanted", "code", "place", "content"), RANGES, ids=[row[0] for row in RANGES])
def test_ranges(museum, wanted, code, place, content):
    head, body = museum.ask("/ranges_by_hand/", f"Range: {wanted}")
    found = re.search(r"^Content-Range: (.*)\r$", head + "\r\n", re.MULTILINE)

    assert (status(head), found and found[1], body) == (code, place, content)


def test_a_part_is_sent_of_the_version_that_is_meant(museum):
    tag = re.search(r"ETag: (\".*\")", museum.ask("/ranges_by_hand/")[0])[1]

    assert status(museum.ask("/ranges_by_hand/", "Range: bytes=0-1", f"If-Range: {tag}")[0]) == 206
    assert museum.ask("/ranges_by_hand/", "Range: bytes=0-1", 'If-Range: "other"')[1] == LINES
    head, body = museum.ask("/ranges_by_hand/", "Range: bytes=0-1", method="HEAD")
    assert (status(head), body) == (200, b"")


def test_curl_goes_on_with_a_file_that_has_begun(museum, tmp_path):
    for options in (["-r", "0-99"], ["-C", "-"]):
        line = ["curl", "-s", *options, "-o", "lines.txt", f"{museum.site.address}ranges_by_hand/"]
        subprocess.run(line, check=True, cwd=tmp_path, timeout=PATIENCE)

    assert (tmp_path / "lines.txt").read_bytes() == LINES


# -- server push ---------------------------------------------------------------------------------


def test_each_part_of_a_push_is_a_picture(museum, monkeypatch):
    monkeypatch.setattr(module_of(museum.site, "server_push").stream, "sleep", lambda _seconds: None)

    head, body = museum.ask("/server_push/camera?frames=4")
    first, *parts, last = body.split(b"--next")
    pictures = [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts]

    assert "Content-Type: multipart/x-mixed-replace; boundary=next" in head
    assert (first, last, len(parts)) == (b"", b"--\r\n", 4)
    for part, picture in zip(parts, pictures, strict=True):
        assert part.startswith(b"\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n" % len(picture))
    assert len(set(pictures)) == 4
    assert all(len(pixels_of(picture)) == 120 * 121 for picture in pictures)


def pixels_of(picture):
    """Read a PNG as strictly as its format is: signature, lengths, checksums, the three chunks."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, []
    while at < len(picture):
        length, name = struct.unpack(">I4s", picture[at : at + 8])
        data = picture[at + 8 : at + 8 + length]
        assert struct.unpack(">I", picture[at + 8 + length : at + 12 + length])[0] == zlib.crc32(name + data)
        chunks.append((name, data))
        at += 12 + length
    assert [name for name, _ in chunks] == [b"IHDR", b"IDAT", b"IEND"]
    return zlib.decompress(chunks[1][1])


@pytest.mark.parametrize("frames", ["-1", "x", "", "99999", "9" * 5000, "1&frames=2", "%D9%A3"])
def test_a_push_of_no_number_of_frames_is_refused_before_it_begins(museum, frames):
    assert status(museum.ask(f"/server_push/camera?frames={frames}")[0]) == 400


def test_a_push_has_one_picture_at_least(museum):
    assert museum.ask("/server_push/camera?frames=0")[1].count(b"Content-Type: image/png") == 1


# -- the long poll -------------------------------------------------------------------------------


def test_an_answer_comes_again_until_it_has_arrived(museum):
    def poll(query):
        return json.loads(museum.ask(f"/long_poll/prime?{query}")[1])

    assert [poll("key=plain") for _ in range(2)] == [{"state": "ready", "content": number} for number in (3, 5)]
    answers = [poll(f"key=counted&ack={ack}") for ack in (0, 0, 1)]
    assert [(answer["seq"], answer["content"]) for answer in answers] == [(1, 3), (1, 3), (2, 5)]


# -- server-sent events --------------------------------------------------------------------------


def test_a_clock_goes_on_where_it_was(museum, monkeypatch):
    monkeypatch.setattr(module_of(museum.site, "sse_clock").stream, "sleep", lambda _seconds: None)

    body = museum.say(b"GET /sse_clock/ticks/1 HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")[2]
    assert re.fullmatch(rb'retry: 1000\n\nevent: tick\nid: 1\ndata: \{"time":"..:..:.."\}\n\n', body)

    for seen, first in (("41", 42), ("x", 1), ("9" * 5000, 1), ("-5", 1)):
        body = museum.ask("/sse_clock/ticks/2", f"Last-Event-ID: {seen}")[1]
        assert [int(id) for id in re.findall(rb"^id: (.*)$", body, re.MULTILINE)] == [first, first + 1]


# -- uploads -------------------------------------------------------------------------------------


def test_a_file_on_the_disk_is_whole_and_the_last_one_is_kept(museum):
    folder = museum.site.upload.directory()
    for content in (b"one" * 100_000, b"two"):
        name = hashlib.sha256(content).hexdigest()
        head, body = museum.ask("/upload/disk", method="PUT", content=content)
        assert (status(head), body) == (200, f"{name}  {len(content)} bytes\n".encode("ascii"))
        assert os.listdir(folder) == ["latest"]
        with open(os.path.join(folder, "latest"), "rb") as file:
            assert file.read() == content


def test_a_file_that_breaks_off_leaves_nothing():
    with Museum() as museum:
        folder = museum.site.upload.directory()
        before = os.listdir(folder)  # the exhibit is the same for all museums of a process
        with museum.connect() as client:
            client.sendall(b"PUT /upload/disk HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf")
            client.shutdown(socket.SHUT_WR)
            client.recv(65536)
        museum.close()
        assert os.listdir(folder) == before


def test_a_file_that_is_too_large_is_refused_before_it_comes(museum, monkeypatch):
    monkeypatch.setattr(module_of(museum.site, "upload"), "MOST", 5)
    folder = museum.site.upload.directory()
    before = os.listdir(folder)
    put = b"PUT /upload/disk HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

    assert museum.say(put + b"Expect: 100-continue\r\nContent-Length: 6\r\n\r\n").startswith(b"HTTP/1.1 413 ")
    assert museum.say(put + b"Transfer-Encoding: chunked\r\n\r\n6\r\nsix...\r\n0\r\n\r\n").startswith(b"HTTP/1.1 413 ")
    assert os.listdir(folder) == before


def form(*filenames):
    """Content type and content of a form with a file of three bytes for each name."""
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\nabc\r\n' for name in filenames
    ]
    return "Content-Type: multipart/form-data; boundary=b", "".join([*parts, "--b--\r\n"]).encode()


def test_the_name_of_a_file_is_shown_and_leads_nowhere(museum):
    before = os.listdir(museum.site.upload.directory())
    kind, content = form("../../\xe9vil.txt")

    head, body = museum.ask("/upload/form", kind, method="POST", content=content)
    assert (status(head), body) == (200, "../../\xe9vil.txt: 3 bytes\n".encode())
    assert os.listdir(museum.site.upload.directory()) == before


def test_two_files_or_none_are_refused(museum):
    for names, code in ((("a", "b"), 400), ((), 404)):
        kind, content = form(*names)
        assert status(museum.ask("/upload/form", kind, method="POST", content=content)[0]) == code


# -- compressed, and who is there ----------------------------------------------------------------

CODINGS = {
    "gzip": True, "br, gzip;q=0.8": True, "x-gzip": True, "GZIP ; q=1.0": True, "gzip;q=0.05": True,
    "gzip;q=0.001": True, "gzip;q=1.5": False, "br;q=1, gzip;q=0.000": False, "*;q=0": False,
    "gzip;q=0": False, "gzip;q=0.00, br": False, "gzippy": False, "br": False, "": False,
}  # fmt: skip


@pytest.mark.parametrize("accepted", CODINGS)
def test_it_is_compressed_for_who_accepts_it(museum, accepted):
    head, body = museum.ask("/gzip_by_hand/", f"Accept-Encoding: {accepted}", method="HEAD")

    assert ("Content-Encoding: gzip" in head, body) == (CODINGS[accepted], b"")


def test_the_page_for_members(museum, tmp_path):
    assert status(museum.ask("/who/members")[0]) == 403

    with running("demo", "--port=0", "--mtls", "--tls-demo-dir", "keys", cwd=tmp_path) as demo:
        host, port = demo.address()
        client = ssl.create_default_context(cafile=str(tmp_path / "keys" / "ca.pem"))
        client.load_cert_chain(tmp_path / "keys" / "client.pem")
        with socket.create_connection((host, port), timeout=PATIENCE) as plain:
            with client.wrap_socket(plain, server_hostname=host) as secure, secure.makefile("rb") as received:
                secure.sendall(b"GET /who/members HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                answer = received.read()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n") and b"\r\n\r\nWelcome, " in answer
    assert b"rawwfile demo visitor" in answer


@pytest.mark.parametrize("name", ["continue_by_hand", "proxy_by_hand", "server_push", "upload", "broken"])
def test_the_first_page_of_an_exhibit(museum, name):
    head, body = museum.ask(f"/{name}/")

    assert status(head) == 200 and body.startswith(b"<!DOCTYPE html>")


def test_an_exhibit_is_served_alone():
    with running("serve", "legacy_examples/proxy_by_hand.py", "--port", "0", cwd=CHECKOUT) as server:
        with socket.create_connection(server.address(), timeout=PATIENCE) as client, client.makefile("rb") as received:
            client.sendall(b"GET /through HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b"\r\n\r\nGET /origin HTTP/1.1\r\nHost: x\r\n" in received.read()
