"""Which labs there are, and what belongs to each.

A lab is a folder labs/NN_name/ with these files:

    lab.txt       what the student and the teacher read (see `text`)
    start.py      what the student begins with, at most 30 lines; start.http for raw bytes to be sent,
                  start.txt for predictions. The student's copy is called answer.py, .http or .txt
    right.py      the solution that is shown; right_*.py are other ways, which pass as well
    wrong_*.py    what does not pass; check.WRONG says why
    pages.py      the site that the student talks to, where the answer is not itself the site
    check.py      what is done with the answer, and what its recording must show (see `judging`)
    *.cpy         given to the student, beside the answer
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from rawwfile.errors import ConfigError
from rawwfile.lab.student import load_file
from rawwfile.lab.text import LabText, read_text

LABS = Path(__file__).parent / "labs"

SUFFIXES = (".py", ".http", ".txt")
"""What an answer may be: a program, raw bytes to be sent, predictions."""

PORT = 8000
"""Where a lab is served unless the student says otherwise; the texts name it."""

_folder_name = re.compile(r"([0-9]{2})_[a-z0-9_]+")


@dataclass(frozen=True)
class Lab:
    """One lab of the course."""

    number: int
    folder: Path

    @cached_property
    def text(self) -> LabText:
        """What is to be read."""
        return read_text((self.folder / "lab.txt").read_text("utf-8"))

    @property
    def title(self) -> str:
        """Its name."""
        return self.text["Title"]

    @cached_property
    def start(self) -> Path:
        """The file that the student begins with."""
        return next(file for suffix in SUFFIXES if (file := self.folder / f"start{suffix}").is_file())

    @property
    def answer_name(self) -> str:
        """The name of the student's file: answer.py, answer.http or answer.txt."""
        return f"answer{self.start.suffix}"

    @property
    def right(self) -> Path:
        """The solution that is shown."""
        return self.folder / f"right{self.start.suffix}"

    @property
    def rights(self) -> list[Path]:
        """Every right solution, the one that is shown first."""
        return [self.right, *sorted(self.folder.glob(f"right_*{self.start.suffix}"))]

    @property
    def wrongs(self) -> list[Path]:
        """Every wrong solution."""
        return sorted(self.folder.glob(f"wrong_*{self.start.suffix}"))

    @property
    def pages(self) -> Path | None:
        """The lab's own site; None where the answer is the site."""
        file = self.folder / "pages.py"
        return file if file.is_file() else None

    @cached_property
    def check(self) -> ModuleType:
        """The module check.py: drive(visit), judge(seen), WRONG, VISITS, and perhaps SETTINGS, RAISED_ON_PURPOSE
        (exceptions of a handler that are an answer here), tls() or around()."""
        return load_file(self.folder / "check.py")

    def around(self, application: Any) -> Any:
        """The application as it is served: with what check.around(application) puts beside the answer."""
        put_around: Callable[[Any], Any] | None = getattr(self.check, "around", None)
        return application if put_around is None else put_around(application)

    @property
    def given(self) -> list[Path]:
        """Files that the student is given beside the answer."""
        return sorted(self.folder.glob("*.cpy"))

    @cached_property
    def tls(self) -> tuple[ssl.SSLContext, ssl.SSLContext] | None:
        """The contexts of the lab's server and of its visitor, where check.tls() makes them; else None."""
        make: Callable[[], tuple[ssl.SSLContext, ssl.SSLContext]] | None = getattr(self.check, "tls", None)
        return None if make is None else make()

    @property
    def student_folder(self) -> str:
        """The name of the folder that `lab start` makes."""
        return f"lab-{self.number:02d}"

    def instructions(self, port: int = PORT) -> str:
        """The student's page. port: where the server of the lab listens."""
        text = self.text.instructions(self.number, self.answer_name)
        return re.sub(rf"(?<=127\.0\.0\.1:|\blocalhost:){PORT}\b|(?<=port ){PORT}\b", str(port), text)

    def sheet(self) -> str:
        """The teacher's sheet."""
        return self.text.sheet(self.number, self.right.read_text("utf-8"))

    def solution(self) -> str:
        """The right solution and why it is right."""
        return self.text.solution(self.number, self.right.read_text("utf-8"))


def all_labs() -> dict[int, Lab]:
    """Every lab by its number, in order."""
    found = {}
    for folder in sorted(LABS.iterdir()):
        match = _folder_name.fullmatch(folder.name)
        if match and (folder / "lab.txt").is_file():
            found[int(match[1])] = Lab(int(match[1]), folder)
    return found


def lab_number(number: int) -> Lab:
    """The lab of this number. Raises ConfigError where there is none."""
    labs = all_labs()
    if number not in labs:
        raise ConfigError(f"there is no lab {number}; there are {min(labs)} to {max(labs)}.")
    return labs[number]
