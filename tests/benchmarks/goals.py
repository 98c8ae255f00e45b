"""The goals: what issue 2, section 8 demands, and what the performance study aims at beyond it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .results import Table

Measure = Callable[[Table, str, str], float | None]
FLOOR = "floor-threads"
DISTURBED = 0.15


def times_base(table: Table, server: str, base: str) -> float | None:
    """How many times the baseline's figure."""
    return table.ratio(server, base)


def times_floor(table: Table, server: str, base: str) -> float | None:
    """How many times the bare `sendall` server's figure."""
    return table.ratio(server, FLOOR)


def p99_times_base(table: Table, server: str, base: str) -> float | None:
    """p99 as a multiple of the baseline's."""
    return table.ratio(server, base, "p99")


def figure(key: str) -> Measure:
    """The median itself."""
    return lambda table, server, base: table.median(server, key)


def cpu(table: Table, server: str, base: str) -> float | None:
    """Microseconds of CPU per unit."""
    return table.cpu_per_unit(server)


@dataclass(frozen=True)
class Goal:
    """`measure` of a table must be at least (or at most) `limit`. cores: 0 = in both modes."""

    table: str
    text: str
    measure: Measure
    limit: float
    at_least: bool = True
    cores: int = 0


@dataclass(frozen=True)
class Verdict:
    """A goal, for one server, and what came out; by_cpu: the same ratio in CPU time, where there is one."""

    goal: Goal
    server: str
    value: float
    demanded: bool
    by_cpu: float | None = None

    @property
    def met(self) -> bool:
        """Whether the value is on the right side."""
        return self.value >= self.goal.limit if self.goal.at_least else self.value <= self.goal.limit


DEMANDED = (
    Goal("W1-c16", "hello c16, x cheroot", times_base, 4),
    Goal("W1-c64", "hello c64, x cheroot", times_base, 4),
    Goal("W1-vary-c16", "hello, headers vary, c16, x cheroot", times_base, 4),
    Goal("W1h-c16", "browser headers c16, x cheroot", times_base, 4),
    Goal("W1h-c64", "browser headers c64, x cheroot", times_base, 4),
    Goal("W1h-vary-c16", "browser headers vary, c16, x cheroot", times_base, 4),
    Goal("W1h-vary-c64", "browser headers vary, c64, x cheroot", times_base, 4),
    Goal("W6", "hello kept while 8 streams run", figure("kept"), 0.9),
    Goal("W8", "bytes per idle connection", figure("bytes_each"), 3072, at_least=False),
    Goal("W8", "threads while 1,000 are idle", figure("threads"), 32, at_least=False),
    # Under 15 % is not a finding on this kind of machine, so "the speed of bare sendall" is 0.9 of it.
    Goal("W4-page", "bulk page, x bare sendall", times_floor, 0.9),
    Goal("W4-raw", "raw blocks, x bare sendall", times_floor, 0.9),
    Goal("W11", "upload: RSS growth, MiB", figure("growth"), 4, at_least=False),
)
STUDY = (
    Goal("W1-c1", "hello c1, x cheroot", times_base, 1.4, cores=1),
    Goal("W1-c16", "hello c16, CPU us a request", cpu, 25, at_least=False),
    Goal("W1-c64", "hello c64, p99, x cheroot", p99_times_base, 0.15, at_least=False, cores=1),
    Goal("W1h-c16", "browser headers c16 (memo may help), x cheroot", times_base, 8),
    Goal("W1h-vary-c16", "browser headers vary, c16, x cheroot", times_base, 5, cores=1),
    Goal("W1h-vary-c16", "browser headers vary, c16, two cores, x cheroot", times_base, 8, cores=2),
    Goal("W3", "chunks, x cheroot", times_base, 1.4),
    Goal("W4-page", "bulk page, x cheroot", times_base, 1.2),
    Goal("W6", "hello with streams, x cheroot", times_base, 4),
    Goal("W7", "new connections, x cheroot", times_base, 3),
    Goal("W8", "bytes per idle connection, x cheroot", times_base, 0.5, at_least=False),
    Goal("W9", "200 waiting handlers, time x cheroot", times_base, 1.05, at_least=False),
    Goal("W10", "cold start, time x cheroot", times_base, 0.6, at_least=False),
    Goal("W11", "upload, time x cheroot", times_base, 1.0, at_least=False),
    Goal("W12-keep", "TLS keep-alive, x cheroot", times_base, 3),
    Goal("W12-shake", "TLS handshakes, x cheroot", times_base, 1.1),
)


def judge(tables: Sequence[Table], base: str, cores: int) -> list[Verdict]:
    """Compare every rawwfile server in the tables with every goal that can be computed."""
    by_name = {table.name: table for table in tables}
    verdicts = []
    for demanded, goals in ((True, DEMANDED), (False, STUDY)):
        for goal in goals:
            table = by_name.get(goal.table)
            if table is None or goal.cores not in (0, cores):
                continue
            if "cheroot" in goal.text and not base.startswith("cheroot"):
                continue  # the ratios are with another server
            for server in table.samples:
                value = goal.measure(table, server, base) if server.startswith("rawwfile") else None
                if value is not None:
                    verdicts.append(Verdict(goal, server, value, demanded, cpu_view(goal, table, server, base)))
    return verdicts


def cpu_view(goal: Goal, table: Table, server: str, base: str) -> float | None:
    """How many times less CPU than the goal's rival; None where the goal is not such a ratio."""
    if not goal.at_least or goal.measure not in (times_base, times_floor):
        return None
    return table.cpu_ratio(server, FLOOR if goal.measure is times_floor else base)


def render_verdicts(verdicts: Sequence[Verdict], others: float) -> str:
    """One line a goal. others: the share of the machine that other programs used, at the worst."""
    lines = []
    if others >= DISTURBED:
        lines.append(f"Other programs used up to {others:.0%} of the machine. Trust CPU ratios more than rates:")
        lines.append("rates draw together when the load generator has to share its core. As root, --nice -10 helps.")
    for demanded, heading in ((True, "Issue 2, section 8"), (False, "Goals of the performance study")):
        chosen = [verdict for verdict in verdicts if verdict.demanded is demanded]
        if chosen:
            lines.append(heading)
        for verdict in chosen:
            goal = verdict.goal
            sign = ">=" if goal.at_least else "<="
            state = "met   " if verdict.met else "MISSED"
            by_cpu = "" if verdict.by_cpu is None else f"; {verdict.by_cpu:.2f} by CPU"
            value = f"{verdict.value:10,.2f} {sign} {goal.limit:<6g}"
            lines.append(f"  {state}  {value}  {goal.text}  ({verdict.server}{by_cpu})")
    return "\n".join(lines)
