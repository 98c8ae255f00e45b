"""Serving a site of CherryPy 0.10: its start, the listening socket, and the processes of its model."""

from __future__ import annotations

import functools
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rawwfile.cli.sources import given_options
from rawwfile.errors import ConfigError, StartError
from rawwfile.http.lenient import LenientReader
from rawwfile.server.door import WithDoor

if TYPE_CHECKING:
    import socket

    from rawwfile.cherrypy.application import Application
    from rawwfile.cherrypy.models import Threads
    from rawwfile.cherrypy.site import Site
    from rawwfile.cli.recording import Wire
    from rawwfile.server.connection import Connection
    from rawwfile.server.loop import Loop
    from rawwfile.settings import Settings

log = logging.getLogger("rawwfile.cli")

CANNOT_START = 2
END_WAIT = 1.0
"""Seconds after the grace that application code gets which does not end."""


def run_site(
    make_site: Callable[[], Site],
    flags: Mapping[str, Any],
    *,
    command: str = "rawwfile serve",
    verbose: int | None = None,
) -> int:
    """Make a site and serve it until a signal ends it; return the exit code.

    flags: as parsed from the command line, by name of the option; `config` names the configuration
    file, else <base>Server.cfg of the working directory is taken if it is there (spec 4.2). Flags
    win over the environment, that over the file. A compile error, or an application that fails in
    its own start, is told on stderr with exit code 2. Raises StartError.
    """
    from rawwfile.cherrypy.failures import traceback_text
    from rawwfile.cpy.errors import CpyError

    try:
        site = make_site()
        return _serve(site, flags, verbose)
    except CpyError as error:
        print(f"{command}: {error}\n{error.old_text()}", file=sys.stderr)
    except (StartError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - whatever the application's own start raises
        print(f"{traceback_text(error)}{command}: the application failed while it was started", file=sys.stderr)
    return CANNOT_START


def _serve(site: Site, flags: Mapping[str, Any], verbose: int | None) -> int:
    from rawwfile.cherrypy import start
    from rawwfile.cherrypy.configuration import read
    from rawwfile.cherrypy.site import configuration_of
    from rawwfile.cli.logs import set_up_logging
    from rawwfile.cli.recording import Wire
    from rawwfile.server.listen import open_listener
    from rawwfile.server.tls import make_context

    given, notes = given_options(flags, os.environ)
    named = given.pop("config", None)
    configuration = read(named or configuration_of(site.base), must_exist=named is not None, given=given)
    if site.charset is None:
        site.charset = configuration.charset
    settings = configuration.settings()
    if settings.access_log is None:
        # logMessage has a line for each request already.
        settings = replace(settings, access_log="off")
    set_up_logging(settings)
    for note in [*notes, *configuration.warnings]:
        log.warning("%s", note)
    told = len(configuration.warnings)
    application = start.before_bind(site, configuration)
    for note in configuration.warnings[told:]:
        log.warning("%s", note)
    context = make_context(settings)
    if settings.wire and configuration.model == "processPool":
        raise ConfigError("--wire records one process; leave out processPool (or --workers).")
    wire = Wire.of(replace(settings, reload=False), verbose)
    wire.application = site.name
    listener = open_listener(settings)
    if settings.unix_socket and listener.getsockname() == settings.unix_socket:
        os.chmod(settings.unix_socket, configuration.socket_mode)
    start.after_bind(application, listener.getsockname())
    make = functools.partial(_make_server, application, settings, context, wire)
    return _run(application, settings, listener, make, context, wire)


def _run(
    application: Application,
    settings: Settings,
    listener: socket.socket,
    make: Callable[..., Any],
    context: Any,
    wire: Wire,
) -> int:
    from rawwfile.cli.serve import announce
    from rawwfile.server.lifecycle import serve_until_stopped
    from rawwfile.server.listen import remove_socket_file
    from rawwfile.server.workers import ParentLink, Supervisor

    scheme = "http" if context is None else "https"

    def ready() -> None:
        announce(listener, scheme, application.site.name, wire.lines())
        _say_when_interrupted()

    def be_child(index: int, link: ParentLink) -> int:
        return serve_until_stopped(
            make(listener, index), settings.grace, on_ready=link.ready, stop_on={link.lifeline: settings.grace}
        )

    try:
        if application.configuration.model == "processPool":
            jobs = [functools.partial(be_child, index) for index in range(application.configuration.model_count)]
            return Supervisor(jobs, settings.grace, [listener], on_ready=ready).run()
        return serve_until_stopped(make(listener, None), settings.grace, on_ready=ready)
    finally:
        remove_socket_file(listener)
        listener.close()


def _say_when_interrupted() -> None:
    """Print 0.10's words when Ctrl-C stops the server, for scripts that look for them (F416)."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGINT)

    def say(signum: int, frame: Any) -> None:
        # Not print(): the signal may come in the middle of one.
        os.write(1, b"<Ctrl-C> hit: shutting down\n")
        if callable(before):
            before(signum, frame)

    signal.signal(signal.SIGINT, say)


def _make_server(
    application: Application,
    settings: Settings,
    context: Any,
    wire: Wire,
    listener: socket.socket,
    index: int | None,
) -> ApplicationServer:
    """Return the server for this process, with the application ready to answer."""
    from rawwfile.cherrypy import hotreload, start
    from rawwfile.cherrypy.models import Threads
    from rawwfile.cli import reloading

    start.in_process(application, index)
    model = application.model
    address = listener.getsockname()
    served = wire.begin(address, "http" if context is None else "https", application)
    server = ApplicationServer(
        address, served, settings=settings, tls=context, listening_socket=listener, tape=wire.tape
    )
    wire.end_with(server)
    if isinstance(model, Threads) and application.configuration.model != "threadPool":
        server.works = model
    server.door = hotreload.Door(application.site)
    if settings.reload:
        reloading.start(application.site)

    def stop() -> None:
        """Stop the server once the requests that run have been answered."""
        threading.Thread(target=server.shutdown, name="shutdown", daemon=True).start()

    start.offer_shutdown(application.site, stop)
    return server


class ApplicationServer(WithDoor):
    """A server whose application's code runs in the thread that calls `serve_forever`.

    That is the main thread, as in 0.10, where initServer ran too: what belongs to a thread, such as
    a database connection opened there, can be used in every request. works: the model to work for;
    None if the application has threads of its own.
    """

    works: Threads | None = None

    def make_connection(self, loop: Loop, sock: socket.socket, number: int, peer: Any, deadline: float) -> Connection:
        """See RawHTTPServer. Heads as clients of 2004 sent them are taken too."""
        connection = super().make_connection(loop, sock, number, peer, deadline)
        if self.tap is None:
            connection.reader = LenientReader(loop.limits)
        else:
            self.tap.read_leniently(connection)
        return connection

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Serve until `shutdown`, running the application's code here."""
        model = self.works
        if model is None:
            super().serve_forever(poll_interval)
            return
        failures: list[BaseException] = []
        left = threading.Event()

        def serve() -> None:
            try:
                super(ApplicationServer, self).serve_forever(poll_interval)
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that called
                failures.append(error)
            model.stop()
            if not left.wait(END_WAIT):
                _leave_behind()

        thread = threading.Thread(target=serve, name="server", daemon=True)
        thread.start()
        model.work()
        left.set()
        thread.join()
        if failures:
            raise failures[0]


def _leave_behind() -> None:
    """End the process although the application's code runs on: its grace is over."""
    log.warning("the application's code does not end; the process ends without it")
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(0)
