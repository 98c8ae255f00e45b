"""One client's connection: never blocking for the loop, waiting for handlers (it is their Channel)."""

from __future__ import annotations

import os
import select
import socket
import struct
import sys
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected
from rawwfile.exchange.body import BLOCK, FileSlice
from rawwfile.http.reader import RequestReader
from rawwfile.server.attention import Attention

try:
    import fcntl
    import termios
except ImportError:  # not a Unix
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange
    from rawwfile.server.loop import Loop

RECEIVE = 65536
"""Bytes read from the socket at a time."""

# What the loop does with a connection when it is ready, or when its deadline has passed.
READING, FLUSHING, DRAINING, LINGERING, HANDSHAKE, RESETTING, CLOSED = range(7)

MOMENT = 0.05
"""Seconds for which a handler waits for content as one of the --threads; then it counts as a stream."""

_RESET = struct.pack("ii", 1, 0)


class Connection(Attention):
    """A plain TCP (or Unix) connection.

    busy: a handler's thread owns it; the loop keeps its hands off. interest: the events it is
    registered for, 0 if it is not. deadline: monotonic time at which `Loop.expire` is due.
    queued: `unsent` at the last time when the deadline for sending was set.
    head_begun: the deadline is that of a request head, which a new connection owes us at once.
    """

    __slots__ = (
        "loop", "sock", "fd", "number", "reader", "state", "busy", "leading", "interest", "deadline", "outbox",
        "exchange", "after_flush", "drained", "queued", "closing_at", "broken", "requests", "content_sent", "head_begun", "streaming",
        "_peer", "__weakref__",
    )  # fmt: skip
    scheme = "http"
    backlog: memoryview | None = None

    def __init__(self, loop: Loop, sock: socket.socket, number: int, peer: Any, deadline: float) -> None:
        self.loop = loop
        self.sock = sock
        self.fd = sock.fileno()
        self.number = number
        self.reader = RequestReader(loop.limits)
        self.state = READING
        self.busy = False
        self.leading = False
        self.interest = 0
        self.deadline = deadline
        self.outbox: list[Any] | None = None
        self.exchange: Exchange | None = None
        self.after_flush = CLOSED
        self.drained = 0
        self.queued = 0
        self.closing_at = 0.0
        self.broken = False
        self.requests = 0
        self.content_sent = 0
        self.head_begun = True
        self.streaming = False
        self._peer = peer

    # -- what never waits, for the loop

    def receive_now(self) -> bytes | None:
        """Bytes that are there, None if none are, b"" at the end. Raises OSError."""
        try:
            return self.sock.recv(RECEIVE)
        except BlockingIOError:
            return None

    def send_now(self, data: Any) -> int:
        """How many bytes of `data` the kernel took; 0 if it takes none now. Raises OSError."""
        try:
            return self.sock.send(data)
        except BlockingIOError:
            return 0

    def send_file_now(self, part: FileSlice) -> int:
        """How many bytes of `part` the kernel took. Raises OSError."""
        try:
            return os.sendfile(self.fd, part.fileno(), part.start, min(part.length, 1 << 30))
        except BlockingIOError:
            return 0

    def flush_now(self) -> bool:
        """Send what waits in the outbox, as far as the kernel takes it; True when all is out.

        Raises OSError; EOFError when a file became shorter while it was sent.
        """
        if not self.push_now():
            return False
        while self.outbox:
            part = self.outbox[0]
            if isinstance(part, FileSlice):
                if not self._flush_file(part):
                    return False
            elif not self._flush_bytes(part):
                return False
            self.outbox.pop(0)
        self.outbox = None
        return self.push_now()

    def _flush_bytes(self, part: Any) -> bool:
        assert self.outbox is not None
        view = memoryview(part)
        while view:
            count = self.send_now(view)
            if not count:
                self.outbox[0] = view
                return False
            view = view[count:]
        return True

    def _flush_file(self, part: FileSlice) -> bool:
        while part.length:
            count = self.send_file_now(part)
            if not count:
                if os.fstat(part.fileno()).st_size <= part.start:
                    raise EOFError("the file became shorter while it was sent")
                return False
            part.start += count
            part.length -= count
        part.close()
        return True

    def push_now(self) -> bool:
        """Send what a layer below this one holds back; True when nothing is left."""
        return True

    @property
    def pending(self) -> bool:
        """Something waits in the outbox."""
        return self.outbox is not None or self.backlog is not None

    @property
    def wants_write(self) -> bool:
        """The next step needs the socket to be writable."""
        return self.state == FLUSHING

    def say_end(self) -> None:
        """Tell the client, if it still listens, that the end of the connection is meant. Never raises."""

    def half_close(self, whole: bool) -> None:
        """Say that nothing more will be sent. whole: the last response was complete. Raises OSError."""
        self.sock.shutdown(socket.SHUT_WR)

    def discard_now(self) -> int | None:
        """Read and drop what the client still sends: bytes read, 0 at its end, None if none is there."""
        try:
            return len(self.sock.recv(RECEIVE))
        except BlockingIOError:
            return None

    def unsent(self) -> int:
        """Bytes that the client's system has not acknowledged; 0 where it cannot be told."""
        return self._queued(termios.TIOCOUTQ) if fcntl is not None else 0

    def unread(self) -> int:
        """Bytes that have come and were not received; 0 where it cannot be told."""
        return self._queued(termios.FIONREAD) if fcntl is not None else 0

    def _queued(self, which: int) -> int:
        try:
            return int.from_bytes(fcntl.ioctl(self.fd, which, b"\0\0\0\0"), sys.byteorder)
        except OSError:
            return 0

    def close(self, reset: bool = False) -> None:
        """Close the socket; reset: so that the client sees an error, not an end."""
        self.state = CLOSED
        outbox, self.outbox = self.outbox, None
        try:
            for part in outbox or ():
                if isinstance(part, FileSlice):
                    part.close()
            if reset:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        except OSError:
            pass
        self.sock.close()

    # -- the Channel: what handlers call; it may wait

    def receive(self, timeout: float | None) -> bytes:
        """See Channel."""
        try:
            while (data := self.receive_now()) is None:
                self._wait_to_receive(timeout)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            self.broken = True
            raise ClientDisconnected(f"the connection broke: {error.strerror or error}") from error
        return data

    def _wait_to_receive(self, timeout: float | None) -> None:
        """Wait for bytes. Raises TimeoutError.

        A client that makes its handler wait for longer than a moment shall not take a thread from
        those who have sent everything: from then on this is one of the streams, while there is room.
        """
        if not self.streaming and (timeout is None or timeout > MOMENT):
            try:
                return self._wait(select.POLLIN, MOMENT)
            except TimeoutError:
                self.begin_stream()
            if timeout is not None:
                timeout -= MOMENT
        self._wait(select.POLLIN, timeout)

    def send(self, data: bytes) -> None:
        """See Channel."""
        if self.broken:
            raise ClientDisconnected("the client is gone")
        try:
            count = self.send_now(data)
            if count == len(data):
                return
            view = memoryview(data)[count:]
            while view:
                self._wait_to_send()
                view = view[self.send_now(view) :]
        except OSError as error:
            raise self._lost(error) from error

    def _wait_to_send(self) -> None:
        """Wait until the kernel takes more. Raises TimeoutError when the client takes nothing.

        The kernel calls a socket writable only when a third of its buffer is free: with a slow
        client that may be much later than its last byte.
        """
        while True:
            before = self.unsent()
            try:
                return self._wait(select.POLLOUT, self.loop.timeouts.send)
            except TimeoutError:
                if self.unsent() >= before:
                    raise

    def _lost(self, error: OSError) -> ClientDisconnected:
        self.broken = True
        if isinstance(error, TimeoutError):
            return ClientDisconnected(f"the client took no byte for {self.loop.timeouts.send:g} s (--timeout-send)")
        return ClientDisconnected(f"the client is gone: {error.strerror or error}")

    def send_last(self, data: bytes, rest: FileSlice | memoryview | None = None) -> bool:
        """See Channel."""
        if self.broken:
            raise ClientDisconnected("the client is gone")
        try:
            count = self.send_now(data)
            if count == len(data) and rest is None and self.backlog is None:
                return True
            parts: list[Any] = [memoryview(data)[count:]] if count < len(data) else []
            self.outbox = parts if rest is None else [*parts, rest]
            return self.flush_now()
        except OSError as error:
            raise self._lost(error) from error

    def _wait(self, events: int, timeout: float | None) -> None:
        """Wait for the socket, after another thread has taken the loop. Raises TimeoutError."""
        if self.leading:
            self.loop.crew.hand_over()
        poll = select.poll()
        poll.register(self.fd, events)
        if not poll.poll(None if timeout is None else timeout * 1000):
            raise TimeoutError(f"nothing happened for {timeout:g} s")

    def hand_over(self) -> None:
        """See Channel."""
        if self.leading:
            self.loop.crew.hand_over()

    def announce(self, handler: Any) -> None:
        """See Channel."""
        if self.leading:
            crew = self.loop.crew
            crew.current = key = id(getattr(handler, "__func__", handler))
            if key in crew.slow:
                crew.hand_over()

    def peer(self) -> tuple[str, int]:
        """See Channel."""
        return (self._peer[0], self._peer[1]) if isinstance(self._peer, tuple) else ("", 0)

    def local(self) -> tuple[str, int]:
        """See Channel."""
        try:
            name = self.sock.getsockname()
        except OSError:
            name = ""
        return (name[0], name[1]) if isinstance(name, tuple) else ("", 0)

    def tls(self) -> Any:
        """See Channel."""
        return None

    def __repr__(self) -> str:
        states = ("reading", "flushing", "draining", "lingering", "handshake", "resetting", "closed")
        return f"<connection #{self.number} {states[self.state]}{', busy' if self.busy else ''}>"


def read_block(part: FileSlice) -> bytes:
    """The next block of `part`, for connections that cannot sendfile. Raises OSError."""
    return os.pread(part.fileno(), min(part.length, BLOCK), part.start)
