"""htmllib and formatter: a page of HTML to plain text."""

from __future__ import annotations

import sys
from typing import Any

from rawwfile.cpy.python2.modules.markup import ENTITIES, SGMLParser


class NullWriter:
    """A writer of nothing; also the root of the others."""

    def __init__(self, *_: Any) -> None: ...

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("send_", "new_")) or name == "flush":
            return lambda *_: None
        raise AttributeError(name)


class DumbWriter(NullWriter):
    """Writes text in lines of at most `maxcol` characters."""

    def __init__(self, file: Any = None, maxcol: int = 72) -> None:
        self.file, self.maxcol = file or sys.stdout, maxcol
        self.column, self.at_break = 0, 0

    def reset(self) -> None:
        self.column, self.at_break = 0, 0

    def _write(self, text: str, column: int) -> None:
        self.file.write(text)
        self.column, self.at_break = column, 0

    def send_paragraph(self, blankline: int) -> None:
        self._write("\n" * blankline, 0)

    def send_line_break(self) -> None:
        self._write("\n", 0)

    def send_hor_rule(self, *_: Any) -> None:
        self._write("\n" + "-" * self.maxcol + "\n", 0)

    def send_literal_data(self, data: str) -> None:
        last = data.rpartition("\n")[2].expandtabs()
        self._write(data, len(last) if "\n" in data else self.column + len(last))

    def send_flowing_data(self, data: str) -> None:
        if not data:
            return
        gap = self.at_break or data[0].isspace()
        column = self.column
        for word in data.split():
            if gap and column:
                column = 0 if column + len(word) >= self.maxcol else column + 1
                self.file.write(" " if column else "\n")
            self.file.write(word)
            column += len(word)
            gap = True
        self.column, self.at_break = column, int(data[-1].isspace())


class NullFormatter:
    """A formatter that does nothing."""

    def __init__(self, writer: Any = None) -> None:
        self.writer = writer or NullWriter()

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("add_", "push_", "pop_", "set_", "end_", "assert_", "flush_")):
            return lambda *_: None
        raise AttributeError(name)


class AbstractFormatter(NullFormatter):
    """Turns what a parser meets into calls of a writer: one line end, however many are asked for."""

    def __init__(self, writer: Any) -> None:
        super().__init__(writer)
        self.at_line_start = self.no_blank = True
        self.blank_lines, self.blank = 0, False

    def end_paragraph(self, blankline: int) -> None:
        if not self.at_line_start:
            self.writer.send_line_break()
            self.blank_lines = 0
        if self.blank_lines < blankline:
            self.writer.send_paragraph(blankline - self.blank_lines)
            self.blank_lines = blankline
        self._at_start()

    def _at_start(self) -> None:
        self.at_line_start = self.no_blank = True
        self.blank = False

    def add_line_break(self) -> None:
        if not self.at_line_start:
            self.writer.send_line_break()
            self.blank_lines = 0
        self._at_start()

    def add_hor_rule(self, *arguments: Any) -> None:
        if not self.at_line_start:
            self.writer.send_line_break()
        self.writer.send_hor_rule(*arguments)
        self._at_start()
        self.blank_lines = 0

    def add_flowing_data(self, data: str) -> None:
        if not data:
            return
        before, after = data[0].isspace(), data[-1].isspace()
        text = " ".join(data.split())
        if not text:
            self.blank = self.blank or not self.no_blank
            return
        if (before or self.blank) and not self.no_blank:
            text = " " + text
        self.at_line_start = self.no_blank = False
        self.blank_lines, self.blank = 0, after
        self.writer.send_flowing_data(text)

    def add_literal_data(self, data: str) -> None:
        if data:
            if self.blank:
                self.writer.send_flowing_data(" ")
            self.at_line_start = data[-1] == "\n"
            self.no_blank, self.blank, self.blank_lines = False, False, 0
            self.writer.send_literal_data(data)

    def add_label_data(self, label: Any, counter: int, blankline: Any = None) -> None:
        if not self.at_line_start:
            self.writer.send_line_break()
        self.writer.send_label_data(str(counter) if label == "1" else label)
        self._at_start()


class HTMLParser(SGMLParser):
    """htmllib.HTMLParser: tells a formatter what a page holds."""

    entitydefs = ENTITIES

    def __init__(self, formatter: Any, verbose: int = 0) -> None:
        self.formatter = formatter
        super().__init__(verbose)

    def reset(self) -> None:
        super().reset()
        self.savedata: Any = None
        self.nofill = 0
        self.title: Any = None
        self.base: Any = None
        self.anchor: Any = None
        self.anchorlist: list[str] = []
        self.list_stack: list[list[Any]] = []

    def handle_data(self, data: str) -> None:
        if self.savedata is not None:
            self.savedata += data
        elif self.nofill:
            self.formatter.add_literal_data(data)
        else:
            self.formatter.add_flowing_data(data)

    def save_bgn(self) -> None:
        self.savedata = ""

    def save_end(self) -> str:
        data, self.savedata = self.savedata or "", None
        return data if self.nofill else " ".join(data.split())

    def anchor_bgn(self, href: Any, name: Any, type: Any) -> None:
        self.anchor = href
        if href:
            self.anchorlist.append(href)

    def anchor_end(self) -> None:
        if self.anchor:
            self.handle_data(f"[{len(self.anchorlist)}]")
            self.anchor = None

    def start_title(self, attributes: Any) -> None:
        self.save_bgn()

    def end_title(self) -> None:
        self.title = self.save_end()

    def start_a(self, attributes: Any) -> None:
        found = dict(attributes)
        self.anchor_bgn(found.get("href", "").strip(), found.get("name", "").strip(), found.get("type", "").lower())

    def end_a(self) -> None:
        self.anchor_end()

    def do_base(self, attributes: Any) -> None:
        self.base = dict(attributes).get("href", self.base)

    def do_p(self, attributes: Any) -> None:
        self.formatter.end_paragraph(1)

    def do_br(self, attributes: Any) -> None:
        self.formatter.add_line_break()

    def do_hr(self, attributes: Any) -> None:
        self.formatter.add_hor_rule()

    def do_img(self, attributes: Any) -> None:
        found = dict(attributes)
        self.handle_image(found.get("src", ""), found.get("alt", "(image)"))

    def handle_image(self, src: str, alt: str, *_: Any) -> None:
        self.handle_data(alt)

    def start_pre(self, attributes: Any) -> None:
        self.formatter.end_paragraph(1)
        self.nofill += 1

    def end_pre(self) -> None:
        self.formatter.end_paragraph(1)
        self.nofill = max(0, self.nofill - 1)

    def start_ul(self, attributes: Any) -> None:
        self.formatter.end_paragraph(0 if self.list_stack else 1)
        self.list_stack.append(["ul", "*", 0])

    def end_ul(self) -> None:
        del self.list_stack[-1:]
        self.formatter.end_paragraph(0 if self.list_stack else 1)

    def start_ol(self, attributes: Any) -> None:
        self.formatter.end_paragraph(0 if self.list_stack else 1)
        self.list_stack.append(["ol", "1", 0])

    end_ol = end_ul
    start_dl = start_menu = start_dir = start_ul
    end_dl = end_menu = end_dir = end_ul

    def do_li(self, attributes: Any) -> None:
        self.formatter.end_paragraph(0)
        top: list[Any] = self.list_stack[-1] if self.list_stack else ["", "*", 0]
        top[2] += 1
        self.formatter.add_label_data(top[1], top[2])

    do_dt = do_dd = do_li


def _paragraph(self: Any, attributes: Any = None) -> None:
    self.formatter.end_paragraph(1)


def _nothing(self: Any, attributes: Any = None) -> None:
    """An element that leaves plain text as it is."""


for _tag in ("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "address"):
    setattr(HTMLParser, "start_" + _tag, _paragraph)
    setattr(HTMLParser, "end_" + _tag, _paragraph)
for _tag in ("html", "head", "body", "b", "i", "em", "strong", "tt", "code", "cite", "kbd", "samp", "var", "dfn"):
    setattr(HTMLParser, "start_" + _tag, _nothing)
    setattr(HTMLParser, "end_" + _tag, _nothing)

MODULES: dict[str, tuple[str, Any]] = {
    "htmllib": ("", lambda _: {"HTMLParser": HTMLParser, "HTMLParseError": ValueError}),
    "formatter": ("", lambda _: {"NullFormatter": NullFormatter, "AbstractFormatter": AbstractFormatter,
                                 "NullWriter": NullWriter, "DumbWriter": DumbWriter, "AbstractWriter": NullWriter}),
}  # fmt: skip
