"""Every row of the raw writer's table: bytes on the wire, what becomes of the connection, the log.

Endings, as the client sees them:   plain            TLS
    kept    the next request is answered
    end     every byte, then        FIN              close_notify and FIN
    cut     shorter than it says    FIN              FIN without close_notify
    reset   where only that tells   reset            FIN without close_notify
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from rawwfile import HTTPError, request, response

TYPED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
FIVE = TYPED + b"Content-Length: 5\r\n\r\n"
TEN = TYPED + b"Content-Length: 10\r\n\r\n"
CHUNKS = TYPED + b"Transfer-Encoding: chunked\r\n\r\n"
CLOSING = TYPED + b"\r\n"
GET = b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = GET.replace(b"GET", b"HEAD")
OLD = b"GET /page HTTP/1.0\r\n\r\n"
OLD_KEEP = b"GET /page HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
LAST = b"GET /page HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
WHERE = r"#1 (GET|HEAD) /page: .*page \(test_raw_table\.py:\d+\) "


@dataclass
class Row:
    """What a handler writes, and all that must come of it. log: the one line, None for none."""

    name: str
    writes: bytes
    ending: str
    log: str | None = None
    asks: bytes = GET
    raises: bool = False
    verdict: str = "complete"
    status: int | None = 200
    count: int = 5
    end: str = field(init=False)

    def __post_init__(self) -> None:
        clean = not self.raises and self.verdict in ("complete", "open-ended")
        self.end = "complete" if clean else "error"
        if self.raises:
            self.log = f"raised RuntimeError after {len(self.writes)} bytes of its response"


COMPLETE = [
    Row("length", FIVE + b"hello", "kept"),
    Row("length 0", TYPED + b"Content-Length: 0\r\n\r\n", "kept", count=0),
    Row("chunked", CHUNKS + b"5\r\nhello\r\n0\r\n\r\n", "kept"),
    Row("chunked in two, with trailers", CHUNKS + b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nA: b\r\n\r\n", "kept"),
    Row("chunked without content", CHUNKS + b"0\r\n\r\n", "kept", count=0),
    Row("no reason phrase", b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", "kept"),
    Row("204", b"HTTP/1.1 204 No Content\r\n\r\n", "kept", status=204, count=0),
    Row("304 with a length", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "kept", status=304, count=0),
    Row("to HEAD", FIVE, "kept", asks=HEAD, count=0),
    Row("says close", TYPED + b"Connection: close\r\nContent-Length: 5\r\n\r\nhello", "end"),
    Row("to a client that says close", FIVE + b"hello", "end", asks=LAST),
    Row("to an old client", FIVE + b"hello", "end", asks=OLD),
    Row("to an old client that would keep", FIVE + b"hello", "end", asks=OLD_KEEP),
    Row("of 1.0", FIVE.replace(b"1.1", b"1.0") + b"hello", "end"),
    Row("of 1.0 that would keep", FIVE.replace(b"1.1", b"1.0").replace(b"\r\n\r\n", b"\r\nConnection: Keep-Alive\r\n\r\n")
        + b"hello", "kept"),
    Row("both keep, of 1.0", b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello", "kept",
        asks=OLD_KEEP),
    Row("raised after it", FIVE + b"hello", "kept", raises=True),
    Row("bare line feeds", FIVE.replace(b"\r\n", b"\n") + b"hello", "end"),
]  # fmt: skip

OPEN_ENDED = [
    Row("no length", CLOSING + b"hello", "end", verdict="open-ended"),
    Row("no length, of 1.0", CLOSING.replace(b"1.1", b"1.0") + b"hello", "end", verdict="open-ended"),
    Row("HowTo 20", b"HTTP/1.1 200\r\nContent-type: text/html\r\n\r\nhello", "end", verdict="open-ended"),
    Row("no content yet", CLOSING, "end", verdict="open-ended", count=0),
    Row("to an old client", CLOSING + b"hello", "end", asks=OLD, verdict="open-ended"),
    Row("raised", CLOSING + b"hello", "reset", raises=True, verdict="open-ended"),
]

SHORT = [
    Row("length", TEN + b"hello", "cut", "5 bytes less than its Content-Length of 10; closing", verdict="short"),
    Row("length, nothing", TEN, "cut", "10 bytes less than its Content-Length of 10;", verdict="short", count=0),
    Row("no last chunk", CHUNKS + b"5\r\nhello\r\n", "cut", "the last chunk is missing;", verdict="short"),
    Row("half a chunk", CHUNKS + b"a\r\nhello", "cut", "and 5 bytes of a chunk of 10;", verdict="short"),
    Row("half a last chunk", CHUNKS + b"5\r\nhello\r\n0\r\n", "cut", "the last chunk is not finished", verdict="short"),
    Row("half a head", TYPED, "cut", "the head is not finished .no empty line.;", verdict="short", count=0),
    Row("half a 1xx", b"HTTP/1.1 103 Early Hints\r\n", "cut", "the head is not finished", verdict="short", status=None,
        count=26),
    Row("length, raised", TEN + b"hello", "cut", raises=True, verdict="short"),
    Row("chunked, raised", CHUNKS + b"5\r\nhello\r\n", "cut", raises=True,
        verdict="short"),
    Row("in the head, raised", TYPED, "cut", raises=True, verdict="short", count=0),
]  # fmt: skip

EXCESS = [
    Row("length", FIVE + b"hello, world", "end",
        r"7 bytes more than its Content-Length of 5 \(first extra: b', world'\);", count=12),
    Row("length 0", TYPED + b"Content-Length: 0\r\n\r\nx", "end", "1 byte more than its Content-Length of 0", count=1),
    Row("a second response", (FIVE + b"hello") * 2, "end", "69 bytes more than its Content-Length of 5", count=74),
    Row("after the last chunk", CHUNKS + b"5\r\nhello\r\n0\r\n\r\nbye", "end",
        r"3 bytes after the last chunk \(first extra: b'bye'\);", count=8),
    Row("to HEAD", FIVE + b"hello", "end", r"a body on a response to HEAD \(5 bytes: b'hello'\);", asks=HEAD),
    Row("204", b"HTTP/1.1 204 No Content\r\n\r\nhello", "end", "a body on a 204 response", status=204),
    Row("304", b"HTTP/1.1 304 Not Modified\r\n\r\nhello", "end", "a body on a 304 response", status=304),
    Row("length, raised", FIVE + b"hello, world", "end", raises=True, count=12),
]  # fmt: skip
for row in EXCESS:
    row.verdict, row.end = "excess", "error"

UNREADABLE = [
    Row("text", b"hello, world\r\n", "end", r"not an HTTP response: b'hello, world\\r\\n' at byte 0;", count=14),
    Row("binary", bytes(range(256)), "end", r"not an HTTP response: b'\\x00\\x01", count=256),
    Row("a head in the wrong order", b"Content-Length: 5\r\n\r\nhello", "end", "not an HTTP response: b'Content-Len",
        count=26),
    Row("an empty line first", b"\r\n" + FIVE + b"hello", "end", r"not an HTTP response: b'\\r\\nHTTP/1.1", count=71),
    Row("no chunk size", CHUNKS + b"hello\r\n", "end", r"not a chunk size: b'hello\\r\\n' at byte 73;", status=200,
        count=0),
    Row("after a 1xx", b"HTTP/1.1 103 Early Hints\r\n\r\nhello", "end", "not an HTTP response: b'hello' at byte 28;",
        count=33),
]  # fmt: skip
for row in UNREADABLE:
    row.verdict, row.end = "unreadable", "error"
    row.status = 200 if row.name == "no chunk size" else None

TABLE = [
    pytest.param(row, id=f"{group}, {row.name}")
    for group, rows in [
        ("complete", COMPLETE), ("open-ended", OPEN_ENDED), ("short", SHORT), ("excess", EXCESS),
        ("unreadable", UNREADABLE),
    ]
    for row in rows
]  # fmt: skip


@pytest.mark.parametrize("size", [10000, 1], ids=["whole", "bytewise"])
@pytest.mark.parametrize("row", TABLE)
def test_table(live, row: Row, size: int):
    @live.page
    def page():
        response.sendResponse = 0
        for start in range(0, len(row.writes), size):
            response.wfile.write(row.writes[start : start + size])
        if row.raises:
            raise RuntimeError("half-way")
        return "the returned value plays no part"

    client = live.connect()
    client.send(row.asks)
    check_wire(live, client, row.writes, row.ending)
    entry = live.book.wait_entries(1)[0]
    assert (entry.status, entry.content_bytes, entry.verdict) == (row.status, row.count, row.verdict)
    assert entry.raw and entry.end == row.end and entry.handler.endswith(")")
    check_log(live, row.log, traceback=row.raises)


def check_wire(live, client, expected: bytes, ending: str) -> None:
    """`expected` and no byte more came, and the connection is as `ending` says."""
    if ending == "kept":
        assert client.take(len(expected)) == expected
        client.get("/nowhere")
        follow = client.response()
        assert (follow.status, client.buffer, client.ending) == (404, b"", None)
        return
    assert client.rest() == expected
    seen = {"end": "end", "cut": "end", "reset": "reset"} if live.scheme == "http" else {"end": "end"}
    assert client.ending == seen.get(ending, "cut")


def check_log(live, pattern: str | None, *, traceback: bool = False) -> None:
    """Exactly one line, of the handler, matching; or none at all."""
    if pattern is None:
        assert not live.book.messages
        return
    record = live.book.wait_for(WHERE + ".*" + pattern)
    expected = [record, live.book.wait_for("closing the connection")] if traceback and len(live.book.records) > 1 else [record]
    assert live.book.records == expected
    assert bool(record.exc_info) == traceback


# -- what is left to the server


INTERIM = {
    "103": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
    "several": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 \r\n\r\n",
}


@pytest.mark.parametrize("size", [10000, 1], ids=["whole", "bytewise"])
@pytest.mark.parametrize("hints", INTERIM.values(), ids=INTERIM)
def test_after_interim_responses_the_returned_value_is_sent(live, hints: bytes, size: int):
    @live.page
    def page():
        for start in range(0, len(hints), size):
            response.wfile.write(hints[start : start + size])
        response.headers["X-Made"] = "by the server"
        return "the page"

    client = live.connect()
    for _ in range(2):
        client.send(GET)
        assert client.take(len(hints)) == hints
        final = client.response()
        assert (final.status, final.body, final.get(b"X-Made")) == (200, b"the page", b"by the server")
    for entry in live.book.wait_entries(2):
        assert (entry.status, entry.content_bytes, entry.raw, entry.verdict) == (200, 8, False, "managed")
    assert not live.book.messages


def test_an_error_after_interim_responses_has_its_page(live):
    @live.page
    def page():
        response.wfile.write(INTERIM["103"])
        raise HTTPError(418, "short and stout")

    client = live.connect()
    client.send(GET + GET)
    for _ in range(2):
        assert client.take(len(INTERIM["103"])) == INTERIM["103"]
        assert client.response().status == 418


def test_interim_responses_before_a_final_one_by_hand(live):
    @live.page
    def page():
        response.wfile.write(INTERIM["several"])
        response.wfile.write(FIVE + b"hello")
        response.sendResponse = 0
        assert response.observed.interim == [103, 102, 103]

    client = live.connect()
    client.send(GET)
    check_wire(live, client, INTERIM["several"] + FIVE + b"hello", "kept")
    assert live.book.entries[0].status == 200 and not live.book.messages


def test_interim_responses_and_then_nothing(live):
    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(INTERIM["103"])

    client = live.connect()
    client.send(GET)
    check_wire(live, client, INTERIM["103"], "cut")
    check_log(live, "after 103 only; the final response is missing; closing")


LEFT_AT_1: dict[str, tuple[bytes, str, str | None]] = {
    "complete": (FIVE + b"hello", "kept", None),
    "open-ended": (CLOSING + b"hello", "end", None),
    "short": (TEN + b"hello", "cut", "less than its Content-Length"),
    "excess": (FIVE + b"hello!", "end", "more than its Content-Length"),
    "unreadable": (b"hello", "end", "not an HTTP response"),
}


@pytest.mark.parametrize("case", LEFT_AT_1.values(), ids=LEFT_AT_1)
def test_send_response_left_at_1(live, case: tuple[bytes, str, str | None]):
    writes, ending, other = case

    @live.page
    def page():
        response.wfile.write(writes)
        return "a second response"

    client = live.connect()
    client.send(GET)
    check_wire(live, client, writes, ending)
    live.book.wait_entries(1)
    record = live.book.wait_for(
        WHERE + f"wrote {len(writes)} bytes on response.wfile and left response.sendResponse at 1; "
        "no second response is sent. Add this line before it returns: response.sendResponse = 0$"
    )
    assert live.book.records == [record] if other is None else [record, live.book.wait_for(other)]


@pytest.mark.parametrize("asked_for_wfile", [False, True])
def test_nothing_written_and_send_response_0(live, asked_for_wfile: bool):
    @live.page
    def page():
        response.sendResponse = 0
        if asked_for_wfile:
            response.wfile.write(b"")
        return "not sent"

    client = live.connect()
    client.send(GET)
    assert client.rest() == b"" and client.ending == "end"
    check_log(live, "set response.sendResponse = 0 and wrote nothing; closing")
    entry = live.book.wait_entries(1)[0]
    assert (entry.status, entry.content_bytes, entry.end) == (None, 0, "error")


@pytest.mark.parametrize("send_response", [0, 1])
def test_raised_before_writing(live, send_response: int):
    @live.page
    def page():
        response.sendResponse = send_response
        response.wfile.write("")
        raise RuntimeError("too early")

    client = live.connect()
    for _ in range(2):
        client.send(GET)
        page_of_error = client.response()
        assert page_of_error.status == 500 and b"too early" not in page_of_error.body
    live.book.wait_entries(2)
    assert len(live.book.records) == 2 and live.book.records[0].exc_info[0] is RuntimeError


def test_wfile_asked_for_and_not_used(live):
    @live.page
    def page():
        assert response.wfile.writable() and response.observed is None
        return "by value"

    client = live.connect()
    client.send(GET + GET)
    assert [client.response().body for _ in range(2)] == [b"by value"] * 2


# -- requests that wait behind a raw response


def test_pipelined_requests_behind_complete_responses_are_answered_in_order(live):
    @live.page
    def count():
        number = request.query_string.encode()
        response.sendResponse = 0
        response.wfile.write(CHUNKS if int(number) % 2 else TYPED + b"Content-Length: %d\r\n\r\n" % len(number))
        response.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(number), number) if int(number) % 2 else number)

    client = live.connect()
    client.send(b"".join(b"GET /count?%d HTTP/1.1\r\nHost: a\r\n\r\n" % n for n in range(40)))
    assert [client.response().body for _ in range(40)] == [b"%d" % n for n in range(40)]


@pytest.mark.parametrize("writes", [CLOSING + b"hello", FIVE + b"hello!", b"hello", TEN + b"hello"])
def test_pipelined_requests_behind_other_responses_are_not_run(live, writes: bytes):
    runs = []

    @live.page
    def page():
        runs.append(1)
        response.sendResponse = 0
        response.wfile.write(writes)

    client = live.connect()
    client.send(GET * 3)
    assert client.rest() == writes and client.ending in ("end", "cut")
    assert runs == [1] and len(live.book.wait_entries(1)) == 1


def test_the_client_gets_every_byte_though_it_still_sends(live):
    big = b"x" * 3_000_000

    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(CLOSING + big)

    for asks in (b"POST /page HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n", OLD, LAST):
        client = live.connect()
        client.send(asks)
        client.take(1000)
        client.send_while_it_lasts(b"z" * 300_000)
        assert client.rest() == (CLOSING + big)[1000:] and client.ending == "end"


def test_what_was_read_along_is_an_object_on_the_response(live):
    seen: list[Any] = []

    @live.page
    def page():
        response.sendResponse = 0
        response.wfile.write(b"HTTP/1.1 200\r\nContent-Length: 5\r\nX-A: 1\r\nx-a: 2\r\n\r\nhel")
        seen.append((response.observed.verdict, response.observed.missing))
        response.wfile.write(b"lo")
        seen.append(response.observed)

    client = live.connect()
    client.get("/page")
    client.response()
    live.book.wait_entries(1)
    half, observed = seen
    assert half == ("short", 2)
    assert (observed.status, observed.reason, observed.version, observed.verdict) == (200, "", (1, 1), "complete")
    assert observed.get("X-A") == "1, 2" and observed.framing.kind == "length" and observed.content_bytes == 5
    assert "no reason phrase: the space before it is missing, RFC 9112 section 4" in [str(f) for f in observed.findings]
    complaints = [str(finding) for finding in observed.findings if finding.level in ("warning", "bad")]
    assert live.book.entries[0].findings == complaints
