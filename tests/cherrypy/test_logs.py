"""rawwfile.cherrypy.logs: the default logMessage and the line of a request (spec 16)."""

from __future__ import annotations

import io
import re
import sys

import pytest

from rawwfile.cherrypy.logs import DefaultLogMessage, escaped, request_line


def test_only_level_0_is_logged(tmp_path, capsys):
    log_message = DefaultLogMessage(True, str(tmp_path / "server.log"))
    log_message("one")
    log_message("two", 1)
    log_message("three", level=0)

    assert (tmp_path / "server.log").read_bytes() == b"one\nthree\n"
    assert capsys.readouterr().out == "one\nthree\n"


def test_bytes_stay_as_they_are_in_the_file(tmp_path):
    log_message = DefaultLogMessage(False, str(tmp_path / "server.log"))
    log_message("\xc3\xa9")
    log_message("\xe9 \u20ac")
    log_message(42)
    DefaultLogMessage(False, str(tmp_path / "server.log"), "utf-8")("\xe9\udc80")

    assert (tmp_path / "server.log").read_bytes() == b"\xc3\xa9\n\xc3\xa9 \xe2\x82\xac\n42\n\xc3\xa9\\udc80\n"


def test_a_file_may_be_moved_away(tmp_path):
    log_message = DefaultLogMessage(False, str(tmp_path / "server.log"))
    log_message("one")
    (tmp_path / "server.log").rename(tmp_path / "old.log")
    log_message("two")

    assert (tmp_path / "server.log").read_bytes() == b"two\n"


def test_bytes_stay_as_they_are_on_the_screen_whatever_its_encoding(monkeypatch):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    narrow.write("before ")
    DefaultLogMessage(True, "")("\xc3\xa9")
    assert narrow.buffer.getvalue() == b"before \xc3\xa9\n"
    narrow.close()
    DefaultLogMessage(True, "")("nobody hears")
    own = io.StringIO()
    monkeypatch.setattr(sys, "stdout", own)
    DefaultLogMessage(True, "")("\xe9")
    assert own.getvalue() == "\xe9\n"
    monkeypatch.setattr(sys, "stdout", None)
    DefaultLogMessage(True, "")("nobody hears")


def test_a_log_that_breaks_later_stops_no_page(tmp_path, caplog):
    log_message = DefaultLogMessage(False, str(tmp_path / "logs" / "server.log"))
    with pytest.raises(OSError):
        log_message("one")
    (tmp_path / "logs").mkdir()
    log_message("two")
    (tmp_path / "logs").rename(tmp_path / "away")
    log_message("three")
    log_message("four")
    (tmp_path / "away").rename(tmp_path / "logs")
    log_message("five")

    (record,) = caplog.records
    assert record.getMessage().startswith("the application's log cannot be written: [Errno 2]")
    assert (tmp_path / "logs" / "server.log").read_bytes() == b"two\nfive\n"


def test_a_screen_that_is_gone_costs_no_line_of_the_file(tmp_path, monkeypatch, caplog):
    class Gone(io.StringIO):
        def write(self, text):
            if text != "one\n":
                raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", Gone())
    log_message = DefaultLogMessage(True, str(tmp_path / "server.log"))
    log_message("one")
    log_message("two")

    assert (tmp_path / "server.log").read_bytes() == b"one\ntwo\n"
    assert len(caplog.records) == 1


def test_the_line_of_a_request():
    line = request_line(0.5, "127.0.0.1", "GET /?a=1 HTTP/1.1")

    assert re.fullmatch(r"\[19(69|70)/\d\d/\d\d \d\d:\d\d:\d\d\] 127\.0\.0\.1 - GET /\?a=1 HTTP/1\.1", line)
    assert request_line(0, "", "GET /").endswith("]  - GET /")


def test_control_characters_are_escaped():
    assert escaped("a\x1b[2J\nb\r\t\x00\x7f\x9b\u2028") == r"a\x1b[2J\nb\r\t\x00\x7f\x9b\u2028"
    assert escaped("plain \xe9 text") == "plain \xe9 text"
