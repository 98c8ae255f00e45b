"""W12: requests on kept TLS connections, and full TLS handshakes.

The client is Python and shares a core with nobody but costs as much as a fast server; where it is
the slower of the two, the rates draw together and the CPU column is what to compare.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator

from . import messages
from .bench import Bench, ask
from .rates import HELLO, wanted_names
from .results import Column, Sample, Table
from .servers import Server

KEPT = 16
SHAKERS = 8
COLUMNS = (Column("rate", "1/s", "{:,.0f}"),)


def run_tls(bench: Bench, wanted: Iterable[str]) -> list[Table]:
    """Run W12 if wanted; without trustme it says so and runs nothing."""
    chosen = list(wanted)
    if not wanted_names(chosen, "W12") or (bench.quick and not chosen):
        return []
    tables = [
        Table("W12-keep", f"TLS, {KEPT} kept connections", "rate", COLUMNS, unit="req"),
        Table("W12-shake", f"TLS, a handshake and a request each, c{SHAKERS}", "rate", COLUMNS, unit="handshake"),
    ]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # leaves the client's core more of its time
    with contextlib.ExitStack() as stack:
        try:
            pair = stack.enter_context(certificate())
        except ImportError:
            print("W12 left out: trustme is not installed\n")
            return []
        stack.enter_context(bench.watch_others(tables))
        servers = stack.enter_context(bench.running(without=("floor-epoll", "waitress"), tls=pair))
        for table, measure in zip(tables, (measure_kept, measure_shakes)):
            bench.interleave(table, servers, lambda server, measure=measure: measure(server, context, bench.seconds))
    return tables


@contextlib.contextmanager
def certificate() -> Iterator[tuple[str, str]]:
    """Files of a certificate for localhost and its key, for as long as the block runs."""
    trustme = importlib.import_module("trustme")
    with tempfile.TemporaryDirectory(prefix="rawwfile-bench-") as directory:
        issued = trustme.CA().issue_cert("localhost", "127.0.0.1")
        chain, key = os.path.join(directory, "chain.pem"), os.path.join(directory, "key.pem")
        with open(chain, "wb") as file:
            file.writelines(blob.bytes() for blob in issued.cert_chain_pems)
        issued.private_key_pem.write_to_path(key)
        yield chain, key


def connect(port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    """A TLS connection after its handshake."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(sock, server_hostname="localhost")


def measure_kept(server: Server, context: ssl.SSLContext, seconds: float) -> Sample:
    """16 connections, each with a request in flight."""
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(connect(server.port, context)) for _ in range(KEPT)]
        for sock in socks:
            ask(sock, messages.HELLO.data)
        done = wrong = 0
        cpu, begun = server.cpu(), time.perf_counter()
        while (now := time.perf_counter()) < begun + seconds:
            for sock in socks:
                sock.sendall(messages.HELLO.data)
            for sock in socks:
                wrong += ask(sock, b"") != HELLO
            done += KEPT
        return {"rate": done / (now - begun), "cpu": server.cpu() - cpu, "units": done, "faults": wrong}


def measure_shakes(server: Server, context: ssl.SSLContext, seconds: float) -> Sample:
    """8 threads, each connecting, asking once and closing. Sessions are never resumed."""
    done: list[bool] = []
    until = time.perf_counter() + seconds

    def shake() -> None:
        while time.perf_counter() < until:
            try:
                with connect(server.port, context) as sock:
                    done.append(ask(sock, messages.HELLO_CLOSE.data) == HELLO)
            except OSError:
                done.append(False)

    threads = [threading.Thread(target=shake) for _ in range(SHAKERS)]
    cpu, begun = server.cpu(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    right = sum(done)
    return {"rate": right / took, "cpu": server.cpu() - cpu, "units": len(done), "faults": len(done) - right}
