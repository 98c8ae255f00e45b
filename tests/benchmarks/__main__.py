"""`python -m tests.benchmarks`: see the package's docstring."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from . import __doc__ as manual
from .bench import Bench, progress
from .goals import judge, render_verdicts
from .load import make_generator
from .rates import run_rates
from .results import Table, render
from .servers import Spec
from .singles import run_singles
from .tls import run_tls

QUICK = "rawwfile,cheroot,floor-threads"
FULL = "rawwfile,cheroot,waitress,gunicorn,floor-threads,floor-epoll"
KINDS = ("rawwfile", "rawwfile-wsgi", "rawwfile-wire", "cheroot", "waitress", "gunicorn", "floor-epoll", "floor-threads")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=manual,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="fewer workloads and servers, short turns")
    parser.add_argument("--two-cores", action="store_true", help="servers and load share all cores")
    parser.add_argument("--servers", help=f"default: {FULL}; with --quick: {QUICK}")
    parser.add_argument("--only", default="", help="workloads, such as W1,W1h,W8")
    parser.add_argument("--base", default="cheroot", help="what the ratios compare with")
    parser.add_argument("--rounds", type=int, help="turns of each server (5; quick: 3)")
    parser.add_argument("--seconds", type=float, help="of one turn (1; quick: 0.25)")
    parser.add_argument("--python", default=sys.executable, help="runs rawwfile and the floors")
    parser.add_argument("--peer-python", help="runs the peers (default: --python)")
    parser.add_argument("--generator", choices=("auto", "c", "python"), default="auto")
    parser.add_argument("--nice", type=int, default=0, help="of servers and load; root on a busy machine: -15")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample there")
    return parser.parse_args(arguments)


def make_specs(options: argparse.Namespace) -> list[Spec]:
    """The servers to compare; ends with exit code 2 and one line on a bad name."""
    specs = []
    for name in (options.servers or (QUICK if options.quick else FULL)).split(","):
        peer = name.startswith(("cheroot", "waitress", "gunicorn"))
        spec = Spec(name, (options.peer_python if peer else None) or options.python)
        typed = name.rpartition(":")[2] if ":" in name else "1"
        if spec.kind not in KINDS or not typed.isdigit():
            print(f"unknown server {name!r}: use {', '.join(KINDS)}, with :THREADS or @DIR", file=sys.stderr)
            raise SystemExit(2)
        specs.append(spec)
    return specs


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; returns the exit code."""
    options = parse(arguments)
    begun = time.perf_counter()
    cores = sorted(os.sched_getaffinity(0))
    pinned = not options.two_cores and len(cores) > 1
    server_cores, load_cores = ({cores[-1]}, {cores[0]}) if pinned else (set(cores), set(cores))
    try:
        generator = make_generator(options.generator, load_cores)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    specs = make_specs(options)
    try:
        os.nice(options.nice)
    except PermissionError:
        print(f"--nice {options.nice} is not allowed here: only root may go below 0", file=sys.stderr)
        return 2
    os.sched_setaffinity(0, load_cores)
    bench = Bench(
        generator,
        specs,
        server_cores,
        rounds=options.rounds or (3 if options.quick else 5),
        seconds=options.seconds or (0.25 if options.quick else 1.0),
        warmup=0.1 if options.quick else 0.25,
        quick=options.quick,
    )
    where = f"server on core {cores[-1]}, load on core {cores[0]}" if pinned else f"all on {len(cores)} cores"
    print(f"Python {platform.python_version()} here, servers: {options.python}; {where};", end=" ")
    print(f"{bench.rounds} rounds of {bench.seconds:g} s; load generator in {generator.kind}\n", flush=True)
    wanted = [name for name in options.only.split(",") if name]
    tables: list[Table] = []
    for run in (run_rates, run_singles, run_tls):
        new = run(bench, wanted)
        progress("")
        for table in new:
            print(render(table, options.base), flush=True)
        tables += new
    for name, reason in bench.skipped.items():
        print(f"left out: {name}: {reason}")
    verdicts = judge(tables, options.base, 1 if pinned else 2)
    print(render_verdicts(verdicts, max((table.others for table in tables), default=0.0)))
    print(f"{time.perf_counter() - begun:.0f} s")
    if options.json:
        options.json.write_text(json.dumps([table.as_json() for table in tables], indent=1) + "\n", encoding="utf-8")
    return int(any(verdict.demanded and not verdict.met for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
