"""The visitor: drives a lab's server from outside, with bounds on time, bytes and connections.

    def drive(visit):
        visit.get("/")
        with visit.connect() as line:
            line.send(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
            line.response()

What it reads serves only to know when to go on; a check judges what the server's tape recorded.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from rawwfile.glass.pieces import Piece
from rawwfile.http.observe import ResponseObserver
from rawwfile.lab.guard import is_loopback
from rawwfile.lab.judging import NotYet

MOST_SECONDS = 20.0
"""Time for all visits of one check, unless the caller gives more."""
MOST_BYTES = 4 << 20
"""Bytes that all visits of one check read."""
MOST_CONNECTIONS = 100


class Visit:
    """One check's visits to a server on this machine.

    program: the student's module where the answer is a program; pieces: its bytes where it is a
    request; predictions: its lines where it is predictions. Raises NotYet where a bound is passed,
    and ValueError for another machine's address.
    """

    def __init__(
        self, address: tuple[str, int], *, seconds: float = MOST_SECONDS, tls: ssl.SSLContext | None = None
    ) -> None:
        if not is_loopback(address):
            raise ValueError(f"a lab speaks to 127.0.0.1 alone, not to {address[0]}")
        self.address = address
        self.tls = tls
        self.program: ModuleType | None = None
        self.pieces: list[Piece] = []
        self.predictions: dict[str, str] = {}
        self.connections: list[Line] = []
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._bytes = 0

    @property
    def host(self) -> str:
        """The value for a Host field."""
        return f"{self.address[0]}:{self.address[1]}"

    def connect(self, server_name: str | None = None) -> Line:
        """A new connection; with TLS where the lab's server speaks it (server_name goes into its hello)."""
        if len(self.connections) >= MOST_CONNECTIONS:
            raise NotYet(
                "connections", f"more than {MOST_CONNECTIONS} connections were opened", "a bound of this course",
                "Look for a loop that connects without end.",
            )  # fmt: skip
        line = Line(self, self._connected(server_name))
        self.connections.append(line)
        return line

    def get(self, path: str = "/", fields: str = "", *, version: str = "1.1", method: str = "GET") -> bytes:
        """One request on a connection of its own; the bytes of its response.

        fields: more of them, each with its CR LF.
        """
        with self.connect() as line:
            line.get(path, fields, version=version, method=method)
            return line.response(method)

    def close(self) -> None:
        """Close every connection that is still open."""
        for line in self.connections:
            line.close()

    def _connected(self, server_name: str | None) -> Any:
        while True:
            try:
                sock = socket.create_connection(self.address, timeout=self.left())
            except TimeoutError:
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock if self.tls is None else self.tls.wrap_socket(sock, server_hostname=server_name)

    # -- for the lines

    def left(self) -> float:
        """Seconds that are left. Raises NotYet when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise NotYet(
                "time", f"no end was in sight after {self._seconds:g} seconds", "a bound of this course",
                "Look for a loop without end, and for what waits: a client that was promised bytes waits for them.",
            )  # fmt: skip
        return left

    def count(self, size: int) -> None:
        """Note that so many bytes were read. Raises NotYet when they are too many."""
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise NotYet(
                "bytes", f"more than {MOST_BYTES} bytes were sent", "a bound of this course",
                "Look for a loop that writes without end.",
            )  # fmt: skip


class Line:
    """One connection of the visitor's. received: every byte so far; ended: no more will come."""

    def __init__(self, visit: Visit, sock: Any) -> None:
        self.visit = visit
        self.sock = sock
        self.received = bytearray()
        self.ended = False
        self._taken = 0

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, path: str = "/", fields: str = "", *, version: str = "1.1", method: str = "GET") -> None:
        """Send one request, with Host, without content."""
        self.send(f"{method} {path} HTTP/{version}\r\nHost: {self.visit.host}\r\n{fields}\r\n".encode("latin-1"))

    def send(self, data: bytes) -> None:
        """Send all of `data`, in one write. That the server has closed meanwhile is no fault."""
        try:
            self.sock.settimeout(self.visit.left())
            self.sock.sendall(data)
        except TimeoutError:
            self.visit.left()
        except OSError:
            pass

    def send_pieces(self, pieces: Iterable[Piece]) -> None:
        """Send each piece in a write of its own, after its pause. Raises NotYet where they take too long."""
        pieces = list(pieces)
        pauses = sum(piece.pause for piece in pieces)
        if pauses > self.visit.left():
            saw = f"the pauses take {pauses:g} seconds together, more than a check has"
            raise NotYet("pauses", saw, "a bound of this course", "Make them shorter.")
        for piece in pieces:
            if piece.pause:
                time.sleep(min(piece.pause, self.visit.left()))
            self.send(piece.data)

    def response(self, method: str = "GET") -> bytes:
        """The next response, final or not finished: up to where it is complete, or to the end.

        Interim responses (1xx) before it are part of what is returned.
        """
        observer = ResponseObserver(method)
        start = fed = self._taken
        while True:
            while fed < len(self.received):
                # In small steps where the end is not known, so that a second response stays for the next call.
                endless = observer.verdict in ("open-ended", "unreadable")
                step = len(self.received) - fed if endless else min(observer.missing or 1, len(self.received) - fed)
                observer.receive(bytes(self.received[fed : fed + step]))
                fed += step
                if observer.verdict in ("complete", "upgraded"):
                    return self._take(start, fed)
            if not self._receive():
                return self._take(start, fed)

    def until(self, marker: bytes) -> bytes:
        """Everything up to and with `marker`, or to the end if it does not come."""
        start = self._taken
        while (found := self.received.find(marker, start)) < 0:
            if not self._receive():
                return self._take(start, len(self.received))
        return self._take(start, found + len(marker))

    def rest(self) -> bytes:
        """Everything to the end of the connection."""
        start = self._taken
        while self._receive():
            pass
        return self._take(start, len(self.received))

    def finish_sending(self) -> None:
        """Say that no more will be sent, and go on reading."""
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        """Close it."""
        self.sock.close()

    def _take(self, start: int, end: int) -> bytes:
        self._taken = end
        return bytes(self.received[start:end])

    def _receive(self) -> bool:
        if self.ended:
            return False
        try:
            self.sock.settimeout(self.visit.left())
            data = self.sock.recv(1 << 16)
        except TimeoutError:
            self.visit.left()
            return True
        except OSError:
            data = b""
        self.received += data
        self.visit.count(len(data))
        self.ended = not data
        return bool(data)
