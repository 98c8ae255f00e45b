"""Lines, versions and the request line: RFC 9112 sections 2.2, 2.3, 3, 8; RFC 9110 sections 2.5, 9.1."""

from __future__ import annotations

from tests.protocol.conversation import Seen, case, chunked, each, get, line, post, posted, rule

CONTROLS = [chr(c) for c in (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)]
"""CTL of RFC 5234 except HTAB, CR and LF."""

PLAIN = "GET / HTTP/1.1\r\nHost: a\r\n"

RULES = (
    rule(
        "9112 2.1",
        "A request is a request line, field lines and an empty line, each ended by CR LF.",
        case("plain", PLAIN + "\r\n", Seen()),
        case("many fields", get("A: 1", "B: 2", "C: 3"), Seen(fields={"a": "1", "b": "2", "c": "3"})),
        case("two in a row", get() + get(), (Seen(), Seen())),
        case("five in a row", get() * 5, (Seen(),) * 5),
        case("no field at all in 1.0", "GET / HTTP/1.0\r\n\r\n", Seen(minor=0, keep_alive=False)),
        case("nothing at all", b"", (), truncated=True),
    ),
    rule(
        "9112 2.2",
        "A line may be recognized by a single LF: we take no such line, for others do.",
        case("LF everywhere", "GET / HTTP/1.1\nHost: a\n\n", 400),
        case("LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400),
        case("LF after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
        case("LF for the empty line", PLAIN + "\n", 400),
        case("LF hides a field", get("X: y\nContent-Length: 5"), 400),
        case("LF before the colon", get("X\n: y"), 400),
        case("LF before the request", "\n" + PLAIN + "\r\n", 400),
        case("LF CR", "GET / HTTP/1.1\n\rHost: a\n\r\n\r", 400),
        case("LF in the target", line("GET /a\nb HTTP/1.1"), 400),
    ),
    rule(
        "9112 2.2",
        "A bare CR is invalid in everything but content.",
        case("CR everywhere", "GET / HTTP/1.1\rHost: a\r\r", 400),
        case("CR after the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", 400),
        case("CR in the method", line("G\rET / HTTP/1.1"), 400),
        case("CR in the target", line("GET /\rx HTTP/1.1"), 400),
        case("CR for a space", line("GET\r/ HTTP/1.1"), 400),
        case("CR in the version", line("GET / HTTP/1.1\r"), 400),
        case("CR in a name", get("X\rY: z"), 400),
        case("CR before the colon", get("X\r: z"), 400),
        case("CR in a value", get("X: y\rz"), 400),
        case("CR first in a value", get("X:\ry"), 400),
        case("CR last in a value", get("X: y\r"), 400),
        case("CR hides a field", get("X: y\rContent-Length: 5"), 400),
        case("CR hides chunked", post("X: y\rTransfer-Encoding: chunked"), 400),
        case("CR CR LF as the empty line", PLAIN + "\r\r\n", 400),
        case("CR before the request", "\r" + PLAIN + "\r\n", 400),
        case("CR then text for the empty line", PLAIN + "\rX", 400),
        case("CR in content", post("Content-Length: 3", body="a\rb"), posted("a\rb")),
    ),
    rule(
        "9112 2.2",
        "Empty lines before a request line are passed over, a few of them (--limit of 8).",
        case("one", "\r\n" + PLAIN + "\r\n", Seen()),
        case("two", "\r\n\r\n" + PLAIN + "\r\n", Seen()),
        case("eight", "\r\n" * 8 + PLAIN + "\r\n", Seen()),
        case("nine", "\r\n" * 9 + PLAIN + "\r\n", 400),
        case("between two requests", get() + b"\r\n" + get(), (Seen(), Seen())),
        case("behind content", post("Content-Length: 2", body="hi\r\n"), posted("hi")),
        case("behind chunks", chunked("0\r\n\r\n\r\n"), posted("")),
        case("alone", "\r\n\r\n", (), truncated=True),
        case("a line of spaces is none", "  \r\n" + PLAIN + "\r\n", 400),
    ),
    rule(
        "9112 2.2",
        "Space between the request line and the first field: refused.",
        case("space", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
        case("tab", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", 400),
        case("space before one of two", "GET / HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n", 400),
        case("line of one space", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", 400),
        case("hidden framing", "GET / HTTP/1.1\r\n Content-Length: 5\r\nHost: a\r\n\r\n", 400),
    ),
    rule(
        "9112 2.2",
        "What is no HTTP request at all is answered with 400.",
        case("TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        case("SSH", "SSH-2.0-OpenSSH_9.6\r\n", 400),
        case("a response", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 400),
        case("one word", "HELLO\r\n", 400),
        case("SMTP", "EHLO example.org\r\n", 400),
        case("JSON", '{"a": 1}\r\n', 400),
        case("zeros", b"\x00\x00\x00\x00", 400),
        case("garbage behind a request", get() + b"\xff\xfe\r\n\r\n", 400, after=1),
        case("content without a length is the next request", post(body="hello\r\n"), 400, after=1),
    ),
    rule(
        "9112 2.3",
        "HTTP-version is case-sensitive: HTTP, a slash, a digit, a dot, a digit.",
        case("1.1", line("GET / HTTP/1.1"), Seen()),
        case("1.0", line("GET / HTTP/1.0"), Seen(minor=0, keep_alive=False)),
        *each(
            "http/1.1 Http/1.1 HTTp/1.1 HTTP/1 HTTP/1. HTTP/.1 HTTP/11 HTTP/1.10 HTTP/1.01 HTTP/01.1 HTTP/10.1 "
            "HTTP/1.1.1 HTTP/1,1 HTTP/1:1 HTTP/a.b HTTP/-1.1 HTTP/+1.1 HTTP/1.-1 HTTP/0x1.1 HTTPS/1.1 XTTP/1.1 "
            "HTP/1.1 HTTP1.1 HTTP//1.1 HTTP\\1.1 /1.1 1.1 HTTP HTTP/ HTTP/1.1x HTTP/1.1/ ICY/1.1 HTTP/1.\xb2 "
            "HTTP/1.\xb9 \xefHTTP/1.1 HTTP/1.1\xa0 HTTP/2 HTTP/20.0".split(" "),
            lambda version: line(f"GET / {version}"),
            400,
        ),
        case("space before the slash", line("GET / HTTP /1.1"), 400),
        case("space behind the slash", line("GET / HTTP/ 1.1"), 400),
        case("space before the dot", line("GET / HTTP/1 .1"), 400),
        case("no version, as HTTP/0.9", "GET /\r\n", 400),
        case("no version, with fields", line("GET /"), 400),
    ),
    rule(
        "9110 2.5",
        "A higher minor version is treated as the highest one known.",
        *[case(f"1.{n}", line(f"GET / HTTP/1.{n}"), Seen(minor=n)) for n in range(2, 10)],
        case("1.2 with content", line("POST / HTTP/1.2", "Content-Length: 2", body="hi"), posted("hi", minor=2)),
        case(
            "1.2 with chunks",
            line("POST / HTTP/1.2", "Transfer-Encoding: chunked", body="2\r\nhi\r\n0\r\n\r\n"),
            posted("hi", minor=2),
        ),
    ),
    rule(
        "9110 15.6.6",
        "Another major version is answered with 505.",
        *each(
            "HTTP/0.0 HTTP/0.9 HTTP/2.0 HTTP/2.1 HTTP/3.0 HTTP/9.9".split(),
            lambda version: line(f"GET / {version}"),
            505,
        ),
        case("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        case("and no field", "GET / HTTP/2.0\r\n\r\n", 505),
    ),
    rule(
        "9112 3",
        "The three parts of a request line are separated by one space each; a lenient parse is not done.",
        *each(
            (
                "GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET\t/ HTTP/1.1",
                "GET /\tHTTP/1.1", "\tGET / HTTP/1.1", "GET / HTTP/1.1\t", "GET\x0b/ HTTP/1.1", "GET /\x0cHTTP/1.1",
                "GET\xa0/ HTTP/1.1", "GET /\x85HTTP/1.1", "GET /a b HTTP/1.1", "GET / x HTTP/1.1", "GET  HTTP/1.1",
                "GET HTTP/1.1", "GET", "GET ", " / HTTP/1.1", "/ HTTP/1.1", "HTTP/1.1", "GET/ HTTP/1.1", "GET /HTTP/1.1",
                "GET / HTTP/1.1 HTTP/1.1", "GET / HTTP/1.1 Host: a", "GET / HTTP/1.1,HTTP/1.1", "GET\x00/ HTTP/1.1",
                '"GET" / HTTP/1.1', "GET / HTTP/1.1;q=1", "GET, / HTTP/1.1",
            ),
            line,
            400,
        ),
    ),
    rule(
        "9110 9.1",
        "A method is a token of any letters, in which case counts; unknown ones are for the application.",
        *[
            case(method, line(f"{method} / HTTP/1.1"), Seen(method=method))
            for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "Get", "G", "M-SEARCH",
                           "PROPFIND", "BREW", "GETT", "0", "!#$%&'*+-.^_`|~", "X" * 200)
        ],
    ),
    rule(
        "9110 5.6.2",
        "A method holds no delimiter, control or byte above 127.",
        *each([f"G{c}T" for c in '"(),/:;<=>?@[\\]{}\xc9\xff\x80'], lambda method: line(f"{method} / HTTP/1.1"), 400),
        *[case(f"control {ord(c):#04x} in a method", line(f"G{c}T / HTTP/1.1"), 400) for c in CONTROLS],
    ),
    rule(
        "9112 3.2",
        "No control character stands in a request line.",
        *[case(f"{ord(c):#04x} in the target", line(f"GET /{c} HTTP/1.1"), 400) for c in CONTROLS],
        *[case(f"{ord(c):#04x} behind the version", line(f"GET / HTTP/1.1{c}"), 400) for c in "\x00\x08\x0b\x0c\x7f"],
    ),
    rule(
        "9112 8",
        "A request that the end of the connection cuts short is no request.",
        *[
            case(f"head cut at {n}", (PLAIN + "\r\n")[:n], 400, truncated=True)
            for n in (1, 3, 4, 5, 6, 13, 14, 15, 16, 20, 24, 25, 26)
        ],
        case("content of 4 for 5", post("Content-Length: 5", body="hell"), 400, truncated=True),
        case("content of 0 for 5", post("Content-Length: 5"), 400, truncated=True),
        case("no chunk", chunked(""), 400, truncated=True),
        case("half a size line", chunked("5"), 400, truncated=True),
        case("size line without LF", chunked("5\r"), 400, truncated=True),
        case("half a chunk", chunked("5\r\nhel"), 400, truncated=True),
        case("no CR LF behind a chunk", chunked("5\r\nhello"), 400, truncated=True),
        case("CR behind a chunk", chunked("5\r\nhello\r"), 400, truncated=True),
        case("no last chunk", chunked("5\r\nhello\r\n"), 400, truncated=True),
        case("no end of the trailers", chunked("5\r\nhello\r\n0\r\n"), 400, truncated=True),
        case("half a trailer", chunked("0\r\nX: y"), 400, truncated=True),
        case("trailer without the empty line", chunked("0\r\nX: y\r\n"), 400, truncated=True),
        case("the second one", get() + b"GET", 400, truncated=True, after=1),
        case("empty line, then half a head", "\r\nGET", 400, truncated=True),
        case("empty line, then a CR", "\r\n\r", 400, truncated=True),
    ),
)
