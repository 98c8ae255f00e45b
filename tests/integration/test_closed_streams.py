"""Commands whose stdout or stdin is closed or full say so in a line, or nothing; never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import PATIENCE, clean_environment

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def in_shell(line: str, directory: Path) -> tuple[int, str]:
    """Exit code and stderr of a command line; $RAW is rawwfile."""
    environment = clean_environment({"PYTHON": sys.executable})
    line = line.replace("$RAW", '"$PYTHON" -m rawwfile')
    done = subprocess.run(["sh", "-c", line], check=False, cwd=directory, env=environment, stderr=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, text=True, timeout=PATIENCE)  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("$RAW check answer >&-", 0, ""),
        ("$RAW check - <&-", 2, "rawwfile check: -: no bytes to check. See rawwfile check --help.\n"),
        ("$RAW lab list | head -1", 0, ""),
    ],
)
def test_closed(line: str, code: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "answer").write_bytes(RESPONSE)
    assert in_shell(line, tmp_path) == (code, said)


def test_full(tmp_path: Path) -> None:
    (tmp_path / "answer").write_bytes(RESPONSE)
    if os.path.exists("/dev/full"):
        for command, name in ("check answer", "rawwfile check"), ("help wire", "rawwfile"):
            said = f"{name}: stdout: No space left on device.\n"
            assert in_shell(f"$RAW {command} >/dev/full", tmp_path) == (2, said)
