"""RootServer.py as a program: its configuration, its options, its errors, on real sockets."""

from __future__ import annotations

import sys
import urllib.request
from pathlib import Path

import pytest

from rawwfile.cherrypy.build import Order, compile_to_file
from tests.commands import Running, finished, running

SOURCE = """\
def initServer():
    if configFile.has_option('own', 'fail'):
        raise ValueError, 'told to'
CherryClass Root:
view:
    def index(self):
        return configFile.get('own', 'word')
    def fails(self):
        return missing
"""
PYTHON = [sys.executable]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with site/RootServer.py, its configuration, and no source."""
    monkeypatch.chdir(tmp_path)
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "Root.cpy").write_text(SOURCE)
    compile_to_file(Order(["Root.cpy"], output="site/RootServer.py", debug=True))
    (tmp_path / "Root.cpy").unlink()
    (site / "RootServer.cfg").write_text("[own]\nword=beside\n")
    return tmp_path


def get(server: Running, path: str = "/") -> str:
    host, port = server.address()
    with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=30) as answer:
        return str(answer.read().decode("latin-1"))


def test_the_configuration_of_the_working_directory(folder: Path) -> None:
    with running("RootServer.py", "--port", "0", cwd=folder / "site", command=PYTHON) as server:
        assert get(server) == "beside"


def test_the_configuration_beside_the_program(folder: Path) -> None:
    with running("site/RootServer.py", "--port", "0", cwd=folder, command=PYTHON) as server:
        assert get(server) == "beside"


@pytest.mark.parametrize("flag", ["-C", "--config"])
def test_another_configuration(folder: Path, flag: str) -> None:
    (folder / "other.cfg").write_text("[server]\nsocketPort=1\n[own]\nword=other\n")
    with running("site/RootServer.py", flag, "other.cfg", "--port", "0", cwd=folder, command=PYTHON) as server:
        assert get(server) == "other"


def test_modules_of_the_application_do_not_stand_in_for_pythons(folder: Path) -> None:
    (folder / "Root.cpy").write_text(SOURCE.replace("return configFile", "import html; return html.word; configFile"))
    compile_to_file(Order(["Root.cpy"], output="site/RootServer.py"))
    for name in ("html", "logging", "calendar", "socket", "linecache"):
        (folder / "site" / f"{name}.py").write_text("word = 'mine'\n")
    with running("site/RootServer.py", "--port", "0", cwd=folder, command=PYTHON) as server:
        assert get(server) == "mine"


def test_serve_takes_it_too(folder: Path) -> None:
    with running("serve", "site/RootServer.py", "--port", "0", cwd=folder) as server:
        assert get(server) == "beside"
        text = get(server, "/fails")
        assert 'File "Root.cpy", line 9, in fails\n    return missing\n' in text
        assert text.endswith("NameError: name 'missing' is not defined\n")


def test_serve_takes_no_source_options_with_it(folder: Path) -> None:
    ran = finished("serve", "site/RootServer.py", "-D", cwd=folder)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "for .cpy files" in ran.stderr


def test_an_application_that_fails_in_its_start(folder: Path) -> None:
    (folder / "fail.cfg").write_text("[own]\nfail=1\n")
    ran = finished("site/RootServer.py", "-C", "fail.cfg", "--port", "0", cwd=folder, command=PYTHON)
    assert ran.returncode == 2
    assert 'File "Root.cpy", line 3, in initServer' in ran.stderr
    assert "ValueError: told to" in ran.stderr
    assert str(Path(__file__).parent.parent.parent / "rawwfile") not in ran.stderr


def test_without_fissix_one_line_says_what_to_install(tmp_path):
    """-S: the interpreter without installed packages, as in a bare checkout."""
    source = "CherryClass Root:\nview:\n    def index(self):\n        print `1`\n        return ''\n"
    (tmp_path / "Root.cpy").write_text(source)
    for command in ("serve", "compile", "check"):
        ran = finished(command, "Root.cpy", cwd=tmp_path, command=[sys.executable, "-S", "-m", "rawwfile"])
        assert ran.returncode != 0
        assert "pip install 'rawwfile[cpy]'" in ran.stderr and "Traceback" not in ran.stderr, command
        assert "the application failed" not in ran.stderr
