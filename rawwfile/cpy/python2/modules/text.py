"""string, StringIO, cStringIO, UserDict, UserList, UserString, types, re."""

from __future__ import annotations

import collections
import io
import re
import string
import types
from typing import Any

from rawwfile.cpy.python2.runtime import text as old_text
from rawwfile.cpy.python2.runtime.classes import ClassType, Instance
from rawwfile.cpy.python2.runtime.files import File
from rawwfile.cpy.python2.runtime.ordering import compare
from rawwfile.cpy.python2.runtime.types import BaseString, Str, Type

_METHODS = (
    "upper lower capitalize swapcase strip lstrip rstrip split rsplit translate find rfind index rindex count replace "
    "ljust rjust center expandtabs"
)


def string_names(_: Any) -> dict[str, Any]:
    """string: the methods as functions, and the letters of the C locale."""
    names: dict[str, Any] = {"letters": string.ascii_letters, "lowercase": string.ascii_lowercase,
             "uppercase": string.ascii_uppercase, "whitespace": "\t\n\x0b\x0c\r ", "atoi_error": ValueError,
             "index_error": ValueError, "atof_error": ValueError, "atol_error": ValueError,
             "atoi": int, "atof": float, "atol": lambda value, base=10: old_text.long(int(value.rstrip("lL"), base)),
             "maketrans": maketrans, "join": lambda words, between=" ": call("join", between, words),
             "joinfields": lambda words, between=" ": call("join", between, words),
             "splitfields": lambda value, *rest: call("split", value, *rest),
             "zfill": lambda value, width: (value if isinstance(value, str) else old_text.repr_of(value)).zfill(width),
             "capwords": capwords}  # fmt: skip
    for name in _METHODS.split():
        names[name] = (lambda method: lambda value, *rest: call(method, value, *rest))(name)
    return names


def capwords(value: str, sep: Any = None) -> str:
    """string.capwords."""
    return (sep or " ").join(call("capitalize", word) for word in call("split", value, sep))


def call(method: str, value: str, *arguments: Any) -> Any:
    """Call a method of text as translated code does."""
    if type(value) is str and method in old_text.BYTE_METHODS:
        return old_text.BYTE_METHODS[method](value, *arguments)
    return getattr(value, method)(*arguments)


def maketrans(old: str, new: str) -> str:
    """Return the table of 256 characters that translate() takes."""
    if len(old) != len(new):
        raise ValueError("maketrans arguments must have same length")
    table = [chr(code) for code in range(256)]
    for before, after in zip(old, new, strict=True):
        table[ord(before)] = after
    return "".join(table)


class StringIO(io.StringIO):
    """A file in memory that takes what str() can make text of."""

    softspace = 0
    next = io.StringIO.__next__

    def __init__(self, value: Any = "") -> None:
        super().__init__(old_text.text_of(value), newline="\n")

    def write(self, value: Any) -> int:
        return super().write(value if isinstance(value, str) else old_text.text_of(value))

    def getvalue(self, use_pos: Any = None) -> str:
        return super().getvalue()

    pos = property(lambda self: self.tell())
    len = property(lambda self: len(self.getvalue()))

    def reset(self) -> None:
        self.seek(0)

    @property
    def buf(self) -> str:
        return self.getvalue()

    def seek(self, offset: int, whence: int = 0) -> int:
        start = {1: self.tell(), 2: len(self.getvalue())}.get(whence, 0)
        return super().seek(max(start + offset, 0))


class UserDict(collections.UserDict):
    """UserDict of 2.x: lists from keys(), has_key, order by contents."""

    def __init__(self, dict: Any = None, **named: Any) -> None:
        super().__init__({} if dict is None else dict, **named)

    def keys(self) -> Any:
        return list(self.data.keys())

    def values(self) -> Any:
        return list(self.data.values())

    def items(self) -> Any:
        return list(self.data.items())

    def has_key(self, key: Any) -> bool:
        return key in self.data

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if key in self else default

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: Any, *default: Any) -> Any:
        return self.data.pop(key, *default)

    def copy(self) -> Any:
        made = type(self)()
        made.update(self.data)
        return made

    def update(self, other: Any = (), **named: Any) -> None:  # type: ignore[override]
        for key, value in dict(other.data if isinstance(other, collections.UserDict) else other, **named).items():
            self[key] = value

    def __cmp__(self, other: Any) -> int:
        return compare(self.data, getattr(other, "data", other))

    def __repr__(self) -> str:
        return old_text.repr_of(self.data)


class DictMixin:
    """UserDict.DictMixin: all of a dictionary from four methods and keys()."""

    def __iter__(self) -> Any:
        return iter(self.keys())  # type: ignore[attr-defined]

    iterkeys = __iter__

    def __contains__(self, key: Any) -> bool:
        try:
            self[key]  # type: ignore[index]
        except KeyError:
            return False
        return True

    def has_key(self, key: Any) -> bool:
        return key in self

    def __len__(self) -> int:
        return len(self.keys())  # type: ignore[attr-defined]

    def values(self) -> list[Any]:
        return [self[key] for key in self]  # type: ignore[index]

    def items(self) -> list[Any]:
        return [(key, self[key]) for key in self]  # type: ignore[index]

    def itervalues(self) -> Any:
        return iter(self.values())

    def iteritems(self) -> Any:
        return iter(self.items())

    def get(self, key: Any, default: Any = None) -> Any:
        return self[key] if key in self else default  # type: ignore[index]

    def setdefault(self, key: Any, default: Any = None) -> Any:
        if key not in self:
            self[key] = default  # type: ignore[index]
        return self[key]  # type: ignore[index]

    def pop(self, key: Any, *default: Any) -> Any:
        if key not in self and default:
            return default[0]
        value = self[key]  # type: ignore[index]
        del self[key]  # type: ignore[attr-defined]
        return value

    def popitem(self) -> Any:
        key = self.keys()[0]  # type: ignore[attr-defined]
        return key, self.pop(key)

    def clear(self) -> None:
        for key in list(self.keys()):  # type: ignore[attr-defined]
            del self[key]  # type: ignore[attr-defined]

    def update(self, other: Any = (), **named: Any) -> None:
        pairs = other.items() if hasattr(other, "items") else other
        for key, value in [*pairs, *named.items()]:
            self[key] = value  # type: ignore[index]

    def __cmp__(self, other: Any) -> int:
        return compare(dict(self.items()), dict(other.items()) if hasattr(other, "items") else other)

    def __eq__(self, other: object) -> bool:
        return self.__cmp__(other) == 0

    def __repr__(self) -> str:
        return old_text.repr_of(dict(self.items()))


class UserList(collections.UserList):
    """UserList of 2.x; sort takes a comparison function."""

    def sort(self, *arguments: Any, **named: Any) -> None:
        from rawwfile.cpy.python2.runtime.ordering import sort

        sort(self.data, *arguments, **named)

    def __repr__(self) -> str:
        return old_text.repr_of(self.data)


def types_names(_: Any) -> dict[str, Any]:
    """types: a name for each type of 2.x."""
    return {"NoneType": type(None), "TypeType": Type, "BooleanType": bool, "IntType": int, "LongType": old_text.long,
            "FloatType": float, "ComplexType": complex, "StringType": Str, "UnicodeType": old_text.unicode,
            "StringTypes": (Str, old_text.unicode), "TupleType": tuple, "ListType": list, "DictType": dict,
            "DictionaryType": dict, "FunctionType": types.FunctionType, "LambdaType": types.FunctionType,
            "CodeType": types.CodeType, "GeneratorType": types.GeneratorType, "ClassType": ClassType,
            "InstanceType": Instance, "MethodType": types.MethodType, "UnboundMethodType": types.MethodType,
            "BuiltinFunctionType": type(len), "BuiltinMethodType": type(len), "ModuleType": types.ModuleType,
            "FileType": File, "XRangeType": range, "SliceType": slice, "EllipsisType": type(...),
            "TracebackType": types.TracebackType, "FrameType": types.FrameType, "ObjectType": object,
            "BufferType": memoryview, "DictProxyType": types.MappingProxyType,
            "NotImplementedType": type(NotImplemented),
            "BaseStringType": BaseString}  # fmt: skip


def re_names(_: Any) -> dict[str, Any]:
    """re: \\w, \\s and case know ASCII alone, as for byte strings, unless the pattern is unicode."""

    def flagged(function: Any) -> Any:
        spare = {"compile": 1, "search": 2, "match": 2, "findall": 2, "finditer": 2}[function.__name__]

        def with_ascii(pattern: Any, *rest: Any, flags: int = 0) -> Any:
            listed = list(rest)
            if len(listed) >= spare:
                flags |= listed.pop(spare - 1)
            if isinstance(pattern, str) and not isinstance(pattern, old_text.unicode) and not flags & re.UNICODE:
                flags |= re.ASCII
            return function(pattern, *listed, flags=flags & ~re.LOCALE)

        return with_ascii

    def compiled(pattern: Any) -> Any:
        return names["compile"](pattern) if isinstance(pattern, str) else pattern

    names = {f.__name__: flagged(f) for f in (re.compile, re.search, re.match, re.findall, re.finditer)}
    names["escape"] = lambda text: re.sub(
        "[^a-zA-Z0-9]", lambda found: "\\000" if found[0] == "\0" else "\\" + found[0], text
    )
    names["sub"] = lambda pattern, new, value, count=0: compiled(pattern).sub(new, value, count)
    names["subn"] = lambda pattern, new, value, count=0: compiled(pattern).subn(new, value, count)
    names["split"] = lambda pattern, value, maxsplit=0: compiled(pattern).split(value, maxsplit)
    return names


MODULES: dict[str, tuple[str, Any]] = {
    "string": ("string", string_names),
    "strop": ("string", string_names),
    "StringIO": ("", lambda _: {"StringIO": StringIO}),
    "cStringIO": ("", lambda _: {"StringIO": StringIO, "OutputType": StringIO, "InputType": StringIO}),
    "UserDict": ("", lambda _: {"UserDict": UserDict, "IterableUserDict": UserDict, "DictMixin": DictMixin}),
    "UserList": ("", lambda _: {"UserList": UserList}),
    "UserString": ("", lambda _: {"UserString": collections.UserString}),
    "types": ("types", types_names),
    "re": ("re", re_names),
    "sre": ("re", re_names),
}
