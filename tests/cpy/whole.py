"""Applications compiled by all the rooms of the compiler together, and run without a server."""

from __future__ import annotations

import functools
import traceback
import types
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

from rawwfile.cpy import template
from rawwfile.cpy.classic import CLASS_MAKER, cherry_class
from rawwfile.cpy.files import SourceFiles
from rawwfile.cpy.generate import compile_program
from rawwfile.cpy.modules import load_modules
from rawwfile.cpy.program import Program
from rawwfile.cpy.python2 import Translator
from rawwfile.cpy.python2.runtime import builtins_for
from rawwfile.cpy.template.runtime import NAMES, TEXT

OURS = str(Path(template.__file__).parents[2])


def written(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write the files, text as latin-1 and without the indentation of the test."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else dedent(text).encode("latin-1"))


def compiled(
    folder: Path, names: Sequence[str] = ("Root.cpy",), *, encoding: str | None = None, indent: int = 4
) -> tuple[Program, SourceFiles]:
    """Compile modules that lie in a folder."""
    files = SourceFiles(str(folder), encoding=encoding, indent=indent)
    translate = Translator("auto")
    program = compile_program(
        load_modules(names, files),
        translate=translate,
        mask=functools.partial(template.compile_mask, translate=translate),
        include=files.template,
        condition_names={"__builtins__": builtins_for()},
        original=files.original,
    )
    return program, files


def run(program: Program) -> types.SimpleNamespace:
    """Run the units and make the instances; the names of the application are attributes."""
    builtins = builtins_for()
    space: dict[str, object] = {
        "__builtins__": builtins, "__name__": "__main__", CLASS_MAKER: cherry_class, **NAMES, TEXT: builtins["str"],
        "request": types.SimpleNamespace(base="http://host"),
    }  # fmt: skip
    for unit in program.units:
        exec(unit.code(), space)
    for instance, name in program.instances:
        space[instance] = space[name]()  # type: ignore[operator]
    return types.SimpleNamespace(**{key: value for key, value in space.items() if key.isidentifier()})


def app(folder: Path, files: dict[str, str | bytes] | str) -> types.SimpleNamespace:
    """Write, compile and run an application whose first module is Root.cpy."""
    written(folder, {"Root.cpy": files} if isinstance(files, str) else files)
    return run(compiled(folder)[0])


def frames(error: BaseException) -> list[tuple[str, int, str]]:
    """Return (file, line, function) of the application's frames of a traceback, outermost first."""
    found = traceback.extract_tb(error.__traceback__)
    own = [one for one in found if not one.filename.startswith(OURS) and not one.filename.endswith(".py")]
    return [(one.filename, one.lineno or 0, one.name) for one in own]
