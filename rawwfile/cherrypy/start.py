"""The start of a site in the order of CherryPy 0.10 (spec 8); who binds the socket calls its two halves.

    site.units have run -> before_bind: configuration, log, instances, initServer
                        -> (bind, listen) -> after_bind: initAfterBind, "Serving HTTP on ..."
                        -> in each process that serves: in_process: initProcess, threads, initThread
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rawwfile.cherrypy.application import Application
from rawwfile.cherrypy.hooks import call, log_message
from rawwfile.cherrypy.logs import DefaultLogMessage
from rawwfile.cherrypy.models import Threads, model_for
from rawwfile.cherrypy.sessions import make_sessions
from rawwfile.cherrypy.site import Site
from rawwfile.cherrypy.state import Kept, begin, end, snapshot
from rawwfile.cherrypy.units import debug_function


def before_bind(site: Site, configuration: Any) -> Application:
    """Hand the site its configuration, log and check that, make the instances, call initServer.

    Returns the application that answers exchanges. Raises ConfigError for a configuration that
    cannot be meant; what the application's code raises passes through.
    """
    offer_names(site, configuration)
    for line in configuration.lines():
        log_message(site, line)
    configuration.check()
    site.make_instances()
    call(site, "initServer")
    settings = configuration.settings()
    count = configuration.model_count if configuration.model == "processPool" else 1
    sessions = make_sessions(configuration, site, secure=bool(settings.tls_cert), processes=count)
    return Application(site, configuration, model_for(configuration.model), sessions)


def offer_names(site: Site, configuration: Any) -> None:
    """Bind in the namespace what the run time owns of the names of spec 1.8.

    `logMessage` stays the application's own if it has one. `shutdown` is bound by who makes the
    server: see `offer_shutdown`.
    """
    names = site.namespace
    names["configFile"] = configuration.file
    names["configFileName"] = configuration.name
    names["_debug"] = int(site.debug)
    names.setdefault("debug", debug_function(site.debug, site.base))
    names.setdefault("logMessage", default_log_message(site, configuration))
    names.setdefault("shutdown", _not_serving)


def default_log_message(site: Site, configuration: Any) -> DefaultLogMessage:
    """Return the `logMessage` of an application that has none of its own."""
    return DefaultLogMessage(configuration.log_to_screen, configuration.log_file, site.charset or "latin-1")


def _not_serving() -> None:
    raise RuntimeError("shutdown() stops a server that runs; it does not run yet")


def offer_shutdown(site: Site, stop: Callable[[], None]) -> None:
    """Bind `shutdown` in the namespace, unless the application has a name of its own there."""
    if site.namespace.get("shutdown") is _not_serving:
        site.namespace["shutdown"] = stop


def after_bind(application: Application, address: Any) -> None:
    """Call initAfterBind, and say in the log what is served where. address: as getsockname gives it.

    What initAfterBind sets on request and response is there in every request (HowTo 21).
    """
    begin(Kept())
    try:
        call(application.site, "initAfterBind")
        application.model.kept = snapshot()
    finally:
        end()
    log_message(application.site, application.configuration.serving_line(address))


def in_process(application: Application, index: int | None = None) -> None:
    """Make a process ready to serve: initProcess(index) in one of a pool; the threads of a thread pool.

    Raises what initProcess raises, and what initThread raises in the last of the threads if it
    does so in all.
    """
    site, model = application.site, application.model
    if index is not None:
        begin(model.kept)
        try:
            call(site, "initProcess", index)
            model.kept = snapshot()
        finally:
            end()
    if application.configuration.model == "threadPool" and isinstance(model, Threads):
        model.start(application.configuration.model_count, site.special("initThread"))
