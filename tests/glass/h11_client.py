"""h11 as a client that can be compared: the strictest reader of those that many people use. An oracle for tests."""

from __future__ import annotations

import socket
from typing import Any

import h11

from rawwfile.glass.clients.outcome import Client, Outcome
from rawwfile.glass.one_shot import OneShot


class H11Client(Client):
    """Says "refused" of bytes that it takes for illegal, and "error" where an end came too early."""

    name = "h11"

    def version(self) -> str:
        return h11.__version__

    def read(self, server: OneShot, method: str) -> Outcome:
        with socket.create_connection(("127.0.0.1", server.port), timeout=server.left) as connection:
            reader = h11.Connection(h11.CLIENT)
            request = h11.Request(method=method, target="/", headers=[("Host", "127.0.0.1"), ("Connection", "close")])
            connection.sendall((reader.send(request) or b"") + (reader.send(h11.EndOfMessage()) or b""))
            response: Any = None
            content, ended = b"", False
            try:
                while not isinstance(event := reader.next_event(), h11.EndOfMessage):
                    if event is h11.NEED_DATA:
                        data = connection.recv(65536)
                        ended = not data
                        reader.receive_data(data)
                    elif isinstance(event, h11.Response):
                        response = event
                    elif isinstance(event, h11.Data):
                        content += event.data
                    elif isinstance(event, h11.ConnectionClosed):
                        return Outcome("the connection was closed", fault="error")
            except h11.RemoteProtocolError as error:
                return Outcome(str(error), fault="error" if ended else "refused")
        return Outcome("read", response.status_code, content)
