"""Programs that use the modules of 2.x print what Python 2.7 printed (recorded by record_old_modules.py)."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rawwfile

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "old_modules" / "recorded.json").read_text())
RUN = """\
import sys, warnings
from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.python2.runtime import builtins_for
warnings.simplefilter("ignore")
source = open(sys.argv[1], encoding="latin-1").read()
names = {"__builtins__": builtins_for(), "__name__": "__main__"}
sys.stdout.reconfigure(encoding="latin-1", newline="\\n")
exec(compile(Translator("2").module(source, sys.argv[1]), sys.argv[1], "exec"), names)
"""


def programs():
    spec = importlib.util.spec_from_file_location("record_old_modules", HERE / "record_old_modules.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.programs()


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_program(name, tmp_path):
    """In a process of its own: it starts threads and servers, and leaves files to the collector."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(programs()[name])],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(rawwfile.__file__).parent.parent), "TZ": "UTC", "no_proxy": "*"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode("latin-1").split("\n") == RECORDED[name]


def test_every_program_is_recorded():
    assert sorted(programs()) == sorted(RECORDED)
