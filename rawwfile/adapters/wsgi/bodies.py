"""What a WSGI application returns, as a body for the response engine."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from rawwfile.exchange.body import FileSlice, slice_of_file

if TYPE_CHECKING:
    from rawwfile.adapters.wsgi.reply import Reply


class FileWrapper:
    """`wsgi.file_wrapper`: a file as an iterable of blocks; one on disk is sent by the kernel."""

    def __init__(self, file: Any, block_size: int = 65536) -> None:
        self.file = file
        self.block_size = block_size
        self._close: Callable[[], None] | None = getattr(file, "close", None)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block: bytes = self.file.read(self.block_size)
        if not block:
            raise StopIteration
        return block

    def fileno(self) -> int:
        """The file's descriptor."""
        number: int = self.file.fileno()
        return number

    def up_to(self, length: int) -> Iterator[bytes]:
        """The blocks, but not more than `length` bytes: what a Content-Length leaves room for."""
        while length > 0 and (block := self.file.read(min(self.block_size, length))):
            length -= len(block)
            yield block

    def close(self) -> None:
        """Close the file, once, if it can be closed."""
        close, self._close = self._close, None
        if close is not None:
            close()


class Body:
    """The chunks of one application, for the engine; the first that is not empty fixes the head.

    result: what the application returned; its close() is called once, by `close`.
    """

    __slots__ = ("_chunks", "_close", "_ended", "_first", "_reply", "_single")

    def __init__(self, reply: Reply, result: Any, chunks: Iterator[Any]) -> None:
        self._reply = reply
        self._chunks = chunks
        self._close: Callable[[], None] | None = closer(result)
        # PEP 3333, "Handling the Content-Length Header": one chunk is all there is.
        self._single = _length(result) == 1
        self._first = b""
        self._ended = False

    def __iter__(self) -> Body:
        return self

    def prime(self) -> None:
        """Advance to the first chunk that is not empty, or to the end; or until the response is written by hand.

        Raises what the application raises.
        """
        while not (self._first or self._ended or self._reply.wrote_raw):
            self._first = self._advance()

    def __next__(self) -> bytes:
        data, self._first = self._first, b""
        if not data and not self._ended:
            data = self._advance()
        if not data and self._ended:
            raise StopIteration
        return data

    def _advance(self) -> bytes:
        """The next chunk, perhaps empty; b"", and `_ended`, at the end."""
        reply = self._reply
        for chunk in self._chunks:
            if type(chunk) is not bytes or reply.lenient:
                chunk = reply.encode(chunk)
            if chunk and not reply.fixed and not reply.wrote_raw:
                reply.fix(len(chunk) if self._single else None)
            return chunk
        self._ended = True
        rest = reply.rest()
        if not reply.fixed and not reply.wrote_raw:
            # Also without a byte of content the length is known: there is none.
            reply.fix(0)
        return rest

    def close(self) -> None:
        """Close the application's object, once; raises what it raises."""
        close, self._close = self._close, None
        if close is not None:
            close()


def file_part(wrapper: FileWrapper, length: int | None) -> FileSlice | None:
    """The wrapped file from where it stands, up to the Content-Length; None if it is not on disk.

    A file shorter than its Content-Length is no slice either: in chunks, the cut shows. Nor is a
    file of text, whose characters are not its bytes.
    """
    if isinstance(wrapper.file, io.TextIOBase):
        return None
    part = slice_of_file(wrapper.file)
    if part is None or (length is not None and length > part.length):
        return None
    return FileSlice(wrapper, part.start, part.length if length is None else length)


def closer(result: Any) -> Callable[[], None]:
    """What closes `result`; it may have no close()."""
    close: Callable[[], None] = getattr(result, "close", None) or _nothing
    return close


def closes_itself(result: Iterable[Any]) -> bool:
    """`result` has a close() of its own to be called."""
    return hasattr(result, "close")


def _length(result: Any) -> int | None:
    try:
        return len(result)
    except TypeError:
        return None


def _nothing() -> None:
    """Closes what has no close()."""
