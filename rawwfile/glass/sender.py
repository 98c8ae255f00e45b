"""Sends raw bytes piece by piece and keeps what comes back, with the time of each arrival.

It reads while it sends, as a careful client does: an answer that comes early is seen early. It adds
nothing to the bytes and judges nothing; that is the observer's work. Everything is bounded: the
time, the bytes read, and where it connects (this machine, unless told otherwise).
"""

from __future__ import annotations

import contextlib
import ipaddress
import select
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from rawwfile.errors import ProtocolError, RawwfileError
from rawwfile.glass.pieces import Piece, checked
from rawwfile.http.events import NEED_DATA, PAUSED, PEER_CLOSED, RequestHead
from rawwfile.http.observe import ResponseObserver
from rawwfile.http.reader import RequestReader

Address = tuple[str, int] | str
"""Host and port, or the path of a Unix socket."""

CONNECT_PATIENCE = 5.0
"""Seconds for connecting and for the TLS handshake."""
TICK = 0.1
"""Seconds between two looks at `stopping`."""
CONTINUE_PATIENCE = 1.0
"""Seconds after which content is sent although no 100 (Continue) came (RFC 9110 section 10.1.1)."""
MAX_PIPELINED = 1000
"""Most requests whose answers are waited for."""


class NotLocal(RawwfileError):
    """The address is not of this machine, and nobody said that it may be another."""


@dataclass(slots=True)
class Reply:
    """What came back.

    crossed: each write and read in order: (seconds since the connection stood, "in" for what we sent
    or "out" for what the server sent, as on a tape, bytes). ended: why reading ended: "complete"
    (every request has its whole answer), "eof", "reset", "timeout", "limit" (too many bytes) or
    "stopped". clean: with TLS, whether close_notify came before the end.
    """

    crossed: list[tuple[float, str, bytes]] = field(default_factory=list)
    ended: str = ""
    sent: int = 0
    """Bytes that the system took of those to be sent; less than all where the peer ended first."""
    seconds: float = 0.0
    """From the connection to the end of reading."""
    local: Address = ""
    """Our end of the connection: the server knows it as its peer."""
    peer: Address = ""
    clean: bool = True

    @property
    def arrivals(self) -> list[tuple[float, bytes]]:
        """(seconds, bytes) of each read."""
        return [(seconds, data) for seconds, direction, data in self.crossed if direction == "out"]

    @property
    def data(self) -> bytes:
        """All bytes that came."""
        return b"".join(data for _, data in self.arrivals)


def local_address(address: Address) -> bool:
    """Whether only this machine can be meant: a Unix socket, a loopback address, or "localhost"."""
    if isinstance(address, str):
        return True
    host = address[0].partition("%")[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def send(
    address: Address,
    pieces: Iterable[Piece],
    tls: ssl.SSLContext | None = None,
    read: float = 5.0,
    most: int = 1 << 20,
    *,
    end: bool = False,
    whole: bool = True,
    after: Sequence[int] = (),
    continues: Collection[int] = (),
    anywhere: bool = False,
    server_name: str | None = None,
    stopping: Callable[[], bool] = bool,
) -> Reply:
    """Send `pieces` on a connection of their own and return what came back.

    read: seconds after the last piece until which answers are waited for. most: bytes after which
    reading ends. end: end our sending (FIN, with TLS close_notify) after the last piece. whole: be
    done as soon as every request among the pieces has its whole answer. after: the piece of this index
    waits until so many whole answers have come, and its pause begins then; it waits `read` seconds at
    most. continues: the pieces of these indexes wait for an interim response too, as content after
    Expect: 100-continue does, but a second at most. anywhere: allow addresses other than this machine's.
    server_name: for TLS, the host by default. stopping: asked ten times a second; ends it all.
    Raises NotLocal, PiecesError, and OSError (ssl.SSLError among them) where no connection comes about.
    """
    if not anywhere and not local_address(address):
        raise NotLocal(f"{address[0]} is not this machine; raw bytes go to loopback addresses only")
    conversation = _Conversation(checked(pieces), read, most, end, stopping)
    conversation.whole, conversation.after, conversation.continues = whole, after, continues
    with _connected(address, tls, server_name) as sock:
        return conversation.run(sock)


def _connected(address: Address, tls: ssl.SSLContext | None, server_name: str | None) -> socket.socket:
    if isinstance(address, str):
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.settimeout(CONNECT_PATIENCE)
            sock.connect(address)
        except BaseException:
            sock.close()
            raise
    else:
        sock = socket.create_connection(address, CONNECT_PATIENCE)
        # Each piece shall be a segment of its own, so far as the system lets us.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        if tls is not None:
            host = address[0] if isinstance(address, tuple) else "localhost"
            sock = tls.wrap_socket(sock, server_hostname=server_name or host, suppress_ragged_eofs=False)
        sock.setblocking(False)
    except BaseException:
        sock.close()
        raise
    return sock


class Answers:
    """Says when every request in `sent` has its whole answer. For requests that we can read.

    What is no request we could read to its end has no answer to wait for but the end of the connection.
    """

    def __init__(self, sent: bytes) -> None:
        self._methods, self.known = _methods(sent)
        self.count = 0
        self._observer: ResponseObserver | None = None

    def receive(self, data: bytes) -> None:
        """Take note of bytes that came back."""
        while data and self._methods:
            if self._observer is None:
                self._observer = ResponseObserver(self._methods[0])
            self._observer.receive(data)
            if self._observer.verdict not in ("complete", "excess"):
                return
            extra = self._observer.excess
            data = data[len(data) - extra:] if extra else b""
            self._observer = None
            self._methods.pop(0)
            self.count += 1

    @property
    def interim(self) -> int:
        """How many interim responses have come to the request whose answer is next."""
        return 0 if self._observer is None else len(self._observer.interim)

    @property
    def whole(self) -> bool:
        """Nothing more is to be expected."""
        return self.known and not self._methods


def _methods(sent: bytes) -> tuple[list[str], bool]:
    """The methods of the whole requests in `sent`, and whether there are requests and nothing else."""
    reader = RequestReader()
    methods: list[str] = []
    reader.receive_data(sent)
    try:
        while len(methods) < MAX_PIPELINED:
            event = reader.next_event()
            if isinstance(event, RequestHead):
                methods.append(event.method.decode("latin-1"))
            elif event is PAUSED:
                # An empty line behind the last request asks for nothing.
                if not reader.start_next() or not sent[len(sent) - reader.buffered :].strip(b"\r\n"):
                    return methods, True
            elif event is NEED_DATA or event is PEER_CLOSED:
                return methods, False
    except ProtocolError:
        pass
    return methods, False


class _Conversation:
    """One connection: the pieces that wait to be sent, and what came."""

    def __init__(
        self, pieces: list[Piece], read: float, most: int, end: bool, stopping: Callable[[], bool]
    ) -> None:
        self.pieces, self.read, self.most, self.end, self.stopping = pieces, read, most, end, stopping
        self.answers = Answers(b"".join(piece.data for piece in pieces))
        self.whole = True
        self.after: Sequence[int] = ()
        self.continues: Collection[int] = ()
        self.reply = Reply()
        self._came = 0
        self._next = 0
        self._left = memoryview(b"")
        self._due = 0.0
        self._sending = True
        self._started = 0.0
        self._quiet_since = 0.0
        """When it last went forward: a piece was due, bytes left, or an answer came that was waited for."""
        self._waits = self._continues = False
        """The next piece waits for answers; for an interim response, but not for ever."""

    def run(self, sock: socket.socket) -> Reply:
        """Send and read until an end comes."""
        reply = self.reply
        self._started = self._quiet_since = time.monotonic()
        local, peer = sock.getsockname(), sock.getpeername()
        reply.local = local if isinstance(local, str) else tuple(local[:2])
        reply.peer = peer if isinstance(peer, str) else tuple(peer[:2])
        self._plan(self._started)
        while not reply.ended:
            if self._sending:
                self._send(sock)
            self._receive(sock)
            if reply.ended:
                break
            if self.whole and self.answers.whole and not self._sending:
                reply.ended = "complete"
            elif self.stopping():
                reply.ended = "stopped"
            elif time.monotonic() >= self._deadline():
                reply.ended = "timeout"
            else:
                self._wait(sock)
        reply.seconds = time.monotonic() - self._started
        return reply

    def _deadline(self) -> float:
        """Until when we wait: for answers, for a peer that takes nothing, or for what a piece waits for."""
        if self._sending and not self._left and not self._waits:
            return self._due + self.read
        return self._quiet_since + self.read

    def _plan(self, now: float) -> None:
        """Say when the next piece is due, as far as that is known."""
        if self._next >= len(self.pieces):
            return
        needed = self.after[self._next] if self._next < len(self.after) else 0
        self._waits = self.answers.count < needed
        already, answers = self._continues, self.answers
        self._continues = self._next in self.continues and answers.count == needed and not answers.interim
        if self._continues and already:
            return
        self._due = self._quiet_since = now
        if not self._waits:
            self._due += CONTINUE_PATIENCE if self._continues else self.pieces[self._next].pause
            self._quiet_since = self._due

    def _send(self, sock: socket.socket) -> None:
        while True:
            now = time.monotonic()
            if not self._left:
                if self._next >= len(self.pieces):
                    self._finish(sock)
                    self._sending = False
                    self._quiet_since = now
                    return
                if self._waits or now < self._due:
                    return
                self._left = memoryview(self.pieces[self._next].data)
                self._next += 1
            try:
                while self._left:
                    count = sock.send(self._left)
                    self._quiet_since = now = time.monotonic()
                    self.reply.sent += count
                    self.reply.crossed.append((now - self._started, "in", bytes(self._left[:count])))
                    self._left = self._left[count:]
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            except OSError:
                # The peer takes no more; what it said before may still be read.
                self._sending = False
                return
            self._plan(now)

    def _finish(self, sock: socket.socket) -> None:
        if not self.end:
            return
        with contextlib.suppress(OSError):
            if isinstance(sock, ssl.SSLSocket):
                # It sends our close_notify; on a socket that does not block it raises instead of waiting
                # for the peer's. No FIN with it: SSLSocket.shutdown would end our reading too.
                sock.unwrap()
            else:
                sock.shutdown(socket.SHUT_WR)

    def _receive(self, sock: socket.socket) -> None:
        reply = self.reply
        while not reply.ended:
            room = self.most - self._came
            try:
                data = sock.recv(min(1 << 18, room + 1))
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
                reply.ended, reply.clean = "eof", isinstance(error, ssl.SSLZeroReturnError)
                return
            except OSError:
                reply.ended = "reset"
                return
            if not data:
                reply.ended = "eof"
                return
            self._came += len(data)
            now = time.monotonic()
            if room:
                reply.crossed.append((now - self._started, "out", data[:room]))
            if self._came > self.most:
                reply.ended = "limit"
                return
            self.answers.receive(data)
            if self._waits or self._continues:
                self._plan(now)
            if self.whole and self.answers.whole and not self._sending:
                reply.ended = "complete"

    def _wait(self, sock: socket.socket) -> None:
        """Until something can be done, at most a tick."""
        if isinstance(sock, ssl.SSLSocket) and sock.pending():
            return
        now = time.monotonic()
        until = min(now + TICK, self._deadline())
        if self._sending and not self._left and not self._waits:
            until = min(until, self._due)
        poll = select.poll()
        poll.register(sock, select.POLLIN | (select.POLLOUT if self._left else 0))
        # Rounded up: a poll of a fraction of a millisecond returns at once, again and again.
        poll.poll(max(0.0, until - now) * 1000 + 0.5)
