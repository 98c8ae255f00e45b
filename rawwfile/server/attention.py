"""The part of a connection that streams use: is the client there, waits that can be woken, timers."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientGone, Shutdown
from rawwfile.exchange.channel import ENDED, GONE, OPEN, Handle
from rawwfile.server.monitor import LEFT, RDHUP

if TYPE_CHECKING:
    from rawwfile.server.loop import Loop

KEEP_ALIVE = {
    "TCP_KEEPIDLE": 30,  # seconds of silence until the first probe
    "TCP_KEEPINTVL": 10,  # seconds between two probes
    "TCP_KEEPCNT": 3,  # probes without an answer after which the peer is gone
    "TCP_USER_TIMEOUT": 60_000,  # milliseconds that what we send may stay unacknowledged
}
"""How a peer that vanished without a word, by power cut or by a router that forgot it, is found in a minute."""


def notice_vanished_peers(listener: socket.socket) -> None:
    """Make the connections that `listener` accepts find out; they inherit its options."""
    if listener.family == socket.AF_UNIX:
        return
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEP_ALIVE.items():
        if hasattr(socket, name):
            listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


class Attention:
    """See Channel, whose methods for streams these are. Mixed into Connection."""

    __slots__ = ()

    if TYPE_CHECKING:
        loop: Loop
        sock: socket.socket
        fd: int
        leading: bool
        broken: bool
        streaming: bool

        def hand_over(self) -> None:
            """See Connection."""

        def send_now(self, data: Any) -> int:
            """See Connection."""

    def begin_stream(self) -> bool:
        """See Channel."""
        return self.streaming or self.loop.crew.begin_stream(self)

    def client_state(self) -> int:
        """See Channel."""
        if self.broken:
            return GONE
        # One for each call: the handler's thread and the monitor's may ask at the same time.
        looker = select.poll()
        looker.register(self.fd, RDHUP)
        for _fd, events in looker.poll(0):
            return GONE if events & LEFT else ENDED
        return OPEN

    def await_reset(self, seconds: float) -> bool:
        """See Channel."""
        poll = select.poll()
        poll.register(self.fd, 0)
        return bool(poll.poll(seconds * 1000))

    def wait(self, timeout: float | None, readable: Iterable[int], mind_end: bool) -> list[int]:
        """See Channel."""
        poll = select.poll()
        for fd in readable:
            poll.register(fd, select.POLLIN)
        poll.register(self.fd, RDHUP if mind_end else 0)
        stop = self.loop.stop_signal
        poll.register(stop, select.POLLIN)
        found = dict(poll.poll(None if timeout is None else max(0.0, timeout) * 1000))
        if stop in found:
            raise Shutdown("the server is stopping")
        if self.fd in found:
            raise ClientGone("the client is gone")
        return list(found)

    def watch(self, callback: Callable[[bool], Any]) -> Handle:
        """See Channel."""
        return self.loop.monitor.watch(self.fd, callback)

    def call_at(self, when: float, callback: Callable[[], Any]) -> Handle:
        """See Channel."""
        return self.loop.monitor.call_at(when, callback)

    def try_send(self, data: bytes) -> int:
        """See Channel."""
        return self.send_now(data)

    @property
    def stopping(self) -> bool:
        """See Channel."""
        return self.loop.stopping

    @property
    def streams_over(self) -> bool:
        """See Channel."""
        return self.loop.stopping and self.loop.streams_over()
