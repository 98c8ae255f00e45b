"""The site of legacy_examples/, served and recorded in this process, for the tests of its exhibits."""

from __future__ import annotations

import socket
import sys
import threading

from rawwfile import RawHTTPServer
from rawwfile.adapters.load import application_for
from rawwfile.cli.museum import Site, load_site
from rawwfile.tape.model import Tape
from tests.commands import CHECKOUT, PATIENCE

EXAMPLES = sorted((CHECKOUT / "legacy_examples").glob("*.py"))
NAMES = [file.stem for file in EXAMPLES]


def module_of(site: Site, name: str):
    """The loaded module of an exhibit."""
    return sys.modules[type(getattr(site, name)).__module__]


class Museum:
    """The site behind a server with a tape."""

    def __init__(self) -> None:
        self.site = load_site(CHECKOUT / "legacy_examples")
        self.tape = Tape()
        self.server = RawHTTPServer(("127.0.0.1", 0), application_for(self.site, "pages"), tape=self.tape)
        self.site.address = "http://{}:{}/".format(*self.server.server_address[:2])
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __enter__(self) -> Museum:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the server; what is in flight may finish, so that the tape is whole."""
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()

    def connect(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(self.server.server_address[:2], timeout=PATIENCE)

    def say(self, data: bytes) -> bytes:
        """All that comes back for `data`."""
        with self.connect() as client, client.makefile("rb") as received:
            client.sendall(data)
            return received.read()

    def ask(self, target: str, *fields: str, method: str = "GET", content: bytes = b"") -> tuple[str, bytes]:
        """Head and content, chunks as they are, of the answer to one request."""
        length = [f"Content-Length: {len(content)}"] if content else []
        lines = [f"{method} {target} HTTP/1.1", "Host: x", "Connection: close", *length, *fields, "", ""]
        head, _, body = self.say("\r\n".join(lines).encode("ascii") + content).partition(b"\r\n\r\n")
        return head.decode("ascii"), body

    def exchanges(self, path: str) -> list:
        """What is on the tape of the addresses that begin with `path`."""
        return [each for connection in self.tape for each in connection.exchanges if each.target.startswith(path)]
