"""The tap: what crosses a server's sockets goes onto a tape too.

    Tap           one for each server: the tape, its clock, and what happens when recording fails
    Recording     one for each connection: called by the taped classes (`taped`), writes a Track

A fault in here costs the recording, never a response: it is logged once, and nothing more is taped.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rawwfile.http.notes.base import load_all
from rawwfile.http.span_reader import LenientSpanReader, SpanReader
from rawwfile.server.writers import line_of_writer
from rawwfile.settings import VERSION
from rawwfile.tape.model import CIPHER, IN, OUT, PLAIN, ConnectionTape, Tape
from rawwfile.tape.recorder import Outcome, Track

if TYPE_CHECKING:
    from rawwfile.errors import ProtocolError
    from rawwfile.exchange.exchange import Exchange
    from rawwfile.http.events import RequestHead

log = logging.getLogger("rawwfile")


class Tap:
    """Records the connections of one server on `tape`. Several servers may share a tape."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self.failed = False
        # Now, lest the first remark delay a response that is being timed.
        load_all()
        wall, now = time.time(), time.monotonic()
        if not tape.started:
            tape.started = wall
        tape.by = tape.by or f"rawwfile {VERSION}"
        self._origin = now - (wall - tape.started)

    def now(self) -> float:
        """Seconds on the tape's clock."""
        return time.monotonic() - self._origin

    def note(self, method: Callable[..., Any], *values: Any) -> Any:
        """Call `method`; None once anything has failed."""
        if self.failed:
            return None
        try:
            return method(*values)
        except Exception:  # noqa: BLE001 - serving goes on, whatever is wrong with the recording
            self.fail()
            return None

    def fail(self) -> None:
        """Record nothing more, and log the exception that is being handled."""
        self.failed = True
        log.exception("the recording failed, and ends here; serving goes on; please report it")

    def read_leniently(self, connection: Any) -> None:
        """Serve a new connection with a reader for old clients."""
        connection.recording.read_leniently()

    def next_number(self, number: int) -> int:
        """The number of a new connection on the tape; `number`, the server's own, once anything has failed."""
        found = self.note(self.tape.next_connection)
        return number if found is None else int(found)


class Recording:
    """What the taped classes tell of one connection. Each method returns at once and raises nothing."""

    __slots__ = ("tap", "connection", "track", "side")

    def __init__(self, tap: Tap, connection: Any) -> None:
        self.tap = tap
        self.connection = connection
        self.side = PLAIN if connection.scheme == "http" else CIPHER
        """What crosses the socket."""
        self.track: Track | None = None
        connection.reader = SpanReader(connection.loop.limits)
        self.track = tap.note(self._begin)

    def _begin(self) -> Track:
        connection = self.connection
        opened = ConnectionTape(
            connection.number,
            connection.scheme,
            _address(connection.peer()),
            _address(connection.local()),
            self.tap.now(),
        )
        return Track(self.tap.tape, opened, connection.reader)

    def read_leniently(self) -> None:
        """Serve this connection with a reader for old clients."""
        self.connection.reader = reader = LenientSpanReader(self.connection.loop.limits)
        self._note("read_with", reader)

    def _note(self, name: str, *values: Any) -> None:
        track, tap = self.track, self.tap
        if track is not None and not tap.failed:
            try:
                getattr(track, name)(*values)
            except Exception:  # noqa: BLE001 - see Tap.note; ten times for each exchange, so without its call
                tap.fail()

    # -- bytes

    def received(self, data: bytes, side: str) -> None:
        """Bytes came."""
        self._note("entry", IN, side, data, self.tap.now())

    def sent(self, data: Any, count: int, side: str) -> None:
        """The first `count` bytes of `data` went out."""
        track = self.track
        if track is not None:
            self.tap.note(self._sent, track, data, count, side, self.tap.now())

    def _sent(self, track: Track, data: Any, count: int, side: str, now: float) -> None:
        by, by_hand, exchange = None, False, self.connection.exchange
        if side == PLAIN:
            by = line_of_writer(sys._getframe(1), exchange)
            by_hand = exchange is not None and "wfile" in exchange.response.__dict__ and not exchange.response.head_sent
        whole = type(data) is bytes and count == len(data)
        track.entry(OUT, side, data if whole else bytes(memoryview(data)[:count]), now, by, by_hand)

    # -- ends

    def client_ended(self, side: str, text: str = "") -> None:
        """The client said that it sends no more."""
        self._note("ended", IN, side, "client-ended", text, self.tap.now())

    def server_ended(self, side: str, text: str = "") -> None:
        """We said that we send no more."""
        self._note("ended", OUT, side, "half-closed", text, self.tap.now())

    def broke(self, error: OSError) -> None:
        """The socket says that the client is gone."""
        self._note("ended", IN, self.side, "client-gone", error.strerror or str(error), self.tap.now())
        self._note("because", f"the connection broke: {error.strerror or error}")

    def because(self, why: str) -> None:
        """Why the connection is about to end."""
        self._note("because", why)

    def closed(self, why: str, reset: bool) -> None:
        """The socket is closed; why: if nobody said it before."""
        now = self.tap.now()
        if reset:
            self._note("event", "reset", "", now)
        self._note("close", "server", why, now, self._outcome(self.connection.exchange, "error"))
        # It and the connection know each other: the bytes must not wait for the garbage collector.
        self.track = None

    # -- exchanges

    def begins(self, head: RequestHead) -> None:
        """The reader has found a request; its exchange comes."""
        self._note("begin", head, self.tap.now())

    def rejected(self, error: ProtocolError) -> None:
        """The reader has found bytes that are no request; the answer comes."""
        self._note("begin_refused", error, self.tap.now())

    def refused(self, error: ProtocolError) -> None:
        """The request is answered without its handler."""
        self._note("refuse", error, self.tap.now())

    def announced(self, handler: str) -> None:
        """The handler is called now."""
        self._note("announce", handler, self.tap.now())

    def happened(self, kind: str, text: str = "") -> None:
        """Something for the timeline."""
        self._note("event", kind, text, self.tap.now())

    def read_on(self) -> None:
        """More of a request's content was passed over after its response."""
        self._note("note_request")

    def over(self, exchange: Exchange) -> None:
        """Every byte of the response is out, or it was cut."""
        self._note("end", self._outcome(exchange, exchange.end), self.tap.now())

    def rejection_over(self) -> None:
        """The answer to bytes that are no request is out."""
        if self.track is not None and self.connection.exchange is None:
            self._note("end", Outcome("complete"), self.tap.now())

    def _outcome(self, exchange: Exchange | None, end: str) -> Outcome:
        return self.tap.note(self._judged, exchange, end) or Outcome(end)

    def _judged(self, exchange: Exchange | None, end: str) -> Outcome:
        if exchange is None:
            return Outcome(end)
        if exchange.end != "complete":
            end = exchange.end
        return Outcome(end, exchange.keep, exchange.handler_name, exchange.wrote_by_hand)

    # -- TLS

    def secured(self, facts: dict[str, Any]) -> None:
        """The handshake is done."""
        self._note("secured", facts, self.tap.now())


def _address(pair: tuple[str, int]) -> str:
    host, port = pair
    if not host:
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
