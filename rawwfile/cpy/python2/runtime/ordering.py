"""Comparing and sorting what Python 3 will not compare: mixed types, None, dicts, instances with __cmp__."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Any

_FEW = 7
"""Values that are sorted sooner than their keys are looked at."""
_TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<>": operator.ne, "is": operator.is_, "is not": operator.is_not,
    "in": lambda a, b: a in b, "not in": lambda a, b: a not in b,
}  # fmt: skip


def compare(a: Any, b: Any) -> int:
    """Return 2.x's cmp(a, b): -1, 0 or 1."""
    kind = type(a)
    if (kind is str or kind is int) and kind is type(b):
        return -1 if a < b else 1 if a > b else 0
    if a is b and not isinstance(a, float):
        return 0
    if kind is type(b):
        if kind in (list, tuple):
            return _sequences(a, b)
        if kind is dict:
            return _dicts(a, b)
    for value, other, sign in ((a, b, 1), (b, a, -1)):
        own = getattr(type(value), "__cmp__", None)
        if own is not None:
            answer = own(value, other)
            if answer is not NotImplemented:
                return sign * ((answer > 0) - (answer < 0))
    if isinstance(a, complex) or isinstance(b, complex):
        if a == b:
            return 0
        if isinstance(a, (int, float, complex)) and isinstance(b, (int, float, complex)):
            raise TypeError("no ordering relation is defined for complex numbers")
    try:
        if a == b:
            return 0
        if a < b:
            return -1
        if a > b:
            return 1
    except TypeError:
        pass
    return _by_type(a, b)


def _rank(value: Any) -> tuple[int, str]:
    if value is None:
        return (0, "")
    if isinstance(value, (int, float, complex)):
        return (1, "")
    kind = type(value)
    if getattr(kind, "is_classic", False):
        return (1, "instance")
    if isinstance(value, type):
        return (1, "classobj" if getattr(value, "is_classic", False) else "type")
    name = {"method": "instancemethod"}.get(kind.__name__, kind.__name__)
    return (1, name)


def _by_type(a: Any, b: Any) -> int:
    first, second = _rank(a), _rank(b)
    if first == second:
        first, second = id(a), id(b)  # type: ignore[assignment]
    return (first > second) - (first < second)


def _sequences(a: Any, b: Any) -> int:
    for left, right in zip(a, b, strict=False):
        if left is right or left == right:
            continue
        return compare(left, right)
    return (len(a) > len(b)) - (len(a) < len(b))


def _dicts(a: dict[Any, Any], b: dict[Any, Any]) -> int:
    if len(a) != len(b):
        return -1 if len(a) < len(b) else 1
    first, second = _differs(a, b), _differs(b, a)
    if first is None or second is None:
        return 0
    return compare(first[0], second[0]) or compare(a[first[0]], b[second[0]])


def _differs(a: dict[Any, Any], b: dict[Any, Any]) -> tuple[Any] | None:
    """Return the smallest key whose value differs in `b`, in a tuple of one."""
    keys = [key for key in a if key not in b or a[key] != b[key]]
    return (sorted(keys, key=cmp_to_key(compare))[0],) if keys else None


def compare_kinds(a: Any, b: Any) -> int:
    """Return the order of two values that Python 3 has none for; sets and complex numbers have none."""
    if isinstance(a, complex) or isinstance(b, complex):
        if isinstance(a, (int, float, complex)) and isinstance(b, (int, float, complex)):
            raise TypeError("no ordering relation is defined for complex numbers")
    if isinstance(a, (set, frozenset)) or isinstance(b, (set, frozenset)):
        raise TypeError("can only compare to a set")
    return compare(a, b)


def lt(a: Any, b: Any) -> Any:
    """Return `a < b`."""
    try:
        return a < b
    except TypeError:
        return compare_kinds(a, b) < 0


def gt(a: Any, b: Any) -> Any:
    """Return `a > b`."""
    try:
        return a > b
    except TypeError:
        return compare_kinds(a, b) > 0


def le(a: Any, b: Any) -> Any:
    """Return `a <= b`."""
    try:
        return a <= b
    except TypeError:
        return compare_kinds(a, b) <= 0


def ge(a: Any, b: Any) -> Any:
    """Return `a >= b`."""
    try:
        return a >= b
    except TypeError:
        return compare_kinds(a, b) >= 0


_TESTS.update({"<": lt, ">": gt, "<=": le, ">=": ge})


def chain(signs: tuple[str, ...], a: Any, b: Any, *rest: Callable[[], Any]) -> Any:
    """Return `a < b < rest...`; each of `rest` is called only when it is needed."""
    answer = _TESTS[signs[0]](a, b)
    for sign, thunk in zip(signs[1:], rest, strict=False):
        if not answer:
            return answer
        a, b = b, thunk()
        answer = _TESTS[sign](a, b)
    return answer


def sort(
    values: list[Any],
    cmp: Callable[[Any, Any], int] | None = None,
    key: Callable[[Any], Any] | None = None,
    reverse: bool = False,
) -> None:
    """list.sort of 2.x: an optional comparison function, and any types beside each other."""
    if cmp is None:
        try:
            # On the original a failure half way would leave another order than 2.x's stable one.
            values[:] = sorted(values, key=key, reverse=bool(reverse))
            return
        except TypeError:
            cmp = _by_less
    order = cmp_to_key(cmp)
    values[:] = sorted(values, key=(lambda v: order(key(v))) if key else order, reverse=bool(reverse))


def sort_by(values: list[Any], cmp: Callable[..., Any], compares: Any, keys: Callable[..., Any], falls: bool) -> None:
    """Sort by what `keys` gives of each value; as `cmp` does, which compares that by calling `compares`.

    `cmp` is asked where the keys are not all alike, or cannot be had.
    """
    if compares is compare and len(values) > _FEW:
        try:
            made = [keys(value) for value in values]
        except Exception:  # noqa: BLE001 - it comes again, when its turn is
            made = []
        if made and all(map(_are_alike, zip(*made, strict=True))):
            order = sorted(range(len(values)), key=made.__getitem__, reverse=falls)
            values[:] = [values[place] for place in order]
            return
    values[:] = sorted(values, key=cmp_to_key(cmp))


def _are_alike(column: Iterable[Any]) -> bool:
    """Whether today's `<` orders these values, and as 2.x did."""
    kinds = set(map(type, column))
    if kinds == {str} or kinds == {int}:
        return True
    return kinds <= {int, float} and all(value == value for value in column)


def _by_less(a: Any, b: Any) -> int:
    return -1 if lt(a, b) else 0


def sorted_list(values: Iterable[Any], cmp: Any = None, key: Any = None, reverse: bool = False) -> list[Any]:
    """sorted() of 2.4."""
    made = list(values)
    sort(made, cmp, key, reverse)
    return made


def _extreme(is_better: Callable[[Any, Any], Any], todays: Callable[..., Any]) -> Callable[..., Any]:
    name = todays.__name__

    def extreme(*values: Any, key: Callable[[Any], Any] | None = None) -> Any:
        listed = list(values[0]) if len(values) == 1 else list(values)
        if not listed:
            raise ValueError(f"{name}() arg is an empty sequence")
        if key is None:
            try:
                return todays(listed)
            except TypeError:
                pass
        best = listed[0]
        for value in listed[1:]:
            if is_better(key(value), key(best)) if key else is_better(value, best):
                best = value
        return best

    extreme.__name__ = name
    return extreme


smallest = _extreme(lt, min)
largest = _extreme(gt, max)
