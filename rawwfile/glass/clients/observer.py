"""rawwfile's own reader of responses: the one that watches what a handler writes by hand."""

from __future__ import annotations

import socket
import time

from rawwfile.glass.clients.outcome import MAX_CONTENT, Client, Outcome, sample
from rawwfile.glass.one_shot import OneShot
from rawwfile.http.observe import ResponseObserver
from rawwfile.settings import VERSION

NOTICED = ("short", "excess", "unreadable", "interim", "untouched")
"""Verdicts on a connection that has ended which say that something is wrong."""


class Reader(Client):
    """Our `ResponseObserver` at the end of a plain socket. It accepts what it can make sense of, and remarks on it."""

    name = "rawwfile"

    def version(self) -> str:
        """That of rawwfile."""
        return VERSION

    def read(self, server: OneShot, method: str) -> Outcome:
        """Ask once, and read to the end of the connection."""
        observer, kept, why = ResponseObserver(method), bytearray(), ""
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=server.left) as connection:
                host = f"127.0.0.1:{server.port}"
                connection.sendall(f"{method} / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii"))
                ends = time.monotonic() + server.left
                while data := connection.recv(65536):
                    observer.receive(data)
                    kept += data[:MAX_CONTENT - len(kept)]
                    connection.settimeout(max(0.1, ends - time.monotonic()))
        except OSError as error:
            why = f"; {type(error).__name__}: {error}"
        verdict = observer.verdict + (", doubtful" if observer.doubtful else "")
        content = _content(observer, bytes(kept))
        shown = "" if content is None else f"{observer.status}; {sample(content)}; "
        noticed = observer.doubtful or observer.verdict in NOTICED
        return Outcome(f"{shown}{observer.explain()}{why}", observer.status, None, verdict, noticed)


def _content(observer: ResponseObserver, data: bytes) -> bytes | None:
    """The content, where it stands in one piece in the stream."""
    framing = observer.framing
    if framing is None or framing.kind == "chunked" or not observer.head:
        return None
    start = data.find(observer.head) + len(observer.head)
    return data[start:start + observer.content_bytes]
