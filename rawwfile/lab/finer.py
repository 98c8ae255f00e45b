"""What is inside of content, and behind a switch of protocols: parts, events and frames of a recorded message.

The spans are those of `rawwfile.http.refine`, which the page shows too; here they are put together.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from rawwfile.http.forms import parse_parameters
from rawwfile.http.refine import REFINED, content_spans
from rawwfile.http.span_observer import SpanObserver
from rawwfile.http.spans import SpanTrail
from rawwfile.http.websocket_spans import header_size, unmasked
from rawwfile.lab.seen import Message

__all__ = ["Event", "Frame", "Part", "events", "events_so_far", "finer", "frames", "has_last_boundary", "parts"]


@dataclass
class Part:
    """One part of multipart content. ended: offset of the last byte of the boundary behind it, -1 without one."""

    head: bytes = b""
    content: bytes = b""
    ended: int = -1

    def get(self, name: str) -> str | None:
        """The value of a field of its head; None without it."""
        for line in self.head.decode("latin-1").splitlines():
            each, colon, value = line.partition(":")
            if colon and each.strip().lower() == name.lower():
                return value.strip()
        return None


@dataclass
class Event:
    """One server-sent event. fields: (name, value) as they came; whole: its empty line has come."""

    start: int
    fields: list[tuple[str, str]] = field(default_factory=list)
    whole: bool = False

    def get(self, name: str) -> str | None:
        """The values of the fields of this name, joined as the browser joins data; None without one."""
        values = [value for each, value in self.fields if each == name]
        return "\n".join(values) if values else None


@dataclass
class Frame:
    """One WebSocket frame. payload: without the mask."""

    start: int
    header: bytes
    mask: bytes = b""
    payload: bytes = b""

    @property
    def opcode(self) -> int:
        """1 text, 2 binary, 8 close, 9 ping, 10 pong."""
        return self.header[0] & 15

    @property
    def final(self) -> bool:
        """The message ends with it."""
        return bool(self.header[0] & 0x80)

    @property
    def masked(self) -> bool:
        """It says that a masking key follows."""
        return len(self.header) > 1 and bool(self.header[1] & 0x80)

    @property
    def whole(self) -> bool:
        """Header, key and payload are all there."""
        if len(self.header) < 2 or len(self.header) < header_size(self.header):
            return False
        short = self.header[1] & 0x7F
        size = short if short < 126 else int.from_bytes(self.header[2:], "big")
        return len(self.payload) == size and len(self.mask) == (4 if self.masked else 0)


def finer(message: Message, media_type: str) -> list[tuple[str, bytes, int, int]]:
    """(kind, bytes, offsets of the first and of the last of them in the stream) of what the content consists of.

    media_type: of the content, "websocket" for what follows 101. Chunks are put together first.
    """
    return _inside([(start, data) for kind, data, start in message.spans if kind in REFINED], media_type)


def _inside(pieces: list[tuple[int, bytes]], media_type: str) -> list[tuple[str, bytes, int, int]]:
    """See `finer`. pieces: of content, each with its offset."""
    reader = content_spans("switched" if media_type == "websocket" else "content", media_type)
    if reader is None or not pieces:
        return []
    content = b"".join(data for _, data in pieces)
    places = list(accumulate((len(data) for _, data in pieces), initial=0))

    def offset(place: int) -> int:
        index = bisect_right(places, place, 0, len(pieces)) - 1
        return pieces[index][0] + place - places[index]

    spans = [*reader.feed(content), *reader.finish()]
    return [(kind, content[start:end], offset(start), offset(end - 1)) for start, end, kind in spans]


def parts(message: Message, media_type: str) -> list[Part]:
    """The parts of multipart content; the last one's `ended` is -1 where no boundary stands behind it."""
    found: list[Part] = []
    last = _last_boundary(media_type)
    for kind, data, _, end in finer(message, media_type):
        if kind == "part-boundary":
            if found and found[-1].ended < 0:
                found[-1].ended = end
            if data.strip() != last:
                found.append(Part())
        elif kind == "part-head" and found:
            found[-1].head += data
        elif kind == "part-content" and found:
            found[-1].content += data
    if found and not found[-1].head and not found[-1].content:
        found.pop()  # a boundary, and then nothing: no part has begun
    return found


def has_last_boundary(message: Message, media_type: str) -> bool:
    """The boundary with two more hyphens, which ends the last part, is there."""
    last = _last_boundary(media_type)
    return any(kind == "part-boundary" and data.strip() == last for kind, data, *_ in finer(message, media_type))


def events(message: Message) -> list[Event]:
    """The events of an event stream; those without any field (an empty line alone) are none."""
    return list(_events((kind, data, start) for kind, data, start, _ in finer(message, "text/event-stream")))


def events_so_far(data: bytes) -> list[Event]:
    """The events in the first bytes of a response, as a client reads them that is still listening."""
    trail = SpanTrail()
    SpanObserver("GET", trail=trail).receive(data)
    pieces = [(start, data[start:end]) for start, end, kind in trail if kind in REFINED]
    return list(_events((kind, data, start) for kind, data, start, _ in _inside(pieces, "text/event-stream")))


def frames(message: Message) -> list[Frame]:
    """The WebSocket frames of one direction, payloads without their mask."""
    found: list[Frame] = []
    for kind, data, start, _ in finer(message, "websocket"):
        if kind == "ws-header":
            found.append(Frame(start, data))
        elif kind == "ws-mask":
            found[-1].mask += data
        elif kind.startswith("ws-"):
            found[-1].payload += data
    for frame in found:
        frame.payload = unmasked(frame.mask, frame.payload)
    return found


def _events(spans: Iterable[tuple[str, bytes, int]]) -> Iterator[Event]:
    event: Event | None = None
    for kind, data, start in spans:
        if kind == "sse-field":
            event = event or Event(start)
            event.fields.append((data.decode("utf-8", "replace"), ""))
        elif kind == "sse-value" and event is not None:
            name, value = event.fields[-1]
            event.fields[-1] = (name, value + data.decode("utf-8", "replace"))
        elif kind == "sse-blank" and event is not None:
            event.whole = True
            yield event
            event = None
    if event is not None:
        yield event


def _last_boundary(media_type: str) -> bytes:
    _, parameters = parse_parameters(media_type)
    return b"--" + parameters.get("boundary", "").encode("latin-1", "replace") + b"--"
