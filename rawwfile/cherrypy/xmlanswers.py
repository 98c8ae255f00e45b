"""XML-RPC answers, byte for byte as xmlrpclib of Python 2 wrote them (spec 13)."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Callable
from typing import Any

_MOST = 2**31 - 1
_LEAST = -(2**31)
_HEAD = b"<?xml version='1.0'?>\n<methodResponse>\n"
_TAIL = b"</methodResponse>\n"


def encode(value: Any, *, charset: str | None = None) -> bytes:
    """Return the response that carries `value`.

    charset: of the application's text; None is one character a byte: text whose bytes are UTF-8 is
    written as it is, other text as the UTF-8 of its characters, so that the XML is always sound.
    Raises TypeError and OverflowError, as xmlrpclib did, for what XML-RPC has no form for: None,
    numbers beyond 32 bits, functions and the like.
    """
    writer = _Writer(charset)
    writer.value(value)
    return b"".join([_HEAD, b"<params>\n<param>\n", *writer.out, b"</param>\n</params>\n", _TAIL])


def fault(code: int, text: str, *, charset: str | None = None) -> bytes:
    """Return the response that says that the call failed, with a number and a text."""
    writer = _Writer(charset)
    writer.value({"faultCode": code, "faultString": text})
    return b"".join([_HEAD, b"<fault>\n", *writer.out, b"</fault>\n", _TAIL])


class _Writer:
    def __init__(self, charset: str | None) -> None:
        self.out: list[bytes] = []
        self._charset = charset
        self._around: set[int] = set()

    def value(self, value: Any) -> None:
        """Write one `<value>`."""
        kind = type(value)
        writer = _WRITERS.get(kind)
        if writer is not None:
            writer(self, value)
        elif isinstance(value, str) and kind.__name__ == "unicode":
            self._string(str.__str__(value).encode("utf-8", "surrogateescape"))
        elif isinstance(value, int) and kind.__name__ == "long":
            self._whole(value, "long int")
        else:
            self._object(value, kind)

    def write(self, text: str) -> None:
        """Write text that is XML already."""
        self.out.append(text.encode("utf-8"))

    def _none(self, value: None) -> None:
        raise TypeError("cannot marshal None unless allow_none is enabled")

    def _boolean(self, value: bool) -> None:
        self.out.append(b"<value><boolean>%d</boolean></value>\n" % value)

    def _whole(self, value: int, name: str = "int") -> None:
        if not _LEAST <= value <= _MOST:
            raise OverflowError(f"{name} exceeds XML-RPC limits")
        self.out.append(b"<value><int>%d</int></value>\n" % value)

    def _number(self, value: float) -> None:
        self.write(f"<value><double>{value!r}</double></value>\n")

    def _text(self, value: str) -> None:
        self._string(self._bytes(value))

    def _string(self, data: bytes) -> None:
        self.out += (b"<value><string>", _escaped(data), b"</string></value>\n")

    def _bytes(self, text: str) -> bytes:
        if self._charset is not None:
            return text.encode(self._charset, "surrogateescape")
        if text.isascii():
            return text.encode("ascii")
        try:
            data = text.encode("latin-1")
            data.decode("utf-8")
            return data
        except UnicodeError:
            return text.encode("utf-8", "surrogatepass")

    def _binary(self, value: bytes) -> None:
        self.out += (b"<value><base64>\n", base64.encodebytes(value), b"</base64></value>\n")

    def _array(self, value: Any) -> None:
        self._enter(value, "sequences")
        self.out.append(b"<value><array><data>\n")
        for each in value:
            self.value(each)
        self.out.append(b"</data></array></value>\n")
        self._around.discard(id(value))

    def _struct(self, value: Any) -> None:
        self._enter(value, "dictionaries")
        self.out.append(b"<value><struct>\n")
        for name, each in value.items():
            if not isinstance(name, str):
                raise TypeError("dictionary key must be string")
            data = name.encode("utf-8") if type(name).__name__ == "unicode" else self._bytes(str(name))
            self.out += (b"<member>\n<name>", _escaped(data), b"</name>\n")
            self.value(each)
            self.out.append(b"</member>\n")
        self.out.append(b"</struct></value>\n")
        self._around.discard(id(value))

    def _enter(self, value: Any, name: str) -> None:
        if id(value) in self._around:
            raise TypeError(f"cannot marshal recursive {name}")
        self._around.add(id(value))

    def _time(self, value: datetime.datetime) -> None:
        stamp = f"{value.year:04d}{value:%m%dT%H:%M:%S}"
        self.write(f"<value><dateTime.iso8601>{stamp}</dateTime.iso8601></value>\n")

    def _object(self, value: Any, kind: type) -> None:
        """Binary (Python 2's too) and DateTime have forms of their own; another instance is a struct."""
        if kind.__name__ == "Binary" and vars(value).keys() == {"data"}:
            self._binary(value.data.encode("latin-1") if isinstance(value.data, str) else value.data)
            return
        if not hasattr(value, "__dict__") or any(base in _WRITERS for base in kind.__mro__):
            word = "type" if kind.__module__ == "builtins" else "class"
            name = kind.__qualname__ if word == "type" else f"{kind.__module__}.{kind.__qualname__}"
            raise TypeError(f"cannot marshal <{word} '{name}'> objects")
        if kind.__name__ == "DateTime" and kind.__module__ == "xmlrpc.client":
            # Its text may be what a client sent.
            stamp = _escaped(self._bytes(str(value.value))).decode("utf-8", "replace")
            self.write(f"<value><dateTime.iso8601>{stamp}</dateTime.iso8601></value>\n")
        else:
            self._struct(vars(value))


def _escaped(data: bytes) -> bytes:
    return data.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


_WRITERS: dict[type, Callable[[_Writer, Any], None]] = {
    type(None): _Writer._none,
    bool: _Writer._boolean,
    int: _Writer._whole,
    float: _Writer._number,
    str: _Writer._text,
    bytes: _Writer._binary,
    bytearray: _Writer._binary,
    list: _Writer._array,
    tuple: _Writer._array,
    dict: _Writer._struct,
    datetime.datetime: _Writer._time,
}
