"""The classes that a server with a tape is made of, instead of the ordinary ones.

    socket  ->  TapedSocket                      what crosses the socket
    Connection, TlsConnection  ->  Taped...      announcements, ends; the plain side above the cipher
    Serving  ->  TapedServing                    where exchanges begin and end, and why connections do

A server without a tape knows nothing of them: the ordinary classes ask no question.
"""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ProtocolError
from rawwfile.exchange.body import FileSlice
from rawwfile.server.connection import Connection, read_block
from rawwfile.server.door import Watching
from rawwfile.server.handshakes import facts_of, listen_to
from rawwfile.server.reasons import why_close, why_idle
from rawwfile.server.serving import Serving
from rawwfile.server.tap import Recording, Tap
from rawwfile.server.tls_connection import TlsConnection
from rawwfile.tape.model import PLAIN

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Application, Exchange
    from rawwfile.http.events import RequestHead
    from rawwfile.server.http_server import RawHTTPServer
    from rawwfile.server.loop import Loop


class TapedSocket:
    """A socket that tells a Recording of each read and write; in all else the socket itself."""

    __slots__ = ("_sock", "recording")

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.recording: Recording | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def recv(self, size: int) -> bytes:
        """See socket.recv."""
        recording = self.recording
        assert recording is not None
        try:
            data = self._sock.recv(size)
        except BlockingIOError:
            raise
        except OSError as error:
            recording.broke(error)
            raise
        if data:
            recording.received(data, recording.side)
        else:
            recording.client_ended(recording.side)
        return data

    def send(self, data: Any) -> int:
        """See socket.send."""
        recording = self.recording
        assert recording is not None
        try:
            count = self._sock.send(data)
        except BlockingIOError:
            raise
        except OSError as error:
            recording.broke(error)
            raise
        if count:
            recording.sent(data, count, recording.side)
        return count

    def shutdown(self, how: int) -> None:
        """See socket.shutdown."""
        self._sock.shutdown(how)
        if how != socket.SHUT_RD and self.recording is not None:
            self.recording.server_ended(self.recording.side)


class TapedCipher:
    """An ssl.SSLObject that tells a Recording of each plain read and write; in all else the object itself."""

    __slots__ = ("_tls", "_recording")

    def __init__(self, tls: ssl.SSLObject, recording: Recording) -> None:
        self._tls = tls
        self._recording = recording

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tls, name)

    def read(self, size: int) -> bytes:
        """See ssl.SSLObject.read."""
        try:
            data: bytes = self._tls.read(size)  # type: ignore[assignment]
        except ssl.SSLZeroReturnError:
            self._recording.client_ended(PLAIN, "close_notify")
            raise
        except ssl.SSLEOFError:
            self._recording.client_ended(PLAIN, "without close_notify")
            raise
        if data:
            self._recording.received(data, PLAIN)
        elif size:
            # How Python tells of a close_notify, most of the time.
            self._recording.client_ended(PLAIN, "close_notify")
        return data

    def write(self, data: Any) -> int:
        """See ssl.SSLObject.write."""
        count = self._tls.write(data)
        if count:
            self._recording.sent(data, count, PLAIN)
        return count

    def do_handshake(self) -> None:
        """See ssl.SSLObject.do_handshake."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            raise
        except ssl.SSLError as error:
            self._recording.happened("tls-failed", error.reason or str(error))
            raise

    def unwrap(self) -> None:
        """See ssl.SSLObject.unwrap."""
        try:
            self._tls.unwrap()
        except ssl.SSLWantReadError:
            # Ours has been made; the client's has not come.
            self._recording.server_ended(PLAIN, "close_notify")
            raise
        self._recording.server_ended(PLAIN, "close_notify")


if TYPE_CHECKING:
    _Base = Connection
else:
    _Base = object


class _Taped(_Base):
    """What both kinds of connection have in addition. Mixed in before the ordinary class."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def recording(self) -> Recording: ...

        @recording.setter
        def recording(self, recording: Recording) -> None: ...

    def send_file_now(self, part: FileSlice) -> int:
        """See Connection. Bytes that never pass through the process could not be recorded."""
        return self.send_now(read_block(part))

    def announce(self, handler: Any) -> None:
        """See Channel."""
        exchange = self.exchange
        self.recording.announced((exchange.handler_name or "") if exchange is not None else "")
        super().announce(handler)

    def close(self, reset: bool = False) -> None:
        """See Connection."""
        why = self.recording.tap.note(why_idle, self) or ""
        super().close(reset)
        self.recording.closed(why, reset)


def _tap_of(loop: Loop) -> Tap:
    tap = loop.server.tap
    assert tap is not None
    return tap


class TapedConnection(_Taped, Connection):
    """A Connection on a tape."""

    __slots__ = ("recording",)

    def __init__(self, loop: Loop, sock: socket.socket, number: int, peer: Any, deadline: float) -> None:
        tap, taped = _tap_of(loop), TapedSocket(sock)
        super().__init__(loop, taped, tap.next_number(number), peer, deadline)  # type: ignore[arg-type]
        self.recording = taped.recording = Recording(tap, self)


class TapedWatched(Watching, TapedConnection):
    """The same with a door."""

    __slots__ = ("door",)


class TapedTlsConnection(_Taped, TlsConnection):
    """A TlsConnection on a tape: cipher text below, plain text above."""

    __slots__ = ("recording",)

    def __init__(
        self, loop: Loop, sock: socket.socket, number: int, peer: Any, deadline: float, context: ssl.SSLContext
    ) -> None:
        tap, taped = _tap_of(loop), TapedSocket(sock)
        super().__init__(loop, taped, tap.next_number(number), peer, deadline, context)  # type: ignore[arg-type]
        self.recording = taped.recording = Recording(tap, self)
        listen_to(self._tls, self.recording)
        self._tls = TapedCipher(self._tls, self.recording)  # type: ignore[assignment]

    def handshake_now(self) -> bool:
        """See TlsConnection."""
        done = super().handshake_now()
        if done:
            self.recording.tap.note(self._tell_facts)
        return done

    def _tell_facts(self) -> None:
        self.recording.secured(facts_of(self.tls(), self.recording))

    def _greet(self, data: bytes) -> bool:
        greeted = super()._greet(data)
        if not greeted:
            self.recording.happened("tls-failed", "the first bytes are no TLS")
        return greeted


class TapedServing(Serving):
    """A Serving that tells where exchanges begin and end."""

    def __init__(self, loop: Loop, server: RawHTTPServer) -> None:
        super().__init__(loop, server)
        self.application = _told(self.application)

    def _exchange(self, connection: Any, head: RequestHead) -> bool:
        connection.recording.begins(head)
        return super()._exchange(connection, head)

    def _refusal(self, connection: Any, head: RequestHead) -> ProtocolError | None:
        error = super()._refusal(connection, head)
        if error is not None:
            connection.recording.refused(error)
        return error

    def _record(self, exchange: Exchange) -> None:
        super()._record(exchange)
        exchange.channel.recording.over(exchange)  # type: ignore[attr-defined]

    def reject(self, connection: Any, error: ProtocolError) -> None:
        """See Serving."""
        connection.recording.rejected(error)
        super().reject(connection, error)

    def _drain_buffer(self, connection: Any) -> bool:
        done = super()._drain_buffer(connection)
        connection.recording.read_on()
        return done

    def _finish_body(self, connection: Any) -> None:
        super()._finish_body(connection)
        connection.recording.read_on()

    def begin_close(self, connection: Any, exchange: Exchange | None) -> None:
        """See Serving."""
        recording = connection.recording
        recording.because(recording.tap.note(why_close, connection, exchange) or "")
        if exchange is None:
            recording.rejection_over()
        super().begin_close(connection, exchange)


def _told(application: Application) -> Application:
    """`application`, telling when it has returned and what."""

    def call(exchange: Exchange) -> None:
        recording: Recording = exchange.channel.recording  # type: ignore[attr-defined]
        try:
            application(exchange)
        except BaseException as error:
            recording.tap.note(_tell_end, recording, exchange, error)
            raise
        recording.tap.note(_tell_end, recording, exchange, None)

    return call


def _tell_end(recording: Recording, exchange: Exchange, error: BaseException | None) -> None:
    recording.happened("handler-end", _what_came(exchange, error))


def _what_came(exchange: Exchange, error: BaseException | None) -> str:
    """In a few words, what the handler left: for the timeline."""
    if error is not None:
        return f"raised {type(error).__name__}: {_text_of(error)}"[:200]
    if exchange.wrote_by_hand:
        return f"wrote {exchange.response.wfile.observer.bytes_seen} bytes by hand"
    body = exchange.response.body
    if body is None:
        return "returned nothing"
    if isinstance(body, (str, bytes, bytearray)):
        return f"returned {type(body).__name__} of length {len(body)}"
    if hasattr(type(body), "__next__"):
        return f"returned a {type(body).__name__}; its pieces are asked for now"
    return f"returned {type(body).__name__}"


def _text_of(error: BaseException) -> str:
    """str(error), which is the handler's own code and may fail, as text that every file takes."""
    try:
        return str(error).encode("utf-8", "backslashreplace").decode()
    except Exception:  # noqa: BLE001 - whatever it raises, there is no text
        return "<exception str() failed>"
