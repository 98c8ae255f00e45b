"""`response.wfile`: the connection as a binary file, for handlers that write the whole response."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected
from rawwfile.http.observe import ResponseObserver

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange


_GOES_ON = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


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
        self._send: Callable[[bytes], object] = exchange.channel.send
        self.observer = ResponseObserver(
            head.method.decode("ascii"), client_version=(1, head.minor), client_keeps=head.keep_alive
        )
        self.lost: ClientDisconnected | None = None
        self._latest_loss: ClientDisconnected | None = None
        self._abandoned = False

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
                self.lost, self._latest_loss = self.lost or error, error
                if self._abandoned:
                    return count
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

    def abandon(self) -> None:
        """The client is gone and the handler has returned: collect the files that it had opened on this one.

        GzipFile, ZipFile and their kind write their end when they are collected, and then nobody is there to take
        an exception: Python would print it with its traceback, for each client that leaves. So what they write
        meanwhile is dropped.
        """
        if self.lost is None or self._latest_loss is None:
            return
        losses: list[BaseException] = [self.lost, self._latest_loss]
        self._send, self._abandoned = self._refuse, True
        for frame in _ended_frames(losses):
            try:
                frame.clear()
            except RuntimeError:  # another thread has caught the exception, and goes on
                pass

    def _refuse(self, _data: bytes) -> None:
        raise ClientDisconnected("the client is gone")

    def __repr__(self) -> str:
        return f"<response.wfile, {self.observer.bytes_seen} bytes written, {self.observer.verdict}>"


def _bytes_of(data: Any) -> bytes:
    try:
        return memoryview(data).tobytes()
    except TypeError:
        raise TypeError(f"response.wfile.write takes str or bytes, not {type(data).__name__}") from None


def _ended_frames(errors: list[BaseException]) -> Iterator[FrameType]:
    """The functions that the exceptions and those before them went through; no generators, which may go on."""
    seen: set[int] = set()
    while errors:
        error = errors.pop()
        if id(error) in seen:
            continue
        seen.add(id(error))
        if error.__context__ is not None:
            errors.append(error.__context__)
        step = error.__traceback__
        while step is not None:
            if not step.tb_frame.f_code.co_flags & _GOES_ON:
                yield step.tb_frame
            step = step.tb_next
