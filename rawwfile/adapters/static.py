"""Files and directories over HTTP: conditional requests, ranges, and no way out.

A URL becomes a file in five steps, and a doubt at any of them is the same 404: split at "/",
decode each segment once, refuse names that no file has ("..", or with "/", backslash or NUL),
resolve all links, and compare with the resolved directory. What is opened is the resolved path,
without following a last name that became a link since, and what was opened must be a regular file.
Known weakness: whoever can turn a directory inside the root into a link in that very moment can
lead out of it; such people must not share a root with others.

Source: RFC 9110 sections 8.8, 13 and 14; spec section 12 for what 0.x served and how.
"""

from __future__ import annotations

import errno
import io
import mimetypes
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn
from urllib.parse import unquote, unquote_to_bytes

from rawwfile.errors import HTTPError, HTTPRedirect, NotFound
from rawwfile.exchange.body import BLOCK, FileSlice
from rawwfile.http import conditional, ranges
from rawwfile.http.dates import EARLIEST, format_http_date

Exchange = Any  # the contract of rawwfile.exchange.exchange; tests pass simple objects
Application = Callable[[Exchange], None]

INDEX = "index.html"
"""Served for the URL of a directory, if it is there; directories are never listed."""

_MISSING = "There is no such file."
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
_NANO = 10**9


def _content_types() -> dict[str, str]:
    # Not the system's tables: a site must not change with the machine. Later versions of Python
    # know more types; those that pages are made of are the same on all versions we run on.
    table: dict[str, str] = dict(mimetypes.MimeTypes().types_map[True])
    table.update({
        ".js": "text/javascript", ".mjs": "text/javascript", ".webp": "image/webp",
        ".avif": "image/avif", ".woff": "font/woff", ".woff2": "font/woff2",
        ".md": "text/markdown", ".wasm": "application/wasm",
        ".dwg": "image/x-dwg", ".ico": "image/x-icon",  # as 0.x has them
    })  # fmt: skip
    return table


_types = _content_types()


def content_type_of(*names: str) -> str:
    """The media type of the first name whose extension is known, else text/plain as in 0.x.

    The extension is what follows the last dot of the name, in any case: "a.tar.gz" has ".gz".
    """
    for name in names:
        dot = name.rfind(".", name.rfind("/") + 1)
        if dot != -1 and (known := _types.get(name[dot:].lower())):
            return known
    return "text/plain"


def serve_file(exchange: Exchange, path: str | os.PathLike[str], *, content_type: str | None = None) -> None:
    """Answer a GET or HEAD with the file at `path`, or with a part of it, or with 304.

    path: trusted; relative to the working directory; links are followed. content_type: else by
    the extension. Raises NotFound for what is no readable regular file, HTTPError 405 for other
    methods, 412 and 416 for what the request's own fields rule out, 503 out of descriptors.
    """
    _only_reading(exchange)
    path = os.fspath(path)
    opened = None if "\0" in path else _open_regular(os.path.realpath(path))
    if opened is None:
        raise NotFound(_MISSING)
    _respond(exchange, *opened, content_type or content_type_of(path))


class StaticDirectory:
    """Serves what is inside the directory `root`, which need not exist yet.

    root: relative to the working directory at this moment. It may be a link, and may be pointed
    elsewhere at any time.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.path.abspath(os.fspath(root))

    def serve(self, exchange: Exchange, relative_raw_path: str) -> None:
        """Answer with the file at a path below the root, given as in the URL: not decoded.

        If no file has the decoded name, one that is literally named with "%20" is served, as in
        0.x. A directory answers with its INDEX, after a redirect that adds a missing "/".
        Raises what `serve_file` raises, and HTTPRedirect.
        """
        _only_reading(exchange)
        slash = relative_raw_path.endswith("/")
        root = os.path.realpath(self.root)
        for names in _candidates(relative_raw_path):
            path = _inside(root, names)
            if path is None:
                continue
            is_directory = os.path.isdir(path)
            if is_directory:
                names = [*names, INDEX]
                path = _inside(root, names)
            elif slash or not names:
                continue
            opened = _open_regular(path) if path is not None else None
            if opened is None:
                continue
            if is_directory and not slash and not exchange.request.raw_path.endswith("/"):
                opened[0].close()
                _add_slash(exchange)
            _respond(exchange, *opened, content_type_of(names[-1]))
            return
        raise NotFound(_MISSING)

    def __repr__(self) -> str:
        return f"<StaticDirectory {self.root!r}>"


def static_router(application: Application, mappings: Sequence[tuple[str, str]]) -> Application:
    """Return an application that serves `mappings` and leaves every other path to `application`.

    mappings: (URL path, file or directory) pairs, as in `[staticContent]`; the URL path has no
    slash in front. It matches itself and what is below it; the first match wins, and static
    content wins over handlers, even if the file is missing (spec section 12, Q14).
    """
    table = [(_segments(url_path), StaticDirectory(target)) for url_path, target in mappings]
    first_names = {prefix[0] for prefix, _ in table if prefix}
    everything = any(not prefix for prefix, _ in table)

    def route(exchange: Exchange) -> None:
        first = exchange.request.raw_path[1:].partition("/")[0]
        # Most requests are for handlers: one look in a set has to do for them.
        if (first in first_names or everything or "%" in first) and _serve_mapped(exchange, table):
            return
        application(exchange)

    route.rawwfile_application = True  # type: ignore[attr-defined]  # for rawwfile.adapters.interface
    return route


def _segments(url_path: str) -> list[str]:
    stripped = url_path.strip("/")
    return stripped.split("/") if stripped else []


def _serve_mapped(exchange: Exchange, table: list[tuple[list[str], StaticDirectory]]) -> bool:
    segments = exchange.request.raw_path[1:].split("/")
    decoded = [unquote(segment) for segment in segments]
    for prefix, target in table:
        size = len(prefix)
        if prefix not in (segments[:size], decoded[:size]):
            continue
        exchange.request.isStaticFile = 1
        if len(segments) == size and os.path.isfile(target.root):
            exchange.announce(serve_file)
            serve_file(exchange, target.root, content_type=content_type_of(decoded[-1], target.root))
        else:
            exchange.announce(target.serve)
            target.serve(exchange, "/".join(segments[size:]))
        return True
    return False


def _only_reading(exchange: Exchange) -> None:
    if exchange.request.method not in ("GET", "HEAD"):
        raise HTTPError(
            405, "This is a file: it can be read with GET and HEAD only.", headers={"Allow": "GET, HEAD"}
        )


def _candidates(raw: str) -> Iterator[list[str]]:
    """The names, root downwards, that a raw path may mean: decoded, then literal if that differs."""
    try:
        wire = raw.encode("latin-1")
    except UnicodeEncodeError:  # not from the wire: a handler wrote it
        wire = raw.encode("utf-8", "replace")
    parts = [part for part in wire.split(b"/") if part not in (b"", b".")]
    decodings = [[unquote_to_bytes(part) for part in parts]]
    if b"%" in wire:
        decodings.append(parts)
    for names in decodings:
        if not any(name == b".." or b"/" in name or b"\\" in name or b"\0" in name for name in names):
            yield [os.fsdecode(name) for name in names]


def _inside(root: str, names: Sequence[str]) -> str | None:
    """The resolved path of `names` below the resolved `root`, None if that leads out of it."""
    path = os.path.realpath(os.path.join(root, *names))
    return path if path == root or path.startswith(root.rstrip("/") + "/") else None


def _add_slash(exchange: Exchange) -> NoReturn:
    # One slash in front and no backslash, or "//host" would lead to another site.
    path = "/" + exchange.request.raw_path.replace("\\", "/").strip("/") + "/"
    query = exchange.request.query_string
    raise HTTPRedirect(f"{path}?{query}" if query else path, 301)


def _open_regular(path: str) -> tuple[io.FileIO, os.stat_result] | None:
    """Open a resolved path; None for what is missing, forbidden or no regular file."""
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except OSError as error:
        if error.errno in _EXHAUSTED:
            raise HTTPError(
                503, "The server is out of files for now. Try again soon.", headers={"Retry-After": "1"}
            ) from None
        return None
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode):
        os.close(descriptor)
        return None
    return io.FileIO(descriptor, "rb"), state


def _respond(exchange: Exchange, file: io.FileIO, state: os.stat_result, content_type: str) -> None:
    try:
        body = _prepare(exchange, file, state, content_type)
    except BaseException:
        file.close()
        raise
    if body is None:
        file.close()
    exchange.response.body = body


def _prepare(exchange: Exchange, file: io.FileIO, state: os.stat_result, content_type: str) -> Any:
    """Set status and fields; return the body, None for a response without one."""
    request, response = exchange.request, exchange.response
    now = int(time.time())
    # A file of tomorrow was modified now at the latest: RFC 9110 section 8.8.2.1.
    modified = min(state.st_mtime_ns // _NANO, now)
    etag = f'"{state.st_size:x}-{state.st_mtime_ns & (1 << 64) - 1:x}-{state.st_ino:x}"'
    status = conditional.evaluate(request.method, request.headers.get, etag=etag, last_modified=modified)
    if status == 412:
        raise HTTPError(412, "The file is not, or no longer, the one that the request asks for.")
    headers = response.headers
    if modified >= EARLIEST:
        headers["Last-Modified"] = format_http_date(modified)
    headers["ETag"] = etag
    if status == 304:
        response.status = 304
        headers.pop("Content-Type", None)
        return None
    headers["Accept-Ranges"] = "bytes"
    headers["Content-Type"] = content_type
    asked = request.headers.get("range") if request.method == "GET" else None
    if asked is not None and conditional.if_range_holds(
        request.headers.get("if-range"), etag=etag, last_modified=modified, now=now
    ):
        return _prepare_ranges(exchange, file, ranges.parse_range(asked, state.st_size), state.st_size, content_type)
    return FileSlice(file, 0, state.st_size)


def _prepare_ranges(
    exchange: Exchange, file: io.FileIO, found: ranges.Ranges, length: int, content_type: str
) -> Any:
    response = exchange.response
    if found is None:
        return FileSlice(file, 0, length)
    if found == ranges.UNSATISFIABLE:
        raise HTTPError(
            416,
            f"The file has {length} bytes; the range asked for begins after them.",
            headers={"Content-Range": ranges.unsatisfied_range(length)},
        )
    response.status = 206
    if len(found) == 1:
        start, stop = found[0]
        response.headers["Content-Range"] = ranges.content_range(start, stop, length)
        return FileSlice(file, start, stop - start)
    boundary = secrets.token_hex(16)
    layout = ranges.byteranges(found, length, content_type=content_type, boundary=boundary)
    response.headers["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
    response.headers["Content-Length"] = str(layout.content_length)
    response.stream = True
    exchange.on_end(file.close)  # a generator that nobody starts would not close it
    return _blocks_of_ranges(file, found, layout)


def _blocks_of_ranges(
    file: io.FileIO, found: Sequence[tuple[int, int]], layout: ranges.ByteRanges
) -> Iterator[bytes]:
    for head, (start, stop) in zip(layout.heads, found):
        yield head
        while start < stop:
            block = os.pread(file.fileno(), min(BLOCK, stop - start), start)
            if not block:
                raise EOFError(f"the file became shorter while it was sent: {stop - start} bytes are missing")
            start += len(block)
            yield block
    yield layout.tail
