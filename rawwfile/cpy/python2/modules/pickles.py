"""cPickle, pickle, shelve: pickles that Python 2 can read, and that it wrote.

Byte text and unicode strings stay apart, and classes are those of the module that asks, so that an
application's own are found.
"""

from __future__ import annotations

import io
import pickle
import struct
import sys
from typing import Any

from rawwfile.cpy.python2.modules.data import to_bytes, to_text
from rawwfile.cpy.python2.runtime.text import long, of, repr_of, unicode

_BASE: Any = pickle._Pickler  # type: ignore[attr-defined]
_READER: Any = pickle._Unpickler  # type: ignore[attr-defined]


class _Writer(_BASE):  # type: ignore[misc]
    """Writes what Python 2 would have written."""

    dispatch = dict(_BASE.dispatch)
    counts_from = 0
    """The first number in the memo. cPickle began at 1, and left single characters out."""

    def memoize(self, value: Any) -> None:
        if not (self.counts_from and type(value) is str and len(value) < 2):
            number = len(self.memo) + self.counts_from
            self.write(self.put(number))
            self.memo[id(value)] = number, value

    def save_text(self, value: str) -> None:
        data = value.encode("latin-1")
        if not self.bin:
            self.write(b"S" + repr_of(value).encode("ascii") + b"\n")
        elif len(data) < 256:
            self.write(b"U" + struct.pack("<B", len(data)) + data)
        else:
            self.write(b"T" + struct.pack("<i", len(data)) + data)
        self.memoize(value)

    def save_unicode(self, value: unicode) -> None:
        if self.bin:
            data = str(value).encode("utf-8", "surrogatepass")
            self.write(b"X" + struct.pack("<I", len(data)) + data)
        else:
            escaped = str(value).replace("\\", "\\u005c").replace("\n", "\\u000a")
            self.write(b"V" + escaped.encode("raw-unicode-escape") + b"\n")
        self.memoize(value)

    def save_long(self, value: int) -> None:
        if self.proto >= 2:
            _BASE.save_long(self, int(value))
        else:
            self.write(b"L%dL\n" % value)

    def save_class(self, value: type, name: Any = None) -> None:
        # Not looked up as today's does: the application's modules are not in sys.modules.
        if value.__module__ in sys.modules and value.__module__ != "__main__":
            _BASE.save_global(self, value, name)
            return
        self.write(b"c" + f"{value.__module__}\n{name or value.__name__}\n".encode())
        self.memoize(value)

    def save_global(self, value: Any, name: Any = None) -> None:
        self.save_class(value, name) if isinstance(value, type) else _BASE.save_global(self, value, name)

    dispatch[str] = save_text
    dispatch[unicode] = save_unicode
    dispatch[long] = save_long

    def save_type(self, value: Any) -> None:
        self.save_global(value) if value not in (type(None), type(NotImplemented), type(...)) else _BASE.save_type(
            self, value
        )

    dispatch[type] = save_type


class _Reader(_READER):  # type: ignore[misc]
    """Reads what Python 2 wrote. scope: the names of the module that asks; importer: of the application."""

    dispatch = dict(_READER.dispatch)
    scope: dict[str, Any]
    importer: Any

    def find_class(self, module: str, name: str) -> Any:
        """Return a class by the names that stand in the pickle."""
        if module in (self.scope.get("__name__"), "__main__") and name in self.scope:
            return self.scope[name]
        found = self.importer.load(module) if self.importer is not None else None
        return getattr(found, name) if found is not None and hasattr(found, name) else super().find_class(module, name)

    def load_unicode(self) -> None:
        self.append(of(self.readline()[:-1].decode("raw-unicode-escape")))

    def load_binunicode(self) -> None:
        (size,) = struct.unpack("<I", self.read(4))
        self.append(of(self.read(size).decode("utf-8", "surrogatepass")))

    def load_long(self) -> None:
        self.append(long(int(self.readline()[:-1].rstrip(b"L"))))

    dispatch[b"V"[0]] = load_unicode
    dispatch[b"X"[0]] = load_binunicode
    dispatch[b"L"[0]] = load_long


def _scope() -> dict[str, Any]:
    """Return the global names of the application code that called."""
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") in (__name__, "pickle"):
        frame = frame.f_back
    return frame.f_globals if frame is not None else {}


def c_names(importer: Any) -> dict[str, Any]:
    """Return the names of cPickle."""
    return names(importer, counts_from=1)


def names(importer: Any, counts_from: int = 0) -> dict[str, Any]:
    """Return the names of pickle."""

    class Pickler:
        def __init__(self, file: Any, protocol: Any = 0, bin: Any = None) -> None:
            self._file, self._protocol = file, protocol or bin or 0

        def dump(self, value: Any) -> Pickler:
            self._file.write(dumps(value, self._protocol))
            return self

        def clear_memo(self) -> None:
            """Each dump begins anew."""

    class Unpickler:
        def __init__(self, file: Any) -> None:
            self._file = file

        def load(self) -> Any:
            start = self._file.tell()
            source = io.BytesIO(to_bytes(self._file.read()))
            try:
                return read(source)
            finally:
                self._file.seek(start + source.tell())

    def read(source: io.BytesIO) -> Any:
        reader = _Reader(source, encoding="latin-1")
        reader.scope, reader.importer = _scope(), importer
        return reader.load()

    def dumps(value: Any, protocol: Any = 0, bin: Any = None) -> str:
        out = io.BytesIO()
        number = protocol or bin or 0
        writer = _Writer(out, 2 if number < 0 else int(number))
        writer.counts_from = counts_from
        writer.dump(value)
        return to_text(out.getvalue())

    def loads(text: str) -> Any:
        return read(io.BytesIO(to_bytes(text)))

    return {"Pickler": Pickler, "Unpickler": Unpickler, "dumps": dumps, "loads": loads,
            "dump": lambda value, file, protocol=0, bin=None: Pickler(file, protocol, bin).dump(value) and None,
            "load": lambda file: Unpickler(file).load(), "HIGHEST_PROTOCOL": 2, "format_version": "2.0",
            "BadPickleGet": pickle.UnpicklingError}  # fmt: skip


def shelve_names(importer: Any) -> dict[str, Any]:
    """Return the names of shelve."""
    from rawwfile.cpy.python2.modules.archives import Dbm, dbm_open

    pickles = names(importer)

    class Shelf(Dbm):
        def __init__(self, inner: Any, protocol: Any = None, writeback: Any = False, binary: Any = None) -> None:
            super().__init__(inner._inner if isinstance(inner, Dbm) else inner)
            self.writeback = writeback
            self.cache: dict[str, Any] = {}

        def __getitem__(self, key: str) -> Any:
            if key in self.cache:
                return self.cache[key]
            value = pickles["loads"](super().__getitem__(key))
            if self.writeback:
                self.cache[key] = value
            return value

        def __setitem__(self, key: str, value: Any) -> None:
            if self.writeback:
                self.cache[key] = value
            super().__setitem__(key, pickles["dumps"](value))

        def sync(self) -> None:
            for key, value in self.cache.items():
                super().__setitem__(key, pickles["dumps"](value))
            super().sync()

        def close(self) -> None:
            self.sync()
            super().close()

    def opened(
        filename: str, flag: str = "c", protocol: Any = None, writeback: Any = False, binary: Any = None
    ) -> Shelf:
        return Shelf(dbm_open(filename, flag), protocol, writeback, binary)

    return {"open": opened, "Shelf": Shelf, "DbfilenameShelf": opened, "BsdDbShelf": Shelf}


MODULES: dict[str, tuple[str, Any]] = {
    "cPickle": ("pickle", c_names),
    "pickle": ("pickle", names),
    "shelve": ("", shelve_names),
}
