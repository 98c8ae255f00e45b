"""`str`, `basestring` and `type` as translated code sees them, and what type(x) answers there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import MethodType, ModuleType
from typing import Any

from rawwfile.cpy.python2.runtime.classes import ClassType, Instance, UnboundMethod
from rawwfile.cpy.python2.runtime.exceptions import caught
from rawwfile.cpy.python2.runtime.ordering import largest, smallest
from rawwfile.cpy.python2.runtime.text import MAXINT, float_text, long, text_of, unicode

plain_type = type
_REAL: dict[int, type] = {}
"""The type that each stand-in stands for, by the stand-in's id."""


class _Named(type):
    """The type of the stand-ins."""

    make: Any

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        make = cls.__dict__.get("make")
        return make.__func__(*arguments, **named) if make else type.__call__(cls, *arguments, **named)

    def __instancecheck__(cls, value: Any) -> bool:
        has = cls.__dict__.get("has")
        return has.__func__(type(value)) if has else type.__instancecheck__(cls, value)

    def __subclasscheck__(cls, kind: type) -> bool:
        has = cls.__dict__.get("has")
        return has.__func__(kind) if has else type.__subclasscheck__(cls, kind)

    def __eq__(cls, other: object) -> bool:
        return other is cls or (other is not None and other is _REAL.get(id(cls)))

    def __hash__(cls) -> int:
        return hash(_REAL[id(cls)]) if id(cls) in _REAL else type.__hash__(cls)

    def __repr__(cls) -> str:
        return f"<type '{cls.__name__}'>" if "has" in cls.__dict__ else type.__repr__(cls)


class _StrType(_Named):
    """The type of `str`: what it makes is asked for most of all."""

    def __call__(cls, value: Any = "", *more: Any) -> Any:
        kind = plain_type(value)
        if kind is str and cls is Str:
            return value
        if cls is not Str:
            return plain_type.__call__(cls, value, *more)
        made = text_of(value)
        return made.encode() if isinstance(made, unicode) else made


class Str(str, metaclass=_StrType):
    """`str`: floats get 12 digits; a unicode string is no instance."""

    @staticmethod
    def has(kind: type) -> bool:
        return issubclass(kind, str) and not issubclass(kind, unicode)


class BaseString(metaclass=_Named):
    """`basestring`."""

    @staticmethod
    def make(*_: Any) -> Any:
        raise TypeError("The basestring type cannot be instantiated")

    @staticmethod
    def has(kind: type) -> bool:
        return issubclass(kind, str)


class Type(type, metaclass=_Named):
    """`type`: the answer for a string is `str` as translated code has it, for a classic instance `instance`."""

    @staticmethod
    def make(value: Any, *definition: Any) -> Any:
        if not definition:
            return type_of(value)
        bases, names = definition
        return plain_type(value, bases, {"__module__": sys._getframe(2).f_globals.get("__name__"), **names})

    @staticmethod
    def has(kind: type) -> bool:
        return issubclass(kind, type) and not issubclass(kind, ClassType)


def called_str(make: Any, value: Any) -> Any:
    """Return `make(value)`, where the code says `str(value)`."""
    if make is Str:
        kind = plain_type(value)
        if kind is str:
            return value
        if kind is int:
            return f"{value}"
        if kind is float:
            return float_text(value)
    return make(value)


def called_type(make: Any, value: Any) -> Any:
    """Return `make(value)`, where the code says `type(value)`."""
    if make is not Type:
        return make(value)
    kind = plain_type(value)
    if kind is str:
        return Str
    if kind is int and -MAXINT <= value <= MAXINT:
        return int
    return kind if kind in _KNOWN else type_of(value)


def called_min(choose: Any, a: Any, b: Any) -> Any:
    """Return `choose(a, b)`, where the code says `min(a, b)`."""
    kind = plain_type(a)
    if choose is smallest and (kind is int or kind is str) and plain_type(b) is kind:
        return b if b < a else a
    return choose(a, b)


def called_max(choose: Any, a: Any, b: Any) -> Any:
    """Return `choose(a, b)`, where the code says `max(a, b)`."""
    kind = plain_type(a)
    if choose is largest and (kind is int or kind is str) and plain_type(b) is kind:
        return b if b > a else a
    return choose(a, b)


def called_isinstance(test: Any, value: Any, kinds: Any) -> Any:
    """Return `test(value, kinds)`, where the code says `isinstance(value, kinds)`."""
    if kinds is Str and test is isinstance:
        kind = plain_type(value)
        return kind is str or (issubclass(kind, str) and not issubclass(kind, unicode))
    return test(value, kinds)


KNOWN_CALLS: dict[str, Callable[..., Any]] = {
    "str": called_str, "type": called_type, "isinstance": called_isinstance, "min": called_min, "max": called_max,
}
"""What translated code calls where a name most likely is that of a built-in function."""

_KNOWN = frozenset({list, dict, tuple, float, unicode, plain_type(None)})
"""Types that 2.x called by the same name, of which type(x) is always itself."""

_REAL.update({id(Str): str, id(Type): type})
Str.__name__, BaseString.__name__, Type.__name__ = "str", "basestring", "type"


def type_of(value: Any) -> Any:
    """Return 2.x's type(value)."""
    kind = type(value)
    if kind is str:
        return Str
    if kind is int:
        return int if -MAXINT - 2 < value <= MAXINT else long
    if kind is UnboundMethod:
        return MethodType
    if kind is type or kind.__module__ == __package__ + ".classes" and kind is not ClassType:
        return Type
    if kind is not ClassType and issubclass(kind, Instance):
        return Instance
    if issubclass(kind, ModuleType):
        return ModuleType
    return type(caught(value)) if isinstance(value, BaseException) else kind
