"""The inspector's site: an application of our own server. Every request passes the guard first."""

from __future__ import annotations

import logging
import ssl
import threading
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected, HTTPError
from rawwfile.glass.web.actions import ACTIONS
from rawwfile.glass.web.answers import guard_answer, say_bytes, say_json
from rawwfile.glass.web.assets import PAGE, Assets
from rawwfile.glass.web.guard import HOME, Guard, Refused
from rawwfile.glass.web.shown import Shown
from rawwfile.glass.web.views import VIEWS, query_of

if TYPE_CHECKING:
    from rawwfile.glass.labbox import LabBox
    from rawwfile.glass.sender import Address

log = logging.getLogger("rawwfile.wire")

MAX_SENDING = 16
"""Raw requests under way at once."""
API = HOME + "api/"
NOWHERE = "There is nothing at this address."


class Site:
    """The application(exchange) of the inspector.

    about: url, scheme and application of the watched server. target: where raw requests go; server_name and
    client_tls: how, if it speaks TLS. visits: addresses worth a look: [{"path", "title"}, ...].
    """

    rawwfile_application = True

    def __init__(
        self,
        guard: Guard,
        shown: Shown,
        *,
        assets: Assets,
        about: dict[str, Any],
        target: Address,
        lab: LabBox | None = None,
        client_tls: ssl.SSLContext | None = None,
        server_name: str | None = None,
        visits: list[dict[str, str]] | None = None,
    ) -> None:
        self.guard, self.shown, self.assets = guard, shown, assets
        self.about, self.target, self.lab = about, target, lab
        self.client_tls, self.server_name = client_tls, server_name
        self.visits = list(visits or [])
        self.sending = threading.BoundedSemaphore(MAX_SENDING)
        self.comparing = threading.BoundedSemaphore(1)

    @property
    def lab_path(self) -> str | None:
        """The path of the lab address; None without one."""
        return None if self.lab is None else self.lab.path

    def __call__(self, exchange: Any) -> None:
        """Answer one request."""
        response = exchange.response
        guard_answer(response)
        try:
            self.guard.check_way(exchange.request)
            self._route(exchange)
        except Refused as refused:
            self._refuse(exchange, refused.status, str(refused))
        except ClientDisconnected:
            raise
        except HTTPError as error:
            self._refuse(exchange, error.status, f"{error.message or error}.")
        except Exception:
            # The fields that guard the page stand on this answer too, as they would not on an error page.
            log.exception("a fault in the inspector while it answered %s", exchange)
            self._refuse(exchange, 500, "A fault in the inspector; its traceback is in the log.")

    def _refuse(self, exchange: Any, status: int, sentence: str) -> None:
        response = exchange.response
        response.stream = False
        if status == 405:
            response.headers["Allow"] = "GET, HEAD, POST"
        request = exchange.request
        if "text/html" in request.headers.get("accept", "") and not request.raw_path.startswith(API):
            # Somebody has typed the address, or come back to it after the server was started anew.
            response.status = status
            say_bytes(response, f"{sentence}\n".encode(), "text/plain; charset=utf-8")
            return
        say_json(response, {"error": sentence}, status)

    def _route(self, exchange: Any) -> None:
        request = exchange.request
        path = request.raw_path
        if path == "/":
            self._enter(exchange)
            return
        self.guard.check_cookie(request)
        if not path.startswith(HOME):
            raise Refused(404, NOWHERE)
        kind, _, rest = path[len(HOME):].partition("/")
        if kind == "api":
            self._answer_api(exchange, rest)
        elif request.method == "POST":
            raise Refused(405, "Only /wire/api/ takes a POST.")
        elif not kind and not rest:
            say_bytes(exchange.response, *self.assets.get(PAGE))
        elif kind == "assets":
            say_bytes(exchange.response, *self.assets.get(rest))
        else:
            raise Refused(404, NOWHERE)

    def _enter(self, exchange: Any) -> None:
        """Exchange the token of the secret address for the cookie."""
        request, response = exchange.request, exchange.response
        if request.method == "POST":
            raise Refused(405, "Only /wire/api/ takes a POST.")
        if not self.guard.knows(query_of(exchange).get("t", "")):
            raise Refused(403, "Open the address that rawwfile printed when it started: it ends in ?t= and a secret.")
        # So that the token stands in no history and no address line.
        response.status = 303
        response.headers["Location"] = HOME
        response.headers["Set-Cookie"] = self.guard.set_cookie
        response.body = b""

    def _answer_api(self, exchange: Any, path: str) -> None:
        if exchange.request.method == "POST":
            action = ACTIONS.get(path)
            if action is None:
                raise Refused(404, NOWHERE)
            exchange.announce(action)
            action(self, exchange)
            return
        name, *rest = path.split("/")
        view = VIEWS.get(name)
        if view is None:
            raise Refused(404, NOWHERE)
        exchange.announce(view)
        view(self, exchange, rest)
