"""The student's program: loaded fresh each time, and served so that saving the file is enough.

Nothing is cached: byte code of Python's own is matched to a source by whole seconds, and a student
saves twice in one. The module is kept out of `sys.modules`, so that two answers never meet.
"""

from __future__ import annotations

import linecache
import threading
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from rawwfile.adapters.interface import application_for, instance_of_pages
from rawwfile.errors import HTTPError, TargetError

LOAD_SECONDS = 10.0
"""Most time that the lines outside of functions may take."""


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
    """As `load_file`, but a program that does not come to its end raises TargetError too."""
    outcome: list[Any] = []

    def load() -> None:
        try:
            outcome.append(load_file(path))
        except TargetError as error:
            outcome.append(error)

    thread = threading.Thread(target=load, name="rawwfile-lab-load", daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise TargetError(
            f"{path.name} was not loaded within {seconds:g} seconds; "
            "what waits or loops belongs into the page, not outside of it"
        )
    if isinstance(outcome[0], TargetError):
        raise outcome[0]
    module: ModuleType = outcome[0]
    return module


def application_of(module: ModuleType) -> Any:
    """The application(exchange) that the module's `root` is. Raises TargetError."""
    name = Path(getattr(module, "__file__", None) or "the file").name
    if not hasattr(module, "root"):
        raise TargetError(f'{name} has no "root"; its last line should be: root = Root()')
    try:
        return application_for(instance_of_pages(module.root))
    except TargetError as error:
        why = str(error).partition(" Choose with --interface")[0]
        raise TargetError(f"{name}: {why}") from error


class Reloading:
    """An application that is loaded again when its file has been saved.

    It looks at the file once a request. A file that does not load is answered with 500 and the
    reason, until it is saved again.
    """

    rawwfile_application = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._look: tuple[int, ...] | None = None
        self._application: Any = None

    def __call__(self, exchange: Any) -> Any:
        return self.current()(exchange)

    def current(self) -> Any:
        """The application as the file is now. Raises HTTPError 500 where it does not load."""
        with self._lock:
            look = self._look_now()
            if self._application is None or (look is not None and look != self._look):
                self._look = look
                self._application = None
                try:
                    self._application = application_of(load_within(self.path))
                except TargetError as error:
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
        return f"{path.name}:{error.lineno}: {error.msg}{line}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    where = f"{path.name}:{lines[-1]}" if lines else path.name
    if isinstance(error, EOFError) and not str(error).strip() or "EOF when reading a line" in str(error):
        return f"{where}: nobody is there to answer input(); leave it out"
    if isinstance(error, SystemExit):
        return f"{where}: the program ended itself; leave that out, it is served as long as you like"
    text = " ".join(str(error).split())
    return f"{where}: {type(error).__name__}{': ' + text if text else ''}"
