"""RawHTTPServer: used like a TCPServer, stopping, threads, running out of things, and whose request it is."""

from __future__ import annotations

import contextlib
import contextvars
import errno
import json
import socket
import socketserver
import sys
import threading
import time

import pytest

import rawwfile
from rawwfile import ClientDisconnected, RawHTTPServer, Settings, request, response
from tests.live import PATIENCE, Client, Live, Pages, TlsSocket, server_process

plain_only = pytest.mark.parametrize("scheme", ["http"])
OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"


def threads_of(live: Live) -> int:
    """Threads that the server has for handlers, waiting ones too."""
    return live.server._loop.crew.count


def hello() -> str:
    return "hello"


# -- like a TCPServer


@contextlib.contextmanager
def bare_server(*arguments, **options):
    pages = Pages()
    pages.pages[""] = hello
    with RawHTTPServer(*(arguments or (("127.0.0.1", 0),)), pages, **options) as server:
        yield server


def fetch_hello(server: RawHTTPServer) -> bytes:
    with Client(socket.create_connection(server.server_address, PATIENCE)) as client:
        return client.fetch("/").body


def test_it_is_used_like_a_tcp_server():
    with bare_server() as server:
        assert isinstance(server, socketserver.TCPServer)
        assert server.server_address[0] == "127.0.0.1" and server.server_address[1] > 0
        assert server.fileno() == server.socket.fileno()
        for _ in range(3):  # it may be started again
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1})
            thread.start()
            assert fetch_hello(server) == b"hello"
            with pytest.raises(RuntimeError, match="runs already"):
                server.serve_forever()
            server.shutdown()
            thread.join(PATIENCE)
            assert not thread.is_alive()
        with pytest.raises(NotImplementedError, match="serve_forever"):
            server.handle_request()
    assert server.fileno() == -1


def test_no_thread_and_no_descriptor_is_left_over():
    before = threading.active_count()
    for _ in range(5):
        with bare_server() as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            assert fetch_hello(server) == b"hello"
            server.shutdown()
            thread.join(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while threading.active_count() > before and time.monotonic() < deadline:
        for thread in threading.enumerate():
            if thread.name.startswith("rawwfile-"):
                thread.join(PATIENCE)
    assert threading.active_count() <= before


def test_shutdown_before_serve_forever_has_begun():
    """As with socketserver, the wish is not lost: whoever starts a thread and stops at once gets the stop."""
    with bare_server() as server:
        server.shutdown()
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_an_address_in_use_and_a_socket_that_listens_already():
    with bare_server() as first, pytest.raises(OSError) as caught:
        bare_server(first.server_address).__enter__()
    assert caught.value.errno == errno.EADDRINUSE
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    with bare_server(("127.0.0.1", 1), listening_socket=listener) as server:
        assert server.server_address == address
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        assert fetch_hello(server) == b"hello"
        server.shutdown()
        thread.join(PATIENCE)


def test_ipv6(serve):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    live = serve(address=("::1", 0))

    @live.page
    def page():
        return json.dumps([request.remote_addr, request.local_addr, request.local_port, request.base])

    client = live.connect(name="::1")
    client.send(b"GET /page HTTP/1.0\r\n\r\n")
    base = f"{live.scheme}://[::1]:{live.port}"
    assert json.loads(client.response().body) == ["::1", "::1", live.port, base]


def test_a_unix_socket(serve, tmp_path):
    live = serve(address=str(tmp_path / "socket"))

    @live.page
    def page():
        return json.dumps([request.remote_addr, request.remote_port, "remote-addr" in request.headers])

    client = live.connect()
    assert json.loads(client.fetch("/page").body) == ["", 0, False]
    client.get("/page", "Connection: close\r\n")
    assert client.response().status == 200 and client.rest() == b""


def test_other_kinds_of_applications(serve):
    class Root:
        @rawwfile.expose
        def index(self, name="you"):
            return f"hello {name}"

    def wsgi(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    assert serve(Root()).fetch("/?name=Ada").body == b"hello Ada"
    assert serve(wsgi).fetch("/a%20b").body == b"/a b"


# -- stopping


class Waiting:
    """A page that writes a head, waits for `go`, and writes the rest."""

    def __init__(self, live: Live) -> None:
        self.started, self.go = threading.Event(), threading.Event()
        self.lost: list[BaseException] = []
        live.pages.pages["page"] = self.page
        live.pages.pages[""] = hello

    def page(self) -> None:
        response.sendResponse = 0
        response.wfile.write(OPEN)
        self.started.set()
        try:
            assert self.go.wait(PATIENCE)
            for _ in range(100):
                response.wfile.write(b"the rest")
        except ClientDisconnected as error:
            self.lost.append(error)
            raise


def test_a_graceful_stop_lets_responses_end(live: Live):
    waiting = Waiting(live)
    idle, busy, begun = live.connect(), live.connect(), live.connect()
    assert idle.fetch("/").body == b"hello"
    busy.send(b"GET /page HTTP/1.1\r\nHost: a\r\n\r\n" + b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert waiting.started.wait(PATIENCE)
    begun.send(b"GET / HTTP/1.1\r\n")
    assert live.fetch("/").body == b"hello"  # so the head that has begun was seen too
    stopping = threading.Thread(target=live.server.shutdown, args=(PATIENCE,))
    stopping.start()
    assert idle.rest() == b"" and idle.ending == "end"
    begun.send(b"Host: a\r\n\r\n")
    assert begun.response().get(b"Connection") == b"close" and begun.rest() == b""
    begun.close()
    assert stopping.is_alive()
    waiting.go.set()
    assert busy.rest() == OPEN + b"the rest" * 100 and busy.ending == "end"
    busy.close()
    stopping.join(PATIENCE)
    assert not stopping.is_alive() and not live.book.messages


def test_a_stop_answers_who_has_just_connected(live: Live, monkeypatch):
    """Its request is on the way: a close would reset it."""
    monkeypatch.setattr("rawwfile.server.loop.NEWCOMER", PATIENCE)
    live.pages.pages[""] = hello
    idle, new = live.connect(), live.connect()
    assert idle.fetch("/").body == b"hello"
    stopping = threading.Thread(target=live.server.shutdown, args=(PATIENCE,))
    stopping.start()
    assert idle.rest() == b""  # so it is stopping
    assert new.fetch("/").body == b"hello" and new.rest() == b""
    stopping.join(PATIENCE)
    assert not stopping.is_alive() and not live.book.messages


def test_a_stop_waits_for_nobody_who_says_nothing(live: Live, monkeypatch):
    monkeypatch.setattr("rawwfile.server.loop.NEWCOMER", 0.0)
    live.pages.pages[""] = hello
    silent = live.connect()
    assert live.fetch("/").body == b"hello"  # so the silent one was accepted too
    live.server.shutdown(PATIENCE)
    assert silent.rest() == b"" and silent.ending == "end"


@pytest.mark.parametrize("how", ["grace", "now"])
def test_the_grace_ends(live: Live, how: str):
    waiting = Waiting(live)
    client = live.connect()
    client.get("/page")
    assert waiting.started.wait(PATIENCE)
    began = time.monotonic()
    live.server.shutdown(0.2) if how == "grace" else live.server.stop_now()
    assert time.monotonic() - began < 3
    assert client.rest() == OPEN and client.ending in ("reset", "cut", "end")
    assert live.book.wait_for(r"#1 GET /page did not end within the grace")
    waiting.go.set()
    live.book.wait_for("the client is gone")
    assert isinstance(waiting.lost[0], ConnectionError)


# -- threads


def test_handlers_run_in_parallel_and_slow_ones_hold_nobody_up(live):
    barrier, go = threading.Barrier(21), threading.Event()

    @live.page
    def slow():
        barrier.wait(PATIENCE)
        assert go.wait(PATIENCE)
        return "slow"

    live.pages.pages["hello"] = hello
    for _ in range(3):  # the second time they are known as slow
        clients = [live.connect() for _ in range(20)]
        for client in clients:
            client.get("/slow")
        barrier.wait(PATIENCE)
        quick = live.connect()
        assert [quick.fetch("/hello").body for _ in range(50)] == [b"hello"] * 50
        go.set()
        assert [client.response().body for client in clients] == [b"slow"] * 20
        go.clear()
    assert threads_of(live) < 30


def test_a_handler_that_computes_holds_nobody_up(live):
    done = threading.Event()

    @live.page
    def compute():
        end = time.monotonic() + PATIENCE
        while not done.is_set() and time.monotonic() < end:
            pass
        return str(done.is_set())

    @live.page
    def finish():
        done.set()
        return ""

    client = live.connect()
    client.get("/compute")
    assert live.fetch("/finish").status == 200
    assert client.response().body == b"True"


@pytest.mark.parametrize("when_full", ["queue", "503"])
def test_a_full_server(serve, when_full: str):
    live = serve(threads=4, when_full=when_full)
    running, go = threading.Semaphore(0), threading.Event()

    @live.page
    def page():
        running.release()
        assert go.wait(PATIENCE)
        return "done"

    room = 4 if when_full == "queue" else 3  # the fourth thread answers the 503s
    clients = [live.connect() for _ in range(room)]
    for client in clients:
        client.get("/page")
    for _ in range(room):
        assert running.acquire(timeout=PATIENCE)
    surplus = [live.connect_plain() for _ in range(20)] if when_full == "queue" else [live.connect() for _ in range(20)]
    if when_full == "503":
        for client in surplus:
            answer = client.fetch("/page")
            assert (answer.status, answer.get(b"Connection")) == (503, b"close")
    go.set()
    assert [client.response().body for client in clients] == [b"done"] * room
    if when_full == "queue":
        for client in surplus:
            if live.scheme == "https":
                client.sock = TlsSocket(client.sock, live.authority.client_context(), "localhost")
            assert client.fetch("/page").body == b"done"
    end = time.monotonic() + PATIENCE
    while (answer := live.fetch("/page")).status == 503:
        # A thread is free some moments after its client has the answer.
        assert time.monotonic() < end
    assert answer.body == b"done" and threads_of(live) <= 4


def test_a_thousand_idle_connections_need_no_thread_each(live):
    live.pages.pages["hello"] = hello
    clients = [live.connect() for _ in range(1000)]
    for _ in range(2):
        for client in clients:
            client.get("/hello")
        assert all(client.response().body == b"hello" for client in clients)
    assert len(live.server._loop.connections) == 1000
    # More than one only because this test computes at the same time, which makes handlers look stuck.
    assert threads_of(live) < 50


# -- running out of descriptors


CRAMPED = """
import logging, resource, sys
from rawwfile import RawHTTPServer, Settings
from rawwfile.server.tls import make_context
logging.basicConfig(level=logging.INFO, format="%(message)s")
settings = Settings(tls_cert=sys.argv[1] or None, access_log="off")
tls = make_context(settings)
def application(exchange):
    exchange.response.body = "hello"
application.rawwfile_application = True
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
with RawHTTPServer(("127.0.0.1", 0), application, settings=settings, tls=tls) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
"""


def test_out_of_descriptors(scheme, authority):
    """A hundred clients and forty descriptors: all are answered, for idle connections make room."""
    certificate = authority.cert_file if scheme == "https" else ""
    with contextlib.ExitStack() as stack, server_process(CRAMPED, certificate) as (process, port):

        def connect() -> Client:
            return stack.enter_context(Client(socket.create_connection(("127.0.0.1", port), PATIENCE)))

        def fetch(client: Client) -> bytes:
            if scheme == "https":
                client.sock = TlsSocket(client.sock, authority.client_context(), "localhost")
            return client.fetch("/").body

        clients = [connect() for _ in range(100)]
        assert [fetch(client) for client in clients] == [b"hello"] * 100
        for client in clients:
            client.close()
        assert fetch(connect()) == b"hello"
        process.kill()
        told = process.stderr.read()
    assert "Too many open files" in told and "ulimit -n" in told and "Traceback" not in told


# -- whose request it is


def test_outside_of_a_request():
    for proxy, name in ((request, "request"), (response, "response")):
        with pytest.raises(RuntimeError, match=f"rawwfile.{name} is only there while a request is answered"):
            proxy.method
        assert "no request" in repr(proxy)
        assert not hasattr(type(proxy), "status")


def test_the_request_follows_generators_and_hooks(live):
    seen = []

    @live.page
    def page():
        response.stream = request.query_string == "stream"
        request._exchange.on_end(lambda: seen.append(request.query_string))
        return pieces()

    def pieces():
        try:
            for number in range(3):
                yield f"{request.query_string}{number} "
        finally:
            seen.append(request.query_string)

    client = live.connect()
    assert client.fetch("/page?stream").body == b"stream0 stream1 stream2 "
    assert client.fetch("/page?collect").body == b"collect0 collect1 collect2 "
    live.book.wait_entries(2)
    assert seen == ["stream", "stream", "collect", "collect"]


def test_the_request_goes_along_to_other_threads(live):
    def in_thread(function):
        results = []

        def run():
            try:
                results.append(function())
            except RuntimeError as error:
                results.append(str(error))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(PATIENCE)
        return results[0]

    @live.page
    def page():
        def look():
            return request.query_string

        assert "takes it along with request.context.copy().run(function)" in in_thread(look)
        copied, again = contextvars.copy_context(), request.context.copy()
        return [in_thread(lambda: copied.run(look)), " ", in_thread(lambda: again.run(look))]

    # From Python 3.14 on threads may take their starter's context along by themselves.
    if getattr(sys.flags, "thread_inherit_context", 0):
        pytest.skip("threads inherit the context here")
    assert live.fetch("/page?mine").body == b"mine mine"


def test_nothing_leaks_into_the_next_request_of_the_thread(live):
    mine = contextvars.ContextVar("mine", default="nothing")
    threads = set()

    @live.page
    def page():
        threads.add(threading.get_ident())
        before = [mine.get(), getattr(request, "own", "nothing"), getattr(response, "own", "nothing"), response.status]
        mine.set(request.query_string)
        request.own = response.own = request.query_string
        response.status = 201
        response.headers["X-Own"] = response.simpleCookie["own"] = "x"
        if request.query_string == "raise":
            raise LookupError("on purpose")
        return json.dumps(before)

    client = live.connect()
    for query in ("a", "b", "raise", "c"):
        answer = client.fetch(f"/page?{query}")
        if query != "raise":
            assert json.loads(answer.body) == ["nothing", "nothing", "nothing", 200]
        else:
            assert (answer.status, answer.get(b"X-Own"), answer.get(b"Set-Cookie")) == (500, None, None)
    assert len(threads) < 4
    with pytest.raises(RuntimeError):
        request.method


def test_requests_at_the_same_time_see_their_own(live):
    barrier = threading.Barrier(10)

    @live.page
    def page():
        response.headers["X-Query"] = request.query_string
        barrier.wait(PATIENCE)
        return f"{request.query_string} {response.headers['X-Query']}"

    clients = [live.connect() for _ in range(10)]
    for number, client in enumerate(clients):
        client.get(f"/page?{number}")
    for number, client in enumerate(clients):
        assert client.response().body == f"{number} {number}".encode()


def test_settings_are_the_servers_own():
    with bare_server(settings=Settings(server_name="mine/1", charset="latin-1")) as server:
        server.application.pages[""] = lambda: "é"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        with Client(socket.create_connection(server.server_address, PATIENCE)) as client:
            answer = client.fetch("/")
        assert (answer.body, answer.get(b"Server")) == (b"\xe9", b"mine/1") and answer.get(b"Date").endswith(b" GMT")
        server.shutdown()
        thread.join(PATIENCE)
