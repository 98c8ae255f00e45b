"""Marking what the web may call: `@expose`, and reading that mark back.

The mark is an attribute, as in CherryPy 1 to 3, so `handler.exposed = True` does the same as
the decorator and nothing here keeps a list. Only the values True and 1 count: a proxy or a
mock that has an answer for every attribute is not thereby on the web.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType, MappingProxyType
from typing import Any, NamedTuple, TypeVar, overload

from rawwfile.adapters.entries import marks_of

Handler = TypeVar("Handler")

KNOWN_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
"""What a handler without an allow-list is called for: RFC 9110 section 9.3 without CONNECT
and TRACE, and PATCH (RFC 5789)."""

ONLY_EXPOSED = {"exposed": True}
"""The attributes of a function that says nothing more about itself; most do not."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


TEMPLATES = {"json": "application/json"}
"""The template names of TurboGears2 that mean something here, and their types."""


class Options(NamedTuple):
    """What the attributes of one handler ask for; None where it says nothing."""

    methods: tuple[str, ...] | None = None
    content_type: str | None = None
    template: str | None = None
    """A key of TEMPLATES: what a dict that it returns becomes."""
    entries: Mapping[str, Any] = MappingProxyType({})
    """What `stream`, `flush` and `heartbeat` say, in the words of `entries`."""


_NO_OPTIONS = Options()


@overload
def expose(handler: Handler, /) -> Handler: ...


@overload
def expose(
    template: str | None = None,
    /,
    *,
    methods: str | Iterable[str] | None = None,
    stream: bool | None = None,
    content_type: str | None = None,
) -> Callable[[Handler], Handler]: ...


def expose(
    handler: Any = None,
    /,
    *,
    methods: str | Iterable[str] | None = None,
    stream: bool | None = None,
    content_type: str | None = None,
) -> Any:
    """Let the web call this function, method or class with `__call__`; returns it unchanged.

    Used bare or with arguments. methods: an allow-list such as `("GET", "POST")`; HEAD goes
    with GET, others are answered 405. stream: what `response.stream` is when the handler
    is called. content_type: the Content-Type when it is called; the handler may change it. With a
    content_type an iterator that it returns is streamed unless something says otherwise, as in
    TurboGears2; without, only if something says so, as in CherryPy. `@expose("json")` is
    TurboGears2's too: a dict that is returned is sent as JSON.
    Raises TypeError for what cannot be called or marked, ValueError for a bad method, type or template.
    """
    template = handler if isinstance(handler, str) else None
    if template is not None:
        usual = _type_of_template(template)
        handler, content_type = None, content_type or usual
    allowed = None if methods is None else method_names(methods)
    if content_type is not None and any(c in content_type for c in "\r\n\0"):
        raise ValueError(f"content_type cannot hold CR, LF or NUL: {content_type!r}")
    wanted = {"methods": allowed, "stream": stream, "content_type": content_type, "template": template}

    def mark(target: Any) -> Any:
        # A staticmethod or classmethod gives out the function it wraps: that is what is seen later.
        inner: Any = target.__func__ if isinstance(target, (staticmethod, classmethod)) else target
        if not callable(inner):
            raise TypeError(f"expose needs something that can be called, not {inner!r}")
        try:
            inner.exposed = True
            for name, value in wanted.items():
                if value is not None:
                    setattr(inner, name, value)
        except (AttributeError, TypeError) as error:
            raise TypeError(
                f"{inner!r} takes no attributes, so it cannot be exposed: write a function or method that calls it"
            ) from error
        return target

    return mark if handler is None else mark(handler)


def is_exposed(candidate: object) -> bool:
    """True if the web may call it: callable, marked with True or 1, and not a class."""
    exposed = getattr(candidate, "exposed", None)
    return (
        (exposed is True or (type(exposed) is int and exposed == 1))
        and callable(candidate)
        and not isinstance(candidate, type)
    )


def options_of(handler: object) -> Options:
    """Read the attributes methods, content_type, template, stream, flush and heartbeat of a handler.

    Its `_cp_config` is read with that of the objects above it, by `entries`. Raises TypeError or
    ValueError for an allow-list that is none.
    """
    function = getattr(handler, "__func__", handler)
    if type(function) is FunctionType and function.__dict__ == ONLY_EXPOSED:
        return _NO_OPTIONS
    methods = getattr(function, "methods", None)
    content_type = getattr(function, "content_type", None)
    template = getattr(function, "template", None)
    return Options(
        # An object with __call__ may have a page of its own named "methods".
        None if methods is None or callable(methods) else method_names(methods),
        content_type if isinstance(content_type, str) else None,
        template if isinstance(template, str) and template in TEMPLATES else None,
        marks_of(function),
    )


def method_names(methods: str | Iterable[str]) -> tuple[str, ...]:
    """Return an allow-list as a tuple of method names; a str is one name, or more with commas.

    The methods of RFC 9110 are taken in any case, others as they are spelt (section 9.1:
    names are case-sensitive). Raises TypeError, or ValueError if empty or not a token.
    """
    if isinstance(methods, str):
        methods = methods.replace(",", " ").split()
    elif not isinstance(methods, (tuple, list, set, frozenset)):
        raise TypeError(f'methods must be like ("GET", "POST"), not {methods!r}')
    return _checked_names(tuple(methods))


@functools.lru_cache(maxsize=256)
def allow_field(methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the Allow field lists: HEAD goes with GET, and OPTIONS is always answered.

    Source: RFC 9110 sections 9.3.2, 9.3.7 and 10.2.1.
    """
    names = list(dict.fromkeys(methods))
    if "GET" in names and "HEAD" not in names:
        names.insert(names.index("GET") + 1, "HEAD")
    if "OPTIONS" not in names:
        names.append("OPTIONS")
    return tuple(names)


def _type_of_template(name: str) -> str:
    if name in TEMPLATES:
        return TEMPLATES[name]
    raise ValueError(
        f'@expose({name!r}): "json" is the one template that a handler can name; to send a template of Jinja2 '
        "return rawwfile.stream_template(name, **context)"
    )


@functools.lru_cache(maxsize=256)
def _checked_names(methods: tuple[Any, ...]) -> tuple[str, ...]:
    names = []
    for name in methods:
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ValueError(f"{name!r} is no method name (RFC 9110 section 5.6.2: a token)")
        upper = name.upper()
        names.append(upper if upper in KNOWN_METHODS else name)
    if not names:
        raise ValueError("methods is empty: name at least one, or leave it out to allow all")
    return tuple(names)
