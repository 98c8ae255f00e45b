"""Attributes that 2.x had under another name or with another answer: keys(), sort, decode, func_name..."""

from __future__ import annotations

import sys
from collections.abc import Callable, ItemsView, KeysView, ValuesView
from functools import partial
from typing import Any

from rawwfile.cpy.python2.runtime import exceptions
from rawwfile.cpy.python2.runtime.ordering import sort
from rawwfile.cpy.python2.runtime.text import BYTE_METHODS, byte_method, unicode

_VIEWS = (KeysView, ValuesView, ItemsView)
_ALIASES = {"func_name": "__name__", "func_code": "__code__", "func_defaults": "__defaults__", "func_doc": "__doc__",
            "func_globals": "__globals__", "im_func": "__func__", "im_self": "__self__", "next": "__next__",
            "func_dict": "__dict__", "func_closure": "__closure__", "isAlive": "is_alive"}  # fmt: skip
_OLD = object()


def _listed(name: str) -> Callable[[Any], Any]:
    def get(value: Any) -> Any:
        if type(value) is dict:
            return partial(_LISTS[name], value)
        method = getattr(value, name)
        return partial(_list_of, method) if callable(method) else method

    return get


def _list_of(method: Callable[..., Any], *arguments: Any) -> Any:
    made = method(*arguments)
    return list(made) if isinstance(made, _VIEWS) or type(made).__name__ in ("dict_keys", "dict_values") else made


_LISTS: dict[str, Callable[[Any], Any]] = {
    "keys": list,
    "values": lambda mapping: list(mapping.values()),
    "items": lambda mapping: list(mapping.items()),
}


def _iterated(name: str, new: str) -> Callable[[Any], Any]:
    def get(value: Any) -> Any:
        own = getattr(value, name, _OLD)
        if own is not _OLD:
            return own
        method = getattr(value, new)
        return lambda: iter(method())

    return get


def _has_key(value: Any) -> Any:
    own = getattr(value, "has_key", None) if type(value) is not dict else None
    return own or value.__contains__


def _sort(value: Any) -> Any:
    return partial(sort, value) if isinstance(value, list) and type(value).sort is list.sort else value.sort


def _text(name: str) -> Callable[[Any], Any]:
    def get(value: Any) -> Any:
        kind = type(value)
        if kind is str:
            return byte_method(name, value)
        if isinstance(value, str) and kind is not unicode and getattr(kind, name, None) is getattr(str, name, 0):
            return byte_method(name, value)
        return getattr(value, name)

    return get


def _decode(value: Any) -> Any:
    if isinstance(value, str) and not hasattr(value, "decode"):
        return byte_method("decode", value)
    return value.decode


def _alias(name: str, new: str) -> Callable[[Any], Any]:
    def get(value: Any) -> Any:
        own = getattr(value, name, _OLD)
        if own is not _OLD:
            return own
        found = getattr(value, new, _OLD)
        return getattr(value, name) if found is _OLD else found

    return get


def _im_class(value: Any) -> Any:
    own = getattr(value, "im_class", _OLD)
    return type(value.__self__) if own is _OLD else own


def _message(value: Any) -> Any:
    if isinstance(value, BaseException) and not hasattr(value, "message"):
        return value.args[0] if len(value.args) == 1 else ""
    return value.message


def _called(name: str, get: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: getattr(value, name) if hasattr(value, name) else partial(get, value)


def _of_exception(name: str, place: int) -> Callable[[Any], Any]:
    """sys.exc_type and its kind: what is being handled."""

    def get(value: Any) -> Any:
        if getattr(value, "__name__", "") == "sys" and not hasattr(value, name):
            return exceptions.info(sys.exc_info())[place]
        return getattr(value, name)

    return get


def _slices(name: str, act: Callable[..., Any]) -> Callable[[Any], Any]:
    """`__getslice__` and its kind of lists, tuples and text, and of their classes."""

    def get(value: Any) -> Any:
        own = getattr(value, name, _OLD)
        if own is not _OLD:
            return own
        if isinstance(value, type) and issubclass(value, (list, tuple, str)):
            return act
        return partial(act, value) if isinstance(value, (list, tuple, str)) else getattr(value, name)

    return get


def _set_slice(values: list[Any], start: int, stop: int, new: Any) -> None:
    list.__setitem__(values, slice(max(start, 0), max(stop, 0)), new)


def _delete_slice(values: list[Any], start: int, stop: int) -> None:
    list.__delitem__(values, slice(max(start, 0), max(stop, 0)))


def _get_slice(values: Any, start: int, stop: int) -> Any:
    kind = next(kind for kind in (list, tuple, str) if isinstance(values, kind))
    return kind.__getitem__(values, slice(max(start, 0), max(stop, 0)))


GETTERS: dict[str, Callable[[Any], Any]] = {
    **{name: _text(name) for name in BYTE_METHODS},
    **{name: _listed(name) for name in _LISTS},
    **{"iter" + name: _iterated("iter" + name, name) for name in _LISTS},
    **{name: _alias(name, new) for name, new in _ALIASES.items()},
    "__getslice__": _slices("__getslice__", _get_slice), "__setslice__": _slices("__setslice__", _set_slice),
    "__delslice__": _slices("__delslice__", _delete_slice),
    "has_key": _has_key, "sort": _sort, "decode": _decode, "im_class": _im_class, "message": _message,
    **{name: _of_exception(name, place) for place, name in enumerate(("exc_type", "exc_value", "exc_traceback"))},
    "setDaemon": lambda thread: partial(setattr, thread, "daemon") if hasattr(thread, "daemon") else thread.setDaemon,
    "isDaemon": lambda thread: (lambda: thread.daemon) if hasattr(thread, "daemon") else thread.isDaemon,
    "getName": lambda thread: (lambda: thread.name) if hasattr(thread, "is_alive") else thread.getName,
    "setName": lambda thread: partial(setattr, thread, "name") if hasattr(thread, "is_alive") else thread.setName,
}  # fmt: skip
