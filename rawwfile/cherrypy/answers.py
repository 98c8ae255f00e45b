"""What is sent: the body check, status and lines of a response, and the page for when all else fails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rawwfile.cherrypy.cookies import cookie_line
from rawwfile.cherrypy.failures import NO_STRING_PAGE, UNICODE_PAGE, CherryError, last_line, traceback_text  # fmt: skip
from rawwfile.cherrypy.headers import HeaderMap
from rawwfile.cherrypy.parameters import Codec
from rawwfile.cherrypy.site import Site
from rawwfile.exchange.headers import ResponseHeaders
from rawwfile.http.dates import format_http_date


@dataclass(slots=True)
class Answer:
    """A response for the engine to send; by_hand: there is none, the application has written it."""

    status: str = "200 OK"
    lines: list[tuple[str, str]] = field(default_factory=list)
    body: Any = b""
    by_hand: bool = False

    @classmethod
    def nothing(cls) -> Answer:
        """Return the answer that adds nothing to what was written by hand."""
        return cls(by_hand=True)

    def as_bytes(self, protocol: str, *, head: bool) -> bytes:
        """Return the response as it goes out; head: without its body."""
        rows = [f"{protocol} {self.status}", *(f"{name}: {value}" for name, value in self.lines), "", ""]
        body = self.body if isinstance(self.body, bytes) else self.body.read_all()
        return "\r\n".join(rows).encode("latin-1") + (b"" if head else body)


_date: tuple[int, str] = (-1, "")


def date_of(second: int) -> str:
    """Return a time as HTTP writes it; made once a second."""
    global _date
    if _date[0] != second:
        _date = (second, format_http_date(second))
    return _date[1]


class CheckedHeaders(ResponseHeaders):
    """The engine's map of lines that `HeaderMap.lines` has checked already."""

    __slots__ = ()

    def __init__(self, response: Any, lines: list[tuple[str, str]]) -> None:
        super().__init__(response)
        fields = self._fields
        for name, value in lines:
            key = name.lower()
            if key in fields:
                spelled, before = fields[key]
                fields[key] = (spelled, [*before, value] if isinstance(before, list) else [before, value])
            else:
                fields[key] = (name, value)


def finished_body(body: Any, headers: HeaderMap, codec: Codec) -> Any:
    """Return the body as it is sent, and set a content-length that is 0 to what it is (Q21).

    Raises CherryError with 0.10's texts for what is no string of bytes (spec 7.3).
    """
    made: Any
    if type(body) is str:
        made = _encoded(body, codec)
    elif isinstance(body, bytes):
        made = body
    elif isinstance(body, str):
        # Python 2's unicode is a subclass of str here; the run time does not know it by more than its name.
        if any(kind.__name__ == "unicode" for kind in type(body).__mro__):
            raise CherryError(UNICODE_PAGE)
        made = _encoded(str(body), codec)
    elif hasattr(body, "length") and hasattr(body, "read_all"):
        made = body
    else:
        raise CherryError(NO_STRING_PAGE)
    if "content-length" in headers and headers["content-length"] == 0:
        headers["content-length"] = made.length if not isinstance(made, bytes) else len(made)
    return made


def _encoded(body: str, codec: Codec) -> bytes:
    try:
        return codec.bytes(body)
    except UnicodeEncodeError:
        raise CherryError(UNICODE_PAGE) from None


def compose(headers: HeaderMap, cookies: Any, body: Any, codec: Codec) -> Answer:
    """Return the answer that a header map describes; cookies come last, by name.

    Raises KeyError without a status, ValueError for a damaged one.
    """
    status = headers["status"]
    text = f"{status} " if isinstance(status, int) else str(status)
    code = text[:3]
    if not (len(code) == 3 and code.isascii() and code.isdigit() and (len(text) == 3 or text[3] == " ")):
        raise ValueError(f"response.headerMap['status'] must be like '404 Not Found' or 404, not {status!r}")
    lines = headers.lines()
    for _, morsel in sorted(cookies.items()) if cookies else ():
        lines.append(("Set-Cookie", cookie_line(morsel)))
    if codec.name != "latin-1":
        lines = [(name, codec.bytes(value).decode("latin-1")) for name, value in lines]
    return Answer(text, lines, body)


def page(text: str) -> Answer:
    """Return a plain page with nothing but its type and length."""
    body = text.encode("utf-8", "surrogateescape")
    return Answer("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))], body)


def fallback(error: BaseException, site: Site) -> Answer:
    """Return the page for when onError itself has failed (spec 7.6)."""
    show = traceback_text if site.debug else last_line
    return page(show(error, site.text_of))
