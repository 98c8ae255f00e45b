"""A recorded request as a command: curl where it can, printf and nc where it cannot. Both are run."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.glass.curl import MAX_CONTENT, curl_line, exact_line
from tests.glass.inspecting import Watched
from tests.live import PATIENCE

AT = ("127.0.0.1", 8000)
GET = b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

SAYABLE = [
    (GET, "curl -v --http1.1 -H 'Host: a' -H User-Agent: -H Accept: --globoff --request-target /hello "
          "http://127.0.0.1:8000/"),
    (b"HEAD /a/../b?x={1} HTTP/1.0\r\n\r\n", "curl -v --http1.0 --head -H Host: -H User-Agent: -H Accept: --globoff "
     "--request-target '/a/../b?x={1}' http://127.0.0.1:8000/"),
    (b"POST / HTTP/1.1\r\nHost: a\r\nUser-Agent: it's\r\nX:\r\nContent-Length: 3\r\n\r\na'b",
     "curl -v --http1.1 -X POST -H 'Host: a' -H 'User-Agent: it'\"'\"'s' -H 'X;' -H Accept: -H Content-Type: "
     "-H Expect: --data-binary 'a'\"'\"'b' --globoff --request-target / http://127.0.0.1:8000/"),
    (b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\0\xff",
     "printf %s AP8= | base64 -d | curl -v --http1.1 -X PUT -H 'Host: a' -H User-Agent: -H Accept: -H Content-Type: "
     "-H Expect: --data-binary @- --globoff --request-target / http://127.0.0.1:8000/"),
    (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "curl -v --http1.1 -X OPTIONS -H 'Host: a' -H User-Agent: -H Accept: "
     "--globoff --request-target '*' http://127.0.0.1:8000/"),
]  # fmt: skip


@pytest.mark.parametrize("request_bytes, line", SAYABLE, ids=[data[:20].decode() for data, _ in SAYABLE])
def test_the_curl_line(request_bytes: bytes, line: str) -> None:
    assert curl_line(request_bytes, AT) == line


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GET", b"GET / HTTP/1.1\r\n", GET.replace(b"\r\n", b"\n"), b"\r\n" + GET, GET + b"x",
        GET.replace(b"Host:", b"Host :"), GET.replace(b"Host: a", b"Host: a\r\n b"),
        GET.replace(b"Host: a", b"Host: a\0"),
        GET.replace(b"Host: a", b"Host: a\r\nHost: b"), GET.replace(b"Host", b"no colon"), GET.replace(b" /hello", b""),
        GET.replace(b"1.1", b"2.0"), GET.replace(b"1.1", b"1.2"), GET.replace(b"/hello", b"/h\xff"),
        GET.replace(b"Host: a", b"Host: \xff"),
        b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nshort"[:-1], b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\nshort",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n" + b"a" * 99_999,
    ],
    ids=lambda data: repr(data[:40]),
)  # fmt: skip
def test_what_curl_cannot_say_is_left_to_printf(data: bytes) -> None:
    assert curl_line(data, AT) is None


def test_where_the_server_is() -> None:
    assert (curl_line(GET, ("::1", 80)) or "").endswith("'http://[::1]:80/'")
    assert " --unix-socket '/a b' " in (curl_line(GET, "/a b") or "")
    assert (curl_line(GET, AT, "https") or "").startswith("curl -v --http1.1 --insecure ")
    assert exact_line(b"a'b%\\\r\n\t\0\xff", AT) == r"printf 'a\047b%%\\\r\n\t\000\377' | nc 127.0.0.1 8000"
    assert exact_line(b"a", ("::1", 443), "https") == "printf 'a' | openssl s_client -quiet -connect '[::1]:443'"
    assert exact_line(b"a", "/a b") == "printf 'a' | nc -U '/a b'"
    assert exact_line(b"a" * (MAX_CONTENT + 1), AT).endswith(f"# the first {MAX_CONTENT} bytes of {MAX_CONTENT + 1}")


@given(st.binary(max_size=200))
def test_printf_gives_the_very_bytes(data: bytes) -> None:
    line = exact_line(data, AT).removesuffix(" | nc 127.0.0.1 8000")
    ran = subprocess.run(["/bin/sh", "-c", line], check=True, capture_output=True, timeout=PATIENCE)
    assert ran.stdout == data


@given(st.binary(max_size=100))
def test_a_line_is_one_curl_with_words_that_hold(data: bytes) -> None:
    request = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b" % (len(data), data)
    line = curl_line(request, AT)
    assert line is not None and "\0" not in line
    words = shlex.split(line)
    assert words[-2:] == ["/x", "http://127.0.0.1:8000/"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl; .ci/run installs it")
@pytest.mark.parametrize(
    "data",
    [
        GET, GET.replace(b"/hello", b"/hello/../x?{a}[1-3]"),
        GET.replace(b"Host: a", b"Host: a\r\nX-Empty:\r\nX: it's $HOME"),
        b"POST /hello HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\0\xff\r\n",
        b"PUT /hello HTTP/1.1\r\nHost: b.example:1\r\nContent-Type: a/b\r\nContent-Length: 2\r\n\r\n@'",
        b"DELETE /hello HTTP/1.0\r\n\r\n",
    ],
    ids=lambda data: repr(data[:40]),
)  # fmt: skip
def test_curl_sends_the_same_request_again(watched: Watched, data: bytes) -> None:
    watched.send(data, whole=False, end=True)
    line = watched.page.get("exchange/1")["curl"]
    assert "curl" in line
    follower = watched.tape.follow()
    subprocess.run(["/bin/sh", "-c", line], check=False, capture_output=True, timeout=PATIENCE)
    while not any(event.kind == "closed" for event in follower.next(PATIENCE)):
        pass
    first, second = (sorted(watched.tape.connections[n].stream("in").read().split(b"\r\n")) for n in (1, 2))
    # curl has its own order of fields, and writes "X-Empty:" with nothing after it.
    assert [line.rstrip() for line in first] == [line.rstrip() for line in second]
