"""Which aspects go into which method, as lines of code (spec 2).

A short aspect is written into each method; a long one that several methods have becomes a method of
the class that it stood in, where that means the same.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rawwfile.cpy.aspects import AspectWeaver, facts_of, inherited_aspects
from rawwfile.cpy.python2.runtime import builtins_for
from rawwfile.cpy.source import UNIT, Line
from rawwfile.cpy.tree import Aspect, CherryClass, Method
from rawwfile.port.bindings import bound_names, defined, own_nodes, used_names
from rawwfile.port.pages import Pages
from rawwfile.port.plan import Plan, Source, module_name
from rawwfile.port.rows import Row, docstring_rows, end_of_header, reindented

BODY = 2 * UNIT
MARGIN = " " * BODY
SHORT = 2
"""Lines up to which an aspect is written into each method."""
_REFLECTIVE = {"locals", "vars", "dir", "eval", "execfile", "exec"}


@dataclass(frozen=True)
class Woven:
    """The aspects of one method, in the order in which they run."""

    start: tuple[Aspect, ...] = ()
    end: tuple[Aspect, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.start or self.end)


@dataclass
class _Use:
    """What is known of one aspect. method: its name, if it became a method."""

    aspect: Aspect
    owner: CherryClass
    source: Source
    statements: list[ast.stmt]
    users: list[tuple[CherryClass, Method]] = field(default_factory=list)
    method: str = ""

    @property
    def takes_page(self) -> bool:
        """Whether the code uses the list of the pieces of the page."""
        return "_page" in set(used_names(self.statements))

    @property
    def returns(self) -> bool:
        """Whether the code may end the method."""
        return any(isinstance(node, ast.Return) for one in self.statements for node in own_nodes(one))


class Weaver:
    """Finds the aspects of methods, and writes them out."""

    def __init__(self, plan: Plan, pages: Pages) -> None:
        self._plan = plan
        self._pages = pages
        self._weaver = AspectWeaver(plan.translate, {"__builtins__": builtins_for()})
        self._uses = {
            id(aspect): _Use(aspect, each, source, self.statements([aspect]))
            for source in plan.sources
            for each in source.classes
            for aspect in each.aspects
        }

    def of(self, cherry_class: CherryClass, method: Method) -> Woven:
        """Return the aspects for a method; those without code are left out. Raises CpyError."""
        facts = facts_of(cherry_class, method)
        start: list[Aspect] = []
        end: list[Aspect] = []
        for aspect in inherited_aspects(cherry_class, self._plan.known):
            if any(self._weaver.around([aspect], facts)):
                (start if aspect.when == "start" else end).append(aspect)
        return Woven(tuple(start), tuple(reversed(end)))

    def statements(self, aspects: Sequence[Aspect]) -> list[ast.stmt]:
        """Return the code of aspects as `ast`."""
        made: list[ast.stmt] = []
        for aspect in aspects:
            line = aspect.condition
            head = Line("if 1:", line.position, line.original)
            if aspect.body:
                for statement in self._plan.translate.statements([head, *aspect.body]):
                    made += statement.body if isinstance(statement, ast.If) else [statement]
        return made

    def note(self, cherry_class: CherryClass, method: Method) -> None:
        """Count a method among the users of its aspects."""
        woven = self.of(cherry_class, method)
        for aspect in (*woven.start, *woven.end):
            self._uses[id(aspect)].users.append((cherry_class, method))

    def settle(self) -> None:
        """Decide which aspects become methods; every method has been noted."""
        for use in self._uses.values():
            users = {id(method): (each, method) for each, method in use.users}
            is_long = len(use.aspect.body) > SHORT and len(users) > 1
            if is_long and all(self._stands_alone(use, *one) for one in users.values()):
                wanted = f"{module_name(use.owner.name)}_{use.aspect.when}"
                taken = {other.method for other in self._uses.values()}
                taken |= {method.name for each in self._plan.known.values() for method in each.methods}
                names = [wanted, *(f"{wanted}_{number}" for number in range(2, len(taken) + 3))]
                use.method = next(name for name in names if name not in taken)
            if users:
                how = f"is the method {use.method} now, called by" if use.method else "is written into"
                message = f"this aspect of {use.owner.name} {how} {_counted(len(users))}; one added later needs it too"
                self._plan.report.add(use.aspect.condition, "aspect", message)

    def _stands_alone(self, use: _Use, cherry_class: CherryClass, method: Method) -> bool:
        """Whether the code shares no variable with this method, but for self and _page."""
        shared = {"self", "_page"}
        names = set(used_names(use.statements)) - shared
        nodes = [node for statement in use.statements for node in ast.walk(statement)]
        if names & _REFLECTIVE or any(isinstance(node, (ast.Yield, ast.Global)) for node in nodes):
            return False
        bound = set(bound_names(use.statements))
        woven = self.of(cherry_class, method)
        others = self.statements([each for each in (*woven.start, *woven.end) if each is not use.aspect])
        function = defined(self._plan.translate, method)
        rest = [*others, *(function.body if function and method.kind != "mask" else [])]
        local = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)} if function else set()
        local |= set(bound_names(rest))
        used = set(used_names(rest))
        if method.kind == "mask":
            page = self._pages.pages[id(method)]
            local |= page.bound
            used |= page.used
        return not names & (local - shared) and not bound & (used | shared)

    def own_methods(self, cherry_class: CherryClass) -> Iterator[Row]:
        """Yield the methods that aspects of this class became, and what stood above an aspect."""
        for use in self._uses.values():
            if use.owner is cherry_class:
                line = use.aspect.condition
                yield Row("")
                yield from use.source.comments.above(line.position.line, UNIT)
                if not use.method:
                    continue
                page = ", _page" if use.takes_page else ""
                yield Row(f"    def {use.method}(self{page}):", line)
                when = "first" if use.aspect.when == "start" else "last"
                go_on = "; CONTINUE lets that method go on" if use.returns else ""
                yield Row(f'{MARGIN}"""Runs {when} in the methods that call it{go_on}."""', line)
                yield from self._code(use)
                if use.returns:
                    yield Row(f"{MARGIN}return CONTINUE", line)

    def _code(self, use: _Use) -> list[Row]:
        first = use.aspect.condition.position.line
        comments = use.source.comments
        return reindented([*comments.code(use.aspect.body, after=first), *comments.below(first, BODY)], BODY)

    def rows(self, aspects: Sequence[Aspect]) -> list[Row]:
        """Return the code of aspects, or the call of what they became."""
        rows: list[Row] = []
        for aspect in aspects:
            use, line = self._uses[id(aspect)], aspect.condition
            if not use.method:
                rows.append(Row(f"{MARGIN}# aspect of {use.owner.name}: {aspect.when}", line))
                rows += self._code(use)
                continue
            call = f"self.{use.method}({'_page' if use.takes_page else ''})"
            if use.returns:
                rows.append(Row(f"{MARGIN}_answer = {call}", line))
                rows.append(Row(f"{MARGIN}if _answer is not CONTINUE:", line))
                rows.append(Row(f"{MARGIN}    return _answer", line))
            else:
                rows.append(Row(f"{MARGIN}{call}", line))
        return rows

    def around(self, method: Method, body: list[Row], woven: Woven) -> list[Row]:
        """Return the rows of a view or function with its aspects: header, start, body, end."""
        header = header_rows(method)
        if not woven:
            return [*header, *body]
        index, column = end_of_header([row.text for row in header])
        text, line = header[index].text, method.header[index]
        rest = text[column:].strip()
        if rest and not rest.startswith("#"):
            at = line.text.rindex(rest)
            cut = line.part(at)
            body = [Row(MARGIN + cut.text, cut, BODY), *body]
            header[index] = Row(text[:column], line)
        body = reindented(body, BODY)
        count = docstring_rows(body)
        end = self.rows(woven.end)
        function = defined(self._plan.translate, method)
        if end and function and isinstance(function.body[-1], (ast.Return, ast.Raise)):
            for aspect in woven.end:
                message = f"the end code never ran in {method.name}, which ends with return: it is left out there"
                self._plan.report.add(aspect.condition, "aspect", message)
            end = []
        return [*header, *body[:count], *self.rows(woven.start), *body[count:], *end]


def _counted(number: int) -> str:
    return "1 method" if number == 1 else f"{number} methods"


def header_rows(method: Method) -> list[Row]:
    """Return the def line of a method, without the blanks where `hidden` or `xmlrpc` stood."""
    rows = [Row(line.text, line) for line in method.header]
    last = method.header[-1]
    rows[-1] = Row(re.sub(r"\)[ \t]+:", "):", last.text), last)
    return rows
