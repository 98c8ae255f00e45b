"""What goes wrong in a class: programs that fail, wait or ask, folders that cannot be written, odd places."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from rawwfile.cli.main import main
from rawwfile.lab.course import all_labs, lab_number
from rawwfile.lab.folder import LabFolder
from rawwfile.lab.judging import NotYet, Outcome
from rawwfile.lab.live import _open_recording
from rawwfile.lab.running import check
from rawwfile.lab.visit import Visit
from tests.live import PATIENCE

pytestmark = pytest.mark.usefixtures("quiet")

HELLO = lab_number(1)

PAGE = """
from rawwfile import HTTPError, expose, request, response
class Root:
    @expose
    def {name}(self):
        response.sendResponse = 0
        response.wfile.write("HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\n")
        {line}
root = Root()
"""


def checked(folder: Path, text: str, number: int = 1, name: str = "answer.py") -> Outcome:
    file = folder / name
    file.write_text(text, "utf-8")
    return check(lab_number(number), file, seconds=PATIENCE)[0]


def failed(outcome: Outcome) -> NotYet:
    assert outcome.failed is not None, outcome.text()
    return outcome.failed


# -- programs that fail


@pytest.mark.parametrize(
    "line, words",
    [
        ("response.wfile.write(len('abc'))", "answer.py:8: TypeError"),
        ("int('x')", "answer.py:8: ValueError: invalid literal"),
        ("raise SystemExit", "answer.py:8: the program ended itself"),
        ("raise KeyboardInterrupt", "answer.py:8: KeyboardInterrupt"),
    ],
)
def test_a_page_that_fails_after_its_first_bytes_is_told_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    told = failed(checked(tmp_path, PAGE.format(name="index", line=line)))

    assert (told.id, words in told.saw) == ("crash", True), told
    assert told.saw.startswith("the page / failed: ")
    assert told.step == "Mend this line, save, and check again."


def test_a_page_that_fails_at_once_shows_no_error_page_of_the_server(tmp_path: Path) -> None:
    text = PAGE.format(name="index", line="pass").replace("response.sendResponse = 0", "1 / 0")
    outcome = checked(tmp_path, text)

    assert "answer.py:6: ZeroDivisionError" in failed(outcome).saw
    assert outcome.shown == []


def test_what_a_page_raises_on_purpose_is_no_failure(tmp_path: Path) -> None:
    told = failed(checked(tmp_path, PAGE.format(name="index", line="raise HTTPError(404)")))

    assert told.id != "crash"


def test_a_page_that_is_not_there_is_called_by_its_name(tmp_path: Path) -> None:
    told = failed(checked(tmp_path, PAGE.format(name="hello", line="pass")))

    assert told.id == "no-page"
    assert told.saw == "there is no page at /: the server answered 404"
    assert told.step == "Write def index(self): in your class, with @expose above it."


def test_whatever_ends_a_program_that_loads_is_told(tmp_path: Path) -> None:
    told = failed(checked(tmp_path, "raise KeyboardInterrupt\n"))

    assert (told.id, "answer.py:1: KeyboardInterrupt" in told.saw) == ("loads", True)


def test_a_root_that_is_no_site_is_told_without_options_of_other_commands(tmp_path: Path) -> None:
    told = failed(checked(tmp_path, "root = 3\n"))

    assert "nothing on it is marked with @expose" in told.saw
    assert "--interface" not in told.saw


@pytest.mark.parametrize("name", ["example.org", b"example.org"])
def test_names_of_other_machines_are_not_even_looked_up(tmp_path: Path, name: object) -> None:
    told = failed(checked(tmp_path, f"import socket\nsocket.getaddrinfo({name!r}, 80)\n"))

    assert "answer.py:2: " in told.saw and "127.0.0.1 alone, not to example.org" in told.saw


def test_a_failure_is_told_although_the_visits_were_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = lab_number(1)

    def drive(visit: Visit) -> None:
        visit.get("/")
        raise NotYet("gone", "nobody came", "a rule", "A step.")

    monkeypatch.setattr(lab.check, "drive", drive)
    file = tmp_path / "answer.py"
    file.write_text(PAGE.format(name="index", line="int('x')"), "utf-8")

    assert "answer.py:8: ValueError" in failed(check(lab, file, seconds=PATIENCE)[0]).saw


def test_a_failure_that_is_an_answer_in_this_lab_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = lab_number(1)
    monkeypatch.setattr(lab.check, "RAISED_ON_PURPOSE", (ValueError,), raising=False)
    file = tmp_path / "answer.py"
    file.write_text(PAGE.format(name="index", line="int('x')"), "utf-8")

    assert failed(check(lab, file, seconds=PATIENCE)[0]).id == "head-unfinished"


# -- answers in files of other names


@pytest.mark.parametrize("name", ["mine.txt", "mine.py", "mine"])
def test_a_file_is_what_the_lab_asks_for_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    text = lab_number(2).right.read_text("utf-8")

    outcome = checked(tmp_path, f"\ufeff{text}", 2, name)

    assert outcome.passed, outcome.text()


@pytest.mark.parametrize(
    "text, id",
    [("", "nothing-sent"), ("GET /hello/Ada HTTP/1.1\nHost: x\n\n", "no-line-end"), ("GET /\\q", "escapes")],
)
@pytest.mark.parametrize("number", [2, 11])
def test_a_request_in_which_no_line_ends_is_told_so(tmp_path: Path, number: int, text: str, id: str) -> None:
    assert failed(checked(tmp_path, text, number, "answer.http")).id == id


# -- the visitor


def test_a_response_without_a_length_is_taken_whole_and_a_second_one_is_left() -> None:
    pages = [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 60_000]
    with socket.create_server(("127.0.0.1", 0)) as server:
        visit = Visit(server.getsockname(), seconds=PATIENCE)
        line = visit.connect()
        peer, _ = server.accept()
        peer.settimeout(PATIENCE)
        peer.sendall(b"".join(pages))
        peer.close()

        assert [line.response(), line.response()] == pages
        visit.close()


# -- folders


def test_from_within_the_folder_of_one_lab_the_others_are_beside_it(tmp_path: Path) -> None:
    first = LabFolder(HELLO, tmp_path)
    first.make()

    second = LabFolder(lab_number(2), first.path)
    second.make()

    assert second.path == tmp_path / "lab-02"
    assert LabFolder(HELLO, second.path).state == "begun"


def test_the_instructions_name_the_port_where_the_lab_is_served(tmp_path: Path) -> None:
    for lab in all_labs().values():
        assert "8000" not in lab.instructions(8123)
        assert lab.instructions(8000) == lab.instructions()
    folder = LabFolder(HELLO, tmp_path)
    folder.make(8123)
    assert "curl -i http://127.0.0.1:8123/\n" in (folder.path / "lab.txt").read_text("utf-8")


def test_a_second_server_of_a_lab_leaves_the_recording_of_the_first_alone(tmp_path: Path) -> None:
    file = tmp_path / "tape.wire"
    with _open_recording(file) as first:
        first.write('{"wire": 1}\n')
        first.flush()
        with _open_recording(file) as second:
            first.write("first again\n")
            second.write("second\n")

    assert file.read_text("utf-8") == "second\n"


@pytest.mark.parametrize("taken", [".progress", "check.wire"])
def test_where_nothing_can_be_kept_the_answer_stands(
    tmp_path: Path, taken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = LabFolder(HELLO, tmp_path)
    folder.make()
    (folder.path / taken).mkdir()
    folder.answer.write_text(HELLO.right.read_text("utf-8"), "utf-8")
    monkeypatch.chdir(folder.path)

    assert main(["lab", "check"]) == 0
    said = capsys.readouterr()
    assert "passed." in said.out and "The next one: rawwfile lab start 2" in said.out
    assert said.err.count("\n") == 1 and "this is not remembered" in said.err
    assert main(["lab", "hint"]) == 0


def test_nobody_is_asked_for_input_and_nothing_is_shown_that_was_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = LabFolder(HELLO, tmp_path)
    folder.make()
    folder.answer.write_text("name = input()\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    before = sys.stdin

    assert main(["lab", "check", "1"]) == 1

    out = " ".join(capsys.readouterr().out.split())
    assert "answer.py:1: nobody is there to answer input(); leave it out" in out
    assert "The recording:" not in out
    assert sys.stdin is before


# -- paper


def test_sheets_fit_on_paper() -> None:
    for lab in all_labs().values():
        for line in lab.sheet().splitlines():
            assert len(line) <= 80 or " " not in line.strip(), line
        assert " ".join(lab.text["Predict"].split()) in " ".join(lab.sheet().split())
