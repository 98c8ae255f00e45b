"""`--wire`: a server whose sockets are recorded, and who looks at the recording.

    wire = Wire.of(settings, verbose)          in the process that was started
    wire.begin(address, scheme, application)   in the process that serves: the application to serve
    RawHTTPServer(..., tape=wire.tape)
    wire.end_with(server)

With --reload these are two processes: what must stay the same over a change (the file, the page's
port and token) is settled in the first.
"""

from __future__ import annotations

import secrets
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rawwfile.errors import ConfigError
from rawwfile.settings import VERSION, Settings
from rawwfile.tape.model import Tape, TapeLimits
from rawwfile.tape.wirefile import header_of, line_of
from rawwfile.tape.wirewriter import WireWriter, check_for_recording, open_for_recording, open_to_go_on

if TYPE_CHECKING:
    from rawwfile.cli.arguments import CommandParser

TERMINAL, WEB = "term", "web"

EXAMPLES = """\
  rawwfile {command} --wire
  rawwfile {command} --wire=web
  rawwfile {command} --wire=evening.wire
  rawwfile {command} --wire -vv"""


class View(Protocol):
    """Somebody who looks at a tape."""

    def stop(self) -> None:
        """Look no more; soon."""


def add_verbose(parser: CommandParser) -> None:
    """Add -v."""
    parser.add_argument("-v", dest="verbose", action="count", help="with --wire: hex too; -vv: name every span")


class Wire:
    """A recording from its option to its end. tape: None before `begin`, and where none is wanted."""

    def __init__(self, settings: Settings, verbose: int) -> None:
        self.tape: Tape | None = None
        self._how = settings.wire
        self._settings = settings
        self._verbose = verbose
        self._limits = TapeLimits(
            settings.limit_wire_connection, settings.limit_wire, settings.limit_wire_connections
        )
        self.application = ""
        """What is served, in a few words: for the page."""
        self.visits: list[dict[str, str]] = []
        """Addresses of the site worth a look: [{"path": "/howto20/", "title": "..."}]."""
        self._views: list[View] = []
        self._url = ""
        self._port = 0
        self._token: str | None = None

    @classmethod
    def of(cls, settings: Settings, verbose: int | None) -> Wire:
        """What the options ask for. Raises ConfigError, and WireFileError for a file that cannot be."""
        wire = cls(settings, verbose or 0)
        if wire._how is None:
            if verbose:
                raise ConfigError("-v says how --wire shows; add --wire.")
            return wire
        if verbose and wire._how != TERMINAL:
            raise ConfigError("-v is for --wire in the terminal.")
        if settings.workers > 1 and not settings.reload:
            raise ConfigError(f"--wire records one process; leave out --workers {settings.workers}.")
        wire._prepare()
        return wire

    def _prepare(self) -> None:
        if self._how == WEB:
            if self._settings.reload:
                self._token, self._port = secrets.token_urlsafe(16), _free_port()
                self._url = f"http://127.0.0.1:{self._port}/?t={self._token}"
        elif self._how != TERMINAL:
            assert self._how is not None
            check_for_recording(self._how)
            if self._settings.reload:
                self._begin_file(self._how)

    def _begin_file(self, path: str) -> None:
        tape = Tape(self._limits, started=time.time(), by=f"rawwfile {VERSION}")
        with open_for_recording(path) as file:
            file.write(line_of(header_of(tape, self._settings.wire_secrets)))

    def begin(self, address: Any, scheme: str, application: Any) -> Any:
        """Start the tape and who looks at it, in the process that serves; the application to be served.

        address: where it listens. Raises StartError.
        """
        if self._how is None:
            return application
        show_secrets = self._settings.wire_secrets
        if self._how == TERMINAL:
            from rawwfile.glass.terminal import TerminalView

            self.tape = Tape(self._limits)
            terminal = TerminalView(self.tape, sys.stdout, self._verbose, show_secrets, None)
            terminal.start()
            self._views.append(terminal)
        elif self._how == WEB:
            return self._begin_page(address, scheme, application, show_secrets)
        else:
            if not self._settings.reload:
                # Now, not before: an older recording stays while nothing can be served.
                self._begin_file(self._how)
            file, self.tape = open_to_go_on(self._how, self._limits, alone=not self._settings.reload)
            writer = WireWriter(self.tape, file, secrets=show_secrets, header=False)
            writer.start()
            self._views.append(writer)
        return application

    def _begin_page(self, address: Any, scheme: str, application: Any, show_secrets: bool) -> Any:
        from rawwfile.adapters.load import application_for
        from rawwfile.glass.inspector import Inspector, LabBox

        self.tape = Tape(self._limits)
        lab = LabBox()
        inspector = Inspector(
            self.tape,
            server_address=address,
            scheme=scheme,
            secrets=show_secrets,
            port=self._port,
            token=self._token,
            lab=lab,
            application=self.application,
            visits=self.visits,
        )
        self._url = inspector.start()
        self._views.append(inspector)
        return lab.wrap(application_for(application, self._settings.interface))

    def lines(self) -> list[str]:
        """What the start-up message says of it."""
        if self._how is None:
            return []
        if self._how == WEB:
            return [f"  every byte of it on {self._url}"]
        if self._how == TERMINAL:
            return []
        return [f"  recorded in {Path(self._how)} (rawwfile wire show {Path(self._how)})"]

    def end_with(self, server: Any) -> None:
        """Stop who looks when `server` is closed: everything is on the tape by then."""
        if not self._views:
            return
        close = server.server_close

        def server_close() -> None:
            close()
            while self._views:
                self._views.pop().stop()

        server.server_close = server_close


def _free_port() -> int:
    """A port that is free now; the page of each child listens there in its turn."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
