"""The adapter: exchanges of the engine to requests of CherryPy 0.10; what a request goes through is in `calls`."""

from __future__ import annotations

import time
from typing import Any

from rawwfile.cherrypy.cache import PageCache
from rawwfile.cherrypy.calls import Call
from rawwfile.cherrypy.models import Inline, Threads
from rawwfile.cherrypy.opening import log_refusal
from rawwfile.cherrypy.parameters import Codec
from rawwfile.cherrypy.site import Site
from rawwfile.cherrypy.static import StaticContent
from rawwfile.errors import HTTPError

METHODS = ("GET", "HEAD", "POST")
"""What 0.10 answered; anything else is 501."""


class Application:
    """Answers the exchanges of one site. model: which threads run its code (see `models`).

    configuration: as `configuration.read` gives it. sessions: of `sessions.make_sessions`, or None.
    """

    rawwfile_application = True

    def __init__(self, site: Site, configuration: Any, model: Inline | Threads, sessions: Any = None) -> None:
        self.site = site
        self.configuration = configuration
        self.model = model
        self.sessions = sessions
        self.codec = Codec(site.charset)
        self.static = StaticContent(configuration.static_content)
        cache = configuration.cache
        self.cache = PageCache(cache.flush_delay, clock=time.time, most_bytes=cache.most_bytes)
        site.running = self

    def __call__(self, exchange: Any) -> None:
        """Answer one exchange. Raises HTTPError for what 0.10 never handed to the application."""
        method = exchange.request.method
        if method not in METHODS:
            self._refuse(exchange, method)
            return
        one = Call(self, exchange)
        if method == "POST":
            if self.site.special("initRequestBeforeParse") is not None:
                self.model.run(one.before_parse, exchange)
            if one.answered is None:
                one.read_body()
        if one.answered is None:
            self.model.run(one.answer, exchange)
        one.give()

    def _refuse(self, exchange: Any, method: str) -> None:
        if method == "HOTRELOAD":
            from rawwfile.cherrypy import hotreload

            hotreload.answer(exchange, self.site)
            return
        message = f"Unsupported method ({method!r:.60})"
        self.model.run(lambda kept: log_refusal(exchange, self.site, 501, message), exchange)
        raise HTTPError(501, message, close=True)
