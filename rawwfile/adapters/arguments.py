"""Path segments and fields as the arguments of a handler; what does not fit is a 404.

Everything is decided from the signature before the call. So a TypeError that comes out of a
handler is the handler's own and stays a 500, and no client can cause one by its parameters.

Known weakness: a decorator made with functools.wraps that takes (*args, **kw) is taken to pass
them on, so the signature of the function below it counts. If it adds or removes arguments it
must say so, by named parameters of its own or by `__signature__`.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType, MethodType
from typing import Any, cast

from rawwfile.errors import NotFound
from rawwfile.http.forms import parse_query

_CACHE_SIZE = 4096
"""Signatures kept; far more than a site has handlers, so only closures made per request and
put into the tree can reach it. Then all are forgotten and read again."""

_MOST_SHOWN = 60
"""Characters of a client's text in a message (the style guide's number)."""

_DEEPEST_WRAPPING = 20
"""Decorators looked through: an object that answers every attribute would never end."""


class Accepts:
    """What one handler accepts, as bound: `self` and arguments of a partial are not in it."""

    __slots__ = (
        "any_keyword",
        "bare",
        "named",
        "positional",
        "required",
        "reserved",
        "room",
        "takes_fields",
    )

    positional: tuple[str, ...]
    """Names in the order in which path segments fill them."""
    room: int
    """How many path segments it takes."""
    required: tuple[str, ...]
    """Names without a default."""
    named: frozenset[str]
    """Names that may come from the query or form."""
    any_keyword: bool
    """It has **kw."""
    reserved: frozenset[str]
    """Names that are taken already (`self`): giving them again would be a TypeError."""
    takes_fields: bool
    """Whether fields can reach it at all; if not, a form is left unread for `rfile`."""
    bare: bool
    """It is called without arguments when there are no segments and no query."""

    def __init__(self, parameters: Iterable[inspect.Parameter], reserved: Iterable[str]) -> None:
        parameters = tuple(parameters)
        kinds = {p.kind for p in parameters}
        by_position = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        by_name = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
        self.positional = tuple(p.name for p in parameters if p.kind in by_position)
        open_ended = inspect.Parameter.VAR_POSITIONAL in kinds
        self.room = sys.maxsize if open_ended else len(self.positional)
        self.required = tuple(
            p.name for p in parameters if p.default is inspect.Parameter.empty and p.kind in (*by_position, *by_name)
        )
        self.named = frozenset(p.name for p in parameters if p.kind in by_name)
        self.any_keyword = inspect.Parameter.VAR_KEYWORD in kinds
        self.reserved = frozenset(reserved)
        self.takes_fields = self.any_keyword or bool(self.named)
        self.bare = not self.required and not self.takes_fields

    def check(self, segments: tuple[str, ...], fields: Mapping[str, Any]) -> None:
        """Raise NotFound, naming every fault, unless `handler(*segments, **fields)` fits."""
        filled = self.positional[: len(segments)]
        faults = []
        if len(segments) > self.room:
            faults.append("too many path segments")
        missing = [name for name in self.required if name not in filled and not (name in self.named and name in fields)]
        if missing:
            faults.append(_listed("missing", missing))
        twice = [name for name in fields if name in filled and name in self.named]
        if twice:
            faults.append(_listed("given by the path already:", twice))
        surplus = [
            name for name in fields if name not in self.named and (not self.any_keyword or name in self.reserved)
        ]
        if surplus:
            faults.append(_listed("unexpected", surplus))
        if faults:
            raise NotFound("; ".join(faults))


# Three tables, because one function may be both a page by itself and, bound, a method. Functions
# are held, not only their ids: an id may be given to another function later.
_functions: dict[object, Accepts] = {}
_methods: dict[object, Accepts] = {}
_others: dict[int, tuple[object, Accepts]] = {}

known_method = _methods.get
"""What the function of a bound method accepts, or None if accepts() has not read it yet."""


def accepts(handler: Callable[..., Any]) -> Accepts:
    """Return what `handler` accepts; remembered per function, for methods of any instance.

    A built-in without a readable signature is said to accept everything.
    """
    kind = type(handler)
    if kind is MethodType:
        found = _methods.get(handler.__func__)  # type: ignore[attr-defined]
        if found is None:
            found = _remember(_methods, handler.__func__, _read(handler))  # type: ignore[attr-defined]
    elif kind is FunctionType:
        found = _functions.get(handler)
        if found is None:
            found = _remember(_functions, handler, _read(handler))
    else:
        # By id, so that no __hash__ or __eq__ of an application's object decides.
        held, found = _others.get(id(handler), (None, None))
        if found is None or held is not handler:
            _, found = _remember(_others, id(handler), (handler, _read(handler)))
    return found


def arguments(handler: Callable[..., Any], segments: tuple[str, ...], request: Any) -> Mapping[str, Any]:
    """Return the keyword arguments for `handler(*segments, **fields)`.

    Reads the form only if the handler takes fields; then this may block and may raise what
    `request.params` raises. Raises NotFound if path, query or form do not fit.
    """
    accepted = accepts(handler)
    if accepted.takes_fields:
        fields: Mapping[str, Any] = request.params
    elif request.query_string:
        fields = parse_query(request.query_string)
    else:
        fields = {}
    accepted.check(segments, fields)
    return fields


def shown(text: str) -> str:
    """Return a client's text fit for a message: printable, at most 60 characters."""
    printable = text.encode("ascii", "backslashreplace").decode("ascii")
    printable = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in printable)
    return printable if len(printable) <= _MOST_SHOWN else printable[: _MOST_SHOWN - 3] + "..."


def _remember(table: dict[Any, Any], key: object, value: Any) -> Any:
    if len(table) >= _CACHE_SIZE:
        table.clear()
    table[key] = value
    return value


def _read(handler: Callable[..., Any]) -> Accepts:
    if _one_below(handler) is not None and not isinstance(handler, (FunctionType, MethodType, functools.partial)):
        # inspect.signature of the object itself would want it to be hashable (3.13 still does).
        handler = cast(Any, handler).__call__
    try:
        signature = _signature(handler)
    except (TypeError, ValueError):
        anything = (
            inspect.Parameter("args", inspect.Parameter.VAR_POSITIONAL),
            inspect.Parameter("fields", inspect.Parameter.VAR_KEYWORD),
        )
        return Accepts(anything, ())
    return Accepts(signature.parameters.values(), _taken(handler, signature))


def _signature(handler: Callable[..., Any]) -> inspect.Signature:
    own = inspect.signature(handler, follow_wrapped=False)
    passes_on = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    if {p.kind for p in own.parameters.values()} == passes_on:
        return inspect.signature(handler)
    return own


def _taken(handler: Callable[..., Any], signature: inspect.Signature) -> set[str]:
    """Names of the functions below `handler` that binding has filled, such as `self`."""
    taken: set[str] = set()
    below: Any = handler
    for _ in range(_DEEPEST_WRAPPING):
        below = _one_below(below)
        if below is None:
            break
        try:
            parameters = inspect.signature(below, follow_wrapped=False).parameters.values()
        except (TypeError, ValueError):
            break
        taken.update(p.name for p in parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return taken - set(signature.parameters)


def _one_below(handler: Any) -> Any:
    if isinstance(handler, MethodType):
        return handler.__func__
    if isinstance(handler, functools.partial):
        return handler.func
    if isinstance(handler, FunctionType):
        return getattr(handler, "__wrapped__", None)
    call = getattr(type(handler), "__call__", None)  # noqa: B004 - the function itself is wanted
    return call if isinstance(call, FunctionType) else None


def _listed(fault: str, names: list[str]) -> str:
    quoted = ", ".join(f'"{shown(name)}"' for name in names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{fault} parameter{'s' if len(names) > 1 else ''} {quoted}{more}"
