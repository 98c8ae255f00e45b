"""Lab 20, right: TLS in memory, and a plain socket that carries its records; TLS 1.2 will do."""

import socket
import ssl
from pathlib import Path

REQUEST = b"GET /secret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def ask(address, authority):
    """What the server at address, ("localhost", PORT), answers. authority: the certificate to believe, as text."""
    context = ssl.create_default_context(cadata=authority)
    context.set_alpn_protocols(["http/1.1"])
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    received, to_send = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(received, to_send, server_hostname="localhost")
    with socket.create_connection(address) as connection:
        carry(connection, received, to_send, tls.do_handshake)
        carry(connection, received, to_send, lambda: tls.write(REQUEST))
        pieces = []
        while piece := carry(connection, received, to_send, lambda: tls.read(4096)):
            pieces.append(piece)
        return b"".join(pieces).decode()


def carry(connection, received, to_send, step):
    """Do one step of TLS; carry records both ways until it can be done."""
    while True:
        try:
            done = step()
        except ssl.SSLWantReadError:
            connection.sendall(to_send.read())
            received.write(connection.recv(4096))
        except ssl.SSLZeroReturnError:
            return b""
        else:
            connection.sendall(to_send.read())
            return done


if __name__ == "__main__":
    print(ask(("localhost", 8000), Path("authority.pem").read_text()).rstrip())
