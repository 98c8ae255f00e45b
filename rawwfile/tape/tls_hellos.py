"""The two hellos of a TLS handshake, which travel in the clear (RFC 8446 section 4.1).

`read_client_hello` and `read_server_hello` take the body of one handshake message and never raise:
where the bytes are odd or end too early, what was read so far is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}
"""Versions by the number that stands for them on the wire."""

MOST_NAMES = 200
"""Names of one list that are kept."""

RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random of a ServerHello that asks for another ClientHello (RFC 8446 section 4.1.3)."""

_CIPHERS = {
    0x1301: "TLS_AES_128_GCM_SHA256", 0x1302: "TLS_AES_256_GCM_SHA384", 0x1303: "TLS_CHACHA20_POLY1305_SHA256",
    0x1304: "TLS_AES_128_CCM_SHA256", 0x1305: "TLS_AES_128_CCM_8_SHA256",
    0xC02B: "ECDHE-ECDSA-AES128-GCM-SHA256", 0xC02C: "ECDHE-ECDSA-AES256-GCM-SHA384",
    0xC02F: "ECDHE-RSA-AES128-GCM-SHA256", 0xC030: "ECDHE-RSA-AES256-GCM-SHA384",
    0xCCA8: "ECDHE-RSA-CHACHA20-POLY1305", 0xCCA9: "ECDHE-ECDSA-CHACHA20-POLY1305",
    0xCCAA: "DHE-RSA-CHACHA20-POLY1305", 0x009C: "AES128-GCM-SHA256", 0x009D: "AES256-GCM-SHA384",
    0x009E: "DHE-RSA-AES128-GCM-SHA256", 0x009F: "DHE-RSA-AES256-GCM-SHA384",
    0xC009: "ECDHE-ECDSA-AES128-SHA", 0xC00A: "ECDHE-ECDSA-AES256-SHA", 0xC013: "ECDHE-RSA-AES128-SHA",
    0xC014: "ECDHE-RSA-AES256-SHA", 0xC023: "ECDHE-ECDSA-AES128-SHA256", 0xC024: "ECDHE-ECDSA-AES256-SHA384",
    0xC027: "ECDHE-RSA-AES128-SHA256", 0xC028: "ECDHE-RSA-AES256-SHA384", 0x002F: "AES128-SHA", 0x0035: "AES256-SHA",
    0x003C: "AES128-SHA256", 0x003D: "AES256-SHA256", 0x000A: "DES-CBC3-SHA",
    0x00FF: "renegotiation indication (no cipher)", 0x5600: "fallback signal (no cipher)",
}  # fmt: skip
_SERVER_NAME, _ALPN, _SUPPORTED_VERSIONS = 0, 16, 43


@dataclass
class ClientHello:
    """What a client offers, as far as it could be read."""

    versions: list[str] = field(default_factory=list)
    """Best first, as the client lists them."""
    ciphers: list[str] = field(default_factory=list)
    server_name: str | None = None
    """The host that the client asks for (SNI, RFC 6066 section 3)."""
    alpn: list[str] = field(default_factory=list)
    """The protocols that the client speaks (RFC 7301)."""
    whole: bool = False
    """It was read to its end."""

    def describe(self) -> str:
        """In one line."""
        name = f" for {self.server_name}" if self.server_name is not None else ", which names no host"
        offers = [" or ".join(self.versions)] if self.versions else []
        if self.alpn:
            offers.append(f"{', '.join(self.alpn)} by ALPN")
        count = len(self.ciphers)
        offers.append(f"{count} cipher{'' if count == 1 else 's'}")
        return f"ClientHello{name}: offers {'; '.join(offers)}"


@dataclass
class ServerHello:
    """What a server chose, as far as it could be read."""

    version: str = ""
    cipher: str = ""
    alpn: str | None = None
    """In the clear up to TLS 1.2 only."""
    retry: bool = False
    """It asks the client for another hello."""
    whole: bool = False
    """It was read to its end."""

    def describe(self) -> str:
        """In one line."""
        if self.retry:
            return "HelloRetryRequest: the client shall say hello again, with other key material"
        chosen = ", ".join(part for part in (self.version, self.cipher, self.alpn) if part)
        return f"ServerHello: chooses {chosen or 'nothing that can be read'}"


class _Cursor:
    """Reads numbers and counted pieces; EOFError where the bytes end too early."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise EOFError
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def piece(self, size: int) -> _Cursor:
        """A piece whose length comes before it, in `size` bytes."""
        return _Cursor(self.take(self.number(size)))

    def numbers(self) -> Iterator[int]:
        """All that is left, as numbers of two bytes."""
        while self.at < len(self.data):
            yield self.number(2)


def version_name(number: int) -> str:
    """ "TLS 1.2" for 0x0303."""
    return VERSIONS.get(number) or f"version 0x{number:04x}"


def cipher_name(number: int) -> str:
    """OpenSSL's name of a cipher suite, or its number."""
    return _CIPHERS.get(number) or f"cipher 0x{number:04x}"


def read_client_hello(body: bytes) -> ClientHello:
    """Read the body of a ClientHello (RFC 8446 section 4.1.2)."""
    hello, cursor = ClientHello(), _Cursor(body)
    try:
        oldest = version_name(cursor.number(2))
        hello.versions = [oldest]
        cursor.take(32)
        cursor.piece(1)
        hello.ciphers = [cipher_name(one) for one in cursor.piece(2).numbers() if not _is_grease(one)][:MOST_NAMES]
        cursor.piece(1)
        for kind, extension in _extensions(cursor):
            _read_offer(hello, kind, extension)
        hello.whole = True
    except EOFError:
        pass
    return hello


def read_server_hello(body: bytes) -> ServerHello:
    """Read the body of a ServerHello (RFC 8446 section 4.1.3)."""
    hello, cursor = ServerHello(), _Cursor(body)
    try:
        hello.version = version_name(cursor.number(2))
        hello.retry = cursor.take(32) == RETRY
        cursor.piece(1)
        hello.cipher = cipher_name(cursor.number(2))
        cursor.take(1)
        for kind, extension in _extensions(cursor):
            if kind == _SUPPORTED_VERSIONS:
                hello.version = version_name(extension.number(2))
            elif kind == _ALPN:
                hello.alpn = _text(extension.piece(2).piece(1).data)
        hello.whole = True
    except EOFError:
        pass
    return hello


def _extensions(cursor: _Cursor) -> Iterator[tuple[int, _Cursor]]:
    if cursor.at < len(cursor.data):
        block = cursor.piece(2)
        while block.at < len(block.data):
            yield block.number(2), block.piece(2)


def _read_offer(hello: ClientHello, kind: int, extension: _Cursor) -> None:
    if kind == _SERVER_NAME and extension.data:
        names = extension.piece(2)
        if names.number(1) == 0:
            hello.server_name = _text(names.piece(2).data)
    elif kind == _ALPN:
        names = extension.piece(2)
        while names.at < len(names.data) and len(hello.alpn) < MOST_NAMES:
            name = names.piece(1).data
            if not (len(name) == 2 and _is_grease(int.from_bytes(name, "big"))):
                hello.alpn.append(_text(name))
    elif kind == _SUPPORTED_VERSIONS:
        numbers = [one for one in extension.piece(1).numbers() if not _is_grease(one)]
        hello.versions = [version_name(one) for one in numbers][:MOST_NAMES]


def _is_grease(number: int) -> bool:
    """A value that means nothing; clients send some, so that servers learn to pass over them (RFC 8701)."""
    return number & 0x0F0F == 0x0A0A and number >> 8 == number & 0xFF


def _text(data: bytes) -> str:
    """At most 255 printable characters."""
    return "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in data[:255])
