"""Calling a page with the parameters of a request, and Python 2's words when they do not fit (spec 5)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def called(method: Callable[..., Any], positional: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """Call a method with what the request gives; return what it returns.

    Where the arguments do not fit, raises TypeError with the message that Python 2 had: it is the
    last line of the error page.
    """
    try:
        return method(*positional, **named)
    except TypeError as error:
        # Further frames would say that it was raised inside of the method.
        if error.__traceback__ is None or error.__traceback__.tb_next is not None:
            raise
        text = mismatch(method, positional, named)
        if text is None:
            raise
        raise TypeError(text) from None


def mismatch(method: Callable[..., Any], positional: Sequence[Any], named: Mapping[str, Any]) -> str | None:
    """Return Python 2's message for arguments that do not fit; None where they do, or nobody knows."""
    function = getattr(method, "__func__", None)
    code = getattr(function, "__code__", None)
    if function is None or code is None or code.co_kwonlyargcount:
        return None
    name, names = function.__name__, code.co_varnames[: code.co_argcount]
    defaults = len(function.__defaults__ or ())
    given = len(positional) + 1
    if given > len(names) and not code.co_flags & inspect.CO_VARARGS:
        return f"{name}() takes {'at most' if defaults else 'exactly'} {_count(len(names))} ({given} given)"
    for key in named:
        if key in names[:given]:
            return f"{name}() got multiple values for keyword argument {key!r}"
        if key not in names and not code.co_flags & inspect.CO_VARKEYWORDS:
            return f"{name}() got an unexpected keyword argument {key!r}"
    required = len(names) - defaults
    if any(each not in named for each in names[given:required]):
        least = "at least" if defaults or code.co_flags & inspect.CO_VARARGS else "exactly"
        there = sum(1 for at, each in enumerate(names) if at < given or each in named)
        return f"{name}() takes {least} {_count(required)} ({there} given)"
    return None


def _count(number: int) -> str:
    return f"{number} argument{'' if number == 1 else 's'}"
