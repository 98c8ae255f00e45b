"""`response.headerMap`: a plain dict to the application, without regard to case, one line a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FORBIDDEN = re.compile(r"[\r\n\0]")


class HeaderMap(dict[str, Any]):
    """The fields of a response, `status` and `protocolVersion` among them (spec 7.2).

    Two spellings of a name are one field; the last one assigned counts and is the one sent (H30).
    A name or value with a line break raises ValueError where it is set (H08).
    """

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self.keys():
            self._drop_other_spelling(name)
        if isinstance(value, str) and _FORBIDDEN.search(value):
            raise ValueError(f"header {name}: {value[:60]!r} has a line break; a header value is one line")
        super().__setitem__(name, value)

    @classmethod
    def of(cls, headers: Any) -> HeaderMap:
        """Return `headers` itself, or a map of what an application assigned in its place.

        Raises ValueError for names and values that no header can have.
        """
        if isinstance(headers, cls):
            return headers
        made = cls()
        made.update(headers)
        return made

    def _drop_other_spelling(self, name: str) -> None:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header name: no blanks, no line breaks, no ':' in it")
        found = self._held(name)
        if found is not None:
            super().__delitem__(found)

    def _held(self, name: object) -> str | None:
        """Return the spelling under which `name` is here."""
        if not isinstance(name, str):
            return None
        lower = name.lower()
        return next((key for key in self.keys() if key.lower() == lower), None)

    def __missing__(self, name: str) -> Any:
        found = self._held(name)
        if found is None:
            raise KeyError(name)
        return super().__getitem__(found)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or self._held(name) is not None

    has_key = __contains__

    def __delitem__(self, name: str) -> None:
        super().__delitem__(self._held(name) or name)

    def get(self, name: str, default: Any = None) -> Any:
        """See dict."""
        found = self._held(name)
        return default if found is None else super().__getitem__(found)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """See dict."""
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        """See dict."""
        return super().pop(self._held(name) or name, *default)

    def update(self, other: Any = (), /, **named: Any) -> None:
        """See dict."""
        pairs: Iterable[tuple[str, Any]] = other.items() if isinstance(other, Mapping) else other
        for name, value in [*pairs, *named.items()]:
            self[name] = value

    def copy(self) -> HeaderMap:
        """Return a new map; lists in it are copied too, since applications append to them."""
        made = HeaderMap()
        for name, value in self.items():
            dict.__setitem__(made, name, list(value) if isinstance(value, list) else value)
        return made

    def lines(self) -> list[tuple[str, str]]:
        """Return name and value of each line to send, without status and protocolVersion.

        Raises ValueError for a line break in a value that came in unseen (in a list).
        """
        made = []
        for name, value in self.items():
            if name == "status" or name == "protocolVersion":
                continue
            for each in value if isinstance(value, list) else (value,):
                text = each if isinstance(each, str) else _written(each)
                if _FORBIDDEN.search(text):
                    raise ValueError(f"header {name}: {text[:60]!r} has a line break; a header value is one line")
                made.append((name, text))
        return made


def _written(value: Any) -> str:
    """Return a value as Python 2's '%s' wrote it: a float has 12 digits."""
    if type(value) is not float:
        return str(value)
    text = f"{value:.12g}"
    return text if not text.lstrip("-").isdigit() else f"{text}.0"


class RequestHeaderMap(dict[str, str]):
    """`request.headerMap`: names in lower case (spec 6.2)."""

    def has_key(self, name: str) -> bool:
        """Membership, by its name of Python 2."""
        return name in self
