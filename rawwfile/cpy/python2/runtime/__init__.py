"""The names that translated code runs with: Python 2's builtins, and under `@` what the converter calls."""

from __future__ import annotations

import builtins
import functools
import itertools
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any

from rawwfile.cpy.python2.runtime import arithmetic, exceptions, execution, files, ordering, text
from rawwfile.cpy.python2.runtime.attributes import GETTERS
from rawwfile.cpy.python2.runtime.calls import CALLS, SHORT_CALLS
from rawwfile.cpy.python2.runtime.classes import Instance, can_be_called, make_class, method_of
from rawwfile.cpy.python2.runtime.formatting import FORMATS
from rawwfile.cpy.python2.runtime.importing import Importer
from rawwfile.cpy.python2.runtime.types import KNOWN_CALLS, BaseString, Str, Type

if TYPE_CHECKING:
    from rawwfile.cpy.python2.dialect import Dialect

__all__ = ["builtins_for"]


def builtins_for(paths: Sequence[str] = (), dialect: Dialect = "auto") -> dict[str, Any]:
    """Return a new `__builtins__` for one application.

    paths: folders where its own modules lie. dialect: that of those modules. Put the dict into the
    namespace that translated code is executed in, as `__builtins__`.
    """
    names = dict(vars(builtins))
    for new in ("ascii", "breakpoint", "aiter", "anext", "print", "exec", "bytes", "memoryview"):
        names.pop(new, None)
    names.update(_OLD)
    names.update(_HIDDEN)
    importer = Importer(names, paths, dialect)
    names["__import__"] = importer
    names["reload"] = importer.reload
    return names


def spread(value: Any, shape: Any) -> list[Any]:
    """Return the values that a parameter `(a, (b, c))` takes, one after the other."""
    if shape is None:
        return [value]
    parts = list(value)
    if len(parts) != len(shape):
        raise ValueError("too many values to unpack" if len(parts) > len(shape) else
                         f"need more than {len(parts)} value{'s' * (len(parts) != 1)} to unpack")  # fmt: skip
    return [each for part, inside in zip(parts, shape, strict=False) for each in spread(part, inside)]


def old_map(function: Any, *sequences: Any) -> list[Any]:
    """map() of 2.x: a list; None for the function makes tuples; short sequences are filled with None."""
    if len(sequences) == 1:
        return list(sequences[0]) if function is None else [function(each) for each in sequences[0]]
    rows = itertools.zip_longest(*sequences)
    return list(rows) if function is None else [function(*row) for row in rows]


def old_filter(function: Any, values: Any) -> Any:
    """filter() of 2.x: text of text, a tuple of a tuple, else a list."""
    kept = [each for each in values if (each if function is None else function(each))]
    if isinstance(values, str):
        return type(values)().join(kept)
    return tuple(kept) if isinstance(values, tuple) else kept


def old_zip(*values: Any) -> list[Any]:
    """zip() of 2.x: a list."""
    return list(zip(*values))  # noqa: B905 - the argument would double the time


def old_range(*bounds: Any) -> list[int]:
    """range() of 2.x: a list; floats lose their fraction."""
    try:
        return list(range(*bounds))
    except TypeError:
        if not any(isinstance(bound, float) for bound in bounds):
            raise
    return list(range(*map(int, bounds)))


def counted(make: Any, *bounds: Any) -> Any:
    """Return what gives the same as `make(*bounds)` in a loop, where the code says `range(...)`."""
    if make is old_range and bounds and all(type(bound) is int for bound in bounds):
        return range(*bounds)
    return make(*bounds)


def old_apply(function: Any, arguments: Any = (), named: Any = None) -> Any:
    """apply(): the call `function(*arguments, **named)`."""
    return function(*arguments, **(named or {}))


def old_buffer(value: Any, start: int = 0, size: int = sys.maxsize) -> Any:
    """buffer(): what it shows of text is a copy."""
    return value[start : start + size]


def old_chr(code: int) -> str:
    """chr() of 2.x: one byte."""
    if not 0 <= code < 256:
        raise ValueError("chr() arg not in range(256)")
    return chr(code)


_MISSING = object()


def old_hasattr(value: Any, name: str) -> bool:
    """hasattr() of 2.x: any exception means no."""
    if name in GETTERS:
        try:
            GETTERS[name](value)
        except AttributeError:
            return False
        return True
    try:
        return getattr(value, name, _MISSING) is not _MISSING
    except Exception:
        return False


def old_getattr(value: Any, name: str, default: Any = _MISSING) -> Any:
    """getattr() of 2.x, which knows the old names of attributes too."""
    try:
        return GETTERS[name](value) if name in GETTERS else getattr(value, str(name))
    except AttributeError:
        if default is _MISSING:
            raise
        return default


def old_next(iterator: Any, *default: Any) -> Any:
    """next() of 2.6."""
    return next(iterator, *default)


def show(value: Any) -> None:
    """Show a value as the interactive prompt does."""
    if value is not None:
        files.print_values(None, True, text.repr_of(value))


def kept(*_: Any) -> bool:
    """The condition that keeps a list comprehension's variables: always true."""
    return True


_OLD: dict[str, Any] = {
    "apply": old_apply, "basestring": BaseString, "buffer": old_buffer, "callable": can_be_called, "chr": old_chr,
    "cmp": ordering.compare, "coerce": arithmetic.coerce, "compile": execution.compiled,
    "eval": execution.evaluate, "execfile": execution.execfile, "file": files.File, "filter": old_filter,
    "getattr": old_getattr, "hasattr": old_hasattr, "hex": arithmetic.hexadecimal, "input": execution.old_input,
    "intern": lambda value: sys.intern(value), "long": text.long, "map": old_map, "max": ordering.largest,
    "min": ordering.smallest, "next": old_next, "oct": arithmetic.octal, "open": files.File, "range": old_range,
    "raw_input": execution.raw_input, "reduce": functools.reduce, "repr": text.repr_of, "round": arithmetic.rounded,
    "sorted": ordering.sorted_list, "StandardError": Exception, "str": Str, "type": Type,
    "unichr": lambda code: text.of(chr(code)), "unicode": text.unicode, "xrange": range, "zip": old_zip,
    "@None": None, "@True": True, "@False": False,
}  # fmt: skip

_HIDDEN: dict[str, Any] = {
    **{"@." + name: getter for name, getter in GETTERS.items()},
    **{f"@.{name}()": call for name, call in CALLS.items()},
    **{"@" + name: call for name, call in SHORT_CALLS.items()},
    **{"@" + name: call for name, call in (FORMATS | KNOWN_CALLS).items()},
    "@int": int, "@text": str, "@dict": dict, "@counted": counted, "@plain": frozenset({str, int}),
    "@method": method_of, "@div_into": arithmetic.div_into, "@mod_into": arithmetic.mod_into,
    "@appeared": execution.appeared, "@caught": exceptions.caught, "@caught_by": exceptions.caught_by,
    "@chain": ordering.chain, "@class": make_class, "@div": arithmetic.div, "@divisor": arithmetic.operand,
    "@exec": execution.run, "@exec_here": execution.run_here, "@ge": ordering.ge,
    "@gt": ordering.gt, "@item": exceptions.item, "@kept": kept, "@le": ordering.le, "@long": text.long,
    "@locals": execution.variables,
    "@lt": ordering.lt, "@mod": arithmetic.mod, "@modulus": arithmetic.operand, "@print": files.print_values,
    "@raised": exceptions.raised, "@repr": text.repr_of, "@show": show, "@spread": spread, "@unicode": text.of,
    "@unpacked": exceptions.unpacked, "@Instance": Instance,
}  # fmt: skip

for _name, _value in _OLD.items():
    if isinstance(_value, FunctionType):
        _value.__name__ = _value.__qualname__ = _name
