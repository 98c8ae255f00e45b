"""Parsing and compiling code of 2004 without the warnings that today's Python has for it."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_LOCK = threading.RLock()
_depth = 0


@contextmanager
def quietly() -> Iterator[None]:
    """Silence warnings, such as those about '\\d' and `x is 1`.

    One thread at a time: what is silenced is the whole process's, and must come back as it was.
    """
    global _depth
    with _LOCK:
        if _depth:
            yield
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _depth += 1
            try:
                yield
            finally:
                _depth -= 1
