"""Modules of Python 2 that Python 3 has none for, or one of bytes: rfc822, mimetools, MimeWriter, cgi, popen2...

    from rawwfile.cherrypy.oldmodules import MimeWriter

A ported application imports them here where it used more of them than today's modules have. They are for
the time of the change only: `email`, `html.parser`, `subprocess` and `request.paramMap` do the same work.
Those of GONE can be imported too, so that the application starts; what asks them for something fails.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

NAMES = (
    "MimeWriter", "anydbm", "cgi", "dbhash", "dumbdbm", "gdbm", "htmllib", "mimetools", "popen2", "quopri", "rfc822",
    "sgmllib",
)  # fmt: skip
GONE = (
    "Bastion", "crypt", "imghdr", "imp", "mimify", "nntplib", "pipes", "regex", "regsub", "rexec", "rotor", "sndhdr",
    "telnetlib", "user", "uu", "xmllib",
)  # fmt: skip


class _Gone(ModuleType):
    """Stands for a module that is gone."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        raise ImportError(f"{self.__name__}.{name} is asked for, but Python 3 has no module {self.__name__} any more")


def __getattr__(name: str) -> ModuleType:
    if name not in NAMES and name not in GONE:
        raise AttributeError(f"rawwfile.cherrypy.oldmodules has no module {name!r}; it has {', '.join(NAMES)}")
    made = _old(name) if name in NAMES else _rest(name)
    globals()[name] = made
    return made


def _old(name: str) -> ModuleType:
    from rawwfile.cpy.python2.modules import old_module

    made = old_module(name, None)
    assert made is not None
    return made


def _rest(name: str) -> ModuleType:
    if name in sys.stdlib_module_names:
        try:
            return importlib.import_module(name)
        except ImportError:
            pass
    return _Gone(name)
