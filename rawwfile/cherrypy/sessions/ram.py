"""Sessions in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from http.cookies import SimpleCookie
from typing import Any


class RamStorage:
    """Keeps any object; what is kept is the live dict, as in 0.10.

    most: sessions at once. Where there are more, the one that was not seen for the longest time
    goes, so that robots, which bring no cookie and get a new session for each request, cannot fill
    the memory (H23).
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        # In the order of their last save, which is that of their expiry.
        self._kept: OrderedDict[str, tuple[dict[str, Any], float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def load(self, session_id: str, cookies: SimpleCookie) -> tuple[dict[str, Any], float] | None:
        """See Storage."""
        return self._kept.get(session_id)

    def save(self, session_id: str, data: dict[str, Any], expires: float, cookies: SimpleCookie) -> None:
        """See Storage."""
        with self._lock:
            self._kept[session_id] = (data, expires)
            self._kept.move_to_end(session_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clean_up(self, now: float) -> None:
        """See Storage."""
        with self._lock:
            for session_id in [each for each, (_, expires) in self._kept.items() if expires < now]:
                del self._kept[session_id]

    def forget_all(self) -> None:
        """See Storage."""
        with self._lock:
            self._kept.clear()
