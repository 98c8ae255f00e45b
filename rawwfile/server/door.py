"""A server that shows the first bytes of each connection to somebody, before HTTP is made of them.

For clients that speak no HTTP: CherryPy 0.10's hot reload sends half a request line and leaves.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rawwfile.server.connection import Connection
from rawwfile.server.http_server import RawHTTPServer
from rawwfile.server.loop import Loop

if TYPE_CHECKING:
    _Base = Connection
else:
    _Base = object

Door = Callable[[bytes, str], bool]
"""Is given the first bytes, as many as came at once, and the client's address ("" on a Unix socket).

True: they were not HTTP; the connection is closed without an answer. It must not wait or raise."""


class WithDoor(RawHTTPServer):
    """RawHTTPServer with a `door`. Over TLS there is none: such clients speak no TLS either."""

    door: Door | None = None

    def make_connection(self, loop: Loop, sock: socket.socket, number: int, peer: Any, deadline: float) -> Connection:
        """See RawHTTPServer."""
        if self.door is None or self.tls is not None:
            return super().make_connection(loop, sock, number, peer, deadline)
        kind = _Watched if self.tap is None else _taped()
        connection = kind(loop, sock, number, peer, deadline)
        connection.door = self.door
        return connection


def _taped() -> type[Any]:
    from rawwfile.server.taped import TapedWatched

    return TapedWatched


class Watching(_Base):
    """Mixed into a connection whose first bytes the door sees."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def door(self) -> Door | None: ...

        @door.setter
        def door(self, door: Door | None) -> None: ...

    def receive_now(self) -> bytes | None:
        """See Connection."""
        data = super().receive_now()
        if data and self.door is not None:
            door, self.door = self.door, None
            if door(data, self.peer()[0]):
                return b""
        return data


class _Watched(Watching, Connection):
    """A connection with a door."""

    __slots__ = ("door",)
