"""An inspector without a tape: the page's files, and answers that a test writes down.

It is for what would take long to record: a response of 100 MB (whose bytes are computed when they are
asked for) and 10,000 exchanges. What it answers has the shapes of rawwfile/glass/inspector.py.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import rawwfile.glass
from rawwfile.http.spans import SPAN_KINDS
from rawwfile.tape.meanings import FIELDS

ASSETS = Path(rawwfile.glass.__file__).parent / "assets"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Spans = list[tuple[int, int, str]]


@dataclass
class FakeStream:
    """One direction of a connection: `size` bytes, computed by `read`, named by `spans`."""

    size: int
    read: Callable[[int, int], bytes]
    spans: Spans

    @classmethod
    def of(cls, parts: list[tuple[bytes, str]]) -> FakeStream:
        """A stream of bytes in memory, each part with its kind."""
        data, spans = b"", []
        for part, kind in parts:
            spans.append((len(data), len(data) + len(part), kind))
            data += part
        return cls(len(data), lambda start, stop: data[start:stop], spans)

    def named(self, start: int, stop: int) -> Spans:
        """The spans that touch [start, stop)."""
        return [(a, b, kind) for a, b, kind in self.spans if a < stop and b > start]


@dataclass
class FakeInspector:
    """rows: exchanges as the list shows them; details: what is more to know of one, by id."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    details: dict[int, dict[str, Any]] = field(default_factory=dict)
    connections: dict[int, dict[str, Any]] = field(default_factory=dict)
    streams: dict[tuple[int, str], FakeStream] = field(default_factory=dict)
    posts: dict[str, Any] = field(default_factory=lambda: {"breaks": []})
    asked: list[str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    """Statuses with which paths are answered, by their last segment."""

    def __enter__(self) -> FakeInspector:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                fake.asked.append(self.path)
                fake._get(self)

            do_HEAD = do_GET

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                answer(self, json.dumps(fake.posts.get(urlsplit(self.path).path.rpartition("/")[2], {})).encode())

            def log_message(self, *_: object) -> None:
                pass

        self._ended = threading.Event()
        self._live: list[queue.Queue[bytes | None]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/wire/"
        return self

    def __exit__(self, *_: object) -> None:
        for follower in self._live:
            follower.put(None)
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def push(self, kind: str, told: Any) -> None:
        """Send a live event."""
        for follower in self._live:
            follower.put(f"event: {kind}\ndata: {json.dumps(told)}\n\n".encode())

    def _get(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        words = parts.path.removeprefix("/wire").strip("/").split("/")
        if words[-1] in self.refused:
            answer(handler, b"{}", status=self.refused[words[-1]])
        elif words[0] == "api":
            self._api(handler, words[1:], query)
        else:
            file = ASSETS / (words[-1] or "index.html")
            answer(handler, file.read_bytes(), TYPES[file.suffix])

    def _api(self, handler: BaseHTTPRequestHandler, words: list[str], query: dict[str, str]) -> None:
        if words == ["events"]:
            self._follow(handler)
        elif words[0] in ("bytes", "spans"):
            stream = self.streams[int(words[1]), words[2]]
            start, stop = int(query["from"]), min(int(query["to"]), stream.size)
            if words[0] == "bytes":
                answer(handler, stream.read(start, stop), "application/octet-stream")
            else:
                answer(handler, json.dumps(stream.named(start, stop)).encode())
        else:
            answer(handler, json.dumps(self._json(words, query)).encode())

    def _json(self, words: list[str], query: dict[str, str]) -> Any:
        if words[0] == "exchanges":
            first = int(query["from"])
            return {"total": len(self.rows), "rows": self.rows[first : first + int(query["count"])]}
        if words[0] == "connections":
            return [{**each, "entries": None} for each in self.connections.values()]
        if words[0] == "connection":
            return self.connections[int(words[1])]
        if words[0] == "exchange":
            row = next(row for row in self.rows if row["id"] == int(words[1]))
            more = {"notes": [], "events": [], "explain": "", "curl": "curl -i"}
            return {**row, **more, **self.details.get(row["id"], {})}
        return {
            "version": "0",
            "server": {"url": "http://127.0.0.1:1/", "scheme": "http", "application": "a test", "lab": "/lab/now"},
            "visits": [{"path": "/", "title": "The first page"}],
            "kinds": {name: {"title": kind.title, "rule": kind.rule} for name, kind in SPAN_KINDS.items()},
            "fields": {name.decode(): list(meaning) for name, meaning in FIELDS.items()},
            "loaded": None,
            "secrets": False,
        }

    def _follow(self, handler: BaseHTTPRequestHandler) -> None:
        events: queue.Queue[bytes | None] = queue.Queue()
        self._live.append(events)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        try:
            while (event := events.get()) is not None:
                handler.wfile.write(event)
        except OSError:
            pass  # the page was left
        handler.close_connection = True


def answer(
    handler: BaseHTTPRequestHandler, body: bytes, kind: str = "application/json", status: int = 200
) -> None:
    """Send a whole response."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Content-Security-Policy", POLICY)
    handler.send_header("Cache-Control", "no-store")
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(body)


def row(number: int, **more: Any) -> dict[str, Any]:
    """A row of the list."""
    return {
        "id": number, "connection": number, "number": 1, "method": "GET", "target": f"/page/{number}", "status": 200,
        "verdict": "complete", "level": "good", "raw": False, "began": number / 100, "duration": 0.004,
        "first_byte": number / 100 + 0.003, "in": 60, "out": 140, "open": False, **more,
    }  # fmt: skip


def connection(number: int, rows: list[dict[str, Any]], entries: list[list[Any]], **more: Any) -> dict[str, Any]:
    """A connection with its entries [sequence, direction, side, offset, size, time, by]."""
    return {
        "number": number, "scheme": "http", "peer": "127.0.0.1:40000", "opened": rows[0]["began"], "closed": None,
        "closed_by": "", "why": "", "in": 0, "out": 0, "entries": entries, "exchanges": rows, "events": [],
        "tls": None, **more,
    }  # fmt: skip
