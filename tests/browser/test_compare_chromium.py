"""What Chromium shows of broken responses, by our own WebDriver client: its column of the measured table."""

from __future__ import annotations

import os
import subprocess

import pytest

from rawwfile.glass import one_shot
from rawwfile.glass.clients import webdriver
from rawwfile.glass.comparing import CASES, Comparing, compare
from rawwfile.glass.pieces import Piece

# Measured with Chromium 156.
COLUMN = {
    "Content-Length too big": "blank",
    "Content-Length too small": '"hel"',
    "two different lengths (3, 5)": "refused",
    "Content-Length: +5": "ok",
    "no blank line": "blank",
    "bare LF everywhere": "ok",
    "bare CR everywhere": "blank",
    "space before the colon": "ok",
    "NUL in a field": "refused",
    "HTTP/2.0 in the status line": "ok",
    "status 99": "ok",
    "status 1000": "ok",
    "status line missing": "refused",
    "CRLF before the status line": "ok",
    "last chunk missing": "blank",
    'chunk size "ZZ"': "blank",
    "bytes after chunk data": "blank",
    "length and chunked": "chunked wins",
    "body on 204": "old page stays",
    "103 before 200": "ok",
    "x-mixed-replace: images": "img frames replaced",
    "x-mixed-replace: HTML": "blank",
}

LOOKS = 3
"""Looks at the images that replace one another: a machine that stands still for a moment can miss all but the last."""

TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


@pytest.fixture(scope="module")
def comparing():
    """One browser for all tests of this file."""
    assert webdriver.programs(), "these tests need chromium and chromedriver; .ci/run installs them"
    with Comparing(["chromium"]) as comparing:
        yield comparing


def look(comparing, data):
    """The row of Chromium for `data`."""
    return comparing.compare([Piece(data)]).rows[0]


@pytest.mark.parametrize("name", CASES)
def test_the_column_of_the_measured_table(comparing, name):
    case = CASES[name]
    for _ in range(LOOKS if name == "x-mixed-replace: images" else 1):
        row = comparing.compare(case.pieces, meanings=case.meanings).rows[0]
        if row.reading == COLUMN[name]:
            break

    assert row.reading == COLUMN[name], row.detail
    assert row.request.startswith("GET / HTTP/1.1\r\n") and "Chrome/" in row.request


def test_why_it_refuses(comparing):
    assert look(comparing, CASES["NUL in a field"].data).detail == "its own error page: ERR_INVALID_HTTP_RESPONSE"
    assert look(comparing, CASES["NUL in a field"].data).noticed is True
    assert look(comparing, CASES["Content-Length too big"].data).noticed is None
    assert look(comparing, CASES["Content-Length too small"].data).noticed is False
    assert look(comparing, b"").detail == "its own error page: ERR_EMPTY_RESPONSE"
    assert look(comparing, b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n").reading == "own page"


def test_a_page_is_read_as_it_came(comparing):
    row = look(comparing, HTML + "<p>Grüße<script>alert(1)</script>".encode())

    assert row.reading == '"<p>Grüße<script>alert(1)</script>"'
    assert row.detail == f"a document, text/html; {row.reading}"
    assert look(comparing, TEXT + b"gr\xfc\xdfe").reading == '"gr\\xfc\\xdfe"'


def test_one_image_and_no_image(comparing):
    image = CASES["x-mixed-replace: images"].data.partition(b"\r\n\r\n--")[2].partition(b"\r\n\r\n")[2][:67]

    assert look(comparing, b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + image).reading == "img is shown"
    assert look(comparing, b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nxx").reading == "img is broken"


@pytest.mark.parametrize("place", ["http://127.0.0.2/", "http://example.com/"])
def test_nothing_but_loopback_is_asked(comparing, place):
    row = look(comparing, f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())

    assert row.detail == "its own error page: ERR_NAME_NOT_RESOLVED"


def test_an_address_asks_with_get_alone(comparing):
    row = comparing.compare([Piece(TEXT)], "POST").rows[0]

    assert (row.reading, row.request) == ("-", "")


def test_a_page_that_never_ends_ends_the_browser_and_not_the_comparison(comparing, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(one_shot, "PATIENCE", 1.0)
        assert look(comparing, HTML + b"<script>for(;;);</script>").reading == "never done"

    assert look(comparing, TEXT + b"hello").reading == '"hello"'


def processes_of(directory):
    """Processes whose command names `directory`."""
    found = subprocess.run(["ps", "-ewwo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if str(directory) in line]


def test_no_process_and_no_directory_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(webdriver.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(webdriver, "MAX_PLACE", 0)  # tmp_path has a long name
    with Comparing(["chromium"]) as comparing:
        row = look(comparing, TEXT + b"hello")
        directory = comparing.clients[0]._session._directory.name
        assert processes_of(directory)

    assert row.reading == '"hello"'
    assert not directory.startswith(str(tmp_path))
    assert processes_of(directory) == []
    assert not os.path.exists(directory)
    assert os.listdir(tmp_path) == []


def test_a_driver_that_is_none(monkeypatch, tmp_path):
    driver = tmp_path / "chromedriver"
    driver.write_text("#!/bin/sh\nexit 7\n")
    driver.chmod(0o755)
    monkeypatch.setattr(webdriver, "programs", lambda: ("chromium", str(driver)))

    row = compare([Piece(TEXT)], ["chromium"]).rows[0]

    assert (row.reading, row.detail) == ("cannot be asked", "chromedriver ended at once, with exit code 7")
