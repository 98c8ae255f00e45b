"""The framework of the labs: loading, visiting, judging, the bounds, and the guard."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from types import ModuleType

import pytest

from rawwfile.errors import ConfigError, HTTPError, StartError, TargetError
from rawwfile.lab import visit as visiting
from rawwfile.lab.course import Lab, all_labs, lab_number
from rawwfile.lab.expectations import read_by_http_client
from rawwfile.lab.folder import LabFolder, Progress, number_here
from rawwfile.lab.guard import NotThisMachine, is_loopback, loopback_only
from rawwfile.lab.judging import NotYet, Outcome
from rawwfile.lab.running import check, read_predictions, wait_for_ends
from rawwfile.lab.seen import shown_lines
from rawwfile.lab.student import Reloading, application_of, load_file, load_within
from rawwfile.lab.text import SECTIONS, items, read_text
from rawwfile.lab.visit import Visit
from rawwfile.tape.model import ConnectionTape, Tape
from tests.live import PATIENCE

pytestmark = pytest.mark.usefixtures("quiet")

HELLO = lab_number(1)

PAGE = """
from rawwfile import expose, response
class Root:
    @expose
    def index(self):
        response.sendResponse = 0
{body}
root = Root()
"""


def written(folder: Path, text: str, name: str = "answer.py") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def checked(folder: Path, body: str, seconds: float = PATIENCE) -> Outcome:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return check(HELLO, written(folder, PAGE.format(body=lines)), seconds=seconds)[0]


# -- a student's file


@pytest.mark.parametrize(
    "text, words",
    [
        ("x = (\n", "answer.py:1: "),
        ("x = 1\nraise ValueError('no\\nnever')\n", "answer.py:2: ValueError: no never"),
        ("import nothing_of_this_name\n", "answer.py:1: ModuleNotFoundError"),
        ("raise SystemExit(3)\n", "answer.py:1: the program ended itself"),
        ("x = 1\n", 'answer.py has no "root"'),
        ("root = 5\n", "answer.py: "),
    ],
)
def test_a_file_that_cannot_be_run_is_an_outcome(tmp_path: Path, text: str, words: str) -> None:
    outcome, _ = check(HELLO, written(tmp_path, text))

    assert outcome.failed is not None
    assert outcome.failed.id == "loads"
    assert words in outcome.failed.saw


def test_a_file_that_is_not_there_or_no_text_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="No such file"):
        check(HELLO, tmp_path / "answer.py")
    (tmp_path / "answer.py").write_bytes(b"\xff\xfe")
    with pytest.raises(StartError, match="not UTF-8"):
        check(HELLO, tmp_path / "answer.py")


def test_a_file_that_never_ends_loading_is_given_up(tmp_path: Path) -> None:
    file = written(tmp_path, "import threading\nthreading.Event().wait()\n")

    with pytest.raises(TargetError, match="not loaded within 0.01 seconds"):
        load_within(file, 0.01)


def test_a_handler_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    outcome = checked(tmp_path, "1 / 0")

    assert outcome.failed is not None and outcome.failed.id == "crash"


def test_the_same_answer_loads_fresh_each_time(tmp_path: Path) -> None:
    file = written(tmp_path, "root = 1\n")
    assert load_file(file).root == 1
    written(tmp_path, "root = 2\n")
    assert load_file(file).root == 2


def test_a_saved_file_is_served_anew(tmp_path: Path) -> None:
    file = written(tmp_path, PAGE.format(body="        return 'one'"))
    site = Reloading(file)

    first = site.current()
    assert site.current() is first
    file.write_text("root = (", "utf-8")
    for _ in range(2):
        with pytest.raises(HTTPError, match="answer.py:1: "):
            site.current()
    written(tmp_path, PAGE.format(body="        return 'three'"))
    second = site.current()
    assert second is not first
    file.unlink()
    assert site.current() is second


def test_an_application_needs_a_root() -> None:
    with pytest.raises(TargetError, match="root = Root"):
        application_of(ModuleType("empty"))


# -- bounds


def test_what_never_ends_is_given_up_in_time(tmp_path: Path) -> None:
    outcome = checked(tmp_path, "import threading\nthreading.Event().wait()", seconds=0.2)

    assert outcome.failed is not None
    assert outcome.failed.id == "time"
    assert "after 0.2 seconds" in outcome.failed.saw


def test_a_page_that_goes_on_when_everybody_has_left_is_told() -> None:
    tape = Tape()
    tape.add_connection(ConnectionTape(1))

    with pytest.raises(NotYet, match="still running 0.01 seconds after everybody had left"):
        wait_for_ends(tape, seconds=0.01)


def test_what_sends_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "MOST_BYTES", 100_000)

    body = "response.wfile.write('HTTP/1.1 200 OK\\r\\n\\r\\n')\nwhile 1: response.wfile.write('x' * 9999)"
    outcome = checked(tmp_path, body)

    assert outcome.failed is not None
    assert outcome.failed.id == "bytes"


def test_connections_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "MOST_CONNECTIONS", 2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        visit = Visit(server.getsockname())
        visit.connect()
        visit.connect()
        with pytest.raises(NotYet, match="more than 2 connections"):
            visit.connect()
        visit.close()


def test_a_visit_is_to_this_machine() -> None:
    with pytest.raises(ValueError, match="127.0.0.1 alone"):
        Visit(("192.0.2.1", 80))


# -- the guard


@pytest.mark.parametrize(
    "address, ours",
    [
        (("127.0.0.1", 80), True),
        (("127.3.2.1", 80), True),
        (("::1", 80, 0, 0), True),
        (("localhost", 80), True),
        ("/run/socket", True),
        (("0.0.0.0", 80), False),
        (("", 80), False),
        (("192.0.2.1", 80), False),
        (("example.org", 80), False),
        (("2001:db8::1", 80, 0, 0), False),
    ],
)
def test_loopback_addresses(address: object, ours: bool) -> None:
    assert is_loopback(address) is ours


def test_other_addresses_are_refused_in_every_thread_while_the_guard_stands() -> None:
    errors: list[str] = []

    def speak() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            try:
                sock.connect(("192.0.2.1", 9))
            except NotThisMachine as error:
                errors.append(str(error))

    with loopback_only(), loopback_only():
        thread = threading.Thread(target=speak)
        thread.start()
        thread.join()
        with socket.socket() as sock, pytest.raises(NotThisMachine):
            sock.bind(("0.0.0.0", 0))
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname()).close()
    assert errors == ["a lab speaks to 127.0.0.1 alone, not to 192.0.2.1"]
    with socket.socket() as sock:
        sock.bind(("0.0.0.0", 0))


def test_a_student_file_cannot_reach_another_machine(tmp_path: Path) -> None:
    file = written(tmp_path, "import socket\nwith socket.socket() as s:\n    s.connect(('192.0.2.1', 80))\n")

    outcome, _ = check(HELLO, file)

    assert outcome.failed is not None
    assert "a lab speaks to 127.0.0.1 alone, not to 192.0.2.1" in outcome.failed.saw


# -- texts


def test_a_text_is_read_by_its_sections() -> None:
    text = read_text("".join(f"{name}: 5\n" for name in SECTIONS) + "Further: more\n")

    assert text.minutes == 5
    assert text["Answers"] == "5\nFurther: more"


@pytest.mark.parametrize(
    "text, words",
    [
        ("Title: x\nMinutes: 5\n", "there is no section Learns"),
        ("once upon a time\n", "text before the first section"),
        ("".join(f"{name}: x\n" for name in SECTIONS), "Minutes is a number"),
        ("".join(f"{name}:\n" for name in SECTIONS), "the section Title is empty"),
        ("".join(f"{name}: 5\n{'more' if name == 'Title' else ''}\n" for name in SECTIONS), "more than one line"),
    ],
)
def test_a_text_that_is_not_whole_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_text(text)


def test_items_go_on_in_indented_lines() -> None:
    assert items("- one\n  and more\n- two") == ["one and more", "two"]


def test_predictions_are_read_line_by_line() -> None:
    assert read_predictions("# no: yes\nA  curl : hel\nb: \n\nnothing\n") == {"a curl": "hel", "b": ""}


# -- what is shown


def test_recorded_bytes_are_shown_without_harm() -> None:
    assert list(shown_lines(b"a\x1b[2J\r\nb")) == ["a\\x1b[2J␍␊", "b"]
    assert list(shown_lines(b"")) == ["(nothing)"]
    assert list(shown_lines(b"x\n" * 15)) == ["x␊"] * 15
    assert list(shown_lines(b"x\n" * 20)) == ["x␊"] * 8 + ["... 6 more lines ..."] + ["x␊"] * 6
    assert list(shown_lines(b"x" * 100)) == ["x" * 70 + "..."]


def test_an_outcome_says_what_was_seen_the_rule_and_the_next_step() -> None:
    outcome = Outcome(7, "Chunks", ["it began"], NotYet("x", "no end", "RFC 9112 section 7.1", "End it."), ["5␍␊"])

    assert outcome.text().splitlines() == [
        "Lab 7, Chunks: not yet.",
        "",
        "  ok       it began",
        "  not yet  no end",
        "",
        "What was recorded:",
        "    5␍␊",
        "",
        "Rule:      RFC 9112 section 7.1",
        "Next step: End it.",
    ]
    assert str(outcome.failed) == "no end (RFC 9112 section 7.1). End it."


@pytest.mark.parametrize(
    "data, content, trouble",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!", b"hi", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", b"hi", "IncompleteRead"),
        (b"hello", b"", "BadStatusLine"),
        (b"", b"", "RemoteDisconnected"),
    ],
)
def test_http_client_reads_recorded_bytes(data: bytes, content: bytes, trouble: str) -> None:
    reading = read_by_http_client(data)

    assert (reading.content, reading.trouble) == (content, trouble)


# -- folders


def test_a_folder_is_made_once_and_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = LabFolder(HELLO, tmp_path)
    assert folder.state == ""
    assert folder.make()
    folder.answer.write_text("mine", "utf-8")
    assert not folder.make()
    assert folder.answer.read_text("utf-8") == "mine"
    assert LabFolder(HELLO, folder.path).path == folder.path
    assert folder.state == "begun"


def test_progress_is_kept_and_a_broken_file_does_not_matter(tmp_path: Path) -> None:
    folder = LabFolder(HELLO, tmp_path)
    folder.keep(Progress(1, 1, True))
    folder.make()
    assert folder.progress == Progress()
    folder.keep(Progress(2, 3, True))
    assert folder.progress == Progress(2, 3, True)
    assert folder.state == "passed"
    (folder.path / ".progress").write_text("[]", "utf-8")
    assert folder.progress == Progress()


def test_the_lab_of_the_place_where_one_stands(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no lab folder"):
        number_here(tmp_path)
    (tmp_path / "lab-03").mkdir()
    assert number_here(tmp_path) == 3
    (tmp_path / "lab-04").mkdir()
    with pytest.raises(ConfigError, match="several"):
        number_here(tmp_path)
    assert number_here(tmp_path / "lab-04") == 4


def test_a_lab_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigError, match=f"there are 1 to {max(all_labs())}"):
        lab_number(99)


def test_a_lab_is_its_folder() -> None:
    assert isinstance(HELLO, Lab)
    assert HELLO.answer_name == "answer.py"
    assert HELLO.rights[0] == HELLO.right
    assert HELLO.pages is None
