"""Run Python 2 text by the translator and give what it printed."""

from __future__ import annotations

import contextlib
import io

from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.python2.runtime import builtins_for
from rawwfile.cpy.python2.runtime.execution import compiled_tree


def names_of(source: str, *, paths: tuple[str, ...] = (), file: str = "Old.cpy") -> dict:
    """Run `source` as a module and return its names."""
    names = {"__builtins__": builtins_for(paths), "__name__": "__main__"}
    exec(compiled_tree(Translator("2").module(source, file), file, "exec"), names)
    return names


def printed(source: str, *, paths: tuple[str, ...] = (), file: str = "Old.cpy") -> str:
    """Run `source` as a module and return what it printed."""
    out = io.StringIO(newline="\n")
    with contextlib.redirect_stdout(out):
        names_of(source, paths=paths, file=file)
    return out.getvalue()
