"""Who may use the inspector: the person who was shown its address, from the inspector's own page.

The tape holds what others must not see, and the page can send bytes. So every request passes `Guard`:

1. It asks for 127.0.0.1:PORT or localhost:PORT. A name of somebody else that leads here (DNS
   rebinding) does not.
2. The browser says that it comes from our own page, or from nobody's (Sec-Fetch-Site).
3. It carries the cookie that the secret address gave, compared in constant time. It is HttpOnly, SameSite=Strict,
   and for /wire/ alone: cookies know no ports, and one for "/" would be sent to the watched server.
4. A POST comes from our own origin, and has a field that no form can send. There is no CORS
   answer, so no other page can send it.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

HOME = "/wire/"
"""Where the page lives, and the path of its cookie."""
MARK = "x-rawwfile"
"""The field that each POST must have, with the value "1"."""


class Refused(Exception):
    """Answer with `status` and one sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Guard:
    """The rules for one inspector on one port.

    token: in the secret address, exchanged for the cookie; None for a new one. With a token that was given (by
    a process that starts its child anew) the cookie is made of it, so that open pages stay welcome.
    """

    def __init__(self, port: int, token: str | None = None) -> None:
        self.port = port
        self.token = secrets.token_urlsafe(32) if token is None else token
        self._session = hashlib.sha256(f"cookie {port} {self.token}".encode()).hexdigest()
        self._hosts = frozenset((f"127.0.0.1:{port}", f"localhost:{port}"))
        self._origins = frozenset(f"http://{host}" for host in self._hosts)
        self.cookie_name = f"rawwfile-wire-{port}"

    @property
    def set_cookie(self) -> str:
        """The value of Set-Cookie for who has shown the token."""
        return f"{self.cookie_name}={self._session}; Path={HOME}; HttpOnly; SameSite=Strict"

    def check_way(self, request: Any) -> None:
        """The rules that hold for every request, with or without the cookie. Raises Refused."""
        hosts = request.headers.get_all("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts or request.host.lower() not in self._hosts:
            raise Refused(403, f"This is http://127.0.0.1:{self.port}/, and the request asks for another host.")
        site = request.headers.get("sec-fetch-site")
        if site is not None and site not in ("same-origin", "none"):
            raise Refused(403, "The request comes from another site; paste the address into the address line instead.")
        if request.method not in ("GET", "HEAD", "POST"):
            raise Refused(405, f"{request.method} is not used here.")
        if request.method == "POST":
            self._check_post(request)

    def _check_post(self, request: Any) -> None:
        # The same name must be meant by both, or localhost's page would be one of another origin.
        if request.headers.get("origin") != f"http://{request.headers.get_all('host')[0].lower()}":
            raise Refused(403, "A POST must come from the inspector's own page (Origin).")
        if request.headers.get(MARK) != "1":
            raise Refused(403, "A POST must have the field X-Rawwfile: 1.")

    def knows(self, token: str) -> bool:
        """Whether this is the token of the secret address."""
        return _same(token, self.token)

    def check_cookie(self, request: Any) -> None:
        """The cookie must be there. Raises Refused."""
        prefix = self.cookie_name + "="
        for value in request.headers.get_all("cookie"):
            for pair in value.split(";"):
                name = pair.strip(" \t")
                if name.startswith(prefix) and _same(name[len(prefix):], self._session):
                    return
        raise Refused(403, "Open the address that rawwfile printed when it started: it ends in ?t= and a secret.")


def _same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode("ascii"))
