"""exec, eval, execfile, compile and input: text is translated at run time by the dialect of the application."""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.python2.runtime.files import File
from rawwfile.cpy.quiet import quietly
from rawwfile.cpy.source import Position


def code_of(text: Any, file: str = "<string>", mode: str = "exec") -> CodeType:
    """Compile Python 2 text. Raises SyntaxError, as the statements that use it did."""
    import ast

    from rawwfile.cpy.python2.translator import Translator

    if isinstance(text, CodeType):
        return text
    if isinstance(text, File):
        text = text.read()
    try:
        if mode == "eval":
            tree: Any = ast.Expression(Translator("2").expression(text.strip(), Position(file, 1, 0)))
        else:
            tree = Translator("2").module(text, file)
    except CpyError as error:
        raise as_syntax_error(error) from None
    if mode == "single":
        for statement in tree.body:
            if isinstance(statement, ast.Expr):
                shown = ast.Call(ast.Name("@show", ast.Load()), [statement.value], [])
                statement.value = ast.copy_location(shown, statement.value)
        ast.fix_missing_locations(tree)
    return compiled_tree(tree, file, "eval" if mode == "eval" else "exec")


def as_syntax_error(error: CpyError) -> SyntaxError:
    """Return what an import, exec or eval of broken text raised."""
    place = error.position
    if place is None:
        return SyntaxError(error.message)
    return SyntaxError(error.message, (place.file, place.line, place.column + 1, error.line))


def compiled_tree(tree: Any, file: str, mode: str) -> CodeType:
    """Compile a translated tree without the warnings that code of 2004 would get."""
    with quietly():
        return compile(tree, file, mode, dont_inherit=True)  # type: ignore[no-any-return]


def run(text: Any, globals_: Any = None, locals_: Any = None) -> None:
    """`exec text in globals, locals`; without them, in the module or class that called."""
    if isinstance(text, tuple):
        text, globals_, locals_ = (*text, None, None)[:3]
    frame = sys._getframe(1)
    if globals_ is None:
        globals_, locals_ = frame.f_globals, frame.f_locals
    _with_builtins(globals_, frame)
    exec(code_of(text), globals_, globals_ if locals_ is None else locals_)


def run_here(names: dict[str, Any], text: Any) -> None:
    """`exec text` in a function: what it binds goes into `names`, which the function reads from then on."""
    if isinstance(text, tuple):
        text, globals_, locals_ = (*text, None, None)[:3]
        _with_builtins(globals_, sys._getframe(1))
        exec(code_of(text), globals_, globals_ if locals_ is None else locals_)
        return
    frame = sys._getframe(1)
    before = {key: value for key, value in frame.f_locals.items() if not key.startswith("@")}
    here = {**before, **names}
    exec(code_of(text), frame.f_globals, here)
    for key, value in here.items():
        if key not in before or before[key] is not value:
            names[key] = value


def variables(names: dict[str, Any], text_names: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return locals() without hidden names, and with what `exec` bound."""
    return {key: value for key, value in {**names, **(text_names or {})}.items() if key[0] != "@"}


def appeared(names: dict[str, Any], name: str, otherwise: Any) -> Any:
    """Return a name that exec may have bound, else what it is without."""
    return names[name] if name in names else otherwise()


def _with_builtins(names: dict[str, Any], frame: Any) -> None:
    names.setdefault("__builtins__", frame.f_builtins)


def evaluate(text: Any, globals_: Any = None, locals_: Any = None) -> Any:
    """eval() of 2.x: in the caller's names unless others are given."""
    frame = sys._getframe(1)
    if globals_ is None:
        globals_, locals_ = frame.f_globals, frame.f_locals if locals_ is None else locals_
    _with_builtins(globals_, frame)
    return eval(code_of(text, mode="eval"), globals_, globals_ if locals_ is None else locals_)


def execfile(name: str, globals_: Any = None, locals_: Any = None) -> None:
    """Run a file in the caller's names unless others are given."""
    frame = sys._getframe(1)
    if globals_ is None:
        globals_, locals_ = frame.f_globals, frame.f_locals
    _with_builtins(globals_, frame)
    with File(name) as file:
        text = file.read()
    exec(code_of(text, name), globals_, globals_ if locals_ is None else locals_)


def compiled(text: str, file: str, mode: str, *_: Any) -> CodeType:
    """compile() of 2.x."""
    return code_of(text, file, mode)


def raw_input(prompt: Any = "") -> str:
    """Read a line from standard input, without its end."""
    return input(str(prompt))


def old_input(prompt: Any = "") -> Any:
    """input() of 2.x evaluated what was typed."""
    frame = sys._getframe(1)
    return eval(code_of(input(str(prompt)), mode="eval"), frame.f_globals, frame.f_locals)
