"""The same response bytes, read by several clients, in one table.

    comparison = compare([Piece(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhello")])
    print(comparison.text())
    print(cases_table().text())

Each client asks a server of its own on 127.0.0.1, which answers with the bytes and closes, so that
every client ends. Clients that are not installed have a row that says so.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rawwfile.errors import ConfigError
from rawwfile.glass.cases import CASES
from rawwfile.glass.clients.chromium import Chromium
from rawwfile.glass.clients.curl import Curl
from rawwfile.glass.clients.http_client import HttpClient
from rawwfile.glass.clients.observer import Reader
from rawwfile.glass.clients.outcome import Client
from rawwfile.glass.one_shot import OneShot
from rawwfile.glass.pieces import Piece, PiecesError, checked

CLIENTS: dict[str, type[Client]] = {
    "http.client": HttpClient,
    "curl": Curl,
    "chromium": Chromium,
    "rawwfile": Reader,
}
"""Those that can be asked by name, in the order of the table."""

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
"""What a client can be made to ask with; the requests have no content."""

MAX_PAUSES = 30.0
"""Seconds of all pauses together at most: every client waits for them, one after the other."""

_nothing = re.compile(r"[0-9]+, empty|blank|own page")
_image_type = re.compile(rb"^content-type:[ \t]*image/", re.IGNORECASE | re.MULTILINE)
_mixed_type = re.compile(rb"^content-type:[ \t]*multipart/x-mixed-replace", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """What one client made of the bytes.

    version: None where it is not installed. reading: a short phrase. detail: a line that says more.
    seconds: that it took. request: the head of what it sent, latin-1; empty where it sent nothing.
    noticed: whether it told its user that something was wrong; None where that cannot be seen.
    """

    client: str
    version: str | None
    reading: str
    detail: str
    seconds: float
    request: str = ""
    noticed: bool | None = None

    def json(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What all clients made of the bytes."""

    rows: list[Row]

    @property
    def differ(self) -> bool:
        """Whether the clients disagree in what the user gets. Our own reader judges, and hands nothing on."""
        readings = [row.reading for row in self.rows if row.version and row.client != Reader.name]
        return len({"nothing" if _nothing.fullmatch(reading) else reading for reading in readings}) > 1

    def json(self) -> dict[str, Any]:
        """For JSON."""
        return {"rows": [row.json() for row in self.rows], "differ": self.differ}

    def text(self) -> str:
        """A table for a terminal: client, reading, detail."""
        table = [(f"{row.client} {row.version or ''}".rstrip(), row.reading, row.detail) for row in self.rows]
        return in_columns([("client", "reading", "detail"), *table])


class Comparing:
    """Clients that are at hand for several responses; a context manager. A browser is started when first needed.

    clients: names out of `CLIENTS`, or objects like them; None for all. Raises ConfigError for a name that is none.
    """

    def __init__(self, clients: Sequence[str | Client] | None = None) -> None:
        self.clients: list[Client] = [_client(each) for each in (CLIENTS if clients is None else clients)]
        self._versions: dict[str, str | None] = {}

    def __enter__(self) -> Comparing:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.close()

    def rows(
        self, pieces: Sequence[Piece], method: str = "GET", meanings: Mapping[bytes, str] = {}
    ) -> Iterator[Row]:
        """One row after the other, each when its client is done.

        meanings: what to call a content, such as {b"hello": "ok"}; else it is quoted. Raises ConfigError for
        a method that is none of METHODS, and PiecesError for pieces past a limit.
        """
        pieces = checked(pieces)
        if sum(piece.pause for piece in pieces) > MAX_PAUSES:
            raise PiecesError(f"for a comparison the pauses last at most {MAX_PAUSES:g} seconds")
        if method not in METHODS:
            raise ConfigError(f"clients cannot be made to ask with {method!r}; choose from {', '.join(METHODS)}.")
        as_image = is_image(b"".join(piece.data for piece in pieces))
        for client in self.clients:
            yield self._row(client, pieces, method, meanings, as_image and client.name == Chromium.name)

    def compare(
        self, pieces: Sequence[Piece], method: str = "GET", meanings: Mapping[bytes, str] = {}
    ) -> Comparison:
        """All rows; raises what `rows` raises."""
        return Comparison(list(self.rows(pieces, method, meanings)))

    def _row(
        self, client: Client, pieces: Sequence[Piece], method: str, meanings: Mapping[bytes, str], as_image: bool
    ) -> Row:
        if client.name not in self._versions:
            self._versions[client.name] = client.version()
        version = self._versions[client.name]
        if version is None:
            return Row(client.name, None, "not installed", "this client is not on this machine", 0.0)
        client.open()
        with OneShot(pieces, as_image) as server:
            begun = time.monotonic()
            outcome = client.read(server, method)
            seconds = time.monotonic() - begun
        request = server.requests[0].decode("latin-1") if server.requests else ""
        detail = "".join(c if c.isprintable() else repr(c)[1:-1] for c in outcome.detail)
        return Row(
            client.name, version, outcome.reading(meanings), detail, round(seconds, 3), request, outcome.noticed
        )


def compare(
    pieces: Sequence[Piece], clients: Sequence[str | Client] | None = None, method: str = "GET"
) -> Comparison:
    """Have the same bytes read by each client. clients: names out of `CLIENTS`, None for all.

    Blocks: for as long as the pauses for each client, and about a second for a browser to start. Raises
    ConfigError for an unknown client or method, PiecesError for pieces past a limit.
    """
    with Comparing(clients) as comparing:
        return comparing.compare(pieces, method)


@dataclass(frozen=True, slots=True)
class CasesTable:
    """What each client made of each case."""

    comparisons: dict[str, Comparison]

    def json(self) -> dict[str, Any]:
        """For JSON: {"rows": [{"case", "rows": [...], "differ"}]}."""
        return {"rows": [{"case": name, **comparison.json()} for name, comparison in self.comparisons.items()]}

    def text(self) -> str:
        """For a terminal: a line for each case, a column for each client."""
        first = next(iter(self.comparisons.values()), Comparison([]))
        table = [("sent", *(f"{row.client} {row.version or ''}".rstrip() for row in first.rows))]
        for name, comparison in self.comparisons.items():
            table.append((name, *(row.reading for row in comparison.rows)))
        return in_columns(table)


def compare_cases(
    clients: Sequence[str | Client] | None = None, names: Sequence[str] | None = None
) -> Iterator[tuple[str, Comparison]]:
    """Compare one case after the other, with the same browser; names: some of `CASES`, None for all."""
    with Comparing(clients) as comparing:
        for name in CASES if names is None else names:
            case = CASES[name]
            yield name, comparing.compare(case.pieces, meanings=case.meanings)


def cases_table(
    clients: Sequence[str | Client] | None = None, names: Sequence[str] | None = None
) -> CasesTable:
    """The whole table; takes some seconds. Raises ConfigError for an unknown client."""
    return CasesTable(dict(compare_cases(clients, names)))


def available() -> dict[str, str | None]:
    """The clients and their versions; None for one that is not installed."""
    return {name: make().version() for name, make in CLIENTS.items()}


def is_image(data: bytes) -> bool:
    """Whether a browser is to show the response inside of a page: an image, or parts that replace one another."""
    head, _, content = data.partition(b"\r\n\r\n")
    if _mixed_type.search(head):
        return _image_type.search(content) is not None
    return _image_type.search(head) is not None


def in_columns(table: Sequence[Sequence[str]]) -> str:
    """Lines with a line below the first, columns two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    rule = ["-" * width for width in widths]
    lines = [table[0], rule, *table[1:]]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def _client(named: str | Client) -> Client:
    if not isinstance(named, str):
        return named
    if named not in CLIENTS:
        raise ConfigError(f"there is no client {named!r} to compare; choose from {', '.join(CLIENTS)}.")
    return CLIENTS[named]()
