"""Writing a package: nothing that a person changed is lost, and nothing changes for nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rawwfile.cli.main import main
from rawwfile.port.output import MANIFEST, WouldOverwrite, write_package

ROOT = """\
CherryClass Root:
mask:
    def index(self):
        # note
        hello
view:
    def x(self):
        return 'x'
"""


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Root.cpy").write_text(ROOT)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def test_the_second_time_nothing_is_written(tmp_path: Path) -> None:
    files = {"a.py": b"1\n", "templates/b.html": b"2\n"}
    assert write_package(str(tmp_path), files) == ["a.py", "templates/b.html"]
    assert write_package(str(tmp_path), files) == []


def test_an_edited_file_stops_the_port_before_anything_is_written(tmp_path: Path) -> None:
    write_package(str(tmp_path), {"a.py": b"1\n", "b.py": b"1\n"})
    (tmp_path / "b.py").write_bytes(b"mine\n")
    with pytest.raises(WouldOverwrite) as caught:
        write_package(str(tmp_path), {"a.py": b"2\n", "b.py": b"2\n"})
    assert caught.value.files == ["b.py"]
    assert (tmp_path / "a.py").read_bytes() == b"1\n"
    write_package(str(tmp_path), {"a.py": b"2\n", "b.py": b"2\n"}, force=True)
    assert (tmp_path / "b.py").read_bytes() == b"2\n"


def test_an_edited_file_that_the_port_would_not_change_stops_nothing(tmp_path: Path) -> None:
    write_package(str(tmp_path), {"a.py": b"1\n"})
    (tmp_path / "a.py").write_bytes(b"2\n")
    assert write_package(str(tmp_path), {"a.py": b"2\n"}) == []


def test_files_of_others_are_never_touched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_package(str(tmp_path), {"a.py": b"1\n"})
    write_package(str(tmp_path), {"b.py": b"1\n"})
    assert sorted(contents(tmp_path)) == [MANIFEST, "b.py", "notes.txt"]


def test_a_file_of_an_earlier_port_stays_if_it_was_edited(tmp_path: Path) -> None:
    write_package(str(tmp_path), {"a.py": b"1\n"})
    (tmp_path / "a.py").write_bytes(b"mine\n")
    write_package(str(tmp_path), {"b.py": b"1\n"})
    assert (tmp_path / "a.py").read_bytes() == b"mine\n"


@pytest.mark.parametrize("text", ["not json", "[]", '{"../a.py": "0"}'])
def test_a_manifest_that_was_tampered_with_does_no_harm(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (tmp_path / "a.py").write_bytes(b"mine\n")
    (folder / MANIFEST).write_text(text)
    write_package(str(folder), {"b.py": b"1\n"})
    assert (tmp_path / "a.py").read_bytes() == b"mine\n"


def test_the_command_writes_the_package_and_prints_the_report(
    application: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["port", "Root.cpy", "-o", "made"]) == 0
    assert capsys.readouterr().out.endswith("to look at\n")
    assert (application / "made" / "root.py").is_file()


def test_the_report_as_json_names_places(application: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "Root.cpy", "--format", "json"]) == 0
    items = json.loads(capsys.readouterr().out)
    assert items and all(
        sorted(one) == ["code", "column", "file", "level", "line", "message", "to"] for one in items
    )


def test_check_says_by_its_exit_status_that_there_is_something_to_look_at(application: Path) -> None:
    assert main(["check", "Root.cpy"]) == 0
    (application / "Root.cpy").write_text(ROOT + "    def x(self):\n        return 'y'\n")
    assert main(["check", "Root.cpy"]) == 1
    assert not (application / "made").exists()


def test_a_source_that_does_not_compile_is_told_with_its_line(
    application: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (application / "Root.cpy").write_text("CherryClass Root\n")
    assert main(["port", "Root.cpy", "-o", "made"]) == 2
    said = capsys.readouterr().err
    assert "Root.cpy:1:" in said and "doesn't end with ':'" in said
    assert not (application / "made").exists()


@pytest.mark.parametrize(
    "words", [["port", "Root.cpy"], ["port", "-o", "made"], ["port", "Root.txt", "-o", "x"], ["check"]]
)
def test_a_command_that_names_too_little_says_what_is_missing(
    application: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_porting_a_ported_package_changes_nothing(application: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["port", "Root.cpy", "-o", "made"]) == 0
    before = contents(application / "made")
    assert main(["port", "made", "-o", "made"]) == 0
    assert main(["port", "made", "-o", "again"]) == 0
    assert contents(application / "made") == before
    assert contents(application / "again") == before


def test_porting_again_after_an_edit_asks_first(application: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["port", "Root.cpy", "-o", "made"]) == 0
    edited = application / "made" / "root.py"
    edited.write_text(edited.read_text() + "\n# mine\n")
    assert main(["port", "Root.cpy", "-o", "made"]) == 2
    assert "root.py" in capsys.readouterr().err
    assert edited.read_text().endswith("# mine\n")
    assert main(["port", "Root.cpy", "-o", "made", "--force"]) == 0
    assert not edited.read_text().endswith("# mine\n")
