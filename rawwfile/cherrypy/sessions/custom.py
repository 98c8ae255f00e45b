"""Sessions that the application keeps itself, by its special functions."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any


class CustomStorage:
    """Calls saveSessionData, loadSessionData and cleanUpOldSessions of the site as they are now."""

    def __init__(self, site: Any) -> None:
        self._site = site

    def load(self, session_id: str, cookies: SimpleCookie) -> tuple[dict[str, Any], float] | None:
        """See Storage. Raises TypeError where loadSessionData gives neither None nor a pair."""
        function = self._site.special("loadSessionData")
        found = None if function is None else function(session_id)
        if found is None:
            return None
        if not (isinstance(found, (tuple, list)) and len(found) == 2):
            raise TypeError(
                "loadSessionData must return None or (sessionData, expirationTime), "
                f"not {type(found).__name__}: {found!r:.60}"
            )
        data, expires = found
        return data, expires

    def save(self, session_id: str, data: dict[str, Any], expires: float, cookies: SimpleCookie) -> None:
        """See Storage."""
        function = self._site.special("saveSessionData")
        if function is not None:
            function(session_id, data, expires)

    def clean_up(self, now: float) -> None:
        """See Storage."""
        function = self._site.special("cleanUpOldSessions")
        if function is not None:
            function()

    def forget_all(self) -> None:
        """Nothing lives here."""
