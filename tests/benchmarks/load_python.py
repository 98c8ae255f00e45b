"""The load generator of load.c in Python, for machines without a C compiler.

Same options, same output, about a third of the speed: fast servers come out slower than they are
and closer together. Run by `load.py`; by hand: python load_python.py port=8000 connections=16 < request
"""

from __future__ import annotations

import json
import resource
import select
import socket
import sys
import time
from typing import BinaryIO

VARY_DIGITS = 16
BUFFER = 1 << 20


class Conversation:
    """One connection and the response it is in the middle of."""

    __slots__ = ("sock", "start_ns", "state", "head", "body_at", "left", "chunked", "tail", "close_after")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.begin()

    def begin(self) -> None:
        """Forget the last response: a request was just sent."""
        self.state = "head"
        self.head = b""
        self.body_at = 0
        self.left: int | None = 0
        self.chunked = False
        self.tail = b""
        self.close_after = False
        self.start_ns = time.perf_counter_ns()


class Load:
    """A run of the generator; the options are those of load.c."""

    def __init__(self, options: dict[str, str], request: bytes) -> None:
        self.address = (options.get("host", "127.0.0.1"), int(options["port"]))
        self.connections = int(options.get("connections", 16))
        self.warmup = float(options.get("warmup", 0.2))
        self.seconds = float(options.get("seconds", 1))
        self.close = options.get("close") == "1"
        self.once = options.get("once") == "1"
        self.pattern = options.get("pattern") == "1"
        self.vary = int(options.get("vary", -1))
        self.expect = bytes.fromhex(options["expect"]) if "expect" in options else None
        self.request = bytearray(request)
        self.serial = time.time_ns() << 4
        self.measuring = False
        self.times: list[int] = []
        self.counts = dict.fromkeys(("bytes", "wrong", "dropped", "refused", "reopened"), 0)
        self.poll = select.epoll()
        self.open: dict[int, Conversation] = {}

    def connect(self) -> Conversation:
        """Open a connection; a refusal is counted and tried again, a thousand times."""
        while True:
            try:
                sock = socket.create_connection(self.address)
                break
            except OSError:
                self.counts["refused"] += 1
                if self.counts["refused"] > 1000:
                    raise
                time.sleep(0.001)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk = Conversation(sock)
        self.open[sock.fileno()] = talk
        self.poll.register(sock.fileno(), select.EPOLLIN)
        return talk

    def send(self, talk: Conversation) -> None:
        """Send the next request."""
        if self.vary >= 0:
            self.request[self.vary : self.vary + VARY_DIGITS] = b"%016x" % (self.serial & (1 << 63) - 1)
            self.serial += 1
        talk.begin()
        try:
            talk.sock.sendall(self.request)
        except OSError:
            talk.state = "broken"  # the read that follows finds the end

    def reopen(self, talk: Conversation) -> None:
        """Replace a connection that has ended and send on the new one."""
        self.forget(talk)
        self.send(self.connect())

    def forget(self, talk: Conversation) -> None:
        """Close the connection."""
        self.open.pop(talk.sock.fileno(), None)
        talk.sock.close()

    def ready(self, talk: Conversation) -> None:
        """Read once and act on it."""
        try:
            data = talk.sock.recv(BUFFER)
        except ConnectionError:
            data = b""
            talk.state = "broken"
        if data:
            if self.measuring:
                self.counts["bytes"] += len(data)
            self.consume(talk, data)
            if talk.state == "broken" or (talk.state == "complete" and not self.close):
                self.finish(talk, False)
            return
        if (talk.state == "body" and talk.left is None) or (talk.state == "complete" and self.close):
            if self.expect is not None and talk.body_at != len(self.expect):
                talk.state = "broken"
            self.finish(talk, True)
            return
        self.counts["dropped"] += self.measuring
        self.forget(talk) if self.once else self.reopen(talk)

    def consume(self, talk: Conversation, data: bytes) -> None:
        """Read a piece of a response."""
        if talk.state == "complete":
            talk.state = "broken"  # bytes after the response
            return
        if talk.state == "head":
            head, blank, rest = (talk.head + data).partition(b"\r\n\r\n")
            if not blank:
                talk.head += data
                return
            self.parse_head(talk, head)
            data = rest
        if talk.chunked:
            self.take_chunked(talk, data)
        elif talk.left is None:
            self.take_body(talk, data)
        else:
            talk.left -= len(data)
            self.take_body(talk, data)
            if talk.left < 0:
                talk.state = "broken"
            elif talk.left == 0 and talk.state == "body":
                talk.state = "complete"
        if talk.state == "complete" and self.expect is not None and talk.body_at != len(self.expect):
            talk.state = "broken"

    def parse_head(self, talk: Conversation, head: bytes) -> None:
        """Set the framing of the body."""
        talk.state = "body" if head[:7] == b"HTTP/1." and head[8:12] == b" 200" else "broken"
        lower = head.lower()
        talk.close_after = b"\r\nconnection: close" in lower
        _, found, value = lower.partition(b"\r\ncontent-length:")
        if found:
            talk.left = int(value.partition(b"\r\n")[0])
        else:
            talk.chunked = b"\r\ntransfer-encoding: chunked" in lower
            talk.left = None

    def take_body(self, talk: Conversation, data: bytes) -> None:
        """Compare a piece of the body with what it should be."""
        at, end = talk.body_at, talk.body_at + len(data)
        talk.body_at = end
        if self.expect is not None:
            right = data == self.expect[at:end]
        elif self.pattern and data:
            right = data[0] == (at ^ at >> 8) & 255 and data[-1] == (end - 1 ^ end - 1 >> 8) & 255
        else:
            return
        if not right:
            talk.state = "broken"

    def take_chunked(self, talk: Conversation, data: bytes) -> None:
        """Take whole chunks; what is left of the last one waits in `tail`."""
        data = talk.tail + data
        while True:
            line, newline, rest = data.partition(b"\r\n")
            if not newline:
                break
            if not line.isalnum() or line.lower().strip(b"0123456789abcdef"):
                talk.state = "broken"
                return
            size = int(line, 16)
            if len(rest) < size + 2:
                break
            if size == 0:
                talk.state = "complete" if rest == b"\r\n" else "broken"
                return
            self.take_body(talk, rest[:size])
            data = rest[size + 2 :]
        talk.tail = data

    def finish(self, talk: Conversation, at_end: bool) -> None:
        """Count a response and send the next request."""
        if talk.state == "broken":
            self.counts["wrong"] += self.measuring
        elif self.measuring:
            self.times.append(time.perf_counter_ns() - talk.start_ns)
        if self.once:
            self.forget(talk)
        elif at_end or talk.state == "broken" or talk.close_after:
            self.counts["reopened"] += self.measuring and not self.close
            self.reopen(talk)
        else:
            self.send(talk)

    def run(self) -> dict[str, float]:
        """Run to the end; returns the figures."""
        talks = [self.connect() for _ in range(self.connections)]
        begun = time.perf_counter()
        if self.once or self.warmup <= 0:
            begun = self.begin_measuring()
        for talk in talks:
            self.send(talk)
        while not (self.once and not self.open):
            now = time.perf_counter()
            if not self.measuring and now >= begun + self.warmup:
                begun = now = self.begin_measuring()
            left = begun + (self.seconds if self.measuring else self.warmup) - now
            if left <= 0:
                break
            for fileno, _ in self.poll.poll(left + 0.001):
                self.ready(self.open[fileno])
        seconds = time.perf_counter() - begun
        print("measured", flush=True)
        return self.figures(seconds)

    def begin_measuring(self) -> float:
        """Say that the measured time begins; returns its start."""
        self.measuring = True
        print("measuring", flush=True)
        return time.perf_counter()

    def figures(self, seconds: float) -> dict[str, float]:
        """The figures of load.c, under its names."""
        times = sorted(self.times) or [0]

        def at(part: float) -> float:
            return times[int(part * (len(times) - 1) + 0.5)] / 1e6

        usage = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "seconds": seconds,
            "requests": len(self.times),
            **self.counts,
            "unanswered": len(self.open) if self.once else 0,
            "p50_ms": at(0.5),
            "p90_ms": at(0.9),
            "p99_ms": at(0.99),
            "max_ms": at(1),
            "cpu": usage.ru_utime + usage.ru_stime,
        }


def main(arguments: list[str], requests: BinaryIO) -> None:
    """Run with `name=value` arguments and the request from a file."""
    request = requests.read()
    if not request:
        sys.exit("load: no request on standard input")
    load = Load(dict(argument.split("=", 1) for argument in arguments), request)
    print(json.dumps(load.run()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdin.buffer)
