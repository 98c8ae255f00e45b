"""`request.sessionMap`: data of a visitor from one request to the next (spec 10).

    ram      in memory, any object; lost when the server stops, and not shared between processes
    file     one file a session; survives a restart; shared by processes
    cookie   in the visitor's browser, signed; 4 kB at most; the visitor can read it
    custom   the application's saveSessionData, loadSessionData and cleanUpOldSessions

Of requests of one visitor at the same time the last to end wins; with `ram` they share one dict.

The id cookie is 0.10's to the letter: `CherryPySession=<40 hex>; Path=/; Version=1`. `[session]
cookieFlags=HttpOnly, SameSite=Lax` adds to it, and to those that hold a session; `auto`, the default,
adds HttpOnly and Secure where the server speaks HTTPS; `none` adds nothing there either.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, Protocol

from rawwfile.errors import ConfigError

__all__ = ["Session", "Sessions", "Storage", "make_sessions"]

ID = re.compile(r"[0-9a-f]{40}", re.ASCII)
_COOKIE_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FLAGS = {"httponly": ("httponly", True), "secure": ("secure", True)}
_SAME_SITE = {"samesite=lax": "Lax", "samesite=strict": "Strict", "samesite=none": "None"}


class Storage(Protocol):
    """Where sessions are kept. expires: seconds since the epoch."""

    def load(self, session_id: str, cookies: SimpleCookie) -> tuple[dict[str, Any], float] | None:
        """Return data and expiry of a session, None for one that is not known.

        cookies: those of the request.
        """

    def save(self, session_id: str, data: dict[str, Any], expires: float, cookies: SimpleCookie) -> None:
        """Keep the data. cookies: those of the response. Raises TypeError for what cannot be kept."""

    def clean_up(self, now: float) -> None:
        """Drop what has expired."""

    def forget_all(self) -> None:
        """A hot reload: drop what lives in this process only."""


class Session:
    """The session of one request. data: for `request.sessionMap`."""

    __slots__ = ("id", "data")

    def __init__(self, session_id: str, data: dict[str, Any]) -> None:
        self.id = session_id
        self.data = data


class Sessions:
    """Begins and saves the session of each request.

    timeout, clean_up_delay: seconds; a delay of 0 is never. flags: attributes of the id cookie.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        cookie_name: str = "CherryPySession",
        timeout: float = 3600,
        clean_up_delay: float = 3600,
        flags: dict[str, Any] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.storage = storage
        self.cookie_name = cookie_name
        self.timeout = timeout
        self.clean_up_delay = clean_up_delay
        self.flags = dict(flags or {})
        self._clock = clock
        self._cleaned = clock()
        self._cleaning = threading.Lock()

    def begin(self, cookies: SimpleCookie, response_cookies: SimpleCookie) -> Session:
        """Return the session that `cookies` name, or a new one, and set the cookie of the response.

        Only an id of our own form is looked up, and one that is not known is never adopted.
        """
        session = self._known(cookies) or self._new()
        response_cookies[self.cookie_name] = session.id
        morsel = response_cookies[self.cookie_name]
        morsel["path"] = "/"
        morsel["version"] = 1
        for name, value in self.flags.items():
            morsel[name] = value
        return session

    def _known(self, cookies: SimpleCookie) -> Session | None:
        morsel = cookies.get(self.cookie_name)
        if morsel is None or not ID.fullmatch(morsel.value):
            return None
        found = self.storage.load(morsel.value, cookies)
        if found is None:
            return None
        data, expires = found
        return None if self._clock() > expires else Session(morsel.value, data)

    @staticmethod
    def _new() -> Session:
        session_id = secrets.token_hex(20)
        return Session(session_id, {"_sessionId": session_id})

    def save(self, session: Session, data: Any, response_cookies: SimpleCookie) -> None:
        """Keep `data`, what `request.sessionMap` is now, for another `timeout`.

        It is kept under the id of the response's cookie, which the application may have changed.
        Raises ValueError for an id of another form, TypeError for data that cannot be kept.
        """
        morsel = response_cookies.get(self.cookie_name)
        session_id = session.id if morsel is None else morsel.value
        if not ID.fullmatch(session_id):
            raise ValueError(
                f"the session id in response.simpleCookie[{self.cookie_name!r}] must be 40 digits of 0-9 and a-f, "
                f"not {session_id!r:.60}: secrets.token_hex(20) makes one"
            )
        self.storage.save(session_id, data, self._clock() + self.timeout, response_cookies)

    def clean_up(self) -> None:
        """Drop expired sessions if `clean_up_delay` has passed since the last time; else nothing."""
        if self.clean_up_delay <= 0 or self._clock() - self._cleaned < self.clean_up_delay:
            return
        if not self._cleaning.acquire(blocking=False):
            return
        try:
            self._cleaned = self._clock()
            self.storage.clean_up(self._cleaned)
        finally:
            self._cleaning.release()

    def forget_all(self) -> None:
        """Drop what lives in this process only, as a hot reload did."""
        self.storage.forget_all()


def make_sessions(
    configuration: Any, site: Any, *, secure: bool, processes: int = 1, clock: Callable[[], float] = time.time
) -> Sessions | None:
    """Return the sessions that the configuration asks for, None where it asks for none.

    To be called after initServer, which may set the site key. secure: the server speaks HTTPS.
    Raises StartError for what cannot work.
    """
    options = configuration.session
    if not options.storage_type:
        return None
    if not _COOKIE_NAME.fullmatch(options.cookie_name):
        raise ConfigError(f"[session] cookieName={options.cookie_name}: a name of letters, digits, - and _.")
    flags = flags_of(options.cookie_flags, secure=secure)
    return Sessions(
        _storage(configuration, site, processes, flags),
        cookie_name=options.cookie_name,
        timeout=options.timeout * 60,
        clean_up_delay=options.clean_up_delay * 60,
        flags=flags,
        clock=clock,
    )


def _storage(configuration: Any, site: Any, processes: int, flags: dict[str, Any]) -> Storage:
    options = configuration.session
    kind = options.storage_type
    if kind == "ram":
        from rawwfile.cherrypy.sessions.ram import RamStorage

        return RamStorage(options.most_sessions)
    if kind == "custom":
        from rawwfile.cherrypy.sessions.custom import CustomStorage

        return CustomStorage(site)
    from rawwfile.cherrypy.sessions.values import Values

    values = Values(site.namespace, kind)
    if kind == "file":
        from rawwfile.cherrypy.sessions.file import FileStorage

        return FileStorage(options.storage_file_dir, values)
    from rawwfile.cherrypy.sessions.cookie import CookieStorage, site_key

    return CookieStorage(
        values,
        key=site_key(configuration.file, processes),
        name=options.cookie_name,
        max_age=options.timeout * 60,
        flags=flags,
    )


def flags_of(text: str, *, secure: bool) -> dict[str, Any]:
    """Return the cookie attributes that `cookieFlags=` means. Raises ConfigError."""
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    if words in ([], ["auto"]):
        return {"httponly": True, "secure": True} if secure else {}
    if words == ["none"]:
        return {}
    flags: dict[str, Any] = {}
    for word in words:
        if word in _FLAGS:
            name, value = _FLAGS[word]
            flags[name] = value
        elif word in _SAME_SITE:
            flags["samesite"] = _SAME_SITE[word]
        else:
            raise ConfigError(
                f"[session] cookieFlags={text}: give auto, none, or some of HttpOnly, Secure, SameSite=Lax."
            )
    return flags
