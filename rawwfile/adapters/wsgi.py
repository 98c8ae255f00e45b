"""WSGI applications (PEP 3333) as applications of rawwfile.

The order in which things happen is the promise of the specification:

1. start_response only stores. Nothing is sent before the first non-empty chunk or write().
2. The application's iterable is advanced to its first non-empty chunk before we return, so an
   error until there, and start_response inside the first next(), can still decide the answer.
3. Then status and fields are fixed and the engine takes the chunks one by one: each is sent
   before the next is asked for.
4. close() of the object that the application returned (not of its iterator) is called once.

A list or tuple is all there already: it is joined and gets a Content-Length.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from rawwfile.errors import HTTPError
from rawwfile.exchange.body import FileSlice, slice_of_file

_log = logging.getLogger("rawwfile")

_STATUS = re.compile(r"[2-9][0-9]{2}(?: [^\r\n\0]*)?")

_SERVERS_OWN = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "status",
    )
)
"""Fields an application may not send: the hop-by-hop ones (PEP 3333, "Other HTTP Features"), and
Status, which is CGI's and no response field."""


class WsgiApplication:
    """The application made of a WSGI callable."""

    rawwfile_application = True

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self._warned: set[str] = set()

    def __call__(self, exchange: Any) -> None:
        """Run the WSGI application up to its first non-empty chunk; see the module.

        Raises what it raises; RuntimeError if it broke the protocol, TypeError for a chunk or field
        that is no bytes or str; HTTPError 501 for CONNECT, which WSGI has no way to answer.
        """
        if exchange.request.method == "CONNECT":
            raise HTTPError(501, 'method "CONNECT" is not implemented')
        reply = _Reply(exchange, self)
        exchange.announce(self.app)
        result = self.app(environ_of(exchange), reply.start_response)
        try:
            body = reply.body_of(result)
        except BaseException:
            self._close_failed(result)
            raise
        exchange.response.body = body

    def _close_failed(self, result: Any) -> None:
        try:
            _closer(result)()
        except Exception:  # noqa: BLE001 - the error before it is the one to answer
            _log.exception("close() of the WSGI application's result failed, after another error")

    def server_owns(self, name: str) -> bool:
        """Whether to leave out a field of the application; says so in the log, once for each."""
        lower = name.lower()
        if lower not in _SERVERS_OWN:
            return False
        if lower not in self._warned:
            self._warned.add(lower)
            _log.warning("the WSGI application sets %s; that is the server's, it is left out", name)
        return True


class FileWrapper:
    """`wsgi.file_wrapper`: a file as an iterable of blocks; one on disk is sent by the kernel."""

    def __init__(self, file: Any, block_size: int = 65536) -> None:
        self.file = file
        self.block_size = block_size
        self._close: Callable[[], None] | None = getattr(file, "close", None)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block: bytes = self.file.read(self.block_size)
        if not block:
            raise StopIteration
        return block

    def fileno(self) -> int:
        """The file's descriptor."""
        number: int = self.file.fileno()
        return number

    def close(self) -> None:
        """Close the file, once, if it can be closed."""
        close, self._close = self._close, None
        if close is not None:
            close()


def environ_of(exchange: Any) -> dict[str, Any]:
    """Return the WSGI environ of an exchange (PEP 3333, RFC 3875 section 4.1).

    Fields whose name has an underscore are left out: X_Y would look like X-Y, and a proxy that
    sets or removes X-Y would not know of it.
    """
    request, settings = exchange.request, exchange.settings
    raw_path = request.raw_path
    address = request.local_addr or "localhost"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        # "OPTIONS *" has no path; PATH_INFO is empty or begins with "/".
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1") if raw_path != "*" else "",
        "QUERY_STRING": request.query_string,
        "REQUEST_URI": request.target,
        "RAW_URI": request.target,
        # RFC 3875 section 4.1.14: an IPv6 address stands in brackets.
        "SERVER_NAME": f"[{address}]" if ":" in address else address,
        "SERVER_PORT": str(request.local_port or (443 if request.scheme == "https" else 80)),
        "SERVER_PROTOCOL": request.protocol,
        "SERVER_SOFTWARE": settings.server_name,
        "REMOTE_ADDR": request.remote_addr,
        "REMOTE_PORT": str(request.remote_port or ""),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": request.rfile,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": settings.workers > 1,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": FileWrapper,
    }
    for raw_name, raw_value in request.raw_fields:
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + name
        value = raw_value.decode("latin-1")
        if key in environ:
            value = environ[key] + ("; " if key == "HTTP_COOKIE" else ",") + value
        environ[key] = value
    return environ


class _Reply:
    """What one call of the application has said so far."""

    __slots__ = ("_application", "_exchange", "_fields", "_fixed", "_status", "_written")

    def __init__(self, exchange: Any, application: WsgiApplication) -> None:
        self._exchange = exchange
        self._application = application
        self._status: str | None = None
        self._fields: list[tuple[str, str]] = []
        self._fixed = False
        self._written = False

    def start_response(
        self, status: str, fields: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        """PEP 3333's start_response: stores, or with exc_info replaces what was stored.

        Raises RuntimeError for a second call without exc_info; the exception in exc_info if it is
        too late for another status; ValueError or TypeError for a status that is none.
        """
        try:
            if exc_info is not None and self._fixed:
                raise exc_info[1].with_traceback(exc_info[2])
            if exc_info is None and self._status is not None:
                raise RuntimeError("start_response was called again without exc_info (PEP 3333 allows it once)")
        finally:
            exc_info = None  # breaks the cycle of traceback and frame
        if not isinstance(status, str):
            raise TypeError(f'status must be a str like "200 OK", not {type(status).__name__}')
        if not _STATUS.fullmatch(status):
            raise ValueError(f'status must be like "200 OK", from 200 up, not {status[:60]!r}')
        self._status = status
        self._fields = list(fields)
        return self.write

    def write(self, data: bytes) -> None:
        """Send now (PEP 3333's write()); nothing for b"". Raises ClientDisconnected."""
        _check_chunk(data)
        if data:
            if not self._written:
                self._written = True
                self._exchange.response.stream = True
                self._fix()
            self._exchange.write(data)

    def body_of(self, result: Any) -> Any:
        """Advance to the first chunk, fix the head, and return what `response.body` shall be.

        After it the engine closes `result`; until then the caller must.
        """
        if isinstance(result, (bytes, str)) or not hasattr(result, "__iter__"):
            raise TypeError(
                f"{self._name()} returned {type(result).__name__}: return a list of bytes, "
                "or another iterable of them (PEP 3333)"
            )
        if type(result) is FileWrapper and not self._written:
            part = self._file_part(result)
            if part is not None:
                return part
        if type(result) in (list, tuple) and not self._written:
            for chunk in result:
                _check_chunk(chunk)
            return self._whole(b"".join(result), result)
        chunks = iter(result)
        first = b""
        for first in chunks:
            _check_chunk(first)
            if first:
                break
        if first and not self._written and _length(result) == 1:
            return self._whole(first, result)
        if not self._written:
            # An empty body is collected, so that it gets its "Content-Length: 0"; not on HEAD,
            # where the length to state is that of the answer to GET.
            self._exchange.response.stream = bool(first) or self._exchange.request.method == "HEAD"
            self._fix()
        return self._in_pieces(first, chunks, result)

    def _file_part(self, wrapper: FileWrapper) -> FileSlice | None:
        """The wrapped file from where it stands, up to the Content-Length; None if it is not on disk.

        A file shorter than its Content-Length is no slice either: in chunks, the cut shows.
        """
        part = slice_of_file(wrapper.file)
        if part is None:
            return None
        declared = [v for n, v in self._fields if n.lower() == "content-length" and v.isdecimal()]
        length = int(declared[0]) if declared else part.length
        if length > part.length:
            return None
        self._fix()
        self._exchange.on_end(wrapper.close)
        return FileSlice(wrapper, part.start, length)

    def _whole(self, content: bytes, result: Any) -> Any:
        if not content and self._exchange.request.method == "HEAD":
            self._exchange.response.stream = True
            self._fix()
            return self._in_pieces(b"", iter(()), result)
        self._fix()
        if hasattr(result, "close"):
            self._exchange.on_end(_closer(result))
        return content

    def _in_pieces(self, first: bytes, chunks: Iterator[bytes], result: Any) -> _Body:
        body = _Body(first, chunks, _closer(result))
        # For an exchange that ends before the engine has looked at the body.
        self._exchange.on_end(body.close)
        return body

    def _fix(self) -> None:
        """Make status and fields those of the response: from here on they stay."""
        if self._status is None:
            raise RuntimeError(
                f"{self._name()} gave its answer without calling start_response(status, headers) first (PEP 3333)"
            )
        response = self._exchange.response
        headers = response.headers
        headers.clear()
        for name, value in self._fields:
            if not (isinstance(name, str) and isinstance(value, str)):
                raise TypeError(f"field names and values must be str, not {name!r}: {value!r}")
            if not self._application.server_owns(name):
                headers.add(name, value)
        response.status = self._status
        self._fixed = True

    def _name(self) -> str:
        app = self._application.app
        name = getattr(app, "__qualname__", None) or type(app).__qualname__
        return f"the WSGI application {name}"


class _Body:
    """The chunks of an application, the first of them taken already; close() works once."""

    __slots__ = ("_chunks", "_close", "_first")

    def __init__(self, first: bytes, chunks: Iterator[bytes], close: Callable[[], None]) -> None:
        self._first = first
        self._chunks = chunks
        self._close: Callable[[], None] | None = close

    def __iter__(self) -> _Body:
        return self

    def __next__(self) -> bytes:
        if self._first:
            chunk, self._first = self._first, b""
            return chunk
        chunk = next(self._chunks)
        _check_chunk(chunk)
        return chunk

    def close(self) -> None:
        close, self._close = self._close, None
        if close is not None:
            close()


def _check_chunk(chunk: object) -> None:
    if not isinstance(chunk, bytes):
        raise TypeError(f"a WSGI application must give bytes, not {type(chunk).__name__}: {chunk!r:.60} (PEP 3333)")


def _length(result: Any) -> int | None:
    try:
        return len(result)
    except TypeError:
        return None


def _closer(result: Any) -> Callable[[], None]:
    close: Callable[[], None] = getattr(result, "close", None) or _nothing
    return close


def _nothing() -> None:
    """Closes what has no close()."""
