"""A connection without a socket, so that an adapter is tested with a real exchange."""

from __future__ import annotations

from rawwfile.errors import ClientDisconnected
from rawwfile.exchange.channel import GONE, OPEN
from rawwfile.exchange.exchange import Exchange
from rawwfile.http.reader import RequestReader
from rawwfile.settings import Settings

GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


class Wire:
    """Everything has come already; keeps each piece that is sent, and notes it in `events`."""

    number = 1

    def __init__(self, scheme="http", local=("192.0.2.1", 8000), events=None):
        self.reader = RequestReader()
        self.scheme = scheme
        self._local = local
        self.pieces = []
        self.events = [] if events is None else events
        self.gone = False

    def receive(self, timeout):
        raise AssertionError("waits for bytes that will not come")

    def send(self, data):
        if self.gone:
            raise ClientDisconnected("gone")
        self.pieces.append(data)
        self.events.append("sent")

    def send_last(self, data, rest=None):
        self.send(data)
        if rest is not None:
            self.send(rest.read_all())
            rest.close()
        return True

    def announce(self, handler):
        self.announced = handler

    def hand_over(self):
        """No other thread is there."""

    stopping = streams_over = False

    def begin_stream(self):
        return True

    def client_state(self):
        return GONE if self.gone else OPEN

    def await_reset(self, seconds):
        return self.gone

    def try_send(self, data):
        self.send(data)
        return len(data)

    def peer(self):
        return ("192.0.2.9", 4321)

    def local(self):
        return self._local

    def tls(self):
        return None


def exchange_for(request=GET, settings=None, **wire):
    """An exchange whose request has been received whole; what Wire takes may be given."""
    wire = Wire(**wire)
    wire.reader.receive_data(request.encode("latin-1"))
    return Exchange(wire, wire.reader.next_event(), settings or Settings())


def answer(application, request=GET, **wire):
    """Run an application(exchange); returns the exchange, the lines of the head and the content."""
    exchange = exchange_for(request, **wire)
    exchange.run(application)
    head, _, content = b"".join(exchange.channel.pieces).partition(b"\r\n\r\n")
    return exchange, head.decode("latin-1").split("\r\n"), content


def request_text(line, fields="", body=""):
    """A request as text, with a Host, and a Content-Length if there is a body."""
    if body:
        fields += f"Content-Length: {len(body)}\r\n"
    return f"{line} HTTP/1.1\r\nHost: a\r\n{fields}\r\n{body}"


def called(application, line, fields="", body=""):
    """Call an application alone, without what sends its response; returns the exchange."""
    exchange = exchange_for(request_text(line, fields, body))
    application(exchange)
    return exchange
