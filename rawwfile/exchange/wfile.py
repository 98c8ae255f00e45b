"""`response.wfile`: the connection as a binary file, for handlers that write the whole response."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected
from rawwfile.http.observe import ResponseObserver

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange


class RawWriter(io.BufferedIOBase):
    """Each write goes out at once, byte for byte, before it returns; nothing is added or held back.

    Takes bytes-like objects and str (encoded with `response.charset`). What is written is read
    along by `observer`, which is `response.observed`. Raises ClientDisconnected when the client is
    gone. Closing it ends the writing, not the connection; after the handler has returned it is
    closed. Source: spec section 7.5.
    """

    def __init__(self, exchange: Exchange) -> None:
        head = exchange.head
        self._exchange = exchange
        self._send = exchange.channel.send
        self.observer = ResponseObserver(
            head.method.decode("ascii"), client_version=(1, head.minor), client_keeps=head.keep_alive
        )
        self.lost: ClientDisconnected | None = None

    def writable(self) -> bool:
        """True until it is closed."""
        return not self.closed

    def write(self, data: Any) -> int:
        """Send `data`; how many bytes (for str: characters) that were.

        Raises ClientDisconnected; UnicodeEncodeError for a character that the charset lacks;
        ValueError after close; TypeError for what is neither text nor bytes.
        """
        if self.closed:
            raise ValueError("response.wfile is closed: the handler has returned, or closed it")
        if isinstance(data, str):
            count = len(data)
            data = self._encode(data)
        else:
            if not isinstance(data, bytes):
                data = _bytes_of(data)
            count = len(data)
        if data:
            if self._exchange.first_byte is None:
                self._exchange.mark_first_byte()
                self._exchange.channel.begin_stream()
            try:
                self._send(data)
            except ClientDisconnected as error:
                self.lost = self.lost or error
                raise
            self.observer.receive(data)
        return count

    def _encode(self, text: str) -> bytes:
        charset = self._exchange.response.charset
        try:
            return text.encode(charset)
        except UnicodeEncodeError as error:
            raise UnicodeEncodeError(
                error.encoding,
                error.object,
                error.start,
                error.end,
                f"{error.reason}: {text[error.start]!r} does not fit the charset {charset!r}; "
                "write bytes, or set response.charset",
            ) from None

    def flush(self) -> None:
        """Nothing to do: every write has gone out already."""
        if self.closed:
            raise ValueError("response.wfile is closed: the handler has returned, or closed it")

    def __repr__(self) -> str:
        return f"<response.wfile, {self.observer.bytes_seen} bytes written, {self.observer.verdict}>"


def _bytes_of(data: Any) -> bytes:
    try:
        return memoryview(data).tobytes()
    except TypeError:
        raise TypeError(f"response.wfile.write takes str or bytes, not {type(data).__name__}") from None
