"""The command lines: 0.10's own compiler, `rawwfile compile`, and what `RootServer.py` takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rawwfile.cherrypy.__main__ import main as old_main
from rawwfile.cherrypy.recognise import is_compiled
from rawwfile.cli.main import main
from tests.commands import finished

GOOD = b"CherryClass Root:\nview:\n    def index(self):\n        return 'hello %s' % _debug\n"
WRONG = b'CherryClass Root:\nmask:\n    def index(self):\n        <p>\n        <py-for="i in x">\n'
Run = Callable[..., "subprocess.CompletedProcess[str]"]
USAGE = "CherryPy version 0.10. See http://www.cherrypy.org for more information\nUsage: CherryPy [-D]"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, with a source that compiles and one that does not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Root.cpy").write_bytes(GOOD)
    (tmp_path / "Wrong.cpy").write_bytes(WRONG)
    return tmp_path


@pytest.mark.parametrize(
    "words, code, starts",
    [
        ([], 255, USAGE),
        (["-X"], 255, USAGE),
        (["-h"], 255, USAGE),
        (["-I"], 255, USAGE),
        (["--whitespace=3", "Root"], 255, USAGE),
        (["-V", "-X"], 255, USAGE),
        (["-O", "a", "-O", "b", "Root.cpy"], 255, USAGE),
        (["-V"], 1, "0.10\n"),
        (["-V", "Root.cpy"], 1, "0.10\n"),
        (["-W", "0", "Root.cpy"], 255, "CherryError: whiteSpace must be between 1 and 20\n" + USAGE),
        (["-W", "21", "Root.cpy"], 255, "CherryError: whiteSpace must be between 1 and 20\n" + USAGE),
        (["-W", "x"], 255, "CherryError: whiteSpace must be between 1 and 20\n" + USAGE),
        (["-W", "2.0", "Root"], 255, "CherryError: whiteSpace must be between 1 and 20\n" + USAGE),
    ],
)
def test_wrong_options_of_the_old_compiler(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, starts: str
) -> None:
    assert old_main(words) == code
    said = capsys.readouterr()
    assert said.out.startswith(starts)
    assert said.err == ""
    assert not list(folder.glob("*.py"))


@pytest.mark.parametrize(
    "words, output, head",
    [
        (["Root.cpy"], "RootServer.py", "# Made by"),
        (["Root"], "RootServer.py", "# Made by"),
        (["-O", "out.py", "Root.cpy"], "out.py", "# Made by"),
        (["-DW4", "-I", ".", "-I", "..", "Root"], "RootServer.py", "# Made by"),
        (["-S", "#!/x", "-S", "#!/y", "Root"], "RootServer.py", "#!/y\n# Made by"),
        (["--shebang=#!/x", "--enc", "latin-1", "Root"], "RootServer.py", "#!/x\n# -*- coding: iso8859-1 -*-\n# M"),
        (["-E", "utf-8", "--stderr2stdout", "Root"], "RootServer.py", "# -*- coding: utf-8 -*-\n# Made by"),
    ],
)
def test_options_of_the_old_compiler(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], output: str, head: str
) -> None:
    assert old_main(words) == 0
    assert capsys.readouterr() == ("", "")
    assert (folder / output).read_text("latin-1").startswith(head)
    assert is_compiled(output)


def test_options_behind_the_first_file_are_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert old_main(["Root.cpy", "-D"]) == 1
    assert "CherryError: Cannot find file '-D.cpy'" in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["", "--stderr2stdout"])
def test_a_compile_error_ends_with_the_text_of_0_10(
    folder: Path, capsys: pytest.CaptureFixture[str], flag: str
) -> None:
    assert old_main([*filter(None, [flag]), "Wrong.cpy"]) == 1
    said = capsys.readouterr()
    text = said.out if flag else said.err
    assert text.startswith("Wrong.cpy:5:10: No matching '</py-for>' tag")
    assert text.splitlines()[-2].startswith("CherryError: No matching '</py-for>' tag for '<py-for ... ")
    assert text.splitlines()[-1] == "    in File 'Wrong.cpy', in CherryClass 'Root', in function 'index', line 5"
    assert (said.err if flag else said.out) == ""
    assert "Traceback" not in text
    assert not (folder / "WrongServer.py").exists()


def test_a_file_that_is_not_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "Rot.cpy"]) == 1
    said = capsys.readouterr().err
    assert said.endswith("\n\nCherryError: Cannot find file 'Rot.cpy'\n")
    assert "did you mean Root.cpy?" in said


def test_an_output_that_cannot_be_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "Root.cpy", "-O", "missing/out.py"]) == 1
    assert "CherryError: Cannot write file 'missing/out.py': No such file or directory" in capsys.readouterr().err


def test_rawwfile_compile(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compile", "-D", "Root.cpy"]) == 0
    assert capsys.readouterr() == ("RootServer.py is written; python RootServer.py serves it\n", "")
    assert "debug=True" in (folder / "RootServer.py").read_text()


@pytest.mark.parametrize(
    "words, told",
    [
        ([], "name a FILE.cpy to compile"),
        (["-W", "0", "Root.cpy"], "-W 0: whiteSpace must be between 1 and 20."),
        (["--wrong", "Root.cpy"], "there is no option --wrong."),
        (["-E", "no-such", "Root.cpy"], "-E no-such: Python knows no charset of that name."),
    ],
)
def test_wrong_options(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert main(["compile", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"rawwfile compile: {told}")
    assert said.count("\n") == 1


def test_a_repeated_class_is_a_warning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "Root.cpy").write_bytes(GOOD * 2)
    assert main(["compile", "Root.cpy"]) == 0
    assert capsys.readouterr().err.startswith("warning: Root.cpy:5:1: this CherryClass Root replaces an earlier one")
    assert old_main(["Root.cpy"]) == 0
    assert capsys.readouterr() == ("", "")


def test_without_fissix_it_says_what_to_install(folder: Path) -> None:
    (folder / "Root.cpy").write_bytes(GOOD.replace(b"return", b"print 'old Python'; return"))
    program = "import sys; sys.modules['fissix'] = None; from rawwfile.cli.main import main; sys.exit(main())"
    ran = finished("compile", "Root.cpy", cwd=folder, command=[sys.executable, "-c", program])
    assert ran.returncode == 1
    assert "pip install 'rawwfile[cpy]'" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("words", [["x"], ["-C"], ["--wrong"], ["-D"]])
def test_wrong_options_of_a_compiled_application(folder: Path, words: list[str], run: Run) -> None:
    ran = run(*words)
    assert ran.returncode == 255
    assert ran.stdout.startswith("Usage: server [-C configFile]\n")
    assert ran.stderr.startswith("RootServer.py: ")


def test_help_of_a_compiled_application(folder: Path, run: Run) -> None:
    ran = run("--help")
    assert ran.returncode == 0
    assert ran.stdout.startswith("usage: python RootServer.py [-C FILE.cfg] [OPTION...]")
    assert "--access-log" in ran.stdout


def test_a_configuration_that_is_named_and_missing(folder: Path, run: Run) -> None:
    ran = run("-C", "missing.cfg")
    assert ran.returncode == 2
    assert ran.stderr.startswith("RootServer.py: ")
    assert "missing.cfg" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_without_rawwfile_it_says_what_to_install(folder: Path) -> None:
    assert old_main(["Root.cpy"]) == 0
    other = folder / "other"
    other.mkdir()
    (other / "rawwfile.py").write_text("# Not the package of that name.")
    command = [sys.executable, "RootServer.py", "--port", "0"]
    ran = finished(cwd=folder, command=command, environment={"PYTHONPATH": str(other)})
    assert ran.returncode == 1
    assert "RootServer.py needs rawwfile" in ran.stderr
    assert "-m pip install rawwfile" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.fixture
def run(folder: Path) -> Run:
    """Compile, and run `python RootServer.py WORDS...` to its end."""
    assert old_main(["Root.cpy"]) == 0
    return lambda *words: finished(*words, cwd=folder, command=[sys.executable, "RootServer.py"])
