"""A program that ends its own process: in a lab that is its failure, at a line, and not the end of the lab.

`os._exit` and `os.abort` let nobody say anything any more. While a lab runs they raise SystemExit,
which the check and the server tell with its line. A process that the program forks may end as it
likes, and so may the server itself (a second Ctrl-C).
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

ENDS = ("_exit", "abort")
"""Functions of os."""

_lock = threading.Lock()
_users = 0
_real: dict[str, Callable[..., Any]] = {}


@contextmanager
def no_sudden_end() -> Iterator[None]:
    """Have os._exit and os.abort raise SystemExit in programs of this process, in all threads, while the block runs."""
    global _users
    with _lock:
        _users += 1
        if _users == 1:
            for name in ENDS:
                _real[name] = getattr(os, name)
                setattr(os, name, _raising(_real[name], os.getpid()))
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                for name in ENDS:
                    setattr(os, name, _real[name])


def _raising(real: Callable[..., Any], pid: int) -> Callable[..., Any]:
    def end(*arguments: Any, **named: Any) -> Any:
        caller = str(sys._getframe(1).f_globals.get("__name__"))
        if os.getpid() != pid or caller.partition(".")[0] == "rawwfile":
            return real(*arguments, **named)
        raise SystemExit(*arguments)

    return end
