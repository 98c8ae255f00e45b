"""What the observer remarks on a response: every one of its notes at its place, once."""

from __future__ import annotations

import pytest

from rawwfile.http.notes import MAX_FINDINGS, NOTES, Findings, Note, counted, note_class, note_from, quoted
from rawwfile.http.observe import ResponseObserver

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def head(*lines: bytes) -> bytes:
    return OK + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


# id: the stream, what the finding's place covers, and how the observer is made (default: a GET).
PRODUCED: dict[str, tuple[bytes, bytes, dict]] = {
    "no-reason-space": (b"HTTP/1.1 200\r\n\r\n", b"", {}),
    "status-line-spaces": (b"HTTP/1.1  200 OK\r\n\r\n", b"  200 OK", {}),
    "odd-version": (b"HTTP/2.0 200 OK\r\n\r\n", b"2.0", {}),
    "status-range": (b"HTTP/1.1 999 No\r\n\r\n", b"999", {}),
    "bare-lf": (b"HTTP/1.1 200 OK\n\r\n", b"\n", {}),
    "bare-cr": (head(b"A: b\rc"), b"\r", {}),
    "obs-fold": (head(b"A: b", b" c"), b" c", {}),
    "leading-space": (head(b" A: b"), b" A: b", {}),
    "no-colon": (head(b"hello"), b"hello", {}),
    "empty-name": (head(b": b"), b": b", {}),
    "space-before-colon": (head(b"Host : b"), b" ", {}),
    "name-not-token": (head(b"A(b): c"), b"A(b)", {}),
    "nul": (head(b"A: b\0c"), b"\0", {}),
    "control-byte": (head(b"A: b\x07c"), b"\x07", {}),
    "non-ascii": (head(b"A: caf\xc3\xa9"), b"\xc3", {}),
    "length-not-digits": (head(b"Content-Length: +5"), b"Content-Length: +5", {}),
    "lengths-differ": (head(b"Content-Length: 3", b"Content-Length: 5"), b"Content-Length: 5", {}),
    "length-repeated": (head(b"Content-Length: 3, 3"), b"Content-Length: 3, 3", {}),
    "length-and-coding": (
        head(b"Transfer-Encoding: chunked", b"Content-Length: 3"), b"Transfer-Encoding: chunked", {}),
    "coding-not-chunked": (head(b"Transfer-Encoding: gzip"), b"Transfer-Encoding: gzip", {}),
    "chunked-twice": (head(b"Transfer-Encoding: chunked, chunked"), b"Transfer-Encoding: chunked, chunked", {}),
    "coding-to-old-client": (CHUNKED, b"Transfer-Encoding: chunked", {"client_version": (1, 0)}),
    "coding-in-old-response": (CHUNKED.replace(b"1.1", b"1.0"), b"Transfer-Encoding: chunked", {}),
    "length-not-allowed": (b"HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n", b"Content-Length: 0", {}),
    "coding-not-allowed": (
        b"HTTP/1.1 103 Early\r\nTransfer-Encoding: chunked\r\n\r\n", b"Transfer-Encoding: chunked", {}),
    "keep-alive-unframed": (head(b"Connection: keep-alive"), b"Connection: keep-alive", {}),
    "interim-to-old-client": (
        b"HTTP/1.1 103 Early Hints\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n", {"client_version": (1, 0)}),
    "no-date": (OK + b"\r\n", OK + b"\r\n", {}),
    "no-content-type": (OK + b"\r\nhello", OK + b"\r\n", {}),
    "content-type-repeated": (head(b"Content-Type: a/b", b"Content-Type: c/d"), b"Content-Type: c/d", {}),
    "no-upgrade": (b"HTTP/1.1 101 S\r\n\r\n", b"HTTP/1.1 101 S\r\n\r\n", {}),
    "content-on-205": (b"HTTP/1.1 205 R\r\n\r\nhello", b"HTTP/1.1 205 R\r\n\r\n", {}),
    "chunk-size-space": (CHUNKED + b"5 \r\n", b" ", {}),
    "bad-chunk-size": (CHUNKED + b"ZZ\r\n", b"ZZ\r\n", {}),
    "bad-chunk-end": (CHUNKED + b"3\r\nhello", b"lo", {}),
    "trailer-too-large": (CHUNKED + b"0\r\n" + b"A: b\r\n" * 12_000, b"A: b\r\n" * 3, {}),
    "link-form": (head(b"Link: /a.css; rel=preload"), b"Link: /a.css; rel=preload", {}),
    "early-hints": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", {}),
    "early-hints-empty": (b"HTTP/1.1 103 Early Hints\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n", {}),
    "chunk-extension": (CHUNKED + b"1;a=b\r\n", b";a=b", {}),
    "complete": (head(b"Content-Length: 0"), head(b"Content-Length: 0"), {}),
    "not-http": (b"<html>", b"<html>", {}),
    "head-too-large": (OK + b"A: b\r\n" * 12_000, b"A: b\r\n" * 3, {}),
    "head-unfinished": (OK, OK, {}),
    "content-short": (head(b"Content-Length: 5") + b"abc", b"", {}),
    "last-chunk-missing": (CHUNKED + b"1\r\na\r\n", b"", {}),
    "chunk-short": (CHUNKED + b"5\r\nabc", b"", {}),
    "trailer-unfinished": (CHUNKED + b"0\r\n", b"", {}),
    "content-excess": (head(b"Content-Length: 1") + b"abc", b"bc", {}),
    "excess-after-chunks": (CHUNKED + b"0\r\n\r\nabc", b"abc", {}),
    "content-not-allowed": (OK + b"\r\nabc", b"abc", {"method": "HEAD"}),
    "open-ended": (OK + b"\r\nabc", OK + b"\r\nabc", {}),
}


@pytest.mark.parametrize("id", PRODUCED)
def test_a_note_is_produced_once_at_its_place(id):
    stream, covered, how = PRODUCED[id]
    observer = ResponseObserver(**{"method": "GET", **how})
    observer.receive(stream)
    (finding,) = [finding for finding in observer.findings if finding.id == id]
    place = stream[finding.start:finding.end]
    assert place == covered or (id.endswith("too-large") and len(place) == 60)
    assert finding.level == NOTES[id].level
    assert "{" not in finding.message + finding.advice
    assert len(finding.message) < 250


def test_an_id_cannot_be_given_twice_and_a_level_must_be_known():
    with pytest.raises(ValueError, match="bare-lf"):
        type("Again", (Note,), {"id": "bare-lf", "level": "bad", "sentence": "again"})
    with pytest.raises(ValueError, match="dreadful"):
        type("New", (Note,), {"id": "new", "level": "dreadful", "sentence": "new"})
    assert "new" not in NOTES


def test_a_finding_reads_as_one_line():
    finding = note_class("no-reason-space")(12, 12, status="200")
    assert (finding.id, finding.level, finding.start, finding.end) == ("no-reason-space", "warning", 12, 12)
    assert finding.rule == "RFC 9112 section 4"
    assert finding.advice == (
        'Write a space after the status code even when no reason follows: "HTTP/1.1 200 ".')
    assert str(finding) == "no reason phrase: the space before it is missing, RFC 9112 section 4"
    assert "12-12" in repr(finding)


def test_a_note_is_the_same_from_its_plain_values():
    finding = note_class("no-reason-space")(12, 12, status="200")
    again = note_from(finding.as_dict())
    assert type(again) is type(finding) and again == finding and hash(again) == hash(finding)
    assert finding.moved(5).start == 17 and finding.start == 12
    placed = note_class("not-http")(3, 9, offending="b'at byte 3'")
    assert placed.moved(10).message == "not an HTTP response: b'at byte 3' at byte 13"
    other = {**finding.as_dict(), "id": "httplint:HEADER_NAME", "source": "httplint", "message": "it says"}
    foreign = note_from(other)
    assert foreign.as_dict() == other
    assert foreign.moved(1).end == 13
    later = note_from({**finding.as_dict(), "id": "made-by-a-later-version"})
    assert later.id == "made-by-a-later-version"
    with pytest.raises(ValueError, match="dreadful"):
        note_from({**other, "level": "dreadful"})
    with pytest.raises(KeyError):
        note_from({})


def test_findings_are_bounded_but_doubt_is_not_lost():
    found = Findings()
    for place in range(MAX_FINDINGS):
        found.add("no-date", place, place)
    assert not found.doubtful
    found.add("bare-lf", 500, 501)
    assert len(found.items) == MAX_FINDINGS
    assert found.doubtful


def test_quoted_and_counted():
    assert quoted(b"a\r\n\xff") == r"b'a\r\n\xff'"
    assert quoted(bytearray(b"x" * 100)) == "b'" + "x" * 60 + "'"
    assert [counted(0), counted(1), counted(2)] == ["0 bytes", "1 byte", "2 bytes"]
