"""HTTP archives: the shape that HAR 1.2 asks for, and what a recording becomes in it."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.tape.har import har
from rawwfile.tape.model import IN, OUT, Tape
from rawwfile.tape.reading import tape_of

ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:\d\d)")
NUMBER = (int, float)

# What must be there, by http://www.softwareishard.com/blog/har-12-spec/ ; "?" may be missing.
SHAPES: dict[str, dict[str, Any]] = {
    "log": {"version": str, "creator": "creator", "entries": ["entry"], "browser?": "creator", "pages?": list},
    "creator": {"name": str, "version": str},
    "entry": {
        "pageref?": str, "startedDateTime": str, "time": NUMBER, "request": "request", "response": "response",
        "cache": dict, "timings": "timings", "serverIPAddress?": str, "connection?": str,
    },
    "request": {
        "method": str, "url": str, "httpVersion": str, "cookies": ["cookie"], "headers": ["pair"],
        "queryString": ["pair"], "postData?": "post", "headersSize": int, "bodySize": int,
    },
    "response": {
        "status": int, "statusText": str, "httpVersion": str, "cookies": ["cookie"], "headers": ["pair"],
        "content": "content", "redirectURL": str, "headersSize": int, "bodySize": int,
    },
    "cookie": {
        "name": str, "value": str, "path?": str, "domain?": str, "expires?": str, "httpOnly?": bool, "secure?": bool,
    },
    "pair": {"name": str, "value": str},
    "post": {"mimeType": str, "params": list, "text": str},
    "content": {"size": int, "compression?": int, "mimeType": str, "text?": str, "encoding?": str},
    "timings": {
        "blocked?": NUMBER, "dns?": NUMBER, "connect?": NUMBER, "send": NUMBER, "wait": NUMBER, "receive": NUMBER,
        "ssl?": NUMBER,
    },
}  # fmt: skip


def check_shape(value: Any, shape: Any, place: str) -> None:
    if isinstance(shape, list):
        assert isinstance(value, list), place
        for index, each in enumerate(value):
            check_shape(each, shape[0], f"{place}[{index}]")
    elif isinstance(shape, str):
        assert isinstance(value, dict), place
        fields = SHAPES[shape]
        known = {name.rstrip("?") for name in fields} | {"comment"}
        for name in value:
            assert name in known or name.startswith("_"), f"{place}.{name}: HAR has no such field"
        for name, inner in fields.items():
            if name.rstrip("?") in value:
                check_shape(value[name.rstrip("?")], inner, f"{place}.{name}")
            else:
                assert name.endswith("?"), f"{place}.{name} is missing"
    else:
        assert isinstance(value, shape) and (shape is bool or not isinstance(value, bool)), f"{place}: {value!r}"


def check_har(archive: dict[str, Any]) -> dict[str, Any]:
    """The archive as a reader gets it, if it is a valid HAR 1.2."""
    archive = json.loads(json.dumps(archive, allow_nan=False))
    assert list(archive) == ["log"]
    log: dict[str, Any] = archive["log"]
    check_shape(log, "log", "log")
    assert log["version"] == "1.2"
    starts = [entry["startedDateTime"] for entry in log["entries"]]
    assert all(ISO.fullmatch(start) for start in starts) and starts == sorted(starts)
    for entry in log["entries"]:
        timings = entry["timings"]
        assert all(timings[name] >= 0 for name in ("send", "wait", "receive"))
        assert all(timings[name] >= -1 for name in timings)
        assert entry["time"] == pytest.approx(sum(value for value in timings.values() if value > 0), abs=0.01)
        assert re.match(r"https?://", entry["request"]["url"])
        content = entry["response"]["content"]
        if content.get("encoding") == "base64":
            assert len(base64.b64decode(content["text"], validate=True)) == content["size"]
    return log


def entry_of(request: bytes, response: bytes, **options: Any) -> dict[str, Any]:
    log = check_har(har(tape_of([(0.0, IN, request), (0.25, OUT, response)]), **options))
    assert len(log["entries"]) == 1
    found: dict[str, Any] = log["entries"][0]
    return found


def answer(content: bytes, fields: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: %d\r\n\r\n" % len(content) + content


GET = b"GET /a%20b?x=1&y=%C3%A9&z HTTP/1.1\r\nHost: example:8000\r\n\r\n"


def test_a_request_and_its_response() -> None:
    entry = entry_of(GET, answer(b"hello", b"Content-Type: text/plain\r\n"), version="9")
    request, response = entry["request"], entry["response"]
    assert request["url"] == "http://example:8000/a%20b?x=1&y=%C3%A9&z"
    assert request["queryString"] == [
        {"name": "x", "value": "1"}, {"name": "y", "value": "é"}, {"name": "z", "value": ""},
    ]  # fmt: skip
    assert (request["headersSize"], request["bodySize"]) == (len(GET), 0)
    assert response["content"] == {"size": 5, "mimeType": "text/plain", "text": "hello"}
    assert response["headers"][1] == {"name": "Content-Length", "value": "5"}
    assert (response["status"], response["statusText"], response["bodySize"]) == (200, "OK", 5)
    assert entry["_verdict"] == "complete" and entry["_exchange"] == 1


def test_times_are_milliseconds() -> None:
    tape = tape_of([(0.0, IN, GET[:9]), (0.1, IN, GET[9:]), (0.4, OUT, answer(b"hello")[:-5]), (1.0, OUT, b"hello")])
    tape.started = 1_700_000_000.5
    entry = check_har(har(tape))["entries"][0]
    assert entry["startedDateTime"] == "2023-11-14T22:13:20.500+00:00"
    assert entry["timings"] == {
        "blocked": -1, "dns": -1, "connect": -1, "send": 100.0, "wait": 300.0, "receive": 600.0, "ssl": -1,
    }  # fmt: skip


def test_content_that_is_no_text_is_base64() -> None:
    assert entry_of(GET, answer(b"\x89PNG", b"Content-Type: image/png\r\n"))["response"]["content"] == {
        "size": 4, "mimeType": "image/png", "text": "iVBORw==", "encoding": "base64",
    }  # fmt: skip
    for wrong in (b"text/plain", b"text/plain; charset=no-such", b"text/plain; charset=hex"):
        content = entry_of(GET, answer(b"\xff", b"Content-Type: " + wrong + b"\r\n"))["response"]["content"]
        assert content["encoding"] == "base64"
    latin = entry_of(GET, answer(b"\xe9", b'Content-Type: text/html; charset="latin-1"\r\n'))
    assert latin["response"]["content"]["text"] == "é"


def test_gzip_is_undone_and_said() -> None:
    packed = gzip.compress(b"hello" * 100)
    fields = b"Content-Type: text/plain\r\nContent-Encoding: gzip\r\n"
    found = entry_of(GET, answer(packed, fields))["response"]
    assert found["content"]["text"] == "hello" * 100
    assert found["content"]["compression"] == 500 - len(packed) and found["bodySize"] == len(packed)
    broken = entry_of(GET, answer(packed[:-9], fields))["response"]["content"]
    assert broken["size"] == len(packed) - 9


def test_chunks_are_joined() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n"
    found = entry_of(GET, chunked + b"3\r\nhel\r\n2\r\nlo\r\n0\r\nX: y\r\n\r\n")["response"]
    assert found["content"]["text"] == "hello" and found["bodySize"] == 8 + 7 + 3 + 6 + 2
    assert [pair["name"] for pair in found["headers"]] == ["Transfer-Encoding", "Content-Type"]


def test_posted_content() -> None:
    post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n"
    assert entry_of(post + b"hi", answer(b""))["request"]["postData"] == {
        "mimeType": "text/plain", "params": [], "text": "hi",
    }  # fmt: skip
    assert entry_of(post + b"\xff\xfe", answer(b""))["request"]["postData"]["_encoding"] == "base64"
    fields = b"Host: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\n"
    assert entry_of(b"POST / HTTP/1.1\r\n" + fields + b"a=b+c&d=%26", answer(b""))["request"]["postData"] == {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "a", "value": "b c"}, {"name": "d", "value": "&"}],
        "text": "a=b+c&d=%26",
    }


COOKIES = b"GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; sid=hidden42\r\n\r\n"
SETS = (
    b"Set-Cookie: sid=hidden42; Path=/; Domain=a; HttpOnly; Secure; Expires=Tue, 14 Nov 2023 22:13:20 GMT\r\n"
    b"Set-Cookie: nonsense\r\n"
)


def test_cookies() -> None:
    entry = entry_of(COOKIES, answer(b"", SETS), secrets=True)
    assert entry["request"]["cookies"] == [{"name": "a", "value": "b"}, {"name": "sid", "value": "hidden42"}]
    assert entry["response"]["cookies"] == [{
        "name": "sid", "value": "hidden42", "path": "/", "domain": "a", "httpOnly": True, "secure": True,
        "expires": "2023-11-14T22:13:20.000+00:00",
    }]  # fmt: skip


def test_secrets_are_hidden() -> None:
    assert "hidden42" not in json.dumps(entry_of(COOKIES, answer(b"", SETS)))


def test_an_interim_response_is_not_the_response() -> None:
    found = entry_of(GET, b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + answer(b"ok"))
    assert found["response"]["status"] == 200 and found["_interim"] == ["103"]
    assert [pair["name"] for pair in found["response"]["headers"]] == ["Content-Length"]


def test_what_is_no_request_is_left_out_and_counted() -> None:
    log = check_har(har(tape_of([(0.0, IN, b"\x16\x03\x01"), (0.1, OUT, answer(b"no"))])))
    assert log["entries"] == [] and log["comment"] == "1 left out: no request could be read"


def test_a_request_without_a_response() -> None:
    entry = check_har(har(tape_of([(0.0, IN, GET)])))["entries"][0]
    assert entry["response"]["status"] == 0 and entry["response"]["headersSize"] == -1


@pytest.mark.parametrize(
    ("target", "url"),
    [
        (b"http://b/x", "http://b/x"),
        (b"/x//y", "http://a/x//y"),
        (b"//evil/x", "http://a//evil/x"),
    ],
)
def test_the_address(target: bytes, url: str) -> None:
    assert entry_of(b"GET " + target + b" HTTP/1.1\r\nHost: a\r\n\r\n", answer(b""))["request"]["url"] == url


def test_chosen_exchanges_alone() -> None:
    tape = tape_of([(0.0, IN, GET + GET), (0.1, OUT, answer(b"1") + answer(b"2"))])
    assert [entry["_exchange"] for entry in check_har(har(tape, exchanges={2}))["entries"]] == [2]
    assert check_har(har(tape, connections=[]))["entries"] == [] == check_har(har(Tape()))["entries"]


@given(
    st.sampled_from([GET, COOKIES, b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", b""]), st.binary(max_size=60),
    st.sampled_from([answer(b"x"), b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"]),
    st.binary(max_size=60),
)  # fmt: skip
def test_any_recording_is_a_valid_archive(request: bytes, more: bytes, response: bytes, rest: bytes) -> None:
    check_har(har(tape_of([(0.0, IN, request + more or b"x"), (0.1, OUT, response + rest)])))
