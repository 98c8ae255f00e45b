"""Every note can be produced, says something, and lies on the bytes that it is about.

The real readers read the conversations of note_rows.py, in pieces too; `notes_on` does the rest.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import rawwfile
from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PEER_CLOSED, BodyEnd, BodyPart, RequestHead
from rawwfile.http.lenient import LenientReader
from rawwfile.http.limits import DEFAULT_LIMITS
from rawwfile.http.notes import LEVELS, NOTES, ExchangeView, Note, TlsFacts, note_class, note_from, notes_on
from rawwfile.http.notes.base import TOPICS, plain_sentence
from rawwfile.http.notes.examine import note_on_refusal, notes_on_tls
from rawwfile.http.observe import ResponseObserver
from rawwfile.http.reader import RequestReader
from rawwfile.server.serving import Serving
from tests.unit.note_rows import COVERED, EMPTY, FAULTS, GET, ROWS, Row, get, post, said
from tests.unit.test_findings import PRODUCED

HANDSHAKE = {"first_bytes": b"\x16\x03\x01", "hello": (0, 517), "client_end": 900, "version": "TLSv1.3",
             "cipher": "TLS_AES_256_GCM_SHA384"}  # fmt: skip
TLS: dict[str, dict[str, Any]] = {
    "plain-on-tls-port": {"first_bytes": b"GET / HTTP/1.1\r\n", "client_end": 40},
    "tls-established": {},
    "tls-old-version": {"version": "TLSv1"},
    "tls-no-server-name": {},
    "tls-server-name": {"server_name": "localhost"},
    "tls-alpn": {"offered_alpn": ["h2", "http/1.1"], "alpn": "http/1.1"},
    "tls-client-certificate": {"client_certificate": "CN=alice"},
    "tls-handshake-failed": {"version": None, "failure": "unknown ca"},
    "tls-truncated": {"closed_by_client": True},
    "tls-closed-cleanly": {"closed_by_client": True, "client_said_goodbye": True},
}


RFCS = {f"RFC {number}" for number in (
    2046, 6066, 6265, 6266, 6455, 6585, 6797, 7301, 7617, 8288, 8297, 8446, 8996, 9110, 9111, 9112)}  # fmt: skip


def read(row: Row, *, by: int = 0) -> ExchangeView:
    """Have the readers read a conversation, `by` bytes at a time (0: at once)."""
    reader = (LenientReader if row.lenient else RequestReader)(row.limits)
    view = ExchangeView(request_bytes=row.request)
    step = by or len(row.request) or 1
    pieces = [row.request[at:at + step] for at in range(0, len(row.request), step)]
    try:
        for piece in [*pieces, b""]:
            reader.receive_data(piece)
            while (event := reader.next_event()) not in (NEED_DATA, PEER_CLOSED):
                if isinstance(event, RequestHead):
                    view.head, view.request_start = event, event.offset
                elif isinstance(event, BodyPart):
                    view.content_seen += len(event.data)
                elif isinstance(event, BodyEnd):
                    view.content_whole, view.trailers = True, event.trailers
                    break
            if view.content_whole:
                break
    except ProtocolError as error:
        view.refusal = error
    skipped = len(row.request) - len(row.request.lstrip(b"\r\n"))
    facts = {"request_start": skipped, "skipped": skipped, "request_end": len(row.request),
             "request_bytes": row.request[skipped:] if view.refusal or row.lenient else None}  # fmt: skip
    keep, head = False, view.head
    if row.response is not None and head is not None:
        view.observer = observer = ResponseObserver(
            head.method.decode(), client_version=(1, min(head.minor, 1)), client_keeps=head.keep_alive)
        for at in range(0, len(row.response), by or len(row.response) or 1):
            observer.receive(row.response[at:at + (by or len(row.response))])
        keep = observer.may_keep
    facts |= {"keep": keep, "closed": not keep, **row.view}
    return ExchangeView(**{**vars(view), **facts})


def notes_of(row: Row, *, by: int = 0) -> list[Note]:
    return notes_on(read(row, by=by))


def bytes_under(note: Note, row: Row) -> bytes:
    return (row.request if note.direction == "in" else row.response or b"")[note.start:note.end]


class Stub(SimpleNamespace):
    """As much of the server as a refusal needs."""


def served() -> dict[str, ProtocolError]:
    """The refusals that the server itself makes, by the id of their note."""
    reader = RequestReader()
    reader.receive_data(get(b"Expect: a-miracle"))
    head = reader.next_event()
    connection = Stub(reader=reader, leading=True)
    crew = Stub(full=True)
    unknown = Serving._refusal(Stub(refuse_when_full=False, crew=crew), connection, head)
    plain = read(Row(GET)).head
    full = Serving._refusal(Stub(refuse_when_full=True, crew=crew), connection, plain)
    slow: list[ProtocolError] = []
    Serving.time_out_head(
        Stub(timeouts=Stub(header=20.0), reject=lambda _, error: slow.append(error), _release=lambda *_: None),
        connection)
    other = ProtocolError("no reason that has a note")
    return {"expectation-unknown": unknown, "server-full": full, "head-time-out": slow[0], "request-refused": other}


SERVED = served()


def test_every_note_has_a_conversation_that_produces_it():
    rows = [*PRODUCED, *FAULTS, *ROWS, *TLS, *SERVED]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(NOTES)


@pytest.mark.parametrize("id", FAULTS)
def test_a_refused_request_has_the_note_of_its_fault(id):
    row = FAULTS[id]
    view = read(row)
    error = view.refusal
    assert error is not None and error.note == id
    (note,) = [note for note in notes_on(view) if note.id == id]
    assert note.message == error.message
    assert (note.level, note.direction) == ("bad", "in")
    assert note.rule.replace("section ", "") == error.rule
    assert bytes_under(note, row) == COVERED.get(id, bytes_under(note, row))
    assert [other.as_dict() for other in notes_of(row, by=1) if other.id == id] == [note.as_dict()]


@pytest.mark.parametrize("id", SERVED)
def test_a_refusal_of_the_server_has_its_note(id):
    error = SERVED[id]
    assert error.note == ("" if id == "request-refused" else id)
    note = note_on_refusal(error, read(Row(get(b"Expect: a-miracle"))))
    assert note.id == id and note.message == error.message
    assert not error.rule or note.rule.replace("section ", "") == error.rule


@pytest.mark.parametrize("id", ROWS)
def test_an_exchange_has_the_note(id):
    row = ROWS[id]
    found = notes_of(row)
    mine = [note for note in found if note.id == id]
    assert mine, [note.id for note in found]
    assert bytes_under(mine[0], row) == COVERED.get(id, bytes_under(mine[0], row))
    assert [note.as_dict() for note in notes_of(row, by=1)] == [note.as_dict() for note in found]


@pytest.mark.parametrize("id", TLS)
def test_a_tls_connection_has_the_note(id):
    found = list(notes_on_tls(TlsFacts(**{**({} if "client_end" in TLS[id] else HANDSHAKE), **TLS[id]})))
    assert id in [note.id for note in found]
    assert all(0 <= note.start <= note.end <= 900 and note.direction == "in" for note in found)


@pytest.mark.parametrize("id", [*FAULTS, *ROWS])
def test_spans_lie_in_the_stream_and_sentences_are_filled_in(id):
    row = (FAULTS | ROWS)[id]
    for note in notes_of(row):
        size = len(row.request if note.direction == "in" else row.response or b"")
        assert 0 <= note.start <= note.end <= size, note
        assert "{" not in note.message.replace("{id}", "") and len(note.message) < 250
        assert note_from(note.as_dict()) == note


def test_offsets_are_those_of_the_connection():
    row = Row(GET, said(b"Content-Type: html"))
    before = [(note.id, note.start, note.end) for note in notes_of(row)]
    view = read(row)
    view = ExchangeView(head=view.head, observer=view.observer, request_start=1000, response_start=5000, keep=True)
    after = [(note.id, note.start, note.end, note.direction) for note in notes_on(view)]
    assert before == [
        (id, start - (1000 if way == "in" else 5000), end - (1000 if way == "in" else 5000))
        for id, start, end, way in after]


@pytest.mark.parametrize("kind", NOTES.values(), ids=NOTES)
def test_the_texts_of_a_note_are_whole(kind: type[Note]):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.id)
    assert kind.level in LEVELS and kind.topic and kind.source == "rawwfile" and kind.direction in ("in", "out")
    rfc, _, section = kind.rule.partition(" section ")
    assert rfc in RFCS and re.fullmatch(r"\d+(\.\d+)*", section)
    sentence = plain_sentence(kind)
    assert kind.sentence and not kind.sentence.endswith(".") and len(sentence) < 130
    assert len(re.findall(r"[.!?)](?: |$)", kind.explanation)) >= 2, kind.explanation
    assert 150 < len(kind.explanation) < 750 and kind.explanation[-1] in ".)"
    assert kind.advice.endswith((".", ").", '".')) or (not kind.advice and kind.level == "good")
    assert kind.level == "good" or kind.advice


def test_notes_of_the_observer_that_are_bad_are_doubtful():
    assert all(NOTES[id].doubtful for id in PRODUCED if NOTES[id].level == "bad")


def test_every_note_that_the_code_names_exists():
    """The readers name notes by id, in strings; a slip would show only when the fault is met."""
    named = set()
    for path in (Path(rawwfile.__file__).parent / "http").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                arguments = [word.value for word in node.keywords if word.arg == "note"]
                if name in ("note_class", "FramingProblem", "_stop") or (name == "add" and len(node.args) > 2):
                    arguments += node.args[:1]
                named |= {word.value for word in arguments if isinstance(word, ast.Constant)}
    assert len(named) > 70
    assert named <= set(NOTES)


def test_every_topic_is_loaded_and_there_are_no_others():
    folder = Path(rawwfile.__file__).parent / "http" / "notes"
    others = {"__init__", "base", "examine", "view"}
    assert {path.stem for path in folder.glob("*.py")} - others == set(TOPICS)
    assert {kind.topic for kind in NOTES.values()} == {topic.replace("_", " ") for topic in TOPICS}


def test_an_ordinary_exchange_has_nothing_to_complain_of():
    row = Row(get(b"Accept-Encoding: gzip"), said(b"Content-Type: text/html; charset=utf-8", content=b"hello"))
    assert [(note.id, note.level) for note in notes_of(row)] == [("complete", "good"), ("kept", "good")]
    posted = Row(post(b"Content-Type: text/plain", b"Content-Length: 2", content=b"hi"), EMPTY)
    assert {note.level for note in notes_of(posted)} == {"good"}


def test_nothing_at_all_is_examined_too():
    assert notes_on(ExchangeView()) == []
    assert note_class("kept")(0, 0).message == "the connection is kept: the next request may follow on it"
    assert DEFAULT_LIMITS.body is None
