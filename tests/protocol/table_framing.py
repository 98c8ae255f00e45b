"""Where a request ends: RFC 9112 sections 6.1 to 6.3, 11.2; RFC 9110 section 8.6."""

from __future__ import annotations

from tests.protocol.conversation import Seen, case, each, get, line, post, posted, rule

HI = "2\r\nhi\r\n0\r\n\r\n"
"""Chunked content, "hi"."""

NO_NUMBERS = (
    "", " ", "+5", "-5", "-0", "+0", "5 5", "5,5", "5, 5", "5 ,5", "5,", ",5", "5;", "5;5", "5.", "5.0", ".5", "5e0", "0x5",
    "0X5", "0o5", "0b1", "5_0", "1_0", "5h", "a5", "five", '"5"', "'5'", "(5)", "5L", "NaN", "Infinity", "\xb2", "\xb9", "\xbd",
    "5\xa0", "\xa05", "5\x85", "\x855", "\xef\xbc\x95", "\xd9\xa5", "\xe0\xa5\xab", "5\x00", "5\x0b", "\x0c5", "5\x7f", "5\r", "5 0",
    "5\t0", "0, 5", "5, 0", "0 5", "%35", "5%20", "=5", "5=", "*", "inf", "--5", "5-", "chunked",
)
"""What is no Content-Length, though some parser of numbers takes it."""

LAST_NOT_CHUNKED = (
    "", " ", ",", " , ", ",chunked", "chunked,", ", chunked ,", ",,chunked", "identity", "gzip", "cow", "xchunked", "x-chunked", "chunkedx", "chunked-x", "chunked, gzip",
    "chunked, identity", "chunked, x", "chunked chunked", "chun ked", "chunked;q=1", "chunked; a=b", "chunked;", "chunked=1",
    '"chunked"', "'chunked'", "[chunked]", "(chunked)", "chunked\xa0", "\xa0chunked", "chunked\x85", "chunke\xe4d", "chunked.",
    "chunked:", "chunked/1", "%63hunked", "chun\xe2\x84\xaaed", "\xef\xbd\x83hunked", "chunk", "chunked, chunk", "null", "0", "5",
)

RULES = (
    rule(
        "9112 6.3",
        "A request with neither Transfer-Encoding nor Content-Length has no content, whatever its method.",
        *[case(f"{m} alone", line(f"{m} / HTTP/1.1"), Seen(method=m)) for m in ("GET", "POST", "PUT", "PATCH", "DELETE", "X")],
    ),
    rule(
        "9112 6.3",
        "Content-Length is the length of the content, of any method.",
        *[
            case(m, line(f"{m} / HTTP/1.1", "Content-Length: 5", body="hello"), Seen(method=m, body="hello"))
            for m in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X")
        ],
        case("content like a request", post("Content-Length: 18", body="GET /x HTTP/1.1\r\n\r"), posted("GET /x HTTP/1.1\r\n\r")),
        case("all bytes", post("Content-Length: 256", body="".join(map(chr, range(256)))), posted("".join(map(chr, range(256))))),
        case("CONNECT", line("CONNECT h:1 HTTP/1.1", "Content-Length: 2", body="hi"),
             Seen("h:1", "CONNECT", body="hi", keep_alive=False)),
        case("chunks of CONNECT", line("CONNECT h:1 HTTP/1.1", "Transfer-Encoding: chunked", body=HI),
             Seen("h:1", "CONNECT", body="hi", keep_alive=False)),
        case("wrong chunks of CONNECT", line("CONNECT h:1 HTTP/1.1", "Transfer-Encoding: chunked", body="0 \r\n\r\n"), 400),
        case("HTTP/1.0", line("POST / HTTP/1.0", "Content-Length: 2", body="hi"), posted("hi", minor=0, keep_alive=False)),
        case("two with content", post("Content-Length: 1", body="a") + post("Content-Length: 1", body="b"), (posted("a"), posted("b"))),
    ),
    rule(
        "9110 8.6",
        "Content-Length is digits alone.",
        case("0", post("Content-Length: 0"), posted("")),
        case("00", post("Content-Length: 00"), posted("")),
        case("leading zeros", post("Content-Length: 0005", body="hello"), posted("hello")),
        case("space around", post("Content-Length:  \t5 \t", body="hello"), posted("hello")),
        case("no space", post("Content-Length:5", body="hello"), posted("hello")),
        case("capitals", post("CONTENT-LENGTH: 5", body="hello"), posted("hello")),
        case("5000 zeros", post(f"Content-Length: {'0' * 5000}5", body="hello"), posted("hello")),
        case("5000 zeros and no more", post(f"Content-Length: {'0' * 5000}"), posted("")),
        case("18 digits are waited for", post(f"Content-Length: {'9' * 18}", body="hello"), 400, truncated=True),
        *each(NO_NUMBERS, lambda number: post(f"Content-Length: {number}", body="hello"), 400),
        case("in HTTP/1.0", line("POST / HTTP/1.0", "Content-Length: x"), 400),
        case("of a GET", get("Content-Length: x"), 400),
    ),
    rule(
        "9110 8.6",
        "A Content-Length beyond all numbers is foreseen, and answered with 413.",
        case("19 digits", post(f"Content-Length: {'9' * 19}"), 413),
        case("2 ** 63", post("Content-Length: 9223372036854775808"), 413),
        case("2 ** 64 + 5", post("Content-Length: 18446744073709551621", body="hello"), 413),
        case("300 digits", post(f"Content-Length: {'1' * 300}"), 413),
        case("5000 digits", post(f"Content-Length: {'9' * 5000}"), 413),
    ),
    rule(
        "9112 6.3",
        "Content-Length said twice is answered with 400, even when both say the same.",
        case("two", post("Content-Length: 5", "Content-Length: 6", body="hello"), 400),
        case("two alike", post("Content-Length: 5", "Content-Length: 5", body="hello"), 400),
        case("two, one 0", post("Content-Length: 0", "Content-Length: 5", body="hello"), 400),
        case("two in other letters", post("Content-Length: 5", "content-length: 6", body="hello"), 400),
        case("two, far apart", post("Content-Length: 5", "X: y", "Content-Length: 6", body="hello"), 400),
        case("two, one empty", post("Content-Length: 5", "Content-Length:", body="hello"), 400),
        case("two with one zero more", post("Content-Length: 5", "Content-Length: 05", body="hello"), 400),
        case("three", post(*["Content-Length: 5"] * 3, body="hello"), 400),
    ),
    rule(
        "9112 11.2",
        "A framing field in disguise is refused, or is another field.",
        *each(
            ("Content-Length : 5", "Content-Length\t: 5", " Content-Length: 5", "Content-Length\x0b: 5", "Content-Length\x00: 5",
             "Content-Length\xa0: 5", "Content Length: 5", "Content-Length", "Content-Length 5", "Content-Length=5",
             "Content-Length;: 5", '"Content-Length": 5', "\x00Content-Length: 5", "\xefContent-Length: 5", "Content-Length:\r\n 5",
             "Content-Length:\n5", "X: y\nContent-Length: 5", "X: y\rContent-Length: 5", "Content-Length\r\n: 5",
             "Transfer-Encoding : chunked", "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked",
             "\tTransfer-Encoding: chunked", "Transfer-Encoding\x0b: chunked", "\x0bTransfer-Encoding: chunked",
             "Transfer-Encoding\x00: chunked", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding:\r\n\tchunked",
             "Transfer-Encoding\r\n : chunked", "Transfer-Encoding:\nchunked", "X: y\nTransfer-Encoding: chunked",
             "X: y\rTransfer-Encoding: chunked", "Transfer-Encoding", "Transfer Encoding: chunked", "Transfer-Encoding=chunked",
             "Transfer-Encoding;: chunked", "Transfer-Encoding: chunked\x0b", "Transfer-Encoding: \x0bchunked",
             "Transfer-Encoding:\x0cchunked", "Transfer-Encoding: chunked\x0c", "Transfer-Encoding: chunked\x00",
             "Transfer-Encoding: \x00chunked", "Transfer-Encoding: chunked\x1f", "Transfer-Encoding: chunked\x7f",
             "Transfer-Encoding: chu\x00nked", "Transfer-Encoding: chunked\r", "X: y\r\n\x0bTransfer-Encoding: chunked"),
            lambda text: post(text, body="0\r\n\r\n"),
            400,
        ),
        *[
            case(f"{name} is another field", post(f"{name}: {text}"), posted("", fields={name.lower(): text}))
            for name, text in (
                ("Content_Length", "5"), ("Content-Lengths", "5"), ("X-Content-Length", "5"), ("ContentLength", "5"),
                ("Transfer_Encoding", "chunked"), ("X-Transfer-Encoding", "chunked"), ("Transfer-Encodings", "chunked"),
                ("TransferEncoding", "chunked"), ("TE", "chunked"), ("Content-Encoding", "chunked"),
            )
        ],
    ),
    rule(
        "9112 6.1",
        "chunked ends the content of any method; its name is in any letters.",
        *[
            case(text, post(f"Transfer-Encoding:{text}", body=HI), posted("hi"))
            for text in (" chunked", "chunked", " Chunked", " CHUNKED", "\tchunked\t", "   chunked   ")
        ],
        case("name in other letters", post("tRANSFER-eNCODING: chunked", body=HI), posted("hi")),
        *[
            case(m, line(f"{m} / HTTP/1.1", "Transfer-Encoding: chunked", body=HI), Seen(method=m, body="hi"))
            for m in ("GET", "HEAD", "PUT", "DELETE", "X")
        ],
    ),
    rule(
        "9112 6.3",
        "A Transfer-Encoding of a request whose last coding is not chunked, or that has it twice, is answered with 400.",
        *each(LAST_NOT_CHUNKED, lambda codings: post(f"Transfer-Encoding: {codings}", body=HI), 400),
        case("chunked twice", post("Transfer-Encoding: chunked, chunked", body=HI), 400),
        case("chunked thrice", post("Transfer-Encoding: chunked,chunked,chunked", body=HI), 400),
        case("chunked with a parameter, then chunked", post("Transfer-Encoding: chunked;a=b, chunked", body=HI), 400),
        case("chunked on two lines", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body=HI), 400),
        case("chunked, then identity", post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", body=HI), 400),
        case("chunked, then cow", post("Transfer-Encoding: chunked", "Transfer-encoding: cow", body=HI), 400),
        case("cow, then cow", post("Transfer-Encoding: cow", "Transfer-Encoding: cow", body=HI), 400),
        case("an empty line and chunked", post("Transfer-Encoding:", "Transfer-Encoding: chunked", body=HI), 400),
        case("chunked and an empty line", post("Transfer-Encoding: chunked", "Transfer-Encoding:", body=HI), 400),
        case("chunked, x and chunked", post("Transfer-Encoding: chunked, x, chunked", body=HI), 400),
        case("no coding, then chunked", post("Transfer-Encoding: a b, chunked", body=HI), 400),
        case("bytes above 127, then chunked", post("Transfer-Encoding: \xe9, chunked", body=HI), 400),
    ),
    rule(
        "9112 6.1",
        "A transfer coding that is not understood is answered with 501.",
        *each(
            ("gzip, chunked", "identity, chunked", "cow, chunked", "xchunked, chunked", "deflate, gzip, chunked", "gzip;a=b, chunked",
             "x,chunked", "compress , chunked"),
            lambda codings: post(f"Transfer-Encoding: {codings}", body=HI),
            501,
        ),
        case("identity, then chunked", post("Transfer-Encoding: identity", "Transfer-Encoding: chunked", body=HI), 501),
        case("gzip, then chunked", post("Transfer-Encoding: gzip", "X: y", "transfer-encoding: chunked", body=HI), 501),
    ),
    rule(
        "9112 6.1",
        "Content-Length together with Transfer-Encoding is answered with 400.",
        case("CL.TE", post("Content-Length: 6", "Transfer-Encoding: chunked", body="0\r\n\r\nG"), 400),
        case("TE.CL", post("Transfer-Encoding: chunked", "Content-Length: 4", body="5c\r\nGPOST / HTTP/1.1\r\n"), 400),
        case("CL.TE that agree", post("Content-Length: 12", "Transfer-Encoding: chunked", body=HI), 400),
        case("CL 0", post("Content-Length: 0", "Transfer-Encoding: chunked", body=HI), 400),
        case("empty CL", post("Content-Length:", "Transfer-Encoding: chunked", body=HI), 400),
        case("bad CL", post("Content-Length: x", "Transfer-Encoding: chunked", body=HI), 400),
        case("two CL", post("Content-Length: 5", "Content-Length: 5", "Transfer-Encoding: chunked", body=HI), 400),
        case("CL and identity", post("Content-Length: 5", "Transfer-Encoding: identity", body="hello"), 400),
        case("CL and empty TE", post("Content-Length: 5", "Transfer-Encoding:", body="hello"), 400),
        case("CL and gzip, chunked", post("Content-Length: 5", "Transfer-Encoding: gzip, chunked", body=HI), 400),
        case("of a GET", get("Content-Length: 12", "Transfer-Encoding: chunked", body=HI), 400),
        case("with close", post("Connection: close", "Content-Length: 6", "Transfer-Encoding: chunked", body=HI), 400),
    ),
    rule(
        "9112 6.1",
        "Transfer-Encoding in HTTP/1.0 is faulty framing.",
        *each(
            ("chunked", "identity", "gzip", ""),
            lambda coding: line("POST / HTTP/1.0", f"Transfer-Encoding: {coding}", body=HI),
            400,
        ),
        case("with CL", line("POST / HTTP/1.0", "Content-Length: 12", "Transfer-Encoding: chunked", body=HI), 400),
        case("with keep-alive", line("POST / HTTP/1.0", "Connection: keep-alive", "Transfer-Encoding: chunked", body=HI), 400),
    ),
)
