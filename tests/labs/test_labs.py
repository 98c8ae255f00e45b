"""Every lab: its texts are whole, its start does not pass, what is right passes, what is wrong fails as intended."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rawwfile import glass
from rawwfile.glass.clients.chromium import Chromium
from rawwfile.lab.course import Lab, all_labs
from rawwfile.lab.judging import Outcome
from rawwfile.lab.running import check
from rawwfile.lab.seen import Seen
from rawwfile.lab.text import FOR_STUDENTS, items
from rawwfile.tape.wirefile import write_wire
from rawwfile.tape.wirereader import read_wire
from tests.live import PATIENCE

LABS = list(all_labs().values())

START_MAY_PASS: set[int] = set()
"""Labs whose starting file is right as it is, on purpose."""
WITH_MORE: set[int] = {21}
"""Labs whose judge needs more than the recording: what a program of the student's returned in memory."""

RIGHT = [(lab, file) for lab in LABS for file in lab.rights]
WRONG = [(lab, file) for lab in LABS for file in lab.wrongs]


def name_of(value: object) -> str:
    return value.folder.name if isinstance(value, Lab) else getattr(value, "name", str(value))


each_lab = pytest.mark.parametrize("lab", LABS, ids=name_of)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No lines about handlers that are broken on purpose; no browser, whose readings are recorded."""
    monkeypatch.setattr(Chromium, "version", lambda self: None)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def checked(lab: Lab, file: Path) -> Outcome:
    outcome, tape = check(lab, file, seconds=PATIENCE)
    assert all(connection.closed is not None for connection in tape)
    return outcome


def test_the_labs_are_numbered_without_a_gap() -> None:
    assert [lab.number for lab in LABS] == list(range(1, len(LABS) + 1))
    assert len({lab.title for lab in LABS}) == len(LABS)


def test_what_is_to_be_pressed_stands_on_the_page() -> None:
    assets = Path(glass.__file__).parent / "assets"
    page = "".join(file.read_text("utf-8") for file in sorted(assets.iterdir()) if file.suffix in (".js", ".html"))
    texts = [" ".join((lab.folder / "lab.txt").read_text("utf-8").split()) for lab in LABS]
    pressed = [name for text in texts for name in re.findall(r'press "([^"]+)"', text)]
    assert pressed
    assert [name for name in pressed if name not in page] == []


@each_lab
def test_the_start_is_short_and_does_not_pass(lab: Lab) -> None:
    assert len(lab.start.read_text("utf-8").splitlines()) <= 30

    outcome = checked(lab, lab.start)

    assert outcome.passed == (lab.number in START_MAY_PASS), outcome.text()


@pytest.mark.parametrize("lab, file", RIGHT, ids=name_of)
def test_what_is_right_passes(lab: Lab, file: Path) -> None:
    outcome = checked(lab, file)

    assert outcome.passed, outcome.text()
    assert outcome.text().startswith(f"Lab {lab.number}, {lab.title}: passed.\n")
    assert outcome.good


@pytest.mark.parametrize("lab, file", [(lab, lab.right) for lab in LABS if lab.start.suffix != ".txt"], ids=name_of)
def test_nothing_but_the_recording_is_judged(lab: Lab, file: Path) -> None:
    _, tape = check(lab, file, seconds=PATIENCE)
    kept = io.StringIO()
    write_wire(tape, kept, secrets=True)
    kept.seek(0)

    seen = Seen(read_wire(kept, "check.wire"))

    if lab.number not in WITH_MORE:
        lab.check.judge(seen)
        assert seen.good


@pytest.mark.parametrize("lab, file", WRONG, ids=name_of)
def test_what_is_wrong_fails_with_the_intended_explanation(lab: Lab, file: Path) -> None:
    id, words = lab.check.WRONG[file.name]

    outcome = checked(lab, file)

    assert outcome.failed is not None, outcome.text()
    assert (outcome.failed.id, words in outcome.failed.saw) == (id, True), outcome.text()
    for part in (outcome.failed.saw, outcome.failed.rule, outcome.failed.step):
        assert part.strip() and part[:20] in outcome.text()


@each_lab
def test_every_wrong_solution_is_explained(lab: Lab) -> None:
    assert set(lab.check.WRONG) == {file.name for file in lab.wrongs}
    assert all(len(explained) == 2 and all(explained) for explained in lab.check.WRONG.values())
    assert lab.check.WRONG


@each_lab
def test_the_texts_are_whole(lab: Lab) -> None:
    text = lab.text

    assert 10 <= text.minutes <= 40
    assert len(text.hints) >= 3 and len(items(text["Pitfalls"])) >= 2
    assert "RFC" in text["Explain"]
    assert text["Further"].count("?") >= 1
    for line in (lab.folder / "lab.txt").read_text("utf-8").splitlines():
        assert line.isprintable() and line == line.rstrip()
        assert line.startswith("- ") or len(line) <= 78, line


@each_lab
def test_the_pages_hold_what_is_theirs(lab: Lab) -> None:
    student, teacher = lab.instructions(), lab.sheet()

    for name in FOR_STUDENTS:
        assert f"\n{name}\n" in student
    assert lab.answer_name in student and f"lab check {lab.number}" in student
    assert text_of(lab.text["Answers"]) not in text_of(student)
    assert text_of(lab.text["Answers"]) in text_of(teacher)
    assert text_of(lab.right.read_text("utf-8")) in text_of(teacher)
    assert f"{lab.text.minutes} minutes" in teacher
    assert text_of(lab.right.read_text("utf-8")) in text_of(lab.solution())


def text_of(text: str) -> str:
    """Without what only lays it out."""
    return " ".join(text.split())
