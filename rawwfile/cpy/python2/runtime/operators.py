"""Special methods of numbers in classes of 2.x: `__div__`, `__coerce__` and their reflections."""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import FunctionType
from typing import Any

from rawwfile.cpy.python2.runtime.arithmetic import div, mod, real
from rawwfile.cpy.python2.runtime.ordering import compare

_RENAMED = {"__div__": "__truediv__", "__rdiv__": "__rtruediv__", "__idiv__": "__itruediv__"}
_COMPARED: dict[str, Callable[[int], bool]] = {
    "__lt__": lambda sign: sign < 0, "__le__": lambda sign: sign <= 0, "__gt__": lambda sign: sign > 0,
    "__ge__": lambda sign: sign >= 0, "__eq__": lambda sign: sign == 0, "__ne__": lambda sign: sign != 0,
}  # fmt: skip
_COERCED: dict[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": div, "mod": mod,
    "floordiv": operator.floordiv, "pow": operator.pow, "and": operator.and_, "or": operator.or_,
    "xor": operator.xor, "lshift": operator.lshift, "rshift": operator.rshift,
}  # fmt: skip


def modernise_operators(names: dict[str, Any], *, classic: bool) -> None:
    """Add to a class body the operators of Python 3 that stand for those of 2.x."""
    for old, new in _RENAMED.items():
        if old in names:
            names[new] = _unwrapping(names[old])
    for name in ("__mod__", "__imod__"):
        if name in names:
            names[name] = _unwrapping(names[name])
    if classic and "__coerce__" in names:
        for stem, apply in _COERCED.items():
            for name, swapped in ((f"__{stem}__", False), (f"__r{stem}__", True)):
                names[name] = _coerced(name, names.get(name), apply, swapped)
        if "__cmp__" not in names:
            for name, test in _COMPARED.items():
                names.setdefault(name, _coerced_order(test))
            names.setdefault("__hash__", object.__hash__)


def _coerced_order(test: Callable[[int], bool]) -> Callable[..., Any]:
    """Return a comparison of what __coerce__ makes of both sides."""

    def method(self: Any, other: Any) -> Any:
        pair = self.__coerce__(other)
        if pair is None or pair is NotImplemented or isinstance(pair[0], type(self)):
            return NotImplemented
        return test(compare(*pair))

    return method


def _unwrapping(method: Callable[..., Any]) -> Callable[..., Any]:
    if type(method) is not FunctionType:
        return method
    return lambda self, other: method(self, real(other))


def _coerced(
    name: str, own: Callable[..., Any] | None, apply: Callable[[Any, Any], Any], swapped: bool
) -> Callable[..., Any]:
    """Return the operator that asks __coerce__ first, as classic instances did."""

    def method(self: Any, other: Any) -> Any:
        pair = self.__coerce__(other)
        if pair is None or pair is NotImplemented:
            return NotImplemented if own is None else own(self, other)
        left, right = pair
        if isinstance(left, type(self)):
            return NotImplemented if own is None else own(left, right)
        return apply(right, left) if swapped else apply(left, right)

    method.__name__ = name
    return method
