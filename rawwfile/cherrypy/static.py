"""Static content of CherryPy 0.10: `[staticContent]`, with its headers and errors, and no way out (spec 12).

What 0.10 did stays: the first prefix that matches wins, and wins over methods; types come from the
extension as it is written, unknown ones are text/plain; `If-Modified-Since` counts where it is the
very text that was sent as `last-modified` (Q30); a file that is missing is an error of the
application's kind, with status 200 (Q10). What leads out of the mapped directory is 404 (H01), and
errors name the URL, never the file (H10).
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from rawwfile.adapters.static import content_type_of
from rawwfile.errors import HTTPError, NotFound
from rawwfile.exchange.body import FileSlice
from rawwfile.http import ranges as byte_ranges
from rawwfile.http.dates import format_http_date

_OLD_TYPES = {
    ".js": "application/javascript", ".mjs": "application/javascript", ".bmp": "image/x-ms-bmp",
    ".dwg": "image/x-dwg", ".ico": "image/x-icon",
}  # fmt: skip
"""Types that today's tables have otherwise."""
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}


@dataclass(frozen=True)
class Found:
    """A path that static content answers. rest: what stands behind the prefix, '' or '/...'."""

    path: str
    target: str
    rest: str


@dataclass
class StaticReply:
    """What to send. status: None for the one that is set already. body: bytes or a FileSlice."""

    status: str | int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = b""


class StaticContent:
    """Files and directories by URL prefix. mappings: pairs of prefix and target, in file order.

    Targets are relative to the working directory, which is looked at for each request, as in 0.10.
    """

    def __init__(self, mappings: Sequence[tuple[str, str]]) -> None:
        self._mappings = [(prefix, f"{prefix}/", target) for prefix, target in mappings]

    def match(self, path: str) -> Found | None:
        """Return what answers `path` (request.path: no slash in front, nothing decoded), or None."""
        for prefix, below, target in self._mappings:
            if path == prefix or path.startswith(below):
                return Found(path, target, path[len(prefix) :])
        return None

    def open(
        self,
        found: Found,
        request_headers: Mapping[str, str],
        method: str = "GET",
        *,
        whole: bool = False,
        ranges: bool = False,
        strict: bool = False,
        sent: MutableMapping[str, Any] | None = None,
    ) -> StaticReply:
        """Return the file, or 304 where the client has it.

        request_headers: by lower-case name. whole: the body is to be bytes in memory, not a
        FileSlice. ranges: answer a `Range` with 206 (0.10 did not). strict: what is missing is 404.
        sent: the response's headers; they get `last-modified` even where a directory cannot be sent.
        Raises NotFound for what is outside of the target; OSError for what is missing or no file;
        HTTPError 503 without descriptors, 416 for a range beyond the end.
        """
        file, state = _opened(found, strict, sent)
        try:
            reply = _reply(found, file, state, request_headers)
            if reply.status is None:
                asked = request_headers.get("range") if ranges and method == "GET" else None
                start, length = _part(reply, asked, state.st_size, request_headers)
                reply.body = FileSlice(file, start, length)
                if whole:
                    reply.body = reply.body.read_all()
        except BaseException:
            file.close()
            raise
        if not isinstance(reply.body, FileSlice):
            file.close()
        return reply


def _reply(found: Found, file: io.FileIO, state: os.stat_result, request_headers: Mapping[str, str]) -> StaticReply:
    modified = _modified(state)
    if request_headers.get("if-modified-since") == modified:
        return StaticReply(status=304)
    return StaticReply(headers={"last-modified": modified, "content-type": type_of(found.path)})


def type_of(path: str) -> str:
    """Return the content type of a URL path: by what follows its last dot, capitals counting."""
    extension = path[path.rfind(".") :] if "." in path else ""
    if extension in _OLD_TYPES:
        return _OLD_TYPES[extension]
    return content_type_of(extension) if extension and extension == extension.lower() else "text/plain"


def _modified(state: os.stat_result) -> str:
    return format_http_date(int(state.st_mtime))


def _part(
    reply: StaticReply, asked: str | None, size: int, request_headers: Mapping[str, str]
) -> tuple[int, int]:
    """Return start and length of what is sent. Only one range is honoured; more of them get the whole file."""
    modified = reply.headers["last-modified"]
    if asked is None or request_headers.get("if-range", modified) != modified:
        return 0, size
    parts = byte_ranges.parse_range(asked, size)
    if parts == byte_ranges.UNSATISFIABLE:
        raise HTTPError(
            416,
            f"The file has {size} bytes; the range asked for begins after them.",
            headers={"Content-Range": byte_ranges.unsatisfied_range(size)},
        )
    if parts is None or len(parts) != 1:
        return 0, size
    start, stop = parts[0]
    reply.status = "206 Partial Content"
    reply.headers["content-range"] = byte_ranges.content_range(start, stop, size)
    return start, stop - start


def _opened(found: Found, strict: bool, sent: MutableMapping[str, Any] | None) -> tuple[io.FileIO, os.stat_result]:
    failure = OSError(errno.ENOENT, os.strerror(errno.ENOENT), f"/{found.path}")
    outside = False
    for path in _candidates(found):
        if path is None:
            outside = True
            continue
        try:
            descriptor = os.open(path, _FLAGS)
        except OSError as error:
            failure = _failure(error.errno or errno.EIO, found)
            continue
        state = os.fstat(descriptor)
        if stat.S_ISREG(state.st_mode):
            return io.FileIO(descriptor, "rb"), state
        os.close(descriptor)
        failure = _failure(errno.EISDIR, found)
        if sent is not None and not strict:
            sent["last-modified"] = _modified(state)
    if strict or outside:
        raise NotFound("There is no such file.")
    raise failure


def _failure(number: int, found: Found) -> OSError:
    if number in _EXHAUSTED:
        raise HTTPError(503, "The server is out of files for now. Try again soon.", headers={"Retry-After": "1"})
    # ELOOP: the last name became a link while we looked at it.
    return OSError(number, os.strerror(number), f"/{found.path}")


def _candidates(found: Found) -> list[str | None]:
    """Return the resolved paths that `found` may mean: of the decoded name, then of the name as it is written.

    None stands for a path that leads out, or can be no name of a file.
    """
    root = _resolved(os.fsencode(found.target))
    # Characters are bytes of the request here.
    written = found.rest.encode("latin-1", "replace")
    paths = [_inside(root, text) for text in dict.fromkeys((unquote_to_bytes(written), written))]
    return [None if path is None else os.fsdecode(path) for path in paths]


_roots: dict[bytes, bytes] = {}
"""Targets, and where they last were."""


def _resolved(target: bytes) -> bytes:
    """Return the real path of a mapped file or directory, which may be another one from now on."""
    known = _roots.get(target)
    try:
        if known is not None and os.path.samestat(os.stat(target), os.lstat(known)):
            return known
    except OSError:
        pass
    found = _roots[target] = os.path.realpath(target)
    return found


def _inside(root: bytes, text: bytes) -> bytes | None:
    parts = [part for part in text.split(b"/") if part not in (b"", b".")]
    if b".." in parts or any(b"\0" in part or b"\\" in part for part in parts):
        return None
    path = top = root.rstrip(b"/")
    for part in parts:
        path = b"%b/%b" % (path, part)
        if os.path.islink(path):
            path = os.path.realpath(os.path.join(root, *parts))
            return path if path == root or path.startswith(top + b"/") else None
    return path or root
