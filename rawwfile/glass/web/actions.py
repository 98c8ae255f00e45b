"""What the page does with POST: send, arm the lab address, break, compare, open and clear recordings."""

from __future__ import annotations

import base64
import ssl
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rawwfile.errors import RawwfileError
from rawwfile.glass.breaking import MUTATIONS, CannotBreak, break_it, difference, offers
from rawwfile.glass.pieces import Piece, PiecesError, bytes_from_base64, pieces_from_json, pieces_to_json
from rawwfile.glass.sender import Reply, send
from rawwfile.glass.web.answers import number, read_json, say_json
from rawwfile.glass.web.guard import Refused
from rawwfile.glass.web.views import query_of
from rawwfile.tape.model import ConnectionTape
from rawwfile.tape.wirereader import read_wire

if TYPE_CHECKING:
    from rawwfile.glass.web.site import Site

MAX_READ = 120.0
"""Seconds that an answer is waited for at most."""
MAX_REPLY = 4 << 20
"""Most bytes of an answer that are handed to the page; the tape has all of them."""
RECORDED_WITHIN = 1.0
"""Seconds for the tape to show the connection that was sent on; it is there as soon as it is accepted."""
MAX_WIRE = 512 << 20
"""Most bytes of a .wire file that is opened."""

Action = Callable[["Site", Any], None]


def _pieces(asked: dict[str, Any]) -> list[Piece]:
    try:
        return pieces_from_json(asked.get("pieces"))
    except PiecesError as error:
        raise Refused(400, f"{error}.") from None


def _kind(asked: dict[str, Any]) -> str | None:
    kind = asked.get("kind")
    if kind not in (None, "request", "response"):
        raise Refused(400, 'kind is "request" or "response".')
    return kind


def _data(asked: dict[str, Any]) -> bytes:
    try:
        return bytes_from_base64(asked.get("data"))
    except PiecesError as error:
        raise Refused(400, f"{error}.") from None


def send_raw(site: Site, exchange: Any) -> None:
    """Send raw bytes to the watched server, and answer with what came back."""
    asked = read_json(exchange.request)
    pieces = _pieces(asked)
    read = number(asked.get("read"), "read", 5.0, 0.0, MAX_READ)
    if not site.sending.acquire(blocking=False):
        raise Refused(429, "Too many requests are being sent; wait for one to end.")
    try:
        reply = send(
            site.target, pieces, site.client_tls, read, MAX_REPLY,
            end=asked.get("end") is True, server_name=site.server_name, stopping=lambda: exchange.stopping,
        )  # fmt: skip
    except (OSError, RawwfileError) as error:
        reason = "TLS: " if isinstance(error, ssl.SSLError) else ""
        raise Refused(502, f"The server cannot be reached: {reason}{error}.") from None
    finally:
        site.sending.release()
    say_json(exchange.response, {
        "connection": _recorded(site, reply),
        "bytes": base64.b64encode(reply.data).decode("ascii"),
        "arrivals": [[seconds, len(data)] for seconds, data in reply.arrivals],
        "ended": reply.ended, "sent": reply.sent, "seconds": reply.seconds,
    })  # fmt: skip


def _recorded(site: Site, reply: Reply) -> int | None:
    """The number of the connection on the live tape that we have just used."""
    local = reply.local
    if not isinstance(local, tuple):
        return None
    tape = site.shown.live
    give_up = time.monotonic() + RECORDED_WITHIN
    while True:
        with tape.lock:
            found: ConnectionTape | None = None
            for found in reversed(tape.connections.values()):
                if _is_peer(found.peer, local):
                    return found.number
        if time.monotonic() > give_up:
            return None
        time.sleep(0.01)


def _is_peer(peer: str, local: tuple[str, int]) -> bool:
    host, _, port = peer.rpartition(":")
    # A server on "::" sees 127.0.0.1 as ::ffff:127.0.0.1.
    return port == str(local[1]) and host.strip("[]").removeprefix("::ffff:") == local[0]


def lab(site: Site, exchange: Any) -> None:
    """Arm the lab address: its next visitor gets these pieces. No pieces: disarm it."""
    if site.lab is None:
        raise Refused(404, "This server has no lab address.")
    pieces = _pieces(read_json(exchange.request))
    if pieces:
        site.lab.arm(pieces)
    else:
        site.lab.disarm()
    say_json(exchange.response, {"url": site.about["url"] + site.lab.path, "armed": bool(pieces)})


def break_bytes(site: Site, exchange: Any) -> None:
    """Break a message by one mutation."""
    asked = read_json(exchange.request)
    data, name, kind = _data(asked), asked.get("how"), _kind(asked)
    if not isinstance(name, str) or name not in MUTATIONS:
        raise Refused(404, "There is no such mutation.")
    wanted = asked.get("n")
    try:
        broken = break_it(name, data, None if wanted is None else int(number(wanted, "n", 0, -1e15, 1e15)), kind)
        pieces = pieces_to_json(broken.pieces)
    except CannotBreak as why:
        raise Refused(409, f"This does not apply: {why}.") from None
    changed = difference(data, broken.data)
    say_json(exchange.response, {
        "pieces": pieces, "what": broken.what, "notes": list(broken.notes), "rule": MUTATIONS[name].rule,
        "end": broken.end, "start": changed.start, "before": changed.before, "after": changed.after,
    })  # fmt: skip


def breaks(site: Site, exchange: Any) -> None:
    """What Break it offers, and which of it applies to these bytes."""
    asked = read_json(exchange.request)
    say_json(exchange.response, offers(_data(asked), _kind(asked)))


def compare(site: Site, exchange: Any) -> None:
    """Give a response to several clients and say how each reads it."""
    from rawwfile.glass.comparing import compare as compare_clients

    asked = read_json(exchange.request)
    pieces = _pieces(asked)
    method = asked.get("method", "GET")
    if method not in ("GET", "HEAD", "POST"):
        raise Refused(400, "method is GET, HEAD or POST.")
    if not site.comparing.acquire(blocking=False):
        raise Refused(429, "A comparison is running; wait for its end.")
    try:
        say_json(exchange.response, compare_clients(pieces, method=method).json())
    except RawwfileError as error:
        raise Refused(400, str(error)) from None
    finally:
        site.comparing.release()


def open_wire(site: Site, exchange: Any) -> None:
    """Show a .wire file in place of the live tape."""
    length = exchange.request.content_length
    if length is not None and length > MAX_WIRE:
        raise Refused(413, f"A recording of more than {MAX_WIRE} bytes is not opened here.")
    name = query_of(exchange).get("name", "recording.wire")[:200]
    try:
        tape = read_wire(_lines(exchange.request.rfile), name)
    except RawwfileError as error:
        raise Refused(400, str(error)) from None
    except RecursionError:
        raise Refused(400, f"{name}: the JSON of a line is nested too deep.") from None
    site.shown.open(tape, name)
    say_json(exchange.response, {"total": len(tape.exchanges), "name": name})


def _lines(file: Any) -> Iterator[bytes]:
    """The lines of the request's content, MAX_WIRE bytes of it at most. Raises Refused (413)."""
    left = MAX_WIRE
    while line := file.readline(left + 1):
        left -= len(line)
        if left < 0:
            raise Refused(413, f"A recording of more than {MAX_WIRE} bytes is not opened here.")
        yield line


def close_wire(site: Site, exchange: Any) -> None:
    """Show the live tape again."""
    read_json(exchange.request)
    site.shown.close()
    say_json(exchange.response, {"loaded": None})


def clear(site: Site, exchange: Any) -> None:
    """Forget the closed connections of the live tape."""
    read_json(exchange.request)
    site.shown.live.clear()
    say_json(exchange.response, {"exchanges": len(site.shown.live.exchanges)})


ACTIONS: dict[str, Action] = {
    "send": send_raw, "lab": lab, "break": break_bytes, "breaks": breaks, "compare": compare,
    "wire": open_wire, "wire/close": close_wire, "clear": clear,
}  # fmt: skip
"""By the path after /api/."""
