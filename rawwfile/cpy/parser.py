"""From the lines of one `.cpy` file to its `Module` (spec 1.1 second half, 1.2, 1.4, 1.5, 2)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.headers import CLASS_WORD, aspect_from, check_def, class_from, method_from
from rawwfile.cpy.source import STRIPPED, UNIT, Line, is_declaration
from rawwfile.cpy.tree import (
    KINDS,
    SECTIONS,
    SPECIALS,
    CherryClass,
    Module,
    Special,
    Use,
    special_header,
    without_blanks,
)

_HEADERS = {special_header(name): name for name in SPECIALS}
_MARKS = ("\ufeff", "\xef\xbb\xbf")  # a byte order mark, decoded and as latin-1
_INDENT_HINT = (
    f"indent by {UNIT} columns for each level (a tab is one level), or give -W 2 when the file "
    "uses 2; every line inside a class counts, those of a string too"
)
_MARGIN_HINT = (
    "at the left margin only import lines, CherryClass, the section words and the special "
    "functions (initServer and so on) may stand"
)


def parse_module(lines: list[Line], file: str, *, debug: bool = False) -> Module:
    """Parse one file. debug: whether `-D` is on; without it `debug(...)` lines are dropped.

    Raises CpyError at the first line that is wrong.
    """
    module = Module(file, lines=lines)
    if lines and lines[0].text.startswith(_MARKS):
        mark = next(mark for mark in _MARKS if lines[0].text.startswith(mark))
        lines = [lines[0].part(len(mark)), *lines[1:]]
    count = 0
    # 0.10 knew no such lines, so no source of it can mean anything else by them.
    while count < min(len(lines), 2) and is_declaration(lines[count]):
        count += 1
    while count < len(lines) and lines[count].text.startswith("use "):
        module.uses += _uses(lines[count].trimmed())
        count += 1
    parser = _Parser(module, debug)
    for line in lines[count:]:
        if not line.is_blank and not line.is_comment:
            parser.feed(line.trimmed())
    parser.close_block()
    return module


def _uses(line: Line) -> Iterable[Use]:
    start = len("use ")
    for name in line.text[start:].split(","):
        blanks = len(name) - len(name.lstrip(" \t"))
        yield Use(without_blanks(name), line.part(start + blanks, start + len(name)))
        start += len(name) + 1


class _Parser:
    """Where the reader is: in which class, section and block of lines."""

    def __init__(self, module: Module, debug: bool) -> None:
        self._module = module
        self._debug = debug
        self._class: CherryClass | None = None
        self._section = ""
        self._fresh = False  # nothing has been read in this section
        # A block is a method, an aspect or a special function; its first line is the header.
        self._block: list[Line] = []
        self._special = ""

    def feed(self, line: Line) -> None:
        """Take the next line that is neither blank nor a comment."""
        if line.indent == 0:
            self._margin_line(line)
        elif line.indent < UNIT:
            raise _invalid(line, _INDENT_HINT)
        elif self._special:
            self._block.append(line)
        else:
            self._section_line(line)

    def _margin_line(self, line: Line) -> None:
        text = line.text
        if text.startswith("debug(") and not self._debug:
            return
        header = next((header for header in _HEADERS if text.startswith(header)), None)
        if header:
            self.close_block()
            self._special = _HEADERS[header]
            self._block = [line]
            self._check_rest(line, len(header))
        elif text.startswith("import") or (text.startswith("from ") and " import " in text):
            self._module.imports.append(_import_line(line))
        elif text.startswith(CLASS_WORD):
            self.close_block()
            self._section = ""
            self._class = class_from(line)
            self._module.classes.append(self._class)
        elif _section_word(text) in SECTIONS:
            self.close_block()
            self._section = _section_word(text)
            self._fresh = True
        else:
            raise _invalid(line, _margin_hint(text))

    def _check_rest(self, line: Line, index: int) -> None:
        rest = line.text[index:].strip(STRIPPED)
        if rest and not rest.startswith("#"):
            self._warn(
                line,
                line.text.index(rest, index),
                f"'{rest}' is not run: 0.10 ignores what stands on the line of a special function",
                "put it on the line below, indented by 4 columns",
            )

    def _section_line(self, line: Line) -> None:
        if not self._section and self._class is None:
            raise _invalid(line, _INDENT_HINT)
        if not self._section or self._class is None:
            raise CpyError.at(
                line,
                "Line should be inside a section",
                index=line.indent,
                hint="open one first: variable:, function:, view:, mask: or aspect: at the left "
                "margin, below a CherryClass line",
            )
        if self._section == "variable":
            self._class.variables.append(line)
        elif line.indent >= 2 * UNIT and self._block:
            self._block.append(line)
        elif line.indent != UNIT:
            raise _invalid(line, _body_hint(self._section, bool(self._block)))
        else:
            self._open_block(line, self._class)

    def _open_block(self, line: Line, cherry_class: CherryClass) -> None:
        self.close_block()
        if self._section == "aspect":
            aspect_from(line, [])
            if self._fresh and cherry_class.aspects:
                self._replace_aspects(line, cherry_class)
        elif not line.text.startswith("def ", UNIT):
            raise _invalid(line, _body_hint(self._section, False))
        else:
            check_def(line, cherry_class.name)
        self._fresh = False
        self._block = [line]

    def _replace_aspects(self, line: Line, cherry_class: CherryClass) -> None:
        """Do as 0.10 does, which forgets the aspects of an earlier section (Q05)."""
        cherry_class.aspects.clear()
        self._warn(
            line,
            line.indent,
            f"this aspect: section replaces the earlier one of {cherry_class.name}",
            "put all aspects of the class into one section",
        )

    def close_block(self) -> None:
        """Put the method, aspect or special function that was being read into the tree."""
        block, self._block = self._block, []
        special, self._special = self._special, ""
        if special:
            self._module.specials.append(Special(special, block[0], tuple(block[1:])))
        elif block and self._class is not None:
            if self._section == "aspect":
                self._class.aspects.append(aspect_from(block[0], block[1:]))
            elif self._section in KINDS:
                method = method_from(self._section, block, self._class.name)
                self._class.methods.append(method)

    def _warn(self, line: Line, index: int, message: str, hint: str) -> None:
        self._module.warnings.append(CpyError.at(line, message, index=index, hint=hint))


def _section_word(text: str) -> str:
    word = text.split(" " * UNIT)[0]
    return word[:-1] if word.endswith(":") else ""


def _import_line(line: Line) -> Line:
    if line.text.count("(") > line.text.count(")") or line.text.endswith("\\"):
        raise CpyError.at(
            line,
            "an import must stand on one line",
            index=len(line.text) - 1,
            hint="write one import line for each group of names",
        )
    return line


def _invalid(line: Line, hint: str) -> CpyError:
    return CpyError.at(line, f"Not a valid line: '{line.text.rstrip(STRIPPED)}'", index=line.indent, hint=hint)


def _body_hint(section: str, inside: bool) -> str:
    if section == "aspect":
        return "(condition) start: stands at column 4, its code at column 8 or more"
    if inside:
        return (
            "a def stands at column 4 and everything inside it at column 8 or more, also a line "
            "that continues a string or a call"
        )
    return f"a {section}: section starts with def name(self): at column 4"


def _margin_hint(text: str) -> str:
    """Say what to write instead of a line at the left margin that is none of the known forms."""
    word = text.split(None, 1)[0]
    if word == "use":
        return "use lines are the very first lines of a file, above comments and blank lines"
    if word == "def":
        name = text[len("def ") :].partition("(")[0].strip()
        near = difflib.get_close_matches(name, SPECIALS, 1, 0.8)
        if near:
            return f"spell this special function exactly: {special_header(near[0])}"
        return "put functions into the function: section of a CherryClass, at column 4"
    if word in ("class", "CherryClass"):
        return "write CherryClass Name: here, or put a plain class into a module to import"
    if word.startswith("debug("):
        return "call debug() inside a view or a function; -D does not allow it here"
    first = word.rstrip(":") + ":"
    if first[:-1] in SECTIONS:
        return f"write {first} alone; a comment behind it needs four blanks before its #"
    near = difflib.get_close_matches(word, [*(f"{name}:" for name in SECTIONS), "CherryClass"], 1)
    return f"did you mean {near[0]}" if near else _MARGIN_HINT
