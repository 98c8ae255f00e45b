"""The loop that the leader runs: which connection is ready, and what is due.

    accept -> READING --head--> handler --> FLUSHING --> DRAINING --> READING ...
                                               \\-> LINGERING or RESETTING --> CLOSED

A connection is touched by one thread at a time: by the leader, or, while it is `busy`, by the
thread that runs its handler.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from rawwfile.server.connection import (
    CLOSED,
    DRAINING,
    FLUSHING,
    HANDSHAKE,
    LINGERING,
    READING,
    RESETTING,
    Connection,
)
from rawwfile.server.crew import Crew
from rawwfile.server.monitor import Monitor
from rawwfile.server.poller import READ, WRITE, make_poller

if TYPE_CHECKING:
    from rawwfile.server.http_server import RawHTTPServer

log = logging.getLogger("rawwfile")

ACCEPT_BURST = 64
"""Connections accepted before those that are ready are served."""
ACCEPT_PAUSE = 0.25
"""Seconds without accepting after the system ran out of files or memory."""
SILENT = 2.0
"""Seconds that a new connection may take for its first byte when descriptors are short."""
NEWCOMER = 0.5
"""Seconds that a new connection may take for its first byte when the server stops."""
STREAMS_SHARE = 0.8
"""The part of the grace after which streams end at their next piece, so that they can clean up."""
STATS = ("connections", "requests", "threads", "streams", "oldest", "bytes")
"""Names of what is counted, besides `ends`."""
_EXHAUSTED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Loop:
    """The connections of one server and the steps of each. `lead` is run by one thread at a time."""

    def __init__(self, server: RawHTTPServer) -> None:
        settings = server.settings
        self.server = server
        self.limits = settings.limits
        self.timeouts = settings.timeouts
        self.poller = make_poller()
        self.connections: dict[int, Connection] = {}
        self.ready: deque[tuple[int, int]] = deque()
        self.listener = server.socket
        self.listener.setblocking(False)
        self.listening = False
        self.accept_again = 0.0
        self.complain_again = 0.0
        self.accepted = 0
        self.requests_before = self.content_before = 0
        self.crew = Crew(self.lead, settings.threads, settings.limit_streams)
        self.monitor = Monitor()
        self.serving = server.serving_class(self, server)
        self.stopping = False
        self.closed = False
        self.stop_called = threading.Event()
        self._stop_lock = threading.Lock()
        self.give_up_at: float | None = None
        self.streams_end_at = 0.0
        self.stop_signal, self._stop_end = os.pipe()
        bounds = [t for t in (self.timeouts.header, self.timeouts.keep_alive, self.timeouts.send) if t]
        self.sweep_every = min([0.5, *(bound / 4 for bound in bounds)])
        self.next_sweep = 0.0
        self.waker, self._wake_end = socket.socketpair()
        self.waker.setblocking(False)
        self._wake_end.setblocking(False)

    # -- start and stop, from any thread

    def start(self) -> None:
        """Begin to listen; the crew runs `lead`."""
        self.poller.register(self._wake_end.fileno(), READ)
        self._listen(True)
        self.crew.start()

    def stop(self, grace: float) -> None:
        """Accept no more, let exchanges end for `grace` seconds, then cut what is left."""
        now = time.monotonic()
        self.give_up_at = now + grace
        self.streams_end_at = now + grace * STREAMS_SHARE
        with self._stop_lock:
            first, self.stopping = not self.stopping, True
            if first:
                os.close(self._stop_end)
        if first:
            self.monitor.call_all()
        self.stop_called.set()
        self.wake()

    def streams_over(self) -> bool:
        """While stopping: streams have had their share of the grace."""
        return time.monotonic() >= self.streams_end_at

    def wake(self) -> None:
        """Bring the leader back from its wait."""
        try:
            self.waker.send(b"x")
        except OSError:
            pass

    def close(self) -> None:
        """Free everything; the crew must have ended."""
        with self.serving.lock:
            self.closed = True
            for connection in list(self.connections.values()):
                self.forget(connection, reset=True)
            self.poller.close()
            os.close(self.stop_signal)
        self.monitor.close()
        self.waker.close()
        self._wake_end.close()

    def _listen(self, on: bool) -> None:
        if on and not self.listening:
            self.poller.register(self.listener.fileno(), READ)
        elif not on and self.listening:
            self.poller.unregister(self.listener.fileno())
        self.listening = on

    # -- the leader

    def lead(self) -> bool:
        """Serve until another thread leads (True) or all is over (False)."""
        ready, connections = self.ready, self.connections
        while True:
            while ready:
                fd, _events = ready.popleft()
                connection = connections.get(fd)
                if connection is not None:
                    if not self._attend(connection):
                        return True
                elif fd == self.listener.fileno() and not self.stopping:
                    self._accept()
                elif fd == self._wake_end.fileno():
                    self._drain_waker()
            now = time.monotonic()
            if now >= self.next_sweep:
                self._sweep(now)
                self.next_sweep = now + self.sweep_every
            if self.stopping and self._all_ended(now):
                return False
            if self.stopping:
                patience = min(self.sweep_every, max(0.0, (self.give_up_at or 0.0) - now))
            else:
                patience = self.sweep_every if connections or not self.listening else -1
            ready.extend(self.poller.poll(patience))

    def _drain_waker(self) -> None:
        try:
            self._wake_end.recv(4096)
        except BlockingIOError:
            pass

    def _attend(self, connection: Connection) -> bool:
        """One step of a connection that is ready; False if this thread leads no more."""
        if connection.busy and self._disarm(connection):
            return True
        try:
            return self._advance(connection)
        except (OSError, EOFError) as error:
            log.debug("%r: %s", connection, error)
            self.serving.break_off(connection, error)
        return True

    def _disarm(self, connection: Connection) -> bool:
        """Stop watching a connection whose handler runs; False if it has just ended."""
        with self.serving.lock:
            if connection.busy:
                self.want(connection, 0)
                return True
        return False

    def _advance(self, connection: Connection) -> bool:
        state = connection.state
        if state == READING:
            data = connection.receive_now()
            if data is None:
                self.give_back(connection)
                return True
            connection.reader.receive_data(data)
            return self.serving.serve(connection, leading=True)
        if state == FLUSHING:
            return self._flush(connection)
        if state == DRAINING:
            return self.serving.drain(connection, leading=True)
        if state == LINGERING:
            self._linger(connection)
        elif state == HANDSHAKE:
            return self._handshake(connection)
        return True

    def _flush(self, connection: Connection) -> bool:
        """Send on; progress moves the deadline."""
        if connection.flush_now():
            return self.serving.flushed(connection)
        self.serving.await_client(connection)
        self.give_back(connection)
        return True

    def _handshake(self, connection: Any) -> bool:
        if connection.handshake_now():
            connection.state = READING
            return self._advance(connection)
        if connection.state == LINGERING:
            self.serving.begin_close(connection, None)
        self.give_back(connection)
        return True

    def _linger(self, connection: Connection) -> None:
        now = time.monotonic()
        for _ in range(16):
            count = connection.discard_now()
            if count is None:
                self.give_back(connection)
                return
            if not count or now > connection.closing_at:
                self.forget(connection)
                return
            connection.deadline = min(now + self.timeouts.linger, connection.closing_at)
        self.give_back(connection)

    # -- new connections

    def _accept(self) -> None:
        """Take what waits in the backlog; each is looked at at once, since it mostly has its request."""
        for _ in range(ACCEPT_BURST):
            try:
                sock, peer = self.listener.accept()
            except BlockingIOError:
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                if self.stopping:
                    return
                self._run_dry(error)
                return
            try:
                sock.setblocking(False)
                self.accepted += 1
                connection = self.server.make_connection(self, sock, self.accepted, peer, self._head_deadline())
            except OSError as error:
                log.debug("a new connection broke: %s", error)
                sock.close()
                continue
            self.connections[connection.fd] = connection
            self.ready.append((connection.fd, READ))

    def _head_deadline(self) -> float:
        return time.monotonic() + (self.timeouts.header or 1e9)

    def _run_dry(self, error: OSError) -> None:
        """No more files or memory for connections: say so, free idle ones, pause, go on."""
        if error.errno not in _EXHAUSTED:
            log.error("accept failed: %s", error)
        now = time.monotonic()
        idle = [c for c in self.connections.values() if self._is_idle(c)]
        idle.sort(key=lambda c: (not c.requests, c.deadline))
        freed = idle[: max(1, len(idle) // 8)]
        for connection in freed:
            self.forget(connection)
        if not freed:
            self._listen(False)
            self.accept_again = now + ACCEPT_PAUSE
        if now >= self.complain_again:
            self.complain_again = now + 1.0
            log.error(
                "%s (%d connections open); %s. Raise the limit (ulimit -n)",
                os.strerror(error.errno or 0),
                len(self.connections),
                "closing idle ones to accept others" if freed else f"accepting again in {ACCEPT_PAUSE:g} s",
            )

    def _is_idle(self, connection: Connection) -> bool:
        """Nothing is lost with it: kept after a response, or new and silent for a while."""
        if connection.busy or connection.state != READING or connection.reader.buffered or connection.unread():
            return False
        return connection.requests > 0 or self._is_silent(connection, SILENT)

    def _is_silent(self, connection: Connection, seconds: float) -> bool:
        """A new connection has brought no request for `seconds`."""
        return not connection.requests and connection.deadline < self._head_deadline() - seconds

    def _awaits_nothing(self, connection: Connection) -> bool:
        """While stopping: no request has come, and none is likely to be on its way."""
        if connection.busy or connection.state not in (READING, HANDSHAKE) or connection.reader.buffered:
            return False
        if connection.unread():
            return False
        return connection.requests > 0 or self._is_silent(connection, NEWCOMER)

    # -- what is due

    def _sweep(self, now: float) -> None:
        if not self.listening and not self.stopping and now >= self.accept_again:
            self._listen(True)
        for connection in list(self.connections.values()):
            if not connection.busy and connection.deadline <= now:
                self._expire(connection)

    def _expire(self, connection: Connection) -> None:
        """A deadline has passed: what it means depends on what the connection was doing."""
        if connection.state == READING and connection.reader.in_head:
            self.serving.time_out_head(connection)
        elif connection.state == FLUSHING:
            self.serving.give_up_flush(connection)
        elif connection.state == RESETTING:
            self.forget(connection, reset=True)
        elif connection.state != READING or not self.serving.still_taken(connection):
            self.forget(connection)

    def _all_ended(self, now: float) -> bool:
        """While stopping: close what is idle; after the grace, cut what is not."""
        if self.listening:
            self._listen(False)
        for connection in list(self.connections.values()):
            if self._awaits_nothing(connection):
                self.forget(connection)
        if self.connections and self.give_up_at is not None and now >= self.give_up_at:
            for connection in list(self.connections.values()):
                if connection.busy:
                    self._cut(connection)
                else:
                    self.forget(connection, reset=True)
            return True
        return not self.connections

    def _cut(self, connection: Connection) -> None:
        log.warning("%s did not end within the grace; its connection is cut", connection.exchange or connection)
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def stats(self) -> dict[str, Any]:
        """See RawHTTPServer.stats."""
        now = time.monotonic()
        # Counted by connection, so that an ordinary request takes no lock for it.
        living = list(self.connections.values())
        requests = self.requests_before + sum(connection.requests for connection in living)
        running = [c.exchange for c in living if c.busy]
        ends = dict(self.serving.ends)
        return {
            "connections": len(living),
            "requests": requests,
            "threads": self.crew.count,
            "streams": self.crew.streams,
            "oldest": max((now - exchange.started for exchange in running if exchange is not None), default=0.0),
            "bytes": self.content_before + sum(connection.content_sent for connection in living),
            "ends": {"complete": max(0, requests - len(running) - sum(ends.values())), **ends},
        }

    # -- registration

    def want(self, connection: Connection, events: int) -> None:
        """Watch `connection` for `events`; 0 stops it. Costs nothing while they stay the same."""
        if connection.interest != events:
            if not connection.interest:
                self.poller.register(connection.fd, events)
            elif events:
                self.poller.modify(connection.fd, events)
            else:
                self.poller.unregister(connection.fd)
            connection.interest = events

    def give_back(self, connection: Connection) -> None:
        """Watch a connection that is the loop's (again) for what its state needs."""
        if connection.state == CLOSED:
            self.forget(connection, reset=connection.after_flush == RESETTING)
            return
        if connection.state == RESETTING:
            self.want(connection, 0)
            return
        try:
            self.want(connection, WRITE if connection.wants_write else READ)
        except OSError as error:
            log.error("cannot watch %r: %s; it is closed", connection, error)
            self.forget(connection)

    def forget(self, connection: Connection, reset: bool = False) -> None:
        """Close a connection and drop it."""
        if connection.interest:
            try:
                self.poller.unregister(connection.fd)
            except OSError:
                pass
            connection.interest = 0
        if connection.state in (READING, DRAINING) and not reset:
            connection.say_end()
        if self.connections.pop(connection.fd, None) is not None:
            self.requests_before += connection.requests
            self.content_before += connection.content_sent
        connection.close(reset)
