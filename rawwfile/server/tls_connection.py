"""A connection over TLS: the same steps, with memory buffers between the socket and the bytes.

`ssl.MemoryBIO` keeps the handshake and every read from blocking, and leaves both sides of the
cipher in our hands.
"""

from __future__ import annotations

import logging
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected
from rawwfile.exchange.body import BLOCK, FileSlice
from rawwfile.server.connection import CLOSED, HANDSHAKE, LINGERING, RECEIVE, Connection, read_block
from rawwfile.server.tls import server_name_of

if TYPE_CHECKING:
    from rawwfile.server.loop import Loop

log = logging.getLogger("rawwfile")

HANDSHAKE_RECORD = 0x16
"""The first byte of every TLS connection (RFC 8446 section 5.1)."""

_PLAIN_HTTP = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n"
    b"Connection: close\r\n\r\n%b"
)
_PLAIN_TEXT = b"400 Bad Request\n\nThis port speaks HTTPS. Use https:// in the address instead of http://\n"


@dataclass(frozen=True, slots=True)
class TlsInfo:
    """What a handshake agreed on.

    version: "TLSv1.3". cipher: its OpenSSL name. alpn: "http/1.1" or None. server_name: the host
    the client asked for (SNI) or None. peer_certificate: as `ssl.SSLObject.getpeercert`, or None.
    """

    version: str | None
    cipher: str | None
    alpn: str | None
    server_name: str | None
    peer_certificate: dict[str, Any] | None


class TlsConnection(Connection):
    """See Connection. `backlog` is cipher text that the kernel has not taken yet."""

    __slots__ = ("backlog", "_incoming", "_outgoing", "_tls", "_info", "_greeted")
    scheme = "https"

    def __init__(
        self, loop: Loop, sock: socket.socket, number: int, peer: Any, deadline: float, context: ssl.SSLContext
    ) -> None:
        super().__init__(loop, sock, number, peer, deadline)
        self.state = HANDSHAKE
        self.backlog: memoryview | None = None
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._info: TlsInfo | None = None
        self._greeted = False

    # -- the handshake

    def handshake_now(self) -> bool:
        """Go on with the handshake; True when it is done. A failed one leaves the state CLOSED.

        The state is LINGERING where the client was told why. Raises OSError.
        """
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self.push_now()
                data = super().receive_now()
                if data is None:
                    return False
                if not data:
                    self.state = CLOSED
                    return False
                if not self._greet(data):
                    self.state = LINGERING
                    return False
                self._incoming.write(data)
            except ssl.SSLError as error:
                log.info("#%d TLS handshake failed: %s", self.number, error.reason or error)
                self.push_now()
                self.state = LINGERING
                return False
            else:
                self.push_now()
                return True

    def _greet(self, data: bytes) -> bool:
        """False if the first byte shows that the client does not speak TLS."""
        if self._greeted or data[0] == HANDSHAKE_RECORD:
            self._greeted = True
            return True
        if data[:1].isalpha():
            log.info("#%d plain HTTP on the TLS port: %r", self.number, data[:60])
            super().send_now(_PLAIN_HTTP % (len(_PLAIN_TEXT), _PLAIN_TEXT))
        else:
            log.info("#%d no TLS hello on the TLS port: %r", self.number, data[:20])
        return False

    # -- what never waits

    def receive_now(self) -> bytes | None:
        """See Connection. Reads every record that has come, so that none waits unseen."""
        parts: list[bytes] = []
        while True:
            try:
                data = self._tls.read(RECEIVE)
                if data:
                    parts.append(data)
                    continue
            except ssl.SSLWantReadError:
                if parts:
                    break
                self.push_now()
                raw = super().receive_now()
                if raw is None:
                    return None
                if raw:
                    self._incoming.write(raw)
                else:
                    self._incoming.write_eof()
                continue
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                pass
            except ssl.SSLError as error:
                raise ConnectionAbortedError(f"TLS: {error.reason or error}") from error
            if parts:
                self._show_end()
            break
        return b"".join(parts)

    def _show_end(self) -> None:
        """TLS says that nothing more will come: let the socket say so too, or nobody would look again."""
        try:
            self.sock.shutdown(socket.SHUT_RD)
        except OSError:
            pass

    def send_now(self, data: Any) -> int:
        """See Connection: how many bytes were encrypted; `backlog` holds what is not out yet."""
        if not self.push_now():
            return 0
        piece = memoryview(data)[:BLOCK]
        count = self._tls.write(piece) if len(piece) else 0
        self.push_now()
        return count

    def push_now(self) -> bool:
        """Send cipher text as far as the kernel takes it; True when none is left. Raises OSError."""
        while True:
            if self.backlog is None:
                if not self._outgoing.pending:
                    return True
                self.backlog = memoryview(self._outgoing.read())
            count = super().send_now(self.backlog)
            if not count:
                return False
            self.backlog = self.backlog[count:] if count < len(self.backlog) else None

    def send_file_now(self, part: FileSlice) -> int:
        """See Connection."""
        return self.send_now(read_block(part))

    @property
    def wants_write(self) -> bool:
        """See Connection."""
        return self.backlog is not None or super().wants_write

    def say_end(self) -> None:
        """See Connection: the close_notify that RFC 9112 section 9.8 asks of servers."""
        try:
            self._tls.unwrap()
        except (OSError, ValueError):
            pass
        try:
            self.push_now()
        except OSError:
            pass

    def half_close(self, whole: bool) -> None:
        """See Connection. Only a whole response is closed with close_notify: a cut one shows."""
        if whole:
            self.say_end()
        super().half_close(whole)

    def discard_now(self) -> int | None:
        """See Connection."""
        data = super().receive_now()
        return None if data is None else len(data)

    def send(self, data: bytes) -> None:
        """See Channel."""
        if self.broken:
            raise ClientDisconnected("the client is gone")
        view = memoryview(data)
        try:
            while True:
                view = view[self.send_now(view) :]
                if self.backlog is not None:
                    self._wait_to_send()
                elif not view:
                    return
        except OSError as error:
            raise self._lost(error) from error

    def tls(self) -> TlsInfo:
        """See Channel."""
        if self._info is None:
            cipher = self._tls.cipher()
            self._info = TlsInfo(
                version=self._tls.version(),
                cipher=cipher[0] if cipher else None,
                alpn=self._tls.selected_alpn_protocol(),
                server_name=server_name_of(self._tls),
                peer_certificate=self._tls.getpeercert() or None,
            )
        return self._info
