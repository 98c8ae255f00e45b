"""A watched server with a tape, an inspector on it, and a page that asks the inspector as a browser would."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from rawwfile.glass.inspector import Inspector
from rawwfile.glass.labbox import LabBox
from rawwfile.glass.pieces import Piece
from rawwfile.glass.sender import Reply, send
from rawwfile.server.http_server import RawHTTPServer
from rawwfile.tape.model import Tape
from tests.live import PATIENCE, Pages


@dataclass
class Answer:
    """What the inspector answered."""

    status: int
    fields: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Page:
    """Asks an inspector as its own page does; every part of that can be left out or replaced."""

    def __init__(self, url: str) -> None:
        self.origin, _, token = url.partition("/?t=")
        self.host = self.origin.removeprefix("http://")
        self.port = int(self.host.rpartition(":")[2])
        self.token = token
        self.cookie = ""

    def ask(self, method: str, path: str, fields: dict[str, str | None] | None = None, body: Any = None) -> Answer:
        """One request on a connection of its own. fields: in place of the page's own; None leaves one out."""
        own: dict[str, str | None] = {"Host": self.host, "Cookie": self.cookie or None, "Sec-Fetch-Site": "same-origin"}
        if method == "POST":
            own |= {"Origin": self.origin, "X-Rawwfile": "1"}
        own |= fields or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in own.items():
                if value is not None:
                    connection.putheader(name, value)
            data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
            if data or method == "POST":
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    def enter(self) -> Answer:
        """Show the token and keep the cookie."""
        answer = self.ask("GET", f"/?t={self.token}", {"Sec-Fetch-Site": "none"})
        self.cookie = (answer.fields["Set-Cookie"] or "").partition(";")[0]
        return answer

    def get(self, path: str) -> Any:
        """The JSON of /wire/api/PATH; fails unless it is there."""
        answer = self.ask("GET", f"/wire/api/{path}")
        assert answer.status == 200, answer
        return answer.json

    def post(self, path: str, value: Any = None, status: int = 200) -> Any:
        """POST JSON to /wire/api/PATH; fails unless the answer has this status."""
        answer = self.ask("POST", f"/wire/api/{path}", body={} if value is None else value)
        assert answer.status == status, answer
        return answer.json

    @contextmanager
    def events(self, last_event_id: int | str | None = None) -> Iterator[Events]:
        """The live events."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(connection):
            fields = {"Host": self.host, "Cookie": self.cookie}
            if last_event_id is not None:
                fields["Last-Event-ID"] = str(last_event_id)
            connection.request("GET", "/wire/api/events", headers=fields)
            response = connection.getresponse()
            assert response.status == 200, response.read()
            with response:
                yield Events(response)


class Events:
    """A stream of server-sent events, read line by line."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self.fields = response.headers
        self.last_id: str | None = None

    def next(self) -> tuple[str, Any] | None:
        """Name and data of the next event; None at the end of the stream."""
        found: dict[str, str] = {}
        while line := self._response.readline():
            name, _, value = line.decode("utf-8").rstrip("\n").partition(": ")
            if name:
                found[name] = value
            elif "data" in found:
                self.last_id = found.get("id", self.last_id)
                return found["event"], json.loads(found["data"])
        return None

    def until(self, wanted: Callable[[str, Any], bool]) -> list[tuple[str, Any]]:
        """All events up to the first that is `wanted`."""
        seen = []
        while event := self.next():
            seen.append(event)
            if wanted(*event):
                return seen
        raise AssertionError(f"the stream ended after {seen[-3:]}")


@dataclass
class Watched:
    """A server with a tape, and an inspector."""

    pages: Pages = field(default_factory=Pages)
    tape: Tape = field(default_factory=Tape)
    lab: LabBox = field(default_factory=LabBox)

    def start(self, site: Any = None, **options: Any) -> Watched:
        """Serve, and open a page. options: of the Inspector."""
        wrapped = self.lab.wrap(self.pages if site is None else site)
        self.server = RawHTTPServer(("127.0.0.1", 0), wrapped, tape=self.tape)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        self.inspector = Inspector(self.tape, server_address=self.server.server_address, lab=self.lab, **options)
        self.page = Page(self.inspector.start())
        self.page.enter()
        return self

    def page_of(self, handler: Callable[[], Any]) -> Callable[[], Any]:
        """Decorator: serve `handler` at /<its name>."""
        self.pages.pages[handler.__name__] = handler
        return handler

    def send(self, *pieces: bytes | Piece, **how: Any) -> Reply:
        """Send raw bytes to the watched server, and wait until the tape has the end of the connection."""
        given = [piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces]
        follower = self.tape.follow()
        with closing(follower):
            reply = send(self.server.server_address[:2], given, read=how.pop("read", PATIENCE), **how)
            peer = f"127.0.0.1:{reply.local[1]}"
            while events := follower.next(PATIENCE):
                if any(each.kind == "closed" and each.connection.peer == peer for each in events):
                    return reply
        raise AssertionError("the connection is not closed")

    def fetch(self, path: str = "/hello", fields: str = "", method: str = "GET") -> Reply:
        """One request."""
        return self.send(f"{method} {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode("latin-1"))

    def stop(self) -> None:
        """End both."""
        self.inspector.stop()
        self.server.shutdown(3.0)
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()
        self.server.server_close()


def encoded(*pieces: bytes | Piece) -> list[dict[str, Any]]:
    """Pieces as the page sends them."""
    given = [piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces]
    return [{"data": base64.b64encode(data).decode("ascii"), "pause": pause} for data, pause in given]


@contextmanager
def watching(**options: Any) -> Iterator[Watched]:
    """A watched server for the length of a block, with one page, /hello."""
    watched = Watched()
    watched.page_of(hello)
    watched.start(**options)
    try:
        yield watched
    finally:
        watched.stop()


def hello() -> str:
    """The page /hello."""
    return "hello"
