"""`.wire` files: what is written can be opened and is the same; what is damaged is named by its line."""

from __future__ import annotations

import base64
import errno
import io
import json
from pathlib import Path
from typing import Any

import pytest

from rawwfile.errors import StartError, WireFileError
from rawwfile.http.limits import DEFAULT_LIMITS
from rawwfile.http.span_reader import SpanReader
from rawwfile.tape import wirewriter
from rawwfile.tape.model import ConnectionTape, Tape
from rawwfile.tape.recorder import Outcome, Track
from rawwfile.tape.wirefile import WireWriter, read_wire, write_wire
from rawwfile.tape.wirewriter import open_for_recording, open_to_go_on

REQUEST = b"POST /a HTTP/1.1\r\nHost: a\r\nCookie: sid=abc\r\nContent-Length: 2\r\n\r\nhi"
RESPONSE = b"HTTP/1.1 200 OK\r\nSet-Cookie: sid=xyz; Path=/\r\nContent-Length: 2\r\n\r\nok and too much"


def record(tape: Tape) -> Track:
    """A connection with one exchange on it, over TLS, and half a request behind it."""
    opened = ConnectionTape(tape.next_connection(), "https", "127.0.0.1:5", "127.0.0.1:8000", 0.5)
    reader = SpanReader(DEFAULT_LIMITS)
    track = Track(tape, opened, reader)
    track.entry("in", "cipher", b"\x16\x03\x01", 0.6)
    track.secured({"version": "TLSv1.3", "cipher": "X", "alpn": None, "server_name": "h", "chain": []}, 0.7)
    track.entry("in", "plain", REQUEST, 1.0)
    reader.receive_data(REQUEST)
    track.begin(reader.next_event(), 1.1)  # type: ignore[arg-type]
    track.event("handler-start", "Root.index (é.py:3)", 1.2)
    reader.next_event(), reader.next_event()
    track.entry("out", "plain", RESPONSE[:30], 1.3, ("é.py:5", "/somewhere/é.py:5"))
    track.entry("out", "plain", RESPONSE[30:], 1.4, ("é.py:6", "/somewhere/é.py:6"))
    track.end(Outcome("error", False, "Root.index (é.py:3)", True), 1.5)
    track.entry("in", "plain", b"GET / HT", 1.6)
    track.ended("in", "plain", "client-ended", "", 1.7)
    track.because("only this")
    track.close("server", "not this", 1.8)
    return track


def written(tape: Tape, secrets: bool = False) -> str:
    file = io.StringIO()
    write_wire(tape, file, secrets)
    return file.getvalue()


@pytest.fixture
def tape() -> Tape:
    tape = Tape(started=1234567890.25, by="a test")
    record(tape)
    record(tape)
    return tape


@pytest.mark.parametrize("secrets", [False, True])
def test_what_is_written_can_be_opened_and_is_the_same(tape: Tape, secrets: bool) -> None:
    text = written(tape, secrets)
    again = read_wire(io.StringIO(text))
    as_bytes = read_wire(io.BytesIO(text.encode()))

    rows = [json.loads(line) for line in text.splitlines()]
    for other in (again, as_bytes):
        # What is hidden stays hidden: it is written as it was opened.
        assert [json.loads(line) for line in written(other, True).splitlines()][1:] == rows[1:]
    assert rows[0] == {"wire": 1, "by": "a test", "started": "2009-02-13T23:31:30.250000Z", "masked": not secrets}
    assert (again.started, again.by) == (tape.started, "a test")
    connection, before = again.connections[2], tape.connections[2]
    for key, stream in before.streams.items():
        found = connection.streams[key]
        assert (found.first, found.end, found.ended) == (stream.first, stream.end, stream.ended)
        if stream.trail is not None:
            assert list(found.trail or ()) == list(stream.trail)
        if secrets:
            assert found.read() == stream.read()
    exchange = connection.exchanges[0]
    assert again.exchanges[exchange.id] is exchange
    assert [str(note) for note in exchange.notes] == [str(note) for note in before.exchanges[0].notes] != []
    assert (connection.closed, connection.closed_by, connection.why) == (1.8, "client", "only this")


def test_secrets_are_hidden_unless_asked_for(tape: Tape) -> None:
    text, open_text = written(tape), written(tape, True)
    shown, shown_open = read_wire(io.StringIO(text)), read_wire(io.StringIO(open_text))

    assert shown_open.connections[1].stream("in").read(0, len(REQUEST)) == REQUEST
    assert shown.connections[1].stream("in").read(0, len(REQUEST)) == REQUEST.replace(b"abc", b"***")
    assert shown.connections[1].stream("out").read() == RESPONSE.replace(b"xyz", b"***")
    for secret in (b"abc", b"xyz"):
        assert secret.decode() not in text
        assert base64.b64encode(secret).decode() not in text


def test_no_path_of_this_machine_is_in_the_file(tape: Tape) -> None:
    assert "somewhere" not in written(tape, True)


def test_the_file_is_one_line_for_each_thing_with_its_keys_in_order(tape: Tape) -> None:
    lines = written(tape).splitlines()
    assert lines == written(tape).splitlines()
    of_entries = [json.loads(line) for line in lines if '"type": "entry"' in line]
    assert list(of_entries[0]) == [
        "type", "connection", "sequence", "direction", "side", "offset", "time", "by", "data",
    ]  # fmt: skip
    assert [row["sequence"] for row in of_entries] == [1, 2, 3, 4, 5] * 2
    assert [row["by"] for row in of_entries[:5]] == [None, None, "é.py:5", "é.py:6", None]


def test_a_live_recording_is_opened_like_a_written_one(tmp_path: Path) -> None:
    tape = Tape(started=1.0)
    path = tmp_path / "live.wire"
    writer = WireWriter(tape, open_for_recording(str(path)))
    writer.start()
    record(tape)
    record(tape)
    writer.stop()

    with path.open("rb") as file:
        again = read_wire(file, str(path))
    text = path.read_text()
    # Of a handshake nothing is known when the connection is opened.
    beginnings = {line for line in text.splitlines() if '"tls": null' in line}
    assert len(beginnings) == 2
    assert set(text.splitlines()) - beginnings == set(written(tape).splitlines())
    assert set(written(again, True).splitlines()[1:]) == set(text.splitlines()[1:]) - beginnings
    assert base64.b64encode(b"sid=abc").decode() not in text


@pytest.mark.parametrize("late", [False, True])
def test_the_order_of_the_lines_does_not_depend_on_when_they_are_written(tmp_path: Path, late: bool) -> None:
    tape = Tape(started=1.0)
    path = tmp_path / "live.wire"
    writer = WireWriter(tape, open_for_recording(str(path)))
    if late:
        record(tape)
        writer.start()
    else:
        writer.start()
        record(tape)
    writer.stop()

    rows = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    assert [row.get("kind") or row["type"] for row in rows if row["type"] != "note"] == [
        "connection", "entry", "tls-done", "connection", "entry", "request-read", "handler-start", "entry",
        "first-byte", "entry", "settled", "exchange-end", "exchange", "entry", "client-ended", "closed", "closed",
    ]  # fmt: skip
    assert [bool(row["tls"]) for row in rows if row["type"] == "connection"] == [False, True]


@pytest.mark.parametrize("most", range(1, 20))
def test_what_a_writer_missed_costs_nothing_but_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(wirewriter, "QUEUE", most)
    tape = Tape(started=1.0)
    path = tmp_path / "live.wire"
    writer = WireWriter(tape, open_for_recording(str(path)))
    record(tape)
    writer.start()
    writer.stop()

    with path.open("rb") as file:
        again = read_wire(file, str(path))
    assert again.connections[1].closed == 1.8
    assert again.connections[1].tls is not None
    assert again.exchanges[1].end == "error"


def test_a_recording_that_was_cut_off_is_read_as_far_as_it_goes(tape: Tape) -> None:
    text = written(tape)
    again = read_wire(io.StringIO(text[:-30]))
    assert again.connections[1].closed == 1.8
    assert again.connections[2].closed is None
    assert again.connections[2].stream("out").read() == RESPONSE.replace(b"xyz", b"***")


def test_another_process_goes_on_with_a_recording(tmp_path: Path) -> None:
    path = str(tmp_path / "a.wire")
    writer = WireWriter(Tape(started=5.0, by="one"), open_for_recording(path))
    writer.start()
    writer.stop()
    for _ in range(2):
        file, tape = open_to_go_on(path)
        assert (tape.started, tape.by) == (5.0, "one")
        writer = WireWriter(tape, file, header=False)
        writer.start()
        record(tape)
        writer.stop()
        with open(path, "a", encoding="utf-8") as found:
            found.write('{"type": "ent')

    with open(path, encoding="utf-8") as found:
        again = read_wire(found)
    assert list(again.connections) == [1, 2] and list(again.exchanges) == [1, 2]


def test_a_writer_that_could_not_follow_leaves_a_gap(tape: Tape) -> None:
    lines = written(tape).splitlines(True)
    entry = next(index for index, line in enumerate(lines) if '"out"' in line)
    del lines[entry]
    with pytest.raises(WireFileError, match="the bytes so far end at"):
        moved = json.loads(lines[entry - 1])
        read_wire([*lines[:entry], json.dumps({**moved, "offset": 999, "sequence": 9}) + "\n"])
    again = read_wire([*lines[:entry], '{"type": "missed", "count": 3}\n', *lines[entry:]])
    assert again.connections[1].stream("out").first == 30
    assert again.connections[1].stream("out").read() == RESPONSE[30:].replace(b"xyz", b"***")


HEAD = '{"wire": 1, "by": "x", "started": "2026-01-01T00:00:00Z", "masked": true}\n'
OPENED = '{"type": "connection", "connection": 1, "scheme": "http", "peer": "", "local": "", "opened": 0}\n'
ENTRY = {
    "type": "entry", "connection": 1, "sequence": 1, "direction": "in", "side": "plain", "offset": 0, "time": 0,
    "by": None, "data": "aGk=",
}  # fmt: skip


def with_row(**changed: Any) -> str:
    return HEAD + OPENED + json.dumps({**ENTRY, **changed}) + "\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'f.wire is empty: a recording begins with {"wire": 1, ...}.'),
        ("GET / HTTP/1.1\n", 'f.wire, line 1: no recording: the first line is {"wire": 1, ...}.'),
        ("{}\n", 'f.wire, line 1: no recording: the first line is {"wire": 1, ...}.'),
        ("[]\n", "f.wire, line 1: not a JSON object."),
        (HEAD.replace("1", "2", 1), "f.wire, line 1: version 2 of the format; this rawwfile reads version 1."),
        (HEAD.replace("2026-01-01", "soon"), 'f.wire, line 1: "started" is no time such as 2026-11-21T21:50:'),
        (HEAD + "{]\n" + OPENED, "f.wire, line 2: no JSON."),
        (HEAD + '{"type": "tea"}\n', "f.wire, line 2: no type of line is 'tea'; there are connection, entry, "),
        (HEAD + json.dumps(ENTRY) + "\n", "f.wire, line 2: connection 1, of which no line came before."),
        (with_row(direction="up"), "f.wire, line 3: \"direction\" is in or out, not 'up'."),
        (with_row(data="!"), 'f.wire, line 3: "data" is no base64.'),
        (with_row(data=5), 'f.wire, line 3: "data" is not text.'),
        (with_row(offset=-1), 'f.wire, line 3: "offset" is not a whole number.'),
        (with_row(offset=True), 'f.wire, line 3: "offset" is not a whole number.'),
        (with_row(offset=1 << 70), 'f.wire, line 3: "offset" is larger than anything that is recorded.'),
        (with_row(time="now"), 'f.wire, line 3: "time" is not a number of seconds.'),
        (with_row(time=1e300), 'f.wire, line 3: "time" is no time that a recording takes.'),
        (with_row(time=float("nan")), 'f.wire, line 3: "time" is no time that a recording takes.'),
        (with_row(type="closed"), 'f.wire, line 3: "by" is not text.'),
        (with_row(type="exchange"), 'f.wire, line 3: "exchange" is missing.'),
        (with_row(type="note", exchange=None), "f.wire, line 3: no note: "),
        (with_row() + with_row(offset=7).splitlines()[2], 'f.wire, line 4: "offset" is 7, and the bytes so far end'),
    ],
)
def test_what_is_damaged_is_named(text: str, message: str) -> None:
    with pytest.raises(WireFileError) as caught:
        read_wire(io.StringIO(text), "f.wire")
    assert str(caught.value).startswith(message)
    assert isinstance(caught.value, StartError)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_named() -> None:
    with pytest.raises(WireFileError, match=r"f.wire, line 2: byte 1 is no UTF-8\."):
        read_wire(io.BytesIO(HEAD.encode() + b'"\xff\n'), "f.wire")


def test_a_file_that_is_no_recording_is_never_replaced(tmp_path: Path) -> None:
    program = tmp_path / "hello.py"
    program.write_text("print('hello')\n")
    with pytest.raises(WireFileError, match="hello.py is there and is no recording; give another name."):
        open_for_recording(str(program))
    assert program.read_text() == "print('hello')\n"
    with pytest.raises(WireFileError, match="cannot be written: Is a directory"):
        open_for_recording(str(tmp_path))
    with pytest.raises(WireFileError, match="cannot be written: No such file"):
        open_for_recording(str(tmp_path / "a" / "b"))
    program.write_bytes(b"\xff\xfe")
    with pytest.raises(WireFileError, match="it is no text"):
        open_for_recording(str(program))


class _Full(io.StringIO):
    """A file on a full disk; like others it tries once more when it is closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        super().close()
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_once_and_ends_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    tape = Tape(started=1.0)
    writer = WireWriter(tape, _Full(), header=False)
    record(tape)
    writer.start()
    writer.stop()

    assert [each.getMessage() for each in caplog.records] == [
        "the recording cannot be written any more: No space left on device; what is in the file can be opened"
    ]


def test_two_servers_do_not_write_one_file(tmp_path: Path) -> None:
    path = str(tmp_path / "a.wire")
    with open_for_recording(path) as first:
        first.write(HEAD)
    going_on, _ = open_to_go_on(path, alone=True)
    with going_on:
        for again in (lambda: open_for_recording(path), lambda: open_to_go_on(path, alone=True)):
            with pytest.raises(WireFileError, match="a.wire is being written by another server; give another name."):
                again()
        assert Path(path).read_text() == HEAD
    open_to_go_on(path, alone=True)[0].close()
