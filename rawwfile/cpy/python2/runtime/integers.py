"""Long integers of 2.x."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MAXINT = 2**63 - 1
"""sys.maxint of a machine with 64 bits."""


class long(int):
    """Python 2's long integer: what comes of one is one, and repr() ends in L."""

    __slots__ = ()

    def __new__(cls, value: Any = 0, *base: int) -> long:
        own = getattr(type(value), "__long__", None)
        if own is not None:
            value = own(value)
        elif isinstance(value, str) and base in ((), (10,)):
            value = value.strip().rstrip("lL")
        return int.__new__(cls, value, *base)

    def __repr__(self) -> str:
        return int.__repr__(self) + "L"

    def __str__(self) -> str:
        return int.__repr__(self)


def _long_operator(name: str) -> Callable[..., Any]:
    method = getattr(int, name)

    def operator(self: int, *others: Any) -> Any:
        value = method(self, *others)
        if type(value) is tuple:
            return tuple(map(long, value))
        return long(value) if type(value) is int else value

    operator.__name__ = name
    return operator


for _name in """
    add radd sub rsub mul rmul floordiv rfloordiv mod rmod divmod rdivmod pow rpow and rand or ror xor rxor
    lshift rlshift rshift rrshift neg pos abs invert
""".split():
    setattr(long, f"__{_name}__", _long_operator(f"__{_name}__"))
