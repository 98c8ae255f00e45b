"""Reference servers that parse nothing: python tests/benchmarks/floors.py epoll|threads --port 8000

What they reach is what the system calls alone allow from Python. `epoll` answers every request
with the same bytes from one thread. `threads` has a thread per connection and serves all the pages
of apps.py with bare `sendall` and `recv`.
"""

from __future__ import annotations

import argparse
import select
import socket
import ssl
import sys
import threading
import time

import apps

END = b"\r\n\r\n"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
DATED = PLAIN + b"Date: Thu, 01 Jan 2004 00:00:00 GMT\r\nServer: floor\r\n"
BODY = apps.HELLO.encode("ascii")
ANSWER = DATED + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
CLOSING = DATED + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


def listen(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1 whose connections have TCP_NODELAY."""
    sock = socket.create_server(("127.0.0.1", port), backlog=1024)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def serve_epoll(port: int) -> None:
    """Answer every request that arrives in one piece, in one thread, for ever."""
    listener = listen(port)
    poll = select.epoll()
    poll.register(listener.fileno(), select.EPOLLIN)
    connections: dict[int, socket.socket] = {}
    while True:
        for fileno, _ in poll.poll():
            if fileno == listener.fileno():
                sock, _ = listener.accept()
                connections[sock.fileno()] = sock
                poll.register(sock.fileno(), select.EPOLLIN)
                continue
            sock = connections[fileno]
            try:
                data = sock.recv(65536)
                closing = b"Connection: close" in data
                if data:
                    sock.sendall(CLOSING if closing else ANSWER)
            except OSError:
                data = b""
            if not data or closing:
                del connections[fileno]
                sock.close()


def serve_threads(port: int, tls: tuple[str, str] | None = None) -> None:
    """Give each connection a thread, for ever."""
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
    listener = listen(port)
    while True:
        sock, _ = listener.accept()
        threading.Thread(target=serve_connection, args=(sock, context), daemon=True).start()


def serve_connection(sock: socket.socket, context: ssl.SSLContext | None) -> None:
    """Answer the requests of one connection until it ends."""
    try:
        if context:
            sock = context.wrap_socket(sock, server_side=True)
        with sock:
            while data := sock.recv(65536):
                while END not in data:
                    data += sock.recv(65536)
                closing = b"Connection: close" in data
                path = data.split(b" ", 2)[1]
                if path == b"/hello":
                    sock.sendall(CLOSING if closing else ANSWER)
                elif not answer_other(sock, path, data):
                    return
                if closing:
                    return
    except OSError:
        return


def answer_other(sock: socket.socket, path: bytes, data: bytes) -> bool:
    """Serve a page other than hello. False ends the connection."""
    path, _, query = path.partition(b"?")
    options = dict(item.split(b"=") for item in query.split(b"&") if item)
    if path == b"/sleep":
        time.sleep(float(options.get(b"seconds", 0.1)))
        sock.sendall(ANSWER)
    elif path == b"/bulk":
        sock.sendall(PLAIN + b"Content-Length: %d\r\n\r\n" % apps.BULK_SIZE)
        sock.sendall(apps.bulk_body())
    elif path == b"/blocks":
        sock.sendall(PLAIN + b"Content-Length: %d\r\n\r\n" % apps.BULK_SIZE)
        for _ in range(apps.BULK_SIZE // apps.BLOCK_SIZE):
            sock.sendall(apps.block())
    elif path == b"/chunks":
        sock.sendall(PLAIN + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(apps.CHUNKS):
            sock.sendall(b"%x\r\n%b\r\n" % (len(apps.CHUNK), apps.CHUNK))
        sock.sendall(b"0\r\n\r\n")
    elif path == b"/upload":
        total = receive(sock, data)
        sock.sendall(PLAIN + b"Content-Length: %d\r\n\r\n%d" % (len(str(total)), total))
    elif path == b"/stream":
        sock.sendall(PLAIN + b"Connection: close\r\n\r\n")
        for _ in range(int(options[b"lines"])):
            sock.sendall(apps.time_line())
            time.sleep(float(options[b"pause"]))
        return False
    else:
        return False
    return True


def receive(sock: socket.socket, data: bytes) -> int:
    """Read a request body; returns its length."""
    head, _, rest = data.partition(END)
    length = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
    buffer = bytearray(apps.READ_SIZE)
    left = length - len(rest)
    while left and (n := sock.recv_into(buffer, min(left, apps.READ_SIZE))):
        left -= n
    return length - left


def main(arguments: list[str]) -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser(description="serve canned answers")
    parser.add_argument("floor", choices=("epoll", "threads"))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    options = parser.parse_args(arguments)
    if options.floor == "epoll":
        serve_epoll(options.port)
    else:
        serve_threads(options.port, (options.tls_cert, options.tls_key) if options.tls_cert else None)


if __name__ == "__main__":
    main(sys.argv[1:])
