"""Serve the WSGI application of apps.py with a peer: python tests/benchmarks/peers.py cheroot --port 8000

Each peer gets what it needs to do well: a listen backlog of 1024, no limit on kept connections,
no access log, and as many threads as asked for.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Callable

from apps import application

BACKLOG = 1024
MANY = 100_000
KEEP_ALIVE = 75


def cheroot(port: int, threads: int, tls: tuple[str, str] | None) -> None:
    """cheroot, as CherryPy uses it. Its own limit on kept connections is 10."""
    wsgi = importlib.import_module("cheroot.wsgi")
    server = wsgi.Server(
        ("127.0.0.1", port),
        application,
        numthreads=threads,
        request_queue_size=BACKLOG,
        timeout=KEEP_ALIVE,
    )
    server.keep_alive_conn_limit = MANY
    if tls:
        builtin = importlib.import_module("cheroot.ssl.builtin")
        server.ssl_adapter = builtin.BuiltinSSLAdapter(*tls)
    try:
        server.start()
    except KeyboardInterrupt:
        server.stop()


def waitress(port: int, threads: int, tls: tuple[str, str] | None) -> None:
    """waitress; it has no TLS. Its own limit on connections is 100."""
    module = importlib.import_module("waitress")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    module.serve(
        application,
        host="127.0.0.1",
        port=port,
        threads=threads,
        backlog=BACKLOG,
        connection_limit=MANY,
        channel_timeout=KEEP_ALIVE,
        max_request_body_size=1 << 30,
        _quiet=True,
    )


def gunicorn(port: int, threads: int, tls: tuple[str, str] | None) -> None:
    """gunicorn with one gthread worker. Its own keep-alive is 2 s, its limit on connections 1000."""
    base = importlib.import_module("gunicorn.app.base")
    options = {
        "bind": f"127.0.0.1:{port}",
        "workers": 1,
        "threads": threads,
        "worker_class": "gthread",
        "backlog": BACKLOG,
        "keepalive": KEEP_ALIVE,
        "worker_connections": MANY,
        "loglevel": "error",
        "control_socket_disable": True,
    }
    if tls:
        options["certfile"], options["keyfile"] = tls

    class Application(base.BaseApplication):  # type: ignore[name-defined, misc]
        """gunicorn's way to be started from code."""

        def load_config(self) -> None:
            """Set what this gunicorn knows of the options."""
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Callable[..., object]:
            """The application."""
            return application

    Application().run()


PEERS = {"cheroot": cheroot, "waitress": waitress, "gunicorn": gunicorn}


def main(arguments: list[str]) -> int:
    """Serve until SIGTERM. Exit code 3 when the peer is not installed."""
    parser = argparse.ArgumentParser(description="serve the benchmark's WSGI application with a peer")
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--tls-cert")
    parser.add_argument("--tls-key")
    options = parser.parse_args(arguments)
    tls = (options.tls_cert, options.tls_key) if options.tls_cert else None
    try:
        PEERS[options.peer](options.port, options.threads, tls)
    except ModuleNotFoundError as error:
        print(f"{options.peer} is not installed ({error}): pip install '.[bench]'", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
