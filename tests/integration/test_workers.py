"""`--workers`: who serves, who is replaced, and how they all end."""

from __future__ import annotations

import os
import re
import signal
import sys
import textwrap
from contextlib import closing
from http.client import HTTPConnection

import pytest

from rawwfile.errors import StartError
from rawwfile.server import workers
from tests.commands import PATIENCE, running

SITE = """
    import atexit, logging, os, sys, threading
    from rawwfile.errors import StartError
    from rawwfile.server import RawHTTPServer, workers
    from rawwfile.server.lifecycle import run
    from rawwfile.server.listen import describe_address, open_listener
    from rawwfile.settings import Settings

    def say(*words):
        # One write, so that two processes cannot mix their lines.
        os.write(2, (" ".join(map(str, words)) + "\\n").encode())

    class Site:
        rawwfile_application = True

        def __call__(self, exchange):
            if exchange.request.path == "wait":
                say("waiting")
                with open("gate") as gate:  # a FIFO: opens when the test opens the other end
                    gate.read()
            exchange.response.body = str(os.getpid())

    class Stuck:
        def serve_forever(self):
            threading.Event().wait()

        def shutdown(self, grace=None):
            say("stuck")

        def server_close(self):
            pass

    settings = Settings(**eval(sys.argv[1]))
    behaviour = sys.argv[2] if len(sys.argv) > 2 else ""
    listener = open_listener(settings, {})

    def make_server(listener):
        if behaviour == "broken":
            raise RuntimeError("broken site")
        if behaviour == "exits":
            sys.exit(3)
        if behaviour == "impossible":
            raise StartError("no such site. Name another.")
        atexit.register(say, "worker's own exit function")
        say("worker", os.getpid())
        if behaviour == "stuck" or behaviour == "asleep" and not os.path.exists("awake"):
            return Stuck()
        return RawHTTPServer(listener.getsockname(), Site(), settings=settings, listening_socket=listener)

    def ready():
        say("rawwfile 0 serves a test on", describe_address(listener, "http"))

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    atexit.register(say, "parent's exit function")
    workers.EXTRA_GRACE = 0.1
    os.setsid()
    try:
        sys.exit(run(settings, listener, make_server, on_ready=ready))
    except StartError as error:
        say("error:", error)
        sys.exit(2)
"""


@pytest.fixture
def site(tmp_path):
    """Start the site above with settings; its working directory is `tmp_path`."""
    (tmp_path / "site.py").write_text(textwrap.dedent(SITE))
    os.mkfifo(tmp_path / "gate")

    def start(*words, **settings):
        settings = {"port": 0, "workers": 2, **settings}
        return running(repr(settings), *words, cwd=tmp_path, command=(sys.executable, "site.py"))

    return start


def pids_of(process, count) -> list[int]:
    """The first `count` processes that said that they are workers."""
    # wait_for finds the first line that matches: the next one is the first that is none of those before.
    found: list[int] = []
    for _ in range(count):
        others = "".join(rf"(?!{pid}$)" for pid in found)
        found.append(int(process.wait_for(rf"^worker {others}(\d+)$")[1]))
    return found


def asked(process) -> int:
    """The process that answers a request."""
    with closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
        connection.request("GET", "/")
        return int(connection.getresponse().read())


def count_of(process, line) -> int:
    return sum(line in each for each in process.lines)


def test_workers_serve_and_the_parent_does_not(site):
    with site(workers=3) as process:
        pids = pids_of(process, 3)
        assert process.process.pid not in pids
        assert {asked(process) for _ in range(10)} <= set(pids)
        assert process.stop() == 0
        assert count_of(process, "serves a test on") == 1
        assert count_of(process, "no new connections") == 1


def test_each_worker_has_a_socket_of_its_own_with_reuse_port(site):
    with site(reuse_port=True) as process:
        pids = set(pids_of(process, 2))
        # The kernel chooses by the client's port. 2 ** -200 is the chance that this fails for nothing.
        seen = set()
        for _ in range(200):
            seen.add(asked(process))
            if seen == pids:
                break
        assert seen == pids
        assert process.stop() == 0


def test_a_dead_worker_is_replaced(site):
    with site() as process:
        first, second = pids_of(process, 2)
        os.kill(first, signal.SIGKILL)
        process.wait_for(rf"worker process {first} has ended.*killed by SIGKILL.*it is replaced")
        *_, third = pids_of(process, 3)
        os.kill(second, signal.SIGKILL)
        *_, fourth = pids_of(process, 4)
        assert asked(process) in (third, fourth)
        assert process.stop() == 0


def test_connections_of_a_dead_worker_wait_for_the_next(site, tmp_path):
    with site("asleep", reuse_port=True) as process:
        pids = pids_of(process, 2)
        with closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
            connection.request("GET", "/")  # which nobody accepts
            (tmp_path / "awake").touch()
            for pid in pids:
                os.kill(pid, signal.SIGKILL)
            assert int(connection.getresponse().read()) in pids_of(process, 4)[2:]
        assert process.stop() == 0


def test_a_response_in_flight_ends(site, tmp_path):
    with site() as process, closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
        connection.request("GET", "/wait")
        process.wait_for("^waiting$")
        pids = pids_of(process, 2)
        # To all of them, as a terminal does it.
        os.killpg(process.process.pid, signal.SIGINT)
        process.wait_for("^SIGINT: no new connections; responses in flight have 10 s. Once more ends at once.$")
        (tmp_path / "gate").write_text("open")
        assert int(connection.getresponse().read()) in pids
        connection.close()
        assert process.wait() == 0


def test_a_service_manager_may_signal_all_of_them(site, tmp_path):
    with site() as process, closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
        connection.request("GET", "/wait")
        process.wait_for("^waiting$")
        pids = pids_of(process, 2)
        os.killpg(process.process.pid, signal.SIGTERM)
        process.wait_for("^SIGTERM: no new connections")
        (tmp_path / "gate").write_text("open")
        assert int(connection.getresponse().read()) in pids
        connection.close()
        assert process.wait() == 0


@pytest.mark.parametrize("signum, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_second_signal_ends_all_at_once(site, signum, code):
    with site(grace=600) as process, closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
        connection.request("GET", "/wait")
        process.wait_for("^waiting$")
        pids = pids_of(process, 2)
        process.process.send_signal(signal.SIGTERM)
        process.wait_for("^SIGTERM: no new connections")
        assert process.stop(signum) == code
        assert_gone(pids)


def test_a_worker_that_does_not_end_is_killed(site):
    with site("stuck", grace=0.1) as process:
        pids = pids_of(process, 2)
        assert process.stop() == 0
        process.wait_for("^2 still running after the grace time: killed$")
        assert_gone(pids)


def test_workers_end_with_their_parent(site):
    with site() as process:
        process.address()
        pids_of(process, 2)
        process.process.kill()
        process.wait()  # until nobody has the other end of stderr any more: the workers have it too
        assert process.lines.count("worker's own exit function") == 2


def test_one_worker_can_be_ended_and_is_replaced(site):
    with site() as process:
        first, _ = pids_of(process, 2)
        process.address()
        os.kill(first, signal.SIGINT)  # is not for a worker to act on
        os.kill(first, signal.SIGTERM)
        *_, third = pids_of(process, 3)
        assert third != first
        assert process.stop() == 0


def test_exit_functions_run_where_they_were_registered(site):
    with site() as process:
        process.address()
        pids_of(process, 2)
        assert process.stop() == 0
        assert process.lines.count("worker's own exit function") == 2
        assert process.lines.count("parent's exit function") == 1


@pytest.mark.parametrize("behaviour, sign", [("broken", "^RuntimeError: broken site$"), ("exits", "^SystemExit: 3$")])
def test_a_broken_application_is_not_started_for_ever(site, behaviour, sign):
    with site(behaviour) as process:
        assert process.wait() == 1
        process.wait_for(sign)
        process.wait_for(r"has ended as soon as it began \(exit code 1\); it is replaced in 0.1 s")
        process.wait_for(r"has ended as soon as it began \(exit code 1\), 5 times in a row: giving up")
        assert not any(re.match("rawwfile 0 serves", line) for line in process.lines)


def test_an_application_that_cannot_start_is_one_line(site):
    with site("impossible", workers=4) as process:
        assert process.wait() == 2
        assert process.lines == ["error: no such site. Name another.", "parent's exit function"]


def assert_gone(pids):
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


# -- in this process


def test_a_system_that_starts_no_process(monkeypatch, caplog):
    def fork():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    monkeypatch.setattr(workers, "MOST_QUICK_DEATHS", 2)
    before = os.listdir("/proc/self/fd")
    assert workers.Supervisor([lambda link: 0], 1.0).run() == 1
    assert os.listdir("/proc/self/fd") == before
    assert "no worker process could be started (Resource temporarily unavailable), 2 times in a row" in caplog.text


def test_a_system_without_fork(monkeypatch):
    monkeypatch.delattr(os, "fork")
    with pytest.raises(StartError, match="this system cannot fork processes. Leave out --workers and --reload."):
        workers.Supervisor([lambda link: 0], 1.0).run()
