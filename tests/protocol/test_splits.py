"""Any bytes, in any split, give the same events and the same error as the whole; no other exception.

The bytes are those of the tables with a few changes, and words of HTTP in any order.
"""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from tests.protocol.conversation import pieces, read
from tests.protocol.test_table import ROWS

TIGHT = Limits(request_line=20, header_size=48, header_count=3, body=8, chunk_line=6, chunk_overhead=9, empty_lines=1)
LIMITS = st.sampled_from([DEFAULT_LIMITS, TIGHT])

WORDS = [
    b"GET", b"POST", b"CONNECT", b"OPTIONS", b"X", b" ", b"  ", b"\t", b"/", b"*", b"h:1", b"http://h/", b"?", b"#", b"HTTP/1.1",
    b" HTTP/1.1\r\n", b"HTTP/1.0", b"HTTP/2.0", b"\r\n", b"\r\n\r\n", b"\r", b"\n", b"\x00", b"\x0b", b"\x7f", b"\x16", b"\x80", b"\xff",
    b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"Host: a\r\n", b"Host", b":", b": ",
    b"Content-Length: 3\r\n", b"Content-Length", b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"X: y\r\n", b" z\r\n",
    b"0", b"3", b"a", b"fffffffffffffffff", b";", b"=", b'"', b"\\", b"3\r\nabc\r\n", b"3;a=b\r\nabc\r\n", b"0\r\n\r\n", b"0\r\n", b"abc", b"+", b"-",
]  # fmt: skip
ALPHABET = b"\r\n\t :;,=/*?#\"\\%@[]0159afAFxGhPOST\x00\x0b\x7f\x80\xff"

SEEDS = [case.data for _rule, case in ROWS if len(case.data) < 2000]


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """One or two conversations of the tables, with some bytes swapped, deleted, doubled or put in."""
    data = bytearray(b"".join(draw(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=2))))
    for _ in range(draw(st.integers(0, 4))):
        if not data:
            break
        at = draw(st.integers(0, len(data) - 1))
        other = draw(st.integers(at, min(at + 12, len(data))))
        change = draw(st.integers(0, 4))
        if change == 0:
            del data[at:other]
        elif change == 1:
            data[at:at] = data[at:other]
        elif change == 2:
            data[at:at] = draw(st.sampled_from(WORDS))
        elif change == 3:
            data[at] = draw(st.sampled_from(ALPHABET))
        elif other < len(data):
            data[at], data[other] = data[other], data[at]
    return bytes(data)


SENTENCES = st.lists(st.sampled_from(WORDS), max_size=30).map(b"".join)
MANY = settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def check(data: bytes, limits: Limits, cuts: list[int], end: bool) -> None:
    whole = read(pieces(data, []), limits, end=end).key()
    assert read(pieces(data, range(len(data))), limits, end=end).key() == whole
    assert read(pieces(data, (cut % (len(data) + 1) for cut in cuts)), limits, end=end).key() == whole


CUTS = st.lists(st.integers(0, 4000), max_size=8)


@MANY
@given(mutants(), LIMITS, CUTS, st.booleans())
def test_changed_conversations(data: bytes, limits: Limits, cuts: list[int], end: bool) -> None:
    check(data, limits, cuts, end)


@MANY
@given(SENTENCES, LIMITS, CUTS, st.booleans())
def test_words_of_http_in_any_order(data: bytes, limits: Limits, cuts: list[int], end: bool) -> None:
    check(data, limits, cuts, end)


@MANY
@given(st.binary(max_size=60), st.sampled_from([b"", b"GET / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"]), LIMITS, CUTS)
def test_any_bytes(data: bytes, start: bytes, limits: Limits, cuts: list[int]) -> None:
    check(start + data, limits, cuts, True)
