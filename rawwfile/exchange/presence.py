"""Whether the client is still there, for streams.

The end of a client's sending (FIN) is ambiguous: it has left, or it has only said all it had to
say. What decides is a send: who has left answers it with a reset.

    ENDED, and the stream sends        go on; look for the reset for a moment
    ... no reset came                  tolerated: the client listens, its FIN means nothing more
    ENDED, and the stream is idle      gone (an empty piece, a wait, a blocked handler)
    half_close = "gone"                ENDED is gone at once

Source: streaming contract, section 5.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected
from rawwfile.exchange.channel import ENDED, GONE, Handle

if TYPE_CHECKING:
    from rawwfile.exchange.exchange import Exchange

log = logging.getLogger("rawwfile")

RESET_PATIENCE = 0.005
"""Seconds that we look for the reset after a send to a client that has ended its sending."""
IDLE = 0.05
"""Seconds without a send after which a stream whose client has ended its sending counts as idle."""

TIDY = 64
"""Callbacks after which those that were cancelled are dropped."""


class Presence:
    """What one exchange knows of its client. Made when a stream, or a handler, first asks."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._channel = exchange.channel
        self._strict = exchange.settings.half_close == "gone"
        self.tolerated = False
        """A send after the client's FIN was not answered with a reset: it still listens."""
        self.sends = 0
        self._callbacks: list[_Callback] = []
        self._wakes: list[_Callback] = []
        self._watching: Handle | None = None
        self._recheck: Handle | None = None
        self._lock = Lock()
        self._over = False

    # -- for the handler's thread

    def is_gone(self) -> bool:
        """The client has left, as far as can be told without a send."""
        state = self._channel.client_state()
        return state == GONE or (state == ENDED and not self.tolerated)

    def check(self) -> bool:
        """Before a piece: raise ClientDisconnected if the client is gone; True if it has ended its sending."""
        state = self._channel.client_state()
        if state == GONE or (state == ENDED and self._strict):
            raise ClientDisconnected("the client is gone")
        return state == ENDED and not self.tolerated

    def probe(self) -> None:
        """After a send to a client that has ended its sending: raise ClientDisconnected on a reset."""
        if self._channel.await_reset(RESET_PATIENCE):
            raise ClientDisconnected("the client is gone: it answered with a reset")
        self.tolerated = True

    # -- callbacks

    def on_gone(self, callback: Callable[[], Any]) -> _Callback:
        """Call `callback` once, in another thread, soon after the client is gone; at once if it is."""
        return self._add(callback, self._callbacks)

    def on_wake(self, callback: Callable[[], Any]) -> _Callback:
        """As `on_gone`, and also when the server stops: for waits, during which a stream is idle."""
        return self._add(callback, self._wakes)

    def _add(self, callback: Callable[[], Any], entries: list[_Callback]) -> _Callback:
        entry = _Callback(callback)
        with self._lock:
            if len(entries) >= TIDY:
                entries[:] = [each for each in entries if each.waits]
            entries.append(entry)
            watching = self._watching
        if watching is None and not self._over:
            self._watching = self._channel.watch(self._heard)
        if self._channel.stopping or self.is_gone():
            self._heard(self._channel.client_state() == GONE)
        return entry

    def finish(self) -> None:
        """The response is over: no callback runs from now on."""
        self._over = True
        for handle in (self._watching, self._recheck):
            if handle is not None:
                handle.cancel()
        with self._lock:
            self._callbacks.clear()
            self._wakes.clear()

    def _heard(self, reset: bool) -> None:
        """Something has become of the client; from the monitor's thread, or at once."""
        if self._over:
            return
        if self._channel.stopping or self.is_gone():
            self._fire(self._wakes)
        if reset or self._strict:
            self._fire(self._callbacks)
        elif self._callbacks and self._recheck is None and self.is_gone():
            sends = self.sends
            self._recheck = self._channel.call_at(monotonic() + IDLE, lambda: self._look_again(sends))

    def _look_again(self, sends: int) -> None:
        self._recheck = None
        if self._over:
            return
        if self.sends != sends:
            # It produces: its own sends find out, and a reset is heard by the watch.
            self._heard(self._channel.client_state() == GONE)
        elif self.is_gone():
            self._fire(self._callbacks)

    def _fire(self, entries: list[_Callback]) -> None:
        with self._lock:
            due = entries[:]
            entries.clear()
        for entry in due:
            entry.run(self._exchange)


class _Callback:
    """One callback; `cancel` keeps it from running."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function: Callable[[], Any] | None = function

    @property
    def waits(self) -> bool:
        """It has neither run nor been cancelled."""
        return self._function is not None

    def cancel(self) -> None:
        """Never call it from now on."""
        self._function = None

    def run(self, exchange: Exchange) -> None:
        """Call it once, in a copy of the exchange's context; its errors are logged."""
        function, self._function = self._function, None
        if function is None:
            return
        try:
            exchange.context.copy().run(function)
        except Exception:  # noqa: BLE001 - a callback's error is its own; the others must run
            log.exception("%s: a callback of on_disconnect failed", exchange)
