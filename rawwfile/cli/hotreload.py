"""`rawwfile hotreload [WHERE]`: what 0.10's cherryhotreload.py did, and the server's answer (spec 16)."""

from __future__ import annotations

import os
import socket
import sys

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.suggest import shown
from rawwfile.errors import ConfigError, StartError

DESCRIPTION = """\
Ask a server of a CherryPy 0.10 application, built or served with -D, to load its code again.
WHERE is its port (default 8000), its host:port or its socket file. The server obeys clients of
its own machine only; it goes on with the old code if the new one has a fault, which is shown."""

EXAMPLES = """\
  rawwfile hotreload
  rawwfile hotreload 8080
  rawwfile hotreload 127.0.0.1:8080
  rawwfile hotreload /run/site.sock"""

DEFAULT_PORT = 8000
PATIENCE = 60.0
"""Seconds in which the new code must be compiled and its instances made."""
MOST_ANSWER = 65536
SPEAKS_TLS = b"This port speaks HTTPS"
"""What a server with a certificate answers to a plain request."""
REQUEST = b"HOTRELOAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def run(words: list[str]) -> int:
    """Send the request and print what came of it; return 0 if the new code serves, 1 if not.

    A server of CherryPy 0.10 itself gives no answer; that is 0 too. Raises StartError.
    """
    parser = CommandParser("hotreload", "[WHERE]", DESCRIPTION, EXAMPLES)
    parser.add_argument("where", nargs="*", metavar="WHERE", help="port, host:port or socket file")
    where: list[str] = parser.read(words).where
    if len(where) > 1:
        raise ConfigError("one server at a time: name a port, host:port or socket file.")
    address = address_of(where[0] if where else str(DEFAULT_PORT))
    try:
        answer = _ask(address)
        if SPEAKS_TLS in answer:
            answer = _ask(address, tls=True)
    except OSError as error:
        raise StartError(f"no server answers on {_told(address)}: {error.strerror or error}") from error
    head, _, body = answer.partition(b"\r\n\r\n")
    text = body.decode("utf-8", "replace").strip()
    if not answer:
        print("Hot reload command sent")
        return 0
    done = head.startswith(b"HTTP/1.1 200 ") or head.startswith(b"HTTP/1.0 200 ")
    print(text or head.decode("latin-1").splitlines()[0], file=sys.stdout if done else sys.stderr)
    return 0 if done else 1


def address_of(text: str) -> tuple[str, int] | str:
    """Return host and port, or the path of a socket file. Raises ConfigError."""
    if text.isascii() and text.isdigit():
        return "127.0.0.1", _port(text)
    host, colon, port = text.rpartition(":")
    if colon and port.isascii() and port.isdigit() and os.sep not in port:
        return host.strip("[]") or "127.0.0.1", _port(port)
    return text


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65536:
        raise ConfigError(f"{shown(text)} is no port; give one of 1 to 65535.")
    return port


def _ask(address: tuple[str, int] | str, *, tls: bool = False) -> bytes:
    if isinstance(address, str):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE)
        connection.connect(address)
    else:
        connection = socket.create_connection(address, PATIENCE)
    if tls:
        import ssl

        context = ssl.create_default_context()
        # Nothing secret is sent, and the certificate is for the name that the site has elsewhere.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = context.wrap_socket(connection)
    with connection:
        connection.sendall(REQUEST)
        answer = b""
        while len(answer) < MOST_ANSWER and (data := connection.recv(MOST_ANSWER)):
            answer += data
    return answer


def _told(address: tuple[str, int] | str) -> str:
    return address if isinstance(address, str) else f"{address[0]}:{address[1]}"
