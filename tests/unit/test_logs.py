"""rawwfile.cli.logs: short lines that nobody can forge."""

from __future__ import annotations

import logging
import sys

import pytest

from rawwfile.cli.logs import ShortLines, set_up_logging
from rawwfile.errors import StartError
from rawwfile.settings import Settings


@pytest.fixture(autouse=True)
def loggers_as_before():
    """Undo what a test sets up: other tests listen to the same loggers."""
    loggers = [logging.getLogger(name) for name in ("rawwfile", "rawwfile.access")]
    before = [(logger.handlers[:], logger.level, logger.propagate) for logger in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before):
        for handler in logger.handlers:
            handler.close()
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


def formatted(message, error=None):
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    return ShortLines().format(logging.LogRecord("rawwfile", logging.WARNING, "f.py", 1, message, (), exc_info))


def test_a_line_is_time_level_message():
    time, level, message = formatted("all is well").split(" ", 2)

    assert len(time) == 8 and time[2] == time[5] == ":"
    assert (level, message) == ("warning", "all is well")


def test_control_characters_are_escaped():
    assert formatted("a\nb\r\x1b[2J\x00\u2028").endswith(" warning a\\nb\\r\\x1b[2J\\x00\\u2028")


def test_other_letters_are_not():
    assert formatted("Zürich 東京").endswith(" Zürich 東京")


def raised(error):
    try:
        raise error
    except type(error) as caught:
        return caught


def test_an_error_brings_its_traceback_with_its_text_escaped():
    lines = formatted("broken", raised(ValueError("a\x1b[2J"))).splitlines()

    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1] == "ValueError: a\\x1b[2J"


def test_a_start_error_brings_none():
    assert formatted("broken", raised(StartError("port taken"))).count("\n") == 0


def test_the_level_is_the_least_that_is_shown(capsys):
    set_up_logging(Settings(log_level="warning"))

    logging.getLogger("rawwfile.server").info("quiet")
    logging.getLogger("rawwfile.server").warning("loud")

    assert capsys.readouterr().err.split(" ", 1)[1] == "warning loud\n"


def test_setting_up_twice_says_things_once(capsys):
    set_up_logging(Settings())
    set_up_logging(Settings())

    logging.getLogger("rawwfile").info("once")

    assert capsys.readouterr().err.count("once") == 1


@pytest.mark.parametrize(
    ("target", "expected"),
    [("-", "GET / 200\n"), ("off", ""), (None, "")],
)
def test_the_access_log_goes_where_it_is_told(capsys, target, expected):
    set_up_logging(Settings(access_log=target, log_level="error"))

    logging.getLogger("rawwfile.access").info("GET / 200")

    assert capsys.readouterr().err == expected


def test_unset_the_access_log_goes_to_a_terminal(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    set_up_logging(Settings())

    logging.getLogger("rawwfile.access").info("GET / 200")

    assert capsys.readouterr().err == "GET / 200\n"


def test_an_access_log_file_is_appended_to_and_may_be_moved_away(capsys, tmp_path):
    file = tmp_path / "access.log"
    file.write_text("before\n", "utf-8")
    set_up_logging(Settings(access_log=str(file)))
    access = logging.getLogger("rawwfile.access")

    access.info("first")
    file.rename(tmp_path / "access.log.1")
    access.info("second")

    assert (tmp_path / "access.log.1").read_text("utf-8") == "before\nfirst\n"
    assert file.read_text("utf-8") == "second\n"
    assert capsys.readouterr().err == ""


def test_off_tells_the_server_that_nobody_listens():
    set_up_logging(Settings(access_log="off"))

    assert not logging.getLogger("rawwfile.access").isEnabledFor(logging.INFO)
