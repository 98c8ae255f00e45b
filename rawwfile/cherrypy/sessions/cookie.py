"""Sessions in the visitor's browser: the data and an HMAC-SHA-256 over them (H06)."""

from __future__ import annotations

import base64
import binascii
import configparser
import hashlib
import hmac
import json
import logging
import secrets
import zlib
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

from rawwfile.cherrypy.sessions.values import Damaged, Values
from rawwfile.errors import StartError

log = logging.getLogger("rawwfile")

DATA, SIGNATURE = "CSession", "CSession-sig"
"""The cookies, by 0.10's names."""
MOST_BROWSERS_KEEP = 4096
_LARGEST = 1 << 20
_WORTH_IT = 1000
"""Bytes below which compressing costs more time than the page."""
_PLAIN, _SMALLER = "1", "2"
"""First character of the data: as JSON is, or compressed. Another one is another version: no session."""


class CookieStorage:
    """Keeps each session in cookies of the browser that it belongs to.

    key: secret of the site. name: of the id cookie; what is signed is good for it alone, and for the
    one session id. max_age: seconds, for the browser; the expiry that counts is signed too. flags: more
    attributes of the cookies, those of the id cookie.
    A visitor may bring back an older state of his session until it expires: nothing that can be
    spent belongs there.
    """

    def __init__(
        self, values: Values, *, key: bytes, name: str, max_age: float, flags: Mapping[str, Any] | None = None
    ) -> None:
        self._values = values
        self._key = hmac.digest(key, b"rawwfile cookie session 1\0" + name.encode("latin-1", "replace"), "sha256")
        self._attributes = {"path": "/", "max-age": max_age, **(flags or {})}

    def load(self, session_id: str, cookies: SimpleCookie) -> tuple[dict[str, Any], float] | None:
        """See Storage. Anything forged or damaged is no session."""
        data, signature = cookies.get(DATA), cookies.get(SIGNATURE)
        if data is None or signature is None:
            return None
        text = data.value
        if not hmac.compare_digest(self._signed(session_id, text).encode(), signature.value.encode("utf-8", "replace")):
            return None
        try:
            expires, content = json.loads(_unpacked(text))
            return self._values.decode(content.encode("ascii")), float(expires)
        except (Damaged, ValueError, TypeError, AttributeError, zlib.error) as error:
            log.warning("a session cookie that we have signed cannot be read: %s", error)
            return None

    def save(self, session_id: str, data: dict[str, Any], expires: float, cookies: SimpleCookie) -> None:
        """See Storage."""
        content = json.dumps([expires, self._values.encode(data).decode("ascii")], separators=(",", ":"))
        text = _packed(content.encode("ascii"))
        if len(text) > MOST_BROWSERS_KEEP - 200:
            log.warning(
                "a session has %d bytes as a cookie; browsers drop cookies of more than %d: use storageType=file",
                len(text),
                MOST_BROWSERS_KEEP,
            )
        for name, value in ((DATA, text), (SIGNATURE, self._signed(session_id, text))):
            cookies[name] = value
            cookies[name].update(self._attributes)

    def clean_up(self, now: float) -> None:
        """Browsers do that."""

    def forget_all(self) -> None:
        """Nothing lives here."""

    def _signed(self, session_id: str, text: str) -> str:
        return hmac.new(self._key, f"{session_id}\0{text}".encode("latin-1", "replace"), hashlib.sha256).hexdigest()


def site_key(file: Any, processes: int) -> bytes:
    """Return `[server] siteKey`; without one a random key, good until the server stops.

    Raises StartError without one where several processes would have one each.
    """
    try:
        text = file.get("server", "siteKey")
    except configparser.Error:
        text = ""
    if text:
        return str(text).encode("utf-8", "surrogateescape")
    if processes > 1:
        raise StartError(
            "CherryError: sessions of storageType=cookie need a siteKey where several processes serve: each would "
            "refuse what another has signed. Add siteKey=SECRET to [server], with a long random text as SECRET."
        )
    return secrets.token_bytes(32)


def _packed(content: bytes) -> str:
    mark, data = _PLAIN, content
    if len(content) > _WORTH_IT:
        smaller = zlib.compress(content, 9)
        if len(smaller) < len(content):
            mark, data = _SMALLER, smaller
    return mark + base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def _unpacked(text: str) -> bytes:
    mark, packed = text[:1], text[1:]
    try:
        data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    except binascii.Error as error:
        raise Damaged(str(error)) from None
    if mark == _PLAIN:
        return data
    if mark != _SMALLER:
        raise Damaged("written by another version")
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(data, _LARGEST)
    if unpacker.unconsumed_tail:
        raise Damaged("too large")
    return content
