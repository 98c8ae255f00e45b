"""`Request`: everything a handler can know of what the client sent.

The names of CherryPy 0.x and those of CherryPy 3 are two names of one thing. Most attributes are
made when they are first read, since most handlers read few. Source: spec section 6.
"""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from rawwfile.exchange import resources
from rawwfile.exchange.forms import ParsedForm, parse_form
from rawwfile.exchange.headers import RequestHeaders
from rawwfile.exchange.lazy import lazy
from rawwfile.exchange.rfile import BodyFile
from rawwfile.http.forms import parse_query, unquoted_cookie
from rawwfile.http.reader import SLASH
from rawwfile.http.target import parse_target

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange
    from rawwfile.http.events import RequestHead

LAST_EVENT_QUERY = ("lastEventId", "last_event_id")
"""Query parameters that stand for the field Last-Event-ID, which a script cannot set on an EventSource."""


class Request:
    """One request. Applications may set attributes of their own on it."""

    paramTuple: tuple[Any, ...] = ()
    """Positional arguments of an XML-RPC call (0.x)."""
    isStaticFile = 0
    """1 once a static mapping has matched (0.x)."""
    isXmlRpc = 0
    """1 for a decoded XML-RPC call (0.x)."""
    parsePostData = 1
    """Set to 0 before `paramMap` is read, the body is left to `rfile` (0.x)."""
    script_name = ""
    """The path at which the application is mounted."""
    raw_path: str
    """The path as sent, from its "/" to before the query; "*" for `OPTIONS *`."""
    query_string: str
    """What follows the first "?" of the target, not decoded; "" without one."""
    _form: ParsedForm | None = None

    def __init__(self, exchange: Exchange, head: RequestHead) -> None:
        self._exchange = exchange
        self._head = head
        self.method: str = head.method.decode("ascii")
        # ASCII, but for what `http.lenient` lets through.
        self.target: str = head.target.decode("latin-1")
        if head.target[0] == SLASH:
            self.raw_path, _, self.query_string = self.target.partition("?")
        else:
            self.raw_path = self._parts.path.decode("ascii")
            self.query_string = (self._parts.query or b"").decode("ascii")

    # -- where the request goes

    @lazy
    def _parts(self) -> Any:
        return parse_target(self._head.method, self._head.target)

    @property
    def queryString(self) -> str:  # noqa: N802
        """`query_string`, by its name of CherryPy 2."""
        return self.query_string

    @lazy
    def path_info(self) -> str:
        """The path percent-decoded as UTF-8, with its leading "/"; bytes that are no UTF-8 are kept as surrogates."""
        raw = self.raw_path
        return unquote(raw, errors="surrogateescape") if "%" in raw else raw

    @lazy
    def path(self) -> str:
        """The path as 0.x has it: without one leading and one trailing "/", not decoded (spec 6.2)."""
        path = self.raw_path.replace("&amp;", "&").removeprefix("/")
        return path.removesuffix("/")

    @lazy
    def originalPath(self) -> str:  # noqa: N802
        """`path` as it came, whatever a rewriting application made of it."""
        return self.raw_path.replace("&amp;", "&").removeprefix("/").removesuffix("/")

    @property
    def protocol(self) -> str:
        """ "HTTP/1.1" or "HTTP/1.0"."""
        return f"HTTP/1.{self._head.minor}"

    @property
    def version(self) -> tuple[int, int]:
        """(1, 1) or (1, 0)."""
        return (1, self._head.minor)

    @property
    def requestLine(self) -> str:  # noqa: N802
        """The request line as received."""
        return f"{self.method} {self.target} {self.protocol}"

    @property
    def scheme(self) -> str:
        """ "http" or "https": how the client came."""
        return self._exchange.channel.scheme

    @lazy
    def host(self) -> str:
        """Host and port the client asked for: the target's own, else Host, else where it connected."""
        if self._head.target[:1] != b"/" and self._parts.authority:
            return str(self._parts.authority.decode("ascii"))
        held = self._head.fields.host
        if held:
            return held.decode("ascii")
        address, port = self._exchange.channel.local()
        if not address:
            return "localhost"
        return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"

    @lazy
    def base(self) -> str:
        """Scheme and host without a trailing "/": http://example.org:8000."""
        return f"{self.scheme}://{self.host}"

    @lazy
    def browserUrl(self) -> str:  # noqa: N802
        """The address as it stands in the browser (spec 6.2)."""
        query = f"?{self.query_string}" if "?" in self.target else ""
        return (self.base + self.raw_path + query).replace("&amp;", "&")

    # -- fields and cookies

    @lazy
    def headers(self) -> RequestHeaders:
        """The fields; see RequestHeaders."""
        return RequestHeaders(self._head.fields, lambda: self.remote_addr)

    @property
    def headerMap(self) -> RequestHeaders:  # noqa: N802
        """`headers`, by its name of 0.x."""
        return self.headers

    @headerMap.setter
    def headerMap(self, value: Any) -> None:  # noqa: N802
        self.headers = value

    @property
    def raw_fields(self) -> tuple[tuple[bytes, bytes], ...]:
        """The field lines as received: (name, value) bytes, in order, repeated ones too."""
        return self._head.fields.pairs

    @property
    def raw_head(self) -> bytes:
        """The head as received, byte for byte, with its empty line."""
        return self._head.raw

    @lazy
    def simpleCookie(self) -> SimpleCookie:  # noqa: N802
        """The cookies of all Cookie fields; a pair that is no cookie is passed over."""
        cookies = RequestCookies()
        for value in self.headers.get_all("cookie"):
            for pair in value.split(";"):
                try:
                    cookies.load(pair.strip())
                except CookieError:
                    continue
        return cookies

    @property
    def cookie(self) -> SimpleCookie:
        """`simpleCookie`, by its name of CherryPy 3."""
        return self.simpleCookie

    # -- parameters and content

    @lazy
    def rfile(self) -> BodyFile:
        """The content as a binary file that ends where it ends; see BodyFile."""
        return BodyFile(self._exchange)

    @property
    def body(self) -> BodyFile:
        """`rfile`, by its name of CherryPy 3."""
        return self.rfile

    @property
    def content_length(self) -> int | None:
        """Bytes of content announced; 0 without content, None for a chunked one."""
        return self._head.length

    @lazy
    def paramMap(self) -> dict[str, Any]:  # noqa: N802
        """Query and form fields: name to str, FormFile, or a list of them when repeated.

        A form field replaces a query field of its name (spec 6.3). Reading it parses the form.
        Raises RequestBodyError for a form that is broken, too slow, or past its limit.
        """
        query = self.query_string
        params: dict[str, Any] = dict(parse_query(query, self._exchange.settings.charset)) if query else {}
        if self._head.kind != "none" and self.parsePostData:
            params.update(self.parse_form().params)
        return params

    @property
    def params(self) -> dict[str, Any]:
        """`paramMap`, by its name of CherryPy 3."""
        return self.paramMap

    @params.setter
    def params(self, value: dict[str, Any]) -> None:
        self.paramMap = value

    @lazy
    def originalParamMap(self) -> dict[str, Any]:  # noqa: N802
        """The same object as `paramMap` until the application assigns another (spec 6.2)."""
        return self.paramMap

    @property
    def filenameMap(self) -> dict[str, Any]:  # noqa: N802
        """Form field to the file name the client gave; None for a field that is no file."""
        return self.parse_form().filenames

    @property
    def fileTypeMap(self) -> dict[str, Any]:  # noqa: N802
        """Form field to the content type of its part."""
        return self.parse_form().types

    def parse_form(self) -> ParsedForm:
        """Read the content as a form, once; an empty one if it is none. Raises RequestBodyError."""
        if self._form is None:
            limits = self._exchange.settings.limits
            self._form = parse_form(
                self.rfile,
                self.headers.get("content-type"),
                charset=self._exchange.settings.charset,
                limit=limits.form if limits.body is None else limits.body,
                content_length=self._head.length,
            )
        return self._form

    @lazy
    def trailers(self) -> dict[str, str]:
        """Trailer fields by lower-case name, once a chunked content was read to its end."""
        return {}

    def set_trailers(self, pairs: tuple[tuple[bytes, bytes], ...]) -> None:
        """For the reader of the content: its trailer section has come."""
        self.trailers = {name.decode("ascii").lower(): value.decode("latin-1") for name, value in pairs}

    # -- who is there

    @lazy
    def remote_addr(self) -> str:
        """The client's address; "" on a Unix socket."""
        return self._exchange.channel.peer()[0]

    @property
    def remoteAddr(self) -> str:  # noqa: N802
        """`remote_addr`, by its name of CherryPy 2."""
        return self.remote_addr

    @property
    def remote_port(self) -> int:
        """The client's port; 0 on a Unix socket."""
        return self._exchange.channel.peer()[1]

    @property
    def local_addr(self) -> str:
        """The address the client connected to."""
        return self._exchange.channel.local()[0]

    @property
    def local_port(self) -> int:
        """The port the client connected to."""
        return self._exchange.channel.local()[1]

    @property
    def tls(self) -> Any:
        """What the handshake agreed on: version, cipher, alpn, server_name; None without TLS."""
        return self._exchange.channel.tls()

    @property
    def peerCertificate(self) -> dict[str, Any] | None:  # noqa: N802
        """The client's verified certificate as `ssl.SSLObject.getpeercert` gives it, or None."""
        tls = self.tls
        return None if tls is None else tls.peer_certificate

    @property
    def context(self) -> contextvars.Context:
        """The context this request runs in; `context.copy().run(f)` takes it to another thread."""
        return self._exchange.context

    def spawn(self, function: Callable[..., Any], *arguments: Any) -> threading.Thread:
        """Start a daemon thread that runs `function(*arguments)` in a copy of this request's context."""
        context = self._exchange.context.copy()
        thread = threading.Thread(target=context.run, args=(function, *arguments), name="rawwfile-spawn", daemon=True)
        thread.start()
        return thread

    @lazy
    def last_event_id(self) -> str | None:
        """The id of the last server-sent event that the client has seen, or None."""
        return last_event_id(self)

    def resource(self, factory: Callable[[], Any]) -> Any:
        """Enter the context manager that `factory()` gives, to be left when the response has ended.

        Returns what it gives, the same for the same factory. See `rawwfile.exchange.resources`.
        """
        return resources.enter(self._exchange, factory)

    def redirect_to(self, path: str, query_string: str = "") -> None:
        """Become the request for another path of this site (InternalRedirect)."""
        self.__dict__.setdefault("originalPath", self.originalPath)
        for name in ("_parts", "path_info", "path", "paramMap"):
            self.__dict__.pop(name, None)
        self.raw_path = path if path.startswith("/") else "/" + path
        self.query_string = query_string

    def close(self) -> None:
        """For the engine: the exchange is over; temporary files go."""
        if self._form is not None:
            self._form.close()
        reading = self.__dict__.get("rfile")
        if reading is not None:
            reading.close()

    def __repr__(self) -> str:
        return f"<Request {self.requestLine}>"


class RequestCookies(SimpleCookie):
    """The cookies of a request; reading one takes time linear in its length on every Python."""

    def value_decode(self, val: str) -> tuple[str, str]:
        """Return a value without its quotes, and as it came."""
        return unquoted_cookie(val), val


def last_event_id(request: Any) -> str | None:
    """The id of the last event that the client has seen, or None.

    It stands in the field Last-Event-ID, or in the query as lastEventId or last_event_id. The
    field wins: on its own return a browser repeats the query of its first request.
    """
    said = request.headers.get("last-event-id")
    if said:
        # A browser sends UTF-8; the header map has one character for each byte.
        return str(said).encode("latin-1").decode("utf-8", "replace")
    query = parse_query(request.query_string) if request.query_string else {}
    for name in LAST_EVENT_QUERY:
        value = query.get(name)
        if value:
            return value if isinstance(value, str) else value[-1]
    return None
