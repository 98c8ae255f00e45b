"""Strings: byte text (`str`, one character a byte), `unicode`, and what str() and repr() said.

`unicode` is a subclass of str, so that it goes wherever text goes. Paid: `isinstance` of the real
str (in code that is not translated) takes it for a str, and u'\\xe9' == '\\xe9' is true.
"""

from __future__ import annotations

import codecs
import re
from _thread import get_ident
from collections.abc import Callable
from functools import partial
from typing import Any

from rawwfile.cpy.python2.runtime.integers import MAXINT as MAXINT
from rawwfile.cpy.python2.runtime.integers import long as long
from rawwfile.cpy.python2.runtime.messages import message_of
from rawwfile.cpy.python2.runtime.showing import float_text as float_text
from rawwfile.cpy.python2.runtime.showing import type_repr as type_repr

BLANKS = " \t\n\r\x0b\x0c"
_LEAST = -MAXINT - 1
_BYTES_ALONE = frozenset({str})
_TEXT_CODECS = {"hex": "hex", "base64": "base64", "zlib": "zlib", "zip": "zlib", "bz2": "bz2", "uu": "uu",
                "quopri": "quopri", "quoted-printable": "quopri"}  # fmt: skip
_LOWER = {code: code + 32 for code in range(65, 91)}
_UPPER = {code: code - 32 for code in range(97, 123)}
_WORD = re.compile("[a-zA-Z]+")
# Python 3 also splits at these, which are bytes of other characters here.
_ODD_BLANK = re.compile("[\x1c-\x1f\x85\xa0]")


class unicode(str):
    """Python 2's unicode; a byte text that meets one must be ASCII, as there."""

    __slots__ = ()

    def __new__(cls, value: object = "", encoding: str | None = None, errors: str = "strict") -> unicode:
        if encoding is not None or (isinstance(value, str) and not isinstance(value, unicode)):
            return decode(value, encoding or "ascii", errors)  # type: ignore[arg-type]
        convert = getattr(type(value), "__unicode__", None)
        return str.__new__(cls, convert(value) if convert else value if isinstance(value, str) else text_of(value))

    def encode(self, encoding: str = "ascii", errors: str = "strict") -> str:  # type: ignore[override]
        return str.encode(self, encoding, errors).decode("latin-1")

    def __add__(self, other: Any) -> Any:
        return of(str.__add__(self, meet(other))) if isinstance(other, str) else NotImplemented

    def __radd__(self, other: Any) -> Any:
        return of(meet(other) + str(self)) if isinstance(other, str) else NotImplemented

    def __mod__(self, values: Any) -> Any:
        from rawwfile.cpy.python2.runtime.formatting import format_text

        return of(format_text(str.__str__(self), values, unicode_result=True))

    def __rmod__(self, other: Any) -> Any:
        if not isinstance(other, str):
            return NotImplemented
        from rawwfile.cpy.python2.runtime.formatting import format_text

        return of(format_text(other, self))

    def __mul__(self, count: Any) -> Any:
        return of(str.__mul__(self, count))

    __rmul__ = __mul__

    def __getitem__(self, index: Any) -> Any:
        return of(str.__getitem__(self, index))

    def __iter__(self) -> Any:
        return map(of, str.__iter__(self))

    def __str__(self) -> str:
        return str.__str__(self)

    def __repr__(self) -> str:
        # Python 3 leaves printable characters alone; 2.x escaped all that is not ASCII.
        return "u" + ascii(str.__str__(self))

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __reduce__(self) -> Any:
        return (of, (str.__str__(self),))


def of(value: str) -> unicode:
    """Return a unicode string with these characters."""
    return str.__new__(unicode, value)


def meet(value: str) -> str:
    """Return byte text as unicode's characters; raises UnicodeDecodeError where it is not ASCII."""
    if isinstance(value, unicode) or value.isascii():
        return value
    return value.encode("latin-1").decode("ascii")


def rewrapped(value: Any) -> Any:
    """Return what a method of str gave, with unicode for str in it."""
    if type(value) is str:
        return of(value)
    if type(value) in (list, tuple):
        return type(value)(map(rewrapped, value))
    return value


def _wrap(name: str) -> Callable[..., Any]:
    method = getattr(str, name)

    def wrapped(self: str, *arguments: Any, **named: Any) -> Any:
        return rewrapped(method(self, *[meet(a) if isinstance(a, str) else a for a in arguments], **named))

    wrapped.__name__ = name
    return wrapped


for _name in """
    capitalize center expandtabs ljust lower lstrip partition replace rjust rpartition rsplit rstrip split
    splitlines strip swapcase title translate upper zfill join
""".split():
    setattr(unicode, _name, _wrap(_name))


def decode(value: str, encoding: str = "ascii", errors: str = "strict") -> Any:
    """Return 2.x's `value.decode(encoding)`: unicode, or byte text for hex, base64, zlib and so on."""
    data = value.encode("latin-1") if not isinstance(value, (bytes, bytearray)) else value
    name = encoding.lower().replace("_", "-").removesuffix("-codec")
    if name in _TEXT_CODECS:
        made: Any = codecs.decode(data, _TEXT_CODECS[name])
        return made.decode("latin-1")
    if name in ("rot13", "rot-13"):
        return of(codecs.decode(value, "rot13"))
    if name == "string-escape":
        return data.decode("unicode_escape")
    return of(data.decode(encoding, errors))


def encode(value: str, encoding: str = "ascii", errors: str = "strict") -> str:
    """Return 2.x's `value.encode(encoding)` of byte text: it was decoded as ASCII first."""
    name = encoding.lower().replace("_", "-").removesuffix("-codec")
    if name in _TEXT_CODECS:
        made: Any = codecs.encode(value.encode("latin-1"), _TEXT_CODECS[name])  # type: ignore[call-overload]
        return made.decode("latin-1")
    if name in ("rot13", "rot-13"):
        return codecs.encode(value, "rot13")
    if name == "string-escape":
        return ascii(value)[1:-1]
    return meet(value).encode(encoding, errors).decode("latin-1")


def _case_word(found: re.Match[str]) -> str:
    word = found.group()
    return word[0].translate(_UPPER) + word[1:].translate(_LOWER)


def _split(text: str, separator: str | None = None, limit: int = -1) -> list[str]:
    if separator is not None:
        return text.split(separator, limit)
    if not _ODD_BLANK.search(text):
        return text.split(None, limit)
    text = text.strip(BLANKS) if limit < 0 else text.lstrip(BLANKS)
    parts = re.split(f"[{BLANKS}]+", text, maxsplit=max(limit, 0)) if limit else [text]
    return [part for part in parts if part]


def _rsplit(text: str, separator: str | None = None, limit: int = -1) -> list[str]:
    if separator is not None:
        return text.rsplit(separator, limit)
    return [part[::-1] for part in _split(text[::-1], None, limit)][::-1]


def _lines(text: str, keep: bool = False) -> list[str]:
    ends = re.findall("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    return ends if keep else [line.rstrip("\r\n") if line[-1:] in "\r\n" else line for line in ends]


def _join(text: str, parts: Any) -> str:
    parts = list(parts)
    if _BYTES_ALONE.issuperset(map(type, parts)):
        return text.join(parts)
    for place, part in enumerate(parts):
        if not isinstance(part, str):
            raise TypeError(f"sequence item {place}: expected string, {type(part).__name__} found")
    return of(meet(text)).join(parts) if any(isinstance(part, unicode) for part in parts) else text.join(parts)


def _translate(text: str, table: Any, deleted: str = "") -> str:
    kept = "".join(letter for letter in text if letter not in deleted) if deleted else text
    return kept if table is None else "".join(table[ord(letter)] for letter in kept)


def _cased(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: test("".join(letter for letter in text if letter.isascii()))


def _all(test: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: text.isascii() and test(text)


BYTE_METHODS: dict[str, Callable[..., Any]] = {
    "upper": lambda text: text.upper() if text.isascii() else text.translate(_UPPER),
    "lower": lambda text: text.lower() if text.isascii() else text.translate(_LOWER),
    "capitalize": lambda text: (
        text.capitalize() if text.isascii() else text[:1].translate(_UPPER) + text[1:].translate(_LOWER)
    ),
    "title": lambda text: _WORD.sub(_case_word, text),
    "swapcase": lambda text: text.translate({**_UPPER, **_LOWER}),
    "isalpha": _all(str.isalpha), "isalnum": _all(str.isalnum), "isdigit": _all(str.isdigit),
    "isspace": lambda text: bool(text) and not text.strip(BLANKS),
    "isupper": _cased(str.isupper), "islower": _cased(str.islower), "istitle": _cased(str.istitle),
    "strip": lambda text, characters=None: text.strip(characters or BLANKS if characters is None else characters),
    "lstrip": lambda text, characters=None: text.lstrip(BLANKS if characters is None else characters),
    "rstrip": lambda text, characters=None: text.rstrip(BLANKS if characters is None else characters),
    "split": _split, "rsplit": _rsplit, "splitlines": _lines, "join": _join, "translate": _translate,
    "decode": decode, "encode": encode,
}  # fmt: skip


def byte_method(name: str, value: str) -> Callable[..., Any]:
    """Return the method `name` of byte text, which knows the letters and blanks of ASCII alone."""
    return partial(BYTE_METHODS[name], value)


def text_of(value: Any) -> str:
    """Return 2.x's str(value): floats to 12 digits, containers by repr, unicode only when ASCII."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if kind is float:
        return float_text(value)
    if kind is unicode:
        return value.encode()
    if kind in REPRS:
        return repr_of(value)
    if isinstance(value, BaseException) and kind.__module__ == "builtins":
        return _error_text(value)
    if isinstance(value, type) and (kind.__str__ is object.__str__ or value.__module__.startswith("rawwfile.")):
        return type_repr(value)
    return str(value)


def _error_text(error: BaseException) -> str:
    """Return str() of a built-in exception: its one argument, or all of them, as 2.x showed values."""
    if type(error).__str__ is BaseException.__str__ and len(error.args) != 1:
        return repr_of(error.args) if error.args else ""
    if isinstance(error, KeyError):
        return repr_of(error.args[0])
    if type(error).__str__ is BaseException.__str__ and not isinstance(error.args[0], str):
        return text_of(error.args[0])
    return message_of(error)


def repr_of(value: Any) -> str:
    """Return 2.x's repr(value)."""
    kind = type(value)
    if kind is str:
        return ascii(value)
    if kind is int:
        return f"{value}" if _LEAST <= value <= MAXINT else f"{value}L"
    if kind is list or kind is dict:
        return _nested(value)
    if kind in REPRS:
        return REPRS[kind](value)
    if isinstance(value, type):
        return type_repr(value)
    if isinstance(value, BaseException) and kind.__repr__ is BaseException.__repr__:
        return kind.__name__ + repr_of(value.args)
    return repr(value)


def _inside(opening: str, closing: str) -> Callable[[Any], str]:
    def text(value: Any) -> str:
        if opening == "(" and _FLAT.issuperset(map(type, value)):
            return _flat(value)
        comma = "," if opening == "(" and len(value) == 1 else ""
        return opening + ", ".join(map(_nested, value)) + comma + closing

    return text


_FLAT = frozenset({str, int, float, bool, type(None)})
_LONG = re.compile(r"\d{19}")


def _flat(value: Any) -> str:
    """Return the repr() of a list or tuple of plain values: today's, unless a number was long in 2.x."""
    text = ascii(value)
    if not _LONG.search(text):
        return text
    inside = ", ".join(map(repr_of, value))
    return f"[{inside}]" if type(value) is list else f"({inside}{',' * (len(value) == 1)})"


_RUNNING: set[tuple[int, int]] = set()
"""Containers whose repr() is being made, each with the thread that makes it."""


def _nested(value: Any) -> str:
    kind = type(value)
    if kind is not list and kind is not dict:
        return repr_of(value)
    if kind is list and _FLAT.issuperset(map(type, value)):
        return _flat(value)
    key = (id(value), get_ident())
    if key in _RUNNING:
        return "[...]" if isinstance(value, list) else "{...}"
    _RUNNING.add(key)
    try:
        return REPRS[type(value)](value)
    finally:
        _RUNNING.discard(key)


def _bounds(value: range) -> str:
    stop = value.start + len(value) * value.step
    if value.step != 1:
        return f"{value.start}, {stop}, {value.step}"
    return f"{value.start}, {stop}" if value.start else f"{stop}"


REPRS: dict[type, Callable[[Any], str]] = {
    str: ascii,
    int: lambda value: f"{value}" if _LEAST <= value <= MAXINT else f"{value}L",
    range: lambda value: f"xrange({_bounds(value)})",
    list: _inside("[", "]"),
    tuple: _inside("(", ")"),
    dict: lambda value: "{" + ", ".join(f"{_nested(k)}: {_nested(v)}" for k, v in value.items()) + "}",
    set: lambda value: "set(" + _inside("[", "]")(value) + ")",
    frozenset: lambda value: "frozenset(" + _inside("[", "]")(value) + ")",
}
