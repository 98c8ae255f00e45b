"""A CherryClass as the lines of a plain class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rawwfile.cpy.source import UNIT, Line
from rawwfile.cpy.tree import KINDS, CherryClass, Method
from rawwfile.port.comments import first_line, last_line
from rawwfile.port.lookup import Lookup
from rawwfile.port.pages import Pages
from rawwfile.port.plan import Plan, Source
from rawwfile.port.rows import Row, text_of
from rawwfile.port.weaving import BODY, Weaver, header_rows

INSIDE = " " * UNIT
_TUPLE = re.compile(r"[,(]\s*\(")
MARKS = ("CONTINUE", "CherryClass", "DepthFirst", "abstract", "hidden", "mask", "render", "view", "xmlrpc")
"""What a module may import to mark its classes."""
METHOD_MARKS = frozenset({"hidden", "mask", "view", "xmlrpc"})


class ClassWriter:
    """Writes the classes of one application."""

    def __init__(self, plan: Plan, pages: Pages) -> None:
        self._plan = plan
        self._pages = pages
        self._weaver = Weaver(plan, pages)
        self._lookup = Lookup(plan)
        self._raised = self._lookup.raised()
        self._every_line = "\n".join(line.text for lines in plan.files.originals.values() for line in lines)

    def read(self, source: Source, cherry_class: CherryClass) -> None:
        """Read the masks of a class, and note its aspects. Raises CpyError."""
        for method in self._methods(cherry_class):
            if method.kind == "mask":
                woven = self._weaver.of(cherry_class, method)
                self._pages.add(source, cherry_class, method, self._weaver.statements(woven.start))
            self._weaver.note(cherry_class, method)

    def settle(self) -> None:
        """Decide what needs all classes; each has been read."""
        self._weaver.settle()

    def rows(self, source: Source, cherry_class: CherryClass, prefix: str = "") -> list[Row]:
        """Return the class. prefix: 'cherrypy.' where its methods hide the marks for methods."""
        first = cherry_class.header.position.line
        rows = source.comments.above(first, 0)
        for mark in ("abstract", "hidden", "xmlrpc"):
            if getattr(cherry_class, mark):
                rows.append(Row(f"@{mark}", cherry_class.header))
        rows.append(Row(self._header(cherry_class), cherry_class.header))
        rows += source.comments.below(first, UNIT)
        inside = [*self._variables(source, cherry_class), *self._found_first(cherry_class)]
        inside += self._weaver.own_methods(cherry_class)
        for method in sorted(self._methods(cherry_class), key=first_line):
            inside += [Row(""), *self._method(source, cherry_class, method, prefix)]
        has_code = any(row.text.strip() and not row.text.lstrip().startswith("#") for row in inside)
        return [*rows, *inside, *([] if has_code else [Row(INSIDE + "pass", cherry_class.header)])]

    def _header(self, cherry_class: CherryClass) -> str:
        parents = [parent.text for parent in cherry_class.parents]
        if not any(name in self._plan.known for name in cherry_class.parent_names):
            parents.insert(0, "CherryClass")
            if cherry_class.name in self._raised:
                parents.append("Exception")
                message = f"{cherry_class.name} is raised: it is an Exception now"
                self._plan.report.add(cherry_class.header, "exception", message)
        if not self._lookup.fits(cherry_class):
            parents.append("metaclass=DepthFirst")
            self._plan.report.add(
                cherry_class.header,
                "lookup",
                f"Python 3 accepts no such order of parents for {cherry_class.name}: DepthFirst does as 0.10 did; "
                "a simpler family would need neither",
                look=True,
            )
        return f"class {cherry_class.name}({', '.join(parents)}):"

    def _variables(self, source: Source, cherry_class: CherryClass) -> list[Row]:
        rows: list[Row] = []
        for run in _runs(cherry_class.variables, source.comments.lines):
            rows += source.comments.above(run[0].position.line, UNIT)
            rows += source.comments.code(run)
            rows += source.comments.below(run[-1].position.line, UNIT)
        return rows

    def _found_first(self, cherry_class: CherryClass) -> list[Row]:
        rows = []
        for name, owner in self._lookup.differences(cherry_class):
            rows.append(Row(f"{INSIDE}{name} = {owner}.{name}  # 0.10 found it first: it searched depth first"))
            self._plan.report.add(
                cherry_class.header,
                "lookup",
                f"{cherry_class.name}.{name} is that of {owner}, as 0.10 searched parents depth first",
            )
        if self._lookup.needs_own_path(cherry_class):
            rows.append(Row(f"{INSIDE}getPath = CherryClass.getPath  # not the parent's: 0.10 made one for each class"))
        if re.search(rf"\b{cherry_class.name}\.getPath\b", self._every_line):
            name = cherry_class.name
            message = f"{name}.getPath(x) gives the path of x now, where 0.10 gave that of {name}"
            self._plan.report.add(cherry_class.header, "path", message, look=True)
        return [Row(row.text, cherry_class.header) for row in rows]

    def _methods(self, cherry_class: CherryClass) -> list[Method]:
        """Return the methods that count: a mask before a view before a function, the last of a kind (F032)."""
        found: dict[str, Method] = {}
        for kind in KINDS:
            for method in cherry_class.of_kind(kind):
                lost = found.pop(method.name, None)
                if lost is not None:
                    self._replaced(lost, method)
                found[method.name] = method
        return list(found.values())

    def _replaced(self, lost: Method, method: Method) -> None:
        line = lost.header[0]
        message = f"the {lost.kind} {lost.name} is left out: the {method.kind} of that name replaced it"
        self._plan.report.add(line, "replaced", message, look=True)

    def _method(self, source: Source, cherry_class: CherryClass, method: Method, prefix: str) -> Iterator[Row]:
        first = first_line(method)
        yield from source.comments.above(first, UNIT)
        marks = [mark for mark in ("hidden", "xmlrpc") if getattr(method, mark)]
        yield from (Row(f"{INSIDE}@{prefix}{mark}", method.header[0]) for mark in marks)
        if method.kind == "mask":
            yield from self._mask(cherry_class, method, prefix)
            return
        if method.kind == "view":
            yield Row(f"{INSIDE}@{prefix}view", method.header[0])
        code = source.comments.code(method.body, after=method.header[-1].position.line)
        if not method.body and last_line(method) == first:
            code = []
        code += source.comments.below(first, BODY)
        yield from self._weaver.around(method, code, self._weaver.of(cherry_class, method))

    def _mask(self, cherry_class: CherryClass, method: Method, prefix: str) -> Iterator[Row]:
        page = self._pages.pages[id(method)]
        woven = self._weaver.of(cherry_class, method)
        line = method.header[0]
        header = header_rows(method)
        margin = " " * BODY
        # A parameter `(a, b)` is taken apart in the body, so there has to be one.
        takes_apart = any(_TUPLE.search(each.text) for each in method.header)
        if not woven and not takes_apart:
            yield Row(f'{INSIDE}@{prefix}mask("{page.path}")', line)
            yield from header
            yield Row(f"{margin}...", line)
            return
        yield Row(f"{INSIDE}@{prefix}view", line)
        yield from header
        start = self._weaver.rows(woven.start)
        if not woven.end and "_page" not in set(_words(text_of(start))):
            yield from start
            yield Row(f'{margin}return render("{page.path}", locals())', line)
            return
        yield Row(f"{margin}_page = []", line)
        yield from start
        end = self._weaver.rows(woven.end)
        read = set(_words(text_of(end)))
        back = sorted(page.bound & read)
        names = "_names" if back else "locals()"
        if back:
            yield Row(f"{margin}_names = locals()", line)
        call = f'render("{page.path}", {names})'
        if page.returns:
            yield Row(f"{margin}_returned = {call}", line)
            yield Row(f"{margin}if _returned is not None:", line)
            yield Row(f"{margin}    return _returned", line)
        else:
            yield Row(f"{margin}{call}", line)
        for name in back:
            yield Row(f'{margin}{name} = _names["{name}"]', line)
        if back:
            names_text = ", ".join(back)
            message = f"the end aspect uses {names_text}, which the template sets"
            self._plan.report.add(line, "aspect", message, look=True)
        yield from end
        yield Row(f'{margin}return "".join(_page)', line)


def _words(text: str) -> Iterator[str]:
    word = ""
    for character in f"{text} ":
        if character.isidentifier() or (word and character.isdigit()):
            word += character
        elif word:
            yield word
            word = ""


def _runs(lines: Sequence[Line], every: Sequence[Line]) -> list[list[Line]]:
    """Cut the variables of a class where other lines of code stand between them."""
    runs: list[list[Line]] = []
    for line in lines:
        last = runs[-1][-1].position.line if runs else 0
        between = every[last : line.position.line - 1] if runs else []
        if runs and last < line.position.line and all(each.is_blank or each.is_comment for each in between):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs
