"""Lab 20, wrong: reads on, from the socket below, which wrap_socket has taken over."""

import socket
import ssl
from pathlib import Path

REQUEST = b"GET /secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def ask(address, authority):
    """What the server at address, ("localhost", PORT), answers. authority: the certificate to believe, as text."""
    context = ssl.create_default_context(cadata=authority)
    context.set_alpn_protocols(["http/1.1"])
    with socket.create_connection(address) as connection:
        with context.wrap_socket(connection, server_hostname=address[0]) as secure:
            secure.sendall(REQUEST)
            return read(secure) + read(connection)


def read(connection):
    """Everything up to the end of the connection."""
    pieces = []
    while piece := connection.recv(4096):
        pieces.append(piece)
    return b"".join(pieces)


if __name__ == "__main__":
    print(ask(("localhost", 8000), Path("authority.pem").read_text()).decode())
