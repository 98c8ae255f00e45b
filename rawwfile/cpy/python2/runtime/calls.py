"""Calls of methods whose meaning changed, `x.strip()`: straight to what the value's type needs.

`attributes.GETTERS` serves the same names where they are read and not called at once. Here every
step counts: pages are made of these calls.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from types import ModuleType
from typing import Any

from rawwfile.cpy.python2.runtime.attributes import GETTERS
from rawwfile.cpy.python2.runtime.ordering import sort, sort_by
from rawwfile.cpy.python2.runtime.text import BLANKS, BYTE_METHODS


def _general(name: str) -> Callable[..., Any]:
    get = GETTERS[name]

    def call(value: Any, *arguments: Any, **named: Any) -> Any:
        # `string.strip(text)` is no method.
        method = getattr(value, name) if isinstance(value, ModuleType) else get(value)
        return method(*arguments, **named)

    return call


def _text(name: str) -> Callable[[Any], Any]:
    """A method without arguments that is today's where the text is ASCII."""
    get, plain, bytes_method = GETTERS[name], getattr(str, name), BYTE_METHODS[name]

    def call(value: Any) -> Any:
        if type(value) is str:
            return plain(value) if value.isascii() else bytes_method(value)
        return get(value)()

    return call


def strip(value: Any) -> Any:
    """`value.strip()`."""
    return value.strip(BLANKS) if type(value) is str else GETTERS["strip"](value)()


def lstrip(value: Any) -> Any:
    """`value.lstrip()`."""
    return value.lstrip(BLANKS) if type(value) is str else GETTERS["lstrip"](value)()


def rstrip(value: Any) -> Any:
    """`value.rstrip()`."""
    return value.rstrip(BLANKS) if type(value) is str else GETTERS["rstrip"](value)()


def split(value: Any) -> Any:
    """`value.split()`."""
    if type(value) is str:
        return value.split() if value.isascii() and value.isprintable() else BYTE_METHODS["split"](value)
    return GETTERS["split"](value)()


def split_at(value: Any, separator: Any) -> Any:
    """`value.split(separator)`."""
    if type(value) is str and type(separator) is str:
        return value.split(separator)
    return GETTERS["split"](value)(separator)


def join(value: Any, parts: Any) -> Any:
    """`value.join(parts)`: unicode where one of the parts is."""
    if type(value) is str:
        kind = type(parts)
        listed = parts if kind is list or kind is tuple else list(parts)
        for part in listed:
            if type(part) is not str:
                return BYTE_METHODS["join"](value, listed)
        return value.join(listed)
    return GETTERS["join"](value)(parts)


def keys(value: Any) -> Any:
    """`value.keys()`: a list."""
    return [*value] if type(value) is dict else GETTERS["keys"](value)()


def values(value: Any) -> Any:
    """`value.values()`: a list."""
    return [*value.values()] if type(value) is dict else GETTERS["values"](value)()


def items(value: Any) -> Any:
    """`value.items()`: a list."""
    return [*value.items()] if type(value) is dict else GETTERS["items"](value)()


def has_key(value: Any, key: Any) -> Any:
    """`value.has_key(key)`."""
    return key in value if type(value) is dict else GETTERS["has_key"](value)(key)


def sorts(value: Any) -> Any:
    """`value.sort()`."""
    if type(value) is not list:
        return GETTERS["sort"](value)()
    try:
        value[:] = sorted(value)
    except TypeError:
        sort(value)
    return None


def sorts_by(value: Any, cmp: Any) -> Any:
    """`value.sort(cmp)`."""
    if type(value) is not list or cmp is None:
        return GETTERS["sort"](value)(cmp)
    value[:] = sorted(value, key=cmp_to_key(cmp))
    return None


def sorts_by_key(value: Any, cmp: Any, compares: Any, keys: Any, falls: bool) -> Any:
    """`value.sort(lambda a, b: compares(...))`; `keys` and `falls` as for `ordering.sort_by`."""
    if type(value) is list:
        return sort_by(value, cmp, compares, keys, falls)
    return GETTERS["sort"](value)(cmp)


CALLS: dict[str, Callable[..., Any]] = {name: _general(name) for name in GETTERS}
"""`value.name(...)` with any arguments."""

SHORT_CALLS: dict[str, Callable[..., Any]] = {
    **{f"{name}_0": _text(name) for name in ("upper", "lower", "capitalize", "isalpha", "isalnum", "isdigit")},
    "strip_0": strip, "lstrip_0": lstrip, "rstrip_0": rstrip, "split_0": split, "keys_0": keys, "values_0": values,
    "items_0": items, "sort_0": sorts, "split_1": split_at, "join_1": join, "has_key_1": has_key, "sort_1": sorts_by,
    "sort_by": sorts_by_key,
}  # fmt: skip
"""The same with no argument or with one, neither named nor starred (`values.SHORT`)."""
