"""rawwfile.settings: the one table, its values and its messages."""

from __future__ import annotations

import dataclasses

import pytest

from rawwfile.errors import ConfigError
from rawwfile.http.limits import DEFAULT_LIMITS, DEFAULT_TIMEOUTS
from rawwfile.settings import OPTIONS, Settings

BY_NAME = {option.name: option for option in OPTIONS}

VALUES = [
    # option, text, value
    ("port", "0", 0),
    ("port", " 65535 ", 65535),
    ("host", "::1", "::1"),
    ("reuse_port", "on", True),
    ("reuse_port", "No", False),
    ("threads", "2", 2),
    ("when_full", "503", "503"),
    ("protocol", "http/1.0", "HTTP/1.0"),
    ("charset", "latin-1", "latin-1"),
    ("grace", "0", 0.0),
    ("limit_request_line", "8192", 8192),
    ("limit_request_line", "8k", 8192),
    ("limit_request_line", "8KiB", 8192),
    ("limit_request_line", "8 KB", 8192),
    ("limit_form", "64M", 64 << 20),
    ("limit_form", "1g", 1 << 30),
    ("limit_form", "none", None),
    ("limit_body", "NONE", None),
    ("timeout_body", "20", 20.0),
    ("timeout_body", "0.5", 0.5),
    ("timeout_body", "20s", 20.0),
    ("timeout_body", "2m", 120.0),
    ("timeout_body", "250ms", 0.25),
    ("timeout_body", "1h", 3600.0),
    ("timeout_body", "none", None),
    ("tls_cert", "a.pem", "a.pem"),
    ("tls_cert", "a.pem:b.pem", ["a.pem", "b.pem"]),
    ("tls_cert", "a.pem\nb.pem", ["a.pem", "b.pem"]),
    ("access_log", "-", "-"),
]


@pytest.mark.parametrize(("name", "text", "value"), VALUES)
def test_text_becomes_value(name, text, value):
    parsed = BY_NAME[name].parse(text, "there")

    assert parsed == value
    assert type(parsed) is type(value)


REFUSED = [
    # option, text, what the message says is accepted
    ("port", "80x", "a number from 0 to 65535; 0 takes a free port"),
    ("port", "65536", "a number from 0 to 65535"),
    ("port", "-1", "a number from 0 to 65535"),
    ("port", "+80", "a number from 0 to 65535"),
    ("port", "8_0", "a number from 0 to 65535"),
    ("port", "\u0664", "a number from 0 to 65535"),
    ("host", "", "a host name or address"),
    ("host", "a b", "a host name or address"),
    ("threads", "1", "a whole number, 2 or more"),
    ("workers", "0", "a whole number, 1 or more"),
    ("reload", "perhaps", "yes or no"),
    ("when_full", "drop", "queue or 503"),
    ("interface", "cgi", "auto, pages, wsgi or asgi"),
    ("charset", "utf-9", "a charset that Python knows"),
    ("charset", "base64", "a charset that Python knows"),
    ("server_name", "a\r\nSet-Cookie: x", "one line of printable ASCII"),
    ("limit_body", "8 pages", "a size in bytes such as 8192, 8k or 64M, or none for no limit"),
    ("limit_body", "0", "a size in bytes"),
    ("limit_body", "1.5M", "a size in bytes"),
    ("limit_request_line", "none", "a size in bytes such as 8192, 8k or 64M."),
    ("timeout_send", "soon", "a time longer than 0 such as 20, 0.5, 20s or 2m, or none for ever"),
    ("timeout_send", "0", "a time longer than 0"),
    ("timeout_send", "inf", "a time longer than 0"),
    ("grace", "none", "a time such as 10"),
    ("tls_cert", ":", "the name of a file"),
]


@pytest.mark.parametrize(("name", "text", "accepted"), REFUSED)
def test_bad_text_is_one_clear_line(name, text, accepted):
    with pytest.raises(ConfigError) as caught:
        BY_NAME[name].parse(text, "there")

    assert str(caught.value).startswith(f"there: give {accepted}")
    assert "\n" not in str(caught.value)


def test_defaults_are_those_of_the_limits():
    assert Settings().limits == DEFAULT_LIMITS
    assert Settings().timeouts == DEFAULT_TIMEOUTS


def test_limits_and_timeouts_follow_the_settings():
    settings = Settings(
        limit_request_line=1,
        limit_header_size=2,
        limit_header_count=3,
        limit_body=4,
        limit_form=5,
        timeout_header=6,
        timeout_body=7,
        timeout_send=8,
        timeout_keep_alive=9,
    )

    limits, timeouts = settings.limits, settings.timeouts
    assert (limits.request_line, limits.header_size, limits.header_count) == (1, 2, 3)
    assert (limits.body, limits.form) == (4, 5)
    assert (timeouts.header, timeouts.body, timeouts.send, timeouts.keep_alive) == (6, 7, 8, 9)


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_default_is_a_value_of_its_option(option):
    option.check(option.default, "default")

    if option.default is not None:
        assert option.parse(option.default_text, "default") == option.default


def test_names_follow_from_the_attribute():
    option = BY_NAME["limit_request_line"]

    assert option.flag == "--limit-request-line"
    assert option.environment == "RAWWFILE_LIMIT_REQUEST_LINE"


def test_every_field_but_the_static_content_is_an_option():
    assert {field.name for field in dataclasses.fields(Settings)} - set(BY_NAME) == {"static_content"}


def test_code_that_gives_a_wrong_value_is_told_which():
    with pytest.raises(ConfigError) as caught:
        Settings(threads=1)

    assert str(caught.value) == (
        "Settings(threads=1): give a whole number, 2 or more: one waits for requests while others run handlers."
    )


@pytest.mark.parametrize("values", [{"port": "80"}, {"port": True}, {"reload": 1}, {"tls_cert": []}, {"host": None}])
def test_values_of_the_wrong_type_are_refused(values):
    with pytest.raises(ConfigError):
        Settings(**values)


def test_settings_cannot_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().port = 80
