"""The workloads that load a server with many small requests: W1, W3, W6, W7."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from . import apps, messages
from .bench import Bench
from .load import Plan
from .messages import Request
from .results import Column, Sample, Table
from .servers import Server
from .streams import StreamClients

HELLO = apps.HELLO.encode("ascii")
STREAMS = 8
PAUSE = 0.1

RATE_COLUMNS = (
    Column("rate", "req/s", "{:,.0f}"),
    Column("p50", "p50 ms", "{:.2f}"),
    Column("p99", "p99 ms", "{:.2f}"),
    Column("max", "max ms", "{:.1f}"),
)
W6_COLUMNS = (
    Column("without", "without/s", "{:,.0f}"),
    Column("rate", "with/s", "{:,.0f}"),
    Column("kept", "with:without", "{:.2f}"),
    Column("p99_without", "p99 without", "{:.2f}"),
    Column("p99", "p99 with", "{:.2f}"),
    Column("lag50", "lag p50 ms", "{:.2f}"),
    Column("lag99", "lag p99 ms", "{:.2f}"),
)


@dataclass(frozen=True)
class Case:
    """One line-up of W1, W3 or W7."""

    name: str
    title: str
    request: Request
    connections: int
    vary: bool = False
    close: bool = False
    quick: bool = False
    page: str = "hello"


CASES = (
    Case("W1-c1", "hello, keep-alive, 1 connection", messages.HELLO, 1, quick=True),
    Case("W1-c16", "hello, keep-alive, 16 connections", messages.HELLO, 16, quick=True),
    Case("W1-c64", "hello, keep-alive, 64 connections", messages.HELLO, 64, quick=True),
    Case("W1-c256", "hello, keep-alive, 256 connections", messages.HELLO, 256),
    Case("W1-vary-c16", "hello, each header block different, c16", messages.HELLO_SERIAL, 16, vary=True),
    Case("W1h-c16", "browser header fields, c16", messages.BROWSER, 16, quick=True),
    Case("W1h-vary-c16", "browser, each header block different, c16", messages.BROWSER, 16, vary=True, quick=True),
    Case("W1h-c64", "browser header fields, c64", messages.BROWSER, 64),
    Case("W1h-vary-c64", "browser, each header block different, c64", messages.BROWSER, 64, vary=True),
    Case("W3", "100 chunks of 1 KiB from a generator, c16", messages.CHUNKS, 16, page="chunks"),
    Case("W7", "hello, a new connection each, c16", messages.HELLO_CLOSE, 16, close=True, quick=True),
)


def wanted_names(wanted: Iterable[str], name: str) -> bool:
    """Whether --only names this workload: W1 takes W1-c16, W1h does not."""
    chosen = list(wanted)
    return not chosen or any(name == one or name.startswith(f"{one}-") for one in chosen)


def run_rates(bench: Bench, wanted: Iterable[str]) -> list[Table]:
    """Run W1, W3, W7 and W6 as far as wanted, with the same server processes."""
    chosen = list(wanted)
    cases = [case for case in CASES if wanted_names(chosen, case.name) and (case.quick or chosen or not bench.quick)]
    tables = [Table(case.name, case.title, "rate", RATE_COLUMNS, unit="req") for case in cases]
    streams = Table("W6", "64 hello clients with and without 8 slow streams", "rate", W6_COLUMNS, unit="req")
    with_streams = wanted_names(chosen, "W6")
    everything = [*tables, streams] if with_streams else tables
    if not everything:
        return []
    with bench.watch_others(everything), bench.running() as servers:
        for case, table in zip(cases, tables):
            able = [server for server in servers if case.page == "hello" or server.spec.kind != "floor-epoll"]
            bench.interleave(table, able, lambda server, case=case: measure_case(bench, server, case))
        if with_streams:
            able = [server for server in servers if can_stream(server)]
            bench.interleave(streams, able, lambda server: measure_w6(bench, server))
    return everything


def can_stream(server: Server) -> bool:
    """Whether 8 streams leave it a thread; one that they fill would answer no hello at all."""
    threads = server.spec.name.rpartition(":")[2]
    return server.spec.kind != "floor-epoll" and not (threads.isdigit() and int(threads) <= STREAMS)


def measure_case(bench: Bench, server: Server, case: Case) -> Sample:
    """One turn of a case."""
    plan = Plan(
        case.request.data,
        connections=case.connections,
        seconds=bench.seconds,
        warmup=bench.warmup,
        expect=HELLO if case.page == "hello" else None,
        close=case.close,
        vary=case.request.serial_at if case.vary else None,
    )
    result, cpu = bench.load(server, plan)
    return {
        "rate": result.rate,
        "p50": result.p50_ms,
        "p99": result.p99_ms,
        "max": result.max_ms,
        "cpu": cpu,
        "units": result.requests,
        "load_cpu": result.cpu,
        "faults": result.faults,
    }


def measure_w6(bench: Bench, server: Server) -> Sample:
    """Hello without streams, then at once with them; the CPU is that of the second part.

    The streams outlast the measured time and are waited for, so that they never reach into
    the next server's turn.
    """
    plan = Plan(messages.HELLO.data, 64, seconds=bench.seconds, warmup=bench.warmup, expect=HELLO)
    alone, _ = bench.load(server, plan)
    lines = math.ceil((bench.seconds + bench.warmup) / PAUSE) + 3
    streams = StreamClients(server.port, STREAMS, lines=lines, pause=PAUSE)
    streams.start()
    both, cpu = bench.load(server, plan)
    streams.finish()
    lags = sorted(streams.lags) or [0.0]
    return {
        "without": alone.rate,
        "rate": both.rate,
        "kept": both.rate / alone.rate if alone.rate else 0.0,
        "p99_without": alone.p99_ms,
        "p99": both.p99_ms,
        "lag50": lags[len(lags) // 2],
        "lag99": lags[int(len(lags) * 0.99)],
        "cpu": cpu,
        "units": both.requests,
        "faults": alone.faults + both.faults + streams.lost,
    }
