"""The statements of a mask, as Python 3 `ast` with the lines and columns of the templates.

    _page = []
    _page.append("<h1>")
    _page.append(__cpy_text__(who))
    return "".join(_page)

The list is called `_page`, and `_index` and `_end` are what loops count with, because the code in
masks uses these names (spec 3.6, 3.7).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import cache, singledispatchmethod

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.pieces import copied
from rawwfile.cpy.protocols import Include, Translator
from rawwfile.cpy.source import Line, Position
from rawwfile.cpy.syntax import parsed
from rawwfile.cpy.template import runtime
from rawwfile.cpy.template.includes import expanded, without_debug
from rawwfile.cpy.template.parse import parse
from rawwfile.cpy.template.text import Origin, SourceText, mask_text
from rawwfile.cpy.template.tree import Branch, Debug, Literal, Loop, Node, Statements, Value

_PAGE = "_page"
_INDEX = "_index"
_END = "_end"


def compile_mask(
    lines: Iterable[Line], *, include: Include, translate: Translator, debug: bool = False
) -> list[ast.stmt]:
    """Compile the body of a mask to the statements of a method that returns the page.

    lines: of the mask, without its first eight columns. include: reads the template named at a
    place. translate: turns the code in tags into `ast`. debug: keep py-debug (`-D`).

    The first statement makes `_page`, the last returns it joined: aspects go between. Each
    statement has `cpy_file`, the file it stands in, and `cpy_tags`, the places of the py-include
    tags that brought it in, outermost first. Raises CpyError.
    """
    own = mask_text(lines)
    source = expanded(own, include)
    if not debug:
        source = without_debug(source)
    generator = _Generator(translate)
    body = generator.body(parse(source))
    # These stand in the mask itself, also where it begins or ends with a template.
    opening = [_at(_end_of(own, 0), f"{_PAGE} = []")]
    if generator.has_loops:
        opening.append(_at(_end_of(own, 0), f"{_INDEX} = {_END} = -1"))
    return [*opening, *body, _at(_end_of(own, -1), f"return ''.join({_PAGE})")]


def _end_of(own: SourceText, which: int) -> Origin:
    """Return the place of the first (0) or last (-1) line; an empty mask has none."""
    if not own.pieces:
        return Origin(Position("", 1, 0))
    return Origin(own.pieces[which].line.position_of(0))


def _at(origin: Origin, code: str) -> ast.stmt:
    """Return the one statement `code`, placed at `origin`."""
    return _placed(copied(_without_place(code)), origin)


@cache
def _without_place(code: str) -> ast.stmt:
    statement = parsed(code).body[0]
    for node in ast.walk(statement):
        if isinstance(node, (ast.stmt, ast.expr)):
            del node.lineno, node.col_offset, node.end_lineno, node.end_col_offset
    return statement


def _append(origin: Origin, value: ast.expr) -> ast.stmt:
    append = ast.Attribute(ast.Name(_PAGE, ast.Load()), "append", ast.Load())
    return _placed(ast.Expr(ast.Call(append, [value], [])), origin)


def _call(name: str, values: list[ast.expr]) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), values, [])


def _placed(statement: ast.stmt, origin: Origin) -> ast.stmt:
    """Give all nodes of `statement` that have no place yet the place of `origin`."""
    _place(statement, origin.position)
    return _marked(statement, origin)


def _place(node: ast.AST, place: Position) -> None:
    if hasattr(node, "lineno"):  # placed already, and all that is in it
        return
    if isinstance(node, (ast.stmt, ast.expr)):
        node.lineno = node.end_lineno = place.line
        node.col_offset = node.end_col_offset = place.column
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            if value._fields:
                _place(value, place)
        elif type(value) is list:
            for each in value:
                if isinstance(each, ast.AST):
                    _place(each, place)


def _marked(statement: ast.stmt, origin: Origin) -> ast.stmt:
    if origin.position.file:
        statement.cpy_file = origin.position.file  # type: ignore[attr-defined]
    statement.cpy_tags = tuple(one.tag for one in origin.chain)  # type: ignore[attr-defined]
    return statement


class _Generator:
    """Turns nodes into statements. has_loops: whether a py-for was among them."""

    def __init__(self, translate: Translator) -> None:
        self._translate = translate
        self.has_loops = False

    def body(self, nodes: Sequence[Node]) -> list[ast.stmt]:
        """Return the statements of the nodes, in order."""
        return [statement for node in nodes for statement in self._of(node)]

    def _expression(self, code: Line) -> ast.expr:
        try:
            return self._translate.expression(code.text, code.position)
        except CpyError as error:
            if error.position and error.position.line == code.position.line:
                error.line = code.original  # the translator saw no more than the expression
            raise

    def _arguments(self, code: Line) -> list[ast.expr]:
        """Return the expression, or several where commas part them: 0.10 wrote `str(CODE)`."""
        node = self._expression(code)
        if isinstance(node, ast.Tuple) and self._is_bare_tuple(code, node):
            return node.elts
        return [node]

    def _is_bare_tuple(self, code: Line, node: ast.expr) -> bool:
        """Whether the code, which became `node`, is a tuple without parentheses around it."""
        if not isinstance(node, ast.Tuple):
            return False
        call = self._translate.expression(f"f({code.text})", code.position)
        return not (
            isinstance(call, ast.Call)
            and len(call.args) == 1
            and isinstance(call.args[0], ast.Tuple)
            and len(call.args[0].elts) == len(node.elts)
        )

    @singledispatchmethod
    def _of(self, node: Node) -> list[ast.stmt]:
        raise TypeError(f"no statement for {node!r}")

    @_of.register
    def _literal(self, node: Literal) -> list[ast.stmt]:
        return [_append(node.origin, ast.Constant(node.text))]

    @_of.register
    def _value(self, node: Value) -> list[ast.stmt]:
        return [_append(node.origin, _call(runtime.TEXT, self._arguments(node.code)))]

    @_of.register
    def _debug(self, node: Debug) -> list[ast.stmt]:
        call = _call("debug", self._arguments(node.code))
        return [_placed(ast.Expr(call), node.origin)]

    @_of.register
    def _statements(self, node: Statements) -> list[ast.stmt]:
        lines = list(node.lines)
        if len(lines) == 1 and not lines[0].indent:
            found = self._translate.statements(lines)
        else:
            # A block keeps its columns, which long strings show, under a line made up for it.
            place = lines[0].position
            header = Line("if 1:", Position(place.file, place.line, 0), lines[0].original)
            *before, block = self._translate.statements([header, *lines])
            found = [*before, *getattr(block, "body", [block])]
        return [_marked(statement, node.origin) for statement in found]

    @_of.register
    def _branch(self, node: Branch) -> list[ast.stmt]:
        test = self._expression(node.test)
        body = self.body(node.body) or [_at(node.origin, "pass")]
        return [_placed(ast.If(test, body, self.body(node.otherwise)), node.origin)]

    @_of.register
    def _loop(self, node: Loop) -> list[ast.stmt]:
        self.has_loops = True
        saved, items = f"__cpy_loop_{node.depth}__", f"__cpy_items_{node.depth}__"
        value = self._expression(node.items)
        found = _placed(ast.Assign([ast.Name(items, ast.Store())], value), node.origin)
        # 0.10 asked for `len(CODE)`: a tuple without parentheses had no length.
        has_length = not self._is_bare_tuple(node.items, value)
        last = f"{runtime.LAST_INDEX}({items})" if has_length else "-1"
        setup = [
            _at(node.origin, f"{saved} = {_INDEX}, {_END}"),
            _at(node.origin, f"{_INDEX} = -1"),
            found,
            _at(node.origin, f"{_END} = {last}"),
        ]
        if any(isinstance(one, ast.Name) and one.id == _END for one in ast.walk(value)):
            # 0.10 evaluated the items twice, and the second time saw the new `_end`.
            setup.append(copied(found))
        target = _as_target(self._expression(node.targets), node.targets)
        count = _at(node.origin, f"{_INDEX} = {_INDEX} + 1")
        body = [count, *self.body(node.body)]
        loop = _placed(ast.For(target, ast.Name(items, ast.Load()), body, []), node.origin)
        return [*setup, loop, _at(node.origin, f"{_INDEX}, {_END} = {saved}")]


def _as_target(node: ast.expr, code: Line) -> ast.expr:
    """Return `node` made something that a loop can assign to. Raises CpyError if it is not."""
    if isinstance(node, (ast.Tuple, ast.List)):
        for one in node.elts:
            _as_target(one, code)
    elif isinstance(node, ast.Starred):
        _as_target(node.value, code)
    elif not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        raise CpyError.at(
            code,
            f"py-for cannot assign to '{code.text}'",
            hint="write a name, or names with commas",
        )
    node.ctx = ast.Store()
    return node
