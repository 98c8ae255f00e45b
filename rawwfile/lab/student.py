"""The student's program: loaded fresh each time, and served so that saving the file is enough.

Nothing is cached: byte code of Python's own is matched to a source by whole seconds, and a student
saves twice in one. The module is kept out of `sys.modules`, so that two answers never meet.
"""

from __future__ import annotations

import linecache
import stat
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from rawwfile.adapters.interface import application_for, instance_of_pages
from rawwfile.errors import HTTPError, StartError, TargetError

LOAD_SECONDS = 10.0
"""Most time that the lines outside of functions may take."""
MOST_ANSWER = 1 << 20
"""Bytes of an answer's file."""
MOST_SAID = 300
"""Characters of what an exception says."""

_Made = TypeVar("_Made")


class LoadsTooLong(TargetError):
    """The lines outside of functions did not come to their end in time; their thread goes on."""


def read_answer(answer: Path) -> str:
    """The text of the student's file. Raises StartError where it is not there, no file, too large or no text."""
    try:
        status = answer.stat()
        if not stat.S_ISREG(status.st_mode):
            raise StartError(f"{answer} is {'a directory' if stat.S_ISDIR(status.st_mode) else 'no file'}.")
        if status.st_size > MOST_ANSWER:
            raise StartError(f"{answer} is larger than {MOST_ANSWER} bytes.")
        data = answer.read_bytes()
        text = data.decode("utf-8-sig")  # some editors put a mark before the text
        return text.replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise StartError(f"{answer}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StartError(f"{answer} is not UTF-8 text (line {line}, byte {error.start}): save it as UTF-8.") from error
    except ValueError as error:  # NUL in its name
        raise StartError(f"{str(answer)!r}: {error}.") from error


def load_file(path: Path) -> ModuleType:
    """Run a Python file and return it as a module. Raises TargetError, in one line with file and line."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    linecache.checkcache(str(path))
    try:
        code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - it is the student's own program, on the student's own machine
    except BaseException as error:  # noqa: BLE001 - whatever a program raises is its failure; no signal comes here
        raise TargetError(failure(path, error)) from error
    return module


def load_within(path: Path, seconds: float = LOAD_SECONDS) -> ModuleType:
    """As `load_file`, but a program that does not come to its end raises LoadsTooLong."""
    return _within(path, seconds, lambda: load_file(path))


def site_within(path: Path, seconds: float = LOAD_SECONDS) -> Any:
    """The application of a file: both `load_file` and `application_of`, in bounded time. Raises TargetError."""
    return _within(path, seconds, lambda: application_of(load_file(path)))


def _within(path: Path, seconds: float, make: Callable[[], _Made]) -> _Made:
    made: list[_Made] = []
    errors: list[TargetError] = []

    def run() -> None:
        try:
            made.append(make())
        except TargetError as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="rawwfile-lab-load", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not made:
        line = line_running(path, thread)
        raise LoadsTooLong(
            f"{path.name} was not loaded within {seconds:g} seconds{f', {line} was still running' if line else ''}; "
            "what waits or loops belongs into the page, not outside of it"
        )
    return made[0]


def application_of(module: ModuleType) -> Any:
    """The application(exchange) that the module's `root` is. Raises TargetError."""
    path = Path(getattr(module, "__file__", None) or "the file")
    try:
        if hasattr(module, "root"):
            return application_for(instance_of_pages(module.root))
    except TargetError as error:
        why = said(error).partition(" Choose with --interface")[0]
        raise TargetError(f"{path.name}: {why}") from error
    except BaseException as error:  # noqa: BLE001 - the student's constructors and properties run here
        raise TargetError(failure(path, error)) from error
    raise TargetError(f'{path.name} has no "root"; its last line should be: root = Root()')


class Reloading:
    """An application that is loaded again when its file has been saved.

    It looks at the file once a request. A file that does not load is answered with 500 and the
    reason, until it is saved again. One that never comes to its end is begun once, not at each request.
    """

    rawwfile_application = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._look: tuple[int, ...] | None = None
        self._application: Any = None
        self._too_long: LoadsTooLong | None = None

    def __call__(self, exchange: Any) -> Any:
        return self.current()(exchange)

    def current(self) -> Any:
        """The application as the file is now. Raises HTTPError 500 where it does not load."""
        with self._lock:
            look = self._look_now()
            if self._application is None or (look is not None and look != self._look):
                if self._too_long is not None and look == self._look:
                    raise HTTPError(500, str(self._too_long), close=True)
                self._look = look
                self._application = self._too_long = None
                try:
                    self._application = site_within(self.path)
                except TargetError as error:
                    self._too_long = error if isinstance(error, LoadsTooLong) else None
                    raise HTTPError(500, str(error), close=True) from error
            return self._application

    def _look_now(self) -> tuple[int, ...] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None  # an editor that writes a new file removes the old one for a moment
        return status.st_mtime_ns, status.st_size, status.st_ino


def failure(path: Path, error: BaseException) -> str:
    """What went wrong in the program at `path`, in one line, with the line of that file if one had a part in it."""
    if isinstance(error, OSError) and error.filename == str(path):
        return f"{path}: {error.strerror}"
    if isinstance(error, SyntaxError) and error.filename == str(path):
        line = f": {error.text.strip()[:60]}" if error.text else ""
        return plain(f"{path.name}:{error.lineno or 1}: {error.msg}{line}")
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    where = f"{path.name}:{lines[-1]}" if lines else path.name
    text = said(error)
    if isinstance(error, EOFError) and not text or "EOF when reading a line" in text:
        return f"{where}: nobody is there to answer input(); leave it out"
    if isinstance(error, SystemExit):
        return f"{where}: the program ended itself; leave that out"
    return f"{where}: {plain(type(error).__name__)}{': ' + text if text else ''}"


def said(error: BaseException) -> str:
    """What an exception says of itself, in one line of bounded length; "" where it cannot say it."""
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - a student's own __str__
        return ""
    start = " ".join(text[: MOST_SAID * 4].split())
    return plain(start if len(start) <= MOST_SAID else f"{start[:MOST_SAID]}...")


def plain(text: str) -> str:
    """The text with every character that does not print written as an escape: it is shown in a terminal."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def line_running(path: Path, thread: threading.Thread | None = None) -> str:
    """Which line of the program at `path` a thread is at now, "answer.py:7"; "" where none is.

    thread: the one to look at; without it, the first of all others that is in that program.
    """
    frames = sys._current_frames()
    for ident in frames if thread is None else (thread.ident,):
        frame = None if ident is None or ident == threading.get_ident() else frames.get(ident)
        while frame is not None:
            if frame.f_code.co_filename == str(path):
                return f"{path.name}:{frame.f_lineno}"
            frame = frame.f_back
    return ""
