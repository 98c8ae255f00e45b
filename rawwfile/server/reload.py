"""`--reload`: one child serves; when a file it was made of changes, the next child takes over.

Rules:
- The parent holds the listening socket and has imported nothing of the application, so clients
  wait in the kernel's backlog while the children change, and are never refused.
- A child ends itself with `CHANGED` when it sees a change; the parent then forks another.
- Where the application does not load, the child serves a page that says why, and keeps watching.

Weaknesses: a file that only code of the application reads (a template, a data file) is not known, and
what the parent itself has loaded (rawwfile, parts of the standard library) is changed by a restart only.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import socket
import sys
import sysconfig
import tempfile
import threading
import traceback
from collections.abc import Callable, Container, Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any

from rawwfile.errors import HTTPError, StartError
from rawwfile.server.lifecycle import MakeServer, Servable, serve_until_stopped
from rawwfile.server.tls import make_context
from rawwfile.server.workers import ParentLink, Supervisor

if TYPE_CHECKING:
    import ssl

    from rawwfile.settings import Settings

__all__ = ["WatchedFiles", "describe_failure", "make_broken_server", "run_reloading"]

log = logging.getLogger("rawwfile.server")

POLL_SECONDS = 0.5
"""Time between two looks at the files; a look at 500 takes about 1 ms."""
MOST_FILES = 5_000
"""Files beyond this number are not watched, so that a look stays cheap."""
LONGEST_GRACE = 2.0
"""Most seconds that responses in flight have when a file changes: a developer waits for the new code."""
CHANGED = 75
"""Exit code of a child that wants to be replaced (EX_TEMPFAIL of sysexits.h)."""
SOURCE_SUFFIXES = (".py", ".cpy")


def run_reloading(
    settings: Settings,
    listener: socket.socket,
    make_server: MakeServer,
    *,
    on_ready: Callable[[], None] | None = None,
    watch: Iterable[str] = (),
    tls: ssl.SSLContext | None = None,
) -> int:
    """Serve with one process that is replaced when its code changes; return the exit code.

    `make_server` must import the application itself, each time. watch: more files to look at.
    tls: the context of the server that shows errors; default: as `settings` say.
    Raises StartError where the first child reports one that is no fault in a file.
    """
    if settings.workers > 1:
        log.warning("--reload serves with one process; --workers %d is ignored", settings.workers)
    if tls is None:
        tls = make_context(settings)
    # Written by one child, read by the next; they share the open file, and never live at once.
    with tempfile.TemporaryFile() as notebook:

        def serve(link: ParentLink) -> int:
            return _Version(settings, listener, watch, notebook, link).serve(make_server, tls)

        return Supervisor([serve], settings.grace, [listener], on_ready=on_ready, again=CHANGED).run()


def make_broken_server(
    listener: socket.socket, message: str, settings: Settings, tls: ssl.SSLContext | None = None
) -> Servable:
    """Return a server on `listener` that answers every request with 500 and `message`."""
    from rawwfile.server import RawHTTPServer

    application = _BrokenApplication(message)
    server: Servable = RawHTTPServer(
        listener.getsockname(), application, settings=settings, tls=tls, listening_socket=listener
    )
    return server


class _BrokenApplication:
    """Stands in for an application that does not load."""

    rawwfile_application = True

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, exchange: Any) -> None:
        raise HTTPError(500, self.message)


# -- one child -----------------------------------------------------------------------------------


class _Version:
    """A child's life: load, serve, look for changes, leave a note for the next child."""

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        watch: Iterable[str],
        notebook: IO[bytes],
        link: ParentLink,
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._watch = tuple(watch)
        self._notebook = notebook
        self._link = link
        self._of_parent: frozenset[str] = frozenset()
        """Names of modules that the parent has loaded: the next child would have them as they are."""
        self._changed: str | None = None
        self._done = threading.Event()

    def serve(self, make_server: MakeServer, tls: ssl.SSLContext | None) -> int:
        """Serve until a file changes (return CHANGED) or the parent stops us (return 0)."""
        # Byte code is matched to its source by whole seconds and size: after two quick saves, the
        # first one's would be taken for the second's. What is not written is never taken.
        sys.dont_write_bytecode = True
        self._of_parent = frozenset(sys.modules)
        importlib.invalidate_caches()
        known = self._read_notebook()
        # Before anything is imported: what is saved while we load is then seen as a change.
        files = WatchedFiles([*(known or ()), *self._watch])
        # A copy, since a server whose application fails to load may have closed what it was given.
        own = self._listener.dup()
        try:
            server = make_server(own)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, the next save may mend it
            place, message = describe_failure(error)
            if isinstance(error, StartError) and place is None and known is None:
                return self._link.cannot_start(error)
            log.error("%s  Every request is answered with this until a file changes.", message)
            own.close()
            own = self._listener.dup()
            server = make_broken_server(own, message, self._settings, tls)
            files.watch_sources(_places_of(error))
        else:
            files.keep_only([*_module_files(self._of_parent), *self._watch])
        self._listener.close()
        return self._serve_and_look(server, files)

    def _serve_and_look(self, server: Servable, files: WatchedFiles) -> int:
        reader, writer = os.pipe()
        looker = threading.Thread(target=self._look, args=(files, writer), name="rawwfile-reload", daemon=True)
        looker.start()
        grace = self._settings.grace
        code = serve_until_stopped(
            server,
            grace,
            on_ready=self._link.ready,
            stop_on={self._link.lifeline: grace, reader: min(grace, LONGEST_GRACE)},
        )
        self._done.set()
        looker.join()
        self._write_notebook(files)
        return code if self._changed is None else CHANGED

    def _look(self, files: WatchedFiles, writer: int) -> None:
        while not self._done.wait(POLL_SECONDS):
            files.add(_module_files(self._of_parent))
            self._changed = files.find_change()
            if self._changed is not None:
                log.info("%s has changed: loading the application again", _short(self._changed))
                break
        os.close(writer)

    def _read_notebook(self) -> list[str] | None:
        self._notebook.seek(0)
        text = self._notebook.read()
        return json.loads(text) if text else None

    def _write_notebook(self, files: WatchedFiles) -> None:
        self._notebook.seek(0)
        self._notebook.truncate()
        self._notebook.write(json.dumps(sorted(files.paths)).encode("ascii"))
        self._notebook.flush()


def describe_failure(error: BaseException) -> tuple[str | None, str]:
    """Return where in the application `error` comes from, and one line that says what is wrong.

    The place is 'file:line', or None where no file of the application is to blame. It is looked
    for in the error and in what it was raised from, the outermost first.
    """
    for link in _chain(error):
        place = _place_of(link)
        if place is None:
            continue
        path, line = place
        text = link.msg if isinstance(link, SyntaxError) else " ".join(str(link).split())
        kind = "" if isinstance(link, StartError) else f"{type(link).__name__}: "
        where = f"{_short(path)}:{line}"
        return where, f"{where}: {kind}{text}"
    kind = "" if isinstance(error, StartError) else f"{type(error).__name__}: "
    return None, kind + " ".join(str(error).split())


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield `error`, what it was raised from, and so on."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _place_of(error: BaseException) -> tuple[str, int] | None:
    if isinstance(error, SyntaxError) and error.filename:
        return error.filename, error.lineno or 1
    places = [
        (frame.filename, frame.lineno or 1)
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_of_application(frame.filename)
    ]
    # The line that calls a library with nonsense says more than the library's line that finds out.
    own = [place for place in places if not os.path.abspath(place[0]).startswith(_LIBRARIES)]
    found = own or places
    return found[-1] if found else None


def _places_of(error: BaseException) -> list[str]:
    """Return every file of the application that `error` passed through."""
    paths = [link.filename for link in _chain(error) if isinstance(link, SyntaxError) and link.filename]
    for link in _chain(error):
        paths += [frame.filename for frame in traceback.extract_tb(link.__traceback__)]
    return [path for path in paths if _is_of_application(path)]


def _directory_of(path: str, levels: int = 1) -> str:
    for _ in range(levels):
        path = os.path.dirname(path)
    return path + os.sep


_MACHINERY = (_directory_of(os.path.abspath(__file__), 2), _directory_of(importlib.__file__))
"""Where files only pass an application's errors on: rawwfile and importlib."""
_LIBRARIES = tuple({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib", "purelib", "platlib")})
"""Where files are seldom the ones that somebody works on."""


def _is_of_application(path: str) -> bool:
    return not path.startswith("<") and not os.path.abspath(path).startswith(_MACHINERY)


def _short(path: str) -> str:
    """Return `path` as a person in the current directory would write it."""
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


# -- files ---------------------------------------------------------------------------------------


def _module_files(besides: Container[str]) -> Iterator[str]:
    """Yield the file of each module that is loaded, but for those with names in `besides`."""
    for name, module in list(sys.modules.items()):
        if name in besides:
            continue
        # Not getattr: a lazy module would load itself to answer.
        path = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(path, str):
            yield path


class WatchedFiles:
    """Files and how they looked when they were first seen.

    A file that is missing has not changed: an editor that writes a new one in its place removes
    it for a moment.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._looks: dict[str, tuple[int, ...] | None] = {}
        self._directories: set[str] = set()
        self.add(paths)

    @property
    def paths(self) -> set[str]:
        """The files that are watched, by absolute path."""
        return set(self._looks)

    def add(self, paths: Iterable[str]) -> None:
        """Watch `paths` too, from now on; those already watched keep their first look."""
        for path in paths:
            path = os.path.abspath(path)
            if path not in self._looks and len(self._looks) < MOST_FILES:
                self._looks[path] = _look_of(path)

    def keep_only(self, paths: Iterable[str]) -> None:
        """Watch `paths`, and no others any more."""
        self.add(paths)
        wanted = {os.path.abspath(path) for path in paths}
        self._looks = {path: look for path, look in self._looks.items() if path in wanted}

    def watch_sources(self, paths: Iterable[str]) -> None:
        """Watch `paths`, and each source file in their directories and the current one.

        For an application that does not load: what is missing may be a file that is not there yet.
        """
        self.add(paths)
        self._directories = {os.path.dirname(os.path.abspath(path)) for path in paths} | {os.getcwd()}
        self.add(self._sources())

    def find_change(self) -> str | None:
        """Return the path of a file that does not look as it did, or None."""
        for path in self._sources():
            if path not in self._looks and len(self._looks) < MOST_FILES:
                return path
        for path, before in self._looks.items():
            now = _look_of(path)
            if now is not None and now != before:
                return path
        return None

    def _sources(self) -> Iterator[str]:
        for directory in self._directories:
            try:
                names = os.listdir(directory)
            except OSError:
                continue  # removed meanwhile: nothing in it can have changed
            for name in names:
                if name.endswith(SOURCE_SUFFIXES):
                    yield os.path.join(directory, name)


def _look_of(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
