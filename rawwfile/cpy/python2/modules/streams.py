"""codecs, pprint: unicode to and from files of byte text; byte text shown as 2.x showed it."""

from __future__ import annotations

import codecs
import pprint
from typing import Any

from rawwfile.cpy.python2.runtime.files import File
from rawwfile.cpy.python2.runtime.text import decode, encode, of, repr_of


class Stream:
    """A file of byte text through which unicode goes, in an encoding."""

    def __init__(self, stream: Any, encoding: str, errors: str = "strict") -> None:
        self.stream, self.encoding, self.errors = stream, encoding, errors

    def write(self, text: Any) -> None:
        self.stream.write(str.encode(text, self.encoding, self.errors).decode("latin-1"))

    def writelines(self, texts: Any) -> None:
        for text in texts:
            self.write(text)

    def read(self, size: int = -1, *_: Any) -> Any:
        return decode(self.stream.read(size), self.encoding, self.errors)

    def readline(self, *size: int) -> Any:
        return decode(self.stream.readline(*size), self.encoding, self.errors)

    def readlines(self, *_: Any) -> list[Any]:
        return [of(line) for line in str(self.read()).splitlines(True)]

    def __iter__(self) -> Any:
        return iter(self.readlines())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _opened(filename: str, mode: str = "rb", encoding: Any = None, errors: str = "strict", buffering: int = 1) -> Any:
    file = File(filename, mode)
    return Stream(file, encoding, errors) if encoding else file


def _maker(encoding: str) -> Any:
    return lambda stream, errors="strict": Stream(stream, encoding, errors)


def _lookup(encoding: str) -> tuple[Any, ...]:
    codecs.lookup(encoding)

    def encoded(text: Any, errors: str = "strict") -> tuple[Any, int]:
        made = encode(text, encoding, errors) if type(text) is str else text.encode(encoding, errors)
        return made, len(text)

    def decoded(text: str, errors: str = "strict") -> tuple[Any, int]:
        return decode(text, encoding, errors), len(text)

    return encoded, decoded, _maker(encoding), _maker(encoding)


def codecs_names(_: Any) -> dict[str, Any]:
    """Return the names of codecs."""
    marks = {name: getattr(codecs, name).decode("latin-1") for name in dir(codecs) if name.startswith("BOM")}
    return {
        **marks,
        "open": _opened,
        "getwriter": _maker,
        "getreader": _maker,
        "lookup": _lookup,
        "getencoder": lambda name: _lookup(name)[0],
        "getdecoder": lambda name: _lookup(name)[1],
        "encode": lambda text, encoding="ascii", errors="strict": _lookup(encoding)[0](text, errors)[0],
        "decode": lambda text, encoding="ascii", errors="strict": decode(text, encoding, errors),
    }


class PrettyPrinter(pprint.PrettyPrinter):
    """pprint.PrettyPrinter: text is never broken over lines."""

    _dispatch = {kind: how for kind, how in pprint.PrettyPrinter._dispatch.items() if kind is not str.__repr__}  # type: ignore[attr-defined]

    def format(self, value: Any, context: Any, maxlevels: int, level: int) -> Any:
        if isinstance(value, (str, int)):
            return repr_of(value), True, False
        return super().format(value, context, maxlevels, level)


def pprint_names(_: Any) -> dict[str, Any]:
    """Return the names of pprint."""

    def printed(value: Any, stream: Any = None, indent: int = 1, width: int = 80, depth: Any = None) -> None:
        PrettyPrinter(indent, width, depth, stream).pprint(value)

    def formatted(value: Any, indent: int = 1, width: int = 80, depth: Any = None) -> str:
        return PrettyPrinter(indent, width, depth).pformat(value)

    return {"PrettyPrinter": PrettyPrinter, "pprint": printed, "pformat": formatted, "saferepr": repr_of}


MODULES: dict[str, tuple[str, Any]] = {
    "codecs": ("codecs", codecs_names),
    "pprint": ("pprint", pprint_names),
}
