"""Lab 20: a client that speaks TLS."""

import socket
from pathlib import Path

REQUEST = b"GET /secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def ask(address, authority):
    """What the server at address, ("localhost", PORT), answers. authority: the certificate to believe, as text."""
    with socket.create_connection(address) as connection:
        connection.sendall(REQUEST)  # anybody on the way can read that
        return read(connection)


def read(connection):
    """Everything up to the end of the connection."""
    pieces = []
    while piece := connection.recv(4096):
        pieces.append(piece)
    return b"".join(pieces)


if __name__ == "__main__":
    print(ask(("localhost", 8000), Path("authority.pem").read_text()).decode())
