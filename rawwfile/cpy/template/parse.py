"""Reads the text of a mask into the tree of `tree.py` (spec 3.2 to 3.9).

Parts of a text are given as offsets: `start` is where the part begins or the last tag ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rawwfile.cpy.source import STRIPPED, UNIT, Line, Position
from rawwfile.cpy.template import scan
from rawwfile.cpy.template.text import SourceText
from rawwfile.cpy.template.tree import Branch, Debug, Literal, Loop, Node, Statements, Value

_METHOD_BODY = 2 * UNIT  # columns at which 0.10 wrote the body of a mask
_ATTRIBUTE = re.compile("=[\"']")
_TO_NEWLINE = re.compile(r"[ \t\r]*\n")
_BETWEEN = re.compile(r"[ \t\r\n]*")
_IN = " in "


def parse(source: SourceText) -> list[Node]:
    """Return what the mask consists of; py-include has been expanded. Raises CpyError."""
    return _Part(source, 0, len(source.text)).nodes


class _Part:
    """A whole mask or the inside of an if, else or for: `source.text[start:end]`.

    level: how many of those are around it. loops: how many of them are loops.
    """

    def __init__(
        self, source: SourceText, start: int, end: int, level: int = 0, loops: int = 0
    ) -> None:
        self.nodes: list[Node] = []
        self._source = source
        self._text = source.text
        self._end = end
        self._level = level
        self._loops = loops
        readers = {
            "eval": self._eval,
            "attr": self._attr,
            "exec": self._exec,
            "code": self._code,
            "if": self._if,
            "for": self._for,
            "debug": self._debug,
        }
        at = start
        while found := scan.TAG.search(self._text, at, end):
            at = readers[found.group(1)](at, found.start(), found.end())
        self._no_words(at)
        self._literal(at, end)

    def _inside(self, start: int, end: int, loops: int = 0) -> Sequence[Node]:
        return _Part(self._source, start, end, self._level + 1, self._loops + loops).nodes

    def _literal(self, start: int, end: int, more: str = "") -> None:
        text = self._text[start:end] + more
        if not text:
            return
        if self.nodes and isinstance(last := self.nodes[-1], Literal):
            self.nodes[-1] = Literal(last.origin, last.text + text)
        else:
            self.nodes.append(Literal(self._source.origin(start), text))

    def _value(self, start: int, quote: int) -> None:
        code = self._source.stripped(start, quote)
        if code.text:
            self.nodes.append(Value(self._source.origin(start), code))

    def _is_own_tag(self, start: int, tag: int) -> bool:
        return tag > start and self._text[tag - 1] == "<"

    def _rest_from(self, found: int, start: int) -> int:
        """Return `found`, or where only the last character is left if nothing was found (as 0.10)."""
        return found if found >= 0 else max(self._end - 1, start)

    def _matching(self, start: int, opener: str, closer: str, tag: int, code: str) -> int:
        return scan.matching(self._source, start, self._end, opener, closer, tag=tag, code=code)

    def _eval(self, start: int, tag: int, code: int) -> int:
        quote = scan.closing_quote(self._source, code, self._end)
        after = scan.tag_end(self._source, quote, self._end, tag)
        if self._is_own_tag(start, tag):
            self._literal(start, tag - 1)
            self._value(code, quote)
            return after
        opening = scan.DIV + " "
        if self._text.endswith(opening, start, tag):
            begin = tag - len(opening)
            closer = self._matching(after, scan.DIV, scan.DIV_END, tag, self._text[code:quote])
            self._literal(start, begin)
            self._value(code, quote)
            return closer + len(scan.DIV_END)
        self._literal(start, max(tag - 1, start), ">")
        self._value(code, quote)
        bracket = self._text.find("<", after, self._end)
        edge = self._source.edge_after(after, self._end)
        nearest = min((one for one in (bracket, edge) if one >= 0), default=-1)
        return self._rest_from(nearest, after)

    def _attr(self, start: int, tag: int, code: int) -> int:
        quote = scan.closing_quote(self._source, code, self._end)
        self._literal(start, max(tag - 1, start))
        target = _ATTRIBUTE.search(self._text, quote + 1, self._end)
        opened = target.end() if target else self._end
        self._literal(quote + 1, opened)
        self._value(code, quote)
        if target is None:
            return self._rest_from(-1, quote + 1)
        closed = self._text.find(self._text[opened - 1], opened, self._end)
        return self._rest_from(closed, opened)

    def _statements(self, start: int, tag: int, after: int, shown: str) -> int:
        """Write the text before a py-exec or py-code and return where its tag or div ends."""
        if self._is_own_tag(start, tag):
            self._literal(start, tag - 1)
            return after
        begin = scan.div_before(self._source, start, tag)
        self._literal(start, begin)
        if not self._text.startswith(scan.DIV_END, after, self._end):
            word = self._text[tag : self._text.index("=", tag)]
            raise self._source.error(
                after,
                f"'<div {word}={shown.strip()}' is not closed with '{scan.DIV_END}'",
                f"write {scan.DIV_END} directly behind the tag, with nothing between",
            )
        return after + len(scan.DIV_END)

    def _exec(self, start: int, tag: int, code: int) -> int:
        quote = scan.closing_quote(self._source, code, self._end)
        after = scan.tag_end(self._source, quote, self._end, tag)
        done = self._statements(start, tag, after, self._text[code:quote])
        line = self._source.stripped(code, quote)
        self._add_statements(code, [line])
        return done

    def _code(self, start: int, tag: int, code: int) -> int:
        newline = _TO_NEWLINE.match(self._text, code, self._end)
        if newline is None:
            raise self._source.error(
                code,
                "'py-code=\"' must be followed by a newline",
                "begin the code on the next line; for a single line write py-exec",
            )
        first = newline.end()
        quote, after = scan.code_end(self._source, first, self._end)
        done = self._statements(start, tag, after, self._text[first:quote])
        self._add_statements(first, self._block(first, quote))
        return done

    def _add_statements(self, at: int, lines: list[Line]) -> None:
        if not all(line.is_blank or line.is_comment for line in lines):
            self.nodes.append(Statements(self._source.origin(at), lines))

    def _block(self, start: int, end: int) -> list[Line]:
        """Return the lines of a py-code at the columns where 0.10 put them (seen in long strings)."""
        lines = []
        while start < end:
            stop = self._text.find("\n", start, end)
            stop = end if stop < 0 else stop
            lines.append(self._source.part(start, stop))
            start = stop + 1
        if lines and lines[-1].is_blank:
            lines.pop()
        margin = min((line.indent for line in lines if not line.is_blank), default=0)
        margin -= margin % UNIT
        added = " " * (_METHOD_BODY + UNIT * self._level)
        return [
            line if line.is_blank else _shifted(line, added + line.text[margin:]) for line in lines
        ]

    def _if(self, start: int, tag: int, code: int) -> int:
        quote = scan.condition_end(self._source, code, self._end, tag)
        test = self._condition(code, quote, "py-if")
        own = self._is_own_tag(start, tag)
        inside, closer, after = self._element(start, tag, code, quote)
        body = self._inside(inside, closer)
        between = _BETWEEN.match(self._text, after, self._end)
        begin = between.end() if between else after
        opening = "<py-else>" if own else f"{scan.DIV} py-else>"
        otherwise: Sequence[Node] = []
        blocked = self._source.edge_after(after, begin + 1) >= 0
        if self._text.startswith(opening, begin, self._end) and not blocked:
            names = ("<py-else", "</py-else>") if own else (scan.DIV, scan.DIV_END)
            inside = begin + len(opening)
            shown = f"{self._text[code:quote]} else "
            closer = self._matching(inside, *names, begin, shown)
            otherwise = self._inside(inside, closer)
            after = closer + len(names[1])
        self.nodes.append(Branch(self._source.origin(code), test, body, otherwise))
        return after

    def _for(self, start: int, tag: int, code: int) -> int:
        quote = scan.condition_end(self._source, code, self._end, tag)
        middle = self._text.find(_IN, code, quote)
        if middle < 0:
            raise self._source.error(
                code,
                f"py-for string '{self._text[code:quote]}' is not correct",
                'write <py-for="NAME in ITEMS">, with a blank on each side of in',
            )
        targets = self._condition(code, middle, "py-for")
        items = self._condition(middle + len(_IN), quote, "py-for")
        inside, closer, after = self._element(start, tag, code, quote)
        body = self._inside(inside, closer, 1)
        origin = self._source.origin(code)
        self.nodes.append(Loop(origin, targets, items, body, self._loops))
        return after

    def _condition(self, start: int, end: int, word: str) -> Line:
        code = self._source.stripped(start, end)
        if not code.text:
            raise self._source.error(start, f"{word} has no code", f'write {word}="CODE"')
        return code

    def _element(self, start: int, tag: int, code: int, quote: int) -> tuple[int, int, int]:
        """Return where the inside of an if or for begins and ends, and where its element ends."""
        inside = quote + len('">')
        word = self._text[tag : code - len('="')]
        opener, ending = f"<{word}", f"</{word}>"
        begin = tag - 1
        if not self._is_own_tag(start, tag):
            opener, ending = scan.DIV, scan.DIV_END
            begin = scan.div_before(self._source, start, tag)
        self._literal(start, begin)
        closer = self._matching(inside, opener, ending, tag, self._text[code:quote])
        return inside, closer, closer + len(ending)

    def _debug(self, start: int, tag: int, code: int) -> int:
        quote = scan.closing_quote(self._source, code, self._end)
        after = scan.tag_end(self._source, quote, self._end, tag)
        begin = tag - 1
        if not self._is_own_tag(start, tag):
            begin = scan.div_before(self._source, start, tag)
            closer = self._matching(after, scan.DIV, scan.DIV_END, tag, self._text[code:quote])
            after = closer + len(scan.DIV_END)
        self._literal(start, begin)
        line = self._condition(code, quote, "py-debug")
        self.nodes.append(Debug(self._source.origin(code), line))
        return after

    def _no_words(self, start: int) -> None:
        """Refuse tag words in the text after the last tag: most often a quote is wrong there."""
        found = scan.STRAY_WORD.search(self._text, start, self._end)
        if found:
            raise self._source.error(
                found.start(),
                f"Tag '{found.group()}' should be followed by '=\"'",
                f'write <{found.group()}="..."> with double quotes; in text write the word '
                f"otherwise, such as {found.group().replace('-', '&#45;')}",
            )
        edges = [one for one in self._source.edges if start <= one <= self._end]
        found_else = self._text.find("py-else", max(edges, default=start), self._end)
        if found_else >= 0:
            raise self._source.error(
                found_else,
                "Tag 'py-else' found without corresponding 'py-if'",
                "only blanks and newlines may stand between </py-if> and <py-else>, or </div> and "
                "<div py-else>; both must have the same form",
            )


def _shifted(line: Line, text: str) -> Line:
    """Return `line` with other leading blanks, so that columns still are those of its code."""
    margin = len(line.original) - len(line.original.lstrip(STRIPPED))
    column = 0 if margin else -1
    return Line(text, Position(line.position.file, line.position.line, column), line.original)
