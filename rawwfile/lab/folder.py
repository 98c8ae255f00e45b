"""The student's folder lab-NN/: the instructions, the answer, two recordings, and how far one is.

    lab.txt       the instructions               tape.wire    what was recorded while it was served
    answer.py     the student's file             check.wire   what the last check recorded
    .progress     hints given, and whether it is passed
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from rawwfile.errors import ConfigError, StartError
from rawwfile.lab.course import PORT, Lab

_name = re.compile(r"lab-([0-9]{2})")


@dataclass
class Progress:
    """How far a student is with one lab."""

    hints: int = 0
    checks: int = 0
    passed: bool = False


class LabFolder:
    """The folder of one lab below a working directory; it need not be there yet."""

    def __init__(self, lab: Lab, working: Path) -> None:
        self.lab = lab
        # From within the folder of one lab the others are its neighbours, not folders in it.
        around = working.parent if _name.fullmatch(working.name) else working
        self.path = around / lab.student_folder
        self.answer = self.path / lab.answer_name

    @property
    def exists(self) -> bool:
        """It was begun."""
        return self.path.is_dir()

    def make(self, port: int = PORT) -> bool:
        """Make the folder and what is missing in it; whether the answer is new. Nothing is overwritten.

        port: for the instructions. Raises StartError where the folder cannot be made.
        """
        try:
            self.path.mkdir(exist_ok=True)
            self._write_new(self.path / "lab.txt", self.lab.instructions(port))
            for file in self.lab.given:
                self._write_new(self.path / file.name, file.read_text("utf-8"))
            return self._write_new(self.answer, self.lab.start.read_text("utf-8"))
        except OSError as error:
            raise StartError(f"{self.path}: {error.strerror}.") from error

    def _write_new(self, file: Path, text: str) -> bool:
        try:
            with file.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(text)
        except FileExistsError:
            return False
        return True

    @property
    def progress(self) -> Progress:
        """How far the student is; a file that cannot be read counts as not begun."""
        try:
            kept = json.loads((self.path / ".progress").read_text("utf-8"))
            return Progress(int(kept["hints"]), int(kept["checks"]), bool(kept["passed"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Progress()

    def keep(self, progress: Progress) -> None:
        """Remember it, if there is a folder to remember it in. Raises OSError."""
        if self.exists:
            write_whole(self.path / ".progress", json.dumps(asdict(progress)) + "\n")

    @property
    def state(self) -> str:
        """ "passed", "begun" or "": for the list."""
        if not self.exists:
            return ""
        return "passed" if self.progress.passed else "begun"


def write_whole(file: Path, text: str) -> None:
    """Write a file in one step: who reads it, or writes it at the same time, sees one text or the other.

    Raises OSError, with the name of `file`.
    """
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        # A recording may hold what has no UTF-8; as an escape JSON has it all the same.
        new.write_text(text, "utf-8", "backslashreplace", newline="\n")
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(file)) from error


def number_here(working: Path) -> int:
    """The lab that is meant where no number is given: that of the folder one stands in, or the only one in it.

    Raises ConfigError where that says nothing.
    """
    here = _name.fullmatch(working.name)
    if here:
        return int(here[1])
    try:
        around = sorted(working.iterdir())
    except OSError:
        around = []
    found = [match[1] for each in around if each.is_dir() and (match := _name.fullmatch(each.name))]
    if len(found) == 1:
        return int(found[0])
    why = "there are several lab folders here" if found else "you stand in no lab folder"
    raise ConfigError(f"say which lab: {why}.")
