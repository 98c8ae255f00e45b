"""Requests and responses as bytes: nothing here corrects what a server sends."""

from __future__ import annotations

import base64
import re
import socket
from dataclasses import dataclass, field
from typing import Any

HOST = "oracle.test:8000"  # in every request, so that request.base is the same everywhere
PATIENCE = 60.0  # seconds without a byte; a busy machine is no failure

Headers = list[tuple[str, str]]


def body_of(request: dict[str, Any]) -> bytes | None:
    """The body of a request, or None where it has none."""
    if "body_b64" in request:
        return base64.b64decode(request["body_b64"])
    if "body_parts" in request:
        pieces = [
            (base64.b64decode(part["b64"]) if "b64" in part else part["text"].encode()) * part.get("times", 1)
            for part in request["body_parts"]
        ]
        return b"".join(pieces)
    return request["body"].encode() if "body" in request else None


def request_bytes(request: dict[str, Any], cookies: dict[str, str] | None) -> bytes:
    """What goes to the server for one step of requests.json."""
    if "raw" in request:
        return str(request["raw"]).encode("latin-1")
    if "raw_b64" in request:
        return base64.b64decode(request["raw_b64"])
    body = body_of(request)
    given: Headers = [(name, value) for name, value in request.get("headers") or []]
    names = {name.lower() for name, _ in given}
    head = [] if "host" in names else [("Host", HOST)]
    head += given
    if cookies and "cookie" not in names:
        head.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items())))
    if body is not None and "content-length" not in names:
        head.append(("Content-Length", str(len(body))))
    if "connection" not in names:
        head.append(("Connection", "close"))
    line = f"{request.get('method', 'GET')} {request['target']} HTTP/{request.get('http', '1.1')}\r\n"
    fields = "".join(f"{name}: {value}\r\n" for name, value in head)
    return f"{line}{fields}\r\n".encode("latin-1") + (body or b"")


def is_head(request: dict[str, Any]) -> bool:
    """Whether the response to this request has no body."""
    return request.get("method") == "HEAD" or str(request.get("raw", "")).startswith("HEAD ")


@dataclass
class Answer:
    """One response as it came: status 0 and all bytes as the body where it is none."""

    data: bytes
    head_only: bool = False
    status: int = 0
    reason: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""

    def __post_init__(self) -> None:
        parts = re.split(rb"\r?\n\r?\n", self.data, maxsplit=1)
        if not self.data.startswith(b"HTTP/") or len(parts) < 2:
            self.body = self.data
            return
        lines = re.split(r"\r?\n", parts[0].decode("latin-1"))
        words = [*lines[0].split(" ", 2), "", ""]
        self.status = int(words[1]) if words[1].isdigit() else 0
        self.reason = words[2].strip()
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.append((name.strip().lower(), value.strip()))
        chunked = self.chunked and not self.head_only
        self.body = unchunked(parts[1]) if chunked else parts[1]

    @property
    def chunked(self) -> bool:
        """Whether the body came in chunks."""
        return any(name == "transfer-encoding" and "chunked" in value.lower() for name, value in self.headers)


def unchunked(data: bytes) -> bytes:
    """Put the chunks of a body together; what is cut off or broken shows in the result."""
    whole = b""
    while True:
        line, found, rest = data.partition(b"\r\n")
        if not found:
            return whole + b"<CUT OFF>"
        try:
            size = int(line.split(b";")[0], 16)
        except ValueError:
            return whole + b"<NO CHUNK SIZE>"
        if not size:
            return whole
        whole += rest[:size]
        data = rest[size + 2 :]


def is_whole(data: bytes, head_only: bool) -> bool:
    """Whether the framing says that the response ends here."""
    head, found, body = data.partition(b"\r\n\r\n")
    if not found:
        return False
    text = head.decode("latin-1").lower()
    if head_only or re.match(r"http/\S+ (204|304)", text):
        return True
    if re.search(r"\ntransfer-encoding:\s*chunked", text):
        return re.search(rb"(^|\r\n)0[^\r\n]*\r\n\r\n", body) is not None
    length = re.search(r"\ncontent-length:\s*(\d+)", text)
    return length is not None and len(body) >= int(length[1])


def read_answer(connection: socket.socket, head_only: bool, *, until_close: bool) -> bytes:
    """Read one response; until the server closes, or as far as its framing says."""
    data = b""
    while until_close or not is_whole(data, head_only):
        try:
            piece = connection.recv(65536)
        except TimeoutError:
            return data + b"<THE SERVER NEITHER SENDS NOR CLOSES>"
        except OSError:
            return data
        if not piece:
            return data
        data += piece
    return data


def exchange(port: int, request: dict[str, Any], cookies: dict[str, str] | None) -> bytes:
    """Send one request on a connection of its own; return all that comes back."""
    payload = request_bytes(request, cookies)
    size = request.get("send_pieces", len(payload)) or 1
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        try:
            for start in range(0, len(payload), size):
                connection.sendall(payload[start : start + size])
        except OSError:
            pass  # a server may answer and close before it has read all; its answer is there
        return read_answer(connection, is_head(request), until_close=True)
