"""What a session holds, as text and back, without pickle: reading it runs no code (H02).

Kept: None, bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, datetime, date,
time, timedelta, Decimal, time.struct_time, Python 2's `long` and `unicode`, and instances of the
application's own classes (their attributes; `__init__` is not called, `__getstate__` and
`__setstate__` are). What is in two places is kept twice. Everything else, such as a file or a
database connection, is a TypeError that names the place.

The text is ASCII, JSON in which only None, bool, int, float, str and list stand for themselves;
the rest is {"tag": content}.
"""

from __future__ import annotations

import datetime
import decimal
import json
import math
import sys
import time
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

_DEEPEST = 200
_PLAIN_INT = 1 << 1000
_HOLDERS = (list, tuple, dict, set, frozenset)


class Damaged(ValueError):
    """The text is none that `Values.encode` has written."""


class Values:
    """Writes and reads values.

    namespace: of the application, for its classes and Python 2's types. storage: 'file' or
    'cookie', for errors.
    """

    def __init__(self, namespace: Mapping[str, Any], storage: str) -> None:
        self._namespace = namespace
        self._storage = storage

    def encode(self, value: Any) -> bytes:
        """Return `value` as text. Raises TypeError, which names the place of what cannot be kept."""
        made = _Encoder(self._namespace, self._storage).encoded(value, "request.sessionMap", 0)
        return json.dumps(made, separators=(",", ":"), allow_nan=False).encode("ascii")

    def decode(self, text: bytes) -> Any:
        """Return what was encoded. Raises Damaged."""
        try:
            return self._decoded(json.loads(text))
        except Damaged:
            raise
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, ArithmeticError) as error:
            raise Damaged(f"it cannot be read: {error}") from error

    def _decoded(self, made: Any) -> Any:
        if isinstance(made, list):
            return [self._decoded(each) for each in made]
        if not isinstance(made, dict):
            return made
        ((tag, content),) = made.items()
        if tag == "t":
            return tuple(map(self._decoded, content))
        if tag == "d":
            return {self._decoded(key): self._decoded(value) for key, value in content}
        if tag in ("set", "frozenset"):
            return (set if tag == "set" else frozenset)(map(self._decoded, content))
        if tag == "o":
            return self._instance(*content)
        if tag in ("long", "unicode"):
            return self._old(tag, content)
        return _READERS[tag](content)

    def _old(self, tag: str, content: str) -> Any:
        kind: Any = old_type(self._namespace, tag)
        if tag == "long":
            number = int(content, 16)
            return number if kind is None else int.__new__(kind, number)
        return content if kind is None else str.__new__(kind, content)

    def _instance(self, name: str, state: Any) -> Any:
        kind: Any = found_class(self._namespace, name)
        if kind is None:
            raise Damaged(f"the application has no class {name} now")
        made = kind.__new__(kind)
        values = self._decoded(state)
        restore = getattr(kind, "__setstate__", None)
        if restore is not None:
            restore(made, values)
        else:
            made.__dict__.update(values)
        return made


class _Encoder:
    def __init__(self, namespace: Mapping[str, Any], storage: str) -> None:
        self._namespace = namespace
        self._storage = storage
        self._around: set[int] = set()

    def encoded(self, value: Any, place: str, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool or kind is str:
            return value
        if kind is int:
            # Python refuses very long numbers in decimal.
            return value if -_PLAIN_INT < value < _PLAIN_INT else {"int": format(value, "x")}
        if kind is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        writer = _WRITERS.get(kind)
        if writer is not None:
            return {kind.__name__: writer(value)}
        if id(value) in self._around or depth > _DEEPEST:
            raise TypeError(f"{place} cannot be kept in a session: it holds itself, or is too deep.")
        self._around.add(id(value))
        try:
            return self._holder(value, kind, place, depth + 1)
        finally:
            self._around.discard(id(value))

    def _holder(self, value: Any, kind: type, place: str, depth: int) -> Any:
        if kind in (list, tuple):
            made = [self.encoded(each, f"{place}[{index}]", depth) for index, each in enumerate(value)]
            return made if kind is list else {"t": made}
        if kind is dict:
            pairs = [
                [self.encoded(key, f"the key {key!r:.40} of {place}", depth),
                 self.encoded(each, f"{place}[{key!r:.40}]", depth)]
                for key, each in value.items()
            ]  # fmt: skip
            return {"d": pairs}
        if kind in (set, frozenset):
            return {kind.__name__: [self.encoded(each, f"{place} (in it)", depth) for each in value]}
        for name, plain in (("long", int), ("unicode", str)):
            if issubclass(kind, plain) and kind is old_type(self._namespace, name):
                return {name: format(int(value), "x") if plain is int else str.__str__(value)}
        return self._instance(value, kind, place, depth)

    def _instance(self, value: Any, kind: type, place: str, depth: int) -> Any:
        name = name_of_class(self._namespace, kind)
        if name is None or not hasattr(value, "__dict__") or isinstance(value, (*_HOLDERS, str, bytes, int, float)):
            raise self._refused(value, kind, place)
        # From Python 3.11 on every object has a __getstate__; only the class's own is meant.
        own = next((vars(each)["__getstate__"] for each in kind.__mro__[:-1] if "__getstate__" in vars(each)), None)
        state = vars(value) if own is None else own(value)
        return {"o": [name, self.encoded(dict(state) if own is None else state, f"{place}.__dict__", depth)]}

    def _refused(self, value: Any, kind: type, place: str) -> TypeError:
        return TypeError(
            f"{place} cannot be kept in a session of storageType={self._storage}: it is {kind.__name__} "
            f"({value!r:.60}). Keep text, numbers, lists, dicts, dates or instances of the application's own classes, "
            "or use storageType=ram."
        )


def old_type(namespace: Mapping[str, Any], name: str) -> type | None:
    """Return Python 2's `long` or `unicode` as the application has it, None where it has none."""
    builtins = namespace.get("__builtins__")
    names = vars(builtins) if isinstance(builtins, ModuleType) else builtins
    found = names.get(name) if isinstance(names, Mapping) else None
    base = int if name == "long" else str
    return found if isinstance(found, type) and issubclass(found, base) and found is not base else None


def name_of_class(namespace: Mapping[str, Any], kind: type) -> str | None:
    """Return the name under which a session keeps the class: 'Cart', or 'shop:Cart' of a module.

    None for a class that is not the application's own: it must be found again under that name.
    """
    names = [kind.__name__, f"{kind.__module__}:{kind.__qualname__}"]
    return next((name for name in names if found_class(namespace, name) is kind), None)


def found_class(namespace: Mapping[str, Any], name: str) -> type | None:
    """Return the application's own class of that name."""
    module, _, rest = name.rpartition(":")
    if module:
        holder = _module(namespace, module)
        found = None if holder is None else vars(holder).get(rest)
    else:
        found = namespace.get(rest)
    return found if isinstance(found, type) and _is_own(found) else None


def _module(namespace: Mapping[str, Any], name: str) -> ModuleType | None:
    """Return a module that the application has imported; never one that it has not."""
    for each in namespace.values():
        if isinstance(each, ModuleType) and each.__name__ == name:
            return each
    package = namespace.get("__package__") or namespace.get("__name__") or ""
    if package not in ("", "__main__") and name.split(".")[0] == str(package).split(".")[0]:
        return sys.modules.get(name)
    return None


def _is_own(kind: type) -> bool:
    top = kind.__module__.split(".")[0]
    return top == "__main__" or (top not in sys.stdlib_module_names and top != "rawwfile")


_WRITERS: dict[type, Callable[[Any], Any]] = {
    bytes: lambda value: value.decode("latin-1"),
    complex: lambda value: [repr(value.real), repr(value.imag)],
    datetime.datetime: datetime.datetime.isoformat,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: lambda value: [value.days, value.seconds, value.microseconds],
    decimal.Decimal: str,
    time.struct_time: list,
}

_READERS: dict[str, Callable[[Any], Any]] = {
    "int": lambda content: int(content, 16),
    "float": float,
    "bytes": lambda content: content.encode("latin-1"),
    "complex": lambda content: complex(float(content[0]), float(content[1])),
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda content: datetime.timedelta(*content),
    "Decimal": decimal.Decimal,
    "struct_time": lambda content: time.struct_time(content),
}
