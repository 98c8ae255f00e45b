"""The access log: formats, escapes, and what it costs when nobody listens."""

from __future__ import annotations

import dataclasses
import json
import logging
import time

import pytest

from rawwfile.server.accesslog import LOGGER_NAME, AccessEntry, AccessLog

ENTRY = AccessEntry(
    remote="192.0.2.7",
    user=None,
    when=1_795_259_160.25,  # 2026-11-21 11:06:00.25 UTC
    request_line="GET /a?b=c HTTP/1.1",
    status=200,
    content_bytes=13,
    referer=None,
    user_agent=None,
    duration=0.0125,
    first_byte=0.001,
    scheme="https",
    raw=True,
    verdict="complete",
    end="complete",
    handler="shop.Root.index",
    findings=["no reason phrase"],
)


class Listener(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def logger(listener):
    logger = logging.Logger("test.access", logging.INFO)
    logger.addHandler(listener)
    return logger


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC0")
    time.tzset()
    monkeypatch.setattr("rawwfile.server.accesslog._clf_second", (-1, ""))
    yield
    monkeypatch.undo()
    time.tzset()


def line_of(logger, listener, format="common", **changes):
    AccessLog(format, logger).record(dataclasses.replace(ENTRY, **changes))
    return listener.records[-1].getMessage()


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, '192.0.2.7 - - [21/Nov/2026:11:06:00 +0000] "GET /a?b=c HTTP/1.1" 200 13'),
        ({"user": "jo"}, '192.0.2.7 - jo [21/Nov/2026:11:06:00 +0000] "GET /a?b=c HTTP/1.1" 200 13'),
        ({"content_bytes": 0}, '192.0.2.7 - - [21/Nov/2026:11:06:00 +0000] "GET /a?b=c HTTP/1.1" 200 -'),
        ({"status": None}, '192.0.2.7 - - [21/Nov/2026:11:06:00 +0000] "GET /a?b=c HTTP/1.1" - 13'),
        ({"remote": "", "request_line": ""}, '- - - [21/Nov/2026:11:06:00 +0000] "-" 200 13'),
    ],
    ids=["plain", "user", "no bytes", "no status", "nothing known"],
)
def test_common(logger, listener, changes, expected):
    assert line_of(logger, listener, **changes) == expected


def test_combined_adds_two_quoted_fields(logger, listener):
    assert line_of(logger, listener, "combined").endswith('" 200 13 "-" "-"')
    line = line_of(logger, listener, "combined", referer="http://a/", user_agent="curl/8")
    assert line.endswith('" 200 13 "http://a/" "curl/8"')


@pytest.mark.parametrize(
    "sent, logged",
    [
        ("GET /\r\n192.0.2.1 - -", r"GET /\x0d\x0a192.0.2.1 - -"),
        ('GET /" 200 1', r"GET /\x22 200 1"),
        ("GET /\\x22", r"GET /\x5cx22"),
        ("GET /\x1b[2J\x7f\x00", r"GET /\x1b[2J\x7f\x00"),
        ("GET /\xe9\x85", r"GET /\xe9\x85"),
        ("GET /\u2028\U0001f600\udc80", r"GET /\u2028\U0001f600\udc80"),
    ],
    ids=["line end", "quote", "backslash", "terminal", "latin-1", "beyond"],
)
def test_nothing_sent_can_forge_a_line(logger, listener, sent, logged):
    assert f'"{logged}" 200 13' in line_of(logger, listener, request_line=sent)
    line = line_of(logger, listener, "combined", referer=sent, user_agent=sent)
    assert line.endswith(f'"{logged}" "{logged}"')


def test_a_space_cannot_end_the_user(logger, listener):
    assert line_of(logger, listener, user="jo [x]").startswith(r"192.0.2.7 - jo\x20[x] [21/Nov")


def test_time_is_in_the_local_zone(logger, listener, monkeypatch):
    monkeypatch.setenv("TZ", "NST+3:30")
    time.tzset()
    assert "[21/Nov/2026:07:36:00 -0330]" in line_of(logger, listener)


def test_month_does_not_follow_the_locale(logger, listener, monkeypatch):
    monkeypatch.setattr(time, "strftime", lambda form, when: form)
    assert "%b" not in line_of(logger, listener)


def test_times_are_made_once_a_second(logger, listener, monkeypatch):
    calls = []
    original = time.strftime
    monkeypatch.setattr(time, "strftime", lambda *args: calls.append(args) or original(*args))
    for when in (1000.0, 1000.9, 1001.0):
        line_of(logger, listener, when=when)
    assert len(calls) == 2


def test_json_has_every_key(logger, listener):
    assert json.loads(line_of(logger, listener, "json")) == {
        "time": "2026-11-21T11:06:00.250Z",
        "remote": "192.0.2.7",
        "user": None,
        "method": "GET",
        "target": "/a?b=c",
        "version": "HTTP/1.1",
        "status": 200,
        "bytes": 13,
        "duration_ms": 12.5,
        "first_byte_ms": 1.0,
        "scheme": "https",
        "raw": True,
        "verdict": "complete",
        "end": "complete",
        "handler": "shop.Root.index",
        "findings": ["no reason phrase"],
        "referer": None,
        "user_agent": None,
    }


@pytest.mark.parametrize(
    "line, parts",
    [
        ("", (None, None, None)),
        ("-", (None, None, None)),
        ("GET", (None, "GET", None)),
        ("A B C D", (None, "A B C D", None)),
    ],
)
def test_json_of_a_line_that_is_none(logger, listener, line, parts):
    entry = json.loads(line_of(logger, listener, "json", request_line=line, first_byte=None))
    assert (entry["method"], entry["target"], entry["version"]) == parts
    assert entry["first_byte_ms"] is None


def test_json_is_one_line_of_ascii_whatever_was_sent(logger, listener):
    sent = "".join(map(chr, range(0x100))) + "\u2028\udc80"
    line = line_of(logger, listener, "json", user_agent=sent)
    assert all(32 <= ord(character) < 127 for character in line)
    assert json.loads(line)["user_agent"] == sent


def test_the_record_carries_the_entry(logger, listener):
    AccessLog("common", logger).record(ENTRY)
    (record,) = listener.records
    assert record.entry is ENTRY
    assert (record.levelno, record.name) == (logging.INFO, "test.access")


@pytest.mark.parametrize(
    "level, handled, enabled", [("INFO", True, True), ("WARNING", True, False), ("INFO", False, False)]
)
def test_enabled_says_whether_anybody_listens(listener, level, handled, enabled):
    logger = logging.Logger("test.access", level)
    if handled:
        logger.addHandler(listener)
    access = AccessLog("common", logger)
    access.record(ENTRY)
    assert access.enabled is enabled
    assert len(listener.records) == int(enabled)


def test_refresh_sees_a_handler_that_came_later(listener):
    logger = logging.Logger("test.access", logging.INFO)
    access = AccessLog("common", logger)
    logger.addHandler(listener)
    assert access.enabled is False
    access.refresh()
    assert access.enabled is True


def test_the_logger_is_the_documented_one():
    assert AccessLog().logger is logging.getLogger(LOGGER_NAME) is logging.getLogger("rawwfile.access")


def test_an_unknown_format_is_refused():
    with pytest.raises(ValueError, match="'csv' is unknown. Use common, combined, json."):
        AccessLog("csv")
