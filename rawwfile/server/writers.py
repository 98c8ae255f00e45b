"""Which line of the application wrote what leaves: the frames of the thread that writes are looked at.

The first frame of application code counts: not of rawwfile, not of the standard library, and of a
library only where nothing better stands on the way up to the engine's call of the application. The
engine sends the pieces of a generator after the generator has stopped at its yield: then the line
of that yield counts. Whatever the engine wrote by itself has no line.
"""

from __future__ import annotations

import os
import sysconfig
from types import AsyncGeneratorType, CoroutineType, FrameType, GeneratorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

Line = tuple[str, str]
"""A line of a file: "howto20.py:22", and the same with the whole path."""

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_ENGINE_ROOMS = frozenset(
    ["errors.py", "settings.py", "ini.py", "__main__.py"]
    + "http cpy tape exchange streaming adapters cherrypy server glass cli".split()
)
"""What of the package is engine. The examples and the files of labs are applications, wherever they stand."""
_STANDARD = tuple({os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib")})
_LIBRARIES = tuple({os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("purelib", "platlib")})
_BORDER = tuple(
    _PACKAGE + os.path.join(*place.split("/"))
    for place in ("server/crew.py", "server/serving.py", "server/monitor.py", "cherrypy/models.py", "cli/")
)
"""Files above which no application is looked for: what calls them started the server."""
_RUN = (os.path.join(_PACKAGE, "exchange", "exchange.py"), "_run")
"""The function that calls the application."""

_APPLICATION, _LIBRARY, _PASSED, _END = range(4)
_kinds: dict[str, int] = {}
_paths: dict[str, str] = {}
_MOST_FRAMES = 200
_MOST_LOOKS = 200
"""Objects looked at to find the generator inside a body."""


def line_of_writer(frame: FrameType | None, exchange: Exchange | None) -> Line | None:
    """The line of the application that makes the engine write now; None if the engine does by itself.

    frame: where to begin. exchange: the one whose response is being written, if there is one.
    """
    library = None
    for _ in range(_MOST_FRAMES):
        if frame is None:
            break
        code = frame.f_code
        kind = _kind_of(code.co_filename)
        if kind == _APPLICATION:
            return _line(frame)
        if kind == _END or (code.co_name == _RUN[1] and code.co_filename == _RUN[0]):
            break
        if kind == _LIBRARY and library is None:
            library = frame
        frame = frame.f_back
    if library is not None:
        return _line(library)
    return None if exchange is None or exchange.stream is None else _line_of_body(exchange)


def _kind_of(filename: str) -> int:
    kind = _kinds.get(filename)
    if kind is None:
        kind = _kinds[filename] = _judge(filename)
    return kind


def _judge(filename: str) -> int:
    if filename.startswith("<"):
        # Frozen modules of Python; "<string>" and the like are somebody's, but no file to look at.
        return _PASSED
    path = os.path.abspath(filename)
    if path.startswith(_BORDER):
        return _END
    if path.startswith(_PACKAGE):
        room = path[len(_PACKAGE) :].split(os.sep, 1)[0]
        return _PASSED if room in _ENGINE_ROOMS else _APPLICATION
    path = os.path.realpath(path)
    if path.startswith(_LIBRARIES):
        return _LIBRARY
    return _PASSED if path.startswith(_STANDARD) else _APPLICATION


def _line(frame: FrameType) -> Line:
    filename, number = frame.f_code.co_filename, frame.f_lineno
    path = _paths.get(filename)
    if path is None:
        path = _paths[filename] = os.path.abspath(filename)
    return f"{os.path.basename(path)}:{number}", f"{path}:{number}"


def _line_of_body(exchange: Exchange) -> Line | None:
    """The line at which the generator that makes the response has stopped."""
    held = exchange.__dict__
    if "_written_by" not in held:
        held["_written_by"] = _find_generator(exchange.response.body)
    return _line_of_generator(held["_written_by"])


def _line_of_generator(generator: Any) -> Line | None:
    """Where it has stopped; in the innermost generator of the application that it hands on to."""
    found = None
    while generator is not None:
        frame = _frame_of(generator)
        if frame is None:
            break
        if _kind_of(frame.f_code.co_filename) == _APPLICATION:
            found = frame
        generator = _inner(generator)
    return None if found is None else _line(found)


def _frame_of(running: Any) -> FrameType | None:
    for kind, name in _FRAMES:
        if isinstance(running, kind):
            frame: FrameType | None = getattr(running, name)
            return frame
    return None


_FRAMES = ((GeneratorType, "gi_frame"), (AsyncGeneratorType, "ag_frame"), (CoroutineType, "cr_frame"))


def _inner(running: Any) -> Any:
    for name in ("gi_yieldfrom", "ag_await", "cr_await"):
        inner = getattr(running, name, None)
        if inner is not None:
            return inner
    return None


def _find_generator(body: Any) -> Any:
    """The application's generator in what the engine made of it: a body may wrap another one."""
    waiting: list[Any] = [body]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_LOOKS:
        found = waiting.pop(0)
        if id(found) in seen:
            continue
        seen.add(id(found))
        frame = _frame_of(found)
        if frame is not None and _kind_of(frame.f_code.co_filename) == _APPLICATION:
            return found
        if frame is not None:
            waiting += [value for value in frame.f_locals.values() if _may_hold(value)]
        elif type(found).__module__.startswith("rawwfile."):
            waiting += [value for value in _attributes(found) if _may_hold(value)]
    return None


def _may_hold(value: Any) -> bool:
    return _frame_of(value) is not None or type(value).__module__.startswith("rawwfile.")


def _attributes(found: Any) -> list[Any]:
    values = list(getattr(found, "__dict__", {}).values())
    for kind in type(found).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in ("__weakref__", "__dict__"):
                values.append(getattr(found, name, None))
    return values
