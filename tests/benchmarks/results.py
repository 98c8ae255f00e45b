"""What was measured: samples of each server and round, and the ratios between them."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass, field

Sample = dict[str, float]


@dataclass(frozen=True)
class Column:
    """A column of a table: the key of the samples, heading and format of its median."""

    key: str
    heading: str
    form: str = "{:,.1f}"


@dataclass
class Table:
    """The samples of one workload.

    key: what the ratio is made of. more_is_better: whether a ratio over 1 is good.
    samples[server][i] belongs to round i; rounds of one index ran next to each other.
    A sample's "cpu" (seconds) over its "units" makes the CPU column; `unit` names them.
    """

    name: str
    title: str
    key: str
    columns: tuple[Column, ...]
    more_is_better: bool = True
    unit: str = ""
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    others: float = 0.0

    def add(self, server: str, sample: Sample) -> None:
        """Add the sample of the next round."""
        self.samples.setdefault(server, []).append(sample)

    def median(self, server: str, key: str) -> float | None:
        """The median over the rounds; None if there is nothing."""
        values = [sample[key] for sample in self.samples.get(server, ()) if key in sample]
        return statistics.median(values) if values else None

    def ratios(self, server: str, base: str, key: str | None = None) -> list[float]:
        """server / base, round by round: neighbours in time share the machine's mood."""
        key = key or self.key
        pairs = zip(self.samples.get(server, ()), self.samples.get(base, ()))
        return [a[key] / b[key] for a, b in pairs if key in a and b.get(key)]

    def ratio(self, server: str, base: str, key: str | None = None) -> float | None:
        """The median of `ratios`."""
        found = self.ratios(server, base, key)
        return statistics.median(found) if found else None

    def cpu_per_unit(self, server: str) -> float | None:
        """Microseconds of the server's CPU for one unit, over all rounds together."""
        samples = self.samples.get(server, ())
        units = sum(sample.get("units", 0.0) for sample in samples)
        return sum(sample.get("cpu", 0.0) for sample in samples) / units * 1e6 if units else None

    def cpu_ratio(self, server: str, base: str) -> float | None:
        """How many times less CPU than `base` a unit takes."""
        mine, theirs = self.cpu_per_unit(server), self.cpu_per_unit(base)
        return theirs / mine if mine and theirs else None

    def faults(self, server: str) -> int:
        """Answers that were wrong, missing or late, over all rounds."""
        return int(sum(sample.get("faults", 0.0) for sample in self.samples.get(server, ())))

    def as_json(self) -> dict[str, object]:
        """All of it for `--json`."""
        return asdict(self)


def render(table: Table, base: str) -> str:
    """The table as plain text; the first server's column headings name the baseline."""
    cpu = any(table.cpu_per_unit(server) is not None for server in table.samples)
    headings = ["server", *(column.heading for column in table.columns), f"x {base}", "(range)"]
    if cpu:
        headings += [f"cpu us/{table.unit}", "less cpu, x"]
    headings.append("faults")
    rows = [headings]
    for server in table.samples:
        row = [server]
        for column in table.columns:
            row.append(_show(table.median(server, column.key), column.form))
        found = table.ratios(server, base)
        row.append(_show(statistics.median(found) if found else None, "{:.2f}"))
        row.append(f"({min(found):.2f}-{max(found):.2f})" if found else "-")
        if cpu:
            row.append(_show(table.cpu_per_unit(server), "{:,.1f}"))
            row.append(_show(table.cpu_ratio(server, base), "{:.2f}"))
        row.append(str(table.faults(server)) if table.faults(server) else "")
        rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(headings))]
    lines = [
        "  ".join(cell.ljust(width) if not i else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths)))
        for row in rows
    ]
    note = "" if table.more_is_better else " (less is better)"
    mood = f"; others used {table.others:.0%} of the machine" if table.others >= 0.05 else ""
    return "\n".join([f"{table.name}  {table.title}{note}{mood}", *(f"  {line.rstrip()}" for line in lines), ""])


def _show(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)
