"""Runs `rawwfile serve Root.cpy` in each of the directories named, all of which must be refused.

One process for all of them: `python -m tests.cases.refusals DIRECTORY...` prints, between lines
with the directory's name, what the command wrote; nothing here listens.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys

from rawwfile.cli.main import main

MARK = "=== "


def refusal(directory: str) -> str:
    """What the command says to the application in `directory`, and its exit status."""
    os.chdir(directory)
    words = ["serve", "Root.cpy", "--host", "127.0.0.1", "--port", "0"]
    if os.path.exists("RootServer.cfg"):
        words[2:2] = ["--config", "RootServer.cfg"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status: object = main(words)
        except SystemExit as leaving:
            status = leaving.code
    return f"{said.getvalue()}\nexit status {status}\n"


if __name__ == "__main__":
    here = os.getcwd()
    for each in sys.argv[1:]:
        text = refusal(each)
        os.chdir(here)
        print(f"{MARK}{os.path.basename(each)}\n{text}")
