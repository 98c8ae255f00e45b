"""Clients that read slow streams while something else is measured."""

from __future__ import annotations

import re
import selectors
import socket
import threading
import time

LINE = re.compile(rb"t=(\d+)\n")
LAST_CHUNK = b"\r\n0\r\n\r\n"


class StreamClient:
    """One client of /stream."""

    def __init__(self, address: tuple[str, int], request: bytes) -> None:
        self.sock = socket.create_connection(address)
        self.sock.sendall(request)
        self.rest = b""
        self.lags: list[float] = []

    def read(self) -> bool:
        """Read what is there; False at the end of the stream (a chunked peer keeps the connection)."""
        try:
            data = self.sock.recv(65536)
        except OSError:
            return False
        now = time.monotonic_ns()
        self.rest += data
        done = 0
        for match in LINE.finditer(self.rest):
            self.lags.append((now - int(match[1])) / 1e6)
            done = match.end()
        self.rest = self.rest[done:]
        return bool(data) and not self.rest.endswith(LAST_CHUNK)


class StreamClients:
    """`count` clients, read by one thread; each line carries the time when it was written.

    `lags`, after `finish`: times from a line's write to its arrival here, ms; they include this
    thread's own wait for the core that it shares with the load generator.
    """

    def __init__(self, port: int, count: int, *, lines: int, pause: float) -> None:
        self.request = b"GET /stream?lines=%d&pause=%g HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % (lines, pause)
        self.address = ("127.0.0.1", port)
        self.count = count
        self.expected = lines * count
        self.limit = lines * pause * 3 + 5
        self.lags: list[float] = []
        self.flowing = threading.Event()
        self.thread = threading.Thread(target=self._run, name="streams")

    def start(self) -> None:
        """Ask for the streams; returns when each client has had its first line, or after 3 s."""
        self.thread.start()
        self.flowing.wait(3)

    def finish(self) -> None:
        """Wait until every stream has ended, or for three times what it should take."""
        self.thread.join()

    @property
    def lost(self) -> int:
        """How many lines never came."""
        return self.expected - len(self.lags)

    def _run(self) -> None:
        until = time.monotonic() + self.limit
        clients = [StreamClient(self.address, self.request) for _ in range(self.count)]
        with selectors.DefaultSelector() as selector:
            for client in clients:
                selector.register(client.sock, selectors.EVENT_READ, client)
            while selector.get_map() and time.monotonic() < until:
                for key, _ in selector.select(0.5):
                    if not key.data.read():
                        selector.unregister(key.fileobj)
                if not self.flowing.is_set() and all(client.lags for client in clients):
                    self.flowing.set()
        for client in clients:
            client.sock.close()
            self.lags += client.lags
