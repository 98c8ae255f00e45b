"""Where quotes, ends of tags and closing tags are in a template text (spec 3.2, 3.3).

The search is textual, as 0.10's was: a tag inside a comment or a script is a tag. Each function
looks at `source.text[start:end]` and raises CpyError, in 0.10's words, where nothing fits.
"""

from __future__ import annotations

import re

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.template.text import SourceText

TAG = re.compile(r'py-(eval|exec|code|attr|if|for|debug)="')
# A word at the very end of a part passes as text, as it did in 0.10.
STRAY_WORD = re.compile(r"py-(?:eval|exec|code|attr|if|for|debug)(?=.)", re.DOTALL)
DIV, DIV_END = "<div", "</div>"

_QUOTE = re.compile(r'(?<!\\)"')
_CONDITION_END = re.compile(r'(?<!\\)">')
_CODE_END = re.compile(r'"(?: ?/)?>')
_TAG_ENDS = ('">', '"/>', '" />')


def closing_quote(source: SourceText, start: int, end: int) -> int:
    """Return where the double quote is that ends the code from `start` on, on the same line."""
    return _on_this_line(source, start, end, _QUOTE, start)


def condition_end(source: SourceText, start: int, end: int, tag: int) -> int:
    """Return where the `">` is that ends a py-if or py-for: quotes alone may stand inside (Q08).

    tag: where the word begins, for the error.
    """
    return _on_this_line(source, start, end, _CONDITION_END, tag)


def _on_this_line(
    source: SourceText, start: int, end: int, pattern: re.Pattern[str], shown_from: int
) -> int:
    what = '"' if pattern is _QUOTE else '">'
    found = pattern.search(source.text, start, end)
    if found is None:
        raise _unclosed(source, shown_from, start, end, what)
    newline = source.text.find("\n", start, found.start())
    if newline >= 0:
        shown = source.text[shown_from:newline]
        raise source.error(
            start,
            f"No closing '{what}' for string '{shown} ...' before the end of the line",
            f"end the code with {what} on this line; for several lines of code write py-code",
        )
    return found.start()


def _unclosed(source: SourceText, shown_from: int, start: int, end: int, what: str) -> CpyError:
    return source.error(
        start,
        f"No closing '{what}' for string '{_shown(source, shown_from, end)} ...'",
        "end the code with a double quote that no backslash precedes, and the tag with >",
    )


def _shown(source: SourceText, start: int, end: int) -> str:
    return source.text[start : min(start + 20, end)].replace("\n", " ")


def tag_end(source: SourceText, quote: int, end: int, tag: int) -> int:
    """Return the offset behind the tag whose word is at `tag` and whose code ends at `quote`."""
    for ending in _TAG_ENDS:
        if source.text.startswith(ending, quote, end):
            return quote + len(ending)
    raise source.error(
        quote,
        f"No closing '\">' for string '{_shown(source, tag, end)} ...'",
        'end the tag with ">, "/> or " />: no other blank and no other attribute may follow',
    )


def code_end(source: SourceText, start: int, end: int) -> tuple[int, int]:
    """Return where the code of a py-code block that starts at `start` ends, and where its tag does."""
    found = _CODE_END.search(source.text, start, end)
    if found is None:
        raise _unclosed(source, start, start, end, '">')
    return found.start(), found.end()


def matching(
    source: SourceText, start: int, end: int, opener: str, closer: str, *, tag: int, code: str
) -> int:
    """Return where `closer` is that ends what was opened before `start`; nested ones are skipped.

    tag, code: where the word of the opening tag is and the code in it, for the error.
    """
    depth = 1
    for found in re.finditer(f"{re.escape(opener)}|{re.escape(closer)}", source.text[start:end]):
        depth += 1 if found.group() == opener else -1
        if not depth:
            return start + found.start()
    raise source.error(
        tag,
        f"No matching '{closer}' tag for '{opener} ... {code} ...'",
        f"write {closer} where this part ends; each '{opener}' in between needs one of its own",
    )


def div_before(source: SourceText, start: int, tag: int) -> int:
    """Return where the `<div` begins whose attribute the tag at `tag` is."""
    found = source.text.rfind(DIV, start, tag)
    if found < 0:
        word = source.text[tag : source.text.index("=", tag)]
        raise source.error(
            tag,
            f"'{word}' is an attribute of a tag that is not '<div'",
            f'write <{word}="..."> or <div {word}="...">; this one works in no other element',
        )
    return found
