"""`Response`: what a handler says, in values or in bytes.

Source: spec section 7; names of CherryPy 3 beside those of 0.x.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from rawwfile.errors import HeadersSent
from rawwfile.exchange.headers import ResponseHeaders
from rawwfile.exchange.lazy import lazy
from rawwfile.exchange.wfile import RawWriter

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange
    from rawwfile.http.observe import ResponseObserver

REASONS: dict[int, str] = {status.value: status.phrase for status in HTTPStatus}
"""Reason phrase of each registered status code."""

_status = re.compile(r"([1-9][0-9]{2})(?: ([\t -~\x80-\xff]*))?")


class Response:
    """One response. Applications may set attributes of their own on it."""

    sendResponse: Any = 1  # noqa: N815
    """Set to 0 by a handler that has written the whole response on `wfile` (0.x)."""
    body: Any = None
    """What the handler returned: None, str, bytes, a list of them, an iterator, a file."""
    stream = False
    """True: an iterator is sent piece by piece; False: collected, with a Content-Length."""
    flush: Any = None
    """When the pieces of a stream go out; see `rawwfile.exchange.flushing`."""
    heartbeat: tuple[float, bytes] | None = None
    """(seconds, bytes): sent when a stream has been silent so long; it must mean nothing in its format."""
    error_trailer: str | None = None
    """A trailer field that says how a stream failed, instead of a cut, to clients that take trailers."""
    head_sent = False
    """The head has gone out; status, fields and cookies are fixed."""

    _status: int | str = 200

    def __init__(self, exchange: Exchange, charset: str) -> None:
        self._exchange = exchange
        self.charset = charset

    @property
    def status(self) -> int | str:
        """The status code, or code and reason ("404 Gone fishing"), as it was set.

        Setting raises ValueError unless it is 100 to 999 with an optional one-line reason.
        """
        return self._status

    @status.setter
    def status(self, value: int | str) -> None:
        if not _status.fullmatch(str(value)):
            raise ValueError(f'status must be like 404 or "404 Not Found", not {value!r}')
        if self.head_sent:
            raise HeadersSent("the head of the response has gone out; set its status before the first byte")
        self._status = value

    @property
    def status_code(self) -> int:
        """The three digits as a number."""
        value = self._status
        return value if isinstance(value, int) else int(str(value)[:3])

    @property
    def reason(self) -> str:
        """The reason phrase: the one set, else the registered one, else ""."""
        _code, space, reason = str(self._status).partition(" ")
        return reason if space else REASONS.get(self.status_code, "")

    @lazy
    def headers(self) -> ResponseHeaders:
        """The fields to send; see ResponseHeaders. Content-Type is there from the start."""
        headers = ResponseHeaders(self)
        if not self.head_sent:
            headers["Content-Type"] = self.default_content_type
        return headers

    @property
    def headerMap(self) -> ResponseHeaders:  # noqa: N802
        """`headers`, by its name of 0.x."""
        return self.headers

    @property
    def default_content_type(self) -> str:
        """The Content-Type of a response that sets none."""
        return f"text/html; charset={self.charset}"

    @lazy
    def simpleCookie(self) -> SimpleCookie:  # noqa: N802
        """Cookies to set: each morsel becomes a Set-Cookie line."""
        return ResponseCookies(self)

    @property
    def cookie(self) -> SimpleCookie:
        """`simpleCookie`, by its name of CherryPy 3."""
        return self.simpleCookie

    @lazy
    def trailers(self) -> ResponseHeaders:
        """Fields to send after a chunked content, to clients that said `TE: trailers`.

        Those that are set before the first piece are announced in Trailer; they may be set until
        the end (RFC 9110 section 6.5).
        """
        return ResponseHeaders(_Unsent(self))

    @lazy
    def wfile(self) -> RawWriter:
        """The connection, to write the whole response by hand; see RawWriter."""
        return self._exchange.open_writer()

    @property
    def observed(self) -> ResponseObserver | None:
        """What was read of the bytes written on `wfile`; None when none were written."""
        writer = self.__dict__.get("wfile")
        if writer is None or not writer.observer.bytes_seen:
            return None
        observer: ResponseObserver = writer.observer
        return observer

    def field_lines(self) -> list[str]:
        """Every field line of the response so far, cookies too, without line ends."""
        lines = [f"{name}: {value}" for name, value in self.headers.lines()]
        cookies = self.__dict__.get("simpleCookie")
        if cookies:
            lines += [f"Set-Cookie: {morsel.OutputString()}" for _, morsel in sorted(cookies.items())]
        return lines

    @property
    def is_default(self) -> bool:
        """Nothing but a body was set: 200, the default fields, no cookie."""
        held = self.__dict__
        return self._status == 200 and "headers" not in held and "simpleCookie" not in held

    def restart(self) -> None:
        """Forget status, fields, cookies and body: an error page takes their place."""
        for name in ("headers", "simpleCookie", "trailers", "body", "stream", "flush", "heartbeat", "error_trailer"):
            self.__dict__.pop(name, None)
        self._status = 200

    def __repr__(self) -> str:
        return f"<Response {self._status}>"


class ResponseCookies(SimpleCookie):
    """The cookies of a response; after its head has gone out they cannot be changed (HeadersSent)."""

    def __init__(self, response: Response) -> None:
        self._response = response
        super().__init__()

    def __setitem__(self, name: str, value: Any) -> None:
        self._refuse_if_sent()
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        self._refuse_if_sent()
        super().__delitem__(name)

    def load(self, rawdata: Any) -> None:
        """See SimpleCookie."""
        self._refuse_if_sent()
        super().load(rawdata)

    def _refuse_if_sent(self) -> None:
        if self._response.head_sent:
            raise HeadersSent("the head of the response has gone out; set its cookies before the first byte")


class _Unsent:
    """Stands for a response whose head has not gone out: trailers can be set after it."""

    head_sent = False

    def __init__(self, response: Response) -> None:
        self.status = response.status
