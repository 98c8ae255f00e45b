"""Right file names for code that was woven in from another file.

A code object has one file name. Aspects and included templates bring statements of other files
into a method, so a run of such statements becomes a small function inside the method, which
shares the method's variables (`nonlocal`) and whose code object can carry its own file's name.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Any

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.quiet import quietly
from rawwfile.cpy.source import Position

FILE = "cpy_file"
TAGS = "cpy_tags"
_RESULT = "__result__"
# Code that looks at its own variables by name must stay where these are.
_INTROSPECTIVE = {"locals", "vars", "dir", "exec", "eval", "execfile", "@exec", "@exec_here", "@names"}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)


def mark(statements: Iterable[ast.stmt], file: str) -> list[ast.stmt]:
    """Note on each statement the file that it stands in; return them as a list."""
    marked = list(statements)
    for statement in marked:
        setattr(statement, FILE, file)
    return marked


def settle(function: ast.FunctionDef, file: str, pieces: dict[str, str]) -> None:
    """Put `global` first, and give statements of other files than `file` a piece of their own.

    pieces: piece name to file, added to; `compiled` needs it again.
    """
    function.body, shared = without_globals(function.body)
    if shared:
        function.body.insert(0, _placed(ast.Global(shared), function))
    weaver = _Weaver(file, shared, pieces, function)
    function.body = weaver.block(function.body)
    if weaver.bound:
        # Never run: it only makes the names variables of the method.
        names = sorted(weaver.bound)
        binding = ast.Assign([ast.Name(name, ast.Store()) for name in names], ast.Constant(None))
        unused = ast.If(ast.Constant(0), [binding], [])
        function.body.insert(1 if shared else 0, _placed(unused, function))


def compiled(tree: ast.Module, file: str, pieces: dict[str, str]) -> types.CodeType:
    """Compile a module whose functions went through `settle`. Raises CpyError."""
    try:
        with quietly():
            code = compile(tree, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        column = max((error.offset or 1) - 1, 0)
        refusal = CpyError(error.msg, Position(file, error.lineno or 1, column))
        refusal.kind = "SyntaxError"
        raise refusal from error
    return _renamed(code, pieces, None)


def _renamed(
    code: types.CodeType, pieces: dict[str, str], outer: types.CodeType | None
) -> types.CodeType:
    changes: dict[str, object] = {}
    if outer is not None and code.co_name in pieces:
        changes = {"co_filename": pieces[code.co_name], "co_name": outer.co_name}
        if sys.version_info >= (3, 11):
            changes["co_qualname"] = outer.co_qualname
    elif outer is not None and code.co_filename != outer.co_filename:
        changes = {"co_filename": outer.co_filename}
    if not changes and not pieces:
        return code
    code = code.replace(**changes)  # type: ignore[arg-type]
    consts = tuple(
        _renamed(const, pieces, code) if isinstance(const, types.CodeType) else const
        for const in code.co_consts
    )
    return code.replace(co_consts=consts)


def without_globals(statements: list[ast.stmt]) -> tuple[list[ast.stmt], list[str]]:
    """Return `statements` with `pass` for each `global`, and the names these listed, in order.

    Python 2 let `global` come after a use; woven code may do that without its author's doing.
    """
    names: dict[str, None] = {}

    def without(block: list[ast.stmt]) -> list[ast.stmt]:
        for at, statement in enumerate(block):
            if isinstance(statement, ast.Global):
                names.update(dict.fromkeys(statement.names))
                block[at] = ast.copy_location(ast.Pass(), statement)
            elif not isinstance(statement, _SCOPES):
                for inner in _blocks(statement):
                    without(inner)
        return block

    return without(list(statements)), list(names)


def copied(node: Any) -> Any:
    """Return a copy of a tree, places and marks included; much faster than `copy.deepcopy`."""
    if not isinstance(node, ast.AST):
        return [copied(each) for each in node] if type(node) is list else node
    if not node._fields and not node._attributes:
        return node
    made = node.__class__.__new__(node.__class__)
    for name, value in node.__dict__.items():
        is_tree = isinstance(value, (ast.AST, list))
        setattr(made, name, copied(value) if is_tree else value)
    return made


def _blocks(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the lists of statements that a compound statement holds."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if type(block) is list:
            yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


class _Weaver:
    """Replaces the runs of foreign statements in one function."""

    def __init__(
        self, file: str, shared: list[str], pieces: dict[str, str], caller: ast.AST
    ) -> None:
        self._file = file
        self._caller = caller
        self._shared = shared
        self._pieces = pieces
        self.bound: set[str] = set()

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """Return `statements` with each run of another file's turned into a piece."""
        done: list[ast.stmt] = []
        run: list[ast.stmt] = []
        for statement in [*statements, None]:
            file = getattr(statement, FILE, "") or self._file
            if run and (statement is None or file != getattr(run[0], FILE)):
                done += self._piece(run)
                run = []
            if statement is not None and file != self._file and _may_move(statement):
                run.append(statement)
            elif statement is not None:
                if run:
                    done += self._piece(run)
                    run = []
                self._inside(statement)
                done.append(statement)
        return done

    def _inside(self, statement: ast.stmt) -> None:
        if isinstance(statement, _SCOPES):
            return
        for name, value in ast.iter_fields(statement):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(statement, name, self.block(value))
        for handler in getattr(statement, "handlers", []):
            handler.body = self.block(handler.body)

    def _piece(self, run: list[ast.stmt]) -> list[ast.stmt]:
        file = getattr(run[0], FILE)
        name = f"__from_{len(self._pieces)}__"
        self._pieces[name] = file
        inner = _Weaver(file, self._shared, self._pieces, run[0])
        bound = set().union(*map(_bound_names, run))
        body: list[ast.stmt] = inner.block(run)
        bound |= inner.bound
        own = sorted(bound - set(self._shared))
        self.bound.update(own)
        returns = any(isinstance(node, ast.Return) for one in run for node in _own_nodes(one))
        if own:
            body.insert(0, ast.Nonlocal(own))
        declared = sorted(bound & set(self._shared))
        if declared:
            body.insert(0, ast.Global(declared))
        if returns:
            body.append(ast.Return(ast.Constant(...)))
        empty = ast.arguments(
            posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]
        )
        function = ast.FunctionDef(name, empty, body, [])
        call = ast.Call(ast.Name(name, ast.Load()), [], [])
        caller = self._caller_of(run[0])
        if not returns:
            return [_placed(function, run[0]), _placed(ast.Expr(call), caller)]
        result = ast.Name(_RESULT, ast.Load())
        test = ast.Compare(result, [ast.IsNot()], [ast.Constant(...)])
        return [
            _placed(function, run[0]),
            _placed(ast.Assign([ast.Name(_RESULT, ast.Store())], call), caller),
            _placed(ast.If(test, [ast.Return(result)], []), caller),
        ]

    def _caller_of(self, statement: ast.stmt) -> ast.AST:
        """Return what stands where a traceback shows the call: the py-include tag, or the def."""
        for tag in getattr(statement, TAGS, ()):
            if tag.file == self._file:
                place = {"lineno": tag.line, "col_offset": tag.column}
                ends = {"end_lineno": tag.line, "end_col_offset": tag.column}
                return ast.Pass(**place, **ends)
        return self._caller


def _placed(node: ast.stmt, at: ast.AST) -> ast.stmt:
    """Give `node` and what has no place yet inside it the place of another."""
    ast.copy_location(node, at)
    place(node, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
    return node


def place(
    node: ast.AST, line: int, column: int, end_line: int | None, end_column: int | None
) -> None:
    """Give all inside `node` that has no place this one; what has one is not looked into."""
    for child in ast.iter_child_nodes(node):
        if "lineno" in child._attributes:
            if hasattr(child, "lineno"):
                continue
            child.lineno, child.end_lineno = line, end_line  # type: ignore[attr-defined]
            child.col_offset, child.end_col_offset = column, end_column  # type: ignore[attr-defined]
        if child._fields:
            place(child, line, column, end_line, end_column)


def _own_nodes(statement: ast.AST) -> Iterator[ast.AST]:
    """Every node of a statement that is not inside a function or class of its own."""
    yield statement
    if not isinstance(statement, _SCOPES):
        for child in ast.iter_child_nodes(statement):
            yield from _own_nodes(child)


def _may_move(statement: ast.stmt) -> bool:
    """Whether a statement means the same inside a function of its own."""
    for node in _own_nodes(statement):
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            return False
        if isinstance(node, ast.Name) and node.id in _INTROSPECTIVE:
            return False
    return not _jumps_out(statement)


def _jumps_out(node: ast.AST) -> bool:
    if isinstance(node, (ast.Break, ast.Continue)):
        return True
    if isinstance(node, _SCOPES):
        return False
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, (ast.For, ast.While, ast.AsyncFor)):
        children = node.orelse
    return any(_jumps_out(child) for child in children)


def _bound_names(statement: ast.stmt) -> set[str]:
    names: set[str] = set()
    for node in _own_nodes(statement):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, _NAMED) and node.name:
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update((name.asname or name.name).split(".")[0] for name in node.names)
    return names
