"""`rawwfile help notes`: every note is listed, and each can be explained."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from rawwfile.cli import help as help_command
from rawwfile.cli.main import main
from rawwfile.http.notes import NOTES

LOADED = """
import sys, rawwfile.http.observe
observer = rawwfile.http.observe.ResponseObserver("GET")
observer.receive(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi")
assert observer.may_keep and observer.verdict == "complete"
print(sorted(name for name in sys.modules if name.startswith("rawwfile.http.notes")))
"""


def test_all_notes_are_listed(capsys):
    assert main(["help", "notes"]) == 0

    text = capsys.readouterr().out
    for kind in NOTES.values():
        assert f"\n  {kind.id} ({kind.level})\n" in text
    assert "{" not in text


def test_one_note_is_explained(capsys):
    assert main(["help", "notes", "bare-lf"]) == 0

    text = capsys.readouterr().out
    assert text.startswith("bare-lf (warning, line endings; the response)\n  a line ends in LF alone\n")
    assert "What to do: End each line with CR LF" in text and text.endswith("  RFC 9112 section 2.2\n")


@pytest.mark.parametrize("topic", sorted({kind.topic for kind in NOTES.values()}))
def test_a_topic_is_explained_within_80_columns(topic, capsys):
    assert main(["help", "notes", topic.replace(" ", "-")]) == 0

    text = capsys.readouterr().out
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert "{" not in text.replace("{|}", "")
    assert all(f"{kind.id} ({kind.level}" in text for kind in NOTES.values() if kind.topic == topic)


def test_an_unknown_note_is_refused_with_the_nearest(capsys):
    assert main(["help", "notes", "bare-If"]) == 2

    assert "there is no note or topic bare-If. Did you mean bare-lf?" in capsys.readouterr().err


ONE = LOADED.replace("observer.verdict", "observer.explain() and observer.verdict")


def test_an_ordinary_raw_response_loads_one_topic():
    done = subprocess.run([sys.executable, "-c", ONE], capture_output=True, text=True, check=True)

    assert "rawwfile.http.notes.outcome" in done.stdout
    assert "rawwfile.http.notes.fields" not in done.stdout


def test_a_server_with_nothing_to_remark_loads_no_explanation():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "['rawwfile.http.notes', 'rawwfile.http.notes.base']"


def test_a_topic_with_signs_that_the_terminal_lacks_is_printed(monkeypatch, tmp_path):
    monkeypatch.setattr(help_command, "TOPICS", tmp_path)
    (tmp_path / "signs.txt").write_text("Signs: \u25b8\n", "utf-8")
    out = io.TextIOWrapper(io.BytesIO(), "ascii")
    monkeypatch.setattr(sys, "stdout", out)

    assert main(["help", "signs"]) == 0
    assert out.buffer.getvalue() == b"Signs: \\u25b8\n"


def test_a_topic_comes_before_the_command_of_its_name(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(help_command, "TOPICS", tmp_path)
    (tmp_path / "port.txt").write_text("Ports of call\n", "utf-8")

    assert main(["help", "port"]) == 0
    assert capsys.readouterr().out == "Ports of call\n"
