"""Applications written to a folder, compiled and run with the stand-ins of `stand_in`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import pytest

from rawwfile.cpy.program import Program
from tests.cpy import stand_in

Make = Callable[..., Program]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files given as name=text or as a dict; return their folder."""

    def writing(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(dedent(text).encode("latin-1"))
        return tmp_path

    return writing


@pytest.fixture
def build(write: Callable[..., Path]) -> Make:
    """Compile the text of one module Root.cpy, or a dict of files."""

    def building(source: str | dict[str, str], *names: str) -> Program:
        files = {"Root.cpy": source} if isinstance(source, str) else source
        return stand_in.compile_files(write(files), *names)

    return building


@pytest.fixture
def app(build: Make) -> Callable[..., SimpleNamespace]:
    """Compile and run; the names of the application are attributes of what is returned."""

    def running(source: str | dict[str, str], *names: str) -> SimpleNamespace:
        program = build(source, *names)
        return SimpleNamespace(**stand_in.run(program), program=program)

    return running
