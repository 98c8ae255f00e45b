"""A site of CherryPy 0.10 beside the student's, for lab 24: one server, two host names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

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
    """The application of a .cpy file, started.

    Where the extra "cpy" is missing, which reads Python 2, it is taken from old.compiled beside it:
    `rawwfile compile old.cpy -O old.compiled` made that.
    """
    from rawwfile.cherrypy import configuration, start
    from rawwfile.cherrypy.compiled import site_of_compiled
    from rawwfile.cherrypy.models import OneAtATime
    from rawwfile.cherrypy.sources import site_of_sources

    try:
        import fissix  # type: ignore[import-untyped,import-not-found,unused-ignore]  # noqa: F401 - only asked for
    except ImportError:
        site = site_of_compiled(str(Path(path).with_suffix(".compiled")))
    else:
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
