"""What a check says: which expectations hold, and for the first that does not, what to do next.

A lab's `judge(seen)` states its expectations one after the other, from the ground up:

    page = seen.exchange(1)
    seen.expect(page.by_hand, "by-hand",
                good="you wrote the response yourself",
                saw="the server wrote this response for you",
                rule="rawwfile help handlers",
                step="Write the status line on response.wfile, and set response.sendResponse = 0.")

The first that fails ends the judgement: a student can take one next step, not five. The id is what
tests, and a lab's WRONG table, know it by.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

WIDTH = 78


class NotYet(Exception):
    """An expectation that does not hold: what was seen, the rule, and one next step, in plain sentences."""

    def __init__(self, id: str, saw: str, rule: str, step: str) -> None:
        super().__init__(id, saw, rule, step)
        self.id = id
        self.saw = saw
        self.rule = rule
        self.step = step

    def __str__(self) -> str:
        return f"{self.saw} ({self.rule}). {self.step}"


@dataclass
class Outcome:
    """What came of one check. failed: None where the lab is passed. shown: recorded bytes, made visible."""

    number: int
    title: str
    good: list[str] = field(default_factory=list)
    failed: NotYet | None = None
    shown: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Every expectation holds."""
        return self.failed is None

    def text(self, width: int = WIDTH) -> str:
        """The answer to the student, some lines long, none wider than `width` if it has room for its words."""
        end = "passed." if self.passed else "not yet."
        lines = [f"Lab {self.number}, {self.title}: {end}", ""]
        lines += [_row("  ok       ", each, width) for each in self.good]
        if self.failed is not None:
            lines += [_row("  not yet  ", self.failed.saw, width), ""]
            if self.shown:
                lines += ["What was recorded:", *[f"    {each}" for each in self.shown], ""]
            lines += [_row("Rule:      ", self.failed.rule, width), _row("Next step: ", self.failed.step, width)]
        return "\n".join(lines) + "\n"


def _row(mark: str, text: str, width: int) -> str:
    return textwrap.fill(
        text,
        width,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )
