"""Which descriptors are ready: epoll where the system has it, `selectors` elsewhere."""

from __future__ import annotations

import select
import selectors
from typing import Protocol

READ, WRITE = 1, 4
"""What to wait for; the numbers are epoll's own, so that nothing is translated there."""


class Poller(Protocol):
    """Waits for readiness, level-triggered. Registering is allowed while another thread waits."""

    def register(self, fd: int, events: int) -> None:
        """Begin to watch `fd`."""

    def modify(self, fd: int, events: int) -> None:
        """Watch `fd` for other events."""

    def unregister(self, fd: int) -> None:
        """Stop watching `fd`."""

    def poll(self, timeout: float) -> list[tuple[int, int]]:
        """(fd, events) of all that are ready, at most after `timeout` seconds (-1: for ever)."""

    def close(self) -> None:
        """Free the descriptor that this needs itself."""


class SelectorPoller:
    """The Poller for systems without epoll."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    @staticmethod
    def _mask(events: int) -> int:
        return (selectors.EVENT_READ if events & READ else 0) | (selectors.EVENT_WRITE if events & WRITE else 0)

    def register(self, fd: int, events: int) -> None:
        """See Poller."""
        self._selector.register(fd, self._mask(events))

    def modify(self, fd: int, events: int) -> None:
        """See Poller."""
        self._selector.modify(fd, self._mask(events))

    def unregister(self, fd: int) -> None:
        """See Poller."""
        self._selector.unregister(fd)

    def poll(self, timeout: float) -> list[tuple[int, int]]:
        """See Poller."""
        found = self._selector.select(None if timeout < 0 else timeout)
        return [(key.fd, mask) for key, mask in found]

    def close(self) -> None:
        """See Poller."""
        self._selector.close()


def make_poller() -> Poller:
    """The best Poller of this system."""
    if hasattr(select, "epoll"):
        return select.epoll()
    return SelectorPoller()
