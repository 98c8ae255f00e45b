"""The kinds of body that a handler may return, as bytes or as a thing to send piece by piece."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from typing import Any

BLOCK = 65536
"""Bytes read at a time from a file that is sent in pieces."""


class FileSlice:
    """`length` bytes of an open binary file from `start`, sent without copying where possible.

    The engine closes the file when the response has ended.
    """

    __slots__ = ("file", "start", "length")

    def __init__(self, file: Any, start: int, length: int) -> None:
        self.file = file
        self.start = start
        self.length = length

    def fileno(self) -> int:
        """The file's descriptor."""
        number: int = self.file.fileno()
        return number

    def read_all(self) -> bytes:
        """The whole slice. Raises OSError, EOFError when the file has become shorter."""
        data = os.pread(self.fileno(), self.length, self.start)
        if len(data) != self.length:
            raise EOFError(f"the file became shorter while it was sent: {self.length - len(data)} bytes are missing")
        return data

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def __repr__(self) -> str:
        return f"<FileSlice {self.start}+{self.length} of {self.file!r}>"


def slice_of_file(file: Any) -> FileSlice | None:
    """The rest of `file` as a FileSlice if it is a regular file on disk, else None."""
    try:
        number = file.fileno()
        state = os.fstat(number)
        if not stat.S_ISREG(state.st_mode):
            return None
        start = file.tell()
    except (AttributeError, OSError, ValueError):
        return None
    return FileSlice(file, start, max(0, state.st_size - start))


class FileBlocks:
    """A file-like object as an iterator of blocks; closes the file with itself."""

    __slots__ = ("file",)

    def __init__(self, file: Any) -> None:
        self.file = file

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        block = self.file.read(BLOCK)
        if not block:
            raise StopIteration
        return block

    def close(self) -> None:
        """Close the file if it can be closed."""
        close = getattr(self.file, "close", None)
        if close is not None:
            close()


def encode_chunk(chunk: Any, charset: str) -> bytes:
    """One piece of a body as bytes. Raises TypeError that names the type."""
    if isinstance(chunk, bytes):
        return chunk
    if isinstance(chunk, str):
        return chunk.encode(charset)
    if isinstance(chunk, (bytearray, memoryview)):
        return bytes(chunk)
    raise TypeError(f"a handler's body holds {type(chunk).__name__}, where str or bytes must stand: {chunk!r:.60}")


def join_pieces(pieces: Iterable[Any], charset: str) -> bytes:
    """All pieces of a list as one bytes object."""
    return b"".join([encode_chunk(piece, charset) for piece in pieces])
