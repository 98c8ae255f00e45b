"""What labs 13 to 24 are made of: parts, events and frames, certificates, programs, two readers, a site of old."""

from __future__ import annotations

import shutil
import ssl
import sys
import threading
from pathlib import Path

import pytest

from rawwfile.errors import TlsSetupError
from rawwfile.lab import certificates, old_site
from rawwfile.lab.course import lab_number
from rawwfile.lab.finer import events_so_far
from rawwfile.lab.folder import LabFolder
from rawwfile.lab.judging import NotYet
from rawwfile.lab.program import call, crashed
from rawwfile.lab.running import check, served
from rawwfile.lab.student import load_file
from rawwfile.lab.two_readers import MOST_BYTES, Unreadable, by_chunks, by_length
from rawwfile.lab.visit import Visit
from rawwfile.tape.model import Tape
from tests.live import PATIENCE

STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.mark.parametrize(
    "head, body",
    [
        (STREAM, b": a remark\n\nid: 1\ndata: one\ndata:two\n\ndata: three"),
        (STREAM, b"\r\nid:1\r\ndata: one\r\ndata: two\r\n\r\ndata: three"),
        (CHUNKED, b"7\r\nid: 1\nd\r\n9\r\nata: one\n\r\nb\r\ndata: two\n\n\r\nc\r\ndata: three\n\r\n"),
    ],
)
def test_events_are_read_as_far_as_they_came(head: bytes, body: bytes) -> None:
    whole, begun = [event for event in events_so_far(head + body) if event.fields]

    assert (whole.whole, whole.get("id"), whole.get("data")) == (True, "1", "one\ntwo")
    assert (begun.whole, begun.get("id"), begun.get("data")) == (False, None, "three")


def visit_of(tmp_path: Path, text: str, seconds: float = PATIENCE) -> Visit:
    file = tmp_path / "answer.py"
    file.write_text(text, "utf-8")
    visit = Visit(("127.0.0.1", 1), seconds=seconds)
    visit.program = load_file(file)
    return visit


def test_a_program_is_called_and_its_failure_has_a_line(tmp_path: Path) -> None:
    visit = visit_of(tmp_path, "def twice(n):\n    return 2 * n\n\ndef ask():\n    return 1 // 0\n")

    assert call(visit, "twice", 21).value == 42
    failed = call(visit, "ask")
    assert failed.trouble == "answer.py:5: ZeroDivisionError: integer division or modulo by zero"
    with pytest.raises(NotYet, match="ZeroDivisionError"):
        crashed(failed, "ask")
    with pytest.raises(NotYet) as caught:
        call(visit, "asks")
    assert caught.value.id == "function"


def test_a_program_that_does_not_end_is_given_up(tmp_path: Path) -> None:
    visit = visit_of(tmp_path, "def ask(event):\n    event.wait()\n")
    event = threading.Event()

    with pytest.raises(NotYet) as caught:
        call(visit, "ask", event, seconds=0.01)

    assert caught.value.id == "time"
    event.set()


@pytest.mark.parametrize(
    "data, words",
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n", "no empty line"),
        (b"hello\r\n\r\n", "no request line"),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "no field"),
        (b"GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\n1", "no length"),
        (b"GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\n1", "9 bytes are to come"),
        (b"x" * (MOST_BYTES + 1), "more than"),
    ],
)
def test_the_two_readers_say_what_they_cannot_read(data: bytes, words: str) -> None:
    for reader in (by_length, by_chunks):
        with pytest.raises(Unreadable, match=words.replace("+", r"\+")):
            reader(data)


@pytest.mark.parametrize(
    "chunks, words",
    [
        (b"zz\r\n", "no chunk size"),
        (b"5\r\nhel", "5 bytes are to come"),
        (b"3\r\nhello\r\n", "no line end"),
        (b"0\r\nA: b\r\n\r\n", "no line end"),
        (b"", "no chunk size"),
    ],
)
def test_chunks_that_cannot_be_read(chunks: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        by_chunks(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)


def test_both_readers_read_what_is_not_ambiguous() -> None:
    data = b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello" + b"GET /b HTTP/1.1\r\n\r\n"

    assert by_length(data) == by_chunks(data)
    assert [request.content for request in by_length(data)] == [b"hello", b""]
    chunked = b"POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n"
    assert [request.content for request in by_chunks(chunked)] == [b"hello"]


@pytest.fixture
def fresh_certificates():
    certificates.lab_certificates.cache_clear()
    yield
    certificates.lab_certificates.cache_clear()


@pytest.mark.usefixtures("fresh_certificates")
def test_openssl_makes_the_certificate_where_trustme_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)

    made = certificates.lab_certificates()

    assert made.client.verify_mode is ssl.CERT_REQUIRED
    assert len(made.client.get_ca_certs()) == 1
    lab = lab_number(20)
    outcome, _ = check(lab, lab.right, seconds=PATIENCE)
    assert outcome.passed, outcome.text()


@pytest.mark.usefixtures("fresh_certificates")
def test_what_lab_20_needs_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(TlsSetupError, match=r'pip install "rawwfile\[tls\]", or install the program openssl\.$'):
        certificates.lab_certificates()


def test_lab_24_needs_nothing_but_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fissix", None)
    old_site.old_site.cache_clear()

    outcome, _ = check(lab_number(24), lab_number(24).right, seconds=PATIENCE)
    old_site.old_site.cache_clear()

    assert outcome.passed, outcome.text()


@pytest.mark.parametrize("target", ["/", "/price?name=plum", "/price?name=caf%C3%A9&count=8", "/price?count=x", "/no"])
def test_the_compiled_old_site_answers_as_its_source_does(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    old_site.old_site.cache_clear()
    by_source = answer_of_the_old_site(target)
    monkeypatch.setitem(sys.modules, "fissix", None)
    old_site.old_site.cache_clear()
    by_compiled = answer_of_the_old_site(target)
    old_site.old_site.cache_clear()

    assert by_source == by_compiled
    assert by_source.startswith(b"HTTP/1.1 200 OK\r\n")


def answer_of_the_old_site(target: str) -> bytes:
    """Its response, without the date."""
    lab = lab_number(24)
    with served(lab, lab.around(None), Tape()) as address:
        line = Visit(address, seconds=PATIENCE).connect()
        line.send(f"GET {target} HTTP/1.1\r\nHost: {old_site.OLD_HOST}\r\nConnection: close\r\n\r\n".encode())
        with line:
            return b"\r\n".join(each for each in line.rest().split(b"\r\n") if not each.startswith(b"date: "))


def test_a_file_that_belongs_to_a_lab_is_given_along_and_never_overwritten(tmp_path: Path) -> None:
    folder = LabFolder(lab_number(24), tmp_path)
    assert folder.make()
    old = folder.path / "old.cpy"
    assert old.read_bytes() == (lab_number(24).folder / "old.cpy").read_bytes()

    old.write_text("mine\n", "utf-8")
    assert not folder.make()

    assert old.read_text("utf-8") == "mine\n"


def test_the_old_site_answers_whatever_else_the_process_has_loaded() -> None:
    """A module with objects that belong to a thread makes a site of 0.10 wait for its main thread."""
    import sqlite3  # noqa: F401

    lab = lab_number(24)
    old_site.old_site.cache_clear()
    outcome, _ = check(lab, lab.rights[0], seconds=PATIENCE)
    assert outcome.passed, outcome.text()
