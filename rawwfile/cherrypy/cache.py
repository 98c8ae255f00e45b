"""The page cache: `request.cacheKey` and `request.cacheExpire` (spec 11)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

ENTRY_COST = 1024
"""Least bytes that an entry counts beside its body: key, headers and what holds them."""
_HOLDERS_COST = 512

_FOR_ONE = {"206", "304", "412", "416"}
"""Statuses that say something of the request's own conditions."""


@dataclass(frozen=True)
class Page:
    """A stored page. headers: of response.headerMap, `status` among them; a copy for whoever asks."""

    headers: dict[str, Any]
    body: bytes | str


class PageCache:
    """Keeps pages under the application's keys until they expire.

    flush_delay: minutes between two flushes of expired pages, 0 for none. most_bytes: of all pages;
    more than that, and those that were not asked for the longest time go (H23). A page of a quarter
    of that is not kept. clock: seconds since the epoch.
    """

    def __init__(self, flush_delay: float, *, clock: Callable[[], float], most_bytes: int = 64 << 20) -> None:
        self._flush_delay = flush_delay * 60
        self._most = most_bytes
        self._clock = clock
        self._flushed = clock()
        self._lock = threading.Lock()
        self._pages: OrderedDict[Hashable, tuple[float, Page, int]] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Hashable) -> Page | None:
        """Return the page under `key` if there is one that has not expired. An empty key has none.

        Its headers have the date of the first build; the caller sets that of now.
        """
        if not key:
            return None
        with self._lock:
            found = self._pages.get(key)
            if found is None or found[0] < self._clock():
                return None
            self._pages.move_to_end(key)
        return Page(_copied(found[1].headers), found[1].body)

    def put(self, key: Hashable, expires: float, headers: Mapping[str, Any], body: Any) -> None:
        """Keep a page until `expires`, seconds since the epoch.

        Whatever its status, as in 0.10, but not the answer to a conditional or range request, which
        0.10 then served to everybody (H25); and only a body that is bytes or str, not a file that is
        sent piece by piece.
        """
        if not key or str(headers.get("status", ""))[:3] in _FOR_ONE or not isinstance(body, (bytes, str)):
            return
        # Visitors choose keys such as a URL, and how long they are.
        cost = max(ENTRY_COST, _HOLDERS_COST + _length(key) + _length(tuple(headers.values()))) + len(body)
        with self._lock:
            self._drop(key)
            if cost > self._most // 4:
                return
            self._pages[key] = (float(expires), Page(_copied(headers), body), cost)
            self._bytes += cost
            while self._bytes > self._most:
                self._drop(next(iter(self._pages)))

    def flush(self) -> None:
        """Drop what has expired if the delay has passed since the last time; else nothing."""
        if self._flush_delay <= 0 or self._clock() - self._flushed < self._flush_delay:
            return
        with self._lock:
            now = self._flushed = self._clock()
            for key in [key for key, (expires, _, _) in self._pages.items() if expires <= now]:
                self._drop(key)

    def forget_all(self) -> None:
        """Drop every page: a hot reload."""
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def _drop(self, key: Hashable) -> None:
        found = self._pages.pop(key, None)
        if found is not None:
            self._bytes -= found[2]


def _length(value: Any) -> int:
    if isinstance(value, (str, bytes)):
        return len(value)
    return sum(map(_length, value)) if isinstance(value, (tuple, list, frozenset)) else 0


def _copied(headers: Mapping[str, Any]) -> dict[str, Any]:
    # Lists too: applications append to headerMap['set-cookie'].
    return {name: list(value) if isinstance(value, list) else value for name, value in headers.items()}
