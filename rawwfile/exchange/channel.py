"""The narrow door between an exchange and its connection."""

from __future__ import annotations

from typing import Any, Protocol

from rawwfile.http.reader import RequestReader


class Channel(Protocol):
    """One connection as an exchange sees it. Every method may be called from one thread only."""

    reader: RequestReader
    """Parses what the client sends; holds the bytes that have not been read."""

    scheme: str
    """"http" or "https"."""

    number: int
    """Counts the connections of this server from 1."""

    def receive(self, timeout: float | None) -> bytes:
        """Wait for bytes; b"" when the client has closed its side.

        timeout: seconds without a byte. Raises TimeoutError, ClientDisconnected.
        """

    def send(self, data: bytes) -> None:
        """Give all of `data` to the kernel, waiting while the client is slow.

        Raises ClientDisconnected when it is gone, or takes nothing for the send time-out.
        """

    def send_last(self, data: bytes, rest: Any = None) -> bool:
        """Like `send` for the end of a response, but without waiting.

        rest: a FileSlice or memoryview that follows data. What the kernel does not take at once is sent by the
        server on its own. True if everything is out already. Raises ClientDisconnected.
        """

    def hand_over(self) -> None:
        """The calling thread is about to wait: let another one serve the other connections."""

    def announce(self, handler: Any) -> None:
        """`handler` is about to be called; one that is known to wait is handed over for."""

    def peer(self) -> tuple[str, int]:
        """Address and port of the client; ("", 0) for a Unix socket."""

    def local(self) -> tuple[str, int]:
        """Address and port the client connected to; ("", 0) for a Unix socket."""

    def tls(self) -> Any:
        """What the TLS handshake agreed on (`server.tls_connection.TlsInfo`); None without TLS."""
