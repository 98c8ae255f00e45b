"""Masks of a ported application: templates with Python 3 in their tags, compiled when first used.

A template is a text of CHTL or CGTL (spec 3) in the folder templates beside the module of its mask.
A line `<!--# ... -->` is a comment, which is no part of the page. A template that was changed is
read anew; one that is wrong then leaves the last right one in use, and the log says why.
"""

from __future__ import annotations

import ast
import builtins
import functools
import importlib
import inspect
import logging
import os
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.files import SourceFiles
from rawwfile.cpy.pieces import compiled, settle
from rawwfile.cpy.source import STRIPPED, Line, Position
from rawwfile.cpy.syntax import parsed
from rawwfile.cpy.template import compile_mask
from rawwfile.cpy.template.runtime import NAMES, TEXT

log = logging.getLogger("rawwfile.cherrypy")

FOLDER = "templates"
COMMENT, COMMENT_END = "<!--# ", "-->"

Names = Callable[[str], Any]
"""Look a name up; raises KeyError."""

_OFFERED: dict[str, Names] = {}
_CODECS: dict[str, str | None] = {}
_DEBUGGED: set[str] = set()


def offer(package: str, names: Names, charset: str | None, debug: bool = False) -> None:
    """Tell what templates of a package know beside the names of their module, and their encoding."""
    _OFFERED[package] = names
    _CODECS[package] = charset
    (_DEBUGGED.add if debug else _DEBUGGED.discard)(package)


def is_comment(line: str) -> bool:
    """Whether this line of a template is a comment."""
    text = line.strip(STRIPPED)
    return text.startswith(COMMENT) and text.endswith(COMMENT_END)


class PlainPython:
    """Reads the Python 3 of tags; nodes get the places in the template (a `protocols.Translator`)."""

    def expression(self, text: str, position: Position) -> ast.expr:
        """Parse one expression that stands at `position`. Raises CpyError."""
        try:
            tree = parsed(f"({text}\n)", "eval").body
        except SyntaxError as error:
            column = position.column + max((error.offset or 2) - 2, 0)
            raise CpyError(error.msg, Position(position.file, position.line, column), text) from None
        for node in ast.walk(tree):
            if isinstance(node, (ast.expr, ast.keyword, ast.arg)):
                node.lineno = node.end_lineno = position.line
                node.col_offset = max(position.column + node.col_offset - 1, 0)
                node.end_col_offset = max(position.column + (node.end_col_offset or 1) - 1, node.col_offset)
        return tree

    def statements(self, lines: list[Line], *, scope: str = "function") -> list[ast.stmt]:
        """Parse statements; `return` may stand outside a function. Raises CpyError."""
        try:
            tree = parsed("\n".join(line.text for line in lines) + "\n")
        except SyntaxError as error:
            line = lines[min(error.lineno or 1, len(lines)) - 1]
            raise CpyError.at(line, error.msg, index=max((error.offset or 1) - 1, 0)) from None
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr, ast.excepthandler, ast.keyword, ast.arg, ast.alias)):
                first, last = lines[node.lineno - 1], lines[(node.end_lineno or node.lineno) - 1]
                node.lineno, node.end_lineno = first.position.line, last.position.line
                node.col_offset = max(first.column_of(node.col_offset), 0)
                node.end_col_offset = max(last.column_of(node.end_col_offset or 0), 0)
        return tree.body


class _Globals(dict[str, Any]):
    """The global names of a template: what it holds itself, else those of its module, else those offered."""

    def __init__(self, module: str) -> None:
        super().__init__(NAMES)
        self[TEXT] = importlib.import_module("rawwfile.cherrypy.meanings").as_text
        self["__builtins__"] = vars(builtins)
        self["__name__"] = module
        self["__package__"] = _package_of(module)
        self._module = vars(sys.modules[module])
        self._offered = _OFFERED.get(_package_of(module))

    def __missing__(self, name: str) -> Any:
        if name in self._module:
            return self._module[name]
        if self._offered is None:
            raise KeyError(name)
        return self._offered(name)


def _package_of(module: str) -> str:
    return getattr(sys.modules[module], "__package__", "") or ""


class Template:
    """A template as code: what it was made of, and whether that has changed since."""

    def __init__(self, name: str, module: str) -> None:
        self.name = name
        self.module = module
        self._seen: dict[str, tuple[int, int]] = {}

    def is_stale(self) -> bool:
        """Whether a file of it is another than the one that was read."""
        return any(_stamp(path) != stamp for path, stamp in self._seen.items())

    def statements(self) -> list[ast.stmt]:
        """Compile the files as they are now. Raises CpyError."""
        package = _package_of(self.module)
        folder = os.path.join(os.path.dirname(os.path.abspath(sys.modules[self.module].__file__ or "")), FOLDER)
        seen: dict[str, tuple[int, int]] = {}
        files = SourceFiles("", include=[folder], encoding=_CODECS.get(package))
        path = os.path.join(folder, *self.name.split("/"))

        def read(name: str, position: Position | None) -> list[Line]:
            found = files.find(name if position is None else os.path.join(folder, name))
            if found is None:
                seen[os.path.join(folder, name)] = _stamp(os.path.join(folder, name))
                raise files.missing(name, position)
            seen[found.path] = _stamp(found.path)
            return [line for line in files.lines(found) if not is_comment(line.text)]

        debug = package in _DEBUGGED
        try:
            lines = read(path, None)
            return compile_mask(lines, include=read, translate=PlainPython(), debug=debug)
        except CpyError as error:
            if not error.line and error.position:
                error.line = files.original(error.position)
            raise
        finally:
            # As a whole: other threads may be looking through the old one.
            self._seen = seen

    def file(self) -> str:
        """The file of the template itself, not of those that it includes."""
        return next(iter(self._seen), self.name)


def _stamp(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


class Mask:
    """The page of one mask. function: gives the name and the parameters."""

    def __init__(self, template: str, function: types.FunctionType) -> None:
        self.template = Template(template, function.__module__)
        self._function = function
        self._page: Callable[..., Any] | None = None

    def current(self) -> Callable[..., Any]:
        """Return the function that makes the page. Raises CpyError if there never was one."""
        if self._page is None or self.template.is_stale():
            try:
                self._page = self.compile()
            except CpyError as error:
                if self._page is None:
                    raise
                log.error("the mask %s stays as it was: %s", self.template.name, error)
        return self._page

    def compile(self) -> Callable[..., Any]:
        """Compile the template to a function with the parameters of the mask. Raises CpyError."""
        template = self.template
        body = template.statements()
        code = _code_of(self._function.__name__, _parameters(self._function), body, template)
        return self._like(types.FunctionType(code, _Globals(template.module)))

    def method(self) -> Callable[..., Any]:
        """Return a function with the very parameters of the mask that makes its page.

        One with `*args` would hide from the caller that the arguments do not fit.
        """
        plain = self._function.__code__
        arguments = _parameters(self._function)
        values: list[ast.expr] = [ast.Name(one.arg, ast.Load()) for one in arguments.args]
        values += [ast.Starred(ast.Name(arguments.vararg.arg, ast.Load()), ast.Load())] if arguments.vararg else []
        named = [ast.keyword(one.arg, ast.Name(one.arg, ast.Load())) for one in arguments.kwonlyargs]
        named += [ast.keyword(None, ast.Name(arguments.kwarg.arg, ast.Load()))] if arguments.kwarg else []
        page = ast.Call(ast.Name("__page__", ast.Load()), [], [])
        function = ast.FunctionDef(self._function.__name__, arguments, [ast.Return(ast.Call(page, values, named))], [])
        function.lineno = function.end_lineno = plain.co_firstlineno
        function.col_offset = function.end_col_offset = 0
        tree = ast.fix_missing_locations(ast.Module([function], []))
        code = _inner(compile(tree, plain.co_filename, "exec", dont_inherit=True))
        made = self._like(types.FunctionType(code, {"__page__": self.current, "__builtins__": vars(builtins)}))
        return functools.update_wrapper(made, self._function)

    def _like(self, function: types.FunctionType) -> types.FunctionType:
        plain = self._function
        function.__defaults__, function.__kwdefaults__ = plain.__defaults__, plain.__kwdefaults__
        function.__qualname__ = plain.__qualname__
        return function


def _parameters(function: types.FunctionType) -> ast.arguments:
    """Return the parameters of a function, without their defaults."""
    code = function.__code__
    names, count, more = code.co_varnames, code.co_argcount, code.co_kwonlyargcount
    rest = list(names[count + more :])
    return ast.arguments(
        posonlyargs=[],
        args=[ast.arg(name) for name in names[:count]],
        vararg=ast.arg(rest.pop(0)) if code.co_flags & inspect.CO_VARARGS else None,
        kwonlyargs=[ast.arg(name) for name in names[count : count + more]],
        kw_defaults=[None] * more,
        kwarg=ast.arg(rest.pop(0)) if code.co_flags & inspect.CO_VARKEYWORDS else None,
        defaults=[],
    )


def _inner(code: types.CodeType) -> types.CodeType:
    """Return the code of the one function in a module."""
    return next(each for each in code.co_consts if isinstance(each, types.CodeType))


def _code_of(name: str, arguments: ast.arguments, body: list[ast.stmt], template: Template) -> types.CodeType:
    """Return the code of the function with this body."""
    function = ast.FunctionDef(name, arguments, body, [])
    function.lineno = function.end_lineno = 1
    function.col_offset = function.end_col_offset = 0
    ast.fix_missing_locations(function)
    pieces: dict[str, str] = {}
    settle(function, template.file(), pieces)
    return _inner(compiled(ast.Module([function], []), template.file(), pieces))


class _Part:
    """A template run inside a method, with the variables that the method has at that time."""

    def __init__(self, name: str, module: str, variables: tuple[str, ...]) -> None:
        self.template = Template(name, module)
        self.variables = variables
        self._run: Callable[..., Any] | None = None

    def current(self) -> Callable[..., Any]:
        """Return the function that runs it. Raises CpyError if there never was one."""
        if self._run is None or self.template.is_stale():
            try:
                self._run = self._compile()
            except CpyError as error:
                if self._run is None:
                    raise
                log.error("the template %s stays as it was: %s", self.template.name, error)
        return self._run

    def _compile(self) -> Callable[..., Any]:
        body = self.template.statements()
        ending: list[ast.stmt] = []
        if "_page" in self.variables:
            body, ending = body[1:-1], ast.parse("return None, locals()").body
            for node in ast.walk(ending[0]):
                if isinstance(node, (ast.stmt, ast.expr)):
                    node.lineno = node.end_lineno = 1  # its line is never shown: it cannot fail
        for node in _returns(body):
            node.value = ast.Tuple([node.value or ast.Constant(None), ast.Constant(None)], ast.Load())
        body = [*body, *ending]
        arguments = ast.arguments([], [ast.arg(name) for name in self.variables], None, [], [], None, [])
        name = os.path.basename(self.template.name).partition(".")[0] or "template"
        names = _Globals(self.template.module)
        names["locals"] = locals
        return types.FunctionType(_code_of(name, arguments, body, self.template), names)


def _returns(body: Iterable[ast.AST]) -> Iterable[ast.Return]:
    for node in body:
        if isinstance(node, ast.Return):
            yield node
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _returns(ast.iter_child_nodes(node))


_PARTS: dict[tuple[str, str, tuple[str, ...]], _Part] = {}


def render(template: str, names: dict[str, Any]) -> Any:
    """Run a template in the middle of a method: `render("root/index.html", locals())`.

    names: the method's variables. With `_page` among them the text is appended to that list and
    what a `return` in the template gives is returned, else None; what the template binds is put
    into `names`. Without `_page` the page is returned.
    """
    module = sys._getframe(1).f_globals["__name__"]
    key = (module, template, tuple(names))
    part = _PARTS.get(key)
    if part is None:
        part = _PARTS[key] = _Part(template, module, key[2])
    value, bound = part.current()(*names.values())
    if bound:
        names.update(bound)
    return value
