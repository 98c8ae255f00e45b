"""Today's parser, safe beside other threads."""

from __future__ import annotations

import ast
from typing import Any

_TRIES = 20


def parsed(text: str, mode: str = "exec") -> Any:
    """Return the tree of Python 3 text. Raises SyntaxError.

    Before 3.11.8 and 3.12.2, Python's parser counts its depth for all threads at once: parsing while
    another thread does so too (it need only print a traceback) now and then raises SystemError.
    """
    for _ in range(_TRIES - 1):
        try:
            return ast.parse(text, mode=mode)
        except SystemError:
            continue
    return ast.parse(text, mode=mode)
