"""Holes of 0.10 that must not come back (spec 21.1): what comes in."""

from __future__ import annotations

import random
import re
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from rawwfile.cherrypy.cookies import cookies_of
from rawwfile.cherrypy.parameters import Codec, decoded
from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED, BodyEnd, BodyPart, RequestHead
from rawwfile.http.lenient import LenientReader
from rawwfile.http.reader import RequestReader
from tests.cherrypy.served import Served, serve

ECHO = """
CherryClass Root:
view:
    def index(self, **kw):
        pairs = kw.items()
        pairs.sort()
        return repr(pairs)
    def count(self, **kw):
        return repr([(name, len(value)) for name, value in kw.items()])
    def body(self):
        return request.rfile.read(2)
    def rpc(self, *values) xmlrpc:
        return repr(values)
def initRequestBeforeParse():
    if request.path == 'body':
        request.parsePostData = 0
"""


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Served:
    folder = tmp_path_factory.mktemp("echo")
    for name in ("static/sub", "outside"):
        (folder / name).mkdir(parents=True)
    (folder / "static" / "a.txt").write_text("inside")
    (folder / "outside" / "secret.txt").write_text("SECRET")
    (folder / "static" / "link").symlink_to(folder / "outside")
    (folder / "static" / "link.txt").symlink_to(folder / "outside" / "secret.txt")
    config = f"[server]\ntypeOfRequests=xmlRpc,web\n[staticContent]\nstatic={folder}/static\nstatic2=.\n"
    return serve(folder, ECHO, config=config)


# -- one reading only


STARTS = [
    b"GET / HTTP/1.1", b"POST /a HTTP/1.1", b"POST /a HTTP/1.0", b"GET /#x HTTP/1.1", b"GET /\xe9\x85\xa0 HTTP/1.1",
    b"GET  / HTTP/1.1", b"GET / HTTP/1.1 ", b"GET /\xa0HTTP/1.1 HTTP/1.1", b"GET /\x85 HTTP/1.1\r\n x: y", b"GET /",
]  # fmt: skip
LINES = [
    b"Content-Length: 5", b"Content-Length: 5", b"Content-Length:5 ", b"Content-Length: +5", b"Content-Length: 5\xa0",
    b"Content-Length : 5", b"Content-Length: 5, 5", b"Content-Length: 5#", b"Content-Length:", b" 5",
    b"Transfer-Encoding: chunked", b"Transfer-Encoding:\tchunked", b"Transfer-Encoding: \x0bchunked",
    b"Transfer-Encoding: gzip, chunked", b"transfer-encoding: xchunked", b"Transfer-Encoding:", b" chunked",
    b" Content-Length: 7", b" ", b"\t", b"X: a", b"X: \xe9", b"X: a\rb", b"X: a\0b", b"X", b": x", b"X\xe9: 1",
    b"Connection: close", b"Host: h\x80",
]  # fmt: skip
ENDS = [b"\r", b"\n\r", b"\r\r\n", b"\x0b", b"\0\n", b"\x85"]
BODIES = [
    b"", b"", b"abcde", b"5\r\nabcde\r\n0\r\n\r\n", b"5\nabcde\n0\n\n", b"0\r\n\r\n", b"0\n\n", b"\n\n",
    b"GET /smuggled HTTP/1.1\nHost: x\n\n",
]  # fmt: skip


def some_request(choose: random.Random) -> bytes:
    """A request as no honest client writes it."""
    end = choose.choice([b"\r\n", b"\n"])
    lines = [choose.choice(STARTS), *(choose.choice(LINES) for _ in range(choose.randrange(4)))]
    if choose.random() < 0.85:
        lines.insert(choose.randrange(1, len(lines) + 1), b"Host: h")
    ends = [end if choose.random() < 0.93 else choose.choice(ENDS) for _ in [*lines, b""]]
    return b"".join(map(bytes.__add__, [*lines, b""], ends)) + choose.choice(BODIES)


def reading(reader: RequestReader, data: bytes, step: int) -> list[Any]:
    """All that a reader makes of a connection's bytes, which come in pieces."""
    seen: list[Any] = []
    for piece in [*(data[at : at + step] for at in range(0, len(data), step)), b""]:
        if reader.state.value in ("closed", "error"):
            break
        reader.receive_data(piece)
        try:
            while (event := reader.next_event()) not in (NEED_DATA, PEER_CLOSED):
                if isinstance(event, RequestHead):
                    seen.append((event.method, event.target, event.fields.pairs, event.kind, event.length))
                elif isinstance(event, BodyPart):
                    seen.append(bytearray(event.data))
                    if isinstance(seen[-2], bytearray):
                        seen[-2:] = [seen[-2] + seen[-1]]
                elif isinstance(event, BodyEnd):
                    seen.append(event.trailers)
                elif event is PAUSED:
                    reader.start_next()
        except ProtocolError as error:
            seen.append(error.status_hint)
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_h27_a_lenient_head_has_one_reading(seed: int) -> None:
    choose = random.Random(seed)
    taken = 0
    for _ in range(150):
        data = some_request(choose) + some_request(choose)
        whole = reading(LenientReader(), data, len(data))
        for step in (1, choose.randrange(2, 9)):
            assert whole == reading(LenientReader(), data, step), data
        strict = reading(RequestReader(), data, len(data))
        # Of what the strict reader takes nothing changes; where it stops the other one may go on.
        if strict and isinstance(strict[-1], int):
            strict.pop()
        assert whole[: len(strict)] == strict, data
        taken += len([each for each in whole if isinstance(each, tuple) and len(each) == 5])
    assert taken > 5


@pytest.mark.parametrize(
    "line", [b"X: a" + b" " * 15_000, b"X: " + b" " * 15_000 + b"\n a", b"X: a" + b" \n " * 15_000], ids=["b", "f", "m"]
)
def test_h15_a_head_takes_no_square_of_its_length(line: bytes) -> None:
    head = b"GET / HTTP/1.1\nHost: h\n" + line + b"b\n\n"
    assert reading(LenientReader(), head, len(head))[0][:2] == (b"GET", b"/")


@pytest.mark.parametrize("seed", range(4, 8))
def test_h27_and_that_is_everybody_elses(seed: int) -> None:
    h11 = pytest.importorskip("h11")
    choose = random.Random(seed)
    compared = 0
    for _ in range(150):
        data = some_request(choose)
        theirs = h11.Connection(h11.SERVER)
        theirs.receive_data(data)
        ours = reading(LenientReader(), data, len(data))
        try:
            head, content = theirs.next_event(), theirs.next_event()
        except h11.RemoteProtocolError:
            continue
        if isinstance(head, h11.Request) and ours and isinstance(ours[0], tuple):
            compared += 1
            assert ours[0][:2] == (head.method, head.target)
            # Blanks of a fold may be several; the coding's name is in lower case there.
            fields = [(name.lower(), b" ".join(value.lower().split())) for name, value in ours[0][2]]
            assert fields == [(name, b" ".join(value.lower().split())) for name, value in head.headers]
            begun = bytes(content.data) if isinstance(content, h11.Data) else b""
            got = bytes(ours[1]) if len(ours) > 1 and isinstance(ours[1], bytearray) else b""
            assert got[: len(begun)] == begun[: len(got)], data
    assert compared > 3


# -- bodies


def test_h15_decoding_takes_no_multiple_of_its_size() -> None:
    text = "%" * 200_000 + "%41" * 20_000
    tracemalloc.start()
    try:
        assert decoded(text, Codec(None)) == "%" * 200_000 + "A" * 20_000
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # A list of the pieces would be over a hundred times as large.
    assert most < 20 * len(text)


def part(name: str, content: str) -> str:
    """A part of a form, with line ends of LF."""
    return f'--B\nContent-Disposition: form-data; name="{name}"\n\n{content}\n'


FORM = "Content-Type: multipart/form-data; boundary=B"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_h15_a_form_has_no_end_of_parts_and_no_part_an_endless_head(echo: Served, end: str) -> None:
    for body in (part("a", "1") * 10_002, part("a" * 20_000, "1")):
        assert echo.post("/count", (body + "--B--\n").replace("\n", end), FORM).status.split()[1] in ("400", "413")
    assert echo.post("/count", (part("a", "1") * 9_999 + "--B--\n").replace("\n", end), FORM).text == "[('a', 9999)]"


def test_parts_of_both_line_ends_are_all_read(echo: Served) -> None:
    body = part("a", "1") + part("b", "2").replace("\n", "\r\n") + part("c", "3") + "--B--\r\n"
    assert echo.post("/", body, FORM).text == "[('a', '1'), ('b', '2'), ('c', '3')]"


@pytest.mark.parametrize("piece", ["\\", "\\x", "=", '"', " ", 'a="', "a= "])
def test_h15_a_cookie_takes_no_square_of_its_length(piece: str) -> None:
    # Ten seconds each where somebody searches on from every backslash.
    line = f'a="{piece * (60_000 // len(piece))}"'
    assert len(cookies_of([line], Codec(None))) < 2


def test_h27_the_rest_of_a_body_is_no_request(echo: Served) -> None:
    page = echo.post("/body", "abGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
    assert page.raw.count(b"HTTP/1.") == 1 and page.text == "ab"


@pytest.mark.parametrize(
    ("prologue", "content"),
    [
        ("<!DOCTYPE a [<!ENTITY b 'bbb'>]>", "&b;"), ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>", "a"),
        ("<?xml version='1.0' encoding='unicode_escape'?>", "a"), ("<?xml version='1.0' encoding='no-such-one'?>", "a"),
        ("", "&b;"), ("", "<array><data><value>" * 1000),
    ],
)  # fmt: skip
def test_h16_what_is_no_plain_call_is_400(echo: Served, prologue: str, content: str) -> None:
    value = f"<params><param><value>{content}</value></param></params>"
    call = f"<methodCall><methodName>rpc</methodName>{value}</methodCall>"
    assert echo.post("/", prologue + call, "Content-Type: text/xml").status.split()[1] == "400"
    assert "<string>('a',)</string>" in echo.post("/", call.replace(content, "a"), "Content-Type: text/xml").text


@pytest.mark.parametrize("name", ["__init__", "index", "rpc.__func__", "rpc.__globals__", "../rpc", "", "rpc\n"])
def test_h20_a_call_reaches_what_is_marked_only(echo: Served, name: str) -> None:
    call = f"<methodCall><methodName>{name}</methodName><params></params></methodCall>"
    assert "<name>faultString</name>" in echo.post("/", call, "Content-Type: text/xml").text


# -- paths


@pytest.mark.parametrize(
    "rest",
    [
        "../outside/secret.txt", "%2e%2e/outside/secret.txt", "..%2foutside%2fsecret.txt", "..%5coutside%5csecret.txt",
        "..\\outside\\secret.txt", "sub/../../outside/secret.txt", "link/secret.txt", "link.txt", "a.txt%00.png",
        "%252e%252e/outside/secret.txt", "/etc/passwd", "//etc/passwd", "%2fetc/passwd", "./../outside/secret.txt",
        ".../outside/secret.txt", "..;/outside/secret.txt", "%c0%ae%c0%ae/outside/secret.txt",
    ],
)  # fmt: skip
def test_h01_no_path_leads_out(echo: Served, rest: str) -> None:
    page = echo.get(f"/static/{rest}")
    assert b"SECRET" not in page.raw and b"root:" not in page.raw and b"outside/secret.txt'" not in page.body.replace(
        f"/static/{rest}'".encode(), b""
    )
    assert echo.get("/static/a.txt").text == "inside"


@pytest.mark.parametrize("storage", ["ram", "file", "cookie", "custom"])
def test_h02_a_session_id_of_another_form_is_looked_up_nowhere(tmp_path: Path, storage: str) -> None:
    source = "def initProgram():\n    asked = []\ndef loadSessionData(sessionId):\n    asked.append(sessionId)\n" + ECHO
    where = f"storageFileDir={tmp_path}\n" if storage == "file" else ""
    site = serve(tmp_path, source, config=f"[server]\nsiteKey=k\n[session]\nstorageType={storage}\n{where}")
    for value in ("../../etc/passwd", "A" * 40, "a" * 39, "a" * 41, "\xff" * 40, '"' + r"\056" * 40 + '"', ""):
        page = site.get("/", f"Cookie: CherryPySession={value}")
        assert page.text == "[]"
        assert re.fullmatch(r"CherryPySession=[0-9a-f]{40}; Path=/; Version=1", page.all("set-cookie")[-1])
    assert not site.site.namespace["asked"]
