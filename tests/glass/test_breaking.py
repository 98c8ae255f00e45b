"""Break it: each mutation does just what it says, and a reader of ours notices just that."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawwfile.errors import ProtocolError
from rawwfile.glass.breaking import MUTATIONS, Broken, CannotBreak, break_it, difference, offers, shape_of
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED, BodyPart
from rawwfile.http.notes.base import load_all
from rawwfile.http.observe import ResponseObserver
from rawwfile.http.reader import RequestReader

GET = b"GET /a?b=1 HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED_POST = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nT: u\r\n\r\n"
)
OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello"
EMPTY = b"HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n"

EXACT = [
    ("no-blank-line", OK, OK.replace(b"\r\n\r\n", b"\r\n")),
    ("no-blank-line", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n"),
    ("no-blank-line", b"HTTP/1.1 200\n\nx", b"HTTP/1.1 200\nx"),
    ("lf", GET, GET.replace(b"\r\n", b"\n")),
    ("lf", b"HTTP/1.1 200 OK\r\nA: b\n\r\nx\r\ny", b"HTTP/1.1 200 OK\nA: b\n\nx\r\ny"),
    ("cr", GET, GET.replace(b"\r\n", b"\r")),
    ("no-first-line", OK, OK[17:]),
    ("no-first-line", b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\r\nHost: a\r\n\r\n"),
    ("crlf-first", OK, b"\r\n" + OK),
    ("http-1.0", GET, GET.replace(b"/1.1", b"/1.0")),
    ("http-1.0", b"GET /HTTP/1.1 HTTP/1.1\r\n\r\n", b"GET /HTTP/1.1 HTTP/1.0\r\n\r\n"),
    ("http-2.0", b"HTTP/1.0 200 HTTP/1.1\r\n\r\n", b"HTTP/2.0 200 HTTP/1.1\r\n\r\n"),
    ("space-before-colon", GET, GET.replace(b"Accept:", b"Accept :")),
    ("space-before-colon", POST, POST.replace(b"Host:", b"Host :")),
    ("no-colon", EMPTY, EMPTY[:-2] + b"X-Broken without colon\r\n\r\n"),
    ("nul", b"HTTP/1.1 200 OK\n\n", b"HTTP/1.1 200 OK\nX-Broken: a\0b\n\n"),
    ("folded", EMPTY, EMPTY[:-2] + b"X-Broken: one\r\n two\r\n\r\n"),
    ("status-1000", EMPTY, EMPTY.replace(b"204", b"1000")),
    ("status-99", b"HTTP/1.1  200\r\n\r\n", b"HTTP/1.1  99\r\n\r\n"),
    ("no-reason-space", OK, OK.replace(b" OK", b"")),
    ("no-host", b"GET / HTTP/1.1\r\nHOST : a\r\n b\r\nA: b\r\nhost:\r\n\r\n", b"GET / HTTP/1.1\r\nA: b\r\n\r\n"),
    ("two-hosts", GET, GET[:-2] + b"Host: other.example\r\n\r\n"),
    ("length-plus", OK, OK.replace(b": 5", b": 6")),
    ("length-plus", OPEN, OPEN.replace(b"\r\n\r\n", b"\r\nContent-Length: 6\r\n\r\n")),
    ("length-plus", GET, GET[:-2] + b"Content-Length: 1\r\n\r\n"),
    ("length-plus", b"HTTP/1.1 200 OK\r\nContent-Length:\r\n 5 \r\n\r\nhello",
     b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello"),
    ("length-minus", OK, OK.replace(b": 5", b": 4")),
    ("two-lengths", OK, OK.replace(b"\r\n\r\n", b"\r\nContent-Length: 6\r\n\r\n")),
    ("plus-length", OK, OK.replace(b": 5", b": +5")),
    ("length-and-chunked", CHUNKED, CHUNKED.replace(b"\r\nX: y\r\n", b"\r\nX: y\r\nContent-Length: 6\r\n")),
    ("length-and-chunked", POST, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
     b"\r\n5\r\nhello\r\n0\r\n\r\n"),
    ("bad-chunk-size", CHUNKED, CHUNKED.replace(b"5;a=b\r\n", b"ZZ\r\n")),
    ("chunk-junk", CHUNKED, CHUNKED.replace(b"hello\r\n", b"hellojunk\r\n")),
    ("no-last-chunk", CHUNKED, CHUNKED[: -len(b"0\r\nT: u\r\n\r\n")]),
    ("body-on-204", OK, OK.replace(b"200 OK", b"204 No Content")),
    ("body-on-204", OK[:-5].replace(b"5", b"0"), OK.replace(b"200 OK", b"204 No Content").replace(b"5", b"0")),
    ("extra", OK, OK + b"extra bytes\r\n\r\n"),
    ("cut", OK, OK[:-3]),
    ("bytes", GET, GET),
    ("split", OK, OK),
    # What comes before and after the message stays as it is.
    ("http-1.0", b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + OK,
     b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + OK.replace(b"/1.1", b"/1.0")),
    ("length-minus", POST + GET, POST.replace(b": 5", b": 4") + GET),
    ("no-last-chunk", CHUNKED_POST + GET, CHUNKED_POST[:-5] + GET),
    ("extra", GET + GET, GET + b"extra bytes\r\n\r\n" + GET),
]  # fmt: skip


@pytest.mark.parametrize("name, data, expected", EXACT, ids=[f"{n} {d[:20]!r}" for n, d, _ in EXACT])
def test_a_mutation_changes_what_it_says_and_nothing_else(name: str, data: bytes, expected: bytes) -> None:
    assert break_it(name, data).data == expected


def test_every_mutation_is_in_the_table_of_exact_ones() -> None:
    assert set(MUTATIONS) - {name for name, _, _ in EXACT} == {"bare-cr", "empty-name", "status-600"}


@pytest.mark.parametrize(
    "name, data, why",
    [
        ("lf", b"", "nothing to break"),
        ("lf", b"\r\n\r\n", "nothing to break"),
        ("no-blank-line", b"GET / HTTP/1.1\r\n", "no empty line"),
        ("lf", GET.replace(b"\r\n", b"\n"), "end so already"),
        ("no-host", OK, "for a request"),
        ("status-99", GET, "for a response"),
        ("length-plus", CHUNKED, "chunked"),
        ("length-plus", EMPTY, "204 response has no content"),
        ("length-minus", GET, "no content"),
        ("length-minus", OK[:-1], "wrong already"),
        ("plus-length", OK.replace(b": 5", b": +5"), "not a number already"),
        ("bad-chunk-size", OK, "not chunked"),
        ("chunk-junk", CHUNKED[: CHUNKED.index(b"hello")], "no whole chunk"),
        ("no-last-chunk", CHUNKED[:-20], "missing already"),
        ("no-host", b"GET / HTTP/1.1\r\n\r\n", "no Host"),
        ("http-1.0", b"GET /\r\n\r\n", "no HTTP version"),
        ("http-1.0", b"HTTP/1.0 200 OK\r\n\r\n", "already"),
        ("space-before-colon", b"GET / HTTP/1.1\r\n\r\n", "no field"),
        ("nul", b"GET / HTTP/1.1", "does not end"),
        ("extra", OPEN, "only closing"),
        ("extra", OK[:-1], "not whole"),
        ("cut", b"G", "nothing to cut"),
        ("no-first-line", b"GET / HTTP/1.1\r\n", "all there is"),
        ("status-99", b"HTTP/1.1\r\n\r\n", "no status code"),
    ],
)
def test_what_does_not_apply_says_why(name: str, data: bytes, why: str) -> None:
    with pytest.raises(CannotBreak, match=why):
        break_it(name, data)


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        break_it("glue", OK)


def test_numbers_say_how_much() -> None:
    assert break_it("length-plus", OK, 10).data == OK.replace(b": 5", b": 15")
    assert break_it("length-minus", OK, 99).data == OK.replace(b": 5", b": 0")
    assert break_it("length-minus", OK, -3).data == OK.replace(b": 5", b": 4")
    assert break_it("cut", OK, 7).data == OK[:7]
    assert break_it("cut", OK, 10**9).data == OK[:-1]
    pieces = break_it("bytes", GET, 100).pieces
    assert [piece.data for piece in pieces] == [GET[at : at + 1] for at in range(len(GET))]
    assert [piece.pause for piece in pieces] == [0.0] + [0.1] * (len(GET) - 1)


def test_the_difference_is_the_smallest_one() -> None:
    assert difference(b"abcd", b"abXd") == (2, 3, 3)
    assert difference(b"aaa", b"aa") == (2, 3, 2)
    assert difference(b"", b"x") == (0, 0, 1)
    assert difference(b"same", b"same") == (4, 4, 4)


def test_offers_say_which_apply_here() -> None:
    for_response = {each["name"]: each["not"] for each in offers(OK)}
    assert for_response["lf"] is None and for_response["no-host"] == "this is for a request, and here is a response"
    assert "not" not in offers()[0]
    assert {each["name"]: each.get("n") for each in offers()}["cut"]["value"] == 0


@given(st.binary(max_size=200), st.sampled_from(sorted(MUTATIONS)), st.sampled_from([None, "request", "response"]))
def test_any_bytes_are_broken_or_refused_in_a_sentence(data: bytes, name: str, kind: str | None) -> None:
    try:
        broken = break_it(name, data, None, kind)
    except CannotBreak as why:
        assert str(why)
    else:
        assert broken.what.endswith(".") and broken.pieces


LINES = st.lists(
    st.sampled_from([
        b"GET / HTTP/1.1", b"HTTP/1.1 200 OK", b"HTTP/1.1 204", b"A: b", b" c", b"Content-Length: 3",
        b"Content-Length:", b"Transfer-Encoding: chunked", b"", b"", b"3", b"abc", b"0", b"Host: a", b": x", b"\0",
    ]),
    max_size=14,
)  # fmt: skip


@given(LINES, st.lists(st.sampled_from([b"\r\n", b"\n", b"\r"]), min_size=14, max_size=14),
       st.sampled_from(sorted(MUTATIONS)))  # fmt: skip
def test_heads_of_any_shape_keep_what_is_not_touched(lines: list[bytes], ends: list[bytes], name: str) -> None:
    data = b"".join(line + end for line, end in zip(lines, ends, strict=False))
    shape = shape_of(data)
    try:
        broken = break_it(name, data)
    except CannotBreak:
        return
    assert shape is not None
    assert broken.data[: shape.start] == data[: shape.start]
    if not broken.end or name == "length-plus":
        assert broken.data.endswith(data[shape.stop :])
    for place in [shape.first, *shape.lines]:
        assert data[place.start : place.end].count(b"\n") == 0


NAMES = st.from_regex(r"X-[A-Za-z]{1,8}", fullmatch=True).map(str.encode)
VALUES = st.from_regex(r"[a-z0-9/;=]{0,12}", fullmatch=True).map(str.encode)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=3)
CONTENT = st.binary(max_size=30)
CUTS = st.lists(st.integers(1, 9), max_size=4)


def in_chunks(content: bytes, cuts: list[int]) -> bytes:
    parts, at = [], 0
    for cut in [*cuts, len(content)]:
        part = content[at : at + cut]
        at += len(part)
        parts += [b"%x\r\n%b\r\n" % (len(part), part)] if part else []
    return b"".join(parts) + b"0\r\n\r\n"


def head(first: bytes, fields: list[tuple[bytes, bytes]]) -> bytes:
    return first + b"\r\n" + b"".join(b"%b: %b\r\n" % pair for pair in fields) + b"\r\n"


@st.composite
def good_responses(draw: st.DrawFn) -> bytes:
    """Responses without a fault: 200, with a length, in chunks or to the close."""
    content, framing = draw(CONTENT), draw(st.sampled_from(["length", "chunked", "close"]))
    if framing != "chunked":
        # Without the empty line, content that has one itself could pass for fields and content.
        content = content.replace(b"\n", b"")
    fields = [(b"Date", b"Sun, 06 Nov 1994 08:49:37 GMT"), (b"Content-Type", b"text/plain"), *draw(FIELDS)]
    if framing == "length":
        fields.insert(draw(st.integers(0, len(fields))), (b"Content-Length", b"%d" % len(content)))
    elif framing == "chunked":
        fields.insert(draw(st.integers(0, len(fields))), (b"Transfer-Encoding", b"chunked"))
        content = in_chunks(content, draw(CUTS))
    return head(b"HTTP/1.1 200 OK", fields) + content


@st.composite
def good_requests(draw: st.DrawFn) -> bytes:
    """Requests without a fault: no content, a length, or chunks."""
    content, framing = draw(CONTENT), draw(st.sampled_from(["none", "length", "chunked"]))
    if framing != "chunked":
        content = content.replace(b"\n", b"")
    fields = [(b"Host", b"a.example"), *draw(FIELDS)]
    if framing == "length":
        fields.insert(draw(st.integers(0, len(fields))), (b"Content-Length", b"%d" % len(content)))
    elif framing == "chunked":
        fields.append((b"Transfer-Encoding", b"chunked"))
    content = {"none": b"", "length": content, "chunked": in_chunks(content, draw(CUTS))}[framing]
    return head(b"POST / HTTP/1.1", fields) + content


def observed(data: bytes) -> ResponseObserver:
    observer = ResponseObserver("GET")
    observer.receive(data)
    return observer


@given(good_responses())
def test_each_mutation_of_a_good_response_is_noticed_by_the_observer(data: bytes) -> None:
    before = observed(data)
    assert before.verdict in ("complete", "open-ended")
    for name in MUTATIONS:
        try:
            broken = break_it(name, data)
        except CannotBreak:
            continue
        after = observed(broken.data)
        found = {finding.id for finding in after.findings}
        if broken.notes:
            assert found & set(broken.notes), (name, broken.data, found)
        else:
            assert after.verdict in ("complete", "open-ended") and not after.doubtful, (name, broken.data)


def fault_of(broken: Broken) -> ProtocolError | None:
    """What the reader refuses, with the end of the connection behind the bytes; None if it takes all."""
    reader = RequestReader()
    try:
        reader.receive_data(broken.data)
        reader.receive_data(b"")
        while True:
            event = reader.next_event()
            if event is PAUSED:
                reader.start_next()
            elif event is PEER_CLOSED:
                return None
            else:
                assert event is not NEED_DATA or not isinstance(event, BodyPart)
    except ProtocolError as error:
        return error


@given(good_requests())
def test_each_mutation_of_a_good_request_is_refused_by_the_reader(data: bytes) -> None:
    for name in MUTATIONS:
        try:
            broken = break_it(name, data)
        except CannotBreak:
            continue
        fault = fault_of(broken)
        if not set(broken.notes) - {"empty-lines-before"}:
            assert fault is None, (name, broken.data, fault)
        else:
            assert fault is not None and fault.note in broken.notes, (name, broken.data, fault)


def test_every_note_that_is_promised_exists() -> None:
    promised = set()
    for data in (GET, POST, CHUNKED_POST, OK, CHUNKED, OPEN, OK.replace(b"5", b"0")[:-5]):
        for name in MUTATIONS:
            with contextlib.suppress(CannotBreak):
                promised.update(break_it(name, data).notes)
    assert promised and promised <= set(load_all())
