"""Signals and the graceful stop of one process: real ones, and a server of our own where that shows more."""

from __future__ import annotations

import os
import signal
import socket
import sys
import textwrap
import threading
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException

import pytest

from rawwfile.errors import StartError
from rawwfile.server.lifecycle import SignalPipe, run, serve_until_stopped
from rawwfile.server.listen import open_listener
from rawwfile.settings import Settings
from tests.commands import PATIENCE, running

SITE = """
    import logging, os, signal, sys
    from rawwfile.server import RawHTTPServer
    from rawwfile.server.lifecycle import run
    from rawwfile.server.listen import describe_address, open_listener
    from rawwfile.settings import Settings

    logging.basicConfig(level=logging.INFO, format="%(message)s")

    class Site:
        rawwfile_application = True

        def __call__(self, exchange):
            if exchange.request.path == "wait":
                print("waiting", file=sys.stderr, flush=True)
                with open("gate") as gate:  # a FIFO: opens when the test opens the other end
                    gate.read()
            exchange.response.body = "done"

    settings = Settings(**eval(sys.argv[1]))
    listener = open_listener(settings)

    def make_server(listener):
        return RawHTTPServer(listener.getsockname(), Site(), settings=settings, listening_socket=listener)

    def ready():
        print("rawwfile 0 serves a test on", describe_address(listener, "http"), file=sys.stderr, flush=True)
        if "hasty" in sys.argv:
            os.kill(os.getpid(), signal.SIGTERM)

    sys.exit(run(settings, listener, make_server, on_ready=ready))
"""


@pytest.fixture
def site(tmp_path):
    """Start the site above with settings; its working directory is `tmp_path`."""
    (tmp_path / "site.py").write_text(textwrap.dedent(SITE))
    os.mkfifo(tmp_path / "gate")

    def start(*words, **settings):
        settings.setdefault("port", 0)
        return running(repr(settings), *words, cwd=tmp_path, command=(sys.executable, "site.py"))

    return start


@contextmanager
def asking(process, path="/"):
    """Send a request; the block gets the connection, to read the response from."""
    with closing(HTTPConnection(*process.address(), timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        yield connection


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_gracefully(site, signum):
    with site() as process:
        with asking(process) as connection:
            assert connection.getresponse().read() == b"done"
        assert process.stop(signum) == 0
        process.wait_for(f"^{signum.name}: no new connections; responses in flight have 10 s. Once more ends at once.$")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(process.address(), timeout=PATIENCE)


def test_a_response_in_flight_ends(site, tmp_path):
    with site() as process, asking(process, "/wait") as connection:
        process.wait_for("^waiting$")
        process.process.send_signal(signal.SIGTERM)
        process.wait_for("no new connections")
        (tmp_path / "gate").write_text("open")
        assert connection.getresponse().read() == b"done"
        connection.close()
        assert process.wait() == 0


def test_the_grace_has_an_end(site):
    with site(grace=0.1) as process, asking(process, "/wait") as connection:
        process.wait_for("^waiting$")
        assert process.stop() == 0
        with pytest.raises((HTTPException, OSError)):
            connection.getresponse()


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("second, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_second_signal_ends_at_once(site, first, second, code):
    with site(grace=600) as process, asking(process, "/wait"):
        process.wait_for("^waiting$")
        process.process.send_signal(first)
        process.wait_for("no new connections")
        assert process.stop(second) == code


def test_a_signal_before_the_server_has_begun(site):
    with site("hasty") as process:
        assert process.wait() == 0


def test_a_socket_file_is_removed(site, tmp_path):
    with site(unix_socket="s.sock") as process:
        process.wait_for("serves a test on http[+]unix:s.sock")
        assert (tmp_path / "s.sock").is_socket()
        assert process.stop() == 0
        assert not (tmp_path / "s.sock").exists()


MANAGER = """
    import os, socket, sys

    given = socket.create_server(("127.0.0.1", 0))
    os.dup2(given.fileno(), 3)
    os.set_inheritable(3, True)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
    os.execv(sys.executable, [sys.executable, "site.py", "{}"])
"""


def test_a_socket_of_the_service_manager(site, tmp_path):
    (tmp_path / "manager.py").write_text(textwrap.dedent(MANAGER))
    with running(cwd=tmp_path, command=(sys.executable, "manager.py")) as process:
        assert process.address()[1] != Settings().port
        with asking(process) as connection:
            assert connection.getresponse().read() == b"done"
        assert process.stop() == 0


# -- in this process, with a server of which every call is kept


class FakeServer:
    """Serves nobody, until it is shut down. A call to `during` in serve_forever may raise."""

    def __init__(self, during=lambda: None):
        self.calls = []
        self.stopped = threading.Event()
        self.during = during

    def serve_forever(self):
        self.calls.append("serve_forever")
        self.during()
        assert self.stopped.wait(PATIENCE)

    def shutdown(self, grace=None):
        self.calls.append(f"shutdown {grace:g}")
        self.stopped.set()

    def server_close(self):
        self.calls.append("server_close")


@pytest.fixture(autouse=True)
def nothing_left():
    """Handlers and the wake-up descriptor must be afterwards what they were before."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    yield
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    descriptor = signal.set_wakeup_fd(-1)
    assert descriptor == -1


def signals_itself(signum=signal.SIGTERM):
    return lambda: os.kill(os.getpid(), signum)


def test_what_a_server_is_told():
    server = FakeServer(signals_itself())
    assert serve_until_stopped(server, 2.5) == 0
    assert server.calls == ["serve_forever", "shutdown 2.5", "server_close"]


def test_a_server_that_is_shut_down_by_others():
    server = FakeServer()
    server.during = server.stopped.set
    assert serve_until_stopped(server, 1.0) == 0
    assert server.calls == ["serve_forever", "server_close"]


def test_an_error_in_the_server_passes_through():
    def fail():
        raise RuntimeError("broken")

    server = FakeServer(fail)
    with pytest.raises(RuntimeError, match="broken"):
        serve_until_stopped(server, 1.0)
    assert server.calls == ["serve_forever", "server_close"]


def test_an_application_that_takes_the_wake_up_descriptor():
    def take_and_signal():
        signal.set_wakeup_fd(-1)
        os.kill(os.getpid(), signal.SIGTERM)

    server = FakeServer(take_and_signal)
    assert serve_until_stopped(server, 1.0) == 0


def test_outside_the_main_thread_there_are_no_signals():
    server = FakeServer()
    server.during = server.stopped.set
    ready = threading.Event()
    codes = []
    thread = threading.Thread(target=lambda: codes.append(serve_until_stopped(server, 1.0, on_ready=ready.set)))
    thread.start()
    thread.join(PATIENCE)
    assert (codes, server.calls, ready.is_set()) == ([0], ["serve_forever", "server_close"], True)


def test_a_process_with_a_parent_stops_when_the_parent_says_so():
    reader, writer = os.pipe()
    server = FakeServer(lambda: os.close(writer))
    assert serve_until_stopped(server, 9.0, stop_on={reader: 0.5}) == 0
    os.close(reader)
    assert server.calls == ["serve_forever", "shutdown 0.5", "server_close"]


def test_a_process_with_a_parent_leaves_other_signals_to_it():
    reader, writer = os.pipe()

    def signals_itself_twice():
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)

    server = FakeServer(signals_itself_twice)
    assert serve_until_stopped(server, 9.0, stop_on={reader: 0.5}) == 0
    os.close(reader)
    os.close(writer)
    assert server.calls == ["serve_forever", "shutdown 9", "server_close"]


def test_run_closes_the_listener_also_when_no_server_can_be_made():
    def make_server(listener):
        raise StartError("no application")

    settings = Settings(port=0)
    listener = open_listener(settings, {})
    with pytest.raises(StartError, match="no application"):
        run(settings, listener, make_server)
    assert listener.fileno() == -1


def test_signals_are_read_in_their_order():
    with SignalPipe(signal.SIGUSR1, signal.SIGUSR2) as signals:
        assert signals.read() == []
        os.kill(os.getpid(), signal.SIGUSR1)
        os.kill(os.getpid(), signal.SIGUSR2)
        signals.wake()
        assert sorted(signals.read()) == [signal.SIGUSR1, signal.SIGUSR2]
