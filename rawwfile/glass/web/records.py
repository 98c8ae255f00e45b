"""TLS records of the cipher streams: read when somebody looks, and then only what has come since."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict
from threading import Lock
from typing import Any

from rawwfile.http.spans import SpanTrail
from rawwfile.tape.model import CIPHER, IN, OUT, ConnectionTape, Stream
from rawwfile.tape.tls_records import TlsConversation, TlsRecord

MAX_KEPT = 16
"""Connections of which the reading is kept."""


class _Reading:
    def __init__(self, opened: float) -> None:
        self.opened = opened
        self.conversation = TlsConversation()
        self.sequence = 0


class Records:
    """The readings of the connections that were looked at last. Call it with the tape's lock held."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._readings: OrderedDict[int, _Reading] = OrderedDict()

    def of(self, connection: ConnectionTape) -> TlsConversation | None:
        """What is read of a connection so far; None where its beginning is no longer kept, or it has no TLS."""
        streams = [connection.stream(direction, CIPHER) for direction in (IN, OUT)]
        if not any(stream.end for stream in streams):
            return None
        with self._lock:
            reading = self._readings.get(connection.number)
            if reading is None or reading.opened != connection.opened:
                if any(stream.first for stream in streams):
                    return None
                reading = self._readings[connection.number] = _Reading(connection.opened)
            self._readings.move_to_end(connection.number)
            while len(self._readings) > MAX_KEPT:
                self._readings.popitem(last=False)
            return self._read_on(reading, streams)

    def _read_on(self, reading: _Reading, streams: list[Stream]) -> TlsConversation | None:
        conversation = reading.conversation
        fresh = [entry for stream in streams for entry in _after(stream, reading.sequence)]
        fresh.sort(key=lambda entry: entry.sequence)
        for entry in fresh:
            side = conversation.client if entry.direction == IN else conversation.server
            if side.trail.end < entry.offset and entry.offset - side.trail.end > 5:
                # Entries were dropped that nobody has read: it cannot go on.
                return None
            conversation.receive(entry.direction, entry.data)
            reading.sequence = entry.sequence
        return conversation

    def trail(self, connection: ConnectionTape, direction: str) -> SpanTrail | None:
        """The spans of a cipher stream; None where they cannot be told."""
        conversation = self.of(connection)
        if conversation is None:
            return None
        return (conversation.client if direction == IN else conversation.server).trail


def _after(stream: Stream, sequence: int) -> list[Any]:
    """The entries after this one: those at the end."""
    found = []
    for entry in reversed(stream.entries):
        if entry.sequence <= sequence:
            break
        found.append(entry)
    return found


def handshake_value(conversation: TlsConversation | None) -> dict[str, Any]:
    """What can be read of a handshake from outside: the records, what the client offers, what the server chose."""
    hellos: dict[str, Any] = {"client_hello": None, "server_hello": None}
    if conversation is not None:
        for name in hellos:
            hello = getattr(conversation, name)
            hellos[name] = None if hello is None else {**asdict(hello), "text": hello.describe()}
    return {**hellos, "records": record_values(conversation)}


def record_values(conversation: TlsConversation | None) -> list[dict[str, Any]]:
    """The records of both directions, those of the client first."""
    if conversation is None:
        return []
    sides = ((IN, conversation.client), (OUT, conversation.server))
    return [_value(direction, record) for direction, side in sides for record in side.records]


def _value(direction: str, record: TlsRecord) -> dict[str, Any]:
    return {"direction": direction, "start": record.start, "end": record.end, "type": record.type,
            "version": record.version, "length": record.length, "text": record.says}  # fmt: skip
