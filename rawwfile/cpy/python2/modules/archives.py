"""gzip, zlib, array, marshal, shelve, anydbm, bz2: data in files and streams as text of bytes."""

from __future__ import annotations

import array
import bz2
import dbm
import gzip
import marshal
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from rawwfile.cpy.python2.modules.data import checksum, in_text, to_bytes, to_text
from rawwfile.cpy.python2.runtime.text import repr_of


class ByteFile:
    """A file of byte text as the file of bytes that today's modules work on."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def read(self, size: int = -1) -> bytes:
        return bytes(to_bytes(self.inner.read(size)))

    def write(self, data: bytes) -> int:
        self.inner.write(to_text(bytes(data)))
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        self.inner.seek(offset, whence)
        return int(self.inner.tell())

    def readable(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class GzipFile:
    """gzip.GzipFile."""

    softspace = 0

    def __init__(
        self, filename: Any = None, mode: Any = None, compresslevel: int = 9, fileobj: Any = None, mtime: Any = None
    ) -> None:
        mode = mode or getattr(fileobj, "mode", None) or "rb"
        mode = mode if "b" in mode else mode + "b"
        # Today's module would open the name; 2.x only wrote it into the header.
        self._inner: Any = gzip.GzipFile(filename, mode, compresslevel, fileobj and ByteFile(fileobj), mtime)
        self.fileobj, self.mode, self.filename = fileobj, mode, filename

    def write(self, text: Any) -> None:
        self._inner.write(to_bytes(text))

    def writelines(self, texts: Any) -> None:
        for text in texts:
            self.write(text)

    def read(self, size: int = -1) -> str:
        return to_text(self._inner.read(size))

    def readline(self, size: int = -1) -> str:
        return to_text(self._inner.readline(size))

    def readlines(self, hint: int = 0) -> list[str]:
        return [to_text(line) for line in self._inner.readlines(hint)]

    def __iter__(self) -> Iterator[str]:
        return map(to_text, self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class _Stream:
    """A compressor or decompressor of byte text."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def compress(self, text: str) -> str:
        return to_text(self._inner.compress(to_bytes(text)))

    def decompress(self, text: str, *limit: int) -> str:
        return to_text(self._inner.decompress(to_bytes(text), *limit))

    def flush(self, *mode: int) -> str:
        return to_text(self._inner.flush(*mode))

    def copy(self) -> _Stream:
        return _Stream(self._inner.copy())

    def __getattr__(self, name: str) -> Any:
        return to_text(getattr(self._inner, name))


def zlib_names(_: Any) -> dict[str, Any]:
    """Return the names of zlib."""
    return {"compress": in_text(zlib.compress), "decompress": in_text(zlib.decompress),
            "compressobj": lambda *arguments: _Stream(zlib.compressobj(*arguments)),
            "decompressobj": lambda *arguments: _Stream(zlib.decompressobj(*arguments)),
            "crc32": checksum(zlib.crc32), "adler32": checksum(zlib.adler32)}  # fmt: skip


class Array(array.array):  # type: ignore[type-arg]
    """array.array of 2.x; the code 'c' is one of characters."""

    letters = False

    def __new__(cls, code: str, values: Any = ()) -> Any:
        letters = code == "c"
        values = to_bytes(values) if isinstance(values, str) else list(map(ord, values)) if letters else values
        made = super().__new__(cls, "B" if letters else code, values)
        made.letters = letters
        return made

    def _in(self, value: Any) -> Any:
        return ord(value) if self.letters else value

    def _out(self, value: Any) -> Any:
        return chr(value) if self.letters else value

    def __getitem__(self, index: Any) -> Any:
        value = super().__getitem__(index)
        if isinstance(index, slice):
            made: Any = Array("c" if self.letters else self.typecode)
            array.array.extend(made, value)
            return made
        return self._out(value)

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(index, value if isinstance(index, slice) else self._in(value))

    def __iter__(self) -> Any:
        return map(self._out, super().__iter__())

    def append(self, value: Any) -> None:
        super().append(self._in(value))

    def insert(self, place: int, value: Any) -> None:
        super().insert(place, self._in(value))

    def count(self, value: Any) -> int:
        return super().count(self._in(value))

    def index(self, value: Any) -> int:  # type: ignore[override]
        return super().index(self._in(value))

    def pop(self, place: int = -1) -> Any:
        return self._out(super().pop(place))

    def remove(self, value: Any) -> None:
        super().remove(self._in(value))

    def extend(self, values: Any) -> None:
        plain = isinstance(values, array.array) and not self.letters
        super().extend(values if plain else array.array(self.typecode, map(self._in, values)))

    fromlist = extend

    def tolist(self) -> list[Any]:
        return list(self)

    def tostring(self) -> str:
        return to_text(self.tobytes())

    def fromstring(self, text: str) -> None:
        self.frombytes(to_bytes(text))

    def tofile(self, file: Any) -> None:
        file.write(self.tostring())

    write = tofile

    def fromfile(self, file: Any, count: int) -> None:
        self.fromstring(file.read(count * self.itemsize))

    read = fromfile

    def __repr__(self) -> str:
        inside = self.tostring() if self.letters else self.tolist()
        code = "c" if self.letters else self.typecode
        return f"array({code!r}, {repr_of(inside)})"


class Dbm:
    """What anydbm.open gives."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getitem__(self, key: str) -> str:
        try:
            return to_text(self._inner[to_bytes(key)])
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key: str, value: str) -> None:
        self._inner[to_bytes(key)] = to_bytes(value)

    def __delitem__(self, key: str) -> None:
        del self._inner[to_bytes(key)]

    def __contains__(self, key: str) -> bool:
        return to_bytes(key) in self._inner

    has_key = __contains__

    def keys(self) -> list[str]:
        return [to_text(key) for key in self._inner.keys()]

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self._inner)

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default

    def values(self) -> list[str]:
        return [self[key] for key in self.keys()]

    def items(self) -> list[tuple[str, str]]:
        return [(key, self[key]) for key in self.keys()]

    def close(self) -> None:
        self._inner.close()

    def sync(self) -> None:
        if hasattr(self._inner, "sync"):
            self._inner.sync()


def dbm_open(name: str, flag: str = "r", mode: int = 0o666) -> Dbm:
    """anydbm.open."""
    return Dbm(dbm.open(name, flag, mode))  # type: ignore[arg-type]


def gzip_names(_: Any) -> dict[str, Any]:
    """Return the names of gzip."""

    def opened(filename: str, mode: str = "rb", compresslevel: int = 9) -> GzipFile:
        return GzipFile(filename, mode, compresslevel)

    return {"GzipFile": GzipFile, "open": opened, "compress": in_text(gzip.compress),
            "decompress": in_text(gzip.decompress)}  # fmt: skip


def marshal_names(_: Any) -> dict[str, Any]:
    """Return the names of marshal."""
    return {"dumps": lambda value, *version: to_text(marshal.dumps(value, *version)),
            "loads": lambda text: to_text(marshal.loads(to_bytes(text))),
            "dump": lambda value, file, *version: file.write(to_text(marshal.dumps(value, *version))),
            "load": lambda file: to_text(marshal.loads(to_bytes(file.read())))}  # fmt: skip


class ZipFile(zipfile.ZipFile):
    """zipfile.ZipFile: contents are byte text."""

    def __init__(self, file: Any, mode: Any = "r", *rest: Any) -> None:
        found: Any = file if isinstance(file, str) else ByteFile(file)
        super().__init__(found, mode, *rest)

    def read(self, name: Any, *rest: Any) -> Any:
        return to_text(super().read(name, *rest))

    def writestr(self, name: Any, data: Any, *rest: Any) -> None:
        super().writestr(name, to_bytes(data), *rest)


def bz2_names(_: Any) -> dict[str, Any]:
    """Return the names of bz2."""
    return {"compress": in_text(bz2.compress), "decompress": in_text(bz2.decompress)}


_DBM: tuple[str, Any] = ("dbm", lambda _: {"open": dbm_open})
MODULES: dict[str, tuple[str, Any]] = {
    "gzip": ("gzip", gzip_names),
    "zlib": ("zlib", zlib_names),
    "bz2": ("bz2", bz2_names),
    "zipfile": ("zipfile", lambda _: {"ZipFile": ZipFile, "BadZipfile": zipfile.BadZipFile}),
    "array": ("array", lambda _: {"array": Array, "ArrayType": Array}),
    "marshal": ("marshal", marshal_names),
    "anydbm": _DBM, "dumbdbm": _DBM, "dbm": _DBM, "gdbm": _DBM, "dbhash": _DBM,
}  # fmt: skip
