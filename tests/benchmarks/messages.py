"""The request bytes of the workloads."""

from __future__ import annotations

from dataclasses import dataclass

SERIAL = b"0" * 16

BROWSER_FIELDS = (
    (b"Host", b"127.0.0.1:8000"),
    (b"Connection", b"keep-alive"),
    (b"Cache-Control", b"max-age=0"),
    (b"sec-ch-ua", b'"Chromium";v="130", "Not?A_Brand";v="99"'),
    (b"sec-ch-ua-mobile", b"?0"),
    (b"sec-ch-ua-platform", b'"Linux"'),
    (b"DNT", b"1"),
    (
        b"User-Agent",
        b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
    ),
    (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"),
    (b"Sec-Fetch-Site", b"none"),
    (b"Sec-Fetch-Mode", b"navigate"),
    (b"Sec-Fetch-Dest", b"document"),
    (b"Referer", b"http://127.0.0.1:8000/"),
    (b"Accept-Encoding", b"gzip, deflate, br"),
    (b"Accept-Language", b"en-GB,en;q=0.9,de;q=0.8"),
    (b"Cookie", b"theme=light; lang=en; basket=3; visits=4; session=" + SERIAL),
)


@dataclass(frozen=True)
class Request:
    """A request and where its 16 changeable bytes are (None: it has none)."""

    data: bytes
    serial_at: int | None = None


def make(path: str, fields: tuple[tuple[bytes, bytes], ...] = ((b"Host", b"127.0.0.1"),)) -> Request:
    """GET `path` with these fields."""
    lines = [b"GET %b HTTP/1.1" % path.encode("ascii"), *(b"%b: %b" % field for field in fields)]
    data = b"\r\n".join(lines) + b"\r\n\r\n"
    at = data.find(SERIAL)
    return Request(data, at if at >= 0 else None)


HELLO = make("/hello")
HELLO_SERIAL = make("/hello", ((b"Host", b"127.0.0.1"), (b"X-Request-Id", SERIAL)))
HELLO_CLOSE = make("/hello", ((b"Host", b"127.0.0.1"), (b"Connection", b"close")))
BROWSER = make("/hello", BROWSER_FIELDS)
CHUNKS = make("/chunks")
SLEEP = make("/sleep?seconds=0.1")
BULK = make("/bulk")
BLOCKS = make("/blocks")
