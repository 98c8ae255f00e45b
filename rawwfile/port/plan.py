"""What the package will consist of: its modules, their classes, and the names that all of them share."""

from __future__ import annotations

import ast
import functools
import keyword
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rawwfile.cherrypy.site import name_of
from rawwfile.cpy import python2, template
from rawwfile.cpy.files import SourceFiles
from rawwfile.cpy.generate import compile_program
from rawwfile.cpy.modules import load_modules
from rawwfile.cpy.program import Program
from rawwfile.cpy.python2.runtime import builtins_for
from rawwfile.cpy.source import Line
from rawwfile.cpy.tree import SPECIALS, CherryClass, Module, Special
from rawwfile.port.comments import Comments, comments_of
from rawwfile.port.own import Own, find_own, imported_by, names_of
from rawwfile.port.report import Report

SHARED = ("site", "shared", "common", "application_site")
"""Names for the module of what all modules share; the first one that the sources do not use."""

RUN_TIME = ("request", "response", "configFile", "debug", "logMessage", "shutdown")
"""Names that a ported module imports from rawwfile.cherrypy."""

@dataclass
class Source:
    """One `.cpy` file. name: of its module in the package; shown: in the report and in comments."""

    module: Module
    name: str
    shown: str
    comments: Comments
    classes: list[CherryClass]

    @property
    def file(self) -> str:
        """The file's name as lines know it."""
        return self.module.file


@dataclass
class Plan:
    """The whole application.

    name: as in RootServer.cfg. shared: the module of shared names. variables: those of `global` lines.
    first: names bound by initProgram. imports: by the name that an import line binds, the first such
    line. home: the source in which a class, by name, is defined. own: Python modules beside the sources.
    spread: `import *` lines of these, in whose place each module imports what it uses.
    """

    name: str
    sources: list[Source]
    program: Program
    files: SourceFiles
    translate: python2.Translator
    charset: str | None
    shared: str
    report: Report
    known: dict[str, CherryClass] = field(default_factory=dict)
    home: dict[str, Source] = field(default_factory=dict)
    instances: dict[str, str] = field(default_factory=dict)
    variables: list[str] = field(default_factory=list)
    first: set[str] = field(default_factory=set)
    imports: dict[str, Line] = field(default_factory=dict)
    own: dict[str, Own] = field(default_factory=dict)
    spread: set[Line] = field(default_factory=set)

    def specials(self, name: str) -> list[Special]:
        """Return the definitions of a special function, in the order in which they are run."""
        return [each for source in self.sources for each in source.module.specials if each.name == name]

    def source_of(self, special: Special) -> Source:
        """Return the source in which a special function stands."""
        return next(one for one in self.sources if any(each is special for each in one.module.specials))

    def shown(self, file: str) -> str:
        """Return the name of a file as reports show it."""
        return next((one.shown for one in self.sources if one.file == file), file)


def plan_of(
    names: Sequence[str],
    *,
    include: Sequence[str] = (),
    library: str = "",
    indent: int = 4,
    encoding: str | None = None,
    directory: str = "",
) -> Plan:
    """Read, compile and lay out an application. Raises CpyError for what does not compile."""
    files = SourceFiles(directory, include=include, library=[library], indent=indent, encoding=encoding)
    modules = load_modules(names, files)
    charset = encoding or _charset_of(files, modules)
    if charset != encoding:
        files = SourceFiles(directory, include=include, library=[library], indent=indent, encoding=charset)
        modules = load_modules(names, files)
    translate = python2.Translator()
    program = compile_program(
        modules,
        translate=translate,
        mask=functools.partial(template.compile_mask, translate=translate),
        include=files.template,
        condition_names={"__builtins__": builtins_for()},
        original=files.original,
    )
    report = Report()
    for warning in program.warnings:
        place = warning.position
        line = Line(warning.line, place, warning.line) if place else None
        message = f"{warning.message}; {warning.hint}" if warning.hint else warning.message
        report.add(line, "warning", message, look=True)
    shared = _free_name(SHARED, program, modules)
    sources = _sources(modules, files, library, shared)
    plan = Plan(name_of(names[0]), sources, program, files, translate, charset, shared, report)
    _fill(plan)
    for line in (line for source in plan.sources for line in _code_lines(source.module)):
        if _EVAL.search(line.text):
            message = "eval() sees all names of the application, as it did: getattr() or a dict may do, and does less"
            report.add(line, "eval", message, look=True)
    folders = [os.path.dirname(name) for name in names]
    _find_own(plan, ["", *folders, *reversed(include)])
    return plan


def _find_own(plan: Plan, folders: Sequence[str]) -> None:
    taken = {plan.shared, "templates", *(source.name for source in plan.sources)}
    texts = [line.text for lines in plan.files.originals.values() for line in lines]

    def free(name: str) -> str:
        choices = [name, *(f"{name}_{number}" for number in range(2, len(taken) + 3))]
        found = next(each for each in choices if each not in taken)
        taken.add(found)
        return found

    plan.own, packages = find_own(texts, dict.fromkeys(folders), plan.files.directory, free)
    for line in [line for source in plan.sources for line in source.module.imports]:
        words = line.text.split()
        if words[0] == "from" and words[-1] == "*" and words[1] in plan.own:
            plan.spread.add(line)
            for name in names_of(plan.own[words[1]], plan.translate.module):
                one = f"from {words[1]} import {name}"
                plan.imports.setdefault(name, Line(one, line.position, one))
    for name in packages:
        message = f"the package {name} beside the sources is not ported: port it by hand and install it"
        plan.report.add(None, "package", message, look=True, file=plan.sources[-1].file)


def _fill(plan: Plan) -> None:
    for source in plan.sources:
        for each in source.module.classes:
            plan.home[each.name] = source
        for line in source.module.imports:
            for name in bound_by_import(plan.translate.statements([line], scope="module")):
                plan.imports.setdefault(name, line)
    first = [line for special in plan.specials("initProgram") for line in special.body]
    imported: set[str] = set()
    for line in first:
        if imported_by([line.text]):
            line = line.part(line.indent)
            for name in bound_by_import(plan.translate.statements([line], scope="module")):
                plan.imports.setdefault(name, line)
                imported.add(name)
    plan.instances = {name: cherry_class for name, cherry_class in plan.program.instances}
    for source in plan.sources:
        for each in source.module.classes:
            if plan.home[each.name] is not source or _later(source, each):
                message = f"{each.name} is defined again later: this one is left out"
                plan.report.add(each.header, "class", message, look=True)
            else:
                source.classes.append(each)
                plan.known[each.name] = each
    found: dict[str, None] = {}
    for unit in plan.program.units:
        if unit.kind == "initProgram":
            plan.first.update(_top_names(unit.tree.body))
        for node in ast.walk(unit.tree):
            if isinstance(node, ast.Global):
                found.update(dict.fromkeys(node.names))
    plan.first -= imported
    found.update(dict.fromkeys(sorted(plan.first)))
    plan.variables = [name for name in found if "@" not in name and name not in plan.instances]


def _later(source: Source, cherry_class: CherryClass) -> bool:
    same = [each for each in source.module.classes if each.name == cherry_class.name]
    return same[-1] is not cherry_class


def bound_by_import(statements: Iterable[ast.stmt]) -> Iterator[str]:
    """Yield the names that import statements bind, whatever the translator made of these."""
    for statement in statements:
        for node in ast.walk(statement):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                yield from ((each.asname or each.name).split(".")[0] for each in node.names if each.name != "*")
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def _top_names(body: Iterable[ast.stmt]) -> list[str]:
    """Return what statements at the top of a module bind, but for imports."""
    found: dict[str, None] = {}
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            found[statement.name] = None
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = None
    return list(found)


def _sources(modules: Sequence[Module], files: SourceFiles, library: str, shared: str) -> list[Source]:
    taken = {shared, "templates", "__init__"}
    sources = []
    for module in modules:
        base = module.file.replace("\\", "/").rpartition("/")[2]
        name = _free_module_name(base.removesuffix(".cpy"), taken)
        taken.add(name)
        shown = f"lib/{base}" if library and module.file.startswith(library) else module.file
        comments = comments_of(module, files.originals[module.file])
        sources.append(Source(module, name, shown, comments, []))
    return sources


def module_name(name: str) -> str:
    """Return the name of the module for a file: `cookie_authenticate` for CookieAuthenticate."""
    name = re.sub(r"\W", "_", name, flags=re.ASCII)
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    return f"{name}_" if keyword.iskeyword(name) else f"m{name}" if name[:1].isdigit() else name


def _free_module_name(name: str, taken: set[str]) -> str:
    wanted = module_name(name)
    choices = [wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3))]
    return next(each for each in choices if each not in taken)


def _free_name(choices: Sequence[str], program: Program, modules: Iterable[Module]) -> str:
    used = {module_name(module.file.rpartition("/")[2].removesuffix(".cpy")) for module in modules}
    for unit in program.units:
        for node in ast.walk(unit.tree):
            if isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.arg):
                used.add(node.arg)
            elif isinstance(node, ast.alias):
                used.add((node.asname or node.name).split(".")[0])
    return next((each for each in choices if each not in used), choices[0] + "_names")


def _charset_of(files: SourceFiles, modules: Sequence[Module]) -> str | None:
    """Return "utf-8" if code of the application holds characters that only make sense in it."""
    for lines in files.originals.values():
        try:
            "\n".join(line.original for line in lines).encode("latin-1").decode("utf-8")
        except UnicodeError:
            return None
    texts = [line.text for module in modules for line in _code_lines(module)]
    wide = any(not _COMMENT.sub("", text).isascii() for text in texts)
    escaped = any(_ESCAPE.search(text) for text in texts)
    return "utf-8" if wide and not escaped else None


_ESCAPE = re.compile(r"\\(?:x[89a-fA-F][0-9a-fA-F]|[23][0-7][0-7])")
_EVAL = re.compile(r"(?<![.\w])eval[ \t]*\(")
_COMMENT = re.compile(r"""#[^'"]*$""")


def _code_lines(module: Module) -> Iterator[Line]:
    for special in module.specials:
        yield from special.body
    for each in module.classes:
        yield from each.variables
        for method in each.methods:
            yield from method.header
            yield from method.body if method.kind != "mask" else ()
        for aspect in each.aspects:
            yield from aspect.body


def special_order() -> list[str]:
    """Return the names of the special functions that become functions."""
    return [name for name in SPECIALS if name != "initProgram"]
