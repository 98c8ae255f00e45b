"""What a `RequestReader` tells: the events of a connection, in the order in which they come.

    RequestHead  BodyPart*  BodyEnd   RequestHead ...   PEER_CLOSED
"""

from __future__ import annotations

from enum import Enum

from rawwfile.http.fields import FieldBlock


class Signal(Enum):
    """What `next_event` answers when there is no event."""

    NEED_DATA = "need data"
    PAUSED = "paused"
    PEER_CLOSED = "peer closed"

    def __repr__(self) -> str:
        return self.name


NEED_DATA = Signal.NEED_DATA
"""Nothing more can be said before more bytes come."""
PAUSED = Signal.PAUSED
"""The request is whole; `start_next` goes on to the next one."""
PEER_CLOSED = Signal.PEER_CLOSED
"""The peer closed between two requests."""


class RequestHead:
    """The request line and the fields of one request.

    method, target: bytes as received. minor: of HTTP/1.minor. fields: the parsed field lines.
    kind: "none", "length" or "chunked": how the content is delimited; length: its bytes, 0 for
    "none", None for "chunked" (RFC 9112 section 6.3). keep_alive: the client allows another
    request on the connection (section 9.3). raw: the head itself; offset: where it starts, in
    bytes from the start of the connection.
    """

    __slots__ = ("method", "target", "minor", "fields", "kind", "length", "keep_alive", "raw", "offset")

    def __init__(
        self,
        method: bytes,
        target: bytes,
        minor: int,
        fields: FieldBlock,
        keep_alive: bool,
        raw: bytes,
        offset: int,
    ) -> None:
        self.method = method
        self.target = target
        self.minor = minor
        self.fields = fields
        self.kind = fields.kind
        self.length = fields.length
        self.keep_alive = keep_alive
        self.raw = raw
        self.offset = offset

    @property
    def expects_continue(self) -> bool:
        """The client waits for 100 (Continue) before it sends the content (RFC 9110 10.1.1)."""
        return self.minor >= 1 and self.fields.expects_continue and self.kind != "none"

    def _key(self) -> tuple[object, ...]:
        return (self.method, self.target, self.minor, self.fields.pairs, self.raw, self.offset)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RequestHead) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"<RequestHead {self.method!r} {self.target!r} 1.{self.minor} body={self.kind}:{self.length}>"


class BodyPart:
    """Some bytes of the content, chunked coding removed."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BodyPart) and self.data == other.data

    def __hash__(self) -> int:
        return hash(self.data)

    def __repr__(self) -> str:
        return f"<BodyPart {len(self.data)} bytes>"


class BodyEnd:
    """The request is whole. trailers: the fields after the last chunk, mostly none."""

    __slots__ = ("trailers",)

    def __init__(self, trailers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        self.trailers = trailers

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BodyEnd) and self.trailers == other.trailers

    def __hash__(self) -> int:
        return hash(self.trailers)

    def __repr__(self) -> str:
        return f"<BodyEnd trailers={self.trailers!r}>"


NO_TRAILERS = BodyEnd()
