"""The workloads that are not a request rate: W4 bulk, W8 memory, W9 waiting handlers, W10 start, W11 upload."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable

from . import apps, messages
from .bench import Bench, ask
from .load import Plan
from .rates import HELLO, wanted_names
from .results import Column, Sample, Table
from .servers import NotAvailable, Server

MIB = 1 << 20
UPLOAD_SIZE = 100 * MIB
IDLE = 1000
WAITING = 200

MEMORY_COLUMNS = (
    Column("bytes_each", "bytes each", "{:,.0f}"),
    Column("rss_before", "RSS MiB before", "{:.1f}"),
    Column("rss_after", "after", "{:.1f}"),
    Column("threads", "threads", "{:.0f}"),
)
UPLOAD_COLUMNS = (
    Column("seconds", "seconds", "{:.3f}"),
    Column("mib_s", "MiB/s", "{:,.0f}"),
    Column("growth", "RSS growth MiB", "{:.1f}"),
)


def run_singles(bench: Bench, wanted: Iterable[str]) -> list[Table]:
    """Run W4, W11, W8, W9 and W10 as far as wanted; each has fresh processes."""
    chosen = list(wanted)
    tables: list[Table] = []
    for name, run in (("W4", run_bulk), ("W11", run_upload), ("W8", run_idle), ("W9", run_waiting), ("W10", run_start)):
        if wanted_names(chosen, name):
            tables += run(bench)
    return tables


def run_bulk(bench: Bench) -> list[Table]:
    """W4: 64 MiB as one return value, and as 64 raw writes; floor-threads is the bare sendall."""
    columns = (Column("mib_s", "MiB/s", "{:,.0f}"),)
    tables = [
        Table("W4-page", "64 MiB in one answer", "mib_s", columns, unit="MiB"),
        Table("W4-raw", "64 MiB in raw writes of 1 MiB (WSGI: a generator)", "mib_s", columns, unit="MiB"),
    ]
    with bench.watch_others(tables), bench.running(without=("floor-epoll",)) as servers:
        for table, request in zip(tables, (messages.BULK, messages.BLOCKS)):
            plan = Plan(request.data, 1, seconds=60, pattern=True, once=True)
            for server in servers:  # each makes its 64 MiB now and not in its first turn
                bench.load(server, plan)
            bench.interleave(table, servers, lambda server, plan=plan: measure_bulk(bench, server, plan))
    return tables


def measure_bulk(bench: Bench, server: Server, plan: Plan) -> Sample:
    """One turn: whole answers until its time is up, at least one."""
    mib = seconds = cpu = faults = 0.0
    until = time.perf_counter() + bench.seconds
    while not seconds or time.perf_counter() < until:
        result, used = bench.load(server, plan)
        mib += result.bytes / MIB
        seconds += result.seconds
        cpu += used
        faults += result.faults
    return {"mib_s": mib / seconds, "cpu": cpu, "units": mib, "faults": faults}


def run_upload(bench: Bench) -> list[Table]:
    """W11: 100 MiB to a handler that reads `rfile` in pieces of 64 KiB."""
    table = Table("W11", "100 MiB upload", "seconds", UPLOAD_COLUMNS, more_is_better=False, unit="MiB")
    with bench.watch_others([table]), bench.running(without=("floor-epoll",)) as servers:
        bench.interleave(table, servers, measure_upload)
    return [table]


def measure_upload(server: Server) -> Sample:
    """One upload; the growth is the peak over what the process had before."""
    head = b"POST /upload HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\n"
    head += b"Content-Length: %d\r\n\r\n" % UPLOAD_SIZE
    block = bytes(MIB)
    server.reset_peak()
    before, cpu = server.rss(), server.cpu()
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as sock:
        begun = time.perf_counter()
        sock.sendall(head)
        for _ in range(UPLOAD_SIZE // MIB - 1):
            sock.sendall(block)
        answer = ask(sock, block)
        seconds = time.perf_counter() - begun
    return {
        "seconds": seconds,
        "mib_s": UPLOAD_SIZE / MIB / seconds,
        "growth": (server.peak_rss() - before) / MIB,
        "cpu": server.cpu() - cpu,
        "units": UPLOAD_SIZE / MIB,
        "faults": float(answer != b"%d" % UPLOAD_SIZE),
    }


def run_idle(bench: Bench) -> list[Table]:
    """W8: 1,000 connections, each idle after one answer. Memory of the kernel is not in it."""
    table = Table("W8", f"{IDLE:,} idle keep-alive connections", "bytes_each", MEMORY_COLUMNS, more_is_better=False)
    with bench.watch_others([table]):
        for _ in range(1 if bench.quick else bench.rounds):
            with bench.running() as servers:
                bench.interleave(table, servers, lambda server: measure_idle(bench, server), rounds=1)
    return [table]


def measure_idle(bench: Bench, server: Server) -> Sample:
    """One turn; a fault is a connection that does not answer a second request at the end."""
    bench.load(server, Plan(messages.HELLO.data, 16, seconds=0.2, warmup=0.1, expect=HELLO))
    faults = 0
    with contextlib.ExitStack() as stack:
        before = server.rss()
        socks = []
        for _ in range(IDLE):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=10))
            faults += ask(sock, messages.HELLO.data) != HELLO
            socks.append(sock)
        after, threads = server.rss(), server.thread_count()
        for sock in socks:
            try:
                faults += ask(sock, messages.HELLO.data) != HELLO
            except OSError:
                faults += 1
    return {
        "bytes_each": max(1.0, (after - before) / IDLE),
        "rss_before": before / MIB,
        "rss_after": after / MIB,
        "threads": threads,
        "faults": faults,
    }


def run_waiting(bench: Bench) -> list[Table]:
    """W9: 200 requests at one moment to a handler that waits 100 ms; peers get 200 threads."""
    columns = (Column("ms", "all answered, ms", "{:.0f}"), Column("p50", "p50 ms", "{:.0f}"))
    title = f"{WAITING} handlers of 100 ms at once (peers with {WAITING} threads)"
    table = Table("W9", title, "ms", columns, more_is_better=False)
    plan = Plan(messages.SLEEP.data, WAITING, seconds=20, expect=HELLO, once=True)
    with bench.watch_others([table]), bench.running(without=("floor-epoll",), threads=WAITING) as servers:
        able = [server for server in servers if ":" not in server.name]
        bench.interleave(table, able, lambda server: measure_waiting(bench, server, plan))
    return [table]


def measure_waiting(bench: Bench, server: Server, plan: Plan) -> Sample:
    """One turn."""
    result, _ = bench.load(server, plan)
    return {
        "ms": result.seconds * 1000,
        "p50": result.p50_ms,
        "faults": result.faults + WAITING - result.requests,
    }


def run_start(bench: Bench) -> list[Table]:
    """W10: from starting the process to the first answer; warm caches."""
    table = Table("W10", "start to first answer", "ms", (Column("ms", "ms", "{:.0f}"),), more_is_better=False)
    with bench.watch_others([table]):
        specs = [spec for spec in bench.specs if spec.name not in bench.skipped and ":" not in spec.name]
        for number in range(max(3, bench.rounds) + 1):
            for spec in specs:
                try:
                    with bench.server(spec) as server:
                        if number:  # the first start only fills the caches
                            table.add(spec.name, {"ms": server.started_in * 1000})
                except NotAvailable as error:
                    bench.skipped[spec.name] = str(error)
    return [table]
