"""What 2.x did and Python 3 does otherwise, for the few places of a ported application where it matters.

`rawwfile port` writes calls of these where it could not be certain, each with a line in its report. Once
you know what the values are, write plain Python instead: `a // b` or `a / b` for `divide(a, b)`,
`a < b` for `compare(a, b) < 0`, `str(value)` for `as_text(value)`.
"""

from __future__ import annotations

import math
import os
import re
import runpy
import sys
from collections.abc import Callable, Iterable
from functools import cmp_to_key
from html import escape as _escape
from typing import Any, TypeVar

__all__ = [
    "BLANKS", "as_text", "ascii_capitalize", "ascii_lower", "ascii_split", "ascii_splitlines", "ascii_swapcase",
    "ascii_title", "ascii_upper", "coerced", "compare", "divide", "escaped", "mail_bytes", "moved", "octal",
    "ordered_by_cmp", "rounded", "run_file", "sliced_by_getslice", "sorted_as_before", "string_exception",
    "text_pipe", "translated", "walk_paths",
]  # fmt: skip

Kind = TypeVar("Kind", bound=type)


def divide(a: Any, b: Any) -> Any:
    """Return `a / b` as 2.x did: two whole numbers give the whole number below (7 / 2 is 3, -7 / 2 is -4)."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    return a / b


def as_text(value: Any) -> str:
    """Return str(value) as 2.x did: a float has 12 digits at most (0.1 + 0.2 is '0.3').

    Text inside a list, tuple or dict is escaped where it is not ASCII; a type is "<type 'str'>".
    """
    kind = type(value)
    if kind is str:
        return str(value)
    if kind in (list, tuple, dict):
        return ascii(value)
    if kind is type and value.__module__ == "builtins":
        return f"<type '{value.__name__}'>"
    if not isinstance(value, float) or kind.__str__ is not float.__str__ and kind.__str__ is not object.__str__:
        return str(value)
    text = f"{value:.12g}"
    digits = text.lstrip("-")
    if not digits.isdigit():
        return text
    if len(digits) < 12:
        return text + ".0"
    # `.0` would be the thirteenth digit: 2.x wrote an exponent.
    number, exponent = f"{value:.11e}".split("e")
    return number.rstrip("0").rstrip(".") + "e" + exponent


def rounded(value: Any, digits: int = 0) -> float:
    """Return round(value, digits) as 2.x did: always a float, halves away from zero (2.5 becomes 3.0)."""
    value = float(value)
    if math.isinf(value) or math.isnan(value) or digits > 30:
        return value
    # In whole numbers, so that a half is a half: 2.675 is a little below one.
    top, bottom = abs(value).as_integer_ratio()
    top, bottom = (top * 10**digits, bottom) if digits >= 0 else (top, bottom * 10**-digits)
    nearest = (2 * top + bottom) // (2 * bottom)
    return math.copysign(nearest / 10**digits if digits >= 0 else float(nearest * 10**-digits), value)


def octal(value: int) -> str:
    """Return oct(value) as 2.x did: '010', not '0o10'."""
    return oct(value).replace("0o", "0") if value else "0"


def compare(a: Any, b: Any) -> int:
    """Return cmp(a, b) of 2.x: -1, 0 or 1, whatever the two are.

    None comes before numbers, numbers before all else, other types by the names of their types.
    """
    if type(a) is type(b) and isinstance(a, (list, tuple)):
        for left, right in zip(a, b, strict=False):
            if not (left is right or left == right):
                return compare(left, right)
        return (len(a) > len(b)) - (len(a) < len(b))
    if isinstance(a, dict) and isinstance(b, dict):
        return _compared_dicts(a, b)
    for value, other, sign in ((a, b, 1), (b, a, -1)):
        own = getattr(type(value), "__cmp__", None)
        if own is not None:
            answer = own(value, other)
            if answer is not NotImplemented:
                return sign * ((answer > 0) - (answer < 0))
    if a == b:
        return 0
    try:
        return -1 if a < b else 1
    except TypeError:
        first, second = _rank(a), _rank(b)
        return (first > second) - (first < second)


def _rank(value: Any) -> tuple[int, str, int]:
    if value is None:
        return (0, "", 0)
    if isinstance(value, (int, float)):
        return (1, "", 0)
    kind = type(value)
    name = kind.__name__ if kind.__module__ == "builtins" else "instance"
    return (1, name, id(value))


def _compared_dicts(a: dict[Any, Any], b: dict[Any, Any]) -> int:
    if a == b:
        return 0
    if len(a) != len(b):
        return -1 if len(a) < len(b) else 1
    first = sorted_as_before(key for key in a if key not in b or a[key] != b[key])
    second = sorted_as_before(key for key in b if key not in a or a[key] != b[key])
    return compare(first[0], second[0]) or compare(a[first[0]], b[second[0]])


def sorted_as_before(values: Iterable[Any]) -> list[Any]:
    """Return the values in the order of 2.x, which had one for values of different types too."""
    return sorted(values, key=cmp_to_key(compare))


def coerced(a: Any, b: Any) -> tuple[Any, Any]:
    """Return coerce(a, b) of 2.x: two numbers as numbers of one type. Raises TypeError for what are none."""
    for kind in (complex, float, int):
        if kind in (type(a), type(b)):
            if isinstance(a, (int, float, complex)) and isinstance(b, (int, float, complex)):
                return kind(a), kind(b)  # type: ignore[arg-type]
            break
    if type(a) is type(b):
        return a, b
    raise TypeError("number coercion failed")


def run_file(path: Any, names: dict[str, Any]) -> None:
    """Run a Python 3 file in these names, as execfile(path, names) did: a file of settings, say."""
    made = runpy.run_path(str(path), init_globals=names)
    names.update((name, value) for name, value in made.items() if not name.startswith("__"))


def walk_paths(top: str, visit: Callable[[Any, str, list[str]], Any], argument: Any) -> None:
    """Call visit(argument, folder, names) for each folder below `top`, as os.path.walk() did.

    What it takes out of `names` is not walked into. A link to a folder is not followed.
    """
    try:
        names = os.listdir(top)
    except OSError:
        return
    visit(argument, top, names)
    for name in names:
        path = os.path.join(top, name)
        if os.path.isdir(path) and not os.path.islink(path):
            walk_paths(path, visit, argument)


def text_pipe(command: str, mode: str = "r", encoding: str = "latin-1") -> Any:
    """Return os.popen(command, mode), with text of that encoding and line ends as they are."""
    pipe: Any = os.popen(command, mode.strip("bt"))
    pipe.reconfigure(encoding=encoding, newline="\n")
    return pipe


def mail_bytes(text: str) -> bytes:
    """Return a mail for smtplib as the bytes that 2.x sent: one for each character, CR LF at the end of each line."""
    return re.sub("\r\n|\r|\n", "\r\n", text).encode("latin-1")


def moved(file: Any, offset: int, whence: int) -> None:
    """Move in a text file as file.seek(offset, whence) of 2.x: from its end (2) or where it stands (1) too."""
    file.seek((file.seek(0, whence) if whence else 0) + offset)


def sliced_by_getslice(kind: Kind) -> Kind:
    """Give a class with `__getslice__` the slices of Python 3, which ask `__getitem__` (a decorator)."""
    item = getattr(kind, "__getitem__", None)

    def __getitem__(self: Any, index: Any) -> Any:
        if isinstance(index, slice) and index.step is None:
            ends = [0 if index.start is None else index.start, sys.maxsize if index.stop is None else index.stop]
            return self.__getslice__(*(end + len(self) if end < 0 else end for end in ends))
        if item is None:
            raise TypeError(f"{type(self).__name__} object has no items")
        return item(self, index)

    kind.__getitem__ = __getitem__  # type: ignore[attr-defined,index]
    return kind


def ordered_by_cmp(kind: Kind) -> Kind:
    """Give a class with `__cmp__` the comparisons of Python 3 (a decorator)."""
    tests: dict[str, Callable[[int], bool]] = {
        "__lt__": lambda sign: sign < 0, "__le__": lambda sign: sign <= 0, "__gt__": lambda sign: sign > 0,
        "__ge__": lambda sign: sign >= 0, "__eq__": lambda sign: sign == 0, "__ne__": lambda sign: sign != 0,
    }  # fmt: skip
    for name, test in tests.items():
        if name not in vars(kind):
            setattr(kind, name, _comparison(test))
    if vars(kind).get("__hash__") is None:
        kind.__hash__ = object.__hash__  # type: ignore[assignment,method-assign]
    return kind


def _comparison(test: Callable[[int], bool]) -> Callable[[Any, Any], Any]:
    def compared(self: Any, other: Any) -> Any:
        answer = self.__cmp__(other)
        return answer if answer is NotImplemented else test(answer)

    return compared


_STRING_EXCEPTIONS: dict[str, type[Exception]] = {}


def string_exception(message: str) -> type[Exception]:
    """Return the exception class that stands for a string that 2.x raised: `raise "no seats"`.

    The same text gives the same class, in whatever module. Its name is the text, so that a
    traceback ends with it as it did. The value of `raise "no seats", value` is its argument.
    """
    if message not in _STRING_EXCEPTIONS:
        kind = type("StringException", (Exception,), {"__module__": "builtins"})
        kind.__name__ = kind.__qualname__ = message.replace("\0", "\\0")
        _STRING_EXCEPTIONS[message] = kind
    return _STRING_EXCEPTIONS[message]


def escaped(value: str, quote: Any = None) -> str:
    """Return cgi.escape(value, quote) of 2.x: `&`, `<`, `>`, and `"` when asked; an apostrophe stays."""
    made = _escape(value, quote=False)
    return made.replace('"', "&quot;") if quote else made


def translated(value: str, table: Any, deletions: str) -> str:
    """Return value.translate(table, deletions) of 2.x; the table may be a text of 256 characters or None."""
    kept = "".join(letter for letter in value if letter not in deletions)
    return kept if table is None else kept.translate(table)


BLANKS = "\t\n\x0b\x0c\r "
"""What strip() and split() of 2.x took for blanks: not \x85 and \xa0, which are parts of UTF-8 letters."""
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_WORD = re.compile("[a-zA-Z]+")
_BLANK_RUN = re.compile(f"[{BLANKS}]+")
_LINE = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def ascii_upper(value: str) -> str:
    """Return value.upper() of 2.x's byte text: only a to z change."""
    return value.translate(_UPPER)


def ascii_lower(value: str) -> str:
    """Return value.lower() of 2.x's byte text: only A to Z change."""
    return value.translate(_LOWER)


def ascii_swapcase(value: str) -> str:
    """Return value.swapcase() of 2.x's byte text: only ASCII letters change."""
    return value.translate({**_UPPER, **_LOWER})


def ascii_capitalize(value: str) -> str:
    """Return value.capitalize() of 2.x's byte text: only ASCII letters change."""
    return ascii_upper(value[:1]) + ascii_lower(value[1:])


def ascii_title(value: str) -> str:
    """Return value.title() of 2.x's byte text: a word is a run of ASCII letters."""
    return _WORD.sub(lambda found: found.group().capitalize(), value)


def ascii_split(value: str, separator: str | None = None, most: int = -1) -> list[str]:
    """Return value.split(separator, most) of 2.x's byte text: its blanks are BLANKS."""
    if separator is not None:
        return value.split(separator, most)
    value = value.lstrip(BLANKS)
    parts = _BLANK_RUN.split(value, maxsplit=max(most, 0)) if most else [value]
    return parts[:-1] if parts[-1] == "" else parts


def ascii_splitlines(value: str, keep_ends: Any = False) -> list[str]:
    """Return value.splitlines(keep_ends) of 2.x's byte text: lines end with LF, CR or both."""
    lines = _LINE.findall(value)
    return lines if keep_ends else [line.rstrip("\r\n") for line in lines]
