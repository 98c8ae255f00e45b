"""Examining never fails, whatever crossed, and its notes stay within the bytes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rawwfile.http.notes import note_from
from tests.unit.note_rows import Row
from tests.unit.test_notes import notes_of

LINES = rb"""
Host: a
Host:
Connection: close, keep-alive
Connection: ,
Connection: upgrade, te, cookie
Content-Length: 5
Content-Length: x
Transfer-Encoding: chunked
Range: bytes=0-1
Range: bytes=,
Range: lines=5-
If-Range: W/"
Expect: 100-continue
Content-Range: bytes 0-1/2
Content-Range: bytes 5-1/*
ETag: "
ETag: W/"1"
If-None-Match: *
If-None-Match: "1"
If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT
Last-Modified: Sun, 32 Nov 1994 08:49:37 GMT
Upgrade: websocket
Sec-WebSocket-Key: ====
Sec-WebSocket-Accept: x
Set-Cookie: =;=;;
Set-Cookie: a=b; Expires=
Set-Cookie: a; Max-Age
Cookie: ;=
Location: a b
Trailer: a, b
Vary: *
Content-Encoding: gzip
Accept-Encoding: *;q=0
Cache-Control: no-store, max-age=
Retry-After:
Allow:
Date:
Keep-Alive: {}
A: {value}
 folded
no colon
""".strip(b"\n").split(b"\n")
FIRST_LINES = rb"""
GET / HTTP/1.1
HEAD * HTTP/1.0
POST http://b/ HTTP/1.1
CONNECT a:1 HTTP/1.1
trace / HTTP/1.9
OPTIONS * HTTP/1.1
HTTP/1.1 200 OK
HTTP/1.1 206
HTTP/1.0 304 N
HTTP/1.1 101 S
HTTP/1.1 103 E
HTTP/1.1 416 R
HTTP/1.1 405 M
""".strip(b"\n").split(b"\n")
ENDS = (b"", b"\r\n\r\n", b"\n\n", b"\r\n\r\nhello", b"\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n")


def message(first: bytes, lines: list[bytes], end: bytes) -> bytes:
    return b"\r\n".join([first, *lines]) + end


MESSAGES = st.builds(
    message,
    st.sampled_from(FIRST_LINES) | st.binary(max_size=20),
    st.lists(st.sampled_from(LINES) | st.binary(max_size=20), max_size=6),
    st.sampled_from(ENDS),
)
SEVERAL = st.lists(MESSAGES, max_size=2).map(b"".join)


@settings(deadline=None, max_examples=300)
@given(SEVERAL, SEVERAL, st.booleans())
def test_whatever_crossed_examining_it_never_fails(request_bytes, response, lenient):
    row = Row(request_bytes, response, lenient=lenient)
    for note in notes_of(row):
        size = len(request_bytes if note.direction == "in" else response)
        assert 0 <= note.start <= note.end <= size, note
        assert note_from(note.as_dict()) == note
