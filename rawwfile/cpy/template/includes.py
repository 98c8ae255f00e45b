"""What happens to a mask before its tags are read: py-include goes in, py-debug may go out."""

from __future__ import annotations

from collections.abc import Callable

from rawwfile.cpy.source import Line, Position
from rawwfile.cpy.template import scan
from rawwfile.cpy.template.text import Include, SourceText, template_text

_INCLUDE = "py-include"
_DEBUG = 'py-debug="'
_LEVELS = 100


def expanded(source: SourceText, include: Callable[[str, Position], list[Line]]) -> SourceText:
    """Return the text with each py-include replaced by its template, also inside templates.

    include: returns the lines of the template named at a place, or raises CpyError. Raises
    CpyError for a template that includes itself, and for py-include in any other form.
    """
    at = source.text.find(_INCLUDE)
    while at >= 0:
        begin, after, name = _include_tag(source, at)
        place = source.part(at, at).position
        lines = include(name, place)
        coming = Include(place, lines[0].position.file if lines else name)
        chain = source.piece_at(at).chain
        files = [one.file for one in chain]
        if coming.file in files or len(files) >= _LEVELS:
            way = " -> ".join([*files[-5:], coming.file])
            raise source.error(
                at, f"Infinite loop in '{_INCLUDE}'", f"it never ends: {way}; take one out"
            )
        source = source.replaced(begin, after, template_text(lines, coming, chain))
        at = source.text.find(_INCLUDE, begin)
    return source


def _include_tag(source: SourceText, at: int) -> tuple[int, int, str]:
    """Return where the tag or element around the word at `at` begins and ends, and the name."""
    text, end = source.text, len(source.text)
    code = at + len(_INCLUDE) + 2
    if not text.startswith('="', code - 2):
        raise source.error(
            at,
            f"Tag '{_INCLUDE}' should be followed by '=\"'",
            'write <py-include="FILE">; in text write the word otherwise, such as py&#45;include',
        )
    quote = scan.closing_quote(source, code, end)
    after = scan.tag_end(source, quote, end, at)
    begin = element_begin(source, 0, at)
    if begin is None:
        raise source.error(
            at,
            f"'{_INCLUDE}' tag can be used either as '<py-include=\"...\">' "
            "or '<div py-include=\"...\">...</div>'",
            "with no other attribute, and one blank after div",
        )
    name = text[code:quote]
    if not name.strip():
        raise source.error(code, "py-include names no file", 'write <py-include="FILE">')
    if text[begin + 1] == "d":
        closer = scan.matching(source, after, end, scan.DIV, scan.DIV_END, tag=at, code=name)
        after = closer + len(scan.DIV_END)
    return begin, after, name


def element_begin(source: SourceText, start: int, tag: int) -> int | None:
    """Return where `<py-...` or exactly `<div py-...` begins, None for any other element."""
    for opening in ("<", scan.DIV + " "):
        if source.text.endswith(opening, start, tag):
            return tag - len(opening)
    return None


def without_debug(source: SourceText) -> SourceText:
    """Return the text with no py-debug, and no `<div py-debug>` with what is in it (spec 3.9)."""
    at = source.text.find(_DEBUG)
    while at >= 0:
        end = len(source.text)
        quote = scan.closing_quote(source, at + len(_DEBUG), end)
        after = scan.tag_end(source, quote, end, at)
        if source.text.endswith("<", 0, at):
            begin = at - 1
        else:
            begin = scan.div_before(source, 0, at)
            code = source.text[at + len(_DEBUG) : quote]
            closer = scan.matching(source, after, end, scan.DIV, scan.DIV_END, tag=at, code=code)
            after = closer + len(scan.DIV_END)
        source = source.replaced(begin, after)
        at = source.text.find(_DEBUG, begin)
    return source
