"""Keeping a tape within its limits: the oldest goes first, and what is lost says so.

Within a connection the oldest entries of all its streams go, then the records of exchanges of
which nothing is left. Of all connections, closed ones go whole, oldest first; while none is closed,
the one that takes the most gives up its oldest entries.
"""

from __future__ import annotations

from rawwfile.tape.model import IN, OUT, ConnectionTape, ExchangeRecord, Tape

ENTRY_COST = 250
"""Bytes that an entry takes beside its data (measured: an Entry, its numbers, its place in a list)."""
EXCHANGE_COST = 3000
"""Bytes that an exchange takes beside its entries: its record, its notes, its events."""
SPAN_COST = 9
"""Bytes of one span in a trail."""
SPARE = 16
"""A sixteenth of a limit is freed at a time, so that dropping costs little for each entry."""


def keep_connection(tape: Tape, connection: ConnectionTape) -> None:
    """Bring a connection within `connection_bytes`. Call it with the lock held."""
    limit = tape.limits.connection_bytes
    if connection.cost > limit:
        drop_oldest(tape, connection, connection.cost - limit + limit // SPARE)


def keep_total(tape: Tape) -> None:
    """Bring a tape within `total_bytes` and `connections`. Call it with the lock held."""
    limits = tape.limits
    while len(tape.connections) > limits.connections:
        oldest = _oldest_closed(tape)
        tape.forget(next(iter(tape.connections)) if oldest is None else oldest)
    if tape.cost <= limits.total_bytes:
        return
    wanted = limits.total_bytes - limits.total_bytes // SPARE
    while tape.cost > wanted and tape.connections:
        oldest = _oldest_closed(tape)
        if oldest is not None:
            tape.forget(oldest)
            continue
        largest = max(tape.connections.values(), key=lambda connection: connection.cost)
        if not drop_oldest(tape, largest, min(tape.cost - wanted, max(1, largest.cost // 2))):
            tape.forget(largest.number)


def _oldest_closed(tape: Tape) -> int | None:
    return next((number for number, each in tape.connections.items() if each.closed is not None), None)


def count(tape: Tape, connection: ConnectionTape, cost: int) -> None:
    """`cost` bytes more are kept for a connection; nothing if the tape has forgotten it."""
    if tape.connections.get(connection.number) is not connection:
        return
    connection.cost += cost
    tape.cost += cost


def count_spans(tape: Tape, connection: ConnectionTape) -> None:
    """Count the spans of a connection, which come and go as the readers go on."""
    spans = sum(len(stream.trail) for stream in connection.streams.values() if stream.trail is not None)
    count(tape, connection, SPAN_COST * (spans - connection.spans))
    connection.spans = spans


def drop_oldest(tape: Tape, connection: ConnectionTape, wanted: int) -> int:
    """Drop the oldest entries of a connection until `wanted` bytes are free or none is left; how many are free."""
    before = connection.cost
    counts = dict.fromkeys(connection.streams, 0)
    freed = 0
    while freed < wanted:
        heads = [
            (stream.entries[counts[key]], key)
            for key, stream in connection.streams.items()
            if counts[key] < len(stream.entries)
        ]
        if not heads:
            break
        entry, key = min(heads, key=lambda head: head[0].sequence)
        counts[key] += 1
        freed += len(entry.data) + ENTRY_COST
    for key, gone in counts.items():
        stream = connection.streams[key]
        if gone:
            del stream.entries[:gone]
            stream.first = stream.entries[0].offset if stream.entries else stream.end
            if stream.trail is not None:
                stream.trail.forget_before(stream.first)
    count(tape, connection, -freed - _drop_exchanges(tape, connection))
    count_spans(tape, connection)
    return before - connection.cost


def _drop_exchanges(tape: Tape, connection: ConnectionTape) -> int:
    """Drop the records of exchanges of which no byte is kept; how many bytes that frees."""
    kept_in, kept_out = connection.stream(IN).first, connection.stream(OUT).first
    gone = 0
    for exchange in connection.exchanges:
        if not _is_gone(exchange, kept_in, kept_out):
            break
        tape.exchanges.pop(exchange.id, None)
        gone += 1
    if not gone:
        return 0
    last = connection.exchanges[gone - 1].id
    del connection.exchanges[:gone]
    connection.lost += gone
    kept = [event for event in connection.events if event.exchange is None or event.exchange > last]
    events = len(connection.events) - len(kept)
    connection.events = kept
    return gone * EXCHANGE_COST + events * ENTRY_COST


def _is_gone(exchange: ExchangeRecord, kept_in: int, kept_out: int) -> bool:
    if exchange.ended is None or exchange.request[1] > kept_in or exchange.response[1] > kept_out:
        return False
    return exchange.request[1] > exchange.request[0] or exchange.response[1] > exchange.response[0]
