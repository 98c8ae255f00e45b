"""Leader and followers: which thread serves, and who takes over when it is stuck.

One thread, the leader, waits for all connections, reads, parses and runs the handler itself: no
hand-off and no lock on the ordinary path. While it is in a handler it offers the leadership (one
token in `_offer`; taking it out is one atomic step). Whoever takes the token makes a parked
follower, or a new thread, the leader:

    the watchdog       when the leader has been in the same handler for a tick or two
    the handler itself before a wait that is known (a slow client, a route that was slow before)

A leader that comes out of its handler and finds the token gone finishes its connection and parks.
With every thread busy nobody takes the token: the leader stays leader, and new connections wait in
the kernel's backlog until it or another thread is free.

A thread whose exchange has become a stream (`begin_stream`) is not counted among those: streams
have a number of their own, so that however many are open, short requests find their threads.
Source: the measurements behind leader/followers are in `rawwfile help design`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger("rawwfile")

TICK = 0.003
"""Seconds between two looks of the watchdog; a stuck leader is replaced after one to two ticks."""
QUIET_TICKS = 60
"""Ticks without a request after which the watchdog sleeps until the next one."""
PARK_TIME = 10.0
"""Seconds that a follower waits for work before its thread ends."""
SPARE = 2
"""Followers that stay however long there is no work."""
CATCHES = 2
"""Times that the watchdog must catch a handler before it counts as one that waits."""
QUICK_RUNS = 8
"""Quick runs after which a handler that waited counts as quick again."""
QUICK = TICK
"""Seconds; a run under this is quick."""


class _Follower:
    """A thread of the crew; `wake` is released when it shall lead."""

    __slots__ = ("wake", "ident")

    def __init__(self) -> None:
        self.wake = threading.Lock()
        self.wake.acquire()
        self.ident = 0


class Crew:
    """The threads of one server.

    lead: runs the loop in the calling thread until it returns; False ends the crew. most: threads
    at the most, the leader included (at least 2), streams not. most_streams: threads of streams.
    """

    def __init__(self, lead: Callable[[], bool], most: int, most_streams: int) -> None:
        self._lead = lead
        self.most = max(2, most)
        self.most_streams = most_streams
        self.count = 0
        self.streams = 0
        self._leader_streams = False
        self.turn = 0
        self.current: Any = None
        self.slow: dict[Any, int] = {}
        self._caught: dict[Any, int] = {}
        self._offer: list[None] = []
        self._parked: list[_Follower] = []
        self._lock = threading.Lock()
        self._leader = 0
        self._stopping = False
        self._asleep = False
        self._alarm = threading.Event()
        self._complained = 0.0
        self.ended = threading.Event()

    def start(self) -> None:
        """Start the first leader and the watchdog."""
        threading.Thread(target=self._watch, name="rawwfile-watchdog", daemon=True).start()
        with self._lock:
            self.count += 1
        self._start_leader()

    def stop(self) -> None:
        """Let every thread end once its exchange is over."""
        with self._lock:
            self._stopping = True
            parked, self._parked = self._parked, []
        for follower in parked:
            follower.wake.release()
        self._alarm.set()

    # -- the ordinary path, for the leader

    def enter(self) -> None:
        """The leader goes into a handler."""
        self._offer.append(None)
        self.turn += 1
        if self._asleep:
            self._asleep = False
            self._alarm.set()

    def leave(self) -> bool:
        """The handler has returned; True if this thread still leads."""
        try:
            self._offer.pop()
        except IndexError:
            return False
        return True

    # -- the way out of it

    @property
    def full(self) -> bool:
        """No other thread could take over."""
        return not self._parked and self.count - self._leader_streams >= self.most

    def begin_stream(self, connection: Any) -> bool:
        """The exchange of `connection` is a stream from now on, counted once; False: there are too many."""
        with self._lock:
            if connection.streaming:
                return True
            if self.streams >= self.most_streams:
                return False
            connection.streaming = True
            if self._leader == threading.get_ident():
                self._leader_streams = True
            else:
                self.count -= 1
                self.streams += 1
        return True

    def end_stream(self) -> None:
        """After `begin_stream`: the calling thread's exchange is over."""
        with self._lock:
            if self._leader == threading.get_ident() and self._leader_streams:
                self._leader_streams = False
            else:
                self.count += 1
                self.streams -= 1

    def hand_over(self) -> None:
        """The calling thread is about to wait: if it leads, another one leads from now on."""
        if self._leader == threading.get_ident() and not self.full:
            try:
                self._offer.pop()
            except IndexError:
                return
            self._promote()

    def finished(self, key: Any, seconds: float) -> None:
        """A handler known as slow took `seconds`: after some quick runs it is forgiven."""
        if seconds >= QUICK:
            self.slow[key] = 0
            return
        runs = self.slow.get(key)
        if runs is None:
            return
        if runs + 1 >= QUICK_RUNS:
            self.slow.pop(key, None)
        else:
            self.slow[key] = runs + 1

    def _promote(self) -> None:
        """Give the leadership, which the caller took from the offer, to another thread."""
        with self._lock:
            if self._leader_streams:
                self._leader_streams = False
                self.count -= 1
                self.streams += 1
            if self._parked:
                follower = self._parked.pop()
                self._leader = follower.ident
                follower.wake.release()
                return
            self.count += 1
            self._leader = 0
        self._start_leader()

    def _start_leader(self) -> None:
        follower = _Follower()
        while True:
            try:
                threading.Thread(target=self._work, args=(follower,), name="rawwfile-handler", daemon=True).start()
                return
            except RuntimeError as error:
                if self._follow_instead(error):
                    return

    def _follow_instead(self, error: RuntimeError) -> bool:
        """The system gives no more threads: lead with one that has become free, or wait for one."""
        now = time.monotonic()
        if now - self._complained > 10:
            self._complained = now
            log.error("cannot start another thread (%s); %d are running; connections wait", error, self.count)
        with self._lock:
            if self._parked:
                follower = self._parked.pop()
                self.count -= 1
                self._leader = follower.ident
                follower.wake.release()
                return True
        time.sleep(TICK)
        return self._stopping

    def _work(self, me: _Follower) -> None:
        me.ident = threading.get_ident()
        self._leader = me.ident
        while True:
            if not self._lead_safely():
                self.stop()
                self.ended.set()
            if not self._park(me):
                return

    def _lead_safely(self) -> bool:
        while True:
            try:
                return self._lead()
            except Exception:  # noqa: BLE001 - a fault of ours must cost one connection, not the server
                log.exception("a fault in the server itself; please report it")
                if self._leader != threading.get_ident():
                    return True
                self._offer.clear()

    def _park(self, me: _Follower) -> bool:
        """Wait to lead again; False ends the thread."""
        with self._lock:
            if self._stopping or self.count > self.most:
                self.count -= 1
                return False
            self._parked.append(me)
        while not me.wake.acquire(timeout=PARK_TIME):
            with self._lock:
                if me in self._parked and len(self._parked) > SPARE:
                    self._parked.remove(me)
                    self.count -= 1
                    return False
        if self._stopping:
            with self._lock:
                self.count -= 1
            return False
        return True

    # -- the watchdog

    def _watch(self) -> None:
        last, quiet = -1, 0
        while not self._stopping:
            time.sleep(TICK)
            turn = self.turn
            if self._offer:
                if turn == last:
                    self._replace_leader()
                quiet = 0
            elif turn != last:
                quiet = 0
            else:
                quiet += 1
            last = turn
            if quiet > QUIET_TICKS:
                self._sleep(turn)
                quiet = 0

    def _replace_leader(self) -> None:
        """The leader has been in one handler since the last tick."""
        if self.full:
            return
        key = self.current
        try:
            self._offer.pop()
        except IndexError:
            return
        self._promote()
        if key is not None and key not in self.slow:
            if len(self._caught) > 1000:
                self._caught.clear()
            caught = self._caught[key] = self._caught.get(key, 0) + 1
            if caught >= CATCHES:
                del self._caught[key]
                self.slow[key] = 0

    def _sleep(self, turn: int) -> None:
        self._alarm.clear()
        self._asleep = True
        # The leader looks at _asleep after it has raised the turn: one of the two sees the other.
        if self.turn == turn and not self._offer and not self._stopping:
            self._alarm.wait()
        self._asleep = False
