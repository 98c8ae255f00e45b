"""Conversations, one for each note that a whole exchange can have: id -> Row. See test_notes.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rawwfile.http.limits import Limits

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
SWITCH = b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
ACCEPT = b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
NOW = b"Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"


def get(*lines: bytes, method: bytes = b"GET", target: bytes = b"/", minor: int = 1, content: bytes = b"") -> bytes:
    first = b"%s %s HTTP/1.%d\r\n" % (method, target, minor)
    return first + b"Host: a\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + content


def post(*lines: bytes, content: bytes = b"", method: bytes = b"POST", minor: int = 1) -> bytes:
    return get(*lines, method=method, minor=minor, content=content)


def said(*lines: bytes, status: bytes = b"200 OK", content: bytes = b"") -> bytes:
    """A response with a Date and a Content-Length."""
    fields = (NOW.rstrip(), *lines, b"Content-Length: %d" % len(content))
    return b"HTTP/1.1 " + status + b"\r\n" + b"".join(line + b"\r\n" for line in fields) + b"\r\n" + content


def cookie(value: bytes) -> bytes:
    return said(b"Set-Cookie: " + value)


@dataclass
class Row:
    """What the client sends and the handler writes (None: there was no handler), and how it is looked at."""

    request: bytes
    response: bytes | None = None
    limits: Limits = field(default_factory=Limits)
    lenient: bool = False
    view: dict[str, Any] = field(default_factory=dict)


FAULTS: dict[str, Row] = {
    "request-bare-lf": Row(b"GET / HTTP/1.1\nHost: a\r\n\r\n"),
    "request-bare-cr": Row(b"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"),
    "too-many-empty-lines": Row(b"\r\n" * 12 + GET),
    "request-line-form": Row(b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
    "request-line-version": Row(b"GET /\r\nHost: a\r\n\r\n"),
    "version-not-spoken": Row(b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"),
    "target-bytes": Row(b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"),
    "target-form": Row(get(target=b"hello")),
    "target-host": Row(get(target=b"http:///path")),
    "connect-target": Row(get(method=b"CONNECT", target=b"/path")),
    "connect-port": Row(get(method=b"CONNECT", target=b"a:99999")),
    "asterisk-target": Row(get(target=b"*")),
    "request-fold": Row(get(b"A: b", b" c")),
    "request-no-colon": Row(get(b"hello")),
    "request-empty-name": Row(get(b": b")),
    "request-space-before-colon": Row(get(b"A : b")),
    "request-name-not-token": Row(get(b"A(b): c")),
    "request-control-byte": Row(get(b"A: b\0c")),
    "host-missing": Row(b"GET / HTTP/1.1\r\n\r\n"),
    "hosts-repeated": Row(get(b"Host: a", b"A: b")),
    "host-form": Row(b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    "request-lengths": Row(post(b"Content-Length: 3", b"Content-Length: 5")),
    "request-length-not-digits": Row(post(b"Content-Length: +5")),
    "request-length-too-long": Row(post(b"Content-Length: " + b"9" * 19)),
    "request-length-and-coding": Row(post(b"Transfer-Encoding: chunked", b"Content-Length: 3")),
    "request-coding-not-chunked": Row(post(b"Transfer-Encoding: xchunked")),
    "request-coding-unknown": Row(post(b"Transfer-Encoding: gzip, chunked")),
    "coding-in-old-request": Row(post(b"Transfer-Encoding: chunked", minor=0)),
    "request-chunk-size": Row(post(b"Transfer-Encoding: chunked", content=b"ZZ\r\n")),
    "request-chunk-line": Row(post(b"Transfer-Encoding: chunked", content=b"5\nhello")),
    "request-chunk-end": Row(post(b"Transfer-Encoding: chunked", content=b"3\r\nhello\r\n")),
    "request-chunk-too-large": Row(post(b"Transfer-Encoding: chunked", content=b"f" * 16 + b"\r\n")),
    "request-line-too-long": Row(get(target=b"/" + b"a" * 30), limits=Limits(request_line=20)),
    "method-too-long": Row(b"G" * 30, limits=Limits(request_line=20)),
    "too-many-fields": Row(get(b"A: b", b"C: d"), limits=Limits(header_count=2)),
    "fields-too-large": Row(get(b"A: b"), limits=Limits(header_size=12)),
    "content-too-large": Row(post(b"Content-Length: 9"), limits=Limits(body=8)),
    "chunk-line-too-long": Row(
        post(b"Transfer-Encoding: chunked", content=b"1;" + b"a" * 20 + b"\r\n"), limits=Limits(chunk_line=10)),
    "chunk-extensions-too-large": Row(
        post(b"Transfer-Encoding: chunked", content=b"1;aaaa\r\n"), limits=Limits(chunk_overhead=3)),
    "tls-on-plain-port": Row(b"\x16\x03\x01\x02\0\x01\0"),
    "request-head-unfinished": Row(b"GET / HTTP/1.1\r\nHost: a\r\n"),
    "request-content-short": Row(post(b"Content-Length: 5", content=b"abc")),
}
"""What the request reader refuses."""

ROWS: dict[str, Row] = {
    "bare-lf-accepted": Row(b"GET / HTTP/1.0\nHost: a\n\n", EMPTY, lenient=True),
    "fold-accepted": Row(get(b"A: b", b" c"), EMPTY, lenient=True),
    "empty-lines-before": Row(b"\r\n" + GET, EMPTY),
    "method-case": Row(get(method=b"get"), EMPTY),
    "host-differs": Row(get(target=b"http://b/"), EMPTY),
    "tiny-chunks": Row(GET, OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 20 + b"0\r\n\r\n"),
    "interim-only": Row(GET, b"HTTP/1.1 102 Processing\r\n\r\n"),
    "no-response": Row(GET, b""),
    "request-complete": Row(post(b"Content-Length: 5", content=b"hello"), EMPTY),
    "host-empty": Row(b"GET / HTTP/1.1\r\nHost:\r\n\r\n", EMPTY),
    # persistence
    "kept": Row(GET, EMPTY),
    "kept-for-old-client": Row(
        get(b"Connection: keep-alive", minor=0), OK + b"Connection: keep-alive\r\nContent-Length: 0\r\n\r\n"),
    "client-closes": Row(get(b"Connection: close"), EMPTY),
    "old-client-closes": Row(get(minor=0), EMPTY),
    "response-closes": Row(GET, said(b"Connection: close")),
    "closes-silently": Row(GET, EMPTY, view={"keep": False, "closed": True}),
    "old-client-not-told": Row(get(b"Connection: keep-alive", minor=0), EMPTY),
    "close-and-keep-alive": Row(GET, said(b"Connection: close, keep-alive")),
    "connection-names-field": Row(get(b"Connection: Authorization"), EMPTY),
    "keep-alive-field": Row(GET, said(b"Keep-Alive: timeout=5")),
    "proxy-connection": Row(get(b"Proxy-Connection: keep-alive"), EMPTY),
    "content-unread": Row(
        post(b"Content-Length: 5", content=b"hello"), EMPTY, view={"content_whole": False, "content_seen": 0}),
    # versions
    "higher-minor": Row(get(minor=3), EMPTY),
    "old-client-without-host": Row(b"GET / HTTP/1.0\r\n\r\n", EMPTY),
    "old-response": Row(GET, EMPTY.replace(b"1.1", b"1.0")),
    # request fields
    "quality-form": Row(get(b"Accept: a/b;q=7"), EMPTY),
    "te-chunked": Row(get(b"TE: chunked", b"Connection: TE"), EMPTY),
    "referer-form": Row(get(b"Referer: http://a/#b"), EMPTY),
    # representation
    "boundary-missing": Row(post(b"Content-Type: multipart/form-data", b"Content-Length: 0"), EMPTY),
    "disposition-form": Row(GET, said(b"Content-Disposition: attachment; filename=a b")),
    "encoding-unasked": Row(GET, said(b"Content-Encoding: gzip")),
    "encoding-unknown": Row(GET, said(b"Content-Encoding: utf-8")),
    "content-type-form": Row(GET, said(b"Content-Type: html")),
    "no-charset": Row(GET, said(b"Content-Type: text/plain")),
    "field-repeated": Row(GET, said(b"Server: a", b"Server: b")),
    "date-form": Row(GET, said(b"Last-Modified: Sun, 06 Nov 1994 08:49:37 +0100")),
    "date-weekday": Row(GET, said(b"Expires: Mon, 06 Nov 1994 08:49:37 GMT")),
    "heuristic-freshness": Row(GET, said(b"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT")),
    "cache-redundant": Row(GET, said(b"Cache-Control: no-store, no-cache, max-age=0")),
    "cache-form": Row(GET, said(b"Cache-Control: max-age=1h")),
    "age-form": Row(GET, said(b"Age: old")),
    "cache-conflict": Row(GET, said(b"Cache-Control: no-store, max-age=60")),
    "pragma-in-response": Row(GET, said(b"Pragma: no-cache")),
    "encoding-not-accepted": Row(get(b"Accept-Encoding: br, gzip;q=0"), said(b"Content-Encoding: gzip")),
    "encoding-without-vary": Row(get(b"Accept-Encoding: gzip"), said(b"Content-Encoding: gzip")),
    # conditional
    "not-modified": Row(get(b'If-None-Match: "1"'), said(b'ETag: "1"', status=b"304 Not Modified")),
    "not-modified-unasked": Row(GET, said(status=b"304 Not Modified")),
    "not-modified-bare": Row(get(b'If-None-Match: "1"'), said(status=b"304 Not Modified")),
    "etag-form": Row(GET, said(b"ETag: v1")),
    "condition-ignored": Row(get(b'If-None-Match: W/"1"'), said(b'ETag: "1"')),
    "condition-date-form": Row(get(b"If-Modified-Since: yesterday"), EMPTY),
    "condition-tag-form": Row(get(b"If-None-Match: v1"), EMPTY),
    "condition-method": Row(
        post(b"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", b"Content-Length: 0"), EMPTY),
    "not-modified-method": Row(
        post(b'If-None-Match: "1"', b"Content-Length: 0"), said(b'ETag: "1"', status=b"304 Not Modified")),
    "precondition-for-reader": Row(get(b'If-None-Match: "1"'), said(status=b"412 Precondition Failed")),
    "since-beside-match": Row(
        get(b'If-None-Match: "1"', b"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"), EMPTY),
    "precondition-failed": Row(
        post(b'If-Match: "1"', b"Content-Length: 0", method=b"PUT"), said(status=b"412 Precondition Failed")),
    "precondition-unasked": Row(GET, said(status=b"412 Precondition Failed")),
    "modified-in-future": Row(GET, said(b"Last-Modified: Mon, 07 Nov 1994 08:49:37 GMT")),
    "weak-tag": Row(GET, said(b'ETag: W/"1"')),
    # ranges
    "range-answered": Row(
        get(b"Range: bytes=0-1"), said(b"Content-Range: bytes 0-1/5", status=b"206 Partial", content=b"he")),
    "range-refused": Row(
        get(b"Range: bytes=9-"), said(b"Content-Range: bytes */5", status=b"416 Range Not Satisfiable")),
    "range-unasked": Row(GET, said(b"Content-Range: bytes 0-1/5", status=b"206 Partial", content=b"he")),
    "range-ignored": Row(get(b"Range: bytes=0-1"), said(content=b"hello")),
    "range-form": Row(get(b"Range: bytes=9-1"), EMPTY),
    "range-method": Row(post(b"Range: bytes=0-1", b"Content-Length: 0"), EMPTY),
    "content-range-missing": Row(get(b"Range: bytes=0-1"), said(status=b"206 Partial", content=b"he")),
    "content-range-form": Row(
        get(b"Range: bytes=0-1"), said(b"Content-Range: bytes 0-5/5", status=b"206 Partial", content=b"hello")),
    "content-range-length": Row(
        get(b"Range: bytes=0-1"), said(b"Content-Range: bytes 0-2/5", status=b"206 Partial", content=b"he")),
    "range-differs": Row(
        get(b"Range: bytes=0-1"), said(b"Content-Range: bytes 0-2/5", status=b"206 Partial", content=b"hel")),
    "unsatisfied-without-length": Row(get(b"Range: bytes=9-"), said(status=b"416 Range Not Satisfiable")),
    "unsatisfied-unasked": Row(GET, said(b"Content-Range: bytes */5", status=b"416 Range Not Satisfiable")),
    "content-range-elsewhere": Row(GET, said(b"Content-Range: bytes 0-1/5", content=b"he")),
    "if-range-form": Row(get(b"Range: bytes=0-1", b"If-Range: v1"), EMPTY),
    "content-range-beside-parts": Row(get(b"Range: bytes=0-1"), said(
        b"Content-Type: multipart/byteranges; boundary=x", b"Content-Range: bytes 0-1/5", status=b"206 Partial")),
    "if-range-alone": Row(get(b'If-Range: "1"'), EMPTY),
    "if-range-weak": Row(get(b"Range: bytes=0-1", b'If-Range: W/"1"'), EMPTY),
    # interim
    "continue-sent": Row(
        post(b"Expect: 100-continue", b"Content-Length: 2", content=b"he"), b"HTTP/1.1 100 Continue\r\n\r\n" + EMPTY),
    "continue-unasked": Row(
        post(b"Content-Length: 2", content=b"he"), b"HTTP/1.1 100 Continue\r\n\r\n" + EMPTY),
    "continue-late": Row(
        post(b"Expect: 100-continue", b"Content-Length: 2", content=b"he"), b"HTTP/1.1 100 Continue\r\n\r\n" + EMPTY,
        view={"early_content": 1}),
    "expectation-refused": Row(
        post(b"Expect: 100-continue", b"Content-Length: 2"), said(b"Connection: close", status=b"413 Too Large"),
        view={"content_whole": False}),
    "expect-without-content": Row(get(b"Expect: 100-continue"), EMPTY),
    "expect-from-old-client": Row(post(b"Expect: 100-continue", b"Content-Length: 0", minor=0), EMPTY),
    # upgrade
    "upgraded": Row(
        get(SWITCH.rstrip(), KEY.rstrip()), b"HTTP/1.1 101 Switching\r\n" + SWITCH + ACCEPT + b"\r\n\x81\x02hi"),
    "upgrade-unasked": Row(GET, b"HTTP/1.1 101 Switching\r\n" + SWITCH + b"\r\n"),
    "upgrade-other": Row(
        get(SWITCH.rstrip(), KEY.rstrip()),
        b"HTTP/1.1 101 Switching\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n"),
    "upgrade-without-option": Row(
        get(SWITCH.rstrip(), KEY.rstrip()), b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n" + ACCEPT + b"\r\n"),
    "upgrade-not-named": Row(get(b"Upgrade: h2c"), EMPTY),
    "upgrade-from-old-client": Row(get(b"Upgrade: h2c", b"Connection: Upgrade", minor=0), EMPTY),
    "upgrade-declined": Row(get(b"Upgrade: h2c", b"Connection: Upgrade"), EMPTY),
    "tunnel-open": Row(get(method=b"CONNECT", target=b"a:443"), b"HTTP/1.1 200 Connected\r\n\r\n"),
    "websocket-accepted": Row(
        get(SWITCH.rstrip(), KEY.rstrip()), b"HTTP/1.1 101 Switching\r\n" + SWITCH + ACCEPT + b"\r\n"),
    "websocket-accept-wrong": Row(
        get(SWITCH.rstrip(), KEY.rstrip()),
        b"HTTP/1.1 101 Switching\r\n" + SWITCH + b"Sec-WebSocket-Accept: abc\r\n\r\n"),
    "websocket-protocol": Row(
        get(SWITCH.rstrip(), KEY.rstrip()),
        b"HTTP/1.1 101 Switching\r\n" + SWITCH + ACCEPT + b"Sec-WebSocket-Protocol: chat\r\n\r\n"),
    "websocket-extension": Row(
        get(SWITCH.rstrip(), KEY.rstrip()),
        b"HTTP/1.1 101 Switching\r\n" + SWITCH + ACCEPT + b"Sec-WebSocket-Extensions: x\r\n\r\n"),
    "websocket-method": Row(post(SWITCH.rstrip(), KEY.rstrip(), b"Content-Length: 0"), EMPTY),
    "websocket-key": Row(get(SWITCH.rstrip(), KEY.rstrip().replace(b"==", b"")), EMPTY),
    "websocket-version": Row(get(SWITCH.rstrip(), KEY.rstrip().replace(b"13", b"8")), EMPTY),
    # trailers
    "trailer-sent": Row(
        GET, OK + b"Trailer: Digest\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nDigest: x\r\n\r\n"),
    "trailer-unannounced": Row(GET, OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nDigest: x\r\n\r\n"),
    "trailer-missing": Row(GET, OK + b"Trailer: Digest\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "trailer-forbidden": Row(GET, OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\nSet-Cookie: a=b\r\n\r\n"),
    "trailer-without-chunks": Row(GET, said(b"Trailer: Digest")),
    "te-not-named": Row(get(b"TE: trailers"), EMPTY),
    # cookies
    "cookie-form": Row(GET, cookie(b"hello; HttpOnly; SameSite=Lax")),
    "cookie-bytes": Row(GET, cookie(b"a=b c")),
    "cookies-in-one-line": Row(GET, cookie(b"a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT, b=2")),
    "cookie-repeated": Row(GET, said(b"Set-Cookie: a=1", b"Set-Cookie: a=2; Path=/")),
    "cookie-date": Row(GET, cookie(b"a=1; Expires=tomorrow")),
    "cookie-max-age": Row(GET, cookie(b"a=1; Max-Age=1h")),
    "cookie-attribute": Row(GET, cookie(b"a=1; Http-Only")),
    "cookie-not-secure": Row(GET, cookie(b"a=1"), view={"scheme": "https"}),
    "cookie-secure-on-plain": Row(GET, cookie(b"a=1; Secure")),
    "cookie-for-scripts": Row(GET, cookie(b"a=1; SameSite=Lax")),
    "cookie-no-samesite": Row(GET, cookie(b"a=1; HttpOnly")),
    "cookie-path": Row(GET, cookie(b"a=1; Path=b")),
    "cookie-samesite": Row(GET, cookie(b"a=1; SameSite=Loose")),
    "cookie-prefix": Row(GET, cookie(b"__Host-a=1; Secure")),
    "cookie-none-not-secure": Row(GET, cookie(b"a=1; SameSite=None")),
    "cookie-lines": Row(get(b"Cookie: a=1", b"Cookie: b=2"), EMPTY),
    "cookie-pair-form": Row(get(b"Cookie: a=1; hello"), EMPTY),
    # answers
    "redirect-without-location": Row(GET, said(status=b"302 Found")),
    "redirected": Row(GET, said(b"Location: /b", status=b"302 Found")),
    "location-bytes": Row(GET, said(b"Location: /b c", status=b"302 Found")),
    "allow-missing": Row(GET, said(status=b"405 Method Not Allowed")),
    "allow-contradicts": Row(GET, said(b"Allow: POST, GET", status=b"405 Method Not Allowed")),
    "authenticate-missing": Row(GET, said(status=b"401 Unauthorized")),
    "proxy-authenticate-missing": Row(GET, said(status=b"407 Proxy Authentication Required")),
    "transport-security-on-plain": Row(GET, said(b"Strict-Transport-Security: max-age=1")),
    "upgrade-required": Row(GET, said(status=b"426 Upgrade Required")),
    "retry-after-missing": Row(GET, said(status=b"503 Service Unavailable")),
    "retry-after-form": Row(GET, said(b"Retry-After: soon", status=b"503 Service Unavailable")),
    "created-without-location": Row(post(b"Content-Length: 0"), said(status=b"201 Created")),
    "head-answered": Row(get(method=b"HEAD"), OK + b"Content-Length: 9\r\n\r\n"),
    "content-on-get": Row(get(b"Content-Length: 2", content=b"hi"), EMPTY),
    "content-on-trace": Row(post(b"Content-Length: 2", content=b"hi", method=b"TRACE"), EMPTY),
    "post-without-length": Row(post(), EMPTY),
    "password-in-plain": Row(get(b"Authorization: Basic YTpi"), EMPTY),
}
"""What examining a whole exchange shows."""

COVERED: dict[str, bytes] = {
    "request-bare-lf": b'\n',
    "request-bare-cr": b'\r',
    "too-many-empty-lines": b'\r',
    "request-line-form": b'GET /a b HTTP/1.1',
    "request-line-version": b'GET /',
    "version-not-spoken": b'GET / HTTP/2.0',
    "target-bytes": b'GET /a#b HTTP/1.1',
    "target-form": b'GET hello HTTP/1.1',
    "target-host": b'GET http:///path HTTP/1.1',
    "connect-target": b'CONNECT /path HTTP/1.1',
    "connect-port": b'CONNECT a:99999 HTTP/1.1',
    "asterisk-target": b'GET * HTTP/1.1',
    "request-fold": b' c',
    "request-no-colon": b'hello',
    "request-empty-name": b': b',
    "request-space-before-colon": b'A : b',
    "request-name-not-token": b'A(b): c',
    "request-control-byte": b'\x00',
    "host-missing": b'GET / HTTP/1.1',
    "hosts-repeated": b'Host: a',
    "host-form": b'Host: a/b',
    "request-lengths": b'Content-Length: 5',
    "request-length-not-digits": b'Content-Length: +5',
    "request-length-too-long": b'Content-Length: 9999999999999999999',
    "request-length-and-coding": b'Transfer-Encoding: chunked',
    "request-coding-not-chunked": b'Transfer-Encoding: xchunked',
    "request-coding-unknown": b'Transfer-Encoding: gzip, chunked',
    "coding-in-old-request": b'Transfer-Encoding: chunked',
    "request-chunk-size": b'ZZ',
    "request-chunk-line": b'\n',
    "request-chunk-end": b'l',
    "request-chunk-too-large": b'ffffffffffffffff',
    "request-line-too-long": b'a',
    "method-too-long": b'G',
    "too-many-fields": b'C: d',
    "fields-too-large": b'b',
    "content-too-large": b'Content-Length: 9',
    "chunk-line-too-long": b'a',
    "chunk-extensions-too-large": b'1;aaaa',
    "tls-on-plain-port": b'\x16',
    "request-head-unfinished": b'',
    "request-content-short": b'',
    "bare-lf-accepted": b'\n',
    "fold-accepted": b' c',
    "empty-lines-before": b'\r\n',
    "method-case": b'get',
    "host-differs": b'Host: a',
    "interim-only": b'HTTP/1.1 102 Processing\r\n\r\n',
    "no-response": b'',
    "request-complete": b'hello',
    "kept": b'HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n',
    "kept-for-old-client": b'Connection: keep-alive',
    "client-closes": b'Connection: close',
    "old-client-closes": b'GET / HTTP/1.0\r\nHost: a\r\n\r\n',
    "response-closes": b'Connection: close',
    "closes-silently": b'HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n',
    "old-client-not-told": b'HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n',
    "close-and-keep-alive": b'Connection: close, keep-alive',
    "connection-names-field": b'Connection: Authorization',
    "keep-alive-field": b'Keep-Alive: timeout=5',
    "proxy-connection": b'Proxy-Connection: keep-alive',
    "content-unread": b'hello',
    "higher-minor": b'HTTP/1.3',
    "old-client-without-host": b'GET / HTTP/1.0\r\n\r\n',
    "old-response": b'HTTP/1.0',
    "content-type-form": b'Content-Type: html',
    "no-charset": b'Content-Type: text/plain',
    "field-repeated": b'Server: b',
    "date-form": b'Last-Modified: Sun, 06 Nov 1994 08:49:37 +0100',
    "heuristic-freshness": b'Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT',
    "cache-conflict": b'Cache-Control: no-store, max-age=60',
    "pragma-in-response": b'Pragma: no-cache',
    "encoding-not-accepted": b'Content-Encoding: gzip',
    "encoding-without-vary": b'Content-Encoding: gzip',
    "not-modified": b'HTTP/1.1 304 Not Modified',
    "not-modified-unasked": b'HTTP/1.1 304 Not Modified',
    "etag-form": b'ETag: v1',
    "condition-ignored": b'HTTP/1.1 200 OK',
    "condition-date-form": b'If-Modified-Since: yesterday',
    "since-beside-match": b'If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT',
    "precondition-failed": b'HTTP/1.1 412 Precondition Failed',
    "precondition-unasked": b'HTTP/1.1 412 Precondition Failed',
    "modified-in-future": b'Last-Modified: Mon, 07 Nov 1994 08:49:37 GMT',
    "weak-tag": b'ETag: W/"1"',
    "range-answered": b'Content-Range: bytes 0-1/5',
    "range-refused": b'Content-Range: bytes */5',
    "range-unasked": b'HTTP/1.1 206 Partial',
    "range-ignored": b'HTTP/1.1 200 OK',
    "range-form": b'Range: bytes=9-1',
    "range-method": b'Range: bytes=0-1',
    "content-range-form": b'Content-Range: bytes 0-5/5',
    "content-range-length": b'Content-Range: bytes 0-2/5',
    "range-differs": b'Content-Range: bytes 0-2/5',
    "content-range-beside-parts": b'Content-Range: bytes 0-1/5',
    "if-range-alone": b'If-Range: "1"',
    "if-range-weak": b'If-Range: W/"1"',
    "continue-sent": b'HTTP/1.1 100 Continue\r\n\r\n',
    "continue-unasked": b'HTTP/1.1 100 Continue\r\n\r\n',
    "continue-late": b'HTTP/1.1 100 Continue\r\n\r\n',
    "expectation-refused": b'HTTP/1.1 413 Too Large',
    "expect-without-content": b'Expect: 100-continue',
    "expect-from-old-client": b'Expect: 100-continue',
    "upgraded": b'Upgrade: websocket',
    "upgrade-unasked": b'HTTP/1.1 101 Switching',
    "upgrade-other": b'Upgrade: chat',
    "upgrade-not-named": b'Upgrade: h2c',
    "upgrade-from-old-client": b'Upgrade: h2c',
    "upgrade-declined": b'HTTP/1.1 200 OK',
    "tunnel-open": b'HTTP/1.1 200 Connected',
    "websocket-accepted": b'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    "websocket-accept-wrong": b'Sec-WebSocket-Accept: abc',
    "websocket-key": b'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ',
    "websocket-version": b'Sec-WebSocket-Version: 8',
    "trailer-sent": b'Digest: x',
    "trailer-unannounced": b'Digest: x',
    "trailer-missing": b'Trailer: Digest',
    "trailer-forbidden": b'Set-Cookie: a=b',
    "trailer-without-chunks": b'Trailer: Digest',
    "te-not-named": b'TE: trailers',
    "cookie-form": b'Set-Cookie: hello; HttpOnly; SameSite=Lax',
    "cookie-bytes": b'Set-Cookie: a=b c',
    "cookies-in-one-line": b'Set-Cookie: a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT, b=2',
    "cookie-repeated": b'Set-Cookie: a=2; Path=/',
    "cookie-date": b'Set-Cookie: a=1; Expires=tomorrow',
    "cookie-max-age": b'Set-Cookie: a=1; Max-Age=1h',
    "cookie-attribute": b'Set-Cookie: a=1; Http-Only',
    "cookie-not-secure": b'Set-Cookie: a=1',
    "cookie-secure-on-plain": b'Set-Cookie: a=1; Secure',
    "cookie-for-scripts": b'Set-Cookie: a=1; SameSite=Lax',
    "cookie-no-samesite": b'Set-Cookie: a=1; HttpOnly',
    "cookie-none-not-secure": b'Set-Cookie: a=1; SameSite=None',
    "cookie-lines": b'Cookie: b=2',
    "cookie-pair-form": b'Cookie: a=1; hello',
    "redirect-without-location": b'HTTP/1.1 302 Found',
    "redirected": b'Location: /b',
    "location-bytes": b'Location: /b c',
    "allow-missing": b'HTTP/1.1 405 Method Not Allowed',
    "allow-contradicts": b'Allow: POST, GET',
    "authenticate-missing": b'HTTP/1.1 401 Unauthorized',
    "upgrade-required": b'HTTP/1.1 426 Upgrade Required',
    "retry-after-missing": b'HTTP/1.1 503 Service Unavailable',
    "retry-after-form": b'Retry-After: soon',
    "created-without-location": b'HTTP/1.1 201 Created',
    "head-answered": b'HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 9\r\n\r\n',
    "content-on-get": b'Content-Length: 2',
    "content-on-trace": b'TRACE / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n',
    "post-without-length": b'POST / HTTP/1.1\r\nHost: a\r\n\r\n',
    "password-in-plain": b'Authorization: Basic YTpi',
}
"""The bytes that a note must lie on, where they are few."""
