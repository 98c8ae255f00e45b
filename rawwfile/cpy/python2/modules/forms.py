"""cgi: FieldStorage as applications give it a request (spec 6.4), and the parsers beside it."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from typing import Any
from urllib import parse

from rawwfile.cpy.python2.modules.data import to_text
from rawwfile.cpy.python2.modules.files import text_file
from rawwfile.cpy.python2.modules.messages import Message
from rawwfile.cpy.python2.modules.text import StringIO
from rawwfile.cpy.python2.runtime.text import repr_of

_PARAMETER = re.compile(r';\s*(?P<name>[^\s=;]+)\s*(?:=\s*(?P<value>"(?:\\.|[^"\\])*"|[^;]*))?')


_BLOCK = 1 << 16
_IN_MEMORY = 1000
"""Characters of an upload that are kept in memory; a longer one goes to a file."""


def escape(text: str, quote: Any = None) -> str:
    """cgi.escape: `&`, `<`, `>`, and `"` when asked."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if quote else text


def parse_qsl(text: str, keep_blank_values: int = 0, strict_parsing: int = 0) -> list[tuple[str, str]]:
    """cgi.parse_qsl: `&` and `;` both part fields, as they did."""
    found = []
    for pair in re.split("[&;]", text):
        name, equals, value = pair.partition("=")
        if strict_parsing and pair and not equals:
            raise ValueError(f"bad query field: {pair!r}")
        if value or (keep_blank_values and pair):
            found.append((_decoded(name), _decoded(value)))
    return found


def _decoded(text: str) -> str:
    return parse.unquote(text.replace("+", " "), encoding="latin-1")


def parse_qs(text: str, keep_blank_values: int = 0, strict_parsing: int = 0) -> dict[str, list[str]]:
    """cgi.parse_qs: the values of each name."""
    found: dict[str, list[str]] = {}
    for key, value in parse_qsl(text, keep_blank_values, strict_parsing):
        found.setdefault(key, []).append(value)
    return found


def parse_header(line: str) -> tuple[str, dict[str, str]]:
    """cgi.parse_header: the value and its parameters."""
    key, _, rest = line.partition(";")
    found = {}
    for each in _PARAMETER.finditer(";" + rest):
        value = (each["value"] or "").strip()
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1].replace("\\\\", "\\").replace('\\"', '"')
        if each["value"] is not None:
            found[each["name"].lower()] = value
    return key.strip(), found


class MiniFieldStorage:
    """One field of a form that is no upload."""

    filename = None
    list = None
    type = None
    file = None
    disposition = None

    def __init__(self, name: str, value: str) -> None:
        self.name, self.value = name, value
        self.type_options: dict[str, str] = {}
        self.disposition_options: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"MiniFieldStorage({repr_of(self.name)}, {repr_of(self.value)})"


class FieldStorage:
    """The fields of a request, by name; a name that came twice gives a list.

    fp: read to the end of its content-length. headers: a mapping with lower-case names. A part of a
    multipart form is a FieldStorage too, with `value`, `file`, `filename`, `type` and `headers`.
    """

    def __init__(
        self,
        fp: Any = None,
        headers: Any = None,
        outerboundary: str = "",
        environ: Any = None,
        keep_blank_values: int = 0,
        strict_parsing: int = 0,
        max_num_fields: Any = None,
    ) -> None:
        environ = os.environ if environ is None else environ
        method = environ.get("REQUEST_METHOD", "GET").upper()
        self.keep_blank_values, self.strict_parsing = keep_blank_values, strict_parsing
        self.name: Any = None
        self.filename: Any = None
        self.file: Any = None
        self.list: Any = None
        self.qs_on_post = ""
        if method in ("GET", "HEAD"):
            fp = StringIO(environ.get("QUERY_STRING", "") or " ".join(sys.argv[1:]))
            headers = headers or {"content-type": "application/x-www-form-urlencoded"}
        elif headers is None:
            headers = _headers_of(environ)
            self.qs_on_post = environ.get("QUERY_STRING", "")
        self.headers: Any = headers
        self._describe(headers)
        self._read(sys.stdin if fp is None else fp)

    def _describe(self, headers: Any) -> None:
        self.disposition, self.disposition_options = parse_header(headers.get("content-disposition") or "")
        default = "application/x-www-form-urlencoded" if not self.disposition else "text/plain"
        self.type, self.type_options = parse_header(headers.get("content-type") or default)
        self.name = self.disposition_options.get("name")
        self.filename = self.disposition_options.get("filename")
        try:
            self.length = int(headers.get("content-length") or -1)
        except ValueError:
            self.length = -1

    def _read(self, fp: Any) -> None:
        if self.type == "application/x-www-form-urlencoded":
            text = to_text(fp.read(self.length) if self.length >= 0 else fp.read())
            query = f"{text}&{self.qs_on_post}" if self.qs_on_post else text
            pairs = parse_qsl(query, self.keep_blank_values, self.strict_parsing)
            self.list = [MiniFieldStorage(*pair) for pair in pairs]
        elif self.type.startswith("multipart/"):
            self.list = read_parts(fp, self.type_options.get("boundary", ""), type(self))
            self.list += [MiniFieldStorage(*pair) for pair in parse_qsl(self.qs_on_post, self.keep_blank_values)]
        else:
            self._read_file(fp)

    def _read_file(self, fp: Any) -> None:
        """Take a body of another type as it is, block by block."""
        self.file = StringIO()
        left = self.length
        while left:
            text = to_text(fp.read(_BLOCK if left < 0 else min(left, _BLOCK)))
            if not text:
                break
            left -= len(text) if left > 0 else 0
            self.write(text)
        self.file.seek(0)

    @classmethod
    def part(cls, headers: Message) -> Any:
        """Return a part of a multipart form, which is still to be read."""
        made = cls.__new__(cls)
        made.keep_blank_values = made.strict_parsing = 0
        made.headers, made.list, made.qs_on_post = headers, None, ""
        made.file = StringIO()
        made._describe(headers)
        return made

    def write(self, text: str) -> None:
        """Add text to the file of this part; what is long goes to the file that make_file gives."""
        if type(self.file) is StringIO and self.file.tell() + len(text) > _IN_MEMORY:
            begun, self.file = self.file.getvalue(), self.make_file("")
            self.file.write(begun)
        self.file.write(text)

    def make_file(self, binary: Any = None) -> Any:
        """Return the file that an upload is put into; to be replaced by applications."""
        return text_file(tempfile.TemporaryFile("w+b"))

    @property
    def value(self) -> Any:
        if self.file is None:
            return self.list
        self.file.seek(0)
        value = self.file.read()
        self.file.seek(0)
        return value

    def _fields(self) -> list[Any]:
        if self.list is None:
            raise TypeError("not indexable")
        return self.list  # type: ignore[no-any-return]

    def keys(self) -> list[str]:
        return list(dict.fromkeys(field.name for field in self._fields()))

    def __iter__(self) -> Any:
        return iter(self.keys())

    def __contains__(self, name: object) -> bool:
        return any(field.name == name for field in self._fields())

    def has_key(self, name: str) -> bool:
        return name in self

    def __len__(self) -> int:
        return len(self.keys())

    def __bool__(self) -> bool:
        return bool(self.list)

    def __getitem__(self, name: str) -> Any:
        found = [field for field in self._fields() if field.name == name]
        if not found:
            raise KeyError(name)
        return found[0] if len(found) == 1 else found

    def getlist(self, name: str) -> list[Any]:
        return [field.value for field in self._fields() if field.name == name]

    def getvalue(self, name: str, default: Any = None) -> Any:
        found = self.getlist(name)
        return default if not found else found[0] if len(found) == 1 else found

    def getfirst(self, name: str, default: Any = None) -> Any:
        return (self.getlist(name) or [default])[0]

    def __repr__(self) -> str:
        return f"FieldStorage({repr_of(self.name)}, {repr_of(self.filename)}, {repr_of(self.value)})"


def _headers_of(environ: Any) -> dict[str, str]:
    names = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
    return {name: environ[key] for name, key in names.items() if key in environ}


class _Lines:
    """The lines of an open file, as text."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readline(self) -> str:
        """Return a line, or as much of a long one as is read at a time."""
        line = to_text(self._inner.readline(_BLOCK))
        return line + to_text(self._inner.readline(1)) if line[-1:] == "\r" else line


def read_parts(fp: Any, boundary: str, kind: type[FieldStorage]) -> list[Any]:
    """Read a multipart body to its last boundary; return its parts."""
    if not re.fullmatch(r"[ -~]{0,200}[!-~]", boundary):
        raise ValueError(f"Invalid boundary in multipart form: {repr_of(boundary)}")
    lines = fp if isinstance(fp, _Lines) else _Lines(fp)
    marks = (f"--{boundary}", f"--{boundary}--")
    found = _read_to(lines, marks, None)
    made = []
    while found == marks[0]:
        part = kind.part(Message(lines))
        made.append(part)
        if part.type.startswith("multipart/"):
            part.list, part.file = read_parts(lines, part.type_options.get("boundary", ""), kind), None
        found = _read_to(lines, marks, part if part.file is not None else None)
    return made


def _read_to(lines: _Lines, marks: tuple[str, str], part: Any) -> str:
    """Read on to one of the marks, which is returned; '' at the end. What is before it goes to `part`."""
    waiting, at_start = "", True
    while line := lines.readline():
        if at_start and line[:2] == "--" and line.rstrip(" \t\r\n") in marks:
            break
        body = line[: -2 if line[-2:] == "\r\n" else -1] if line[-1:] == "\n" else line
        if part is not None:
            part.write(waiting + body)
        # The line end before a mark belongs to the mark.
        waiting, at_start = line[len(body) :], line[-1:] == "\n"
    if part is not None:
        part.file.seek(0)
    return line.rstrip(" \t\r\n")


def parse_multipart(fp: Any, options: dict[str, str]) -> dict[str, list[str]]:
    """cgi.parse_multipart: the values of each name."""
    found: dict[str, list[str]] = {}
    for part in read_parts(fp, options["boundary"], FieldStorage):
        found.setdefault(part.name, []).append(part.value)
    return found


def parse_form(
    fp: Any = None, environ: Any = None, keep_blank_values: int = 0, strict_parsing: int = 0
) -> dict[str, list[str]]:
    """cgi.parse: a form of any kind as lists of values."""
    form = FieldStorage(fp, environ=environ, keep_blank_values=keep_blank_values, strict_parsing=strict_parsing)
    return {name: form.getlist(name) for name in form.keys()}


def names(_: Any) -> dict[str, Any]:
    """Return the names of cgi."""
    return {
        "FieldStorage": FieldStorage,
        "MiniFieldStorage": MiniFieldStorage,
        "escape": escape,
        "parse_qs": parse_qs,
        "parse_qsl": parse_qsl,
        "parse_header": parse_header,
        "parse_multipart": parse_multipart,
        "parse": parse_form,
        "maxlen": 0,
    }


MODULES: dict[str, tuple[str, Any]] = {"cgi": ("", names)}
