"""httplint's second opinion: under its own name, on the right bytes, silent where it is not installed."""

from __future__ import annotations

import logging

import pytest

from rawwfile.errors import ConfigError
from rawwfile.http.notes import ForeignNote, Note, note_from
from rawwfile.tape import lint
from rawwfile.tape.lint import lint_notes
from rawwfile.tape.model import Tape
from rawwfile.tape.reading import tape_of

REQUEST = b"GET /a HTTP/1.1\r\nHost: a\r\nCookie: a=secret secret\r\nIf-None-Match: hello\r\n\r\n"
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nDate: yesterday\r\nContent-Type: text/plain\r\nCache-Control: max-age=1, no-store\r\n"
    b"Content-Length: 4\r\n\r\nhello"
)
TRAILERS = (
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nETag: unquoted\r\n\r\n"
)


def conversation(request: bytes, response: bytes) -> Tape:
    return tape_of([(0.0, "in", request), (0.1, "out", response)] if request else [(0.0, "out", response)])


def linted(request: bytes, response: bytes) -> tuple[list[Note], Tape]:
    tape = conversation(request, response)
    (connection,) = tape
    return lint_notes(connection, connection.exchanges[0]), tape


def under(note: Note, tape: Tape) -> bytes:
    (connection,) = tape
    return connection.stream(note.direction).read(note.start, note.end)


def test_its_notes_stand_on_the_field_that_they_are_about():
    notes, tape = linted(REQUEST, RESPONSE)

    places = [under(note, tape) for note in notes]
    assert b"Date: yesterday" in places and b"If-None-Match: hello" in places
    assert all(note.source == "httplint" and isinstance(note, ForeignNote) for note in notes)
    assert {note.level for note in notes} <= {"good", "info", "warning", "bad"}
    assert {"in", "out"} == {note.direction for note in notes}
    assert all(under(note, tape) for note in notes)


def test_its_notes_are_whole_and_plain_and_survive_a_file():
    notes, _ = linted(REQUEST, RESPONSE)

    for note in notes:
        assert note.message and not note.message.endswith(".") and "\n" not in note.message
        assert "<" not in note.message and "</" not in note.explanation
        assert note.topic == note.topic.lower() and note.topic
        assert note_from(note.as_dict()) == note


def test_what_is_secret_is_not_quoted():
    notes, _ = linted(REQUEST, RESPONSE.replace(b"Date: yesterday", b"Set-Cookie: a=secret secret; Path=secret"))

    assert not [note for note in notes if "secret" in note.explanation]


def test_it_reads_the_final_response_and_its_trailers():
    notes, tape = linted(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", TRAILERS)

    assert b"ETag: unquoted" in [under(note, tape) for note in notes]
    assert not any(note.end <= TRAILERS.index(b"HTTP/1.1 200") for note in notes if note.direction == "out")


def test_a_response_alone_and_a_broken_one_are_read_too():
    notes, _ = linted(b"", RESPONSE)
    assert notes
    assert linted(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"<html>")[0] is not None


def test_without_the_extra_it_is_silent_unless_asked_for(monkeypatch):
    lint.require()
    monkeypatch.setattr(lint, "installed", lambda: False)

    assert linted(REQUEST, RESPONSE)[0] == []
    with pytest.raises(ConfigError) as raised:
        lint.require()
    assert str(raised.value) == 'the notes of httplint need the extra "lint": pip install "rawwfile[lint]".'


def test_a_fault_of_it_costs_its_notes_only(monkeypatch, caplog):
    monkeypatch.setattr(lint, "_feed", lambda *_, **__: 1 / 0)

    with caplog.at_level(logging.WARNING):
        assert linted(REQUEST, RESPONSE)[0] == []
    assert "httplint could not read exchange" in caplog.text
