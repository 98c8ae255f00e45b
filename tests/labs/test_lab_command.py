"""`rawwfile lab ...`: from the first start to the check that passes."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rawwfile.cli import lab as command
from rawwfile.cli.main import main
from rawwfile.lab.course import all_labs, lab_number
from rawwfile.tape.wirereader import read_wire
from tests.commands import PATIENCE, clean_environment, finished

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `rawwfile lab WORDS` in an empty folder, or in one below it: code, stdout, stderr."""

    def run(*words: str, below: str = "") -> tuple[int, str, str]:
        monkeypatch.chdir(tmp_path / below)
        code = main(["lab", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def begun(folder: Path, number: int) -> Path:
    """The folder of a lab as `lab start` makes it."""
    from rawwfile.lab.folder import LabFolder

    made = LabFolder(lab_number(number), folder)
    made.make()
    return made.path


def test_without_words_it_lists_its_actions(run: Run) -> None:
    code, out, err = run()
    assert (code, out) == (2, "") and "start" in err
    assert run("--help") == (0, err, "")


@pytest.mark.parametrize("action", command.ACTIONS)
def test_each_action_has_help_with_three_examples(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lab", action, "--help"])

    assert ended.value.code == 0
    out = capsys.readouterr().out
    examples = out.partition("examples:\n")[2].splitlines()
    assert len(examples) == 3
    assert all("rawwfile lab " + action in line for line in examples)


@pytest.mark.parametrize(
    "words, said",
    [
        (["strat"], "there is no action strat. Did you mean start?"),
        (["--porrt"], "there is no option --porrt."),
        (["start", "99"], "there is no lab 99"),
        (["start", "one"], "N one: give a number"),
        (["start", "1", "--port", "70000"], "--port 70000: give a number up to 65535"),
        (["hint", "1"], "lab 1 is not begun here: rawwfile lab start 1 begins it"),
        (["check", "1"], "lab 1 is not begun here"),
        (["check"], "say which lab: you stand in no lab folder"),
        (["check", "1", "none.py"], "none.py: No such file or directory"),
        (["solve", "x"], "N x: give a number"),
        (["start", "1", "--no-pages"], "there is no option --no-pages. Did you mean --no-page?"),
    ],
)
def test_mistakes_are_one_line_and_code_2(run: Run, words: list[str], said: str) -> None:
    code, out, err = run(*words)

    assert (code, out) == (2, "")
    assert said in err and err.count("\n") == 1


def test_the_list_says_how_far_one_is(run: Run, tmp_path: Path) -> None:
    begun(tmp_path, 2)

    code, out, _ = run("list")

    lines = out.splitlines()
    assert code == 0 and len(lines) == len(all_labs())
    assert re.match(r" 1  Say hello by hand +20 min +the status line", lines[0])
    assert re.match(r" 2  Ask by hand +20 min  begun   the request line", lines[1])


def test_hints_come_one_by_one(run: Run, tmp_path: Path) -> None:
    begun(tmp_path, 1)
    hints = lab_number(1).text.hints

    for count in range(1, len(hints) + 1):
        code, out, _ = run("hint", below="lab-01")
        assert code == 0
        assert out.count("Hint ") == count and f"Hint {count} of {len(hints)}: " in out
    assert "lab solve 1" not in out
    assert "lab solve 1" in run("hint")[1]


def test_a_check_judges_keeps_the_recording_and_remembers(run: Run, tmp_path: Path) -> None:
    folder = begun(tmp_path, 1)

    code, out, _ = run("check")
    assert code == 1
    assert out.startswith("Lab 1, Say hello by hand: not yet.\n")
    assert out.endswith("The recording: rawwfile wire show lab-01/check.wire\n")

    (folder / "answer.py").write_text(lab_number(1).right.read_text("utf-8"), "utf-8")
    code, out, _ = run("check", "1", below="lab-01")
    assert code == 0
    assert "passed." in out
    with (folder / "check.wire").open(encoding="utf-8") as file:
        tape = read_wire(file, "check.wire")
    (connection,) = tape
    assert connection.exchanges[0].status == 200
    assert json.loads((folder / ".progress").read_text("utf-8")) == {"hints": 0, "checks": 2, "passed": True}
    assert " passed " in run("list")[1]


def test_another_file_can_be_checked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "try.py").write_text(lab_number(1).right.read_text("utf-8"), "utf-8")

    assert run("check", "1", "try.py")[0] == 0
    begun(tmp_path, 1)
    assert run("check", "../try.py", below="lab-01")[0] == 0
    assert run("check", below="lab-01")[0] == 1


def test_a_solution_is_printed_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    folder = begun(tmp_path, 1)
    before = (folder / "answer.py").read_text("utf-8")

    code, out, _ = run("solve")

    assert code == 0
    assert lab_number(1).right.read_text("utf-8").rstrip() in out
    assert (folder / "answer.py").read_text("utf-8") == before


def test_sheets_of_one_and_of_all(run: Run) -> None:
    code, one, _ = run("sheet", "1")
    assert code == 0 and one.startswith("Lab 1: ")

    code, every, _ = run("sheet", "all")
    assert code == 0
    assert len(every.split("\f")) == len(all_labs())
    assert every.startswith(one)


# -- start, as a process of its own


class Started:
    """`rawwfile lab start`, running; what it prints can be waited for."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rawwfile", "lab", "start", *words],
            cwd=folder, env=clean_environment({"COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.text = ""
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.text += line.decode("utf-8")
                self._news.notify_all()
        with self._news:
            self.text += "\n[ended]\n"
            self._news.notify_all()

    def wait_for(self, pattern: str) -> re.Match[str]:
        with self._news:
            found = self._news.wait_for(
                lambda: re.search(pattern, self.text, re.MULTILINE) or "[ended]" in self.text, PATIENCE
            )
            match = re.search(pattern, self.text, re.MULTILINE)
        assert found and match, self.text
        return match

    def fetch(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @property
    def port(self) -> int:
        return int(self.wait_for(r"^Your server:  http://127\.0\.0\.1:(\d+)/")[1])

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def started(folder: Path, *words: str) -> Iterator[Started]:
    process = Started(folder, *words)
    try:
        yield process
    finally:
        process.kill()


def test_a_lab_starts_is_served_anew_on_save_and_is_recorded(tmp_path: Path) -> None:
    with started(tmp_path, "1", "--port", "0") as lab:
        page = lab.wait_for(r"^Its bytes:    http://127\.0\.0\.1:(\d+)/\?t=(\S+)")
        lab.wait_for(r"^Ctrl-C ends\.$")
        assert lab.text.startswith("Lab 1: Say hello by hand\n")
        assert lab_number(1).instructions(lab.port) in lab.text
        assert f"curl -i http://127.0.0.1:{lab.port}/\n" in lab.text
        inspector = http.client.HTTPConnection("127.0.0.1", int(page[1]), timeout=PATIENCE)
        inspector.request("GET", f"/?t={page[2]}")
        assert inspector.getresponse().status in (200, 302, 303)
        inspector.close()

        (tmp_path / "lab-01" / "answer.py").write_text(lab_number(1).right.read_text("utf-8"), "utf-8")
        assert lab.fetch("/") == (200, b"Hello, world\n")
        lab.wait_for(r"by answer\.py:13")
        (tmp_path / "lab-01" / "answer.py").write_text("x = (\n", "utf-8")
        status, text = lab.fetch("/")
        assert status == 500 and b"answer.py:1: '(' was never closed" in text
        assert lab.stop() == 0

    with (tmp_path / "lab-01" / "tape.wire").open(encoding="utf-8") as file:
        assert [each.status for each in read_wire(file, "tape.wire").exchanges.values()] == [200, 500]


def test_a_lab_can_start_without_a_page_and_leaves_what_is_there(tmp_path: Path) -> None:
    answer = begun(tmp_path, 11) / "answer.http"
    answer.write_text("mine\n", "utf-8")

    with started(tmp_path, "11", "--port", "0", "--no-page") as lab:
        assert lab.fetch("/fast") == (200, b"fast\n")
        assert "Your folder:  lab-11/ (as you left it)" in lab.text
        assert "Its bytes:" not in lab.text
        assert lab.stop() == 0

    assert answer.read_text("utf-8") == "mine\n"


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with started(tmp_path, "1", "--port", "0", "--no-page") as lab:
        done = finished("lab", "start", "2", "--no-page", "--port", str(lab.port), cwd=tmp_path)
        assert lab.stop() == 0

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and str(lab.port) in done.stderr
