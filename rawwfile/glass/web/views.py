"""What the page asks with GET: the state, the lists, details, bytes, spans, notes and the live events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rawwfile.glass.breaking import offers
from rawwfile.glass.web.answers import say_bytes, say_json, whole
from rawwfile.glass.web.guard import Refused
from rawwfile.glass.web.rows import MAX_EXCHANGES
from rawwfile.http.forms import parse_query
from rawwfile.http.notes.base import known, note_class, plain_sentence
from rawwfile.http.spans import SPAN_KINDS
from rawwfile.settings import VERSION
from rawwfile.streaming.sse import sse
from rawwfile.tape.meanings import FIELDS
from rawwfile.tape.model import Tape
from rawwfile.tape.wirefile import header_of, line_of, rows_of

if TYPE_CHECKING:
    from rawwfile.glass.web.site import Site

WIRE_PIECE = 1 << 20
"""Characters of a .wire file that are made and sent at a time."""

_name = re.compile(r"[a-z0-9-]{1,80}")

View = Callable[["Site", Any, list[str]], None]
"""Called with the site, the exchange, and the segments of the path after the view's own."""


def query_of(exchange: Any) -> dict[str, str]:
    """The query's fields; of repeated ones the last."""
    fields = parse_query(exchange.request.query_string)
    return {name: value if isinstance(value, str) else value[-1] for name, value in fields.items()}


def _only(rest: list[str], count: int) -> None:
    if len(rest) != count:
        raise Refused(404, "There is nothing at this address.")


def state(site: Site, exchange: Any, rest: list[str]) -> None:
    """What the page must know once."""
    _only(rest, 0)
    tape = site.shown.tape
    say_json(exchange.response, {
        "version": VERSION,
        "server": {**site.about, "lab": site.lab_path},
        "seq": site.shown.news.place,
        "secrets": site.shown.secrets,
        "loaded": site.shown.loaded,
        "visits": site.visits,
        "started": tape.started,
        "dropped": tape.dropped,
        "kinds": {kind.name: {"title": kind.title, "rule": kind.rule} for kind in SPAN_KINDS.values()},
        "fields": {name.decode("ascii"): [meaning.text, meaning.rule] for name, meaning in FIELDS.items()},
        "limits": {"connection": tape.limits.connection_bytes, "total": tape.limits.total_bytes,
                   "connections": tape.limits.connections},
    })  # fmt: skip


def exchanges(site: Site, exchange: Any, rest: list[str]) -> None:
    """A page of the list of exchanges."""
    _only(rest, 0)
    asked = query_of(exchange)
    start = whole(asked.get("from"), "from", 0)
    count = whole(asked.get("count"), "count", 500, MAX_EXCHANGES)
    text, level, verdict = (asked.get(name, "")[:500] for name in ("text", "level", "verdict"))
    say_json(exchange.response, site.shown.exchanges(start, count, text, level, verdict))


def exchange_one(site: Site, exchange: Any, rest: list[str]) -> None:
    """All about one exchange."""
    _only(rest, 1)
    say_json(exchange.response, site.shown.exchange(whole(rest[0], "the id")))


def connections(site: Site, exchange: Any, rest: list[str]) -> None:
    """The list of connections."""
    _only(rest, 0)
    say_json(exchange.response, site.shown.connections())


def connection(site: Site, exchange: Any, rest: list[str]) -> None:
    """All about one connection."""
    _only(rest, 1)
    asked = query_of(exchange)
    entries_from = whole(asked.get("entries"), "entries", 0)
    exchanges_from = whole(asked.get("exchanges"), "exchanges", 0)
    say_json(exchange.response, site.shown.connection(whole(rest[0], "the number"), entries_from, exchanges_from))


def bytes_of(site: Site, exchange: Any, rest: list[str]) -> None:
    """A range of a stream. X-Start says where it begins, if older bytes are no longer kept."""
    _only(rest, 2)
    asked = query_of(exchange)
    start, stop = whole(asked.get("from"), "from", 0), whole(asked.get("to"), "to", 1 << 62)
    first, data = site.shown.data(whole(rest[0], "the number"), rest[1], asked.get("side", "plain"), start, stop)
    exchange.response.headers["X-Start"] = str(first)
    say_bytes(exchange.response, data)


def spans(site: Site, exchange: Any, rest: list[str]) -> None:
    """The spans of a range; with whole=1 those at its ends are not cut."""
    _only(rest, 2)
    asked = query_of(exchange)
    start, stop = whole(asked.get("from"), "from", 0), whole(asked.get("to"), "to", 1 << 62)
    side = asked.get("side", "plain")
    found = site.shown.spans(whole(rest[0], "the number"), rest[1], side, start, stop, asked.get("whole") == "1")
    say_json(exchange.response, found)


def note(site: Site, exchange: Any, rest: list[str]) -> None:
    """What a kind of note means."""
    _only(rest, 1)
    if not _name.fullmatch(rest[0]) or not known(rest[0]):
        raise Refused(404, "There is no such note.")
    kind = note_class(rest[0])
    say_json(exchange.response, {
        "id": kind.id, "level": kind.level, "topic": kind.topic, "sentence": plain_sentence(kind),
        "explanation": kind.explanation, "rule": kind.rule, "advice": kind.advice, "source": kind.source,
    })  # fmt: skip


def breaks(site: Site, exchange: Any, rest: list[str]) -> None:
    """What Break it offers."""
    _only(rest, 0)
    say_json(exchange.response, offers())


def wire(site: Site, exchange: Any, rest: list[str]) -> None:
    """The tape as a .wire file."""
    _only(rest, 0)
    response = exchange.response
    response.headers["Content-Disposition"] = 'attachment; filename="recording.wire"'
    response.headers["Content-Type"] = "application/octet-stream"
    response.stream = True
    response.body = _wire_pieces(site.shown.tape, site.shown.secrets)


def _wire_pieces(tape: Tape, secrets: bool) -> Iterator[bytes]:
    """The file in pieces; the lock is held for one piece at a time, so that nobody waits for long."""
    yield line_of(header_of(tape, secrets)).encode("utf-8", "surrogatepass")
    for connection in tape:
        rows = rows_of(connection, secrets)
        while True:
            lines, size = [], 0
            with tape.lock:
                while size < WIRE_PIECE and (row := next(rows, None)) is not None:
                    lines.append(line_of(row))
                    size += len(lines[-1])
            if not lines:
                break
            yield "".join(lines).encode("utf-8", "surrogatepass")


def events(site: Site, exchange: Any, rest: list[str]) -> None:
    """The live events, for ever."""
    _only(rest, 0)

    @sse
    def follow() -> Any:
        return site.shown.news.events(exchange.request.last_event_id)

    exchange.announce(events)
    exchange.response.body = follow()


VIEWS: dict[str, View] = {
    "state": state, "exchanges": exchanges, "exchange": exchange_one, "connections": connections,
    "connection": connection, "bytes": bytes_of, "spans": spans, "note": note, "breaks": breaks, "wire": wire,
    "events": events,
}  # fmt: skip
"""By the first segment after /api/."""
