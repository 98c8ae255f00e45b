"""Whatever a student's file does to the process that runs it: an answer, in bounded time, and no traceback of ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from rawwfile.cli import lab as command
from rawwfile.cli.main import main
from rawwfile.errors import ConfigError, HTTPError, StartError, TargetError
from rawwfile.glass.pieces import Piece
from rawwfile.lab import apart, running, student
from rawwfile.lab.apart import check_apart
from rawwfile.lab.course import Lab, lab_number
from rawwfile.lab.ending import no_sudden_end
from rawwfile.lab.folder import LabFolder, number_here, write_whole
from rawwfile.lab.judging import NotYet, Outcome
from rawwfile.lab.program import call
from rawwfile.lab.running import _with_line, check
from rawwfile.lab.student import MOST_SAID, LoadsTooLong, Reloading, failure, line_running, load_file, site_within
from rawwfile.lab.visit import Line
from tests.commands import PATIENCE, clean_environment, finished

pytestmark = pytest.mark.usefixtures("quiet")

HELLO = lab_number(1)
RIGHT = HELLO.right.read_text("utf-8")

PAGE = """
import os, signal, sys, threading
from rawwfile import expose, response
class Root:
    @expose
    def index(self):
        {line}
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 3\\r\\n\\r\\nhi\\n")
root = Root()
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "answer.py"
    file.write_text(text, "utf-8")
    return file


def failed(outcome: Outcome) -> NotYet:
    assert outcome.failed is not None, outcome.text()
    return outcome.failed


# -- a program that ends its process


@pytest.mark.parametrize("end", ["os._exit(0)", "os._exit(1)", "os._exit(status=3)", "os.abort()", "sys.exit()"])
def test_a_program_that_ends_its_process_is_told_with_its_line(tmp_path: Path, end: str) -> None:
    at_once, in_page = f"import os, sys\n{end}\n", PAGE.format(line=end)

    told = failed(check(HELLO, written(tmp_path, at_once), seconds=PATIENCE)[0])
    assert (told.id, "answer.py:2: the program ended itself" in told.saw) == ("loads", True)
    told = failed(check(HELLO, written(tmp_path, in_page), seconds=PATIENCE)[0])
    assert (told.id, "the page / failed: answer.py:7: the program ended itself" in told.saw) == ("crash", True)


def test_ends_of_the_process_are_as_they_were_afterwards() -> None:
    real = os._exit
    with no_sudden_end(), no_sudden_end():
        with pytest.raises(SystemExit):
            os._exit(1)
    assert os._exit is real


def test_the_server_and_forked_processes_end_as_they_like(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)

    with no_sudden_end():
        exec("os._exit(130)", {"os": os, "__name__": "rawwfile.server.lifecycle"})
        monkeypatch.setattr(os, "getpid", lambda: -1)
        os._exit(5)

    assert ended == [130, 5]


# -- exceptions that cannot be said, or say too much


@pytest.mark.parametrize(
    "text, said",
    [
        ("class E(Exception):\n    def __str__(self): raise RuntimeError\nraise E", "answer.py:3: E"),
        ("class E(Exception):\n    def __str__(self): return 5\nraise E", "answer.py:3: E"),
        ("class E(Exception):\n    def __str__(self): raise SystemExit\nraise E", "answer.py:3: E"),
        ("raise ValueError('a\\x1b[2J\\x00\\u202e\\ud800')", r"answer.py:1: ValueError: a\x1b[2J\x00\u202e\ud800"),
        ("raise ValueError('x' * 9_000_000)", f"answer.py:1: ValueError: {'x' * MOST_SAID}..."),
        ("raise type('E\\x1b', (Exception,), {})", r"answer.py:1: E\x1b"),
        ("raise GeneratorExit", "answer.py:1: GeneratorExit"),
        ("def f(): f()\nf()", "answer.py:1: RecursionError: maximum recursion depth exceeded"),
        ("x = '\x1b[2J", r"answer.py:1: unterminated string literal (detected at line 1): x = '\x1b[2J"),
        ("# coding: nonsense", "answer.py:1: unknown encoding: nonsense"),
    ],
)
def test_a_failure_is_one_short_line_that_prints(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TargetError) as caught:
        load_file(written(tmp_path, text))

    assert str(caught.value).startswith(said)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text, said",
    [
        ("class Root:\n    def __init__(self): 1 / 0\nroot = Root", "answer.py:2: ZeroDivisionError"),
        ("class Root:\n    def __init__(self, x): pass\nroot = Root", "answer.py: TypeError: "),
        ("class Root:\n    def __init__(self): raise SystemExit\nroot = Root", "answer.py:2: the program ended itself"),
        ("def __getattr__(name): raise SystemExit", "answer.py:1: the program ended itself"),
    ],
)
def test_a_root_that_fails_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(TargetError) as caught:
        site_within(written(tmp_path, text), PATIENCE)

    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("raised", ["KeyboardInterrupt", "GeneratorExit", "SystemExit"])
def test_whatever_a_program_raises_when_it_is_called_is_its_failure(tmp_path: Path, raised: str) -> None:
    program = load_file(written(tmp_path, f"def ask():\n    raise {raised}\n"))
    visit: Any = SimpleNamespace(program=program, left=lambda: PATIENCE)

    assert call(visit, "ask").trouble.startswith("answer.py:2: ")


# -- what never ends


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Path]:
    """A program one of whose threads stands in line 2."""
    ready, gate = threading.Event(), threading.Event()
    module = ModuleType("answer")
    module.__dict__.update(ready=ready, gate=gate)
    file = written(tmp_path, "def run():\n    ready.set() or gate.wait()\n")
    exec(compile(file.read_text("utf-8"), str(file), "exec"), module.__dict__)
    thread = threading.Thread(target=module.run)
    thread.start()
    assert ready.wait(PATIENCE)
    yield file
    gate.set()
    thread.join(PATIENCE)


def test_the_line_that_is_still_running_is_named(waiting: Path) -> None:
    assert line_running(waiting) == "answer.py:2"
    assert line_running(waiting, threading.current_thread()) == ""
    told = _with_line(NotYet("time", "no end was in sight", "a bound", "Look."), waiting)
    assert told.saw == "no end was in sight; answer.py:2 was still running"
    other = NotYet("by-hand", "the server wrote it", "a rule", "Write.")
    assert _with_line(other, waiting) is other


def test_a_file_that_never_ends_loading_is_begun_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Path] = []

    def never(path: Path) -> Any:
        begun.append(path)
        raise LoadsTooLong("too long")

    monkeypatch.setattr(student, "site_within", never)
    site = Reloading(written(tmp_path, "while True: pass\n"))

    for _ in range(3):
        with pytest.raises(HTTPError, match="too long"):
            site.current()
    assert len(begun) == 1
    written(tmp_path, "while True:\n    pass\n")
    with pytest.raises(HTTPError, match="too long"):
        site.current()
    assert len(begun) == 2


def test_pauses_that_take_longer_than_a_check_are_told_at_once() -> None:
    visit: Any = SimpleNamespace(left=lambda: 20.0)
    line: Any = SimpleNamespace(visit=visit)

    with pytest.raises(NotYet, match="the pauses take 60 seconds together"):
        Line.send_pieces(line, [Piece(b"a", 30.0), Piece(b"b", 30.0)])


# -- a check in a process of its own


def test_a_check_apart_is_the_same(tmp_path: Path) -> None:
    file = written(tmp_path, RIGHT)
    outcome, recorded = check_apart(HELLO, file)

    assert outcome == check(HELLO, file, seconds=PATIENCE)[0]
    assert '"wire": ' in recorded.splitlines()[0]
    outcome, recorded = check_apart(HELLO, written(tmp_path, PAGE.format(line="1 / 0")))
    assert "answer.py:7: ZeroDivisionError" in failed(outcome).saw
    assert recorded


@pytest.mark.parametrize("name", ["SIGKILL", "SIGALRM"])
def test_a_process_that_is_ended_is_told(tmp_path: Path, name: str) -> None:
    line = f"os.kill(os.getpid(), signal.{name}); threading.Event().wait()"

    outcome, recorded = check_apart(HELLO, written(tmp_path, PAGE.format(line=line)))

    assert (failed(outcome).id, recorded) == ("ended", "")
    assert name in failed(outcome).saw


@pytest.mark.parametrize(
    "text, error, saw, step",
    [
        ("x = 1\n", KeyboardInterrupt(), "answer.py: KeyboardInterrupt", "please report it."),
        ("x = 1\n", OSError(9, "Bad file descriptor"), "answer.py: OSError: [Errno 9] Bad file", "please report it."),
        ("x = 1\nraise ValueError('no')\n", None, "answer.py:2: ValueError: no", "Mend this line"),
    ],
)
def test_a_check_that_the_program_breaks_is_an_outcome(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, error: BaseException | None, saw: str, step: str
) -> None:
    file = written(tmp_path, text)

    def broken(lab: Lab, answer: Path) -> None:
        if error is not None:
            raise error
        exec(compile(text, str(answer), "exec"), {})

    monkeypatch.setattr(running, "check", broken)
    report, recorded = apart._checked(HELLO, file)
    told = failed(apart._outcome(HELLO, report))

    assert (told.id, recorded) == ("broken", "")
    assert told.saw.startswith(f"the check could not be finished: {saw}")
    assert step in told.step


def test_what_lets_nothing_else_run_is_ended(tmp_path: Path) -> None:
    file = written(tmp_path, 'import re\nre.match("(a|aa)+$", "a" * 90 + "b")\n')

    told = failed(check_apart(HELLO, file, seconds=1.0)[0])

    assert told.id == "time"
    assert "not done after 1 seconds" in told.saw


def test_where_a_process_ended_is_read_from_its_stacks(tmp_path: Path) -> None:
    answer = tmp_path / "answer.py"
    stacks = f'Fatal Python error: Segmentation fault\n  File "x.py", line 3 in a\n  File "{answer}", line 7 in index\n'

    assert apart._ended(-11, stacks, answer, 90.0).saw.startswith("answer.py:7: the program ended the check's process")
    assert "SIGSEGV" in apart._ended(-11, "", answer, 90.0).saw
    assert "the exit code 3" in apart._ended(3, "", answer, 90.0).saw
    assert "the signal 99" in apart._ended(-99, "", answer, 90.0).saw
    assert apart._ended(1, "Timeout (0:01:30)!\n", answer, 90.0).id == "time"
    assert apart._ended(None, "", answer, 90.0).id == "time"


@pytest.mark.parametrize("kind, config", [(ConfigError, True), (StartError, False)])
def test_what_the_child_cannot_begin_is_raised_here(kind: type[StartError], config: bool) -> None:
    with pytest.raises(kind, match="no openssl") as caught:
        apart._outcome(HELLO, {"error": "no openssl", "config": config})
    assert type(caught.value) is kind


def test_a_child_ends_with_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    monkeypatch.setattr(apart, "_end", ended.append)
    mine, parent = os.pipe()
    os.close(parent)

    left = tmp_path / "left"
    left.mkdir()
    apart._end_with_parent(mine, left)
    os.close(mine)

    assert ended == [1]
    assert not left.exists()


# -- the command


def begun(folder: Path, text: str = RIGHT) -> LabFolder:
    made = LabFolder(HELLO, folder)
    made.make()
    made.answer.write_text(text, "utf-8")
    return made


def test_a_program_that_ends_its_process_does_not_end_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(tmp_path, "import os\nos._exit(0)\n")
    monkeypatch.chdir(tmp_path)

    assert main(["lab", "check", "1"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "not yet the file cannot be run: answer.py:2: the program ended itself; leave that out" in out


def test_what_a_program_leaves_behind_holds_nobody_up(tmp_path: Path) -> None:
    begun(tmp_path, RIGHT + """
import atexit, os, sys, threading
forever = threading.Event()
threading.Thread(target=forever.wait, daemon=False).start()
atexit.register(forever.wait)
print("still here", flush=True)
sys.stdout.close()
sys.stderr = None
os.chdir("/")
if os.fork() == 0:
    forever.wait()
""")  # fmt: skip

    done = finished("lab", "check", "1", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stdout.startswith("still here\nLab 1, Say hello by hand: passed.\n")
    assert "The recording: rawwfile wire show lab-01/check.wire\n" in done.stdout
    assert "Traceback" not in done.stderr


def test_modules_of_the_folder_do_not_stand_in_for_pythons(tmp_path: Path) -> None:
    begun(tmp_path)
    for name in ("json", "socket", "http", "tempfile", "answer"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not this one')\n", "utf-8")

    assert finished("lab", "check", "1", cwd=tmp_path).returncode == 0


def test_an_interrupt_ends_a_check_quietly(tmp_path: Path) -> None:
    begun(tmp_path, "print('begun', flush=True)\nimport threading\nthreading.Event().wait()\n")
    # Where the tests run in the background, SIGINT may be ignored.
    code = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from rawwfile.cli.main import main\nsys.exit(main(['lab', 'check', '1']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env=clean_environment(), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()

    assert (process.returncode, out, err) == (130, "", "")


@pytest.mark.parametrize("words", [("check", "1"), ("sheet", "all")])
def test_signs_that_the_output_has_not_are_escaped(tmp_path: Path, words: tuple[str, ...]) -> None:
    begun(tmp_path, RIGHT.replace("Content-Length", "Other"))

    done = finished("lab", *words, cwd=tmp_path, environment={"PYTHONIOENCODING": "ascii"})

    assert done.returncode == (words[0] == "check")
    assert "Traceback" not in done.stderr
    assert "\\u240d\\u240a" in done.stdout or words[0] == "sheet"


def test_an_outcome_fits_into_a_narrow_terminal() -> None:
    text = Outcome(1, "Hello", ["word " * 20], NotYet("x", "word " * 20, "word " * 20, "word " * 20)).text(40)

    assert max(map(len, text.splitlines())) <= 40


@pytest.mark.parametrize(
    "make, said",
    [
        (lambda file: file.unlink(), "lab-01/answer.py is not there: rawwfile lab start 1 lays a new one."),
        (lambda file: (file.unlink(), file.mkdir()), "answer.py is a directory."),
        (lambda file: (file.unlink(), os.mkfifo(file)), "answer.py is no file."),
        (lambda file: file.write_bytes(b"x = 1\ny = '\xe4'\n"), "is not UTF-8 text (line 2, byte 11): save it"),
        (lambda file: file.write_bytes("x".encode("utf-16")), "is not UTF-8 text (line 1, byte 0)"),
        (lambda file: file.write_bytes(b"#" * ((1 << 20) + 1)), "is larger than 1048576 bytes."),
    ],
)
def test_a_file_that_cannot_be_read_is_one_line_and_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], make: Any, said: str
) -> None:
    make(begun(tmp_path).answer)
    monkeypatch.chdir(tmp_path)

    assert main(["lab", "check", "1"]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1


@pytest.mark.parametrize("words", [["list"], ["check", "1"], ["check"], ["hint", "1"], ["start", "1", "--port", "0"]])
def test_a_folder_that_is_gone_is_one_line_and_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    def gone() -> Path:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(command.Path, "cwd", gone)

    assert main(["lab", *words]) == 2
    said = capsys.readouterr()
    assert said.err == "rawwfile lab: the folder you stand in is not there any more: cd to another.\n"
    assert said.out == ""


def test_a_folder_that_cannot_be_listed_says_nothing_of_a_lab(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="say which lab"):
        number_here(tmp_path / "gone")


def test_standard_streams_are_as_they_were_whatever_a_program_did(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdin, sys.stdout, sys.stderr
    with command._streams_kept():
        assert sys.stdin.read() == ""
        print("said")
        sys.stdout.close()
        print("and again")
        sys.stderr.close()
        sys.stdout = None  # type: ignore[assignment]
    assert (sys.stdin, sys.stdout, sys.stderr) == before
    assert capsys.readouterr().out == "said\nand again\n"


# -- two at once


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "check.wire"
    write_whole(file, "one\n")
    with file.open(encoding="utf-8") as reader:
        write_whole(file, json.dumps("\ud800", ensure_ascii=False))
        assert reader.read() == "one\n"
    assert json.loads(file.read_text("utf-8")) == "\ud800"
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError) as caught:
        write_whole(tmp_path / "taken", "two\n")
    assert caught.value.filename == str(tmp_path / "taken")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["check.wire", "taken"]


def test_a_failure_of_another_file_is_told_without_a_line(tmp_path: Path) -> None:
    assert failure(tmp_path / "answer.py", ValueError("x")) == "answer.py: ValueError: x"
    assert failure(tmp_path / "answer.py", EOFError()).endswith("nobody is there to answer input(); leave it out")
