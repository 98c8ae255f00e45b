"""multipart/form-data: bytes in, events out, in constant memory (RFC 7578, RFC 2046 section 5.1).

    parser = MultipartParser(boundary)
    parser.feed(data)
    while (event := parser.next_event()) is not None: ...
    parser.close()                      when the body has ended

Rules
1. A delimiter is CRLF "--" boundary. It holds one CR, at its start, so the only bytes that
   may have to wait for more data are those from the last CR of the buffer on.
2. What follows a delimiter on its line is "--" (the form ends), or blanks and CRLF. Anything
   else is an error and not data: RFC 2046 forbids the boundary inside a part.
3. Lines end in CRLF. A lone LF is an error: two parsers would cut the form differently.
4. Any split of the same bytes gives the same events, but for where PartData is cut, and the
   same error after the same events.

Known weakness: Content-Transfer-Encoding is not undone (RFC 7578 section 4.7 deprecates it);
it can be seen in `PartBegin.fields`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from rawwfile.errors import RequestBodyError
from rawwfile.http.forms import FORM_CHARSETS, parse_parameters
from rawwfile.http.limits import KIB


@dataclass(frozen=True, slots=True)
class MultipartLimits:
    """Bounds on one form, inclusive; a form that passes one is answered with 413."""

    part_header_size: int = 16 * KIB
    """Bytes of all field lines of one part. Werkzeug and Go are of this order."""
    parts: int = 10_000
    """Parts of one form, as many as pairs in an urlencoded one."""


DEFAULT_MULTIPART_LIMITS = MultipartLimits()


@dataclass(frozen=True, slots=True)
class PartBegin:
    """The head of a part was read.

    filename: as the client sent it, a path perhaps: never open it. "" is a file field left
    empty, None is no file. content_type: in full, None if not given.
    fields: names and values of all field lines, as received.
    """

    name: str
    filename: str | None
    content_type: str | None
    fields: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class PartData:
    """Some content of the part that began last; never empty."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The part is complete."""


@dataclass(frozen=True, slots=True)
class FormEnd:
    """The closing delimiter was read; what follows it is ignored."""


FormEvent = PartBegin | PartData | PartEnd | FormEnd

_AGAIN = object()  # a step made progress, without an event
_Step = Callable[[], object]

_BOUNDARY = re.compile(r"[ -~]{0,69}[!-~]")
_FIELD_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FOLD = re.compile(rb"\r\n[ \t]+")
_PADDING = re.compile(rb"[ \t]+")
_NOT_IN_VALUE = re.compile(rb"[\x00\r\n]")


class MultipartParser:
    """Reads one multipart/form-data body.

    boundary: the parameter of the Content-Type. charset: of names and file names.
    Raises RequestBodyError 400 for a boundary that RFC 2046 does not allow.
    """

    def __init__(
        self,
        boundary: str,
        *,
        charset: str = "utf-8",
        limits: MultipartLimits = DEFAULT_MULTIPART_LIMITS,
    ) -> None:
        if not _BOUNDARY.fullmatch(boundary):
            raise RequestBodyError(
                400,
                f"the form's boundary is {boundary[:80]!r}, it must be 1 to 70 printable ASCII"
                " characters without a blank at the end (RFC 2046 5.1.1)",
            )
        self._delimiter = b"\r\n--" + boundary.encode("ascii")
        self._charset = charset
        self._limits = limits
        # The first delimiter needs no CRLF before it; lending it one keeps a single search.
        self._buffer = b"\r\n"
        self._position = 0
        self._offset = -2  # of the buffer's first byte in the body
        self._searched = 0  # no end of a part head begins before this
        self._parts = 0
        self._part = "the first delimiter"
        self._step: _Step = self._skip_preamble

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body; call `next_event` until it returns None afterwards."""
        rest = len(self._buffer) - self._position
        self._offset += self._position
        self._searched = max(0, self._searched - self._position)
        self._buffer = self._buffer[self._position :] + data if rest else data
        self._position = 0

    def next_event(self) -> FormEvent | None:
        """Return the next event, or None when more bytes are needed.

        Raises RequestBodyError: 400 for a broken form, 413 past a limit.
        """
        while True:
            event = self._step()
            if event is not _AGAIN:
                return event  # type: ignore[return-value]

    def close(self) -> None:
        """Say that the body has ended. Raises RequestBodyError 400 if the form has not."""
        if self._step != self._ignore_epilogue:
            raise self._error(
                400,
                f"the body ends within {self._part}, before the closing delimiter",
                at=len(self._buffer),
            )

    def _error(self, status: int, what: str, *, at: int | None = None) -> RequestBodyError:
        position = self._position if at is None else at
        return RequestBodyError(
            status, f"multipart/form-data: {what} (byte {max(0, self._offset + position)})"
        )

    def _find_delimiter(self) -> tuple[int, bool]:
        """Return where the delimiter begins and True, or how far there surely is none and False."""
        buffer = self._buffer
        found = buffer.find(self._delimiter, self._position)
        if found != -1:
            return found, True
        end = len(buffer)
        last_cr = buffer.rfind(b"\r", max(self._position, end - len(self._delimiter) + 1))
        if last_cr != -1 and self._delimiter.startswith(buffer[last_cr:]):
            end = last_cr
        return end, False

    def _skip_preamble(self) -> object:
        self._position, found = self._find_delimiter()
        if not found:
            return None
        self._position += len(self._delimiter)
        self._step = self._after_delimiter
        return _AGAIN

    def _after_delimiter(self) -> object:
        two = self._buffer[self._position : self._position + 2]
        if len(two) < 2:
            return None
        if two == b"--":
            self._position = len(self._buffer)
            self._step = self._ignore_epilogue
            return FormEnd()
        self._step = self._skip_padding
        return _AGAIN

    def _skip_padding(self) -> object:
        if padding := _PADDING.match(self._buffer, self._position):
            self._position = padding.end()
        two = self._buffer[self._position : self._position + 2]
        if two == b"\r\n":
            self._searched = self._position
            self._step = self._read_head
            return _AGAIN
        if len(two) < 2:
            return None
        raise self._error(400, f"a delimiter is followed by {two!r}, not by CRLF or '--'")

    def _read_head(self) -> object:
        # The CRLF of the delimiter's line is still in the buffer: a head without any field
        # then ends like all others.
        start = self._position + 2
        limit = self._limits.part_header_size
        end = self._buffer.find(b"\r\n\r\n", self._searched)
        size = (end if end != -1 else len(self._buffer) - 3) - start
        if size > limit:
            raise self._error(413, f"the fields of part {self._parts + 1} have over {limit} bytes")
        if end == -1:
            self._searched = max(self._position, len(self._buffer) - 3)
            return None
        if self._parts >= self._limits.parts:
            raise self._error(413, f"the form has more than {self._limits.parts} parts")
        begin = self._begin_part(self._buffer[start:end] if end > start else b"")
        self._parts += 1
        self._position = end + 2
        self._step = self._after_head
        return begin

    def _begin_part(self, head: bytes) -> PartBegin:
        fields = self._split_fields(head)
        disposition = content_type = None
        for raw_name, raw_value in fields:
            lower = raw_name.lower()
            if lower == b"content-disposition" and disposition is None:
                disposition = raw_value.decode(self._charset, "replace")
            elif lower == b"content-type" and content_type is None:
                content_type = raw_value.decode("latin-1")
        kind, parameters = parse_parameters(disposition or "")
        name = parameters.get("name")
        if kind != "form-data" or name is None:
            raise self._error(
                400,
                f"part {self._parts + 1} has no name: it needs a field like"
                ' \'Content-Disposition: form-data; name="x"\' (RFC 7578 4.2)',
            )
        self._part = f"part {self._parts + 1} ({name[:60]!r})"
        filename = parameters.get("filename")
        if filename is None and "filename*" in parameters:
            filename = _extended_value(parameters["filename*"])
        return PartBegin(name, filename, content_type, fields)

    def _split_fields(self, head: bytes) -> tuple[tuple[bytes, bytes], ...]:
        fields = []
        for line in _FOLD.sub(b" ", head).split(b"\r\n") if head else ():
            name, colon, value = line.partition(b":")
            if not colon or not _FIELD_NAME.fullmatch(name) or _NOT_IN_VALUE.search(value):
                raise self._error(
                    400, f"part {self._parts + 1} has a line that is no field: {line[:60]!r}"
                )
            fields.append((name, value.strip(b" \t")))
        return tuple(fields)

    def _after_head(self) -> object:
        # By the grammar of RFC 2046 the CRLF of the empty line may belong to the next
        # delimiter: then the part has no content.
        delimiter = self._delimiter
        candidate = self._buffer[self._position : self._position + len(delimiter)]
        if candidate != delimiter and delimiter.startswith(candidate):
            return None
        if candidate != delimiter:
            self._position += 2
        self._step = self._read_content
        return _AGAIN

    def _read_content(self) -> object:
        end, found = self._find_delimiter()
        if end > self._position:
            data = self._buffer[self._position : end]
            self._position = end
            return PartData(data)
        if not found:
            return None
        self._position += len(self._delimiter)
        self._part = f"the delimiter after {self._part}"
        self._step = self._after_delimiter
        return PartEnd()

    def _ignore_epilogue(self) -> object:
        self._position = len(self._buffer)
        return None


def _extended_value(text: str) -> str:
    """Decode `utf-8''a%20b` (RFC 8187). RFC 7578 forbids it here; the older `requests` sends it."""
    charset, _, rest = text.partition("'")
    _, _, encoded = rest.partition("'")
    known = charset.lower() if charset.lower() in FORM_CHARSETS else "utf-8"
    return unquote_to_bytes(encoded).decode(known, "replace")
