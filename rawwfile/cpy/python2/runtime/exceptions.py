"""raise and except of 2.x: strings, classic classes, `raise E, value`, and the caught value.

Python 3 raises only BaseException. A string, or an instance of a classic class, travels inside a
carrier: an exception whose class has the string as its name, or the class's own name and the carriers
of its bases, so that an uncaught one prints as it did.
"""

from __future__ import annotations

import sys
from typing import Any

_STRINGS: dict[str, type[BaseException]] = {}
_CARRIERS: dict[type, type[BaseException]] = {}


class Carried(Exception):
    """What carries a value that Python 3 cannot raise. value: what `except X, e` gives."""

    value: Any = None

    def __str__(self) -> str:
        return "" if self.value is None else str(self.value)


class StringException(Carried):
    """Carries a string exception; `text` is the string, `value` what stood behind it."""

    text = ""


def string_class(text: str) -> type[BaseException]:
    """Return the exception class of a string; equal strings have the same one."""
    made = _STRINGS.get(text)
    if made is None:
        names = {"text": text, "__module__": "builtins"}
        made = _STRINGS[text] = type("StringException", (StringException,), names)
        made.__name__ = made.__qualname__ = text.replace("\0", "\\0")
    return made


def is_classic(kind: Any) -> bool:
    """Whether a class is a classic one."""
    return getattr(kind, "is_classic", False) is True


def carrier(kind: type) -> type[BaseException]:
    """Return the exception class that carries instances of a classic class."""
    made = _CARRIERS.get(kind)
    if made is None:
        classic = [base for base in kind.__mro__[1:] if is_classic(base)]
        roots = [base for base in classic if "is_classic" in type.__getattribute__(base, "__dict__")]
        bases = [carrier(base) for base in classic if base not in roots]
        direct = tuple(
            base for base in bases if not any(base is not other and issubclass(other, base) for other in bases)
        )
        made = type(kind.__name__, direct or (Carried,), {"__module__": kind.__module__})
        _CARRIERS[kind] = made
    return made


def raised(kind: Any, value: Any = None, trace: Any = None) -> BaseException:
    """Return what `raise kind, value, trace` raises."""
    while isinstance(kind, tuple) and kind:
        kind = kind[0]
    made = _instance(kind, value)
    return made.with_traceback(trace) if trace is not None else made


def _instance(kind: Any, value: Any) -> BaseException:
    if isinstance(kind, str):
        text = string_class(kind)()
        text.value = value  # type: ignore[attr-defined]
        return text
    if isinstance(kind, BaseException):
        return kind
    if isinstance(kind, type):
        made = value if isinstance(value, kind) else _called(kind, value)
        if isinstance(made, BaseException):
            return made
        kind = made
    if not getattr(type(kind), "is_classic", False):
        name = type(kind).__name__
        raise TypeError(f"exceptions must be classes, instances, or strings (deprecated), not {name}")
    inside = carrier(type(kind))()
    inside.value = kind  # type: ignore[attr-defined]
    return inside


def _called(kind: type, value: Any) -> Any:
    if value is None:
        return kind()
    return kind(*value) if isinstance(value, tuple) else kind(value)


def caught_by(what: Any) -> Any:
    """Return the class, or tuple of them, that Python 3's `except` needs for 2.x's `except what`."""
    if isinstance(what, tuple):
        flat: list[Any] = []
        for each in what:
            made = caught_by(each)
            flat.extend(made if isinstance(made, tuple) else (made,))
        return tuple(flat)
    if isinstance(what, str):
        return string_class(what)
    if what is Exception or what is BaseException:
        # No string and no instance of a classic class was an Exception.
        return () if isinstance(sys.exc_info()[1], Carried) else what
    if isinstance(what, type) and issubclass(what, BaseException):
        return what
    if isinstance(what, type) and getattr(what, "is_classic", False):
        return carrier(what)
    return ()


def caught(exception: BaseException) -> Any:
    """Return what `except E, e` binds: the exception, the classic instance or the string's value."""
    return exception.value if isinstance(exception, Carried) else exception


def unpacked(exception: BaseException) -> Any:
    """Return what `except E, (a, b)` takes apart."""
    value = caught(exception)
    return value.args if isinstance(value, BaseException) else value


def item(value: Any, index: Any) -> Any:
    """Return `e[index]` of a caught exception: one of its arguments."""
    if isinstance(value, BaseException) and not hasattr(type(value), "__getitem__"):
        return value.args[index]
    return value[index]


def info(current: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    """Return sys.exc_info() as 2.x gave it: the string or the classic instance instead of its carrier."""
    kind, value, trace = current
    if isinstance(value, StringException):
        return value.text, value.value, trace
    if isinstance(value, Carried):
        return type(value.value), value.value, trace
    return kind, value, trace
