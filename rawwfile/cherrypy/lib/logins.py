"""What the three login modules share: credentials, signed cookies, and where a login leads back to (H22)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import string
import time
from collections.abc import Callable, Iterable
from typing import Any

from rawwfile.cherrypy.failures import CherryError

# Made once, when the first module with logins is loaded: processes that are forked later share it.
_KEY = secrets.token_bytes(32)
_ALPHABET = string.ascii_letters + string.digits
_ID = re.compile(r"[a-zA-Z0-9]{20}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def is_right(password: str, passwords: Any) -> bool:
    """Whether a password is one of those that count; a plain string counts as one password."""
    listed: Iterable[str] = [passwords] if isinstance(passwords, str) else passwords or ()
    # All are compared, each in the same time, so that the time tells nothing.
    return any([_is_same(password, each) for each in listed])


def _is_same(one: str, other: Any) -> bool:
    return isinstance(other, str) and hmac.compare_digest(_bytes(one), _bytes(other))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def basic_login(authorization: str, passwords_of: Callable[[str], Any]) -> str | None:
    """Return the login of a `Basic` Authorization header (RFC 7617), or None if it is not right.

    passwords_of: gives the passwords of a login, or 1 where any will do. The password is all behind
    the first colon. What cannot be read is not right, and no error.
    """
    scheme, _, rest = authorization.strip().partition(" ")
    words = rest.split()
    if scheme.lower() != "basic" or not words:
        return None
    try:
        data = base64.b64decode(words[0], validate=True)
    except (binascii.Error, ValueError):
        return None
    for text in _readings(data):
        login, colon, password = text.partition(":")
        passwords = passwords_of(login) if colon else None
        if passwords == 1 or is_right(password, passwords):
            return login
    return None


def _readings(data: bytes) -> list[str]:
    """Return the text of credentials: one character a byte, and read as UTF-8 where that differs."""
    texts = [data.decode("latin-1")]
    if not data.isascii():
        try:
            texts.append(data.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    return texts


def signature(configuration: Any, login: str, date: str, password: str) -> str:
    """Return what the password cookie holds: HMAC-SHA-256 by the server's key, in hex.

    configuration: the application's configFile. Its `[server] siteKey` is the key; without one,
    logins end when the server does.
    """
    try:
        key = _bytes(configuration.get("server", "siteKey"))
    except Exception:  # noqa: BLE001 - a missing file, section or option, whatever kind of parser
        key = b""
    parts = [_bytes(part) for part in ("CherryPassword", login, date, password)]
    text = b"".join(b"%d:%s" % (len(part), part) for part in parts)
    return hmac.new(key or _KEY, text, hashlib.sha256).hexdigest()


def is_signed(configuration: Any, login: str, date: str, signed: str, passwords: Any) -> bool:
    """Whether `signed` is the signature for one of the passwords."""
    listed: Iterable[str] = [passwords] if isinstance(passwords, str) else passwords or ()
    return any([_is_same(signed, signature(configuration, login, date, each)) for each in listed])


def is_fresh(date: str, minutes: float) -> bool:
    """Whether a date cookie (whole seconds) is neither of the future nor older than that."""
    if not re.fullmatch("[0-9]{1,12}", date):
        return False
    return 0 <= time.time() - int(date) <= minutes * 60


def new_id() -> str:
    """Return 20 letters and digits that nobody can guess."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(20))


def session_login(session: Any, key: str) -> tuple[str, float] | None:
    """Return (login, when it ends) that a session holds under an id made by `new_id`, or None.

    The id comes from a cookie, so it must not reach what the application itself keeps there.
    """
    found = session.get(key) if _ID.fullmatch(key) else None
    return found if isinstance(found, tuple) and len(found) == 2 else None


def way_back(page: str, base: str, instance: Any) -> str:
    """Return the page that a login leads to. Raises CherryError where that is on another host.

    page: as the browser sent it. base: scheme and host of this request. instance: its class may
    name more hosts in a variable `loginHosts`.
    """
    host = _host_of(page)
    if host in ("", _host_of(base)) or host in instance.loginHosts:
        return page
    raise CherryError(
        f"a login may not lead to {page!r}, which is on another host. If it should, allow that host in "
        f"this application: write loginHosts = [{host or 'the.other.host'!r}] below 'variable:' in "
        f"CherryClass {type(instance).__name__}"
    )


def _host_of(page: str) -> str | None:
    """Return the host (with its port, if any) that a browser goes to, '' for this one, None if unclear.

    Browsers take a backslash for a slash, and any number of slashes for two.
    """
    if _CONTROL.search(page):
        return None
    page = page.strip(" ").replace("\\", "/")
    scheme = _SCHEME.match(page)
    if scheme is None and not page.startswith("//"):
        return ""
    if scheme is not None and not re.match("https?://[^/]", page, re.IGNORECASE):
        return None
    rest = page[scheme.end() if scheme else 0 :].lstrip("/")
    host = re.split("[/?#]", rest, maxsplit=1)[0].lower()
    port = {"http:": ":80", "https:": ":443"}.get(scheme.group().lower() if scheme else "", "")
    return (host.removesuffix(port) if port else host) or None
