"""The limits of rawwfile.http.limits: exactly a limit passes, one more is refused with its status."""

from __future__ import annotations

from dataclasses import replace

from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from tests.protocol.conversation import Case, Seen, chunked, get, line, post, posted, rule
from tests.protocol.conversation import case as plain_case

SMALL = Limits(request_line=40, header_size=60, header_count=5, body=10, chunk_line=8, chunk_overhead=12, empty_lines=2)
END = "0\r\n\r\n"
BIG = DEFAULT_LIMITS


def case(name: str, data: bytes | str, expected: int | Seen | tuple[Seen, ...], *, after: int = 0, **changes: int | None) -> Case:
    """A case under the small limits, with some of them changed."""
    return plain_case(name, data, expected, limits=replace(SMALL, **changes), after=after)  # type: ignore[arg-type]


def target(size: int) -> str:
    """A target that makes the request line of a GET `size` bytes long."""
    return "/" + "x" * (size - len("GET / HTTP/1.1"))


def requested(size: int) -> bytes:
    """A GET with a request line of `size` bytes."""
    return line(f"GET {target(size)} HTTP/1.1")


def field(size: int) -> str:
    """A field line that takes `size` bytes with its CR LF."""
    return "X:" + "v" * (size - len("X:\r\n"))


HOST = len("Host: a\r\n")

RULES = (
    rule(
        "9112 3",
        "A request line that is too long is answered with 414, a method that is with 501.",
        case("line of 40", requested(40), Seen(target(40))),
        case("line of 41", requested(41), 414),
        case("line of 80", requested(80), 414),
        case("line of 41 without an end", requested(41)[:41], 414),
        case("line of 40 behind empty lines", b"\r\n\r\n" + requested(40), Seen(target(40))),
        case("line of 41 behind empty lines", b"\r\n\r\n" + requested(41), 414),
        case("second line of 41", get() + requested(41), 414, after=1),
        case("wrong line of 40", line("GET /" + "x" * 26 + " HTTX/1.1"), 400),
        case("wrong line of 41", line("GET /" + "x" * 27 + " HTTX/1.1"), 414),
        case("control before the limit", line("GET /\x00" + "x" * 50 + " HTTP/1.1"), 400),
        case("control at the limit", line("GET /" + "x" * 35 + "\x00 HTTP/1.1"), 414),
        case("control behind the limit", line("GET /" + "x" * 50 + "\x00 HTTP/1.1"), 414),
        case("bare CR at the limit", line("GET /" + "x" * 35 + "\rx HTTP/1.1"), 400),
        case("bare CR behind the limit", line("GET /" + "x" * 36 + "\rx HTTP/1.1"), 414),
        case("LF at the limit", "GET /" + "x" * 35 + "\nHost: a\r\n\r\n", 400),
        case("LF behind the limit", "GET /" + "x" * 36 + "\nHost: a\r\n\r\n", 414),
        case("method of 29", line("M" * 29 + " / HTTP/1.1"), Seen(method="M" * 29)),
        case("method of 39", line("M" * 39 + " / HTTP/1.1"), 414),
        case("method of 40", line("M" * 40 + " / HTTP/1.1"), 501),
        case("method of 41", line("M" * 41 + " / HTTP/1.1"), 501),
        case("no method of 41", line("(" * 41), 414),
        plain_case("line of 8192", requested(BIG.request_line), Seen(target(BIG.request_line))),
        plain_case("line of 8193", requested(BIG.request_line + 1), 414),
        plain_case("method of 8193", line("M" * 8193 + " / HTTP/1.1"), 501),
        plain_case("line of 100000 zeros", "0" * 100_000, 501),
    ),
    rule(
        "6585 5",
        "Fields that are too large in all are answered with 431.",
        case("fields of 60", get(field(60 - HOST)), Seen()),
        case("fields of 61", get(field(61 - HOST)), 431),
        case("fields of 60 on three lines", get(field(20), field(40 - HOST)), Seen()),
        case("fields of 61 on three lines", get(field(20), field(41 - HOST)), 431),
        case("name of 70", get("X" * 70 + ": y"), 431),
        case("line of 70 without an end", get(field(70))[:90], 431),
        case("fields of 60 behind an empty line", b"\r\n" + get(field(60 - HOST)), Seen()),
        case("fields of 61 behind an empty line", b"\r\n" + get(field(61 - HOST)), 431),
        case("second fields of 61", get() + get(field(61 - HOST)), 431, after=1),
        case("control in front of the limit", get("X:\x00" + "v" * 60), 400),
        case("control past the limit", get("X:" + "v" * 60 + "\x00"), 431),
        case("bare CR at the last byte", get("X:" + "v" * (60 - HOST - 3) + "\rv"), 400),
        case("bare CR one further", get("X:" + "v" * (60 - HOST - 2) + "\rv"), 431),
        case("LF at the last byte", get("X:" + "v" * (60 - HOST - 3) + "\nv"), 400),
        case("LF one further", get("X:" + "v" * (60 - HOST - 2) + "\nv"), 431),
        case("wrong line of 60", get("X" * (60 - HOST - 2)), 400),
        case("wrong line of 61", get("X" * (61 - HOST - 2)), 431),
        plain_case("fields of 65536", get(field(BIG.header_size - HOST)), Seen()),
        plain_case("fields of 65537", get(field(BIG.header_size - HOST + 1)), 431),
    ),
    rule(
        "6585 5",
        "Too many fields are answered with 431.",
        case("5 fields", get("A:", "B:", "C:", "D:"), Seen()),
        case("6 fields", get("A:", "B:", "C:", "D:", "E:"), 431),
        case("6 fields, the last cut short", get("A:", "B:", "C:", "D:")[:-2] + b"E", 431),
        case("6 fields, the last wrong", get("A:", "B:", "C:", "D:", "E"), 431),
        case("6 fields, the fifth wrong", get("A:", "B:", "C:", "D", "E:"), 400),
        case("5 fields, then a CR and text", get("A:", "B:", "C:", "D:")[:-1] + b"x", 400),
        case("no field allowed", line("GET / HTTP/1.0", host=None), Seen(minor=0, keep_alive=False), header_count=0),
        case("one field where none is allowed", get(), 431, header_count=0),
        plain_case("100 fields", get(*["X:"] * (BIG.header_count - 1)), Seen()),
        plain_case("101 fields", get(*["X:"] * BIG.header_count), 431),
        plain_case("1000 fields", get(*["X: y"] * 1000), 431),
    ),
    rule(
        "6585 5",
        "Trailers are limited as fields are, and counted anew.",
        case("5 trailers", chunked("0\r\n" + "X:\r\n" * 5 + "\r\n"), posted("", trailers=(("X", ""),) * 5)),
        case("6 trailers", chunked("0\r\n" + "X:\r\n" * 6 + "\r\n"), 431),
        case("trailers of 60", chunked(f"0\r\n{field(60)}\r\n\r\n"), posted("", trailers=(("X", "v" * 56),))),
        case("trailers of 61", chunked(f"0\r\n{field(61)}\r\n\r\n"), 431),
        case("trailer without an end", chunked("0\r\n" + field(100)), 431),
        plain_case("trailers of 65537", chunked(f"0\r\n{field(BIG.header_size + 1)}\r\n\r\n"), 431),
        plain_case("101 trailers", chunked("0\r\n" + "X:\r\n" * 101 + "\r\n"), 431),
    ),
    rule(
        "9110 15.5.14",
        "Content that is too large is answered with 413, as soon as its size is known.",
        case("content of 10", post("Content-Length: 10", body="x" * 10), posted("x" * 10)),
        case("content of 11", post("Content-Length: 11", body="x" * 11), 413),
        case("content of 11 not sent", post("Content-Length: 11"), 413),
        case("content of 0010", post("Content-Length: 0010", body="x" * 10), posted("x" * 10)),
        case("no content allowed", post("Content-Length: 1", body="x"), 413, body=0),
        case("no content at all", post("Content-Length: 0"), posted(""), body=0),
        case("chunk of 10", chunked("a\r\n" + "x" * 10 + "\r\n" + END), posted("x" * 10)),
        case("chunk of 11", chunked("b\r\n" + "x" * 11 + "\r\n" + END), 413),
        case("chunk of 11 not sent", chunked("b\r\n"), 413),
        case("ten chunks", chunked("1\r\nx\r\n" * 10 + END), posted("x" * 10)),
        case("eleven chunks", chunked("1\r\nx\r\n" * 11 + END), 413),
        case("chunks of 5 and 6", chunked("5\r\nhello\r\n6\r\n"), 413),
        case("limit for each request", chunked("a\r\n" + "x" * 10 + "\r\n" + END) * 2, (posted("x" * 10),) * 2),
    ),
    rule(
        "9112 7.1.1",
        "Chunk-size lines and extensions are limited, each and in all, and answered with 400.",
        case("size line of 8", chunked("5;abcdef\r\nhello\r\n" + END), posted("hello")),
        case("size line of 9", chunked("5;abcdefg\r\nhello\r\n" + END), 400),
        case("size of 8 digits", chunked("00000005\r\nhello\r\n" + END), posted("hello")),
        case("size of 9 digits", chunked("000000005\r\nhello\r\n" + END), 400),
        case("size line without an end", chunked("5;" + "a" * 50), 400),
        case("digits without an end", chunked("0" * 50), 400),
        case("CR at the limit and no LF", chunked("5;abcdef\r" + "x" * 50), 400),
        case("extensions of 12 in all", chunked("1;a=bcd\r\nx\r\n1;a=bcd\r\nx\r\n" + END), posted("xx")),
        case("extensions of 13 in all", chunked("1;a=bcd\r\nx\r\n1;a=bcde\r\nx\r\n" + END), 400),
        case("extensions of the last chunk count", chunked("1;a=bcd\r\nx\r\n0;a=bcde\r\n\r\n"), 400),
        case("extensions are counted anew", chunked("1;a=bcd\r\nx\r\n" + END) * 3, (posted("x"),) * 3),
        plain_case("size line of 4096", chunked("5;" + "a" * 4094 + "\r\nhello\r\n" + END), posted("hello")),
        plain_case("size line of 4097", chunked("5;" + "a" * 4095 + "\r\nhello\r\n" + END), 400),
        plain_case("extensions of 16385 in all", chunked(f"1;{'a' * 4094}\r\nx\r\n" * 4 + "0;aaaa\r\n\r\n"), 400),
        plain_case("extensions of 16384 in all", chunked(f"1;{'a' * 4094}\r\nx\r\n" * 4 + "0;aaa\r\n\r\n"), posted("xxxx")),
    ),
    rule(
        "9112 2.2",
        "Only a few empty lines are passed over.",
        case("2 of 2", b"\r\n\r\n" + get(), Seen()),
        case("3 of 2", b"\r\n\r\n\r\n" + get(), 400),
        case("2 of 2 before each", (b"\r\n\r\n" + get()) * 2, (Seen(), Seen())),
        case("1 of 0", b"\r\n" + get(), 400, empty_lines=0),
        plain_case("1000", "\r\n" * 1000, 400),
    ),
)
