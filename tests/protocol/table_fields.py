"""Field lines and what some fields say: RFC 9112 sections 5, 9.3, 9.6; RFC 9110 sections 5, 10.1.1."""

from __future__ import annotations

from tests.protocol.conversation import Seen, case, each, get, line, post, posted, rule
from tests.protocol.table_lines import CONTROLS

TCHAR = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def value(line_: str, wanted: str) -> Seen:
    """A GET whose X field has this value."""
    return Seen(fields={"x": wanted})


def old(*fields: str) -> bytes:
    """GET / of HTTP/1.0 with these field lines."""
    return line("GET / HTTP/1.0", *fields)


def persists(wanted: bool, minor: int = 1) -> Seen:
    """A GET that allows another request behind it, or not."""
    return Seen(minor=minor, keep_alive=wanted)


RULES = (
    rule(
        "9112 5",
        "A field line is a name, a colon at once behind it, and a value with optional space around it.",
        *[
            case(repr(text), get(f"X:{text}"), Seen(fields={"x": wanted}))
            for text, wanted in {
                "": "", " ": "", "\t \t": "", "y": "y", " y": "y", "  y": "y", "\ty": "y", " y ": "y", " y\t": "y",
                " y z": "y z", " y\tz": "y\tz", " y  z ": "y  z", " :": ":", " y: z": "y: z", "::": "::", ' "y z"': '"y z"',
                " (a) {b} [c] <d>": "(a) {b} [c] <d>", " \xe9\xff\x80": "\xe9\xff\x80", " \xa0y\x85": "\xa0y\x85", " y,": "y,",
                " " + "v" * 9000: "v" * 9000, " =?utf-8?q?x?=": "=?utf-8?q?x?=", " \\": "\\", "%0d%0aA:b": "%0d%0aA:b",
            }.items()
        ],
    ),
    rule(
        "9110 5.1",
        "Names are tokens in which case does not count; unknown ones are let through.",
        case("all of tchar", get(f"{TCHAR}: y"), Seen(fields={TCHAR.lower(): "y"})),
        case("capitals", get("X-ABC: y"), Seen(fields={"x-abc": "y"})),
        case("a digit", get("1: y"), Seen(fields={"1": "y"})),
        case("underscore is no hyphen", get("Content_Length: 5"), Seen(fields={"content-length": None, "content_length": "5"})),
        case("dot", get("a.b: y"), Seen(fields={"a.b": "y"})),
        case("a name of 1000 bytes", get("n" * 1000 + ": y"), Seen(fields={"n" * 1000: "y"})),
    ),
    rule(
        "9110 5.6.2",
        "A name holds no delimiter, space, control or byte above 127.",
        *each([f"X{c}Y" for c in '"(),/;<=>?@[\\]{} \xe9\xff\x80\xa0'], lambda name: get(f"{name}: z"), 400),
        *[case(f"control {ord(c):#04x}", get(f"X{c}Y: z"), 400) for c in CONTROLS],
        *[case(f"control {ord(c):#04x} first", get(f"{c}X: z"), 400) for c in "\x00\x0b\x0c\x1f\x7f"],
        case("no name", get(": y"), 400),
        case("no name nor value", get(":"), 400),
        case("no colon", get("X"), 400),
        case("no colon, two words", get("X y"), 400),
        case("another request line", get("GET / HTTP/1.1"), 400),
        case("BOM", get("\xef\xbb\xbfX: y"), 400),
    ),
    rule(
        "9112 5.1",
        "Space between the name and the colon is answered with 400.",
        case("space", get("X : y"), 400),
        case("tab", get("X\t: y"), 400),
        case("two spaces", get("X  : y"), 400),
        case("space, no value", get("X :"), 400),
        case("no-break space", get("X\xa0: y"), 400),
        case("in HTTP/1.0", old("X : y"), 400),
        case("Host", get("Host : a", host=None), 400),
        case("the only colon is in the value", get("X y:z"), 400),
    ),
    rule(
        "9112 5.2",
        "A folded line is answered with 400.",
        case("space", get("X: y\r\n z"), 400),
        case("tab", get("X: y\r\n\tz"), 400),
        case("value on the next line", get("X:\r\n y"), 400),
        case("three lines", get("X: y\r\n z\r\n a"), 400),
        case("fold of nothing", get("X: y\r\n "), 400),
        case("fold looks like a field", get("X: y\r\n Content-Length: 5"), 400),
        case("name folded", get("X\r\n : y"), 400),
        case("colon on the next line", get("X\r\n: y"), 400),
        case("in HTTP/1.0", old("X: y\r\n z"), 400),
        case("message/http", get("Content-Type: message/http\r\n ;a=b"), 400),
    ),
    rule(
        "9110 5.5",
        "NUL, CR, LF and other controls make a value invalid, TAB does not.",
        *[case(f"{ord(c):#04x}", get(f"X: y{c}z"), 400) for c in CONTROLS],
        *[case(f"{ord(c):#04x} first", get(f"X:{c}"), 400) for c in "\x00\x0b\x0c\x1f\x7f"],
        *[case(f"{ord(c):#04x} last", get(f"X: y{c}"), 400) for c in "\x00\x0b\x0c\x1f\x7f"],
        case("escape sequence", get("User-Agent: \x1b[31m"), 400),
        case("tab", get("X: a\tb"), Seen(fields={"x": "a\tb"})),
        case("UTF-8", get("X: \xc3\xa9"), Seen(fields={"x": "\xc3\xa9"})),
    ),
    rule(
        "9110 5.3",
        "Lines of one name are one list, in the order in which they came.",
        case("two", get("X: a", "X: b"), Seen(fields={"x": "a, b"})),
        case("in other letters", get("X: a", "x: b", "Y: 1", "X: c"), Seen(fields={"x": "a, b, c", "y": "1"})),
        case("one empty", get("X:", "X: b"), Seen(fields={"x": ", b"})),
        case("cookies", get("Cookie: a=1", "Cookie: b=2"), Seen(fields={"cookie": "a=1, b=2"})),
    ),
    rule(
        "9112 9.3",
        "HTTP/1.1 persists unless it says close; HTTP/1.0 closes unless it says keep-alive.",
        case("1.1", get(), persists(True)),
        case("1.1 keep-alive", get("Connection: keep-alive"), persists(True)),
        case("1.1 close", get("Connection: close"), persists(False)),
        case("1.1 both", get("Connection: keep-alive, close"), persists(False)),
        case("1.2 close", line("GET / HTTP/1.2", "Connection: close"), persists(False, 2)),
        case("1.0", old(), persists(False, 0)),
        case("1.0 keep-alive", old("Connection: keep-alive"), persists(True, 0)),
        case("1.0 Keep-Alive", old("Connection: Keep-Alive"), persists(True, 0)),
        case("1.0 keep-alive in a list", old("Connection: x, keep-alive"), persists(True, 0)),
        case("1.0 close", old("Connection: close"), persists(False, 0)),
        case("1.0 both", old("Connection: keep-alive, close"), persists(False, 0)),
        case("1.0 both on two lines", old("Connection: keep-alive", "Connection: close"), persists(False, 0)),
        case("1.0 other option", old("Connection: x"), persists(False, 0)),
        case("1.0 Keep-Alive field alone", old("Keep-Alive: timeout=5"), persists(False, 0)),
        case("1.0 Proxy-Connection", old("Proxy-Connection: keep-alive"), persists(False, 0)),
        case(
            "1.0 keep-alive with content",
            line("POST / HTTP/1.0", "Connection: keep-alive", "Content-Length: 2", body="hi"),
            posted("hi", minor=0),
        ),
    ),
    rule(
        "9112 9.6",
        "Nothing is read behind a request that says close.",
        *[case(text, get(f"Connection: {text}"), persists(False)) for text in ("close", "CLOSE", "Close", " close ", "x,close")],
        case("request behind it", get("Connection: close") + get(), persists(False)),
        case("garbage behind it", get("Connection: close") + b"\x00\x01garbage", persists(False)),
        case("on the second line", get("Connection: x", "Connection: close"), persists(False)),
        case("with content", post("Connection: close", "Content-Length: 2", body="hi"), posted("hi", keep_alive=False)),
        case("content, then more", post("Connection: close", "Content-Length: 2", body="high"), posted("hi", keep_alive=False)),
        *[case(f"no close: {t!r}", get(f"Connection: {t}"), persists(True)) for t in ("closed", "x-close", "clos e", "", '"close"')],
    ),
    rule(
        "9110 5.6.1",
        "Empty members of a list are passed over.",
        case("before close", get("Connection: ,close"), persists(False)),
        case("around close", get("Connection: , ,\t,close, ,"), persists(False)),
        case("nothing else", get("Connection: , ,,"), persists(True)),
        case("an empty line first", get("Connection:", "Connection: close"), persists(False)),
    ),
    rule(
        "9110 10.1.1",
        "100-continue is asked for in any letters; not by HTTP/1.0 and not without content.",
        case("asked", post("Expect: 100-continue", "Content-Length: 2", body="hi"), posted("hi", expects=True)),
        case("capitals", post("Expect: 100-Continue", "Content-Length: 2", body="hi"), posted("hi", expects=True)),
        case(
            "with chunks",
            post("Expect: 100-continue", "Transfer-Encoding: chunked", body="0\r\n\r\n"),
            posted("", expects=True),
        ),
        case("no content", get("Expect: 100-continue"), Seen(expects=False)),
        case("content of 0", post("Expect: 100-continue", "Content-Length: 0"), posted("", expects=False)),
        case(
            "HTTP/1.0",
            line("POST / HTTP/1.0", "Expect: 100-continue", "Content-Length: 2", body="hi"),
            posted("hi", minor=0, keep_alive=False, expects=False),
        ),
        case("not asked", post("Content-Length: 2", body="hi"), posted("hi", expects=False)),
        case("in a list", post("Expect: x, 100-continue", "Content-Length: 2", body="hi"), posted("hi", expects=True)),
        case(
            "another expectation is told for 417",
            post("Expect: 200-ok", "Content-Length: 2", body="hi"),
            posted("hi", expects=False, fields={"expect": "200-ok"}),
        ),
    ),
)
