"""HTMLParser, htmlentitydefs, sgmllib: readers of markup.

`<br/>` is an empty element for sgmllib too; in 2.x it began a short tag of SGML.
"""

from __future__ import annotations

import html
import html.entities
import html.parser
import re
from typing import Any

from rawwfile.cpy.python2.runtime.text import of

ENTITIES = {name: chr(code) if code < 256 else f"&#{code};" for name, code in html.entities.name2codepoint.items()}
"""htmlentitydefs.entitydefs: Latin-1 as byte text, others as a reference by number."""
_ATTRIBUTE = re.compile(r"""([a-zA-Z_][-:.\w]*)(\s*=\s*("[^"]*"|'[^']*'|[^\s>"']*))?""", re.ASCII)
_TOKEN = re.compile(
    r"""<!--(?P<comment>.*?)--\s*>|<!(?P<decl>[^>]*)>|<\?(?P<pi>[^>]*)>|</(?P<end>[a-zA-Z][^\s>/]*)[^>]*>
    |<(?P<start>[a-zA-Z][-.\w:]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^>"'<])*)>
    |&\#(?P<number>[0-9]+);?|&(?P<entity>[a-zA-Z][-.a-zA-Z0-9]*);?""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_REFERENCE = re.compile(r"&(?:\#([0-9]+)|([a-zA-Z][-.a-zA-Z0-9]*))(;?)", re.ASCII)


class HTMLParseError(Exception):
    """Today's parser never raises it; kept for those who catch it."""


class HTMLParser(html.parser.HTMLParser):
    """HTMLParser.HTMLParser: references are told to the methods for them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)

    def unescape(self, text: str) -> str:
        return html.unescape(text)

    def parse_starttag(self, place: int) -> int:
        """Read a tag; values with references in them are told as unicode, as they were."""
        for name in ("handle_starttag", "handle_startendtag"):
            self.__dict__[name] = self._telling(getattr(type(self), name).__get__(self))
        try:
            return super().parse_starttag(place)  # type: ignore[misc,no-any-return]
        finally:
            del self.__dict__["handle_starttag"], self.__dict__["handle_startendtag"]

    def _telling(self, method: Any) -> Any:
        def tell(tag: str, attributes: list[tuple[str, Any]]) -> None:
            raw = self.get_starttag_text() or ""
            method(tag, [(name, of(value) if value and value not in raw else value) for name, value in attributes])

        return tell

    def error(self, message: str) -> None:
        raise HTMLParseError(message, self.getpos())


class SGMLParseError(RuntimeError):
    """What `error` raises."""


class SGMLParser:
    """sgmllib.SGMLParser: calls start_x, end_x or do_x for an element x, unknown_* for others."""

    entitydefs = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}

    def __init__(self, verbose: int = 0) -> None:
        self.verbose = verbose
        self.reset()

    def reset(self) -> None:
        self.rawdata = ""
        self.stack: list[str] = []
        self.lasttag = "???"
        self.nomoretags = self.literal = 0
        self._starttag_text: Any = None

    def setnomoretags(self) -> None:
        self.nomoretags = self.literal = 1

    def setliteral(self, *_: Any) -> None:
        self.literal = 1

    def get_starttag_text(self) -> Any:
        return self._starttag_text

    def error(self, message: str) -> None:
        raise SGMLParseError(message)

    def feed(self, data: str) -> None:
        self.rawdata += data
        self._advance(False)

    def close(self) -> None:
        self._advance(True)

    def _advance(self, at_end: bool) -> None:
        """Read as far as what was fed is whole; all of it at the end."""
        text, place = self.rawdata, 0
        while place < len(text):
            if self.nomoretags:
                break
            mark = re.compile("<(?=/)" if self.literal else "[<&]").search(text, place)
            stop = mark.start() if mark else len(text)
            if stop > place:
                self.handle_data(text[place:stop])
                place = stop
                continue
            found = _TOKEN.match(text, place)
            if found is not None and (at_end or found.end() < len(text) or text[found.end() - 1] in ">;"):
                place = found.end()
                self._token(found)
            elif at_end or not _may_go_on(text[place:]):
                size = 2 if text.startswith("&#", place) else 1
                self.handle_data(text[place : place + size])
                place += size
            else:
                break
        rest = text[place:]
        self.rawdata = ""
        if self.nomoretags and rest:
            self.handle_data(rest)
        elif rest:
            self.rawdata = rest

    def _token(self, found: re.Match[str]) -> None:
        kind, value = found.lastgroup or "", found[found.lastgroup or 0]
        if found["start"] is not None:
            self._starttag_text = found[0]
            tag = found["start"].lower()
            self.lasttag = tag
            self.finish_starttag(tag, self._attributes(found["attributes"]))
        elif kind == "end":
            self.literal = 0
            self.finish_endtag(value.lower())
        elif kind == "number":
            self.handle_charref(value)
        elif kind == "entity":
            self.handle_entityref(value)
        else:
            getattr(self, "handle_" + kind)(value)

    def _attributes(self, text: str) -> list[tuple[str, str]]:
        made = []
        for found in _ATTRIBUTE.finditer(text):
            value = found[3] if found[2] else found[1]
            if value[:1] in ("'", '"') and value[:1] == value[-1:]:
                value = value[1:-1]
            made.append((found[1].lower(), _REFERENCE.sub(self._referred, value) if found[2] else value.lower()))
        return made

    def _referred(self, found: re.Match[str]) -> str:
        value = self.convert_charref(found[1]) if found[1] else self.convert_entityref(found[2])
        return found[0] if value is None else value

    def finish_starttag(self, tag: str, attributes: list[tuple[str, str]]) -> int:
        method = getattr(self, "start_" + tag, None)
        if method is not None:
            self.stack.append(tag)
            self.handle_starttag(tag, method, attributes)
            return 1
        method = getattr(self, "do_" + tag, None)
        if method is not None:
            self.handle_starttag(tag, method, attributes)
            return 0
        self.unknown_starttag(tag, attributes)
        return -1

    def finish_endtag(self, tag: str) -> None:
        if tag not in self.stack:
            known = getattr(self, "end_" + tag, None) is not None
            self.report_unbalanced(tag) if known else self.unknown_endtag(tag)
            return
        closed = None
        while closed != tag:
            closed = self.stack[-1]
            method = getattr(self, "end_" + closed, None)
            self.handle_endtag(closed, method) if method is not None else self.unknown_endtag(closed)
            self.stack.pop()

    def handle_starttag(self, tag: str, method: Any, attributes: Any) -> None:
        method(attributes)

    def handle_endtag(self, tag: str, method: Any) -> None:
        method()

    def convert_charref(self, name: str) -> Any:
        return chr(int(name)) if name.isdigit() and int(name) < 128 else None

    def convert_entityref(self, name: str) -> Any:
        return self.entitydefs.get(name)

    def handle_charref(self, name: str) -> None:
        value = self.convert_charref(name)
        self.unknown_charref(name) if value is None else self.handle_data(value)

    def handle_entityref(self, name: str) -> None:
        value = self.convert_entityref(name)
        self.unknown_entityref(name) if value is None else self.handle_data(value)

    def handle_data(self, data: str) -> None: ...

    def handle_comment(self, data: str) -> None: ...

    def handle_decl(self, decl: str) -> None: ...

    def handle_pi(self, data: str) -> None: ...

    def report_unbalanced(self, tag: str) -> None: ...

    def unknown_starttag(self, tag: str, attributes: Any) -> None: ...

    def unknown_endtag(self, tag: str) -> None: ...

    def unknown_charref(self, name: str) -> None: ...

    def unknown_entityref(self, name: str) -> None: ...


def _may_go_on(text: str) -> bool:
    """Whether what was fed may be the beginning of something."""
    return re.match(r"<!--(?!.*--\s*>)|<[!?/a-zA-Z]|[<&]\Z|&\#[0-9]*\Z|&[a-zA-Z][-.\w]*\Z", text, re.DOTALL) is not None


MODULES: dict[str, tuple[str, Any]] = {
    "HTMLParser": ("html.parser", lambda _: {"HTMLParser": HTMLParser, "HTMLParseError": HTMLParseError}),
    "htmlentitydefs": ("html.entities", lambda _: {"entitydefs": ENTITIES}),
    "sgmllib": ("", lambda _: {"SGMLParser": SGMLParser, "SGMLParseError": SGMLParseError}),
    "markupbase": ("_markupbase", lambda _: {}),
}
