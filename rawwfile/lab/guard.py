"""Labs speak to this machine alone: while one is checked, sockets to other addresses are refused.

Python tells an audit hook of every socket that is bound or connected, whoever made it, the student's
own program included. A hook cannot be taken away again; outside of `loopback_only` it does nothing.
"""

from __future__ import annotations

import ipaddress
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WATCHED = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
LOOKED_UP = ("socket.getaddrinfo", "socket.gethostbyname")
"""A name is asked for at other machines, too."""

_lock = threading.Lock()
_users = 0
_installed = False


class NotThisMachine(PermissionError):
    """A lab's program wanted to speak to another machine."""


@contextmanager
def loopback_only() -> Iterator[None]:
    """Refuse every address but those of the loopback interface, in all threads, while the block runs."""
    global _users, _installed
    with _lock:
        _users += 1
        if not _installed:
            sys.addaudithook(_heard)
            _installed = True
    try:
        yield
    finally:
        with _lock:
            _users -= 1


def is_loopback(address: Any) -> bool:
    """Whether a socket address is of this machine: 127.0.0.0/8, ::1, "localhost" or a Unix socket."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not _users:
        return
    if event in WATCHED:
        address = arguments[1]
    elif event in LOOKED_UP and arguments[0]:
        host = arguments[0]
        address = (host.decode("latin-1") if isinstance(host, bytes) else host, 0)
    else:
        return
    if address is not None and not is_loopback(address):
        raise NotThisMachine(f"a lab speaks to 127.0.0.1 alone, not to {address[0]}")
