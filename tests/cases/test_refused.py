"""Applications and configurations that CherryPy 0.10 refused: so do we, in the same words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases.candidate import START, environment
from tests.cases.case import HERE
from tests.cases.refusals import MARK

REFUSED = {each["name"]: each for each in json.loads((HERE / "refused.json").read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said to each of them: one process asks for all, since most of the time is its start."""
    top = tmp_path_factory.mktemp("refused")
    for name, each in REFUSED.items():
        for file, text in each["files"].items():
            path: Path = top / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    words = [sys.executable, "-m", "tests.cases.refusals", *(str(top / name) for name in REFUSED)]
    done = subprocess.run(
        words, env=environment(), capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=START, check=False
    )
    parts = dict(part.split("\n", 1) for part in f"\n{done.stdout}".split(f"\n{MARK}")[1:])
    assert parts.keys() == REFUSED.keys(), f"not all were refused:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return parts


@pytest.mark.parametrize("name", REFUSED)
def test_refused(said: dict[str, str], name: str) -> None:
    missing = [text for text in REFUSED[name]["texts"] if text not in said[name]]
    assert not missing, said[name]
    assert "exit status 0" not in said[name]
    assert "rawwfile/cpy" not in said[name], "a traceback of ours: " + said[name]
