"""`RawHTTPServer`: the server as a `socketserver.TCPServer`."""

from __future__ import annotations

import logging
import socket
import socketserver
import ssl
import threading
import time
from typing import TYPE_CHECKING, Any

from rawwfile.adapters.interface import application_for
from rawwfile.server.accesslog import AccessLog
from rawwfile.server.attention import notice_vanished_peers
from rawwfile.server.connection import Connection
from rawwfile.server.loop import STATS, Loop
from rawwfile.server.serving import Serving
from rawwfile.server.tls_connection import TlsConnection
from rawwfile.settings import Settings

if TYPE_CHECKING:
    from rawwfile.server.tap import Tap
    from rawwfile.tape.model import Tape

log = logging.getLogger("rawwfile")


END_MARGIN = 0.3
"""Seconds after the grace for the loop to end; with every thread stuck nobody runs it."""


class RawHTTPServer(socketserver.TCPServer):
    """An HTTP/1.x server whose handlers may write the whole response themselves.

        with RawHTTPServer(("127.0.0.1", 0), Root()) as server:
            print(server.server_address)
            server.serve_forever()

    server_address: (host, port), port 0 for a free one; an IPv6 host; or the path of a Unix socket.
    application: a page tree, a WSGI callable, or a function of an Exchange (see
    `adapters.load.application_for`). tls: a context for HTTPS (`server.tls.make_context`).
    listening_socket: one that listens already; it is used instead of server_address.
    tape: records every byte that crosses a socket (`rawwfile.tape.model`).

    It is used like any TCPServer: serve_forever, shutdown, server_close, `with`. Requests are not
    handed to a RequestHandlerClass: `Serving` runs each as an Exchange, in the threads of a `Crew`.
    """

    allow_reuse_address = True

    connection_class: type[Connection] = Connection
    tls_connection_class: type[TlsConnection] = TlsConnection
    serving_class: type[Serving] = Serving
    """What it is made of; with a tape, classes that record."""
    tap: Tap | None = None
    """Where it records; None without a tape."""

    def __init__(
        self,
        server_address: Any,
        application: Any,
        *,
        settings: Settings | None = None,
        tls: ssl.SSLContext | None = None,
        listening_socket: socket.socket | None = None,
        bind_and_activate: bool = True,
        tape: Tape | None = None,
    ) -> None:
        self.settings = settings if settings is not None else Settings()
        self.application = application_for(application, self.settings.interface)
        self.tls = tls
        if tape is not None:
            self._record_on(tape)
        self.access_log = AccessLog(self.settings.access_log_format)
        self.request_queue_size = self.settings.backlog
        if isinstance(server_address, (str, bytes)):
            self.address_family = socket.AF_UNIX
        elif ":" in server_address[0]:
            self.address_family = socket.AF_INET6
        self._loop: Loop | None = None
        self._stop_wanted = False
        self._ended = threading.Event()
        self._ended.set()
        self._state = threading.Lock()
        super().__init__(server_address, _NoHandler, bind_and_activate=bind_and_activate and listening_socket is None)
        if listening_socket is not None:
            self.socket.close()
            self.socket = listening_socket
            notice_vanished_peers(listening_socket)
            self.server_address = listening_socket.getsockname()

    def _record_on(self, tape: Tape) -> None:
        # Imported here: who does not record loads nothing of it.
        from rawwfile.server.handshakes import hear_messages
        from rawwfile.server.tap import Tap
        from rawwfile.server.taped import TapedConnection, TapedServing, TapedTlsConnection

        self.tap = Tap(tape)
        if self.tls is not None:
            hear_messages(self.tls)
        self.connection_class, self.tls_connection_class = TapedConnection, TapedTlsConnection
        self.serving_class = TapedServing

    def server_bind(self) -> None:
        """Bind; accepted sockets inherit to send without Nagle's delay, and to notice peers that vanish."""
        notice_vanished_peers(self.socket)
        if self.address_family != socket.AF_UNIX:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().server_bind()

    def make_connection(self, loop: Loop, sock: socket.socket, number: int, peer: Any, deadline: float) -> Connection:
        """The Connection for a socket that was just accepted. Override to wrap it."""
        if self.tls is None:
            return self.connection_class(loop, sock, number, peer, deadline)
        return self.tls_connection_class(loop, sock, number, peer, deadline, self.tls)

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Serve until `shutdown`; poll_interval is there for socketserver's sake, nothing polls."""
        with self._state:
            if not self._ended.is_set():
                raise RuntimeError("serve_forever runs already")
            if self._stop_wanted:
                self._stop_wanted = False
                return
            self._ended.clear()
            self.access_log.refresh()
            self._loop = loop = Loop(self)
        try:
            loop.start()
            loop.stop_called.wait()
            loop.crew.ended.wait(max(0.0, (loop.give_up_at or 0.0) - time.monotonic()) + END_MARGIN)
        finally:
            loop.stop(0.0)
            loop.crew.stop()
            loop.close()
            with self._state:
                self._loop = None
            self._ended.set()

    def shutdown(self, grace: float | None = None) -> None:
        """End serve_forever and wait until it has: no new connections, responses in flight end.

        grace: seconds they get, `settings.grace` if None; then they are cut. Call it from another
        thread than serve_forever's. Where serve_forever has not begun, it will end at once.
        """
        with self._state:
            loop = self._loop
            self._stop_wanted = loop is None
        if loop is not None:
            loop.stop(self.settings.grace if grace is None else grace)
        self._ended.wait()

    def stop_now(self) -> None:
        """End serve_forever at once, cutting every response in flight."""
        self.shutdown(grace=0.0)

    def stats(self) -> dict[str, Any]:
        """Counts of this moment: connections, requests, threads (of requests), streams (and long waits), ends.

        ends: finished exchanges by how they ended. oldest: seconds that the longest one runs. bytes:
        content sent. Zeros while it is not serving.
        """
        loop = self._loop
        return {name: 0 for name in STATS} | {"ends": {}} if loop is None else loop.stats()

    def handle_request(self) -> None:
        """Not offered: connections are served by the loop. Use serve_forever in a thread."""
        raise NotImplementedError("RawHTTPServer serves by serve_forever(); run it in a thread and call shutdown()")

    def fileno(self) -> int:
        """The listening socket's descriptor."""
        return self.socket.fileno()


class _NoHandler(socketserver.BaseRequestHandler):
    """Stands where socketserver wants a handler class; it is never used."""
