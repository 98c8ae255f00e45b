"""The lab address: what the next visitor of /lab/now gets is written by hand, in the inspector or by a lab."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from rawwfile.glass.pieces import Piece, checked
from rawwfile.streaming.waits import stream

LAB_PATH = "/lab/now"


class LabBox:
    """Answers one request for its path with raw pieces when it is armed; else it stands aside.

    What it writes goes through response.wfile like anybody's bytes, so the tape shows them and the
    notes judge them. Any thread may arm it. path: of the address, without a query.
    """

    def __init__(self, path: str = LAB_PATH) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._pieces: list[Piece] | None = None

    @property
    def armed(self) -> bool:
        """A visitor would get a raw response now."""
        return self._pieces is not None

    def arm(self, pieces: Sequence[Piece]) -> None:
        """The next request for the path gets these pieces, with their pauses. Raises PiecesError."""
        ready = checked(pieces)
        with self._lock:
            self._pieces = ready

    def disarm(self) -> None:
        """The next request goes to the application again."""
        with self._lock:
            self._pieces = None

    def take(self) -> list[Piece] | None:
        """The pieces, for one visitor; None where it is not armed."""
        with self._lock:
            pieces, self._pieces = self._pieces, None
        return pieces

    def wrap(self, application: Callable[[Any], None]) -> Callable[[Any], None]:
        """`application` with the lab address before it. application: any function of an exchange."""
        return _Wrapped(self, application)


class _Wrapped:
    rawwfile_application = True

    def __init__(self, box: LabBox, application: Callable[[Any], None]) -> None:
        self._box = box
        self._application = application

    def __call__(self, exchange: Any) -> None:
        if exchange.request.raw_path == self._box.path:
            pieces = self._box.take()
            if pieces is not None:
                exchange.announce(lab_response)
                lab_response(exchange, pieces)
                return
        self._application(exchange)

    def __getattr__(self, name: str) -> Any:
        # What a server asks of the application itself (how it stops, what it is called).
        return getattr(self._application, name)


def lab_response(exchange: Any, pieces: Sequence[Piece]) -> None:
    """Write the pieces as the whole response; nothing is added, and nothing is kept back."""
    exchange.response.sendResponse = 0
    for data, pause in pieces:
        if pause:
            stream.sleep(pause)
        exchange.response.wfile.write(data)
