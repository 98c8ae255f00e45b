"""`print`, `open` and `file`: text of bytes goes out and in byte for byte."""

from __future__ import annotations

import io
import sys
from typing import Any

from rawwfile.cpy.python2.runtime.text import text_of, unicode


class File(io.TextIOWrapper):
    """2.x's file: every mode is binary, as it was on Unix; characters are bytes."""

    softspace = 0
    _opened = False

    def __init__(self, name: Any, mode: str = "r", buffering: int = -1) -> None:
        self._name, self._mode = name, mode
        plain = mode.replace("b", "").replace("U", "").replace("t", "") or "r"
        raw = _opened(name, plain + "b", -1 if buffering in (0, 1) else buffering)
        universal = None if "U" in mode else "\n"
        super().__init__(raw, encoding="latin-1", newline=universal, write_through=buffering == 0)  # type: ignore[arg-type]
        self._opened = True

    mode = property(lambda self: self._mode)
    next = io.TextIOWrapper.__next__

    def write(self, text: Any) -> None:  # type: ignore[override]
        if not isinstance(text, str):
            raise TypeError("expected a character buffer object")
        super().write(text.encode() if isinstance(text, unicode) else text)

    def tell(self) -> int:
        return super().tell()

    def seek(self, offset: int, whence: int = 0) -> None:  # type: ignore[override]
        if whence == 1:
            offset, whence = self.tell() + offset, 0
        if whence == 2:
            super().seek(0, 2)
            offset, whence = self.tell() + offset, 0
        super().seek(offset, whence)

    def xreadlines(self) -> File:
        return self

    def __del__(self) -> None:
        # 2.x closed a file that nobody held, without a word.
        if self._opened and not self.closed:
            self.close()

    def __repr__(self) -> str:
        state = "closed" if self.closed else "open"
        return f"<{state} file {self._name!r}, mode {self._mode!r} at 0x{id(self):x}>"


def _opened(name: Any, mode: str, buffering: int) -> Any:
    """Open a file whose name is byte text: its characters are the bytes of the name."""
    if not isinstance(name, str) or name.isascii() or isinstance(name, unicode):
        return open(name, mode, buffering)
    try:
        return open(name.encode("latin-1"), mode, buffering)
    except UnicodeEncodeError:
        return open(name, mode, buffering)
    except OSError as error:
        error.filename = name
        raise


def print_values(file: Any, ends_line: bool, *values: Any) -> None:
    """Run a print statement: `file` or sys.stdout, the values, and whether a line end follows."""
    target = sys.stdout if file is None else file
    if target is None:
        return
    for value in values:
        text = value if type(value) is str else text_of(value)
        if getattr(target, "softspace", 0):
            _write(target, " ")
        _write(target, text)
        _soft(target, not (text and text[-1] in "\n\t\r\v\f" and isinstance(value, str)))
    if ends_line:
        _write(target, "\n")
        _soft(target, False)


def _soft(target: Any, flag: bool) -> None:
    try:
        target.softspace = int(flag)
    except AttributeError:
        return


def _write(target: Any, text: str) -> None:
    # The process's own streams encode as the terminal wants; bytes of a byte text must stay what they are.
    if not text.isascii() and isinstance(target, io.TextIOWrapper) and not isinstance(target, File):
        target.flush()
        target.buffer.write(text.encode() if isinstance(text, unicode) else text.encode("latin-1"))  # type: ignore[arg-type]
        return
    target.write(text)
