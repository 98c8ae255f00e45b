"""Cookie: today's cookies, empty values without quotes, and the two kinds that were taken away."""

from __future__ import annotations

import http.cookies
import re
from typing import Any

from rawwfile.cpy.python2.runtime.text import text_of

_PAIR = re.compile(
    r"""(?P<name>[\w!#%&'~_`><@,:/$*+^|)(?.}{=-]+?)\s*=\s*
        (?P<value>"(?:[^\\"]|\\.)*"|\w{3},\s[\s\w-]{9,11}\s[\d:]{8}\sGMT|[\w!#%&'~_`><@,:/$*+^|)(?.}{=-]*)\s*;?""",
    re.VERBOSE | re.ASCII,
)


class Morsel(http.cookies.Morsel):  # type: ignore[type-arg]
    """A cookie; an attribute that was set is shown, whatever its value."""

    _reserved = {**http.cookies.Morsel._reserved, "secure": "secure", "httponly": "httponly"}  # type: ignore[attr-defined]

    def set(self, key: str, value: Any, coded_value: str, LegalChars: Any = None) -> None:  # noqa: N803
        if key.lower() in self._reserved:
            raise http.cookies.CookieError(f"Attempt to set a reserved key: {key}")
        if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", key, re.ASCII):
            raise http.cookies.CookieError(f"Illegal key value: {key}")
        self.__dict__.update(_key=key, _value=value, _coded_value=coded_value)

    def __setitem__(self, name: str, value: Any) -> None:
        if name.lower() not in self._reserved:
            raise http.cookies.CookieError(f"Invalid Attribute {name}")
        super().__setitem__(name, value)

    def OutputString(self, attrs: Any = None) -> str:  # noqa: N802
        flags: Any = {name: True for name in ("secure", "httponly") if self[name] not in ("", None)}
        shown = dict(self)
        self.update(flags)
        try:
            return super().OutputString(attrs)
        finally:
            self.update({name: shown[name] for name in flags})

    def has_key(self, name: str) -> bool:
        return name in self


class BaseCookie(http.cookies.SimpleCookie):
    """Cookies whose values are kept as they come."""

    def value_decode(self, text: str) -> tuple[Any, str]:
        return text, text

    def value_encode(self, value: Any) -> tuple[Any, str]:
        text = text_of(value)
        return text, text

    def __setitem__(self, key: str, value: Any) -> None:
        if isinstance(value, http.cookies.Morsel):
            dict.__setitem__(self, key, value)
            return
        real, coded = self.value_encode(value)
        self._put(key, real, coded)

    def _put(self, key: str, value: Any, coded: str) -> None:
        morsel = self.get(key) or Morsel()
        morsel.set(key, value, coded)
        dict.__setitem__(self, key, morsel)

    def load(self, source: Any) -> None:
        """Take cookies from a header or a mapping; `,` and `;` part them, a word alone is passed over."""
        if not isinstance(source, str):
            for key, value in source.items():
                self[key] = value
            return
        place, morsel = 0, None
        while found := _PAIR.search(source, place):
            place = found.end()
            name, value = found["name"], found["value"]
            if name[0] == "$":
                if morsel is not None:
                    morsel[name[1:]] = value
            elif name.lower() in Morsel._reserved:
                if morsel is not None:
                    morsel[name] = http.cookies._unquote(value)  # type: ignore[attr-defined]
            else:
                real, coded = self.value_decode(value)
                self._put(name, real, coded)
                morsel = self[name]

    def has_key(self, key: str) -> bool:
        return key in self

    def __str__(self) -> str:  # type: ignore[override]
        return self.output()

    def __repr__(self) -> str:
        values = (f"{key}={morsel.value!r}" for key, morsel in sorted(self.items()))
        return f"<{type(self).__name__}: {' '.join(values)}>"


class SimpleCookie(BaseCookie):
    """Cookies of text."""

    def value_decode(self, text: str) -> tuple[Any, str]:
        return http.cookies._unquote(text), text  # type: ignore[attr-defined]

    def value_encode(self, value: Any) -> tuple[Any, str]:
        text = text_of(value)
        return text, http.cookies._quote(text) if text else ""  # type: ignore[attr-defined]


def _taken_away(name: str) -> Any:
    def make(*_: Any) -> Any:
        raise TypeError(
            f"Cookie.{name} unpickles what the browser sends, which lets anybody run code: use Cookie.SimpleCookie"
        )

    return make


def names(_: Any) -> dict[str, Any]:
    """Return the names of the module. A SmartCookie is a SimpleCookie: no pickles from browsers."""
    return {"CookieError": http.cookies.CookieError, "Morsel": Morsel, "BaseCookie": BaseCookie,
            "SimpleCookie": SimpleCookie, "SmartCookie": SimpleCookie, "Cookie": SimpleCookie,
            "SerialCookie": _taken_away("SerialCookie")}  # fmt: skip


MODULES: dict[str, tuple[str, Any]] = {"Cookie": ("", names)}
