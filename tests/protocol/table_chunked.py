"""The chunked transfer coding and trailers: RFC 9112 section 7.1, RFC 9110 section 6.5."""

from __future__ import annotations

from tests.protocol.conversation import case, chunked, each, post, posted, rule
from tests.protocol.table_lines import CONTROLS

END = "0\r\n\r\n"
HELLO = "5\r\nhello\r\n" + END

BAD_SIZES = (
    "", " ", " 5", "5 ", "\t5", "5\t", "  5  ", "+5", "-5", "-0", "0x5", "0X5", "x5", "5x", "5h", "h", "g", "G", "5_0", "0_5", "_5", "5.0", "5,5",
    "5, 5", '"5"', "'5'", "5 5", "5=", "=5", "%35", "5 a", "5\xa0", "\xa05", "\xb2", "\xef\xbc\x95", "5\x85", "five", "null", "5L", "5/",
    "#5", "{5}", "5:", "5!", "5?a", "5 \x0b", "5\x0b", "5\x0c", "5\x00", "\x005", "5\x7f",
)
GOOD_EXTENSIONS = (
    ";a", ";a=b", ";a=1", ";a;b;c", ";a=b;c=d", " ;a", "\t; a", ";\ta", " ; a = b", ";a =b", ";a= b", ';a="b"', ';a=""', ';a="b c"', ';a="b;c=d"',
    ';a="\\""', ';a="\\\\"', ';a="b\\;c"', ';a="\t"', ';a="\xe9"', ';a="\\\xe9"', ";a='b'", ";!#$%&'*+-.^_`|~=0", ";a=b ; c = \"d\" ;e", ";5", ";0=0",
)
BAD_EXTENSIONS = (
    ";", ";;", "; ", ";;a", ";a;", ";a;;b", ";=b", ";a=", ";a==b", ";a=b=c", ";a b", ";a=b c", ';a="b', ';a=b"', ';a="b"c', ';a="b""c"', ";a=\\b", ';"a"', ';"a"=b',
    ";a ", ";a=b ", " ;a ", ";\xe9", ";a=\xe9", ";(a)", ";a,b", ";a/b", ";a=b/c", ";a=[b]", ";a\x00", ';a="\x00"', ';a="\x0b"', ';a="\\\x00"', ";a\x7f", ";a:b", " a", ",a",
    ";a=\"b\x0c\"", ";a\xa0=b", '; a=" \\',
)


def sized(size: str) -> bytes:
    """A chunk of hello with this size line, and the last chunk."""
    return chunked(f"{size}\r\nhello\r\n{END}")


RULES = (
    rule(
        "9112 7.1",
        "Chunked content is read to its last chunk, any number of chunks of any size.",
        case("one", chunked(HELLO), posted("hello")),
        case("none", chunked(END), posted("")),
        case("three", chunked("1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n" + END), posted("abcdef")),
        case("a hundred", chunked("1\r\nx\r\n" * 100 + END), posted("x" * 100)),
        case("hex in small letters", chunked("a\r\n0123456789\r\n" + END), posted("0123456789")),
        case("hex in capitals", chunked("A\r\n0123456789\r\n" + END), posted("0123456789")),
        case("two digits", chunked("1f\r\n" + "x" * 31 + "\r\n" + END), posted("x" * 31)),
        case("mixed letters", chunked("aB\r\n" + "x" * 171 + "\r\n" + END), posted("x" * 171)),
        case("leading zeros", sized("0005"), posted("hello")),
        case("a hundred zeros", sized("0" * 100 + "5"), posted("hello")),
        case("4095 zeros", sized("0" * 4095 + "5"), posted("hello")),
        case("last chunk of zeros", chunked("5\r\nhello\r\n0000\r\n\r\n"), posted("hello")),
        case("CR LF in data", chunked("2\r\n\r\n\r\n" + END), posted("\r\n")),
        case("a last chunk in data", chunked("5\r\n0\r\n\r\n\r\n" + END), posted("0\r\n\r\n")),
        case("all bytes in data", chunked("100\r\n" + "".join(map(chr, range(256))) + "\r\n" + END), posted("".join(map(chr, range(256))))),
        case("a big chunk", chunked("4000\r\n" + "x" * 16384 + "\r\n" + END), posted("x" * 16384)),
        case("two in a row", chunked(HELLO) + chunked(END), (posted("hello"), posted(""))),
        case("data like a request", chunked("1a\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\r\n" + END), posted("GET / HTTP/1.1\r\nHost: a\r\n\r")),
    ),
    rule(
        "9112 7.1",
        "A chunk size is hex digits alone.",
        *each(BAD_SIZES, sized, 400),
        *[
            case(f"last size {size!r}", chunked(f"5\r\nhello\r\n{size}\r\n\r\n"), 400)
            for size in ("", " ", "+0", "-0", "0x0", "0 ", "0_0", "00x")
        ],
        case("an empty line before the first", chunked("\r\n" + HELLO), 400),
        case("an empty line between", chunked("5\r\nhello\r\n\r\n" + END), 400),
    ),
    rule(
        "9112 7.1",
        "A chunk size beyond all numbers is foreseen, and answered with 413.",
        *each(("1" + "0" * 15, "F" * 16, "8000000000000000", "1" + "0" * 14 + "05", "f" * 300, "1" * 4000), sized, 413),
        case("zeros, then 16 digits", sized("00" + "f" * 16), 413),
        case("zeros, then 1 digit", sized("0" * 17 + "5"), posted("hello")),
        case("15 digits are waited for", chunked("f" * 15 + "\r\nhello"), 400, truncated=True),
    ),
    rule(
        "9112 7.1",
        "The lines of a chunk end in CR LF.",
        case("LF behind the size", chunked("5\nhello\r\n" + END), 400),
        case("CR behind the size", chunked("5\rhello\r\n" + END), 400),
        case("CR everywhere", chunked("5\rhello\r0\r\r"), 400),
        case("LF everywhere", chunked("5\nhello\n0\n\n"), 400),
        case("CR CR LF behind the size", chunked("5\r\r\nhello\r\n" + END), 400),
        case("LF CR behind the size", chunked("5\n\rhello\r\n" + END), 400),
        case("LF behind the last size", chunked("5\r\nhello\r\n0\n\r\n"), 400),
        case("LF for the last line", chunked("5\r\nhello\r\n0\r\n\n"), 400),
        case("CR CR LF for the last line", chunked("5\r\nhello\r\n0\r\n\r\r\n"), 400),
        case("CR behind the last size", chunked("5\r\nhello\r\n0\r\r\n\r\n"), 400),
    ),
    rule(
        "9112 7.1",
        "Chunk data is as long as its size says, and CR LF stands behind it.",
        case("longer", chunked("5\r\nhellox\r\n" + END), 400),
        case("longer by a CR LF", chunked("5\r\nhello\r\n\r\n" + END), 400),
        case("longer by a CR", chunked("5\r\nhello\r\r\n" + END), 400),
        case("longer by an LF", chunked("5\r\nhello\n\r\n" + END), 400),
        case("shorter", chunked("6\r\nhello\r\n" + END), 400),
        case("shorter by two", chunked("7\r\nhello\r\n" + END), 400),
        case("LF", chunked("5\r\nhello\n" + END), 400),
        case("CR", chunked("5\r\nhello\r" + END), 400),
        case("LF CR", chunked("5\r\nhello\n\r" + END), 400),
        case("nothing", chunked("5\r\nhello" + END), 400),
        case("a space", chunked("5\r\nhello \r\n" + END), 400),
        case("two bytes of anything", chunked("5\r\nhelloXX" + END), 400),
        case("NUL", chunked("5\r\nhello\x00\x00" + END), 400),
        case("data behind the last chunk", chunked("0\r\nhello\r\n\r\n"), 400),
    ),
    rule(
        "9112 7.1.1",
        "Unknown chunk extensions are passed over.",
        *[case(text, sized("5" + text), posted("hello")) for text in GOOD_EXTENSIONS],
        case("of the last chunk", chunked("5\r\nhello\r\n0;a=b\r\n\r\n"), posted("hello")),
        case("of every chunk", chunked("1;a\r\nx\r\n2;b=c\r\nyz\r\n0;d=\"e\"\r\n\r\n"), posted("xyz")),
        case("an extension of 4000 bytes", sized("5;a=" + "b" * 4000), posted("hello")),
    ),
    rule(
        "9112 7.1.1",
        "Chunk extensions follow their grammar.",
        *each(BAD_EXTENSIONS, lambda text: sized("5" + text), 400),
        *[case(f"control {ord(c):#04x}", sized(f"5;a{c}"), 400) for c in CONTROLS],
        case("LF in a name", sized("5;a\nb"), 400),
        case("CR in a name", sized("5;a\rb"), 400),
        case("LF in quotes", sized('5;a="b\nc"'), 400),
        case("CR LF in quotes", sized('5;a="b\r\nc"'), 400),
        case("CR in quotes", sized('5;a="b\rc"'), 400),
        case("escaped CR LF in quotes", sized('5;a="b\\\r\nc"'), 400),
        case("hidden chunk", chunked('5;a="\n\nhello\r\n0\r\n\r\n'), 400),
        case("empty one of the last chunk", chunked("5\r\nhello\r\n0;\r\n\r\n"), 400),
    ),
    rule(
        "9112 7.1.2",
        "Trailer fields are read and kept apart from the fields of the head.",
        case("one", chunked("5\r\nhello\r\n0\r\nX: y\r\n\r\n"), posted("hello", trailers=(("X", "y"),), fields={"x": None})),
        case("two", chunked("0\r\nX: y\r\nZ:\r\n\r\n"), posted("", trailers=(("X", "y"), ("Z", "")))),
        case("of one name", chunked("0\r\nX: y\r\nx: z\r\n\r\n"), posted("", trailers=(("X", "y"), ("x", "z")))),
        case("space around", chunked("0\r\nX:\t y z \r\n\r\n"), posted("", trailers=(("X", "y z"),))),
        case("behind an extension", chunked("0;a=b\r\nX: y\r\n\r\n"), posted("", trailers=(("X", "y"),))),
        case("announced", post("Trailer: X", "Transfer-Encoding: chunked", body="0\r\nX: y\r\n\r\n"), posted("", trailers=(("X", "y"),))),
        case("announced but missing", post("Trailer: X", "Transfer-Encoding: chunked", body=END), posted("")),
    ),
    rule(
        "9110 6.5.1",
        "Framing, routing and persistence are not taken from trailers.",
        case("Content-Length", chunked("0\r\nContent-Length: 9\r\n\r\n"), posted("", trailers=(("Content-Length", "9"),))),
        case("Transfer-Encoding", chunked("0\r\nTransfer-Encoding: x\r\n\r\n"), posted("", trailers=(("Transfer-Encoding", "x"),))),
        case("Host", chunked("0\r\nHost: b\r\n\r\n"), posted("", trailers=(("Host", "b"),), fields={"host": "a"})),
        case("Connection", chunked("0\r\nConnection: close\r\n\r\n"), posted("", trailers=(("Connection", "close"),))),
        case("Host that the head lacks", chunked("0\r\nHost: a\r\n\r\n").replace(b"Host: a\r\n", b"", 1), 400),
    ),
    rule(
        "9112 7.1.2",
        "Trailers are field lines, as strict as those of a head.",
        *each(
            ("X", "X y", "X : y", "X\t: y", " X: y", "\tX: y", "X: y\r\n z", ": y", "X(: y", "X: \x00", "X: y\x0b", "X: y\nZ: a", "X: y\rZ: a", "X\xe9: y",
             "GET / HTTP/1.1", " ", "X: y\x7f", "5"),
            lambda text: chunked(f"0\r\n{text}\r\n\r\n"),
            400,
        ),
        case("LF for the empty line", chunked("0\r\nX: y\r\n\n"), 400),
        case("LF behind a trailer", chunked("0\r\nX: y\n\r\n"), 400),
        case("the next request without an empty line", chunked("0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400),
    ),
)
