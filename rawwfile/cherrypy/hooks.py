"""The special functions of an application: when they are called, and what stands in for them (spec 8)."""

from __future__ import annotations

import logging
from typing import Any

from rawwfile.cherrypy import failures
from rawwfile.cherrypy.site import Site
from rawwfile.cherrypy.state import here, request, response
from rawwfile.exchange.errorpage import log_failure

log = logging.getLogger("rawwfile")

TEXT = "text/plain"


def call(site: Site, name: str, *arguments: Any) -> None:
    """Call a special function if the application has it. What it raises passes through."""
    function = site.special(name)
    if function is not None:
        function(*arguments)


def log_message(site: Site, message: str, level: int = 0) -> None:
    """Log through logMessage, the application's own if it has one."""
    function = site.special("logMessage")
    if function is not None:
        function(message, level)


def on_error(site: Site, error: BaseException, *, strict: bool = False, quiet: bool = False) -> None:
    """Let the application answer an error, or answer as 0.10 did; call it while `error` is handled.

    Sets response.body and response.headerMap. strict: where nothing else was said, the status is 404
    for a URL that maps to nothing and 500 for the rest, not 0.10's 200 (Q10). quiet: somebody else
    logs the error. What the application's own onError raises passes through.
    """
    own = site.special("onError")
    if own is not None:
        # Its traceback.print_exc() shall begin in the application, not in the run time.
        error.__traceback__ = failures.from_application(error.__traceback__)
        own()
        return
    if not quiet:
        tell(error)
    show = failures.traceback_text if site.debug else failures.last_line
    text = show(error, site.text_of)
    headers = response.headerMap
    if strict and headers.get("status") == "200 OK":
        unmapped = isinstance(error, failures.CherryError) and str(error).startswith("couldn't map URL")
        headers["status"] = "404 Not Found" if unmapped else "500 Internal Server Error"
    if request.__dict__.get("isXmlRpc"):
        from rawwfile.cherrypy import xmlcalls

        response.body = xmlcalls.fault(1, text, charset=site.charset)
        headers["content-type"] = "text/xml"
    else:
        response.body = text
        headers["content-type"] = TEXT


def tell(error: BaseException) -> None:
    """Log what the page does not say: it has one line (H10)."""
    missing = isinstance(error, OSError) and request.__dict__.get("isStaticFile")
    if isinstance(error, failures.CherryError) or missing:
        handler = here.exchange.handler_name
        log.warning("%s: %s%s", here.exchange, f"{handler}: " if handler else "", error)
    else:
        log_failure(here.exchange, error, "")
