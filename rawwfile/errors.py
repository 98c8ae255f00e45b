"""Every exception that rawwfile raises on purpose.

    Exception
    +-- RawwfileError
    |   +-- ProtocolError              HTTP was broken; carries status_hint, rule, offset
    |   |   +-- RemoteProtocolError    by the peer
    |   |   |   +-- FramingError       the two ends could disagree where the message ends
    |   |   |   +-- LimitError         a named limit was passed
    |   +-- StartError                 the server cannot start (one line, exit code 2)
    |   |   +-- AddressInUse
    |   |   +-- TlsSetupError
    |   |   +-- TargetError            the application cannot be found or loaded
    |   |   +-- ConfigError            a bad option, environment variable or file entry
    |   |   +-- WireFileError          a recording cannot be read, or not be written where it shall
    |   +-- HeadersSent                too late to change status or fields
    |   +-- HTTPError                  answer with this status; raised by handlers
    |   |   +-- NotFound
    |   |   +-- RequestBodyError       the body cannot be read: broken, too large or too slow
    |   +-- HTTPRedirect               answer with 3xx and a Location
    |   +-- InternalRedirect           run another path of the same application
    BrokenPipeError (an OSError)
    +-- ClientDisconnected             the client is gone or accepts nothing any more
"""

from __future__ import annotations


class RawwfileError(Exception):
    """Base of everything that rawwfile raises, except `ClientDisconnected`."""


class ProtocolError(RawwfileError):
    """A message that breaks HTTP.

    status_hint: the status code to answer with. rule: the RFC section broken.
    offset: bytes from the start of the connection to the fault, or None. note: the id of the note
    that explains it (rawwfile.http.notes); empty where there is none.
    """

    def __init__(
        self, message: str, *, status_hint: int = 400, rule: str = "", offset: int | None = None, note: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status_hint = status_hint
        self.rule = rule
        self.offset = offset
        self.note = note

    def __str__(self) -> str:
        where = "" if self.offset is None else f" at byte {self.offset}"
        rule = f" ({self.rule})" if self.rule else ""
        return f"{self.message}{where}{rule}"


class RemoteProtocolError(ProtocolError):
    """The peer sent bytes that are not HTTP/1.x as RFC 9112 has it."""


class FramingError(RemoteProtocolError):
    """The length of a message is stated twice, wrongly or not clearly (RFC 9112 section 6)."""


class LimitError(RemoteProtocolError):
    """The peer passed one of the limits in `rawwfile.http.limits`."""


class StartError(RawwfileError):
    """The server cannot start; the message says why and what to do."""


class AddressInUse(StartError):
    """Another program listens on the address."""


class TlsSetupError(StartError):
    """A certificate or key cannot be used."""


class TargetError(StartError):
    """The application named on the command line cannot be found or loaded."""


class ConfigError(StartError):
    """An option, environment variable or configuration entry has a bad value."""


class WireFileError(StartError):
    """A .wire file is none, is damaged, or cannot be written; the message names the file and the line."""


class HeadersSent(RawwfileError):
    """Status, fields or cookies were changed after the head of the response had gone out."""


class HTTPError(RawwfileError):
    """Answer the request with `status` (100 to 599) and a short page that shows `message`.

    headers: further response fields. close: end the connection after the answer.
    """

    def __init__(
        self,
        status: int | str = 500,
        message: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        close: bool = False,
    ) -> None:
        code, _, reason = str(status).partition(" ")
        if not (code.isascii() and code.isdigit() and len(code) == 3):
            raise ValueError(f"status must be three digits, not {status!r}")
        super().__init__(status, message)
        self.status = int(code)
        self.reason = reason or None
        self.message = message
        self.headers = dict(headers or {})
        self.close = close

    def __str__(self) -> str:
        return f"{self.status} {self.message or self.reason or ''}".rstrip()


class NotFound(HTTPError):
    """404: nothing is mapped to this path. The message may name what was looked for."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(404, message)


class RequestBodyError(HTTPError):
    """The request body cannot be read to its end: 400 broken, 408 too slow, 413 too large."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message, close=True)


class HTTPRedirect(RawwfileError):
    """Send the client to `url` (absolute, or relative to the request) with a 3xx status.

    Without a status: 303 for an HTTP/1.1 request, 302 for HTTP/1.0, as CherryPy 3 does.
    """

    def __init__(self, url: str, status: int | None = None) -> None:
        if status is not None and status not in (300, 301, 302, 303, 305, 307, 308):
            raise ValueError(f"{status} is no redirect: use 301, 302, 303, 307 or 308")
        if any(c in url for c in "\r\n\0"):
            raise ValueError(f"a redirect cannot hold CR, LF or NUL: {url!r}")
        super().__init__(url, status)
        self.url = url
        self.status = status


class InternalRedirect(RawwfileError):
    """Answer this request with the page of another path, without telling the client.

    path: with or without a leading '/'; may carry '?name=value' which replaces the query.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path, _, self.query_string = path.partition("?")


class ClientDisconnected(BrokenPipeError):
    """The client is gone, or has accepted no byte for `--timeout-send` seconds.

    Raised by `response.wfile` and `request.rfile`. It is a ConnectionError, so that a handler
    of 2004 that catches socket errors catches it too. Nobody is left to answer: clean up, return.
    """


class StreamEnd(BaseException):
    """A wait of a handler was woken because its stream must end; see the subclasses.

    Like GeneratorExit these are no Exceptions: `except Exception` in a handler lets them pass. The
    response ends as after `close()`, and nothing is logged as an error.
    """


class ClientGone(StreamEnd):
    """The client has left while the handler waited (`rawwfile.stream.sleep` and the like)."""


class Shutdown(StreamEnd):
    """The server is stopping, and the handler waited or its stream has used up the grace."""
