"""`rawwfile compile`: RootServer.py, what stands in it, and that it needs nothing else."""

from __future__ import annotations

import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest

from rawwfile.cherrypy import build, compiled
from rawwfile.cherrypy.build import Order, compile_to_file
from rawwfile.cherrypy.recognise import is_compiled
from rawwfile.cherrypy.site import Site
from rawwfile.cpy.errors import CpyError
from rawwfile.errors import TargetError
from tests.commands import clean_environment

HELLO = """\
import string

CherryClass Root:
mask:
    def index(self, who='you'):
        <h1>Hello <py-eval="string.upper(who)">, \\n "it's" '''quoted'''</h1>
view:
    def half(self, n):
        return `int(n) / 2`
    def fails(self):
        # It divides by what is not there.
        return 1 / len('')
"""


SMALL = "CherryClass Root:\nview:\n    def index(self): return 1\n"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write sources into the current directory, which is a new one."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.cpy").write_bytes(dedent(text).encode("latin-1"))
        return tmp_path

    return write


def loaded(path: str = "RootServer.py") -> Site:
    site = compiled.site_of_compiled(path)
    site.make_instances()
    return site


def test_the_file_serves_without_its_sources(app: Callable[..., Path]) -> None:
    folder = app(Root=HELLO)
    assert compile_to_file(Order(["Root.cpy"])) == ("RootServer.py", ())
    (folder / "Root.cpy").unlink()
    site = loaded()
    root = site.targets["root"].instance
    assert root.index("me") == "<h1>Hello ME, \\n \"it's\" '''quoted'''</h1>\n"
    assert root.half("7") == "3"
    assert site.targets["root"].exposed == {"index", "half", "fails"}
    assert (site.name, site.base, site.debug, site.charset) == ("Root", "RootServer", False, None)


def test_it_needs_no_compiler_to_start(app: Callable[..., Path]) -> None:
    app(Root=HELLO)
    compile_to_file(Order(["Root.cpy"]))
    program = """\
        import sys
        for name in ("fissix", "lib2to3", "rawwfile.cpy.parser", "rawwfile.cpy.generate"):
            sys.modules[name] = None
        from rawwfile.cherrypy import compiled
        site = compiled.site_of_compiled("RootServer.py")
        site.make_instances()
        print(site.targets["root"].instance.half(9))
    """
    command = [sys.executable, "-c", dedent(program)]
    ran = subprocess.run(command, env=clean_environment(), capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("4\n", "")


def test_a_traceback_shows_the_line_of_the_source_that_is_gone(app: Callable[..., Path]) -> None:
    folder = app(Root=HELLO)
    compile_to_file(Order(["Root.cpy"]))
    (folder / "Root.cpy").write_text("# somebody has begun to change it\n" * 30)
    root = loaded().targets["root"].instance
    with pytest.raises(ZeroDivisionError) as caught:
        root.fails()
    frame = next(each for each in traceback.extract_tb(caught.value.__traceback__) if each.filename == "Root.cpy")
    assert (frame.lineno, frame.name) == (12, "fails")
    assert frame.line == "return 1 / len('')"


def test_an_included_template_has_its_own_name_and_lines(app: Callable[..., Path]) -> None:
    folder = app(Root='CherryClass Root:\nmask:\n    def index(self):\n        <py-include="part.html">\n')
    (folder / "part.html").write_text('<p>\n<py-eval="missing">\n</p>\n')
    compile_to_file(Order(["Root.cpy"]))
    (folder / "part.html").unlink()
    with pytest.raises(NameError) as caught:
        loaded().targets["root"].instance.index()
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert [(each.filename, each.lineno) for each in frames[-2:]] == [("Root.cpy", 4), ("part.html", 2)]
    assert frames[-1].line == '<py-eval="missing">'


def test_the_same_sources_give_the_same_bytes(app: Callable[..., Path]) -> None:
    folder = app(
        Root="use Other\nCherryClass Root(Other):\nview:\n    def index(self): return 1\n",
        Other="CherryClass Other:\nview:\n    def b(self): return 1\n    def a(self): return 2\n",
    )
    made = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "rawwfile", "compile", "Root.cpy"]
        subprocess.run(command, env=clean_environment({"PYTHONHASHSEED": seed}), check=True, stdout=subprocess.DEVNULL)
        made.append((folder / "RootServer.py").read_bytes())
    assert made[0] == made[1]
    assert made[0].startswith(b"# Made by rawwfile compile (rawwfile ")
    assert b" from Root.cpy: change the sources" in made[0].splitlines()[0]
    assert str(folder).encode() not in made[0]


def test_what_does_not_compile_leaves_the_old_file(app: Callable[..., Path]) -> None:
    folder = app(Root="CherryClass Root:\nview:\n    def index(self)\n")
    (folder / "RootServer.py").write_text("the old one")
    with pytest.raises(CpyError):
        compile_to_file(Order(["Root.cpy"]))
    assert (folder / "RootServer.py").read_text() == "the old one"
    assert sorted(each.name for each in folder.iterdir()) == ["Root.cpy", "RootServer.py"]


def test_the_mode_of_the_old_file_is_kept(app: Callable[..., Path]) -> None:
    folder = app(Root=SMALL)
    (folder / "RootServer.py").write_text("")
    (folder / "RootServer.py").chmod(0o755)
    compile_to_file(Order(["Root.cpy"], shebang="#!/usr/bin/env python3"))
    assert (folder / "RootServer.py").stat().st_mode & 0o777 == 0o755
    assert (folder / "RootServer.py").read_bytes().startswith(b"#!/usr/bin/env python3\n# Made by")


@pytest.mark.parametrize(
    "file, output",
    [
        ("Hello.cpy", "HelloServer.py"),
        ("sub/Foo.cpy", "sub/FooServer.py"),
        ("Foo", "FooServer.py"),
        ("./Foo.cpy", "./FooServer.py"),
        ("../a.b/Foo.cpy", "../a.b/FooServer.py"),
        ("Foo.Bar.cpy", "Foo.BarServer.py"),
    ],
)
def test_only_the_ending_of_the_name_is_cut(file: str, output: str) -> None:
    assert build.output_of(file) == output


@pytest.mark.parametrize("output, base", [("out.py", "out"), ("outx", "outx"), ("a.py.d/out.py", "a.py.d/out")])
def test_the_base_is_the_output_without_its_ending(app: Callable[..., Path], output: str, base: str) -> None:
    folder = app(Root=SMALL)
    (folder / output).parent.mkdir(exist_ok=True)
    compile_to_file(Order(["Root.cpy"], output=output))
    assert compiled.load(output).base == base


def test_a_configuration_beside_the_file_counts_if_there_is_none_here(app: Callable[..., Path]) -> None:
    folder = app(Root=SMALL)
    (folder / "built").mkdir()
    (folder / "built" / "RootServer.cfg").write_text("")
    compile_to_file(Order(["Root.cpy"], output="built/RootServer.py"))
    moved = folder / "built" / "RootServer.py"
    assert compiled.load(str(moved)).base == "built/RootServer"
    (folder / "built" / "RootServer.cfg").rename(folder / "built" / "Moved.cfg")
    moved = moved.rename(folder / "built" / "Moved.py")
    assert compiled.load(str(moved)).base == str(folder / "built" / "Moved")


def test_letters_of_any_kind_come_through(app: Callable[..., Path]) -> None:
    text = "CherryClass Root:\nview:\n    def index(self): return 'caf\xe9 \x80\xff\t\\n'\n"
    app(Root=text)
    compile_to_file(Order(["Root.cpy"]))
    assert loaded().targets["root"].instance.index() == "caf\xe9 \x80\xff\t\n"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-8", "ascii"])
def test_the_file_is_in_the_encoding_of_the_sources(app: Callable[..., Path], encoding: str) -> None:
    word = "cafe" if encoding == "ascii" else "caf\xe9"
    folder = app(Root="")
    source = f"CherryClass Root:\nview:\n    def index(self): return '{word} \\xe9'\n"
    (folder / "Root.cpy").write_bytes(source.encode(encoding))
    compile_to_file(Order(["Root.cpy"], encoding=encoding, shebang="#!python"))
    lines = (folder / "RootServer.py").read_bytes().splitlines()
    assert lines[0] == b"#!python"
    assert lines[1].startswith(b"# -*- coding: ")
    (folder / "RootServer.py").read_bytes().decode(encoding)
    assert is_compiled("RootServer.py")
    site = loaded()
    assert site.targets["root"].instance.index() == f"{word} \xe9"
    assert site.charset == encoding


@pytest.mark.parametrize("encoding", ["utf-16", "no-such", "rot13"])
def test_an_encoding_that_python_sources_cannot_have(app: Callable[..., Path], encoding: str) -> None:
    app(Root=SMALL)
    with pytest.raises(CpyError, match="Python cannot read a source in the encoding"):
        compile_to_file(Order(["Root.cpy"], encoding=encoding))


def test_code_is_kept_for_the_next_start(app: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = app(Root="CherryClass Root:\nview:\n    def index(self): return 'one'\n")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    compile_to_file(Order(["Root.cpy"]))
    assert loaded().targets["root"].instance.index() == "one"
    kept = list((folder / "__pycache__").iterdir())
    assert [each.suffix for each in kept] == [".units"]
    with monkeypatch.context() as patch:
        patch.setattr(compiled.Compiled, "_made", lambda self: pytest.fail("compiled again"))
        assert loaded().targets["root"].instance.index() == "one"
    app(Root="CherryClass Root:\nview:\n    def index(self): return 'two'\n")
    compile_to_file(Order(["Root.cpy"]))
    assert loaded().targets["root"].instance.index() == "two"
    kept[0].write_bytes(kept[0].read_bytes()[:-3])
    assert loaded().targets["root"].instance.index() == "two"


@pytest.mark.parametrize(
    "change, told",
    [
        (("return py2_", "return  1 + py2_"), "does not fit"),
        (("def index", "def in dex"), "invalid syntax|expected"),
        (("format=1", "format=99"), "compile it again"),
        (("application = ", "application == "), "compile again|name 'application' is not defined"),
    ],
)
def test_a_file_that_was_changed_is_refused(app: Callable[..., Path], change: tuple[str, str], told: str) -> None:
    folder = app(Root="CherryClass Root:\nview:\n    def index(self): return 7 / 2\n")
    compile_to_file(Order(["Root.cpy"]))
    text = (folder / "RootServer.py").read_text()
    assert change[0] in text
    (folder / "RootServer.py").write_text(text.replace(change[0], change[1], 1))
    with pytest.raises((TargetError, NameError), match=told):
        compiled.site_of_compiled("RootServer.py")


def test_what_is_no_compiled_application(tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text("print('hello')\n")
    assert not is_compiled(str(tmp_path / "hello.py"))
    assert not is_compiled(str(tmp_path / "missing.py"))
    with pytest.raises(TargetError, match="no application that rawwfile compile wrote"):
        compiled.load(str(tmp_path / "hello.py"))
    with pytest.raises(TargetError, match="cannot read"):
        compiled.load(str(tmp_path / "missing.py"))


def test_library_files_are_found_where_rawwfile_lies(app: Callable[..., Path]) -> None:
    folder = app(Root="use Tools\nCherryClass Root:\nview:\n    def index(self): return 1\n")
    compile_to_file(Order(["Root.cpy"]))
    text = (folder / "RootServer.py").read_text()
    assert "'rawwfile:Tools.cpy'" in text
    assert compiled.LIBRARY not in text
    code = compiled.load("RootServer.py").codes()
    assert str(Path(compiled.LIBRARY) / "Tools.cpy") in {each.co_filename for each in code}


def test_a_coding_line_in_the_first_source_counts(app: Callable[..., Path]) -> None:
    folder = app(Root="")
    source = "# -*- coding: utf-8 -*-\nCherryClass Root:\nview:\n    def index(self): return 'caf\xe9 \u20ac'\n"
    (folder / "Root.cpy").write_bytes(source.encode("utf-8"))
    compile_to_file(Order(["Root.cpy"]))
    site = loaded()
    assert (site.charset, site.targets["root"].instance.index()) == ("utf-8", "caf\xe9 \u20ac")
    assert "return 'caf\xe9 \u20ac'" in (folder / "RootServer.py").read_text("utf-8")


PLACES = """\
use Around
def initRequest():
    missing_in_request
CherryClass Root(Around):
view:
    def view(self):
        return self.helper()
    def helper(self):
        return missing_in_view
mask:
    def mask(self):
        <p>
        <py-eval="missing_in_mask">
        </p>
"""
AROUND = """\
CherryClass Around abstract:
aspect:
    (method.name == 'mask') start:
        if request.path == 'woven':
            missing_in_aspect
"""


@pytest.mark.parametrize(
    "path, call, place",
    [
        ("", lambda space: space["root"].view(), ("Root.cpy", 9, "return missing_in_view")),
        ("", lambda space: space["root"].mask(), ("Root.cpy", 13, '<py-eval="missing_in_mask">')),
        ("woven", lambda space: space["root"].mask(), ("Around.cpy", 5, "missing_in_aspect")),
        ("", lambda space: space["initRequest"](), ("Root.cpy", 3, "missing_in_request")),
    ],
    ids=["view", "mask", "aspect", "initRequest"],
)
def test_tracebacks_point_into_the_sources(
    app: Callable[..., Path], path: str, call: Callable[..., object], place: tuple[str, int, str]
) -> None:
    folder = app(Root=PLACES, Around=AROUND)
    compile_to_file(Order(["Root.cpy"]))
    for source in folder.glob("*.cpy"):
        source.unlink()
    site = loaded()
    site.namespace["request"] = SimpleNamespace(path=path)
    with pytest.raises(NameError) as caught:
        call(site.namespace)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.line) == place
