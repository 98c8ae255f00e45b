"""What a strict teacher says of real messages: nothing of those that are right, one thing of those with a mistake.

The files in talks/ hold conversations: "== what it is => ids | bytes", the request, "<<" and the response. Escapes
such as \\x00 and \\r stand for bytes, line ends for CR LF, "Content-Length: #" for the length of the content; the
empty line after the last field is added.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from rawwfile.http.notes import MAX_FINDINGS, NOTES, Note
from rawwfile.tape.model import ExchangeRecord
from rawwfile.tape.reading import tape_of, tape_of_bytes

TALKS = Path(__file__).parent / "talks"


class Talk(NamedTuple):
    """A conversation: the ids of the notes of level warning or bad it earns; the bytes under the first of them."""

    ids: list[str]
    covered: bytes | None
    request: bytes
    response: bytes

    def exchanges(self) -> list[ExchangeRecord]:
        crossed = [(0.0, "in", self.request), (1.0, "out", self.response)]
        return [exchange for connection in tape_of([one for one in crossed if one[2]])
                for exchange in connection.exchanges]

    def alarms(self) -> list[Note]:
        notes = [note for exchange in self.exchanges() for note in exchange.notes]
        return [note for note in notes if note.level in ("warning", "bad")]


def unescaped(text: str) -> bytes:
    return text.encode("ascii").decode("unicode_escape").encode("latin-1")


def message(text: str) -> bytes:
    text = text.strip("\n")
    if not text:
        return b""
    head, _, content = unescaped(text.replace("\n", "\r\n")).partition(b"\r\n\r\n")
    return head.replace(b"Content-Length: #", b"Content-Length: %d" % len(content)) + b"\r\n\r\n" + content


def talks(name: str) -> dict[str, Talk]:
    found: dict[str, Talk] = {}
    for part in re.split(r"(?m)^== ", (TALKS / f"{name}.txt").read_text("ascii"))[1:]:
        title, _, rest = part.partition("\n")
        what, _, earned = title.partition(" => ")
        ids, bar, covered = earned.partition(" | ")
        request, _, response = f"\n{rest}".partition("\n<<\n")
        assert f"{name}: {what}" not in found, what
        found[f"{name}: {what}"] = Talk(
            ids.split(), unescaped(covered) if bar else None, message(request), message(response))
    return found


VALID = talks("valid_requests") | talks("valid_responses")
MISTAKEN = talks("mistaken_requests") | talks("mistaken_responses")


@pytest.mark.parametrize("talk", VALID.values(), ids=VALID)
def test_what_is_right_raises_no_alarm(talk: Talk):
    assert sorted({note.id for note in talk.alarms()}) == sorted(talk.ids)


@pytest.mark.parametrize("talk", MISTAKEN.values(), ids=MISTAKEN)
def test_a_mistake_is_noted_at_its_place_and_nothing_else(talk: Talk):
    found = talk.alarms()
    assert sorted({note.id for note in found}) == sorted(talk.ids)
    first = next(note for note in found if note.id == talk.ids[0])
    bytes_of = {"in": talk.request, "out": talk.response}[first.direction]
    if talk.covered is not None:
        assert bytes_of[first.start:first.end] == talk.covered


@pytest.mark.parametrize("talk", MISTAKEN.values(), ids=MISTAKEN)
def test_a_refused_request_has_a_bad_note_and_others_have_none_of_refusal(talk: Talk):
    for exchange in talk.exchanges():
        bad = [note for note in exchange.notes if note.level == "bad" and note.direction == "in"]
        assert bool(exchange.refused) <= bool(bad)


def test_a_conversation_may_have_no_alarm_but_a_mistake_has_one():
    assert len(VALID) > 150 and len(MISTAKEN) > 150
    assert all(talk.ids and set(talk.ids) <= set(NOTES) for talk in MISTAKEN.values())


def test_bytes_from_a_file_are_not_said_to_have_crossed_in_plain():
    response = VALID["valid_responses: Cookies for TLS, from a site behind a proxy"].response
    (exchange,) = next(iter(tape_of_bytes(response))).exchanges
    assert [note.id for note in exchange.notes if note.level in ("warning", "bad")] == []


def test_the_notes_of_a_topic_are_bounded():
    trailer = b"Trailer: " + b", ".join(b"a%d" % number for number in range(5000))
    cookies = b"\r\n".join(b"Set-Cookie: a%d=1" % number for number in range(500))
    talk = Talk([], None, VALID["valid_requests: curl"].request, b"\r\n".join((
        b"HTTP/1.1 200 OK", trailer, cookies, b"Transfer-Encoding: chunked", b"", b"0", b"", b"")))
    notes = [note.topic for exchange in talk.exchanges() for note in exchange.notes]
    assert notes.count("trailers") == notes.count("cookies") == MAX_FINDINGS


def test_values_of_fields_are_quoted_as_people_write_them():
    talk = MISTAKEN["mistaken_responses: html is no type"]
    (note,) = talk.alarms()
    assert note.message == "Content-Type is no media type: 'html'"
