"""`rawwfile lab`: the course."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rawwfile.cli.arguments import CommandParser
from rawwfile.cli.suggest import did_you_mean, shown
from rawwfile.errors import ConfigError, StartError

if TYPE_CHECKING:
    from rawwfile.lab.course import Lab

ACTIONS = {
    "list": "list the labs, and how far you are",
    "start": "begin a lab: instructions, a file to work in, a server that shows its bytes",
    "hint": "give one more hint",
    "check": "run your file, look at the bytes, and say what is next",
    "solve": "print a right solution, and why it is right",
    "sheet": "print the teacher's sheet",
}

USAGE = """\
usage: rawwfile lab {{{names}}} [...]

The course: HTTP from the inside. Each lab takes 20 to 30 minutes, needs no network, and is
checked by the bytes that crossed the socket. See also: rawwfile help labs

actions:
{actions}

  rawwfile lab ACTION --help shows an action's options

examples:
  rawwfile lab list
  rawwfile lab start 1
  rawwfile lab check 1
"""


def run(words: list[str]) -> int:
    """Do what `words` say; return the exit code: 0 done or passed, 1 not yet. Raises StartError."""
    if not words or words[0] in ("--help", "-h"):
        actions = "\n".join(f"  {name:<6} {text}" for name, text in ACTIONS.items())
        print(USAGE.format(names="|".join(ACTIONS), actions=actions), end="", file=sys.stdout if words else sys.stderr)
        return 0 if words else 2
    if words[0] not in ACTIONS:
        kind = "option" if words[0].startswith("-") else "action"
        raise ConfigError(f"there is no {kind} {shown(words[0])}.{did_you_mean(words[0], ACTIONS)}")
    act: Callable[[list[str]], int] = globals()[f"_{words[0]}"]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Recorded bytes are shown with signs, and texts have names, that not every terminal's encoding has.
        sys.stdout.reconfigure(errors="backslashreplace")
    return act(words[1:])


# -- the actions


def _list(words: list[str]) -> int:
    from rawwfile.lab.course import all_labs
    from rawwfile.lab.folder import LabFolder

    _parser(
        "list", "", "List the labs: number, title, what it is about, minutes; and how far you are in this folder.",
        "  rawwfile lab list\n  rawwfile lab list | less\n  cd course && rawwfile lab list",
    ).read(words)  # fmt: skip
    width, here = _width(1000), _here()
    for lab in all_labs().values():
        state = LabFolder(lab, here).state
        line = f"{lab.number:>2}  {lab.title:<28} {lab.text.minutes:>2} min  {state:<6}  {lab.text['Learns']}".rstrip()
        print(line if len(line) <= width else f"{line[: width - 3]}...")
    return 0


def _start(words: list[str]) -> int:
    from rawwfile.cli.logs import set_up_logging
    from rawwfile.lab.folder import LabFolder
    from rawwfile.lab.live import serve_lab
    from rawwfile.settings import Settings

    parser = _parser(
        "start", "[OPTION...] [N]",
        "Begin lab N, or go on with it: make the folder lab-NN with the instructions and a file to work\n"
        "in (nothing is overwritten), print the instructions, and serve the file on 127.0.0.1. A save is\n"
        "enough to have it served anew. Each byte is shown here and on a page for the browser, and kept\n"
        "in lab-NN/tape.wire. Ctrl-C ends.",
        "  rawwfile lab start 1\n  rawwfile lab start 3 --port 8003\n  rawwfile lab start 7 --no-page",
    )  # fmt: skip
    _add_number(parser)
    parser.add_argument("--port", default="8000", metavar="PORT", help="0 takes a free one (default: 8000)")
    parser.add_argument("--no-page", action="store_true", help="show the bytes here alone, not in the browser")
    found = parser.read(words)
    lab = _lab(found.number)
    port = _number(found.port, "--port", 65535)
    if port > 65535:
        raise ConfigError(f"--port {port}: give a number up to 65535.")
    set_up_logging(Settings(log_level="warning"))
    out = sys.stdout
    with _streams_kept():
        return serve_lab(LabFolder(lab, _here()), port, page=not found.no_page, out=out)


def _hint(words: list[str]) -> int:
    from rawwfile.lab.folder import LabFolder
    from rawwfile.lab.text import wrapped

    parser = _parser(
        "hint", "[N]", "Give one more hint for lab N: the first time the first one, and so on.",
        "  rawwfile lab hint 1\n  rawwfile lab hint 12\n  cd lab-01 && rawwfile lab hint",
    )  # fmt: skip
    _add_number(parser)
    lab = _lab(parser.read(words).number)
    folder = LabFolder(lab, _here())
    if not folder.exists:
        raise ConfigError(f"lab {lab.number} is not begun here: rawwfile lab start {lab.number} begins it.")
    progress, hints = folder.progress, lab.text.hints
    given = min(progress.hints + 1, len(hints))
    last = progress.hints >= len(hints)
    for count, hint in enumerate(hints[:given], 1):
        print(wrapped(f"Hint {count} of {len(hints)}: {hint}"))
    if last:
        print(f"There are no more. rawwfile lab solve {lab.number} prints a solution.")
    progress.hints = given
    with _kept_if_possible():
        folder.keep(progress)
    return 0


def _check(words: list[str]) -> int:
    from rawwfile.lab.apart import check_apart
    from rawwfile.lab.course import all_labs
    from rawwfile.lab.folder import LabFolder, write_whole
    from rawwfile.lab.judging import WIDTH

    parser = _parser(
        "check", "[N] [FILE]",
        "Run your file on a server of its own, visit it, and judge the bytes that crossed the socket.\n"
        "FILE is the answer in lab-NN, unless you name another. The recording is kept in\n"
        "lab-NN/check.wire (rawwfile wire show lab-NN/check.wire). Exit code: 0 passed, 1 not yet.",
        "  rawwfile lab check 1\n  cd lab-01 && rawwfile lab check\n  rawwfile lab check 1 second_try.py",
    )  # fmt: skip
    parser.add_argument("what", nargs="*", metavar="N FILE", help="the lab's number; your file")
    what: list[str] = parser.read(words).what
    number = what.pop(0) if what and what[0].isdigit() else None
    file = what.pop(0) if what else None
    if what:
        raise ConfigError("one file at a time.")
    lab = _lab(number)
    folder = LabFolder(lab, _here())
    if file is None and not folder.exists:
        raise ConfigError(f"lab {lab.number} is not begun here: rawwfile lab start {lab.number} begins it.")
    answer = folder.answer if file is None else Path(file)
    if file is None and not answer.exists():
        raise StartError(f"{_near(answer)} is not there: rawwfile lab start {lab.number} lays a new one.")
    outcome, recorded = check_apart(lab, answer)
    print(outcome.text(_width(WIDTH)), end="")
    if folder.exists:
        progress = folder.progress
        progress.checks += 1
        progress.passed = progress.passed or outcome.passed
        with _kept_if_possible():
            folder.keep(progress)
            recording = folder.path / "check.wire"
            write_whole(recording, recorded)
            if recorded:
                print(f"\nThe recording: rawwfile wire show {_near(recording)}")
    if outcome.passed and lab.number + 1 in all_labs():
        print(f"\nThe next one: rawwfile lab start {lab.number + 1}")
    return 0 if outcome.passed else 1


def _solve(words: list[str]) -> int:
    parser = _parser(
        "solve", "[N]", "Print a right solution of lab N, and why it is right. Your file stays as it is.",
        "  rawwfile lab solve 1\n  cd lab-01 && rawwfile lab solve\n  rawwfile lab solve 7 | less",
    )  # fmt: skip
    _add_number(parser)
    print(_lab(parser.read(words).number).solution(), end="")
    return 0


def _sheet(words: list[str]) -> int:
    from rawwfile.lab.course import all_labs

    parser = _parser(
        "sheet", "[N|all]",
        "Print the teacher's sheet of lab N, or of all: time, where students stumble, what they should\n"
        "have found, the hints and a solution. Each sheet begins on a page of its own.",
        "  rawwfile lab sheet 1\n  rawwfile lab sheet all > sheets.txt\n  rawwfile lab sheet 5 | lpr",
    )  # fmt: skip
    _add_number(parser)
    number = parser.read(words).number
    labs = list(all_labs().values()) if number == "all" else [_lab(number)]
    print("\f".join(lab.sheet() for lab in labs), end="")
    return 0


# -- what they share


def _parser(name: str, takes: str, description: str, examples: str) -> CommandParser:
    return CommandParser(f"lab {name}", takes, description, examples)


def _add_number(parser: CommandParser) -> None:
    parser.add_argument(
        "number", nargs="?", metavar="N", help="the lab's number (default: that of the lab folder you stand in)"
    )


def _lab(text: str | None) -> Lab:
    from rawwfile.lab.course import all_labs, lab_number
    from rawwfile.lab.folder import number_here

    return lab_number(number_here(_here()) if text is None else _number(text, "N", max(all_labs())))


def _here() -> Path:
    """The folder one stands in. Raises StartError where it has been removed."""
    try:
        return Path.cwd()
    except OSError as error:
        raise StartError("the folder you stand in is not there any more: cd to another.") from error


def _number(text: str, what: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise ConfigError(f"{what} {shown(text)}: give a number up to {most}.")
    return int(text)


def _width(most: int) -> int:
    """Columns to write in: those of the terminal, if there is one and it has less than `most`."""
    return max(30, min(most, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else most


class _NotClosed:
    """A standard stream that a program may write to and close; closing it does nothing."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def close(self) -> None:
        """Leave it open for the others."""


@contextmanager
def _streams_kept() -> Iterator[None]:
    """Nothing to read on stdin: a program of the student's that asks there must not wait for ever.

    And whatever it does to stdout and stderr, they are as they were afterwards.
    """
    with open(os.devnull, encoding="utf-8") as nothing:
        before = sys.stdin, sys.stdout, sys.stderr
        sys.stdin = nothing
        sys.stdout, sys.stderr = _NotClosed(sys.stdout), _NotClosed(sys.stderr)  # type: ignore[assignment]
        try:
            yield
        finally:
            sys.stdin, sys.stdout, sys.stderr = before


@contextmanager
def _kept_if_possible() -> Iterator[None]:
    """Where the folder cannot be written the answer stands all the same; one line says what is missing."""
    try:
        yield
    except OSError as error:
        sys.stdout.flush()
        print(f"rawwfile lab: {error.filename}: {error.strerror}; this is not remembered.", file=sys.stderr)


def _near(path: Path) -> str:
    """A path as one types it from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
