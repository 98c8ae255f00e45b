"""Requests made at random: of good parts and of bad ones, and those of the tables with changed bytes."""

from __future__ import annotations

import random
from collections.abc import Sequence

from tests.protocol.conversation import TAIL
from tests.protocol.test_splits import ALPHABET, SEEDS, WORDS

Parts = tuple[Sequence[bytes], Sequence[bytes]]
"""Good ones, and bad or strange ones."""

METHODS: Parts = ([b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH"], [b"TRACE", b"CONNECT", b"get", b"X", b"G T", b"", b"GE\xd4"])
TARGETS: Parts = (
    [b"/", b"/a/b?c=d", b"//x", b"/?", b"/%41", b"http://h/", b"https://h:1/a?b"],
    [b"/#f", b"/a|b", b"/\xe9", b"*", b"http://h", b"http://u@h/", b"http:///", b"ftp://h/", b"h:443", b"a", b"", b"/a b", b"/\x7f", b"?a",
     b'/"<>\\^`{}', b"http://h?x#y", b"http://h|/", b"[::1]:1", b"/\x00", b"http://h:x/", b"http:/h"],
)  # fmt: skip
VERSIONS: Parts = (
    [b"HTTP/1.1"] * 4 + [b"HTTP/1.0"],
    [b"HTTP/1.2", b"HTTP/2.0", b"HTTP/0.9", b"http/1.1", b"HTTP/1", b"HTTP/11", b"", b"HTTP/1.1 ", b"HTTP/1.10", b"HTTP/01.1"],
)
SPACES: Parts = ([b" "], [b"  ", b"\t", b"\x0b", b"\r", b"\xa0", b""])
ENDS: Parts = ([b"\r\n"], [b"\n", b"\r", b"\r\r\n", b"\n\r", b"\r\n ", b"\x00\r\n", b"", b"\r\n\t"])
COLONS: Parts = ([b": ", b":", b":  ", b":\t"], [b" : ", b"\t:", b"", b"::", b"\x0b:", b":\r\n ", b"\x00:", b" :", b":\n", b"\r\n:", b"="])
BLANKS: Parts = ([b"", b"", b"", b" ", b"\t", b" \t "], [b"\x0b", b"\x0c", b"\xa0", b"\x85", b"\x00", b"\x01", b"\x7f", b",", b";", b"\r"])
HOSTS: Parts = (
    [b"a", b"a.b:80", b"[::1]:80", b"", b"1.2.3.4", b"%41"],
    [b"a b", b"a,b", b"a/b", b"u@a", b"[::1", b"a:x", b":80", b"\xe9", b"a|b", b"a:80:80", b"[]", b"a#b", b"a?b"],
)
LENGTHS: Parts = (
    [b"5", b"5", b"05"],
    [b"0", b"00", b"+5", b"-5", b"5, 5", b"5,6", b"5 5", b"0x5", b"5_0", b"", b"5;", b"5.0", b"\xb2", b"9" * 20, b"4", b"6", b"5,", b",5", b"5a",
     b"18446744073709551621", b"4294967301"],
)  # fmt: skip
CODINGS: Parts = (
    [b"chunked", b"chunked", b"Chunked"],
    [b"chunked, chunked", b"identity", b"gzip, chunked", b"chunked, gzip", b"xchunked", b"chunkedx", b",chunked", b"chunked,", b"", b"chunked;q=1",
     b'"chunked"', b"chun ked", b"chunked chunked", b"chunked\x0b", b"\x0bchunked", b"identity, chunked", b"x y, chunked", b"gzip", b"chunked\xa0"],
)  # fmt: skip
OTHERS: Parts = (
    [b"X: y", b"X:", b"X-Long: " + b"v" * 40, b"X: \xe9\xff", b"X: a\tb", b"X: a:b", b"A_b: c", b"Cookie: a=1; b=2", b"Accept: */*", b"TE: trailers",
     b"Expect: 100-continue", b"X:\t y \t"],
    [b"X(: y", b": y", b"Content_Length: 5", b"X\xe9: y", b"X", b"X y: z", b" X: y", b"X: \x00", b"X: \x01", b"X : y", b"X\n: y", b"X: y\r\n z",
     b"Content-Length : 5", b"Transfer-Encoding : chunked", b"X: \x7f", b"Transfer-Encoding\x0b: chunked", b"Host: b", b"\xffX: y"],
)  # fmt: skip
CONNECTIONS: Parts = ([b"close", b"keep-alive", b"close, x", b"Close"], [b",", b"te", b"", b"close keep-alive"])
SIZES: Parts = (
    [b"5", b"5", b"05", b"0005", b"5;a=b", b"5;a", b'5;a="b"', b"5;a=b;c"],
    [b"5;", b"5 ", b" 5", b"5 ;a", b"0x5", b"+5", b"-5", b"5_0", b"g", b"", b"5\t", b"5;a\nb", b"5;\xe9", b"ffffffffffffffff5", b"5;a b", b"4", b"6",
     b"5;=", b'5;a="', b"5\x0b", b"5,", b"10000000000000005", b"5;a = b", b'5;a="\\"', b"5;a\rb", b"5;a;"],
)  # fmt: skip
AFTER_DATA: Parts = ([b"\r\n"], [b"\n", b"\r", b"", b"\r\r\n", b"X\r\n", b"\n\r", b"\r\n\r\n"])
LAST: Parts = ([b"0", b"0", b"00", b"0;a"], [b"-0", b"", b"0 ", b"0x0", b"0;", b"000 ;a", b"+0"])


def request(rng: random.Random) -> bytes:
    """A request, mostly with another one behind it."""
    data = rng.choice(SEEDS) if rng.random() < 0.25 else Composer(rng).request()
    if rng.random() < 0.35:
        data = changed(rng, data)
    return data + (TAIL if rng.random() < 0.7 else b"")


class Composer:
    """Makes a request of parts; how often a part is a bad one is drawn for each request."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.bad_rate = rng.choice([0.0, 0.02, 0.02, 0.08])

    def one(self, parts: Parts) -> bytes:
        """A good part, or now and then a bad one."""
        good, bad = parts
        return self.rng.choice(bad if self.rng.random() < self.bad_rate else good)

    def line(self) -> bytes:
        """Any field line."""
        return self.one(OTHERS) + self.one(BLANKS) + self.one(ENDS)

    def field(self, names: Sequence[bytes], values: Parts) -> bytes:
        """A field line of one of these names and values."""
        return self.rng.choice(names) + self.one(COLONS) + self.one(values) + self.one(BLANKS) + self.one(ENDS)

    def often_one(self) -> range:
        """Mostly one, else none or two."""
        return range(1 if self.rng.random() > self.bad_rate else self.rng.choice([0, 2]))

    def request(self) -> bytes:
        """A request line, fields in any order, and content that may fit them."""
        rng = self.rng
        lines = [self.field([b"Host", b"host", b"HOST"], HOSTS) for _ in self.often_one()]
        lines += [self.line() for _ in range(rng.choice([0, 0, 1, 2]))]
        lines += [self.field([b"Connection"], CONNECTIONS) for _ in range(rng.choice([0, 0, 0, 1]))]
        kind = rng.choice(["none", "length", "chunked"])
        both = rng.random() < self.bad_rate
        if kind == "length" or both:
            lines += [self.field([b"Content-Length", b"content-length"], LENGTHS) for _ in self.often_one()]
        if kind == "chunked" or both:
            lines += [self.field([b"Transfer-Encoding", b"TRANSFER-encoding"], CODINGS) for _ in self.often_one()]
        rng.shuffle(lines)
        one = self.one
        start = one(METHODS) + one(SPACES) + one(TARGETS) + one(SPACES) + one(VERSIONS) + one(ENDS)
        body = self.chunks() if kind == "chunked" else b"hello" if kind == "length" else b""
        return b"\r\n" * (rng.random() < self.bad_rate) + start + b"".join(lines) + one(ENDS) + body

    def chunks(self) -> bytes:
        """Chunked content."""
        rng, one = self.rng, self.one
        data = b"".join(one(SIZES) + one(ENDS) + b"hello" + one(AFTER_DATA) for _ in range(rng.randrange(3)))
        trailers = b"".join(self.line() for _ in range(rng.choice([0, 0, 0, 1, 2])))
        return data + one(LAST) + one(ENDS) + trailers + one(ENDS)


def changed(rng: random.Random, data: bytes) -> bytes:
    """`data` with one to three bytes or words swapped, deleted, doubled or put in."""
    made = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        if not made:
            break
        at = rng.randrange(len(made))
        other = rng.randint(at, min(at + 10, len(made)))
        change = rng.randrange(5)
        if change == 0:
            del made[at:other]
        elif change == 1:
            made[at:at] = made[at:other]
        elif change == 2:
            made[at:at] = rng.choice(WORDS)
        elif change == 3:
            made[at] = rng.choice(ALPHABET)
        elif other < len(made):
            made[at], made[other] = made[other], made[at]
    return bytes(made)
