"""A check in a process of its own: whatever a student's file does to its process, there is an answer.

It may end that process, close its files, put its own functions into Python, leave threads and
processes behind, or compute for hours without letting another thread run. The child runs
`running.check` and leaves what came of it in a folder; where it leaves nothing, its end is the answer.
"""

from __future__ import annotations

import faulthandler
import io
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from rawwfile.errors import ConfigError, StartError
from rawwfile.lab.course import Lab, lab_number
from rawwfile.lab.judging import NotYet, Outcome
from rawwfile.lab.student import failure, read_answer

MOST_SECONDS = 90.0
"""Time of a whole check. Its parts have bounds of their own, which come first unless nothing else can run."""
LATE_SECONDS = 15.0
"""Time that a child has beyond that, to end by itself."""

REPORT, RECORDING, STACKS = "report.json", "check.wire", "stacks"
"""Files that the child leaves."""

_end = os._exit
_quiet = logging.CRITICAL + 1


def check_apart(lab: Lab, answer: Path, *, seconds: float = MOST_SECONDS) -> tuple[Outcome, str]:
    """As `running.check`, in a process of its own, whose standard input is empty.

    seconds: most time for all of it. Returns what to say, and the recording as the text of a .wire
    file: "" where nothing was recorded. Raises StartError as `check` does.
    """
    read_answer(answer)
    try:
        with tempfile.TemporaryDirectory(prefix="rawwfile-lab-", ignore_cleanup_errors=True) as folder:
            left = Path(folder)
            code = _child(left, lab.number, answer, seconds)
            report = _read_report(left)
            if report is None:
                stacks = _read_text(left / STACKS)
                return Outcome(lab.number, lab.title, failed=_ended(code, stacks, answer, seconds)), ""
            return _outcome(lab, report), _read_text(left / RECORDING)
    except OSError as error:
        raise StartError(f"{error.filename or 'a process for the check'}: {error.strerror}.") from error


def run(folder: str, number: str, answer: str, seconds: str, parent: str) -> None:
    """Check, leave the report in `folder`, and end this process: what the child does.

    parent: the descriptor of a pipe that is closed when the parent has gone.
    """
    left = Path(folder)
    # By Python's own thread, which needs no leave of the others to write and to end this process.
    stacks = open(left / STACKS, "w", encoding="utf-8")
    faulthandler.enable(stacks)
    faulthandler.dump_traceback_later(float(seconds), exit=True, file=stacks)
    threading.Thread(target=_end_with_parent, args=(int(parent), left), daemon=True).start()
    # No lines of the server's: what a student's file breaks is part of the outcome, and is said once.
    logging.getLogger("rawwfile").setLevel(_quiet)
    try:
        report, recording = _checked(lab_number(int(number)), Path(answer))
        (left / RECORDING).write_text(recording, "utf-8", "backslashreplace", newline="\n")
        (left / REPORT).write_text(json.dumps(report), "ascii")
        for stream in sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__:
            with suppress(Exception):
                stream.flush()  # type: ignore[union-attr]
    finally:
        # Past threads, exit handlers and children of the student's: they may never come to their end.
        _end(0)


def _checked(lab: Lab, answer: Path) -> tuple[dict[str, Any], str]:
    """The report, and the recording."""
    from rawwfile.lab.running import check  # the parent needs no server
    from rawwfile.tape.wirefile import write_wire

    recording = io.StringIO()
    try:
        outcome, tape = check(lab, answer)
        if next(iter(tape), None) is not None:
            write_wire(tape, recording)
    except StartError as error:
        return {"error": str(error), "config": isinstance(error, ConfigError)}, ""
    except BaseException as error:  # noqa: BLE001 - a program that changes Python itself breaks whatever comes next
        came = failure(answer, error)
        saw = f"the check could not be finished: {came}"
        step = "Mend this line, save, and check again."
        if not re.match(rf"{re.escape(answer.name)}:\d", came):
            step = "Look for what your file changes or closes for all of Python; if there is nothing, please report it."
        outcome = Outcome(lab.number, lab.title, failed=NotYet("broken", saw, "Python's own", step))
    failed = None
    if outcome.failed is not None:
        failed = {name: getattr(outcome.failed, name) for name in ("id", "saw", "rule", "step")}
    return {"good": outcome.good, "failed": failed, "shown": outcome.shown}, recording.getvalue()


def _child(left: Path, number: int, answer: Path, seconds: float) -> int | None:
    """Run it; its exit code, or None where it had to be ended."""
    mine, parent = os.pipe()
    try:
        # The same modules as here, and nothing of the folder where one stands: it may have a json.py.
        path = [each for each in sys.path if isinstance(each, str)]
        code = f"import sys; sys.path[:] = {ascii(path)}; from rawwfile.lab.apart import run; run(*sys.argv[1:])"
        words = [str(left), str(number), str(answer), f"{seconds:g}", str(mine)]
        process = subprocess.Popen(
            [sys.executable, *(["-B"] if sys.dont_write_bytecode else []), "-c", code, *words],
            stdin=subprocess.DEVNULL, pass_fds=(mine,), start_new_session=True,
        )  # fmt: skip
        try:
            return process.wait(seconds + LATE_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        finally:
            # With all that the student's program may have started.
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    finally:
        os.close(mine)
        os.close(parent)


def _end_with_parent(descriptor: int, left: Path) -> None:
    with suppress(OSError):
        if not os.read(descriptor, 1):
            shutil.rmtree(left, ignore_errors=True)
            _end(1)


def _outcome(lab: Lab, report: dict[str, Any]) -> Outcome:
    if "error" in report:
        raise (ConfigError if report["config"] else StartError)(report["error"])
    failed = NotYet(**report["failed"]) if report["failed"] else None
    return Outcome(lab.number, lab.title, report["good"], failed, report["shown"])


def _ended(code: int | None, stacks: str, answer: Path, seconds: float) -> NotYet:
    """What to say where there is no report. stacks: where its threads were, as faulthandler writes it."""
    line = re.search(rf'File "(?:[^"]*/)?{re.escape(answer.name)}", line (\d+)', stacks)
    where = f"{answer.name}:{line[1]}: " if line else ""
    if code is None or stacks.startswith("Timeout"):
        saw = f"{where}the check was not done after {seconds:g} seconds, and nothing else could run"
        step = "Look for a loop without end, or for one step of Python's that takes for ever."
        return NotYet("time", saw, "a bound of this course", step)
    by = f"the signal {_name_of(-code)}" if code < 0 else f"the exit code {code}"
    saw = f"{where}the program ended the check's process, with {by}"
    return NotYet("ended", saw, "Python's own", "Leave out what ends it, save, and check again.")


def _name_of(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _read_report(left: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((left / REPORT).read_text("ascii"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _read_text(file: Path) -> str:
    with suppress(OSError):
        return file.read_text("utf-8", "replace")
    return ""
