"""Several processes that serve one address: a parent that only looks after children that serve.

Rules, which also hold for the one child of `--reload`:
- The parent starts no thread, so that it may fork at any time. It sleeps in one `select` until a
  signal, a child's report or a time that it set itself; nothing is polled.
- A pipe, the *lifeline*, of which the parent alone holds the writing end, tells children to stop: it
  closes when the parent stops, and also when it dies. No signal is forwarded, since a terminal or
  a service manager sends its own to all of them, and a child could take that for a second one.
- Each child has a pipe on which it says that it is ready, or why it cannot start.
- A child that ends is replaced: at once when it lived, later and later when it did not, and when
  none lives, no more.
- A child leaves with `os._exit`, past the clean-up of the program that the parent still is.
"""

from __future__ import annotations

import atexit
import logging
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from rawwfile.errors import StartError
from rawwfile.server.lifecycle import STOP_SIGNALS, MakeServer, SignalPipe, serve_until_stopped
from rawwfile.server.listen import open_listener

if TYPE_CHECKING:
    from rawwfile.settings import Settings

__all__ = ["Job", "ParentLink", "Supervisor", "run_workers"]

log = logging.getLogger("rawwfile.server")

QUICK_DEATH = 1.0
"""A child that lives no longer than this (seconds) is taken to be broken, not unlucky."""
MOST_QUICK_DEATHS = 5
"""So many in a row, and no other child lives: the application cannot be served."""
LONGEST_PAUSE = 5.0
"""Most seconds before a broken child is replaced; the first pause is 0.1, then it doubles."""
EXTRA_GRACE = 2.0
"""Seconds that a child has beyond its own grace before it is killed."""
CANNOT_START = 2
"""Exit code of a child that has reported a StartError: what the program's own would be."""


@dataclass(frozen=True, slots=True)
class ParentLink:
    """A child's side of its two pipes."""

    lifeline: int
    """File descriptor that turns readable (end of file) when the child is to stop."""
    report: int

    def ready(self) -> None:
        """Tell the parent that requests will be answered."""
        self._say(b"+")

    def cannot_start(self, error: StartError) -> int:
        """Tell the parent why nothing can be served; return the exit code to leave with."""
        self._say(b"-" + str(error).encode("utf-8", "backslashreplace")[:4000])
        return CANNOT_START

    def _say(self, message: bytes) -> None:
        try:
            os.write(self.report, message)
        except BrokenPipeError:
            pass  # the parent has died: the lifeline says so too


Job = Callable[[ParentLink], int]
"""What a child does, from the link to its parent to its exit code."""


def run_workers(
    settings: Settings,
    listener: socket.socket,
    make_server: MakeServer,
    *,
    on_ready: Callable[[], None] | None = None,
) -> int:
    """Serve with `settings.workers` processes until a signal stops them; return the exit code.

    0 after a graceful stop, 1 when the workers keep dying, 128 + N after a second signal N.
    Every worker calls `make_server` for itself. With `--reuse-port` each has a socket of its own,
    which the parent opens, so that connections in its queue outlive the worker.
    Raises StartError when a worker reports one, or where the system cannot fork.
    """
    listeners = [listener, *_more_listeners(settings, listener)]
    jobs = [
        partial(_serve, listeners, slot % len(listeners), settings.grace, make_server)
        for slot in range(settings.workers)
    ]
    return Supervisor(jobs, settings.grace, listeners, on_ready=on_ready).run()


def _more_listeners(settings: Settings, listener: socket.socket) -> list[socket.socket]:
    shared = listener.family == socket.AF_UNIX or not settings.reuse_port
    if shared or not listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT):
        return []
    own = replace(settings, port=listener.getsockname()[1])
    return [open_listener(own, {}) for _ in range(settings.workers - 1)]


def _serve(listeners: list[socket.socket], mine: int, grace: float, make_server: MakeServer, link: ParentLink) -> int:
    """Be a worker: serve the listener number `mine` until the parent ends or says stop."""
    for number, other in enumerate(listeners):
        if number != mine:
            other.close()
    try:
        server = make_server(listeners[mine])
    except StartError as error:
        return link.cannot_start(error)
    return serve_until_stopped(server, grace, on_ready=link.ready, stop_on={link.lifeline: grace})


@dataclass(slots=True)
class _Child:
    slot: int
    pid: int
    started: float
    report: int
    said: bytes = b""


class Supervisor:
    """Keeps one child process for each job, until a signal or repeated failure ends them all.

    listeners: closed in this process when the stop begins, so that the last child to close its own
    copy ends them. again: exit code with which a child asks to be replaced at once.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        grace: float,
        listeners: Sequence[socket.socket] = (),
        *,
        on_ready: Callable[[], None] | None = None,
        again: int | None = None,
    ) -> None:
        self._jobs = jobs
        self._grace = grace
        self._listeners = listeners
        self._on_ready = on_ready
        self._again = again
        self._children: dict[int, _Child] = {}
        self._due: dict[int, float] = {}
        self._quick_deaths = 0
        self._deadline: float | None = None
        self._exit_code = 0
        self._failure: StartError | None = None
        self._lifeline = self._lifeline_writer = -1

    def run(self) -> int:
        """Start the children and look after them; return the exit code when none is left.

        Call it in the main thread of a process that has no other. Raises StartError when a child
        reports one before any child has been ready, or where the system cannot fork.
        """
        if not hasattr(os, "fork"):
            raise StartError("this system cannot fork processes. Leave out --workers and --reload.")
        self._due = dict.fromkeys(range(len(self._jobs)), 0.0)
        self._lifeline, self._lifeline_writer = os.pipe()
        with SignalPipe(*STOP_SIGNALS, signal.SIGCHLD) as self._signals:
            try:
                while self._children or self._due:
                    self._start_due()
                    self._wait()
                    for signum in self._signals.read():
                        self._on_signal(signum)
                    self._reap()
            finally:
                self._kill()
                self._close_lifeline()
                os.close(self._lifeline)
        if self._failure is not None:
            raise self._failure
        return self._exit_code

    # -- waiting ---------------------------------------------------------------------------------

    def _wait(self) -> None:
        """Sleep until there is news; take the reports that came."""
        times = list(self._due.values())
        if self._deadline is not None:
            times.append(self._deadline if self._children else 0.0)
        timeout = max(0.0, min(times) - time.monotonic()) if times else None
        talking = {child.report: child for child in self._children.values() if child.report >= 0}
        readable, _, _ = select.select([self._signals.fileno(), *talking], [], [], timeout)
        for descriptor in readable:
            if descriptor in talking:
                self._listen_to(talking[descriptor])
        if self._deadline is not None and time.monotonic() >= self._deadline and self._children:
            log.warning("%d still running after the grace time: killed", len(self._children))
            self._kill()

    def _listen_to(self, child: _Child) -> None:
        heard = os.read(child.report, 8192)
        child.said += heard
        if child.said == b"+" and self._on_ready is not None and self._deadline is None:
            announce, self._on_ready = self._on_ready, None
            announce()
        if heard[:1] != b"-":
            # Ready, or dead: either way nothing more will come. What follows a '-' ends with the pipe.
            os.close(child.report)
            child.report = -1

    def _on_signal(self, signum: signal.Signals) -> None:
        if signum == signal.SIGCHLD:
            return
        if self._deadline is None:
            log.info(
                "%s: no new connections; responses in flight have %g s. Once more ends at once.",
                signum.name,
                self._grace,
            )
            self._stop()
        else:
            self._exit_code = 128 + signum
            self._kill()

    def _stop(self) -> None:
        self._due.clear()
        self._deadline = time.monotonic() + self._grace + EXTRA_GRACE
        self._close_lifeline()
        for listener in self._listeners:
            listener.close()

    def _close_lifeline(self) -> None:
        if self._lifeline_writer >= 0:
            os.close(self._lifeline_writer)
            self._lifeline_writer = -1

    def _kill(self) -> None:
        """End every child at once, and wait until it is gone."""
        for child in list(self._children.values()):
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            self._forget(child)

    # -- ends ------------------------------------------------------------------------------------

    def _reap(self) -> None:
        for child in list(self._children.values()):
            # By pid, not -1: the program may have other children, which are not ours to wait for.
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if pid:
                if child.report >= 0:
                    self._listen_to(child)
                self._forget(child)
                self._on_end(child, os.waitstatus_to_exitcode(status))

    def _forget(self, child: _Child) -> None:
        del self._children[child.pid]
        if child.report >= 0:
            os.close(child.report)
            child.report = -1

    def _on_end(self, child: _Child, code: int) -> None:
        if self._deadline is not None:
            return
        now = time.monotonic()
        if code == self._again:
            self._due[child.slot] = now
            return
        if child.said[:1] == b"-":
            message = child.said[1:].decode("utf-8", "replace")
            if not any(other.said == b"+" for other in self._children.values()):
                self._failure = StartError(message)
                self._stop()
                return
            log.error("%s", message)
        reason = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        if now - child.started > QUICK_DEATH:
            self._quick_deaths = 0
            log.warning("worker process %d has ended (%s); it is replaced.", child.pid, reason)
            self._due[child.slot] = now
        else:
            self._on_quick_death(child.slot, f"worker process {child.pid} has ended as soon as it began ({reason})")

    def _on_quick_death(self, slot: int, what: str) -> None:
        self._quick_deaths += 1
        now = time.monotonic()
        one_lives = any(now - child.started > QUICK_DEATH for child in self._children.values())
        if self._quick_deaths >= MOST_QUICK_DEATHS and not one_lives:
            log.error(
                "%s, %d times in a row: giving up. Its own messages are above; "
                "without --workers and --reload it is easier to look into.",
                what,
                self._quick_deaths,
            )
            self._exit_code = 1
            self._stop()
            return
        pause = min(0.1 * 2 ** (self._quick_deaths - 1), LONGEST_PAUSE)
        log.warning("%s; it is replaced in %g s.", what, pause)
        self._due[slot] = now + pause

    # -- beginnings ------------------------------------------------------------------------------

    def _start_due(self) -> None:
        now = time.monotonic()
        for slot in [slot for slot, when in self._due.items() if when <= now]:
            if self._due.pop(slot, None) is None:
                continue  # given up meanwhile
            try:
                self._start(slot)
            except OSError as error:
                self._on_quick_death(slot, f"no worker process could be started ({error.strerror})")

    def _start(self, slot: int) -> None:
        reader, writer = os.pipe()
        # A signal that comes between fork() and the child's own handlers would be taken for the parent's.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, (*STOP_SIGNALS, signal.SIGCHLD))
        try:
            pid = os.fork()
            if pid == 0:
                os.close(reader)
                self._be_child(slot, ParentLink(self._lifeline, writer), mask)
        except OSError:
            os.close(reader)
            raise
        finally:
            os.close(writer)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        self._children[pid] = _Child(slot, pid, time.monotonic(), reader)

    def _be_child(self, slot: int, link: ParentLink, mask: set[int] | set[signal.Signals]) -> NoReturn:
        code = 1
        try:
            self._signals.leave_to_parent()
            self._close_lifeline()
            for child in self._children.values():
                if child.report >= 0:
                    os.close(child.report)
            # What the program registered is the parent's to run; what the application adds, ours.
            atexit._clear()
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            code = self._jobs[slot](link)
            atexit._run_exitfuncs()
        except BaseException:
            # Even SystemExit: nothing may unwind into the program that the parent still is.
            log.exception("worker process %d has failed", os.getpid())
        finally:
            _flush_and_exit(code)


def _flush_and_exit(code: int) -> NoReturn:
    try:
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    finally:
        os._exit(code)
