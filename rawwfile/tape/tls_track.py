"""The cipher side of a connection on a tape: its records, and what there is to remark on its TLS."""

from __future__ import annotations

from typing import Any

from rawwfile.http.notes.base import Note
from rawwfile.http.notes.tls import TlsFacts, notes_on_tls
from rawwfile.http.spans import SpanTrail
from rawwfile.tape.model import CIPHER, IN, PLAIN, ConnectionTape, Stream
from rawwfile.tape.tls_records import TlsConversation


class TlsTrack:
    """Reads the records of one connection as they cross the socket; the spans are on the streams' trails."""

    def __init__(self, connection: ConnectionTape, client: Stream, server: Stream) -> None:
        """client, server: the cipher streams "in" and "out"."""
        self._connection = connection
        client.trail, server.trail = SpanTrail(), SpanTrail()
        self._conversation = TlsConversation(client.trail, server.trail)

    def receive(self, direction: str, data: bytes) -> None:
        """Bytes of cipher text crossed."""
        self._conversation.receive(direction, data)

    def finish(self) -> None:
        """Nothing more will come."""
        self._conversation.finish()

    def notes(self) -> list[Note]:
        """What there is to remark, as things stand."""
        return list(notes_on_tls(self._facts()))

    def _facts(self) -> TlsFacts:
        """What the records show, and what is known here beside them: TLS 1.3 encrypts most."""
        connection, facts = self._connection, self._conversation.facts()
        agreed = connection.tls
        facts.version = None
        if agreed is not None:
            facts.version, facts.cipher = agreed["version"], agreed["cipher"] or ""
            facts.alpn, facts.server_name = agreed["alpn"], agreed["server_name"]
            facts.resumed = bool(agreed.get("resumed"))
            facts.client_certificate = subject_of(agreed.get("peer_certificate"))
        failed = [event.text for event in connection.events if event.kind == "tls-failed"]
        facts.failure = facts.failure or (failed[0] if failed else "")
        facts.client_said_goodbye = _said_goodbye(connection)
        facts.closed_by_client = connection.closed_by == "client"
        facts.client_end = connection.stream(IN, CIPHER).end
        return facts


def _said_goodbye(connection: ConnectionTape) -> bool:
    """The client's close_notify was read."""
    if connection.stream(IN, PLAIN).ended is None:
        return False
    return any(event.kind == "client-ended" and event.text == "close_notify" for event in connection.events)


def subject_of(certificate: dict[str, Any] | None) -> str | None:
    """The subject of a certificate as `ssl.SSLSocket.getpeercert` tells it, in one line."""
    if not certificate:
        return None
    pairs = [f"{name}={value}" for part in certificate.get("subject", ()) for name, value in part]
    return ", ".join(pairs) or "a certificate without a subject"
