"""Runs an application under another WSGI server, in a process of its own that prints its port."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref import simple_server

from tests.integration.hosted_applications import application
from tests.live import PATIENCE

HOSTS = ("wsgiref", "waitress", "cheroot", "gunicorn")


def say_port(port: int) -> None:
    """Tell the test where the host listens."""
    print(port, flush=True)


def run_wsgiref() -> None:
    """The standard library's, with a thread for each connection, under its validator."""
    from wsgiref.validate import validator

    class Server(ThreadingMixIn, simple_server.WSGIServer):
        daemon_threads = True

    with simple_server.make_server("127.0.0.1", 0, validator(application), server_class=Server) as server:
        say_port(server.server_port)
        server.serve_forever()


def run_waitress() -> None:
    """waitress, which looks ahead for clients that leave."""
    from waitress.server import create_server

    server: Any = create_server(
        application,
        host="127.0.0.1",
        port=0,
        threads=8,
        channel_request_lookahead=1,
        # Its loop may find out that a client has left only when this much waits to be sent, and each write until then
        # copies what waits: with its 16 MiB that is a quarter of a minute for a handler that writes without end.
        outbuf_high_watermark=1 << 16,
    )
    say_port(server.effective_port)
    server.run()


def run_cheroot() -> None:
    """cheroot, the server of CherryPy."""
    from cheroot.wsgi import Server

    server = Server(("127.0.0.1", 0), application, numthreads=8)
    server.prepare()
    say_port(server.bind_addr[1])
    server.serve()


def run_gunicorn() -> None:
    """gunicorn with threads."""
    from gunicorn.app.base import BaseApplication

    class Gunicorn(BaseApplication):
        def load_config(self) -> None:
            settings = {
                "bind": "127.0.0.1:0",
                "worker_class": "gthread",
                "threads": 8,
                "when_ready": lambda server: say_port(server.LISTENERS[0].sock.getsockname()[1]),
                # It is not asked for by a later release; what it is not, an older one does not know.
                "control_socket_disable": True,
                "graceful_timeout": 1,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            return application

    Gunicorn().run()


@contextlib.contextmanager
def host_process(name: str) -> Iterator[int]:
    """The host of this name in a process of its own; gives its port. It is asked to end, not killed."""
    code = "import sys; from tests.integration import host_processes as h; getattr(h, 'run_' + sys.argv[1])()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p or os.getcwd() for p in sys.path)}
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            [sys.executable, "-c", code, name], stdout=subprocess.PIPE, stderr=said, text=True, env=environment
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            said.seek(0)
            assert line.strip().isdigit(), f"{name} did not start: {line}{said.read()}"
            yield int(line)
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
