"""legacy_examples/: each program run by Python alone, without the command, and visited as its docstring says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from rawwfile.cli.museum import exhibit
from rawwfile.cli.serve import load_application
from rawwfile.settings import Settings
from tests.commands import CHECKOUT, PATIENCE, running
from tests.docs.museum import EXAMPLES, NAMES


def visited(file, place):
    """Run the program, type its line, ask for its first page, stop it: exit codes, what curl got, what was logged."""
    line = exhibit(file.stem, file.read_text("utf-8").split('"""')[1]).to_try
    with running(cwd=place, environment={"RAWWFILE_PORT": "0"}, command=[sys.executable, str(file)]) as program:
        address = "http://{}:{}/".format(*program.address())
        curls = [
            subprocess.run(["sh", "-c", each], cwd=place, capture_output=True, timeout=PATIENCE, check=False)
            for each in (line.replace("http://127.0.0.1:8000/", address), f"curl -si {address}")
        ]
        code = program.stop()
        return code, [curl.returncode for curl in curls], curls[1].stdout, program.lines


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """What came of each program, by name."""
    assert shutil.which("curl"), "the lines to try need curl; .ci/run installs it"
    place = tmp_path_factory.mktemp("alone")
    shutil.copy(CHECKOUT / "README.txt", place)
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(NAMES, pool.map(lambda file: visited(file, place), EXAMPLES), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_program_runs_alone_and_its_line_works(programs, name):
    code, curls, first_page, lines = programs[name]

    assert (code, curls) == (0, [18 if name == "mistakes" else 0, 0])
    assert re.match(rb"HTTP/1\.1 200\b", first_page) or name == "early_hints"
    logged = [line for line in lines if re.search("Traceback|error|warning", line)]
    assert len(logged) == (1 if name == "mistakes" else 0), logged


@pytest.mark.parametrize("file", EXAMPLES, ids=NAMES)
def test_a_program_is_what_the_command_serves(file):
    assert callable(load_application([str(file)], Settings()))


def test_an_option_in_the_environment_counts(tmp_path):
    file = CHECKOUT / "legacy_examples" / "who.py"
    environment = {"RAWWFILE_PORT": "0", "RAWWFILE_WIRE": "who.wire"}
    with running(cwd=tmp_path, environment=environment, command=[sys.executable, str(file)]) as program:
        program.wait_for(r"^  recorded in who\.wire ")
        subprocess.run(["curl", "-s", "http://{}:{}/".format(*program.address())], check=True, capture_output=True)
        assert program.stop() == 0
    assert '"type": "exchange"' in (tmp_path / "who.wire").read_text("utf-8")


def test_a_recording_that_cannot_be_is_one_line(tmp_path):
    file = CHECKOUT / "legacy_examples" / "who.py"
    environment = {"RAWWFILE_PORT": "0", "RAWWFILE_WIRE": "nowhere/who.wire"}
    with running(cwd=tmp_path, environment=environment, command=[sys.executable, str(file)]) as program:
        assert program.wait() == 2
    assert len(program.lines) == 1 and "nowhere/who.wire" in program.lines[0]
