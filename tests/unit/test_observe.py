"""The observer: verdicts, framing, persistence, and the same reading whatever the split."""

from __future__ import annotations

import http.client
import io
import random
import sys
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawwfile.http.notes import MAX_FINDINGS
from rawwfile.http.observe import MAX_HEAD, MAX_INTERIM, MAX_SAMPLE, ResponseFraming, ResponseObserver

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HOWTO20 = b"HTTP/1.1 200\r\nContent-Type: text/html\r\n\r\n"


def sized(length: int | bytes, content: bytes = b"") -> bytes:
    text = b"%d" % length if isinstance(length, int) else length
    return OK + b"Content-Length: " + text + b"\r\n\r\n" + content


def observe(*writes: bytes, method: str = "GET", **how) -> ResponseObserver:
    observer = ResponseObserver(method, **how)
    for data in writes:
        observer.receive(data)
    return observer


def ids(observer: ResponseObserver, *levels: str) -> list[str]:
    return [finding.id for finding in observer.findings if finding.level in (levels or ("warning", "bad"))]


def reading(observer: ResponseObserver) -> dict:
    """All that can be seen of an observer."""
    methods = ("receive", "get", "explain")
    public = [name for name in dir(observer) if not name.startswith("_") and name not in methods]
    return {name: getattr(observer, name) for name in public} | {"explained": observer.explain()}


@dataclass
class Case:
    """What one stream must be read as; None is not looked at."""

    stream: bytes
    verdict: str
    explained: str
    keeps: bool = False
    content: int = 0
    found: list[str] = field(default_factory=list)
    method: str = "GET"
    client: tuple[int, int] = (1, 1)


WITH_LENGTH = "complete: 5 bytes, as its Content-Length says"
OPEN = "only closing can end it: no usable Content-Length and no chunks"
BUT_BARE_LF = "; but a line ends in LF alone, RFC 9112 section 2.2"

CASES = {
    "nothing": Case(b"", "untouched", "nothing was written"),
    # A whole response.
    "length met": Case(sized(5, b"hello"), "complete", WITH_LENGTH, True, 5),
    "length of zero": Case(sized(0), "complete", "complete: 0 bytes, as its Content-Length says", True),
    "leading zeros": Case(sized(b"0005", b"hello"), "complete", WITH_LENGTH, True, 5),
    "chunks": Case(
        CHUNKED + b"5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n", "complete",
        "complete: 15 bytes in chunks", True, 15),
    "a chunk extension": Case(
        CHUNKED + b'5;a="b"\r\nhello\r\n0;x\r\n\r\n', "complete", "complete: 5 bytes in chunks", True, 5),
    "trailer fields": Case(
        CHUNKED + b"1\r\na\r\n000\r\nDigest: x\r\nB: c\r\n\r\n", "complete", "complete: 1 byte in chunks", True, 1),
    "gzip, chunked": Case(
        OK + b"transfer-encoding: gzip, CHUNKED\r\n\r\n0\r\n\r\n", "complete", "complete: 0 bytes in chunks", True),
    "204": Case(b"HTTP/1.1 204 No Content\r\n\r\n", "complete", "complete: a response without content", True),
    "304 with the length it would have": Case(
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "complete",
        "complete: a response without content", True),
    "HEAD": Case(sized(9), "complete", "complete: a response without content", True, method="HEAD"),
    "HEAD, chunked": Case(CHUNKED, "complete", "complete: a response without content", True, method="HEAD"),
    "CONNECT refused": Case(
        b"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", "complete",
        "complete: 2 bytes, as its Content-Length says", True, 2, method="CONNECT"),
    "103 before 200": Case(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + sized(5, b"hello"), "complete", WITH_LENGTH, True, 5),
    # The reason phrase.
    "no reason, no space": Case(
        b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", "complete", WITH_LENGTH, True, 5, ["no-reason-space"]),
    "no reason, but the space": Case(
        b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", "complete", WITH_LENGTH, True, 5),
    "HowTo 20": Case(HOWTO20 + b"one<br>\ntwo", "open-ended", OPEN, False, 11, ["no-reason-space"]),
    # Only closing can end it.
    "no framing": Case(OK + b"\r\nhello", "open-ended", OPEN, False, 5),
    "no framing, nothing yet": Case(OK + b"\r\n", "open-ended", OPEN),
    "keep-alive without framing": Case(
        OK + b"Connection: Keep-Alive\r\n\r\n", "open-ended", OPEN, found=["keep-alive-unframed"]),
    "coding that is not chunked": Case(
        OK + b"Transfer-Encoding: gzip\r\n\r\nhello", "open-ended",
        OPEN + "; but Transfer-Encoding does not end in chunked: b'gzip', RFC 9112 section 6.3", False, 5,
        ["coding-not-chunked"]),
    "chunked, then another coding": Case(
        OK + b"Transfer-Encoding: chunked, gzip\r\n\r\n", "open-ended",
        OPEN + "; but Transfer-Encoding does not end in chunked: b'chunked, gzip', RFC 9112 section 6.3",
        found=["coding-not-chunked"]),
    "an empty Transfer-Encoding": Case(
        OK + b"Transfer-Encoding:\r\n\r\n", "open-ended",
        OPEN + "; but Transfer-Encoding does not end in chunked: b'', RFC 9112 section 6.3",
        found=["coding-not-chunked"]),
    "two lengths": Case(
        OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nhello", "open-ended",
        OPEN + "; but Content-Length is given twice, and differently: b'3, 5', RFC 9112 section 6.3", False, 5,
        ["lengths-differ"]),
    **{
        f"a length of {value!r}": Case(
            sized(value, b"hello"), "open-ended",
            OPEN + f"; but Content-Length is not a number of bytes: {value!r}, RFC 9110 section 8.6", False, 5,
            ["length-not-digits"])
        for value in (b"+5", b"-5", b"5.0", b"5 bytes", b"5,", b"", b"0x5", b"9" * 19, b"\xb2")
    },
    # Less than a response.
    "short": Case(sized(10, b"1234567"), "short", "3 bytes less than its Content-Length of 10", False, 7),
    "nothing of the content": Case(sized(1), "short", "1 byte less than its Content-Length of 1"),
    "last chunk missing": Case(CHUNKED + b"5\r\nhello\r\n", "short", "the last chunk is missing", False, 5),
    "no chunk at all": Case(CHUNKED, "short", "the last chunk is missing"),
    "inside a chunk size": Case(CHUNKED + b"5", "short", "the last chunk is missing"),
    "inside a chunk": Case(
        CHUNKED + b"5\r\nhe", "short", "the last chunk is missing, and 3 bytes of a chunk of 5", False, 2),
    "chunk without its line end": Case(CHUNKED + b"2\r\nhe", "short", "the last chunk is missing", False, 2),
    "empty line after the last chunk missing": Case(
        CHUNKED + b"0\r\n", "short", "the last chunk is not finished (no empty line)"),
    "no empty line": Case(OK + b"A: b\r\n", "short", "the head is not finished (no empty line)"),
    "content as a field": Case(OK + b"hello", "short", "the head is not finished (no empty line)"),
    "half a status line": Case(b"HTT", "short", "the head is not finished (no empty line)"),
    "bare CR everywhere": Case(
        OK.replace(b"\r\n", b"\r") + b"A: b\r\rhello", "short",
        "the head is not finished (no empty line); a CR alone ends no line"),
    "103, then half a head": Case(
        b"HTTP/1.1 103 E\r\n\r\nHTTP/1.1 2", "short", "the head is not finished (no empty line)"),
    # More than a response.
    "excess": Case(
        sized(12, b"Hello, worldHELLO"), "excess",
        "5 bytes more than its Content-Length of 12 (first extra: b'HELLO')", False, 12),
    "a line end too many": Case(
        sized(5, b"hello\r\n"), "excess",
        r"2 bytes more than its Content-Length of 5 (first extra: b'\r\n')", False, 5),
    "after the last chunk": Case(
        CHUNKED + b"0\r\n\r\n\n", "excess", r"1 byte after the last chunk (first extra: b'\n')"),
    "body on HEAD": Case(
        sized(5, b"hello"), "excess", "a body on a response to HEAD (5 bytes: b'hello')", method="HEAD"),
    "body on 204": Case(
        b"HTTP/1.1 204 No\r\n\r\nhello", "excess", "a body on a 204 response (5 bytes: b'hello')"),
    "body on 304": Case(
        b"HTTP/1.1 304 No\r\nContent-Length: 1\r\n\r\nh", "excess", "a body on a 304 response (1 byte: b'h')"),
    # No HTTP response.
    "HTML": Case(b"<html>...", "unreadable", "not an HTTP response: b'<html>...' at byte 0"),
    "lower case": Case(b"http/1.1 200 OK\r\n\r\n", "unreadable",
                       r"not an HTTP response: b'http/1.1 200 OK\r\n\r\n' at byte 0"),
    "an empty line first": Case(
        b"\r\nHTTP/1.1 200 OK\r\n\r\n", "unreadable",
        r"not an HTTP response: b'\r\nHTTP/1.1 200 OK\r\n\r\n' at byte 0"),
    **{
        f"status line {line!r}": Case(
            line + b"\r\n\r\n", "unreadable", f"not an HTTP response: {line + bytes([13, 10, 13, 10])!r} at byte 0")
        for line in (
            b"HTTP/1.1", b"HTTP/1.1 OK", b"HTTP/1.1 99 Low", b"HTTP/1.1 1000 High", b"HTTP/1.1 200OK",
            b"HTTP/1 200 OK", b"HTTP/x.y 200 OK", b"HTTP/1.1200 OK", b"HTTP/ 1.1 200", b"HTTPS/1.1 200 OK",
            b"HTTP/1.1 \xb2\xb2\xb2 OK", b"HTTP/1111.1 200 OK",
        )
    },
    "garbage after a 103": Case(
        b"HTTP/1.1 103 E\r\n\r\nhello", "unreadable", "not an HTTP response: b'hello' at byte 18"),
    "an unlimited head": Case(
        OK + b"A" * MAX_HEAD, "unreadable",
        f"the head does not end within 65536 bytes: {b'A' * len(OK)!r} at byte 65536"),
    "text instead of chunks": Case(
        CHUNKED + b"hello", "unreadable", "not a chunk size: b'hello' at byte 47"),
    "chunk size ZZ": Case(
        CHUNKED + b"1\r\na\r\nZZ\r\n", "unreadable", r"not a chunk size: b'ZZ\r\n' at byte 53", False, 1),
    "chunk size -1": Case(CHUNKED + b"-1\r\n", "unreadable", r"not a chunk size: b'-1\r\n' at byte 47"),
    "chunk size 0x5": Case(CHUNKED + b"0x5\r\n", "unreadable", r"not a chunk size: b'0x5\r\n' at byte 47"),
    "empty chunk size": Case(CHUNKED + b"\r\n", "unreadable", r"not a chunk size: b'\r\n' at byte 47"),
    "bare CR after a chunk size": Case(
        CHUNKED + b"5\rhello", "unreadable", r"not a chunk size: b'5\rhello' at byte 47"),
    "more than 64 bits of chunk": Case(
        CHUNKED + b"1" * 17, "unreadable", f"not a chunk size: {b'1' * 17!r} at byte 47"),
    "an unlimited extension": Case(
        CHUNKED + b"5;" + b"x" * 5000, "unreadable", f"not a chunk size: {b'5;' + b'x' * 58!r} at byte 47"),
    "bytes after chunk data": Case(
        CHUNKED + b"3\r\nhello\r\n", "unreadable",
        r"a chunk of 3 is not followed by CR LF but by b'lo\r\n' at byte 53", False, 3),
    "CR and no LF after chunk data": Case(
        CHUNKED + b"3\r\nhel\rlo", "unreadable",
        r"a chunk of 3 is not followed by CR LF but by b'\rlo' at byte 53", False, 3),
    # Another protocol follows.
    "101": Case(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x05hello", "upgraded",
        "the connection is no longer HTTP (101 in answer to GET)", False, 7),
    "a tunnel": Case(
        b"HTTP/1.1 200 OK\r\n\r\nabc", "upgraded", "the connection is no longer HTTP (200 in answer to CONNECT)",
        False, 3, method="CONNECT"),
    "a tunnel with a length": Case(
        sized(1, b"abc"), "upgraded", "the connection is no longer HTTP (200 in answer to CONNECT)",
        False, 3, ["length-not-allowed"], method="CONNECT"),
    # Only 1xx.
    "103 only": Case(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", "interim", "only interim responses so far (103)"),
    "three of them": Case(
        b"HTTP/1.1 102 P\r\n\r\nHTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\n\r\n", "interim",
        "only interim responses so far (102, 102, 103)"),
    # Complete, yet not to be trusted.
    "bare LF everywhere": Case(
        sized(5, b"hello").replace(b"\r\n", b"\n"), "complete", WITH_LENGTH + BUT_BARE_LF, False, 5,
        ["bare-lf"] * 3),
    "bare LF in the 103": Case(
        b"HTTP/1.1 103 E\n\n" + sized(5, b"hello"), "complete", WITH_LENGTH + BUT_BARE_LF, False, 5, ["bare-lf"] * 2),
    "length and chunked": Case(
        OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "complete",
        "complete: 5 bytes in chunks; but both Content-Length and Transfer-Encoding, RFC 9112 section 6.2", False, 5,
        ["length-and-coding"]),
    "the same length twice": Case(
        sized(b"5, 5", b"hello"), "complete",
        WITH_LENGTH + "; but Content-Length is given more than once: b'5, 5', RFC 9110 section 8.6", False, 5,
        ["length-repeated"]),
    "chunked to an HTTP/1.0 client": Case(
        OK + b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "complete",
        "complete: 0 bytes in chunks; but Transfer-Encoding to an HTTP/1.0 client, which cannot read it, "
        "RFC 9112 section 6.1", found=["coding-to-old-client"], client=(1, 0)),
    "length on 204": Case(
        b"HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n", "complete",
        "complete: a response without content; but Content-Length on a 204 response, which has no content, "
        "RFC 9110 section 8.6", found=["length-not-allowed"]),
    "space before the colon": Case(
        OK + b"Content-Length : 5\r\n\r\nhello", "complete",
        WITH_LENGTH + "; but field name ends in a space: b'Content-Length ', RFC 9112 section 5.1", False, 5,
        ["space-before-colon"]),
    "a line without a colon": Case(
        OK + b"oops\r\nContent-Length: 5\r\n\r\nhello", "complete",
        WITH_LENGTH + "; but a field line without a colon: b'oops', RFC 9112 section 5", False, 5, ["no-colon"]),
    "a folded length": Case(
        OK + b"Content-Length:\r\n 5\r\n\r\nhello", "complete",
        WITH_LENGTH + "; but a field value goes on in the next line: b' 5', RFC 9112 section 5.2", False, 5,
        ["obs-fold"]),
    "bare LF in the chunks": Case(
        CHUNKED + b"1\na\n0\n\n", "complete", "complete: 1 byte in chunks" + BUT_BARE_LF, False, 1, ["bare-lf"] * 4),
    "space after a chunk size": Case(
        CHUNKED + b"1 \r\na\r\n0\r\n\r\n", "complete",
        r"complete: 1 byte in chunks; but a space after the chunk size: b'1 \r\n', RFC 9112 section 7.1", False, 1,
        ["chunk-size-space"]),
    "a broken trailer field": Case(
        CHUNKED + b"0\r\nhello\r\n\r\n", "complete",
        "complete: 0 bytes in chunks; but a field line without a colon: b'hello', RFC 9112 section 5",
        found=["no-colon"]),
    "HTTP/2.0": Case(
        b"HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "complete",
        WITH_LENGTH + "; but the status line says HTTP/2.0; this connection speaks HTTP/1.1, RFC 9112 section 2.3",
        False, 5, ["odd-version"]),
    "status 600": Case(
        b"HTTP/1.1 600 No\r\nContent-Length: 5\r\n\r\nhello", "complete",
        WITH_LENGTH + "; but status 600 is outside 100 to 599, RFC 9110 section 15", False, 5, ["status-range"]),
    "status 042 has content": Case(
        b"HTTP/1.1 042 No\r\nContent-Length: 5\r\n\r\nhello", "complete",
        WITH_LENGTH + "; but status 042 is outside 100 to 599, RFC 9110 section 15", False, 5, ["status-range"]),
}


def splits(stream: bytes, seed: int = 0) -> list[list[bytes]]:
    """The stream whole, byte by byte, in two parts at each of its first and last places, and at random."""
    chance = random.Random(seed)
    ways = [[stream], [stream[i:i + 1] for i in range(len(stream))] if len(stream) < 2000 else [stream]]
    ways += [[stream[:i], stream[i:]] for i in range(min(len(stream), 300))]
    for _ in range(10):
        cuts = sorted(chance.randrange(len(stream) + 1) for _ in range(chance.randrange(6)))
        ways.append([stream[i:j] for i, j in zip([0, *cuts], [*cuts, len(stream)])])
    return ways


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_case(case):
    observer = observe(case.stream, method=case.method, client_version=case.client)
    assert observer.verdict == case.verdict
    assert observer.explain() == case.explained
    assert observer.may_keep is case.keeps
    assert observer.content_bytes == case.content
    told_by_verdict = observer.findings[-1:] if case.verdict in ("short", "excess", "unreadable") else []
    assert ids(observer) == case.found + [finding.id for finding in told_by_verdict]
    assert observer.bytes_seen == len(case.stream)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_split_makes_no_difference(case):
    how = {"method": case.method, "client_version": case.client}
    whole = reading(observe(case.stream, **how))
    for writes in splits(case.stream):
        assert reading(observe(*writes, **how)) == whole


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_asking_changes_nothing(case):
    how = {"method": case.method, "client_version": case.client}
    stream = case.stream[:400]
    asked = observe(**how)
    for i in range(len(stream)):
        asked.receive(stream[i:i + 1])
        assert reading(asked) == reading(observe(stream[:i + 1], **how))


def test_live_reading_of_howto20():
    observer = observe(b"HTTP/1.1 200\r\n")
    assert (observer.status, observer.reason, observer.version) == (200, "", (1, 1))
    assert (observer.verdict, observer.framing, observer.head, observer.fields) == ("short", None, b"", [])
    assert observer.get("content-type") is None
    observer.receive(b"Content-Type: text/html\r\n")
    observer.receive(b"\r\n")
    assert observer.framing == ResponseFraming("close")
    assert observer.head == HOWTO20
    assert observer.fields == [("Content-Type", "text/html")]
    assert observer.get("content-TYPE") == "text/html"
    assert observer.verdict == "open-ended"
    observer.receive(b"Line 1")
    assert (observer.content_bytes, observer.missing, observer.excess) == (6, None, 0)


def test_attributes_of_a_sized_response():
    observer = observe(OK + b"X: 1\r\ncontent-length:\t10 \r\nx:  2\r\n\r\nabc")
    assert observer.framing == ResponseFraming("length", 10)
    assert (observer.content_length, observer.content_bytes, observer.missing) == (10, 3, 7)
    assert observer.fields == [("X", "1"), ("content-length", "10"), ("x", "2")]
    assert observer.get("X") == "1, 2"
    observer.receive(b"d" * 9)
    assert (observer.content_bytes, observer.missing, observer.excess) == (10, 0, 2)


def test_content_length_is_told_even_where_it_does_not_count():
    assert observe(sized(9), method="HEAD").content_length == 9
    assert observe(sized(9), method="HEAD").framing == ResponseFraming("none")
    assert observe(sized(9), method="HEAD").missing is None
    assert observe(CHUNKED).framing == ResponseFraming("chunked")
    assert observe(sized(b"+9")).content_length is None


def test_interim_responses_leave_no_status_behind():
    observer = observe(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 102 P\r\n")
    assert (observer.interim, observer.status, observer.verdict) == ([103], None, "short")
    observer.receive(b"\r\n")
    assert (observer.interim, observer.status, observer.verdict) == ([103, 102], None, "interim")
    observer.receive(sized(1, b"a"))
    assert (observer.interim, observer.status, observer.verdict) == ([103, 102], 200, "complete")
    assert observer.head == sized(1)


def test_interim_to_an_old_client_is_doubtful():
    observer = observe(b"HTTP/1.1 103 E\r\n\r\n" + sized(1, b"a"), client_version=(1, 0))
    assert ids(observer) == ["interim-to-old-client"]
    assert not observer.may_keep


@pytest.mark.parametrize(
    ("line", "version", "client_version", "client_keeps", "keeps"),
    [
        (b"", b"1.1", (1, 1), True, True),
        (b"", b"1.1", (1, 1), False, False),
        (b"Connection: close", b"1.1", (1, 1), True, False),
        (b"connection: x, Close ", b"1.1", (1, 1), True, False),
        (b"Connection: keep-alive, close", b"1.1", (1, 1), True, False),
        (b"Connection: closed", b"1.1", (1, 1), True, True),
        (b"", b"1.0", (1, 1), True, False),
        (b"Connection: keep-alive", b"1.0", (1, 1), True, True),
        (b"", b"1.1", (1, 0), True, False),
        (b"Connection: a,\tKeep-Alive", b"1.1", (1, 0), True, True),
        (b"Connection: keep-alive", b"1.1", (1, 0), False, False),
    ],
)
def test_persistence(line, version, client_version, client_keeps, keeps):
    """RFC 9112 section 9.3."""
    start = b"HTTP/" + version + b" 200 OK\r\n" + (line + b"\r\n" if line else b"")
    stream = start + b"Content-Length: 5\r\n\r\nhello"
    observer = observe(stream, client_version=client_version, client_keeps=client_keeps)
    assert observer.verdict == "complete"
    assert observer.may_keep is keeps


def test_every_bad_finding_forbids_to_keep():
    for case in CASES.values():
        observer = observe(case.stream, method=case.method, client_version=case.client)
        if any(finding.doubtful for finding in observer.findings):
            assert not observer.may_keep


def test_content_findings_come_with_the_content():
    observer = observe(b"HTTP/1.1 205 R\r\n\r\n")
    assert ids(observer, "info", "warning") == ["no-date", "open-ended"]
    observer.receive(b"x")
    assert ids(observer, "info", "warning") == ["content-on-205", "no-content-type", "no-date", "open-ended"]


def test_a_perfect_response_has_one_good_finding():
    observer = observe(OK + b"Date: now\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi")
    assert [(finding.id, finding.level) for finding in observer.findings] == [("complete", "good")]


def test_the_lines_after_a_line_that_is_no_field_are_left_out_with_it():
    observer = observe(OK + b" first\r\nno colon\r\n folded\r\nA: b\r\n c\r\n\t\r\n\r\n")
    assert observer.fields == [("A", "b c")]
    assert ids(observer) == ["leading-space", "no-colon", "obs-fold", "obs-fold", "obs-fold"]


def test_other_spaces_belong_to_the_value():
    assert observe(OK + b"A: \x85b\xa0 \r\n\r\n").get("a") == "\x85b\xa0"
    assert observe(OK + b"A: \x0bb\x0c\t\r\n\r\n").get("a") == "\x0bb\x0c"


def test_any_bytes_like_object_is_taken():
    for kind in (bytes, bytearray, memoryview):
        observer = observe(kind(sized(12, b"hello")), kind(b" world"), kind(b"!!"))
        assert (observer.content_bytes, observer.excess, observer.offending) == (12, 1, b"")
        assert observer.bytes_seen == len(sized(12)) + 13
    observer = observe(sized(8), memoryview(b"x" * 8).cast("I"))
    assert (observer.verdict, observer.content_bytes) == ("complete", 8)


def test_the_largest_head_and_one_byte_more():
    largest = OK + b"A: " + b"x" * (MAX_HEAD - len(OK) - 7) + b"\r\n\r\n"
    assert len(largest) == MAX_HEAD
    for head, verdict in ((largest, "open-ended"), (largest.replace(b"A: ", b"A: x"), "unreadable")):
        stream = head + b"tail"
        for cut in (0, 9, MAX_HEAD - 1, MAX_HEAD, MAX_HEAD + 1):
            writes = [stream[:cut], stream[cut:]]
            observer = observe(*writes)
            assert observer.verdict == verdict
            assert observer.offending == (b"" if verdict == "open-ended" else b"\ntail")


def held_bytes(observer: ResponseObserver) -> int:
    """Bytes that an observer keeps, roughly: everything that has a length and is its own."""
    head, chunks = observer._head, observer._chunks
    kept = [observer._held, observer._sample, head.raw if head else b"", chunks.held if chunks else b""]
    return sum(map(sys.getsizeof, kept)) + 8 * len(observer.interim)


@pytest.mark.parametrize(
    ("start", "repeated"),
    [
        (b"", b"x" * 10_000), (OK, b"A: b\r\n" * 2000), (OK, b"x" * 10_000), (OK + b"\r\n", b"x" * 10_000),
        (sized(1), b"x" * 10_000), (CHUNKED, b"ff;\n" + b"x" * 255 + b"\n"), (CHUNKED, b"1\r\na\r\n" * 100),
        (CHUNKED + b"0\r\n", b"A: b\r\n" * 2000), (CHUNKED + b"5;", b"x" * 1000), (CHUNKED, b"z" * 1000),
        (b"", b"HTTP/1.1 102 P\n\n" * 100),
    ],
)
def test_memory_is_bounded(start, repeated):
    observer = observe(start, *[repeated] * 100)
    assert held_bytes(observer) < 3 * MAX_HEAD
    assert len(observer.findings) <= MAX_FINDINGS
    assert len(observer.offending) <= MAX_SAMPLE
    assert len(observer.interim) <= MAX_INTERIM
    assert observer.bytes_seen == len(start) + 100 * len(repeated)


def test_findings_are_bounded_and_the_verdict_is_among_them():
    observer = observe(OK + b"bad\n" * 500 + b"\r\n")
    assert len(observer.findings) == MAX_FINDINGS
    assert observer.findings[-1].id == "open-ended"
    assert observe(OK + b"A: b\xe9\r\n" * 500 + b"B: c\n\r\n").doubtful


def test_findings_name_each_place_once():
    for case in CASES.values():
        observer = observe(case.stream, method=case.method, client_version=case.client)
        places = [(finding.id, finding.start) for finding in observer.findings]
        assert len(places) == len(set(places))
        assert all(0 <= finding.start <= finding.end <= len(case.stream) for finding in observer.findings)


# Pieces that are likely to meet each other in a broken response.
PIECES = st.sampled_from([
    OK, HOWTO20, b"HTTP/1.1 103 E\r\n\r\n", b"HTTP/1.0 204 N\n", b"HTTP/1.1 101 S\r\n", b"HTTP/1.1 304\r\n", b"HTTP/",
    b"Content-Length: 5\r\n", b"Content-Length: 3\r\n", b"content-length:+5\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip\r\n", b"Connection: keep-alive\r\n", b"Date: x\r\n", b"A : b\r\n", b": x\r\n",
    b" fold\r\n",
    b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\n\n", b"\0", b" ", b":", b"\xff", b"hello", b"0\r\n", b"0\r\n\r\n",
    b"5\r\nhello\r\n",
    b"5;x\r\nhello\n", b"a ", b"ffffffffffffffff", CHUNKED, sized(5, b"hello"), b"<html>",
])
STREAMS = st.one_of(
    st.lists(st.one_of(PIECES, st.binary(max_size=4)), max_size=14).map(b"".join),
    st.lists(PIECES, max_size=8).map(lambda pieces: OK + b"".join(pieces)),
    st.lists(PIECES, max_size=8).map(lambda pieces: CHUNKED + b"".join(pieces)),
    st.binary(max_size=80),
)
METHODS = st.sampled_from(["GET", "HEAD", "CONNECT", "POST"])
VERSIONS = st.sampled_from([(1, 1), (1, 0)])


@settings(max_examples=400, deadline=None)
@given(STREAMS, METHODS, VERSIONS, st.booleans(), st.data())
def test_any_bytes_in_any_split_are_read_alike(stream, method, version, keeps, data):
    how = {"method": method, "client_version": version, "client_keeps": keeps}
    whole = reading(observe(stream, **how))
    assert reading(observe(*(stream[i:i + 1] for i in range(len(stream))), **how)) == whole
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    writes = [stream[i:j] for i, j in zip([0, *cuts], [*cuts, len(stream)])]
    asked = observe(**how)
    for write in writes:
        asked.receive(write)
        reading(asked)
    assert reading(asked) == whole


@settings(max_examples=300, deadline=None)
@given(STREAMS, METHODS, VERSIONS)
def test_what_is_said_is_consistent(stream, method, version):
    observer = observe(stream, method=method, client_version=version)
    seen = reading(observer)
    assert seen["bytes_seen"] == len(stream)
    assert seen["content_bytes"] + seen["excess"] + len(seen["head"]) <= len(stream)
    assert (seen["excess"] > 0) == (seen["verdict"] == "excess")
    assert bool(seen["offending"]) == (seen["verdict"] == "unreadable")
    if seen["offending"]:
        assert stream[seen["offending_offset"]:].startswith(seen["offending"])
    if seen["may_keep"]:
        assert seen["verdict"] == "complete"
        assert "bad" not in {finding.level for finding in seen["findings"]}
    places = [(finding.id, finding.start) for finding in seen["findings"]]
    assert len(places) == len(set(places))


FIELD_NAMES = st.sampled_from(["Date", "Content-Type", "X-A", "Set-Cookie", "Server", "!#$%&'*+-.^_`|~9"])
FIELD_VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xff, exclude_characters="\x7f"), max_size=20)


class Wire:
    """The bytes of a response as a socket, for http.client."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.data)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(200, 599), st.lists(st.tuples(FIELD_NAMES, FIELD_VALUES), max_size=5),
    st.lists(st.binary(min_size=1, max_size=40), max_size=4), st.sampled_from(["length", "chunked", "close"]),
    st.sampled_from(["GET", "HEAD"]),
)
def test_sound_responses_are_read_as_http_client_reads_them(status, fields, parts, kind, method):
    body = b"".join(parts)
    content = body if kind != "chunked" else b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"
    empty = method == "HEAD" or status in (204, 304)
    lines_of = {"length": f"Content-Length: {len(body)}\r\n", "chunked": "Transfer-Encoding: chunked\r\n"}
    # http.client looks for chunks on a 304 that says chunked, though it can have none.
    framing = "" if status in (204, 304) else lines_of.get(kind, "")
    lines = "".join(f"{name}:{value}\r\n" for name, value in fields)
    stream = f"HTTP/1.1 {status} Some reason\r\n{framing}{lines}\r\n".encode("latin-1") + (b"" if empty else content)
    theirs = http.client.HTTPResponse(Wire(stream), method=method)
    theirs.begin()
    ours = observe(stream, method=method)
    assert (ours.status, ours.reason) == (theirs.status, theirs.reason)
    assert ours.content_bytes == len(theirs.read())
    assert ours.verdict == ("open-ended" if kind == "close" and not empty else "complete")
    assert ours.may_keep is (ours.verdict == "complete")
    written = [line.split(":", 1) for line in (framing + lines).split("\r\n")[:-1]]
    assert ours.fields == [(name, value.strip(" \t")) for name, value in written]
    assert not ids(ours, "bad")
