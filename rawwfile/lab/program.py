"""Calling a student's program: its failures are part of what was seen, and its time is bounded."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rawwfile.lab.judging import NotYet
from rawwfile.lab.student import failure
from rawwfile.lab.visit import Visit

MOST_SECONDS = 10.0
"""Time of one call."""


@dataclass
class Called:
    """What a call returned. trouble: how it failed, in one line; "" where it did not."""

    value: Any = None
    trouble: str = ""


def call(visit: Visit, name: str, *arguments: Any, seconds: float = MOST_SECONDS) -> Called:
    """Call a function of the student's program. Raises NotYet where it is not there, or takes too long."""
    function = getattr(visit.program, name, None)
    file = Path(getattr(visit.program, "__file__", None) or "the file").name
    if not callable(function):
        raise NotYet("function", f"{file} has no function {name}", "Python's own", f"Define {name}; start again from "
                     "the file that the lab began with, if need be.")  # fmt: skip
    called: list[Called] = []

    def run() -> None:
        try:
            called.append(Called(function(*arguments)))
        except BaseException as error:  # noqa: BLE001 - whatever a program raises is its failure
            called.append(Called(trouble=failure(Path(getattr(visit.program, "__file__", "")), error)))

    thread = threading.Thread(target=run, name="rawwfile-lab-program", daemon=True)
    thread.start()
    thread.join(min(seconds, visit.left()))
    if not called:
        raise NotYet("time", f"{name} was not done after {seconds:g} seconds", "a bound of this course",
                     "Look for what waits: who reads to the end waits until the other side closes.")  # fmt: skip
    return called[0]


def crashed(called: Called, name: str) -> None:
    """Raise NotYet if the call failed."""
    if called.trouble:
        raise NotYet("crash", f"{name} failed: {called.trouble}", "Python's own", "Mend the line that failed.")
