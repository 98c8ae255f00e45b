"""The four forms of a request target, taken apart. More cases stand in tests/protocol/table_targets.py."""

from __future__ import annotations

import ipaddress
import random

import pytest

from rawwfile.errors import RemoteProtocolError
from rawwfile.http import grammar
from rawwfile.http.target import Target, parse_target


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        (b"GET", b"/a/b?c=d", Target("origin", b"", b"", b"/a/b", b"c=d")),
        (b"GET", b"/a?", Target("origin", b"", b"", b"/a", b"")),
        (b"GET", b"//h/a", Target("origin", b"", b"", b"//h/a", None)),
        (b"GET", b"HTTP://H:80/a?b", Target("absolute", b"http", b"H:80", b"/a", b"b")),
        (b"GET", b"https://[::1]", Target("absolute", b"https", b"[::1]", b"/", None)),
        (b"GET", b"http://h?q", Target("absolute", b"http", b"h", b"/", b"q")),
        (b"OPTIONS", b"http://h", Target("absolute", b"http", b"h", b"*", None)),
        (b"OPTIONS", b"http://h?q", Target("absolute", b"http", b"h", b"/", b"q")),
        (b"OPTIONS", b"*", Target("asterisk", b"", b"", b"*", None)),
        (b"CONNECT", b"h:443", Target("authority", b"", b"h:443", b"", None)),
        (b"CONNECT", b"[::1]:1", Target("authority", b"", b"[::1]:1", b"", None)),
    ],
)
def test_forms(method: bytes, target: bytes, expected: Target) -> None:
    assert parse_target(method, target) == expected


@pytest.mark.parametrize(
    ("method", "target", "message", "rule"),
    [
        (b"GET", b"*", "only OPTIONS may have the target *", "RFC 9112 3.2.4"),
        (b"GET", b"a", "request target must begin with / or http://: b'a'", "RFC 9112 3.2"),
        (b"GET", b"ftp://h/", "request target must begin with / or http://: b'ftp://h/'", "RFC 9112 3.2"),
        (b"GET", b"http:///a", "no valid host in the request target: b'http:///a'", "RFC 9110 4.2"),
        (b"GET", b"http://u@h/", "no valid host in the request target: b'http://u@h/'", "RFC 9110 4.2"),
        (b"CONNECT", b"/", "CONNECT takes host:port, not b'/'", "RFC 9112 3.2.3"),
        (b"CONNECT", b":443", "CONNECT takes host:port, not b':443'", "RFC 9112 3.2.3"),
        (b"CONNECT", b"[:::]:443", "CONNECT takes host:port, not b'[:::]:443'", "RFC 9112 3.2.3"),
        (b"CONNECT", b"h:0", "CONNECT to a port that is none: b'h:0'; take one of 1 to 65535", "RFC 9110 9.3.6"),
        (b"CONNECT", b"h:65536", "CONNECT to a port that is none: b'h:65536'; take one of 1 to 65535", "RFC 9110 9.3.6"),
    ],
)
def test_faults_are_named(method: bytes, target: bytes, message: str, rule: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_target(method, target)
    assert (caught.value.message, caught.value.rule, caught.value.status_hint) == (message, rule, 400)


def test_a_long_target_is_shown_in_part() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        parse_target(b"GET", b"x" * 5000)
    assert len(caught.value.message) < 130


def test_ipv6_addresses_are_those_of_the_standard_library() -> None:
    rng = random.Random(3986)
    words = ["1", "ab", ":", ":", "::", "1.2.3.4", "0", "fffff", "255", "01", "1.2.3.256"]
    valid = 0
    for _ in range(20_000):
        text = "".join(rng.choice(words) for _ in range(rng.randint(1, 17)))
        try:
            ipaddress.IPv6Address(text)
            expected = True
        except ValueError:
            expected = False
        valid += expected
        assert grammar.is_host(f"[{text}]:80".encode()) is expected, text
    assert valid > 300
