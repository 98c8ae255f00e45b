"""What a line of HTTP is for, in a few words, and the section of the RFC that says so.

The words stand beside the bytes in `rawwfile wire show`; they name a thing, they judge nothing (that
is for the notes).
"""

from __future__ import annotations

from typing import NamedTuple


class Meaning(NamedTuple):
    """text: a few words. rule: "RFC 9112 section 3", or "" where no rule is worth naming."""

    text: str
    rule: str


REQUEST_LINE = Meaning("request line", "RFC 9112 section 3")
STATUS_LINE = Meaning("status line", "RFC 9112 section 4")
END_OF_FIELDS = Meaning("end of fields", "RFC 9112 section 2.1")
EMPTY_LINE = Meaning("empty line before the message", "RFC 9112 section 2.2")
FOLDED = Meaning("the field goes on: folded", "RFC 9112 section 5.2")
TRAILER = Meaning("trailer field", "RFC 9110 section 6.5")
END_OF_TRAILERS = Meaning("end of the chunked content", "RFC 9112 section 7.1")
OTHER_FIELD = Meaning("field", "RFC 9112 section 5")

_FIELDS = """\
Accept: types the client can use | 9110 12.5.1
Accept-Charset: charsets the client can use | 9110 12.5.2
Accept-Encoding: codings the client can undo | 9110 12.5.3
Accept-Language: languages the person reads | 9110 12.5.4
Accept-Ranges: whether parts can be asked for | 9110 14.3
Access-Control-Allow-Origin: pages that may read this | Fetch
Age: seconds it has been in a cache | 9111 5.1
Allow: methods this resource has | 9110 10.2.1
Alt-Svc: also to be had there | 7838 3
Authorization: who asks, with proof | 9110 11.6.2
Cache-Control: what caches may do | 9111 5.2
Connection: about this connection only | 9110 7.6.1
Content-Disposition: name for a saved file | 6266 4
Content-Encoding: coding of the content | 9110 8.4
Content-Language: language of the readers | 9110 8.5
Content-Length: bytes of content | 9110 8.6
Content-Location: address of just this | 9110 8.7
Content-Range: which part this is | 9110 14.4
Content-Security-Policy: what the page may load | CSP
Content-Type: what the content is | 9110 8.3
Cookie: told as the server asked | 6265 5.4
Date: when it was made | 9110 6.6.1
ETag: name of this version | 9110 8.8.3
Expect: the client waits for leave | 9110 10.1.1
Expires: stale after this | 9111 5.3
Forwarded: what a proxy has seen | 7239 4
From: address of the person | 9110 10.1.2
Host: site, required once | 9112 3.2
If-Match: only if it is this version | 9110 13.1.1
If-Modified-Since: only if newer | 9110 13.1.3
If-None-Match: only if another version | 9110 13.1.2
If-Range: the part, or all if changed | 9110 13.1.5
If-Unmodified-Since: only if not newer | 9110 13.1.4
Keep-Alive: for how long, an old habit | 9112 C.2.2
Last-Event-ID: the last event received | HTML SSE
Last-Modified: when it was changed | 9110 8.8.2
Link: what belongs to it | 8288 3
Location: go there | 9110 10.2.2
Max-Forwards: how many hops are left | 9110 7.6.2
Origin: page that makes the request | 6454 7
Pragma: older Cache-Control | 9111 5.4
Proxy-Authenticate: how to prove who asks | 9110 11.7.1
Proxy-Authorization: proof for the proxy | 9110 11.7.2
Range: the part that is asked for | 9110 14.2
Referer: page with the link | 9110 10.1.3
Retry-After: when to ask again | 9110 10.2.3
Sec-WebSocket-Accept: the key, understood | 6455 4.2.2
Sec-WebSocket-Extensions: extensions of frames | 6455 9.1
Sec-WebSocket-Key: question to be answered | 6455 4.1
Sec-WebSocket-Protocol: protocol in the frames | 6455 1.9
Sec-WebSocket-Version: version of WebSocket | 6455 4.1
Server: what serves | 9110 10.2.4
Set-Cookie: to be told again next time | 6265 4.1
Strict-Transport-Security: from now on with TLS only | 6797 6.1
TE: trailers and codings it takes | 9110 10.1.4
Trailer: fields to come after it | 9110 6.6.2
Transfer-Encoding: how the message is cut up | 9112 6.1
Upgrade: protocols to change to | 9110 7.8
User-Agent: what asks | 9110 10.1.5
Vary: fields that the choice went by | 9110 12.5.5
Via: who passed it on | 9110 7.6.3
WWW-Authenticate: how to prove who asks | 9110 11.6.1
X-Forwarded-For: the client, as a proxy says | 7239 7.4
"""


def _rule(shortened: str) -> str:
    number, _, section = shortened.partition(" ")
    return f"RFC {number} section {section}" if number.isdigit() else shortened


def _table() -> dict[bytes, Meaning]:
    table = {}
    for line in _FIELDS.splitlines():
        name, _, rest = line.partition(": ")
        text, _, rule = rest.partition(" | ")
        table[name.lower().encode("ascii")] = Meaning(text, _rule(rule))
    return table


FIELDS = _table()
"""The meaning of the fields that are met often, by name in lower case."""


def meaning_of_field(name: bytes) -> Meaning:
    """The meaning of the field of this name, in any case."""
    return FIELDS.get(name.strip(b" \t").lower(), OTHER_FIELD)


def short_rule(rule: str) -> str:
    """"RFC 9112 section 6.3" as it fits beside a line: "9112 6.3"."""
    return rule.replace(" section ", " ").removeprefix("RFC ").removeprefix("WHATWG ")
