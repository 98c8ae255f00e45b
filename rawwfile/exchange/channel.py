"""The narrow door between an exchange and its connection."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from rawwfile.http.reader import RequestReader

OPEN, ENDED, GONE = range(3)
"""A client that may still send; one that has said it sends no more; one that is not there."""


class Handle(Protocol):
    """Something that was asked for and can be taken back."""

    def cancel(self) -> None:
        """Take it back; nothing if it is over."""


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

    def begin_stream(self) -> bool:
        """The response is a stream: its thread counts among those of streams. False: there are too many."""

    def client_state(self) -> int:
        """OPEN, ENDED or GONE, as far as the kernel knows. Never waits."""

    def await_reset(self, seconds: float) -> bool:
        """Whether the client answers what was just sent with a reset."""

    def wait(self, timeout: float | None, readable: Iterable[int], mind_end: bool) -> list[int]:
        """Wait for descriptors, `timeout` seconds at most; those that are ready.

        mind_end: a client that has ended its sending counts as gone. Raises ClientGone, Shutdown.
        """

    def watch(self, callback: Callable[[bool], Any]) -> Handle:
        """Call `callback(reset)` in another thread when the client ends its sending (False) or is gone (True).

        It may be called for both, and at once if it is so already; also when the server stops (False).
        """

    def call_at(self, when: float, callback: Callable[[], Any]) -> Handle:
        """Call `callback` in another thread at monotonic time `when`; it must not wait."""

    def try_send(self, data: bytes) -> int:
        """Give to the kernel what it takes without waiting; how many bytes. Raises OSError."""

    @property
    def stopping(self) -> bool:
        """The server stops: waits end, and endless streams should."""

    @property
    def streams_over(self) -> bool:
        """The grace of a stopping server is nearly used up: streams end at their next piece."""

    def announce(self, handler: Any) -> None:
        """`handler` is about to be called; one that is known to wait is handed over for."""

    def peer(self) -> tuple[str, int]:
        """Address and port of the client; ("", 0) for a Unix socket."""

    def local(self) -> tuple[str, int]:
        """Address and port the client connected to; ("", 0) for a Unix socket."""

    def tls(self) -> Any:
        """What the TLS handshake agreed on (`server.tls_connection.TlsInfo`); None without TLS."""
