"""urllib, urllib2, urlparse, httplib: addresses and answers as text of bytes, under the old names."""

from __future__ import annotations

import http.client
import re
import socket
import urllib.error
import urllib.parse
import urllib.request
import urllib.robotparser
from typing import Any

from rawwfile.cpy.python2.modules.data import to_bytes, to_text
from rawwfile.cpy.python2.modules.forms import parse_qs, parse_qsl
from rawwfile.cpy.python2.modules.messages import MimeMessage
from rawwfile.cpy.python2.modules.text import StringIO
from rawwfile.cpy.python2.runtime.text import text_of


def quote(text: Any, safe: str = "/") -> str:
    """urllib.quote: each byte of a byte text."""
    return urllib.parse.quote(to_bytes(text), safe).replace("~", "%7E")


def quote_plus(text: str, safe: str = "") -> str:
    """urllib.quote_plus: blanks as plus signs."""
    return quote(text, safe + " ").replace(" ", "+")


def unquote(text: str) -> str:
    """urllib.unquote: each %XX as one character."""
    return urllib.parse.unquote(text, encoding="latin-1")


def unquote_plus(text: str) -> str:
    """urllib.unquote_plus: plus signs are blanks."""
    return unquote(text.replace("+", " "))


def urlencode(query: Any, doseq: int = 0) -> str:
    """urllib.urlencode: of a mapping or of pairs."""
    pairs = list(query.items()) if hasattr(query, "items") else query
    made: list[str] = []
    for key, value in pairs:
        several = value if doseq and not isinstance(value, str) and hasattr(value, "__len__") else [value]
        made.extend(quote_plus(text_of(key)) + "=" + quote_plus(text_of(each)) for each in several)
    return "&".join(made)


def headers_of(message: Any) -> MimeMessage:
    """Return today's headers as those of 2.x."""
    return MimeMessage(StringIO("".join(f"{name}: {value}\n" for name, value in message.items())))


class Answer:
    """What urlopen gives: byte text, and the old names."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.headers = headers_of(inner.headers)
        self.code = getattr(inner, "code", None)
        self.msg = getattr(inner, "reason", None) or getattr(inner, "msg", None)
        self.url = inner.geturl()

    def info(self) -> MimeMessage:
        return self.headers

    def geturl(self) -> str:
        return str(self.url)

    def getcode(self) -> Any:
        return self.code

    def read(self, *size: int) -> str:
        return to_text(self._inner.read(*size))

    def readline(self, *size: int) -> str:
        return to_text(self._inner.readline(*size))

    def readlines(self) -> list[str]:
        return [to_text(line) for line in self._inner.readlines()]

    def __iter__(self) -> Any:
        return map(to_text, self._inner)

    def close(self) -> None:
        self._inner.close()

    def fileno(self) -> int:
        return int(self._inner.fileno())


class HTTPError(urllib.error.HTTPError):
    """An answer that tells of an error; its page is byte text."""

    def read(self, *size: int) -> Any:
        return to_text(self.fp.read(*size))

    def info(self) -> Any:
        return headers_of(self.hdrs)


class Request(urllib.request.Request):
    """urllib2.Request."""

    def __init__(
        self, url: str, data: Any = None, headers: Any = None, origin_req_host: Any = None, unverifiable: Any = 0
    ):
        super().__init__(url, to_bytes(data), headers or {}, origin_req_host, bool(unverifiable))

    def add_data(self, data: str) -> None:
        self.data = to_bytes(data)

    def has_data(self) -> bool:
        return self.data is not None

    def get_data(self) -> Any:
        return to_text(self.data)

    def get_type(self) -> str:
        return self.type

    def get_host(self) -> str:
        return self.host

    def get_selector(self) -> str:
        return self.selector

    def get_origin_req_host(self) -> str:
        return self.origin_req_host


class Opener:
    """What urllib2.build_opener gives."""

    def __init__(self, *handlers: Any) -> None:
        self.__dict__["_inner"] = urllib.request.build_opener(*handlers)

    def open(self, target: Any, data: Any = None, timeout: Any = socket._GLOBAL_DEFAULT_TIMEOUT) -> Answer:  # type: ignore[attr-defined]
        try:
            return Answer(self._inner.open(target, to_bytes(data), timeout))
        except urllib.error.HTTPError as error:
            raise HTTPError(error.url, error.code, error.msg, error.hdrs, error.fp) from None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_inner"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._inner, name, value)


def urlopen(target: str, data: Any = None, proxies: Any = None) -> Any:
    """urllib.urlopen: a name without a scheme is a file; the page of an error is an answer too."""
    address = target if re.match(r"[a-zA-Z][\w+.-]+:", target) else "file:" + urllib.request.pathname2url(target)
    address = re.sub("^file:(?!//)", "file://", address)
    try:
        return Answer(urllib.request.urlopen(address, to_bytes(data)))
    except urllib.error.HTTPError as error:
        return Answer(error)
    except urllib.error.URLError as error:
        reason = error.reason
        while isinstance(reason, urllib.error.URLError):
            reason = reason.reason
        number = getattr(reason, "errno", None)
        raise OSError(number or "socket error", getattr(reason, "strerror", None) or str(reason)) from None


def urlretrieve(url: str, filename: Any = None, reporthook: Any = None, data: Any = None) -> tuple[str, MimeMessage]:
    """urllib.urlretrieve."""
    url = re.sub("^file:(?!//)", "file://", url)
    name, headers = urllib.request.urlretrieve(url, filename, reporthook, to_bytes(data))
    return name, headers_of(headers)


def _split(pattern: str, *, whole: int = 0) -> Any:
    """Return a function that splits by the two groups of `pattern`; else gives (None, text) or the reverse."""
    found = re.compile(pattern, re.DOTALL)

    def split(text: str) -> tuple[Any, Any]:
        match = found.match(text)
        if match:
            return match[1], match[2]
        return (text, None) if whole == 0 else (None, text)

    return split


def splitnport(host: str, default: int = -1) -> tuple[str, Any]:
    """urllib.splitnport: a host and its port as a number."""
    name, _, port = host.rpartition(":")
    if not name:
        return host, default
    return name, int(port) if port.isdigit() else None if port else default


def splittype(url: str) -> tuple[Any, str]:
    """urllib.splittype: the scheme in lower case, or None, and the rest."""
    match = re.match("([^/:]+):(.*)", url, re.DOTALL)
    return (match[1].lower(), match[2]) if match else (None, url)


def unwrap(url: str) -> str:
    """urllib.unwrap: an address without <URL:...> around it."""
    text = url.strip()
    text = text[1:-1].strip() if text[:1] == "<" and text[-1:] == ">" else text
    return text[4:].strip() if text[:4] == "URL:" else text


def urldefrag(url: str) -> tuple[str, str]:
    """urlparse.urldefrag: the address and its fragment."""
    parts = urllib.parse.urldefrag(url)
    return parts.url, parts.fragment


def urllib_names(_: Any) -> dict[str, Any]:
    """Return the names of urllib."""
    return {
        "quote": quote,
        "quote_plus": quote_plus,
        "unquote": unquote,
        "unquote_plus": unquote_plus,
        "urlencode": urlencode,
        "urlopen": urlopen,
        "urlretrieve": urlretrieve,
        "urlcleanup": urllib.request.urlcleanup,
        "pathname2url": urllib.request.pathname2url,
        "url2pathname": urllib.request.url2pathname,
        "getproxies": urllib.request.getproxies,
        "basejoin": urllib.parse.urljoin,
        "unwrap": unwrap,
        "splittype": splittype,
        "splithost": _split("//([^/?]*)(.*)$", whole=1),
        "splitport": _split("(.*):([0-9]*)$"),
        "splitnport": splitnport,
        "splituser": _split("(.*)@(.*)", whole=1),
        "splitpasswd": _split("([^:]*):(.*)$"),
        "splitquery": _split(r"(.*)\?([^?]*)$"),
        "splittag": _split("(.*)#([^#]*)$"),
        "splitvalue": _split("([^=]*)=(.*)$"),
        "splitattr": lambda url: (url.split(";")[0], url.split(";")[1:]),
    }


def urllib2_names(_: Any) -> dict[str, Any]:
    """Return the names of urllib2; an opener is installed for this application alone."""
    installed = [Opener()]

    def install_opener(opener: Opener) -> None:
        installed[0] = opener

    def urlopen(target: Any, data: Any = None, timeout: Any = socket._GLOBAL_DEFAULT_TIMEOUT) -> Answer:  # type: ignore[attr-defined]
        return installed[0].open(target, data, timeout)

    return {
        "urlopen": urlopen,
        "Request": Request,
        "build_opener": Opener,
        "install_opener": install_opener,
        "URLError": urllib.error.URLError,
        "HTTPError": HTTPError,
        "quote": quote,
        "unquote": unquote,
    }


class OldResponse(http.client.HTTPResponse):
    """httplib.HTTPResponse."""

    def begin(self) -> None:
        super().begin()
        self.msg: Any = headers_of(self.headers)

    def read(self, *size: Any) -> Any:
        return to_text(super().read(*size))

    def readline(self, *size: Any) -> Any:
        return to_text(super().readline(*size))

    def getheaders(self) -> list[tuple[str, str]]:
        return list(self.msg.items())


class HTTPConnection(http.client.HTTPConnection):
    """httplib.HTTPConnection."""

    response_class = OldResponse

    def __init__(self, host: str, port: Any = None, strict: Any = None, *rest: Any, **named: Any) -> None:
        super().__init__(host, port, *rest, **named)

    def send(self, data: Any) -> None:
        super().send(to_bytes(data))


class HTTPSConnection(http.client.HTTPSConnection):
    """httplib.HTTPSConnection."""

    response_class = OldResponse

    def send(self, data: Any) -> None:
        super().send(to_bytes(data))


class HTTP:
    """httplib.HTTP, the way of Python 1.5."""

    _kind: Any = HTTPConnection

    def __init__(self, host: str = "", port: Any = None, strict: Any = None) -> None:
        self._conn = self._kind(host, port or None)
        self._conn._http_vsn, self._conn._http_vsn_str = 10, "HTTP/1.0"
        self.file: Any = None
        self.headers: Any = None
        for name in ("putrequest", "endheaders", "send", "set_debuglevel", "connect", "close"):
            setattr(self, name, getattr(self._conn, name))

    def putheader(self, header: str, *values: Any) -> None:
        self._conn.putheader(header, "\r\n\t".join(map(str, values)))

    def getreply(self, buffering: Any = False) -> tuple[int, str, Any]:
        self.file = self._conn.getresponse()
        self.headers = self.file.msg
        return self.file.status, self.file.reason, self.headers

    def getfile(self) -> Any:
        return self.file


class HTTPS(HTTP):
    """httplib.HTTPS."""

    _kind = HTTPSConnection


MODULES: dict[str, tuple[str, Any]] = {
    "urllib": ("urllib.request", urllib_names),
    "urllib2": ("urllib.request", urllib2_names),
    "urlparse": ("urllib.parse", lambda _: {"parse_qs": parse_qs, "parse_qsl": parse_qsl, "urldefrag": urldefrag}),
    "httplib": (
        "http.client",
        lambda _: {
            "HTTPConnection": HTTPConnection,
            "HTTPSConnection": HTTPSConnection,
            "HTTPResponse": OldResponse,
            "HTTP": HTTP,
            "HTTPS": HTTPS,
        },
    ),
    "robotparser": ("urllib.robotparser", lambda _: {}),
    "cookielib": ("http.cookiejar", lambda _: {}),
}
