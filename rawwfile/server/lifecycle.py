"""From a listening socket to an exit code: signals, the graceful stop, and which processes serve.

    run ---- one process ------------------> serve_until_stopped
         |-- --workers: workers.run_workers --> N children, each serve_until_stopped
         +-- --reload:  reload.run_reloading -> one child after the other, likewise

The first SIGINT or SIGTERM stops gracefully, the second ends the process at once. Python's defaults
stand for the rest: SIGPIPE is ignored (a write to a client that is gone raises), and SIGHUP ends the
process at once, unless it was started with nohup.

A signal can come while the main thread holds any lock, so nothing is done in a handler: the
interpreter's C handler writes the signal's number into a pipe, and a thread that holds no lock acts.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from rawwfile.server.listen import remove_socket_file

if TYPE_CHECKING:
    import ssl

    from rawwfile.settings import Settings

__all__ = ["MakeServer", "Servable", "SignalPipe", "run", "serve_until_stopped"]

log = logging.getLogger("rawwfile.server")

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

AGAIN_SECONDS = 0.05
"""Time between two calls of `shutdown` to a server that has not begun to serve when it is stopped."""


class Servable(Protocol):
    """What is asked of a server here; `RawHTTPServer` is one."""

    def serve_forever(self) -> None:
        """Serve in this thread until `shutdown`."""

    def shutdown(self, grace: float | None = None) -> None:
        """Stop accepting, give responses in flight `grace` seconds, make `serve_forever` return."""

    def server_close(self) -> None:
        """Close the listening socket and what is left of the connections."""


MakeServer = Callable[[socket.socket], Servable]
"""Makes the server, application and all, on a listening socket. Called in the process that serves."""


def run(
    settings: Settings,
    listener: socket.socket,
    make_server: MakeServer,
    *,
    on_ready: Callable[[], None] | None = None,
    watch: Iterable[str] = (),
    tls: ssl.SSLContext | None = None,
) -> int:
    """Serve on `listener` until a signal stops it; return the exit code, 0 after a graceful stop.

    Call it in the main thread, before any thread is started if `settings` ask for processes.
    on_ready: called once, in this process, when requests will be answered and signals obeyed.
    watch, tls: for `--reload`; more files that count as changed, and the context of the server
    that stands in for an application which does not load (default: as `settings` say).
    Closes `listener`. Raises StartError where the server cannot be made.
    """
    try:
        if settings.reload:
            from rawwfile.server.reload import run_reloading

            return run_reloading(settings, listener, make_server, on_ready=on_ready, watch=watch, tls=tls)
        if settings.workers > 1:
            from rawwfile.server.workers import run_workers

            return run_workers(settings, listener, make_server, on_ready=on_ready)
        return serve_until_stopped(make_server(listener), settings.grace, on_ready=on_ready)
    finally:
        remove_socket_file(listener)
        listener.close()


def serve_until_stopped(
    server: Servable,
    grace: float,
    *,
    on_ready: Callable[[], None] | None = None,
    stop_on: Mapping[int, float] | None = None,
) -> int:
    """Run `server` in this thread until it is stopped; close it; return 0.

    stop_on: None in a process of its own. In one that a parent looks after: file descriptors
    that stop the server when they turn readable or are closed at the other end, each with its
    grace in seconds. SIGTERM then stops gracefully too, and SIGINT and second signals are left
    to the parent: a terminal or service manager sends them to both.
    Outside the main thread, where Python sets no signal handlers, only `shutdown` stops it.
    """
    if threading.current_thread() is not threading.main_thread():
        try:
            if on_ready is not None:
                on_ready()
            server.serve_forever()
        finally:
            server.server_close()
        return 0
    with SignalPipe(*STOP_SIGNALS) as signals:
        stopper = _Stopper(server, grace, signals, stop_on)
        try:
            if on_ready is not None:
                on_ready()
            server.serve_forever()
            stopper.wait_for_shutdown()
        finally:
            server.server_close()
            stopper.end()
    return 0


class SignalPipe:
    """Turns signals into bytes that can be read, whatever the main thread is doing.

    A context manager, for the main thread. One per process at a time.
    """

    def __init__(self, *signums: signal.Signals) -> None:
        self._signums = signums
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> SignalPipe:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._previous_fd = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for signum in self._signums:
            self._previous[signum] = signal.signal(signum, self._heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for signum, handler in self._previous.items():
            # None: a handler that was not set from Python; the default is the nearest there is.
            signal.signal(signum, signal.SIG_DFL if handler is None else handler)
        signal.set_wakeup_fd(self._previous_fd)
        os.close(self._reader)
        os.close(self._writer)

    def fileno(self) -> int:
        """The end to select on."""
        return self._reader

    def read(self) -> list[signal.Signals]:
        """Return the signals heard since the last call, oldest first. Never blocks."""
        try:
            heard = os.read(self._reader, 512)
        except BlockingIOError:
            return []
        return [signal.Signals(number) for number in heard if number in self._previous]

    def wake(self) -> None:
        """Make the pipe readable without a signal."""
        os.write(self._writer, b"\0")

    def leave_to_parent(self) -> None:
        """In a forked child: stop listening, so that the parent does not hear the child's signals.

        SIGINT is then taken and ignored (but not by programs that the child starts), the others
        have their default effect.
        """
        signal.set_wakeup_fd(-1)
        for signum in self._signums:
            signal.signal(signum, _ignore if signum == signal.SIGINT else signal.SIG_DFL)
        os.close(self._reader)
        os.close(self._writer)

    def _heard(self, signum: int, frame: FrameType | None) -> None:
        # The byte is in the pipe by now, unless the application has taken the wake-up descriptor
        # for itself, as an asyncio loop in the main thread does, and forgot to give it back.
        if signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False) != self._writer:
            os.write(self._writer, bytes((signum,)))


def _ignore(signum: int, frame: FrameType | None) -> None:
    pass


class _Stopper:
    """A thread that waits for signals, and stops the server that the main thread runs."""

    def __init__(
        self, server: Servable, grace: float, signals: SignalPipe, stop_on: Mapping[int, float] | None
    ) -> None:
        self._server = server
        self._grace = grace
        self._signals = signals
        self._has_parent = stop_on is not None
        self._stop_on = dict(stop_on or {})
        self._shutdown: threading.Thread | None = None
        self._served = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._watch, name="rawwfile-signals", daemon=True)
        self._thread.start()

    def wait_for_shutdown(self) -> None:
        """After serve_forever: return when the shutdown that this thread started, if any, is over."""
        self._served.set()
        if self._shutdown is not None:
            self._shutdown.join()

    def end(self) -> None:
        """End this thread; from the main thread."""
        self._served.set()
        self._ending = True
        self._signals.wake()
        self._thread.join()

    def _watch(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._signals, selectors.EVENT_READ)
            for descriptor in self._stop_on:
                selector.register(descriptor, selectors.EVENT_READ)
            while not self._ending:
                for key, _ in selector.select():
                    if key.fileobj is self._signals:
                        for signum in self._signals.read():
                            self._on_signal(signum)
                    else:
                        selector.unregister(key.fileobj)
                        self._stop(self._stop_on[key.fd])

    def _on_signal(self, signum: signal.Signals) -> None:
        if self._has_parent:
            if signum != signal.SIGINT:
                self._stop(self._grace)
        elif self._shutdown is None:
            self._stop(self._grace, signum)
        else:
            # No log line, no clean-up: either may wait for the very thing that hangs.
            os._exit(128 + signum)

    def _stop(self, grace: float, signum: signal.Signals | None = None) -> None:
        if self._shutdown is None:
            # In a thread of its own, since it waits: this one must hear the second signal.
            self._shutdown = threading.Thread(
                target=self._shut_down, args=(grace, signum), name="rawwfile-shutdown", daemon=True
            )
            self._shutdown.start()

    def _shut_down(self, grace: float, signum: signal.Signals | None) -> None:
        if signum is not None:
            log.info(
                "%s: no new connections; responses in flight have %g s. Once more ends at once.",
                signum.name,
                grace,
            )
        end = time.monotonic() + grace
        self._server.shutdown(grace=grace)
        # A signal may come before the main thread is in serve_forever, and what has not begun may
        # not notice that it shall end.
        while not self._served.wait(AGAIN_SECONDS):
            self._server.shutdown(grace=max(0.0, end - time.monotonic()))
