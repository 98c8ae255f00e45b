"""response.wfile as a file: what writes to it, when the bytes are there, and who is told when nobody reads."""

from __future__ import annotations

import array
import csv
import gzip
import io
import json
import logging
import pickle
import shutil
import tarfile
import threading
import traceback
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Callable

import pytest

from rawwfile import ClientDisconnected, HTTPError, response
from tests.live import PATIENCE

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n"
ROWS = [["a", "b c", 'd "e"'], ["é", "1,5", ""]]


def raw_body(live, write: Callable[[io.BufferedIOBase], None]) -> bytes:
    """What a client gets after HEAD from a handler that calls `write` with its wfile."""

    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(HEAD)
        write(response.wfile)

    client = live.connect()
    client.get("/page")
    got = client.rest()
    live.book.wait_entries(1)
    assert not live.book.messages and client.ending == "end" and got.startswith(HEAD)
    return got[len(HEAD) :]


# -- what the standard library writes


def test_print(live):
    def write(wfile):
        print("one", 2, "drei", sep="-", file=wfile)
        print("ohne Zeilenende", end="", file=wfile, flush=True)

    assert raw_body(live, write) == b"one-2-drei\nohne Zeilenende"


def test_csv(live):
    def write(wfile):
        csv.writer(wfile).writerows(ROWS)
        csv.DictWriter(wfile, ["x"]).writerow({"x": "ü"})

    expected = io.StringIO(newline="")
    csv.writer(expected).writerows(ROWS)
    assert raw_body(live, write) == expected.getvalue().encode() + "ü\r\n".encode()


def test_copyfileobj(live):
    data = bytes(range(256)) * 5000
    assert raw_body(live, lambda wfile: shutil.copyfileobj(io.BytesIO(data), wfile)) == data


def test_json(live):
    value = {"a": [1, 2.5, None, "é"], "b": {}}
    assert json.loads(raw_body(live, lambda wfile: json.dump(value, wfile, ensure_ascii=False))) == value


def test_pickle(live):
    value = {"a": list(range(1000)), "big": b"x" * 200_000}
    assert pickle.loads(raw_body(live, lambda wfile: pickle.dump(value, wfile, protocol=5))) == value


def test_gzip(live):
    def write(wfile):
        with gzip.GzipFile(fileobj=wfile, mode="wb") as out:
            for number in range(3000):
                out.write(b"line %d\n" % number)
                if number % 1000 == 0:
                    out.flush()
        assert not wfile.closed

    assert gzip.decompress(raw_body(live, write)) == b"".join(b"line %d\n" % n for n in range(3000))


def test_zip(live):
    def write(wfile):
        with zipfile.ZipFile(wfile, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", "first" * 100)
            with archive.open("b.bin", "w") as member:
                member.write(bytes(70000))

    with zipfile.ZipFile(io.BytesIO(raw_body(live, write))) as archive:
        assert archive.testzip() is None
        assert archive.read("a.txt") == b"first" * 100 and archive.read("b.bin") == bytes(70000)


@pytest.mark.parametrize("mode", ["w|", "w|gz"])
def test_tar(live, mode: str):
    def write(wfile):
        with tarfile.open(fileobj=wfile, mode=mode) as archive:
            member = tarfile.TarInfo("a.txt")
            member.size = 50000
            archive.addfile(member, io.BytesIO(b"y" * 50000))

    with tarfile.open(fileobj=io.BytesIO(raw_body(live, write))) as archive:
        assert archive.extractfile("a.txt").read() == b"y" * 50000


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "us-ascii"])
def test_element_tree(live, encoding: str):
    root = ElementTree.Element("a")
    ElementTree.SubElement(root, "b", {"c": "é"}).text = "ü & <"

    def write(wfile):
        ElementTree.ElementTree(root).write(wfile, encoding=encoding, xml_declaration=True)
        wfile.write(b"<!-- still open -->")

    got = raw_body(live, write)
    assert got.endswith(b"<!-- still open -->")
    assert ElementTree.tostring(ElementTree.fromstring(got)) == ElementTree.tostring(root)


def test_text_io_wrapper(live):
    def write(wfile):
        text = io.TextIOWrapper(wfile, encoding="utf-16-le", newline="\r\n", write_through=True)
        text.write("eins\nzwei\n")
        text.detach()
        wfile.write(b"!")
        with io.TextIOWrapper(wfile, encoding="latin-1") as closing:
            closing.write("é")
        assert wfile.closed

    assert raw_body(live, write) == "eins\r\nzwei\r\n".encode("utf-16-le") + b"!\xe9"


def test_other_writers(live):
    def write(wfile):
        wfile.writelines([b"a\n", "b\n", bytearray(b"c\n")])
        handler = logging.StreamHandler(wfile)
        handler.handle(logging.LogRecord("x", logging.INFO, "", 0, "logged %d", (1,), None))
        try:
            raise KeyError("k")
        except KeyError:
            traceback.print_exc(limit=0, file=wfile)
        with io.BufferedWriter(wfile) as buffered:
            buffered.write(b"buffered")

    assert raw_body(live, write) == b"a\nb\nc\nlogged 1\nKeyError: 'k'\nbuffered"


# -- the file itself


def test_it_is_a_binary_file(live):
    def write(wfile):
        assert isinstance(wfile, io.IOBase) and isinstance(wfile, io.BufferedIOBase)
        assert wfile.writable() and not wfile.readable() and not wfile.seekable() and not wfile.closed
        assert not wfile.isatty() and wfile is response.wfile
        for wrong in (wfile.read, wfile.tell, wfile.fileno, lambda: wfile.seek(0)):
            with pytest.raises(io.UnsupportedOperation):
                wrong()
        for wrong in (None, 5, [b"x"], object()):
            with pytest.raises(TypeError, match=f"takes str or bytes, not {type(wrong).__name__}$"):
                wfile.write(wrong)
        assert wfile.write(b"") == wfile.write("") == 0

    assert raw_body(live, write) == b""


def test_every_kind_of_bytes_and_what_write_returns(live):
    def write(wfile):
        assert wfile.write(b"ab") == 2 and wfile.write(bytearray(b"cd")) == 2
        assert wfile.write(memoryview(b"xefx")[1:3]) == 2
        assert wfile.write(memoryview(b"g.h.i.")[::2]) == 3
        assert wfile.write(array.array("H", [0x4141, 0x4242])) == 4
        assert wfile.write("é€") == 2

    assert raw_body(live, write) == b"abcdefghiAABB" + "é€".encode()


def test_text_is_encoded_with_the_charset(serve):
    live = serve(charset="iso-8859-15")

    def write(wfile):
        wfile.write("é€")
        response.charset = "utf-8"
        wfile.write("é€")

    assert raw_body(live, write) == "é€".encode("iso-8859-15") + "é€".encode()


def test_a_character_that_does_not_fit_is_named(live):
    def write(wfile):
        response.charset = "latin-1"
        with pytest.raises(UnicodeEncodeError) as caught:
            wfile.write("12 €, 13 €")
        assert "'€' does not fit the charset 'latin-1'" in str(caught.value)
        assert (caught.value.start, caught.value.object) == (3, "12 €, 13 €")

    assert raw_body(live, write) == b""


def test_a_character_that_does_not_fit_before_anything_was_written(live):
    @live.page
    def page():
        response.charset = "ascii"
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 Ökay\r\n\r\n")

    assert live.fetch("/page").status == 500
    assert live.book.wait_for("raised UnicodeEncodeError").exc_info


def test_writing_after_the_handler_has_returned(live):
    kept = []

    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(HEAD)
        kept.append(response.wfile)

    client = live.connect()
    client.get("/page")
    assert client.rest() == HEAD
    live.book.wait_entries(1)
    for late in (lambda: kept[0].write(b"late"), kept[0].flush, lambda: print("x", file=kept[0])):
        with pytest.raises(ValueError, match="closed: the handler has returned"):
            late()
    assert kept[0].closed


def test_closing_it_ends_the_writing_alone(live):
    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        response.wfile.close()
        response.wfile.close()
        with pytest.raises(ValueError, match="closed"):
            response.wfile.write(b"more")

    client = live.connect()
    assert [client.fetch("/page").body for _ in range(2)] == [b"ok", b"ok"]


# -- when the bytes are there


@pytest.mark.parametrize("line", ["HTTP/1.1 200\r\n", "HTTP/1.0 200 OK\r\n"])
def test_each_write_is_at_the_client_before_the_next_one(live, line: str):
    arrived = threading.Semaphore(0)
    pieces = [line, "Content-Type: text/html\r\n\r\n", "Line 1<br>", "x", "Line 2<br>" * 30, "\n", "End\n"]

    @live.page
    def page():
        response.sendResponse = 0
        for piece in pieces:
            response.wfile.write(piece)
            assert arrived.acquire(timeout=PATIENCE), f"{piece!r} did not arrive"

    client = live.connect()
    client.get("/page")
    for piece in pieces:
        assert client.take(len(piece)) == piece.encode() and not client.buffer
        arrived.release()
    assert client.rest() == b"" and client.ending == "end"
    live.book.wait_entries(1)
    assert not live.book.messages


def test_a_write_larger_than_every_buffer(live):
    data = bytes(range(256)) * 50_000
    assert raw_body(live, lambda wfile: wfile.write(data)) == data


# -- when nobody reads


MOST_WRITES = 200


def write_until_lost(started: threading.Event, gone: threading.Event) -> int:
    """Answer, wait for the client to go, and count the writes until one raises."""
    response.sendResponse = 0
    response.wfile.write(HEAD)
    started.set()
    assert gone.wait(PATIENCE)
    for count in range(MOST_WRITES):
        try:
            response.wfile.write(b"x" * 1000)
        except ConnectionError:
            response.lost_after = count
            raise
    raise AssertionError(f"{MOST_WRITES} writes to a client that has gone")


@pytest.mark.parametrize("how", ["reset", "close"])
@pytest.mark.parametrize("handler_catches", [False, True])
def test_the_client_goes(live, how: str, handler_catches: bool):
    started, gone = threading.Event(), threading.Event()
    caught: list[BaseException] = []

    @live.page
    def page():
        try:
            write_until_lost(started, gone)
        except ClientDisconnected as error:
            caught.append(error)
            with pytest.raises(ClientDisconnected):
                response.wfile.write(b"once more")
            if not handler_catches:
                raise

    client = live.connect()
    client.get("/page")
    client.take(len(HEAD))
    assert started.wait(PATIENCE)
    client.reset() if how == "reset" else client.close()
    gone.set()
    entry = live.book.wait_entries(1)[0]
    assert isinstance(caught[0], ConnectionError) and isinstance(caught[0], BrokenPipeError)
    assert (entry.end, entry.status) == ("client-gone", 200)
    assert len(live.book.records) == 1
    assert live.book.records[0].exc_info is None and live.book.messages[0].startswith("#1 GET /page: the client is gone: ")


@pytest.mark.parametrize("send_response", [0, 1])
@pytest.mark.parametrize("reaction", ["raise", "return", "other"])
def test_the_client_goes_before_the_first_write(live, send_response: int, reaction: str):
    started, gone = threading.Event(), threading.Event()

    @live.page
    def page():
        response.sendResponse = send_response
        started.set()
        assert gone.wait(PATIENCE)
        try:
            for _ in range(MOST_WRITES):
                response.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        except ClientDisconnected:
            if reaction == "raise":
                raise
            if reaction == "other":
                raise HTTPError(502, "nobody hears this") from None
        return "nobody reads this"

    client = live.connect()
    client.get("/page")
    assert started.wait(PATIENCE)
    client.reset()
    gone.set()
    entry = live.book.wait_entries(1)[0]
    assert entry.end == "client-gone"
    lines = [record for record in live.book.records if "502" not in record.getMessage()]
    assert len(lines) == 1 and lines[0].exc_info is None and ": the client is gone" in lines[0].getMessage()


def test_a_generator_notices_that_the_client_has_gone(live):
    started, gone, closed = threading.Event(), threading.Event(), threading.Event()

    @live.page
    def page():
        response.stream = True
        return pieces()

    def pieces():
        try:
            yield b"first"
            started.set()
            assert gone.wait(PATIENCE)
            for _ in range(MOST_WRITES):
                yield b"x" * 1000
            raise AssertionError("nobody noticed")
        finally:
            closed.set()

    client = live.connect()
    client.get("/page")
    client.until(b"first")
    client.reset()
    gone.set()
    assert closed.wait(PATIENCE)
    entry = live.book.wait_entries(1)[0]
    assert entry.end == "client-gone" and len(live.book.records) == 1 and not live.book.records[0].exc_info
