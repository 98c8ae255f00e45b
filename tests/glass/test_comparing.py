"""What clients make of broken responses: the table that was measured by hand, and what holds it together."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading

import pytest

from rawwfile.errors import ConfigError
from rawwfile.glass import one_shot
from rawwfile.glass.clients.outcome import Client, Outcome
from rawwfile.glass.comparing import CASES, Comparing, Comparison, Row, available, cases_table, compare, is_image
from rawwfile.glass.one_shot import OneShot
from rawwfile.glass.pieces import Piece, PiecesError
from tests.commands import PATIENCE
from tests.glass.h11_client import H11Client

RIGHT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"

ONE_BODY = "one body, all parts in it"

# Measured with Python 3.10.13, 3.11.7, 3.12.1 and 3.13.0, which agree; curl 7.88.1; h11 0.16.0.
TABLE = {
    # what was sent: http.client, curl, h11, our own reader
    "Content-Length too big": ("IncompleteRead", "shows it, exit 18", "error", "short"),
    "Content-Length too small": ('"hel"', '"hel"', '"hel"', "excess"),
    "two different lengths (3, 5)": ('first: "hel"', 'last: "hello"', "refused", "open-ended, doubtful"),
    "Content-Length: +5": ("ok", "ok", "refused", "open-ended, doubtful"),
    "no blank line": ("200, empty", "200, empty", "error", "short"),
    "bare LF everywhere": ("ok", "ok", "ok", "complete, doubtful"),
    "bare CR everywhere": ("200, empty", "exit 52", "error", "short"),
    "space before the colon": ("ok", "ok", "refused", "complete, doubtful"),
    "NUL in a field": ("ok", "exit 8", "refused", "complete, doubtful"),
    "HTTP/2.0 in the status line": ("UnknownProtocol", "ok", "ok", "complete, doubtful"),
    "status 99": ("BadStatusLine", "exit 1", "refused", "unreadable"),
    "status 1000": ("BadStatusLine", "exit 1", "refused", "unreadable"),
    "status line missing": ("BadStatusLine", "exit 1", "refused", "unreadable"),
    "CRLF before the status line": ("BadStatusLine", "exit 1", "refused", "unreadable"),
    "last chunk missing": ("IncompleteRead", "shows it, exit 18", "error", "short"),
    'chunk size "ZZ"': ("IncompleteRead", "exit 56", "refused", "unreadable"),
    "bytes after chunk data": ("IncompleteRead", "shows it, exit 56", "refused", "unreadable"),
    "length and chunked": ("chunked wins", "chunked wins", "chunked wins", "complete, doubtful"),
    "body on 204": ("dropped", "dropped", "dropped", "excess, doubtful"),
    "103 before 200": ("takes 103 as final", "ok", "ok", "complete"),
    "x-mixed-replace: images": (ONE_BODY, ONE_BODY, ONE_BODY, "open-ended"),
    "x-mixed-replace: HTML": (ONE_BODY, ONE_BODY, ONE_BODY, "open-ended"),
}


@pytest.fixture(scope="module")
def table():
    """Every case, read by every client but the browser."""
    return cases_table(["http.client", "curl", H11Client(), "rawwfile"])


@pytest.mark.parametrize("name", CASES)
def test_the_measured_table(table, name):
    rows = table.comparisons[name].rows

    assert [row.client for row in rows] == ["http.client", "curl", "h11", "rawwfile"]
    assert tuple(row.reading for row in rows) == TABLE[name], [row.detail for row in rows]


def test_the_table_as_text_and_as_json(table):
    lines = table.text().splitlines()
    told = table.json()["rows"]

    assert re.match(r"sent +http\.client 3\.\d+\.\S+ +curl \d\S+ +h11 \S+ +rawwfile \S+$", lines[0])
    assert len(lines) == 2 + len(CASES) == 2 + len(told)
    assert re.fullmatch(r'two different lengths \(3, 5\) +first: "hel" +last: "hello" +refused +open-.*', lines[4])
    assert (told[2]["case"], told[2]["differ"]) == ("two different lengths (3, 5)", True)
    assert told[2]["rows"][1]["reading"] == 'last: "hello"'


# -- one comparison ------------------------------------------------------------------------------

HERE = ["http.client", "curl", "rawwfile"]


@pytest.mark.parametrize(
    "name, http_client, curl, reader",
    [
        ("Content-Length too big", True, True, True),
        ("Content-Length too small", False, False, True),
        ("two different lengths (3, 5)", False, False, True),
        ("NUL in a field", False, True, True),
        ("103 before 200", False, False, False),
        ("x-mixed-replace: HTML", False, False, False),
    ],
)
def test_who_noticed_that_something_is_wrong(table, name, http_client, curl, reader):
    told = {row.client: row.noticed for row in table.comparisons[name].rows}

    assert told == {"http.client": http_client, "curl": curl, "h11": None, "rawwfile": reader}


def test_content_is_quoted_where_nobody_said_what_was_meant():
    comparison = compare([Piece(RIGHT)], HERE)

    assert [row.reading for row in comparison.rows] == ['"hello"', '"hello"', "complete"]
    assert [row.detail for row in comparison.rows] == [
        '200 OK; "hello"', '200; "hello"', '200; "hello"; complete: 5 bytes, as its Content-Length says'
    ]
    assert not comparison.differ
    first, _rule, *rows = comparison.text().splitlines()
    assert first.split() == ["client", "reading", "detail"]
    assert [row.split()[0] for row in rows] == HERE


@pytest.mark.parametrize("number", [10**23, (1 << 63) - 1, 5 * 10**12])
@pytest.mark.parametrize("field", ["Content-Length: {}\r\n\r\nhi", "Transfer-Encoding: chunked\r\n\r\n{:x}\r\nhi"])
def test_a_length_beyond_all_memory_is_a_row_too(field, number):
    rows = compare([Piece(f"HTTP/1.1 200 OK\r\n{field.format(number)}".encode())], ["http.client", "rawwfile"]).rows

    # Which of them depends on the version of Python and on the machine.
    assert rows[0].reading in ("OverflowError", "MemoryError", "IncompleteRead") and rows[0].noticed is True
    assert rows[1].noticed is True


def test_what_each_client_sent_is_kept():
    rows = compare([Piece(RIGHT)], HERE).json()["rows"]

    assert sorted(rows[0]) == ["client", "detail", "noticed", "reading", "request", "seconds", "version"]
    for row in rows:
        assert re.match(r"GET / HTTP/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n", row["request"])
        assert row["request"].endswith("\r\n\r\n")
    assert "User-Agent: curl/" in rows[1]["request"]


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_another_method(method):
    comparison = compare([Piece(RIGHT)], HERE, method)

    assert all(row.request.startswith(f"{method} / HTTP/1.1\r\n") for row in comparison.rows)
    if method == "HEAD":
        assert [row.reading for row in comparison.rows] == ["200, empty", "200, empty", "excess"]
    else:
        assert [row.reading for row in comparison.rows] == ['"hello"', '"hello"', "complete"]


def test_pieces_and_pauses_change_nothing_for_the_clients():
    pieces = [Piece(bytes([byte]), 0.001 if index % 20 == 0 else 0.0) for index, byte in enumerate(RIGHT)]

    assert [row.reading for row in compare(pieces, HERE).rows] == ['"hello"', '"hello"', "complete"]


def test_nothing_at_all_and_long_and_strange_content():
    with Comparing(HERE) as comparing:
        nothing = comparing.compare([])
        long = comparing.compare([Piece(b"HTTP/1.1 200 OK\r\n\r\n" + b"a\xff\r\x1b" + b"x" * 100_000)])

    assert [row.reading for row in nothing.rows] == ["RemoteDisconnected", "exit 52", "untouched"]
    assert long.rows[0].reading == long.rows[1].reading == '"a\\xff\\r\\x1b' + "x" * 29 + '…" (100,004 bytes)'
    assert all(row.detail.isprintable() for row in nothing.rows + long.rows)


def test_whether_they_differ():
    def differ(*readings):
        return Comparison([Row("a client", "1", reading, "", 0.0) for reading in readings]).differ

    assert not differ("ok", "ok", "ok")
    assert differ("ok", "ok", "refused")
    assert not differ("200, empty", "404, empty", "blank")
    away = Row("curl", None, "not installed", "", 0.0)
    own = Row("rawwfile", "1", "complete", "", 0.0)
    assert not Comparison([Row("a", "1", "ok", "", 0.0), away, own]).differ


def test_images_are_told_from_what_a_browser_opens():
    assert is_image(b"HTTP/1.1 200 OK\r\ncontent-type: image/png\r\n\r\n")
    assert is_image(CASES["x-mixed-replace: images"].data)
    assert not is_image(CASES["x-mixed-replace: HTML"].data)
    assert not is_image(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nContent-Type: image/png\r\n")


# -- what is not there, and what goes wrong ------------------------------------------------------


def test_without_programs_the_rows_say_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    comparison = compare([Piece(RIGHT)])

    assert [(row.client, row.version, row.reading) for row in comparison.rows][1:3] == [
        ("curl", None, "not installed"),
        ("chromium", None, "not installed"),
    ]
    assert comparison.rows[0].reading == '"hello"'
    assert not comparison.differ
    assert {name for name, version in available().items() if version is None} == {"curl", "chromium"}


def test_a_program_of_another_kind_by_that_name(monkeypatch, tmp_path):
    program = tmp_path / "curl"
    program.write_text("#!/bin/sh\necho something else\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert available()["curl"] is None


def test_wrong_words_are_refused_in_one_line():
    with pytest.raises(ConfigError, match=r"^there is no client 'lynx' to compare; choose from http\.client, curl, "):
        compare([Piece(RIGHT)], ["lynx"])
    with pytest.raises(ConfigError, match=r"^clients cannot be made to ask with 'CONNECT'; choose from GET, "):
        compare([Piece(RIGHT)], HERE, "CONNECT")
    with pytest.raises(PiecesError, match=r"^for a comparison the pauses last at most 30 seconds$"):
        compare([Piece(RIGHT, 16.0), Piece(b"", 16.0)], HERE)


class Waiting(Client):
    """A client that never stops reading by itself."""

    name = "waiting"

    def version(self):
        return "1"

    def read(self, server, method):
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
            self.port = server.port
            return Outcome("ended", 200, connection.recv(1))  # no request: nobody answers


def test_every_client_ends(monkeypatch):
    monkeypatch.setattr(one_shot, "PATIENCE", 0.2)
    waiting = Waiting()

    assert compare([Piece(RIGHT)], [waiting]).rows[0].detail == "ended"
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", waiting.port), timeout=PATIENCE)


def test_nothing_is_left(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = set(threading.enumerate())

    compare([Piece(RIGHT)], HERE)

    assert set(threading.enumerate()) == before
    assert os.listdir(tmp_path) == []


# -- the server of one client --------------------------------------------------------------------


def ask(server, data):
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as client:
        client.sendall(data)
        return client.makefile("rb").read()


def test_it_answers_every_request_and_keeps_what_was_asked():
    with OneShot([Piece(b"one"), Piece(b"two", 0.01)]) as server:
        assert ask(server, b"GET /a HTTP/1.1\r\n\r\n") == b"onetwo"
        assert ask(server, b"GET /favicon.ico HTTP/1.1\r\n\r\n").startswith(b"HTTP/1.1 404 Not Found\r\n")
        assert ask(server, b"POST /b HTTP/1.1\r\n\r\n") == b"onetwo"
        assert server.answered.wait(PATIENCE)

    assert server.requests == [b"GET /a HTTP/1.1\r\n\r\n", b"POST /b HTTP/1.1\r\n\r\n"]


def test_it_is_on_loopback_and_refuses_a_crowd():
    with OneShot([]) as server:
        assert server._listener.getsockname()[0] == "127.0.0.1"
        clients = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(5)]
        for _ in range(one_shot.MAX_CONNECTIONS - 5):
            ask(server, b"GET / HTTP/1.1\r\n\r\n")
        with pytest.raises(OSError):
            while True:  # the listener closes when the last that is allowed has been accepted
                assert ask(server, b"GET / HTTP/1.1\r\n\r\n") == b""
    for client in clients:
        assert client.recv(1) == b""
        client.close()


def test_curl_is_here():
    assert shutil.which("curl"), "these tests need curl; .ci/run installs it"


def test_it_can_be_left_before_anybody_came():
    for _ in range(50):  # its thread may be anywhere when it is told
        with OneShot([]) as server:
            pass
        assert not any(thread.is_alive() for thread in server._threads)
