"""A shell may stand in a folder that has been removed: a command says so in a line, or does without."""

from __future__ import annotations

import sys

import pytest

from tests.commands import finished

COMMAND = (
    "sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', "sh", sys.executable, "-m", "rawwfile",
)  # fmt: skip


@pytest.mark.parametrize("words", [["serve", "site.py"], ["serve", "site:root"], ["demo", "--port", "0"]])
def test_what_loads_from_there_says_so(tmp_path, words):
    done = finished(*words, cwd=tmp_path, command=COMMAND)
    line = f"rawwfile {words[0]}: the working directory is not there any more: cd to another.\n"
    assert (done.returncode, done.stderr) == (2, line)


@pytest.mark.parametrize("words", [["--version"], ["help", "wire"], ["check", "/dev/null"]])
def test_what_needs_no_folder_works(tmp_path, words):
    there = finished(*words, cwd=tmp_path)
    done = finished(*words, cwd=tmp_path, command=COMMAND)
    assert (done.returncode, done.stdout, done.stderr) == (there.returncode, there.stdout, there.stderr)
