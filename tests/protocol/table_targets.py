"""Request targets and Host: RFC 9112 section 3.2, RFC 9110 sections 4.2, 7.2 and 9.3.6."""

from __future__ import annotations

from tests.protocol.conversation import Seen, case, each, get, line, post, posted, rule


def origin(target: str, path: str, query: str | None = None) -> Seen:
    """A GET of a target in origin-form."""
    return Seen(target, parts=("origin", "", "", path, query))


def absolute(target: str, authority: str, path: str, query: str | None = None, **more: object) -> Seen:
    """A request with a target in absolute-form."""
    scheme = target.partition(":")[0].lower()
    return Seen(target, parts=("absolute", scheme, authority, path, query), **more)  # type: ignore[arg-type]


def connect(target: str) -> Seen:
    """A CONNECT, behind which nothing is read as HTTP."""
    return Seen(target, "CONNECT", keep_alive=False, parts=("authority", "", target, "", None))


GOOD_HOSTS = (
    "a", "A.Example", "a:80", "a:", "a:0080", "127.0.0.1", "127.0.0.1:8000", "999.1.1.1", "[::1]", "[::1]:8000", "[::]:",
    "[2001:db8::1]", "[1:2:3:4:5:6:7:8]", "[::ffff:1.2.3.4]", "[v1.x:y]", "xn--bcher-kva.example", "a.", "a_b", "a-b~c",
    "%41", "a,b", "!$&'()*+;=", "x" * 300,
)
BAD_HOSTS = (
    "a b", "a, b", "a/b", "a/", "a?b", "a#b", "a@b", "u:p@h", "http://a", "a:b", "a:80:80", "a:-1", "a:+80", "a:8 0",
    "a: 80", "a :80", "a:0x50", "[::1", "::1", "[]", "[:::]", "[::1]x", "[::1]80", "[::g]", "[fe80::1%25eth0]",
    "[12345::]", "[1::2::3]", "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1.2.3.4]", "[::1.2.3.256]", "[::1.2.3]",
    "[1.2.3.4::]", "[v.x]", "[vg.x]", "[v1.]", "\xe9", "caf\xc3\xa9", "a\\b", "a%4", "a%zz", "a\tb", ":80", ":", "a^b",
    "<a>", '"a"', "{a}", "a|b", "a`", "a\x0bb", "a\x7f", "a\x00", "a\xa0", "a, ,b", "b, a", "a\x85",
)

RULES = (
    rule(
        "9112 3.2.1",
        "origin-form: a path that begins with a slash, and a query.",
        case("slash", line("GET / HTTP/1.1"), origin("/", "/")),
        case("path and query", line("GET /a/b?c=d&e HTTP/1.1"), origin("/a/b?c=d&e", "/a/b", "c=d&e")),
        case("empty query", line("GET /a? HTTP/1.1"), origin("/a?", "/a", "")),
        case("two question marks", line("GET /a?b?c HTTP/1.1"), origin("/a?b?c", "/a", "b?c")),
        case("two slashes", line("GET //x/y HTTP/1.1"), origin("//x/y", "//x/y")),
        case("a URI in the path", line("GET /http://h/ HTTP/1.1"), origin("/http://h/", "/http://h/")),
        case("percent-encoded", line("GET /%2F%41%00 HTTP/1.1"), origin("/%2F%41%00", "/%2F%41%00")),
        case("dots", line("GET /../../x HTTP/1.1"), origin("/../../x", "/../../x")),
        case("parameters", line("GET /a;b=c HTTP/1.1"), origin("/a;b=c", "/a;b=c")),
        case("at sign and colon", line("GET /u@h:80 HTTP/1.1"), origin("/u@h:80", "/u@h:80")),
        case("browsers' bytes", line('GET /|{}^`\\"<>[] HTTP/1.1'), origin('/|{}^`\\"<>[]', '/|{}^`\\"<>[]')),
        case("a lone percent", line("GET /100%?a=%zz HTTP/1.1"), origin("/100%?a=%zz", "/100%", "a=%zz")),
    ),
    rule(
        "9112 3.2",
        "An invalid request target is answered with 400.",
        *each(
            "/#x #x /a?b#c /# a index.html ./a ../a ?a ?a=/ a/b \\a %2F : ; ~ http:// http:/h http:h http// //".split()[:-1],
            lambda target: line(f"GET {target} HTTP/1.1"),
            400,
        ),
        *each(("/\xe9", "/\xff", "/\x80", "/\xc3\xa9", "/\xa0", "/?\xe9"), lambda t: line(f"GET {t} HTTP/1.1"), 400),
        *each(("/a b", "/a\tb", "/ /"), lambda target: line(f"GET {target} HTTP/1.1"), 400),
    ),
    rule(
        "9112 3.2.2",
        "absolute-form is taken by every server; its authority counts, and Host is ignored.",
        case("http", line("GET http://h/x?y HTTP/1.1"), absolute("http://h/x?y", "h", "/x", "y")),
        case("https", line("GET https://h/ HTTP/1.1"), absolute("https://h/", "h", "/")),
        case("capitals", line("GET HTTP://H/X HTTP/1.1"), absolute("HTTP://H/X", "H", "/X")),
        case("port", line("GET http://h:81/ HTTP/1.1"), absolute("http://h:81/", "h:81", "/")),
        case("empty port", line("GET http://h:/ HTTP/1.1"), absolute("http://h:/", "h:", "/")),
        case("IPv6", line("GET http://[::1]:8000/ HTTP/1.1"), absolute("http://[::1]:8000/", "[::1]:8000", "/")),
        case("no path", line("GET http://h HTTP/1.1"), absolute("http://h", "h", "/")),
        case("no path, query", line("GET http://h?x HTTP/1.1"), absolute("http://h?x", "h", "/", "x")),
        case("another host", line("GET http://h/ HTTP/1.1", host="other"), absolute("http://h/", "h", "/")),
        case("empty Host", line("GET http://h/ HTTP/1.1", host=""), absolute("http://h/", "h", "/")),
        case("a URI in the query", line("GET http://h/?http://i HTTP/1.1"), absolute("http://h/?http://i", "h", "/", "http://i")),
        case("at sign in the path", line("GET http://h/u@i HTTP/1.1"), absolute("http://h/u@i", "h", "/u@i")),
        case("no Host in 1.1", line("GET http://h/ HTTP/1.1", host=None), 400),
        case("two Hosts", line("GET http://h/ HTTP/1.1", "Host: h", host="h"), 400),
        case("bad Host", line("GET http://h/ HTTP/1.1", host="a b"), 400),
        case(
            "no Host in 1.0",
            line("GET http://h/ HTTP/1.0", host=None),
            absolute("http://h/", "h", "/", minor=0, keep_alive=False),
        ),
    ),
    rule(
        "9110 4.2.1",
        "An http URI without a host is invalid.",
        *each(
            "http:/// http://:80/ http://?x http://:/ https:///x http://#f".split(),
            lambda target: line(f"GET {target} HTTP/1.1"),
            400,
        ),
    ),
    rule(
        "9110 4.2.4",
        "A URI with userinfo is an error.",
        *each(
            "http://u@h/ http://u:p@h/ http://@h/ http://:@h/ http://u:p@h:80/ https://h@i@j/ http://h%40i@j/".split(),
            lambda target: line(f"GET {target} HTTP/1.1"),
            400,
        ),
    ),
    rule(
        "9110 7.1",
        "A target is a URI of a scheme that this server can answer for, with a valid authority and no fragment.",
        *each(
            "ftp://h/ file:///etc/passwd ws://h/ urn:x mailto:a@h javascript:alert() gopher://h/ httpx://h/ xhttp://h/ "
            "http://[::1/ http://::1/ http://h:x/ http://h:8:8/ http://%zz/ http://h\\x/ http://h\\@i/ http://[::1]x/ "
            "http://h|i/ http://h<i>/ http://h^/ http://h/# http://h/#f http://h#f http://[:::]/".split(),
            lambda target: line(f"GET {target} HTTP/1.1"),
            400,
        ),
        *each(("http://\xe9/", "http://h\xa0/"), lambda target: line(f"GET {target} HTTP/1.1"), 400),
    ),
    rule(
        "9112 3.2.3",
        "authority-form is host and port, for CONNECT alone; CONNECT has no other form.",
        *[
            case(target, line(f"CONNECT {target} HTTP/1.1"), connect(target))
            for target in ("h:443", "h:1", "h:65535", "h:00443", "[::1]:443", "1.2.3.4:80", "a.b-c:443")
        ],
        *each(
            "h h: :443 http://h:443/ http://h:443 / /h:443 * u@h:443 h:443/ h:443?x h:443#x h:4x h:+443 h:-1 h:443:443 "
            "[::1] ::1:443 [::g]:443 [::1:443 h%:443 443 : h,:4,4".split(),
            lambda target: line(f"CONNECT {target} HTTP/1.1"),
            400,
        ),
        *each("h:443 a:80 1.2.3.4:80 [::1]:80".split(), lambda target: line(f"GET {target} HTTP/1.1"), 400),
        case("connect in small letters", line("connect h:443 HTTP/1.1"), 400),
    ),
    rule(
        "9110 9.3.6",
        "CONNECT to an empty or invalid port is answered with 400.",
        *each("h:0 h:00 h:65536 h:99999 h:4294967739".split(), lambda target: line(f"CONNECT {target} HTTP/1.1"), 400),
        case("a port of 5000 digits", line(f"CONNECT h:{'9' * 5000} HTTP/1.1"), 400),
        case("a port of 5000 zeros", line(f"CONNECT h:{'0' * 5000} HTTP/1.1"), 400),
    ),
    rule(
        "9112 3.2.4",
        "asterisk-form is for OPTIONS alone.",
        case("OPTIONS *", line("OPTIONS * HTTP/1.1"), Seen("*", "OPTIONS", parts=("asterisk", "", "", "*", None))),
        case("OPTIONS /", line("OPTIONS / HTTP/1.1"), Seen("/", "OPTIONS", parts=("origin", "", "", "/", None))),
        case("OPTIONS /*", line("OPTIONS /* HTTP/1.1"), Seen("/*", "OPTIONS")),
        case("OPTIONS with no path", line("OPTIONS http://h HTTP/1.1"), absolute("http://h", "h", "*", method="OPTIONS")),
        case("OPTIONS of a root", line("OPTIONS http://h/ HTTP/1.1"), absolute("http://h/", "h", "/", method="OPTIONS")),
        case("OPTIONS of a query", line("OPTIONS http://h?x HTTP/1.1"), absolute("http://h?x", "h", "/", "x", method="OPTIONS")),
        *each(
            ("GET *", "HEAD *", "POST *", "TRACE *", "options *", "OPTIONS **", "OPTIONS *?x", "OPTIONS */", "OPTIONS http://"),
            lambda start: line(f"{start} HTTP/1.1"),
            400,
        ),
    ),
    rule(
        "9112 3.2",
        "An HTTP/1.1 request without Host, and any request with more than one, is answered with 400.",
        case("none in 1.1", get(host=None), 400),
        case("none in 1.2", line("GET / HTTP/1.2", host=None), 400),
        case("none in 1.0", line("GET / HTTP/1.0", host=None), Seen(minor=0, keep_alive=False)),
        case("none with content", line("POST / HTTP/1.1", "Content-Length: 1", host=None, body="x"), 400),
        case("two", get("Host: b"), 400),
        case("two alike", get("Host: a"), 400),
        case("two, far apart", get("X: y", "Z: 1", "Host: a"), 400),
        case("two in other letters", get("HOST: a"), 400),
        case("two, one empty", get("Host:"), 400),
        case("two empty", get("Host:", host=""), 400),
        case("three", get("host: a", "hOsT: a"), 400),
        case("two in 1.0", line("GET / HTTP/1.0", "Host: b"), 400),
        case("X-Host is none", get("X-Host: a", host=None), 400),
        case("Hosts is none", get("Hosts: a", host=None), 400),
        case("Host in a value is none", get("X: Host: a", host=None), 400),
        case("Host in content is none", line("POST / HTTP/1.1", "Content-Length: 7", host=None, body="Host: a"), 400),
        case("capitals", get("HOST: a", host=None), Seen(fields={"host": "a"})),
        case("last", get("X: y", "Host: a", host=None), Seen(fields={"host": "a"})),
        case("no space behind the colon", get("Host:a", host=None), Seen(fields={"host": "a"})),
        case("space around", get("Host: \t a \t", host=None), Seen(fields={"host": "a"})),
        case("space before the colon", get("Host : a", host=None), 400),
        case("folded", get("Host:\r\n a", host=None), 400),
        case("on two lines", get("Host: a,\r\n b", host=None), 400),
    ),
    rule(
        "9110 7.2",
        "A Host of a good form is taken; an empty one is for targets without an authority, and up to the server.",
        *[case(host, get(host=host), Seen(fields={"host": host})) for host in GOOD_HOSTS],
        case("empty", get(host=""), Seen(fields={"host": ""})),
        case("empty with spaces", get("Host:   ", host=None), Seen(fields={"host": ""})),
        case("empty in 1.0", line("GET / HTTP/1.0", host=""), Seen(minor=0, keep_alive=False)),
    ),
    rule(
        "9110 7.2",
        "A request with an invalid Host is answered with 400, whatever its version.",
        *each(BAD_HOSTS, lambda host: get(host=host), 400),
        case("in 1.0", line("GET / HTTP/1.0", host="a b"), 400),
        case("with content", post("Content-Length: 2", body="hi").replace(b"Host: a", b"Host: a/b"), 400),
        case("a good one with content", post("Content-Length: 2", body="hi"), posted("hi")),
    ),
)
