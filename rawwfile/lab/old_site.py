"""A site of CherryPy 0.10 beside the student's, for lab 24: one server, two host names."""

from __future__ import annotations

from functools import cache
from typing import Any

from rawwfile.errors import StartError

OLD_HOST = "old.localhost"
"""The host under which the old site is found; browsers and curl take *.localhost for this machine."""


class BesideOld:
    """Requests for OLD_HOST go to the old site, all others to the application."""

    rawwfile_application = True

    def __init__(self, application: Any, old: Any) -> None:
        self.application = application
        self.old = old

    def __call__(self, exchange: Any) -> Any:
        """Answer one exchange."""
        host = (exchange.request.headers.get("host") or "").partition(":")[0].lower()
        return (self.old if host == OLD_HOST else self.application)(exchange)


@cache
def old_site(path: str) -> Any:
    """The application of a .cpy file, started. Raises StartError where the extra "cpy" is missing."""
    try:
        import fissix  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: F401 - only asked for
    except ImportError as error:
        raise StartError('this lab runs Python 2 and needs the "cpy" extra: pip install "rawwfile[cpy]"') from error
    from rawwfile.cherrypy import configuration, start
    from rawwfile.cherrypy.models import OneAtATime
    from rawwfile.cherrypy.sources import site_of_sources

    site = site_of_sources([path])
    site.namespace.setdefault("logMessage", _say_nothing)
    read = configuration.read(None)
    if site.charset is None:
        site.charset = read.charset
    application = start.before_bind(site, read)
    # Whatever else this process has loaded: old.cpy needs no main thread of its own.
    application.model = OneAtATime()
    start.after_bind(application, ("127.0.0.1", 0))
    return application


def _say_nothing(message: str, level: int = 0) -> None:
    """The student's window shows the bytes."""
