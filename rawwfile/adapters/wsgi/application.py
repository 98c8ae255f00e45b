"""The application made of a WSGI callable."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from rawwfile.adapters.wsgi.bodies import Body, FileWrapper, closer, closes_itself, file_part
from rawwfile.adapters.wsgi.environ import environ_of
from rawwfile.adapters.wsgi.reply import Reply, wrote_raw
from rawwfile.errors import HTTPError

log = logging.getLogger("rawwfile")

SERVERS_OWN = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "status",
    )
)
"""Fields an application may not send: the hop-by-hop ones (PEP 3333, "Other HTTP Features"), and
Status, which is CGI's and no response field."""


class WsgiApplication:
    """The application made of a WSGI callable; see `rawwfile.adapters.wsgi`."""

    rawwfile_application = True

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self._warned: set[str] = set()

    def __call__(self, exchange: Any) -> None:
        """Call the WSGI application and make what it returns the body of the response.

        Raises what it raises; TypeError if it returned no iterable of bytes; RuntimeError or AssertionError
        if it broke the protocol; HTTPError 501 for CONNECT, which WSGI has no way to answer.
        """
        if exchange.request.method == "CONNECT":
            raise HTTPError(501, 'method "CONNECT" is not implemented')
        reply = Reply(exchange, self)
        exchange.announce(self.app)
        environ = environ_of(exchange)
        environ.update(reply.extras())
        result = self.app(environ, reply.start_response)
        try:
            exchange.response.body = self._body_of(exchange, reply, result)
        except BaseException:
            self._close_failed(result)
            raise

    def _body_of(self, exchange: Any, reply: Reply, result: Any) -> Any:
        """What `response.body` shall be. After it the engine closes `result`; until then the caller must."""
        if isinstance(result, (bytes, str)) or not hasattr(result, "__iter__"):
            raise TypeError(
                f"{self.name} returned {type(result).__name__}: return a list of bytes, "
                "or another iterable of them (PEP 3333)"
            )
        if wrote_raw(exchange):
            self._run_out(exchange, result)
            return None
        length = reply.content_length
        chunks = None
        if type(result) is FileWrapper and not reply.written:
            part = file_part(result, length)
            if part is not None:
                reply.fix(None)
                exchange.on_end(result.close)
                return part
            chunks = None if length is None else result.up_to(length)
        if type(result) in (list, tuple) and not reply.written:
            content = b"".join([reply.encode(chunk) for chunk in result]) + reply.rest()
            if length in (None, len(content)) and (content or exchange.request.method != "HEAD"):
                reply.fix(None)
                return content
            chunks = iter((content,))
        body = Body(reply, result, iter(result) if chunks is None else chunks)
        # Where there are too many streams the engine refuses this one, unstarted.
        if exchange.channel.begin_stream():
            body.prime()
            if wrote_raw(exchange):
                self._run_out(exchange, body)
                return None
        exchange.response.stream = True
        # For an exchange that ends before the engine has looked at the body.
        exchange.on_end(body.close)
        return body

    def _run_out(self, exchange: Any, result: Any) -> None:
        """The response was written by hand: what the application returned can still write, and be closed."""
        for chunk in result:
            if chunk:
                log.warning(
                    "%s: %s wrote its response on rawwfile.response; the chunk %.60r is not sent",
                    exchange,
                    self.name,
                    chunk,
                )
        if closes_itself(result):
            exchange.on_end(closer(result))

    def _close_failed(self, result: Any) -> None:
        try:
            closer(result)()
        except Exception:
            # The error before it is the one to answer.
            log.exception("close() of the WSGI application's result failed, after another error")

    def server_owns(self, name: str) -> bool:
        """Whether to leave out a field of the application; says so in the log, once for each."""
        lower = name.lower()
        if lower not in SERVERS_OWN:
            return False
        if lower not in self._warned:
            self._warned.add(lower)
            log.warning("the WSGI application sets %s; that is the server's, it is left out", name)
        return True

    @property
    def name(self) -> str:
        """The application, for a message."""
        name = getattr(self.app, "__qualname__", None) or type(self.app).__qualname__
        return f"the WSGI application {name}"
