"""Imports run one way, the core does no I/O, and files and functions stay of a size one can read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rawwfile
from rawwfile.cpy.syntax import parsed

PACKAGE = Path(rawwfile.__file__).parent
LAYERS = """errors ini cpy http tape settings exchange streaming adapters cherrypy port server glass lab cli""".split()
TOP = {"__init__", "__main__"}
NO_IO = {"socket", "ssl", "threading", "time", "os", "select", "selectors", "asyncio", "subprocess", "email", "http"}
LABS = PACKAGE / "lab" / "labs"
# What a student begins with, and its solutions, are programs that use rawwfile, like the examples.
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent.parent != LABS or path.name == "check.py")


def room_of(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[str]:
    """Every module that `path` imports when it runs; imports for type checking alone do not count."""
    tree = parsed(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write imports in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    room = room_of(path.relative_to(PACKAGE).parts)
    if room in TOP:
        return
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] != "rawwfile" or len(parts) == 1:
            continue
        target = parts[1]
        if target not in LAYERS:
            # Names of the package itself (its version) and __init__ belong to the top layer.
            assert room == "cli", f"{path} imports {name} of the package's top"
            continue
        assert LAYERS.index(target) <= LAYERS.index(room), f"{path} ({room}) imports {name}, which is above it"


@pytest.mark.parametrize("path", sorted((PACKAGE / "http").glob("*.py")), ids=lambda path: path.name)
def test_the_core_does_no_io(path: Path) -> None:
    for name in imports_of(path):
        assert name.split(".")[0] not in NO_IO, f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_can_be_read(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 450, f"{path} is more than one room's worth of code"
    for node in ast.walk(parsed(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{path}:{node.lineno} {node.name} is longer than a screen ({length} lines)"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_names_have_a_docstring(path: Path) -> None:
    for node in parsed(path.read_text("utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if any(isinstance(mark, ast.Name) and mark.id == "overload" for mark in node.decorator_list):
                continue
            assert ast.get_docstring(node), f"{path}:{node.lineno} {node.name}"


def test_every_public_name_is_there() -> None:
    assert rawwfile.__all__ == sorted(rawwfile.__all__)
    for name in rawwfile.__all__:
        assert getattr(rawwfile, name) is not None
