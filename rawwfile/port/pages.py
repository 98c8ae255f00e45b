"""The text of masks and included templates, with Python 3 in their tags, as files of their own.

A mask becomes a file; a template that py-include names stays one, and stays included. Only the code
in tags changes, and only where Python 3 wants it otherwise. Comment lines of a mask become lines
`<!--# ... -->`, which are no part of the page.
"""

from __future__ import annotations

import ast
import contextlib
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rawwfile.cherrypy.masks import COMMENT, COMMENT_END
from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.source import UNIT, Line, Position, normalised
from rawwfile.cpy.template import compile_mask
from rawwfile.cpy.template.includes import expanded, without_debug
from rawwfile.cpy.template.parse import parse
from rawwfile.cpy.template.text import mask_text
from rawwfile.cpy.template.tree import Branch, Debug, Loop, Node, Statements, Value
from rawwfile.cpy.tree import CherryClass, Method
from rawwfile.port.bindings import bound_names, defined, own_nodes, used_names
from rawwfile.port.comments import first_line, last_line
from rawwfile.port.plan import Plan, Source
from rawwfile.port.tags import Edit, TagCode, Tags, edited

INCLUDE = 'py-include="'
DEBUG = 'py-debug="'
MARGIN = 2 * UNIT


@dataclass
class Page:
    """One mask. path: below templates.

    local: names that are variables in it. bound: those that its tags bind. used: all names in its
    tags. returns: whether a tag may end the mask.
    """

    source: Source
    cherry_class: CherryClass
    method: Method
    path: str
    local: frozenset[str] = frozenset()
    bound: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    returns: bool = False
    codes: list[TagCode] = field(default_factory=list)


@dataclass
class Pages:
    """All masks of an application and the templates that they include.

    included: name as written to path below templates. written: file and line of a source to path
    and line of what it became, once the files have been made.
    """

    plan: Plan
    tags: Tags
    pages: dict[int, Page] = field(default_factory=dict)
    included: dict[str, str] = field(default_factory=dict)
    written: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    _include_tags: dict[tuple[str, int, int], str] = field(default_factory=dict)
    _lines: dict[str, list[Line]] = field(default_factory=dict)
    _codes: dict[tuple[str, int, int], TagCode] = field(default_factory=dict)

    def add(self, source: Source, cherry_class: CherryClass, method: Method, more: Iterable[ast.stmt]) -> Page:
        """Read a mask. more: code of aspects that runs before it in the same method."""
        wanted = f"{cherry_class.instance}/{method.name}.html"
        page = Page(source, cherry_class, method, wanted)
        self.pages[id(method)] = page
        statements = compile_mask(method.body, include=self._read, translate=self.plan.translate)
        function = defined(self.plan.translate, method)
        parameters = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)} if function else set()
        parameters |= set(bound_names(function.body)) if function else set()
        page.bound = frozenset(bound_names(statements)) - {"_page"}
        page.used = frozenset(used_names(statements))
        page.local = page.bound | frozenset(bound_names(more)) | parameters | {"_page"}
        page.returns = any(isinstance(node, ast.Return) for one in statements[:-1] for node in own_nodes(one))
        text = expanded(mask_text(method.body), self._read)
        self._collect(parse(without_debug(text)), page)
        if DEBUG in text.text:
            # 0.10 took py-debug out before it read the rest, which may be wrong with it.
            with contextlib.suppress(CpyError):
                self._collect(parse(text), page)
        return page

    def _read(self, name: str, position: Position) -> list[Line]:
        lines = self.plan.files.template(name, position)
        if name not in self.included:
            path = posixpath.normpath(name.replace("\\", "/")).lstrip("/")
            while path.startswith("../"):
                path = path[3:]
            if path in self.included.values() or posixpath.isabs(name):
                path = posixpath.basename(path)
            self.included[name] = path
        self._include_tags[(position.file, position.line, position.column)] = name
        if lines:
            self._lines[name] = lines
        return lines

    def _collect(self, nodes: Iterable[Node], page: Page) -> None:
        for node in nodes:
            if isinstance(node, (Value, Debug)):
                self._note(page, "expression", [node.code])
            elif isinstance(node, Statements):
                lines = list(node.lines)
                one = len(lines) == 1 and not lines[0].indent
                self._note(page, "exec" if one else "code", lines)
            elif isinstance(node, Branch):
                self._note(page, "condition", [node.test])
                self._collect(node.body, page)
                self._collect(node.otherwise, page)
            elif isinstance(node, Loop):
                self._note(page, "condition", [node.targets])
                self._note(page, "condition", [node.items])
                self._collect(node.body, page)

    def _note(self, page: Page, kind: str, lines: list[Line]) -> None:
        place = lines[0].position
        key = (place.file, place.line, place.column if kind != "code" else -1)
        code = self._codes.setdefault(key, TagCode(kind, tuple(lines)))
        code.local |= page.local
        page.codes.append(code)

    def convert(self) -> None:
        """Turn the code of all tags into Python 3; every mask has been read."""
        for page in self.pages.values():
            if page.path in self.included.values():
                page.path = page.path.replace(".html", ".mask.html")
        for key, code in self._codes.items():
            if code.kind == "code":
                file = key[0]
                code.rows = self._rows_of(file, code.lines[0].position.line, code.lines[-1].position.line)
            self.tags.convert(code)

    def _rows_of(self, file: str, first: int, last: int) -> list[Line]:
        """Return the lines of a py-code block, comments included."""
        for page in self.pages.values():
            if page.source.file == file and first_line(page.method) < first <= last_line(page.method):
                kept = [line for line in page.method.body if first <= line.position.line <= last]
                rows = page.source.comments.code(kept)
                margin = {line.position.line: line for line in kept}
                return [
                    margin.get(row.line.position.line, row.line.part(min(MARGIN, row.line.indent)))
                    for row in rows
                    if row.line is not None
                ]
        return list(self.plan.files.originals[file][first - 1 : last])

    def _edits(self, file: str) -> dict[int, list[Edit]]:
        """Return what changes in the lines of a file, by line number."""
        found: dict[int, list[Edit]] = {}
        for (where, _, _), code in self._codes.items():
            if where == file:
                for number, edit in code.edits():
                    found.setdefault(number, []).append(edit)
        for (where, line, column), name in self._include_tags.items():
            path = self.included[name]
            if where == file and path != name:
                start = column + len(INCLUDE)
                found.setdefault(line, []).append(Edit(start, start + len(name), path))
        return found

    def mask_file(self, page: Page) -> str:
        """Return the text of the file of a mask."""
        edits = self._edits(page.source.file)
        comments = {
            line.position.line: line
            for line in page.source.comments.between(first_line(page.method), last_line(page.method))
        }
        trailing = page.source.comments.trailing.get(first_line(page.method), [])
        blocks = [_span(code) for code in page.codes if code.kind == "code"]
        texts: list[str] = []
        done = 0
        for line in page.method.body:
            number = line.position.line
            for each in sorted(one for one in comments if done < one < number):
                if not any(first < each < last for first, last in blocks):
                    texts += _comment(comments[each])
            done = number
            text = edited(line.original, edits.get(number, []))
            self.written[(line.position.file, number)] = (page.path, len(texts) + (text is not None))
            if text is not None:
                indent = UNIT if self._is_library(page.source) else self.plan.files.indent
                texts += [_without_margin(normalised(each, indent)) for each in text.split("\n")]
        texts += [text for line in trailing for text in _comment(line)]
        return "".join(f"{text}\n" for text in texts)

    def included_files(self) -> Iterator[tuple[str, str, str]]:
        """Yield path, name of the original, and text of each included template."""
        for name, path in self.included.items():
            lines = self._lines.get(name, [])
            file = lines[0].position.file if lines else name
            edits = self._edits(file)
            texts: list[str] = []
            for line in lines:
                text = edited(line.original, edits.get(line.position.line, []))
                self.written[(file, line.position.line)] = (path, len(texts) + (text is not None))
                if text is not None:
                    indent = self.plan.files.indent
                    texts += _not_a_comment(text if indent == UNIT else normalised(text, indent)).split("\n")
            yield path, file, "".join(f"{text}\n" for text in texts)

    def _is_library(self, source: Source) -> bool:
        return source.shown != source.file


def _without_margin(text: str) -> str:
    """Return a line of a mask without its first columns, which are no part of the page."""
    blanks = len(text) - len(text.lstrip(" "))
    return _not_a_comment(text[min(MARGIN, blanks) :].rstrip(" \t\r\n\v\f"))


def _span(code: TagCode) -> tuple[int, int]:
    return code.lines[0].position.line, code.lines[-1].position.line


def _comment(line: Line) -> list[str]:
    text = line.text.strip()[1:].strip().replace(COMMENT_END, "-- >")
    blanks = " " * max(line.indent - MARGIN, 0)
    return [f"{blanks}{COMMENT}{text} {COMMENT_END}"] if text else []


def _not_a_comment(text: str) -> str:
    """Return the line, written so that what reads like a template comment stays on the page."""
    if text.lstrip().startswith(COMMENT):
        return text.replace(COMMENT, COMMENT[:-1] + '<py-exec="pass"> ', 1)
    return text
