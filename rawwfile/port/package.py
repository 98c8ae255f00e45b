"""An application of CherryPy 0.10 to the files of a Python 3 package."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.source import UNIT, Position, declared_encoding, read_lines
from rawwfile.cpy.tree import CherryClass, Special
from rawwfile.port.classes import MARKS, METHOD_MARKS, ClassWriter
from rawwfile.port.code import Converted, convert
from rawwfile.port.imports import for_templates, names_bound
from rawwfile.port.layout import laid_out
from rawwfile.port.names import names_for, template_names
from rawwfile.port.own import Own, relative, relative_rows
from rawwfile.port.pages import Pages
from rawwfile.port.plan import Plan, Source, plan_of, special_order
from rawwfile.port.python3 import resolved
from rawwfile.port.report import LOOK, Item, Report
from rawwfile.port.rows import Row, of, places, reindented, text_of
from rawwfile.port.shared import ruff_text, shared_text, start_text
from rawwfile.port.tags import Tags
from rawwfile.port.unbound import marked, unbound


@dataclass
class Ported:
    """The files of a package, by path with '/', and the report."""

    files: dict[str, bytes]
    report: Report
    name: str


def port(
    names: Sequence[str],
    *,
    include: Sequence[str] = (),
    library: str = "",
    indent: int = UNIT,
    encoding: str | None = None,
    directory: str = "",
) -> Ported:
    """Port the named `.cpy` files and all that they use. Nothing is written. Raises CpyError.

    include, indent, encoding: as -I, -W and -E say. library: the folder of the standard modules.
    directory: where relative names start.
    """
    plan = plan_of(names, include=include, library=library, indent=indent, encoding=encoding, directory=directory)
    return _Porter(plan).ported()


class _Porter:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tags = Tags(template_names(plan), plan.charset, plan.own)
        self._pages = Pages(plan, self._tags)
        self._classes = ClassWriter(plan, self._pages)
        self._files: dict[str, bytes] = {}

    def ported(self) -> Ported:
        plan = self._plan
        for source in plan.sources:
            for each in source.classes:
                self._classes.read(source, each)
        self._classes.settle()
        self._pages.convert()
        used_shared = False
        for source in plan.sources:
            text = self._module(source)
            used_shared = used_shared or f"import {plan.shared}\n" in text
            self._python(f"{source.name}.py", text)
        self._templates()
        for own in plan.own.values():
            self._python(f"{own.module}.py", self._own_module(own))
        used_shared = used_shared or any(f"{plan.shared}.".encode() in data for data in self._files.values())
        if used_shared or plan.first or plan.variables:
            self._python(f"{plan.shared}.py", self._shared())
        name = plan.name
        self._python("__init__.py", start_text(plan, name))
        self._files["ruff.toml"] = ruff_text().encode()
        self._about_text()
        for item in self._tags.items:
            plan.report.extend([self._placed_in_template(item)])
        shown = {source.file: source.shown for source in plan.sources}
        library = {source.file for source in plan.sources if source.shown != source.file}
        return Ported(self._files, plan.report.trusting(library).renamed(shown), name)

    def _python(self, path: str, text: str) -> None:
        self._files[path] = text.encode("utf-8")

    def _templates(self) -> None:
        charset = self._plan.charset or "latin-1"
        for page in self._pages.pages.values():
            self._files[f"templates/{page.path}"] = self._pages.mask_file(page).encode(charset)
        for path, _, text in self._pages.included_files():
            self._files[f"templates/{path}"] = text.encode(charset)

    def _placed_in_template(self, item: Item) -> Item:
        path, line = self._pages.written.get((item.file, item.line), ("", 0))
        return replace(item, to_file=f"templates/{path}", to_line=line) if path else item

    def _module(self, source: Source) -> str:
        plan = self._plan
        head = [Row(line.text.strip(), line) for line in source.comments.head]
        rows = [*head, *([Row("")] if head else []), Row(f'"""{_about(source)}"""'), Row("")]
        items: list[tuple[int, list[Row]]] = []
        prefix = "cherrypy." if any(_hides_marks(each) for each in source.classes) else ""
        for each in source.classes:
            items.append((each.header.position.line, self._classes.rows(source, each, prefix)))
        for name in special_order():
            found = plan.specials(name)
            if found and plan.source_of(found[-1]) is source:
                items.append((found[-1].header.position.line, self._special(found)))
        body = [row for _, part in sorted(items, key=lambda one: one[0]) for row in [Row(""), *part]]
        body += [Row(line.text.strip(), line) for line in source.comments.rest]
        rows += [Row("from rawwfile import cherrypy")] if prefix else []
        text = text_of(body)
        used = [mark for mark in MARKS if _is_used(mark, text)]
        rows += [Row(f"from rawwfile.cherrypy import {', '.join(used)}")] if used else []
        rows += self._imports(source)
        rows = relative_rows([*rows, *body], plan.own)
        names = names_for(plan, source)
        made = convert(
            text_of(rows),
            mode="module",
            file=source.file,
            place=places(rows, source.file),
            names=names,
            charset=plan.charset,
            beside=self._beside(),
        )
        _check(made, rows, source)
        found_text = resolved(made.text, names) if made.text == text_of(rows) else made
        pages = [page for page in self._pages.pages.values() if page.source is source]
        needed = [line for page in pages for code in page.codes for line in code.imports]
        self._note(source, rows, found_text, in_templates={name for line in needed for name in names_bound(line)})
        missing = unbound(found_text.text)
        place = places(rows, source.file)
        for line, name in missing:
            row = found_text.rows[line - 1] if line <= len(found_text.rows) else 0
            file, number, column = place(row or 1, 0)
            message = f"nothing binds {name}: this line fails when it is reached, as it did"
            plan.report.items.append(
                Item(file, number, column + 1, "name", LOOK, message, f"{source.name}.py", line)
            )
        return for_templates(marked(found_text.text, missing), needed)

    def _imports(self, source: Source) -> list[Row]:
        rows: list[Row] = []
        for line in source.module.imports:
            rows += source.comments.above(line.position.line, 0)
            rows += [of(line)] if line not in self._plan.spread else []
            rows += source.comments.below(line.position.line, 0)
        return rows

    def _special(self, found: Sequence[Special]) -> list[Row]:
        """Return one function with the code of all definitions of a special function."""
        rows: list[Row] = []
        plan = self._plan
        for each in found:
            rows += plan.source_of(each).comments.above(each.header.position.line, 0)
        header = found[-1].header
        rows.append(of(header.part(0, header.text.index(":") + 1)))
        code: list[Row] = []
        for each in found:
            source = plan.source_of(each)
            first = each.header.position.line
            part = [*source.comments.code(each.body, after=first), *source.comments.below(first, UNIT)]
            if len(found) > 1:
                code.append(Row(f"{' ' * UNIT}# from {source.shown}", each.header))
                message = f"the definitions of {each.name} are one function now, in {plan.source_of(found[-1]).name}.py"
                plan.report.add(each.header, "special", message)
            code += reindented(part, UNIT)
        if not any(row.text.strip() and not row.text.lstrip().startswith("#") for row in code):
            code.append(Row(" " * UNIT + "pass", header))
        return [*rows, *code]

    def _shared(self) -> str:
        plan = self._plan
        rows: list[Row] = []
        for special in plan.specials("initProgram"):
            source = plan.source_of(special)
            rows += source.comments.above(special.header.position.line, 0)
            code = [*source.comments.code(special.body, after=special.header.position.line)]
            rows += [row for row in reindented(code, 0) if not row.text.startswith("global ")]
            rows += source.comments.below(special.header.position.line, 0)
        text = ""
        if rows:
            rows = relative_rows(rows, plan.own)
            source = plan.source_of(plan.specials("initProgram")[0])
            found = convert(
                text_of(rows),
                mode="module",
                file=source.file,
                place=places(rows, source.file),
                names=names_for(plan, None),
                charset=plan.charset,
                beside=self._beside(),
            )
            self._note(source, rows, found, f"{plan.shared}.py")
            text = found.text
        return laid_out(shared_text(plan, text))

    def _own_module(self, own: Own) -> str:
        plan = self._plan
        with open(own.path, "rb") as file:
            data = file.read()
        lines = read_lines(data, own.shown, encoding=plan.charset or declared_encoding(data))
        text = "".join(f"{relative(line.original, plan.own)}\n" for line in lines)
        beside = self._beside()
        found = convert(text, mode="module", file=own.shown, dialect="auto", charset=plan.charset, beside=beside)
        self._plan.report.add(None, "module", f"moved into the package as {own.module}.py", file=own.shown)
        for each in found.decisions:
            place = (each.file, each.line, each.column + 1)
            self._plan.report.extend([Item(*place, each.code, each.level, each.message, f"{own.module}.py", 0)])
        return found.text

    def _beside(self) -> set[str]:
        """Return the application's own modules that keep their names in the package."""
        return {name for name, own in self._plan.own.items() if own.module == name}

    def _note(
        self,
        source: Source,
        rows: Sequence[Row],
        found: Converted,
        to_file: str = "",
        in_templates: Collection[str] = (),
    ) -> None:
        """Put the decisions about a module into the report, with where they stand in the new file."""
        lines = {row: number for number, row in reversed(list(enumerate(found.rows, 1)))}
        where: dict[tuple[str, int], int] = {}
        for number, row in enumerate(rows, 1):
            if row.line is not None and number in lines:
                where.setdefault((row.line.position.file, row.line.position.line), lines[number])
        for each in found.decisions:
            if each.code == "import" and _import_of(each.message) & set(in_templates):
                continue
            to_line = where.get((each.file, each.line), 0)
            item = Item(
                each.file, each.line, each.column + 1, each.code, each.level, each.message,
                to_file or f"{source.name}.py", to_line,
            )  # fmt: skip
            self._plan.report.extend([item])
        for line in source.comments.dropped:
            message = "this comment stood inside a string, where 0.10 left it out: it is left out"
            self._plan.report.add(line, "comment", message)

    def _about_text(self) -> None:
        plan = self._plan
        file = plan.sources[-1].file
        if plan.charset is None:
            message = "text is one character a byte, as in Python 2: pages leave as the bytes that the sources hold"
            plan.report.add(None, "charset", message, file=file)
        else:
            message = f"text is {plan.charset}: len() and slices count characters where Python 2 counted bytes"
            plan.report.add(None, "charset", message, file=file, look=True)


def _check(made: Converted, rows: Sequence[Row], source: Source) -> None:
    """Raise CpyError if what was made is no Python 3, at the line of the source that is to blame."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(made.text)
    except SyntaxError as error:
        number = (error.lineno or 1) - 1
        row = made.rows[number] if number < len(made.rows) else 0
        place = Position(*places(rows, source.file)(row or 1, 0))
        hint = "this is a fault of rawwfile: please report it with the source; `rawwfile serve` runs it meanwhile"
        text = f"Cannot write this as Python 3: {error.msg} in '{(error.text or '').strip()}'"
        raise CpyError(text, place, source.comments.lines[place.line - 1].original, hint) from error


def _import_of(message: str) -> set[str]:
    """Return what the import in backticks binds, of which a decision says that nothing uses it."""
    line = message.partition("`")[2].partition("`")[0]
    try:
        return set(names_bound(line))
    except SyntaxError:
        return set()


def _about(source: Source) -> str:
    names = [each.name for each in source.classes]
    what = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    base = source.shown.rpartition("/")[2]
    return f"{what or 'Special functions'}: ported from {base}, of CherryPy 0.10."


def _hides_marks(cherry_class: CherryClass) -> bool:
    own = {method.name for method in cherry_class.methods}
    texts = [line.text.split("=")[0].strip() for line in cherry_class.variables]
    return not own.isdisjoint(METHOD_MARKS) or not set(texts).isdisjoint(METHOD_MARKS)


def _is_used(mark: str, text: str) -> bool:
    """Whether the text of a module uses this name of MARKS."""
    called = rf"(?<!def )(?<![.\w]){mark}(?=\(\")"
    given = rf"(?<!\.{mark})[(=]{mark}\b"
    ways = (rf"^ *@{mark}\b", given, called, rf"is not {mark}\b", rf"return {mark}$", rf"= {mark}\.")
    return any(re.search(way, text, re.MULTILINE) for way in ways)
