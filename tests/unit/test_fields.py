"""What the field lines of a request say. More cases stand in tests/protocol/table_framing.py and table_fields.py."""

from __future__ import annotations

import pytest

from rawwfile.errors import FramingError, RemoteProtocolError
from rawwfile.http import fields
from rawwfile.http.fields import FieldBlock, FieldMemo, split_list


@pytest.mark.parametrize(
    ("values", "members"),
    [
        ((), []),
        ((b"",), []),
        ((b" , ,\t,",), []),
        ((b"A",), [b"a"]),
        ((b"a,B ,\tc",), [b"a", b"b", b"c"]),
        ((b"a", b"", b"b, c"), [b"a", b"b", b"c"]),
        ((b"a b",), [b"a b"]),
        ((b"\xa0a\x0b",), [b"\xa0a\x0b"]),
    ],
)
def test_split_list(values: tuple[bytes, ...], members: list[bytes]) -> None:
    assert split_list(values) == members


def test_pairs_are_as_received_and_the_index_is_in_small_letters() -> None:
    block = FieldBlock(b"Host: Example.ORG \r\nX-A:1\r\nx-a:\t2\t\r\nEmpty:\r\n")
    assert block.pairs == ((b"Host", b"Example.ORG"), (b"X-A", b"1"), (b"x-a", b"2"), (b"Empty", b""))
    assert block.index == {b"host": (b"Example.ORG",), b"x-a": (b"1", b"2"), b"empty": (b"",)}
    assert block.get(b"x-a") == b"1, 2"
    assert block.get(b"empty") == b""
    assert block.get(b"nothing") is None
    assert block.host == b"Example.ORG"
    assert (block.kind, block.length) == ("none", 0)


def test_no_field() -> None:
    block = FieldBlock(b"")
    assert (block.pairs, block.index, block.host, block.kind) == ((), {}, None, "none")


def test_a_name_in_a_value_decides_nothing() -> None:
    block = FieldBlock(b"X: content-length: 5\r\nXcontent-length: 5\r\nY: host:a\r\n")
    assert (block.kind, block.host) == ("none", None)


@pytest.mark.parametrize("text", [b"Host: A", b"Host: A\r\nX: a", b"X: a\r\nHOST:  A\t", b"X: hA\r\nHost: A"])
def test_host_is_as_received_or_in_small_letters(text: bytes) -> None:
    assert FieldBlock(text + b"\r\n").host in (b"A", b"a")


def test_length_and_chunked() -> None:
    block = FieldBlock(b"Content-Length: 0012\r\n")
    assert (block.kind, block.length) == ("length", 12)
    block = FieldBlock(b"Content-Length: 0\r\n")
    assert (block.kind, block.length) == ("none", 0)
    block = FieldBlock(b"Transfer-Encoding: Chunked\r\n")
    assert (block.kind, block.length) == ("chunked", None)


def test_connection_and_expect() -> None:
    block = FieldBlock(b"Connection: Keep-Alive, x\r\nconnection: Close\r\nExpect: 100-Continue\r\n")
    assert block.connection == [b"keep-alive", b"x", b"close"]
    assert block.expects_continue
    block = FieldBlock(b"Expect: 200-ok\r\n")
    assert not block.expects_continue
    assert block.expectation


@pytest.mark.parametrize(
    ("block", "status", "rule", "message"),
    [
        (b"Content-Length: 5\r\nContent-Length: 5\r\n", 400, "RFC 9112 6.3", "2 Content-Length fields: (b'5', b'5'); send one"),
        (b"Content-Length: +5\r\n", 400, "RFC 9110 8.6", "Content-Length is not a decimal number: b'+5'"),
        (b"Content-Length: " + b"9" * 19 + b"\r\n", 413, "RFC 9110 8.6", "Content-Length has more than 18 digits"),
        (
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            400,
            "RFC 9112 6.1",
            "both Content-Length and Transfer-Encoding: the length is stated twice; send one of them",
        ),
        (b"Transfer-Encoding: x\r\n", 400, "RFC 9112 6.3", "Transfer-Encoding of a request must end in one chunked: b'x'"),
        (b"Transfer-Encoding: gzip, chunked\r\n", 501, "RFC 9112 6.1", "transfer coding b'gzip' is not understood here"),
    ],
)
def test_framing_faults_are_named(block: bytes, status: int, rule: str, message: str) -> None:
    with pytest.raises(FramingError) as caught:
        FieldBlock(block)
    assert (caught.value.status_hint, caught.value.rule, caught.value.message) == (status, rule, message)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (b"Host: a\r\nhost: b\r\n", "2 Host fields: (b'a', b'b'); send one"),
        (b"Host: a b\r\n", "Host is not a host and port: b'a b'"),
        (b"Host: :80\r\n", "Host is not a host and port: b':80'"),
    ],
)
def test_host_faults_are_named(block: bytes, message: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        FieldBlock(block)
    assert (caught.value.message, caught.value.rule) == (message, "RFC 9112 3.2")


def test_memo_finds_equal_blocks_and_is_bounded() -> None:
    memo = FieldMemo(most=2, largest=20)
    first = memo.parse(b"A: 1\r\n")
    assert memo.parse(b"A: 1\r\n") is first
    assert memo.parse(b"A: 2\r\n") is not first
    memo.parse(b"A: 3\r\n")
    again = memo.parse(b"A: 1\r\n")
    assert again is not first and again.pairs == first.pairs
    large = b"A: " + b"v" * 30 + b"\r\n"
    assert memo.parse(large) is not memo.parse(large)


def test_memo_does_not_remember_faults() -> None:
    memo = FieldMemo()
    for _ in range(2):
        with pytest.raises(FramingError):
            memo.parse(b"Content-Length: x\r\n")


def test_memo_can_be_turned_off() -> None:
    memo = FieldMemo(most=0)
    assert memo.parse(b"A: 1\r\n") is not memo.parse(b"A: 1\r\n")


def test_every_reader_shares_one_memo() -> None:
    assert isinstance(fields.memo, FieldMemo)
