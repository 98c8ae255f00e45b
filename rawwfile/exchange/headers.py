"""The two header maps: what the client sent, and what the response will say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from rawwfile.errors import HeadersSent
from rawwfile.http import grammar
from rawwfile.http.fields import FieldBlock

_forbidden = re.compile(r"[\r\n\0]")


class RequestHeaders(Mapping[str, str]):
    """The fields of a request by name, in any case; iterates in lower case.

    Repeated fields are joined with ", " (Cookie with "; "), as RFC 9110 section 5.2 says;
    `get_all` gives them apart. Values are decoded as latin-1, one character a byte. As in
    CherryPy 0.x there are also `remote-addr` and `remote-host`; a client cannot set them.
    Source: spec section 6.2.
    """

    __slots__ = ("_index", "_extra")

    def __init__(self, fields: FieldBlock, remote: Callable[[], str]) -> None:
        self._index = fields.index
        self._extra = remote

    def _values(self, name: str) -> tuple[bytes, ...] | None:
        key = name.lower()
        if key in ("remote-addr", "remote-host"):
            address = self._extra()
            return (address.encode("latin-1", "replace"),) if address else None
        return self._index.get(key.encode("latin-1", "replace"))

    def __getitem__(self, name: str) -> str:
        values = self._values(name)
        if values is None:
            raise KeyError(name)
        if len(values) == 1:
            return values[0].decode("latin-1")
        separator = b"; " if name.lower() == "cookie" else b", "
        return separator.join(values).decode("latin-1")

    def get_all(self, name: str) -> list[str]:
        """Each value of `name` by itself, in order; [] if there is none."""
        return [value.decode("latin-1") for value in self._values(name) or ()]

    def has_key(self, name: str) -> bool:
        """Membership, by its name of Python 2."""
        return name in self

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._values(name) is not None

    def __iter__(self) -> Iterator[str]:
        for key in self._index:
            if key not in (b"remote-addr", b"remote-host"):
                yield key.decode("latin-1")
        if self._extra():
            yield "remote-addr"
            yield "remote-host"

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"RequestHeaders({dict(self)!r})"


def _check_value(name: str, value: Any) -> None:
    for part in value if isinstance(value, (list, tuple)) else (value,):
        text = part if isinstance(part, str) else str(part)
        found = _forbidden.search(text)
        if found:
            raise ValueError(
                f"{name}: {text[:60]!r} holds {found[0]!r} at {found.start()}; "
                "a field value is one line (RFC 9110 section 5.5)"
            )
        if not text.isascii():
            try:
                text.encode("latin-1")
            except UnicodeEncodeError as error:
                raise ValueError(
                    f"{name}: {text[error.start]!r} at {error.start} does not fit a field value; "
                    "encode it (percent-encoding, RFC 8187) or use latin-1 characters"
                ) from None


class ResponseHeaders(MutableMapping[str, Any]):
    """The fields of a response by name, in any case; keeps spelling and order.

    A value is a str, a number, or a list of those: one field line for each. Values with CR, LF or
    NUL, or characters that latin-1 lacks, raise ValueError where they are set. The key `status`
    is the response's status, as in CherryPy 0.x (spec section 7.2). After the head has gone out
    every change raises HeadersSent.
    """

    __slots__ = ("_fields", "_response")

    def __init__(self, response: Any) -> None:
        self._fields: dict[str, tuple[str, Any]] = {}
        self._response = response

    def __setitem__(self, name: str, value: Any) -> None:
        key = name.lower()
        if key == "status":
            self._response.status = value
            return
        if not grammar.token.fullmatch(name.encode("latin-1", "replace")):
            raise ValueError(f"{name!r} is not a field name (RFC 9110 section 5.1)")
        _check_value(name, value)
        self._refuse_if_sent()
        self._fields[key] = (name, value)

    def __getitem__(self, name: str) -> Any:
        key = name.lower()
        if key == "status":
            return self._response.status
        if key == "set-cookie" and key not in self._fields:
            # 0.x applications append to this list without making it.
            self._fields[key] = ("Set-Cookie", [])
        return self._fields[key][1]

    def __delitem__(self, name: str) -> None:
        self._refuse_if_sent()
        del self._fields[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._fields

    def has_key(self, name: str) -> bool:
        """Membership, by its name of Python 2."""
        return name in self

    def add(self, name: str, value: Any) -> None:
        """Append a field line, keeping those of the same name."""
        held = self._fields.get(name.lower())
        if held is None:
            self[name] = value
        else:
            before = held[1] if isinstance(held[1], list) else [held[1]]
            self[held[0]] = [*before, value]

    def clear(self) -> None:
        """Drop every field, the default Content-Type too."""
        self._refuse_if_sent()
        self._fields.clear()

    def _refuse_if_sent(self) -> None:
        if self._response.head_sent:
            raise HeadersSent("the head of the response has gone out; set its fields before the first byte")

    def __iter__(self) -> Iterator[str]:
        return iter([name for name, _ in self._fields.values()])

    def __len__(self) -> int:
        return len(self._fields)

    def lines(self) -> Iterator[tuple[str, str]]:
        """Each field line as (name, value), values checked again: lists can change unseen."""
        for name, value in self._fields.values():
            if isinstance(value, (list, tuple)):
                _check_value(name, value)
                for part in value:
                    yield name, str(part)
            else:
                yield name, value if isinstance(value, str) else str(value)

    def __repr__(self) -> str:
        return f"ResponseHeaders({dict(self.items())!r})"
