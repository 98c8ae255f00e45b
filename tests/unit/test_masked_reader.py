"""Pieces that are hidden one after the other are those that are hidden one by one, for less work."""

from __future__ import annotations

import random

import pytest

from rawwfile.tape import masked_reader
from rawwfile.tape.masked_reader import MaskedReader
from rawwfile.tape.masks import read_masked
from rawwfile.tape.model import OUT, Stream
from rawwfile.tape.reading import tape_of, tape_of_bytes

WORDS = [
    b"GET / HTTP/1.1\r\n", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\n", b"Host: a\r\n",
    b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b"\xe9", b"=", b";", b"bad line\r\n", b": y\r\n",
    b"Cookie: a=secret; b=other\r\n", b"Set-Cookie: a=secret; Path=/\r\n", b"cookie: x=y\rCookie: z=w",
    b"Authorization: Basic c2VjcmV0\r\n", b" folded=secret\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Content-Length: 30\r\n",
    b"5\r\nhello\r\n", b"3;a=b\r\nabc\r\n", b"0\r\n", b"0\r\n\r\n",
]  # fmt: skip


def streams(seed: int) -> list[Stream]:
    rng = random.Random(seed)
    data = b"".join(rng.choice(WORDS) for _ in range(rng.randint(1, 40)))
    connection = tape_of_bytes(data).connections[1]
    return [stream for stream in connection.streams.values() if stream.end]


@pytest.mark.parametrize("ahead", [1, 30, 1 << 16])
@pytest.mark.parametrize("seed", range(60))
def test_the_pieces_are_those_of_read_masked(seed: int, ahead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked_reader, "AHEAD", ahead)
    rng = random.Random(seed)
    for stream in streams(seed):
        reader, at = MaskedReader(stream), 0
        while at < stream.end:
            stop = at + rng.choice((1, 1, 2, 7, 40))
            assert reader.read(at, stop) == read_masked(stream, at, stop), (at, stop, stream.read())
            at = stop if rng.random() < 0.9 else rng.randint(0, stream.end)


def test_a_stream_that_grows() -> None:
    whole, cut = b"GET / HTTP/1.1\r\nCookie: id=secret\r\n\r\n", 20
    [stream] = tape_of_bytes(whole[:cut]).connections[1].streams.values()
    reader = MaskedReader(stream)
    assert reader.read(0, 100) == whole[:cut]
    [more] = tape_of_bytes(whole).connections[1].streams.values()
    stream.entries, stream.end, stream.trail = more.entries, more.end, more.trail
    assert reader.read(16, 100) == b"Cookie: id=******\r\n\r\n"


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: ", b"no"])
@pytest.mark.parametrize("word", [b"x", b"Cookie: a=b\r\n", b"\r"])
def test_small_pieces_cost_no_more_than_their_bytes(
    begin: bytes, word: bytes, read_bytes: list[int]
) -> None:
    data = begin + word * (400_000 // len(word))
    [stream] = tape_of([(0.0, OUT, data)]).connections[1].streams.values()
    reader = MaskedReader(stream)
    for at in range(0, len(data), 100):
        reader.read(at, at + 100)
    assert sum(read_bytes) < 8 * len(data)
