"""One request read by three: rawwfile, h11 and llhttp (as httptools), and where they may differ.

Differences on which a smuggled request could stand are never allowed: two that take the same bytes
must see the same method, target, fields and content, and the same end. Where we take what another
refuses, or refuse what both others take, a reason must stand in `WE_TAKE` or `WE_REFUSE`.

A long campaign by hand:  python -m tests.protocol.differential SECONDS [SEED]
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import h11
import httptools

from rawwfile.errors import ProtocolError
from rawwfile.http.events import BodyEnd, BodyPart, RequestHead, Signal
from rawwfile.http.reader import RequestReader
from tests.protocol.requests_at_random import request

Pairs = tuple[tuple[bytes, bytes], ...]


@dataclass
class Reading:
    """How a reader took the first request: whole, partial (it waits for more) or refused, and why."""

    verdict: str
    why: str = ""
    method: bytes = b""
    target: bytes = b""
    minor: int = 1
    fields: Pairs = ()
    body: bytes = b""
    trailers: Pairs = ()
    end: int = 0


def read_ours(data: bytes) -> Reading:
    """By rawwfile.http.reader."""
    reader = RequestReader()
    reader.receive_data(data)
    reading = Reading("partial")
    try:
        while not isinstance(event := reader.next_event(), (BodyEnd, Signal)):
            if isinstance(event, RequestHead):
                reading.method, reading.target, reading.minor = event.method, event.target, event.minor
                reading.fields = normal(event.fields.pairs)
            elif isinstance(event, BodyPart):
                reading.body += event.data
    except ProtocolError as error:
        return Reading("refused", str(error), reading.method, reading.target)
    if isinstance(event, BodyEnd):
        reading.verdict, reading.trailers, reading.end = "whole", normal(event.trailers), len(data) - reader.buffered
    return reading


def read_h11(data: bytes) -> Reading:
    """By h11."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 20)
    connection.receive_data(data)
    reading = Reading("partial")
    try:
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Request):
                reading.method, reading.target, reading.minor = event.method, event.target, int(event.http_version[-1:])
                reading.fields = normal(event.headers)
            elif isinstance(event, h11.Data):
                reading.body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                reading.verdict, reading.trailers = "whole", normal(event.headers)
                reading.end = len(data) - len(connection.trailing_data[0])
                return reading
            else:
                return reading
    except h11.RemoteProtocolError as error:
        return Reading("refused", str(error), reading.method, reading.target)


class _Collector:
    """The callbacks of httptools, for the first request."""

    def __init__(self) -> None:
        self.target = b""
        self.pairs: list[tuple[bytes, bytes]] = []
        self.head_fields: int | None = None
        self.body = b""
        self.complete = False

    def on_url(self, data: bytes) -> None:
        if not self.complete:
            self.target += data

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.complete:
            self.pairs.append((name, value))

    def on_headers_complete(self) -> None:
        if self.head_fields is None:
            self.head_fields = len(self.pairs)

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        self.complete = True


def read_llhttp(data: bytes) -> Reading:
    """By llhttp, byte by byte to learn where the request ends."""
    seen = _Collector()
    parser = httptools.HttpRequestParser(seen)
    method, version = b"", "1.1"
    for at in range(len(data)):
        try:
            parser.feed_data(data[at : at + 1])
        except httptools.HttpParserUpgrade:
            pass
        except httptools.HttpParserError as error:
            return Reading("refused", str(error), method, seen.target)
        if seen.head_fields is not None and not method:
            method, version = parser.get_method(), parser.get_http_version()
        if seen.complete:
            break
    if not seen.complete:
        return Reading("partial", target=seen.target)
    split = seen.head_fields or 0
    return Reading(
        "whole", "", method, seen.target, int(version[-1]), normal(seen.pairs[:split]), seen.body,
        normal(seen.pairs[split:]), at + 1,
    )  # fmt: skip


def normal(pairs: Any) -> Pairs:
    """Names in small letters, values without the space around them, and as h11 writes codings."""
    lower = ((bytes(name).lower(), bytes(value).strip(b" \t")) for name, value in pairs)
    return tuple((name, value.lower() if name == b"transfer-encoding" else value) for name, value in lower)


@dataclass(frozen=True)
class Known:
    """A difference that is meant: who else stands on which side, and why the RFC lets us stand on ours."""

    reason: str
    applies: Callable[[bytes, Reading, Reading], bool]


def peer_says(pattern: str, also: bytes = b"") -> Callable[[bytes, Reading, Reading], bool]:
    """The peer's reason for refusing, and what must stand in the bytes then."""
    return lambda data, ours, peer: bool(re.search(pattern, peer.why) and re.search(also, data))


def we_say(pattern: str) -> Callable[[bytes, Reading, Reading], bool]:
    """Our reason for refusing."""
    return lambda data, ours, peer: re.search(pattern, ours.why) is not None


USUAL_METHODS = {b"GET", b"POST", b"HEAD", b"PUT", b"DELETE", b"OPTIONS", b"PATCH", b"TRACE", b"CONNECT"}
BWS = rb"\n[0-9A-Fa-f]+[^\r\n]*(?:[ \t];|;[ \t]|[ \t]=|=[ \t])"

WE_TAKE = (
    Known(
        "9110 9.1: a method is any token; llhttp has a list",
        lambda data, ours, peer: ours.method not in USUAL_METHODS and bool(re.search("Invalid method|space after method", peer.why)),
    ),
    Known(
        "9110 2.5: a higher minor version is read as 1.1; llhttp refuses it",
        lambda data, ours, peer: ours.minor > 1 and "Invalid HTTP version" in peer.why,
    ),
    Known("9112 2.2: empty lines before a request are passed over; h11 refuses them", peer_says("no request line", rb"\A\r\n")),
    Known(
        "9110 5.6.3: OWS behind a value may be a tab; llhttp refuses it behind chunked",
        peer_says("invalid `Transfer-Encoding`", rb"(?i)\ntransfer-encoding:[ \t]*chunked *\t[ \t]*\r\n"),
    ),
    Known("9112 7.1.1: BWS in a chunk extension is passed over; both refuse it", peer_says("chunk header|chunk size|chunk ext", BWS)),
    Known("9110 8.6: a length may have any number of zeros before it; h11 takes 20 digits", peer_says("bad Content-Length", rb":[ \t]*0[0-9]{20}")),
    Known("9112 7.1: a chunk size is any number of digits; h11 takes 20", peer_says("chunk header", rb"\n[0-9A-Fa-f]{21}")),
    Known(
        "9110 6.5.1: framing fields in trailers mean nothing; h11 and llhttp refuse some",
        lambda data, ours, peer: any(name in (b"content-length", b"transfer-encoding") for name, _ in ours.trailers),
    ),
)
WE_REFUSE = (
    Known("9112 3.2: an invalid Host is answered with 400", we_say("Host is not a host and port")),
    Known("9112 3.2.1: an origin-form begins with a slash; other schemes are not ours", we_say("target must begin with")),
    Known("9112 3.2.4: the asterisk is for OPTIONS", we_say("only OPTIONS")),
    Known("9112 3.2.3, 9110 9.3.6: CONNECT takes host:port", we_say("CONNECT t")),
    Known("9110 4.2: a URI has a valid host and no userinfo", we_say("no valid host in the request target")),
    Known("9112 3.2: a target has no fragment and no byte above 127", we_say("request target with '#'")),
    Known("9110 15.6.6: another major version is answered with 505", we_say("is not spoken here")),
    Known("9112 6.1: Transfer-Encoding in HTTP/1.0 is faulty framing", we_say("in an HTTP/1.0 request")),
    Known("9112 7.1.1: chunk extensions have a grammar", we_say(r"not a chunk-size line: b'[0-9A-Fa-f]+[ \t]*;")),
    Known(
        "9112 6.3, 7.1: CONNECT has content too, and it is wrong; llhttp reads none, h11 takes a space behind a size",
        lambda data, ours, peer: ours.method == b"CONNECT" and "chunk" in ours.why,
    ),
    Known("6585 5: limits of our own", we_say("--limit-|chunk.* of more than")),
)
SAME_BUT = (
    Known(
        "9112 6.3: Content-Length counts for CONNECT too; llhttp ends it behind the head",
        lambda data, ours, peer: ours.method == b"CONNECT" and not peer.body,
    ),
)


def compare(data: bytes, ours: Reading, peers: list[Reading]) -> tuple[list[str], list[str]]:
    """(complaints, reasons of known differences) about one request."""
    complaints: list[str] = []
    known: list[str] = []

    def judge(table: tuple[Known, ...], peer: Reading, complaint: str) -> None:
        reason = next((k.reason for k in table if k.applies(data, ours, peer)), None)
        (complaints if reason is None else known).append(complaint if reason is None else reason)

    for name, peer in zip(("h11", "llhttp"), peers):
        if ours.verdict == "whole" == peer.verdict:
            for part in ("method", "target", "minor", "fields", "body", "trailers", "end"):
                mine, other = getattr(ours, part), getattr(peer, part)
                if mine != other:
                    judge(SAME_BUT, peer, f"{part}: ours {mine!r}, {name} {other!r}")
        elif ours.verdict == "whole":
            judge(WE_TAKE, peer, f"we take it, {name}: {peer.verdict} {peer.why}")
        elif ours.verdict == "partial" and peer.verdict == "whole":
            judge(SAME_BUT, peer, f"we wait for more, {name} takes it")
    if ours.verdict == "refused" and all(peer.verdict == "whole" for peer in peers):
        judge(WE_REFUSE, peers[0], f"we refuse what both take: {ours.why}")
    return complaints, known


def run(seed: int) -> tuple[bytes, list[str], list[str], Reading]:
    """The request of this seed, and what `compare` says of it."""
    data = request(random.Random(seed))
    ours = read_ours(data)
    complaints, known = compare(data, ours, [read_h11(data), read_llhttp(data)])
    return data, complaints, known, ours


def campaign(seconds: float, seed: int) -> int:
    """Try requests for so long; print each complaint of a new kind. Returns how many there were."""
    tried: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        data, complaints, known, ours = run(seed)
        tried[ours.verdict] += 1
        tried.update(f"known: {reason}" for reason in known)
        for complaint in complaints:
            kind = re.sub(r"b'[^']*'|b\"[^\"]*\"|\d+", "", complaint)[:60]
            kinds[kind] += 1
            if kinds[kind] <= 3:
                print(f"seed {seed}: {complaint[:400]}\n    {data!r}")
        seed += 1
    for what, count in [*tried.most_common(), *kinds.most_common()]:
        print(f"{count:9} {what}")
    return sum(kinds.values())


if __name__ == "__main__":
    sys.exit(1 if campaign(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0) else 0)
