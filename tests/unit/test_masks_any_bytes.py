"""A secret is in nothing that is shown or exported, however broken its message and however it was cut."""

from __future__ import annotations

import io
import json
import random

import pytest

from rawwfile.tape.curl_trace import curl_trace
from rawwfile.tape.har import har
from rawwfile.tape.layout import Look
from rawwfile.tape.masks import masked_alone, read_masked
from rawwfile.tape.model import IN, OUT, ConnectionTape, Tape
from rawwfile.tape.reading import tape_of
from rawwfile.tape.show import shown
from rawwfile.tape.wirefile import write_wire

SECRET = b"hUshHush7Zq"
PARTS = [SECRET[at : at + 5].decode() for at in range(len(SECRET) - 4)]

REQUEST, RESPONSE = b"GET / HTTP/1.1\r\nHost: a\r\n", b"HTTP/1.1 200 OK\r\n"
BROKEN = {
    "behind a fault, cut": (REQUEST + b"Bad Name: z\r\nCookie: id=%s\r\n\r\n", b""),
    "a NUL in it": (b"", RESPONSE + b"Set-Cookie: id=%s\0%s; Path=/\r\n\r\n"),
    "behind a CR in another value": (b"", RESPONSE + b"X: y\rSet-Cookie: id=%s\r\n\r\n"),
    "behind a CR in the reason": (b"", b"HTTP/1.1 200 OK\rSet-Cookie: id=%s\r\n\r\n"),
    "only CRs": (b"", b"HTTP/1.1 200 OK\rSet-Cookie: id=%s\rX: y\r\r"),
    "behind a CR in a secret": (b"", RESPONSE + b"Set-Cookie: a=b; Path=/\rAuthorization: Basic %s\r\n\r\n"),
    "folded": (b"", RESPONSE + b"Set-Cookie: a=b;\r\n id=%s\r\n\r\n"),
    "folded at once": (REQUEST + b"Authorization:\r\n Basic %s\r\n\r\n", b""),
    "a length and a secret": (b"", RESPONSE + b"Content-Length: 5\rSet-Cookie: %s\r\nContent-Length: 5\r\n\r\n"),
    "in a trailer": (b"", RESPONSE + b"Transfer-Encoding: chunked\r\n\r\n0\r\nSet-Cookie: %s\r\n\r\n"),
    "in the trailer of a request": (REQUEST + b"Transfer-Encoding: chunked\r\n\r\n0\r\nCookie: %s\r\n\r\n", b""),
    "a cookie without a name": (b"", RESPONSE + b"Set-Cookie: %s==; Path=/\r\n\r\n"),
    "two cookies in one line": (b"", RESPONSE + b"Set-Cookie: a=b; Path=/, c=%s; Path=/\r\n\r\n"),
    "no HTTP": (b"", b"xHTTP/1.1 200\r\nSet-Cookie: id=%s\r\n\r\n"),
    "a second response": (b"", RESPONSE + b"Content-Length: 0\r\n\r\n" + RESPONSE + b"Set-Cookie: id=%s\r\n\r\n"),
}


def cut(rng: random.Random, data: bytes, most: int) -> list[bytes]:
    pieces = []
    while data:
        size = rng.randint(1, most)
        pieces.append(data[:size])
        data = data[size:]
    return pieces


def everything_of(tape: Tape, connection: ConnectionTape) -> str:
    """All that is said of a recording, by all who say something."""
    written = io.StringIO()
    write_wire(tape, written)
    told = []
    for row in written.getvalue().splitlines():
        fields = json.loads(row)
        fields.pop("data", None)
        told.append(json.dumps(fields))
    told += shown(tape, Look(verbose=0))
    told += shown(tape, Look(verbose=2, width=200))
    told += curl_trace(tape, ascii=True)
    told.append(json.dumps(har(tape)))
    for way in IN, OUT:
        stream = connection.stream(way)
        told += [read_masked(stream, entry.offset, entry.end).decode("latin-1") for entry in stream.entries]
    return "\n".join(told)


@pytest.mark.parametrize("most", [2, 7, 1000])
@pytest.mark.parametrize("name", BROKEN)
def test_no_part_of_a_secret_is_told(name: str, most: int) -> None:
    rng = random.Random(f"{name} {most}")
    request, response = (part.replace(b"%s", SECRET) for part in BROKEN[name])
    crossed = [(0.001 * at, IN, piece) for at, piece in enumerate(cut(rng, request, most))]
    crossed += [(1 + 0.001 * at, OUT, piece) for at, piece in enumerate(cut(rng, response, most))]
    tape = tape_of(crossed)
    [connection] = tape

    told = everything_of(tape, connection)

    assert [part for part in PARTS if part in told] == []
    for way, data in (IN, request), (OUT, response):
        assert len(read_masked(connection.stream(way))) == len(data)


def test_a_piece_of_which_nothing_is_known_any_more_hides_the_line_it_begins_in() -> None:
    assert masked_alone(b"Hush; x=y\r\nHost: a\r\nCookie: a=Hush\r\n\r\n") == (
        b"***** ***\r\nHost: a\r\nCookie: a=****\r\n\r\n"
    )
    assert masked_alone(b"x" * 5000) == b"x" * 5000


def test_every_field_of_such_a_piece_is_hidden() -> None:
    known = b"x\r\nCookie: a=%s\r\nHost: a\r\nAuthorization: %s\r\nX: y\r\nSet-Cookie: b=%s; Path=/\r\n"

    assert masked_alone(known % (b"Hush", b"Hushhush", b"Hu")) == b"*" + known[1:] % (b"****", b"********", b"**")


@pytest.mark.parametrize(
    "line", [b"\n", b"\r\n", b" \r", b"Cookie \n", b"\rcookie : a=b;", b";\rSet-Cookie: a=b; Path=/c"]
)
def test_what_nobody_sends_by_accident_takes_no_time_that_grows_with_its_square(line: bytes) -> None:
    # Minutes, or too many calls within calls, where it does.
    for begin in b"GET / HTTP/1.1\r\nSet-Cookie: a=Hush", b"":
        data = begin + line * 20_000
        [connection] = tape_of([(0.0, IN, data)])
        shown = read_masked(connection.stream(IN))

        assert len(shown) == len(data)
        assert b"Hush" not in shown


@pytest.mark.parametrize("between", [b"\r", b"\r ", b"\r\n ", b"\n\t", b";\r", b"\rSet-Cookie: c=d; Path=/\r "])
def test_a_field_that_only_some_readers_see_is_hidden(between: bytes) -> None:
    data = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/" + between + b"Authorization: Basic Hush\r\n\r\n"
    [connection] = tape_of([(0.0, OUT, data)])

    assert b"Hush" not in read_masked(connection.stream(OUT))
    assert b"Hush" not in masked_alone(b"x\n" + data)
