"""Run converted programs statement by statement and say where they differ from the record."""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib.util
import io
import json
import re
import warnings
from pathlib import Path

from rawwfile.port.code import convert

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("record_code", HERE / "record_code.py")
record = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(record)
PROGRAMS = record.programs()
RECORDED = json.loads((HERE / "code_recorded.json").read_text())


def printed(text):
    """Run Python 3 text and return what it printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(text, "program", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def ran(made):
    """Return (row of the source, output) for each statement of the converted text."""
    names = {"__name__": "__main__"}
    outputs = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for node in ast.parse(made.text).body:
            out = io.StringIO()
            first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            with contextlib.redirect_stdout(out):
                try:
                    exec(compile(ast.Module([node], []), "program", "exec"), names)
                except Exception as error:
                    out.write(f"raised {type(error).__name__}\n")
            outputs.append((made.rows[first - 1], out.getvalue()))
        # Files that the programs left open warn when they go: let them go here.
        names.clear()
        gc.collect()
    return outputs


def differences(name):
    """Return (row, wanted, got) where the output differs and no decision of level "look" explains it.

    One does that stands at the statement, or in a function or class that the statement names.
    """
    source = PROGRAMS[name]
    made = convert(source, file=name)
    wanted = RECORDED[name]["statements"]
    starts = sorted({first for first, _, _ in wanted})
    ends = dict(zip(starts, [*starts[1:], 10**6], strict=False))
    want, got = dict.fromkeys(starts, ""), dict.fromkeys(starts, "")
    for first, _, output in wanted:
        want[first] += output
    for row, output in ran(made):
        if row:
            got[max(start for start in starts if start <= row)] += output
    looked = [decision.line for decision in made.decisions if decision.level == "look"]
    rows = source.split("\n")

    def named(start):
        """Return the statements that define or assign what this one names."""
        text = "\n".join(rows[start - 1 : ends[start] - 1])
        bound = {
            other: re.match(r"(?:def |class )?(\w+)(?:,.*)? ?[=(:]", rows[other - 1])
            for other in starts
            if other < start
        }
        return {other for other, found in bound.items() if found and re.search(rf"\b{found.group(1)}\b", text)}

    def explained(start):
        reached, queue = {start}, [start]
        while queue:
            for other in named(queue.pop()) - reached:
                reached.add(other)
                queue.append(other)
        return any(other <= line < ends[other] for other in reached for line in looked)

    differing = [start for start in starts if plain(want[start]) != plain(got[start])]
    return [(start, want[start], got[start]) for start in differing if not explained(start)]


def plain(output):
    """Return an output with the class of an exception left out: some have other classes now."""
    return re.sub(r"(?m)^raised \w+$", "raised", output)
