"""A recording in the format of `curl --trace` and `--trace-ascii`, with `--trace-time` before each item.

What curl calls header and data is told apart by the spans: a request head is one item, a response
head one for each line, content one for each read or write, with its chunk framing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rawwfile.tape.lines import Line, LineMaker
from rawwfile.tape.masked_reader import MaskedReader
from rawwfile.tape.meanings import END_OF_TRAILERS, TRAILER
from rawwfile.tape.model import IN, OUT, ConnectionTape, Tape
from rawwfile.tape.visible import printable, utc

HEX_WIDTH, ASCII_WIDTH = 16, 64
TEXTS = {
    (IN, "head"): "=> Send header",
    (IN, "content"): "=> Send data",
    (OUT, "head"): "<= Recv header",
    (OUT, "content"): "<= Recv data",
}


def curl_trace(
    tape: Tape,
    *,
    ascii: bool = False,
    times: bool = True,
    secrets: bool = False,
    connections: Iterable[ConnectionTape] | None = None,
) -> Iterator[str]:
    """The lines of a trace of `connections` (default: all), each with its line end.

    ascii: as --trace-ascii, without hex. times: UTC, where curl takes local time.
    """
    for connection in tape if connections is None else connections:
        yield from _Trace(tape, connection, ascii, times, secrets).lines()


class _Trace:
    def __init__(self, tape: Tape, connection: ConnectionTape, ascii: bool, times: bool, secrets: bool) -> None:
        self.tape, self.connection = tape, connection
        self.ascii, self.times, self.secrets = ascii, times, secrets

    def lines(self) -> Iterator[str]:
        """The items of the connection, in the order in which they crossed."""
        connection = self.connection
        number = connection.number - 1
        host, _, port = connection.local.rpartition(":")
        host = printable(host.strip("[]") or "localhost")
        yield self._info(connection.opened, f"  Trying {printable(connection.local) or host}...")
        yield self._info(connection.opened, f"Connected to {host} ({host}) port {printable(port) or 0} (#{number})")
        if connection.tls:
            facts = f"{connection.tls.get('version')} / {connection.tls.get('cipher')}"
            yield self._info(connection.opened, f"SSL connection using {printable(facts)}")
        for kind, time, data in self._items():
            yield f"{self._stamp(time)}{kind}, {len(data)} bytes (0x{len(data):x})\n"
            yield from ascii_rows(data) if self.ascii else hex_rows(data)
        if connection.closed is not None:
            yield self._info(connection.closed, f"Closing connection {number}")
        else:
            yield self._info(self._last_time(), f"Connection #{number} to host {host} left intact")

    def _items(self) -> Iterator[tuple[str, float, bytes]]:
        """What curl would tell one by one: kind, time, bytes."""
        found = [line for way in (IN, OUT) for line in LineMaker(self.connection.stream(way)).ready(final=True)]
        found.sort(key=lambda line: (line.sequence, line.start))
        readers = {way: MaskedReader(self.connection.stream(way)) for way in (IN, OUT)}
        kind, time, held, ends = "", 0.0, bytearray(), False
        for line in found:
            data = line.data if self.secrets else readers[line.direction].read(line.start, line.end)
            this = TEXTS[line.direction, _kind(line)]
            joins = this == kind and not ends and (this.endswith("data") or line.direction == IN)
            if joins and this.endswith("data"):
                joins = line.time == time
            if held and not joins:
                yield kind, time, bytes(held)
                held.clear()
            if not held:
                kind, time = this, line.time
            held += data
            ends = line.direction == IN and line.spans[-1].kind == "blank-line"
        if held:
            yield kind, time, bytes(held)

    def _last_time(self) -> float:
        entries = self.connection.entries
        return entries[-1].time if entries else self.connection.opened

    def _info(self, time: float, text: str) -> str:
        return f"{self._stamp(time)}== Info: {text}\n"

    def _stamp(self, time: float) -> str:
        if not self.times:
            return ""
        return f"{utc(self.tape.started + time):%H:%M:%S.%f} "


def _kind(line: Line) -> str:
    """Chunk framing and trailers count as data, as they do for curl."""
    chunked = line.spans[0].kind == "chunk-size" or line.meaning in (TRAILER, END_OF_TRAILERS)
    return "content" if line.kind != "head" or chunked else "head"


def hex_rows(data: bytes) -> Iterator[str]:
    """Offset, 16 bytes in hex, the same as characters."""
    for at in range(0, len(data), HEX_WIDTH):
        part = data[at : at + HEX_WIDTH]
        digits = "".join(f"{byte:02x} " for byte in part)
        yield f"{at:04x}: {digits:<{HEX_WIDTH * 3}}{_characters(part)}\n"


def ascii_rows(data: bytes) -> Iterator[str]:
    """Offset and up to 64 characters; CR LF ends a row and is not shown. No byte: no row."""
    at = 0
    while at < len(data):
        end = data.find(b"\r\n", at, at + ASCII_WIDTH + 2)
        if end < 0:
            part = data[at : at + ASCII_WIDTH]
            following = at + len(part)
        else:
            part, following = data[at:end], end + 2
        yield f"{at:04x}: {_characters(part)}\n"
        at = following


def _characters(data: bytes) -> str:
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
