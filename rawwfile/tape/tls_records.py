"""The cipher side of a TLS connection, record by record, as everybody on the way can see it.

    conversation = TlsConversation()
    conversation.receive("in", bytes)         what the client sent; "out": what the server sent
    conversation.client.trail                 spans tls-record-header and tls-record
    conversation.client.hello.server_name
    conversation.facts()                      for rawwfile.http.notes

No key is used: handshake messages have names while they are in the clear, and encrypted records a
length. Any bytes may come, in any split; nothing is raised. Memory is bounded: 64 KiB of a handshake
message, and the first and the last records of each direction.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from rawwfile.http.notes.tls import TlsFacts
from rawwfile.http.spans import SpanTrail
from rawwfile.tape.tls_hellos import ClientHello, ServerHello, read_client_hello, read_server_hello, version_name

HEADER = 5
"""Bytes before each record: type, version, length (RFC 8446 section 5.1)."""
MOST_LENGTH = 16384 + 2048
"""Bytes of one record; more is no TLS (RFC 5246 section 6.2.3)."""
MOST_MESSAGE = 65536
"""Bytes of one handshake message that are looked at."""
MOST_FIRST, MOST_LAST = 100, 1000
"""Records remembered of each direction: those with the handshake, and those that came last."""

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA, HEARTBEAT = range(20, 25)
_TYPES = {20: "change cipher spec", 21: "alert", 22: "handshake", 23: "application data", 24: "heartbeat"}

_MESSAGES = {
    0: "HelloRequest", 1: "ClientHello", 2: "ServerHello", 4: "NewSessionTicket", 5: "EndOfEarlyData",
    8: "EncryptedExtensions", 11: "Certificate", 12: "ServerKeyExchange", 13: "CertificateRequest",
    14: "ServerHelloDone", 15: "CertificateVerify", 16: "ClientKeyExchange", 20: "Finished", 22: "CertificateStatus",
    24: "KeyUpdate",
}  # fmt: skip
_ALERTS = {
    0: "close notify", 10: "unexpected message", 20: "bad record mac", 22: "record overflow", 40: "handshake failure",
    42: "bad certificate", 43: "unsupported certificate", 44: "certificate revoked", 45: "certificate expired",
    46: "certificate unknown", 47: "illegal parameter", 48: "unknown ca", 49: "access denied", 50: "decode error",
    51: "decrypt error", 70: "protocol version", 71: "insufficient security", 80: "internal error",
    86: "inappropriate fallback", 90: "user canceled", 100: "no renegotiation", 109: "missing extension",
    110: "unsupported extension", 112: "unrecognized name", 116: "certificate required", 120: "no application protocol",
}  # fmt: skip


class TlsRecord(NamedTuple):
    """One record: where it stands in its stream, what its header says, and what can be said of it."""

    start: int
    end: int
    type: str
    """ "handshake", "application data", ..."""
    version: str
    """As in the header: mostly "TLS 1.2", which is a disguise of TLS 1.3 (RFC 8446 section 5.1)."""
    length: int
    """Bytes after the header."""
    says: str
    """A plain sentence."""

    def describe(self) -> str:
        """The record in one line, such as "handshake: Finished"."""
        return f"{self.type}: {self.says}"


class TlsSide:
    """One direction of a TlsConversation."""

    def __init__(self, conversation: TlsConversation, trail: SpanTrail) -> None:
        self.trail = trail
        self.hello: ClientHello | ServerHello | None = None
        self.hello_place = (0, 0)
        """Where the record stands with which the hello ends."""
        self.alert = ""
        """The last alert in the clear, such as "unknown ca"."""
        self.alert_is_fatal = False
        self.encrypted = 0
        """Records that nobody on the way can read."""
        self.fault: int | None = None
        """Offset of the first byte that is no TLS."""
        self.first_bytes = b""
        """At most 60."""
        self.first: list[TlsRecord] = []
        self.last: deque[TlsRecord] = deque(maxlen=MOST_LAST)
        self._conversation = conversation
        self._offset = trail.end
        self._header = bytearray()
        self._payload = bytearray()
        self._left = 0
        self._message = bytearray()
        self._skip = 0
        self._changed = False

    @property
    def records(self) -> list[TlsRecord]:
        """The first and the last records, in order."""
        return [*self.first, *self.last]

    def receive(self, data: bytes) -> list[TlsRecord]:
        """Read on; the records that became whole."""
        if len(self.first_bytes) < 60:
            self.first_bytes += data[: 60 - len(self.first_bytes)]
        found: list[TlsRecord] = []
        pos, end = 0, len(data)
        while pos < end and self.fault is None:
            taken = data[pos : pos + (self._left or HEADER - len(self._header))]
            pos += len(taken)
            self._offset += len(taken)
            if self._left:
                self._left -= len(taken)
                self.trail.mark(self._offset, "tls-record")
                if self._header[0] != APPLICATION_DATA:
                    self._payload += taken
            else:
                self._header += taken
                self._check_header()
            if len(self._header) == HEADER and not self._left and self.fault is None:
                found.append(self._end_record())
        if self.fault is not None:
            self._offset += end - pos
            self.trail.mark(self._offset, "fault")
        return found

    def finish(self) -> None:
        """Nothing more will come: a header that is not whole is "unfinished"."""
        self.trail.mark(self._offset, "unfinished")

    def _check_header(self) -> None:
        header = self._header
        odd = header[0] not in _TYPES or header[1:2] not in (b"", b"\x03")
        if odd or (len(header) == HEADER and int.from_bytes(header[3:], "big") > MOST_LENGTH):
            self.fault = self._offset - len(header)
        elif len(header) == HEADER:
            self._left = int.from_bytes(header[3:], "big")
            self.trail.mark(self._offset, "tls-record-header")

    def _end_record(self) -> TlsRecord:
        kind, version = self._header[0], int.from_bytes(self._header[1:3], "big")
        length = int.from_bytes(self._header[3:], "big")
        start, payload = self._offset - HEADER - length, bytes(self._payload)
        self._header.clear()
        self._payload.clear()
        had_hello = self.hello
        says = self._say(kind, length, payload)
        if self.hello is not had_hello:
            self.hello_place = (start, self._offset)
        record = TlsRecord(start, self._offset, _TYPES[kind], version_name(version), length, says)
        if len(self.first) < MOST_FIRST:
            self.first.append(record)
        else:
            self.last.append(record)
        return record

    def _say(self, kind: int, length: int, payload: bytes) -> str:
        size = f"{length} byte{'' if length == 1 else 's'}"
        old = not self._conversation.is_tls_1_3
        if kind == CHANGE_CIPHER_SPEC:
            self._changed = True
            if old:
                return "from here on this side encrypts what it sends"
            return "without a meaning in TLS 1.3: it is there for old devices on the way"
        if kind == HANDSHAKE and not (self._changed and not _is_hello(payload)):
            return self._read_messages(payload)
        if kind == ALERT and length == 2 and not self._changed:
            self.alert = _ALERTS.get(payload[1], f"number {payload[1]}")
            self.alert_is_fatal = payload[0] == 2
            return f"{'fatal' if self.alert_is_fatal else 'warning'}, {self.alert}"
        if kind == HEARTBEAT:
            return size
        self.encrypted += 1
        if kind == APPLICATION_DATA and not old:
            return f"{size}, encrypted; content, alerts and the rest of the handshake look alike"
        return f"{size}, encrypted"

    def _read_messages(self, payload: bytes) -> str:
        """Name the handshake messages that end in this record, or the one that goes on (RFC 8446 section 4)."""
        skipped = min(self._skip, len(payload))
        self._skip -= skipped
        self._message += payload[skipped:]
        told: list[str] = []
        while len(self._message) >= 4:
            kind, size = self._message[0], int.from_bytes(self._message[1:4], "big")
            if 4 + size > MOST_MESSAGE:
                told.append(f"{_message_name(kind)} of {size} bytes, too many to look at")
                self._skip = max(0, 4 + size - len(self._message))
                del self._message[: 4 + size]
                continue
            if 4 + size > len(self._message):
                break
            body = bytes(self._message[4 : 4 + size])
            del self._message[: 4 + size]
            told.append(self._read_message(kind, body))
        if self._message or self._skip:
            told.append("the message goes on in the next record")
        return "; then ".join(told) or ("the rest of a message" if skipped else "nothing")

    def _read_message(self, kind: int, body: bytes) -> str:
        if kind == 1:
            self.hello = read_client_hello(body)
            return self.hello.describe()
        if kind == 2:
            hello = read_server_hello(body)
            if not hello.retry:
                self.hello = hello
            return hello.describe()
        return f"{_message_name(kind)} of {len(body)} byte{'' if len(body) == 1 else 's'}"


class TlsConversation:
    """Both directions of one connection, in the order in which they crossed the socket."""

    def __init__(self, client_trail: SpanTrail | None = None, server_trail: SpanTrail | None = None) -> None:
        """client_trail, server_trail: of the two cipher streams, where they are kept already."""
        self.client = TlsSide(self, SpanTrail() if client_trail is None else client_trail)
        self.server = TlsSide(self, SpanTrail() if server_trail is None else server_trail)

    @property
    def client_hello(self) -> ClientHello | None:
        """What the client offers; None until it is read."""
        return self.client.hello if isinstance(self.client.hello, ClientHello) else None

    @property
    def server_hello(self) -> ServerHello | None:
        """What the server chose; None until it is read."""
        return self.server.hello if isinstance(self.server.hello, ServerHello) else None

    @property
    def is_tls_1_3(self) -> bool:
        """The server has chosen TLS 1.3, as far as it has spoken."""
        return self.server_hello is not None and self.server_hello.version == "TLS 1.3"

    def receive(self, direction: str, data: bytes) -> list[TlsRecord]:
        """Bytes from the client ("in") or from the server ("out"); the records that became whole."""
        return (self.client if direction == "in" else self.server).receive(data)

    def finish(self) -> None:
        """Nothing more will come."""
        self.client.finish()
        self.server.finish()

    def facts(self) -> TlsFacts:
        """What can be told from outside, for the notes.

        In TLS 1.3 the protocol chosen, alerts and the farewell are encrypted: who holds the keys
        must add them. The same goes for a certificate of the client and for a session resumed.
        """
        client, offer, choice = self.client, self.client_hello, self.server_hello
        facts = TlsFacts(first_bytes=client.first_bytes, hello=client.hello_place, client_end=client.trail.end)
        if offer is not None:
            facts.server_name, facts.offered_alpn = offer.server_name, list(offer.alpn)
        for who, side in (("client", client), ("server", self.server)):
            if side.alert_is_fatal and not facts.failure:
                facts.failure = f"the {who} says: {side.alert}"
        if choice is not None:
            facts.alpn = choice.alpn
            if client.encrypted and self.server.encrypted and not facts.failure:
                facts.version = choice.version.replace("TLS ", "TLSv").replace("v1.0", "v1")
                facts.cipher = choice.cipher
        last = client.records[-1:]
        facts.client_said_goodbye = bool(last) and last[0].type == "alert" and not facts.failure
        return facts


def _message_name(kind: int) -> str:
    return _MESSAGES.get(kind) or f"message {kind}"


def _is_hello(payload: bytes) -> bool:
    """A hello in the clear: the second one, after a HelloRetryRequest, follows a change of ciphers that is none."""
    return payload[:1] in (b"\x01", b"\x02") and len(payload) == 4 + int.from_bytes(payload[1:4], "big")
