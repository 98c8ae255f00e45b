"""sys, os, time, thread, Queue, commands, popen2, subprocess, new, inspect: the process and its neighbours."""

from __future__ import annotations

import _thread
import calendar
import inspect
import locale
import os
import subprocess
import sys
import time
import types
from collections.abc import Callable
from typing import Any

from rawwfile.cpy.python2.modules.data import in_text, to_bytes, to_text
from rawwfile.cpy.python2.modules.files import TextFile, file_names, path_names
from rawwfile.cpy.python2.runtime import exceptions

VERSION = (2, 7, 18, "final", 0)
"""What sys.version_info says: code that asks wants to know which language it is read as."""


def sys_names(importer: Any) -> dict[str, Any]:
    """sys: names that went away; the rest, and every assignment, is the process's."""
    return {
        "maxint": sys.maxsize,
        "exc_info": lambda: exceptions.info(sys.exc_info()),
        "exc_clear": lambda: None,
        "setcheckinterval": lambda count: None,
        "getcheckinterval": lambda: 100,
        "setdefaultencoding": lambda name: None,
        "getdefaultencoding": lambda: "ascii",
        "maxunicode": 0x10FFFF,
        "path": importer.paths,
        "modules": Modules(importer),
        "version_info": VERSION,
        "version": "2.7.18 (rawwfile, Python %s)" % sys.version.split()[0],
        "hexversion": 0x020712F0,
        "platform": "linux2" if sys.platform == "linux" else sys.platform,
    }


class Modules(dict[str, Any]):
    """sys.modules of the application: its own first, then the process's, which is only read."""

    def __init__(self, importer: Any) -> None:
        super().__init__()
        self.importer = importer

    def __missing__(self, name: str) -> Any:
        return self.importer.modules[name] if name in self.importer.modules else sys.modules[name]

    def __contains__(self, name: object) -> bool:
        return name in self.importer.modules or name in sys.modules

    has_key = __contains__

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default

    def keys(self) -> Any:
        return list({**sys.modules, **self.importer.modules})


class Pipe(TextFile):
    """One end of a pipe to a command; close() waits and gives its exit status, None for 0."""

    def __init__(self, raw: Any, process: Any, waits: bool = True) -> None:
        super().__init__(raw, encoding="latin-1", newline="\n")
        self._process, self._waits = process, waits

    def close(self) -> Any:  # type: ignore[override]
        super().close()
        if not self._waits:
            return None
        status = self._process.wait()
        return None if status == 0 else status << 8 if status > 0 else -status


def _shell(command: Any) -> dict[str, Any]:
    return {
        "args": to_bytes(command) if isinstance(command, str) else [to_bytes(each) for each in command],
        "shell": isinstance(command, str),
    }


def popen(command: str, mode: str = "r", bufsize: int = -1) -> Pipe:
    """os.popen: a shell command's output to read, or its input to write."""
    reads = not mode.startswith("w")
    ends: dict[str, Any] = {"stdout" if reads else "stdin": subprocess.PIPE}
    process: Any = subprocess.Popen(**_shell(command), **ends)
    return Pipe(process.stdout if reads else process.stdin, process)


def started(command: Any, errors: str) -> Any:
    """Start a command; its ends are `stdin`, `stdout` and `stderr`. errors: "", "own" or "merged"."""
    kinds = {"": None, "own": subprocess.PIPE, "merged": subprocess.STDOUT}
    return subprocess.Popen(**_shell(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=kinds[errors])


def popens(command: Any, *, errors: str) -> tuple[Pipe, ...]:
    """Start a command; return (its input, its output[, its errors])."""
    process = started(command, errors)
    ends = [Pipe(process.stdin, process, False), Pipe(process.stdout, process)]
    return tuple(ends + ([Pipe(process.stderr, process, False)] if errors == "own" else []))


class Popen3:
    """popen2.Popen3: a command, its ends, and its status as os.wait() gives it."""

    errors = ""

    def __init__(self, command: Any, capturestderr: Any = False, bufsize: int = -1) -> None:
        process = self._process = started(command, "own" if capturestderr else self.errors)
        self.pid, self.cmd, self.sts = process.pid, command, -1
        self.tochild, self.fromchild = Pipe(process.stdin, process, False), Pipe(process.stdout, process, False)
        self.childerr = Pipe(process.stderr, process, False) if process.stderr else None

    def _status(self, code: Any) -> int:
        return -1 if code is None else code << 8 if code >= 0 else -code

    def poll(self, *_: Any) -> int:
        return self._status(self._process.poll())

    def wait(self) -> int:
        return self._status(self._process.wait())


class Popen4(Popen3):
    """popen2.Popen4: errors come with the output."""

    errors = "merged"

    def __init__(self, command: Any, bufsize: int = -1) -> None:
        super().__init__(command, False, bufsize)


def os_names(importer: Any) -> dict[str, Any]:
    """os: commands and files with text of bytes."""
    from rawwfile.cpy.python2.modules import OldModule

    path = OldModule("posixpath", os.path)
    path.__dict__.update(path_names(importer))
    return {
        **file_names(importer),
        "popen": popen,
        "popen2": lambda c, *_: popens(c, errors=""),
        "path": path,
        "popen3": lambda c, *_: popens(c, errors="own"),
        "popen4": lambda c, *_: popens(c, errors="merged"),
        "urandom": in_text(os.urandom),
        "system": lambda command: os.system(to_bytes(command)),
        "errno": __import__("errno"),
        "__path__": [],
    }


def getstatusoutput(command: str) -> tuple[int, str]:
    """Return (status as os.wait() gives it, output and errors without the last line end)."""
    done = subprocess.run(**_shell(command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    text = done.stdout.decode("latin-1")
    return done.returncode << 8, text.removesuffix("\n")


def _quoted(text: str) -> str:
    return f" '{text}'" if "'" not in text else ' "' + "".join("\\" * (c in '\\$"`') + c for c in text) + '"'


class Mutex:
    """mutex.mutex: a lock whose waiting callers are called."""

    def __init__(self) -> None:
        self.locked = False
        self.queue: list[tuple[Callable[..., Any], Any]] = []

    def test(self) -> bool:
        return self.locked

    def testandset(self) -> bool:
        was, self.locked = self.locked, True
        return not was

    def lock(self, function: Callable[..., Any], argument: Any) -> None:
        if self.testandset():
            function(argument)
        else:
            self.queue.append((function, argument))

    def unlock(self) -> None:
        if self.queue:
            function, argument = self.queue.pop(0)
            function(argument)
        else:
            self.locked = False


class Popen(subprocess.Popen):  # type: ignore[type-arg]
    """subprocess.Popen: ends and output are byte text."""

    def __init__(self, args: Any, *rest: Any, **named: Any) -> None:
        words = to_bytes(args) if isinstance(args, str) else [to_bytes(each) for each in args]
        super().__init__(words, *rest, **named)
        for name in ("stdin", "stdout", "stderr"):
            end = getattr(self, name)
            if end is not None:
                setattr(self, name, Pipe(end, self, False))

    def communicate(self, input: Any = None, timeout: Any = None) -> Any:  # noqa: A002 - the name that callers use
        for name in ("stdin", "stdout", "stderr"):
            if getattr(self, name) is not None:
                setattr(self, name, getattr(self, name).detach())
        return to_text(super().communicate(to_bytes(input), timeout))


def _output(*arguments: Any, **named: Any) -> str:
    process = Popen(*arguments, stdout=subprocess.PIPE, **named)
    text: str = process.communicate()[0]
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments[0], text)
    return text


def _swapped(errors: str) -> Callable[..., Any]:
    def start(command: Any, *_: Any) -> tuple[Pipe, ...]:
        ends = popens(command, errors=errors)
        return (ends[1], ends[0], *ends[2:])

    return start


def new_names(_: Any) -> dict[str, Any]:
    """new: makers of things of the interpreter."""
    from rawwfile.cpy.python2.runtime.classes import make_class

    def instance(kind: Any, names: Any = None) -> Any:
        made = object.__new__(kind)
        made.__dict__.update(names or {})
        return made

    def method(function: Any, owner: Any, kind: Any = None) -> Any:
        return types.MethodType(function, owner)

    return {
        "module": types.ModuleType,
        "instance": instance,
        "instancemethod": method,
        "function": types.FunctionType,
        "classobj": lambda name, bases, names: make_class(name, tuple(bases), dict(names)),
        "code": types.CodeType,
    }


def getargspec(function: Any) -> tuple[Any, ...]:
    """inspect.getargspec."""
    found = inspect.getfullargspec(function)
    return found.args, found.varargs, found.varkw, found.defaults


MODULES: dict[str, tuple[str, Any]] = {
    "sys": ("sys", sys_names),
    "os": ("os", os_names),
    "posix": ("os", os_names),
    "time": ("time", lambda _: {"clock": time.process_time}),
    "calendar": (
        "calendar",
        lambda _: {
            "weekday": lambda *date: int(calendar.weekday(*date)),
            "monthrange": lambda year, month: tuple(map(int, calendar.monthrange(year, month))),
        },
    ),
    "thread": ("_thread", lambda _: {"start_new": _thread.start_new_thread, "allocate": _thread.allocate_lock}),
    "dummy_thread": ("_thread", lambda _: {}),
    "dummy_threading": ("threading", lambda _: {}),
    "mutex": ("", lambda _: {"mutex": Mutex}),
    "Queue": ("queue", lambda _: {}),
    "subprocess": ("subprocess", lambda _: {"Popen": Popen, "check_output": _output}),
    "commands": (
        "",
        lambda _: {
            "getstatusoutput": getstatusoutput,
            "getoutput": lambda c: getstatusoutput(c)[1],
            "getstatus": lambda file: getoutput_of(file),
            "mkarg": _quoted,
        },
    ),
    "popen2": (
        "",
        lambda _: {
            "popen2": _swapped(""),
            "popen3": _swapped("own"),
            "popen4": _swapped("merged"),
            "Popen3": Popen3,
            "Popen4": Popen4,
        },
    ),
    "new": ("", new_names),
    "inspect": ("inspect", lambda _: {"getargspec": getargspec}),
    "imp": ("", lambda _: {"new_module": types.ModuleType}),
    "locale": ("locale", lambda _: {"format": locale.format_string}),
    "exceptions": ("builtins", lambda _: {"StandardError": Exception}),
    "__builtin__": ("builtins", lambda importer: dict(importer.names)),
}


def getoutput_of(file: str) -> str:
    """commands.getstatus: what `ls -ld` says of a file."""
    return getstatusoutput("ls -ld" + _quoted(file))[1]
