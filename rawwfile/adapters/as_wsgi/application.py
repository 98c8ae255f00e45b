"""`as_wsgi`: the WSGI callable around an application of rawwfile."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rawwfile.adapters.as_wsgi.channel import HostChannel
from rawwfile.adapters.as_wsgi.exchange import HostedExchange
from rawwfile.adapters.as_wsgi.handover import CannotHandOver, Handover, blocks_of
from rawwfile.adapters.interface import application_for
from rawwfile.adapters.wsgi.application import SERVERS_OWN, WsgiApplication
from rawwfile.errors import ClientDisconnected, ProtocolError
from rawwfile.exchange.body import FileSlice
from rawwfile.settings import Settings

log = logging.getLogger("rawwfile")

WsgiCallable = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def as_wsgi(target: object, *, interface: str = "auto", settings: Settings | None = None) -> WsgiCallable:
    """Offer raw handlers, or pages, as a WSGI application for any host.

    target: what `rawwfile serve` takes: a page tree, its class, an application(exchange). A WSGI
    application is given back as it is. settings: charset and limits count, the rest is the host's.
    Raises TargetError for what is none of these.
    """
    application = application_for(target, interface)
    if isinstance(application, WsgiApplication):
        return application.app
    return _Hosted(application, settings or Settings())


class _Hosted:
    """A WSGI application; see `rawwfile.adapters.as_wsgi`."""

    def __init__(self, application: Any, settings: Settings) -> None:
        self.application = application
        self._settings = settings

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request (PEP 3333).

        Raises what the host raised when it was given something; CannotHandOver, or what the handler
        raised, when content has gone out already and the host must cut the connection.
        """
        version = (1, 0) if environ.get("SERVER_PROTOCOL") == "HTTP/1.0" else (1, 1)
        handover = Handover(environ, start_response, version)
        channel = HostChannel(environ, handover, self._settings.limits)
        if environ["REQUEST_METHOD"] == "CONNECT":
            return _page(start_response, "501 Not Implemented", 'method "CONNECT" is not implemented')
        try:
            exchange = HostedExchange(channel, channel.read_head(), self._settings)
        except ProtocolError as error:
            return _page(start_response, "400 Bad Request", str(error))
        exchange.request.script_name = environ.get("SCRIPT_NAME") or ""
        exchange.request.wsgi_environ = environ  # type: ignore[attr-defined]  # by its name of CherryPy 3
        handover.keeps = _fields_kept(exchange)
        exchange.run(self.application)
        return _handed_over(exchange, handover, start_response)

    def __repr__(self) -> str:
        return f"<as_wsgi({self.application!r})>"


def _handed_over(
    exchange: HostedExchange, handover: Handover, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """What the host is to iterate, now that the handler has returned."""
    try:
        if handover.lost is not None:
            raise handover.lost
        if exchange.end == "client-gone":
            raise ClientDisconnected(errno.EPIPE, "the client is gone")
        if exchange.pieces is not None:
            exchange.pieces.begin(start_response, lambda name: name in SERVERS_OWN)
            return exchange.pieces
        if handover.fault is None and exchange.cut and exchange.error is not None:
            # It would look whole: an error after some of a content that only its end delimits.
            raise exchange.error
        handover.finish()
        if exchange.cut:
            raise CannotHandOver("the response was cut; the log says why")
    except CannotHandOver as fault:
        log.error("%s: %s: %s", exchange, exchange.handler_name or "the application", fault)
        exchange.conclude()
        if handover.begun:
            raise
        return _page(start_response, "500 Internal Server Error", str(fault))
    except BaseException:
        if exchange.pieces is not None:
            exchange.pieces.close()
        else:
            exchange.conclude()
        raise
    if exchange.wrote_raw():
        exchange.conclude()
        return []
    return _Tail(exchange)


class _Tail:
    """The content that the engine gave in one; the exchange ends when the host closes it."""

    def __init__(self, exchange: HostedExchange) -> None:
        self._exchange = exchange
        self._blocks = self._run()

    def __iter__(self) -> Iterator[bytes]:
        return self._blocks

    def _run(self) -> Iterator[bytes]:
        for part in self._exchange.channel.tail:
            if isinstance(part, FileSlice):
                yield from blocks_of(part)
            else:
                yield bytes(part)

    def close(self) -> None:
        """For the host, when it is done."""
        tail, self._exchange.channel.tail = self._exchange.channel.tail, []
        for part in tail:
            if isinstance(part, FileSlice):
                part.close()
        self._exchange.conclude()


def _fields_kept(exchange: HostedExchange) -> Callable[[str], bool]:
    """Of what the engine adds, Server and Date are the host's to add; what a handler wrote stays."""

    def keeps(name: str) -> bool:
        return name not in ("server", "date") or exchange.wrote_raw() or name in exchange.response.headers

    return keeps


def _page(start_response: Callable[..., Any], status: str, message: str) -> list[bytes]:
    content = f"{status}\n\n{message}\n".encode("utf-8", "replace")
    fields = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(content)))]
    start_response(status, fields)
    return [content]
