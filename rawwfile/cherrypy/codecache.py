"""Byte code of a compiled application, kept as Python keeps that of modules, so that it starts faster.

In `__pycache__` beside the file, one for each version of Python. It counts only while the whole file
is the one it was made of, and it is not needed: where it cannot be read or written, nothing is said.
"""

from __future__ import annotations

import importlib.util
import marshal
import os
import sys
import tempfile
from collections.abc import Sequence
from types import CodeType

from rawwfile.settings import VERSION


def load(path: str, text: bytes) -> list[CodeType] | None:
    """Return the code objects that were saved for the file `path` with this text, or None."""
    try:
        with open(_place(path), "rb") as file:
            data = file.read()
    except (OSError, NotImplementedError):
        return None
    key = _key(text)
    if not data.startswith(key):
        return None
    try:
        found = marshal.loads(data[len(key) :])
    except (EOFError, ValueError, TypeError):
        return None
    return found if isinstance(found, list) and all(isinstance(each, CodeType) for each in found) else None


def save(path: str, text: bytes, codes: Sequence[CodeType]) -> None:
    """Keep the code objects for the next start, if this Python writes byte code."""
    if sys.dont_write_bytecode:
        return
    try:
        place = _place(path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(place))
    except (OSError, NotImplementedError):
        return
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_key(text) + marshal.dumps(list(codes)))
        os.replace(temporary, place)
    except OSError:
        os.unlink(temporary)


def _place(path: str) -> str:
    # Not the name under which Python would look for the byte code of the file itself.
    return importlib.util.cache_from_source(path) + ".units"


def _key(text: bytes) -> bytes:
    return importlib.util.MAGIC_NUMBER + importlib.util.source_hash(text) + VERSION.encode("ascii") + b"\n"
