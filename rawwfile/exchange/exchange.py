"""One request and its answer, from the head read to the last byte out.

    call -> (raw writes)  -> settle
         -> (a value)     -> managed response
         -> (an error)    -> error page, or a visible cut when bytes have gone out
    then: end hooks, log line

Every adapter is a function of an Exchange; what happens to the connection is decided here alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import copy_context
from time import monotonic
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected, HTTPError, ProtocolError
from rawwfile.exchange import errorpage, managed, settle
from rawwfile.exchange.context import current_exchange
from rawwfile.exchange.request import Request
from rawwfile.exchange.response import Response
from rawwfile.exchange.wfile import RawWriter
from rawwfile.http.events import RequestHead
from rawwfile.http.reader import State

if TYPE_CHECKING:
    from rawwfile.exchange.channel import Channel
    from rawwfile.settings import Settings

log = logging.getLogger("rawwfile")

Application = Callable[["Exchange"], None]

DRAIN_LIMIT = 65536
"""Bytes of unread request content that are passed over to keep a connection; more closes it."""


class Exchange:
    """One request and its response on one connection.

    After `run`: keep says whether another request may follow; cut, that the client must see that
    the response is not whole; reset, that only a reset shows it (nothing but the close ends it);
    answered, that a response of ours has begun; end is "complete", "error", "client-gone" or "timeout".
    """

    handler: Any = None
    keep = False
    cut = False
    reset = False
    answered = False
    end = "complete"
    continued = False
    stream: managed.ManagedStream | None = None
    content_bytes = 0
    first_byte: float | None = None
    _hooks: list[Callable[[], Any]] | None = None

    def __init__(self, channel: Channel, head: RequestHead, settings: Settings, stopping: bool = False) -> None:
        self.channel = channel
        self.head = head
        self.settings = settings
        self.stopping = stopping
        self.context = copy_context()
        self.request = Request(self, head)
        self.response = Response(self, settings.charset)
        self.started = monotonic()

    # -- for adapters and handlers

    def announce(self, handler: Any) -> None:
        """Name the handler that is called next: for the log, and for who must not wait for it."""
        self.handler = handler
        self.channel.announce(handler)

    def write(self, data: bytes) -> None:
        """Send `data` now as a part of a managed response, its head first (WSGI's write).

        Raises ClientDisconnected.
        """
        if self.stream is None:
            self.stream = managed.ManagedStream(self, data)
        else:
            self.stream.send(data)

    def on_end(self, hook: Callable[[], Any]) -> None:
        """Call `hook` after the response has ended, the last one set first; its errors are logged."""
        if self._hooks is None:
            self._hooks = []
        self._hooks.append(hook)

    # -- the life

    def run(self, application: Application) -> None:
        """Call the application in this exchange's context and bring the response to its end."""
        self.context.run(self._run, application)

    def refuse(self, error: ProtocolError) -> None:
        """Answer with an error page without calling the application, and keep nothing."""

        def raise_it(_exchange: Exchange) -> None:
            raise errorpage.refusal(error)

        self.run(raise_it)

    def _run(self, application: Application) -> None:
        current_exchange.set(self)
        try:
            try:
                application(self)
                self._answer()
            except ClientDisconnected as error:
                # IncompleteBody is both: who has ended only its sending can still read an answer.
                if isinstance(error, HTTPError) and not self._has_begun():
                    self._fail(error)
                else:
                    self._lose_client(error)
            except BaseException as error:  # noqa: BLE001 - whatever a handler raises must be answered
                self._fail(error)
        finally:
            self._finish()

    def _answer(self) -> None:
        response = self.response
        writer = response.__dict__.get("wfile")
        if writer is not None or not response.sendResponse:
            if not settle.leaves_answer_to_us(self, writer):
                settle.settle_raw(self, writer, None)
                return
        if self.stream is not None:
            managed.finish_stream(self)
        else:
            managed.send(self)

    def _fail(self, error: BaseException) -> None:
        writer = self.response.__dict__.get("wfile")
        if writer is not None and writer.observer.verdict not in ("untouched", "interim"):
            settle.settle_raw(self, writer, error)
            return
        if self.response.head_sent:
            self.cut, self.keep, self.end = True, False, "error"
            stream = self.stream
            self.reset = stream is not None and not stream.delimited and self.channel.scheme == "http"
            errorpage.log_failure(self, error, "; the response is cut short")
            return
        try:
            errorpage.prepare(self, error)
            managed.send(self)
        except ClientDisconnected as lost:
            self._lose_client(lost)
        except Exception as second:  # noqa: BLE001 - an error page that fails leaves only the close
            self.keep, self.end = False, "error"
            errorpage.log_failure(self, second, " while the error page was made")

    def _has_begun(self) -> bool:
        """Bytes of a final response have gone out."""
        writer = self.response.__dict__.get("wfile")
        return self.response.head_sent or (
            writer is not None and writer.observer.verdict not in ("untouched", "interim")
        )

    def _lose_client(self, error: ClientDisconnected) -> None:
        self.keep = False
        self.cut, self.reset = True, self.channel.scheme == "http"
        self.end = "timeout" if isinstance(error.__cause__, TimeoutError) else "client-gone"
        log.info("%s: %s", self, error)

    def _finish(self) -> None:
        self.response.head_sent = True
        writer = self.response.__dict__.get("wfile")
        if writer is not None:
            writer.close()
        if self._hooks:
            self._run_hooks()
        held = self.request.__dict__
        if "rfile" not in held and "_form" not in held:
            return
        try:
            self.request.close()
        except Exception as error:  # noqa: BLE001 - closing temporary files must not end the thread
            errorpage.log_failure(self, error, " while the request was closed")

    def _run_hooks(self) -> None:
        hooks, self._hooks = self._hooks or [], None
        for hook in reversed(hooks):
            try:
                hook()
            except Exception as error:  # noqa: BLE001 - one hook must not keep the others from running
                errorpage.log_failure(self, error, " in an end hook")

    # -- for the parts of an exchange

    @property
    def upgraded(self) -> bool:
        """The handler wrote 101, or 2xx to CONNECT: the connection is its own."""
        writer = self.response.__dict__.get("wfile")
        return writer is not None and writer.observer.verdict == "upgraded"

    def mark_first_byte(self) -> None:
        """The first byte of the response goes out now."""
        self.first_byte = monotonic() - self.started

    def open_writer(self) -> RawWriter:
        """The raw writer, made when `response.wfile` is first asked for."""
        return RawWriter(self)

    def send_continue(self) -> None:
        """Tell a client that waits for it to send its content (RFC 9110 section 10.1.1)."""
        if self.continued or not self.head.expects_continue:
            return
        self.continued = True
        writer = self.response.__dict__.get("wfile")
        if self.response.head_sent or (writer is not None and not self._may_continue(writer)):
            return
        self.channel.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _may_continue(self, writer: RawWriter) -> bool:
        observer = writer.observer
        return observer.verdict in ("untouched", "interim") and 100 not in observer.interim

    def body_allows_keep(self) -> bool:
        """The rest of the request content, if any, is short enough to be passed over."""
        reader = self.channel.reader
        if reader.state is State.ERROR:
            return False
        left = reader.body_left
        if left == 0:
            return True
        if self.head.expects_continue and not self.continued:
            # The client may send the content or not: nobody can tell where the next head begins.
            return False
        return left is None or left <= DRAIN_LIMIT

    def may_keep(self) -> bool:
        """Another request may follow as far as request, server and content are concerned."""
        head = self.head
        return (
            head.keep_alive
            and not self.stopping
            and self.settings.protocol != "HTTP/1.0"
            and (head.kind == "none" or self.body_allows_keep())
        )

    @property
    def handler_name(self) -> str | None:
        """The handler as people know it: "Root.index (howto20.py:14)"."""
        return None if self.handler is None else errorpage.name_of(self.handler)

    def __str__(self) -> str:
        """How the log names it: "#3 GET /path"."""
        return f"#{self.channel.number} {self.request.method} {self.request.target:.200}"
