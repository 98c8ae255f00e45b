"""One request and its answer, from the head read to the last byte out.

    call -> (raw writes)  -> settle
         -> (a value)     -> managed response
         -> (an error)    -> error page, or a visible cut when bytes have gone out
    then: end hooks, log line

Every adapter is a function of an Exchange; what happens to the connection is decided here alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from contextvars import copy_context
from time import monotonic
from typing import TYPE_CHECKING, Any

from rawwfile.errors import ClientDisconnected, ClientGone, HTTPError, HTTPRedirect, ProtocolError, Shutdown, StreamEnd
from rawwfile.exchange import errorpage, managed, settle
from rawwfile.exchange.context import current_exchange
from rawwfile.exchange.lazy import lazy
from rawwfile.exchange.presence import Presence
from rawwfile.exchange.request import Request
from rawwfile.exchange.response import Response
from rawwfile.exchange.stream import ResponseStream
from rawwfile.exchange.wfile import RawWriter
from rawwfile.http.events import RequestHead
from rawwfile.http.reader import State

if TYPE_CHECKING:
    from rawwfile.exchange.channel import Channel, Handle
    from rawwfile.settings import Settings

log = logging.getLogger("rawwfile")

Application = Callable[["Exchange"], None]

DRAIN_LIMIT = 65536
"""Bytes of unread request content that are passed over to keep a connection; more closes it."""


class Exchange:
    """One request and its response on one connection.

    After `run`: keep says whether another request may follow; cut, that the client must see that
    the response is not whole; reset, that only a reset shows it (nothing but the close ends it);
    answered, that a response of ours has begun; end is "complete", "error", "client-gone", "timeout" or
    "shutdown"; error is what the handler raised, if it raised.
    """

    handler: Any = None
    keep = False
    cut = False
    reset = False
    answered = False
    end = "complete"
    error: BaseException | None = None
    continued = False
    stream: ResponseStream | None = None
    content_bytes = 0
    first_byte: float | None = None
    _hooks: list[Callable[[], Any]] | None = None
    hooks_before_end: list[Callable[[], Any]] | None = None
    before_wait: Callable[[], Any] | None = None
    """Called before a wait of the handler: an event stream tells its client that it is connected."""
    has_company = False
    """Somebody watches the client or waits for the end, who must be told before the last byte goes out."""

    def __init__(self, channel: Channel, head: RequestHead, settings: Settings, closing: bool = False) -> None:
        self.channel = channel
        self.head = head
        self.settings = settings
        self.closing = closing
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
            if not self.channel.begin_stream():
                raise HTTPError(503, "Too many streams are open; try again soon.", headers={"Retry-After": "5"})
            ResponseStream(self, data)
        else:
            self.stream.send(data)

    def on_end(self, hook: Callable[[], Any]) -> None:
        """Call `hook` after the response has ended, the last one set first; its errors are logged."""
        if self._hooks is None:
            self._hooks = []
        self._hooks.append(hook)

    def before_end(self, hook: Callable[[], Any]) -> None:
        """Call `hook` when the body is whole and before the client is told so, the last one set first.

        What it raises makes the response an error, or a visible cut: what the client sees as
        complete was committed. It is not called when the body fails, nor for HEAD on a stream.
        """
        self.has_company = True
        if self.hooks_before_end is None:
            self.hooks_before_end = []
        self.hooks_before_end.append(hook)

    # -- is the client there

    @lazy
    def presence(self) -> Presence:
        """What is known of the client."""
        self.has_company = True
        return Presence(self)

    def client_gone(self) -> bool:
        """The client has left, as far as the kernel knows. Cheap; never waits."""
        return self.presence.is_gone()

    @property
    def stopping(self) -> bool:
        """The server is stopping: what has no end should find one."""
        return self.channel.stopping

    def on_disconnect(self, callback: Callable[[], Any]) -> Handle:
        """Call `callback` once, in another thread, soon after the client has left while this exchange lives.

        The handle's `cancel` takes it back. Its errors are logged.
        """
        return self.presence.on_gone(callback)

    def on_wake(self, callback: Callable[[], Any]) -> Handle:
        """As `on_disconnect`, and when the server stops: for waits that are not `wait`."""
        return self.presence.on_wake(callback)

    def begin_waiting(self) -> None:
        """The handler is about to wait for long: it counts as a stream, and another thread serves.

        Raises ClientGone or Shutdown if there is nothing to wait for any more.
        """
        self.channel.begin_stream()
        self.channel.hand_over()
        self.check_wait()

    def check_wait(self) -> None:
        """Raise ClientGone or Shutdown if a wait must end."""
        if self.channel.stopping:
            raise Shutdown("the server is stopping")
        if self.presence.is_gone():
            raise ClientGone("the client is gone")

    def wait(self, timeout: float | None, readable: Iterable[int] = ()) -> list[int]:
        """Wait `timeout` seconds (None: for ever), or until one of the descriptors is readable; those that are.

        Raises ClientGone or Shutdown as soon as the client leaves or the server stops.
        """
        if self.before_wait is not None:
            self.before_wait()
        self.begin_waiting()
        return self.channel.wait(timeout, readable, not self.presence.tolerated)

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
            except StreamEnd as error:
                self._end_stream(error)
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
        if isinstance(error, HTTPRedirect) and not self._has_begun():
            # The answer to a form that was taken: what it did is kept, or the client is told.
            try:
                self.run_before_end()
            except BaseException as failed:  # noqa: BLE001 - whatever a hook raises must be answered
                error = failed
        self.hooks_before_end, self.error = None, error
        if self.wrote_by_hand:
            settle.settle_raw(self, self.response.wfile, error)
            return
        if self.response.head_sent:
            self.end = "error"
            errorpage.log_failure(self, error, "; the response is cut short")
            self._cut_stream()
            return
        try:
            errorpage.prepare(self, error)
            managed.send(self)
        except ClientDisconnected as lost:
            self._lose_client(lost)
        except Exception as second:  # noqa: BLE001 - an error page that fails leaves only the close
            self.keep, self.end = False, "error"
            errorpage.log_failure(self, second, " while the error page was made")

    def _cut_stream(self) -> None:
        """The head has gone out, and the content will not be whole: let the client see that."""
        stream = self.stream
        self.keep = False
        try:
            if stream is not None and stream.fail():
                return
        except ClientDisconnected:
            pass
        self.cut = True
        self.reset = stream is not None and not stream.delimited and self.channel.scheme == "http"

    def _end_stream(self, error: StreamEnd) -> None:
        """A wait was woken, or the grace is over: the response ends as by close(), and that is no failure."""
        if isinstance(error, ClientGone):
            self._lose_client(ClientDisconnected(str(error) or "the client is gone"))
            return
        if not self._has_begun():
            self._fail(HTTPError(503, "The server is stopping.", headers={"Retry-After": "5"}, close=True))
        elif self.response.head_sent:
            self._cut_stream()
        else:
            verdict = self.response.wfile.observer.verdict
            self.keep, self.cut = False, verdict != "complete"
            self.reset = verdict == "open-ended" and self.channel.scheme == "http"
        if self.end != "timeout":
            self.end = "shutdown"

    def _has_begun(self) -> bool:
        """Bytes of a final response have gone out."""
        return self.response.head_sent or self.wrote_by_hand

    def _lose_client(self, error: ClientDisconnected) -> None:
        self.keep = False
        self.cut, self.reset = True, self.channel.scheme == "http"
        self.end = "timeout" if isinstance(error.__cause__, TimeoutError) else "client-gone"
        log.info("%s: %s", self, error)

    def _finish(self) -> None:
        self.response.head_sent = True
        writer = self.response.__dict__.get("wfile")
        if writer is not None:
            writer.abandon()
            writer.close()
        if self.stream is not None:
            self.stream.stop()
        if "presence" in self.__dict__:
            self.presence.finish()
        if self._hooks:
            self._run_hooks()
        held = self.request.__dict__
        if "rfile" not in held and "_form" not in held:
            return
        try:
            self.request.close()
        except Exception as error:  # noqa: BLE001 - closing temporary files must not end the thread
            errorpage.log_failure(self, error, " while the request was closed")

    @property
    def has_before_end(self) -> bool:
        """Hooks of `before_end` wait to be called."""
        return self.hooks_before_end is not None

    def run_before_end(self) -> None:
        """For the engine: the body is whole, and is told to the client next. Raises what a hook raises."""
        hooks, self.hooks_before_end = self.hooks_before_end or [], None
        for hook in reversed(hooks):
            hook()
        if "presence" in self.__dict__:
            self.presence.finish()

    def _run_hooks(self) -> None:
        hooks, self._hooks = self._hooks or [], None
        for hook in reversed(hooks):
            try:
                hook()
            except Exception as error:  # noqa: BLE001 - one hook must not keep the others from running
                errorpage.log_failure(self, error, " in an end hook")

    # -- for the parts of an exchange

    @property
    def speaks_chunked(self) -> bool:
        """Both sides speak HTTP/1.1, so content of unknown length may be chunked."""
        return self.head.minor >= 1 and self.settings.protocol != "HTTP/1.0"

    @property
    def takes_trailers(self) -> bool:
        """The client said `TE: trailers` (RFC 9110 section 6.5.1)."""
        value = self.request.headers.get("te") or ""
        return any(part.partition(";")[0].strip().lower() == "trailers" for part in value.split(","))

    def drop_trailers(self, why: str) -> None:
        """The response is sent without the trailers that were set, if any; the log says why."""
        trailers = self.response.__dict__.get("trailers")
        if trailers:
            log.info("%s: %s: %s not sent", self, why, ", ".join(trailers))

    @property
    def wrote_by_hand(self) -> bool:
        """A final response was begun on `response.wfile`."""
        writer = self.response.__dict__.get("wfile")
        return writer is not None and writer.observer.verdict not in ("untouched", "interim")

    @property
    def trailer_names(self) -> list[str]:
        """The fields to be announced in Trailer."""
        response = self.response
        names = list(response.__dict__.get("trailers") or ())
        if response.error_trailer:
            names.append(str(response.error_trailer))
        return names if names and self.takes_trailers else []

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
            and not self.closing
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
