"""A 0.10 application from its text to its answers, without a socket.

    site = serve(tmp_path, ROOT, config="[server]\\nthreading=1\\n")
    site.get("/page?n=1").body

The application's code runs in the thread of the test; the rest is what `rawwfile serve` does.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from rawwfile.cherrypy import configuration, start
from rawwfile.cherrypy.application import Application
from rawwfile.cherrypy.models import Inline
from rawwfile.cherrypy.site import Site
from rawwfile.cherrypy.sources import site_of_sources
from rawwfile.exchange.exchange import Exchange
from rawwfile.http.lenient import LenientReader
from tests.unit.wire import Wire


@dataclass
class Response:
    """What the client gets. lines: (name, value) as sent; exchange: for what the engine made of it."""

    raw: bytes
    exchange: Exchange
    status: str = ""
    lines: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def __post_init__(self) -> None:
        head, _, self.body = self.raw.partition(b"\r\n\r\n")
        self.status, *rest = head.decode("latin-1").split("\r\n")
        self.lines = [(name, value) for name, _, value in (line.partition(": ") for line in rest)]

    @property
    def text(self) -> str:
        """The body, one character a byte."""
        return self.body.decode("latin-1")

    def get(self, name: str) -> str | None:
        """The one value of a header; None without it."""
        found = self.all(name)
        assert len(found) < 2, found
        return found[0] if found else None

    def all(self, name: str) -> list[str]:
        """Every value of a header, in any spelling."""
        return [value for key, value in self.lines if key.lower() == name.lower()]


class Served:
    """An application that answers requests of tests. log: what its default logMessage was told."""

    def __init__(self, site: Site, application: Application, log: list[str]) -> None:
        self.site = site
        self.application = application
        self.log = log

    def get(self, target: str = "/", *fields: str, **options: Any) -> Response:
        """Answer a GET. fields: header lines."""
        return self.ask("GET", target, *fields, **options)

    def post(self, target: str, body: bytes | str, *fields: str, **options: Any) -> Response:
        """Answer a POST of `body`."""
        data = body.encode("latin-1") if isinstance(body, str) else body
        return self.ask("POST", target, *fields, f"Content-Length: {len(data)}", body=data, **options)

    def ask(
        self, method: str, target: str, *fields: str, body: bytes = b"", version: str = "1.1", peer: Any = None
    ) -> Response:
        """Answer a request of any method."""
        host = () if any(each.lower().startswith("host:") for each in fields) else ("Host: site.example",)
        lines = [f"{method} {target} HTTP/{version}", *host, *fields, "", ""]
        return self.raw("\r\n".join(lines).encode("latin-1") + body, peer=peer)

    def raw(self, data: bytes, peer: Any = None) -> Response:
        """Answer the bytes of a whole request."""
        wire = Wire()
        wire.reader = LenientReader()
        if peer is not None:
            wire.peer = lambda: peer
        wire.reader.receive_data(data)
        exchange = Exchange(wire, wire.reader.next_event(), self.application.configuration.settings())
        exchange.run(self.application)
        return Response(b"".join(wire.pieces), exchange)


def serve(folder: Path, source: str | dict[str, str], *names: str, config: str = "", debug: bool = False) -> Served:
    """Write the sources of an application to a folder and start it. config: text of its file.

    source: of Root.cpy, or texts by file name. names: of the files to serve.
    """
    files = {"Root.cpy": source} if isinstance(source, str) else source
    for name, text in files.items():
        (folder / name).write_bytes(dedent(text).encode("latin-1"))
    (folder / "site.cfg").write_text(dedent(config), encoding="latin-1")
    before = os.getcwd()
    # Names in tracebacks are those on the command line: it is given as a person would give it.
    os.chdir(folder)
    try:
        return start_site(site_of_sources(names or ["Root.cpy"], debug=debug), "site.cfg")
    finally:
        os.chdir(before)


def start_site(site: Site, config: str | None) -> Served:
    """Start a site as `rawwfile serve` does, up to its first request."""
    log: list[str] = []
    site.namespace.setdefault("logMessage", lambda message, level=0: log.append(message))
    read = configuration.read(config)
    if site.charset is None:
        site.charset = read.charset
    application = start.before_bind(site, read)
    application.model = Inline()
    start.after_bind(application, ("127.0.0.1", 8000))
    return Served(site, application, log)
