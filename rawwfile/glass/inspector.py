"""The inspector: the page that shows a tape, served by a server of ours on a loopback port of its own.

    inspector = Inspector(tape, server_address=server.server_address, scheme="http", lab=box)
    print(inspector.start())       http://127.0.0.1:40123/?t=...
    ...
    inspector.stop()

It listens on 127.0.0.1 alone, and only who has the address with its secret gets anything
(`web.guard`). The page itself is in assets/, the site in web/.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from typing import Any

from rawwfile.errors import AddressInUse
from rawwfile.exchange.context import current_exchange
from rawwfile.glass.labbox import LabBox
from rawwfile.glass.sender import Address
from rawwfile.glass.web.actions import MAX_WIRE
from rawwfile.glass.web.assets import Assets
from rawwfile.glass.web.guard import Guard
from rawwfile.glass.web.live import News
from rawwfile.glass.web.shown import Shown
from rawwfile.glass.web.site import Site
from rawwfile.server.accesslog import AccessLog
from rawwfile.server.http_server import RawHTTPServer
from rawwfile.server.listen import open_listener
from rawwfile.settings import Settings
from rawwfile.tape.model import Tape

GRACE = 3.0
"""Seconds that answers under way get when it stops; streams end at once."""
MAX_PAGES = 64
"""Pages that follow the tape at once."""
PORT_PATIENCE = 10.0
"""Seconds that are waited for a port that another inspector is just leaving (a reload)."""
ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses that a server listens on and nobody connects to; and what to connect to."""


class Inspector:
    """Shows `tape` on a page of its own.

    server_address, scheme: of the watched server, for the send box and for command lines; (host,
    port), or the path of a Unix socket. secrets: show what is masked otherwise. port: of the page; 0 for a
    free one. token: of the secret address; None for a new one. lab: answers the lab address of
    the watched server. application: what it serves, in a few words. visits: addresses worth a look, as
    [{"path": "/", "title": "the first page"}]. client_tls: how the send box speaks TLS; None
    believes any certificate of this machine's server. assets: another folder of files.
    """

    def __init__(
        self,
        tape: Tape,
        *,
        server_address: Any,
        scheme: str = "http",
        secrets: bool = False,
        port: int = 0,
        token: str | None = None,
        lab: LabBox | None = None,
        application: str = "",
        visits: list[dict[str, str]] | None = None,
        client_tls: ssl.SSLContext | None = None,
        assets: Any = None,
    ) -> None:
        self.tape = tape
        self.url = ""
        """The secret address, from `start` on."""
        self._port = port
        self._token = token
        self._target = reachable(server_address)
        self._secrets, self._scheme, self._lab, self._visits = secrets, scheme, lab, visits
        self._application = application
        self._tls = (client_tls or believing_client()) if scheme == "https" else None
        self._assets = Assets(assets)
        self._news: News | None = None
        self._server: RawHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._quiet: _Quiet | None = None

    def start(self) -> str:
        """Serve from now on, in threads of its own; returns the secret address. Raises StartError."""
        settings = Settings(
            host="127.0.0.1", port=self._port, threads=32, limit_streams=MAX_PAGES, limit_body=MAX_WIRE, grace=GRACE
        )
        listener = _listen(settings)
        guard = Guard(int(listener.getsockname()[1]), self._token)
        # Microseconds: no tape changes so often that its places overtake those of a run which begins later.
        self._news = News(self.tape, time.time_ns() // 1000)
        server = RawHTTPServer(
            listener.getsockname(), self._site(guard, self._news), settings=settings, listening_socket=listener
        )
        # Its requests are not the application's: they have no place in that log, nor in the other one.
        server.access_log = AccessLog("common", logging.Logger("rawwfile.wire.access", logging.CRITICAL))
        self._quiet = _Quiet(settings)
        logging.getLogger("rawwfile").addFilter(self._quiet)
        self._server = server
        self._news.start()
        self._thread = threading.Thread(target=server.serve_forever, name="rawwfile-wire", daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{guard.port}/?t={guard.token}"
        return self.url

    def _site(self, guard: Guard, news: News) -> Site:
        target, scheme = self._target, self._scheme
        about = {"url": server_url(target, scheme), "scheme": scheme, "application": self._application}
        return Site(
            guard,
            Shown(self.tape, news, secrets=self._secrets, address=target, scheme=scheme),
            assets=self._assets, about=about, target=target, lab=self._lab, visits=self._visits,
            client_tls=self._tls, server_name="localhost" if self._tls else None,
        )  # fmt: skip

    def stop(self) -> None:
        """End every page's stream at once, and close the port. May be called twice."""
        server, self._server = self._server, None
        if server is None or self._thread is None or self._news is None:
            return
        self._news.stop()
        server.shutdown()
        self._thread.join()
        server.server_close()
        if self._quiet is not None:
            logging.getLogger("rawwfile").removeFilter(self._quiet)

    def __enter__(self) -> Inspector:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Quiet(logging.Filter):
    """Keeps what is said of the inspector's own requests, a page that was closed, out of the server's log."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a message that is no warning and belongs to a request of the inspector."""
        if record.levelno >= logging.WARNING:
            return True
        exchange = current_exchange.get(None)
        return exchange is None or exchange.settings is not self._settings


def _listen(settings: Settings) -> socket.socket:
    """The listening socket; where a port is wished, it is waited for while the server before ends."""
    give_up = time.monotonic() + PORT_PATIENCE
    while True:
        try:
            return open_listener(settings, {})
        except AddressInUse:
            if not settings.port or time.monotonic() > give_up:
                raise
            time.sleep(0.05)


def reachable(address: Any) -> Address:
    """Where a server that listens on `address` is reached from this machine."""
    if isinstance(address, (str, bytes)):
        return address.decode("utf-8", "surrogateescape") if isinstance(address, bytes) else address
    host, port = address[0], int(address[1])
    return (ANYWHERE.get(host, host), port)


def server_url(address: Address, scheme: str) -> str:
    """The address of a server as a URL without a path; "" for a Unix socket, which no URL can name."""
    if isinstance(address, str):
        return ""
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    return f"{scheme}://{host}:{address[1]}"


def believing_client() -> ssl.SSLContext:
    """TLS for a client that believes any certificate: it connects to the server that is watched, and shows bytes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context
