"""Request bodies that are forms: read to the end, in bounded memory, into names and values.

One temporary file serves a whole form, however many parts it has: it stays in memory up to
SPOOL_SIZE and then moves to disk. A FormFile is a window on it. So a form costs one file
descriptor and a fixed amount of memory, plus its short text fields.
"""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Any, Protocol

from rawwfile.errors import RequestBodyError
from rawwfile.http.forms import form_charset, parse_parameters, parse_urlencoded
from rawwfile.http.limits import KIB, MIB
from rawwfile.http.multipart import FormEnd, MultipartParser, PartBegin, PartData, PartEnd

SPOOL_SIZE = 256 * KIB
"""Bytes of uploads of one form that are kept in memory; more goes to a temporary file."""
TEXT_SIZE = 1 * MIB
"""A multipart field without a file name up to this many bytes is a str; a longer one goes
where files go and comes as a FormFile whose filename is None."""
READ_SIZE = 64 * KIB

_DEFAULT_TYPE = "text/plain"  # of a part that names none: RFC 7578 section 4.4


class BodyReader(Protocol):
    """What a body is read from: `request.rfile`, or any binary file."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, b"" at the end."""


class _Spool:
    """The bytes of all uploads of one form, end to end. Its lock guards file and position."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOL_SIZE)
        self.size = 0
        self._lock = threading.Lock()

    def append(self, data: bytes) -> None:
        """Write at the end; for the one thread that reads the form, before any `read_at`."""
        self.file.write(data)
        self.size += len(data)

    def read_at(self, offset: int, size: int) -> bytes:
        """Read like `pread`; windows of one form may be read in several threads."""
        with self._lock:
            self.file.seek(offset)
            return self.file.read(size)


class _Window(io.RawIOBase):
    """Bytes `start` to `start + length` of a spool as a seekable, read-only file."""

    def __init__(self, spool: _Spool, start: int, length: int) -> None:
        super().__init__()
        self._spool = spool
        self._start = start
        self._length = length
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        origin = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}
        if whence not in origin:
            raise ValueError(f"whence must be 0, 1 or 2, not {whence!r}")
        if origin[whence] + offset < 0:
            raise ValueError(f"cannot seek to {origin[whence] + offset}, before the start")
        self._position = origin[whence] + offset
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        size = min(len(buffer), self._length - self._position)
        if size <= 0:
            return 0
        data = self._spool.read_at(self._start + self._position, size)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


class FormFile:
    """A file that came with a form, or a text field too long for a str.

    Usable until the response has ended; copy what is to stay (`shutil.copyfileobj(f.file, out)`).
    Iterating gives lines as bytes; `len()`, `bytes()` and `str()` work, and an empty file is
    false.
    """

    __slots__ = ("filename", "content_type", "charset", "_spool", "_start", "_length", "_file")

    filename: str | None
    """As the client sent it, perhaps with a path: fit to show, never to open. "" is a file
    field left empty, None a text field."""
    content_type: str
    """The media type of the part in lower case, without parameters."""
    charset: str
    """What `str()` decodes with."""

    def __init__(
        self,
        spool: _Spool,
        start: int,
        length: int,
        *,
        filename: str | None,
        content_type: str = _DEFAULT_TYPE,
        charset: str = "utf-8",
    ) -> None:
        self.filename = filename
        self.content_type = content_type
        self.charset = charset
        self._spool = spool
        self._start = start
        self._length = length
        self._file: io.BufferedReader | None = None

    @property
    def type(self) -> str:
        """`content_type` by the name that cgi.FieldStorage gave it."""
        return self.content_type

    @property
    def file(self) -> io.BufferedReader:
        """The content as a binary file that can seek, at 0 when first taken."""
        if self._file is None:
            size = max(1, min(self._length, READ_SIZE))
            self._file = io.BufferedReader(_Window(self._spool, self._start, self._length), size)
        return self._file

    def read(self, size: int = -1) -> bytes:
        """Read on from where `file` stands."""
        return self.file.read(size)

    @property
    def value(self) -> bytes:
        """The whole content, wherever `file` stands. All of it is brought into memory."""
        return self._spool.read_at(self._start, self._length)

    def __len__(self) -> int:
        return self._length

    def __bytes__(self) -> bytes:
        return self.value

    def __str__(self) -> str:
        return self.value.decode(self.charset, "replace")

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.file)

    def __repr__(self) -> str:
        return f"<FormFile {self.filename!r} {self.content_type} {self._length} bytes>"


Value = str | FormFile


class ParsedForm:
    """What a form held. A name that came once has a value, a repeated one a list in order."""

    def __init__(self, *, is_form: bool = False) -> None:
        self.is_form = is_form
        """False if the content type is that of no form: nothing was read then."""
        self.params: dict[str, Value | list[Value]] = {}
        """Text fields as str, files as FormFile."""
        self.filenames: dict[str, Any] = {}
        """The client's file name, "" for a file field left empty, None for a text field."""
        self.types: dict[str, Any] = {}
        """The media type of the part, 'text/plain' if it names none; None if urlencoded."""
        self._spool: _Spool | None = None

    def add(self, name: str, value: Value, filename: str | None, type: str | None) -> None:
        """Append one field to the three maps."""
        for mapping, item in (
            (self.params, value), (self.filenames, filename), (self.types, type)
        ):  # fmt: skip
            _append(mapping, name, item)

    def spool(self) -> _Spool:
        """Return where this form's uploads go; made when first needed."""
        if self._spool is None:
            self._spool = _Spool()
        return self._spool

    def close(self) -> None:
        """Delete the temporary file. Every FormFile of the form is unusable afterwards."""
        if self._spool is not None:
            self._spool.file.close()


def parse_form(
    rfile: BodyReader,
    content_type: str | None,
    *,
    charset: str = "utf-8",
    limit: int | None,
    content_length: int | None,
) -> ParsedForm:
    """Read a form body to its end.

    charset: for text, unless the content type names one of FORM_CHARSETS; bytes that do not
    fit become U+FFFD. limit: bytes, inclusive; None is no limit. content_length: of the
    request, None if it names none. A body without content type counts as urlencoded, one of
    any other type is left unread and `is_form` is False. Blocks as `rfile.read` does and
    passes on what it raises. Raises RequestBodyError 400 for a broken form, 413 past a limit;
    nothing stays open then.
    """
    media_type, parameters = parse_parameters(content_type or "")
    if media_type not in ("", "application/x-www-form-urlencoded", "multipart/form-data"):
        return ParsedForm()
    if limit is not None and content_length is not None and content_length > limit:
        raise _too_large(limit)
    body = _blocks(rfile, limit)
    charset = form_charset(parameters, charset)
    if media_type != "multipart/form-data":
        data = b"".join(body)
        return _urlencoded(data, charset, is_form=bool(media_type or data))
    if "boundary" not in parameters:
        raise RequestBodyError(
            400, "Content-Type multipart/form-data has no boundary parameter (RFC 7578 4.1)"
        )
    form = ParsedForm(is_form=True)
    try:
        _read_multipart(body, MultipartParser(parameters["boundary"], charset=charset), form, charset)
    except BaseException:
        form.close()
        raise
    return form


def _blocks(rfile: BodyReader, limit: int | None) -> Iterator[bytes]:
    size = 0
    while block := rfile.read(READ_SIZE):
        size += len(block)
        if limit is not None and size > limit:
            raise _too_large(limit)
        yield block


def _too_large(limit: int) -> RequestBodyError:
    return RequestBodyError(
        413, f"the form has more than {limit} bytes, the most this server takes (--limit-form)"
    )


def _urlencoded(data: bytes, charset: str, *, is_form: bool) -> ParsedForm:
    form = ParsedForm(is_form=is_form)
    for name, value in parse_urlencoded(data, charset).items():
        for item in value if isinstance(value, list) else (value,):
            form.add(name, item, None, None)
    return form


def _read_multipart(
    body: Iterator[bytes], parser: MultipartParser, form: ParsedForm, charset: str
) -> None:
    part: _Part | None = None
    empty = True
    for block in body:
        empty = False
        parser.feed(block)
        while (event := parser.next_event()) is not None:
            if isinstance(event, PartBegin):
                part = _Part(form, event, charset)
            elif isinstance(event, PartData) and part is not None:
                part.take(event.data)
            elif isinstance(event, PartEnd) and part is not None:
                part.finish()
            else:
                assert isinstance(event, FormEnd)
    if not empty:  # some clients send a form without fields as no content at all
        parser.close()


class _Part:
    """One part on its way: its text in memory while short, otherwise in the form's spool."""

    def __init__(self, form: ParsedForm, begin: PartBegin, charset: str) -> None:
        media_type, parameters = parse_parameters(begin.content_type or "")
        self._form = form
        self._begin = begin
        self._type = media_type or _DEFAULT_TYPE
        self._charset = form_charset(parameters, charset)
        self._text: list[bytes] | None = [] if begin.filename is None else None
        self._start = form.spool().size if begin.filename is not None else 0
        self._length = 0

    def take(self, data: bytes) -> None:
        """Keep some more content."""
        self._length += len(data)
        if self._text is None:
            self._form.spool().append(data)
            return
        self._text.append(data)
        if self._length > TEXT_SIZE:
            spool = self._form.spool()
            self._start = spool.size
            spool.append(b"".join(self._text))
            self._text = None

    def finish(self) -> None:
        """Add the part to the form."""
        begin = self._begin
        if self._text is not None:
            text = b"".join(self._text).decode(self._charset, "replace")
            self._form.add(begin.name, text, None, self._type)
            return
        upload = FormFile(
            self._form.spool(), self._start, self._length,
            filename=begin.filename, content_type=self._type, charset=self._charset,
        )  # fmt: skip
        self._form.add(begin.name, upload, begin.filename, self._type)


def _append(mapping: dict[str, Any], name: str, item: Any) -> None:
    if name not in mapping:
        mapping[name] = item
    elif isinstance(mapping[name], list):
        mapping[name].append(item)
    else:
        mapping[name] = [mapping[name], item]
