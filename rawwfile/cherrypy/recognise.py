"""Tells a compiled application from other Python files, without loading anything."""

from __future__ import annotations

MARK = "# Made by rawwfile compile"
"""The first line of a compiled application begins so, behind a shebang and a line with the encoding."""
_HEAD_LINES = 4


def is_compiled(path: str) -> bool:
    """Whether a file is what `rawwfile compile` wrote; False where it cannot be read."""
    try:
        with open(path, "rb") as file:
            head = [file.readline(1000) for _ in range(_HEAD_LINES)]
    except OSError:
        return False
    return any(line.startswith(MARK.encode("ascii")) for line in head)
