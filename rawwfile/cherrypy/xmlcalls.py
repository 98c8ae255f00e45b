"""XML-RPC calls to methods (spec 13): read by a parser without document types, with limits (H16).

Text: a string of ASCII characters arrives as `str`, any other one as Python 2's `unicode` where the
application has that type. The answers are made by `xmlanswers`.
"""

from __future__ import annotations

import binascii
import re
import xmlrpc.client
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from rawwfile.cherrypy.sessions.values import old_type
from rawwfile.cherrypy.xmlanswers import encode, fault
from rawwfile.errors import HTTPError
from rawwfile.http.forms import FORM_CHARSETS

__all__ = ["CONTENT_TYPE", "Call", "NotACall", "decode", "encode", "fault", "is_call"]

CONTENT_TYPE = "text/xml"
DEEPEST = 64
"""Values inside of values in a call."""
MOST_ELEMENTS = 200_000
LONGEST_NUMBER = 400
ENCODINGS = FORM_CHARSETS | {"utf-16"}
"""A closed list, as for forms: Python imports a module for any name, and keeps the names it does not know."""
_NO_PATH = ("", "RPC2")
_WHOLE = re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII)


class NotACall(HTTPError):
    """400: the body is no XML-RPC call, or one that goes beyond the limits."""

    def __init__(self, message: str) -> None:
        super().__init__(400, f"this is no XML-RPC call: {message}")


@dataclass(frozen=True)
class Call:
    """A decoded call. path: for request.path; params: for request.paramTuple."""

    path: str
    params: tuple[Any, ...]


def is_call(method: str, content_type: str) -> bool:
    """Whether a request is taken for a call: a POST of exactly `text/xml`, as in 0.10."""
    return method == "POST" and content_type == CONTENT_TYPE


def decode(
    body: bytes, path: str, *, namespace: Mapping[str, Any] | None = None, text: Callable[[bytes], str] | None = None
) -> Call:
    """Read the call in `body`, sent to the URL path `path` (no outer slashes).

    namespace: of the application, for its type `unicode`. text: bytes to text, for the method's name.
    Raises NotACall.
    """
    reader = _Reader(namespace or {})
    try:
        reader.read(body)
        params = reader.values.close()
        name = reader.values.getmethodname()
    except NotACall:
        raise
    except expat.ExpatError as error:
        raise NotACall(f"its XML is broken: {error}.") from error
    except Exception as error:  # the standard unmarshaller raises what comes
        raise NotACall(f"{type(error).__name__}: {error}.") from error
    if not isinstance(name, str):
        raise NotACall("it names no method.")
    if text is not None:
        name = text(name.encode("utf-8"))
    prefix = [] if path in _NO_PATH else path.split("/")
    return Call("/".join([*prefix, *name.split(".")]), tuple(params))


class _Reader:
    """expat to the standard unmarshaller, with an eye on what comes."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.values = _Unmarshaller(namespace)
        self._depth = 0
        self._elements = 0
        parser = self._parser = expat.ParserCreate(None, None)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.values.data
        # expat has decoded all text; the unmarshaller shall not do it again.
        self.values.xml(None, None)  # type: ignore[arg-type]
        parser.XmlDeclHandler = self._declared
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse

    def read(self, body: bytes) -> None:
        try:
            self._parser.Parse(body, True)
        finally:
            # Handlers are methods of ours: without this the parser and we hold each other.
            self._parser.StartElementHandler = self._parser.EndElementHandler = None
            self._parser.StartDoctypeDeclHandler = self._parser.EntityDeclHandler = None
            self._parser.ExternalEntityRefHandler = self._parser.XmlDeclHandler = None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        # A value in an array is three elements deep, a member of a struct too.
        if self._depth > 4 * DEEPEST:
            raise NotACall(f"its values are nested more than {DEEPEST} deep.")
        if self._elements > MOST_ELEMENTS:
            raise NotACall(f"it has more than {MOST_ELEMENTS} elements.")
        self.values.start(tag, attributes)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self.values.end(tag)

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise NotACall(f"its encoding {encoding!r:.40} is not read here; send UTF-8.")

    def _refuse(self, *details: Any) -> Any:
        raise NotACall("document types and entities are not read.")


class _Unmarshaller(xmlrpc.client.Unmarshaller):
    """The standard one, with Python 2's strings and numbers."""

    dispatch: dict[str, Any] = dict(xmlrpc.client.Unmarshaller.dispatch)

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        super().__init__()
        self._namespace = namespace
        self._unicode = old_type(namespace, "unicode")

    def end_string(self, data: str) -> None:
        self.append(self._string(data))
        self._value = False

    def _string(self, data: str) -> str:
        return data if data.isascii() or self._unicode is None else str.__new__(self._unicode, data)

    def end_int(self, data: str) -> None:
        if not _WHOLE.fullmatch(data) or len(data) > LONGEST_NUMBER:
            raise ValueError(f"no whole number: {data!r:.40}")
        self.append(int(data))
        self._value = False

    def end_double(self, data: str) -> None:
        if "_" in data or len(data) > LONGEST_NUMBER:
            raise ValueError(f"no number: {data!r:.40}")
        self.append(float(data))
        self._value = False

    def end_base64(self, data: str) -> None:
        content = binascii.a2b_base64(data.encode("ascii"))
        binary: Any = xmlrpc.client.Binary(content)
        if self._unicode is not None:
            # Translated code has an xmlrpclib of its own, whose Binary holds text of bytes.
            binary = self._namespace["__builtins__"]["__import__"]("xmlrpclib").Binary(content.decode("latin-1"))
        self.append(binary)
        self._value = False

    dispatch["base64"] = end_base64
    for _tag in ("string", "name"):
        dispatch[_tag] = end_string
    for _tag in ("i4", "i8", "int", "i1", "i2", "biginteger"):
        dispatch[_tag] = end_int
    for _tag in ("double", "float"):
        dispatch[_tag] = end_double
    del _tag
