"""`use`, several files, the search path, order and cycles (spec 1.2, 4.2, 4.3; F010 to F017, F125)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.files import SourceFiles
from rawwfile.cpy.modules import load_modules
from rawwfile.cpy.source import Position

Write = Callable[[dict[str, str]], Path]


def order(files: SourceFiles, *names: str) -> list[str]:
    return [module.file for module in load_modules(names, files)]


def refused(folder: Path, *names: str) -> CpyError:
    with pytest.raises(CpyError) as caught:
        load_modules(names, SourceFiles(str(folder)))
    return caught.value


def test_a_module_comes_behind_all_that_it_uses(write: Write) -> None:
    folder = write({
        "Main.cpy": "use Header, Catalog\nuse Helper\n",
        "Header.cpy": "use Helper\n", "Catalog.cpy": "", "inc/Helper.cpy": "",
    })
    files = SourceFiles(str(folder), include=["inc"])
    assert order(files, "Main.cpy") == ["Catalog.cpy", "inc/Helper.cpy", "Header.cpy", "Main.cpy"]
    assert len(files.paths) == 4


def test_without_dependencies_the_order_is_that_of_the_command_line(write: Write) -> None:
    folder = write({"B.cpy": "", "A.cpy": "", "C.cpy": ""})
    assert order(SourceFiles(str(folder)), "B.cpy", "C", "A.cpy") == ["B.cpy", "C.cpy", "A.cpy"]


def test_a_module_used_and_named_twice_is_read_once(write: Write) -> None:
    folder = write({"A.cpy": "use B, B, sub/../B\n", "B.cpy": "", "sub/x": ""})
    assert order(SourceFiles(str(folder)), "A.cpy", "B.cpy", "./A.cpy") == ["B.cpy", "A.cpy"]


def test_the_last_include_folder_wins_but_not_over_the_start_folder(write: Write) -> None:
    folder = write({"A.cpy": "", "one/A.cpy": "", "one/B.cpy": "", "two/B.cpy": "", "lib/C.cpy": ""})
    files = SourceFiles(str(folder), include=["one", "two"], library=["lib"])
    assert order(files, "A", "B", "C") == ["A.cpy", "two/B.cpy", "lib/C.cpy"]


def test_an_absolute_name_stands_alone(write: Write) -> None:
    folder = write({"A.cpy": ""})
    assert order(SourceFiles("elsewhere"), str(folder / "A.cpy")) == [str(folder / "A.cpy")]


def test_a_name_may_have_a_folder(write: Write) -> None:
    folder = write({"A.cpy": "use sub/B\n", "sub/B.cpy": ""})
    assert order(SourceFiles(str(folder)), "A.cpy") == ["sub/B.cpy", "A.cpy"]


def test_library_modules_keep_four_columns_a_level(write: Write) -> None:
    source = "CherryClass {}:\nvariable:\n{}x = 1\n"
    folder = write({"A.cpy": "use L\n" + source.format("A", "  "), "lib/L.cpy": source.format("L", "    ")})
    files = SourceFiles(str(folder), library=["lib"], indent=2)
    texts = [module.classes[0].variables[0].text for module in load_modules(["A"], files)]
    assert texts == ["    x = 1", "    x = 1"]


def test_a_module_used_but_not_there_is_named_at_its_use(write: Write) -> None:
    error = refused(write({"A.cpy": "use Toolz\n", "Tools.cpy": ""}), "A.cpy")
    assert error.message == "Cannot find file 'Toolz.cpy'"
    assert error.position == Position("A.cpy", 1, 4) and error.line == "use Toolz"
    assert "did you mean Tools.cpy?" in error.hint and "-I DIR" in error.hint
    assert error.old_text().startswith("CherryError: Cannot find file 'Toolz.cpy'")


def test_a_comment_behind_use_is_explained(write: Write) -> None:
    error = refused(write({"A.cpy": "use B # c\n", "B.cpy": ""}), "A.cpy")
    assert error.message == "Cannot find file 'B#c.cpy'"
    assert "line of its own" in error.hint


def test_a_file_named_on_the_command_line_must_exist(write: Write) -> None:
    error = refused(write({"Root.cpy": ""}), "root")
    assert error.message == "Cannot find file 'root.cpy'"
    assert error.position is None and "looked in" in error.hint


def test_a_folder_is_no_module(write: Write) -> None:
    assert refused(write({"A.cpy/x": ""}), "A.cpy").message == "Cannot find file 'A.cpy'"


def test_a_cycle_is_spelled_out_at_the_use_that_closes_it(write: Write) -> None:
    folder = write({"A.cpy": "use B\n", "B.cpy": "use D\nuse C\n", "C.cpy": "use D, B\n", "D.cpy": ""})
    error = refused(folder, "A.cpy")
    assert error.message == "Infinite loop in modules dependency"
    assert error.position == Position("C.cpy", 1, 7)
    assert error.hint.startswith("B.cpy uses C.cpy uses B.cpy: move")


def test_a_module_that_uses_itself_is_a_cycle(write: Write) -> None:
    error = refused(write({"A.cpy": "use A\n"}), "A.cpy")
    assert error.message == "Infinite loop in modules dependency"
    assert "A.cpy uses A.cpy" in error.hint


def test_use_with_the_ending_is_refused_as_the_original_did(write: Write) -> None:
    error = refused(write({"A.cpy": "use B.cpy\n", "B.cpy": ""}), "A.cpy")
    assert error.message == "Infinite loop in modules dependency"
    assert error.position == Position("A.cpy", 1, 4)
    assert error.hint == "write the name without its ending: use B"


def test_a_missing_template_is_named_at_its_include(write: Write) -> None:
    files = SourceFiles(str(write({"Root.cpy": "CherryClass A:\n", "part.html": ""})))
    load_modules(["Root"], files)
    with pytest.raises(CpyError) as caught:
        files.template("port.html", Position("Root.cpy", 1, 3))
    assert caught.value.message == "Cannot find file 'port.html'"
    assert caught.value.line == "CherryClass A:" and "part.html" in caught.value.hint


def test_imports_and_classes_of_all_modules_share_one_namespace(
    app: Callable[..., SimpleNamespace],
) -> None:
    made = app(
        {
            "Main.cpy": "use Tools\nimport string\nCherryClass Root(Base):\nvariable:\n    x = sep\n",
            "Tools.cpy": "from os import sep\nCherryClass Base:\nfunction:\n    def f(self): return string.digits\n",
        },
        "Main.cpy",
    )
    assert made.root.f() == "0123456789" and made.root.x == made.sep
    assert [unit.kind for unit in made.program.units] == ["imports", "imports", "class", "class"]
