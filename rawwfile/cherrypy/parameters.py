"""What a request says, as CherryPy 0.10 read it: target, query, fields, cookies and form (spec 6).

Text is one character a byte, or of the site's charset; a byte that is not of it stays as a lone
surrogate, so that nothing is lost on the way through a page.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from rawwfile.errors import RequestBodyError
from rawwfile.http.forms import MAX_PAIRS, parse_parameters, percent_decoded
from rawwfile.http.multipart import DEFAULT_MULTIPART_LIMITS as _LIMITS
from rawwfile.http.multipart import MultipartParser, PartBegin, PartData, PartEnd

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_BLOCK = 65536
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")


class Readable(Protocol):
    """A body to be read in blocks."""

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, b"" at the end."""


class Codec:
    """Bytes of the wire to text and back. charset: None is one character a byte."""

    def __init__(self, charset: str | None) -> None:
        self.name = charset or "latin-1"
        self._errors = "strict" if charset is None else "surrogateescape"

    def text(self, data: bytes) -> str:
        """Return `data` as text; never fails."""
        return data.decode(self.name, self._errors)

    def from_wire(self, text: str) -> str:
        """Return as text what was decoded as latin-1."""
        return text if self.name == "latin-1" else self.text(text.encode("latin-1", "replace"))

    def bytes(self, text: str) -> bytes:
        """Return `text` as bytes. Raises UnicodeEncodeError."""
        return text.encode(self.name, self._errors)


def split_target(target: str) -> tuple[str, str, str]:
    """Return (path, raw query, what follows `base/` in browserUrl) of a request target (spec 6.2).

    The path loses one leading and one trailing "/"; nothing is percent-decoded.
    """
    shown = target.replace("&amp;", "&").removeprefix("/")
    path, _, query = shown.partition("?")
    return path.removesuffix("/"), query, shown


def query_parameters(shown: str, codec: Codec) -> dict[str, Any]:
    """Return the parameters of a target without its leading slash (spec 6.3).

    Names stay as they are, values are decoded; a pair without "=" is passed over; a repeated name
    has a list.
    """
    query = shown.partition("?")[2]
    if not query:
        return {}
    params: dict[str, Any] = {}
    for name, value in _query_pairs(shown, query):
        add(params, codec.from_wire(name), decoded(value, codec))
    return params


def _query_pairs(shown: str, query: str) -> Iterator[tuple[str, str]]:
    head, literal = query, None
    second = query.find("?")
    if second >= 0:
        # An unescaped URL as a value: what follows the last "=" before its "?" is taken whole. 0.10
        # counted that place from the start of the path, so a long path switches it off (spec 6.3).
        cut = shown.rfind("=", 0, second)
        start = len(shown) - len(query)
        if cut >= start:
            head, literal = shown[start:cut], shown[cut + 1 :]
    pairs = head.split("&")
    if literal is not None:
        pairs[-1] += "=" + literal
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if equals:
            yield name, value


def decoded(text: str, codec: Codec) -> str:
    """Undo URL coding: "+" is a blank, %XX a byte, a lone "%" is itself."""
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return codec.from_wire(text)
    return codec.text(percent_decoded(text.encode("latin-1", "replace")))


def add(params: dict[str, Any], name: str, value: Any) -> None:
    """Enter a value; of a name that came before, a list of all."""
    if name not in params:
        params[name] = value
    elif isinstance(params[name], list):
        params[name].append(value)
    else:
        params[name] = [params[name], value]


class Form:
    """The fields of a POST body: values, client file names and types, each by field name (spec 6.4)."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.filenames: dict[str, Any] = {}
        self.types: dict[str, Any] = {}

    def add(self, name: str, value: str, filename: str | None, kind: str | None) -> None:
        """Enter a field; one that came before turns into a list in all three maps."""
        for mapping, item in ((self.values, value), (self.filenames, filename), (self.types, kind)):
            add(mapping, name, item)


def read_form(body: Readable, content_type: str, codec: Codec, limit: int | None, length: int | None) -> Form | None:
    """Read the body of a POST as a form; None if its type is that of no form, and nothing is read then.

    limit: most bytes. Raises RequestBodyError 400 for a broken form, 413 past the limit.
    """
    kind, options = parse_parameters(content_type)
    if kind not in ("", FORM, MULTIPART):
        return None
    form = Form()
    blocks = _blocks(body, limit, length)
    if kind == MULTIPART:
        if "boundary" not in options:
            raise RequestBodyError(400, "Content-Type multipart/form-data has no boundary parameter")
        parser = MultipartParser(options["boundary"], charset="latin-1")
        first = next(blocks, b"")
        if first.startswith(f"--{options['boundary']}\n".encode("latin-1")):
            _read_parts_of_lf(first + b"".join(blocks), options["boundary"], form, codec)
        else:
            _read_parts(itertools.chain([first] if first else [], blocks), parser, form, codec)
    else:
        text = b"".join(blocks).decode("latin-1")
        for name, value in urlencoded_pairs(text, codec):
            form.add(name, value, None, None)
    return form


def urlencoded_pairs(text: str, codec: Codec) -> Iterator[tuple[str, str]]:
    """Yield the fields of an urlencoded body, parted at "&" and ";", names and values decoded."""
    if text.count("&") + text.count(";") >= MAX_PAIRS:
        raise RequestBodyError(413, f"the form has more than {MAX_PAIRS} fields. Send fewer.")
    for pair in text.replace(";", "&").split("&"):
        if pair:
            name, _, value = pair.partition("=")
            yield decoded(name, codec), decoded(value, codec)


def read_limited(body: Readable, limit: int | None, length: int | None) -> bytes:
    """Return a whole body; limit, length as for `read_form`. Raises RequestBodyError 413."""
    return b"".join(_blocks(body, limit, length))


def _blocks(body: Readable, limit: int | None, length: int | None) -> Iterator[bytes]:
    if limit is not None and length is not None and length > limit:
        raise _too_large(limit)
    size = 0
    while block := body.read(_BLOCK):
        size += len(block)
        if limit is not None and size > limit:
            raise _too_large(limit)
        yield block


def _too_large(limit: int) -> RequestBodyError:
    return RequestBodyError(413, f"the body has more than {limit} bytes, the most this server takes (--limit-form)")


def _read_parts(blocks: Iterable[bytes], parser: MultipartParser, form: Form, codec: Codec) -> None:
    begun: PartBegin | None = None
    pieces: list[bytes] = []
    empty = True
    for block in blocks:
        empty = False
        parser.feed(block)
        while (event := parser.next_event()) is not None:
            if isinstance(event, PartBegin):
                begun, pieces = event, []
            elif isinstance(event, PartData):
                pieces.append(event.data)
            elif isinstance(event, PartEnd) and begun is not None:
                kind = parse_parameters(begun.content_type or "")[0] or "text/plain"
                filename = None if begun.filename is None else codec.from_wire(begun.filename)
                form.add(codec.from_wire(begun.name), codec.text(b"".join(pieces)), filename, kind)
    if not empty:
        parser.close()


def _read_parts_of_lf(body: bytes, boundary: str, form: Form, codec: Codec) -> None:
    """Read a form whose lines end in LF alone, as scripts of 2004 wrote them. Raises RequestBodyError."""
    delimiter = rb"(?:\A|\r?\n)--" + re.escape(boundary.encode("latin-1")) + rb"(--)?[ \t]*(?:\r?\n|\Z)"
    pieces = re.split(delimiter, body)
    if b"--" not in pieces[1::2]:
        raise RequestBodyError(400, "the form ends before its closing boundary")
    if len(pieces) // 2 > _LIMITS.parts:
        raise RequestBodyError(413, f"the form has more than {_LIMITS.parts} fields. Send fewer.")
    for piece, end in zip(pieces[2::2], pieces[1::2], strict=False):
        if end:
            break
        empty = _EMPTY_LINE.search(piece, 0, _LIMITS.part_header_size)
        if empty is None:
            raise RequestBodyError(400, "a part of the form has no empty line after its fields, or too many of them")
        head, content = piece[: empty.start()], piece[empty.end() :]
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\n"))
        }
        _, options = parse_parameters(fields.get("content-disposition", ""))
        if "name" not in options:
            raise RequestBodyError(400, "a part of the form has no name")
        kind = parse_parameters(fields.get("content-type", ""))[0] or "text/plain"
        filename = codec.from_wire(options["filename"]) if "filename" in options else None
        form.add(codec.from_wire(options["name"]), codec.text(content), filename, kind)


class TextFile:
    """`request.rfile` for code that reads text: one character a byte, whatever the charset of pages."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def read(self, size: int = -1) -> str:
        """Return at most `size` characters; all of the rest if negative."""
        data: bytes = self._body.read(size)
        return data.decode("latin-1")

    def readline(self, size: int = -1) -> str:
        """Return a line with its LF."""
        data: bytes = self._body.readline(size)
        return data.decode("latin-1")

    def readlines(self, hint: int = -1) -> list[str]:
        """Return lines to the end, or until `hint` characters have come."""
        lines, size = [], 0
        while line := self.readline():
            lines.append(line)
            size += len(line)
            if 0 < hint <= size:
                break
        return lines

    def __iter__(self) -> Iterator[str]:
        while line := self.readline():
            yield line

    def close(self) -> None:
        """Read no more."""
        self._body.close()
