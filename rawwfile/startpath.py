"""Takes the working directory out of the way of `python -m rawwfile`; imported before everything else.

-m puts that directory in front of sys.path, and there a site of 2004 may have an html.py or a
calendar.py of its own, which must not stand in for Python's (H36). Whoever loads an application
from there says so himself. What is imported here is loaded by the interpreter at its own start.
"""

import os
import sys


def is_dash_m() -> bool:
    """Whether the interpreter is looking for a module of rawwfile that -m names."""
    # While it looks, argv[0] is "-m"; another program's package may import this one at that time.
    words = sys.orig_argv
    named = [after for before, after in zip(words, words[1:]) if before == "-m"]  # noqa: B905 - one is shorter
    return sys.argv[:1] == ["-m"] and bool(named) and named[0].partition(".")[0] == "rawwfile"


def _working_directory() -> str:
    try:
        return os.getcwd()
    except OSError:  # it has been removed, and is on no path
        return ""


if is_dash_m() and sys.path and sys.path[0] in ("", _working_directory()):
    del sys.path[0]
