"""The frames of a WebSocket connection as spans (RFC 6455 section 5.2); one direction at a time."""

from __future__ import annotations

from rawwfile.http.spans import Span

OPCODES = {
    0: "ws-continuation", 1: "ws-text", 2: "ws-binary", 8: "ws-close", 9: "ws-ping", 10: "ws-pong"
}  # fmt: skip
"""The kind of a frame's payload by its opcode; any other is "ws-payload"."""

_NAMES = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}


class WebSocketSpans:
    """Bytes in, spans out: `feed` tiles what it is given, offsets counted from the first byte fed."""

    def __init__(self) -> None:
        self._offset = 0
        self._header = bytearray()
        self._mask = 0
        self._payload = 0
        self._kind = ""

    def feed(self, data: bytes) -> list[Span]:
        """The spans of the next bytes. Any bytes will do: what follows a nonsense header is its payload."""
        spans: list[Span] = []
        pos = 0
        while pos < len(data):
            if self._mask:
                kind, taken = "ws-mask", min(self._mask, len(data) - pos)
                self._mask -= taken
            elif self._payload:
                kind, taken = self._kind, min(self._payload, len(data) - pos)
                self._payload -= taken
            else:
                kind, taken = "ws-header", self._take_header(data, pos)
            spans.append(Span(self._offset, self._offset + taken, kind))
            self._offset += taken
            pos += taken
        return spans

    def finish(self) -> list[Span]:
        """Nothing is held back."""
        return []

    def _take_header(self, data: bytes, pos: int) -> int:
        before = len(self._header)
        self._header += data[pos : pos + header_size(bytes(self._header) + data[pos : pos + 2]) - before]
        size = header_size(bytes(self._header))
        taken = len(self._header) - before
        if len(self._header) == size:
            second = self._header[1]
            self._payload = _payload_size(self._header)
            self._mask = 4 if second & 0x80 else 0
            self._kind = OPCODES.get(self._header[0] & 0x0F, "ws-payload")
            self._header.clear()
        return taken


def header_size(header: bytes) -> int:
    """Bytes of the header that begins like this, without the masking key; 2 if that cannot be said yet."""
    length = header[1] & 0x7F if len(header) > 1 else 0
    return {126: 4, 127: 10}.get(length, 2)


def describe_header(header: bytes) -> str:
    """A frame header in words: "final text frame of 5 bytes, masked"."""
    if len(header) < 2 or len(header) < header_size(header):
        return "the beginning of a frame header"
    final = "final " if header[0] & 0x80 else "not the last "
    name = _NAMES.get(header[0] & 0x0F, f"unknown (opcode {header[0] & 0x0F})")
    size = _payload_size(header)
    masked = "masked" if header[1] & 0x80 else "not masked"
    reserved = ", reserved bits set" if header[0] & 0x70 else ""
    return f"{final}{name} frame of {size} byte{'' if size == 1 else 's'}, {masked}{reserved}"


def unmasked(key: bytes, payload: bytes, skip: int = 0) -> bytes:
    """A payload with the masking key taken off (RFC 6455 section 5.3); skip: bytes of it before these."""
    return bytes(byte ^ key[(skip + at) % 4] for at, byte in enumerate(payload)) if len(key) == 4 else payload


def _payload_size(header: bytes | bytearray) -> int:
    length = header[1] & 0x7F
    return length if length < 126 else int.from_bytes(header[2:], "big")
