"""md5, sha, hmac, hashlib, base64, binascii, struct, uu, sets, whrandom, math, operator, itertools, copy_reg."""

from __future__ import annotations

import base64
import binascii
import hashlib
import heapq
import hmac
import importlib
import itertools
import math
import operator
import os
import random
import struct
from collections.abc import Callable
from typing import Any


def to_bytes(value: Any) -> Any:
    """Return byte text as bytes; anything else as it is."""
    return value.encode("latin-1") if isinstance(value, str) else value


def path_bytes(name: Any) -> Any:
    """Return the name of a file as the bytes it has on disk: one for each character of byte text."""
    if type(name) is not str:
        return os.fsencode(name) if isinstance(name, str) else name
    try:
        return name.encode("latin-1")
    except UnicodeEncodeError:
        return os.fsencode(name)


def to_text(value: Any) -> Any:
    """Return bytes as byte text, in tuples and lists too; anything else as it is."""
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("latin-1")
    if type(value) in (tuple, list):
        return type(value)(map(to_text, value))
    return value


def in_text(function: Callable[..., Any], error: type[Exception] | None = None) -> Callable[..., Any]:
    """Return `function` with byte text where it takes and gives bytes. error: raised for binascii's."""

    def with_text(*arguments: Any, **named: Any) -> Any:
        try:
            return to_text(function(*map(to_bytes, arguments), **named))
        except binascii.Error as found:
            message = "Incorrect padding" if "base64" in str(found) else str(found)
            raise (error or binascii.Error)(message) from None

    with_text.__name__ = getattr(function, "__name__", "function")
    return with_text


def all_in_text(module: str, *names: str) -> Callable[[Any], dict[str, Any]]:
    """Return the maker of the functions `names` of a module, with byte text."""
    return lambda _: {name: in_text(getattr(importlib.import_module(module), name)) for name in names}


class Digest:
    """What md5.new(), sha.new() and the functions of hashlib and hmac give."""

    def __init__(self, kind: str, value: str = "", inner: Any = None) -> None:
        self._inner = inner or hashlib.new(kind, to_bytes(value), usedforsecurity=False)
        self.name = kind
        self.digest_size = self.digestsize = self._inner.digest_size
        self.block_size = self._inner.block_size

    def update(self, value: str) -> None:
        self._inner.update(to_bytes(value))

    def digest(self) -> str:
        return to_text(self._inner.digest())

    def hexdigest(self) -> str:
        return self._inner.hexdigest()

    def copy(self) -> Digest:
        return Digest(self.name, inner=self._inner.copy())


def _maker(kind: str) -> Callable[..., Digest]:
    def new(value: str = "") -> Digest:
        return Digest(kind, value)

    return new


def digest_names(kind: str) -> Callable[[Any], dict[str, Any]]:
    """Return the maker of the names of md5 or sha."""
    size = hashlib.new(kind, usedforsecurity=False).digest_size
    new = _maker(kind)
    return lambda _: {"new": new, kind[:3]: new, "digest_size": size, "digestsize": size, "blocksize": 1}


def hashlib_names(_: Any) -> dict[str, Any]:
    """Return the names of hashlib."""
    kinds = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
    return {"new": lambda kind, value="": Digest(kind, value), **{kind: _maker(kind) for kind in kinds}}


def hmac_names(_: Any) -> dict[str, Any]:
    """Return the names of hmac; MD5 where no digest is named."""

    def new(key: str, msg: Any = None, digestmod: Any = None) -> Digest:
        digest = digestmod.new() if hasattr(digestmod, "new") else digestmod() if digestmod else Digest("md5")
        return Digest(digest.name, inner=hmac.new(to_bytes(key), to_bytes(msg), digest.name))

    return {"new": new, "HMAC": new, "compare_digest": hmac.compare_digest}


def base64_names(_: Any) -> dict[str, Any]:
    """Return the names of base64."""
    pairs = ("b64", "standard_b64", "urlsafe_b64", "b32", "b16")
    return {
        "encodestring": in_text(base64.encodebytes),
        "decodestring": in_text(base64.decodebytes),
        **{name + "encode": in_text(getattr(base64, name + "encode")) for name in pairs},
        **{name + "decode": in_text(getattr(base64, name + "decode"), TypeError) for name in pairs},
        "encode": lambda source, out: out.write(to_text(base64.encodebytes(to_bytes(source.read())))),
        "decode": lambda source, out: out.write(to_text(binascii.a2b_base64(to_bytes(source.read())))),
    }


def signed(value: int) -> int:
    """Return a checksum as 2.x gave it: a C int with its sign."""
    return value - (1 << 32) if value & (1 << 31) else value


def checksum(function: Any) -> Any:
    """Return a checksum function of bytes as one of byte text."""
    return lambda text, *start: signed(function(to_bytes(text), *(each & 0xFFFFFFFF for each in start)))


def binascii_names(_: Any) -> dict[str, Any]:
    """Return the names of binascii."""
    plain = ("hexlify", "b2a_hex", "b2a_base64", "a2b_base64", "b2a_qp", "a2b_qp", "b2a_uu", "a2b_uu")
    return {
        **{name: in_text(getattr(binascii, name)) for name in plain},
        "unhexlify": in_text(binascii.unhexlify, TypeError),
        "a2b_hex": in_text(binascii.a2b_hex, TypeError),
        "crc32": checksum(binascii.crc32),
        "crc_hqx": lambda text, start: binascii.crc_hqx(to_bytes(text), start),
    }


def struct_names(_: Any) -> dict[str, Any]:
    """Return the names of struct."""

    class Struct:
        def __init__(self, format: str) -> None:
            self.format, self.size = format, struct.calcsize(format)

        def pack(self, *values: Any) -> str:
            return to_text(struct.pack(self.format, *map(to_bytes, values)))

        def unpack(self, text: str) -> Any:
            return to_text(struct.unpack(self.format, to_bytes(text)))

    return {
        **{name: in_text(getattr(struct, name)) for name in ("pack", "unpack", "calcsize", "unpack_from")},
        "Struct": Struct,
    }


def uu_names(_: Any) -> dict[str, Any]:
    """Return the names of uu; files are open ones."""

    def encode(source: Any, out: Any, name: Any = None, mode: Any = None) -> None:
        data = to_bytes(source.read())
        out.write(f"begin {(mode or 0o666) & 0o777:o} {name or '-'}\n")
        for start in range(0, len(data), 45):
            out.write(to_text(binascii.b2a_uu(data[start : start + 45])))
        out.write(" \nend\n")

    def decode(source: Any, out: Any, *_: Any) -> None:
        lines = iter(source.readline, "")
        if not any(line.startswith("begin ") for line in lines):
            raise ValueError("No valid begin line found in input file")
        for line in lines:
            if line.strip() == "end":
                break
            out.write(to_text(binascii.a2b_uu(to_bytes(line))))

    return {"encode": encode, "decode": decode, "Error": ValueError}


def whrandom_names(_: Any) -> dict[str, Any]:
    """Return the names of whrandom: today's generator behind them."""

    class whrandom(random.Random):  # noqa: N801 - the name that applications use
        def __init__(self, *seeds: Any) -> None:
            super().__init__(repr(seeds) if seeds else None)

    return {
        "whrandom": whrandom,
        "random": random.random,
        "randint": random.randint,
        "choice": random.choice,
        "uniform": random.uniform,
        "randrange": random.randrange,
        "seed": lambda *seeds: random.seed(repr(seeds)),
    }


def operator_names(_: Any) -> dict[str, Any]:
    """Return the names of operator that went away."""
    from rawwfile.cpy.python2.runtime import arithmetic, ordering

    return {
        "div": arithmetic.div,
        "idiv": arithmetic.div,
        "lt": ordering.lt,
        "le": ordering.le,
        "gt": ordering.gt,
        "ge": ordering.ge,
        "isCallable": callable,
        "sequenceIncludes": operator.contains,
        "repeat": operator.mul,
        "isSequenceType": lambda v: hasattr(v, "__getitem__") and not hasattr(v, "keys"),
        "isMappingType": lambda v: hasattr(v, "keys"),
        "isNumberType": lambda v: isinstance(v, (int, float, complex)),
        "getslice": lambda a, b, c: a[b:c],
        "setslice": lambda a, b, c, v: a.__setitem__(slice(b, c), v),
        "delslice": lambda a, b, c: a.__delitem__(slice(b, c)),
    }


def _imap(function: Any, *values: Any) -> Any:
    return map(lambda *row: row, *values) if function is None else map(function, *values)


def itertools_names(_: Any) -> dict[str, Any]:
    """Return the names of itertools that went away."""
    return {
        "izip": zip,
        "imap": _imap,
        "ifilter": filter,
        "ifilterfalse": itertools.filterfalse,
        "izip_longest": itertools.zip_longest,
    }


def bisect_names(_: Any) -> dict[str, Any]:
    """Return the names of bisect: order is that of 2.x, for values of any kinds."""
    from rawwfile.cpy.python2.runtime.ordering import lt

    def bisect_left(values: Any, value: Any, low: int = 0, high: Any = None) -> int:
        high = len(values) if high is None else high
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if lt(values[middle], value) else (low, middle)
        return low

    def bisect_right(values: Any, value: Any, low: int = 0, high: Any = None) -> int:
        high = len(values) if high is None else high
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if lt(value, values[middle]) else (middle + 1, high)
        return low

    def insort(values: Any, value: Any, *bounds: Any) -> None:
        values.insert(bisect_right(values, value, *bounds), value)

    def insort_left(values: Any, value: Any, *bounds: Any) -> None:
        values.insert(bisect_left(values, value, *bounds), value)

    return {
        "bisect": bisect_right,
        "bisect_left": bisect_left,
        "bisect_right": bisect_right,
        "insort": insort,
        "insort_left": insort_left,
        "insort_right": insort,
    }


class _Ordered:
    """A value in a heap, in the order of 2.x."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: _Ordered) -> bool:
        from rawwfile.cpy.python2.runtime.ordering import lt

        return bool(lt(self.value, other.value))


def heapq_names(_: Any) -> dict[str, Any]:
    """Return the names of heapq, for values of any kinds."""

    def on(function: Callable[..., Any]) -> Callable[..., Any]:
        def changed(heap: Any, *values: Any) -> Any:
            inner = list(map(_Ordered, heap))
            found = function(inner, *map(_Ordered, values))
            heap[:] = [each.value for each in inner]
            return found.value if isinstance(found, _Ordered) else found

        return changed

    def best(function: Callable[..., Any]) -> Callable[..., list[Any]]:
        def chosen(count: int, values: Any, key: Any = None) -> list[Any]:
            return function(count, values, key=lambda value: _Ordered(key(value) if key else value))

        return chosen

    changing = ("heappush", "heappop", "heapify", "heapreplace", "heappushpop")
    return {
        **{name: on(getattr(heapq, name)) for name in changing},
        "nlargest": best(heapq.nlargest),
        "nsmallest": best(heapq.nsmallest),
    }


class Set(set):  # type: ignore[type-arg]
    """sets.Set."""

    union_update = set.update

    def __repr__(self) -> str:
        from rawwfile.cpy.python2.runtime.text import repr_of

        return f"Set({repr_of(list(self))})"


MODULES: dict[str, tuple[str, Any]] = {
    "md5": ("", digest_names("md5")),
    "sha": ("", digest_names("sha1")),
    "hashlib": ("hashlib", hashlib_names),
    "hmac": ("hmac", hmac_names),
    "base64": ("base64", base64_names),
    "binascii": ("binascii", binascii_names),
    "struct": ("struct", struct_names),
    "uu": ("", uu_names),
    "sets": ("", lambda _: {"Set": Set, "ImmutableSet": frozenset, "BaseSet": (set, frozenset)}),
    "copy_reg": ("copyreg", lambda _: {}),
    "whrandom": ("random", whrandom_names),
    "math": ("math", lambda _: {"floor": lambda v: float(math.floor(v)), "ceil": lambda v: float(math.ceil(v))}),
    "operator": ("operator", operator_names),
    "itertools": ("itertools", itertools_names),
    "bisect": ("bisect", bisect_names),
    "heapq": ("heapq", heapq_names),
}
