"""The words in which the tables of this directory are written, and the reading of a conversation.

A table is a tuple of rules; a rule of RFC 9110 or RFC 9112 has cases; a case is bytes that a client
sends and what must come of them: requests, or a refusal with a status. All text is Latin-1, so that
one character is one byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rawwfile.errors import ProtocolError
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED, BodyEnd, BodyPart, RequestHead
from rawwfile.http.limits import DEFAULT_LIMITS, Limits
from rawwfile.http.reader import RequestReader
from rawwfile.http.target import parse_target

TAIL = b"GET /tail HTTP/1.1\r\nHost: tail\r\n\r\n"
"""A second request, sent right behind the bytes of a case."""


@dataclass(frozen=True)
class Seen:
    """A request that must be read. fields (joined values), expects and parts are looked at if given."""

    target: str = "/"
    method: str = "GET"
    minor: int = 1
    body: str = ""
    trailers: tuple[tuple[str, str], ...] = ()
    keep_alive: bool = True
    fields: Mapping[str, str | None] = field(default_factory=dict)
    expects: bool | None = None
    parts: tuple[str, str, str, str, str | None] | None = None


@dataclass(frozen=True)
class Case:
    """What a client sends, and the requests or the status that must come of it.

    truncated: the fault is that the connection ends, so nothing can be sent behind the bytes.
    after: whole requests that are read before the refusal.
    """

    name: str
    data: bytes
    expected: int | tuple[Seen, ...]
    limits: Limits = DEFAULT_LIMITS
    truncated: bool = False
    after: int = 0


@dataclass(frozen=True)
class Rule:
    """One requirement: its section, what it says in our words, and the cases that hold it up."""

    section: str
    text: str
    cases: tuple[Case, ...]


def rule(section: str, text: str, *cases: Case) -> Rule:
    """A rule with its cases."""
    return Rule(section, text, cases)


def case(name: str, data: bytes | str, expected: int | Seen | tuple[Seen, ...], **options: object) -> Case:
    """One case; a single request need not be put into a tuple."""
    raw = data if isinstance(data, bytes) else data.encode("latin-1")
    return Case(name, raw, (expected,) if isinstance(expected, Seen) else expected, **options)  # type: ignore[arg-type]


def each(values: Iterable[str], make: object, expected: int) -> list[Case]:
    """A case with one and the same `expected` for each value, named by the value."""
    return [case(ascii(value)[1:-1] or "empty", make(value), expected) for value in values]  # type: ignore[operator]


def line(start: str, *fields: str, host: str | None = "a", body: str = "") -> bytes:
    """A request of this request line. host: value of the Host field that comes first, or None."""
    lines = [start] if host is None else [start, f"Host: {host}"]
    return ("\r\n".join([*lines, *fields]) + "\r\n\r\n" + body).encode("latin-1")


def get(*fields: str, host: str | None = "a", body: str = "") -> bytes:
    """GET / with these field lines."""
    return line("GET / HTTP/1.1", *fields, host=host, body=body)


def post(*fields: str, body: str = "") -> bytes:
    """POST / with these field lines and this content."""
    return line("POST / HTTP/1.1", *fields, body=body)


def chunked(body: str) -> bytes:
    """POST / in the chunked transfer coding; `body` is what stands on the wire."""
    return post("Transfer-Encoding: chunked", body=body)


def posted(body: str, **more: object) -> Seen:
    """POST / with this content."""
    return Seen(method="POST", body=body, **more)  # type: ignore[arg-type]


@dataclass
class Talk:
    """All that a reader told: heads, contents and ends in order, and the error that stopped it."""

    events: list[RequestHead | BodyPart | BodyEnd]
    error: ProtocolError | None
    closed: bool

    def key(self) -> tuple[object, ...]:
        """What must be the same however the bytes are split."""
        error = self.error
        told = [
            (e._key(), e.kind, e.length, e.keep_alive, e.expects_continue) if isinstance(e, RequestHead) else e
            for e in self.events
        ]
        fault = error and (type(error), error.message, error.offset, error.status_hint, error.rule)
        return (told, fault, self.closed)

    def requests(self) -> list[tuple[RequestHead, bytes, tuple[tuple[bytes, bytes], ...]]]:
        """(head, content, trailers) of each whole request."""
        whole = []
        for at, event in enumerate(self.events):
            if isinstance(event, RequestHead):
                head, body = event, b""
            elif isinstance(event, BodyPart):
                body += event.data
            else:
                whole.append((head, body, event.trailers))
        return whole


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    """`data` cut at these places, empty pieces left out (an empty one would say that the peer closed)."""
    places = [0, *sorted(cuts), len(data)]
    return [data[a:b] for a, b in zip(places, places[1:]) if a < b]


def read(parts: Iterable[bytes], limits: Limits = DEFAULT_LIMITS, *, end: bool = True) -> Talk:
    """Give the parts to a new reader, then the end of the connection, and note what it tells.

    Contents that come in pieces are joined. Nothing is given any more after an error.
    """
    reader = RequestReader(limits)
    talk = Talk([], None, False)
    for part in [*parts, b""] if end else parts:
        reader.receive_data(part)
        try:
            _drain(reader, talk)
        except ProtocolError as error:
            talk.error = error
            break
    return talk


def _drain(reader: RequestReader, talk: Talk) -> None:
    while True:
        event = reader.next_event()
        if event is PAUSED:
            reader.start_next()
        elif event is NEED_DATA:
            return
        elif event is PEER_CLOSED:
            talk.closed = True
            return
        elif isinstance(event, BodyPart) and isinstance(talk.events[-1], BodyPart):
            talk.events[-1] = BodyPart(talk.events[-1].data + event.data)
        else:
            assert isinstance(event, (RequestHead, BodyPart, BodyEnd))
            talk.events.append(event)


def differences(head: RequestHead, body: bytes, trailers: object, seen: Seen) -> list[str]:
    """Where a request that was read is not the one that was expected."""
    found: dict[str, object] = {
        "method": head.method.decode("latin-1"),
        "target": head.target.decode("latin-1"),
        "minor": head.minor,
        "body": body.decode("latin-1"),
        "trailers": tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in trailers),  # type: ignore[attr-defined]
        "keep_alive": head.keep_alive,
    }
    wanted: dict[str, object] = {name: getattr(seen, name) for name in found}
    for name, value in seen.fields.items():
        raw = head.fields.get(name.encode("latin-1"))
        found[name], wanted[name] = (None if raw is None else raw.decode("latin-1")), value
    if seen.expects is not None:
        found["expects"], wanted["expects"] = head.expects_continue, seen.expects
    if seen.parts is not None:
        parts = parse_target(head.method, head.target)
        found["parts"] = tuple(p.decode("latin-1") if isinstance(p, bytes) else p for p in parts)
        wanted["parts"] = seen.parts
    return [f"{name}: wanted {wanted[name]!r}, found {found[name]!r}" for name in found if found[name] != wanted[name]]
