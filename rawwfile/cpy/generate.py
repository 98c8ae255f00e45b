"""From parsed modules to a `Program`: classes, special functions, imports as Python 3 `ast`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from rawwfile.cpy.aspects import AspectWeaver, facts_of, inherited_aspects
from rawwfile.cpy.classic import CLASS_MAKER
from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.exposure import ClassTable, table_of, unhidden
from rawwfile.cpy.pieces import place, settle
from rawwfile.cpy.program import Program, Unit
from rawwfile.cpy.protocols import Include, MaskCompiler, Translator
from rawwfile.cpy.quiet import quietly
from rawwfile.cpy.source import Line, Position
from rawwfile.cpy.specials import import_unit, init_program_units, special_units
from rawwfile.cpy.syntax import parsed
from rawwfile.cpy.tree import KINDS, CherryClass, Method, Module


def compile_program(
    modules: Sequence[Module],
    *,
    translate: Translator,
    mask: MaskCompiler,
    include: Include,
    condition_names: Mapping[str, object] | None = None,
    original: Callable[[Position], str] = lambda position: "",
) -> Program:
    """Compile modules, in the order in which they count, to one `Program`.

    A translator with `survey(file, text, pieces)` is told of each file, and the code in it, first.
    condition_names: globals that translated aspect conditions need. original: the line of a file
    as it stands there, to show where Python refuses the code (`SourceFiles.original`). Raises
    CpyError; every unit has been compiled by then, so that no error waits for the start.
    """
    survey = getattr(translate, "survey", None)
    for module in modules:
        if survey is not None:
            survey(module.file, module.text(), module.code())
    with quietly():
        return _compiled(modules, _ClassMaker(translate, mask, include, condition_names or {}), translate, original)


def _compiled(
    modules: Sequence[Module],
    maker: _ClassMaker,
    translate: Translator,
    original: Callable[[Position], str],
) -> Program:
    warnings = [warning for module in modules for warning in module.warnings]
    classes: list[Unit] = []
    for module in modules:
        for cherry_class in module.classes:
            if cherry_class.name in maker.tables:
                warnings.append(_repeated(cherry_class))
            classes.append(maker.unit(cherry_class))
            warnings += _unhidden(cherry_class, maker.tables)
    specials = special_units(modules, translate)
    units = [
        *init_program_units(modules, translate),
        *(import_unit(module, translate) for module in modules if module.imports),
        *classes,
        *specials,
    ]
    for unit in units:
        _check(unit, original)
    names = tuple(unit.name for unit in specials)
    return Program(tuple(units), maker.tables, names, tuple(warnings))


def _check(unit: Unit, original: Callable[[Position], str]) -> None:
    try:
        unit.code()
    except CpyError as error:
        error.line = error.line or (original(error.position) if error.position else "")
        if unit.kind == "class":
            error.within(unit.name)
        raise


def _repeated(cherry_class: CherryClass) -> CpyError:
    return CpyError.at(
        cherry_class.header,
        f"this CherryClass {cherry_class.name} replaces an earlier one of the same name",
        hint="give one of them another name",
    )


def _unhidden(
    cherry_class: CherryClass, tables: Mapping[str, ClassTable]
) -> list[CpyError]:
    return [
        CpyError.at(
            cherry_class.header,
            f"a URL runs the hidden method {by}.{name} here, because another parent shows its own",
            hint=f"define {name} hidden in {cherry_class.name} too, or change the order of parents",
        )
        for name, by in unhidden(tables[cherry_class.name], tables)
    ]


class _ClassMaker:
    """Makes classes one after the other; remembers those that children will name as parents."""

    def __init__(
        self,
        translate: Translator,
        mask: MaskCompiler,
        include: Include,
        condition_names: Mapping[str, object],
    ) -> None:
        self._translate = translate
        self._mask = mask
        self._include = include
        self._weaver = AspectWeaver(translate, condition_names)
        self._known: dict[str, CherryClass] = {}
        self.tables: dict[str, ClassTable] = {}

    def unit(self, cherry_class: CherryClass) -> Unit:
        """Return the unit that defines the class, and note the class and its table."""
        pieces: dict[str, str] = {}
        header = cherry_class.header
        try:
            body = self._body(cherry_class, pieces)
            bases = [
                self._translate.expression(parent.text, parent.position)
                for parent in cherry_class.parents
            ]
        except CpyError as error:
            raise error.within(cherry_class.name) from error.__cause__
        maker = ast.keyword("metaclass", ast.Name(CLASS_MAKER, ast.Load()))
        node = ast.ClassDef(cherry_class.name, bases, [maker], body, [])
        _place(node, header)
        table = table_of(cherry_class, self.tables)
        # A repeated name counts where it stands last.
        self.tables.pop(cherry_class.name, None)
        self.tables[cherry_class.name] = table
        self._known[cherry_class.name] = cherry_class
        tree = ast.Module([node], [])
        return Unit("class", cherry_class.name, header.position.file, tree, pieces)

    def _body(self, cherry_class: CherryClass, pieces: dict[str, str]) -> list[ast.stmt]:
        body: list[ast.stmt] = []
        if cherry_class.variables:
            body += self._in_class(cherry_class, cherry_class.variables)
        body.append(_get_path(cherry_class))
        for kind in KINDS:
            for method in cherry_class.of_kind(kind):
                body += self._method(cherry_class, method, pieces)
        return body

    def _in_class(self, cherry_class: CherryClass, lines: Sequence[Line]) -> list[ast.stmt]:
        """Translate lines of a class at the columns they have: long strings keep theirs."""
        header = cherry_class.header
        head = Line(f"class {cherry_class.name}:", header.position, header.original)
        body: list[ast.stmt] = []
        for statement in self._translate.statements([head, *lines], scope="module"):
            body += statement.body if isinstance(statement, ast.ClassDef) else [statement]
        return body

    def _method(
        self, cherry_class: CherryClass, method: Method, pieces: dict[str, str]
    ) -> list[ast.stmt]:
        if method.kind == "mask":
            last = method.header[-1]
            filler = Line("        pass", last.position, last.original)
            statements = self._in_class(cherry_class, [*method.header, filler])
        else:
            statements = self._in_class(cherry_class, [*method.header, *method.body])
        function = next(one for one in statements if isinstance(one, ast.FunctionDef))
        aspects = inherited_aspects(cherry_class, self._known)
        start, end = self._weaver.around(aspects, facts_of(cherry_class, method))
        if method.kind == "mask":
            try:
                page = self._mask(list(method.body), include=self._include)
            except CpyError as error:
                raise error.within(cherry_class.name, method.name) from error.__cause__
            # Before the filler stands what takes the parts of a parameter `(a, b)`.
            function.body = [*function.body[:-1], page[0], *start, *page[1:-1], *end, page[-1]]
        else:
            function.body = [*start, *function.body, *end]
        settle(function, cherry_class.header.position.file, pieces)
        return statements


def _get_path(cherry_class: CherryClass) -> ast.stmt:
    """Return the method every CherryClass gets: underscores of its name become slashes (1.7)."""
    path = "/" + cherry_class.instance.replace("_", "/")
    source = (
        "def getPath(self, includeRequestBase=1):\n"
        f"    if includeRequestBase: return request.base + {path!r}\n"
        f"    return {path!r}\n"
    )
    function = parsed(source).body[0]
    for node in ast.walk(function):
        _forget_place(node)
    _place(function, cherry_class.header)
    return function


def _forget_place(node: ast.AST) -> None:
    for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
        if hasattr(node, name):
            delattr(node, name)


def _place(node: ast.stmt, line: Line) -> None:
    """Put `node`, and what has no place inside it, on `line`."""
    node.lineno = node.end_lineno = line.position.line
    node.col_offset = line.column_of(0)
    node.end_col_offset = line.column_of(len(line.text))
    place(node, node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)
