"""`/` and `%` of 2.x, their augmented forms, and the number functions that changed."""

from __future__ import annotations

import math
from typing import Any

from rawwfile.cpy.python2.runtime.formatting import format_text
from rawwfile.cpy.python2.runtime.text import MAXINT, long


def div(a: Any, b: Any) -> Any:
    """Return `a / b`: the floor where both are whole numbers."""
    if type(a) is int and type(b) is int:
        return a // b
    if isinstance(a, int) and isinstance(b, int):
        return long(a // b) if type(a) is long or type(b) is long else a // b
    return a / b


def mod(a: Any, b: Any) -> Any:
    """Return `a % b`: formatting where `a` is text."""
    kind = type(a)
    if kind is int and type(b) is int:
        return a % b
    if kind is str:
        return format_text(a, b)
    if type(b) is long and isinstance(a, int):
        return long(a % b)
    return a % b


class _Operand(str):
    """The right side of `/=` or `%=`; a subclass of str so that its reflected method is asked first."""

    value: Any

    def __rtruediv__(self, left: Any) -> Any:
        return div(left, self.value)

    def __rmod__(self, left: Any) -> Any:
        return mod(left, self.value)


def operand(value: Any) -> Any:
    """Return the stand-in for the right side of an augmented `/=` or `%=`."""
    made = _Operand()
    made.value = value
    return made


def div_into(a: Any, b: Any) -> Any:
    """Return what `a /= b` binds."""
    if type(a) is int and type(b) is int:
        return a // b
    a /= operand(b)
    return a


def mod_into(a: Any, b: Any) -> Any:
    """Return what `a %= b` binds."""
    if type(a) is int and type(b) is int:
        return a % b
    a %= operand(b)
    return a


def real(value: Any) -> Any:
    """Return what a stand-in stands for; anything else as it is."""
    return value.value if type(value) is _Operand else value


def coerce(a: Any, b: Any) -> tuple[Any, Any]:
    """Return both numbers in the type that holds both. Raises TypeError where there is none."""
    for kind in (complex, float):
        if isinstance(a, kind) or isinstance(b, kind):
            return kind(a), kind(b)
    if isinstance(a, int) and isinstance(b, int):
        return (long(a), long(b)) if isinstance(a, long) or isinstance(b, long) else (int(a), int(b))
    own = getattr(a, "__coerce__", None)
    if own is not None:
        return own(b)
    if type(a) is type(b):
        return a, b
    raise TypeError("number coercion failed")


def rounded(value: Any, digits: int = 0) -> float:
    """Return round() of 2.x: a float, halves away from zero."""
    value = float(value)
    if math.isinf(value) or math.isnan(value) or digits > 30:
        return value
    number, whole = abs(value).as_integer_ratio()
    number, whole = (number * 10**digits, whole) if digits >= 0 else (number, whole * 10**-digits)
    nearest = (2 * number + whole) // (2 * whole)
    result = nearest / 10**digits if digits >= 0 else float(nearest * 10**-digits)
    return math.copysign(result, value)


def hexadecimal(value: Any) -> str:
    """Return hex() of 2.x."""
    own = getattr(type(value), "__hex__", None)
    return own(value) if own else hex(value) + ("L" if _is_long(value) else "")


def octal(value: Any) -> str:
    """Return oct() of 2.x: 0 in front and no o."""
    own = getattr(type(value), "__oct__", None)
    if own:
        return own(value)
    text = oct(value).replace("0o", "0")
    return ("0" if value == 0 else text) + ("L" if _is_long(value) else "")


def _is_long(value: Any) -> bool:
    return isinstance(value, long) or not -MAXINT - 2 < value <= MAXINT
