"""`%` with text on its left: %s as 2.x's str(), %r as its repr()."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rawwfile.cpy.python2.runtime.text import float_text, meet, of, repr_of, text_of, unicode

_SPEC = re.compile(
    r"%(?:\((?P<key>.*?)\))?[-#0 +]*(?P<width>\*|\d+)?(?:\.(?P<digits>\*|\d+))?[hlL]?(?P<kind>.)", re.DOTALL
)
_OLD_OCTAL = "O"
_FLOATING = "eEfFgG"
_PLAIN = frozenset({str, int})
_FORMS: dict[str, _Form] = {}


class _Form:
    """What is known of a format: the letter of each value, or the keys; whether today's `%` does it."""

    __slots__ = ("kinds", "keys", "is_plain", "is_number", "spelled")

    def __init__(self, text: str) -> None:
        found = list(_SPEC.finditer(text))
        found = [spec for spec in found if spec.group("kind") != "%" or spec.group("key") is not None]
        named = any(spec.group("key") is not None for spec in found)
        stars = any("*" in (spec.group("width"), spec.group("digits")) for spec in found)
        kinds = "".join(map(_letter, found))
        self.kinds = "" if named or stars else kinds
        self.keys = tuple(spec.group("key") for spec in found) if named and "%" not in kinds else ()
        is_told = not named or (bool(self.keys) and None not in self.keys)
        self.is_plain = bool(kinds) and not {"r", _OLD_OCTAL} & set(kinds) and not stars and is_told
        self.is_number = len(kinds) == 1 and kinds in _FLOATING
        self.spelled = _spelled(text)


def format_text(text: str, values: Any, *, unicode_result: bool = False) -> str:
    """Return `text % values` of Python 2. Raises TypeError as it did."""
    form = _FORMS.get(text)
    if form is None:
        if len(_FORMS) > 2000:
            _FORMS.clear()
        form = _FORMS[text] = _Form(text)
    if not unicode_result:
        kind = type(values)
        if form.is_plain:
            if kind is tuple:
                if _PLAIN.issuperset(map(type, values)):
                    return text % values
            elif kind in _PLAIN:
                return text % (values,)
            elif kind is float:
                if form.is_number:
                    return text % values
                if form.kinds == "s":
                    return text % float_text(values)
            elif form.keys and kind is dict:
                if _PLAIN.issuperset(map(type, map(values.__getitem__, form.keys))):
                    return text % values
        if form.kinds and kind is tuple and len(values) == len(form.kinds):
            made = _simply(form.kinds, values)
            if made is not None:
                return form.spelled % tuple(made)
    return _format(text, values, unicode_result)


def format_value(text: str, value: Any) -> str:
    """Return `text % value`, where the text has one place and that is plain (see `shortcuts`)."""
    kind = type(value)
    if kind is str or kind is int:
        return text % value
    return format_text(text, value)


def format_float(text: str, value: Any) -> str:
    """Return `text % value`, where the text has one place and that is for a float."""
    kind = type(value)
    if kind is float or kind is int:
        return text % value
    return format_text(text, value)


def format_keys(text: str, values: Any, keys: tuple[str, ...]) -> str:
    """Return `text % values`, where the text has plain places for these keys."""
    if type(values) is not dict:
        return format_text(text, values)
    for key in keys:
        kind = type(values[key])
        if kind is not str and kind is not int:
            return format_text(text, values)
    return text % values


def fill_1(text: str, a: Any, before: str, after: str) -> str:
    """Return `text % a`, where the text is `before + "%s" + after`."""
    kind = type(a)
    if kind is str or kind is int:
        return f"{before}{a}{after}"
    if kind is float:
        return f"{before}{float_text(a)}{after}"
    return format_text(text, a)


def fill_2(text: str, a: Any, b: Any, before: str, between: str, after: str) -> str:
    """Return `text % (a, b)`, where the text has two `%s` and these parts around them."""
    kind, other = type(a), type(b)
    if (kind is str or kind is int) and (other is str or other is int):
        return f"{before}{a}{between}{b}{after}"
    return format_text(text, (a, b))


def fill_3(text: str, a: Any, b: Any, c: Any, before: str, left: str, right: str, after: str) -> str:
    """Return `text % (a, b, c)`, where the text has three `%s` and these parts around them."""
    kind, other, last = type(a), type(b), type(c)
    if (kind is str or kind is int) and (other is str or other is int) and (last is str or last is int):
        return f"{before}{a}{left}{b}{right}{c}{after}"
    return format_text(text, (a, b, c))


def _simply(kinds: str, values: tuple[Any, ...]) -> list[Any] | None:
    """Return the values made ready for today's `%`; None where one needs a closer look."""
    made: list[Any] = []
    for letter, value in zip(kinds, values, strict=True):
        kind = type(value)
        if letter == "r":
            made.append(repr_of(value))
        elif letter == _OLD_OCTAL:
            return None
        elif kind in _PLAIN or (kind is float and letter != "s"):
            made.append(value)
        elif letter == "s" and not isinstance(value, str):
            made.append(text_of(value))
        else:
            return None
    return made


def _format(text: str, values: Any, unicode_result: bool) -> str:
    """Return `text % values` in the general case."""
    kind = type(values)
    if "%" not in text:
        if values == () if kind is tuple else hasattr(kind, "__getitem__") and not isinstance(values, (tuple, str)):
            return text
        return text % (values if isinstance(values, tuple) else (values,))
    converted, is_unicode = _converted(text, values)
    if not is_unicode and not unicode_result:
        return _spelled(text) % converted
    parts = converted if isinstance(converted, tuple) else converted.texts()
    for part in (text, *parts):
        if isinstance(part, str):
            meet(part)  # byte text beside unicode must be ASCII
    return of(_spelled(text) % converted)


def _letter(spec: re.Match[str]) -> str:
    """Return the letter of a specification; `%#o`, which wrote no o, has one of its own."""
    kind = spec.group("kind")
    return _OLD_OCTAL if kind == "o" and "#" in spec.group() else kind


def _spelled(text: str) -> str:
    def spelled(spec: re.Match[str]) -> str:
        if _letter(spec) == _OLD_OCTAL:
            return spec.group()[:-1].replace("#", "") + "s"
        return spec.group()[:-1] + "s" if spec.group("kind") == "r" else spec.group()

    return _SPEC.sub(spelled, text)


def _converted(text: str, values: Any) -> tuple[Any, bool]:
    """Return the values with those of %s and %r made text already, and whether one is unicode."""
    is_unicode = False

    def made(kind: str, value: Any) -> Any:
        nonlocal is_unicode
        if kind == "r":
            return repr_of(value)
        if kind == _OLD_OCTAL:
            return ("-" if value < 0 else "") + ("0" if value else "") + f"{abs(int(value)):o}"
        if kind == "s":
            is_unicode = is_unicode or isinstance(value, unicode)
            return value if isinstance(value, unicode) else text_of(value)
        if kind in "diouxX" and isinstance(value, int) and type(value) is not int:
            return int(value)
        if kind in "diouxX" and not isinstance(value, (int, float)) and hasattr(value, "__int__"):
            return int(value)
        return value

    found = list(_SPEC.finditer(text))
    if any(spec.group("key") is not None for spec in found):
        made_map = {}
        out: dict[str, dict[str, Any]] = {}
        for spec in found:
            key = spec.group("key")
            if key is not None:
                made_map[(key, _letter(spec))] = made(_letter(spec), values[key])
        for (key, kind), value in made_map.items():
            out.setdefault(key, _Several())[kind] = value
        return _ByKind(text, out), is_unicode
    listed = list(values) if isinstance(values, tuple) else [values]
    place = 0
    for spec in found:
        kind = _letter(spec)
        if kind == "%":
            continue
        place += (spec.group("width") == "*") + (spec.group("digits") == "*")
        if place < len(listed):
            listed[place] = made(kind, listed[place])
        place += 1
    return tuple(listed), is_unicode


class _Several(dict):
    """The forms of one value, by the letter that asks for it."""


class _ByKind:
    """A mapping that gives each `%(key)x` the form its letter asks for, in the text's order."""

    def __init__(self, text: str, values: dict[str, Any]) -> None:
        self.order = [(s.group("key"), _letter(s)) for s in _SPEC.finditer(text) if s.group("key") is not None]
        self.values = values

    def __getitem__(self, key: str) -> Any:
        name, kind = self.order.pop(0)
        return self.values[name][kind]

    def texts(self) -> list[Any]:
        """Return all values that will be put in."""
        return [value for forms in self.values.values() for value in forms.values()]


FORMATS: dict[str, Callable[..., str]] = {
    "format": format_text, "format_value": format_value, "format_float": format_float, "format_keys": format_keys,
    "fill_1": fill_1, "fill_2": fill_2, "fill_3": fill_3,
}  # fmt: skip
"""What translated code calls for `%` with a constant on its left, by the name that it has there."""
