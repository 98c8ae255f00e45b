"""lab.txt: one source for the student's page, the hints, the solution and the teacher's sheet.

A section begins with its name and a colon at the beginning of a line; what follows on that line, and
on the lines up to the next section, is its text. The order is that of SECTIONS, and none is left out
(so that a line of the Answers may begin with "Further:" again):

    Title: Say hello by hand
    Learns: status line, fields, blank line
    Minutes: 20
    Goal:
    Write a whole response yourself ...

In Hints and Pitfalls each item begins with "- "; a line that continues one is indented.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

SECTIONS = (
    "Title", "Learns", "Minutes",
    "Goal", "Predict", "Do", "Look", "Explain", "Further",
    "Hints", "Pitfalls", "Answers",
)  # fmt: skip
"""Every section of a lab, in order."""
ONE_LINE = ("Title", "Learns", "Minutes")
FOR_STUDENTS = ("Goal", "Predict", "Do", "Look", "Explain", "Further")
"""What the instructions print, each under a heading."""


@dataclass(frozen=True)
class LabText:
    """The sections of one lab.txt."""

    sections: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.sections[name]

    @property
    def minutes(self) -> int:
        """Minutes that a student needs."""
        return int(self["Minutes"])

    @property
    def hints(self) -> list[str]:
        """One hint after the other, each a little clearer than the one before."""
        return items(self["Hints"])

    def instructions(self, number: int, answer: str) -> str:
        """The student's page. answer: the name of the file that the student works in."""
        parts = [_heading(number, self)]
        parts += [f"{name}\n{textwrap.indent(self[name], '  ')}" for name in FOR_STUDENTS]
        parts.append(
            f"Your file is {answer} in the folder lab-{number:02d}; in a second terminal: cd lab-{number:02d}\n"
            f"When you are stuck: rawwfile lab hint {number}\n"
            f"When it works:      rawwfile lab check {number}"
        )
        return "\n\n".join(parts) + "\n"

    def sheet(self, number: int, right: str) -> str:
        """The teacher's sheet. right: the text of the right solution."""
        pitfalls = "\n".join(_bullet("-", item) for item in items(self["Pitfalls"]))
        hints = "\n".join(_bullet(f"{count}.", item) for count, item in enumerate(self.hints, 1))
        parts = [
            _heading(number, self),
            f"Goal\n{textwrap.indent(self['Goal'], '  ')}",
            f"What they are asked to predict\n{textwrap.indent(self['Predict'], '  ')}",
            f"Where students stumble\n{textwrap.indent(pitfalls, '  ')}",
            f"What they should have predicted, and found\n{textwrap.indent(self['Answers'], '  ')}",
            f"The question further\n{textwrap.indent(self['Further'], '  ')}",
            f"Hints, in the order in which they are given\n{textwrap.indent(hints, '  ')}",
            "A right solution\n" + "\n".join(_code(line) for line in right.rstrip().splitlines()),
        ]
        return "\n\n".join(parts) + "\n"

    def solution(self, number: int, right: str) -> str:
        """The right solution and why it is right."""
        return f"{_heading(number, self)}\n\n{right.rstrip()}\n\nWhy\n{textwrap.indent(self['Explain'], '  ')}\n"


def read_text(text: str) -> LabText:
    """The sections of a lab.txt. Raises ValueError for one that is missing, empty or not in its place."""
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in text.splitlines():
        name, colon, rest = line.partition(":")
        if colon and len(found) < len(SECTIONS) and name == SECTIONS[len(found)]:
            lines = found[name] = [rest.strip()]
        elif lines is not None:
            lines.append(line.rstrip())
        elif line.strip():
            raise ValueError(f"text before the first section: {line!r}")
    if len(found) < len(SECTIONS):
        raise ValueError(f"there is no section {SECTIONS[len(found)]}, or it is not in its place")
    sections = {name: "\n".join(lines).strip("\n") for name, lines in found.items()}
    for name, content in sections.items():
        if not content.strip():
            raise ValueError(f"the section {name} is empty")
        if name in ONE_LINE and "\n" in content:
            raise ValueError(f"the section {name} has more than one line")
    if not sections["Minutes"].isdigit():
        raise ValueError("Minutes is a number")
    return LabText(sections)


def items(text: str) -> list[str]:
    """The items of a section that is a list, each as one line."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith("- "):
            found.append(line[2:].strip())
        elif found:
            found[-1] = f"{found[-1]} {line.strip()}".strip()
    return found


def wrapped(text: str, width: int = 78) -> str:
    """One paragraph in lines of at most `width` columns; words are never cut."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False))


def _bullet(mark: str, item: str) -> str:
    hang = " " * (len(mark) + 1)
    lines: Sequence[str] = textwrap.wrap(item, 74, break_long_words=False, break_on_hyphens=False)
    return f"{mark} " + f"\n{hang}".join(lines)


def _code(line: str) -> str:
    """A line of a program as it is printed: what does not fit on the paper goes on below, further in."""
    indent = " " * (4 + len(line) - len(line.lstrip()))
    parts = textwrap.wrap(line.strip(), 80 - len(indent), break_long_words=False, break_on_hyphens=False,
                          subsequent_indent=" " * 8)  # fmt: skip
    return "\n".join(indent + part for part in parts)


def _heading(number: int, text: LabText) -> str:
    title = f"Lab {number}: {text['Title']}"
    about = wrapped(f"{text['Minutes']} minutes. It is about: {text['Learns']}.")
    return f"{title}\n{'=' * len(title)}\n{about}"
