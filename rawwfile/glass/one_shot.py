"""A server on loopback that answers every request with the same bytes, right or wrong, and then closes.

It is there for one client and for a time that is known beforehand: when that is over, it closes all
that is open, so that the client ends too, whatever it was waiting for.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Sequence

from rawwfile.glass.pieces import Piece

PATIENCE = 10.0
"""Seconds that a client has beyond the pauses between the pieces."""
MAX_CONNECTIONS = 24
"""More than a client makes (a browser: one to look, one for the icon, 20 for redirects); others are refused."""
MAX_REQUEST = 65536
"""Most bytes of a request that are read before it is answered."""

IMAGE_PAGE = b"""<!DOCTYPE html>
<title>image</title>
<img src=/image>
<script>
const image = document.images[0], canvas = document.createElement("canvas").getContext("2d")
let frames = [], sight = "", empty = false, quiet = 0
setInterval(() => {
  if (!image.naturalWidth) return void quiet++
  canvas.clearRect(0, 0, 9, 9)
  canvas.drawImage(image, 0, 0, 9, 9)
  const size = `${image.naturalWidth} x ${image.naturalHeight}`, pixels = canvas.getImageData(0, 0, 9, 9).data
  if (size + pixels == sight) return void quiet++
  frames.splice(frames.length - empty, empty, size)  // nothing is painted of an image that is still being decoded
  ;[sight, empty, quiet] = [size + pixels, !pixels.some(Boolean), 0]
}, 4)
</script>
"""
"""What / answers where the bytes are an image: a page that shows it, and notes each frame that is unlike the last."""


class OneShot:
    """Answers with `pieces`; a context manager. For one client, in threads of its own.

    as_image: the pieces are the answer to /image, and / is a page that shows it.
    requests: the heads of the requests that came, as they came; not those for a browser's icon.
    """

    def __init__(self, pieces: Sequence[Piece], as_image: bool = False) -> None:
        self.pieces = pieces
        self.as_image = as_image
        self.requests: list[bytes] = []
        self.allowed = PATIENCE + sum(piece.pause for piece in pieces)
        """Seconds after which everything is closed."""
        self.answered = threading.Event()
        """Set when a client has taken all pieces and closed."""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._over = threading.Event()
        self.port = 0
        """Where it listens, on 127.0.0.1."""

    def __enter__(self) -> OneShot:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ends = time.monotonic() + self.allowed
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        for thread in self._threads:
            thread.join()

    @property
    def url(self) -> str:
        """The address to visit."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def left(self) -> float:
        """Seconds until everything is closed; never less than a tenth."""
        return max(0.1, self._ends - time.monotonic())

    def _start(self, function: object, *arguments: object) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        """Runs in a thread until the time is over or the server is left."""
        for _ in range(MAX_CONNECTIONS):
            try:
                self._listener.settimeout(self.left)
                connection, _address = self._listener.accept()
            except OSError:
                break
            with self._lock:
                if self._over.is_set():
                    connection.close()
                    break
                self._open.add(connection)
                self._start(self._answer, connection)
        self._listener.close()
        self._over.wait(self.left)
        self._close()

    def _close(self) -> None:
        """End all that waits: shutdown wakes a thread up, which close would not."""
        with self._lock:
            self._over.set()
            for each in (self._listener, *self._open):
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.settimeout(self.allowed)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = _read_head(connection)
            pieces = self._answer_to(request)
            for piece in pieces:
                if piece.pause and self._over.wait(piece.pause):
                    break
                connection.sendall(piece.data)
            connection.shutdown(socket.SHUT_WR)
            # To close while bytes are unread would reset the connection, and undo what was sent.
            while connection.recv(65536):
                pass
            if pieces is self.pieces:
                self.answered.set()
        with self._lock:
            self._open.discard(connection)

    def _answer_to(self, request: bytes) -> Sequence[Piece]:
        target = (request.split(b" ", 2) + [b"", b""])[1]
        if not request:
            return ()
        if target == b"/favicon.ico":
            return [Piece(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
        with self._lock:
            self.requests.append(request)
        if self.as_image and target == b"/":
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            return [Piece(head % len(IMAGE_PAGE) + IMAGE_PAGE)]
        return self.pieces


def _read_head(connection: socket.socket) -> bytes:
    """The head of a request, with its empty line; empty where the client only connected and left."""
    request = b""
    while b"\r\n\r\n" not in request and len(request) < MAX_REQUEST:
        data = connection.recv(65536)
        if not data:
            return b""
        request += data
    return request
