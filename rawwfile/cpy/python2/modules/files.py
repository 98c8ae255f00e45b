"""os, os.path, glob, shutil, tempfile: names of files as text of bytes, and what is read and written."""

from __future__ import annotations

import glob
import io
import os
import os.path
import shutil
import tempfile
from collections.abc import Iterator
from typing import Any

from rawwfile.cpy.python2.modules.data import path_bytes, to_bytes, to_text
from rawwfile.cpy.python2.runtime.files import File
from rawwfile.cpy.python2.runtime.text import of

_NAMED = [
    "access",
    "chdir",
    "chmod",
    "chown",
    "lchown",
    "link",
    "listdir",
    "lstat",
    "makedirs",
    "mkdir",
    "mkfifo",
    "open",
    "readlink",
    "remove",
    "removedirs",
    "rename",
    "renames",
    "rmdir",
    "stat",
    "statvfs",
    "symlink",
    "truncate",
    "unlink",
    "utime",
    "chroot",
    "pathconf",
]
_ASKED = [
    "exists",
    "lexists",
    "isfile",
    "isdir",
    "islink",
    "ismount",
    "getsize",
    "getmtime",
    "getatime",
    "getctime",
    "samefile",
    "realpath",
    "abspath",
]


def with_names(function: Any) -> Any:
    """Return a function that takes names of files as byte text."""

    def named(*arguments: Any, **more: Any) -> Any:
        try:
            return to_text(function(*map(path_bytes, arguments), **more))
        except OSError as error:
            error.filename = to_text(error.filename)
            raise

    named.__name__ = getattr(function, "__name__", "function")
    return named


def walk(top: str, topdown: bool = True, onerror: Any = None, followlinks: bool = False) -> Iterator[Any]:
    """os.walk; what is taken out of the list of folders is not gone into."""
    for folder, folders, names in os.walk(path_bytes(top), topdown, onerror, followlinks):
        shown = [to_text(each) for each in folders]
        yield to_text(folder), shown, to_text(names)
        folders[:] = [path_bytes(each) for each in shown]


def path_walk(top: str, function: Any, argument: Any) -> None:
    """os.path.walk, which calls a function for each folder."""
    for folder, folders, names in walk(top):
        listed = folders + names
        function(argument, folder, listed)
        folders[:] = [each for each in folders if each in listed]


def file_names(_: Any) -> dict[str, Any]:
    """Return the names of os that are about files; the rest are in interpreter.py."""
    return {**{name: with_names(getattr(os, name)) for name in _NAMED if hasattr(os, name)},
            "walk": walk, "getcwd": lambda: to_text(os.getcwdb()), "getcwdu": lambda: of(os.getcwd()),
            "read": lambda number, size: to_text(os.read(number, size)),
            "write": lambda number, text: os.write(number, to_bytes(text)),
            "fdopen": lambda number, mode="r", size=-1: File(number, mode, size),
            "tmpfile": lambda: text_file(tempfile.TemporaryFile())}  # fmt: skip


def path_names(_: Any) -> dict[str, Any]:
    """Return the names of os.path."""
    return {**{name: with_names(getattr(os.path, name)) for name in _ASKED}, "walk": path_walk}


class TextFile(io.TextIOWrapper):
    """An open file of bytes as a file of byte text."""

    softspace = 0
    next = io.TextIOWrapper.__next__

    def write(self, text: Any) -> None:  # type: ignore[override]
        super().write(text)


def text_file(raw: Any) -> TextFile:
    """Return an open file of bytes as a file of byte text."""
    return TextFile(raw, encoding="latin-1", newline="\n", write_through=False)


class _Named(TextFile):
    """tempfile.NamedTemporaryFile's: removed when it is closed."""

    def __init__(self, raw: Any) -> None:
        super().__init__(raw.file, encoding="latin-1", newline="\n")
        self._owner = raw

    @property
    def name(self) -> str:  # type: ignore[override]
        return str(self._owner.name)

    def close(self) -> None:
        super().close()
        self._owner.close()


def tempfile_names(_: Any) -> dict[str, Any]:
    """Return the names of tempfile."""
    return {"TemporaryFile": lambda mode="w+b", *rest, **named: text_file(tempfile.TemporaryFile("w+b")),
            "NamedTemporaryFile": lambda mode="w+b", *rest, **named: _Named(tempfile.NamedTemporaryFile("w+b")),
            "SpooledTemporaryFile": lambda *rest, **named: text_file(tempfile.TemporaryFile("w+b"))}  # fmt: skip


def shutil_names(_: Any) -> dict[str, Any]:
    """Return the names of shutil."""
    named = ("copy", "copy2", "copyfile", "copymode", "copystat", "copytree", "move", "rmtree")
    return {name: with_names(getattr(shutil, name)) for name in named}


MODULES: dict[str, tuple[str, Any]] = {
    "os.path": ("posixpath", path_names),
    "posixpath": ("posixpath", path_names),
    "glob": (
        "glob",
        lambda _: {"glob": with_names(glob.glob), "iglob": lambda name: iter(with_names(glob.glob)(name))},
    ),
    "shutil": ("shutil", shutil_names),
    "tempfile": ("tempfile", tempfile_names),
}
