"""The header lines inside a module: of a class, of a method, of an aspect (spec 1.4, 1.5, 2)."""

from __future__ import annotations

import re

from rawwfile.cpy.errors import CpyError
from rawwfile.cpy.source import STRIPPED, Line
from rawwfile.cpy.tree import Aspect, CherryClass, Method, without_blanks

CLASS_WORD = "CherryClass "
_CLASS_NAME = re.compile("[A-Z][a-zA-Z0-9_]*")
_FLAG = re.compile(r"(?<=[ \t)])(abstract|hidden|xmlrpc)[ \t]*$")
_DEF = re.compile(r"[ ]{4}def[ \t]+([A-Za-z_]\w*)[ \t]*\([ \t]*self[ \t]*(?:[,)]|$)", re.ASCII)
_ASPECT = re.compile(r"(.*[^ \t])[ \t]+(start|end)[ \t]*:$")
_SUFFIXES = re.compile(r"((?:[ \t]*\b(?:hidden|xmlrpc)\b)*)[ \t]*(:)")

# Strings and comments come first, so that a bracket or colon inside one is passed over.
_TOKEN = re.compile(
    r"""'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"
    |'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\#[^\n]*|[(\[{]|[)\]}]|,""",
    re.VERBOSE | re.DOTALL,
)


def class_from(line: Line) -> CherryClass:
    """Read a `CherryClass` line; flags may stand in any order. Raises CpyError."""
    line = line.trimmed()
    if not line.text.endswith(":"):
        raise CpyError.at(
            line,
            "CherryClass declaration line doesn't end with ':'",
            index=len(line.text),
            hint="end the line with ':' and put a comment on a line of its own",
        )
    text = line.text[:-1].rstrip(STRIPPED)
    flags = set()
    while (found := _FLAG.search(text, len(CLASS_WORD))) is not None:
        flags.add(found.group(1))
        text = text[: found.start()].rstrip(STRIPPED)
    bracket = text.find("(")
    if bracket >= 0 and not text.endswith(")"):
        raise CpyError.at(
            line,
            "CherryClass declaration doesn't end with ')'",
            index=len(text),
            hint="write CherryClass Name(Parent, Parent2) xmlrpc hidden abstract:",
        )
    name = without_blanks(text[len(CLASS_WORD) : bracket if bracket >= 0 else None])
    if not _CLASS_NAME.fullmatch(name):
        raise _bad_name(line, name)
    parents = () if bracket < 0 else tuple(_listed(line, bracket + 1, len(text) - 1))
    return CherryClass(
        name, line, parents, "abstract" in flags, "hidden" in flags, "xmlrpc" in flags
    )


def _bad_name(line: Line, name: str) -> CpyError:
    better = re.sub(r"\W", "_", name[:1].upper() + name[1:], flags=re.ASCII)
    hint = f"write {CLASS_WORD}{better}:" if _CLASS_NAME.fullmatch(better) else ""
    index = len(line.text) - len(line.text[len(CLASS_WORD) :].lstrip(" \t"))
    return CpyError.at(
        line,
        f"CherryClass '{name}' name is invalid.  Name must start with an upper case character "
        "and consist only of letters, numbers and underscores.",
        index=index,
        hint=hint,
    )


def _listed(line: Line, start: int, end: int) -> list[Line]:
    """Split `line.text[start:end]` at its outer commas into parts without blanks around them."""
    depth = 0
    cuts = [start]
    for token in _TOKEN.finditer(line.text, start, end):
        if token.group() in "([{":
            depth += 1
        elif token.group() in ")]}":
            depth -= 1
        elif token.group() == "," and not depth:
            cuts += [token.start(), token.end()]
    cuts.append(end)
    parts = []
    for first, last in zip(cuts[::2], cuts[1::2], strict=True):
        text = line.text[first:last]
        if text.strip(STRIPPED):
            first += len(text) - len(text.lstrip(STRIPPED))
            parts.append(line.part(first, last).trimmed())
    return parts


def check_def(line: Line, cherry_class: str) -> str:
    """Return the method name of a `def` line. Raises CpyError unless its first argument is self."""
    found = _DEF.match(line.text)
    if not found:
        shown = line.text.strip(STRIPPED)
        raise CpyError.at(
            line,
            f"Expected function definition 'def func(self ...' instead of '{shown}'",
            index=line.indent,
            hint=_self_hint(shown),
        ).within(cherry_class)
    return found.group(1)


def _self_hint(shown: str) -> str:
    found = re.match(r"def\s+(\w+)\s*\((.*)", shown)
    if not found:
        return "write def name(self):"
    rest = re.sub(r"^\s*self\s*=[^,)]*,?\s*", "", found.group(2))
    comma = "" if rest.startswith((")", "self")) or not rest else ", "
    return f"make self the first argument: def {found.group(1)}(self{comma}{rest}"


def method_from(kind: str, lines: list[Line], cherry_class: str) -> Method:
    """Read a method: its `def` line, with what continues it, and its body. Raises CpyError."""
    name = check_def(lines[0], cherry_class)
    head = lines[:1] if kind == "mask" else lines
    last, index = _end_of_arguments(kind, head, cherry_class)
    line = lines[last]
    rest = line.text[index:]
    hidden = xmlrpc = False
    if not rest.lstrip(" \t").startswith("->"):
        found = _SUFFIXES.match(rest)
        if not found:
            raise CpyError.at(
                line,
                f"Not a valid line: '{line.text.rstrip(STRIPPED)}'",
                index=index,
                hint="after the arguments only hidden or xmlrpc and then ':' may follow",
            ).within(cherry_class)
        words = found.group(1).split()
        hidden, xmlrpc = "hidden" in words, "xmlrpc" in words
        if words:
            _check_suffix(kind, words[0], line, index, cherry_class)
            blanks = " " * len(found.group(1))
            text = line.text[:index] + blanks + line.text[index + len(blanks) :]
            line = Line(text, line.position, line.original)
        rest = rest[found.end() :]
    body = lines[last + 1 :]
    _check_body(kind, line, rest, body, cherry_class)
    if kind == "mask":
        body = [one.part(8) for one in body]
    return Method(kind, name, (*lines[:last], line), tuple(body), hidden, xmlrpc)


def _end_of_arguments(kind: str, lines: list[Line], cherry_class: str) -> tuple[int, int]:
    """Return the line (as index) and the index in it just after the ')' of the argument list."""
    joined = "\n".join(line.text for line in lines)
    depth = 0
    for token in _TOKEN.finditer(joined):
        if token.group() in "([{":
            depth += 1
        elif token.group() in ")]}":
            depth -= 1
            if depth <= 0:
                before = joined[: token.end()].split("\n")
                return len(before) - 1, len(before[-1])
    one_line = "; the def of a mask must stand on one line" if kind == "mask" else ""
    raise CpyError.at(
        lines[0],
        "the '(' of this def is never closed",
        index=lines[0].text.index("("),
        hint=f"close the argument list with '):'{one_line}",
    ).within(cherry_class)


def _check_suffix(kind: str, word: str, line: Line, index: int, cherry_class: str) -> None:
    if kind == "function":
        raise CpyError.at(
            line,
            f"Only views and masks can be {word}",
            index=line.text.index(word, index),
            hint=f"functions are never reachable by URL: take '{word}' away, or move the method "
            "into a view: section",
        ).within(cherry_class)


def _check_body(kind: str, line: Line, rest: str, body: list[Line], cherry_class: str) -> None:
    rest = rest.strip(STRIPPED)
    empty = not rest or rest.startswith("#")
    if kind == "mask" and not empty:
        raise CpyError.at(
            line,
            "the text of a mask cannot stand on its def line",
            index=line.text.rindex(rest),
            hint="put it on the lines below, indented by 8 columns",
        ).within(cherry_class)
    if kind != "mask" and empty and not body and not line.text.strip().startswith("->"):
        raise CpyError.at(
            line,
            f"this {kind} has no body",
            index=len(line.text),
            hint="write pass below it, indented by 8 columns, when nothing is to be done",
        ).within(cherry_class)


def aspect_from(line: Line, body: list[Line]) -> Aspect:
    """Read an aspect header, `condition start:` or `condition end:`. Raises CpyError."""
    text = line.text.rstrip(STRIPPED)
    found = _ASPECT.match(text)
    if not found:
        raise CpyError.at(
            line,
            f"Wrong aspect header: '{text.strip(STRIPPED)}'",
            index=line.indent,
            hint="write (condition) start: or (condition) end:, and '* start:' for every method",
        )
    return Aspect(line.part(line.indent, found.end(1)), found.group(2), tuple(body))
