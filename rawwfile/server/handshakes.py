"""What is known of a TLS handshake: what was agreed, and the messages as OpenSSL names them.

The names come from a hook that Python's ssl module has for its own tests (`SSLContext._msg_callback`):
where it is missing there are no names, and nothing else is. What it shows is the server's view, after
decryption; the records that crossed the socket are on the cipher side of the tape.
"""

from __future__ import annotations

import base64
import os
import ssl
import tempfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rawwfile.server.tap import Recording
    from rawwfile.server.tls_connection import TlsInfo

HANDSHAKE, ALERT, CHANGE_CIPHER_SPEC = 22, 21, 20
CERTIFICATE = 11
_FROM = {"read": "client", "write": "server"}
MOST_MESSAGES = 50
"""Messages that are noted of a connection: who asks for new keys without end fills no memory."""


def hear_messages(context: ssl.SSLContext) -> None:
    """Have the messages of the connections that will be made of a context heard."""
    # With several certificates the name that the client asks for picks another context.
    for each in getattr(context, "rawwfile_contexts", (context,)):
        if hasattr(each, "_msg_callback") and each._msg_callback is None:
            each._msg_callback = _hear


def listen_to(tls: ssl.SSLObject, recording: Recording) -> None:
    """Note the messages of one connection on its recording."""
    tls._rawwfile_heard = Heard(recording)  # type: ignore[attr-defined]


class Heard:
    """What was heard of one connection."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.count = 0
        self.chain: list[bytes] = []
        """The certificates that we sent, DER."""


def _hear(tls: Any, direction: str, version: Any, content: Any, message: Any, data: bytes) -> None:
    """Called by ssl for each message; what it raised would end the handshake."""
    heard: Heard | None = getattr(tls, "_rawwfile_heard", None)
    if heard is not None and heard.count < MOST_MESSAGES:
        heard.recording.tap.note(_note, heard, direction, content, message, data)


def _note(heard: Heard, direction: str, content: Any, message: Any, data: bytes) -> None:
    who = _FROM.get(direction, direction)
    if content == HANDSHAKE:
        name = _plain_name(message)
        if message == CERTIFICATE and direction == "write":
            heard.chain = certificates_in(data)
    elif content == ALERT:
        name = f"Alert {_plain_name(message)}"
    elif content == CHANGE_CIPHER_SPEC:
        name = "ChangeCipherSpec"
    else:
        return  # headers of records, which are on the tape themselves
    heard.count += 1
    heard.recording.happened("tls-message", f"{who}: {name}, {len(data)} bytes")


def _plain_name(message: Any) -> str:
    """ "ClientHello" for what ssl calls CLIENT_HELLO."""
    name = getattr(message, "name", str(message)).replace("NEWSESSION", "NEW_SESSION")
    return "".join(word.capitalize() for word in name.split("_"))


def certificates_in(message: bytes) -> list[bytes]:
    """The certificates (DER) in a Certificate message (RFC 8446 section 4.4.2, RFC 5246 section 7.4.2)."""
    for with_extensions in (True, False):
        found = _certificates(message, with_extensions)
        if found is not None:
            return found
    return []


def _certificates(message: bytes, with_extensions: bool) -> list[bytes] | None:
    position = 4
    if with_extensions:
        position += 1 + message[position] if len(message) > position else 0
    if position + 3 + int.from_bytes(message[position : position + 3], "big") != len(message):
        return None
    position += 3
    found = []
    while position < len(message):
        size = int.from_bytes(message[position : position + 3], "big")
        found.append(message[position + 3 : position + 3 + size])
        position += 3 + size
        if with_extensions:
            position += 2 + int.from_bytes(message[position : position + 2], "big")
    return found if position == len(message) else None


def facts_of(info: TlsInfo, recording: Recording) -> dict[str, Any]:
    """What a handshake agreed on, as plain values: see ConnectionTape.tls."""
    heard: Heard | None = getattr(recording.connection._tls, "_rawwfile_heard", None)
    return {
        "version": info.version,
        "cipher": info.cipher,
        "alpn": info.alpn,
        "server_name": info.server_name,
        "resumed": recording.connection._tls.session_reused,
        "peer_certificate": info.peer_certificate,
        "chain": [certificate_facts(der) for der in (heard.chain if heard is not None else ())],
    }


_known: dict[bytes, dict[str, Any]] = {}


def certificate_facts(der: bytes) -> dict[str, Any]:
    """What a certificate says, in the words of `ssl.SSLSocket.getpeercert`, with the certificate itself as base64."""
    if der not in _known:
        if len(_known) > 100:
            _known.clear()
        _known[der] = {**_decoded(der), "der": base64.b64encode(der).decode("ascii")}
    return _known[der]


def _decoded(der: bytes) -> dict[str, Any]:
    decode = getattr(getattr(ssl, "_ssl", None), "_test_decode_cert", None)
    if decode is None:
        return {}
    # OpenSSL's own reading, which Python offers for files alone.
    descriptor, path = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(ssl.DER_cert_to_PEM_cert(der))
        found: dict[str, Any] = decode(path)
        return found
    except (OSError, ssl.SSLError):
        return {}
    finally:
        os.unlink(path)
